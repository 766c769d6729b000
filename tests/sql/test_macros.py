"""The macros that the analyses and people's own queries are built of."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimstats.stats.proportions import wilson

shares = st.integers(0, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(share=shares)
def test_wilson_limits_equal_those_of_stats(one_book, share):
    k, n = share
    (row,) = one_book.rows(
        "SELECT wilson_low($1, $2) AS lower, wilson_high($1, $2) AS upper", [k, n]
    )
    expected = wilson(k, n)
    found = [np.nan if row[name] is None else row[name] for name in ("lower", "upper")]
    np.testing.assert_allclose(found, [expected.lower, expected.upper], rtol=1e-12, atol=1e-15)


def test_wilson_limits_take_another_level(book):
    """z = 1.2815515655446004 is the normal quantile of 80 %."""
    expected = wilson(4, 9, level=0.8)
    low, high = (
        book.value(f"SELECT wilson_{end}(4, 9, z := 1.2815515655446004)") for end in ("low", "high")
    )
    assert (low, high) == pytest.approx((float(expected.lower), float(expected.upper)))


def test_wilson_limits_of_no_claims_are_null(book):
    assert book.value("SELECT wilson_low(0, 0)") is book.value("SELECT wilson_high(0, 0)") is None


NOON = "2026-03-10 12:00:00"


@pytest.mark.parametrize(
    ("start", "start_precision", "end", "end_precision", "hours"),
    [
        # Whole hours, rounded down: never up to a time that has not passed.
        (NOON, "instant", "2026-03-10 12:00:00", "instant", 0),
        (NOON, "instant", "2026-03-10 12:59:59.999999", "instant", 0),
        (NOON, "instant", "2026-03-10 13:00:00", "instant", 1),
        # Midnights passed are not days passed.
        ("2026-03-10 23:59:00", "instant", "2026-03-11 00:01:00", "instant", 0),
        ("2026-03-10 00:01:00", "instant", "2026-03-11 23:59:00", "instant", 47),
        # A day has no time of day: whole days, whichever side has it.
        ("2026-03-10", "day", "2026-03-12", "day", 48),
        ("2026-03-10 23:00:00", "instant", "2026-03-12", "day", 48),
        ("2026-03-10", "day", "2026-03-12 01:00:00", "instant", 48),
        ("2026-03-10 15:00:00", "instant", "2026-03-10", "day", 0),
        # Clocks are UTC: the night of the change of time has 24 hours like any other.
        ("2026-03-28 12:00:00", "instant", "2026-03-29 12:00:00", "instant", 24),
        # A leap day is a day.
        ("2028-02-28", "day", "2028-03-01", "day", 48),
        # Backwards stays negative, and is rounded away from zero so that it cannot hide as 0.
        (NOON, "instant", "2026-03-10 11:59:59", "instant", -1),
        ("2026-03-10", "day", "2026-03-09", "day", -24),
        # An unknown precision counts as exact, an unknown time as unknown.
        (NOON, None, "2026-03-10 14:30:00", None, 2),
        (NOON, "instant", None, "instant", None),
        (None, "day", NOON, "instant", None),
    ],
)
def test_elapsed_hours(book, start, start_precision, end, end_precision, hours):
    found = book.value(
        "SELECT elapsed_hours(CAST($1 AS TIMESTAMP), $2, CAST($3 AS TIMESTAMP), $4)",
        [start, start_precision, end, end_precision],
    )
    assert found == hours


def only_claim(book, **asked):
    written = ", ".join(f"{name} := {value!r}" for name, value in asked.items())
    (row,) = book.rows(f"FROM claims_as_of({written})")
    return row


DAY = [datetime(2026, 1, day) for day in range(1, 32)]


def test_claim_is_open_until_the_moment_of_its_decision(book, put):
    put("claims", outcome="denied", filed_at=DAY[0], decided_at=DAY[10])
    put("claims", claim_id="2", filed_at=DAY[20])
    book_ends = {"2026-01-10 23:59:59": "open", "2026-01-11": "denied", "2026-01-20": "denied"}
    for cutoff, event in book_ends.items():
        row = only_claim(book, cutoff=cutoff)
        assert row["event"] == event
        assert row["exit_hours"] == (239 if event == "open" else 240)


def test_interval_known_decision_counts_from_its_latest_time(book, put):
    put("claims", outcome="denied", origins=["amazon_mfn_returns"], filed_at=DAY[0])
    put("claim_snapshots", outcome="pending", pulled_at=DAY[4])
    put("claim_snapshots", outcome="denied", pulled_at=DAY[9], file_id=2)
    assert only_claim(book, cutoff="2026-01-08")["event"] == "open"
    row = only_claim(book, cutoff="2026-01-10")
    assert (row["event"], row["exit_hours"], row["earliest_hours"]) == ("denied", 9 * 24, 4 * 24)
    assert row["is_interval"]


@pytest.mark.parametrize(
    ("columns", "excluded", "untimed"),
    [
        ({"outcome": "denied", "filed_at": DAY[0], "decided_at": DAY[1]}, None, None),
        ({"outcome": "pending", "filed_at": DAY[0]}, None, None),
        ({"outcome": "withdrawn", "filed_at": DAY[0], "decided_at": DAY[1]}, "withdrawn", None),
        ({"outcome": "unknown", "filed_at": DAY[0]}, "outcome_unknown", "outcome_unknown"),
        (
            {
                "outcome": "granted_full",
                "decided_at": DAY[1],
                "origins": ["amazon_fba_reimbursements"],
            },
            "approvals_only",
            "approvals_only",
        ),
        ({"outcome": "denied", "decided_at": DAY[1]}, None, "no_filing_date"),
        ({"outcome": "denied", "filed_at": DAY[0]}, None, "no_decision_date"),
        (
            {"outcome": "denied", "filed_at": DAY[1], "decided_at": DAY[0]},
            None,
            "decided_before_filing",
        ),
    ],
)
def test_each_exclusion_has_its_reason(book, put, columns, excluded, untimed):
    put("claims", **columns)
    row = only_claim(book)
    assert (row["excluded_why"], row["untimed_why"]) == (excluded, untimed)


def test_claim_ages_come_in_whole_steps(book, put):
    for number, hours in enumerate((47, 48, 71)):
        decided = datetime(2026, 1, 1 + hours // 24, hours % 24)
        put("claims", claim_id=str(number), outcome="denied", filed_at=DAY[0], decided_at=decided)
    for step, ages in ((1, {47: 1, 48: 1, 71: 1}), (24, {24: 1, 48: 2})):
        rows = book.rows(f"FROM claim_ages(step_hours := {step})")
        assert {row["exit_hours"]: row["n_claims"] for row in rows} == ages


def test_split_by_what_a_claim_came_to_does_not_tell_the_future(book, put):
    """Seen from before its decision, a claim has no month of decision."""
    put("claims", outcome="denied", filed_at=DAY[0], decided_at=DAY[10], resolution="refused")
    for by, value in (
        ("decided_month", "2026-01"),
        ("decided_basis", "reported"),
        ("resolution", "refused"),
    ):
        assert only_claim(book, by_column=by)["group_value"] == value
        assert only_claim(book, by_column=by, cutoff="2026-01-05")["group_value"] is None
