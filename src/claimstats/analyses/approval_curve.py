"""Whether approval falls: the share approved by claim age and cohort, open claims counted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claimstats.analyses._by_age import share_by_age, untimed_caveats
from claimstats.analyses._columns import (
    column,
    direction_column,
    group_column,
    interval_columns,
    limit_columns,
)
from claimstats.analyses._difference import (
    MOST_TESTED,
    Difference,
    difference_columns,
    p_shown,
    tested,
)
from claimstats.analyses._grouping import (
    SIDES,
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
    with_sides,
)
from claimstats.book import Book
from claimstats.charts import MOST_CURVES, step_curves
from claimstats.errors import ParameterError
from claimstats.finding import Column, Finding, Method, Table, show_value
from claimstats.language import later, property_label, say, say_n, sentence
from claimstats.stats.comparison import log_rank_trend
from claimstats.stats.incidence_tests import known_censoring_test
from claimstats.stats.survival import Estimate, IncidenceCurve, cumulative_incidence
from claimstats.titles import UNKNOWN, title

Rows = Sequence[Mapping[str, Any]]

SMALL_BELOW = 10
"""Claims below which no share is said in words: its interval is some 55 points wide."""

CAUSES = {"open": 0, "approved": 1, "denied": 2, "ended": 3}
KNOWN_AT_THE_END = ("decided_month", "decided_basis", "resolution")

COUNTED = {
    "n_claims": later("Claims filed by the cut-off, those without a filing date among them."),
    "n_approved": later("Of these, approved by the cut-off, from the claimant's side."),
    "n_denied": later("Of these, denied or lapsed."),
    "n_ended": later("Of these, withdrawn or settled before a decision."),
    "n_open": later("Of these, still open at the cut-off."),
    "n_excluded": later("Of these, without usable dates; the caveats say why."),
}

BOUNDS = {
    "worst": later("Share approved if no open claim were approved."),
    "best": later("Share approved if every open claim were approved."),
}

_TOO_FEW = later("{approved} of {n} {side} claims are approved, too few for a rate ({open} open)")
_TOO_YOUNG = later(
    "{approved} of {n} {side} claims are approved, none is old enough for a rate ({open} open)"
)

METHOD = Method(
    definition=later(
        "approved_<age>d is the share of a cohort's claims approved by that age in days, from the "
        "claimant's side, with denial and withdrawal as competing ends. worst and best are the "
        "ends between which the share approved will lie once every claim is decided: [approved / "
        "n, (approved + open) / n]. The test asks whether the cohorts of one direction are "
        "approved equally often at equal age."
    ),
    denominator=later(
        "All claims with usable dates, by filing; open claims count until the cut-off and are "
        "never dropped. Times are whole hours, whole days where a date has no time of day."
    ),
    exclusions=later(
        "Claims without a filing date, decided without any date or before filing, without a known "
        "outcome, or known only from a list of approvals are counted as excluded. A cohort none of "
        "whose claims has reached an age has no number there. The test leaves out claims whose "
        "cohort is unknown."
    ),
    interval=later(
        "Aalen-Johansen with limits on the complementary log-log scale, at each single age; none "
        "while nothing is approved. The test is the log-rank test of the subdistribution with "
        "known censoring: a claim that ended otherwise stays at risk until the age it would have "
        "reached at the cut-off, which an export tells of every claim. Gray's test must estimate "
        "that, and drops an old cohort from the comparison once all its claims have ended. For "
        "months its trend is tested too, one step a cohort."
    ),
    literature=(
        "Aalen OO, Johansen S (1978), Scand J Stat 5:141-150, https://www.jstor.org/stable/4615704",
        "Fine JP, Gray RJ (1999), J Am Stat Assoc 94:496-509, section 3.1, "
        "https://doi.org/10.1080/01621459.1999.10474144",
        "Tarone RE (1975), Biometrika 62:679, https://doi.org/10.1093/biomet/62.3.679",
    ),
)


@dataclass(frozen=True)
class Cohort:
    """The estimates of one cohort and direction."""

    row: Mapping[str, Any]
    curve: IncidenceCurve
    by_age: Mapping[float, Estimate]


@dataclass(frozen=True)
class Comparison:
    """One direction: all its claims together, and whether its cohorts differ."""

    direction: str
    overall: Cohort
    difference: Difference


def approval_curve(
    book: Book,
    by: str = "month",
    *,
    as_of: datetime | None = None,
    ages_days: Sequence[float] = (30, 60, 90),
    decision: Decision = "first",
    level: float = 0.95,
) -> Finding:
    """Follow how many claims are approved as they age, cohort by cohort.

    Answers: is approval falling, or are recent claims undecided?

    Parameters
    ----------
    book
        An open book.
    by
        The property that makes the cohorts: ``month`` (of filing), or another one as for
        :func:`approval_rate`.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    ages_days
        The ages in days at which cohorts are compared.
    decision
        ``first`` decisions, or ``final`` ones with appeals counted.
    level
        Confidence level of the intervals; the headline speaks of a difference where the test's p
        value is below 1 - ``level``.

    Returns
    -------
    Finding
        One row per cohort and direction: the cohort, ``direction``, counts ``n_claims`` =
        ``n_approved`` + ``n_denied`` + ``n_ended`` + ``n_open`` + ``n_excluded``; for each age
        ``approved_30d``, ``approved_30d_lower``, ``approved_30d_upper`` (0 to 1, claimant's side),
        null where no claim of the cohort is so old; the bounds ``worst`` and ``best``;
        ``is_small``. The detail ``tests`` has one row per direction: ``n_cohorts``,
        ``statistic``, ``degrees_of_freedom``, ``p_value``, for months ``trend_z`` (below 0 where
        later months are approved less) and ``trend_p_value``. The detail ``curves`` has one row
        per cohort and age: ``at_risk``, ``approved`` with its limits.

    Raises
    ------
    ParameterError
        The property or the decision is not there, or no age above 0 is given.

    Notes
    -----
    Read a column downward: at one age all cohorts had the same time to be decided. A cohort's own
    curve ends where its oldest claim stands. The test can miss curves that cross, and months
    differ in their mix of programs and reasons: look at one program before blaming the venue. The
    two directions are never pooled.

    References
    ----------
    Aalen OO, Johansen S (1978), https://www.jstor.org/stable/4615704.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.approval_curve(book)
    >>> rows = finding.summary.where("month", "2026-08").rows()
    >>> [(row["n_open"], row["approved_60d"]) for row in rows]
    [(27, None), (29, None)]
    """
    check_grouping(book, "approval_curve", by, decision)
    ages = _ages(ages_days)
    check_level("approval_curve", level)
    as_of = check_cutoff("approval_curve", as_of)
    asked = {"by_column": by, "cutoff": as_of, "decision": decision}
    sql = call("approval_curve", **asked)
    rows = in_order(by, book.rows(sql))
    exits = grouped(book.rows(call("claim_ages", **asked)), "group_value", "direction")
    cohorts = [
        _cohort(row, exits.get((row["group_value"], row["direction"]), []), ages, level)
        for row in rows
    ]
    at_risk = grouped(book.rows(call("approval_at_risk", **asked)), "direction")
    compared = [
        _comparison(by, direction, cohorts, at_risk.get((direction,), []), exits, ages, level)
        for direction in SIDES
        if any(row["direction"] == direction for row in rows)
    ]
    curves = _curves(by, _drawn(by, cohorts))
    cutoff = as_of or book.as_of
    return Finding(
        name="approval_curve",
        question=say("Is approval falling, or are recent claims undecided?"),
        headline=_headline(by, cohorts, compared, level),
        summary=_table(by, cohorts, ages),
        chart=_chart(curves),
        sql=sql,
        method=METHOD.said(),
        caveats=(*_caveats(by, cohorts, ages), *source_caveats(book, cutoff)),
        parameters={"by": by, "ages_days": ages, "decision": decision, "level": level},
        as_of=cutoff,
        details={"curves": curves, "tests": _tests(compared)},
    )


def _ages(ages_days: Sequence[float]) -> tuple[float, ...]:
    ages = tuple(sorted(set(ages_days)))
    if not ages:
        raise ParameterError("approval_curve: ages_days is empty; give ages such as (30, 60, 90).")
    for age in ages:
        check_days("approval_curve", "ages_days", age)
    if len({f"{age:g}" for age in ages}) < len(ages):
        raise ParameterError(f"approval_curve: ages_days is {ages}; two of them read alike.")
    return ages


def _incidence(exits: Rows, level: float) -> IncidenceCurve:
    return cumulative_incidence(
        [row["exit_hours"] / 24 for row in exits],
        [CAUSES[row["event"]] for row in exits],
        [row["n_claims"] for row in exits],
        cause=CAUSES["approved"],
        level=level,
    )


def _cohort(row: Mapping[str, Any], exits: Rows, ages: tuple[float, ...], level: float) -> Cohort:
    curve = _incidence(exits, level)
    oldest = None if row["oldest_hours"] is None else row["oldest_hours"] / 24
    return Cohort(row, curve, {age: share_by_age(curve, age, oldest) for age in ages})


def _comparison(
    by: str,
    direction: str,
    cohorts: Sequence[Cohort],
    at_risk: Rows,
    exits: Mapping[tuple[Any, ...], Rows],
    ages: tuple[float, ...],
    level: float,
) -> Comparison:
    """Test the cohorts of one direction, and follow all its claims together."""
    n_cohorts, kept, places = tested(at_risk)
    hours = [row["risk_hours"] for row in kept]
    causes = [CAUSES[row["event"]] for row in kept]
    counts = [row["n_claims"] for row in kept]
    found = known_censoring_test(hours, causes, places, hours, counts, CAUSES["approved"])
    trend = None
    if by.endswith("month"):
        approved = [cause == CAUSES["approved"] for cause in causes]
        trend = log_rank_trend(hours, approved, places, counts)
    mine = [row for (_, side), own in exits.items() if side == direction for row in own]
    rows = [cohort.row for cohort in cohorts if cohort.row["direction"] == direction]
    overall = _cohort(_total(rows), mine, ages, level)
    return Comparison(direction, overall, Difference.of(n_cohorts, found, trend))


def _total(rows: Rows) -> dict[str, Any]:
    oldest = [row["oldest_hours"] for row in rows if row["oldest_hours"] is not None]
    names = ("n_claims", "n_followed", "n_open", "n_approved")
    return {name: sum(row[name] for row in rows) for name in names} | {
        "oldest_hours": max(oldest, default=None)
    }


def _table(by: str, cohorts: Sequence[Cohort], ages: tuple[float, ...]) -> Table:
    rows = [cohort.row for cohort in cohorts]
    columns = [direction_column(row["direction"] for row in rows)]
    columns += [
        column(n, "count", say(text), (row[n] for row in rows)) for n, text in COUNTED.items()
    ]
    for age in ages:
        name = f"approved_{age:g}d"
        columns += interval_columns(
            (name, f"{name}_lower", f"{name}_upper"),
            "share",
            say("Share of all claims approved by day {day}, open ones counted.", day=age),
            (cohort.by_age[age] for cohort in cohorts),
        )
    columns += [
        column(n, "share", say(text), (row[n] for row in rows)) for n, text in BOUNDS.items()
    ]
    small = (row["n_followed"] < SMALL_BELOW for row in rows)
    columns.append(column("is_small", "flag", say("Fewer than {n} claims.", n=SMALL_BELOW), small))
    return _by_group(by, (row["group_value"] for row in rows), columns)


def _by_group(by: str, values: Iterable[str], columns: Sequence[Column]) -> Table:
    """The groups' column before the others; split by who claims, it stands for that column."""
    taken = (c.name for c in columns if by != "direction" or c.name != "direction")
    group = group_column(group_name(by, taken), by, values)
    return Table((group, *(c for c in columns if c.name != group.name)))


def _tests(compared: Sequence[Comparison]) -> Table:
    return Table(
        (
            direction_column(c.direction for c in compared),
            *difference_columns(
                [c.difference for c in compared],
                "cohorts",
                say("all cohorts are approved alike"),
                say("later months are approved less"),
            ),
        )
    )


def _drawn(by: str, cohorts: Sequence[Cohort]) -> list[Cohort]:
    """The cohorts whose curves are kept: the latest months, else the largest."""
    curved = [cohort for cohort in cohorts if cohort.curve.times.size]
    return curved[-MOST_CURVES:] if by.endswith("month") else curved[:MOST_CURVES]


def _curves(by: str, cohorts: Sequence[Cohort]) -> Table:
    """The curves in long form, each beginning at age 0 with nothing approved."""
    steps = [
        (cohort, *values)
        for cohort in cohorts
        for curve in [cohort.curve]
        for values in [
            (0.0, cohort.row["n_followed"], 0.0, 0.0, 0.0),
            *zip(
                curve.times, curve.at_risk, curve.incidence, curve.lower, curve.upper, strict=True
            ),
        ]
    ]
    columns = [
        direction_column(step[0].row["direction"] for step in steps),
        column("age_days", "days", say("Days since filing."), (step[1] for step in steps)),
        column("at_risk", "count", say("Claims open just before that age."), (s[2] for s in steps)),
        *limit_columns(
            ("approved", "lower", "upper"), "share", say("Share approved by that age."),
            (step[3] for step in steps), (step[4] for step in steps), (step[5] for step in steps),
        ),
    ]  # fmt: skip
    return _by_group(by, (step[0].row["group_value"] for step in steps), columns)


def _chart(curves: Table) -> dict[str, Any]:
    labels = curves.columns[0].shown()
    if curves.names[0] != "direction":
        labels = with_sides(labels, curves["direction"])
    drawn = Table((column("cohort", "text", say("The cohort."), labels), *curves.columns[1:]))
    return step_curves(
        drawn,
        group="cohort",
        time="age_days",
        estimate="approved",
        lower="lower",
        upper="upper",
        at_risk="at_risk",
        x_title=say("Days since filing"),
        y_title=say("Share of claims approved"),
    )


def _headline(
    by: str, cohorts: Sequence[Cohort], compared: Sequence[Comparison], level: float
) -> str:
    """Per direction the share approved at the last age with a number, and whether it changes."""
    clauses = [
        clause
        for found in compared
        if found.overall.row["n_followed"]
        for clause in _direction_headline(
            by, [c for c in cohorts if c.row["direction"] == found.direction], found, level
        )
    ]
    return sentence(clauses or [say("0 claims have usable dates")])


def _direction_headline(
    by: str, cohorts: Sequence[Cohort], found: Comparison, level: float
) -> Iterator[str]:
    total, side = found.overall.row, say(SIDES[found.direction])
    n, n_open = total["n_followed"], total["n_open"]
    known = [age for age, share in found.overall.by_age.items() if not math.isnan(share.value)]
    if n < SMALL_BELOW or not known:
        text = _TOO_FEW if known else _TOO_YOUNG
        yield say(text, approved=total["n_approved"], n=n, side=side, open=n_open)
        return
    share = found.overall.by_age[known[-1]]
    lower, upper = (show_value(end, "share") for end in (share.lower, share.upper))
    yield say(
        "{share} of {n} {side} claims were approved by day {day} ({level} % interval {lower} to "
        "{upper}), {change}",
        share=show_value(share.value, "share"), n=n, side=side, day=known[-1],
        level=100 * level, lower=lower, upper=upper, change=_change(by, found.difference, level),
    )  # fmt: skip
    yield from _latest(by, cohorts)


def _change(by: str, found: Difference, level: float) -> str:
    """What the tests say, in words that claim no more."""
    if math.isnan(found.p_value):
        return say("with nothing to compare")
    n, p, differ = found.n_groups, p_shown(found.p_value), found.p_value < 1 - level
    if found.trend_p_value < 1 - level:
        p = p_shown(found.trend_p_value)
        if found.trend_z < 0:
            return say("falling over {n} months at equal age (trend p {p})", n=n, p=p)
        return say("rising over {n} months at equal age (trend p {p})", n=n, p=p)
    in_time = by.endswith("month")
    if in_time and differ:
        return say("and {n} months differ at equal age without a steady trend (p {p})", n=n, p=p)
    if in_time:
        return say("with no difference shown between {n} months at equal age (p {p})", n=n, p=p)
    if differ:
        return say("and {n} groups differ at equal age (p {p})", n=n, p=p)
    return say("with no difference shown between {n} groups at equal age (p {p})", n=n, p=p)


def _latest(by: str, cohorts: Sequence[Cohort]) -> Iterator[str]:
    """How much of the latest month is undecided."""
    if not by.endswith("month") or not cohorts:
        return
    row = cohorts[-1].row
    if row["n_followed"]:
        yield say(
            "{open} of the {n} of {month} are open",
            open=row["n_open"], n=row["n_followed"], month=title(by, row["group_value"]),
        )  # fmt: skip


def _caveats(by: str, cohorts: Sequence[Cohort], ages: tuple[float, ...]) -> Iterator[str]:
    rows = [cohort.row for cohort in cohorts]
    followed = [cohort for cohort in cohorts if cohort.row["n_followed"]]
    yield from untimed_caveats(rows)
    for age in ages:
        if n := sum(math.isnan(cohort.by_age[age].value) for cohort in followed):
            yield say_n(
                "{n} cohort has too few claims followed to day {day}: no number.",
                "{n} cohorts have too few claims followed to day {day}: no number.",
                n,
                day=age,
            )
    if n := sum(cohort.row["n_followed"] < SMALL_BELOW for cohort in followed):
        yield say_n(
            "{n} cohort has fewer than {few} claims with usable dates.",
            "{n} cohorts have fewer than {few} claims with usable dates.",
            n,
            few=SMALL_BELOW,
        )
    if by in KNOWN_AT_THE_END and rows:
        yield say(
            "Claims are split by {property}, which is known only once a claim has ended: such "
            "cohorts hold no open claim.",
            property=property_label(by),
        )
    yield from _cohort_caveats(by, followed)


def _cohort_caveats(by: str, followed: Sequence[Cohort]) -> Iterator[str]:
    """What more cohorts than can be drawn or tested are spared."""
    n = len(followed)
    if n > MOST_CURVES and by.endswith("month"):
        yield say(
            "The curves are those of the {most} latest of {n} cohorts.", most=MOST_CURVES, n=n
        )
    elif n > MOST_CURVES:
        yield say(
            "The curves are those of the {most} largest of {n} cohorts.", most=MOST_CURVES, n=n
        )
    for direction, side in SIDES.items():
        mine = [c.row for c in followed if c.row["direction"] == direction]
        if (n := sum(row["group_value"] != UNKNOWN for row in mine)) > MOST_TESTED:
            yield say(
                "The {n} cohorts of {side} claims are more than {most}: not tested.",
                n=n, side=say(side), most=MOST_TESTED,
            )  # fmt: skip
