"""The settlement file: every amount once, its total checked, whatever country wrote it."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimstats.loaders import load
from claimstats.loaders.reading import Reading
from claimstats.loaders.unload import unload
from claimstats.session import ClaimBook

REPORT = "amazon_settlement_v2"
FILES = f"{REPORT}.files_24"
FIXTURE = Path(__file__).parent / "fixtures" / f"{REPORT}.txt"

Row = dict[str, str]


def summary(total: str, currency: str = "USD", settlement: str = "1") -> Row:
    return {"settlement-id": settlement, "total-amount": total, "currency": currency}


def moved(amount: str, **more: str) -> Row:
    return {
        "settlement-id": "1",
        "transaction-type": "Order",
        "order-id": "113-0000001-0000001",
        "amount-type": "ItemPrice",
        "amount-description": "Principal",
        "amount": amount,
        "posted-date": "04/02/26",
        "posted-date-time": "2026-04-02 18:05:11 UTC",
    } | {name.replace("_", "-"): value for name, value in more.items()}


def held(book: ClaimBook, columns: str) -> list[tuple[Any, ...]]:
    return book.connection.execute(f"SELECT {columns} FROM ledger_lines ORDER BY ALL").fetchall()


def test_headers_of_files_and_docs_fill_the_same_lines(
    book: ClaimBook, write_report: Callable[..., Path], variant: str
) -> None:
    book.load(FIXTURE)
    columns = "settlement_id, posted_at, order_id, sku, line_type, description, amount, kind"
    expected = held(book, columns)
    book.execute("DELETE FROM source_files; DELETE FROM history.ledger_lines")
    book.load(write_report(variant))
    assert held(book, columns) == expected
    assert len(expected) == 22


def test_counts_and_sums_per_currency_are_those_of_another_reader(book: ClaimBook) -> None:
    (result,) = book.load(FIXTURE)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with FIXTURE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        sums[row["currency"]] += Decimal(row["amount"] or 0)
    assert (result.read, result.inserted, result.ignored) == (len(rows), len(rows) - 2, 2)
    by_currency = "SELECT currency, sum(amount) FROM ledger_lines GROUP BY currency"
    assert dict(book.connection.execute(by_currency).fetchall()) == dict(sums)
    assert set(sums) == {"USD", "EUR"}


def test_identical_rows_stay_two_and_another_order_of_rows_is_the_same_settlement(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    rows = [moved("5.00"), moved("5.00"), moved("7.00")]
    book.load(write_report(FILES, name="a.txt", rows=[summary("17.00"), *rows]))
    assert held(book, "amount, occurrence") == [(5, 1), (5, 2), (7, 1)]
    again = write_report(FILES, name="b.txt", rows=[summary("17.00"), *reversed(rows)])
    (result,) = book.load(again)
    assert (result.inserted, result.updated, result.unchanged) == (0, 0, 3)


def test_settlement_downloaded_again_replaces_it_as_a_whole_and_leaves_others(
    book: ClaimBook, write_report: Callable[..., Path], content: Callable[..., Any]
) -> None:
    other = [summary("9.00", settlement="2"), moved("9.00", settlement_id="2")]
    first = [summary("17.00"), moved("5.00"), moved("5.00"), moved("7.00"), *other]
    book.load(write_report(FILES, name="a.txt", rows=first))
    before = content(book, whole=True, without=("loaded_at",))
    (result,) = book.load(
        write_report(FILES, name="b.txt", rows=[summary("6.00"), moved("5.00"), moved("1.00")])
    )
    assert (result.inserted, result.unchanged) == (1, 1)
    assert held(book, "settlement_id, amount") == [("1", 1), ("1", 5), ("2", 9)]
    assert result.file_id
    unload(book, result.file_id)
    after = content(book, whole=True, without=("loaded_at", "unloaded_at"))
    assert {k: v for k, v in after.items() if k != "unloaded_files"} == {
        k: v for k, v in before.items() if k != "unloaded_files"
    }


@pytest.mark.parametrize(
    ("day", "moment", "amount", "currency", "told_at"),
    [
        ("04/02/26", "2026-04-02 18:05:11 UTC", "-1,095.00", "USD", "2026-04-02T18:05:11"),
        ("02.04.2026", "02.04.2026 18:05:11 UTC", "-1.095,00", "EUR", "2026-04-02T18:05:11"),
        ("2026/04/03", "2026/04/02 18:05:11 UTC", "-1095", "JPY", "2026-04-02T18:05:11"),
        ("04/02/26", "", "-1095.00", "USD", "2026-04-02T00:00:00"),
        ("02.04.2026", "", "-1095,00", "EUR", "2026-04-02T00:00:00"),
    ],
)
def test_times_and_amounts_are_read_as_each_country_writes_them(
    book: ClaimBook,
    write_report: Callable[..., Path],
    day: str,
    moment: str,
    amount: str,
    currency: str,
    told_at: str,
) -> None:
    """The rows name no currency, as in Japan: the summary's is filled down."""
    row = moved(amount, posted_date=day, posted_date_time=moment)
    (result,) = book.load(write_report(FILES, rows=[summary(amount, currency), row]))
    assert result.rejected == 0
    precision = "instant" if moment else "day"
    assert held(book, "posted_at, posted_precision, amount, currency") == [
        (datetime.fromisoformat(told_at), precision, -1095, currency)
    ]
    assert not [note for note in result.notes if "add up" in note]


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ([summary("17.01"), moved("17.00")],
         "the rows of settlement 1 add up to 17.0000 and its summary says 17.0100 USD: rows are "
         "missing, rejected or doubled."),
        ([summary("17.00"), moved("17.00"), moved("")],
         None),
        ([summary("18.00"), moved("17.00"), moved("1.00", posted_date_time="soon")],
         "the rows of settlement 1 add up to 17.0000 and its summary says 18.0000 USD: rows are "
         "missing, rejected or doubled."),
        ([moved("17.00", currency="USD")],
         "settlement 1 has no summary row: its total was not checked."),
        ([summary("many"), moved("17.00")],
         "the summary of settlement 1 has no total that can be read: it was not checked."),
        ([summary("17.00", ""), moved("17.00")],
         "rows of settlement 1 name no currency, nor does anything else in the file; load it with "
         "--marketplace."),
        ([summary("17.00"), moved("17.00")], None),
    ],
)  # fmt: skip
def test_total_is_held_against_the_rows_and_a_difference_told(
    book: ClaimBook, write_report: Callable[..., Path], rows: list[Row], note: str | None
) -> None:
    (result,) = book.load(write_report(FILES, rows=rows))
    told = [n for n in result.notes if "settlement 1" in n]
    assert told == ([note] if note else [])


def test_currency_of_the_marketplace_stands_in_where_the_file_is_silent(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    path = write_report(FILES, rows=[summary("17", ""), moved("17")])
    load_said = list(load(book, [path], reading=Reading(marketplace="Amazon.co.jp")))
    assert load_said[0].inserted == 1
    assert held(book, "currency, marketplace") == [("JPY", "JP")]


@pytest.mark.parametrize(
    ("row", "meaning"),
    [
        ({"transaction_type": "A-to-z Guarantee Refund"}, ("amazon_atoz", "grant")),
        ({"transaction_type": "Chargeback Refund"}, ("amazon_chargeback", "grant")),
        ({"transaction_type": "CHARGEBACK REFUND", "amount": "5.00"},
         ("amazon_chargeback", "recovery")),
        ({"transaction_type": "SAFE-T Reimbursement", "amount_type": "Other transactions"},
         ("amazon_safet", "reversal")),
        ({"transaction_type": "other-transaction", "amount_type": "other-transaction",
          "amount_description": "SAFE-T Reimbursement", "amount": "5.00"},
         ("amazon_safet", "grant")),
        ({"transaction_type": "Other", "amount_type": "Other transactions", "amount": "5.00",
          "amount_description": "Reimbursement for Lost packages"}, ("amazon_safet", "grant")),
        ({"transaction_type": "other-transaction", "amount_type": "FBA Inventory Reimbursement",
          "amount_description": "MISSING_FROM_INBOUND", "amount": "5.00"},
         ("amazon_fba_reimbursement", "grant")),
        ({"transaction_type": "other-transaction", "amount_type": "FBA Inventory Reimbursement",
          "amount_description": "REVERSAL_REIMBURSEMENT"},
         ("amazon_fba_reimbursement", "reversal")),
        ({"amount_type": "ItemFees", "amount_description": "ShippingChargeback"}, (None, None)),
        ({"amount_type": "ItemFees", "amount_description": "GiftwrapChargeback"}, (None, None)),
        ({"amount_type": "ItemFees", "amount_description": "Gift Wrap Chargeback"}, (None, None)),
        ({"transaction_type": "other-transaction", "amount_description": "BuyerRecharge"},
         (None, None)),
        ({"transaction_type": "Order_Retrocharge"}, (None, None)),
        ({"transaction_type": "Refund"}, (None, None)),
        ({"transaction_type": "SAFE-T Surprise", "amount_type": ""}, (None, "unknown")),
        ({"transaction_type": "other-transaction", "amount_type": "other-transaction",
          "amount_description": "Carrier Reimbursement"}, (None, "unknown")),
    ],
)  # fmt: skip
def test_line_is_what_its_type_and_description_say(
    book: ClaimBook,
    write_report: Callable[..., Path],
    row: Row,
    meaning: tuple[str | None, str | None],
) -> None:
    (result,) = book.load(write_report(FILES, rows=[summary("0"), moved("-5.00") | _dashed(row)]))
    assert held(book, "program, kind") == [meaning]
    listed = [note for note in result.notes if note.startswith("money with values no rule knows")]
    assert bool(listed) == (meaning[1] == "unknown")


def _dashed(row: Row) -> Row:
    return {name.replace("_", "-"): value for name, value in row.items()}


def test_amount_that_cannot_be_read_is_rejected_and_told(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    rows = [summary("6.00"), moved("5.00"), moved("five"), moved("1.00", order_id="1.1E+16")]
    (result,) = book.load(write_report(FILES, rows=rows))
    assert (result.inserted, result.rejected, result.ignored) == (1, 2, 1)
    assert any("add up to 5.0000" in note for note in result.notes)
