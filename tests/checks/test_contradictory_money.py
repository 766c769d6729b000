from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def test_money_that_contradicts_its_claim_is_told_with_its_amount(
    book_of: BookOf, found: Found, with_money: Callable[[ClaimBook], ClaimBook]
) -> None:
    book = with_money(book_of(claims=[{}, {"claim_id": "C2"}]))
    assert found("contradictory_money", book) == [
        (
            "claims_2026-06-30.txt",
            2,
            "amazon_atoz, order 111-1",
            "-25.5000 USD: the claim is denied",
        ),
        ("claims_2026-06-30.txt", 3, "amazon_safet", "5.0000: no claim of this order"),
    ]


def test_nothing_is_found_where_no_money_is_in_doubt(
    book_of: BookOf, found: Found, without_money: Callable[[ClaimBook], ClaimBook]
) -> None:
    assert not found("contradictory_money", without_money(book_of(claims=[{}])))
