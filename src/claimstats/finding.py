"""What every analysis returns: one question, its answer in a sentence, and the numbers behind it.

A finding holds plain columns and a plain figure specification. The polars table, the pandas table
and the plotly figure are built when first asked for, so the command line and the report need none
of these libraries.
"""

from __future__ import annotations

import html
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from claimstats.language import amount, choice_label, label, listed, property_label, say
from claimstats.titles import title

if TYPE_CHECKING:
    import pandas
    import plotly.graph_objects
    import polars

Kind = Literal[
    "text", "count", "share", "points", "days", "number", "amount", "p_value", "flag", "time"
]

NAMING = ("by", "calendar")
"""Parameters that name a property of claims."""

NOTHING = "–"
"""What a table shows where there is no value."""

FORMATS: Mapping[Kind, str] = {
    "points": "+.1f", "days": ".1f", "p_value": ".3f", "count": ",.0f", "amount": ",.2f",
}  # fmt: skip
"""How numbers of each kind are written."""

SMALLEST_P = 0.001
"""A p value below this is only said to be smaller."""

SHOWN_IN_NOTEBOOK = 50
"""Rows of a table that a notebook shows; the whole table is in ``finding.table``."""


def show_value(value: object, kind: Kind, missing: str = NOTHING) -> str:
    """Write one value for a reader: shares in percent, days with one decimal.

    Examples
    --------
    >>> show_value(0.438, "share"), show_value(12.04, "days"), show_value(None, "days", "none")
    ('43.8 %', '12.0', 'none')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return missing
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (int, float)):
        return _show_number(value, kind)
    return str(value)


def _show_number(value: float, kind: Kind) -> str:
    match kind:
        case "share":
            return say("{number} %", number=amount(f"{100 * value:.1f}"))
        case "p_value" if value < SMALLEST_P:
            return f"< {amount(f'{SMALLEST_P:g}')}"
        case _ if kind in FORMATS:
            return amount(format(value, FORMATS[kind]))
        case _:
            return amount(f"{value:.3f}") if isinstance(value, float) else str(value)


PLURAL_VERBS = {
    "is": "are", "has": "have", "was": "were", "names": "name", "lies": "lie", "equals": "equal",
    "differs": "differ", "repeats": "repeat",
}  # fmt: skip


def quantity(n: int, noun: str) -> str:
    """A number with its noun, in the singular where it is one.

    Examples
    --------
    >>> quantity(1, "claim is"), quantity(1200, "claim is")
    ('1 claim is', '1,200 claims are')
    """
    word, _, verb = noun.partition(" ")
    if n == 1:
        return f"1 {noun}"
    plural = PLURAL_VERBS.get(verb, verb)
    return f"{n:,} {word}s {plural}".rstrip()


@dataclass(frozen=True)
class Column:
    """One column of a finding's table.

    Parameters
    ----------
    name
        The column's name, with its unit where it has one (``median_days``).
    kind
        What the values are: ``share`` is 0 to 1, ``points`` are percentage points,
        ``days`` are days, ``count`` whole numbers.
    meaning
        One line: what is counted, in which unit.
    values
        The values, None where there is none.
    missing
        What to show for None.
    titles
        What a reader sees for codes such as ``amazon_safet``; other values are seen as they are.
    title
        What a reader calls the column; by default what columns of its name are called.
    """

    name: str
    kind: Kind
    meaning: str
    values: tuple[Any, ...]
    missing: str = NOTHING
    titles: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    @property
    def label(self) -> str:
        """The name as a reader sees it."""
        return self.title or label(self.name)

    def shown(self) -> tuple[str, ...]:
        """The values as a reader sees them."""
        return tuple(self.show(value) for value in self.values)

    def show(self, value: Any) -> str:
        """One value as a reader sees it."""
        if isinstance(value, str) and value in self.titles:
            return self.titles[value]
        return show_value(value, self.kind, self.missing)


@dataclass(frozen=True)
class Table:
    """Columns of equal length, each with a name of its own, in order."""

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        lengths = {len(column.values) for column in self.columns}
        if len(lengths) > 1:
            raise ValueError(f"columns of unequal length: {sorted(lengths)}")
        if twice := sorted(name for name, n in Counter(self.names).items() if n > 1):
            raise ValueError(f"several columns of one name: {twice}")

    def __len__(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def __getitem__(self, name: str) -> tuple[Any, ...]:
        """The values of the column `name`."""
        return self.column(name).values

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column `name`; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row as a dictionary."""
        for values in zip(*(column.values for column in self.columns), strict=True):
            yield dict(zip(self.names, values, strict=True))

    def where(self, name: str, value: object) -> Table:
        """The rows whose column `name` equals `value`."""
        keep = [place for place, found in enumerate(self[name]) if found == value]
        return Table(
            tuple(replace(c, values=tuple(c.values[k] for k in keep)) for c in self.columns)
        )

    def to_polars(self) -> polars.DataFrame:
        """The table as a polars DataFrame; an all-empty column keeps its type."""
        import polars

        types: dict[str, Any] = {
            "text": polars.String, "count": polars.Int64, "flag": polars.Boolean,
            "time": polars.Datetime("us"),
        }  # fmt: skip
        return polars.DataFrame(
            {column.name: list(column.values) for column in self.columns},
            schema={c.name: types.get(c.kind, polars.Float64) for c in self.columns},
        )


@dataclass(frozen=True)
class Method:
    """How a finding was computed, in words.

    Parameters
    ----------
    definition
        What is measured.
    denominator
        What it is measured against, on which date basis.
    exclusions
        What is left out, and why.
    interval
        The interval's method and level.
    literature
        References, each with its DOI or address.
    """

    definition: str
    denominator: str
    exclusions: str
    interval: str
    literature: tuple[str, ...]

    def parts(self) -> tuple[tuple[str, str], ...]:
        """Title and text of each part but the literature, in reading order."""
        return (
            (say("Definition"), self.definition),
            (say("Denominator"), self.denominator),
            (say("Left out"), self.exclusions),
            (say("Interval"), self.interval),
        )

    def said(self) -> Method:
        """The method in the language spoken now, from texts marked by ``later``."""
        return replace(
            self,
            definition=say(self.definition),
            denominator=say(self.denominator),
            exclusions=say(self.exclusions),
            interval=say(self.interval),
        )


@dataclass(frozen=True)
class KeyNumber:
    """A number that stands on a report's first screen, with its interval.

    Parameters
    ----------
    label
        What it is the number of, in a few words.
    value, lower, upper
        The number and its limits; limits are None where it is a mere count.
    kind
        What the number is, as for a :class:`Column`.
    beside
        What it rests on, such as how many are decided and open.
    missing
        What to show for a limit or a value that there is not.
    """

    label: str
    value: float | None
    kind: Kind
    lower: float | None = None
    upper: float | None = None
    beside: str = ""
    missing: str = NOTHING

    @property
    def shown(self) -> str:
        """The number as a reader sees it."""
        return show_value(self.value, self.kind, self.missing)

    @property
    def interval(self) -> str:
        """Its limits as a reader sees them; empty where it has none."""
        if self.lower is None and self.upper is None:
            return ""
        lower, upper = (
            show_value(end, self.kind, self.missing) for end in (self.lower, self.upper)
        )
        return say("{lower} to {upper}", lower=lower, upper=upper)


@dataclass(frozen=True)
class Finding:
    """The answer to one question.

    Parameters
    ----------
    name
        The analysis, such as ``approval_rate``; also its report anchor and SQL macro.
    question
        The question in the analyst's words.
    headline
        One sentence, number first.
    summary
        The main table as plain columns; `table` is the same as a polars DataFrame.
    chart
        The figure as a plain specification, a dictionary with ``data`` and ``layout``.
    sql
        The exact query whose counts were used; it runs in the book.
    method
        Definition, denominator, exclusions, interval and literature.
    caveats
        What may mislead in these data, each a sentence with its count.
    parameters
        What was asked for.
    as_of
        The data cut-off (UTC); None for a book without events.
    details
        Further tables that the chart draws, by name.
    key_numbers
        The numbers among these that belong on a report's first screen.
    to_do
        What the reader can do about it now, each a sentence with its count.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.approval_rate(book, by="program")
    >>> finding.table.columns[:3]
    ['program', 'direction', 'n_claims']
    """

    name: str
    question: str
    headline: str
    summary: Table
    chart: Mapping[str, Any]
    sql: str
    method: Method
    caveats: tuple[str, ...]
    parameters: Mapping[str, Any]
    as_of: datetime | None
    details: Mapping[str, Table] = field(default_factory=dict)
    key_numbers: tuple[KeyNumber, ...] = ()
    to_do: tuple[str, ...] = ()

    @cached_property
    def table(self) -> polars.DataFrame:
        """The main table as a polars DataFrame."""
        return self.summary.to_polars()

    @cached_property
    def figure(self) -> plotly.graph_objects.Figure:
        """The chart as a plotly figure, without the button that sends data to a cloud."""
        from claimstats.figure import PrivateFigure

        return PrivateFigure(self.chart)

    def to_pandas(self) -> pandas.DataFrame:
        """The main table as a pandas DataFrame."""
        return self.table.to_pandas()

    def detail(self, name: str) -> polars.DataFrame:
        """A further table as a polars DataFrame, such as ``curves``."""
        from claimstats.errors import check_choice

        return self.details[
            check_choice(f"{self.name} has no table", name, self.details)
        ].to_polars()

    def shown_parameters(self) -> tuple[tuple[str, str], ...]:
        """What was asked for, as label and text."""
        return tuple(
            (label(name), _show_parameter(name, value)) for name, value in self.parameters.items()
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything but the chart, ready for JSON."""
        return {
            "name": self.name,
            "question": self.question,
            "headline": self.headline,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "parameters": dict(self.parameters),
            "caveats": list(self.caveats),
            "to_do": list(self.to_do),
            "table": list(self.summary.rows()),
            "details": {name: list(table.rows()) for name, table in self.details.items()},
            "sql": self.sql,
        }

    def _repr_html_(self) -> str:
        """The finding in a notebook: headline, table and caveats; `figure` shows the chart."""
        caveats = "".join(f"<li>{html.escape(caveat)}</li>" for caveat in self.caveats)
        until = say("Data up to {time} UTC.", time=show_value(self.as_of, "time"))
        return (
            f"<h3>{html.escape(self.headline)}</h3>"
            f"{_html_table(self.summary)}<ul>{caveats}</ul>"
            f"<p>{html.escape(until)}</p>"
        )


def _show_parameter(name: str, value: object) -> str:
    if isinstance(value, (list, tuple)):
        return listed(_show_parameter(name, part) for part in value) or say("none")
    if isinstance(value, str):
        return property_label(value) if name in NAMING else choice_label(title(name, value))
    return show_value(value, "text", say("not set"))


def _html_table(table: Table) -> str:
    heads = "".join(
        f'<th title="{html.escape(column.meaning)}">{html.escape(column.label)}</th>'
        for column in table.columns
    )
    shown = list(zip(*(column.shown() for column in table.columns), strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in shown[:SHOWN_IN_NOTEBOOK]
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
