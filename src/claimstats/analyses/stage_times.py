"""How long each step of a claim takes, with steps that are not over counted as such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import numpy as np

from claimstats.analyses._business_days import BY_MARKETPLACE, business_days
from claimstats.analyses._columns import column, interval_columns, key_number
from claimstats.analyses._difference import (
    MOST_TESTED,
    Difference,
    difference_columns,
    difference_in_time,
)
from claimstats.analyses._grouping import (
    SIDES,
    call,
    check_cutoff,
    check_grouping,
    check_level,
    group_name,
    grouped,
    in_order,
    source_caveats,
)
from claimstats.book import Book
from claimstats.charts import MOST_CURVES, step_curves
from claimstats.errors import check_choice
from claimstats.finding import Finding, KeyNumber, Method, Table, quantity, show_value
from claimstats.stats.multiplicity import benjamini_hochberg
from claimstats.stats.survival import Quantile, SurvivalCurve, kaplan_meier, quantile

Days = Literal["calendar", "business"]
UNITS = {"calendar": "days", "business": "business days"}

STEPS = {
    "contact_to_filing": "contacted to filed",
    "filing_to_decision": "filed to first decision",
    "request_to_answer": "information requested to answered",
    "decision_to_money": "decision to money posted",
    "appeal_to_decision": "appealed to appeal decided",
}
ON_CHART = {
    "contact_to_filing": "to filing",
    "filing_to_decision": "to decision",
    "request_to_answer": "to answer",
    "decision_to_money": "to money",
    "appeal_to_decision": "of appeal",
}
"""The steps in so few letters that the group beside them can be read."""

QUARTILES = {"median": 0.5, "q25": 0.25, "q75": 0.75}
NOT_REACHED = "not reached"

SMALL_BELOW = 10
"""Timed steps below which the headline gives no median."""

EXCLUDED = {
    "n_undated": "the day on which it began or was over is not known",
    "n_negative": "over before it began, which one of the dates denies",
    "n_interval": "decided at a time known only as an interval",
    "n_unknown": "its outcome is not known",
    "n_untold": "no source of the program ever tells of its end",
}

METHOD = Method(
    definition=(
        "The time of each step: from the first contact with the other side to filing; from filing "
        "to the first decision, or to withdrawal or settlement; from a request for information to "
        "its answer; from the decision that granted money to the first posting of it; from an "
        "appeal to its decision. The median is the time by which half of the steps were over."
    ),
    denominator=(
        "All steps begun by the cut-off, each request for information being one. Steps still open "
        "count until the cut-off; a request unanswered when its claim was decided counts until "
        "then, and so does a grant that an appeal took back unpaid (stopped). A claim contacted "
        "and pending without a filing date is not filed yet, unless anything tells that it was. "
        "Business days are the country's working days after the first day, up to and with the "
        "last; days are UTC's."
    ),
    exclusions=(
        "Counted as excluded: steps without a known first or last day, over before they began, "
        "decided at a time known only as an interval, or of unknown outcome; and steps whose end "
        "no source of the program ever tells, since then silence says nothing. Grants in goods "
        "wait for no money."
    ),
    interval=(
        "Kaplan-Meier with Greenwood's variance on the log-log scale; quantiles by inverting it. "
        "'Not reached' means that too few steps are over for the number to exist. The groups of "
        "each step are compared by the log-rank test, with q values over the steps; months are "
        "tested for a trend too."
    ),
    literature=(
        "Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481, "
        "https://doi.org/10.1080/01621459.1958.10501452",
        "Brookmeyer R, Crowley J (1982), Biometrics 38:29-41, https://doi.org/10.2307/2530286",
        "Mantel N (1966), Cancer Chemother Rep 50:163-170",
        "Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300, "
        "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
    ),
)


@dataclass(frozen=True)
class Stage:
    """One step in one group, with its estimates."""

    row: Mapping[str, Any]
    curve: SurvivalCurve
    quartiles: Mapping[str, Quantile]

    @property
    def label(self) -> str:
        """What the chart calls it."""
        group = self.row["group_value"]
        return f"{ON_CHART[self.row['step']]}, {SIDES.get(group, group)}"

    @property
    def n_timed(self) -> int:
        """Steps with a usable duration, over or not."""
        return int(self.row["n_steps"] - self.row["n_excluded"])


def stage_times(
    book: Book,
    by: str = "direction",
    *,
    as_of: datetime | None = None,
    days: Days = "calendar",
    calendar: str = BY_MARKETPLACE,
    level: float = 0.95,
) -> Finding:
    """Time each step of the claims' lives, by one property.

    Answers: how long does each step take, and where does the time go?

    Parameters
    ----------
    book
        An open book.
    by
        The property to split by, as for :func:`approval_rate`; who claims, unless given.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    days
        ``calendar`` days, or ``business`` days, which need ``claimstats[holidays]``.
    calendar
        For business days, whose public holidays: those of each claim's ``marketplace``, of one
        country by its code, or ``weekends`` for Monday to Friday without holidays.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per step and group: ``step``, the group, ``n_steps`` = ``n_done`` + ``n_open`` +
        ``n_stopped`` + ``n_excluded``, the latter by reason; ``median_days`` with ``lower`` and
        ``upper``, ``q25_days`` and ``q75_days`` with theirs, in days of the kind asked for, null
        where not reached. The detail ``curves`` has one row per step, group and time: ``days``,
        ``at_risk``, ``over`` with its limits; the detail ``tests`` one row per step, whether its
        groups differ: ``n_groups``, ``statistic``, ``degrees_of_freedom``, ``p_value``, ``q_value``
        and, for months, ``trend_z`` (below 0 where later months are slower) and ``trend_p_value``.

    Raises
    ------
    ParameterError
        The property or the kind of days is not there, or a marketplace's holidays are not known.
    MissingExtra
        Business days are asked for, and the library ``holidays`` is not installed.

    Notes
    -----
    Steps are timed each on their own: their medians do not add up to the median of the whole.
    Where money is told by files that end before the cut-off, what they have not reached counts as
    not posted. A withdrawal ends the wait for a decision; :func:`time_to_resolution` tells the
    ends apart and keeps decisions whose time is known only as an interval.

    References
    ----------
    Kaplan EL, Meier P (1958), https://doi.org/10.1080/01621459.1958.10501452.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.stage_times(book, by="program")
    >>> finding.table.columns[:4]
    ['step', 'program', 'n_steps', 'n_done']
    """
    check_grouping(book, "stage_times", by)
    check_choice("stage_times knows no days", days, get_args(Days))
    check_level("stage_times", level)
    as_of = check_cutoff("stage_times", as_of)
    asked = {"by_column": by, "cutoff": as_of}
    sql = call("stage_times", **asked)
    durations = _durations(book, asked, days, calendar)
    times = grouped(durations, "step", "group_value")
    tests = {
        step: difference_in_time(
            by, own, "days", "n_steps", is_over=lambda row: row["state"] == "done"
        )
        for (step,), own in grouped(durations, "step").items()
    }
    rows = sorted(in_order(by, book.rows(sql)), key=lambda row: list(STEPS).index(row["step"]))
    stages = [_estimate(r, times.get((r["step"], r["group_value"]), []), level) for r in rows]
    curves = _curves(stages)
    cutoff = as_of or book.as_of
    return Finding(
        name="stage_times",
        question="How long does each step take?",
        headline=_headline(stages, days, level),
        summary=_table(by, stages, days),
        chart=_chart(curves, days),
        sql=sql,
        method=METHOD,
        caveats=(*_caveats(rows, tests), *source_caveats(book, cutoff)),
        parameters={"by": by, "days": days, "calendar": calendar, "level": level},
        as_of=cutoff,
        details={"curves": curves, "tests": _tests(tests)},
        key_numbers=tuple(_key_numbers(stages, days)),
    )


def _durations(
    book: Book, asked: Mapping[str, Any], days: Days, calendar: str
) -> list[dict[str, Any]]:
    """Steps counted by what they took in days of the kind asked for."""
    if days == "calendar":
        rows = book.rows(call("stage_hours", **asked))
        return [row | {"days": row["hours"] / 24} for row in rows]
    rows = book.rows(call("stage_days", **asked))
    taken = business_days("stage_times", rows, calendar)
    return [row | {"days": n} for row, n in zip(rows, taken, strict=True)]


def _estimate(row: Mapping[str, Any], times: Sequence[Mapping[str, Any]], level: float) -> Stage:
    curve = kaplan_meier(
        [time["days"] for time in times],
        [time["state"] == "done" for time in times],
        [time["n_steps"] for time in times],
        level,
    )
    return Stage(row, curve, {name: quantile(curve, share) for name, share in QUARTILES.items()})


def _table(by: str, stages: Sequence[Stage], days: Days) -> Table:
    unit = UNITS[days]
    counted = {
        "n_steps": "Steps begun by the cut-off.",
        "n_done": "Of these, over by the cut-off.",
        "n_open": "Of these, open at the cut-off: counted as not over yet.",
        "n_stopped": "Of these, made void by a decision: counted as not over until then.",
        "n_excluded": "Of these, without a usable duration, by reason at the end.",
    }
    columns = [
        column(name, "count", text, (stage.row[name] for stage in stages))
        for name, text in counted.items()
    ]
    for name, part in (("median", "half"), ("q25", "a quarter"), ("q75", "three quarters")):
        limits = ("lower", "upper") if name == "median" else (f"{name}_lower", f"{name}_upper")
        columns += interval_columns(
            (f"{name}_days", *limits),
            "days",
            f"{unit} until {part} of the steps were over.",
            [stage.quartiles[name] for stage in stages],
            NOT_REACHED,
        )
    for name, why in EXCLUDED.items():
        values = (stage.row[name] for stage in stages)
        columns.append(column(name, "count", f"Excluded: {why}.", values))
    step = column("step", "text", "The step.", (STEPS[stage.row["step"]] for stage in stages))
    name = group_name(by, (c.name for c in (step, *columns)))
    groups = (stage.row["group_value"] for stage in stages)
    return Table((step, column(name, "text", f"The claims' {by}.", groups), *columns))


def _tests(tests: Mapping[str, Difference]) -> Table:
    """Whether the groups of each step differ; steps of one group are left out."""
    compared = {step: tests[step] for step in STEPS if step in tests and tests[step].n_groups > 1}
    q_values = benjamini_hochberg([found.p_value for found in compared.values()])
    return Table(
        (
            column("step", "text", "The step.", (STEPS[step] for step in compared)),
            *difference_columns(
                list(compared.values()),
                "groups",
                "all groups take equally long",
                "later months are slower",
            ),
            column("q_value", "p_value", "False discovery rate over the steps.", q_values),
        )
    )


def _curves(stages: Sequence[Stage]) -> Table:
    """The curves of the steps that most claims took, each beginning with none over."""
    timed = [stage for stage in stages if stage.row["n_done"]]
    largest = sorted(timed, key=lambda stage: -stage.n_timed)[:MOST_CURVES]
    drawn = [stage for stage in timed if stage in largest]

    def joined(first: Any, pick: Any) -> list[Any]:
        return [value for stage in drawn for value in (first(stage), *pick(stage))]

    zero: Any = lambda _: 0.0  # noqa: E731  # the value at the beginning, several times below
    labels = joined(lambda s: s.label, lambda s: [s.label] * len(s.curve.times))
    columns = [
        column("stage", "text", "The step and its group.", labels),
        column("days", "days", "Days since it began.", joined(zero, lambda s: s.curve.times)),
        column(
            "at_risk", "count", "Steps not over just before that time.",
            joined(lambda s: s.n_timed, lambda s: s.curve.at_risk),
        ),
    ]  # fmt: skip
    for name, meaning, left in (
        ("over", "Share over by that time.", "survival"),
        ("lower", "Lower limit of over.", "upper"),
        ("upper", "Upper limit of over.", "lower"),
    ):
        shares = joined(zero, lambda s, left=left: 1 - getattr(s.curve, left))
        columns.append(column(name, "share", meaning, shares))
    return Table(tuple(columns))


def _headline(stages: Sequence[Stage], days: Days, level: float) -> str:
    """The medians of the group with most claims, from filing to decision first."""
    decided = [stage for stage in stages if stage.row["step"] == "filing_to_decision"]
    main = max(decided, key=lambda stage: stage.n_timed, default=None)
    if main is None or not main.n_timed:
        return "0 steps of claims have usable dates."
    group = main.row["group_value"]
    who = "claims" if group == "all claims" else f"{SIDES.get(group, group)} claims"
    others = [
        stage
        for stage in stages
        if stage.row["group_value"] == group and stage is not main and stage.n_timed >= SMALL_BELOW
    ]
    beside = "".join(
        f"; {STEPS[stage.row['step']]} {_shown(stage.quartiles['median'].value)}"
        for stage in others
    )
    return f"{_main_headline(main, who, days, level)}{beside}."


def _main_headline(stage: Stage, who: str, days: Days, level: float) -> str:
    row, found = stage.row, stage.quartiles["median"]
    if stage.n_timed < SMALL_BELOW or np.isnan(found.value):
        why = "too few for a median" if stage.n_timed < SMALL_BELOW else "the median is not reached"
        return (
            f"{row['n_done']} of {stage.n_timed} {who} had a first decision, {why} "
            f"({row['n_open']} open)"
        )
    return (
        f"{_shown(found.value)} {UNITS[days]} from filing to the first decision for half of the "
        f"{stage.n_timed} {who} ({100 * level:g} % interval {_shown(found.lower)} to "
        f"{_shown(found.upper)}; {row['n_open']} open)"
    )


def _key_numbers(stages: Sequence[Stage], days: Days) -> Iterator[KeyNumber]:
    """How long money takes once it is granted, in the group that waited most often."""
    paid = [stage for stage in stages if stage.row["step"] == "decision_to_money"]
    main = max(paid, key=lambda stage: stage.n_timed, default=None)
    if main is None or main.n_timed < SMALL_BELOW:
        return
    found, group = main.quartiles["median"], main.row["group_value"]
    yield key_number(
        f"{UNITS[days]} from decision to money, {SIDES.get(group, group)} claims",
        "days",
        found,
        f"{main.row['n_done']:,} posted, {main.row['n_open']:,} waiting",
        NOT_REACHED,
    )


def _shown(value: float) -> str:
    return show_value(value, "days", NOT_REACHED)


def _chart(curves: Table, days: Days) -> dict[str, Any]:
    return step_curves(
        curves,
        group="stage",
        time="days",
        estimate="over",
        lower="lower",
        upper="upper",
        at_risk="at_risk",
        x_title=f"{UNITS[days].capitalize()} since the step began",
        y_title="Share of steps over",
    )


def _caveats(rows: Sequence[Mapping[str, Any]], tests: Mapping[str, Difference]) -> Iterator[str]:
    for step, title in STEPS.items():
        own = [row for row in rows if row["step"] == step]
        for name, why in EXCLUDED.items():
            if n := sum(row[name] for row in own):
                yield f"{title.capitalize()}: {n:,} excluded: {why}."
        if n := sum(row["n_stopped"] for row in own):
            yield f"{title.capitalize()}: {quantity(n, 'step was')} made void by a decision."
        if step in tests and (n := tests[step].n_groups) > MOST_TESTED:
            yield f"{title.capitalize()}: the {n} groups are more than {MOST_TESTED}: not tested."
    drawn = sum(row["n_done"] > 0 for row in rows)
    if drawn > MOST_CURVES:
        yield f"The curves are those of the {MOST_CURVES} steps that most claims took, of {drawn}."
