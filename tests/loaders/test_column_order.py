"""Columns are known by their names: in any order they fill the same tables, and none is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

TARGETS = {
    "amazon_fba_returns": "returns",
    "amazon_fba_replacements": "replacements",
    "amazon_ledger_detail": "inventory_events",
}


@pytest.fixture
def with_columns(fixture_path: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """The example of a report with its columns in another order, and a new one where it says so."""

    def of(report: str, order: Callable[[list[str]], list[str]]) -> Path:
        names, *rows = (
            line.split("\t") for line in fixture_path(report).read_text("utf-8").splitlines()
        )
        columns = order(names)
        lines = [columns]
        for row in rows:
            values = dict(zip(names, row, strict=True))
            lines.append([values.get(name, "n") for name in columns])
        path = tmp_path / "reordered.txt"
        path.write_text("".join("\t".join(line) + "\n" for line in lines), "utf-8")
        return path

    return of


@pytest.mark.parametrize("report", TARGETS)
@pytest.mark.parametrize(
    "order", [sorted, lambda names: names[::-1], lambda names: [*names[:3], "New one", *names[3:]]]
)
def test_order_of_columns_changes_nothing_and_unknown_ones_are_kept(
    book: ClaimBook,
    fixture_path: Callable[[str], Path],
    with_columns: Callable[..., Path],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
    report: str,
    order: Callable[[list[str]], list[str]],
) -> None:
    book.load(fixture_path(report))
    expected = content(book, ("extra",))
    clear(book)
    path = with_columns(report, order)
    (result,) = book.load(path)
    assert content(book, ("extra",)) == expected
    extras = set(book.columns(f"SELECT extra FROM {TARGETS[report]}")["extra"])
    if "New one" in path.read_text("utf-8").partition("\n")[0]:
        assert [json.loads(extra) for extra in extras] == [{"New one": "n"}]
        assert "unknown columns kept in extra: New one." in result.notes
    else:
        assert extras == {None}
