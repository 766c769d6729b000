from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def order(place: int, day: str, currency: str = "USD") -> dict[str, str]:
    return {
        "amazon-order-id": f"111-0000001-000000{place}",
        "purchase-date": f"{day}T08:00:00+00:00",
        "last-updated-date": f"{day}T09:00:00+00:00",
        "currency": currency,
    }


def test_days_that_no_export_of_the_currency_covers_are_found(
    book_of: BookOf, found: Found
) -> None:
    book = book_of(
        orders={
            "may.txt": [order(1, "2026-05-01"), order(2, "2026-05-31")],
            "june.txt": [order(3, "2026-06-03"), order(4, "2026-06-10")],
            "late.txt": [order(5, "2026-06-14")],
            "germany.txt": [order(6, "2026-06-11", "EUR")],
        }
    )
    assert found("gaps_between_pulls", book) == [
        (
            "late.txt",
            None,
            "the file",
            "begins 2026-06-14; the one before it in USD ended 2026-06-10",
        )
    ]


def test_export_within_a_longer_one_leaves_no_gap(book_of: BookOf, found: Found) -> None:
    book = book_of(
        orders={
            "long.txt": [order(1, "2026-05-01"), order(2, "2026-06-30")],
            "inside.txt": [order(3, "2026-05-10")],
            "after.txt": [order(4, "2026-07-01")],
        }
    )
    assert not found("gaps_between_pulls", book)
