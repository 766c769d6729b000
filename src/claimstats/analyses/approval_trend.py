"""Whether a month's approval is unusual: shares at equal claim age against control limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, get_args

from claimstats.analyses._by_age import untimed_caveats
from claimstats.analyses._columns import column, interval_columns
from claimstats.analyses._grouping import (
    SIDES,
    Decision,
    call,
    check_cutoff,
    check_days,
    check_level,
    source_caveats,
)
from claimstats.analyses._judged import FEWEST_PERIODS, Point, Side, judged
from claimstats.book import Book
from claimstats.charts import MOST_PERIODS, control_charts
from claimstats.errors import check_choice
from claimstats.finding import Column, Finding, Method, Table, quantity, show_value
from claimstats.stats.control import false_alarm
from claimstats.titles import UNKNOWN

Period = Literal["month", "quarter", "week"]
Rows = Sequence[Mapping[str, Any]]

AGE_DAYS = 60
"""By then most of what will be approved is, and a month is judged two months after its end."""

FEW_PERIODS = 12
"""Periods below which the caveats say that only large changes are found."""

FEWEST_EXPECTED = 2
"""Approved and other claims that a period is expected to have, below which runs are no sign."""

SMALL_BELOW = 10
"""Claims below which no share is said in words."""

METHOD = Method(
    definition=(
        "approved_by_age is the share approved by age_days, from the claimant's side, among the "
        "claims of a period that have reached that age; claims denied, withdrawn or still open "
        "then are not approved. centre is that share of all periods judged, and the limits are "
        "those that a period's share keeps by chance. A period signals outside its limits, or "
        "from the ninth in a row on one side of the centre on."
    ),
    denominator=(
        "Claims with usable dates, by filing, that were filed at least age_days before the "
        "cut-off. Every one of them counts, decided or not."
    ),
    exclusions=(
        "Younger claims: of them only the fast decisions are known. A period is judged once it is "
        "over and all its claims have reached the age, so that it is judged once and does not "
        "change; before that its share is shown with an interval and makes no signal. Claims "
        "without usable dates or a known outcome are counted as excluded."
    ),
    interval=(
        "Wilson's score interval for a share. Control limits are binomial ones at 99.73 %, "
        "interpolated between the two counts around them, then moved away from the centre by "
        "Laney's sigma z where neighbouring periods lie further apart than claims alone put them, "
        "and never towards it; there are none where all claims ended alike. false_alarm is at most "
        "the chance that so many periods signal anywhere though nothing happened: the centre is "
        "estimated from the same periods. It does not hold for periods that are expected to have "
        "fewer than 2 approved claims, or 2 others."
    ),
    literature=(
        "Laney DB (2002), Qual Eng 14:531-537, https://doi.org/10.1081/QEN-120003555",
        "Nelson LS (1984), J Qual Technol 16:237-239 (tests 1 and 2), "
        "https://doi.org/10.1080/00224065.1984.11978921",
        "Spiegelhalter DJ (2005), Stat Med 24:1185-1202, https://doi.org/10.1002/sim.1970",
        "Wilson EB (1927), J Am Stat Assoc 22:209-212, "
        "https://doi.org/10.1080/01621459.1927.10502953",
    ),
)


def approval_trend(
    book: Book,
    period: Period = "month",
    *,
    as_of: datetime | None = None,
    age_days: int = AGE_DAYS,
    decision: Decision = "first",
    level: float = 0.95,
) -> Finding:
    """Hold each month's approval against what chance makes of the months.

    Answers: is this month's approval unusual, or do months just differ?

    Parameters
    ----------
    book
        An open book.
    period
        ``month``, ``quarter`` or ISO ``week`` of filing.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    age_days
        The age in days at which periods are compared. An older age counts late approvals too, and
        judges a period later.
    decision
        ``first`` decisions, or ``final`` ones with appeals counted.
    level
        Confidence level of the shares' intervals; the control limits have their own.

    Returns
    -------
    Finding
        One row per period and direction, in time: the period, ``direction``, ``n_claims`` =
        ``n_followed`` + ``n_younger`` + ``n_excluded``, ``n_followed`` = ``n_approved`` +
        ``n_denied`` + ``n_ended`` + ``n_open`` (at the age); ``approved_by_age``, ``lower``,
        ``upper`` (0 to 1, claimant's side); ``centre``, ``lower_limit``, ``upper_limit``, null
        where the period is not judged; ``signal``; ``is_judged``; ``is_small``. The detail
        ``charts`` has one row per direction: ``n_judged``, ``n_claims``, ``centre``, ``scatter``,
        ``n_signals``, ``false_alarm``.

    Raises
    ------
    ParameterError
        The period or the decision is not there, or the age is not above 0.

    Notes
    -----
    A signal says that something moved, not what: months differ in their mix of programs and
    reasons, so look at one program first (:func:`approval_rate` by month), and ask for a change at
    a date that you knew beforehand with :func:`approval_change`. No signal does not say that
    nothing moved. The two directions are never pooled.

    References
    ----------
    Laney DB (2002), https://doi.org/10.1081/QEN-120003555.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.approval_trend(book)
    >>> rows = finding.summary.where("month", "2026-08").rows()
    >>> [(row["n_followed"], row["n_younger"], row["is_judged"]) for row in rows]
    [(0, 48, False), (0, 62, False)]
    """
    check_choice("approval_trend knows no period", period, get_args(Period))
    check_choice("approval_trend knows no decision", decision, get_args(Decision))
    check_days("approval_trend", "age_days", age_days)
    check_level("approval_trend", level)
    as_of = check_cutoff("approval_trend", as_of)
    sql = call("approval_trend", period=period, cutoff=as_of, decision=decision, age_days=age_days)
    rows = book.rows(sql)
    sides = [
        judged(direction, [row for row in rows if row["direction"] == direction], level)
        for direction in SIDES
        if any(row["direction"] == direction for row in rows)
    ]
    table = _table(period, rows, sides, age_days)
    cutoff = as_of or book.as_of
    return Finding(
        name="approval_trend",
        question="Is this month's approval unusual?",
        headline=_headline(period, sides, age_days),
        summary=table,
        chart=_chart(period, table, age_days),
        sql=sql,
        method=METHOD,
        caveats=(*_caveats(period, rows, sides, age_days), *source_caveats(book, cutoff)),
        parameters={"period": period, "age_days": age_days, "decision": decision, "level": level},
        as_of=cutoff,
        details={"charts": _charts(sides)},
    )


def _table(period: str, rows: Rows, sides: Sequence[Side], age: int) -> Table:
    of = {(p.row["period_name"], side.direction): p for side in sides for p in side.points}
    points = [of[row["period_name"], row["direction"]] for row in rows]
    counted = {
        "n_claims": f"Claims filed in the {period}.",
        "n_followed": f"Of these, with usable dates and at least {age:g} days old.",
        "n_approved": f"Of those followed, approved by day {age:g}.",
        "n_denied": f"Of those followed, denied or lapsed by day {age:g}.",
        "n_ended": f"Of those followed, withdrawn or settled by day {age:g}.",
        "n_open": f"Of those followed, open on day {age:g}.",
        "n_younger": "Claims too young to tell, in no share.",
        "n_excluded": "Claims without usable dates; the caveats say why.",
    }
    columns = [
        column(period, "text", f"The {period} of filing.", (row["period_name"] for row in rows)),
        column("direction", "text", "Who claims.", (row["direction"] for row in rows)),
        *(column(n, "count", text, (row[n] for row in rows)) for n, text in counted.items()),
        *interval_columns(
            ("approved_by_age", "lower", "upper"),
            "share",
            f"share of the claims followed that were approved by day {age:g}.",
            (point.share for point in points),
        ),
    ]
    texts = {
        "centre": "Share approved of all periods judged.",
        "lower_limit": "Lower control limit of the share.",
        "upper_limit": "Upper control limit of the share.",
    }
    columns += [
        column(n, "share", text, (getattr(p, n) for p in points)) for n, text in texts.items()
    ]
    columns += [
        column("signal", "text", "What chance hardly makes.", (p.signal for p in points)),
        column("is_judged", "flag", "Held against the limits.", (p.is_judged for p in points)),
        column(
            "is_small",
            "flag",
            f"Fewer than {SMALL_BELOW} claims followed.",
            (row["n_followed"] < SMALL_BELOW for row in rows),
        ),
    ]
    return Table(tuple(columns))


def _charts(sides: Sequence[Side]) -> Table:
    """What each direction's chart is made of, and how often it alarms for nothing."""
    charts = [side.chart for side in sides]
    kept = [side.judged for side in sides]
    return Table(
        (
            column("direction", "text", "Who claims.", (side.direction for side in sides)),
            column("n_judged", "count", "Periods judged.", (len(points) for points in kept)),
            column(
                "n_claims", "count", "Their claims.",
                (sum(p.row["n_followed"] for p in points) for points in kept),
            ),
            column(
                "centre", "share", "Share of them approved by the age.",
                (chart.centre if chart else None for chart in charts),
            ),
            column(
                "scatter", "number",
                "How much further neighbouring periods lie apart than claims alone put them: "
                "above 1 it widens the limits.",
                (chart.scatter if chart else None for chart in charts),
            ),
            column("n_signals", "count", "Periods that signal.", (len(s.signals) for s in sides)),
            column(
                "false_alarm", "share", "At most the chance of any signal if nothing happened.",
                (false_alarm(len(points)) if points else None for points in kept),
            ),
        )
    )  # fmt: skip


def _chart(period: str, table: Table, age: int) -> dict[str, Any]:
    rows = _drawn(table)
    points = Table(
        tuple(
            Column(c.name, c.kind, c.meaning, tuple(c.values[k] for k in rows), c.missing)
            for c in table.columns
        )
    )
    who = tuple(f"{SIDES[side].capitalize()} claims" for side in points["direction"])
    return control_charts(
        Table((Column("panel", "text", "Who claims.", who), *points.columns)),
        panel="panel",
        period=period,
        estimate="approved_by_age",
        interval=("lower", "upper"),
        centre="centre",
        limits=("lower_limit", "upper_limit"),
        size="n_followed",
        signal="signal",
        y_title=f"Share approved by day {age:g}, by {period} of filing",
    )


def _drawn(table: Table) -> list[int]:
    """The rows with a share, which all have a known period, one direction after the other."""
    return [
        k
        for side in SIDES
        for k, direction in enumerate(table["direction"])
        if direction == side and table["approved_by_age"][k] is not None
    ]


def _headline(period: str, sides: Sequence[Side], age: int) -> str:
    """Per direction the latest period judged, and the others that signal."""
    parts = [_side_headline(period, side, age) for side in sides]
    return ("; ".join(part for part in parts if part) or "0 claims have usable dates") + "."


def _side_headline(period: str, side: Side, age: int) -> str:
    whose = SIDES[side.direction]
    if not side.judged:
        return _not_judged(period, side, age)
    latest = side.judged[-1]
    row, n = latest.row, latest.row["n_followed"]
    if n < SMALL_BELOW:
        share, note = f"{row['n_approved']} of {n}", ", too few for a rate,"
    else:
        share, note = f"{show_value(latest.share.value, 'share')} of {n}", ""
    told = f"{share} {whose} claims of {row['period_name']}{note} were approved by day {age:g}, "
    return told + _judgement(latest) + _others(period, side, latest)


def _not_judged(period: str, side: Side, age: int) -> str:
    """Why there are no limits: periods are too few, or all their claims alike."""
    whose, ready = SIDES[side.direction], len(side.ready)
    if ready < FEWEST_PERIODS:
        return (
            f"{quantity(ready, period)} of {whose} claims can be judged at day {age:g}, too few "
            f"for control limits, which need {FEWEST_PERIODS}"
        )
    approved, n = (sum(p.row[name] for p in side.ready) for name in ("n_approved", "n_followed"))
    return (
        f"{approved} of {n} {whose} claims of {ready} {period}s were approved by day {age:g}: "
        "all alike, so that there are no control limits and nothing is judged"
    )


def _judgement(point: Point) -> str:
    low, high = (show_value(end, "share") for end in (point.lower_limit, point.upper_limit))
    where = point.signal if point.signal and "limits" in point.signal else "within the limits"
    told = f"{where} of {low} to {high}"
    if point.signal and point.signal.startswith("run"):
        told += f" but in a {point.signal} of {show_value(point.centre, 'share')}"
    return told


def _others(period: str, side: Side, latest: Point) -> str:
    """The earlier signals, and what they are worth."""
    earlier = [point for point in side.signals if point is not latest]
    n = len(side.judged)
    if not earlier:
        return f"; 0 of the {n - 1} {period}s before signal"
    first = earlier[-1]
    more = f" and {len(earlier) - 1} more" if len(earlier) > 1 else ""
    return (
        f"; {len(earlier)} of the {n - 1} {period}s before signal: "
        f"{first.row['period_name']} {first.signal}{more}"
    )


def _caveats(period: str, rows: Rows, sides: Sequence[Side], age: int) -> Iterator[str]:
    yield from untimed_caveats(rows)
    if n := sum(row["n_younger"] for row in rows):
        yield f"{quantity(n, 'claim is')} younger than {age:g} days: in no share."
    names = {row["period_name"] for row in rows if not row["is_mature"]} - {UNKNOWN}
    if names:
        yield (
            f"{quantity(len(names), f'{period} is')} not judged yet: the last claims in it are "
            f"younger than {age:g} days."
        )
    for side in sides:
        yield from _gap_caveats(period, side)
        yield from _chart_caveats(period, side)
    for side in sides:
        if (n := sum(point.row["n_followed"] > 0 for point in side.points)) > MOST_PERIODS:
            yield (
                f"The chart draws the latest {MOST_PERIODS} of {n} {period}s of "
                f"{SIDES[side.direction]} claims."
            )


def _gap_caveats(period: str, side: Side) -> Iterator[str]:
    """How many periods have no point between the first and the last that have one."""
    drawn = [p.row["period_name"] for p in side.points if p.row["n_followed"]]
    if len(drawn) < 2:
        return
    if n := _place(drawn[-1]) - _place(drawn[0]) + 1 - len(drawn):
        yield (
            f"{quantity(n, f'{period} has')} no {SIDES[side.direction]} claims to follow between "
            f"{drawn[0]} and {drawn[-1]}: without a point, and passed over by runs and scatter, so "
            "that points side by side may lie further apart in time."
        )


def _place(name: str) -> int:
    """The number of a month ("2026-01"), quarter ("2026-Q1") or ISO week ("2026-W01") in time."""
    year, rest = name.split("-")
    if rest.startswith("W"):
        return date.fromisocalendar(int(year), int(rest[1:]), 1).toordinal() // 7
    return 4 * int(year) + int(rest[1:]) if rest.startswith("Q") else 12 * int(year) + int(rest)


def _chart_caveats(period: str, side: Side) -> Iterator[str]:
    """How often the chart alarms for nothing, and what it cannot see."""
    n, whose = len(side.judged), SIDES[side.direction]
    if side.chart is None:
        return
    if rare := sum(point.rarer < FEWEST_EXPECTED for point in side.judged):
        yield (
            f"{rare} of {quantity(n, period)} of {whose} claims are expected to have fewer than "
            f"{FEWEST_EXPECTED} approved, or {FEWEST_EXPECTED} others: such {period}s lie on one "
            "side of the centre by chance, and runs of them signal far too often."
        )
    else:
        yield (
            f"Of {quantity(n, period)} of {whose} claims judged by two rules, any signals by "
            f"chance alone in at most {show_value(false_alarm(n), 'share')} of such charts: in "
            f"fewer, since the centre is estimated from the same {period}s."
        )
    if n < FEW_PERIODS:
        yield f"With {n} {period}s of {whose} claims only large changes are found."
    if side.chart.scatter > 1:
        yield (
            f"Neighbouring {period}s of {whose} claims lie {side.chart.scatter:.1f} times as far "
            "apart as claims alone put them; their limits are as much wider."
        )
