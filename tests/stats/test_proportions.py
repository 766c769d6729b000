"""Intervals of shares against Newcombe's tables, CAMIS, R, statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from claimstats.stats.proportions import jeffreys, newcombe_difference, wilson

shares = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))

# Successes, trials, lower, upper: Newcombe (1998), Stat Med 17:857-872, Table I, method 3.
NEWCOMBE_SINGLE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]

# k1, n1, k2, n2, lower, upper: Newcombe (1998), Stat Med 17:873-890, Table II, method 10.
NEWCOMBE_DIFFERENCE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@pytest.mark.parametrize(("k", "n", "lower", "upper"), NEWCOMBE_SINGLE)
def test_wilson_equals_newcombes_table(k, n, lower, upper):
    found = wilson(k, n)
    assert (float(found.lower), float(found.upper)) == pytest.approx((lower, upper), abs=5.1e-5)


def test_wilson_equals_camis():
    """36 of 154: PSI AIMS CAMIS, "Confidence intervals for proportions", where SAS and R agree."""
    found = wilson(36, 154)
    assert (float(found.lower), float(found.upper)) == pytest.approx((0.174, 0.307), abs=6e-4)


def test_wilson_equals_r(from_r):
    """R: prop.test(successes, trials, correct = FALSE), in closed_forms.R."""
    stored = from_r("closed_forms")["wilson"]
    found = wilson(stored["successes"], stored["trials"])
    np.testing.assert_allclose(found.lower, stored["lower"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.upper, stored["upper"], rtol=1e-9)


@given(shares, st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_wilson_equals_statsmodels_and_scipy(share, level):
    k, n = share
    found = wilson(k, n, level)
    limits = (float(found.lower), float(found.upper))
    scipy = binomtest(k, n).proportion_ci(level, method="wilson")
    assert limits == pytest.approx(proportion_confint(k, n, 1 - level, "wilson"), abs=1e-9)
    assert limits == pytest.approx((scipy.low, scipy.high), abs=1e-9)


def test_wilson_of_no_success_starts_at_exactly_zero():
    n = np.arange(1, 3000)
    for level in (0.56, 0.95):  # at 0.56 the formula alone leaves 6e-17
        assert (wilson(np.zeros(n.size), n, level).lower == 0).all()


def test_wilson_of_no_failure_ends_at_exactly_one():
    n = np.arange(1, 3000)
    assert (wilson(n, n).upper == 1).all()


def test_wilson_of_no_trials_is_nan():
    found = wilson([0, 1], [0, 2])
    assert np.isnan([found.lower[0], found.upper[0]]).all()
    assert np.isfinite([found.lower[1], found.upper[1]]).all()


def test_wilson_of_one_claim_is_wide():
    found = wilson(1, 1)
    assert (round(float(found.lower), 3), float(found.upper)) == (0.207, 1.0)


def test_wilson_narrows_for_a_hundred_million_claims():
    found = wilson(45_000_000, 100_000_000)
    assert float(found.upper - found.lower) == pytest.approx(2 * 1.96 * 0.4975e-4, rel=1e-3)


@given(shares)
def test_wilson_holds_the_share_and_mirrors_the_failures(share):
    k, n = share
    found, mirrored = wilson(k, n), wilson(n - k, n)
    assert 0 <= found.lower <= k / n <= found.upper <= 1
    assert float(found.lower) == pytest.approx(1 - float(mirrored.upper), abs=1e-12)


@given(shares)
def test_wilson_is_wider_at_a_higher_level(share):
    narrow, wide = wilson(*share, level=0.8), wilson(*share, level=0.99)
    assert wide.upper - wide.lower > narrow.upper - narrow.lower


def test_wilson_covers_the_truth_at_its_level():
    draws = np.random.default_rng(1).binomial(60, 0.3, 100_000)
    found = wilson(draws, np.full(draws.size, 60))
    assert 0.93 < np.mean((found.lower <= 0.3) & (found.upper >= 0.3)) < 0.97


def test_jeffreys_equals_camis():
    """36 of 154: PSI AIMS CAMIS, "Confidence intervals for proportions", where SAS and R agree."""
    found = jeffreys(36, 154)
    assert (float(found.lower), float(found.upper)) == pytest.approx((0.172, 0.305), abs=6e-4)


def test_jeffreys_equals_r(from_r):
    """R: qbeta, in closed_forms.R; the ends of no success and no failure are ours."""
    stored = from_r("closed_forms")["jeffreys"]
    found = jeffreys(stored["successes"], stored["trials"])
    np.testing.assert_allclose(found.lower, stored["lower"], rtol=1e-9)
    np.testing.assert_allclose(found.upper, stored["upper"], rtol=1e-9)


@given(shares, st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_jeffreys_equals_statsmodels_inside_the_ends(share, level):
    k, n = share
    found = jeffreys(k, n, level)
    lower, upper = proportion_confint(k, n, 1 - level, "jeffreys")
    assert float(found.lower) == pytest.approx(lower if k else 0, abs=1e-9)
    assert float(found.upper) == pytest.approx(upper if k < n else 1, abs=1e-9)


def test_jeffreys_keeps_its_quantile_on_the_far_side_of_an_end():
    none, all_ = jeffreys(0, 12), jeffreys(12, 12)
    assert (float(none.lower), float(all_.upper)) == (0, 1)
    assert float(none.upper) == pytest.approx(beta.ppf(0.975, 0.5, 12.5), abs=1e-9)
    assert float(all_.lower) == pytest.approx(beta.ppf(0.025, 12.5, 0.5), abs=1e-9)


def test_jeffreys_of_no_trials_is_nan():
    found = jeffreys([0, 1], [0, 2])
    assert np.isnan([found.lower[0], found.upper[0]]).all()
    assert np.isfinite([found.lower[1], found.upper[1]]).all()


@given(shares)
def test_jeffreys_holds_the_share_and_mirrors_the_failures(share):
    k, n = share
    found, mirrored = jeffreys(k, n), jeffreys(n - k, n)
    assert 0 <= found.lower <= k / n <= found.upper <= 1
    assert float(found.lower) == pytest.approx(1 - float(mirrored.upper), abs=1e-12)


def test_jeffreys_covers_the_truth_at_its_level():
    draws = np.random.default_rng(6).binomial(60, 0.3, 100_000)
    found = jeffreys(draws, np.full(draws.size, 60))
    assert 0.93 < np.mean((found.lower <= 0.3) & (found.upper >= 0.3)) < 0.97


@pytest.mark.parametrize(("k1", "n1", "k2", "n2", "lower", "upper"), NEWCOMBE_DIFFERENCE)
def test_difference_equals_newcombes_table(k1, n1, k2, n2, lower, upper):
    found = newcombe_difference(k1, n1, k2, n2)
    assert float(found.value) == pytest.approx(k1 / n1 - k2 / n2)
    assert (float(found.lower), float(found.upper)) == pytest.approx((lower, upper), abs=6e-5)


@given(shares, shares)
def test_difference_equals_statsmodels(first, second):
    found = newcombe_difference(*first, *second)
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (float(found.lower), float(found.upper)) == pytest.approx(expected, abs=1e-9)


def test_difference_works_on_arrays_as_on_each_element():
    k1, n1, k2, n2, *_ = np.array(NEWCOMBE_DIFFERENCE).T
    found = newcombe_difference(k1, n1, k2, n2)
    single = [newcombe_difference(*row[:4]).lower for row in NEWCOMBE_DIFFERENCE]
    np.testing.assert_array_equal(found.lower, single)


def test_difference_against_one_group_takes_it_as_a_scalar():
    found = newcombe_difference([5, 9], [10, 10], 3, 10)
    assert found.value.tolist() == pytest.approx([0.2, 0.6])


def test_difference_from_an_empty_group_is_nan():
    found = newcombe_difference([1, 0], [2, 0], [0, 1], [0, 2])
    assert np.isnan([found.value, found.lower, found.upper]).all()


@given(shares, shares)
def test_difference_changes_sign_with_the_order_of_the_groups(first, second):
    forth, back = newcombe_difference(*first, *second), newcombe_difference(*second, *first)
    assert float(forth.lower) == pytest.approx(-float(back.upper), abs=1e-12)
    assert -1 <= forth.lower <= forth.value <= forth.upper <= 1


def test_difference_covers_the_truth_at_its_level():
    rng = np.random.default_rng(2)
    first, second = rng.binomial(40, 0.6, 50_000), rng.binomial(70, 0.35, 50_000)
    found = newcombe_difference(first, 40, second, 70)
    assert 0.93 < np.mean((found.lower <= 0.25) & (found.upper >= 0.25)) < 0.97
