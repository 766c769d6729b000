"""How long a claim takes: the time until it ends, with open claims counted as open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import numpy as np

from claimstats.analyses._by_age import share_by_age, untimed_caveats
from claimstats.analyses._columns import (
    column,
    group_column,
    interval_columns,
    key_number,
    limit_columns,
)
from claimstats.analyses._difference import (
    MOST_TESTED,
    Difference,
    compared,
    difference_columns,
    difference_in_time,
)
from claimstats.analyses._group_words import n_claims_of
from claimstats.analyses._grouping import (
    Decision,
    call,
    check_cutoff,
    check_days,
    check_grouping,
    check_level,
    group_name,
    grouped,
    in_order,
    source_caveats,
)
from claimstats.book import Book
from claimstats.charts import step_curves
from claimstats.errors import check_choice
from claimstats.finding import Column, Finding, KeyNumber, Method, Table, show_value
from claimstats.language import label, later, say, sentence
from claimstats.stats.survival import (
    Estimate,
    Quantile,
    SurvivalCurve,
    cumulative_incidence,
    kaplan_meier,
    quantile,
)
from claimstats.titles import UNKNOWN

Resolution = Literal["hour", "day"]
HOURS = {"hour": 1, "day": 24}

CURVES_KEPT = 12
"""Groups whose curves a finding carries, the largest; the macro resolution_curve gives all."""

NOT_REACHED = later("not reached")
ENDS = ("won", "lost", "ended")
QUARTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75}

COUNTED = {
    "n_claims": later("Claims filed by the cut-off, those without a filing date among them."),
    "n_open": later("Of these, open at the cut-off: counted as not ended yet."),
    "n_resolved": later("Of these, ended by the cut-off."),
    "n_excluded": later("Of these, without usable dates; the caveats say why."),
    "n_interval": later("Ended claims whose decision lies between two exports."),
}

UNTIL = {
    "median": later("days until half of the claims have ended."),
    "q25": later("days until a quarter of the claims have ended."),
    "q75": later("days until three quarters of the claims have ended."),
}

BY_DAY = {
    "won": later("Share won by day {day}, seller's side."),
    "lost": later("Share lost by day {day}, seller's side."),
    "ended": later("Share ended by day {day}, seller's side."),
}

BY_THAT_AGE = {
    "won": later("Share won by that age, seller's side."),
    "lost": later("Share lost by that age, seller's side."),
    "ended": later("Share ended by that age, seller's side."),
}

METHOD = Method(
    definition=later(
        "The time from filing to the end of a claim: approval, denial, lapse, withdrawal or "
        "settlement. The median is the age by which half have ended. won, lost and ended by an age "
        "are the shares that ended so by then, from the seller's side."
    ),
    denominator=later(
        "All claims with usable dates, by filing; open claims count until the cut-off and are "
        "never dropped. Times are whole hours (or whole days), whole days where a date has no time "
        "of day."
    ),
    exclusions=later(
        "Claims without a filing date, decided without any date, or decided before filing are "
        "counted as excluded. A decision known only to lie between two exports is taken at its "
        "latest possible time; median_days_earliest takes the earliest."
    ),
    interval=later(
        "Kaplan-Meier with Greenwood's variance on the log-log scale; quantiles by inverting it. "
        "'Not reached' means that too few have ended for the number to exist. Shares by an age are "
        "Aalen-Johansen estimates. The test is the log-rank test of equal curves in all groups but "
        "the unknown one; months are tested for a trend too, one step a month."
    ),
    literature=(
        "Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481, "
        "https://doi.org/10.1080/01621459.1958.10501452",
        "Brookmeyer R, Crowley J (1982), Biometrics 38:29-41, https://doi.org/10.2307/2530286",
        "Aalen OO, Johansen S (1978), Scand J Stat 5:141-150, https://www.jstor.org/stable/4615704",
        "Mantel N (1966), Cancer Chemother Rep 50:163-170",
        "Tarone RE (1975), Biometrika 62:679, https://doi.org/10.1093/biomet/62.3.679",
    ),
)


@dataclass(frozen=True)
class Group:
    """The estimates of one group."""

    row: Mapping[str, Any]
    curve: SurvivalCurve
    incidences: Mapping[str, np.ndarray[Any, Any]]
    by_age: Mapping[str, Estimate]
    quartiles: Mapping[str, Quantile]
    earliest: Quantile


def time_to_resolution(
    book: Book,
    by: str = "program",
    *,
    as_of: datetime | None = None,
    age_days: int = 90,
    resolution: Resolution = "hour",
    decision: Decision = "first",
    level: float = 0.95,
) -> Finding:
    """Estimate how long claims take from filing to their end, by one property.

    Answers: how long until a decision, for half, a quarter and three quarters of the claims?

    Parameters
    ----------
    book
        An open book.
    by
        The property to split by, as for :func:`approval_rate`.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    age_days
        The age at which the shares won, lost and ended are given.
    resolution
        Count times in whole hours (``hour``) or whole days (``day``).
    decision
        ``first`` decisions, or ``final`` ones with appeals counted.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per group: the group, ``n_claims`` = ``n_resolved`` + ``n_open`` + ``n_excluded``,
        ``n_interval``; ``median_days`` with ``lower`` and ``upper``, ``q25_days`` and ``q75_days``
        with theirs, in days, null where not reached; ``median_days_earliest``; ``won_by_age``,
        ``lost_by_age``, ``ended_by_age`` (0 to 1) at ``age_days``. The detail ``curves`` has one
        row per group and age: ``at_risk``, ``resolved`` with its limits, and the shares won, lost
        and ended; the detail ``ends_by_age`` has the three shares at ``age_days`` with limits; the
        detail ``tests`` says whether the groups differ: ``n_groups``, ``statistic``,
        ``degrees_of_freedom``, ``p_value``, for months ``trend_z`` (below 0 where later months are
        slower) and ``trend_p_value``.

    Raises
    ------
    ParameterError
        The property, the resolution or the decision is not there.

    Notes
    -----
    A mean or median of decided claims alone is too short: the slow ones are still open. The test
    looks at the whole curves; it can miss curves that cross, and find a difference where two
    medians are alike.

    References
    ----------
    Kaplan EL, Meier P (1958), https://doi.org/10.1080/01621459.1958.10501452.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.time_to_resolution(book)
    >>> finding.table.columns[0], finding.details["curves"].names[:2]
    ('program', ('program', 'age_days'))
    """
    check_grouping(book, "time_to_resolution", by, decision)
    check_choice("time_to_resolution knows no resolution", resolution, get_args(Resolution))
    check_days("time_to_resolution", "age_days", age_days)
    check_level("time_to_resolution", level)
    as_of = check_cutoff("time_to_resolution", as_of)
    asked = {
        "by_column": by,
        "cutoff": as_of,
        "decision": decision,
        "step_hours": HOURS[resolution],
    }
    sql = call("time_to_resolution", **asked)
    rows = in_order(by, book.rows(sql))
    exits = book.rows(call("claim_ages", **asked))
    ages = grouped(exits, "group_value")
    difference = difference_in_time(
        by, exits, "exit_hours", "n_claims", is_over=lambda row: row["event"] != "open"
    )
    groups = [_estimate(row, ages.get((row["group_value"],), []), age_days, level) for row in rows]
    table, curves = _table(by, groups, age_days), _curves(by, groups)
    cutoff = as_of or book.as_of
    return Finding(
        name="time_to_resolution",
        question=say("How long does a claim take?"),
        headline=_headline(by, groups, difference, level),
        summary=table,
        chart=_chart(curves),
        sql=sql,
        method=METHOD.said(),
        caveats=(*_caveats(rows, difference), *source_caveats(book, cutoff)),
        parameters={
            "by": by, "age_days": age_days, "resolution": resolution, "decision": decision,
            "level": level,
        },
        as_of=cutoff,
        details={
            "curves": curves,
            "ends_by_age": _ends_by_age(by, groups, age_days),
            "tests": Table(
                tuple(
                    difference_columns(
                        [difference],
                        "groups",
                        say("all groups end alike"),
                        say("later months are slower"),
                    )
                )
            ),
        },
        key_numbers=tuple(_key_numbers(exits, groups, level)),
    )  # fmt: skip


def _estimate(
    row: Mapping[str, Any], ages: Sequence[Mapping[str, Any]], age_days: int, level: float
) -> Group:
    days = [age["exit_hours"] / 24 for age in ages]
    counts = [age["n_claims"] for age in ages]
    is_over = [age["event"] != "open" for age in ages]
    ends = [_end(age) for age in ages]
    oldest = None if row["oldest_hours"] is None else row["oldest_hours"] / 24
    curve = kaplan_meier(days, is_over, counts, level)
    incidences = {
        end: cumulative_incidence(days, ends, counts, cause=number, level=level)
        for number, end in enumerate(ENDS, 1)
    }
    earliest_days = [age["earliest_hours"] / 24 for age in ages]
    return Group(
        row,
        curve,
        {end: incidence.incidence for end, incidence in incidences.items()},
        {end: share_by_age(curve, age_days, oldest) for end, curve in incidences.items()},
        {name: quantile(curve, share) for name, share in QUARTILES.items()},
        quantile(kaplan_meier(earliest_days, is_over, counts, level), QUARTILES["median"]),
    )


def _end(age: Mapping[str, Any]) -> int:
    """How a claim ended for the seller, as its place in ENDS counted from 1; 0 while open."""
    if age["event"] in ("open", "ended"):
        return 0 if age["event"] == "open" else 1 + ENDS.index("ended")
    won = (age["event"] == "approved") == (age["direction"] == "seller_claims")
    return 1 + ENDS.index("won" if won else "lost")


def _table(by: str, groups: Sequence[Group], age_days: int) -> Table:
    columns = [
        column(n, "count", say(text), (g.row[n] for g in groups)) for n, text in COUNTED.items()
    ]
    for name, meaning in UNTIL.items():
        limits = ("lower", "upper") if name == "median" else (f"{name}_lower", f"{name}_upper")
        columns += interval_columns(
            (f"{name}_days", *limits),
            "days",
            say(meaning),
            [group.quartiles[name] for group in groups],
            say(NOT_REACHED),
        )
    columns.append(
        column(
            "median_days_earliest",
            "days",
            say("The median if each decision known only as an interval fell at its earliest."),
            (group.earliest.value for group in groups),
            say(NOT_REACHED),
        )
    )
    for end in ENDS:
        shares = (group.by_age[end].value for group in groups)
        columns.append(column(f"{end}_by_age", "share", say(BY_DAY[end], day=age_days), shares))
    that_age = say("That age, in days.")
    columns.append(column("age_days", "count", that_age, [age_days] * len(groups)))
    return _by_group(by, (group.row["group_value"] for group in groups), columns)


def _by_group(by: str, values: Iterable[str], columns: Sequence[Column]) -> Table:
    """A table whose first column is the group."""
    name = group_name(by, (c.name for c in columns))
    return Table((group_column(name, by, values), *columns))


def _ends_by_age(by: str, groups: Sequence[Group], age_days: int) -> Table:
    """The shares of the main table with their limits, one row per group and end."""
    pairs = [(group, end) for group in groups for end in ENDS]
    columns = [
        column(
            "end",
            "text",
            say("won, lost or ended, seller's side."),
            (end for _, end in pairs),
            titles={end: label(end) for end in ENDS},
        ),
        *interval_columns(
            ("share", "lower", "upper"),
            "share",
            say("share that ended so by day {day}.", day=age_days),
            (group.by_age[end] for group, end in pairs),
        ),
    ]
    return _by_group(by, (group.row["group_value"] for group, _ in pairs), columns)


def _curves(by: str, groups: Sequence[Group]) -> Table:
    """The curves of the largest groups in long form, each beginning at age 0 with nothing ended."""
    kept = sorted(groups, key=lambda group: -group.row["n_claims"])[:CURVES_KEPT]
    drawn = [group for group in kept if len(group.curve.times)]

    def joined(first: Any, pick: Any) -> list[Any]:
        return [value for group in drawn for value in (first(group), *pick(group))]

    names = joined(
        lambda g: g.row["group_value"], lambda g: [g.row["group_value"]] * len(g.curve.times)
    )
    zero: Any = lambda _: 0.0  # noqa: E731  # the value at age 0, many times below
    resolved, upper, lower = (
        joined(zero, lambda g, left=left: 1 - getattr(g.curve, left))
        for left in ("survival", "lower", "upper")
    )
    columns = [
        column(
            "age_days", "days", say("Days since filing."), joined(zero, lambda g: g.curve.times)
        ),
        column(
            "at_risk", "count", say("Claims open just before that age."),
            joined(lambda g: sum(g.curve.events + g.curve.censored), lambda g: g.curve.at_risk),
        ),
        *limit_columns(
            ("resolved", "lower", "upper"), "share", say("Share ended by that age."),
            resolved, lower, upper,
        ),
    ]  # fmt: skip
    for end in ENDS:
        shares = joined(zero, lambda g, end=end: g.incidences[end])
        columns.append(column(end, "share", say(BY_THAT_AGE[end]), shares))
    return _by_group(by, names, columns)


def _largest(groups: Sequence[Group]) -> Group | None:
    """The known group with most claims; the unknown one where there is no other."""
    counted = [group for group in groups if group.row["n_resolved"] + group.row["n_open"] > 0]
    counted = [group for group in counted if group.row["group_value"] != UNKNOWN] or counted
    return max(counted, key=lambda group: group.row["n_claims"], default=None)


def _headline(by: str, groups: Sequence[Group], difference: Difference, level: float) -> str:
    """The median of the largest group, and whether the groups differ."""
    largest = _largest(groups)
    if largest is None:
        return say("0 claims have usable dates.")
    return sentence([_median(by, largest, level), *compared(by, difference, level)])


def _median(by: str, group: Group, level: float) -> str:
    """The median of one group, and its other end if decisions known as intervals leave one open."""
    row, found, earliest = group.row, group.quartiles["median"], group.earliest.value
    n_ended, n_open = row["n_resolved"], row["n_open"]
    claims = n_claims_of(by, row["group_value"], n_ended + n_open)
    if np.isnan(found.value):
        return say(
            "{ended} of {claims} have ended: the median is not reached, since {open} are still "
            "open",
            ended=n_ended, claims=claims, open=n_open,
        )  # fmt: skip
    days, lower, upper, at_earliest = (
        show_value(value, "days", say(NOT_REACHED))
        for value in (found.value, found.lower, found.upper, earliest)
    )
    told = {
        "days": days, "claims": claims, "level": 100 * level, "lower": lower, "upper": upper,
        "open": n_open,
    }  # fmt: skip
    if earliest < found.value:
        return say(
            "{days} days until half of the {claims} had ended ({level} % interval {lower} to "
            "{upper}; {open} still open; {earliest} if decisions seen between two exports fell at "
            "their earliest)",
            **told,
            earliest=at_earliest,
        )
    return say(
        "{days} days until half of the {claims} had ended ({level} % interval {lower} to {upper}; "
        "{open} still open)",
        **told,
    )


def _key_numbers(
    exits: Sequence[Mapping[str, Any]], groups: Sequence[Group], level: float
) -> Iterator[KeyNumber]:
    """The median of all claims together."""
    curve = kaplan_meier(
        [row["exit_hours"] / 24 for row in exits],
        [row["event"] != "open" for row in exits],
        [row["n_claims"] for row in exits],
        level,
    )
    ended, still_open = (sum(g.row[name] for g in groups) for name in ("n_resolved", "n_open"))
    if ended + still_open:
        found = quantile(curve, QUARTILES["median"])
        yield key_number(
            say("days until half of all claims had ended"),
            "days",
            found,
            say("{ended} ended, {open} open", ended=ended, open=still_open),
            say(NOT_REACHED),
        )


def _chart(curves: Table) -> dict[str, Any]:
    return step_curves(
        curves,
        group=curves.names[0],
        time="age_days",
        estimate="resolved",
        lower="lower",
        upper="upper",
        at_risk="at_risk",
        x_title=say("Days since filing"),
        y_title=say("Share of claims ended"),
    )


def _caveats(rows: Sequence[Mapping[str, Any]], difference: Difference) -> Iterator[str]:
    yield from untimed_caveats(rows, say("; median_days_earliest shows the other end"))
    if difference.n_groups > MOST_TESTED:
        yield say(
            "The {n} groups are more than {most}: not tested.",
            n=difference.n_groups,
            most=MOST_TESTED,
        )
    if len(rows) > CURVES_KEPT:
        yield say(
            "The curves are those of the {kept} largest of {n} groups.",
            kept=CURVES_KEPT,
            n=len(rows),
        )
