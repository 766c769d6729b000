"""Cochran and Armitage's trend against R, statsmodels and the two-by-two table."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import Table

from claimstats.stats.trend import cochran_armitage

share = st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
doses = st.lists(st.tuples(st.integers(-3, 6), share), max_size=8)
full = st.lists(
    st.tuples(st.integers(1, 30), st.integers(1, 30)).map(lambda t: (t[0], sum(t))),
    min_size=3,
    max_size=6,
)


def columns(rows):
    return [np.array(side) for side in zip(*((x, k, n) for x, (k, n) in rows), strict=True)]


def of(rows):
    return cochran_armitage(*columns(rows)) if rows else cochran_armitage([], [], [])


def numbers(found):
    return np.array(astuple(found), dtype=float)


def test_smokers_equal_the_published_trend():
    """Fleiss (1981), p. 139, as in R's ?prop.trend.test: 8.2249 with p 0.004132."""
    found = cochran_armitage([1, 2, 3, 4], [83, 90, 129, 70], [86, 93, 136, 82])
    assert found.z**2 == pytest.approx(8.2249, abs=5e-5)
    assert found.p_value == pytest.approx(0.004132, abs=5e-7)


@pytest.mark.parametrize("case", ["smokers", "uneven"])
def test_trend_and_departure_equal_r(from_r, case):
    """R: prop.trend.test, and prop.test less it, in trend.R."""
    stored = from_r("trend")[case]
    found = cochran_armitage(stored["doses"], stored["successes"], stored["trials"])
    assert found.z**2 == pytest.approx(stored["chi_squared"][0], rel=1e-9)
    assert found.p_value == pytest.approx(stored["p_value"][0], rel=1e-9)
    assert found.departure == pytest.approx(stored["departure"][0], rel=1e-9)
    assert found.departure_p_value == pytest.approx(stored["departure_p_value"][0], rel=1e-9)


@given(full)
def test_slope_and_limits_equal_statsmodels(rows):
    """Least squares on the claims written out, with HC1 errors."""
    k, n = np.array(rows).T
    x = np.arange(k.size) ** 2
    found = cochran_armitage(x, k, n)
    written_out = np.repeat(np.concatenate([x, x]), np.concatenate([k, n - k]))
    outcome = np.repeat([1.0, 0.0], [k.sum(), (n - k).sum()])
    fit = sm.OLS(outcome, sm.add_constant(written_out)).fit(cov_type="HC1")
    assert found.slope == pytest.approx(fit.params[1], abs=1e-9)
    assert (found.lower, found.upper) == pytest.approx(tuple(fit.conf_int()[1]), abs=1e-9)


@given(full)
def test_statistic_equals_statsmodels(rows):
    k, n = np.array(rows).T
    found = cochran_armitage(np.arange(k.size), k, n)
    table = Table(np.column_stack([n - k, k]), shift_zeros=False)
    ordinal = table.test_ordinal_association(np.arange(k.size), np.array([0, 1]))
    # Its variance has n - 1 in place of n.
    total = n.sum()
    assert found.z == pytest.approx(ordinal.zscore * math.sqrt(total / (total - 1)), abs=1e-9)


def test_two_doses_are_the_two_by_two_table():
    found = cochran_armitage([0, 1], [12, 24], [40, 45])
    pooled = 36 / 85
    assert found.slope == pytest.approx(24 / 45 - 0.3)
    error = math.sqrt(pooled * (1 - pooled) * (1 / 40 + 1 / 45))
    assert found.z == pytest.approx(found.slope / error)
    assert found.departure == pytest.approx(0, abs=1e-12)
    assert math.isnan(found.departure_p_value)


def test_a_share_that_rises_and_falls_departs_from_the_line():
    found = cochran_armitage([0, 1, 2], [10, 30, 10], [40, 40, 40])
    assert (found.slope, found.p_value) == (pytest.approx(0), pytest.approx(1))
    assert found.departure_p_value < 1e-5


@pytest.mark.parametrize(
    "rows",
    [[], [(1, (0, 0))], [(1, (3, 9))], [(1, (3, 9)), (2, (0, 0))], [(1, (3, 3)), (2, (5, 5))]],
)
def test_without_two_doses_and_both_outcomes_there_is_no_trend(rows):
    found = of(rows)
    assert np.isnan([found.slope, found.lower, found.z, found.p_value, found.departure]).all()
    assert found.n == sum(n for _, (_, n) in rows)


def test_a_line_that_meets_every_claim_has_no_limits():
    found = cochran_armitage([0, 1], [0, 9], [8, 9])
    assert (found.slope, math.isnan(found.lower)) == (1, True)
    assert found.p_value < 1e-4


@given(doses)
def test_any_doses_give_no_warning_and_a_slope_within_its_limits(rows):
    with np.errstate(all="raise", under="ignore"):
        found = of(rows)
    assume(not math.isnan(found.lower))
    assert found.lower <= found.slope <= found.upper


@given(doses, st.randoms())
def test_neither_order_nor_splitting_of_doses_matters(rows, random):
    split = [(x, (k, k)) for x, (k, _) in rows] + [(x, (0, n - k)) for x, (k, n) in rows]
    again = of(random.sample(split, len(split)))
    np.testing.assert_allclose(numbers(again), numbers(of(rows)), 1e-7, 1e-7)


@given(full)
def test_the_unit_of_the_dose_scales_the_slope_alone(rows):
    k, n = np.array(rows).T
    x = np.arange(k.size)
    found, scaled = cochran_armitage(x, k, n), cochran_armitage(100 + 24 * x, k, n)
    assert scaled.z == pytest.approx(found.z, abs=1e-7)
    assert 24 * scaled.slope == pytest.approx(found.slope, abs=1e-9)
    assert 24 * scaled.upper == pytest.approx(found.upper, abs=1e-9)


@given(full)
def test_doubled_counts_double_the_squared_statistic(rows):
    k, n = np.array(rows).T
    found = cochran_armitage(np.arange(k.size), k, n)
    doubled = cochran_armitage(np.arange(k.size), 2 * k, 2 * n)
    assert doubled.slope == pytest.approx(found.slope, abs=1e-12)
    assert doubled.z == pytest.approx(math.sqrt(2) * found.z, abs=1e-9)


def test_limits_cover_the_truth_and_the_test_keeps_its_level():
    rng, n = np.random.default_rng(23), np.array([50, 40, 30, 20])
    rising = [
        cochran_armitage(range(4), k, n) for k in rng.binomial(n, [0.2, 0.35, 0.5, 0.65], (2000, 4))
    ]
    assert 0.93 < np.mean([each.lower <= 0.15 <= each.upper for each in rising]) < 0.97
    flat = [cochran_armitage(range(4), k, n).p_value for k in rng.binomial(n, 0.4, (2000, 4))]
    assert 0.03 < np.mean(np.array(flat) < 0.05) < 0.07
