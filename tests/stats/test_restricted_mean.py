"""Restricted means and their difference against R, integrals and sums written out."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimstats.stats.restricted_mean import (
    RestrictedMean,
    restricted_mean,
    restricted_mean_difference,
)
from claimstats.stats.survival import kaplan_meier

# Every row: time, ended, count.
claims = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.integers(1, 4)), min_size=1, max_size=25
)


def curve_of(rows, unit=1):
    time, ended, count = np.array(rows, dtype=int).reshape(-1, 3).T
    return kaplan_meier(time * unit, ended, count)


# Published and stored


@pytest.mark.parametrize(("sex", "mean", "error"), [(1, 311, 19.3), (2, 435, 27.2)])
def test_mean_of_lung_patients_within_two_years_equals_r(dataset, sex, mean, error):
    """R: print(survfit(Surv(time, status) ~ sex, lung), rmean = 730)."""
    data = dataset("lung")
    of_sex = data["sex"] == sex
    found = restricted_mean(kaplan_meier(data["days"][of_sex], data["died"][of_sex]), 730)
    assert (found.value, found.std_error) == pytest.approx((mean, error), abs=0.4)


@pytest.mark.parametrize("case", ["lung_men", "lung_women", "treated", "placebo"])
def test_mean_and_its_error_equal_r(from_r, case):
    """R: summary(survfit(...), rmean = horizon), in comparison.R."""
    stored = from_r("comparison")["restricted_mean"][case]
    curve = kaplan_meier(**stored["given"])
    found = [restricted_mean(curve, horizon) for horizon in stored["horizon"]]
    assert [each.value for each in found] == pytest.approx(stored["value"], rel=1e-9)
    assert [each.std_error for each in found] == pytest.approx(stored["std_error"], rel=1e-9)


def test_without_open_claims_it_is_the_mean_of_the_cut_times():
    times = np.array([1, 3, 3, 8, 20, 40])
    found = restricted_mean(kaplan_meier(times, times > 0), 10)
    cut = np.minimum(times, 10)
    assert found.value == pytest.approx(cut.mean())
    assert found.std_error == pytest.approx(cut.std() / math.sqrt(times.size))


# Edges


def test_a_horizon_no_claim_was_followed_to_has_no_number():
    curve = kaplan_meier([3, 9], [True, False])
    assert not np.isnan(restricted_mean(curve, 9).value)
    assert np.isnan(astuple(restricted_mean(curve, 9.5))[:4]).all()


def test_once_every_claim_has_ended_the_horizon_adds_nothing():
    curve = kaplan_meier([3, 9], [True, True])
    assert restricted_mean(curve, 9).value == restricted_mean(curve, 900).value == 6


def test_no_claims_have_no_mean():
    assert np.isnan(astuple(restricted_mean(kaplan_meier([], []), 9))[:4]).all()


@pytest.mark.parametrize("ended", [True, False])
def test_claims_that_do_not_differ_have_a_mean_without_limits(ended):
    found = restricted_mean(kaplan_meier([9], [ended], [40]), 9)
    assert (found.value, found.std_error) == (9, 0)
    assert np.isnan([found.lower, found.upper]).all()
    difference = restricted_mean_difference(found, found)
    assert difference.value == 0
    assert np.isnan([difference.lower, difference.upper, difference.p_value]).all()


def test_limits_are_normal_ones_of_the_logit():
    found = restricted_mean(kaplan_meier([2, 4, 20, 30], [True, True, False, False]), 10)
    odds, error = found.value / (10 - found.value), found.std_error * 10 / (6.5 * 3.5)
    for limit, z in ((found.lower, -1.9599639845), (found.upper, 1.9599639845)):
        assert limit / (10 - limit) == pytest.approx(odds * math.exp(z * error), rel=1e-9)


@given(claims, st.sampled_from([0.9, 0.999999]))
def test_limits_hold_the_mean_between_0_and_the_horizon(rows, level):
    found = restricted_mean(curve_of(rows), 6, level)
    if not math.isnan(found.lower):
        assert 0 <= found.lower <= found.value <= found.upper <= 6


def test_late_entries_that_leave_a_gap_leave_no_mean_beyond_it():
    curve = kaplan_meier([2, 9, 9], [True, True, False], entries=[0, 5, 5])
    assert restricted_mean(curve, 2).value == 2
    assert np.isnan(restricted_mean(curve, 4).value)


@given(claims)
def test_no_counts_cause_a_warning(rows):
    with np.errstate(all="raise", under="ignore"):
        restricted_mean(curve_of(rows), 7)


# Difference


def test_difference_is_the_first_minus_the_second_with_both_variances():
    first, second = (
        RestrictedMean(30, 3, 24, 36, 60), RestrictedMean(20, 4, 12, 28, 60),
    )  # fmt: skip
    found = restricted_mean_difference(first, second)
    assert (found.value, found.std_error) == (10, 5)
    assert (found.lower, found.upper) == pytest.approx((10 - 9.79982, 10 + 9.79982), abs=1e-5)
    assert found.p_value == pytest.approx(0.0455003, abs=1e-7)


def test_difference_from_a_group_not_followed_is_nan():
    known = restricted_mean(kaplan_meier([3, 9], [True, True]), 90)
    unknown = restricted_mean(kaplan_meier([3, 9], [True, False]), 90)
    assert np.isnan(astuple(restricted_mean_difference(known, unknown))).all()


def test_means_up_to_different_horizons_are_refused():
    curve = kaplan_meier([3, 9], [True, True])
    with pytest.raises(ValueError, match="one horizon; found 30 and 60"):
        restricted_mean_difference(restricted_mean(curve, 30), restricted_mean(curve, 60))


@pytest.mark.parametrize("horizon", [0, -1, math.inf, math.nan])
def test_a_horizon_that_is_no_age_is_refused(horizon):
    with pytest.raises(ValueError, match="horizon must be"):
        restricted_mean(kaplan_meier([3], [True]), horizon)


# Invariances


@given(claims, st.sampled_from([0.5, 4, 7, 12]))
def test_mean_is_the_integral_of_the_curve(rows, horizon):
    curve = curve_of(rows)
    found = restricted_mean(curve, horizon)
    middles = np.arange(0.125, horizon, 0.25)
    at = np.searchsorted(curve.times, middles, side="right")
    area = np.append(1, curve.survival)[at].sum() / 4
    assert math.isnan(found.value) or found.value == pytest.approx(area)


@given(claims, st.sampled_from([24, 1 / 24, 3600]))
def test_the_unit_of_time_scales_the_mean(rows, unit):
    days, other = (
        restricted_mean(curve_of(rows), 6),
        restricted_mean(curve_of(rows, unit), 6 * unit),
    )
    np.testing.assert_allclose(astuple(other), np.array(astuple(days)) * unit, 1e-9, 1e-12)


@given(claims)
def test_doubled_counts_keep_the_mean_and_narrow_its_error(rows):
    once, twice = (
        restricted_mean(curve_of([(t, d, k * n) for t, d, n in rows]), 6) for k in (1, 2)
    )
    assert twice.value == pytest.approx(once.value, nan_ok=True)
    assert twice.std_error == pytest.approx(once.std_error / math.sqrt(2), nan_ok=True)


@given(claims)
def test_a_longer_horizon_never_makes_the_mean_shorter(rows):
    curve = curve_of(rows)
    assert not restricted_mean(curve, 4).value > restricted_mean(curve, 8).value
