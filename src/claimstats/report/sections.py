"""What the page's template shows, cut to size: sections, tables and cells."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claimstats.finding import Column, Finding, Table
from claimstats.language import label, listed, property_label, say

MOST_ROWS = 25
"""Rows of a finding's table on the page; the sentence below a longer one says how to get all."""

MOST_DETAIL_ROWS = 10
"""Rows of a further table on the page, mostly the steps of the curves that the chart shows."""

BARE_DIGITS = 5
"""Digits of a number that a spreadsheet gets from the page; `claimstats export` writes them all."""

MANY_COLUMNS = 9
"""From here on a table is set smaller on paper."""

LONG = 36
"""Letters that a cell holds on one line."""

LENGTHY = 110
"""Letters of a headline that fit two lines of large type."""

SELECTED = {
    "program": "--program", "marketplace": "--marketplace",
    "filed_from": "--from", "filed_to": "--to", "as_of": "--as-of",
}  # fmt: skip
"""Parameters that say which claims, up to when, and the options that ask for them."""

ALL_AS_ONE = ("claim",)
"""The property that splits nothing."""

_NUMERIC = {"count", "share", "points", "days", "number", "amount", "p_value"}

_UNIT = re.compile(r"(?<=\d) (?=%|days\b|points\b)")


@dataclass(frozen=True)
class Cell:
    """One cell: what a reader sees, and what a spreadsheet gets instead of it.

    That is the bare ``value`` of a number, or the ``code`` behind a title; else what is seen.
    """

    shown: str
    value: str | None
    code: str = ""

    @property
    def length(self) -> str:
        """How the cell is set: a ``long`` text wraps, one ``unbroken`` by spaces is small."""
        if len(self.shown) <= LONG:
            return ""
        return "long" if " " in self.shown else "unbroken"


@dataclass(frozen=True)
class Grid:
    """A table as the page shows it."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    command: str

    @property
    def is_capped(self) -> bool:
        """Whether rows are left out."""
        return len(self.rows) < self.total

    @property
    def is_wide(self) -> bool:
        """Whether the table needs small type on paper."""
        return len(self.columns) > MANY_COLUMNS


@dataclass(frozen=True)
class Section:
    """One finding as the page shows it."""

    id: str
    label: str
    finding: Finding
    table: Grid
    details: tuple[Grid, ...]
    parameters: tuple[tuple[str, str], ...]

    @property
    def is_lengthy(self) -> bool:
        """Whether the headline is too long for large type."""
        return len(self.finding.headline) > LENGTHY


def sections(findings: Iterable[Finding]) -> list[Section]:
    """Cut each finding to a section; the second of a name gets an anchor of its own."""
    seen: dict[str, int] = {}
    return [_section(finding, _anchor(finding.name, seen)) for finding in findings]


def _anchor(name: str, seen: dict[str, int]) -> str:
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else f"{name}-{seen[name]}"


def _section(finding: Finding, anchor: str) -> Section:
    command = _command(finding)
    return Section(
        id=anchor,
        label=_label(finding),
        finding=finding,
        table=grid(finding.summary, f"{anchor}-table", say("Table"), MOST_ROWS, command),
        details=tuple(
            grid(
                table, f"{anchor}-{name}", capital(label(name)), MOST_DETAIL_ROWS,
                f"{command} --detail {name}",
            )
            for name, table in finding.details.items()
        ),
        parameters=finding.shown_parameters(),
    )  # fmt: skip


def _label(finding: Finding) -> str:
    name, by = capital(label(finding.name)), _by(finding)
    if not by or by == ALL_AS_ONE:
        return name
    return say("{analysis} by {property}", analysis=name, property=listed(map(property_label, by)))


def _command(finding: Finding) -> str:
    """The command that writes the whole table."""
    words = ["claimstats", "export", finding.name]
    for by in _by(finding):
        words += ["--by", by]
    for name, option in SELECTED.items():
        if value := finding.parameters.get(name):
            words += [option, str(value)]
    return shlex.join([*words, "--csv"])


def _by(finding: Finding) -> tuple[str, ...]:
    """The properties that a finding is split by, none, one or two."""
    by = finding.parameters.get("by", ())
    return (by,) if isinstance(by, str) else tuple(by)


def capital(text: str) -> str:
    """A text that begins with a capital letter, in languages that have them."""
    return text[:1].upper() + text[1:]


def grid(table: Table, anchor: str, title: str, most: int, command: str = "") -> Grid:
    """Cut a table to the rows that the page shows; `command` writes them all."""
    rows = tuple(zip(*(_cells(column, most) for column in table.columns), strict=True))
    return Grid(anchor, title, table.columns, rows, len(table), command)


def _cells(column: Column, most: int) -> Iterator[Cell]:
    numeric = is_numeric(column)
    for value in column.values[:most]:
        yield Cell(column.show(value), _bare(value, numeric), _code(column, value))


def _bare(value: object, numeric: bool) -> str | None:
    if value is None or value != value:
        return ""
    if not numeric or isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    return f"{value:.{BARE_DIGITS}g}" if isinstance(value, float) else str(value)


def _code(column: Column, value: object) -> str:
    """What data call what a reader sees: a flag as true or false, a title by its code."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) and value in column.titles else ""


def is_numeric(column: Column) -> bool:
    """Whether a column holds numbers, which stand at the right."""
    return column.kind in _NUMERIC


def tied(text: str) -> str:
    """Keep a number and its unit on one line.

    Examples
    --------
    >>> tied("43.8 % of 512") == "43.8\N{NO-BREAK SPACE}% of 512"
    True
    """
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)


def linked(text: str) -> Sequence[tuple[str, str]]:
    """Split a reference into pieces of text and address; a piece without address is plain.

    Examples
    --------
    >>> linked("Wilson (1927). doi:10.1080/01621459.1927.10502953")[1]
    ('doi:10.1080/01621459.1927.10502953', 'https://doi.org/10.1080/01621459.1927.10502953')
    """
    pieces, end = [], 0
    for found in re.finditer(r"https://[^\s<>\"]+|doi:(10\.\d+/[^\s<>\"]+)", text):
        shown = found.group().rstrip(".,;")
        address = f"https://doi.org/{shown[4:]}" if shown.startswith("doi:") else shown
        pieces += [(text[end : found.start()], ""), (shown, address)]
        end = found.start() + len(shown)
    return [*pieces, (text[end:], "")]
