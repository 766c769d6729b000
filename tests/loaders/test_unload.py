"""A file taken out leaves the book as if it had never been loaded."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from claimstats.errors import ParameterError
from claimstats.loaders import unload
from claimstats.session import ClaimBook

TINY = Path(__file__).parents[1] / "data" / "tiny"

RETURNS = "amazon_mfn_returns.us_2026_33"


def snapshot(content: Callable[..., Any], book: ClaimBook) -> Any:
    """What the book holds, with the name of each row's file instead of its number."""
    names = dict(
        zip(*book.columns("SELECT file_id, file_name FROM source_files").values(), strict=True)
    )
    tables = content(book)
    history = {
        name: sorted(
            repr({**row, "file_id": names[row["file_id"]]}) for row in book.rows(f"FROM {name}")
        )
        for name in book.columns(
            "SELECT 'history.' || table_name AS name FROM duckdb_tables() "
            "WHERE schema_name = 'history'"
        )["name"]
    }
    rejected = sorted(book.columns("SELECT raw_text FROM rejected_rows")["raw_text"])
    return tables, history, rejected


@pytest.mark.parametrize("name", sorted(path.name for path in TINY.iterdir()))
def test_taking_out_any_file_of_a_book_is_as_if_it_had_not_been_loaded(
    book: ClaimBook, content: Callable[..., Any], name: str
) -> None:
    book.load([path for path in sorted(TINY.iterdir()) if path.name != name])
    expected = snapshot(content, book)
    (result,) = book.load(TINY / name)
    assert snapshot(content, book) != expected
    assert unload(book, result.file_id) == name
    assert snapshot(content, book) == expected


@pytest.mark.parametrize("taken_out", range(3))
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_states_that_were_replaced_hold_again(
    book: ClaimBook,
    claims: Callable[..., Path],
    content: Callable[..., Any],
    clear: Any,
    order: tuple[int, ...],
    taken_out: int,
) -> None:
    days = ("2026-05-10", "2026-05-20", "2026-05-30")
    lines = (
        ("C1,other,pending,2026-05-01,", "C2,other,pending,2026-05-02,"),
        ("C1,other,denied,2026-05-01,", "C3,other,pending,2026-05-03,"),
        ("C1,other,denied,2026-05-01,", "C2,other,approved,2026-05-02,"),
    )
    paths = [claims(*told, name=f"claims_{day}.csv") for told, day in zip(lines, days, strict=True)]
    kept = [paths[k] for k in order if k != taken_out]
    book.load(kept)
    expected = snapshot(content, book)
    clear(book)
    results = book.load([paths[k] for k in order])
    (file_id,) = [r.file_id for r in results if r.path == str(paths[taken_out])]
    unload(book, file_id)
    assert snapshot(content, book) == expected


def test_file_taken_out_stays_listed_and_its_number_is_not_given_again(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    path = claims("C1,other,pending,,")
    book.load(path)
    unload(book, 1)
    (gone,) = book.rows("FROM unloaded_files")
    assert (gone["file_id"], gone["file_name"], gone["n_read"]) == (1, "claims.csv", 1)
    assert book.value("SELECT count(*) FROM source_files") == 0
    (result,) = book.load(path)
    assert (result.status, result.file_id) == ("loaded", 2)


def test_file_that_the_book_does_not_hold_cannot_be_taken_out(book: ClaimBook) -> None:
    with pytest.raises(ParameterError, match="holds no file 7; `claimstats loads` lists"):
        unload(book, 7)


def test_taking_out_the_only_file_leaves_an_empty_book(
    book: ClaimBook, write_report: Callable[..., Path], content: Callable[..., Any]
) -> None:
    empty = content(book)
    book.load(write_report(RETURNS))
    unload(book, 1)
    assert content(book) == empty
    assert book.as_of is None
