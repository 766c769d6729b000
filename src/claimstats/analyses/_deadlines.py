"""What evidence_plan says of deadlines: the next, those due soon, those passed, their rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from claimstats.book import Book
from claimstats.finding import show_value
from claimstats.language import later, say, say_n
from claimstats.titles import title

SOON_DAYS = 7
"""Deadlines within so many days are named on the report's first screen."""

NAMED = 3
"""Claims due soon that are named at most."""

EXPORT = later("export")
"""The basis of a deadline that an export carries; of others it is the rule."""

CONFIDENCE = {
    "high": later("high"), "medium": later("medium"), "low": later("low"),
    "conflict": later("conflict"),
}  # fmt: skip
"""How far a rule of deadline_rules can be trusted."""

Row = Mapping[str, Any]


def next_deadline(rows: Sequence[Row]) -> Iterator[str]:
    """The deadline that comes next, if there is one, and what its claim's plan would send."""
    for row in _ahead(rows)[:1]:
        claim, time = row["claim_id"], show_value(row["due_at"], "time")
        if row["kind"]:
            yield say(
                "the next deadline is {claim}'s, by {time} UTC ({kind})",
                claim=claim,
                time=time,
                kind=title("kind", row["kind"]),
            )
        else:
            yield say("the next deadline is {claim}'s, by {time} UTC", claim=claim, time=time)


def due_soon(rows: Sequence[Row]) -> Iterator[str]:
    """What is due within a week."""
    soon = [row for row in _ahead(rows) if row["days_left"] <= SOON_DAYS]
    named = say("; ").join(_due(row) for row in soon[:NAMED])
    if len(soon) > NAMED:
        yield say(
            "{n} open claims are due within {days} days: {claims} and others.",
            n=len(soon),
            days=SOON_DAYS,
            claims=named,
        )
    elif soon:
        yield say_n(
            "{n} open claim is due within {days} days: {claims}.",
            "{n} open claims are due within {days} days: {claims}.",
            len(soon),
            days=SOON_DAYS,
            claims=named,
        )


def overdue(rows: Sequence[Row]) -> Iterator[str]:
    """How many open claims are past their deadline: answered in time, or to be lost."""
    if n := _n_overdue(rows):
        yield say_n(
            "{n} open claim is past its deadline: see that it was answered in time.",
            "{n} open claims are past their deadline: see that they were answered in time.",
            n,
        )


def deadline_caveats(book: Book, rows: Sequence[Row]) -> Iterator[str]:
    """Claims whose deadline is unknown or has passed, and the rules that tell the others'."""
    if n := sum(row["due_at"] is None for row in rows):
        yield say_n(
            "{n} claim has no known deadline: no export has one, and no rule fits.",
            "{n} claims have no known deadline: no export has one, and no rule fits.",
            n,
        )
    if n := _n_overdue(rows):
        yield say_n(
            "{n} claim has a deadline that has passed.",
            "{n} claims have a deadline that has passed.",
            n,
        )
    used = Counter(row["due_basis"] for row in rows if row["due_basis"] not in (None, EXPORT))
    if not used:
        return
    trust: dict[str, str] = dict(
        book.connection.execute("SELECT rule_id, confidence FROM deadline_rules").fetchall()
    )
    for rule, n in sorted(used.items()):
        yield say_n(
            "{n} deadline is by the rule {rule} (confidence: {confidence}).",
            "{n} deadlines are by the rule {rule} (confidence: {confidence}).",
            n,
            rule=rule,
            confidence=say(CONFIDENCE.get(trust[rule], trust[rule])),
        )


def _n_overdue(rows: Sequence[Row]) -> int:
    return sum(row["days_left"] is not None and row["days_left"] < 0 for row in rows)


def _ahead(rows: Sequence[Row]) -> list[Row]:
    """The claims whose deadline is known and still ahead, the next first."""
    known = [row for row in rows if row["days_left"] is not None and row["days_left"] >= 0]
    return sorted(known, key=lambda row: (row["days_left"], row["claim_id"]))


def _due(row: Row) -> str:
    """When a claim is due, and what its plan would send."""
    claim, time = row["claim_id"], show_value(row["due_at"], "time")
    if row["kind"]:
        kind = title("kind", row["kind"])
        return say("{claim} by {time} UTC ({kind})", claim=claim, time=time, kind=kind)
    return say("{claim} by {time} UTC", claim=claim, time=time)
