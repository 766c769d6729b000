from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def rows(n: int, n_bad: int) -> list[dict[str, str]]:
    days = ["2026-02-30"] * n_bad + ["2026-05-08"] * (n - n_bad)
    return [{"claim_id": f"C{k}", "filed_at": day} for k, day in enumerate(days)]


def test_more_than_a_twentieth_rejected_is_found(book_of: BookOf, found: Found) -> None:
    book = book_of(claims={"at.txt": rows(20, 1), "above.txt": rows(19, 1)})
    assert found("rejected_share", book) == [("above.txt", None, "claims", "1 of 19 rows rejected")]


def test_photos_that_could_not_be_measured_are_no_error(book_of: BookOf, found: Found) -> None:
    book = book_of(claims={"above.txt": rows(19, 1)})
    book.execute("UPDATE source_files SET format = 'evidence_scan'")
    assert found("rejected_share", book) == []
