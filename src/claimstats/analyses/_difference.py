"""Whether groups differ: one test over all of them, as columns and in words that claim no more."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claimstats.analyses._columns import column
from claimstats.finding import Column, show_value
from claimstats.language import later, say
from claimstats.stats.comparison import GroupComparison, Trend, log_rank, log_rank_trend
from claimstats.titles import UNKNOWN

MOST_TESTED = 60
"""Groups that are tested against each other: five years of months."""

COMPARED = {
    "groups": later("Groups compared; the unknown one is not."),
    "cohorts": later("Cohorts compared; the unknown one is not."),
}
"""What is compared, by what the column of its number is called."""


@dataclass(frozen=True)
class Difference:
    """A test of equal groups, and of a trend where they stand in time; NaN where there is none."""

    n_groups: int
    statistic: float
    degrees_of_freedom: int
    p_value: float
    trend_z: float
    trend_p_value: float

    @classmethod
    def of(cls, n_groups: int, found: GroupComparison, trend: Trend | None = None) -> Difference:
        """The test's numbers, and the trend's where it was asked for."""
        return cls(
            n_groups=n_groups,
            statistic=found.statistic,
            degrees_of_freedom=found.degrees_of_freedom,
            p_value=found.p_value,
            trend_z=trend.z if trend else math.nan,
            trend_p_value=trend.p_value if trend else math.nan,
        )


def tested(rows: Sequence[Mapping[str, Any]]) -> tuple[int, list[Mapping[str, Any]], list[int]]:
    """How many groups there are, the rows that are tested, and the place of each row's group.

    The unknown group is no group; of too many groups none is tested.
    """
    known = [row for row in rows if row["group_value"] != UNKNOWN]
    groups = sorted({row["group_value"] for row in known})
    if len(groups) > MOST_TESTED:
        return len(groups), [], []
    place = {group: number for number, group in enumerate(groups)}
    return len(groups), known, [place[row["group_value"]] for row in known]


def difference_in_time(
    by: str,
    rows: Sequence[Mapping[str, Any]],
    time: str,
    count: str,
    is_over: Callable[[Mapping[str, Any]], bool],
) -> Difference:
    """Whether groups end equally fast: the log-rank test of their curves.

    Parameters
    ----------
    by
        The property that makes the groups; months are tested for a trend too.
    rows
        Counted durations, with ``group_value``.
    time, count
        Their columns with the duration and with how many have it.
    is_over
        Whether a row's duration came to its end, or was cut off.
    """
    n_groups, kept, places = tested(rows)
    times = [row[time] for row in kept]
    ended = [is_over(row) for row in kept]
    counts = [row[count] for row in kept]
    trend = log_rank_trend(times, ended, places, counts) if by.endswith("month") else None
    return Difference.of(n_groups, log_rank(times, ended, places, counts), trend)


def difference_columns(
    found: Sequence[Difference], groups: str, alike: str, lower: str
) -> Iterator[Column]:
    """The columns of a table of tests.

    Parameters
    ----------
    found
        A test each row.
    groups
        What the groups are called in the column's name: one of `COMPARED`.
    alike
        What the test supposes them to be, a clause in the reader's language.
    lower
        What a trend below 0 means, likewise.
    """
    yield column(f"n_{groups}", "count", say(COMPARED[groups]), (f.n_groups for f in found))
    yield column(
        "statistic",
        "number",
        say("Chi-squared statistic: {alike}.", alike=alike),
        (f.statistic for f in found),
    )
    yield column(
        "degrees_of_freedom",
        "count",
        say("Its degrees of freedom."),
        (f.degrees_of_freedom for f in found),
    )
    yield column("p_value", "p_value", say("If {alike}.", alike=alike), (f.p_value for f in found))
    yield column(
        "trend_z",
        "number",
        say("Trend over months; below 0: {lower}.", lower=lower),
        (f.trend_z for f in found),
    )
    yield column(
        "trend_p_value", "p_value", say("If there is no trend."), (f.trend_p_value for f in found)
    )


def compared(by: str, found: Difference, level: float) -> Iterator[str]:
    """What the tests say, in words that claim no more; nothing where there is one group."""
    if math.isnan(found.p_value):
        return
    n, p, trend_p = found.n_groups, p_shown(found.p_value), p_shown(found.trend_p_value)
    are_months, do_differ = by.endswith("month"), found.p_value < 1 - level
    if found.trend_p_value < 1 - level:
        yield (
            say("later months are slower (trend p {p})", p=trend_p)
            if found.trend_z < 0
            else say("later months are faster (trend p {p})", p=trend_p)
        )
    elif do_differ and are_months:
        yield say("the {n} months differ (p {p})", n=n, p=p)
    elif do_differ:
        yield say("the {n} groups differ (p {p})", n=n, p=p)
    elif are_months:
        yield say("no difference is shown between the {n} months (p {p})", n=n, p=p)
    else:
        yield say("no difference is shown between the {n} groups (p {p})", n=n, p=p)


def p_shown(p_value: float) -> str:
    """A p value with its sign, as "= 0.031" or "< 0.001"."""
    shown = show_value(p_value, "p_value")
    return shown if shown.startswith("<") else f"= {shown}"
