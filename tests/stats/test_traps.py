"""The numbers that one would compute first, shown wrong beside those computed here.

Each simulation knows the truth; all are seeded.
"""

from __future__ import annotations

import numpy as np
import pytest

from claimstats.stats.comparison import log_rank
from claimstats.stats.incidence_tests import known_censoring_test
from claimstats.stats.proportions import newcombe_difference
from claimstats.stats.stratified import mantel_haenszel
from claimstats.stats.survival import (
    cumulative_incidence,
    incidence_at,
    kaplan_meier,
    quantile,
    survival_at,
)


@pytest.fixture(scope="module")
def a_year():
    """A year's claims as of its last day: 45 % approved all along, slowly; denials are fast."""
    rng = np.random.default_rng(45)
    n = 12_000
    age = rng.uniform(0, 365, n)
    approved = rng.random(n) < 0.45
    lasts = np.where(approved, rng.gamma(2, 12, n), rng.gamma(2, 4, n))
    cause = np.where(lasts > age, 0, np.where(approved, 1, 2))
    return np.minimum(lasts, age), cause, age


def approved_by(age):
    """The true share of the year's claims approved by an age."""
    return 0.45 * (1 - np.exp(-age / 12) * (1 + age / 12))


def closed_only(cause):
    return np.mean(cause[cause > 0] == 1)


# Open claims are data


def test_closed_claims_of_the_last_month_say_half_of_the_approval_there_is(a_year):
    times, cause, age = a_year
    assert closed_only(cause[age > 180]) == pytest.approx(0.45, abs=0.02)
    assert closed_only(cause[age <= 30]) < 0.30
    found = incidence_at(cumulative_incidence(times, cause), 90)
    assert found.lower < approved_by(90) < found.upper


def test_at_equal_age_the_last_month_is_like_those_before(a_year):
    times, cause, age = a_year
    recent, before = (
        incidence_at(cumulative_incidence(times[of], cause[of]), 20) for of in (age <= 30, age > 30)
    )
    for found in (recent, before):
        assert found.lower < approved_by(20) < found.upper
    assert known_censoring_test(times, cause, age <= 30, age).p_value > 0.05


def test_denials_taken_for_censored_say_more_approval_than_there_is(a_year):
    times, cause, _ = a_year
    assert 1 - survival_at(kaplan_meier(times, cause == 1), 90).value > 0.8
    found = incidence_at(cumulative_incidence(times, cause), 90)
    assert found.upper < 0.47


def test_leaving_open_claims_out_makes_the_median_time_too_short():
    """Of claims filed within 40 days, the slow half is still open."""
    rng = np.random.default_rng(46)
    lasts, age = rng.exponential(30, 5000), rng.uniform(0, 40, 5000)
    times, ended = np.minimum(lasts, age), lasts <= age
    truth = 30 * np.log(2)
    assert np.median(times[ended]) < truth / 2
    found = quantile(kaplan_meier(times, ended), 0.5)
    assert found.lower < truth < found.upper
    assert found.upper - found.lower < 4


def test_claims_left_out_for_being_open_make_recent_ones_look_faster():
    rng = np.random.default_rng(47)
    lasts, age = rng.exponential(30, 2000), rng.uniform(0, 120, 2000)
    times, ended, recent = np.minimum(lasts, age), lasts <= age, age <= 30
    assert log_rank(times[ended], ended[ended], recent[ended]).p_value < 1e-6
    assert log_rank(times, ended, recent).p_value > 0.01


# A day is 24 hours


def test_counted_midnights_shift_the_median_by_most_of_a_day():
    """Filed in the evening, answered within two days: the first midnight comes soon."""
    rng = np.random.default_rng(48)
    filed = rng.integers(0, 300, 4000) + rng.uniform(19, 24, 4000) / 24
    lasts = rng.uniform(0.2, 1.6, 4000)
    truth = 0.9
    midnights = np.floor(filed + lasts) - np.floor(filed)
    assert np.median(midnights) == 1
    shares = [survival_at(kaplan_meier(days, days >= 0), 0.5).value for days in (midnights, lasts)]
    assert shares[0] > shares[1] + 0.1
    hours = np.floor(lasts * 24)
    found = quantile(kaplan_meier(hours, hours >= 0), 0.5)
    assert found.value / 24 == pytest.approx(truth, abs=1.5 / 24)


# Evidence is compared within reason


def test_evidence_that_helps_in_every_reason_looks_harmful_over_all():
    """It is attached where claims are hard to win, and adds ten points there as elsewhere."""
    rng = np.random.default_rng(49)
    n_with, n_without = np.array([3000, 2000, 300]), np.array([300, 1500, 3000])
    base = np.array([0.15, 0.4, 0.75])
    with_it, without = rng.binomial(n_with, base + 0.1), rng.binomial(n_without, base)
    raw = newcombe_difference(with_it.sum(), n_with.sum(), without.sum(), n_without.sum())
    assert raw.upper < -0.2
    within = mantel_haenszel(with_it, n_with, without, n_without)
    assert within.lower < 0.1 < within.upper
    assert within.lower > 0.05
