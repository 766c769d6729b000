from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]


def test_value_that_no_rule_knows_is_told_with_its_file(book_of: BookOf, found: Found) -> None:
    book = book_of(claims=[{"outcome": "Frobnicated"}, {"claim_id": "C2"}])
    assert found("unmapped_values", book) == [
        ("claims_2026-06-30.txt", None, 'outcome "Frobnicated"', "1 row")
    ]
