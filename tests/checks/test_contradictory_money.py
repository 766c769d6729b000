from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def post(book: ClaimBook, amount: str) -> None:
    """Money of a settlement, linked to the claim C1."""
    book.execute(
        "INSERT INTO history.ledger_lines (channel, origin, unit_key, line_key, occurrence, "
        "posted_at, amount, currency, program, kind, file_id, line_no, is_current) VALUES "
        "('amazon', 'amazon_settlement_v2', '1', '1', 1, '2026-05-20', $1, 'USD', "
        "'amazon_safet', 'grant', 9, 2, true)",
        [amount],
    )
    book.execute("INSERT INTO money_links VALUES (9, 2, 'amazon_safet', 'C1', 'id')")


def test_money_posted_for_a_denied_claim_is_told_with_its_amount(
    book_of: BookOf, found: Found
) -> None:
    book = book_of(claims=[{}, {"claim_id": "C2"}])
    post(book, "25.50")
    assert found("contradictory_money", book) == [
        (
            "claims_2026-06-30.txt",
            2,
            "amazon_safet C1",
            "money posted for a claim told to have none: tracker says denied, posted 25.5000 USD",
        )
    ]


def test_money_of_a_granted_claim_is_none(book_of: BookOf, found: Found) -> None:
    book = book_of(claims=[{"outcome": "granted_full"}])
    post(book, "25.50")
    assert not found("contradictory_money", book)
