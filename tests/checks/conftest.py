"""Books with one thing wrong, and what a check finds in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from claimstats.checks import REGISTER
from claimstats.session import ClaimBook

HEADERS = Path(__file__).parents[1] / "loaders" / "data" / "headers"

CLAIM = {"claim_id": "C1", "program": "amazon_safet", "outcome": "denied", "filed_at": "2026-05-08"}
ORDER = {
    "amazon-order-id": "111-0000001-0000001",
    "purchase-date": "2026-05-01T08:00:00+00:00",
    "last-updated-date": "2026-05-03T09:30:00+00:00",
    "order-status": "Shipped",
    "fulfillment-channel": "Merchant",
    "sales-channel": "Amazon.com",
    "sku": "SKU-1",
    "quantity": "1",
    "currency": "USD",
    "item-price": "25.00",
}
RETURN = {
    "Order ID": "111-0000001-0000001",
    "Order date": "01-May-2026",
    "Return request date": "04-May-2026",
    "Return request status": "Approved",
    "Amazon RMA ID": "RMA1",
    "Merchant SKU": "SKU-1",
    "Return quantity": "1",
    "Currency code": "USD",
}

Rows = Sequence[Mapping[str, object]]

STANDS_IN = """
    CREATE OR REPLACE TABLE money_found (
        file_id INTEGER, line_no BIGINT, program VARCHAR, order_id VARCHAR, amount DECIMAL(18, 4),
        currency VARCHAR, why VARCHAR
    );
    CREATE OR REPLACE VIEW v_money_unlinked AS FROM money_found;
"""
"""The columns that the checks of money ask for, so that what they make of them is seen."""


@pytest.fixture
def book_of(
    write: Callable[..., Path], make_book: Callable[..., ClaimBook]
) -> Callable[..., ClaimBook]:
    """Load rows of the kinds claims, orders, returns, evidence and reimbursements.

    Of each kind a list of rows, or one per file by the file's name; what a row does not say is
    usual and right.
    """

    def make(**kinds: Rows | Mapping[str, Rows]) -> ClaimBook:
        files = []
        for kind, given in kinds.items():
            named = given if isinstance(given, Mapping) else {f"{kind}_2026-06-30.txt": given}
            files += [_write(write, kind, name, rows) for name, rows in named.items()]
        return make_book(*files)

    return make


def _write(write: Callable[..., Path], kind: str, name: str, rows: Rows) -> Path:
    usual = {"claims": CLAIM, "orders": ORDER, "returns": RETURN}.get(kind, {})
    whole = [{**usual, **row} for row in rows]
    headers = {
        "orders": "amazon_all_orders.us_2026",
        "returns": "amazon_mfn_returns.us_2026_33",
        "reimbursements": "amazon_fba_reimbursements.us_2026",
    }
    if kind in headers:
        names = (HEADERS / f"{headers[kind]}.tsv").read_text().rstrip("\n").split("\t")
    else:
        names = list(dict.fromkeys(column for row in whole for column in row))
    return write(name, names, whole, delimiter="\t")


@pytest.fixture
def found() -> Callable[..., list[tuple[Any, ...]]]:
    """What a check finds in a book: file, line, what and detail of each."""

    def run(name: str, book: ClaimBook) -> list[tuple[Any, ...]]:
        (check,) = (check for check in REGISTER if check.name == name)
        trouble = check.run(book, examples=None)
        assert trouble.count == len(trouble.examples)
        return [
            (row["file_name"], row["line_no"], row["what"], row["detail"])
            for row in trouble.examples
        ]

    return run


@pytest.fixture
def with_money() -> Callable[[ClaimBook], ClaimBook]:
    """Put a finding of money into a book."""

    def add(book: ClaimBook) -> ClaimBook:
        book.execute(
            f"{STANDS_IN} INSERT INTO money_found VALUES "
            "(1, 2, 'amazon_atoz', '111-1', -25.5, 'USD', 'the claim is denied'), "
            "(1, 3, 'amazon_safet', NULL, 5, NULL, 'no claim of this order')"
        )
        return book

    return add


@pytest.fixture
def without_money() -> Callable[[ClaimBook], ClaimBook]:
    """Let the checks of money find nothing in a book."""

    def add(book: ClaimBook) -> ClaimBook:
        book.execute(STANDS_IN)
        return book

    return add
