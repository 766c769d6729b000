"""Bands over a whole curve against printed critical values, R's km.ci and the pointwise limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from claimstats.stats.bands import equal_precision_band
from claimstats.stats.survival import SurvivalCurve, kaplan_meier

claims = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.integers(1, 4)), min_size=1, max_size=25
)


def with_variances(*variances):
    """A curve of two times and a share of a half whose Greenwood sums are given."""
    error = np.sqrt(variances) / 2
    half, none = np.full(2, 0.5), np.zeros(2, np.int64)
    return SurvivalCurve(np.array([1.0, 2.0]), none, none, none, half, error, half, half)


@pytest.mark.parametrize(
    ("first", "last", "critical"),
    [(0.02, 0.98, 3.2428), (0.1, 0.9, 3.0542), (0.1, 0.7, 2.9333), (0.3, 0.7, 2.7500)],
)
def test_critical_value_equals_the_printed_table(first, last, critical):
    """Nair (1984), as in R's km.ci: shares a = n v / (1 + n v) of the variance v, level 0.95."""
    curve = with_variances(first / (1 - first), last / (1 - last))
    assert equal_precision_band(curve, 0, 9).critical_value == pytest.approx(critical, abs=6e-5)


def test_band_of_remission_equals_km_ci_to_its_table(from_r):
    """R: km.ci(survfit, method = "logep"), in comparison.R; it interpolates between two digits."""
    stored = from_r("comparison")["share_limits"]
    found = equal_precision_band(kaplan_meier(**stored["given"]), 6, 23)
    np.testing.assert_array_equal(found.times, stored["band"]["times"])
    np.testing.assert_allclose(found.lower, stored["band"]["lower"], atol=1e-3)
    np.testing.assert_allclose(found.upper, stored["band"]["upper"], atol=1e-3)


def test_ages_between_which_nothing_ends_have_the_pointwise_limits():
    curve = kaplan_meier([2, 5, 9, 20], [1, 0, 0, 1], counts=[4, 5, 6, 7])
    band = equal_precision_band(curve, 2, 9)
    assert band.critical_value == pytest.approx(norm.ppf(0.975))
    np.testing.assert_allclose(band.lower, curve.lower[:3])


@pytest.mark.parametrize("ages", [(0, 1), (30, 40)])
def test_ages_without_limits_have_an_empty_band(ages):
    band = equal_precision_band(kaplan_meier([2, 5, 9], [1, 1, 1]), *ages)
    assert band.times.size == band.lower.size == 0


@pytest.mark.parametrize(
    ("ages", "sentence"),
    [((-1, 5), "start must not be negative"), ((5, 2), "end must not lie before start; found 2")],
)
def test_ages_that_are_no_stretch_are_refused(ages, sentence):
    with pytest.raises(ValueError, match=sentence):
        equal_precision_band(kaplan_meier([2, 5], [1, 0]), *ages)


@given(claims, st.sampled_from([0.9, 0.95, 0.99]))
def test_band_holds_the_pointwise_limits_and_is_wider_over_more_ages(rows, level):
    time, ended, count = np.array(rows, dtype=int).reshape(-1, 3).T
    curve = kaplan_meier(time, ended, count, level)
    with np.errstate(all="raise", under="ignore"):
        short, long = (equal_precision_band(curve, 3, end, level) for end in (7, 10))
    assert norm.ppf((1 + level) / 2) <= short.critical_value + 1e-12
    assert short.critical_value <= long.critical_value
    at = np.isin(curve.times, long.times)
    assert (long.lower <= curve.lower[at] + 1e-12).all()
    assert (long.upper >= curve.upper[at] - 1e-12).all()


def test_doubled_counts_keep_the_critical_value():
    once, twice = (
        equal_precision_band(kaplan_meier([2, 4, 8, 9], [1, 1, 1, 0], [k * 5] * 4), 2, 9)
        for k in (1, 2)
    )
    assert once.critical_value == pytest.approx(twice.critical_value)
    assert not math.isnan(once.critical_value)
