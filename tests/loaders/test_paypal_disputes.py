from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from claimstats.errors import FileRefused
from claimstats.session import ClaimBook

REPORT = Path(__file__).parent / "fixtures" / "paypal_disputes.csv"
PULLED_AT = datetime(2026, 5, 1)
DECIMALS = {"JPY": 0, "KWD": 3}


def records() -> list[list[str]]:
    with REPORT.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., Path]:
    """A report with its first case, changed, and further records below it."""
    header = next(record for record in records() if record[0] == "CH")
    case = next(record for record in records() if record[0] == "SB")

    def of(*below: list[str], **changed: str) -> Path:
        named = {name.replace("_", " "): value for name, value in changed.items()}
        row = [named.get(name, value) for name, value in zip(header, case, strict=True)]
        path = tmp_path / "ddr.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, quoting=csv.QUOTE_ALL).writerows([header, row, *below])
        return path

    return of


def test_counts_and_sums_per_currency_are_those_of_another_reader(book: ClaimBook) -> None:
    (result,) = book.load(REPORT, PULLED_AT)
    header = next(record for record in records() if record[0] == "CH")
    cases = [dict(zip(header, r, strict=True)) for r in records() if r[0] == "SB"]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for case in cases:
        currency = case["Disputed currency"]
        sums[currency] += Decimal(case["Disputed amount"]).scaleb(-DECIMALS.get(currency, 2))
    assert (result.inserted, result.ignored) == (len(cases), 5) == (11, 5)
    by_currency = "SELECT currency, sum(claimed_amount) FROM claims GROUP BY currency"
    assert dict(book.connection.execute(by_currency).fetchall()) == dict(sums)


def test_case_tells_when_it_was_filed_and_is_due_and_how_it_ended(book: ClaimBook) -> None:
    book.load(REPORT, PULLED_AT)
    found = book.rows("SELECT * FROM v_claims ORDER BY filed_at LIMIT 4")
    assert [(row["state_raw"], row["outcome"], row["seller_outcome"]) for row in found] == [
        ("Resolved in buyer's favor", "granted_full", "lost"),
        ("Resolved in seller's favor", "denied", "won"),
        ("Open", "pending", "pending"),
        ("Waiting for seller response", "pending", "pending"),
    ]
    # 2026/04/05 12:30 in a zone seven hours behind UTC; due on the 16th at the day's end.
    assert found[2]["filed_at"] == datetime(2026, 4, 5, 19, 30)
    assert found[2]["due_at"] == datetime(2026, 4, 17, 6, 59, 59)
    assert {row["reason"] for row in found} == {
        "item_not_received", "not_as_described", "fraud_unauthorised",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("12345", "USD", "123.45"), ("12345", "JPY", "12345"), ("12345", "KWD", "12.345"),
        ("0", "EUR", "0"), ("9999999999999", "KRW", "9999999999999"),
    ],
)  # fmt: skip
def test_minor_units_are_those_of_the_currency(
    book: ClaimBook, report: Callable[..., Path], amount: str, currency: str, expected: str
) -> None:
    book.load(report(Disputed_amount=amount, Disputed_currency=currency), PULLED_AT)
    assert book.value("SELECT claimed_amount FROM claims") == Decimal(expected)


@pytest.mark.parametrize("amount", ["123.45", "-100", "1,234", "12 34", "99999999999999"])
def test_amount_that_is_no_whole_number_of_minor_units_is_rejected(
    book: ClaimBook, report: Callable[..., Path], amount: str
) -> None:
    (result,) = book.load(report(Disputed_amount=amount), PULLED_AT)
    assert (result.inserted, result.rejected) == (0, 1)


def test_amount_whose_unit_no_source_tells_is_kept_raw_and_named(
    book: ClaimBook, report: Callable[..., Path]
) -> None:
    (result,) = book.load(report(Disputed_amount="5000", Disputed_currency="HUF"), PULLED_AT)
    (claim,) = book.rows("SELECT claimed_amount, extra ->> 'Disputed amount' AS raw FROM claims")
    assert (claim["claimed_amount"], claim["raw"]) == (None, "5000")
    assert any("HUF in unknown units" in note for note in result.notes)


def test_repeated_column_names_are_no_case_and_other_ones_are_refused(
    book: ClaimBook, report: Callable[..., Path], clear: Callable[[ClaimBook], None]
) -> None:
    header = next(record for record in records() if record[0] == "CH")
    (result,) = book.load(report(header, ["SH", "2026/05/01 00:00:00 -0700"]), PULLED_AT)
    assert (result.inserted, result.rejected, result.ignored) == (1, 0, 2)
    assert any("1 header repeated" in note for note in result.notes)
    clear(book)
    with pytest.raises(FileRefused, match="second header"):
        book.load(report([header[0], *header[:0:-1]]), PULLED_AT)


def test_record_of_an_unknown_kind_is_rejected(
    book: ClaimBook, report: Callable[..., Path]
) -> None:
    (result,) = book.load(report(CH="SX"), PULLED_AT)
    assert (result.inserted, result.rejected) == (0, 1)
