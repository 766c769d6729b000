"""How many claims are approved: rates of decided claims beside what they come to at equal age."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

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
    group_names,
    grouped,
    nested,
    one_or_two,
    source_caveats,
    with_sides,
)
from claimstats.book import Book
from claimstats.charts import interval_plot
from claimstats.finding import Column, Finding, KeyNumber, Method, Table, quantity, show_value
from claimstats.stats.proportions import wilson
from claimstats.stats.survival import Estimate, cumulative_incidence

SMALL_BELOW = 10
"""Decided claims below which a rate is grey: at nine its interval is some 55 points wide."""

GROUPS = ("group_value", "and_value", "direction")
"""What the macros call the values of the one or two properties, and who claims."""

CAUSES = {"open": 0, "approved": 1, "denied": 2, "ended": 3}
EXCLUDED = {
    "n_ended": "withdrawn or settled before a decision",
    "n_outcome_unknown": "without a known outcome",
    "n_approvals_only": "known only from a list of approvals, which has no denials",
}

METHOD = Method(
    definition=(
        "rate is the share of decided claims that were approved, from the claimant's side: granted "
        "in full, in part, or in goods. seller_win_rate is the share that went the seller's way: "
        "approved for the seller's own claims, not approved for the buyers'. equal_age_rate is the "
        "share of all claims approved by a given age, with denial and withdrawal as competing ends."
    ),
    denominator=(
        "For the rates, claims with a decision by the cut-off (approved, denied, lapsed or "
        "reversed), placed by the month of filing where months are shown. For the equal-age "
        "estimate, all claims with a filing date; open claims count until the cut-off."
    ),
    exclusions=(
        "Claims withdrawn or settled before a decision, claims whose outcome no source tells, and "
        "claims known only from a list of approvals are counted as excluded. Open claims are in no "
        "rate of decided claims, but in the equal-age estimate."
    ),
    interval=(
        "Wilson's score interval for the rates; for the equal-age estimate the Aalen-Johansen "
        "estimator with limits on the complementary log-log scale. A group none of whose claims "
        "was filed that long before the cut-off has no equal-age number. Where its old claims had "
        "all ended earlier, what younger ones leave open widens the upper limit; above 5 % open "
        "there is no number either."
    ),
    literature=(
        "Wilson EB (1927), J Am Stat Assoc 22:209-212, "
        "https://doi.org/10.1080/01621459.1927.10502953",
        "Aalen OO, Johansen S (1978), Scand J Stat 5:141-150, https://www.jstor.org/stable/4615704",
    ),
)


def approval_rate(
    book: Book,
    by: str | Sequence[str] = "program",
    *,
    as_of: datetime | None = None,
    age_days: int = 90,
    decision: Decision = "first",
    level: float = 0.95,
) -> Finding:
    """Count how many claims are approved, by one property or two.

    Answers: how many claims are approved, and is a recent drop real or are claims undecided?

    Parameters
    ----------
    book
        An open book.
    by
        The property to split by: ``program``, ``reason``, ``marketplace``, ``fulfilment``,
        ``month`` (of filing), another column of `v_claims`, or a column of your own tracker; or two
        of them, such as ``("program", "reason")``.
    as_of
        The cut-off (UTC): claims filed later are left out, decisions made later count as open. The
        book's own, the time of its latest event, unless given.
    age_days
        The age at which groups are compared.
    decision
        ``first`` decisions, or ``final`` ones with appeals counted.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per group and direction: the group, in a column for each property, ``direction``,
        counts ``n_claims`` = ``n_decided`` + ``n_open`` + ``n_excluded``, ``n_approved``; ``rate``,
        ``lower``, ``upper`` (0 to 1, of decided claims, claimant's side); ``seller_win_rate``,
        ``seller_lower``, ``seller_upper``; ``equal_age_rate``, ``equal_age_lower``,
        ``equal_age_upper`` at ``age_days``; ``n_partial``; ``is_small``.

    Raises
    ------
    ParameterError
        The property or the decision is not there.

    Notes
    -----
    The rate of decided claims misleads for recent months where denials come faster than
    approvals: compare groups by the equal-age estimate. The two directions are never pooled.

    References
    ----------
    Wilson EB (1927), https://doi.org/10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.approval_rate(book, by="reason")
    >>> finding.table.select("n_claims", "n_decided", "n_open", "n_excluded").sum().row(0)
    (705, 592, 63, 50)
    """
    properties = one_or_two("approval_rate", by)
    for name in properties:
        check_grouping(book, "approval_rate", name, decision)
    check_days("approval_rate", "age_days", age_days)
    check_level("approval_rate", level)
    as_of = check_cutoff("approval_rate", as_of)
    asked: dict[str, Any] = {
        "by_column": properties[0], "cutoff": as_of, "decision": decision,
    }  # fmt: skip
    if len(properties) > 1:
        asked["and_column"] = properties[1]
    sql = call("approval_rate", **asked)
    rows = nested(properties, book.rows(sql))
    ages = book.rows(call("claim_ages", **asked))
    equal_age = _equal_age(rows, grouped(ages, *GROUPS), age_days, level)
    table = _table(properties, rows, equal_age, age_days, level)
    cutoff = as_of or book.as_of
    return Finding(
        name="approval_rate",
        question="How many claims are approved?",
        headline=_headline(rows, level),
        summary=table,
        chart=_chart(properties, table, age_days),
        sql=sql,
        method=METHOD,
        caveats=(*_caveats(rows, ages, equal_age, age_days), *source_caveats(book, cutoff)),
        parameters={"by": by, "age_days": age_days, "decision": decision, "level": level},
        as_of=cutoff,
        key_numbers=tuple(_key_numbers(rows, level)),
    )


def _equal_age(
    rows: list[dict[str, Any]],
    ages: Mapping[tuple[Any, ...], list[Mapping[str, Any]]],
    age_days: int,
    level: float,
) -> list[Estimate]:
    """The share approved by `age_days` in each row's group, open claims counted."""
    estimates = []
    for row in rows:
        own = ages.get(tuple(row[name] for name in GROUPS), [])
        curve = cumulative_incidence(
            [age["exit_hours"] for age in own],
            [CAUSES[age["event"]] for age in own],
            [age["n_claims"] for age in own],
            cause=CAUSES["approved"],
            level=level,
        )
        estimates.append(share_by_age(curve, 24 * age_days, row["oldest_hours"]))
    return estimates


def _table(
    by: Sequence[str],
    rows: list[dict[str, Any]],
    equal_age: list[Estimate],
    age_days: int,
    level: float,
) -> Table:
    n_decided = [row["n_decided"] for row in rows]
    sides = ["claimant's", "seller's"]
    counted = {
        "n_claims": "Claims filed by the cut-off, those without a filing date among them.",
        "n_decided": "Of these, decided by the cut-off: the denominator of the rates.",
        "n_open": "Of these, still open at the cut-off.",
        "n_excluded": "Of these, in no rate: withdrawn, settled, outcome unknown, approvals only.",
        "n_approved": "Decided claims granted in full, in part or in goods.",
    }
    columns = [column("direction", "text", "Who claims.", (row["direction"] for row in rows))]
    columns += [column(n, "count", text, (row[n] for row in rows)) for n, text in counted.items()]
    for names, side, count in (
        (("rate", "lower", "upper"), sides[0], "n_approved"),
        (("seller_win_rate", "seller_lower", "seller_upper"), sides[1], "n_seller_won"),
    ):
        won = [row[count] for row in rows]
        columns += _rate_columns(
            names, f"share of decided claims won, {side} side", won, n_decided, level
        )
    columns += interval_columns(
        ("equal_age_rate", "equal_age_lower", "equal_age_upper"),
        "share",
        f"share of all claims approved by day {age_days}, open ones counted.",
        equal_age,
    )
    columns += [
        column(
            "age_days", "count", "Age of the equal-age estimate, in days.", [age_days] * len(rows)
        ),
        column(
            "n_partial", "count", "Approved claims granted in part.", (r["n_partial"] for r in rows)
        ),
        column(
            "is_small",
            "flag",
            f"fewer than {SMALL_BELOW} decided",
            (n < SMALL_BELOW for n in n_decided),
        ),
    ]
    taken = [c.name for c in columns if c.name != "direction" or "direction" not in by]
    groups = [
        column(name, "text", f"The claims' {own}.", (row[key] for row in rows))
        for name, own, key in zip(group_names(by, taken), by, GROUPS, strict=False)
    ]
    return Table((*groups, *(c for c in columns if c.name not in {g.name for g in groups})))


def _rate_columns(
    names: tuple[str, str, str], meaning: str, won: list[int], decided: list[int], level: float
) -> list[Column]:
    limits = wilson(won, decided, level)
    shares = np.divide(won, decided, out=np.full(len(won), np.nan), where=np.array(decided) > 0)
    values = (shares, limits.lower, limits.upper)
    texts = (meaning, f"lower limit: {meaning}", f"upper limit: {meaning}")
    return [
        column(name, "share", text.capitalize() + ".", part)
        for name, text, part in zip(names, texts, values, strict=True)
    ]


def _headline(rows: list[dict[str, Any]], level: float) -> str:
    """The share approved, per direction; counts instead of a share where few are decided."""
    parts = [
        _direction_headline(rows, direction, level)
        for direction in SIDES
        if any(row["direction"] == direction for row in rows)
    ]
    return ("; ".join(parts) or "0 claims are in the book") + "."


def _total(rows: list[dict[str, Any]], direction: str) -> dict[str, int]:
    names = ("n_claims", "n_decided", "n_open", "n_approved")
    mine = [row for row in rows if row["direction"] == direction]
    return {name: sum(row[name] for row in mine) for name in names}


def _direction_headline(rows: list[dict[str, Any]], direction: str, level: float) -> str:
    total = _total(rows, direction)
    decided, approved = total["n_decided"], total["n_approved"]
    beside = f"{total['n_open']} open"
    if decided < SMALL_BELOW:
        return (
            f"{approved} of {decided} decided {SIDES[direction]} claims were approved, too few for "
            f"a rate ({beside})"
        )
    limits = wilson(approved, decided, level)
    lower, upper = (show_value(plain(end), "share") for end in (limits.lower, limits.upper))
    return (
        f"{show_value(approved / decided, 'share')} of {decided} decided {SIDES[direction]} claims "
        f"were approved ({100 * level:g} % interval {lower} to {upper}; {beside})"
    )


def _key_numbers(rows: list[dict[str, Any]], level: float) -> Iterator[KeyNumber]:
    """The share approved per direction, where enough are decided for one."""
    for direction, side in SIDES.items():
        total = _total(rows, direction)
        decided = total["n_decided"]
        if decided < SMALL_BELOW:
            continue
        limits = wilson(total["n_approved"], decided, level)
        yield KeyNumber(
            label=f"of decided {side} claims were approved",
            value=total["n_approved"] / decided,
            kind="share",
            lower=plain(limits.lower),
            upper=plain(limits.upper),
            beside=f"{decided:,} decided, {total['n_open']:,} open",
        )


def _chart(by: Sequence[str], table: Table, age_days: int) -> dict[str, Any]:
    groups = table.columns[: len(by)]
    labels: Sequence[str] = [
        ", ".join(values) for values in zip(*(g.values for g in groups), strict=True)
    ]
    if "direction" not in by:
        labels = with_sides(labels, table["direction"])
    title = " and ".join(name.replace("_", " ") for name in by)
    equal_age = (
        table.column("equal_age_rate"),
        table.column("equal_age_lower"),
        table.column("equal_age_upper"),
    )
    return interval_plot(
        Column(groups[0].name, "text", groups[0].meaning, tuple(labels)),
        table.column("rate"),
        table.column("lower"),
        table.column("upper"),
        size=table.column("n_decided"),
        beside=equal_age,
        names=("of decided claims", f"by day {age_days}, open claims counted"),
        muted=table.column("is_small"),
        x_title=f"Share approved, by {title}",
    )


def _caveats(
    rows: list[dict[str, Any]],
    ages: list[dict[str, Any]],
    equal_age: list[Estimate],
    age_days: int,
) -> Iterator[str]:
    for name, why in EXCLUDED.items():
        if n := sum(row[name] for row in rows):
            yield f"{quantity(n, 'claim is')} excluded: {why}."
    if n := sum(row["n_approval_listed"] for row in rows):
        yield (
            f"{quantity(n, 'approval is')} known only from a list of approvals, for claims whose "
            "denial would not be known: the rates of decided claims are too high, the equal-age "
            "ones are not."
        )
    usable = sum(row["n_decided"] + row["n_open"] + row["n_ended"] for row in rows)
    if untimed := usable - sum(age["n_claims"] for age in ages):
        yield f"{quantity(untimed, 'claim has')} no usable dates: not in the equal-age estimate."
    if none := sum(bool(np.isnan(estimate.value)) for estimate in equal_age):
        why = f"too few claims followed to day {age_days}"
        yield f"{quantity(none, 'group has')} {why}: no equal-age number."
    if small := sum(row["n_decided"] < SMALL_BELOW for row in rows):
        yield f"{quantity(small, 'group has')} fewer than {SMALL_BELOW} decided claims: drawn grey."
