"""A finding as a workbook (.xlsx): a sheet for each table, and one that says how to read them.

Text is written as text, so that no cell is a formula or a link; one that begins like a formula
carries the mark by which a spreadsheet keeps it text even when it is edited.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from claimstats.finding import NOTHING, Column, Finding, Table
from claimstats.forms.about import about
from claimstats.forms.text import FORMULA, legible
from claimstats.language import say, say_n

AUTHOR = "claimstats"

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header; a longer table goes on in a further sheet."""

LONGEST_TEXT = 32_767
LONGEST_NAME = 31
"""Letters of a cell and of a sheet's name, as spreadsheets count them: an emoji is two."""

EXACT_BELOW = 10**15
"""Spreadsheets keep 15 digits of a number: a longer one is written as text."""

NO_CUTOFF = datetime(1980, 1, 1)
FIRST_YEAR = 1900

NUMBER_FORMATS = {
    "share": "0.0 %",
    "points": "+0.0;-0.0;0.0",
    "days": "0.0",
    "count": "#,##0",
    "amount": "#,##0.00",
    "number": "0.000",
    "p_value": '[<0.001]"< 0.001";0.000',
    "time": "yyyy-mm-dd hh:mm",
}
"""How each kind of value is shown, which is how the report shows it."""

_LOOKS: dict[str, dict[str, Any]] = {
    **{kind: {"num_format": text} for kind, text in NUMBER_FORMATS.items()},
    "text": {},
    "flag": {},
    "head": {"bold": True, "bottom": 1},
    "label": {"bold": True, "valign": "top"},
    "prose": {"text_wrap": True, "valign": "top"},
}

ABOUT = "About"
ABOUT_WIDTHS = (26, 100)
NARROWEST, WIDEST = 8, 48
ROWS_MEASURED = 200

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_RESERVED = {"history", ABOUT.casefold()}


def render(finding: Finding, _: Table) -> bytes:
    """A finding with all its tables as a workbook."""
    file = io.BytesIO()
    desk = _Desk(Workbook(file, {"in_memory": True}))
    desk.book.set_properties(
        {"author": AUTHOR, "title": finding.name, "created": finding.as_of or NO_CUTOFF}
    )
    tables = {finding.name: finding.summary, **finding.details}
    told = [line for name, table in tables.items() for line in desk.add_table(name, table)]
    desk.add_about([*about(finding), *((say("Sheet"), line) for line in told)])
    desk.book.close()
    return file.getvalue()


def is_ours(path: Path, finding: Finding, _: Table) -> bool:
    """Whether a file is an earlier export of the same finding that nobody has saved since."""
    try:
        with ZipFile(path) as archive:
            core = archive.read("docProps/core.xml").decode("utf-8", "replace")
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError):
        return False
    told = {"dc:title": finding.name, "dc:creator": AUTHOR, "cp:lastModifiedBy": AUTHOR}
    return all(f"<{tag}>{text}</{tag}>" in core for tag, text in told.items())


def cut(text: str, longest: int) -> str:
    """`text` cut with an ellipsis where a spreadsheet would refuse its length.

    Examples
    --------
    >>> cut("claims", 6), cut("claims", 5)
    ('claims', 'clai…')
    """
    units = text.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return text
    return units[: 2 * (longest - 1)].decode("utf-16-le", "ignore") + "…"


@dataclass
class _Desk:
    """A workbook that is being written."""

    book: Workbook
    formats: dict[tuple[str, bool], Format] = field(default_factory=dict)
    names: set[str] = field(default_factory=lambda: set(_RESERVED))
    n_cut: int = 0

    def add_table(self, name: str, table: Table) -> Iterator[str]:
        """Write a table into as many sheets as it needs; say what each holds."""
        title = " ".join(_NOT_IN_NAMES.sub(" ", legible(name).replace("_", " ")).split())
        for start in range(0, max(len(table), 1), MOST_ROWS):
            sheet = self.book.add_worksheet(self._free_name(title.strip("'")))
            end = min(start + MOST_ROWS, len(table))
            for place, column in enumerate(table.columns):
                self._write_column(sheet, place, column, start, end)
            sheet.freeze_panes(1, 0)
            if table.columns:
                sheet.autofilter(0, 0, end - start, len(table.columns) - 1)
            rows = say_n("{n} row", "{n} rows", end - start)
            if end - start < len(table):
                rows = say(
                    "{rows}, from row {first} of {total}",
                    rows=rows, first=start + 1, total=len(table),
                )  # fmt: skip
            yield say("{name}: {numbers}", name=sheet.get_name(), numbers=rows)

    def add_about(self, parts: list[tuple[str, str]]) -> None:
        """Write what the tables cannot be read without."""
        sheet = self.book.add_worksheet(ABOUT)
        for place, width in enumerate(ABOUT_WIDTHS):
            sheet.set_column(place, place, width)
        for row, (label, text) in enumerate(parts):
            sheet.write_string(row, 0, self._fitting(label), self._format("label"))
            self._write_text(sheet, row, 1, text, "prose")
        if self.n_cut:
            note = say_n(
                "{n} text is cut: a cell holds {most} letters.",
                "{n} texts are cut: a cell holds {most} letters.",
                self.n_cut,
                most=LONGEST_TEXT,
            )
            sheet.write_string(len(parts), 0, say("Cut"), self._format("label"))
            self._write_text(sheet, len(parts), 1, note, "prose")

    def _free_name(self, title: str) -> str:
        """A sheet's name that no other sheet has, in whatever case."""
        base, number = cut(title or "Table", LONGEST_NAME), 1
        name = base
        while name.casefold() in self.names:
            number += 1
            ending = f" ({number})"
            name = cut(base, LONGEST_NAME - len(ending)) + ending
        self.names.add(name.casefold())
        return name

    def _write_column(
        self, sheet: Worksheet, place: int, column: Column, start: int, end: int
    ) -> None:
        meaning = column.meaning
        if column.missing != NOTHING:
            meaning += "\n" + say("An empty cell: {meaning}.", meaning=column.missing)
        sheet.write_string(0, place, self._fitting(column.name), self._format("head"))
        sheet.write_comment(0, place, self._fitting(meaning), {"author": AUTHOR, "x_scale": 2})
        sheet.set_column(place, place, _width(column))
        for row, value in enumerate(column.values[start:end], 1):
            self._write(sheet, row, place, value, column.kind)

    def _write(self, sheet: Worksheet, row: int, place: int, value: Any, kind: str) -> None:
        if value is None or value != value:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        elif isinstance(value, datetime) and value.year >= FIRST_YEAR:
            at = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            sheet.write_datetime(row, place, at, self._format("time"))
        elif _is_exact_number(value):
            sheet.write_number(row, place, value, self._format(kind))
        else:
            self._write_text(sheet, row, place, str(value), "text")

    def _write_text(self, sheet: Worksheet, row: int, place: int, text: str, kind: str) -> None:
        fitting = self._fitting(text)
        is_formula_like = FORMULA.match(fitting) is not None
        sheet.write_string(row, place, fitting, self._format(kind, is_formula_like))

    def _fitting(self, text: str) -> str:
        """A text as a cell can hold it; one that had to be cut is counted."""
        whole = legible(text).replace("\r\n", "\n").replace("\r", "\n")
        fitting = cut(whole, LONGEST_TEXT)
        self.n_cut += fitting != whole
        return fitting

    def _format(self, kind: str, is_formula_like: bool = False) -> Format:
        if (kind, is_formula_like) not in self.formats:
            quoted = {"quote_prefix": True} if is_formula_like else {}
            self.formats[kind, is_formula_like] = self.book.add_format({**_LOOKS[kind], **quoted})
        return self.formats[kind, is_formula_like]


def _is_exact_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int | Decimal) and -EXACT_BELOW < value < EXACT_BELOW


def _width(column: Column) -> int:
    """Letters across a column: as wide as its first rows, within reason."""
    shown = column.shown()[:ROWS_MEASURED]
    return min(WIDEST, max(NARROWEST, *(len(text) + 2 for text in (column.name, *shown))))
