"""Log-rank tests against textbooks, R and statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import survdiff

from claimstats.stats.comparison import log_rank, log_rank_trend

# Every row: time, ended, group, count.
claims = st.lists(
    st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 3), st.integers(1, 4)),
    min_size=1,
    max_size=30,
)


def columns(rows):
    return np.array(rows, dtype=int).reshape(-1, 4).T


# Published and stored


def test_remission_under_6mp_differs_as_in_the_textbook(dataset):
    """Freireich (1963); Kleinbaum and Klein, Survival Analysis, chapter 2: chi-squared 16.79."""
    data = dataset("freireich")
    found = log_rank(data["weeks"], data["relapsed"], data["treated"])
    assert found.statistic == pytest.approx(16.79294099, abs=1e-7)
    assert found.observed.tolist() == [21, 9]
    assert found.expected == pytest.approx([10.75, 19.25], abs=5e-3)
    assert found.degrees_of_freedom == 1


def test_survival_of_men_and_women_differs_as_r_says(dataset):
    """R: survdiff(Surv(time, status) ~ sex, lung), 10.3 in its help page."""
    data = dataset("lung")
    found = log_rank(data["days"], data["died"], data["sex"])
    assert found.statistic == pytest.approx(10.32674195, abs=1e-7)
    assert found.p_value == pytest.approx(0.0013112, abs=1e-7)


@pytest.mark.parametrize("case", ["bmt", "grouped", "few"])
@pytest.mark.parametrize("stratified", [False, True])
def test_statistic_expected_ends_and_trend_equal_r(from_r, case, stratified):
    """R: survdiff, with its strata, in comparison.R; the trend from its obs, exp and var."""
    stored = from_r("comparison")["tests"][case]
    times, causes, groups, counts, strata = stored["given"].values()
    within = {"strata": strata} if stratified else {}
    found = log_rank(times, causes > 0, groups, counts, **within)
    expected = stored["stratified_log_rank" if stratified else "log_rank"]
    assert found.statistic == pytest.approx(expected["statistic"][0], rel=1e-9)
    assert found.expected == pytest.approx(expected["expected"], rel=1e-9)
    trend = log_rank_trend(times, causes > 0, groups, counts, **within)
    assert trend.z == pytest.approx(expected["trend"][0], rel=1e-9)


def test_statistic_with_late_entries_equals_r(from_r):
    """R: the score test of coxph(Surv(entry, time, ended) ~ group) without ties."""
    stored = from_r("comparison")["late_log_rank"]
    entries, times, events, groups = stored["given"].values()
    found = log_rank(times, events, groups, entries=entries)
    assert found.statistic == pytest.approx(stored["statistic"][0], rel=1e-9)


@given(claims)
def test_statistic_equals_statsmodels(rows):
    time, ended, group, count = columns(rows)
    found = log_rank(time, ended, group, count)
    assume(found.degrees_of_freedom == np.unique(group).size - 1 > 0)
    written_out = [np.repeat(column, count) for column in (time, ended, group)]
    statistic, p_value = survdiff(*written_out)
    assert found.statistic == pytest.approx(statistic, rel=1e-9, abs=1e-9)
    assert found.p_value == pytest.approx(p_value, rel=1e-9, abs=1e-12)


# Edges


@pytest.mark.parametrize(
    "rows",
    [[], [(3, 1, 0, 9)], [(3, 0, 0, 2), (4, 0, 1, 2)], [(3, 1, 0, 2), (3, 1, 1, 2)]],
    ids=["no claims", "one group", "all open", "all at once"],
)
def test_where_nothing_compares_the_groups_there_is_no_statistic(rows):
    time, ended, group, count = columns(rows)
    found, trend = log_rank(time, ended, group, count), log_rank_trend(time, ended, group, count)
    assert found.degrees_of_freedom == 0
    assert np.isnan([found.statistic, found.p_value, trend.z, trend.p_value]).all()


def test_a_group_never_at_risk_beside_an_end_takes_no_degree_of_freedom():
    with_third = log_rank([3, 5, 4, 6, 1], [1, 1, 1, 0, 0], list("aabbc"))
    without = log_rank([3, 5, 4, 6], [1, 1, 1, 0], list("aabb"))
    assert with_third.groups.tolist() == ["a", "b", "c"]
    assert (with_third.observed[2], with_third.expected[2]) == (0, 0)
    assert with_third.degrees_of_freedom == without.degrees_of_freedom == 1
    assert with_third.statistic == pytest.approx(without.statistic)


def test_strata_that_share_no_group_compare_within_each():
    """Two pairs of groups, never at risk together: two degrees of freedom, not three."""
    times, events = [1, 2, 3, 4, 1, 3, 5, 2], [1, 1, 1, 0, 1, 1, 0, 1]
    pairs = [
        log_rank(times[half], events[half], groups)
        for half, groups in ((slice(4), list("abab")), (slice(4, 8), list("cdcd")))
    ]
    found = log_rank(times, events, list("ababcdcd"), strata=[0] * 4 + [1] * 4)
    assert found.degrees_of_freedom == 2
    assert found.statistic == pytest.approx(sum(pair.statistic for pair in pairs))


def test_rows_that_stand_for_no_claim_make_no_group():
    found = log_rank([1, 2, 3, 9], [1, 1, 0, 1], list("abac"), [2, 3, 4, 0])
    assert found.groups.tolist() == ["a", "b"]
    assert found.n.tolist() == [6, 3]


def test_z_is_above_0_where_high_scores_end_faster():
    scores = np.array([0, 0, 1, 1, 2, 2])
    assert log_rank_trend(9 - scores, np.ones(6), scores).z > 0
    assert log_rank_trend(1 + scores, np.ones(6), scores).z < 0


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: log_rank([1, 2], [1, 2], [0, 1]), "events must be true or false; found 2"),
        (lambda: log_rank([1, 2], [1, 1], [0]), r"same shape; .*groups \(1,\)"),
        (lambda: log_rank([1, 2], [1, 1], [0, 1], strata=[0]), r"same shape; .*strata \(1,\)"),
        (lambda: log_rank([1, -2], [1, 1], [0, 1]), "times must not be negative; found -2"),
        (lambda: log_rank([1, 2], [1, 1], [0, 1], [1, 0.5]), "counts must be whole numbers"),
        (lambda: log_rank([1, 2], [1, 1], [0, 1], entries=[0, 2]), "entries must lie before times"),
        (lambda: log_rank_trend([1, 2], [1, 1], [0, math.nan]), "scores must be finite"),
    ],
)
def test_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


# Invariances


@given(claims, st.randoms())
def test_order_of_rows_and_names_of_groups_do_not_matter(rows, random):
    time, ended, group, count = columns(random.sample(rows, len(rows)))
    found = log_rank(time, ended, np.array(["d", "a", "c", "b"])[group], count)
    expected = log_rank(*columns(rows))
    assert found.degrees_of_freedom == expected.degrees_of_freedom
    np.testing.assert_allclose(found.statistic, expected.statistic, 1e-9, 1e-9)


@given(claims)
def test_grouped_equals_written_out(rows):
    time, ended, group, count = columns(rows)
    found = log_rank(time, ended, group, count)
    expected = log_rank(*(np.repeat(column, count) for column in (time, ended, group)))
    np.testing.assert_allclose(found.statistic, expected.statistic, 1e-9, 1e-9)


@given(claims)
def test_the_order_of_times_alone_matters(rows):
    time, ended, group, count = columns(rows)
    found = log_rank(time**3 / 24, ended, group, count)
    np.testing.assert_allclose(found.statistic, log_rank(*columns(rows)).statistic, 1e-9, 1e-9)


@given(claims)
def test_one_stratum_is_none_and_observed_equals_expected_in_all(rows):
    time, ended, group, count = columns(rows)
    found = log_rank(time, ended, group, count, strata=["all"] * time.size)
    np.testing.assert_equal(vars(found), vars(log_rank(time, ended, group, count)))
    assert found.expected.sum() == pytest.approx(found.observed.sum())


@given(claims, st.floats(-50, 50), st.floats(0.1, 50))
def test_shifted_and_stretched_scores_give_the_same_trend(rows, shift, stretch):
    time, ended, score, count = columns(rows)
    found = log_rank_trend(time, ended, shift + stretch * score, count)
    np.testing.assert_allclose(found.z, log_rank_trend(*columns(rows)).z, 1e-7, 1e-7)


@given(claims)
def test_with_two_groups_the_trend_squared_is_the_statistic(rows):
    time, ended, group, count = columns(rows)
    both = log_rank(time, ended, group > 1, count)
    trend = log_rank_trend(time, ended, group > 1, count)
    np.testing.assert_allclose(trend.z**2, both.statistic, 1e-9, 1e-9)
    np.testing.assert_allclose(trend.p_value, both.p_value, 1e-9, 1e-12)


@given(claims)
def test_no_counts_cause_a_warning(rows):
    with np.errstate(all="raise", under="ignore"):
        log_rank(*columns(rows))
        log_rank_trend(*columns(rows))
