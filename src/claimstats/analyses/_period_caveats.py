"""What may mislead in periods held against limits: gaps, false alarms, what is too small to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from claimstats.analyses._by_age import untimed_caveats
from claimstats.analyses._grouping import SIDES
from claimstats.analyses._judged import Side
from claimstats.charts import MOST_PERIODS
from claimstats.finding import show_value
from claimstats.language import amount, later, say, say_n
from claimstats.stats.control import false_alarm
from claimstats.titles import UNKNOWN

Rows = Sequence[Mapping[str, Any]]

FEW_PERIODS = 12
"""Periods below which the caveats say that only large changes are found."""

FEWEST_EXPECTED = 2
"""Approved and other claims that a period is expected to have, below which runs are no sign."""

MANY = {"month": later("months"), "quarter": later("quarters"), "week": later("weeks")}
"""What periods are called where they are not counted."""


def counted(period: str, n: int) -> str:
    """Say how many months, quarters or weeks."""
    match period:
        case "month":
            return say_n("{n} month", "{n} months", n)
        case "quarter":
            return say_n("{n} quarter", "{n} quarters", n)
        case _:
            return say_n("{n} week", "{n} weeks", n)


def period_caveats(period: str, rows: Rows, sides: Sequence[Side], age: int) -> Iterator[str]:
    """Say what may mislead, the periods of each direction after what is in no period."""
    yield from untimed_caveats(rows)
    if n := sum(row["n_younger"] for row in rows):
        yield say_n(
            "{n} claim is younger than {day} days: in no share.",
            "{n} claims are younger than {day} days: in no share.",
            n,
            day=age,
        )
    if n := len({row["period_name"] for row in rows if not row["is_mature"]} - {UNKNOWN}):
        yield say_n(
            "{counted} is not judged yet: the last claims in it are younger than {day} days.",
            "{counted} are not judged yet: the last claims in them are younger than {day} days.",
            n,
            counted=counted(period, n),
            day=age,
        )
    for side in sides:
        yield from _gap_caveats(period, side)
        yield from _chart_caveats(period, side)
    for side in sides:
        if (n := sum(point.row["n_followed"] > 0 for point in side.points)) > MOST_PERIODS:
            yield say(
                "The chart draws the latest {most} of {counted} of {side} claims.",
                most=MOST_PERIODS,
                counted=counted(period, n),
                side=say(SIDES[side.direction]),
            )


def _gap_caveats(period: str, side: Side) -> Iterator[str]:
    """How many periods have no point between the first and the last that have one."""
    drawn = [p.row["period_name"] for p in side.points if p.row["n_followed"]]
    if len(drawn) < 2:
        return
    if n := _place(drawn[-1]) - _place(drawn[0]) + 1 - len(drawn):
        yield say_n(
            "{counted} has no {side} claims to follow between {first} and {last}: without a point, "
            "and passed over by runs and scatter, so that points side by side may lie further "
            "apart in time.",
            "{counted} have no {side} claims to follow between {first} and {last}: without a "
            "point, and passed over by runs and scatter, so that points side by side may lie "
            "further apart in time.",
            n,
            counted=counted(period, n), side=say(SIDES[side.direction]),
            first=drawn[0], last=drawn[-1],
        )  # fmt: skip


def _place(name: str) -> int:
    """The number of a month ("2026-01"), quarter ("2026-Q1") or ISO week ("2026-W01") in time."""
    year, rest = name.split("-")
    if rest.startswith("W"):
        return date.fromisocalendar(int(year), int(rest[1:]), 1).toordinal() // 7
    return 4 * int(year) + int(rest[1:]) if rest.startswith("Q") else 12 * int(year) + int(rest)


def _chart_caveats(period: str, side: Side) -> Iterator[str]:
    """How often the chart alarms for nothing, and what it cannot see."""
    if side.chart is None:
        return
    n = len(side.judged)
    of = {
        "counted": counted(period, n), "side": say(SIDES[side.direction]),
        "periods": say(MANY[period]),
    }  # fmt: skip
    if rare := sum(point.rarer < FEWEST_EXPECTED for point in side.judged):
        yield say_n(
            "{n} of {counted} of {side} claims is expected to have fewer than {few} approved, or "
            "{few} others: such {periods} lie on one side of the centre by chance, and runs of "
            "them signal far too often.",
            "{n} of {counted} of {side} claims are expected to have fewer than {few} approved, or "
            "{few} others: such {periods} lie on one side of the centre by chance, and runs of "
            "them signal far too often.",
            rare,
            few=FEWEST_EXPECTED,
            **of,
        )
    else:
        yield say(
            "Of {counted} of {side} claims judged by two rules, any signals by chance alone in at "
            "most {share} of such charts: in fewer, since the centre is estimated from the same "
            "{periods}.",
            share=show_value(false_alarm(n), "share"),
            **of,
        )
    if n < FEW_PERIODS:
        yield say("With {counted} of {side} claims only large changes are found.", **of)
    if side.chart.scatter > 1:
        yield say(
            "Neighbouring {periods} of {side} claims lie {times} times as far apart as claims "
            "alone put them; their limits are as much wider.",
            times=amount(f"{side.chart.scatter:.1f}"),
            **of,
        )
