from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


SAFET = {
    "SafeT claim id": "S1",
    "SafeT claim state": "Granted",
    "SafeT claim creation time": "08-May-2026 10:00:00",
    "SafeT claim reimbursement amount": "20.00",
}


def test_tracker_and_export_in_two_currencies_are_found(book_of: BookOf, found: Found) -> None:
    told = {"claim_id": "S1", "outcome": "granted", "claimed_amount": "20.00"}
    mixed = book_of(claims=[{**told, "currency": "EUR"}], returns=[SAFET])
    (row,) = found("currencies_of_claim", mixed)
    assert row[2:] == ("claim S1", "EUR by tracker, USD by amazon_mfn_returns")
    assert not found(
        "currencies_of_claim", book_of(claims=[{**told, "currency": "USD"}], returns=[SAFET])
    )


def test_claim_whose_currency_changed_between_pulls_is_found(book_of: BookOf, found: Found) -> None:
    book = book_of(
        returns={
            "r_2026-05-31.txt": [SAFET],
            "r_2026-06-30.txt": [{**SAFET, "Currency code": "CAD"}],
        }
    )
    assert [row[:3] for row in found("currencies_of_claim", book)] == [
        ("r_2026-06-30.txt", 2, "claim S1")
    ]
