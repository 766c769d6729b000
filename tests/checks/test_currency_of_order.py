from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def test_claim_in_another_currency_than_its_order_is_found(book_of: BookOf, found: Found) -> None:
    told = {"order_id": "111-0000001-0000001", "claimed_amount": "25.00"}
    book = book_of(
        claims=[
            {**told, "currency": "EUR"},
            {**told, "claim_id": "C2", "currency": "USD"},
            {**told, "claim_id": "C3", "claimed_amount": ""},
        ],
        orders=[{}],
    )
    assert found("currency_of_order", book) == [
        ("claims_2026-06-30.txt", 2, "claim C1", "in EUR, its order 111-0000001-0000001 in USD")
    ]
