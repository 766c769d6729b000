from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def test_evidence_and_events_of_unknown_claims_are_found(book_of: BookOf, found: Found) -> None:
    known = {"claim_id": "C1", "program": "amazon_safet"}
    book = book_of(
        claims=[{}],
        evidence=[{**known, "kind": "invoice"}, {**known, "claim_id": "C9", "kind": "invoice"}],
        claim_events=[
            {**known, "type": "filed", "occurred_at": "2026-05-08"},
            {**known, "program": "amazon_atoz", "type": "filed", "occurred_at": "2026-05-08"},
        ],
    )
    assert found("orphans", book) == [
        ("evidence_2026-06-30.txt", 3, "evidence for C9", "invoice, program amazon_safet"),
        ("claim_events_2026-06-30.txt", 3, "event of C1", "filed, program amazon_atoz"),
    ]
