"""From workbooks to records: the sheet that holds an export, and its rows as a person typed them.

The same records come out as from text. A cell knows its column, so no row is ragged; what a
spreadsheet does to values is told instead: digits lost, errors, formulas without a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from xml.etree.ElementTree import ParseError
from zipfile import ZipFile, is_zipfile

import python_calamine
from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, SheetVisibleEnum

from claimstats.errors import FileRefused
from claimstats.loaders.sheet_xml import (
    WORKBOOK,
    Census,
    check_archive,
    sheet_parts,
    take_census,
)
from claimstats.loaders.sources import DAMAGED, ZIP_MAGIC, Source
from claimstats.loaders.text import HEADER_WITHIN_LINES, LONGEST_PREAMBLE, Dialect, Record

OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DIRECTORY_WITHIN = 16 << 20
"""Bytes among which the list of contents of a protected workbook is looked for."""

EXACT_BELOW = 1e15
"""Spreadsheets keep 15 digits of a number: one that is longer has lost its last ones."""

IsHeader = Callable[[list[str]], bool]
Cell = str | float | date | time | timedelta


def is_workbook(source: Source) -> bool:
    """Whether the content is a workbook that can be read, whatever the file's name.

    Raises
    ------
    FileRefused
        It is a workbook of another kind, protected by a password, or another office document.
    """
    with source.copy.open("rb") as stream:
        start = stream.read(4)
        if start == OLD_OFFICE_MAGIC:
            is_locked = ENCRYPTED in stream.read(DIRECTORY_WITHIN)
            kind = "protected by a password" if is_locked else "an old workbook (.xls)"
            raise FileRefused(
                f"is {kind}; save it as .xlsx{' without one' * is_locked}.", source.path
            )
    if start not in ZIP_MAGIC or not is_zipfile(source.copy):
        return False
    with ZipFile(source.copy) as archive:
        names = set(archive.namelist())
    if WORKBOOK in names:
        return True
    if "mimetype" in names or "[Content_Types].xml" in names:
        raise FileRefused(
            "is an office document, but no .xlsx workbook; save the sheet as .xlsx or CSV UTF-8.",
            source.path,
        )
    return False


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook.

    Parameters
    ----------
    name
        Its name.
    is_hidden
        Whether the spreadsheet program hides it.
    table
        Its cells, as the reader gives them.
    census
        What its XML holds.
    """

    name: str
    is_hidden: bool
    table: CalamineSheet
    census: Census

    def rows(self) -> Iterator[list[str]]:
        """The texts of each row, from the first row of the sheet."""
        marked, number = self.census.marked, 0
        left = [""] * (self.table.start or (0, 0))[1]  # The reader leaves out empty first columns.
        for number, row in enumerate(self.table.iter_rows(), 1):
            values = left + [cell if type(cell) is str else written(cell) for cell in row]
            yield _with_marks(values, marked[number]) if number in marked else values
        for below in range(number + 1, max(marked, default=0) + 1):
            yield _with_marks([], marked.get(below, {}))

    def count_merged_below(self, row: int) -> int:
        """How many merged cells below a row reach over several rows."""
        ranges = self.table.merged_cell_ranges or []
        return sum(last > first >= row for (first, _), (last, _) in ranges)


def _with_marks(values: list[str], marks: dict[int, str]) -> list[str]:
    """A row with the texts of the cells that the reader gives as empty."""
    values += [""] * (max(marks, default=0) - len(values))
    for column, text in marks.items():
        values[column - 1] = text
    return values


def written(cell: Cell) -> str:
    """A cell's value as a person types it: whole numbers without .0, days in ISO order.

    Long numbers are written as a spreadsheet shows them, with an exponent: ids refuse that. Numbers
    of three decimals get a fourth, so that nobody takes their point for a sign between thousands.

    Examples
    --------
    >>> written(12.0), written(0.1 + 0.2), written(1.234), written(1e-7), written(True)
    ('12', '0.3', '1.2340', '0.0000001', 'true')
    >>> written(1234567890123456.0)
    '1.23456789012346E+15'
    """
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def _number(value: float) -> str:
    if abs(value) >= EXACT_BELOW:
        return f"{value:.14E}"
    text = f"{Decimal(f'{value:.15g}'):f}"
    return text + "0" if text[-4:-3] == "." else text


class Workbook:
    """A workbook, opened once for all that is asked of it; it holds the cells of one sheet."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._sheet: Sheet | None = None
        self.is_closed = False
        with _refusing(source):
            check_archive(source)
            self._parts = sheet_parts(source)
            self._book = python_calamine.load_workbook(source.copy)
            self._hidden = {
                about.name: about.visible != SheetVisibleEnum.Visible
                for about in self._book.sheets_metadata
                if about.typ == SheetTypeEnum.WorkSheet and about.name in self._parts
            }

    @classmethod
    def of(cls, source: Source) -> Workbook:
        """The workbook that a source is, or is a sheet of."""
        opened = source.workbook
        return opened if isinstance(opened, Workbook) and not opened.is_closed else cls(source)

    @property
    def names(self) -> list[str]:
        """The names of the sheets with cells, in their order."""
        return list(self._hidden)

    def is_hidden(self, name: str) -> bool:
        """Whether a sheet is hidden."""
        return self._hidden[name]

    def sheet(self, name: str) -> Sheet:
        """A sheet with its cells."""
        if self._sheet is None or self._sheet.name != name:
            self._sheet = None
            with _refusing(self._source):
                census = take_census(self._source, self._parts[name])
                table = self._book.get_sheet_by_name(name)
            self._sheet = Sheet(name, self._hidden[name], table, census)
        return self._sheet

    def close(self) -> None:
        """Let go of the file and the cells."""
        self._sheet, self.is_closed = None, True
        self._book.close()


@contextmanager
def _refusing(source: Source) -> Iterator[None]:
    """Refuse a workbook on whatever its readers stumble over."""
    try:
        yield
    except FileRefused:
        raise
    except (CalamineError, ParseError, KeyError, NotImplementedError, OSError, *DAMAGED) as error:
        raise FileRefused(
            f"the workbook is damaged ({error}); save it again and load that.", source.path
        ) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader, written in Rust, breaks off
            raise
        raise FileRefused("the workbook is damaged; save it again.", source.path) from error


def sheets_with_header(source: Source, is_header: IsHeader) -> list[str]:
    """The sheets that hold a header; of hidden ones only where no other does."""
    workbook = Workbook.of(source)
    found = [name for name in workbook.names if _header_row(workbook.sheet(name), is_header)]
    return [name for name in found if not workbook.is_hidden(name)] or found


def as_source(source: Source, name: str) -> Source:
    """One sheet of a workbook as a source of its own."""
    return replace(
        source,
        path=f"{source.path}!{name}",
        names=(name, *source.names),
        sha256=sha256(f"{source.sha256}!{name}".encode()).hexdigest(),
        sheet=name,
    )


def first_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """The rows of every sheet among which a header could be, with their numbers."""
    workbook = Workbook.of(source)
    for name in [source.sheet] if source.sheet else workbook.names:
        yield from enumerate(islice(workbook.sheet(name).rows(), HEADER_WITHIN_LINES), 1)


def _header_row(sheet: Sheet, is_header: IsHeader) -> tuple[int, list[str]] | None:
    for number, values in enumerate(islice(sheet.rows(), HEADER_WITHIN_LINES), 1):
        names = [" ".join(value.split()) for value in values]
        if any(names) and is_header(names):
            return number, names
    return None


def find_header(source: Source, is_header: IsHeader) -> Dialect | None:
    """The dialect of the sheet that holds a header, or of the one that the source names.

    Raises
    ------
    FileRefused
        Several sheets do, and the source names none.
    """
    names = [source.sheet] if source.sheet else sheets_with_header(source, is_header)
    if len(names) > 1:
        raise FileRefused(
            f"has several sheets with an export ({', '.join(names)}); save each as a file of its "
            "own.",
            source.path,
        )
    if not names:
        return None
    workbook = Workbook.of(source)
    sheet = workbook.sheet(names[0])
    found = _header_row(sheet, is_header)
    return found and _dialect(workbook, sheet, *found)


def _dialect(workbook: Workbook, sheet: Sheet, row: int, names: list[str]) -> Dialect:
    above = ("\t".join(values).rstrip() for values in islice(sheet.rows(), row - 1))
    return Dialect(
        "xlsx", "", False, tuple(_to_last_value(sheet, row, names)), row,
        preamble="\n".join(above)[:LONGEST_PREAMBLE], sheet=sheet.name,
        assumed=tuple(_remarks(workbook, sheet, row)),
    )  # fmt: skip


def _to_last_value(sheet: Sheet, row: int, names: list[str]) -> list[str]:
    """The header's names up to its last, and empty ones for columns with values beyond it."""
    width = max(place for place, name in enumerate(names, 1) if name)
    for values in islice(sheet.rows(), row, None):
        if any(values[width:]):
            width = max(place for place, value in enumerate(values, 1) if value)
    return (names + [""] * width)[:width]


def _remarks(workbook: Workbook, sheet: Sheet, row: int) -> Iterator[str]:
    others = [name for name in workbook.names if name != sheet.name]
    if others or sheet.is_hidden:
        hidden = "hidden " if sheet.is_hidden else ""
        beside = f"; not {', '.join(map(repr, others))}" if others else ""
        yield f"the {hidden}sheet {sheet.name!r} was read{beside}."
    if n_uncomputed := sheet.census.n_uncomputed:
        first = min(row for row, marks in sheet.census.marked.items() if _has_formula(marks))
        yield (
            f"{n_uncomputed} cells hold a formula whose result was not saved, the first in line "
            f"{first}; open the workbook in a spreadsheet program and save it there."
        )
    if n_merged := sheet.count_merged_below(row):
        yield f"{n_merged} merged cells reach over several rows; only the first row has the value."


def _has_formula(marks: dict[int, str]) -> bool:
    return any(text.startswith("=") for text in marks.values())


def rows_above(source: Source, dialect: Dialect) -> Iterator[list[str]]:
    """The rows above the header, as wide as the header."""
    rows = Workbook.of(source).sheet(dialect.sheet or "").rows()
    for values in islice(rows, dialect.header_line - 1):
        yield _fitted(values, len(dialect.header))


def records(source: Source, dialect: Dialect) -> Iterator[Record]:
    """Every row below the header as a record; one without values is blank."""
    sheet = Workbook.of(source).sheet(dialect.sheet or "")
    width = len(dialect.header)
    for number, values in enumerate(sheet.rows(), 1):
        if number > dialect.header_line:
            is_filled = any(values)
            raw = "\t".join(values).rstrip("\t") if is_filled else ""
            yield Record(number, _fitted(values, width) if is_filled else [], None, raw)


def _fitted(values: list[str], width: int) -> list[str]:
    return (values + [""] * (width - len(values)))[:width]


def count_filled(source: Source, dialect: Dialect) -> int:
    """How many rows below the header hold a value, counted in the sheet's XML."""
    sheet = Workbook.of(source).sheet(dialect.sheet or "")
    return sheet.census.count_below(dialect.header_line)
