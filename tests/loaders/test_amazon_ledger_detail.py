from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

REPORT = "amazon_ledger_detail"
US = f"{REPORT}.us_2026"
DOCS = f"{REPORT}.docs"

LACKING = {DOCS: ("occurred_at", "store")}
"""Columns of the book that a header variant does not fill."""

PULLED_AT = datetime(2026, 5, 31, 23, 59, 59)


def event(code: str = "M", unreconciled: int = 1, **more: str) -> dict[str, str]:
    return {
        "date": "05/07/2026",
        "fnsku": "X1",
        "msku": "A",
        "title": "Bottle",
        "event type": "Adjustments",
        "reference id": "7000000001",
        "quantity": "-1",
        "fulfillment center": "PHX6",
        "disposition": "SELLABLE",
        "reason": code,
        "country": "US",
        "reconciled quantity": str(1 - unreconciled),
        "unreconciled quantity": str(unreconciled),
        "date and time": "2026-05-07T00:00:00-0700",
        "store": "US",
    } | {name.replace("_", " "): value for name, value in more.items()}


def test_header_variants_fill_equal_tables(
    book: ClaimBook,
    usual: Callable[..., Any],
    write_report: Callable[..., Path],
    content: Callable[..., Any],
    variant: str,
) -> None:
    aside = LACKING.get(variant, ())
    book.load(write_report(variant), PULLED_AT)
    assert content(book, aside) == usual(REPORT, aside)


def test_units_per_country_and_event_are_those_of_another_reader(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    path = fixture_path(REPORT)
    (result,) = book.load(path)
    names, *lines = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    units: Counter[tuple[str, str]] = Counter()
    unreconciled: Counter[tuple[str, str]] = Counter()
    for line in lines:
        row = dict(zip(names, line, strict=True))
        units[row["Country"], row["Event Type"]] += int(row["Quantity"])
        unreconciled[row["Country"], row["Event Type"]] += int(row["Unreconciled Quantity"])
    assert result.read == result.inserted == len(lines)
    for column, counted in (("quantity", units), ("n_unreconciled", unreconciled)):
        found = book.connection.execute(
            f"SELECT country, event_type, sum({column}) FROM inventory_events GROUP BY ALL"
        ).fetchall()
        assert {(country, kind): n for country, kind, n in found} == dict(counted)


def test_event_has_its_day_as_written_and_its_time_in_utc(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    book.load(write_report(US, rows=[event()]))
    found = book.rows("SELECT occurred_on, occurred_at FROM inventory_events")
    assert found == [{"occurred_on": date(2026, 5, 7), "occurred_at": datetime(2026, 5, 7, 7)}]
    assert book.value("SELECT as_of FROM v_cutoff") == datetime(2026, 5, 7, 7)


def test_identical_events_stay_two(book: ClaimBook, write_report: Callable[..., Path]) -> None:
    (result,) = book.load(write_report(US, rows=[event(), event()]))
    assert result.inserted == 2
    found = book.columns("SELECT occurrence FROM inventory_events")["occurrence"]
    assert sorted(found) == [1, 2]


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("later", [US, DOCS])
def test_event_that_was_reconciled_is_the_same_event_in_its_new_state(
    book: ClaimBook, write_report: Callable[..., Path], later: str, is_reversed: bool
) -> None:
    """Also where its title was edited, and where the later file has fewer columns."""
    paths = [
        write_report(US, "ledger_2026-05-10.txt", [event(), event("E")]),
        write_report(later, "ledger_2026-05-20.txt", [event(unreconciled=0, title="Bottle, 1 l")]),
    ]
    results = book.load(paths[::-1] if is_reversed else paths)
    assert [result.updated for result in results] == ([0, 0] if is_reversed else [0, 1])
    found = book.rows("SELECT reason_code, n_unreconciled FROM inventory_events ORDER BY ALL")
    assert [tuple(row.values()) for row in found] == [("E", 1), ("M", 0)]


@pytest.mark.parametrize(
    "differing",
    ["date", "fnsku", "msku", "reference id", "quantity", "fulfillment center", "disposition",
     "reason", "country"],
)  # fmt: skip
def test_events_that_differ_in_what_does_not_change_are_two(
    book: ClaimBook, write_report: Callable[..., Path], differing: str
) -> None:
    other = {"date": "05/08/2026", "quantity": "-2", "reason": "5"}.get(differing, "OTHER")
    book.load(write_report(US, "a.txt", [event()]))
    (result,) = book.load(write_report(US, "b.txt", [event() | {differing: other}]))
    assert result.inserted == 1


def test_candidates_are_lost_and_damaged_stock_that_is_not_reconciled(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    codes = ["M", "5", "E", "6", "7", "H", "K", "U", "P", "Q", "D", "F", "N", "O", *"12J34"]
    rows = [
        *(event(code) for code in codes),
        event("M", unreconciled=0, reference_id="7000000002"),
        event("M", event_type="Shipments"),
    ]
    (result,) = book.load(write_report(US, rows=rows))
    found = book.rows(
        "SELECT kind, reason, list(reason_code ORDER BY line_no), sum(n_unreconciled) "
        "FROM v_inventory_claim_candidates GROUP BY ALL ORDER BY kind"
    )
    assert [tuple(row.values()) for row in found] == [
        ("damaged", "damaged_in_warehouse", ["E", "6", "7", "H", "K", "U"], 6),
        ("lost", "lost_in_warehouse", ["M", "5"], 2),
    ]
    assert not any("no rule knows" in note for note in result.notes)


def test_unknown_codes_and_events_are_kept_raw_and_counted(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    rows = [event("Z"), event("Z"), event("M", event_type="Anpassungen")]
    (result,) = book.load(write_report(US, rows=rows))
    assert "reason_code with values no rule knows, kept raw: Z (2)." in result.notes
    assert "event_type with values no rule knows, kept raw: Anpassungen (1)." in result.notes
    assert book.value("SELECT count(*) FROM inventory_events") == 3


def test_month_comes_before_the_day(book: ClaimBook, write_report: Callable[..., Path]) -> None:
    rows = [event(date="05/13/2026"), event(date="13/05/2026"), event(quantity="")]
    (result,) = book.load(write_report(DOCS, rows=rows))
    assert (result.inserted, result.rejected) == (1, 2)
    assert book.value("SELECT occurred_on FROM inventory_events") == date(2026, 5, 13)
