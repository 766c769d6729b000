"""What claimstats makes of a file, and what it should make of a well-formed one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import claimstats
from benchmarks.robustness.grammar import LINE_END, Cells
from benchmarks.robustness.table import Table
from claimstats.loaders import EXPORTS, FileResult, load
from claimstats.loaders.reading import Reading
from claimstats.loaders.spec import Export

PULLED_AT = datetime(2026, 6, 30, 23, 59, 59)
KEEP_ALL = Reading(keep_pii=True, buyer_key="00" * 32)
"""So that what claimstats would drop, as it names a person, is compared; the fast path drops it."""
BOOKKEEPING = frozenset(
    {
        "file_id", "line_no", "version_at", "item_no", "occurrence", "is_current", "extra",
        "line_key", "unit_key",
    }
)  # fmt: skip
"""Where a row was found, which of several it is, and keys made of cells that are compared
themselves; the rest is what the file says."""
FEWEST_TOLD = 2
AROUND_AMOUNT = re.compile(r"^[^\d+-]+|[^\d]+$")
"""A currency's sign before or after a number."""
NOTHING = "--"
"""How some venues write that a cell is empty."""
EXTRA = "extra: "
"""Begins the names of what the book keeps in extra: unknown and personal columns."""

Held = dict[str, Any]


@dataclass(frozen=True)
class Loading:
    """What came out of a file.

    Parameters
    ----------
    result
        What the loader said.
    rows
        The rows of the format's first table, with their lines.
    rejected
        The lines of the rejected records.
    """

    result: FileResult
    rows: list[tuple[int, Held]] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)


class Truth:
    """What the book must hold of each row of a well-formed table.

    It is what claimstats makes of the table as plain UTF-8, held against the text: ids, amounts and
    texts that the book keeps as they are must be the file's own.
    """

    def __init__(self, loader: Loader, table: Table, folder: Path) -> None:
        path = folder / f"{table.format}{'.txt' if table.delimiter == chr(9) else '.csv'}"
        pieces = table.pieces(quotes=True if _needs_quotes(table) else None)
        path.write_bytes("".join(piece.text for piece in pieces).encode())
        loading = loader.load(path, table)
        if loading.result.error or loading.rejected:
            raise ValueError(
                f"{table.format}: the well-formed file does not load: {loading.result}"
            )
        by_line = dict(loading.rows)
        lines, place = [], len(LINE_END.findall(pieces[0].text + pieces[1].text)) + 1
        for piece in pieces[2 : 2 + len(table.rows)]:
            lines.append(place)
            place += len(LINE_END.findall(piece.text))
        self.rows: list[Held | None] = [by_line.get(line) for line in lines]
        self.n_ignored = loading.result.ignored
        self.told = _told(table, self.rows)
        if (
            len(by_line) != sum(row is not None for row in self.rows)
            or len(self.told) < FEWEST_TOLD
        ):
            raise ValueError(f"{table.format}: the book's rows are not the file's: {self.told}")


class Loader:
    """One book in memory that is emptied before each file, which is faster than a new one."""

    def __init__(self) -> None:
        self.book = claimstats.connect()
        self._tables = self.book.rows(
            "SELECT DISTINCT schema_name AS schema, table_name AS name FROM duckdb_columns() "
            "JOIN duckdb_tables() USING (schema_name, table_name) "
            "WHERE column_name IN ('file_id', 'claim_id') AND NOT temporary"
        )

    def export(self, name: str) -> Export:
        """The format of this name."""
        return next(export for export in EXPORTS if export.name == name)

    def load(self, path: Path, table: Table) -> Loading:
        """Load a file, damaged or not, of a table into the emptied book."""
        self.book.execute(
            ";".join(f"DELETE FROM {table['schema']}.{table['name']}" for table in self._tables)
        )
        (result,) = load(self.book, [path], PULLED_AT, None if table.is_plain else KEEP_ALL)
        if result.error or result.format is None:
            return Loading(result)
        name = self.export(result.format).targets[0]
        found = max(
            (t["schema"] == "history", t["schema"]) for t in self._tables if t["name"] == name
        )
        rows = self.book.rows(f"SELECT * FROM {found[1]}.{name} ORDER BY line_no")
        rejected = self.book.columns("SELECT line_no FROM rejected_rows ORDER BY line_no")
        return Loading(result, [(r["line_no"], _held(r)) for r in rows], rejected["line_no"])


def _held(row: dict[str, Any]) -> Held:
    """What a row of the book says, each column kept in extra as one of its own."""
    extra = json.loads(row.get("extra") or "{}")
    return {name: value for name, value in row.items() if name not in BOOKKEEPING} | {
        EXTRA + name: value for name, value in extra.items()
    }


def _needs_quotes(table: Table) -> bool:
    return any(set(cell) & set("\t\r\n") for row in table.rows for cell in row)


def _told(table: Table, rows: list[Held | None]) -> list[str]:
    """The headers whose cells stand in a column of the book as they are, in every row."""
    loaded = [(held, cells) for held, cells in zip(rows, table.rows, strict=True) if held]
    names = {name for held, _ in loaded for name in held if not name.startswith(EXTRA)}
    return [
        header
        for place, header in enumerate(table.header)
        if any(cells[place].strip() for _, cells in loaded)
        and any(all(is_same(held[n], cells[place]) for held, cells in loaded) for n in names)
    ]


def is_same(held: object, cell: str) -> bool:
    """Whether a value of the book is what a cell of the file says."""
    text = cell.strip().removeprefix(NOTHING)
    if held is None or not text:
        return held is None and not text
    if isinstance(held, int | Decimal) and not isinstance(held, bool):
        text = AROUND_AMOUNT.sub("", text)
        plain = (text.replace(",", ""), text.replace(".", "").replace(",", "."))
        return any(Decimal(n) == held for n in plain if re.fullmatch(r"[+-]?\d+(\.\d+)?", n))
    return str(held) == text


@dataclass(frozen=True)
class Edited:
    """A row before and after an edit."""

    before: Cells
    after: Cells

    def tells(self, was: object, held: object) -> bool:
        """Whether a value of the book comes of the edited cell: it is one, or is made with it."""
        if any(is_same(held, cell) for cell in self.after):
            return True
        if not isinstance(was, str) or not isinstance(held, str):
            return False
        pairs = zip(self.before, self.after, strict=True)
        return any(_without(was, old) == _without(held, new) for old, new in pairs if old != new)


def _without(text: str, cell: str) -> str:
    """The letters of a text without those of a cell that it was made with."""
    return _letters(text).replace(_letters(cell), "", 1)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
