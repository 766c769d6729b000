"""How many claims are approved: rates of decided claims beside what they come to at equal age."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from claimstats.analyses._by_age import excluded, share_by_age
from claimstats.analyses._columns import (
    column,
    direction_column,
    group_column,
    interval_columns,
    limit_columns,
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
    group_names,
    grouped,
    nested,
    one_or_two,
    source_caveats,
    with_sides,
)
from claimstats.book import Book
from claimstats.charts import interval_plot
from claimstats.finding import Column, Finding, KeyNumber, Method, Table, show_value
from claimstats.language import later, listed, property_label, say, say_n, sentence
from claimstats.stats.proportions import wilson
from claimstats.stats.survival import Estimate, cumulative_incidence

SMALL_BELOW = 10
"""Decided claims below which a rate is grey: at nine its interval is some 55 points wide."""

GROUPS = ("group_value", "and_value", "direction")
"""What the macros call the values of the one or two properties, and who claims."""

CAUSES = {"open": 0, "approved": 1, "denied": 2, "ended": 3}
EXCLUDED = {
    "n_ended": later("withdrawn or settled before a decision"),
    "n_outcome_unknown": later("without a known outcome"),
    "n_approvals_only": later("known only from a list of approvals, which has no denials"),
}

COUNTED = {
    "n_claims": later("Claims filed by the cut-off, those without a filing date among them."),
    "n_decided": later("Of these, decided by the cut-off: the denominator of the rates."),
    "n_open": later("Of these, still open at the cut-off."),
    "n_excluded": later(
        "Of these, in no rate: withdrawn, settled, outcome unknown, approvals only."
    ),
    "n_approved": later("Decided claims granted in full, in part or in goods."),
}

METHOD = Method(
    definition=later(
        "rate is the share of decided claims that were approved, from the claimant's side: granted "
        "in full, in part, or in goods. seller_win_rate is the share that went the seller's way: "
        "approved for the seller's own claims, not approved for the buyers'. equal_age_rate is the "
        "share of all claims approved by a given age, with denial and withdrawal as competing ends."
    ),
    denominator=later(
        "For the rates, claims with a decision by the cut-off (approved, denied, lapsed or "
        "reversed), placed by the month of filing where months are shown. For the equal-age "
        "estimate, all claims with a filing date; open claims count until the cut-off."
    ),
    exclusions=later(
        "Claims withdrawn or settled before a decision, claims whose outcome no source tells, and "
        "claims known only from a list of approvals are counted as excluded. Open claims are in no "
        "rate of decided claims, but in the equal-age estimate."
    ),
    interval=later(
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
        question=say("How many claims are approved?"),
        headline=_headline(rows, level),
        summary=table,
        chart=_chart(properties, table, age_days),
        sql=sql,
        method=METHOD.said(),
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
    columns = [direction_column(row["direction"] for row in rows)]
    columns += [
        column(n, "count", say(text), (row[n] for row in rows)) for n, text in COUNTED.items()
    ]
    for names, meaning, count in (
        (
            ("rate", "lower", "upper"),
            say("Share of decided claims won, claimant's side."),
            "n_approved",
        ),
        (
            ("seller_win_rate", "seller_lower", "seller_upper"),
            say("Share of decided claims won, seller's side."),
            "n_seller_won",
        ),
    ):
        won = _shares([row[count] for row in rows], n_decided, level)
        columns += limit_columns(names, "share", meaning, *won)
    columns += interval_columns(
        ("equal_age_rate", "equal_age_lower", "equal_age_upper"),
        "share",
        say("Share of all claims approved by day {day}, open ones counted.", day=age_days),
        equal_age,
    )
    columns += [
        column(
            "age_days",
            "count",
            say("Age of the equal-age estimate, in days."),
            [age_days] * len(rows),
        ),
        column(
            "n_partial",
            "count",
            say("Approved claims granted in part."),
            (r["n_partial"] for r in rows),
        ),
        column(
            "is_small",
            "flag",
            say("fewer than {n} decided", n=SMALL_BELOW),
            (n < SMALL_BELOW for n in n_decided),
        ),
    ]
    taken = [c.name for c in columns if c.name != "direction" or "direction" not in by]
    groups = [
        group_column(name, own, (row[key] for row in rows))
        for name, own, key in zip(group_names(by, taken), by, GROUPS, strict=False)
    ]
    return Table((*groups, *(c for c in columns if c.name not in {g.name for g in groups})))


def _shares(won: list[int], decided: list[int], level: float) -> tuple[Any, Any, Any]:
    """The share won in each row, with Wilson's limits."""
    limits = wilson(won, decided, level)
    shares = np.divide(won, decided, out=np.full(len(won), np.nan), where=np.array(decided) > 0)
    return shares, limits.lower, limits.upper


def _headline(rows: list[dict[str, Any]], level: float) -> str:
    """The share approved, per direction; counts instead of a share where few are decided."""
    parts = [
        _direction_headline(rows, direction, level)
        for direction in SIDES
        if any(row["direction"] == direction for row in rows)
    ]
    return sentence(parts or [say("0 claims are in the book")])


def _total(rows: list[dict[str, Any]], direction: str) -> dict[str, int]:
    names = ("n_claims", "n_decided", "n_open", "n_approved")
    mine = [row for row in rows if row["direction"] == direction]
    return {name: sum(row[name] for row in mine) for name in names}


def _direction_headline(rows: list[dict[str, Any]], direction: str, level: float) -> str:
    total = _total(rows, direction)
    decided, approved = total["n_decided"], total["n_approved"]
    side, n_open = say(SIDES[direction]), total["n_open"]
    if decided < SMALL_BELOW:
        return say(
            "{approved} of {decided} decided {side} claims were approved, too few for a rate "
            "({open} open)",
            approved=approved, decided=decided, side=side, open=n_open,
        )  # fmt: skip
    limits = wilson(approved, decided, level)
    lower, upper = (show_value(plain(end), "share") for end in (limits.lower, limits.upper))
    return say(
        "{share} of {decided} decided {side} claims were approved ({level} % interval {lower} to "
        "{upper}; {open} open)",
        share=show_value(approved / decided, "share"), decided=decided, side=side,
        level=100 * level, lower=lower, upper=upper, open=n_open,
    )  # fmt: skip


def _key_numbers(rows: list[dict[str, Any]], level: float) -> Iterator[KeyNumber]:
    """The share approved per direction, where enough are decided for one."""
    for direction, side in SIDES.items():
        total = _total(rows, direction)
        decided = total["n_decided"]
        if decided < SMALL_BELOW:
            continue
        limits = wilson(total["n_approved"], decided, level)
        yield KeyNumber(
            label=say("of decided {side} claims were approved", side=say(side)),
            value=total["n_approved"] / decided,
            kind="share",
            lower=plain(limits.lower),
            upper=plain(limits.upper),
            beside=say("{decided} decided, {open} open", decided=decided, open=total["n_open"]),
        )


def _chart(by: Sequence[str], table: Table, age_days: int) -> dict[str, Any]:
    groups = table.columns[: len(by)]
    labels: Sequence[str] = [
        listed(values) for values in zip(*(g.shown() for g in groups), strict=True)
    ]
    if "direction" not in by:
        labels = with_sides(labels, table["direction"])
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
        names=(
            say("of decided claims"),
            say("by day {day}, open claims counted", day=age_days),
        ),
        muted=table.column("is_small"),
        x_title=say("Share approved, by {property}", property=listed(map(property_label, by))),
    )


def _caveats(
    rows: list[dict[str, Any]],
    ages: list[dict[str, Any]],
    equal_age: list[Estimate],
    age_days: int,
) -> Iterator[str]:
    for name, why in EXCLUDED.items():
        if n := sum(row[name] for row in rows):
            yield excluded(n, say(why))
    if n := sum(row["n_approval_listed"] for row in rows):
        yield say_n(
            "{n} approval is known only from a list of approvals, for claims whose denial would "
            "not be known: the rates of decided claims are too high, the equal-age ones are not.",
            "{n} approvals are known only from a list of approvals, for claims whose denial would "
            "not be known: the rates of decided claims are too high, the equal-age ones are not.",
            n,
        )
    usable = sum(row["n_decided"] + row["n_open"] + row["n_ended"] for row in rows)
    if untimed := usable - sum(age["n_claims"] for age in ages):
        yield say_n(
            "{n} claim has no usable dates: not in the equal-age estimate.",
            "{n} claims have no usable dates: not in the equal-age estimate.",
            untimed,
        )
    if none := sum(bool(np.isnan(estimate.value)) for estimate in equal_age):
        yield say_n(
            "{n} group has too few claims followed to day {day}: no equal-age number.",
            "{n} groups have too few claims followed to day {day}: no equal-age number.",
            none,
            day=age_days,
        )
    if small := sum(row["n_decided"] < SMALL_BELOW for row in rows):
        yield say_n(
            "{n} group has fewer than {few} decided claims: drawn grey.",
            "{n} groups have fewer than {few} decided claims: drawn grey.",
            small,
            few=SMALL_BELOW,
        )
