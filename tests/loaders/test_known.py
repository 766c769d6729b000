"""What is done with a file whose content the book holds already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from claimstats.loaders import Reading, load
from claimstats.session import ClaimBook

PENDING, DENIED = "C1,amazon_safet,pending,2026-01-05,", "C1,amazon_safet,denied,2026-01-05,"


def test_content_that_comes_back_later_is_the_newest_again(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    pulls = [
        claims(PENDING, name="claims_2026-01-31.csv"),
        claims(DENIED, name="claims_2026-02-28.csv"),
        claims(PENDING, name="claims_2026-03-31.csv"),
    ]
    assert [result.status for result in book.load(pulls)] == ["loaded"] * 3
    assert book.value("SELECT outcome FROM claims") == "pending"
    assert book.as_of == datetime(2026, 3, 31, 23, 59, 59)
    assert [result.status for result in book.load(pulls[2])] == ["already_loaded"]


def test_options_of_a_file_that_is_held_are_told_to_be_without_effect(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    path = claims(PENDING)
    book.load(path)
    (again,) = load(book, [path], reading=Reading(decimal=","))
    assert again.status == "already_loaded"
    assert "--replaces 1 reads it anew" in again.notes[0]


def test_file_in_its_own_place_is_read_anew(book: ClaimBook, write: Callable[..., Path]) -> None:
    header = ("claim_id", "program", "outcome", "claimed_amount", "currency")
    row = dict(zip(header, ("C1", "other", "denied", "1,50", "EUR"), strict=True))
    path = write("claims.csv", header, [row], delimiter=";")
    (first,) = book.load(path)
    (second,) = load(book, [path], reading=Reading(decimal=",", replaces=1))
    assert (first.rejected, second.rejected, second.file_id) == (1, 0, 2)
    assert book.value("SELECT claimed_amount FROM claims") == 1.5


def test_state_told_by_a_file_read_anew_holds_after_a_later_one_is_taken_out(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    """At equal days the file loaded later holds, and reading anew is loading later."""
    from claimstats.loaders import unload

    day = datetime(2026, 1, 31)
    undated, dated = claims(PENDING, name="x.csv"), claims(DENIED, name="y.csv")
    book.load(undated)
    book.load(dated, day)
    book.load(undated, day)
    later = claims("C1,amazon_safet,withdrawn,2026-01-05,", name="z.csv")
    (result,) = book.load(later, datetime(2026, 2, 28))
    assert result.file_id is not None
    unload(book, result.file_id)
    assert book.value("SELECT outcome FROM claims") == "pending"
