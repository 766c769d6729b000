from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

PAYMENTS = Path(__file__).parent / "fixtures" / "stripe_payments.csv"
PULLED_AT = datetime(2026, 6, 1)

ADDED_LATER = {
    "Seller Message", "Card ID", "Card Tokenization Method", "Destination", "Transfer",
    "Transfer Group", "Payment Source Type", "Interchange Costs", "Merchant Service Charge",
    "PaymentIntent ID",
}  # fmt: skip
NEWER = (
    "Shipping Address Line1", "Shipping Address City", "Shipping Address Country",
    "Shipping Address Postal Code", "Invoice Number", "Is Link",
)  # fmt: skip


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_rows(path: Path, header: list[str], rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, header, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_counts_and_sums_per_currency_are_those_of_another_reader(book: ClaimBook) -> None:
    (result,) = book.load(PAYMENTS, PULLED_AT)
    orders: dict[str, Decimal] = defaultdict(Decimal)
    disputed: dict[str, Decimal] = defaultdict(Decimal)
    made = [row for row in rows_of(PAYMENTS) if row["Status"] != "Failed"]
    for row in made:
        orders[row["Currency"].upper()] += Decimal(row["Amount"].replace(",", ""))
        if row["Dispute Status"]:
            amount = Decimal(row["Disputed Amount"].replace(",", ""))
            disputed[row["Currency"].upper()] += amount
    assert (result.read, result.inserted, result.ignored) == (16, len(made), 1)
    fetch = book.connection.execute
    by_currency = "SELECT currency, sum(item_price) FROM order_items GROUP BY currency"
    assert dict(fetch(by_currency).fetchall()) == dict(orders)
    by_currency = "SELECT currency, sum(claimed_amount) FROM claims GROUP BY currency"
    assert dict(fetch(by_currency).fetchall()) == dict(disputed)


def test_payment_that_failed_is_no_order_and_named_as_such(book: ClaimBook) -> None:
    (result,) = book.load(PAYMENTS, PULLED_AT)
    assert any("1 payments that failed" in note for note in result.notes)
    assert book.value("SELECT count(*) FROM orders WHERE order_status = 'Failed'") == 0


def test_claim_told_here_has_an_id_derived_from_its_charge(book: ClaimBook) -> None:
    book.load(PAYMENTS, PULLED_AT)
    charges = {row["id"] for row in rows_of(PAYMENTS) if row["Dispute Status"]}
    found = book.rows("SELECT claim_id, order_id, id_is_derived, has_order FROM v_claims")
    assert {row["claim_id"] for row in found} == charges
    assert all(
        row["claim_id"] == row["order_id"] and row["id_is_derived"] and row["has_order"]
        for row in found
    )


@pytest.mark.parametrize("age", ["older", "newer"])
def test_older_and_newer_headers_tell_the_same(
    book: ClaimBook,
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
    tmp_path: Path,
    age: str,
) -> None:
    rows = rows_of(PAYMENTS)
    book.load(PAYMENTS, PULLED_AT)
    expected = content(book)
    clear(book)
    usual = list(rows[0])
    headers = {
        "older": [name for name in usual if name not in ADDED_LATER],
        "newer": [*usual[:38], *NEWER, *usual[38:]],
    }
    (result,) = book.load(write_rows(tmp_path / "p.csv", headers[age], rows), PULLED_AT)
    assert content(book) == expected
    assert not any("unknown columns" in note for note in result.notes)


def test_unified_payments_export_is_known_by_its_own_date_columns(
    book: ClaimBook, tmp_path: Path
) -> None:
    rows = [row | {"Created date (UTC)": row["Created (UTC)"]} for row in rows_of(PAYMENTS)]
    header = ["id", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Status",
              "Refunded date (UTC)", "Disputed Amount", "Dispute Date (UTC)", "Dispute Status",
              "Dispute Reason", "Dispute Evidence Due (UTC)"]  # fmt: skip
    (result,) = book.load(write_rows(tmp_path / "u.csv", header, rows), PULLED_AT)
    assert (result.format, result.inserted, result.rejected) == ("stripe_payments", 15, 0)
