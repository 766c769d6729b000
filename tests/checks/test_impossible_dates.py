from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def test_future_is_found_in_every_kind_of_row(book_of: BookOf, found: Found) -> None:
    known = {"claim_id": "C1", "program": "amazon_safet"}
    book = book_of(
        claims=[{"filed_at": "2098-05-08"}, {"claim_id": "C2"}],
        returns=[{"Return delivery date": "04-May-2098"}],
        evidence=[{**known, "kind": "invoice", "submitted_at": "2098-01-01"}],
        claim_events=[{**known, "type": "filed", "occurred_at": "2098-01-01"}],
        orders=[{"last-updated-date": "2098-12-31T00:00:00+00:00"}],
    )
    assert [row[1:] for row in found("impossible_dates", book)] == [
        (2, "claim C1", "filed_at is 2098-05-08, in the future"),
        (2, "return of 111-0000001-0000001", "delivered_at is 2098-05-04, in the future"),
        (2, "evidence for C1", "submitted_at is 2098-01-01, in the future"),
        (2, "event of C1", "occurred_at is 2098-01-01, in the future"),
        (2, "order 111-0000001-0000001", "updated_at is 2098-12-31, in the future"),
    ]


def test_day_before_there_were_marketplaces_is_found(book_of: BookOf, found: Found) -> None:
    """Loaders refuse such days; a book may still hold one from elsewhere."""
    book = book_of(claims=[{}])
    book.execute("UPDATE history.claim_records SET filed_at = DATE '1994-12-31'")
    assert [row[3] for row in found("impossible_dates", book)] == [
        "filed_at is 1994-12-31, before 1995"
    ]


def test_pull_date_in_the_future_is_found(book_of: BookOf, found: Found) -> None:
    book = book_of(claims={"claims_2098-06-30.txt": [{}]})
    assert found("impossible_dates", book) == [
        ("claims_2098-06-30.txt", None, "the file", "pulled_at is 2098-06-30, in the future")
    ]


def test_claim_and_return_before_their_order_are_found(book_of: BookOf, found: Found) -> None:
    order_id = "111-0000001-0000001"
    book = book_of(
        claims=[
            {"order_id": order_id, "filed_at": "2026-04-20"},
            {"claim_id": "C2", "order_id": order_id, "filed_at": "2026-05-01"},
        ],
        orders=[{}],
        returns=[{"Return request date": "28-Apr-2026"}],
    )
    assert found("impossible_dates", book) == [
        (
            "claims_2026-06-30.txt",
            2,
            "claim C1",
            "filed 2026-04-20, before its order of 2026-05-01",
        ),
        (
            "returns_2026-06-30.txt",
            2,
            f"return of {order_id}",
            "requested 2026-04-28, before its order of 2026-05-01",
        ),
    ]


def test_usual_dates_are_passed_over(book_of: BookOf, found: Found) -> None:
    assert not found("impossible_dates", book_of(claims=[{}], orders=[{}], returns=[{}]))
