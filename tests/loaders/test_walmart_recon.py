from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from claimstats.loaders import load
from claimstats.loaders.reading import Reading
from claimstats.session import ClaimBook

REPORT = Path(__file__).parent / "fixtures" / "walmart_recon.csv"
PULLED_AT = datetime(2026, 6, 1)


def rows() -> list[dict[str, str]]:
    with REPORT.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def report(write: Callable[..., Path]) -> Callable[..., Path]:
    """Rows of the fixture as the older, tab-separated download writes them."""
    return lambda told: write("r.txt", list(rows()[0]), told, delimiter="\t")


def test_counts_and_sums_are_those_of_another_reader_and_of_the_payment(book: ClaimBook) -> None:
    (result,) = book.load(REPORT, PULLED_AT)
    total, *lines = rows()
    assert (result.read, result.inserted, result.ignored) == (len(lines) + 1, len(lines), 1)
    (found,) = book.rows("SELECT currency, sum(amount) AS amount FROM ledger_lines GROUP BY ALL")
    assert found["amount"] == sum(Decimal(row["Amount"]) for row in lines)
    assert (found["currency"], found["amount"]) == ("USD", Decimal(total["Total Payable"]))


def test_row_with_the_payments_total_is_no_line_but_names_currency_and_period(
    book: ClaimBook,
) -> None:
    (result,) = book.load(REPORT, PULLED_AT)
    assert any("1 total of a payment (PaymentSummary)" in note for note in result.notes)
    found = book.rows("SELECT DISTINCT currency, settlement_id FROM ledger_lines")
    assert found == [{"currency": "USD", "settlement_id": "2026-04-18"}]


def test_won_dispute_is_a_grant_and_money_taken_back_a_reversal(
    book: ClaimBook, report: Callable[..., Path]
) -> None:
    won = [row for row in rows() if row["Transaction Type"] == "Dispute Settlement"]
    book.load(report([rows()[0], won[0], won[1] | {"Amount": "-120.50"}]), PULLED_AT)
    found = book.rows(
        "SELECT program, kind, order_id, sku, amount FROM ledger_lines ORDER BY line_no"
    )
    assert [tuple(row.values()) for row in found] == [
        ("walmart_dispute", "grant", "129111111111111", "645397938446", Decimal("31.96")),
        ("walmart_dispute", "reversal", "119111200034121", "37321002277", Decimal("-120.50")),
    ]


def test_month_comes_first_in_days_with_slashes(
    book: ClaimBook, report: Callable[..., Path]
) -> None:
    row = rows()[1] | {"Transaction Posted Timestamp": "5/4/2026"}
    book.load(report([rows()[0], row]), PULLED_AT)
    assert book.value("SELECT posted_at FROM ledger_lines") == datetime(2026, 5, 4)


def test_line_that_counts_the_others_is_no_row(book: ClaimBook, tmp_path: Path) -> None:
    header, *lines = REPORT.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "r.csv"
    path.write_text("\n".join([header, "Number of Lines in file 14", *lines, ""]))
    (result,) = book.load(path, PULLED_AT)
    assert (result.read, result.inserted, result.ignored, result.rejected) == (15, 13, 2, 0)


@pytest.mark.parametrize(("marketplace", "currency"), [(None, None), ("CA", "CAD")])
def test_currency_that_no_row_names_is_said_or_stays_unknown_and_is_named(
    book: ClaimBook, report: Callable[..., Path], marketplace: str | None, currency: str | None
) -> None:
    (result,) = load(book, [report(rows()[1:3])], PULLED_AT, Reading(marketplace=marketplace))
    assert set(book.columns("SELECT currency FROM ledger_lines")["currency"]) == {currency}
    assert any("say --marketplace" in note for note in result.notes) == (currency is None)
