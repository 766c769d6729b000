from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def test_decision_before_filing_is_found_with_its_line(book_of: BookOf, found: Found) -> None:
    book = book_of(
        claims=[
            {"decided_at": "2026-05-08"},
            {"claim_id": "C2", "decided_at": "2026-05-07"},
            {"claim_id": "C3", "filed_at": "2026-05-08T10:00", "decided_at": "2026-05-08T09:00"},
        ]
    )
    assert found("decided_before_filed", book) == [
        ("claims_2026-06-30.txt", 3, "claim C2", "filed 2026-05-08, decided 2026-05-07 (tracker)"),
        ("claims_2026-06-30.txt", 4, "claim C3", "filed 2026-05-08, decided 2026-05-08 (tracker)"),
    ]


def test_appeal_decided_before_it_was_made_is_found(book_of: BookOf, found: Found) -> None:
    appeal = {"decided_at": "2026-05-10", "appealed_at": "2026-05-12", "appeal_outcome": "denied"}
    book = book_of(
        claims=[
            {**appeal, "appeal_decided_at": "2026-05-11"},
            {**appeal, "claim_id": "C2", "appeal_decided_at": "2026-05-12"},
        ]
    )
    assert [row[2:] for row in found("decided_before_filed", book)] == [
        ("claim C1", "appealed 2026-05-12, appeal decided 2026-05-11")
    ]
