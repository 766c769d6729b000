"""What a workbook's own XML says of it, apart from the reader of its values.

Before the values are read: whether the archive is whole and of bearable size. Beside them: which
rows hold any, so that a lost row is noticed, and the cells that the reader would give as empty, for
they hold an error or a formula that was never computed.
"""

from __future__ import annotations

import posixpath
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import IO
from xml.etree import ElementTree
from zipfile import ZipFile

from claimstats.errors import FileRefused
from claimstats.loaders.sources import CHUNK, Source

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHARED_STRINGS = "xl/sharedStrings.xml"

LARGEST_XML = 4 << 30
"""Bytes of XML; a full sheet, 1,048,576 rows of 35 columns, has about two thousand million."""
LARGEST_DIRECTORY = 16 << 20
"""Bytes of the lists of sheets and relations, which are parsed whole."""
LONGEST_ROW = 64 << 20
"""Bytes of XML of one row; a full one, 16,384 cells of text in place, has about two million."""
MOST_CELLS = 40_000_000
"""Rows times columns; the reader takes 32 bytes for each at once. Larger sheets fit as CSV."""
MOST_MARKED = 100_000
"""Cells with an error or without a result that are told one by one."""

ROW_END = re.compile(rb"</(?:\w+:)?row>")
ROW_START = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
SHARED = re.compile(rb"<(?:\w+:)?si\s*/>|<(?:\w+:)?si>.*?</(?:\w+:)?si>", re.DOTALL)
ROW_NUMBER = re.compile(rb'\br="(\d+)"')
CELL_COLUMN = re.compile(rb'\s*r="([A-Z]{1,3})\d+"')
TYPE = re.compile(rb'\bt="(\w+)"')
FILLED = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>[^<]")
VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
NAMESPACE = re.compile(r"\{.*?\}")


@dataclass
class Census:
    """What one sheet's XML holds.

    Parameters
    ----------
    filled_rows
        The numbers of the rows with a value.
    n_columns
        The last column with a value, counted from 1.
    marked
        By row and column, counted from 1, the text of cells that hold an error or a formula without
        its result.
    n_uncomputed
        Formulas without a result among them.
    """

    filled_rows: array[int] = field(default_factory=lambda: array("I"))
    n_columns: int = 0
    marked: dict[int, dict[int, str]] = field(default_factory=dict)
    n_uncomputed: int = 0

    def count_below(self, row: int) -> int:
        """How many rows below a row hold a value."""
        return len(self.filled_rows) - bisect_right(self.filled_rows, row)


def check_archive(source: Source) -> None:
    """Refuse a workbook that is damaged, or larger unpacked than any sheet can be."""
    with ZipFile(source.copy) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if size > LARGEST_XML:
            raise FileRefused(
                f"the workbook unpacks to {size >> 20} MiB, more than a full sheet has; save the "
                "sheet as CSV UTF-8 and load that.",
                source.path,
            )
        damaged = archive.testzip()
    if damaged is not None:
        raise FileRefused(
            f"the workbook is damaged (its part {damaged}); download or save it again.", source.path
        )


def sheet_parts(source: Source) -> dict[str, str]:
    """The part of the archive that holds each sheet, by the sheet's name."""
    with ZipFile(source.copy) as archive:
        targets = {
            tag.get("Id", ""): tag.get("Target", "") for tag in _tags(archive, RELATIONS, source)
        }
        found = {}
        for tag in _tags(archive, WORKBOOK, source):
            relation = next((v for k, v in tag.items() if k.endswith("}id")), None)
            if NAMESPACE.sub("", tag.tag) == "sheet" and relation in targets:
                found[tag.get("name", "")] = _part(targets[relation])
        return found


def _part(target: str) -> str:
    """A relation's target as a name in the archive."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _tags(archive: ZipFile, name: str, source: Source) -> Iterator[ElementTree.Element]:
    info = archive.getinfo(name)
    text = archive.read(info) if info.file_size <= LARGEST_DIRECTORY else b""
    if not text or b"<!DOCTYPE" in text:
        raise FileRefused(f"the workbook's part {name} is no list of sheets.", source.path)
    yield from ElementTree.fromstring(text).iter()


def take_census(source: Source, part: str) -> Census:
    """Read through a sheet's XML.

    Raises
    ------
    FileRefused
        It has more cells than can be held, or too many that have no value.
    """
    census, number = Census(), 0
    with ZipFile(source.copy) as archive:
        blank = _blank_shared_strings(archive)
        with archive.open(part) as stream:
            for piece in _rows(stream, source):
                cells_from = _start_of_cells(piece)
                for start in ROW_START.finditer(piece, 0, cells_from):
                    said = ROW_NUMBER.search(start[1])
                    number = int(said[1]) if said else number + 1
                _count_row(census, number, piece[cells_from:], blank)
                _check_limits(census, number, source)
    return census


def _rows(stream: IO[bytes], source: Source) -> Iterator[bytes]:
    """The XML of each row that has cells, with that of empty rows before it."""
    rest = b""
    while chunk := stream.read(CHUNK):
        *rows, rest = ROW_END.split(rest + chunk)
        if len(rest) > LONGEST_ROW:
            raise FileRefused(
                f"a row of the sheet has more than {LONGEST_ROW >> 20} MiB.", source.path
            )
        yield from rows


def _start_of_cells(piece: bytes) -> int:
    """Where a row's cells begin, below the start tags of empty rows and its own."""
    start = piece.rfind(b"<row")
    return piece.find(b">", start if start >= 0 else piece.rfind(b":row")) + 1


def _count_row(census: Census, number: int, cells: bytes, blank: frozenset[int]) -> None:
    has_marks = any(sign in cells for sign in (b'"e"', b"<f", b":f"))
    marks = _marks(cells) if has_marks else {}
    census.n_uncomputed += sum(text.startswith("=") for text in marks.values())
    if marks:
        census.marked[number] = marks
    if marks or (_has_value(cells, blank) if blank else FILLED.search(cells)):
        census.filled_rows.append(number)
        census.n_columns = max(census.n_columns, _last_column(cells))


def _has_value(cells: bytes, blank: frozenset[int]) -> bool:
    """Whether a cell holds a value other than a shared text that is empty."""
    for attributes, content in CELL.findall(cells):
        is_shared = b't="s"' in attributes
        value = VALUE.search(content)
        if FILLED.search(content) and not (is_shared and value and int(value[1]) in blank):
            return True
    return False


def _last_column(cells: bytes) -> int:
    """The column of the row's last cell with a value, counted from 1."""
    end = max(cells.rfind(mark) for mark in (b"<v", b":v", b"<is", b":is", b"<f", b":f"))
    found = CELL_COLUMN.match(cells, cells.rfind(b' r="', 0, end))
    return _column_number(found[1]) if found else len(CELL.findall(cells))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _marks(cells: bytes) -> dict[int, str]:
    """By column the text of cells with an error, or with a formula but no result."""
    marks, column = {}, 0
    for attributes, content in CELL.findall(cells):
        said = CELL_COLUMN.search(attributes)
        column = _column_number(said[1]) if said else column + 1
        value, formula = VALUE.search(content), FORMULA.search(content)
        kind = TYPE.search(attributes)
        if kind and kind[1] == b"e":
            marks[column] = unescape((value[1] if value else b"#ERROR").decode("utf-8", "replace"))
        elif formula and not (value and value[1]) and not (kind and kind[1] == b"str"):
            marks[column] = unescape("=" + (formula[1] or b"...").decode("utf-8", "replace"))
    return marks


def _check_limits(census: Census, number: int, source: Source) -> None:
    filled = census.filled_rows
    if len(filled) > 1 and filled[-1] <= filled[-2]:
        raise FileRefused("the sheet's rows are out of order; save it again.", source.path, number)
    if number * census.n_columns > MOST_CELLS:
        raise FileRefused(
            f"the sheet spans more than {MOST_CELLS:,} cells; save it as CSV UTF-8, which is read "
            "row by row, and load that.",
            source.path,
            number,
        )
    if len(census.marked) > MOST_MARKED:
        raise FileRefused(
            f"more than {MOST_MARKED:,} rows hold errors or formulas that were never computed; "
            "open it in a spreadsheet program, save it there, and load it again.",
            source.path,
            number,
        )


def _blank_shared_strings(archive: ZipFile) -> frozenset[int]:
    """The numbers of the texts that cells share and that are empty."""
    if SHARED_STRINGS not in archive.namelist():
        return frozenset()
    blank, number, rest = set(), 0, b""
    with archive.open(SHARED_STRINGS) as stream:
        while chunk := stream.read(CHUNK):
            text, end = rest + chunk, 0
            for found in SHARED.finditer(text):
                if not FILLED.search(found[0]):
                    blank.add(number)
                number, end = number + 1, found.end()
            rest = text[end:]
    return frozenset(blank)
