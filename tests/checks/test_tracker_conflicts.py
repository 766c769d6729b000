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
TOLD = {
    "claim_id": "S1",
    "outcome": "granted",
    "filed_at": "2026-05-08",
    "granted_amount": "20.00",
    "currency": "USD",
}


def conflicts(book_of: BookOf, found: Found, **told: str) -> list[str]:
    book = book_of(claims=[{**TOLD, **told}], returns=[SAFET])
    rows = found("tracker_conflicts", book)
    assert {row[:3] for row in rows} <= {("claims_2026-06-30.txt", 2, "claim S1")}
    return [row[3].partition(" by ")[0] for row in rows]


def test_another_outcome_amount_or_day_of_filing_is_found(book_of: BookOf, found: Found) -> None:
    assert conflicts(book_of, found, outcome="denied", granted_amount="") == [
        "outcome denied, and granted_full"
    ]
    assert conflicts(book_of, found, granted_amount="21.00") == ["granted 21.0000 USD, and 20.0000"]
    assert conflicts(book_of, found, filed_at="2026-05-10") == ["filed 2026-05-10, and 2026-05-08"]


def test_agreement_a_zone_and_an_appeal_are_no_conflict(book_of: BookOf, found: Found) -> None:
    assert not conflicts(book_of, found)
    assert not conflicts(book_of, found, filed_at="2026-05-09")
    assert not conflicts(book_of, found, outcome="pending", granted_amount="")
    assert not conflicts(
        book_of, found, outcome="denied", granted_amount="", appeal_outcome="granted"
    )
    assert not conflicts(book_of, found, granted_amount="20.00", currency="EUR")
