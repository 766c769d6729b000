"""What every analysis by group asks for: the property to split by, the cut-off, and the groups' order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from claimstats.book import Book
from claimstats.errors import ParameterError, check_choice

Decision = Literal["first", "final"]

PROPERTIES = (
    "program", "reason", "marketplace", "fulfilment", "month", "direction", "channel", "reason_raw",
    "sku", "currency", "resolution", "ship_country", "is_business", "return_carrier",
    "return_reason", "filed_month", "ordered_month", "decided_month", "has_order", "decided_basis",
    "claim",
)  # fmt: skip
"""The properties that the macro ``claims_as_of`` knows; the tracker's own columns come on top."""

QUIET_DAYS = 14
"""With no event of a claim for so long before the cut-off, the claims' source may have stopped."""


def properties(book: Book) -> list[str]:
    """What claims can be split by: the known properties and the tracker's own columns."""
    own = book.columns(
        "SELECT DISTINCT unnest(json_keys(extra)) AS name FROM claims WHERE extra IS NOT NULL ORDER BY 1"
    )["name"]
    return [*PROPERTIES, *(name for name in own if name not in PROPERTIES)]


def check_grouping(book: Book, name: str, by: str, decision: str = "first") -> None:
    """Refuse a property or a decision that there is not.

    Raises
    ------
    ParameterError
        The nearest name is said.
    """
    check_choice(f"{name} cannot split by", by, properties(book))
    check_choice(f"{name} knows no decision", decision, get_args(Decision))


def check_positive(name: str, parameter: str, value: float) -> None:
    """Refuse a parameter that must be above zero."""
    if not value > 0:
        raise ParameterError(f"{name}: {parameter} is {value}; it must be above 0.")


def group_name(by: str, taken: Iterable[str]) -> str:
    """The group column's name: the property's, unless the table needs that name itself."""
    return f"{by}_group" if by in set(taken) else by


def call(macro: str, **arguments: object) -> str:
    """The query that calls a table macro, its arguments written out so that it runs as it stands."""
    written = ", ".join(f"{name} := {_literal(value)}" for name, value in arguments.items())
    return f"FROM {macro}({written})"


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return str(value)


def in_order(by: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Months in time, other groups by their number of claims: never by their rate."""
    if by.endswith("month"):
        return sorted(rows, key=lambda row: str(row["group_value"]))
    return rows


def grouped(
    rows: Iterable[Mapping[str, Any]], *keys: str
) -> dict[tuple[Any, ...], list[Mapping[str, Any]]]:
    """Rows by the values of `keys`."""
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return groups


def source_caveats(book: Book, as_of: datetime | None) -> Iterator[str]:
    """What the loaded files themselves leave in doubt, whatever the question."""
    last = book.value(
        "SELECT max(greatest(filed_at, decided_at, appealed_at, appeal_decided_at)) FROM claims "
        "WHERE $1 IS NULL OR filed_at <= $1",
        [as_of],
    )
    if as_of and last and last < as_of - timedelta(days=QUIET_DAYS):
        yield (
            f"The last event of a claim is {(as_of - last).days} days before the cut-off; if the "
            "claims' source stops there, open claims look too old: give that day as the cut-off."
        )
