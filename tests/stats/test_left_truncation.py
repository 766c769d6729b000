"""Claims followed only from some age on, against R, and where their curves have no value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimstats.stats.survival import (
    cumulative_incidence,
    incidence_at,
    kaplan_meier,
    quantile,
    survival_at,
)

# Every row: entry, how long it was followed, cause (0 is censored), count.
late_claims = st.lists(
    st.tuples(st.integers(0, 8), st.integers(1, 8), st.integers(0, 2), st.integers(1, 4)),
    min_size=1,
    max_size=25,
)
FIELDS = ["at_risk", "survival", "std_error", "lower", "upper"]


def columns(rows):
    entry, followed, cause, count = np.array(rows, dtype=int).reshape(-1, 4).T
    return entry, entry + followed, cause, count


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


# R, stored


@pytest.fixture
def late(from_r):
    """Claims of whom some entered late, and somebody is at risk throughout."""
    return from_r("comparison")["late_entry"]


def test_curve_equals_r(late):
    """R: survfit(Surv(entry, time, ended) ~ 1, conf.type = "log-log"), in comparison.R."""
    entries, times, causes, counts = late["given"].values()
    found = kaplan_meier(times, causes > 0, counts, entries=entries)
    at = np.isin(found.times, late["curve"]["times"])
    for field in FIELDS:
        close(getattr(found, field)[at], late["curve"][field])


@pytest.mark.parametrize("cause", [1, 2])
def test_incidence_and_its_error_equal_etm(late, cause):
    """R: etm 1.1.1, whose variance is the Greenwood type's, in comparison.R."""
    entries, times, causes, counts = late["given"].values()
    found = cumulative_incidence(times, causes, counts, cause, entries=entries)
    stored = late["incidence"][str(cause)]
    at = np.isin(found.times, stored["times"])
    close(found.incidence[at], stored["incidence"])
    close(found.std_error[at], stored["std_error"])


# What late entry means


def test_a_claim_is_at_risk_after_its_entry_up_to_its_time():
    curve = kaplan_meier([9, 4, 4, 6], [0, 1, 1, 0], [5, 1, 1, 1], entries=[0, 0, 2, 4])
    assert curve.times.tolist() == [2, 4, 6, 9]
    assert curve.at_risk.tolist() == [6, 7, 6, 5]
    assert curve.survival[1] == pytest.approx(5 / 7)


def test_leaving_out_that_claims_entered_late_makes_them_look_slower():
    """Nobody sees the fast claims that had ended before the first export."""
    rng = np.random.default_rng(4)
    lasted = rng.exponential(10, 40_000)
    seen_from = rng.uniform(0, 20, 40_000) * (rng.random(40_000) < 0.8)
    seen = lasted > seen_from
    times, entries, ended = lasted[seen], seen_from[seen], np.ones(seen.sum(), bool)
    naive = survival_at(kaplan_meier(times, ended), 10).value
    honest = survival_at(kaplan_meier(times, ended, entries=entries), 10)
    assert naive > 0.5
    assert honest.lower < np.exp(-1) < honest.upper


def test_the_curve_is_that_of_claims_open_at_the_first_entry():
    curve = kaplan_meier([7, 9], [True, True], entries=[5, 5])
    assert (curve.times.tolist(), curve.at_risk.tolist()) == ([5, 7, 9], [0, 2, 2 - 1])
    assert curve.survival.tolist() == [1, 0.5, 0]
    assert np.isnan(survival_at(curve, 3).value)
    assert survival_at(curve, 6).value == 1


@pytest.mark.parametrize("ended", [True, False])
def test_after_a_time_with_nobody_left_the_shares_are_unknown(ended):
    """R goes on from the last share: with 0 for ever where the one claim there was had ended."""
    entries, times = [0, 5, 5, 5], [2, 7, 9, 30]
    curve = kaplan_meier(times, [ended, True, False, True], entries=entries)
    incidence = cumulative_incidence(times, [1 * ended, 1, 0, 2], entries=entries)
    assert curve.at_risk.tolist() == [1, 0, 3, 2, 1]
    known = np.array([not ended, False, False, False, False])
    for shares in (curve.survival, incidence.incidence, incidence.survival, incidence.std_error):
        np.testing.assert_array_equal(~np.isnan(shares), known)
    for age in (3, 8, 40):
        found = incidence_at(incidence, age)
        assert np.isnan([survival_at(curve, age).value, found.value, found.lower]).all()
    assert survival_at(curve, 8).at_risk == 2
    assert np.isnan(quantile(curve, 0.5).value)


def test_asking_from_a_later_age_finds_a_curve_where_nobody_was_left():
    """Times up to the age left out, entries raised to it: as the docstring says."""
    times, ended, entries = np.array([2, 7, 9, 30]), np.array([1, 1, 0, 0]), np.array([0, 3, 5, 4])
    open_at_5 = times > 5
    curve = kaplan_meier(
        times[open_at_5], ended[open_at_5], entries=np.maximum(entries[open_at_5], 5)
    )
    assert curve.at_risk.tolist() == [0, 3, 2, 1]
    assert survival_at(curve, 20).value == pytest.approx(2 / 3)


def test_a_limit_that_turns_back_is_reached_where_it_first_is():
    """One of the two claims there at first ended; three that come make the curve sharper."""
    curve = kaplan_meier([1, 1, 2, 2, 2], [0, 1, 0, 0, 1], entries=[0, 0, 1, 1, 1])
    assert curve.lower[1] > curve.lower[0]
    median = quantile(curve, 0.5)
    assert (median.value, median.lower) == (1.5, 1)


def test_a_claim_first_seen_when_it_had_ended_is_refused():
    for entry in (4, 6):
        with pytest.raises(ValueError, match=f"entry at {entry} of a claim last seen at 4"):
            kaplan_meier([4, 9], [True, True], entries=[entry, 0])


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [([-1], "entries must not be negative"), ([0, 0], "same shape"), ([None], "must be finite")],
)
def test_entries_that_are_no_ages_are_refused(entries, sentence):
    with pytest.raises(ValueError, match=sentence):
        cumulative_incidence([4], [1], entries=entries)


# Invariances


@given(late_claims)
def test_entries_at_the_start_change_nothing(rows):
    _, times, causes, counts = columns(rows)
    for estimate in (kaplan_meier, cumulative_incidence):
        ends = causes > 0 if estimate is kaplan_meier else causes
        without = estimate(times, ends, counts)
        with_zeros = estimate(times, ends, counts, entries=np.zeros(times.size))
        np.testing.assert_equal(vars(with_zeros), vars(without))


@given(late_claims)
def test_grouped_equals_written_out(rows):
    entries, times, causes, counts = columns(rows)
    e, t, c = (np.repeat(column, counts) for column in (entries, times, causes))
    grouped = cumulative_incidence(times, causes, counts, entries=entries)
    written = cumulative_incidence(t, c, entries=e)
    close(grouped.incidence, written.incidence)
    close(grouped.std_error, written.std_error)


@given(late_claims)
def test_with_one_cause_incidence_is_one_minus_kaplan_meier(rows):
    entries, times, causes, counts = columns(rows)
    curve = kaplan_meier(times, causes > 0, counts, entries=entries)
    incidence = cumulative_incidence(times, causes > 0, counts, entries=entries)
    close(incidence.incidence, 1 - curve.survival)
    open_yet = ~(curve.survival == 0)
    np.testing.assert_allclose(incidence.std_error[open_yet], curve.std_error[open_yet], 1e-7, 1e-7)


@given(late_claims)
def test_the_causes_and_the_open_share_add_to_one_where_known(rows):
    entries, times, causes, counts = columns(rows)
    one, two = (cumulative_incidence(times, causes, counts, k, entries=entries) for k in (1, 2))
    total = one.incidence + two.incidence + one.survival
    close(total, np.where(np.isnan(one.survival), np.nan, 1))


@given(late_claims)
def test_any_entries_give_shares_without_a_warning(rows):
    entries, times, causes, counts = columns(rows)
    with np.errstate(all="raise", under="ignore"):
        curve = kaplan_meier(times, causes > 0, counts, entries=entries)
        cumulative_incidence(times, causes, counts, entries=entries)
        median = quantile(curve, 0.5)
    known = curve.survival[~np.isnan(curve.survival)]
    assert ((known >= 0) & (known <= 1)).all()
    assert not median.lower > median.value
