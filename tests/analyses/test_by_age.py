"""Reading a curve at an age: where claims are old enough, and where too few were followed."""

from __future__ import annotations

import math

import pytest

from claimstats.analyses._by_age import MOST_OPEN, share_by_age
from claimstats.stats.survival import cumulative_incidence, incidence_at


def fast(n_old):
    """Half of the old claims approved and half denied by day 10, one young claim open on day 15."""
    return cumulative_incidence([10, 10, 15], [1, 2, 0], [n_old // 2, n_old // 2, 1])


def test_age_that_claims_are_at_risk_at_is_read_as_it_is():
    curve = cumulative_incidence([5, 10, 40], [1, 2, 0])
    assert share_by_age(curve, 30, oldest=40) == incidence_at(curve, 30)


def test_curve_of_ended_claims_stands_for_all_later_ages():
    curve = cumulative_incidence([5, 10], [1, 2])
    assert share_by_age(curve, 365, oldest=20) == incidence_at(curve, 365)
    assert share_by_age(curve, 365, oldest=20).value == 0.5


def test_age_that_no_claim_has_reached_has_no_number():
    assert math.isnan(share_by_age(fast(40), 90, oldest=89).value)
    assert math.isnan(share_by_age(fast(40), 90, oldest=None).value)


def test_what_is_still_open_widens_the_upper_limit():
    curve = fast(40)
    read, last = share_by_age(curve, 90, oldest=120), incidence_at(curve, 10)
    assert (read.value, read.lower, read.at_risk) == (last.value, last.lower, 0)
    assert read.upper == pytest.approx(last.upper + 1 / 41)


def test_upper_limit_stays_a_share():
    curve = cumulative_incidence([10, 15], [1, 0], [40, 1])
    assert share_by_age(curve, 90, oldest=120).upper == 1


def test_too_much_left_open_has_no_number():
    assert 1 / 11 > MOST_OPEN > 1 / 41
    assert math.isnan(share_by_age(fast(10), 90, oldest=120).value)


def test_no_claims_have_no_number():
    assert math.isnan(share_by_age(cumulative_incidence([], []), 90, oldest=None).value)


def test_share_of_exactly_zero_has_no_limits():
    read = share_by_age(cumulative_incidence([10, 15], [2, 0], [40, 1]), 90, oldest=120)
    assert read.value == 0
    assert math.isnan(read.lower)
    assert math.isnan(read.upper)
