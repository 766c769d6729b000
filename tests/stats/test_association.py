"""Cramer's V against the arthritis trial, R and scipy."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, ncx2
from scipy.stats.contingency import association

from claimstats.stats.association import cramers_v

rows = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.integers(0, 9)), max_size=14
)


def columns(some):
    return [list(column) for column in zip(*some, strict=True)] if some else [[], [], []]


def of_table(table, **options):
    places = np.indices(np.shape(table)).reshape(2, -1)
    return cramers_v(*places, np.ravel(table), **options)


def numbers(found):
    return np.array(astuple(found), dtype=float)


# Koch & Edwards (1988), as Arthritis in R's vcd: placebo and treated; none, some, marked.
ARTHRITIS = [[29, 7, 7], [13, 7, 21]]


def test_arthritis_equals_the_published_values():
    """R: vcd::assocstats(Arthritis), V 0.394 and chi-squared 13.055."""
    found = of_table(ARTHRITIS)
    assert found.raw == pytest.approx(0.394, abs=5.1e-4)
    assert found.chi_squared == pytest.approx(13.055, abs=6e-4)
    assert found.value == pytest.approx(0.364585, abs=1e-6)
    assert (found.n, found.degrees_of_freedom) == (84, 2)


def test_admissions_equal_the_published_phi(dataset):
    """Bickel et al. (1975) over all departments: R: vcd::assocstats, phi 0.143."""
    ucb = dataset("ucb_admissions")
    men, of_men = ucb["men_admitted"].sum(), ucb["men"].sum()
    women, of_women = ucb["women_admitted"].sum(), ucb["women"].sum()
    found = of_table([[men, of_men - men], [women, of_women - women]])
    assert found.raw == pytest.approx(0.143, abs=5.1e-4)
    assert found.chi_squared == pytest.approx(92.205, abs=6e-4)


@pytest.mark.parametrize("case", ["arthritis", "two_by_two", "four_by_three"])
def test_value_and_test_equal_r(from_r, case):
    """R: chisq.test(correct = FALSE), and Bergsma's formulas on its statistic, in association.R."""
    stored = from_r("association")[case]
    found = cramers_v(stored["x"], stored["y"], stored["counts"])
    assert [found.value, found.raw, found.chi_squared, found.p_value] == pytest.approx(
        stored["value"], rel=1e-9
    )


@given(rows)
def test_raw_value_and_test_equal_scipy(some):
    x, y, counts = columns(some)
    table = np.zeros((4, 3))
    np.add.at(table, (["abcd".index(a) for a in x], ["xyz".index(b) for b in y]), counts)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    assume(min(table.shape) > 1)
    found, test = cramers_v(x, y, counts), chi2_contingency(table, correction=False)
    assert found.chi_squared == pytest.approx(test.statistic, rel=1e-9, abs=1e-9)
    assert found.p_value == pytest.approx(test.pvalue, rel=1e-9)
    assert found.raw == pytest.approx(association(table.astype(int)), rel=1e-9, abs=1e-6)


def test_limits_make_the_statistic_a_quantile_of_the_noncentral_chi_squared():
    """With equal corners the delta method finds no larger error, so nothing is moved."""
    found = of_table([[30, 20], [20, 30]], level=0.9)
    for limit, share in ((found.lower, 0.95), (found.upper, 0.05)):
        assert ncx2.cdf(found.chi_squared, 1, 100 * limit**2) == pytest.approx(share, abs=1e-9)


def test_limits_of_one_small_corner_have_the_delta_methods_error():
    """Both distances from the estimate grow by the ratio of the errors."""
    table = np.array([[10.0, 4], [20, 166]])
    n, phi = table.sum(), of_table(table).raw
    found, share = of_table(table), table / table.sum()

    def mean_square(p):
        expected = np.outer(p.sum(axis=1), p.sum(axis=0))
        return (p**2 / expected).sum() - 1

    slopes = np.empty((2, 2))
    for cell in np.ndindex(2, 2):
        step = np.zeros((2, 2))
        step[cell] = 1e-6
        slopes[cell] = (mean_square(share + step) - mean_square(share - step)) / 2e-6
    error = math.sqrt((share * slopes**2).sum() - (share * slopes).sum() ** 2)
    stretch = error / (2 * phi)
    assert stretch > 1
    centre = math.sqrt(phi**2 - 1 / (n - 1))
    shortest = ncx2.cdf(found.chi_squared, 1, n * (centre + (found.upper - centre) / stretch) ** 2)
    assert shortest == pytest.approx(0.025, abs=1e-6)


@pytest.mark.parametrize("table", [[[]], [[5]], [[5, 3]], [[5], [3]], [[5, 3], [0, 0]]])
def test_a_column_with_fewer_than_two_values_has_no_v(table):
    found = of_table(np.array(table, dtype=int))
    assert np.isnan([found.value, found.lower, found.upper, found.raw, found.p_value]).all()
    assert found.n == int(np.sum(table))


def test_claims_that_each_have_a_value_of_their_own_tell_nothing():
    found = cramers_v(["a", "b", "c"], ["x", "y", "z"])
    assert math.isnan(found.value)
    assert found.raw == 1


def test_values_that_always_agree_have_a_v_of_one():
    found = of_table([[12, 0], [0, 30]])
    assert (found.value, found.raw, found.upper) == pytest.approx((1, 1, 1))
    assert found.lower > 0.5


def test_an_even_table_has_a_v_of_zero_that_is_not_certain():
    found = of_table([[10, 10], [10, 10]])
    assert (found.value, found.raw, found.lower) == (0, 0, 0)
    assert 0.2 < found.upper < 0.5


def test_forty_carriers_without_effect_show_nothing():
    """The raw V of 40 carriers and 400 claims is near 0.3 where the truth is 0."""
    rng = np.random.default_rng(12)
    found = [of_table(rng.multinomial(400, np.full(80, 1 / 80)).reshape(40, 2)) for _ in range(300)]
    assert np.mean([each.raw for each in found]) > 0.28
    assert np.mean([each.value for each in found]) < 0.1


@given(rows)
def test_value_lies_between_its_limits(some):
    with np.errstate(all="raise"):
        found = cramers_v(*columns(some))
    assume(not math.isnan(found.value))
    assert 0 <= found.lower <= found.upper <= 1
    assert found.lower <= found.value + 1e-9
    assert found.value <= found.raw + 1e-9


@given(rows)
def test_v_of_grouped_counts_equals_v_of_rows_written_out(some):
    x, y, counts = columns(some)
    once = [np.repeat(side, counts) for side in (x, y)]
    np.testing.assert_allclose(numbers(cramers_v(x, y, counts)), numbers(cramers_v(*once)), 1e-9)


@given(rows, st.randoms())
def test_v_asks_neither_for_order_nor_for_sides(some, random):
    found = numbers(cramers_v(*columns(some)))
    x, y, counts = columns(random.sample(some, len(some)))
    np.testing.assert_allclose(numbers(cramers_v(x, y, counts)), found, 1e-7, 1e-9)
    np.testing.assert_allclose(numbers(cramers_v(y, x, counts)), found, 1e-7, 1e-9)


@pytest.mark.parametrize(
    "table",
    [[[0.2, 0.05, 0.05], [0.05, 0.2, 0.1], [0.1, 0.05, 0.2]], [[0.3, 0.2], [0.2, 0.3]]],
    ids=["three by three", "two by two"],
)
def test_limits_cover_the_truth_at_their_level(table):
    rng, share = np.random.default_rng(13), np.array(table)
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    truth = math.sqrt(((share**2 / expected).sum() - 1) / (len(share) - 1))
    found = [of_table(k.reshape(share.shape)) for k in rng.multinomial(500, share.ravel(), 2000)]
    assert 0.93 < np.mean([each.lower <= truth <= each.upper for each in found]) < 0.97


def test_limits_of_one_small_corner_cover_the_truth_where_smithsons_do_not():
    """The noncentral chi-squared alone covers this truth in 86 of 100 draws."""
    rng, share = np.random.default_rng(14), np.array([[0.05, 0.02], [0.1, 0.83]])
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    truth = math.sqrt((share**2 / expected).sum() - 1)
    found = [of_table(k.reshape(2, 2)) for k in rng.multinomial(300, share.ravel(), 2000)]
    assert 0.93 < np.mean([each.lower <= truth <= each.upper for each in found]) < 0.97
