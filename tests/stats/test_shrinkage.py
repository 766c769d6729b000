"""Shrinkage against Efron and Morris's batters, R and the beta-binomial of scipy."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import beta, betabinom

from claimstats.stats._beta_binomial import Groups, log_likelihood, most_likely
from claimstats.stats.proportions import jeffreys
from claimstats.stats.shrinkage import shrink

group = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
groups = st.lists(group, min_size=2, max_size=12)

# Hits in 45 times at bat, and the average over the rest of the season:
# Efron & Morris (1975), J Am Stat Assoc 70:311-319, table 1.
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
SEASON = np.array([
    0.346, 0.298, 0.276, 0.222, 0.273, 0.270, 0.263, 0.210, 0.269,
    0.230, 0.264, 0.256, 0.303, 0.264, 0.226, 0.285, 0.316, 0.200,
])  # fmt: skip


def of(rows, **options):
    return shrink(*np.array(rows, dtype=int).reshape(-1, 2).T, **options)


def numbers(found):
    return np.concatenate([np.atleast_1d(getattr(found, field.name)) for field in fields(found)])


def test_batters_are_foretold_as_well_as_by_james_and_stein():
    """Efron & Morris (1977), Sci Am 236(5):119-127: squared errors 0.077 raw, 0.022 shrunken."""
    found = shrink(HITS, np.full(18, 45))
    assert ((HITS / 45 - SEASON) ** 2).sum() == pytest.approx(0.077, abs=2e-3)
    assert ((found.rate - SEASON) ** 2).sum() == pytest.approx(0.022, abs=1e-3)
    assert ((found.lower < SEASON) & (found.upper > SEASON)).all()


@pytest.mark.parametrize("case", ["baseball", "unequal"])
def test_rates_and_probabilities_equal_r(from_r, case):
    """R: optim, and a sum over a fine grid of priors, in shrinkage.R."""
    stored = from_r("shrinkage")[case]
    found = shrink(stored["successes"], stored["trials"])
    for name, error in (("rate", 2e-6), ("own", 2e-6), ("average", 2e-6), ("below", 2e-5)):
        np.testing.assert_allclose(getattr(found, name), stored[name], atol=error)
    assert found.mean == pytest.approx(stored["mean"][0], rel=1e-5)
    assert found.precision == pytest.approx(stored["precision"][0], rel=1e-4)
    strength = stored["rate"] * (1 - stored["rate"]) / stored["variance"] - 1
    shapes = strength * stored["rate"], strength * (1 - stored["rate"])
    np.testing.assert_allclose(found.lower, beta.ppf(0.025, *shapes), atol=1e-5)
    np.testing.assert_allclose(found.upper, beta.ppf(0.975, *shapes), atol=1e-5)


@given(group, st.floats(0.01, 0.99), st.floats(0.01, 1e5))
def test_likelihood_equals_scipy(share, mean, precision):
    k, n = share
    shapes = mean * precision, (1 - mean) * precision
    constant = math.log(math.comb(n, k))
    assert log_likelihood(k, n, np.array([mean]), np.array([precision]))[0] == pytest.approx(
        betabinom.logpmf(k, n, *shapes) - constant, abs=1e-8, rel=1e-9
    )


@pytest.mark.parametrize("precision", [2, 15, 100])
def test_likeliest_prior_equals_the_peak_of_scipys_likelihood(precision):
    rng = np.random.default_rng(18)
    n = rng.integers(5, 200, 40)
    k = rng.binomial(n, rng.beta(0.3 * precision, 0.7 * precision, 40))
    found = shrink(k, n)

    def lost(at):
        shapes = expit(at[0]) * math.exp(at[1]), expit(-at[0]) * math.exp(at[1])
        return -betabinom.logpmf(k, n, *shapes).sum()

    options = {"xatol": 1e-10, "fatol": 1e-13, "maxiter": 2000}
    peak = minimize(lost, [0, 2], method="Nelder-Mead", options=options)
    assert logit(found.mean) == pytest.approx(peak.x[0], abs=1e-6)
    assert math.log(found.precision) == pytest.approx(peak.x[1], abs=1e-5)
    assert lost([logit(found.mean), math.log(found.precision)]) <= peak.fun + 1e-9


def test_of_forty_identical_groups_the_best_is_77_percent_raw_and_not_shrunken():
    """The truth is 40 % of each; eight claims a group."""
    rng = np.random.default_rng(19)
    draws = rng.binomial(8, 0.4, (100, 40))
    found = [shrink(k, np.full(40, 8)) for k in draws]
    assert (draws / 8).max(axis=1).mean() == pytest.approx(0.77, abs=0.02)
    assert np.mean([each.rate.max() for each in found]) < 0.5
    truth_held = [(each.lower < 0.4) & (each.upper > 0.4) for each in found]
    assert np.mean(truth_held) > 0.97
    assert np.mean([each.below.max() > 0.975 for each in found]) < 0.05


def test_a_plugged_in_prior_leaves_identical_groups_without_an_interval():
    """The likeliest precision is infinite in half of the draws; ours have a width in all."""
    rng = np.random.default_rng(20)
    found = [shrink(k, np.full(40, 8)) for k in rng.binomial(8, 0.4, (100, 40))]
    assert np.mean([math.isinf(each.precision) for each in found]) == pytest.approx(0.5, abs=0.15)
    assert min((each.upper - each.lower).min() for each in found) > 0.1


def test_groups_more_alike_than_chance_share_the_pooled_mean_at_infinite_precision():
    found = of([(4, 10)] * 12)
    assert (found.mean, found.precision) == (0.4, math.inf)
    np.testing.assert_allclose(found.rate, 0.4, atol=0.01)
    np.testing.assert_allclose(found.below, 0.5, atol=0.05)
    assert (found.own < 0.3).all()


def test_unanimous_groups_that_differ_have_no_precision():
    found = of([(5, 5), (9, 9), (0, 7)])
    assert (found.mean, found.precision) == (pytest.approx(2 / 3), 0)
    assert found.rate[2] < 0.15 < 0.85 < found.rate[0]


def test_one_claim_a_group_tells_nothing_of_precision():
    found = of([(1, 1), (0, 1), (0, 1)])
    assert found.precision == math.inf
    assert np.isfinite(found.rate).all()


def test_one_group_is_not_compared():
    found = of([(3, 9), (0, 0)])
    alone = jeffreys(3, 9)
    assert found.n_groups == 1
    assert found.rate[0] == pytest.approx(1 / 3)
    assert (found.lower[0], found.upper[0]) == (alone.lower, alone.upper)
    assert found.own[0] == 1
    assert np.isnan([found.below, found.above]).all()
    assert np.isnan([found.average, found.mean, found.precision, found.rate[1]]).all()


def test_no_groups_have_no_rates():
    found = of([])
    assert (found.rate.size, found.n_groups) == (0, 0)
    assert math.isnan(found.average)


def test_a_group_without_claims_has_the_average():
    found = of([(3, 9), (4, 20), (11, 15), (0, 0)])
    assert found.rate[3] == pytest.approx(found.average)
    assert (found.own[3], found.n_groups) == (0, 3)
    assert found.upper[3] - found.lower[3] > found.upper[2] - found.lower[2]


def test_a_group_of_a_hundred_million_claims_keeps_its_rate():
    found = shrink([45_000_000, 3, 20], [100_000_000, 9, 50])
    assert found.rate[0] == pytest.approx(0.45, abs=1e-7)
    assert found.upper[0] - found.lower[0] == pytest.approx(2 * 1.96 * 0.4975e-4, rel=1e-2)
    assert found.own[0] == pytest.approx(1, abs=1e-5)


def test_small_groups_are_drawn_further_than_large_ones():
    found = of([(4, 4), (90, 100), (20, 100), (50, 100), (30, 100), (60, 100)])
    assert found.rate[0] < found.rate[1]
    assert (np.argsort(found.own, kind="stable")[0], found.own[1] > found.own[0]) == (0, True)


@given(groups)
def test_any_groups_give_ordered_numbers_in_range(rows):
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        found = of(rows)
    seen = ~np.isnan(found.rate)
    assert ((found.lower <= found.rate) & (found.rate <= found.upper))[seen].all()
    assert ((found.rate >= 0) & (found.rate <= 1))[seen].all()
    compared = ~np.isnan(found.below)
    assert found.below[compared] == pytest.approx(1 - found.above[compared])


@given(groups, st.randoms())
def test_rates_follow_their_groups(rows, random):
    order = random.sample(range(len(rows)), len(rows))
    found, shuffled = of(rows), of([rows[place] for place in order])
    for name in ("rate", "lower", "upper", "below"):
        np.testing.assert_allclose(getattr(shuffled, name), getattr(found, name)[order], 1e-7, 1e-9)


@given(st.lists(group, min_size=3, max_size=8))
def test_failures_in_place_of_successes_mirror_the_rates(rows):
    found, mirrored = of(rows), of([(n - k, n) for k, n in rows])
    np.testing.assert_allclose(mirrored.rate, 1 - found.rate, atol=1e-5)
    np.testing.assert_allclose(mirrored.upper, 1 - found.lower, atol=1e-4)
    np.testing.assert_allclose(mirrored.above, found.below, atol=1e-3)


def test_twice_the_groups_are_surer_of_their_prior():
    rows = [(3, 20), (9, 20), (14, 20), (8, 20)]
    found, doubled = of(rows), of(rows * 2)
    assert doubled.mean == pytest.approx(found.mean, abs=1e-9)
    assert doubled.precision == pytest.approx(found.precision, rel=1e-6)
    assert (doubled.upper - doubled.lower)[:4].mean() < (found.upper - found.lower).mean()


def test_likeliest_prior_does_not_ask_how_groups_are_counted():
    k, n = np.array([3, 9, 14, 3]), np.array([20, 20, 20, 20])
    once = Groups(np.array([3, 9, 14]), np.array([20, 20, 20]), np.array([2, 1, 1]))
    assert most_likely(Groups.of(k, n)) == most_likely(once)


@pytest.mark.parametrize(
    ("precision", "trials"),
    [(30, np.full(40, 8)), (30, np.full(5, 30)), (5, np.geomspace(1, 250, 40).round().astype(int))],
    ids=["forty groups of eight", "five groups of thirty", "groups of 1 to 250"],
)
def test_limits_hold_true_rates_drawn_from_a_prior(precision, trials):
    rng = np.random.default_rng(21)
    held = []
    for _ in range(1000 // trials.size + 20):
        truth = rng.beta(0.4 * precision, 0.6 * precision, trials.size)
        found = shrink(rng.binomial(trials, truth), trials)
        held.append((found.lower <= truth) & (truth <= found.upper))
    assert np.size(held) > 1000
    assert 0.93 < np.mean(held) < 0.97


def test_probability_of_being_below_average_comes_true():
    rng = np.random.default_rng(22)
    trials = np.geomspace(4, 250, 40).round().astype(int)
    said, was = [], []
    for _ in range(60):
        truth = rng.beta(0.4 * 20, 0.6 * 20, 40)
        said.append(shrink(rng.binomial(trials, truth), trials).below)
        was.append(truth < 0.4)
    said, was = np.ravel(said), np.ravel(was)
    for low, high in ((0, 0.1), (0.1, 0.35), (0.35, 0.65), (0.65, 0.9), (0.9, 1)):
        among = (said >= low) & (said < high)
        assert was[among].mean() == pytest.approx(said[among].mean(), abs=0.06)
