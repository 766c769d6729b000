"""How often answers come in time: of those due, and of all with those waiting counted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from claimstats.analyses._by_age import share_by_age
from claimstats.analyses._columns import column, group_column, interval_columns, plain
from claimstats.analyses._grouping import (
    MOST_DAYS,
    SIDES,
    call,
    check_cutoff,
    check_grouping,
    check_level,
    check_positive,
    group_name,
    grouped,
    in_order,
    source_caveats,
)
from claimstats.book import Book
from claimstats.charts import interval_plot
from claimstats.errors import ParameterError
from claimstats.finding import Column, Finding, Method, Table, show_value
from claimstats.language import later, listed, say, say_n, sentence
from claimstats.stats.proportions import wilson
from claimstats.stats.survival import Estimate, cumulative_incidence
from claimstats.titles import title

SMALL_BELOW = 10
"""Steps that were due below which a share is grey, and left out of the headline."""

STEPS = {
    "request_to_answer": later("information requests answered"),
    "contact_to_answer": later("buyers' contacts answered"),
    "filing_to_decision": later("claims decided"),
}

ON_CHART = {
    "request_to_answer": later("requests"),
    "contact_to_answer": later("contacts"),
    "filing_to_decision": later("decisions"),
}
"""The same in so few letters that the group beside them can be read."""

SIDES_DECIDED, GROUP_DECIDED = "sides_decisions", "groups_decisions"
"""Decisions in the headline: of one side's claims, of those of another group."""

RATES = {
    "request_to_answer": later(
        "{share} of {due} information requests answered within {hours} hours ({level} % interval "
        "{lower} to {upper}; {open} of all {n} open)"
    ),
    "contact_to_answer": later(
        "{share} of {due} buyers' contacts answered within {hours} hours ({level} % interval "
        "{lower} to {upper}; {open} of all {n} open)"
    ),
    "filing_to_decision": later(
        "{share} of {due} claims decided or withdrawn within {hours} hours ({level} % interval "
        "{lower} to {upper}; {open} of all {n} open)"
    ),
    SIDES_DECIDED: later(
        "{share} of {due} {side} claims decided or withdrawn within {hours} hours ({level} % "
        "interval {lower} to {upper}; {open} of all {n} open)"
    ),
    GROUP_DECIDED: later(
        "{share} of {due} {group} claims decided or withdrawn within {hours} hours ({level} % "
        "interval {lower} to {upper}; {open} of all {n} open)"
    ),
}

TOO_FEW = {
    "request_to_answer": later(
        "{in_time} of {due} information requests answered within {hours} hours, too few for a rate"
    ),
    "contact_to_answer": later(
        "{in_time} of {due} buyers' contacts answered within {hours} hours, too few for a rate"
    ),
    "filing_to_decision": later(
        "{in_time} of {due} claims decided or withdrawn within {hours} hours, too few for a rate"
    ),
    SIDES_DECIDED: later(
        "{in_time} of {due} {side} claims decided or withdrawn within {hours} hours, too few for a "
        "rate"
    ),
    GROUP_DECIDED: later(
        "{in_time} of {due} {group} claims decided or withdrawn within {hours} hours, too few for "
        "a rate"
    ),
}

EXCLUDED = {
    "n_undated": later("the day on which it began or was over is not known"),
    "n_negative": later("over before it began, which one of the dates denies"),
    "n_interval": later("decided at a time known only as an interval"),
    "n_unknown": later("its outcome is not known"),
    "n_untold": later("no source of the program ever tells of an answer"),
}

METHOD = Method(
    definition=later(
        "in_time_rate is the share answered within the given hours. A request for information is "
        "answered by the first information provided after it; a buyer's first contact by the "
        "seller's first message, refund, replacement or refusal after it; a claim is decided by "
        "the first decision, or ended by withdrawal or settlement. Hours run day and night; where "
        "only days are known, whole days are compared."
    ),
    denominator=later(
        "For in_time_rate, what began at least so many hours before the cut-off: unanswered then "
        "is late. For curve_rate, everything begun by the cut-off; what is unanswered counts "
        "until the cut-off, or until the claim was decided."
    ),
    exclusions=later(
        "What was made void by a decision before the hours were over is in no in_time_rate. "
        "Excluded are steps without a usable duration, and steps of programs of which no source "
        "ever tells an answer: silence is no late answer."
    ),
    interval=later(
        "Wilson's score interval for in_time_rate; for curve_rate Kaplan and Meier's estimate with "
        "Greenwood's variance on the log-log scale. A group none of which is old enough has no "
        "number."
    ),
    literature=(
        "Wilson EB (1927), J Am Stat Assoc 22:209-212, "
        "https://doi.org/10.1080/01621459.1927.10502953",
        "Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481, "
        "https://doi.org/10.1080/01621459.1958.10501452",
    ),
)


@dataclass(frozen=True)
class Service:
    """One kind of answer in one group, with its shares in time."""

    row: Mapping[str, Any]
    rate: Estimate
    curve: Estimate


def service_level(
    book: Book,
    by: str = "direction",
    *,
    as_of: datetime | None = None,
    within_hours: int = 48,
    level: float = 0.95,
) -> Finding:
    """Count how often requests, contacts and claims are answered in time, by one property.

    Answers: how often do we answer in time, and how often are claims decided so fast?

    Parameters
    ----------
    book
        An open book.
    by
        The property to split by, as for :func:`approval_rate`; who claims, unless given.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    within_hours
        In time means within so many hours, whole ones.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per kind of answer and group: ``service``, the group, ``n_steps`` = ``n_done`` +
        ``n_open`` + ``n_stopped`` + ``n_excluded``, the latter by reason; ``n_due``, old enough to
        tell, and ``n_in_time`` of them; ``in_time_rate`` with ``lower`` and ``upper`` (0 to 1);
        ``n_not_due``, ``n_stopped_early``; ``curve_rate`` with ``curve_lower`` and
        ``curve_upper``, of all steps; ``within_hours``; ``is_small``.

    Raises
    ------
    ParameterError
        The property is not there, or the hours are no whole number above 0.

    Notes
    -----
    Answers given outside the recorded events, by telephone say, are late here or never. A venue's
    own measure may count otherwise: from another moment, or without weekends.

    References
    ----------
    Wilson EB (1927), https://doi.org/10.1080/01621459.1927.10502953.
    Kaplan EL, Meier P (1958), https://doi.org/10.1080/01621459.1958.10501452.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.service_level(book, by="claim")
    >>> finding.table.select("service", "n_steps", "n_excluded").row(0)
    ('information requests answered', 110, 0)
    """
    check_grouping(book, "service_level", by)
    if not 1 <= within_hours < math.inf or within_hours != int(within_hours):
        raise ParameterError(
            f"service_level: within_hours is {within_hours}; it must be a whole number above 0."
        )
    check_positive("service_level", "within_hours", within_hours, 24 * MOST_DAYS)
    check_level("service_level", level)
    as_of = check_cutoff("service_level", as_of)
    asked = {"by_column": by, "cutoff": as_of, "within_hours": int(within_hours)}
    sql = call("service_level", **asked)
    rows = sorted(in_order(by, book.rows(sql)), key=lambda row: list(STEPS).index(row["step"]))
    hours = grouped(book.rows(call("service_hours", **asked)), "step", "group_value")
    services = [
        _estimate(row, hours.get((row["step"], row["group_value"]), []), within_hours, level)
        for row in rows
    ]
    table = _table(by, services, within_hours)
    cutoff = as_of or book.as_of
    return Finding(
        name="service_level",
        question=say("How often are answers and decisions given in time?"),
        headline=_headline(by, services, within_hours, level),
        summary=table,
        chart=_chart(by, services, table, within_hours),
        sql=sql,
        method=METHOD.said(),
        caveats=(*_caveats(rows), *source_caveats(book, cutoff)),
        parameters={"by": by, "within_hours": within_hours, "level": level},
        as_of=cutoff,
        to_do=tuple(_to_do(services)),
    )


def _estimate(
    row: Mapping[str, Any], hours: Sequence[Mapping[str, Any]], within_hours: int, level: float
) -> Service:
    return Service(
        row,
        _rate(row["n_in_time"], row["n_due"], level),
        share_by_age(
            cumulative_incidence(
                [step["hours"] for step in hours],
                [int(step["state"] == "done") for step in hours],
                [step["n_steps"] for step in hours],
                level=level,
            ),
            within_hours,
            row["oldest_hours"],
        ),
    )


def _rate(n_in_time: int, n_due: int, level: float) -> Estimate:
    limits = wilson(n_in_time, n_due, level)
    share = n_in_time / n_due if n_due else np.nan
    return Estimate(share, float(limits.lower), float(limits.upper), n_due)


def _table(by: str, services: Sequence[Service], within_hours: int) -> Table:
    rows = [service.row for service in services]
    counted = {
        "n_steps": say("Begun by the cut-off."),
        "n_done": say("Of these, answered by the cut-off."),
        "n_open": say("Of these, unanswered at the cut-off."),
        "n_stopped": say("Of these, unanswered when the claim was decided."),
        "n_excluded": say("Of these, without a usable duration, by reason at the end."),
        "n_due": say(
            "Begun {hours} hours before the cut-off or earlier: the denominator.",
            hours=within_hours,
        ),
        "n_in_time": say("Of these, answered within {hours} hours.", hours=within_hours),
    }
    columns = [column(n, "count", text, (row[n] for row in rows)) for n, text in counted.items()]
    columns += interval_columns(
        ("in_time_rate", "lower", "upper"), "share",
        say("Share of those due answered within {hours} hours.", hours=within_hours),
        [service.rate for service in services],
    )  # fmt: skip
    columns += interval_columns(
        ("curve_rate", "curve_lower", "curve_upper"), "share",
        say(
            "Share of all answered within {hours} hours, those unanswered counted until then.",
            hours=within_hours,
        ),
        [service.curve for service in services],
    )  # fmt: skip
    rest = {
        "n_not_due": say(
            "Neither due nor excluded: begun less than {hours} hours before.", hours=within_hours
        ),
        "n_stopped_early": say("Made void by a decision before they were due."),
    } | {name: say("Excluded: {why}.", why=say(why)) for name, why in EXCLUDED.items()}
    columns += [column(n, "count", text, (row[n] for row in rows)) for n, text in rest.items()]
    hours = [within_hours] * len(rows)
    columns.append(column("within_hours", "count", say("Those hours."), hours))
    small = (row["n_due"] < SMALL_BELOW for row in rows)
    columns.append(column("is_small", "flag", say("fewer than {n} due", n=SMALL_BELOW), small))
    return _with_group(by, rows, columns)


def _with_group(by: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> Table:
    service = column(
        "service", "text", say("What is answered."), (STEPS[row["step"]] for row in rows),
        titles={text: say(text) for text in STEPS.values()},
    )  # fmt: skip
    name = group_name(by, (c.name for c in (service, *columns)))
    group = group_column(name, by, (row["group_value"] for row in rows))
    return Table((service, group, *columns))


def _headline(by: str, services: Sequence[Service], within_hours: int, level: float) -> str:
    """The share of answers in time over all groups, and of decisions in the largest group."""
    parts = []
    for step in STEPS:
        own = [s for s in services if s.row["step"] == step and s.row["n_due"]]
        if step == "filing_to_decision":
            own = sorted(own, key=lambda s: -int(s.row["n_due"]))[:1]
        if own:
            parts.append(_step_headline(by, step, own, within_hours, level))
    none = say("0 answers were due within {hours} hours", hours=within_hours)
    return sentence(parts or [none])


def _step_headline(
    by: str, step: str, own: Sequence[Service], within_hours: int, level: float
) -> str:
    due, in_time, n_open, n = (
        sum(s.row[name] for s in own) for name in ("n_due", "n_in_time", "n_open", "n_steps")
    )
    told: dict[str, object] = {"due": due, "hours": within_hours}
    if step == "filing_to_decision" and by != "claim":
        step = SIDES_DECIDED if by == "direction" else GROUP_DECIDED
        told["side" if by == "direction" else "group"] = _group(by, own[0])
    if due < SMALL_BELOW:
        return say(TOO_FEW[step], **told, in_time=in_time)
    found = _rate(in_time, due, level)
    value, lower, upper = (
        show_value(plain(end), "share") for end in (found.value, found.lower, found.upper)
    )
    return say(
        RATES[step],
        **told, share=value, level=100 * level, lower=lower, upper=upper, open=n_open, n=n,
    )  # fmt: skip


def _group(by: str, service: Service) -> str:
    """What a reader calls a service's group, in so few letters that the chart has room for it."""
    value = service.row["group_value"]
    return say(SIDES[value]) if by == "direction" else title(by, value)


def _to_do(services: Sequence[Service]) -> Iterator[str]:
    """Requests and contacts that nobody has answered yet, which the seller can end by answering."""
    n_open = Counter[str]()
    for service in services:
        n_open[service.row["step"]] += service.row["n_open"]
    if n := n_open["request_to_answer"]:
        yield say_n(
            "{n} information request waits for an answer.",
            "{n} information requests wait for an answer.",
            n,
        )
    if n := n_open["contact_to_answer"]:
        yield say_n(
            "{n} buyer's contact waits for an answer.",
            "{n} buyers' contacts wait for an answer.",
            n,
        )


def _chart(by: str, services: Sequence[Service], table: Table, within_hours: int) -> dict[str, Any]:
    labels = tuple(listed((say(ON_CHART[s.row["step"]]), _group(by, s))) for s in services)
    return interval_plot(
        Column("service", "text", say("What is answered, and the group."), labels),
        table.column("in_time_rate"),
        table.column("lower"),
        table.column("upper"),
        size=table.column("n_due"),
        beside=(
            table.column("curve_rate"), table.column("curve_lower"), table.column("curve_upper"),
        ),
        names=(say("of those due"), say("of all, waiting ones counted")),
        muted=table.column("is_small"),
        x_title=say("Share within {hours} hours", hours=within_hours),
    )  # fmt: skip


def _caveats(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for step, text in STEPS.items():
        own = [row for row in rows if row["step"] == step]
        service = say(text)
        service = service[:1].upper() + service[1:]
        for name, why in EXCLUDED.items():
            if n := sum(row[name] for row in own):
                yield say("{service}: {n} excluded: {why}.", service=service, n=n, why=say(why))
        if n := sum(row["n_stopped_early"] for row in own):
            yield say(
                "{service}: {n} made void by a decision before they were due.",
                service=service, n=n,
            )  # fmt: skip
        if small := sum(0 < row["n_due"] < SMALL_BELOW for row in own):
            yield say(
                "{service}: fewer than {few} due in {n}: drawn grey.",
                service=service, few=SMALL_BELOW, n=small,
            )  # fmt: skip
