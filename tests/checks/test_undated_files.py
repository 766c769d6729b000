from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def test_file_without_a_day_is_found(book_of: BookOf, found: Found) -> None:
    book = book_of(claims={"claims.txt": [{}], "claims_2026-06-30.txt": [{"claim_id": "C2"}]})
    assert [row[:3] for row in found("undated_files", book)] == [("claims.txt", None, "claims")]


def test_folder_of_evidence_needs_no_day(book_of: BookOf, found: Found) -> None:
    book = book_of(claims={"claims.txt": [{}]})
    book.execute("UPDATE source_files SET format = 'evidence_scan'")
    assert found("undated_files", book) == []
