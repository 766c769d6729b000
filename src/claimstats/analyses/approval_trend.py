"""Whether a month's approval is unusual: shares at equal claim age against control limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, get_args

from claimstats.analyses._columns import column, direction_column, interval_columns
from claimstats.analyses._grouping import (
    SIDES,
    Decision,
    call,
    check_cutoff,
    check_days,
    check_level,
    source_caveats,
)
from claimstats.analyses._judged import (
    ABOVE,
    BELOW,
    FEWEST_PERIODS,
    RUN_ABOVE,
    RUN_BELOW,
    SIGNALS,
    Point,
    Side,
    judged,
)
from claimstats.analyses._period_caveats import counted, period_caveats
from claimstats.book import Book
from claimstats.charts import control_charts
from claimstats.errors import check_choice
from claimstats.finding import Column, Finding, Method, Table, show_value
from claimstats.language import label, later, say, sentence
from claimstats.stats.control import false_alarm
from claimstats.titles import titles

Period = Literal["month", "quarter", "week"]
Rows = Sequence[Mapping[str, Any]]

AGE_DAYS = 60
"""By then most of what will be approved is, and a month is judged two months after its end."""

SMALL_BELOW = 10
"""Claims below which no share is said in words."""

PANELS = {"seller_claims": later("Seller's claims"), "buyer_claims": later("Buyers' claims")}

JUDGED = {
    None: later("within the limits of {low} to {high}"),
    BELOW: later("below the limits of {low} to {high}"),
    ABOVE: later("above the limits of {low} to {high}"),
    RUN_BELOW: later(
        "within the limits of {low} to {high} but in a run below the centre of {centre}"
    ),
    RUN_ABOVE: later(
        "within the limits of {low} to {high} but in a run above the centre of {centre}"
    ),
}
"""Where a share lies, by what it signals."""

METHOD = Method(
    definition=later(
        "approved_by_age is the share approved by age_days, from the claimant's side, among the "
        "claims of a period that have reached that age; claims denied, withdrawn or still open "
        "then are not approved. centre is that share of all periods judged, and the limits are "
        "those that a period's share keeps by chance. A period signals outside its limits, or "
        "from the ninth in a row on one side of the centre on."
    ),
    denominator=later(
        "Claims with usable dates, by filing, that were filed at least age_days before the "
        "cut-off. Every one of them counts, decided or not."
    ),
    exclusions=later(
        "Younger claims: of them only the fast decisions are known. A period is judged once it is "
        "over and all its claims have reached the age, so that it is judged once and does not "
        "change; before that its share is shown with an interval and makes no signal. Claims "
        "without usable dates or a known outcome are counted as excluded."
    ),
    interval=later(
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
        question=say("Is this month's approval unusual?"),
        headline=_headline(period, sides, age_days),
        summary=table,
        chart=_chart(period, table, age_days),
        sql=sql,
        method=METHOD.said(),
        caveats=(*period_caveats(period, rows, sides, age_days), *source_caveats(book, cutoff)),
        parameters={"period": period, "age_days": age_days, "decision": decision, "level": level},
        as_of=cutoff,
        details={"charts": _charts(sides)},
    )


def _table(period: str, rows: Rows, sides: Sequence[Side], age: int) -> Table:
    of = {(p.row["period_name"], side.direction): p for side in sides for p in side.points}
    points = [of[row["period_name"], row["direction"]] for row in rows]
    names = (row["period_name"] for row in rows)
    small = (row["n_followed"] < SMALL_BELOW for row in rows)
    return Table(
        (
            column(
                period, "text", say("The {period} of filing.", period=label(period)), names,
                titles=titles(period),
            ),
            direction_column(row["direction"] for row in rows),
            *_count_columns(period, rows, age),
            *interval_columns(
                ("approved_by_age", "lower", "upper"),
                "share",
                say("Share of the claims followed that were approved by day {day}.", day=age),
                (point.share for point in points),
            ),
            column(
                "centre", "share", say("Share approved of all periods judged."),
                (p.centre for p in points),
            ),
            column(
                "lower_limit", "share", say("Lower control limit of the share."),
                (p.lower_limit for p in points),
            ),
            column(
                "upper_limit", "share", say("Upper control limit of the share."),
                (p.upper_limit for p in points),
            ),
            column(
                "signal", "text", say("What chance hardly makes."), (p.signal for p in points),
                titles={signal: say(signal) for signal in SIGNALS},
            ),
            column(
                "is_judged", "flag", say("Held against the limits."),
                (p.is_judged for p in points),
            ),
            column(
                "is_small", "flag", say("Fewer than {n} claims followed.", n=SMALL_BELOW), small
            ),
        )
    )  # fmt: skip


def _count_columns(period: str, rows: Rows, age: int) -> Iterator[Column]:
    texts = {
        "n_claims": say("Claims filed in the {period}.", period=label(period)),
        "n_followed": say("Of these, with usable dates and at least {day} days old.", day=age),
        "n_approved": say("Of those followed, approved by day {day}.", day=age),
        "n_denied": say("Of those followed, denied or lapsed by day {day}.", day=age),
        "n_ended": say("Of those followed, withdrawn or settled by day {day}.", day=age),
        "n_open": say("Of those followed, open on day {day}.", day=age),
        "n_younger": say("Claims too young to tell, in no share."),
        "n_excluded": say("Claims without usable dates; the caveats say why."),
    }
    for name, text in texts.items():
        yield column(name, "count", text, (row[name] for row in rows))


def _charts(sides: Sequence[Side]) -> Table:
    """What each direction's chart is made of, and how often it alarms for nothing."""
    charts = [side.chart for side in sides]
    kept = [side.judged for side in sides]
    return Table(
        (
            direction_column(side.direction for side in sides),
            column("n_judged", "count", say("Periods judged."), (len(points) for points in kept)),
            column(
                "n_claims", "count", say("Their claims."),
                (sum(p.row["n_followed"] for p in points) for points in kept),
            ),
            column(
                "centre", "share", say("Share of them approved by the age."),
                (chart.centre if chart else None for chart in charts),
            ),
            column(
                "scatter", "number",
                say(
                    "How much further neighbouring periods lie apart than claims alone put them: "
                    "above 1 it widens the limits."
                ),
                (chart.scatter if chart else None for chart in charts),
            ),
            column(
                "n_signals", "count", say("Periods that signal."),
                (len(side.signals) for side in sides),
            ),
            column(
                "false_alarm", "share",
                say("At most the chance of any signal if nothing happened."),
                (false_alarm(len(points)) if points else None for points in kept),
            ),
        )
    )  # fmt: skip


def _chart(period: str, table: Table, age: int) -> dict[str, Any]:
    rows = _drawn(table)
    columns = tuple(replace(c, values=tuple(c.values[k] for k in rows)) for c in table.columns)
    who = tuple(say(PANELS[table["direction"][k]]) for k in rows)
    return control_charts(
        Table((Column("panel", "text", say("Who claims."), who), *columns)),
        panel="panel",
        period=period,
        estimate="approved_by_age",
        interval=("lower", "upper"),
        centre="centre",
        limits=("lower_limit", "upper_limit"),
        size="n_followed",
        signal="signal",
        y_title=say(
            "Share approved by day {day}, by {period} of filing", day=age, period=label(period)
        ),
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
    clauses = [clause for side in sides for clause in _side_headline(period, side, age)]
    return sentence(clauses or [say("0 claims have usable dates")])


def _side_headline(period: str, side: Side, age: int) -> Iterator[str]:
    if not side.judged:
        yield _not_judged(period, side, age)
        return
    latest = side.judged[-1]
    row = latest.row
    of = {
        "n": row["n_followed"], "side": say(SIDES[side.direction]), "period": row["period_name"],
        "day": age, "judgement": _judgement(latest),
    }  # fmt: skip
    if row["n_followed"] < SMALL_BELOW:
        yield say(
            "{approved} of {n} {side} claims of {period}, too few for a rate, were approved by "
            "day {day}, {judgement}",
            approved=row["n_approved"],
            **of,
        )
    else:
        yield say(
            "{share} of {n} {side} claims of {period} were approved by day {day}, {judgement}",
            share=show_value(latest.share.value, "share"),
            **of,
        )
    yield _others(period, side, latest)


def _not_judged(period: str, side: Side, age: int) -> str:
    """Why there are no limits: periods are too few, or all their claims alike."""
    ready = len(side.ready)
    of = {"counted": counted(period, ready), "side": say(SIDES[side.direction]), "day": age}
    if ready < FEWEST_PERIODS:
        return say(
            "{counted} of {side} claims can be judged at day {day}, too few for control limits, "
            "which need {fewest}",
            fewest=FEWEST_PERIODS,
            **of,
        )
    return say(
        "{approved} of {n} {side} claims of {counted} were approved by day {day}: all alike, so "
        "that there are no control limits and nothing is judged",
        approved=sum(point.row["n_approved"] for point in side.ready),
        n=sum(point.row["n_followed"] for point in side.ready),
        **of,
    )


def _judgement(point: Point) -> str:
    low, high, centre = (
        show_value(end, "share") for end in (point.lower_limit, point.upper_limit, point.centre)
    )
    return say(JUDGED[point.signal], low=low, high=high, centre=centre)


def _others(period: str, side: Side, latest: Point) -> str:
    """The earlier signals, and what they are worth."""
    earlier = [point for point in side.signals if point is not latest]
    before = counted(period, len(side.judged) - 1)
    if not earlier:
        return say("0 of the {counted} before it signal", counted=before)
    last = earlier[-1]
    of = {
        "n": len(earlier), "counted": before, "period": last.row["period_name"],
        "signal": say(str(last.signal)),
    }  # fmt: skip
    if len(earlier) == 1:
        return say("{n} of the {counted} before it signal: {period} {signal}", **of)
    return say(
        "{n} of the {counted} before it signal: {period} {signal} and {more} more",
        more=len(earlier) - 1,
        **of,
    )
