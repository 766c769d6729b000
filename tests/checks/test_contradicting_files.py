from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def test_two_states_of_one_time_are_found_where_the_later_loaded_holds(
    book_of: BookOf, found: Found
) -> None:
    book = book_of(
        claims={
            "a_2026-06-30.txt": [{}, {"claim_id": "C2"}],
            "b_2026-06-30.txt": [{"outcome": "granted"}, {"claim_id": "C2"}],
        }
    )
    ((name, line, what, detail),) = found("contradicting_files", book)
    assert (name, line, what) == ("b_2026-06-30.txt", 2, "claim C1")
    assert detail.startswith('holds as "granted')
    assert 'file 1, line 2, says "denied' in detail


def test_orders_and_returns_that_contradict_are_found(book_of: BookOf, found: Found) -> None:
    book = book_of(
        orders={
            "o1.txt": [{}, {"sku": "SKU-2"}],
            "o2.txt": [{}, {"sku": "SKU-2", "item-price": "26.00"}],
        },
        returns={
            "r1_2026-06-30.txt": [{}],
            "r2_2026-06-30.txt": [{"Return request status": "Denied"}],
        },
    )
    assert [row[:3] for row in found("contradicting_files", book)] == [
        ("o2.txt", 2, "order 111-0000001-0000001"),
        ("r2_2026-06-30.txt", 2, "return of 111-0000001-0000001"),
    ]


def test_overlapping_files_that_agree_or_follow_each_other_are_passed_over(
    book_of: BookOf, found: Found
) -> None:
    book = book_of(
        claims={
            "c_2026-05-31.txt": [{"outcome": "pending"}],
            "c_2026-06-30.txt": [{}],
            "d_2026-06-30.txt": [{}, {"claim_id": "C2"}],
        },
        orders={"o1.txt": [{}], "o2.txt": [{}, {"amazon-order-id": "111-0000001-0000002"}]},
    )
    assert not found("contradicting_files", book)
