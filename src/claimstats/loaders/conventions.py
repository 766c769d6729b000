"""How a file writes its numbers and days, settled once for the whole file and never cell by cell.

An export that always writes a decimal point is read so. Where the marketplace decides, the user
says, else the header's language tells, else the amounts that can be read in one way only; amounts
of both kinds in one file contradict each other, and the file is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from claimstats.book import Book
from claimstats.errors import FileRefused
from claimstats.loaders.detect import Detected
from claimstats.loaders.reading import Reading
from claimstats.loaders.sources import Source

POINT, COMMA = ".", ","
SIGN_NAMES = {POINT: "point", COMMA: "comma"}


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
            f"coalesce(parse_plain_time(x), parse_slashed(x, '{self.slashes}'));"
        )


def settle(book: Book, source: Source, detected: Detected, reading: Reading) -> Conventions:
    """Settle the conventions of the file whose text is in ``texts``.

    Raises
    ------
    FileRefused
        Some of its amounts can only have a decimal comma, and others only a decimal point.
    """
    export = detected.export
    # Numbers of a workbook come with a point, whatever sign it was filled in with.
    is_sheet = detected.dialect.sheet is not None
    is_local = export.decimal == "local" or (is_sheet and export.decimal == COMMA)
    if reading.decimal:
        return Conventions(reading.decimal, True, is_local, export.slashes)
    if not is_local:
        return Conventions(export.decimal, export.decimal == COMMA, False, export.slashes)
    header = detected.dialect.header
    told = export.decimal_of(header) if export.decimal_of and not is_sheet else None
    if told:
        return Conventions(told, True, True, export.slashes)
    shown = _shown(book, source, detected)
    if shown is None:
        return Conventions(POINT, False, True, export.slashes)
    said = f"amounts have a decimal {SIGN_NAMES[shown]}, as the file shows; --decimal overrules."
    return Conventions(shown, True, True, export.slashes, (said,))


def _shown(book: Book, source: Source, detected: Detected) -> str | None:
    """The decimal sign that the amounts show; None where they show none."""
    present = {column.name for column in detected.columns if column}
    names = [c.name for c in detected.export.stored if c.type == "money" and c.name in present]
    if not names:
        return None
    parts = [f"SELECT line_no, bare({name}) AS amount FROM texts" for name in names]
    rows = book.rows(
        "SELECT decimal_shown(amount) AS mark, count(*) AS n, min(line_no) AS line_no, "
        f"arg_min(amount, line_no) AS amount FROM ({' UNION ALL '.join(parts)}) "
        "WHERE decimal_shown(amount) IS NOT NULL GROUP BY mark ORDER BY n DESC"
    )
    if len(rows) > 1:
        told = " and ".join(
            f"a decimal {SIGN_NAMES[row['mark']]} ({row['amount']} in line {row['line_no']})"
            for row in rows
        )
        raise FileRefused(
            f"has amounts with {told}; say which one it is with --decimal, and the others are "
            "rejected.",
            source.path,
        )
    return rows[0]["mark"] if rows else None
