r"""A table as CSV, and text made safe for files that others open.

A cell that begins like a formula is one to a spreadsheet, whoever wrote it; an apostrophe before it
makes it text. The report's page saves CSV by itself: ``FORMULA`` in ``page.js`` is the same rule,
and a test holds them together.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from claimstats.finding import Finding, Table

MARK = "\ufeff"
"""Tells a spreadsheet that the text is UTF-8."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_UNSEEN = (
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u3000\ufeff"
)
FORMULA = re.compile(rf"^(?:[{_UNSEEN}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
"""What a spreadsheet may take for a formula, also behind spaces and marks that are not seen."""

_ILLEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def harmless(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would run it as a formula.

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless("late delivery")
    ("'=HYPERLINK(1)", 'late delivery')
    """
    return f"'{text}" if FORMULA.match(text) else text


def legible(text: str) -> str:
    r"""`text` with the replacement character for each that no text file or XML may hold.

    Examples
    --------
    >>> legible("a\x00b") == "a\N{REPLACEMENT CHARACTER}b"
    True
    """
    return _ILLEGIBLE.sub(REPLACEMENT, text)


def csv_field(value: object) -> object:
    """A value as CSV shows it: numbers bare, times in ISO form, nothing where there is none."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return harmless(legible(value)) if isinstance(value, str) else value


def csv_text(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV with a header, in the lines that RFC 4180 asks for."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([csv_field(name) for name in names])
    writer.writerows([csv_field(value) for value in row] for row in rows)
    return lines.getvalue()


def render(_: Finding, table: Table) -> bytes:
    """A finding's table as a CSV file."""
    rows = zip(*(column.values for column in table.columns), strict=True)
    return (MARK + csv_text(table.names, rows)).encode("utf-8")


def is_ours(path: Path, _: Finding, table: Table) -> bool:
    """Whether a file is an earlier export of the same table, by whatever it was split."""
    with path.open("rb") as stream:
        line = stream.readline(1 << 16)
    found = next(csv.reader([line.decode("utf-8-sig", "replace")]), [])
    numbers = _from_first_number(table)
    return line.startswith(MARK.encode()) and bool(numbers) and found[-len(numbers) :] == numbers


def _from_first_number(table: Table) -> list[str]:
    """The names that are the same whatever a finding is split by; all of them without a number."""
    first = next((k for k, c in enumerate(table.columns) if c.kind != "text"), 0)
    return list(table.names[first:])
