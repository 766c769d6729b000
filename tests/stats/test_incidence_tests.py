"""Tests of equal incidence against CAMIS, R's cmprsk and each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimstats.stats.comparison import log_rank
from claimstats.stats.incidence_tests import gray_test, known_censoring_test

# Every row: time, cause, group, count.
claims = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 2), st.integers(0, 3), st.integers(1, 4)),
    min_size=1,
    max_size=30,
)


def columns(rows):
    return np.array(rows, dtype=int).reshape(-1, 4).T


def with_cut_off(rows):
    """All filed 12 before the cut-off, or when they were last seen open."""
    time, cause, group, count = columns(rows)
    return time, cause, group, np.where(cause == 0, time, 12), count


# Published and stored


@pytest.mark.parametrize(
    ("cause", "statistic", "p_value"), [(1, 11.922882, 0.0025762), (2, 0.1374108, 0.9336017)]
)
def test_relapse_and_death_by_disease_equal_camis(dataset, cause, statistic, p_value):
    """CAMIS, survival_cif: SAS PROC LIFETEST and R's cmprsk agree, 2 degrees of freedom."""
    data = dataset("bmt")
    found = gray_test(data["days"], data["cause"], data["disease"], cause=cause)
    assert found.statistic == pytest.approx(statistic, abs=1e-6)
    assert found.p_value == pytest.approx(p_value, abs=1e-7)
    assert found.degrees_of_freedom == 2


@pytest.mark.parametrize("case", ["bmt", "grouped", "few"])
@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("stratified", [False, True])
def test_statistic_equals_cmprsk(from_r, case, cause, stratified):
    """R: cuminc(), ties and strata included, in comparison.R."""
    stored = from_r("comparison")["tests"][case]
    times, causes, groups, counts, strata = stored["given"].values()
    within = {"strata": strata} if stratified else {}
    found = gray_test(times, causes, groups, counts, cause, **within)
    expected = stored["stratified_gray" if stratified else "gray"][str(cause)][0]
    assert found.statistic == pytest.approx(expected, rel=1e-9)


# What the tests see


def test_denials_taken_for_censored_show_a_difference_that_the_incidences_do_not_have():
    """Half of each group is approved at one pace; only the denials come sooner in one."""
    rng = np.random.default_rng(9)
    n = 4000
    group, approved = np.repeat([0, 1], n), rng.random(2 * n) < 0.5
    denied_after = rng.exponential(np.where(group == 0, 2, 40))
    ends = np.where(approved, rng.exponential(10, 2 * n), denied_after)
    followed = rng.uniform(0, 60, 2 * n)
    cause = np.where(ends > followed, 0, np.where(approved, 1, 2))
    times = np.minimum(ends, followed)
    assert log_rank(times, cause == 1, group).p_value < 1e-6
    assert gray_test(times, cause, group).p_value > 0.05
    assert known_censoring_test(times, cause, group, followed).p_value > 0.05


def test_both_tests_agree_where_many_claims_are_followed():
    rng = np.random.default_rng(10)
    n = 3000
    group = rng.integers(0, 3, n)
    approved = rng.random(n) < 0.35 + 0.06 * group
    ends, followed = rng.exponential(10, n), rng.uniform(0, 60, n)
    cause = np.where(ends > followed, 0, np.where(approved, 1, 2))
    times = np.minimum(ends, followed)
    gray = gray_test(times, cause, group)
    known = known_censoring_test(times, cause, group, followed)
    assert known.p_value < 1e-3
    assert gray.statistic == pytest.approx(known.statistic, rel=0.2)


def test_a_competing_end_is_at_risk_until_its_cut_off():
    found = known_censoring_test([2, 1, 5, 9], [1, 2, 1, 0], list("aabb"), [9, 4, 9, 9])
    expected = log_rank([2, 4, 5, 9], [1, 0, 1, 0], list("aabb"))
    np.testing.assert_equal(vars(found), vars(expected))


# Edges


@pytest.mark.parametrize(
    "rows",
    [[], [(3, 1, 0, 9), (4, 2, 0, 1)], [(3, 0, 0, 2), (4, 0, 1, 2)], [(3, 2, 0, 2), (4, 2, 1, 2)]],
    ids=["no claims", "one group", "all open", "another cause only"],
)
def test_where_nothing_compares_the_groups_there_is_no_statistic(rows):
    for found in (gray_test(*columns(rows)), known_censoring_test(*with_cut_off(rows))):
        assert found.degrees_of_freedom == 0
        assert np.isnan([found.statistic, found.p_value]).all()


def test_a_group_never_at_risk_beside_an_end_takes_no_degree_of_freedom():
    """cmprsk gives -1, its sign for a singular variance, where the other groups can be compared."""
    found = gray_test([3, 5, 4, 6, 2, 1], [1, 1, 1, 0, 2, 0], list("aabbbc"))
    without = gray_test([3, 5, 4, 6, 2], [1, 1, 1, 0, 2], list("aabbb"))
    assert found.degrees_of_freedom == without.degrees_of_freedom == 1
    assert found.statistic == pytest.approx(without.statistic)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: gray_test([1], [1], [0], cause=0), "cause must be at least 1"),
        (lambda: known_censoring_test([1], [1], [0], [2], cause=0), "cause must be at least 1"),
        (lambda: gray_test([1], [-1], [0]), "causes must not be negative"),
        (lambda: gray_test([1, 2], [1, 1], [0]), r"same shape; .*groups \(1,\)"),
        (lambda: gray_test([-1, 2], [1, 1], [0, 1]), "times must not be negative; found -1"),
        (
            lambda: known_censoring_test([1, 7], [1, 2], [0, 1], [2, 5]),
            "censoring must not lie before times; found an end at 7 of a claim followed until 5",
        ),
        (lambda: known_censoring_test([1, 7], [1, 2], [0, 1], [8]), "same shape"),
    ],
)
def test_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


# Invariances


@given(claims)
def test_without_competing_ends_the_known_censoring_is_the_log_rank_test(rows):
    time, cause, group, _, count = with_cut_off(rows)
    only = cause == 1
    found = known_censoring_test(time, only, group, np.full(time.size, 20), count)
    np.testing.assert_equal(vars(found), vars(log_rank(time, only, group, count)))


@given(claims)
def test_grouped_equals_written_out(rows):
    written_out = [np.repeat(column, columns(rows)[3]) for column in columns(rows)[:3]]
    found, expected = gray_test(*columns(rows)), gray_test(*written_out)
    np.testing.assert_allclose(found.statistic, expected.statistic, 1e-7, 1e-7)


@given(claims, st.randoms())
def test_order_of_rows_and_names_of_groups_do_not_matter(rows, random):
    time, cause, group, count = columns(random.sample(rows, len(rows)))
    found = gray_test(time, cause, np.array(["d", "a", "c", "b"])[group], count)
    expected = gray_test(*columns(rows))
    assert found.degrees_of_freedom == expected.degrees_of_freedom
    np.testing.assert_allclose(found.statistic, expected.statistic, 1e-7, 1e-7)


@given(claims)
def test_the_order_of_times_alone_matters(rows):
    time, cause, group, count = columns(rows)
    found = gray_test(time**3 / 24, cause, group, count)
    np.testing.assert_equal(vars(found), vars(gray_test(time, cause, group, count)))


@given(claims)
def test_observed_equals_expected_in_all(rows):
    for found in (gray_test(*columns(rows)), known_censoring_test(*with_cut_off(rows))):
        assert found.expected.sum() == pytest.approx(found.observed.sum())


@given(claims)
def test_no_counts_cause_a_warning(rows):
    with np.errstate(all="raise", under="ignore"):
        gray_test(*columns(rows))
        known_censoring_test(*with_cut_off(rows))
