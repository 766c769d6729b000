"""What the usual definitions of a win rate make of the same claims, beside the one at equal age."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claimstats.analyses._by_age import share_by_age
from claimstats.analyses._columns import column, interval_columns, plain
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
from claimstats.finding import Column, Finding, Method, Table, quantity, show_value
from claimstats.stats.proportions import wilson
from claimstats.stats.survival import Estimate, cumulative_incidence

Rows = Sequence[Mapping[str, Any]]

SMALL_BELOW = 10
"""Claims in a denominator below which a rate is grey: at nine its interval is 55 points wide."""

HIDES = {
    "closed_only": (
        "Hides the open claims: where losses come faster than wins, or wins faster, a recent month "
        "looks worse or better than it will be."
    ),
    "all": (
        "Hides that open claims are undecided: each counts as not won, so every recent month looks "
        "worse than it will be."
    ),
    "without_lost_fraud": (
        "Hides losses: claims lost for fraud leave the denominator while those won stay, so it can "
        "only be higher than closed_only."
    ),
    "equal_age": (
        "Hides what is won later than that age, and says nothing of groups that are younger."
    ),
}

METHOD = Method(
    definition=(
        "closed_only: won / (won + lost). all: won / every claim, open and undecided ones too. "
        "without_lost_fraud: won / (won + lost - lost for a reason that says fraud), given where "
        "such reasons occur. equal_age: the share of all claims won by a given age, with losing "
        "and withdrawal as competing ends. Won is from the seller's side: approved for the "
        "seller's own claims, not approved for the buyers'."
    ),
    denominator=(
        "numerator and denominator stand beside each rate, claims by filing. equal_age is no "
        "quotient of the two while claims are open: its numerator is the claims won by that age, "
        "its denominator all claims with usable dates."
    ),
    exclusions=(
        "Claims whose outcome no source tells and claims known only from a list of approvals are "
        "in no rate; equal_age also leaves out claims without usable dates."
    ),
    interval=(
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
        question="What do other definitions of the win rate make of these claims?",
        headline=_headline(rows, ages, age_days, level),
        summary=table,
        chart=_chart(by, table),
        sql=sql,
        method=METHOD,
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
    counted = {
        "n_open": "Claims of the group still open at the cut-off.",
        "n_ended": "Claims of the group withdrawn or settled before a decision.",
        "n_excluded": "Claims of the group in no rate: outcome unknown, or approvals only.",
    }
    columns = [
        column("direction", "text", "Who claims.", (rate.row["direction"] for rate in rates)),
        column("definition", "text", "How the rate is defined.", (r.definition for r in rates)),
        column(
            "numerator",
            "count",
            "Claims the seller won; equal_age: by that age.",
            (r.numerator for r in rates),
        ),
        column(
            "denominator",
            "count",
            "Out of these; equal_age is no quotient.",
            (r.denominator for r in rates),
        ),
        *interval_columns(
            ("rate", "lower", "upper"),
            "share",
            f"share won, seller's side; equal_age: by day {age_days}.",
            (rate.share for rate in rates),
        ),
    ]
    columns += [column(n, "count", t, (rate.row[n] for rate in rates)) for n, t in counted.items()]
    hides = (HIDES[rate.definition] for rate in rates)
    small = (rate.denominator < SMALL_BELOW for rate in rates)
    columns += [
        column("hides", "text", "What the definition hides.", hides),
        column("is_small", "flag", f"fewer than {SMALL_BELOW} claims", small),
    ]
    name = group_name(by, (c.name for c in columns if by != "direction" or c.name != "direction"))
    group = column(name, "text", f"The claims' {by}.", (rate.row["group_value"] for rate in rates))
    return Table((group, *(c for c in columns if c.name != name)))


def _headline(rows: Rows, ages: Mapping[tuple[Any, ...], Rows], age_days: int, level: float) -> str:
    """The plain rates of each direction and the one at equal age: how far definitions part."""
    parts = []
    for direction in SIDES:
        mine = [row for row in rows if row["direction"] == direction]
        aged = [age for key, own in ages.items() if key[1] == direction for age in own]
        if mine:
            parts.append(_direction_headline(mine, aged, age_days, level))
    return ("; ".join(parts) or "0 claims are in the book") + "."


def _direction_headline(rows: Rows, ages: Rows, age_days: int, level: float) -> str:
    names = ("n_won", "n_closed", "n_all", "n_open")
    total = {name: sum(row[name] for row in rows) for name in names}
    won, closed, everything = total["n_won"], total["n_closed"], total["n_all"]
    who = f"{SIDES[rows[0]['direction']]} claims"
    if closed < SMALL_BELOW:
        return (
            f"{won} of {closed} closed {who} were won by the seller, too few for a rate "
            f"({total['n_open']} open)"
        )
    oldest = [row["oldest_hours"] for row in rows if row["oldest_hours"] is not None]
    whole = {**total, "oldest_hours": max(oldest, default=None)}
    of_closed, of_all = (_quotient(whole, "", n, level).share for n in (closed, everything))
    at_age = _at_equal_age(whole, ages, age_days, level).share
    ours = f"; at equal age {_shown(at_age)} by day {age_days}" if at_age.value >= 0 else ""
    return (
        f"{_shown(of_closed, 100 * level)} of {closed} closed {who} were won by the seller, "
        f"{_shown(of_all)} of all {everything} with {total['n_open']} still open{ours}"
    )


def _shown(share: Estimate, percent: float | None = None) -> str:
    """A share with its limits, which the first of a sentence names."""
    value, lower, upper = (
        show_value(plain(end), "share") for end in (share.value, share.lower, share.upper)
    )
    named = "" if percent is None else f"{percent:g} % interval "
    return f"{value} ({named}{lower} to {upper})"


def _chart(by: str, table: Table) -> dict[str, Any]:
    group = table.columns[0]
    labels = tuple(
        " · ".join(_label(by, group.name, row)) for row in table.rows()
    )  # fmt: skip
    return interval_plot(
        Column("definition", "text", "The definition.", labels),
        table.column("rate"),
        table.column("lower"),
        table.column("upper"),
        size=table.column("denominator"),
        muted=table.column("is_small"),
        x_title="Share won by the seller, by definition",
    )


def _label(by: str, group: str, row: Mapping[str, Any]) -> Iterator[str]:
    yield row["definition"].replace("_", " ")
    if by not in ("claim", "direction"):
        yield str(row[group])
    yield SIDES[row["direction"]]


def _caveats(rows: Rows, rates: Sequence[Rate], age_days: int) -> Iterator[str]:
    if n := sum(row["n_open"] for row in rows):
        yield f"{quantity(n, 'claim is')} open: in no closed-only rate, and not won in that of all."
    if n := sum(row["n_lost_to_fraud"] for row in rows):
        yield f"{quantity(n, 'claim was')} lost for fraud: left out of without_lost_fraud alone."
    if rows and not any(row["n_fraud"] for row in rows):
        yield "0 claims have a reason that says fraud: without_lost_fraud is not given."
    if n := sum(row["n_excluded"] for row in rows):
        yield f"{quantity(n, 'claim is')} excluded: without a known outcome, or approvals only."
    by_age = [rate for rate in rates if rate.definition == "equal_age"]
    if n := sum(math.isnan(rate.share.value) for rate in by_age):
        why = f"too few claims followed to day {age_days}"
        yield f"{quantity(n, 'group has')} {why}: no equal-age rate."
