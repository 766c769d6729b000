"""Whether approval changed at a known date: equal-age shares before and after, and two lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import numpy as np

from claimstats.analyses._before_after import ALL, Group, groups_of
from claimstats.analyses._change_caveats import change_caveats
from claimstats.analyses._columns import column, direction_column, interval_columns, plain
from claimstats.analyses._difference import p_shown
from claimstats.analyses._grouping import (
    SIDES,
    Decision,
    call,
    check_cutoff,
    check_days,
    check_level,
    source_caveats,
)
from claimstats.book import Book
from claimstats.charts import forest_plot
from claimstats.errors import ParameterError, check_choice
from claimstats.finding import Column, Finding, Method, Table, show_value
from claimstats.language import amount, later, say, say_n, sentence
from claimstats.stats.multiplicity import benjamini_hochberg
from claimstats.stats.survival import Estimate
from claimstats.titles import titles

Rows = Sequence[Mapping[str, Any]]

AGE_DAYS = 60
"""By then most of what will be approved is, and little time after a change is lost to waiting."""

PERIOD_DAYS = 14
"""Whole weeks, so that every period has the same weekdays, and short, so that there are many."""

GIVEN = later("given")
"""What stands for the rules where a reader gave the date."""

METHOD = Method(
    definition=later(
        "approved_before and approved_after are the shares approved by age_days, from the "
        "claimant's side, of claims filed before and from the date on. change_points is their "
        "difference; within_points the same within program and reason. level_points is the step at "
        "the date between two lines of the log odds, fitted to periods before and after; "
        "slope_ratio is how the odds' monthly factor changed. change_p_value is of the hypothesis "
        "that neither level nor slope changed."
    ),
    denominator=later(
        "Claims with usable dates, by filing, that were filed at least age_days before the "
        "cut-off. Every one of them counts, decided or not."
    ),
    exclusions=later(
        "Younger claims: of them only the fast decisions are known. Claims without usable dates or "
        "a known outcome are counted as excluded. Where either side has fewer than three periods "
        "or twenty claims, shares are shown and no change is told; refused says why."
    ),
    interval=later(
        "Wilson's score interval for a share, Newcombe's for the difference, Mantel and Haenszel's "
        "with Sato's variance within program and reason. Level and slope are those of a segmented "
        "logistic regression, with errors widened where periods scatter more than claims can. "
        "change_q_value is Benjamini and Hochberg's over the rows."
    ),
    literature=(
        "Wagner AK et al. (2002), J Clin Pharm Ther 27:299-309, "
        "https://doi.org/10.1046/j.1365-2710.2002.00430.x",
        "Newcombe RG (1998), Stat Med 17:873-890, method 10, "
        "https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I",
        "Mantel N, Haenszel W (1959), J Natl Cancer Inst 22:719-748, "
        "https://doi.org/10.1093/jnci/22.4.719",
        "Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300, "
        "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
    ),
)


def approval_change(
    book: Book,
    on: date | None = None,
    *,
    as_of: datetime | None = None,
    age_days: int = AGE_DAYS,
    period_days: int = PERIOD_DAYS,
    decision: Decision = "first",
    level: float = 0.95,
) -> Finding:
    """Compare approval before and after a date that was known beforehand, such as a new policy.

    Answers: did approval change after a date, or was it changing anyway?

    Parameters
    ----------
    book
        An open book.
    on
        The first day of the new state of things, for all programs. Without it the dates are those
        on which a deadline of a venue changed (``v_policy_changes``), each for its program and
        marketplace.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    age_days
        The age in days at which claims are compared.
    period_days
        Days of a period, counted from the date both ways.
    decision
        ``first`` decisions, or ``final`` ones with appeals counted.
    level
        Confidence level of the intervals; the headline speaks of a change where the q value is
        below 1 - ``level``.

    Returns
    -------
    Finding
        One row per date, direction and program, and per direction for all programs together:
        ``changed_on``, ``rules``, ``program``, ``direction``, ``marketplace``; ``n_claims`` =
        ``n_before`` + ``n_after`` + ``n_younger`` + ``n_excluded``, ``n_approved_before``,
        ``n_approved_after``; ``approved_before`` and ``approved_after`` with limits (0 to 1,
        claimant's side); ``change_points``, ``within_points`` and ``level_points`` with limits
        (percentage points), ``points_apart``; ``slope_ratio`` with limits; ``change_p_value``,
        ``change_q_value``; ``dispersion``; ``periods_before``, ``periods_after``; ``refused``. The
        detail ``periods`` has one row per period, with both lines.

    Raises
    ------
    ParameterError
        The date is none, the decision is not there, or a number of days is not above 0.

    Notes
    -----
    A change went with the date; what else changed then is in it too. The date must be known
    beforehand: one picked from the data is always a change, for which :func:`approval_trend` has
    limits. A rule about filing in time also changes which claims are filed, so look at the
    difference within program and reason. The two directions are never pooled.

    References
    ----------
    Wagner AK et al. (2002), https://doi.org/10.1046/j.1365-2710.2002.00430.x.

    Examples
    --------
    >>> import claimstats
    >>> from datetime import date
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.approval_change(book, on=date(2026, 5, 4))
    >>> finding.table["program"][0], finding.table["periods_before"][0]
    ('all programs', 7)
    """
    day = _day(on)
    check_choice("approval_change knows no decision", decision, get_args(Decision))
    check_days("approval_change", "age_days", age_days)
    check_days("approval_change", "period_days", period_days)
    check_level("approval_change", level)
    as_of = check_cutoff("approval_change", as_of)
    asked = {
        "change_day": None if day is None else day.isoformat(), "age_days": age_days,
        "period_days": period_days, "cutoff": as_of, "decision": decision,
    }  # fmt: skip
    sql = call("approval_change", **asked)
    cutoff = as_of or book.as_of
    rows = [row for row in book.rows(sql) if day or _lies_within(row, cutoff)]
    cells = book.rows(call("approval_change_periods", **asked))
    groups = groups_of(rows, cells, period_days, level)
    q_values = benjamini_hochberg([group.p_value for group in groups])
    table = _table(groups, q_values, age_days)
    return Finding(
        name="approval_change",
        question=say("Did approval change after a date?"),
        headline=_headline(groups, table, age_days, level),
        summary=table,
        chart=_chart(groups, table, age_days),
        sql=sql,
        method=METHOD.said(),
        caveats=(*change_caveats(rows, groups, age_days, day), *source_caveats(book, cutoff)),
        parameters={
            "on": None if day is None else day.isoformat(), "age_days": age_days,
            "period_days": period_days, "decision": decision, "level": level,
        },
        as_of=cutoff,
        details={"periods": _periods(groups, period_days)},
    )  # fmt: skip


def _day(on: date | None) -> date | None:
    """The day of a date, or of a time in UTC."""
    if isinstance(on, datetime):
        return (on if on.tzinfo is None else on.astimezone(UTC)).date()
    if on is None or isinstance(on, date):
        return on
    raise ParameterError(f"approval_change: on is {on!r}; give a date, such as date(2026, 2, 16).")


def _lies_within(row: Mapping[str, Any], cutoff: datetime | None) -> bool:
    """Whether a rule began while such claims were filed."""
    return row["n_before"] > 0 and cutoff is not None and row["changed_on"] <= cutoff.date()


def _table(groups: Sequence[Group], q_values: np.ndarray[Any, Any], age: int) -> Table:
    columns = [
        column(
            "changed_on", "text", say("First day of the new state."),
            (group.key["changed_on"].isoformat() for group in groups),
        ),
        column(
            "rules", "text", say("The rules that began; given: by you."),
            (group.key["rules"] for group in groups), titles={GIVEN: say(GIVEN)},
        ),
        column(
            "program", "text", say("Program."), (group.key["program"] for group in groups),
            titles={ALL: say(ALL), **titles("program")},
        ),
        direction_column(group.direction for group in groups),
        column(
            "marketplace", "text", say("Where the rules hold; *: everywhere."),
            (group.key["rule_marketplace"] for group in groups),
        ),
        *_count_columns(groups, age),
        *_change_columns(groups),
        column(
            "change_p_value", "p_value", say("Of neither level nor slope having changed."),
            (group.p_value for group in groups),
        ),
        column("change_q_value", "p_value", say("The same, for all rows tested."), q_values),
        column(
            "dispersion", "number", say("How much more periods scatter than claims; 1: no more."),
            (group.fit.dispersion for group in groups),
        ),
        column(
            "periods_before", "count", say("Periods with claims before."),
            (group.fit.periods_before for group in groups),
        ),
        column(
            "periods_after", "count", say("Periods with claims after."),
            (group.fit.periods_after for group in groups),
        ),
        column(
            "refused", "text", say("Why no change is told."), (group.refused for group in groups)
        ),
    ]  # fmt: skip
    return Table(tuple(columns))


def _count_columns(groups: Sequence[Group], age: int) -> Iterator[Column]:
    texts = {
        "n_claims": say("Claims filed by the cut-off, those without a filing date among them."),
        "n_before": say(
            "Of these, filed before the date, usable and {day} days old or more.", day=age
        ),
        "n_approved_before": say("Of those before, approved by day {day}.", day=age),
        "n_after": say("Of these, filed from the date on, likewise."),
        "n_approved_after": say("Of those after, approved by day {day}.", day=age),
        "n_younger": say("Claims too young to tell, in no share."),
        "n_excluded": say("Claims without usable dates; the caveats say why."),
    }
    for name, text in texts.items():
        yield column(name, "count", text, (group.counts[name] for group in groups))
    yield from interval_columns(
        ("approved_before", "approved_before_lower", "approved_before_upper"),
        "share",
        say("Share approved by day {day} of claims filed before.", day=age),
        (group.before for group in groups),
    )
    yield from interval_columns(
        ("approved_after", "approved_after_lower", "approved_after_upper"),
        "share",
        say("Share approved by day {day} of claims filed after.", day=age),
        (group.after for group in groups),
    )


def _change_columns(groups: Sequence[Group]) -> Iterator[Column]:
    yield from interval_columns(
        ("change_points", "change_lower", "change_upper"),
        "points",
        say("Share after minus before, in percentage points."),
        (group.change_points for group in groups),
    )
    yield from interval_columns(
        ("within_points", "within_lower", "within_upper"),
        "points",
        say("Share after minus before, within program and reason, in percentage points."),
        (group.within_points for group in groups),
    )
    yield from interval_columns(
        ("level_points", "level_lower", "level_upper"),
        "points",
        say("Step at the date between the lines before and after, in percentage points."),
        (group.level_points for group in groups),
    )
    yield column(
        "n_within", "count",
        say("Claims in programs and reasons that have both before and after."),
        (group.within.n for group in groups),
    )  # fmt: skip
    yield column(
        "points_apart", "flag", say("raw and within reason point apart"),
        (group.points_apart for group in groups),
    )  # fmt: skip
    yield from interval_columns(
        ("slope_ratio", "slope_lower", "slope_upper"),
        "number",
        say(
            "Factor by which the odds' change in 30 days differs after the date; 1: goes on as "
            "before."
        ),
        (group.slope_ratio for group in groups),
    )


def _periods(groups: Sequence[Group], period_days: int) -> Table:
    """Each period's share beside the two lines, and beside the first one carried on."""
    points = [
        (group, row, *values)
        for group in groups
        for row, *values in zip(group.periods, group.fit.fitted, group.fit.unchanged, strict=True)
    ]
    begins = (
        group.key["changed_on"] + timedelta(days=period_days * row["period_number"])
        for group, row, *_ in points
    )
    of = [(row["n_approved"], row["n_followed"]) for _, row, *_ in points]
    return Table(
        (
            column(
                "changed_on", "text", say("First day of the new state."),
                (group.key["changed_on"].isoformat() for group, *_ in points),
            ),
            column(
                "program", "text", say("Program."), (group.name for group, *_ in points),
                titles={group.name: group.shown_name for group in groups},
            ),
            direction_column(group.direction for group, *_ in points),
            column(
                "begins_on", "text", say("First day of the period."),
                (day.isoformat() for day in begins),
            ),
            column(
                "n_followed", "count", say("Claims filed in it, old enough."), (n for _, n in of)
            ),
            column(
                "n_approved", "count", say("Of these, approved by the age."), (k for k, _ in of)
            ),
            column("approved", "share", say("Share approved."), (k / n for k, n in of)),
            column("fitted", "share", say("By the two lines."), (point[2] for point in points)),
            column(
                "unchanged", "share", say("By the line before the date, carried on."),
                (point[3] for point in points),
            ),
        )
    )  # fmt: skip


def _headline(groups: Sequence[Group], table: Table, age: int, level: float) -> str:
    """What changed beside each date: for all programs where there are several."""
    if not groups:
        return say(
            "0 dates of a change are given or known within the book: give one, as in claimstats "
            "show approval_change --on 2026-02-16."
        )
    leading = [
        (group, q)
        for group, q in zip(groups, table["change_q_value"], strict=True)
        if _leads(group, groups)
    ]
    told = [(group, q) for group, q in leading if group.refused is None]
    refused = [group for group, _ in leading if group.refused is not None]
    if not told:
        first = refused[0]
        return say_n(
            "0 of {n} comparison can be made: {date}, {group}, {why}.",
            "0 of {n} comparisons can be made: {date}, {group}, {why}.",
            len(refused),
            date=first.key["changed_on"], group=first.shown_name, why=first.refused,
        )  # fmt: skip
    clauses = [
        clause
        for group, q in told
        for clause in (_change_headline(group, age, level), _tested(group, q, level))
    ]
    if n := len(refused):
        clauses.append(say_n("{n} comparison refused", "{n} comparisons refused", n))
    return sentence(clauses)


def _leads(group: Group, groups: Sequence[Group]) -> bool:
    """Whether the group is all there is of its date and direction."""
    return group.is_whole or not any(
        other.is_whole
        and (other.key["changed_on"], other.direction) == (group.key["changed_on"], group.direction)
        for other in groups
    )


def _change_headline(group: Group, age: int, level: float) -> str:
    before, after = (show_value(plain(side.value), "share") for side in (group.before, group.after))
    of = {
        "points": _shown(group.change_points), "interval": _ends(group.change_points),
        "within": _shown(group.within_points), "within_interval": _ends(group.within_points),
        "level": 100 * level, "date": group.key["changed_on"], "day": age,
        "side": say(SIDES[group.direction]), "group": group.shown_name,
        "before": before, "n_before": group.counts["n_before"],
        "after": after, "n_after": group.counts["n_after"],
    }  # fmt: skip
    if group.is_whole:
        return say(
            "{points} points ({level} % interval {interval}) from {date} on in the share of {side} "
            "claims approved by day {day}, {after} of {n_after} against {before} of {n_before}, "
            "and {within} ({within_interval}) within program and reason",
            **of,
        )
    return say(
        "{points} points ({level} % interval {interval}) from {date} on in the share of {side} "
        "claims of {group} approved by day {day}, {after} of {n_after} against {before} of "
        "{n_before}, and {within} ({within_interval}) within program and reason",
        **of,
    )


def _shown(change: Estimate) -> str:
    return show_value(change.value, "points")


def _ends(change: Estimate) -> str:
    lower, upper = (show_value(end, "points") for end in (change.lower, change.upper))
    return say("{lower} to {upper}", lower=lower, upper=upper)


def _tested(group: Group, q: float | None, level: float) -> str:
    """What the test says of level and slope, in words that claim no more."""
    if q is None:
        return say("level and slope cannot be tested")
    if q >= 1 - level:
        return say(
            "beside the trend before the date, no step and no new slope is shown (q {q})",
            q=p_shown(q),
        )
    step, slope = group.level_points, group.slope_ratio
    low, ratio, high = (amount(f"{value:.2f}") for value in (slope.lower, slope.value, slope.upper))
    return say(
        "beside the trend before the date, level or slope changed (q {q}), the step being {step} "
        "points ({interval}), the slope's ratio {ratio} ({low} to {high})",
        q=p_shown(q), step=_shown(step), interval=_ends(step), ratio=ratio, low=low, high=high,
    )  # fmt: skip


def _chart(groups: Sequence[Group], table: Table, age: int) -> dict[str, Any]:
    dates = {group.key["changed_on"] for group in groups}
    labels = tuple(_label(group, is_dated=len(dates) > 1) for group in groups)
    x_title = say("After minus before, by day {day} (points)", day=age)
    if len(dates) == 1:
        x_title = say(
            "After minus before {date}, by day {day} (points)", date=next(iter(dates)), day=age
        )
    return forest_plot(
        Column("group", "text", say("Program."), labels),
        table.column("within_points"),
        table.column("within_lower"),
        table.column("within_upper"),
        raw=table.column("change_points"),
        flagged=table.column("points_apart"),
        size=table.column("n_within"),
        names=(say("within program and reason"), say("with reasons mixed")),
        flag_word=say("points apart"),
        x_title=x_title,
    )


def _label(group: Group, *, is_dated: bool) -> str:
    """What stands beside a group in the chart."""
    name = group.shown_name
    if group.is_whole:
        name = say("{group} ({side})", group=name, side=say(SIDES[group.direction]))
    return say("{date} {group}", date=group.key["changed_on"], group=name) if is_dated else name
