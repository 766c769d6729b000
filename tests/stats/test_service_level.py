"""Shares decided in time against Wilson, the incidence curve and counts by hand."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from claimstats.stats.proportions import wilson
from claimstats.stats.service_level import share_within
from claimstats.stats.survival import cumulative_incidence, incidence_at

# Every row: time, cause (0 is censored), count.
claims = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=25
)


def columns(rows):
    return np.array(rows, dtype=int).reshape(-1, 3).T


def test_newcombes_example_without_open_claims_equals_the_published_limits():
    """Newcombe (1998), Table I, method 3: 81 of 263 give 0.2553 to 0.3662."""
    found = share_within([10, 90], [1, 1], 48, counts=[81, 182])
    assert (found.lower, found.upper) == pytest.approx((0.2553, 0.3662), abs=5.1e-5)


@given(st.integers(0, 40), st.integers(0, 40))
def test_without_open_claims_it_is_wilsons_interval(within, later):
    found = share_within([48, 48.5], [1, 1], 48, counts=[within, later])
    expected = wilson(within, within + later)
    close = pytest.approx((float(expected.lower), float(expected.upper)), abs=1e-12, nan_ok=True)
    assert (found.lower, found.upper) == close


@given(st.integers(0, 40), st.integers(1, 40))
def test_ends_otherwise_are_not_in_time(answered, withdrawn):
    found = share_within([5, 9], [1, 2], 48, counts=[answered, withdrawn])
    limits = binomtest(answered, answered + withdrawn).proportion_ci(method="wilson")
    assert (found.lower, found.upper) == pytest.approx(limits, abs=1e-12)
    assert (found.within, found.later, found.unknown) == (answered, withdrawn, 0)


def test_with_open_claims_the_limits_are_those_of_fewer_claims():
    """As many as give the share the variance of the curve (Rothman 1978), found by hand."""
    found = share_within([10, 30, 60], [1, 0, 0], 48, counts=[20, 30, 50])
    assert found.value == pytest.approx(0.2)
    assert (found.within, found.later, found.unknown) == (20, 50, 30)
    assert (found.worst, found.best) == (0.2, 0.5)
    of_all = wilson(20, 100)  # nobody was lost before the last end
    assert (found.lower, found.upper) == pytest.approx((float(of_all.lower), float(of_all.upper)))
    later = share_within([10, 30, 40, 60], [1, 0, 1, 0], 48, counts=[20, 30, 10, 40])
    share = 1 - 0.8 * 0.8
    error = 0.8 * 0.8 * math.sqrt(20 / (100 * 80) + 10 / (50 * 40))
    n = share * (1 - share) / error**2
    assert later.value == pytest.approx(share)
    assert 50 < n < 100
    middle = (share + 1.959964**2 / (2 * n)) / (1 + 1.959964**2 / n)
    assert (later.lower + later.upper) / 2 == pytest.approx(middle, abs=1e-7)


def test_limits_of_remission_equal_km_ci(from_r):
    """R: km.ci(survfit, method = "rothman"), of the share still open, in comparison.R."""
    stored = from_r("comparison")["share_limits"]
    times, events = stored["given"].values()
    found = [share_within(times, events, limit) for limit in stored["rothman"]["times"]]
    assert [1 - each.upper for each in found] == pytest.approx(stored["rothman"]["lower"], rel=1e-9)
    assert [1 - each.lower for each in found] == pytest.approx(stored["rothman"]["upper"], rel=1e-9)


def test_none_or_all_in_time_has_limits_from_the_claims_that_tell():
    none = share_within([60, 20], [1, 0], 48, counts=[30, 500])
    every = share_within([10, 20, 5], [1, 1, 0], 48, counts=[20, 10, 500])
    assert (none.value, none.lower) == (0, 0)
    assert none.upper == pytest.approx(float(wilson(0, 30).upper))
    assert (every.value, every.upper) == (1, 1)
    assert every.lower == pytest.approx(float(wilson(30, 30).lower))


def test_the_limit_itself_is_in_time():
    assert share_within([48, 48.1], [1, 1], 48).value == 0.5


def test_a_claim_last_seen_open_at_the_limit_was_not_in_time():
    found = share_within([48, 48], [1, 0], 48)
    assert (found.value, found.later, found.unknown) == (0.5, 1, 0)


def test_where_no_claim_was_followed_to_the_limit_there_are_bounds_only():
    found = share_within([10, 20], [1, 0], 48, counts=[3, 7])
    assert np.isnan([found.value, found.lower, found.upper]).all()
    assert (found.worst, found.best) == (0.3, 1)


def test_no_claims_have_no_share():
    found = share_within([], [], 48)
    assert np.isnan([*astuple(found)[:3], found.worst, found.best]).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: share_within([1], [1], -1), "time must not be negative; found -1"),
        (lambda: share_within([1], [1], 48, cause=0), "cause must be at least 1"),
        (lambda: share_within([1, 2], [1], 48), "same shape"),
        (lambda: share_within([1], [1], 48, level=95), "level must lie between 0 and 1"),
    ],
)
def test_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@given(claims, st.integers(0, 12))
def test_share_is_the_incidence_and_lies_within_its_limits_and_bounds(rows, limit):
    time, cause, count = columns(rows)
    found = share_within(time, cause, limit, count)
    at = incidence_at(cumulative_incidence(time, cause, count), limit)
    assert found.value == pytest.approx(at.value, nan_ok=True)
    assert found.within + found.later + found.unknown == count.sum()
    if not math.isnan(found.value):
        assert 0 <= found.lower <= found.value <= found.upper <= 1
        assert found.worst - 1e-12 <= found.value <= found.best + 1e-12


@given(claims, st.integers(0, 12))
def test_grouped_equals_written_out_in_any_unit_without_a_warning(rows, limit):
    time, cause, count = columns(rows)
    with np.errstate(all="raise", under="ignore"):
        found = share_within(time, cause, limit, count)
    other = share_within(np.repeat(time, count) * 24, np.repeat(cause, count), limit * 24)
    np.testing.assert_allclose(astuple(found), astuple(other), 1e-9, 1e-9)
