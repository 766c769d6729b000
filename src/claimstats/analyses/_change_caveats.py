"""What may mislead in shares before and after a date: refusals, a mix that changed, many tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from claimstats.analyses._before_after import Group
from claimstats.analyses._by_age import untimed_caveats
from claimstats.analyses._grouping import SIDES
from claimstats.finding import show_value
from claimstats.language import say, say_n

Rows = Sequence[Mapping[str, Any]]


def change_caveats(
    rows: Rows, groups: Sequence[Group], age: int, day: date | None
) -> Iterator[str]:
    """Say what may mislead: claims in no share, then each group's, then how many are tested."""
    if rows and day is not None:
        yield from untimed_caveats(rows)
    if day is not None and (n := sum(row["n_younger"] for row in rows)):
        yield say_n(
            "{n} claim is younger than {day} days: in no share.",
            "{n} claims are younger than {day} days: in no share.",
            n,
            day=age,
        )
    for group in groups:
        yield from _group_caveats(group)
    tested = sum(group.refused is None for group in groups)
    if tested and len(groups) > 1:
        yield say_n(
            "{n} row was tested; q values allow for as many.",
            "{n} rows were tested; q values allow for as many.",
            tested,
        )


def _group_caveats(group: Group) -> Iterator[str]:
    """Why a group's change is not told, or what is mixed in it."""
    of = {
        "date": group.key["changed_on"], "side": say(SIDES[group.direction]),
        "group": group.shown_name,
    }  # fmt: skip
    n = group.counts["n_before"] + group.counts["n_after"]
    if group.refused:
        yield say(
            "{date}, {side} claims of {group}: no change is told, {why}.", why=group.refused, **of
        )
    elif group.points_apart:
        yield say(
            "{date}, {side} claims of {group}: {points} points with reasons mixed, but {within} "
            "within program and reason: the mix changed.",
            points=show_value(group.change_points.value, "points"),
            within=show_value(group.within_points.value, "points"),
            **of,
        )
    elif n > group.within.n:
        yield say(
            "{date}, {side} claims of {group}: {alone} of {n} claims are of a program and reason "
            "that has claims on one side of the date alone.",
            alone=n - group.within.n,
            n=n,
            **of,
        )
