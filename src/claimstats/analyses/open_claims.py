"""How old the open claims are: by age band, in money, and beside the time past claims took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

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
    check_grouping,
    check_level,
    group_name,
    grouped,
    in_order,
    source_caveats,
    with_sides,
)
from claimstats.book import Book
from claimstats.charts import interval_plot
from claimstats.finding import Column, Finding, KeyNumber, Method, Table, show_value
from claimstats.language import amount, later, listed, say, say_n, sentence
from claimstats.stats.survival import Estimate, Quantile, kaplan_meier, quantile
from claimstats.titles import titles

MOST_ENDED = 0.9
"""The share of claims that had ended by the age which the open ones are held against."""

NO_CURRENCY = later("(no currency)")

COUNTED = {
    "n_open": later("Claims open at the cut-off."),
    "n_0_to_7": later("Of these, 0 to 7 days."),
    "n_8_to_14": later("Of these, 8 to 14 days."),
    "n_15_to_30": later("Of these, 15 to 30 days."),
    "n_31_to_60": later("Of these, 31 to 60 days."),
    "n_61_to_90": later("Of these, 61 to 90 days."),
    "n_over_90": later("Of these, over 90 days."),
    "n_undated": later("Of these, of unknown age, without a filing date."),
}

AGE_BANDS = {
    "0 to 7": later("0 to 7"),
    "8 to 14": later("8 to 14"),
    "15 to 30": later("15 to 30"),
    "31 to 60": later("31 to 60"),
    "61 to 90": later("61 to 90"),
    "over 90": later("over 90"),
    "undated": later("undated"),
}

METHOD = Method(
    definition=later(
        "The age of the claims that are open at the cut-off: whole days since filing for the "
        "bands, hours for the rest. usual_days is the age by which 90 % of the group's claims had "
        "ended; older_share is the share of open claims that are older."
    ),
    denominator=later(
        "For the ages, all open claims with a filing date. For usual_days, all claims with usable "
        "dates, the open ones counted until the cut-off. Amounts are what was asked for, per "
        "currency."
    ),
    exclusions=later(
        "Open claims without a filing date are counted as undated and have no age. Claims whose "
        "outcome no source tells are neither open nor ended."
    ),
    interval=later(
        "Counts and ages of open claims are counted, not estimated. usual_days is a Kaplan-Meier "
        "quantile, its limits from Greenwood's variance on the log-log scale; 'not reached' means "
        "that too few have ended for the number to exist. The limits of older_share are the shares "
        "older than the upper and the lower limit of usual_days."
    ),
    literature=(
        "Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481, "
        "https://doi.org/10.1080/01621459.1958.10501452",
        "Brookmeyer R, Crowley J (1982), Biometrics 38:29-41, https://doi.org/10.2307/2530286",
    ),
)


@dataclass(frozen=True)
class Group:
    """The open claims of one group and direction, beside the time its claims take."""

    row: Mapping[str, Any]
    amounts: Sequence[Mapping[str, Any]]
    ages: Mapping[str, float]
    usual: Quantile
    older: Estimate
    n_older: int | None

    @property
    def n_dated(self) -> int:
        """Open claims with an age."""
        return int(self.row["n_open"] - self.row["n_undated"])

    @property
    def claimed(self) -> list[str]:
        """What is asked for, currency by currency."""
        sums: dict[str, Any] = {}
        for part in self.amounts:
            if part["claimed_amount"] is not None:
                currency = part["currency"] or NO_CURRENCY
                sums[currency] = sums.get(currency, 0) + part["claimed_amount"]
        return [f"{currency} {sums[currency]:,.2f}" for currency in sorted(sums)]


def open_claims(
    book: Book,
    by: str = "program",
    *,
    as_of: datetime | None = None,
    decision: Decision = "first",
    level: float = 0.95,
) -> Finding:
    """Count the open claims by age, by one property.

    Answers: how old is what is still open, how much money is in it, and what has been left lying?

    Parameters
    ----------
    book
        An open book.
    by
        The property to split by, as for :func:`approval_rate`.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    decision
        Open until the ``first`` decision, or until the ``final`` one, appeals counted.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per group and direction with open claims: ``n_open`` = the counts of the age bands
        ``n_0_to_7`` to ``n_over_90`` (whole days) + ``n_undated``; ``claimed``, what is asked for
        per currency; ``median_days``, ``q25_days``, ``q75_days`` and ``oldest_days``, ages of the
        open claims in days; ``usual_days`` with ``usual_lower`` and ``usual_upper``, the age by
        which 90 % of claims had ended, null where not reached; ``n_older``, ``older_share`` (0 to
        1), ``older_lower``, ``older_upper``. The detail ``bands`` has one row per group,
        direction, age band and currency: ``n_open``, ``n_without_amount``, ``claimed_amount``.

    Raises
    ------
    ParameterError
        The property or the decision is not there.

    Notes
    -----
    A claim that is decided but not known to be looks open, and older every day: an age far beyond
    ``usual_days`` is as often a missing export as a slow venue.

    References
    ----------
    Kaplan EL, Meier P (1958), https://doi.org/10.1080/01621459.1958.10501452.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.open_claims(book)
    >>> finding.table.select("program", "n_open").row(0)
    ('amazon_atoz', 25)
    """
    check_grouping(book, "open_claims", by, decision)
    check_level("open_claims", level)
    as_of = check_cutoff("open_claims", as_of)
    asked = {"by_column": by, "cutoff": as_of, "decision": decision}
    sql = call("open_claims", **asked)
    keys = ("group_value", "direction")
    amounts = grouped(book.rows(call("open_amounts", **asked)), *keys)
    ages = grouped(book.rows(call("claim_ages", **asked)), *keys)
    groups = [
        _estimate(row, amounts[_key(row)], ages.get(_key(row), []), level)
        for row in in_order(by, book.rows(sql))
    ]
    table = _table(by, groups)
    cutoff = as_of or book.as_of
    return Finding(
        name="open_claims",
        question=say("How old is what is still open?"),
        headline=_headline(groups),
        summary=table,
        chart=_chart(by, table),
        sql=sql,
        method=METHOD.said(),
        caveats=(*_caveats(groups), *source_caveats(book, cutoff)),
        parameters={"by": by, "decision": decision, "level": level},
        as_of=cutoff,
        details={"bands": _bands(by, groups)},
        key_numbers=(_key_number(groups),),
        to_do=tuple(_to_do(groups)),
    )


def _key(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["group_value"], row["direction"]


def _estimate(
    row: Mapping[str, Any],
    amounts: Sequence[Mapping[str, Any]],
    ages: Sequence[Mapping[str, Any]],
    level: float,
) -> Group:
    days = np.array([age["exit_hours"] / 24 for age in ages])
    counts = np.array([age["n_claims"] for age in ages], dtype=np.int64)
    is_open = np.array([age["event"] == "open" for age in ages], dtype=bool)
    usual = quantile(kaplan_meier(days, ~is_open, counts, level), MOST_ENDED)
    # Each age is known, so the curve over the open claims alone is their plain distribution.
    of_open = kaplan_meier(days[is_open], np.ones(is_open.sum(), bool), counts[is_open])
    quartiles = {"median": 0.5, "q25": 0.25, "q75": 0.75}

    def older_than(age: float) -> int | None:
        return None if np.isnan(age) else int(counts[is_open & (days > age)].sum())

    n_dated = int(counts[is_open].sum())

    def share_older(age: float) -> float:
        older = older_than(age)
        return np.nan if older is None or not n_dated else older / n_dated

    return Group(
        row,
        amounts,
        {name: quantile(of_open, share).value for name, share in quartiles.items()},
        usual,
        Estimate(
            share_older(usual.value), share_older(usual.upper), share_older(usual.lower), n_dated
        ),
        older_than(usual.value),
    )


def _table(by: str, groups: Sequence[Group]) -> Table:
    rows = [group.row for group in groups]
    columns = [direction_column(row["direction"] for row in rows)]
    columns += [
        column(n, "count", say(text), (row[n] for row in rows)) for n, text in COUNTED.items()
    ]
    columns.append(_claimed_column(groups))
    for name, meaning in (
        ("median", say("Half of the open claims are no older, in days.")),
        ("q25", say("A quarter of the open claims are no older, in days.")),
        ("q75", say("Three quarters of the open claims are no older, in days.")),
    ):
        columns.append(column(f"{name}_days", "days", meaning, (g.ages[name] for g in groups)))
    columns.append(
        column("oldest_days", "days", say("Age of the oldest."), (r["oldest_days"] for r in rows))
    )
    columns += interval_columns(
        ("usual_days", "usual_lower", "usual_upper"),
        "days",
        say("Days by which 90 % of the group's claims had ended."),
        [group.usual for group in groups],
        say("not reached"),
    )
    columns.append(
        column("n_older", "count", say("Open claims older."), (g.n_older for g in groups))
    )
    columns += interval_columns(
        ("older_share", "older_lower", "older_upper"),
        "share",
        say("Share of open claims older than usual_days."),
        [group.older for group in groups],
    )
    return _with_group(by, groups, columns)


def _claimed_column(groups: Sequence[Group]) -> Column:
    sums = ["; ".join(group.claimed) or None for group in groups]
    shown = {
        "; ".join(group.claimed): say("; ").join(
            amount(part.replace(NO_CURRENCY, say(NO_CURRENCY))) for part in group.claimed
        )
        for group in groups
    }
    return column("claimed", "text", say("What they ask for, per currency."), sums, titles=shown)


def _with_group(by: str, groups: Sequence[Group], columns: Sequence[Column]) -> Table:
    """Put the group first; where that is the direction, it stands once."""
    name = group_name(by, (c.name for c in columns if by != "direction" or c.name != "direction"))
    values = (group.row["group_value"] for group in groups)
    return Table((group_column(name, by, values), *(c for c in columns if c.name != name)))


def _bands(by: str, groups: Sequence[Group]) -> Table:
    parts = [(group, part) for group in groups for part in group.amounts]
    columns = [
        direction_column(part["direction"] for _, part in parts),
        column(
            "age_band", "text", say("Age in whole days."), (part["age_band"] for _, part in parts),
            titles={band: say(text) for band, text in AGE_BANDS.items()},
        ),
        column(
            "currency", "text", say("Currency."), (part["currency"] for _, part in parts),
            titles=titles("currency"),
        ),
        column("n_open", "count", say("Open claims."), (part["n_open"] for _, part in parts)),
        column(
            "n_without_amount", "count", say("Of these, without an amount."),
            (part["n_without_amount"] for _, part in parts),
        ),
        column(
            "claimed_amount", "amount", say("What they ask for, in currency."),
            (_number(part["claimed_amount"]) for _, part in parts),
        ),
    ]  # fmt: skip
    return _with_group(by, [group for group, _ in parts], columns)


def _number(amount: Any) -> float | None:
    return None if amount is None else float(amount)


def _headline(groups: Sequence[Group]) -> str:
    """How many are open, per direction, and how many of them are older than most claims get."""
    clauses = [
        clause
        for direction, side in SIDES.items()
        if (mine := [group for group in groups if group.row["direction"] == direction])
        for clause in _direction_headline(mine, say(side))
    ]
    return sentence(clauses or [say("0 claims are open")])


def _direction_headline(groups: Sequence[Group], side: str) -> Iterator[str]:
    n_open = sum(group.row["n_open"] for group in groups)
    oldest = max((g.row["oldest_days"] for g in groups if g.n_dated), default=None)
    if oldest is None:
        yield say_n("{n} {side} claim is open", "{n} {side} claims are open", n_open, side=side)
    else:
        yield say_n(
            "{n} {side} claim is open, the oldest for {days} days",
            "{n} {side} claims are open, the oldest for {days} days",
            n_open,
            side=side,
            days=show_value(oldest, "days"),
        )
    known = [group for group in groups if group.n_older is not None and group.n_dated]
    if known:
        yield say(
            "{older} of {n} longer than 90 % of claims like them took",
            older=sum(group.n_older or 0 for group in known),
            n=sum(group.n_dated for group in known),
        )


def _key_number(groups: Sequence[Group]) -> KeyNumber:
    """How many claims are open on either side."""
    per_side = [
        say("{n} {side}", n=n, side=say(side))
        for direction, side in SIDES.items()
        if (n := sum(g.row["n_open"] for g in groups if g.row["direction"] == direction))
    ]
    return KeyNumber(
        label=say("claims are open"),
        value=sum(group.row["n_open"] for group in groups),
        kind="count",
        beside=listed(per_side),
    )


def _to_do(groups: Sequence[Group]) -> Iterator[str]:
    """Open claims that are older than claims like them get."""
    for direction, side in SIDES.items():
        own = [group for group in groups if group.row["direction"] == direction]
        if older := sum(group.n_older or 0 for group in own):
            yield say_n(
                "{n} {side} claim is open longer than 90 % of claims like it took: ask about it.",
                "{n} {side} claims are open longer than 90 % of claims like them took: ask about "
                "them.",
                older,
                side=say(side),
            )


def _chart(by: str, table: Table) -> dict[str, Any]:
    group = table.columns[0]
    labels = group.shown()
    if by != "direction":
        labels = with_sides(labels, table["direction"])
    usual = (table.column("usual_days"), table.column("usual_lower"), table.column("usual_upper"))
    return interval_plot(
        Column(group.name, "text", group.meaning, labels),
        table.column("median_days"),
        table.column("q25_days"),
        table.column("q75_days"),
        size=table.column("n_open"),
        beside=usual,
        names=(
            say("age of open claims: median and middle half"),
            say("90 % of claims had ended"),
        ),
        x_title=say("Days since filing"),
    )


def _caveats(groups: Sequence[Group]) -> Iterator[str]:
    if n := sum(group.row["n_undated"] for group in groups):
        yield say_n(
            "{n} claim has no filing date, hence no age.",
            "{n} claims have no filing date, hence no age.",
            n,
        )
    if n := sum(group.row["n_unknown"] for group in groups):
        yield say_n(
            "{n} claim is of unknown outcome in these groups: perhaps open.",
            "{n} claims are of unknown outcome in these groups: perhaps open.",
            n,
        )
    if n := sum(part["n_without_amount"] for group in groups for part in group.amounts):
        yield say_n(
            "{n} claim has no amount: the sums are too low.",
            "{n} claims have no amount: the sums are too low.",
            n,
        )
    if n := sum(group.n_older is None for group in groups):
        yield say_n(
            "{n} group has too few ended claims to say which open ones are old.",
            "{n} groups have too few ended claims to say which open ones are old.",
            n,
        )
    if n := sum(plain(g.usual.value) is not None and g.row["n_ended"] < 10 for g in groups):
        yield say_n(
            "{n} group has fewer than 10 ended claims to be held against.",
            "{n} groups have fewer than 10 ended claims to be held against.",
            n,
        )
