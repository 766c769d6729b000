from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

COLUMNS = ("program", "claim_id", "type", "occurred_at", "actor", "note")


@pytest.fixture
def events(write: Callable[..., Path]) -> Callable[..., Path]:
    """Write events of the claim C1, each a type with a time."""

    def of(*told: tuple[str, str], name: str = "claim_events.csv", **more: str) -> Path:
        rows = [
            {"program": "amazon_safet", "claim_id": "C1", "type": kind, "occurred_at": at} | more
            for kind, at in told
        ]
        return write(name, COLUMNS, rows)

    return of


def test_event_keeps_its_words_its_type_and_its_precision(
    book: ClaimBook, events: Callable[..., Path]
) -> None:
    (result,) = book.load(events(("Info Requested", "2026-05-08"), actor="Platform", note="n"))
    assert (result.format, result.inserted) == ("claim_events", 1)
    (found,) = book.rows(
        "SELECT type_raw, type, occurred_at, occurred_precision, actor FROM claim_events"
    )
    assert tuple(found.values()) == (
        "Info Requested", "info_requested", datetime(2026, 5, 8), "day", "platform",
    )  # fmt: skip


def test_event_that_no_rule_knows_is_kept_raw_and_counted(
    book: ClaimBook, events: Callable[..., Path]
) -> None:
    (result,) = book.load(events(("shrugged", "2026-05-08")))
    assert book.value("SELECT type_raw FROM claim_events WHERE type IS NULL") == "shrugged"
    assert book.value("SELECT value FROM unmapped_values") == "shrugged"
    assert "type with values no rule knows, kept raw: shrugged (1)." in result.notes


def test_same_event_twice_in_a_file_stays_two(book: ClaimBook, events: Callable[..., Path]) -> None:
    (result,) = book.load(events(*[("info_requested", "2026-05-08")] * 2))
    assert result.inserted == book.value("SELECT count(*) FROM claim_events") == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_overlapping_files_do_not_double_events(
    book: ClaimBook,
    events: Callable[..., Path],
    content: Callable[..., Any],
    order: tuple[int, int],
) -> None:
    twice = [("info_requested", "2026-05-08")] * 2
    paths = [
        events(("filed", "2026-05-01"), *twice, name="1.csv"),
        events(*twice, ("decided", "2026-05-20"), name="2.csv"),
    ]
    results = book.load([paths[k] for k in order])
    assert [(r.inserted, r.unchanged + r.ignored) for r in results] == [(3, 0), (1, 2)]
    assert [(row[2], row[4]) for row in content(book)["claim_events"]] == [
        ("decided", 1), ("filed", 1), ("info_requested", 1), ("info_requested", 2),
    ]  # fmt: skip


def test_event_that_a_later_file_tells_otherwise_is_kept_and_said(
    book: ClaimBook, events: Callable[..., Path]
) -> None:
    """A corrected date and a file of news alone look the same: the book keeps both events."""
    book.load(events(("filed", "2026-05-01"), ("decided", "2026-05-20"), name="1.csv"))
    (result,) = book.load(events(("decided", "2026-05-22"), name="2.csv"))
    assert book.value("SELECT count(*) FROM claim_events") == 3
    assert "2 rows of earlier files on the same claims are not in this one; kept." in result.notes


def test_event_without_a_time_is_kept(book: ClaimBook, events: Callable[..., Path]) -> None:
    book.load(events(("filed", "")))
    assert book.rows("SELECT occurred_at, occurred_precision FROM claim_events") == [
        {"occurred_at": None, "occurred_precision": None}
    ]


def test_actor_who_is_no_side_is_counted_and_not_kept(
    book: ClaimBook, events: Callable[..., Path]
) -> None:
    """It may be a person's name."""
    book.load(events(("filed", "2026-05-08"), ("decided", "2026-05-09"), actor="Wilhelmina"))
    assert book.columns("SELECT actor FROM claim_events")["actor"] == [None, None]
    (found,) = book.rows("SELECT value, n_rows FROM unmapped_values WHERE column_name = 'actor'")
    assert found["n_rows"] == 2
    assert "neither seller, buyer" in found["value"]
