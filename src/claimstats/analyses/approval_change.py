"""Whether approval changed at a known date: equal-age shares before and after, and two lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import numpy as np

from claimstats.analyses._before_after import Group, groups_of
from claimstats.analyses._by_age import untimed_caveats
from claimstats.analyses._columns import column, interval_columns, plain
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
from claimstats.finding import Column, Finding, Method, Table, quantity, show_value
from claimstats.stats.multiplicity import benjamini_hochberg
from claimstats.stats.survival import Estimate

Rows = Sequence[Mapping[str, Any]]

AGE_DAYS = 60
"""By then most of what will be approved is, and little time after a change is lost to waiting."""

PERIOD_DAYS = 14
"""Whole weeks, so that every period has the same weekdays, and short, so that there are many."""

METHOD = Method(
    definition=(
        "approved_before and approved_after are the shares approved by age_days, from the "
        "claimant's side, of claims filed before and from the date on. change_points is their "
        "difference; within_points the same within program and reason. level_points is the step at "
        "the date between two lines of the log odds, fitted to periods before and after; "
        "slope_ratio is how the odds' monthly factor changed. change_p_value is of the hypothesis "
        "that neither level nor slope changed."
    ),
    denominator=(
        "Claims with usable dates, by filing, that were filed at least age_days before the "
        "cut-off. Every one of them counts, decided or not."
    ),
    exclusions=(
        "Younger claims: of them only the fast decisions are known. Claims without usable dates or "
        "a known outcome are counted as excluded. Where either side has fewer than three periods "
        "or twenty claims, shares are shown and no change is told; refused says why."
    ),
    interval=(
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
        question="Did approval change after a date?",
        headline=_headline(groups, table, age_days, level),
        summary=table,
        chart=_chart(groups, table, age_days),
        sql=sql,
        method=METHOD,
        caveats=(*_caveats(rows, groups, age_days, day), *source_caveats(book, cutoff)),
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
            "changed_on", "text", "First day of the new state.",
            (group.key["changed_on"].isoformat() for group in groups),
        ),
        column("rules", "text", "The rules that began; given: by you.",
               (group.key["rules"] for group in groups)),
        column("program", "text", "Program.", (group.key["program"] for group in groups)),
        column("direction", "text", "Who claims.", (group.direction for group in groups)),
        column("marketplace", "text", "Where the rules hold; *: everywhere.",
               (group.key["rule_marketplace"] for group in groups)),
        *_count_columns(groups, age),
        *_change_columns(groups),
        column("change_p_value", "p_value", "Of neither level nor slope having changed.",
               (group.p_value for group in groups)),
        column("change_q_value", "p_value", "The same, for all rows tested.", q_values),
        column("dispersion", "number", "How much more periods scatter than claims; 1: no more.",
               (group.fit.dispersion for group in groups)),
        column("periods_before", "count", "Periods with claims before.",
               (group.fit.periods_before for group in groups)),
        column("periods_after", "count", "Periods with claims after.",
               (group.fit.periods_after for group in groups)),
        column("refused", "text", "Why no change is told.", (group.refused for group in groups)),
    ]  # fmt: skip
    return Table(tuple(columns))


def _count_columns(groups: Sequence[Group], age: int) -> Iterator[Column]:
    texts = {
        "n_claims": "Claims filed by the cut-off, those without a filing date among them.",
        "n_before": f"Of these, filed before the date, usable and {age:g} days old or more.",
        "n_approved_before": f"Of those before, approved by day {age:g}.",
        "n_after": "Of these, filed from the date on, likewise.",
        "n_approved_after": f"Of those after, approved by day {age:g}.",
        "n_younger": "Claims too young to tell, in no share.",
        "n_excluded": "Claims without usable dates; the caveats say why.",
    }
    for name, text in texts.items():
        yield column(name, "count", text, (group.counts[name] for group in groups))
    for side in ("before", "after"):
        name = f"approved_{side}"
        yield from interval_columns(
            (name, f"{name}_lower", f"{name}_upper"),
            "share",
            f"share approved by day {age:g} of claims filed {side}.",
            (getattr(group, side) for group in groups),
        )


def _change_columns(groups: Sequence[Group]) -> Iterator[Column]:
    changes = {
        "change": ("share after minus before.", "change_points"),
        "within": ("share after minus before, within program and reason.", "within_points"),
        "level": ("step at the date between the lines before and after.", "level_points"),
    }
    for name, (meaning, attribute) in changes.items():
        yield from interval_columns(
            (f"{name}_points", f"{name}_lower", f"{name}_upper"),
            "points",
            f"{meaning[:-1]}, in percentage points.",
            (getattr(group, attribute) for group in groups),
        )
    yield column(
        "n_within", "count", "Claims in programs and reasons that have both before and after.",
        (group.within.n for group in groups),
    )  # fmt: skip
    yield column(
        "points_apart", "flag", "raw and within reason point apart",
        (group.points_apart for group in groups),
    )  # fmt: skip
    yield from interval_columns(
        ("slope_ratio", "slope_lower", "slope_upper"),
        "number",
        "factor by which the odds' change in 30 days differs after the date; 1: goes on as before.",
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
            column("changed_on", "text", "First day of the new state.",
                   (group.key["changed_on"].isoformat() for group, *_ in points)),
            column("program", "text", "Program.", (group.name for group, *_ in points)),
            column("direction", "text", "Who claims.", (group.direction for group, *_ in points)),
            column("begins_on", "text", "First day of the period.",
                   (day.isoformat() for day in begins)),
            column("n_followed", "count", "Claims filed in it, old enough.", (n for _, n in of)),
            column("n_approved", "count", "Of these, approved by the age.", (k for k, _ in of)),
            column("approved", "share", "Share approved.", (k / n for k, n in of)),
            column("fitted", "share", "By the two lines.", (point[2] for point in points)),
            column("unchanged", "share", "By the line before the date, carried on.",
                   (point[3] for point in points)),
        )
    )  # fmt: skip


def _headline(groups: Sequence[Group], table: Table, age: int, level: float) -> str:
    """What changed beside each date: for all programs where there are several."""
    if not groups:
        return (
            "0 dates of a change are given or known within the book: give one, as in claimstats "
            "show approval_change --on 2026-02-16."
        )
    told = [
        (group, q)
        for group, q in zip(groups, table["change_q_value"], strict=True)
        if group.refused is None and _leads(group, groups)
    ]
    parts = [_change_headline(group, q, age, level) for group, q in told]
    refused = [group for group in groups if group.refused is not None and _leads(group, groups)]
    if not told:
        first = refused[0]
        return (
            f"0 of {quantity(len(refused), 'comparison')} can be made: {first.key['changed_on']}, "
            f"{first.name}, {first.refused}."
        )
    more = f"; {quantity(len(refused), 'comparison')} refused" if refused else ""
    return "; ".join(parts) + more + "."


def _leads(group: Group, groups: Sequence[Group]) -> bool:
    """Whether the group is all there is of its date and direction."""
    return group.is_whole or not any(
        other.is_whole
        and (other.key["changed_on"], other.direction) == (group.key["changed_on"], group.direction)
        for other in groups
    )


def _change_headline(group: Group, q: float | None, age: int, level: float) -> str:
    raw, within = group.change_points, group.within_points
    shares = " against ".join(
        f"{show_value(plain(side.value), 'share')} of {n}"
        for side, n in (
            (group.after, group.counts["n_after"]),
            (group.before, group.counts["n_before"]),
        )
    )
    of = f"{SIDES[group.direction]} claims"
    which = of if group.is_whole else f"{of} of {group.name}"
    return (
        f"{_shown(raw)} points ({100 * level:g} % interval {_ends(raw)}) from "
        f"{group.key['changed_on']} on in the share of {which} approved by day {age:g}, {shares}, "
        f"and {_shown(within)} ({_ends(within)}) within program and reason; "
        f"{_tested(group, q, level)}"
    )


def _shown(change: Estimate) -> str:
    return show_value(change.value, "points")


def _ends(change: Estimate) -> str:
    return f"{show_value(change.lower, 'points')} to {show_value(change.upper, 'points')}"


def _tested(group: Group, q: float | None, level: float) -> str:
    """What the test says of level and slope, in words that claim no more."""
    if q is None:
        return "level and slope cannot be tested"
    shown = show_value(q, "p_value")
    told = f"(q {shown if shown.startswith('<') else f'= {shown}'})"
    if q >= 1 - level:
        return f"beside the trend before the date, no step and no new slope is shown {told}"
    step, slope = group.level_points, group.slope_ratio
    low, ratio, high = (f"{value:.2f}" for value in (slope.lower, slope.value, slope.upper))
    return (
        f"beside the trend before the date, level or slope changed {told}, the step being "
        f"{_shown(step)} points ({_ends(step)}), the slope's ratio {ratio} ({low} to {high})"
    )


def _chart(groups: Sequence[Group], table: Table, age: int) -> dict[str, Any]:
    dates = {group.key["changed_on"] for group in groups}
    labels = tuple(
        (f"{group.key['changed_on']} " if len(dates) > 1 else "")
        + group.name
        + (f" ({SIDES[group.direction]})" if group.is_whole else "")
        for group in groups
    )
    when = f" {next(iter(dates))}" if len(dates) == 1 else ""
    return forest_plot(
        Column("group", "text", "Program.", labels),
        table.column("within_points"),
        table.column("within_lower"),
        table.column("within_upper"),
        raw=table.column("change_points"),
        flagged=table.column("points_apart"),
        size=table.column("n_within"),
        names=("within program and reason", "with reasons mixed"),
        flag_word="points apart",
        x_title=f"After minus before{when}, by day {age:g} (points)",
    )


def _caveats(rows: Rows, groups: Sequence[Group], age: int, day: date | None) -> Iterator[str]:
    if rows and day is not None:
        yield from untimed_caveats(rows)
    if day is not None and (n := sum(row["n_younger"] for row in rows)):
        yield f"{quantity(n, 'claim is')} younger than {age:g} days: in no share."
    for group in groups:
        about = f"{group.key['changed_on']}, {SIDES[group.direction]} claims of {group.name}"
        if group.refused:
            yield f"{about}: no change is told, {group.refused}."
        elif group.points_apart:
            yield (
                f"{about}: {_shown(group.change_points)} points with reasons mixed, but "
                f"{_shown(group.within_points)} within program and reason: the mix changed."
            )
        elif (whole := group.counts["n_before"] + group.counts["n_after"]) > group.within.n:
            yield (
                f"{about}: {whole - group.within.n} of {whole} claims are of a program and reason "
                "that has claims on one side of the date alone."
            )
    if len({group.refused is None for group in groups} & {True}) and len(groups) > 1:
        n = sum(group.refused is None for group in groups)
        yield f"{quantity(n, 'row was')} tested; q values allow for as many."
