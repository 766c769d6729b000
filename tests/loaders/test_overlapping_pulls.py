"""Exports pulled again: what overlaps is held once, in any order, and can be taken out exactly."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimstats.loaders import unload
from claimstats.session import ClaimBook

CHANGING = {
    "amazon_fba_returns": ("status", "Reimbursed"),
    "amazon_fba_replacements": ("replacement-reason-code", "99"),
    "amazon_ledger_detail": ("Unreconciled Quantity", "0"),
}
"""For each format the column in which a later pull tells another state."""

reports = pytest.mark.parametrize("report", CHANGING)

Pulls = Callable[[str], list[Path]]


@pytest.fixture
def pulls(fixture_path: Callable[[str], Path], tmp_path: Path) -> Pulls:
    """Two pulls that overlap: all rows but the last three, and later all but the first four."""

    def of(report: str) -> list[Path]:
        column, value = CHANGING[report]
        names, *rows = (
            line.split("\t") for line in fixture_path(report).read_text("utf-8").splitlines()
        )
        place = names.index(column)
        later = [[*row[:place], value, *row[place + 1 :]] for row in rows[4:]]
        return [
            write(tmp_path / f"{report}_2026-06-01.txt", [names, *rows[:-3]]),
            write(tmp_path / f"{report}_2026-06-15.txt", [names, *later[::-1]]),
        ]

    return of


def write(path: Path, lines: list[list[str]]) -> Path:
    path.write_text("".join("\t".join(line) + "\n" for line in lines), "utf-8")
    return path


@reports
def test_same_file_again_changes_nothing(
    book: ClaimBook, fixture_path: Callable[[str], Path], content: Callable[..., Any], report: str
) -> None:
    (first,) = book.load(fixture_path(report))
    before = content(book, whole=True)
    (again,) = book.load(fixture_path(report))
    assert (again.status, again.unchanged) == ("already_loaded", first.inserted)
    assert content(book, whole=True) == before


@reports
def test_overlapping_pulls_end_in_the_same_book_in_either_order(
    book: ClaimBook,
    pulls: Pulls,
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
    report: str,
) -> None:
    earlier, later = pulls(report)
    n_rows = len(earlier.read_text("utf-8").splitlines()) + 2
    book.load([earlier, later])
    expected = content(book)
    clear(book)
    book.load([later, earlier])
    assert content(book) == expected
    (target,) = {"returns", "replacements", "inventory_events"} & {
        table for table, rows in expected.items() if rows
    }
    assert len(expected[target]) == n_rows


@reports
@pytest.mark.parametrize("which", [0, 1])
def test_file_taken_out_leaves_what_the_other_tells(
    book: ClaimBook,
    pulls: Pulls,
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
    report: str,
    which: int,
) -> None:
    paths = pulls(report)
    book.load(paths[1 - which])
    expected = content(book)
    clear(book)
    book.load(paths)
    unload(book, which + 1)
    assert content(book) == expected


@pytest.mark.parametrize("report", ["amazon_performance_v2", "amazon_sales_and_traffic"])
def test_document_taken_out_leaves_what_an_earlier_one_told(
    book: ClaimBook,
    fixture_path: Callable[[str], Path],
    content: Callable[..., Any],
    tmp_path: Path,
    report: str,
) -> None:
    text = fixture_path(report).read_text()
    earlier, later = tmp_path / "a_2026-05-09.json", tmp_path / "b_2026-05-10.json"
    earlier.write_text(text)
    later.write_text(re.sub(r'("claimsGranted"|"count"): \d+', r"\1: 77", text))
    book.load(earlier)
    expected = content(book)
    (result,) = book.load(later)
    assert result.updated > 0
    unload(book, result.file_id or 0)
    assert content(book) == expected
