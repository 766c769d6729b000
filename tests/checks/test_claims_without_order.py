from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


ORDERS = [
    {"amazon-order-id": "111-0000001-0000001", "purchase-date": "2026-01-01T08:00:00+00:00"},
    {"amazon-order-id": "111-0000001-0000002", "purchase-date": "2026-06-01T08:00:00+00:00"},
]
HELD, MISSING = "111-0000001-0000002", "111-0000001-0000009"


def test_claim_within_the_time_of_the_orders_held_is_found(book_of: BookOf, found: Found) -> None:
    book = book_of(
        claims=[
            {"claim_id": "C1", "order_id": MISSING},
            {"claim_id": "C2", "order_id": HELD},
            {"claim_id": "C3"},
            {"claim_id": "C4", "order_id": MISSING, "filed_at": "2026-03-01"},
            {"claim_id": "C5", "order_id": MISSING, "filed_at": "2026-06-20"},
            {"claim_id": "C6", "order_id": MISSING, "program": "ebay_case"},
            {"claim_id": "C7", "order_id": MISSING, "marketplace": "DE"},
            {"claim_id": "C8", "order_id": MISSING, "marketplace": "US"},
        ],
        orders=ORDERS,
    )
    assert found("claims_without_order", book) == [
        (
            "claims_2026-06-30.txt",
            line,
            f"claim {name}",
            f"order {MISSING} is not in the book; filed 2026-05-08",
        )
        for line, name in [(2, "C1"), (9, "C8")]
    ]


def test_day_of_the_order_that_a_return_tells_decides(book_of: BookOf, found: Found) -> None:
    """A claim of early March may be of an order before January: not where its return says no."""
    claim = {"order_id": MISSING, "filed_at": "2026-03-01"}
    returned = {
        "Order ID": MISSING,
        "Order date": "10-Feb-2026",
        "Return request date": "20-Feb-2026",
    }
    assert not found("claims_without_order", book_of(claims=[claim], orders=ORDERS))
    book = book_of(claims=[claim], orders=ORDERS, returns=[returned])
    assert [row[2] for row in found("claims_without_order", book)] == ["claim C1"]


def test_book_without_orders_lacks_none(book_of: BookOf, found: Found) -> None:
    assert not found("claims_without_order", book_of(claims=[{"order_id": MISSING}]))
