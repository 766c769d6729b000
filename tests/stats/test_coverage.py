"""How often the intervals of curves hold the truth, and the tests find what is not there.

Every simulation is seeded. Those of plain shares stand beside them, in ``test_proportions.py``.
"""

from __future__ import annotations

import numpy as np
import pytest

from claimstats.stats.bands import equal_precision_band
from claimstats.stats.comparison import log_rank, log_rank_trend
from claimstats.stats.incidence_tests import gray_test, known_censoring_test
from claimstats.stats.restricted_mean import restricted_mean, restricted_mean_difference
from claimstats.stats.service_level import share_within
from claimstats.stats.survival import (
    cumulative_incidence,
    incidence_at,
    kaplan_meier,
    quantile,
    survival_at,
)

APPROVED, APPROVAL_DAYS, DENIAL_DAYS = 0.45, 30, 8
"""Share approved, and the mean days to either end: denials are fast, approvals slow."""


def draws(seed, n_books, n_claims):
    """Times, causes (1 approved, 2 denied, 0 open) and ages at the cut-off, a row for each book."""
    rng = np.random.default_rng(seed)
    shape = (n_books, n_claims)
    approved = rng.random(shape) < APPROVED
    ends = rng.exponential(np.where(approved, APPROVAL_DAYS, DENIAL_DAYS))
    followed = rng.uniform(5, 120, shape)
    cause = np.where(ends > followed, 0, np.where(approved, 1, 2))
    return np.minimum(ends, followed), cause, followed


@pytest.fixture(scope="module")
def simulated():
    """Two thousand books of 100 claims, many of them still open."""
    return draws(7, 2000, 100)


def still_open(t):
    """The true share of the simulated claims still open at age `t`."""
    return APPROVED * np.exp(-t / APPROVAL_DAYS) + (1 - APPROVED) * np.exp(-t / DENIAL_DAYS)


def approved_by(t):
    """The true share of the simulated claims approved by age `t`."""
    return APPROVED * (1 - np.exp(-t / APPROVAL_DAYS))


def mean_up_to(t):
    """The true mean days open up to age `t`, the integral of `still_open`."""
    return sum(
        share * days * (1 - np.exp(-t / days))
        for share, days in ((APPROVED, APPROVAL_DAYS), (1 - APPROVED, DENIAL_DAYS))
    )


def covered(found, truth):
    """Share of the intervals that hold the truth; not reached is beyond every time."""
    return np.mean([each.lower <= truth and not each.upper < truth for each in found])


def test_limits_of_the_open_share_cover_the_truth_at_their_level(simulated):
    found = [survival_at(kaplan_meier(t, c > 0), 20) for t, c, _ in zip(*simulated, strict=True)]
    assert 0.93 < covered(found, still_open(20)) < 0.97


def test_limits_of_the_median_cover_the_truth_at_their_level(simulated):
    found = [quantile(kaplan_meier(t, c > 0), 0.5) for t, c, _ in zip(*simulated, strict=True)]
    ages = np.linspace(0, 60, 600_001)
    truth = ages[np.searchsorted(-still_open(ages), -0.5)]
    assert 0.93 < covered(found, truth) < 0.97


def test_limits_of_the_incidence_cover_the_truth_at_their_level(simulated):
    found = [
        incidence_at(cumulative_incidence(t, c), 40) for t, c, _ in zip(*simulated, strict=True)
    ]
    assert 0.93 < covered(found, approved_by(40)) < 0.97


def test_limits_of_the_restricted_mean_cover_the_truth_at_their_level(simulated):
    found = [
        restricted_mean(kaplan_meier(t, c > 0), 60) for t, c, _ in zip(*simulated, strict=True)
    ]
    assert 0.93 < covered(found, mean_up_to(60)) < 0.97


def test_limits_of_a_difference_of_means_cover_it_at_their_level(simulated):
    """Of the first forty claims and the sixty others, halved in pace."""
    found = [
        restricted_mean_difference(
            restricted_mean(kaplan_meier(t[:40], c[:40] > 0), 30),
            restricted_mean(kaplan_meier(2 * t[40:], c[40:] > 0), 30),
        )
        for t, c, _ in zip(*simulated, strict=True)
    ]
    assert 0.93 < covered(found, mean_up_to(30) - 2 * mean_up_to(15)) < 0.97


def test_a_band_holds_the_whole_curve_where_pointwise_limits_seldom_do(simulated):
    ages = np.linspace(5, 40, 400)
    truth = still_open(ages)
    held = {"band": 0, "pointwise": 0}
    for t, c in zip(*simulated[:2], strict=True):
        curve = kaplan_meier(t, c > 0)
        at = curve.times.searchsorted(ages, side="right") - 1
        band = equal_precision_band(curve, curve.times[at[0]], 40)
        within = at - at[0]
        held["band"] += ((band.lower[within] <= truth) & (truth <= band.upper[within])).all()
        held["pointwise"] += ((curve.lower[at] <= truth) & (truth <= curve.upper[at])).all()
    n_books = len(simulated[0])
    assert 0.93 < held["band"] / n_books < 0.97
    assert held["pointwise"] / n_books < 0.70


@pytest.mark.parametrize("days", [5, 10, 40])
def test_limits_of_a_service_level_cover_the_truth_at_their_level(simulated, days):
    found = [share_within(t, c, days) for t, c, _ in zip(*simulated, strict=True)]
    assert 0.93 < covered(found, approved_by(days)) < 0.97


def test_limits_of_a_high_service_level_cover_the_truth_at_their_level():
    """97 % in time, of sixty claims some still open: one draw in six has none late."""
    rng = np.random.default_rng(12)
    shape = (2000, 60)
    ends, followed = rng.exponential(48 / np.log(1 / 0.03), shape), rng.uniform(0, 400, shape)
    times, ended = np.minimum(ends, followed), ends <= followed
    found = [share_within(t, d, 48) for t, d in zip(times, ended, strict=True)]
    assert np.mean([each.value == 1 for each in found]) > 0.1
    assert 0.93 < covered(found, 0.97) < 0.97


def test_limits_cover_the_truth_where_claims_entered_late():
    """Two claims in five are followed from filing on, the others from some day in the first 30."""
    rng = np.random.default_rng(13)
    shape = (1500, 200)
    lasted = rng.exponential(20, shape)
    entered = rng.uniform(0, 30, shape) * (rng.random(shape) < 0.6)
    followed = entered + rng.uniform(5, 60, shape)
    found = []
    for t, e, f in zip(lasted, entered, followed, strict=True):
        seen = t > e
        curve = kaplan_meier(np.minimum(t, f)[seen], (t <= f)[seen], entries=e[seen])
        found.append(survival_at(curve, 25))
    assert 0.93 < covered(found, np.exp(-25 / 20)) < 0.97


# Tests of groups that do not differ

GROUPS = np.arange(100) % 3
ALIKE = {
    "log_rank": lambda t, c, f: log_rank(t, c > 0, GROUPS).p_value,
    "stratified": lambda t, c, f: log_rank(t, c > 0, GROUPS, strata=f > 60).p_value,
    "trend": lambda t, c, f: log_rank_trend(t, c > 0, GROUPS).p_value,
    "gray": lambda t, c, f: gray_test(t, c, GROUPS).p_value,
    "known_censoring": lambda t, c, f: known_censoring_test(t, c, GROUPS, f).p_value,
}


@pytest.mark.parametrize("test", ALIKE)
def test_of_groups_that_are_alike_one_in_twenty_is_found_to_differ(simulated, test):
    p_values = [ALIKE[test](t, c, f) for t, c, f in zip(*simulated, strict=True)]
    assert 0.03 < np.mean(np.array(p_values) < 0.05) < 0.07
