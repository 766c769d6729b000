"""How long each step of a claim takes, with steps that are not over counted as such."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

import numpy as np

from claimstats.analyses._business_days import BY_MARKETPLACE, business_days
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
    difference_columns,
    difference_in_time,
)
from claimstats.analyses._group_words import claims_of, n_claims_of, whose
from claimstats.analyses._grouping import (
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
from claimstats.finding import Column, Finding, KeyNumber, Method, Table, show_value
from claimstats.language import later, say, say_n, sentence
from claimstats.stats.multiplicity import benjamini_hochberg
from claimstats.stats.survival import Quantile, SurvivalCurve, kaplan_meier, quantile

Days = Literal["calendar", "business"]

UNTIL = {
    ("calendar", "median"): later("days until half of the steps were over."),
    ("calendar", "q25"): later("days until a quarter of the steps were over."),
    ("calendar", "q75"): later("days until three quarters of the steps were over."),
    ("business", "median"): later("business days until half of the steps were over."),
    ("business", "q25"): later("business days until a quarter of the steps were over."),
    ("business", "q75"): later("business days until three quarters of the steps were over."),
}
MEDIAN = {
    "calendar": later(
        "{days} days from filing to the first decision for half of the {claims} ({level} % "
        "interval {lower} to {upper}; {open} open)"
    ),
    "business": later(
        "{days} business days from filing to the first decision for half of the {claims} "
        "({level} % interval {lower} to {upper}; {open} open)"
    ),
}
TO_MONEY = {
    "calendar": later("days from decision to money, {claims}"),
    "business": later("business days from decision to money, {claims}"),
}
SINCE_BEGUN = {
    "calendar": later("Days since the step began"),
    "business": later("Business days since the step began"),
}

STEPS = {
    "contact_to_filing": later("contacted to filed"),
    "filing_to_decision": later("filed to first decision"),
    "request_to_answer": later("information requested to answered"),
    "decision_to_money": later("decision to money posted"),
    "appeal_to_decision": later("appealed to appeal decided"),
}
ON_CHART = {
    "contact_to_filing": later("contact to filing, {group}"),
    "filing_to_decision": later("filing to decision, {group}"),
    "request_to_answer": later("request to answer, {group}"),
    "decision_to_money": later("decision to money, {group}"),
    "appeal_to_decision": later("appeal to decision, {group}"),
}
"""The steps in so few letters that the group beside them can be read."""

QUARTILES = {"median": 0.5, "q25": 0.25, "q75": 0.75}
NOT_REACHED = later("not reached")

SMALL_BELOW = 10
"""Timed steps below which the headline gives no median."""

COUNTED = {
    "n_steps": later("Steps begun by the cut-off."),
    "n_done": later("Of these, over by the cut-off."),
    "n_open": later("Of these, open at the cut-off: counted as not over yet."),
    "n_stopped": later("Of these, made void by a decision: counted as not over until then."),
    "n_excluded": later("Of these, without a usable duration, by reason at the end."),
}
EXCLUDED = {
    "n_undated": later("the day on which it began or was over is not known"),
    "n_negative": later("over before it began, which one of the dates denies"),
    "n_interval": later("decided at a time known only as an interval"),
    "n_unknown": later("its outcome is not known"),
    "n_untold": later("no source of the program ever tells of its end"),
}

METHOD = Method(
    definition=later(
        "The time of each step: from the first contact with the other side to filing; from filing "
        "to the first decision, or to withdrawal or settlement; from a request for information to "
        "its answer; from the decision that granted money to the first posting of it; from an "
        "appeal to its decision. The median is the time by which half of the steps were over."
    ),
    denominator=later(
        "All steps begun by the cut-off, each request for information being one. Steps still open "
        "count until the cut-off; a request unanswered when its claim was decided counts until "
        "then, and so does a grant that an appeal took back unpaid (stopped). A claim contacted "
        "and pending without a filing date is not filed yet, unless anything tells that it was. "
        "Business days are the country's working days after the first day, up to and with the "
        "last; days are UTC's."
    ),
    exclusions=later(
        "Counted as excluded: steps without a known first or last day, over before they began, "
        "decided at a time known only as an interval, or of unknown outcome; and steps whose end "
        "no source of the program ever tells, since then silence says nothing. Grants in goods "
        "wait for no money."
    ),
    interval=later(
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

    by: str
    row: Mapping[str, Any]
    curve: SurvivalCurve
    quartiles: Mapping[str, Quantile]

    @property
    def name(self) -> str:
        """What the curves' table calls it, in every language."""
        return ON_CHART[self.row["step"]].format(group=self.row["group_value"])

    @property
    def title(self) -> str:
        """What a reader of the chart sees."""
        return say(ON_CHART[self.row["step"]], group=whose(self.by, self.row["group_value"]))

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
    stages = [
        _estimate(by, row, times.get((row["step"], row["group_value"]), []), level) for row in rows
    ]
    curves = _curves(stages)
    cutoff = as_of or book.as_of
    return Finding(
        name="stage_times",
        question=say("How long does each step take?"),
        headline=_headline(stages, days, level),
        summary=_table(by, stages, days),
        chart=_chart(curves, days),
        sql=sql,
        method=METHOD.said(),
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


def _estimate(
    by: str, row: Mapping[str, Any], times: Sequence[Mapping[str, Any]], level: float
) -> Stage:
    curve = kaplan_meier(
        [time["days"] for time in times],
        [time["state"] == "done" for time in times],
        [time["n_steps"] for time in times],
        level,
    )
    quartiles = {name: quantile(curve, share) for name, share in QUARTILES.items()}
    return Stage(by, row, curve, quartiles)


def _table(by: str, stages: Sequence[Stage], days: Days) -> Table:
    columns = [
        column(name, "count", say(text), (stage.row[name] for stage in stages))
        for name, text in COUNTED.items()
    ]
    for name in QUARTILES:
        limits = ("lower", "upper") if name == "median" else (f"{name}_lower", f"{name}_upper")
        columns += interval_columns(
            (f"{name}_days", *limits),
            "days",
            say(UNTIL[days, name]),
            [stage.quartiles[name] for stage in stages],
            say(NOT_REACHED),
        )
    for name, why in EXCLUDED.items():
        values = (stage.row[name] for stage in stages)
        columns.append(column(name, "count", say("Excluded: {why}.", why=say(why)), values))
    step = _step_column(stage.row["step"] for stage in stages)
    name = group_name(by, (c.name for c in (step, *columns)))
    groups = (stage.row["group_value"] for stage in stages)
    return Table((step, group_column(name, by, groups), *columns))


def _step_column(steps: Iterable[str]) -> Column:
    """The steps, called by their English words."""
    shown = {words: say(words) for words in STEPS.values()}
    return column("step", "text", say("The step."), (STEPS[s] for s in steps), titles=shown)


def _tests(tests: Mapping[str, Difference]) -> Table:
    """Whether the groups of each step differ; steps of one group are left out."""
    compared = {step: tests[step] for step in STEPS if step in tests and tests[step].n_groups > 1}
    q_values = benjamini_hochberg([found.p_value for found in compared.values()])
    return Table(
        (
            _step_column(compared),
            *difference_columns(
                list(compared.values()),
                "groups",
                say("all groups take equally long"),
                say("later months are slower"),
            ),
            column("q_value", "p_value", say("False discovery rate over the steps."), q_values),
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
    names = joined(lambda s: s.name, lambda s: [s.name] * len(s.curve.times))
    over, upper, lower = (
        joined(zero, lambda s, left=left: 1 - getattr(s.curve, left))
        for left in ("survival", "lower", "upper")
    )
    columns = (
        column(
            "stage", "text", say("The step and its group."), names,
            titles={stage.name: stage.title for stage in drawn},
        ),
        column("days", "days", say("Days since it began."), joined(zero, lambda s: s.curve.times)),
        column(
            "at_risk", "count", say("Steps not over just before that time."),
            joined(lambda s: s.n_timed, lambda s: s.curve.at_risk),
        ),
        *limit_columns(
            ("over", "lower", "upper"), "share", say("Share over by that time."),
            over, lower, upper,
        ),
    )  # fmt: skip
    return Table(columns)


def _headline(stages: Sequence[Stage], days: Days, level: float) -> str:
    """The medians of the group with most claims, from filing to decision first."""
    decided = [stage for stage in stages if stage.row["step"] == "filing_to_decision"]
    main = max(decided, key=lambda stage: stage.n_timed, default=None)
    if main is None or not main.n_timed:
        return say("0 steps of claims have usable dates.")
    group = main.row["group_value"]
    others = (
        stage
        for stage in stages
        if stage.row["group_value"] == group and stage is not main and stage.n_timed >= SMALL_BELOW
    )
    beside = (
        say(
            "{step} {days}",
            step=say(STEPS[stage.row["step"]]),
            days=_shown(stage.quartiles["median"].value),
        )
        for stage in others
    )
    return sentence([_main_headline(main, days, level), *beside])


def _main_headline(stage: Stage, days: Days, level: float) -> str:
    row, found, n_open = stage.row, stage.quartiles["median"], stage.row["n_open"]
    claims = n_claims_of(stage.by, row["group_value"], stage.n_timed)
    if stage.n_timed < SMALL_BELOW:
        return say(
            "{done} of {claims} had a first decision, too few for a median ({open} open)",
            done=row["n_done"], claims=claims, open=n_open,
        )  # fmt: skip
    if np.isnan(found.value):
        return say(
            "{done} of {claims} had a first decision, the median is not reached ({open} open)",
            done=row["n_done"], claims=claims, open=n_open,
        )  # fmt: skip
    return say(
        MEDIAN[days],
        days=_shown(found.value), claims=claims, level=100 * level,
        lower=_shown(found.lower), upper=_shown(found.upper), open=n_open,
    )  # fmt: skip


def _key_numbers(stages: Sequence[Stage], days: Days) -> Iterator[KeyNumber]:
    """How long money takes once it is granted, in the group that waited most often."""
    paid = [stage for stage in stages if stage.row["step"] == "decision_to_money"]
    main = max(paid, key=lambda stage: stage.n_timed, default=None)
    if main is None or main.n_timed < SMALL_BELOW:
        return
    yield key_number(
        say(TO_MONEY[days], claims=claims_of(main.by, main.row["group_value"])),
        "days",
        main.quartiles["median"],
        say("{posted} posted, {open} waiting", posted=main.row["n_done"], open=main.row["n_open"]),
        say(NOT_REACHED),
    )


def _shown(value: float) -> str:
    return show_value(value, "days", say(NOT_REACHED))


def _chart(curves: Table, days: Days) -> dict[str, Any]:
    return step_curves(
        curves,
        group="stage",
        time="days",
        estimate="over",
        lower="lower",
        upper="upper",
        at_risk="at_risk",
        x_title=say(SINCE_BEGUN[days]),
        y_title=say("Share of steps over"),
    )


def _caveats(rows: Sequence[Mapping[str, Any]], tests: Mapping[str, Difference]) -> Iterator[str]:
    for step, words in STEPS.items():
        title = say(words)
        title = title[:1].upper() + title[1:]
        own = [row for row in rows if row["step"] == step]
        for name, why in EXCLUDED.items():
            if n := sum(row[name] for row in own):
                yield say("{step}: {n} excluded: {why}.", step=title, n=n, why=say(why))
        if n := sum(row["n_stopped"] for row in own):
            yield say_n(
                "{step}: {n} step was made void by a decision.",
                "{step}: {n} steps were made void by a decision.",
                n,
                step=title,
            )
        if step in tests and (n := tests[step].n_groups) > MOST_TESTED:
            yield say(
                "{step}: the {n} groups are more than {most}: not tested.",
                step=title,
                n=n,
                most=MOST_TESTED,
            )
    drawn = sum(row["n_done"] > 0 for row in rows)
    if drawn > MOST_CURVES:
        yield say(
            "The curves are those of the {most} steps that most claims took, of {n}.",
            most=MOST_CURVES,
            n=drawn,
        )
