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


def test_day_in_a_name_that_was_set_aside_is_said_to_be_so(book_of: BookOf, found: Found) -> None:
    rows = [{"claim_id": f"C{k}", "filed_at": f"2026-07-0{k}"} for k in range(3, 6)]
    book = book_of(claims={"claims_2026-06-30.txt": rows, "claims.txt": [{}]})
    assert {row[0]: row[3] for row in found("undated_files", book)} == {
        "claims_2026-06-30.txt": (
            "the day in its name was set aside, as many rows are later, up to 2026-07-05"
        ),
        "claims.txt": "no day in its name, and none was said",
    }
