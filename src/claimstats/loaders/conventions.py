"""How a file writes its numbers and days, settled once for the whole file and never cell by cell.

An export that always writes a decimal point is read so. Where the marketplace decides, the user
says, else the header's language tells, else the amounts that can be read in one way only; amounts
of both kinds in one file contradict each other, and the file is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from claimstats.book import Book
from claimstats.errors import FileRefused
from claimstats.loaders.detect import Detected
from claimstats.loaders.reading import Reading
from claimstats.loaders.sources import Source
from claimstats.loaders.spec import Field

POINT, COMMA = ".", ","
SIGN_NAMES = {POINT: "point", COMMA: "comma"}
ORDER_NAMES = {"mdy": "the month first", "dmy": "the day first"}


@dataclass(frozen=True)
class Conventions:
    """What was settled for a file.

    Parameters
    ----------
    decimal
        The sign before the cents.
    is_known
        Whether that is more than the usual: said, told by the header, or shown by the amounts.
    slashes
        The order of day and month in times with slashes; empty where such times are refused.
    assumed
        What was concluded from the file, a sentence each.
    """

    decimal: str = POINT
    is_known: bool = False
    is_local: bool = False
    slashes: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The macros ``parse_amount`` and ``parse_time`` of this file."""
        number = "plain_number(x)" if self.is_local else "x"
        if self.decimal == COMMA:
            number = f"translate({number}, '.,', ',.')"
        return (
            "CREATE OR REPLACE TEMP MACRO parse_amount(x) AS "
            f"parse_pointed({number}, {str(self.is_known).lower()});"
            "CREATE OR REPLACE TEMP MACRO parse_time(x) AS "
            "coalesce(parse_plain_time(x), parse_word_date(x), "
            f"parse_slashed(x, '{self.slashes}'));"
        )


def settle(book: Book, source: Source, detected: Detected, reading: Reading) -> Conventions:
    """Settle the conventions of the file whose text is in ``texts``.

    Raises
    ------
    FileRefused
        Some of its amounts can only have a decimal comma, and others only a decimal point; or some
        of its days can only begin with the day, and others only with the month.
    """
    found = _decimal(book, source, detected, reading)
    slashes = detected.export.slashes
    if slashes != "local":
        return replace(found, slashes=slashes)
    shown = _slashes_shown(book, source, detected)
    if shown is None:
        return found
    said = f"days with slashes have {ORDER_NAMES[shown]}, as the file shows."
    return replace(found, slashes=shown, assumed=(*found.assumed, said))


def _decimal(book: Book, source: Source, detected: Detected, reading: Reading) -> Conventions:
    export = detected.export
    # Numbers of a workbook come with a point, whatever sign it was filled in with.
    is_sheet = detected.dialect.sheet is not None
    is_local = export.decimal == "local" or (is_sheet and export.decimal == COMMA)
    if reading.decimal:
        return Conventions(reading.decimal, True, is_local)
    if not is_local:
        return Conventions(export.decimal, export.decimal == COMMA)
    header = detected.dialect.header
    told = export.decimal_of(header) if export.decimal_of and not is_sheet else None
    if told:
        return Conventions(told, True, True)
    shown = _decimal_shown(book, source, detected)
    if shown is None:
        return Conventions(POINT, False, True)
    said = f"amounts have a decimal {SIGN_NAMES[shown]}, as the file shows; --decimal overrules."
    return Conventions(shown, True, True, assumed=(said,))


def _decimal_shown(book: Book, source: Source, detected: Detected) -> str | None:
    """The decimal sign that the amounts show; None where they show none."""
    money = [f"bare({c.name})" for c in _present(detected) if c.type == "money"]
    priced = [f"unsigned(bare({c.name}))" for c in _present(detected) if c.type == "priced"]
    rows = _marks(book, [*money, *priced], "decimal_shown")
    if len(rows) > 1:
        raise FileRefused(
            f"has amounts with {_told(rows, 'a decimal {}', SIGN_NAMES)}; say which one it is with "
            "--decimal, and the others are rejected.",
            source.path,
        )
    return rows[0]["mark"] if rows else None


def _slashes_shown(book: Book, source: Source, detected: Detected) -> str | None:
    """The order of day and month that the days with slashes show; None where they show none."""
    times = [f"bare({c.name})" for c in _present(detected) if c.type == "time"]
    rows = _marks(book, times, "slashes_shown")
    if len(rows) > 1:
        raise FileRefused(
            f"has days with {_told(rows, '{}', ORDER_NAMES)}; it is made of two files, or was "
            "changed by a spreadsheet. Download it again.",
            source.path,
        )
    return rows[0]["mark"] if rows else None


def _present(detected: Detected) -> list[Field]:
    present = {column.name for column in detected.columns if column}
    return [column for column in detected.export.stored if column.name in present]


def _marks(book: Book, texts: list[str], macro: str) -> list[dict[str, Any]]:
    """What `macro` finds shown in the texts: each mark, the commonest first, with an example."""
    if not texts:
        return []
    parts = [f"SELECT line_no, {text} AS value FROM texts" for text in texts]
    return book.rows(
        f"SELECT {macro}(value) AS mark, count(*) AS n, min(line_no) AS line_no, "
        f"arg_min(value, line_no) AS value FROM ({' UNION ALL '.join(parts)}) "
        "WHERE mark IS NOT NULL GROUP BY mark ORDER BY n DESC, line_no"
    )


def _told(rows: list[dict[str, Any]], pattern: str, names: dict[str, str]) -> str:
    return " and ".join(
        f"{pattern.format(names[row['mark']])} ({row['value']} in line {row['line_no']})"
        for row in rows
    )
