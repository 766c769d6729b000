"""What the usual definitions of a win rate make of the same claims, beside the one at equal age."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claimstats.analyses._by_age import share_by_age
from claimstats.analyses._columns import (
    column,
    direction_column,
    group_column,
    interval_columns,
    plain,
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
)
from claimstats.book import Book
from claimstats.charts import interval_plot
from claimstats.finding import Column, Finding, Method, Table, show_value
from claimstats.language import later, say, say_n, sentence
from claimstats.stats.proportions import wilson
from claimstats.stats.survival import Estimate, cumulative_incidence

Rows = Sequence[Mapping[str, Any]]

SMALL_BELOW = 10
"""Claims in a denominator below which a rate is grey: at nine its interval is 55 points wide."""

DEFINITIONS = {
    "closed_only": later("closed only"),
    "all": later("all"),
    "without_lost_fraud": later("without lost fraud"),
    "equal_age": later("equal age"),
}
"""What a reader calls the definitions."""

COUNTED = {
    "n_open": later("Claims of the group still open at the cut-off."),
    "n_ended": later("Claims of the group withdrawn or settled before a decision."),
    "n_excluded": later("Claims of the group in no rate: outcome unknown, or approvals only."),
}

HIDES = {
    "closed_only": later(
        "Hides the open claims: where losses come faster than wins, or wins faster, a recent month "
        "looks worse or better than it will be."
    ),
    "all": later(
        "Hides that open claims are undecided: each counts as not won, so every recent month looks "
        "worse than it will be."
    ),
    "without_lost_fraud": later(
        "Hides losses: claims lost for fraud leave the denominator while those won stay, so it can "
        "only be higher than the closed-only rate."
    ),
    "equal_age": later(
        "Hides what is won later than that age, and says nothing of groups that are younger."
    ),
}

METHOD = Method(
    definition=later(
        "closed_only: won / (won + lost). all: won / every claim, open and undecided ones too. "
        "without_lost_fraud: won / (won + lost - lost for a reason that says fraud), given where "
        "such reasons occur. equal_age: the share of all claims won by a given age, with losing "
        "and withdrawal as competing ends. Won is from the seller's side: approved for the "
        "seller's own claims, not approved for the buyers'."
    ),
    denominator=later(
        "numerator and denominator stand beside each rate, claims by filing. equal_age is no "
        "quotient of the two while claims are open: its numerator is the claims won by that age, "
        "its denominator all claims with usable dates."
    ),
    exclusions=later(
        "Claims whose outcome no source tells and claims known only from a list of approvals are "
        "in no rate; equal_age also leaves out claims without usable dates."
    ),
    interval=later(
        "Wilson's score interval, which tells chance only: it does not hold what a definition "
        "hides. For equal_age the Aalen-Johansen estimator with limits on the complementary "
        "log-log scale; no number where no claim has reached the age."
    ),
    literature=(
        "Wilson EB (1927), J Am Stat Assoc 22:209-212, "
        "https://doi.org/10.1080/01621459.1927.10502953",
        "Aalen OO, Johansen S (1978), Scand J Stat 5:141-150, https://www.jstor.org/stable/4615704",
    ),
)


@dataclass(frozen=True)
class Rate:
    """One definition's rate in one group and direction."""

    row: Mapping[str, Any]
    definition: str
    numerator: int
    denominator: int
    share: Estimate


def rate_definitions(
    book: Book,
    by: str = "claim",
    *,
    as_of: datetime | None = None,
    age_days: int = 90,
    decision: Decision = "first",
    level: float = 0.95,
) -> Finding:
    """Put the usual definitions of a win rate side by side, on the same claims.

    Answers: why does another tool show another rate, and which one can be trusted?

    Parameters
    ----------
    book
        An open book.
    by
        The property to split by: ``claim`` (all together), ``month`` of filing, or another one as
        for :func:`approval_rate`.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    age_days
        The age of the equal-age rate.
    decision
        ``first`` decisions, or ``final`` ones with appeals counted.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per group, direction and ``definition`` (closed_only, all, without_lost_fraud,
        equal_age): the group, ``direction``, ``numerator``, ``denominator``, ``rate``, ``lower``,
        ``upper`` (0 to 1, seller's side); counts of the group: ``n_open``, ``n_ended``,
        ``n_excluded``; ``hides``, a sentence; ``is_small``.

    Raises
    ------
    ParameterError
        The property or the decision is not there.

    Notes
    -----
    The rates of one group are not independent: their intervals may not be compared with each
    other. A rate that a vendor shows can be compared with yours only under the same definition.
    The two directions are never pooled.

    References
    ----------
    Wilson EB (1927), https://doi.org/10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.rate_definitions(book)
    >>> finding.summary.where("direction", "seller_claims")["definition"]
    ('closed_only', 'all', 'equal_age')
    """
    check_grouping(book, "rate_definitions", by, decision)
    check_days("rate_definitions", "age_days", age_days)
    check_level("rate_definitions", level)
    as_of = check_cutoff("rate_definitions", as_of)
    asked = {"by_column": by, "cutoff": as_of, "decision": decision}
    sql = call("rate_definitions", **asked)
    rows = in_order(by, book.rows(sql))
    ages = grouped(book.rows(call("claim_ages", **asked)), "group_value", "direction")
    rates = [
        rate
        for row in rows
        for rate in _rates(
            row, ages.get((row["group_value"], row["direction"]), []), age_days, level
        )
    ]
    table = _table(by, rates, age_days)
    cutoff = as_of or book.as_of
    return Finding(
        name="rate_definitions",
        question=say("What do other definitions of the win rate make of these claims?"),
        headline=_headline(rows, ages, age_days, level),
        summary=table,
        chart=_chart(by, table),
        sql=sql,
        method=METHOD.said(),
        caveats=(*_caveats(rows, rates, age_days), *source_caveats(book, cutoff)),
        parameters={"by": by, "age_days": age_days, "decision": decision, "level": level},
        as_of=cutoff,
    )


def _rates(row: Mapping[str, Any], ages: Rows, age_days: int, level: float) -> Iterator[Rate]:
    yield _quotient(row, "closed_only", row["n_closed"], level)
    yield _quotient(row, "all", row["n_all"], level)
    if row["n_fraud"]:
        denominator = row["n_closed"] - row["n_lost_to_fraud"]
        yield _quotient(row, "without_lost_fraud", denominator, level)
    yield _at_equal_age(row, ages, age_days, level)


def _quotient(row: Mapping[str, Any], definition: str, n: int, level: float) -> Rate:
    won = row["n_won"]
    limits = wilson(won, n, level)
    share = Estimate(won / n if n else math.nan, float(limits.lower), float(limits.upper), n)
    return Rate(row, definition, won, n, share)


def _at_equal_age(row: Mapping[str, Any], ages: Rows, age_days: int, level: float) -> Rate:
    counts = [age["n_claims"] for age in ages]
    hours = [age["exit_hours"] for age in ages]
    ends = [_end(age) for age in ages]
    curve = cumulative_incidence(hours, ends, counts, cause=1, level=level)
    won = sum(
        n
        for n, at, end in zip(counts, hours, ends, strict=True)
        if end == 1 and at <= 24 * age_days
    )
    share = share_by_age(curve, 24 * age_days, row["oldest_hours"])
    return Rate(row, "equal_age", won, sum(counts), share)


def _end(age: Mapping[str, Any]) -> int:
    """0 while open, 1 where the seller won, 2 where the claim ended otherwise."""
    if age["event"] in ("open", "ended"):
        return 0 if age["event"] == "open" else 2
    return 1 if (age["event"] == "approved") == (age["direction"] == "seller_claims") else 2


def _table(by: str, rates: Sequence[Rate], age_days: int) -> Table:
    columns = [
        direction_column(rate.row["direction"] for rate in rates),
        column(
            "definition",
            "text",
            say("How the rate is defined."),
            (rate.definition for rate in rates),
            titles={name: say(text) for name, text in DEFINITIONS.items()},
        ),
        column(
            "numerator",
            "count",
            say("Claims the seller won; equal_age: by that age."),
            (rate.numerator for rate in rates),
        ),
        column(
            "denominator",
            "count",
            say("Out of these; equal_age is no quotient."),
            (rate.denominator for rate in rates),
        ),
        *interval_columns(
            ("rate", "lower", "upper"),
            "share",
            say("Share won, seller's side; equal_age: by day {day}.", day=age_days),
            (rate.share for rate in rates),
        ),
    ]
    columns += [
        column(n, "count", say(text), (rate.row[n] for rate in rates))
        for n, text in COUNTED.items()
    ]
    small = (rate.denominator < SMALL_BELOW for rate in rates)
    columns += [
        column(
            "hides",
            "text",
            say("What the definition hides."),
            (HIDES[rate.definition] for rate in rates),
            titles={text: say(text) for text in HIDES.values()},
        ),
        column("is_small", "flag", say("fewer than {n} claims", n=SMALL_BELOW), small),
    ]
    name = group_name(by, (c.name for c in columns if by != "direction" or c.name != "direction"))
    group = group_column(name, by, (rate.row["group_value"] for rate in rates))
    return Table((group, *(c for c in columns if c.name != name)))


def _headline(rows: Rows, ages: Mapping[tuple[Any, ...], Rows], age_days: int, level: float) -> str:
    """The plain rates of each direction and the one at equal age: how far definitions part."""
    clauses: list[str] = []
    for direction in SIDES:
        mine = [row for row in rows if row["direction"] == direction]
        aged = [age for key, own in ages.items() if key[1] == direction for age in own]
        if mine:
            clauses += _direction_headline(mine, aged, age_days, level)
    return sentence(clauses or [say("0 claims are in the book")])


def _direction_headline(rows: Rows, ages: Rows, age_days: int, level: float) -> Iterator[str]:
    names = ("n_won", "n_closed", "n_all", "n_open")
    total = {name: sum(row[name] for row in rows) for name in names}
    won, closed, everything = total["n_won"], total["n_closed"], total["n_all"]
    side = say(SIDES[rows[0]["direction"]])
    if closed < SMALL_BELOW:
        yield say(
            "{won} of {closed} closed {side} claims were won by the seller, too few for a rate "
            "({open} open)",
            won=won, closed=closed, side=side, open=total["n_open"],
        )  # fmt: skip
        return
    oldest = [row["oldest_hours"] for row in rows if row["oldest_hours"] is not None]
    whole = {**total, "oldest_hours": max(oldest, default=None)}
    of_closed, of_all = (_quotient(whole, "", n, level).share for n in (closed, everything))
    at_age = _at_equal_age(whole, ages, age_days, level).share
    yield say(
        "{share} ({level} % interval {lower} to {upper}) of {closed} closed {side} claims were won "
        "by the seller, {of_all} of all {everything} with {open} still open",
        **_shown(of_closed), level=100 * level, closed=closed, side=side,
        of_all=_with_limits(of_all), everything=everything, open=total["n_open"],
    )  # fmt: skip
    if at_age.value >= 0:
        yield say("at equal age {share} by day {day}", share=_with_limits(at_age), day=age_days)


def _with_limits(share: Estimate) -> str:
    return say("{share} ({lower} to {upper})", **_shown(share))


def _shown(share: Estimate) -> dict[str, str]:
    return {
        "share": show_value(plain(share.value), "share"),
        "lower": show_value(plain(share.lower), "share"),
        "upper": show_value(plain(share.upper), "share"),
    }


def _chart(by: str, table: Table) -> dict[str, Any]:
    definitions = table.column("definition").shown()
    rows = zip(definitions, table.columns[0].shown(), table["direction"], strict=True)
    labels = tuple(" · ".join(_label(by, *row)) for row in rows)
    return interval_plot(
        Column("definition", "text", say("The definition."), labels),
        table.column("rate"),
        table.column("lower"),
        table.column("upper"),
        size=table.column("denominator"),
        muted=table.column("is_small"),
        x_title=say("Share won by the seller, by definition"),
    )


def _label(by: str, definition: str, group: str, direction: str) -> Iterator[str]:
    yield definition
    if by not in ("claim", "direction"):
        yield group
    yield say(SIDES[direction])


def _caveats(rows: Rows, rates: Sequence[Rate], age_days: int) -> Iterator[str]:
    if n := sum(row["n_open"] for row in rows):
        yield say_n(
            "{n} claim is open: in no closed-only rate, and not won in that of all.",
            "{n} claims are open: in no closed-only rate, and not won in that of all.",
            n,
        )
    if n := sum(row["n_lost_to_fraud"] for row in rows):
        yield say_n(
            "{n} claim was lost for fraud: left out of the rate without lost fraud alone.",
            "{n} claims were lost for fraud: left out of the rate without lost fraud alone.",
            n,
        )
    if rows and not any(row["n_fraud"] for row in rows):
        yield say(
            "0 claims have a reason that says fraud: the rate without lost fraud is not given."
        )
    if n := sum(row["n_excluded"] for row in rows):
        yield say_n(
            "{n} claim is excluded: without a known outcome, or approvals only.",
            "{n} claims are excluded: without a known outcome, or approvals only.",
            n,
        )
    by_age = [rate for rate in rates if rate.definition == "equal_age"]
    if n := sum(math.isnan(rate.share.value) for rate in by_age):
        yield say_n(
            "{n} group has too few claims followed to day {day}: no equal-age rate.",
            "{n} groups have too few claims followed to day {day}: no equal-age rate.",
            n,
            day=age_days,
        )
