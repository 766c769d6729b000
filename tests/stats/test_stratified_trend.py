"""Mantel's trend within strata against R, statsmodels and the two estimates it extends."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st

from claimstats.stats.stratified import mantel_haenszel
from claimstats.stats.trend import cochran_armitage, stratified_trend

share = st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
cell = st.tuples(st.integers(0, 3), st.integers(-2, 5), share)
cells = st.lists(cell, max_size=14)


def columns(rows):
    if not rows:
        return ([],) * 4
    return tuple(
        np.array(side) for side in zip(*((s, x, k, n) for s, x, (k, n) in rows), strict=True)
    )


def of(rows):
    return stratified_trend(*columns(rows))


def numbers(found):
    return np.array(astuple(found), dtype=float)


@pytest.mark.parametrize("case", ["reasons", "uneven_strata"])
def test_test_and_slope_equal_r(from_r, case):
    """R: coin's linear-by-linear test with blocks, and lm with a line for each stratum."""
    stored = from_r("trend")[case]
    found = stratified_trend(*(stored[name] for name in ("strata", "doses", "successes", "trials")))
    assert found.z**2 == pytest.approx(stored["chi_squared"][0], rel=1e-9)
    assert found.p_value == pytest.approx(stored["p_value"][0], rel=1e-9)
    assert found.slope == pytest.approx(stored["slope"][0], rel=1e-9)


@given(cells)
def test_slope_and_limits_equal_statsmodels(rows):
    """Least squares on the claims written out, one intercept a stratum, with HC1 errors."""
    found = of(rows)
    assume(not math.isnan(found.lower))
    strata, x, k, n = columns(rows)
    claims = np.concatenate([np.repeat(np.arange(n.size), k), np.repeat(np.arange(n.size), n - k)])
    outcome = np.repeat([1.0, 0.0], [k.sum(), (n - k).sum()])
    used = np.array([np.ptp(x[claims][strata[claims] == s]) > 0 for s in strata[claims]])
    claims, outcome = claims[used], outcome[used]
    lines = (strata[claims][:, None] == np.unique(strata[claims])).astype(float)
    fit = sm.OLS(outcome, np.column_stack([x[claims], lines])).fit(cov_type="HC1")
    assert found.slope == pytest.approx(fit.params[0], abs=1e-9)
    assert (found.lower, found.upper) == pytest.approx(tuple(fit.conf_int()[0]), abs=1e-8)


@given(st.lists(st.tuples(share, share), min_size=1, max_size=5))
def test_two_doses_are_mantel_and_haenszel(strata):
    with_it, without = (np.array(side) for side in zip(*strata, strict=True))
    expected = mantel_haenszel(*with_it.T, *without.T)
    number = np.arange(len(strata))
    found = stratified_trend(
        np.tile(number, 2), np.repeat([1, 0], number.size), *np.vstack([with_it, without]).T
    )
    np.testing.assert_allclose(found.slope, expected.risk_difference, atol=1e-12)
    np.testing.assert_allclose(found.p_value, expected.p_value, atol=1e-9)
    assert (found.n, found.n_strata) == (expected.n, expected.n_strata)


@given(st.lists(st.tuples(st.integers(-2, 5), share), max_size=8))
def test_one_stratum_is_cochran_and_armitage(rows):
    found = of([(0, *row) for row in rows])
    _, x, k, n = columns([(0, *row) for row in rows])
    plain = cochran_armitage(x, k, n)
    assume(not math.isnan(plain.slope))
    assert found.z == pytest.approx(plain.z * math.sqrt((found.n - 1) / found.n), abs=1e-9)
    np.testing.assert_allclose(
        (found.slope, found.lower, found.upper), (plain.slope, plain.lower, plain.upper), atol=1e-9
    )


def test_mix_of_strata_makes_no_trend():
    """Half of the easy claims and a tenth of the hard ones are won, whatever the dose."""
    doses, of_easy, of_hard = [1, 2, 3], [90, 50, 10], [10, 50, 90]
    won = [45, 25, 5, 1, 5, 9]
    found = stratified_trend(["easy"] * 3 + ["hard"] * 3, doses * 2, won, of_easy + of_hard)
    assert found.slope == pytest.approx(0, abs=1e-12)
    assert found.p_value == pytest.approx(1)
    assert cochran_armitage(doses * 2, won, of_easy + of_hard).p_value < 1e-6


def test_strata_of_one_dose_compare_nothing():
    rows = [("a", 1, (3, 9)), ("a", 2, (6, 9))]
    alone = [("b", 2, (7, 30)), ("b", 2, (1, 3)), ("c", 5, (0, 0)), ("c", 1, (4, 4))]
    assert of(rows + alone) == of(rows)
    assert of(rows + alone).n == 18


@pytest.mark.parametrize(
    ("rows", "n"),
    [([], 0), ([(0, 1, (3, 9)), (1, 2, (3, 9))], 0), ([(0, 1, (3, 3)), (0, 2, (5, 5))], 8)],
)
def test_without_two_doses_and_both_outcomes_in_a_stratum_there_is_no_test(rows, n):
    found = of(rows)
    assert np.isnan([found.lower, found.z, found.p_value]).all()
    assert found.n == n


def test_lines_that_meet_every_claim_have_no_limits():
    found = stratified_trend([0, 0, 1, 1], [0, 1, 0, 1], [0, 9, 0, 7], [8, 9, 3, 7])
    assert found.slope == pytest.approx(1)
    assert math.isnan(found.lower)
    assert found.p_value < 1e-4


@given(cells)
def test_any_strata_give_no_warning_and_a_slope_within_its_limits(rows):
    with np.errstate(all="raise", under="ignore"):
        found = of(rows)
    assume(not math.isnan(found.lower))
    assert found.lower <= found.slope <= found.upper


@given(cells, st.randoms())
def test_neither_order_nor_splitting_nor_names_of_strata_matter(rows, random):
    split = [(s, x, (k, k)) for s, x, (k, _) in rows] + [
        (s, x, (0, n - k)) for s, x, (k, n) in rows
    ]
    again = of([("dcba"[s], *rest) for s, *rest in random.sample(split, len(split))])
    np.testing.assert_allclose(numbers(again), numbers(of(rows)), 1e-7, 1e-7)


@given(cells)
def test_each_stratum_may_count_its_doses_from_elsewhere(rows):
    shifted = of([(s, x + 10 * s, share) for s, x, share in rows])
    np.testing.assert_allclose(numbers(shifted), numbers(of(rows)), 1e-7, 1e-7)


def test_limits_cover_the_truth_and_the_test_keeps_its_level():
    """Four small strata whose shares lie apart, their claims at other doses."""
    rng = np.random.default_rng(41)
    strata, doses = np.repeat(range(4), 4), np.tile(range(4), 4)
    trials = np.array([12, 8, 4, 2, 2, 4, 8, 12, 6, 6, 6, 6, 9, 1, 1, 9])
    base = np.repeat([0.5, 0.1, 0.3, 0.2], 4)
    rising = [
        stratified_trend(strata, doses, k, trials)
        for k in rng.binomial(trials, base + 0.1 * doses, (1500, 16))
    ]
    assert 0.925 < np.mean([each.lower <= 0.1 <= each.upper for each in rising]) < 0.97
    flat = [
        stratified_trend(strata, doses, k, trials).p_value
        for k in rng.binomial(trials, base, (1500, 16))
    ]
    assert 0.03 < np.mean(np.array(flat) < 0.05) < 0.07


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (([0, 1], [1], [1], [2]), "same shape"),
        (([0], [math.nan], [1], [2]), "doses must be finite"),
        (([0], [1], [3], [2]), "must not exceed"),
    ],
)
def test_what_is_no_table_of_strata_is_refused(rows, said):
    with pytest.raises(ValueError, match=said):
        stratified_trend(*rows)
