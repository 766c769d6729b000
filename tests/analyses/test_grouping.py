"""What the analyses share: the query as it runs, the cut-off, and doubts about the files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

import claimstats
from claimstats.analyses._columns import column, plain
from claimstats.analyses._grouping import (
    JUMP_DAYS,
    MOST_DAYS,
    QUIET_DAYS,
    call,
    check_cutoff,
    check_days,
    group_name,
    group_names,
    in_order,
    source_caveats,
)
from claimstats.errors import ParameterError


def test_call_writes_arguments_so_that_the_query_runs_as_it_stands():
    written = call("m", a="it's", b=None, c=datetime(2026, 1, 31, 12, 30), d=90, e=0.5)
    assert written == (
        "FROM m(a := 'it''s', b := NULL, c := TIMESTAMP '2026-01-31 12:30:00', d := 90, e := 0.5)"
    )


def test_cut_off_is_a_time_in_utc_without_its_zone():
    noon = datetime(2026, 1, 31, 12)
    assert check_cutoff("x", None) is None
    assert check_cutoff("x", noon) == noon
    assert check_cutoff("x", noon.replace(tzinfo=UTC)) == noon
    tokyo = datetime(2026, 1, 31, 21, tzinfo=timezone(timedelta(hours=9)))
    assert check_cutoff("x", tokyo) == noon


@pytest.mark.parametrize("given", [date(2026, 1, 31), "2026-01-31", 20260131])
def test_cut_off_that_is_no_time_is_refused(given):
    """A bare date would be read by SQL as a subtraction."""
    with pytest.raises(ParameterError, match=r"x: as_of is .*; give a datetime"):
        check_cutoff("x", given)


@pytest.mark.parametrize("days", [MOST_DAYS + 1, 10**12, float("inf")])
def test_days_beyond_every_claim_are_refused(days):
    check_days("x", "age_days", MOST_DAYS)
    with pytest.raises(ParameterError, match=r"x: age_days is .*; it may be 36,500 at most"):
        check_days("x", "age_days", days)


def test_group_column_gives_way_to_a_column_of_the_table():
    assert group_name("reason", ["rate"]) == "reason"
    assert group_name("rate", ["rate"]) == "rate_group"
    assert group_name("rate", ["rate", "rate_group"]) == "rate_group_group"


def test_neither_of_two_group_columns_takes_the_others_name():
    for by in (("rate", "rate_group"), ("rate_group", "rate")):
        names = dict(zip(by, group_names(by, ["rate"]), strict=True))
        assert names == {"rate": "rate_group_group", "rate_group": "rate_group"}
    assert group_names(("direction", "reason"), []) == ("direction", "reason")


def test_only_months_are_put_in_order():
    rows = [{"group_value": value} for value in ("2026-02", "2026-01")]
    assert in_order("filed_month", rows) == rows[::-1]
    assert in_order("reason", rows) == rows


def test_column_holds_plain_values():
    values = column("n", "count", "", np.array([1, 2])).values
    assert [type(value) for value in values] == [int, int]
    assert plain(np.float64("nan")) is plain(float("nan")) is plain(None) is None
    assert plain(np.bool_(True)) is True


CLAIM = {"program": "amazon_safet", "outcome": "denied"}
FIRST = CLAIM | {"claim_id": 1, "filed_at": "2026-01-01", "decided_at": "2026-01-05"}


def doubts(book, as_of=None):
    return list(source_caveats(book, as_of or book.as_of))


def evidence_on(day):
    return [{"program": "amazon_safet", "claim_id": 1, "kind": "photo_item", "submitted_at": day}]


def test_claims_that_stop_long_before_the_cut_off_are_doubted(tracked):
    book = tracked([FIRST], evidence=evidence_on("2026-01-25"))
    assert QUIET_DAYS < 20
    assert doubts(book) == [
        "The last event of a claim is 20 days before the cut-off; if the claims' source stops "
        "there, open claims look too old: give that day as the cut-off."
    ]


def test_claims_that_go_on_after_an_earlier_cut_off_are_not_doubted(tracked):
    later = CLAIM | {"claim_id": 2, "filed_at": "2026-03-01", "decided_at": "2026-03-05"}
    assert doubts(tracked([FIRST, later]), datetime(2026, 2, 10)) == []


def test_latest_event_far_from_all_others_is_doubted(tracked):
    """A year mistyped in one row makes every open claim look decades old."""
    wrong = CLAIM | {"claim_id": 2, "filed_at": "2026-01-03", "decided_at": "2062-01-10"}
    book = tracked([FIRST, wrong])
    assert doubts(book) == [
        "The latest event in the book, on 2062-01-10, comes 13,154 days after the one before it; "
        "if its date is wrong, all open claims look too old: give the cut-off."
    ]
    assert doubts(book, datetime(2026, 1, 10)) == []
    assert JUMP_DAYS > QUIET_DAYS


def test_events_of_no_claim_in_the_book_are_counted(tracked):
    events = [
        {
            "program": "amazon_safet",
            "claim_id": number,
            "type": "filed",
            "occurred_at": "2026-01-02",
        }
        for number in (1, 8, 9)
    ]
    assert doubts(tracked([FIRST], events)) == [
        "2 events name a claim that is not in the book: not used."
    ]


def test_empty_book_leaves_no_doubts(empty):
    assert doubts(empty) == []


def test_every_analysis_voices_them(tracked):
    book = tracked([FIRST], evidence=evidence_on("2026-01-25"))
    (doubt,) = doubts(book)
    for name in ("approval_rate", "time_to_resolution", "evidence_quality"):
        assert doubt in getattr(claimstats, name)(book).caveats
