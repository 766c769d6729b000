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

REPORT = Path(__file__).parent / "fixtures" / "ebay_transactions.csv"
PULLED_AT = datetime(2026, 6, 1)
N_PREAMBLE = 10


def rows() -> list[dict[str, str]]:
    lines = REPORT.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    return list(csv.DictReader(lines[N_PREAMBLE:]))


def as_number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., Path]:
    """A report of rows as dictionaries; what they do not name is ``--``."""

    def of(*told: dict[str, str], header: list[str] | None = None) -> Path:
        path = tmp_path / "r.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, header or list(rows()[0]), restval="--")
            writer.writeheader()
            writer.writerows(told)
        return path

    return of


def test_counts_and_sums_per_currency_are_those_of_another_reader(book: ClaimBook) -> None:
    (result,) = book.load(REPORT, PULLED_AT)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    items: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows():
        if row["Net amount"] != "--":
            sums[row["Payout currency"]] += as_number(row["Net amount"])
        if row["Type"] == "Order" and row["Item subtotal"] != "--":
            items[row["Order number"]] += as_number(row["Item subtotal"])
    assert result.read == result.inserted == len(rows()) == 17
    fetch = book.connection.execute
    told = "SELECT currency, sum(amount) FROM ledger_lines WHERE amount IS NOT NULL GROUP BY ALL"
    assert dict(fetch(told).fetchall()) == dict(sums)
    told = "SELECT order_id, sum(item_price) FROM order_items GROUP BY order_id"
    assert dict(fetch(told).fetchall()) == dict(items)


def test_order_of_several_items_has_its_money_once_and_each_item_once(book: ClaimBook) -> None:
    book.load(REPORT, PULLED_AT)
    order = "order_id = '17-15092-65817'"
    assert book.rows(f"SELECT sum(amount) AS s, count(*) AS n FROM ledger_lines WHERE {order}") == [
        {"s": Decimal("41.72"), "n": 3}
    ]
    items = book.rows(f"SELECT sku, quantity, currency FROM order_items WHERE {order} ORDER BY sku")
    assert [tuple(row.values()) for row in items] == [("CART-A", 1, "USD"), ("CART-B", 2, "USD")]


def test_money_told_for_an_order_and_for_its_items_counts_once(
    book: ClaimBook, report: Callable[..., Path]
) -> None:
    order = {"Transaction creation date": "May 3, 2026", "Type": "Order", "Order number": "1-2-3",
             "Payout currency": "USD"}  # fmt: skip
    items = [order | {"Item ID": str(k), "Net amount": "5.00"} for k in (1, 2)]
    book.load(report(order | {"Net amount": "10.00"}, *items), PULLED_AT)
    assert book.value("SELECT sum(amount) FROM ledger_lines") == 10
    assert book.value("SELECT count(*) FROM order_items") == 2


def test_case_and_payment_dispute_are_told_by_type_and_reference(book: ClaimBook) -> None:
    book.load(REPORT, PULLED_AT)
    found = book.rows(
        "SELECT line_type, program, kind, reference_id, amount FROM ledger_lines "
        "WHERE program IS NOT NULL ORDER BY line_no"
    )
    assert [tuple(row.values()) for row in found] == [
        ("Claim", "ebay_case", "grant", "5361120987", Decimal("-1249")),
        ("Payment dispute", "ebay_payment_dispute", "grant", "5098771234", Decimal("-64.5")),
        ("Payment dispute", "ebay_payment_dispute", None, "5098771234", Decimal("-20")),
        ("Payment dispute", "ebay_payment_dispute", "recovery", "5098771234", Decimal("64.5")),
    ]


def test_payout_that_comes_later_does_not_make_another_line(
    book: ClaimBook, report: Callable[..., Path]
) -> None:
    line = {"Transaction creation date": "May 3, 2026", "Type": "Refund", "Order number": "1-2-3",
            "Net amount": "-5.00", "Payout currency": "USD"}  # fmt: skip
    book.load(report(line), datetime(2026, 5, 4))
    book.load(report(line | {"Payout ID": "759", "Payout date": "May 9, 2026"}), PULLED_AT)
    found = book.rows("SELECT amount, settlement_id FROM ledger_lines")
    assert found == [{"amount": Decimal("-5"), "settlement_id": "759"}]


def test_identical_lines_stay_two(book: ClaimBook, report: Callable[..., Path]) -> None:
    line = {"Transaction creation date": "May 3, 2026", "Type": "Other fee", "Net amount": "-0.89",
            "Payout currency": "USD"}  # fmt: skip
    book.load(report(line, line), PULLED_AT)
    assert book.value("SELECT sum(amount) FROM ledger_lines") == Decimal("-1.78")


def test_other_name_of_a_column_changes_nothing(
    book: ClaimBook,
    report: Callable[..., Path],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    book.load(REPORT, PULLED_AT)
    expected = content(book)
    clear(book)
    old, new = 'Very high "item not as described" fee', "Very high fee"
    told = [{(new if name == old else name): text for name, text in r.items()} for r in rows()]
    (result,) = book.load(report(*told, header=list(told[0])), PULLED_AT)
    assert content(book) == expected
    assert not any("unknown" in note for note in result.notes)


def test_amount_without_its_currency_is_rejected(
    book: ClaimBook, report: Callable[..., Path]
) -> None:
    line = {"Transaction creation date": "May 3, 2026", "Type": "Refund", "Net amount": "-5.00"}
    (result,) = book.load(report(line), PULLED_AT)
    assert result.rejected == 1
    reason = "Payout currency: is missing where there is a net amount"
    assert book.value("SELECT reason FROM rejected_rows") == reason


def test_type_that_no_rule_knows_is_kept_and_named(
    book: ClaimBook, report: Callable[..., Path]
) -> None:
    line = {"Transaction creation date": "May 3, 2026", "Type": "Charity gift"}
    (result,) = book.load(report(line), PULLED_AT)
    assert book.value("SELECT line_type FROM ledger_lines") == "Charity gift"
    assert any(
        "type with values no rule knows, kept raw: Charity gift (1)" in n for n in result.notes
    )
