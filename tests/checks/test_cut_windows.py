from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def returned(place: int, requested: str, **safet: str) -> dict[str, str]:
    return {
        "Order ID": f"111-0000001-000000{place}",
        "Order date": requested,
        "Return request date": requested,
        "SafeT claim id": f"S{place}",
        "SafeT claim state": safet.get("state", "Under Investigation"),
        "SafeT claim creation time": f"{safet.get('filed', requested)} 10:00:00",
    }


def test_claim_open_when_last_seen_is_found_where_later_pulls_lack_it(
    book_of: BookOf, found: Found
) -> None:
    book = book_of(
        returns={
            "r_2026-05-31.txt": [
                returned(1, "01-Apr-2026", filed="20-Apr-2026"),
                returned(2, "20-May-2026", state="Denied"),
                returned(3, "20-May-2026"),
            ],
            "r_2026-06-30.txt": [
                returned(3, "20-May-2026", state="Granted"),
                returned(4, "28-Jun-2026", state="Denied"),
            ],
        }
    )
    assert found("cut_windows", book) == [
        (
            "r_2026-05-31.txt",
            2,
            "claim S1",
            "open when last seen, pulled 2026-05-31; later pulls lack it",
        )
    ]


def test_edges_that_no_other_pull_covers_are_found(book_of: BookOf, found: Found) -> None:
    book = book_of(
        returns=[returned(1, "01-May-2026"), returned(2, "28-Jun-2026"), returned(3, "29-Jun-2026")]
    )
    assert [row[2:] for row in found("cut_windows", book)] == [
        (
            "the first day, 2026-05-01",
            "1 claims filed within 7 days of it; what was before is not in the book",
        ),
        (
            "the last day, 2026-06-29",
            "2 open claims filed within 7 days of it; what came after is not in the book",
        ),
    ]


def test_pulls_that_do_not_overlap_are_found(book_of: BookOf, found: Found) -> None:
    late = {"Order date": "02-Jun-2026", "Return request date": "03-Jun-2026"}
    early = {"Order ID": "111-0000001-0000002"}
    book = book_of(returns={"r_2026-05-31.txt": [early], "r_2026-06-30.txt": [late]})
    assert found("cut_windows", book) == [
        (
            "r_2026-06-30.txt", None, "the file",
            "begins 2026-06-02, after the pull before it ended, 2026-05-04: they do not overlap",
        )
    ]  # fmt: skip


def test_pulls_of_two_marketplaces_are_not_held_against_each_other(
    book_of: BookOf, found: Found
) -> None:
    late = {"Order date": "02-Jun-2026", "Return request date": "03-Jun-2026"}
    book = book_of(
        returns={"r_2026-05-31.txt": [{}], "r_2026-06-30.txt": [{**late, "Currency code": "EUR"}]}
    )
    assert not found("cut_windows", book)
