"""What every analysis by group asks for: the property, the cut-off, the order of the groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from claimstats.book import Book
from claimstats.errors import ParameterError, check_choice
from claimstats.language import later, say, say_n
from claimstats.loaders.personal import what_it_tells

Decision = Literal["first", "final"]

SIDES = {"seller_claims": later("seller's"), "buyer_claims": later("buyers'")}
"""Who claims, in a reader's words; the two are never pooled."""

PROPERTIES = (
    "program", "reason", "marketplace", "fulfilment", "month", "direction", "channel", "reason_raw",
    "sku", "currency", "resolution", "ship_country", "is_business", "return_carrier",
    "return_reason", "filed_month", "ordered_month", "decided_month", "has_order", "decided_basis",
    "claim",
)  # fmt: skip
"""The properties that the macro ``claims_as_of`` knows; the tracker's own columns come on top."""

QUIET_DAYS = 14
"""With no event of a claim for so long before the cut-off, the claims' source may have stopped."""

JUMP_DAYS = 180
"""A latest event that comes so long after the one before it is more likely a wrong date."""

MOST_DAYS = 36_500
"""A hundred years: no claim is followed so long, and dates that far away overflow."""

MOST_CLAIMS = 1_000_000_000
"""More than a book holds: to ask for more of them answers nothing."""


def properties(book: Book) -> list[str]:
    """What claims can be split by: the known properties and the tracker's own columns."""
    own = book.columns(
        "SELECT DISTINCT unnest(json_keys(extra)) AS name FROM claims "
        "WHERE extra IS NOT NULL ORDER BY name"
    )["name"]
    return [*PROPERTIES, *(name for name in own if name not in PROPERTIES)]


def check_grouping(book: Book, name: str, by: str, decision: str = "first") -> None:
    """Refuse a property or a decision that there is not.

    Raises
    ------
    ParameterError
        The nearest name is said.
    """
    if not isinstance(by, str):
        raise ParameterError(f"{name} splits by one property, not by {by!r}; name one.")
    _check_property(book, name, by)
    check_choice(f"{name} knows no decision", decision, get_args(Decision))


def _check_property(book: Book, name: str, by: str) -> None:
    known = properties(book)
    if by not in known and what_it_tells(by):
        for file_name in _files_with(book, by)[:1]:
            raise ParameterError(
                f"{name} cannot split by {by!r}: {file_name} has such a column, but no claim its "
                "values. What may name a person is left out unless a file is loaded with "
                "--keep-pii."
            )
    check_choice(f"{name} cannot split by", by, known)


def _files_with(book: Book, column: str) -> list[str]:
    """The files in whose header a column stands that no format knows."""
    return book.columns(
        "SELECT file_name FROM source_files WHERE list_contains(unknown_columns, $1) "
        "ORDER BY file_id",
        [column],
    )["file_name"]


def one_or_two(name: str, by: str | Sequence[str]) -> tuple[str, ...]:
    """The one or two properties asked for.

    Raises
    ------
    ParameterError
        There are none, more than two, or twice the same.
    """
    asked = (by,) if isinstance(by, str) else tuple(by)
    if len(asked) not in (1, 2) or len(set(asked)) < len(asked):
        raise ParameterError(
            f"{name} splits by one property or by two different ones; found {list(asked)}."
        )
    return asked


def check_positive(name: str, parameter: str, value: float, most: float = MOST_CLAIMS) -> None:
    """Refuse a parameter that must be above zero, and at most `most`."""
    if not value > 0:
        raise ParameterError(f"{name}: {parameter} is {value}; it must be above 0.")
    if value > most:
        raise ParameterError(f"{name}: {parameter} is {value}; it may be {most:,} at most.")


def check_days(name: str, parameter: str, value: float) -> None:
    """Refuse an age or a period that is not above zero, or longer than any claim's."""
    check_positive(name, parameter, value, MOST_DAYS)


def check_level(name: str, level: float) -> None:
    """Refuse a confidence level at which there is no interval."""
    if not 0 < level < 1:
        raise ParameterError(f"{name}: level is {level:g}; it must lie between 0 and 1.")


def check_cutoff(name: str, as_of: datetime | None) -> datetime | None:
    """Return the cut-off in UTC without its zone; refuse what is no point in time."""
    if as_of is None:
        return None
    if not isinstance(as_of, datetime):
        raise ParameterError(
            f"{name}: as_of is {as_of!r}; give a datetime (UTC), such as datetime(2026, 8, 31, 12)."
        )
    return as_of if as_of.tzinfo is None else as_of.astimezone(UTC).replace(tzinfo=None)


def group_name(by: str, taken: Iterable[str]) -> str:
    """The group column's name: the property's, unless the table needs that name itself."""
    name, others = by, set(taken)
    while name in others:
        name += "_group"
    return name


def group_names(by: Sequence[str], taken: Iterable[str]) -> tuple[str, ...]:
    """The group columns' names; none takes the name of the other property."""
    others = set(taken)
    return tuple(group_name(own, others | (set(by) - {own})) for own in by)


def call(macro: str, **arguments: object) -> str:
    """The query that calls a table macro, its arguments written out so that it runs as is."""
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


def with_sides(labels: Sequence[str], directions: Sequence[str]) -> tuple[str, ...]:
    """Labels of groups with who claims beside them, where both sides do."""
    if len(set(directions)) < 2:
        return tuple(labels)
    return tuple(
        say("{group} ({side})", group=group, side=say(SIDES[side]))
        for group, side in zip(labels, directions, strict=True)
    )


def in_order(by: str, rows: list[dict[str, Any]], key: str = "group_value") -> list[dict[str, Any]]:
    """Months in time, other groups by their number of claims: never by their rate."""
    if by.endswith("month"):
        return sorted(rows, key=lambda row: str(row[key]))
    return rows


def nested(by: Sequence[str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in order; of two properties, what shares the first's value stands together."""
    if len(by) == 1:
        return in_order(by[0], rows)
    ordered = in_order(by[1], rows, "and_value")
    size: Counter[str] = Counter()
    for row in rows:
        size[row["group_value"]] += row["n_claims"]
    is_month = by[0].endswith("month")
    return sorted(
        ordered, key=lambda row: (0 if is_month else -size[row["group_value"]], row["group_value"])
    )


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
    own = book.as_of
    if as_of is None or own is None:
        return
    # Of all claims, whichever are asked about: it is their source that may have stopped.
    last = book.value(
        "SELECT max(greatest(filed_at, decided_at, appealed_at, appeal_decided_at)) FROM claims"
    )
    if last and last < as_of - timedelta(days=QUIET_DAYS):
        yield say(
            "The last event of a claim is {n} days before the cut-off; if the claims' source stops "
            "there, open claims look too old: give that day as the cut-off.",
            n=(as_of - last).days,
        )
    before = book.value(_LATEST_BEFORE, {"as_of": as_of}) if as_of == own else None
    if before and before < own - timedelta(days=JUMP_DAYS):
        yield say(
            "The latest event in the book, on {day}, comes {n} days after the one before it; if "
            "its date is wrong, all open claims look too old: give the cut-off.",
            day=own.date(),
            n=(own - before).days,
        )
    if orphans := book.value(_EVENTS_WITHOUT_CLAIM):
        yield say_n(
            "{n} event names a claim that is not in the book: not used.",
            "{n} events name a claim that is not in the book: not used.",
            orphans,
        )


_LATEST_BEFORE = """
SELECT max(happened_at) FROM (
    SELECT unnest([contacted_at, filed_at, decided_at, appealed_at, appeal_decided_at])
        AS happened_at FROM claims
    UNION ALL SELECT occurred_at FROM claim_events
    UNION ALL SELECT submitted_at FROM evidence
    UNION ALL SELECT greatest(purchased_at, updated_at) FROM history.order_lines WHERE is_current
    UNION ALL SELECT greatest(ordered_at, requested_at, delivered_at, safet_created_at) FROM returns
    UNION ALL SELECT approved_at FROM reimbursements
    UNION ALL SELECT pulled_at FROM source_files
) WHERE happened_at < $as_of
"""

_EVENTS_WITHOUT_CLAIM = """
SELECT count(*) FROM claim_events AS e WHERE NOT EXISTS (
    SELECT 1 FROM claims AS c WHERE c.program = e.program AND c.claim_id = e.claim_id
)
"""
