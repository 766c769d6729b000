"""What share of the amount is paid when a claim is approved, currency by currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from claimstats.analyses._columns import (
    column,
    direction_column,
    group_column,
    interval_columns,
    key_number,
    limit_columns,
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
from claimstats.charts import interval_plot
from claimstats.finding import Column, Finding, KeyNumber, Method, Table, show_value
from claimstats.language import later, listed, property_label, say, say_n, sentence
from claimstats.stats.order_statistics import SampleQuantile, sample_quantile
from claimstats.stats.proportions import wilson
from claimstats.titles import UNKNOWN, titles

Rows = Sequence[Mapping[str, Any]]

SMALL_BELOW = 10
"""Compared claims below which a median is grey: its interval leaves out one claim at either end."""

QUARTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75}
SET_ASIDE = {
    "n_in_goods": later("granted in goods, which has no amount"),
    "n_without_amount": later("without the amount claimed or granted"),
    "n_odd_amount": later("with nothing claimed, or less than nothing granted"),
    "n_changed_later": later(
        "appealed with a decision after the cut-off, which may have changed it"
    ),
}

COUNTED = {
    "n_approved": later("Claims approved by the cut-off, appeals counted."),
    "n_compared": later("Of these, with both amounts: the denominator of the shares."),
    "n_in_goods": later("Of these, granted in goods."),
    "n_without_amount": later("Of these, without the amount claimed or granted."),
    "n_odd_amount": later("Of these, with nothing claimed or less than nothing granted."),
    "n_changed_later": later("Of these, with an appeal decided after the cut-off."),
}

METHOD = Method(
    definition=later(
        "The granted amount divided by the claimed one, claim by claim. median_paid is the share "
        "that half of the approved claims reach; in_full is the share of claims paid at least what "
        "was claimed, nothing the share approved with an amount of 0. claimed_amount and "
        "granted_amount are the sums of the same claims."
    ),
    denominator=later(
        "Claims approved by the cut-off, appeals counted, with both amounts. Sources tell amounts "
        "as they stand last, so the first decision alone has none of its own. Each currency has "
        "its own row."
    ),
    exclusions=later(
        "Approved in goods, without one of the amounts, with nothing claimed or less than nothing "
        "granted, or appealed with a decision after a cut-off given: counted beside. Denied and "
        "open claims are not asked about here. Sums leave out claims of unknown currency."
    ),
    interval=later(
        "Order statistics with binomial ranks: they hold the quantile at least as often as the "
        "level says, whatever the distribution; fewer than 6 claims have none for the median at "
        "95 %. Wilson's score interval for the shares of claims. Quartiles interpolate linearly."
    ),
    literature=(
        "Conover WJ (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2",
        "David HA, Nagaraja HN (2003), Order Statistics, 3rd ed., section 7.1, "
        "https://doi.org/10.1002/0471722162",
        "Wilson EB (1927), J Am Stat Assoc 22:209-212, "
        "https://doi.org/10.1080/01621459.1927.10502953",
    ),
)


def payout_ratio(
    book: Book,
    by: str = "program",
    *,
    as_of: datetime | None = None,
    level: float = 0.95,
) -> Finding:
    """Compare what was granted with what was claimed, for approved claims.

    Answers: what share of the amount is paid when a claim is approved?

    Parameters
    ----------
    book
        An open book.
    by
        The property to split by, as for :func:`approval_rate`.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per group, direction and currency: the group, ``direction``, ``currency``, counts
        ``n_approved`` = ``n_compared`` + ``n_in_goods`` + ``n_without_amount`` +
        ``n_odd_amount`` + ``n_changed_later``; ``median_paid`` with ``lower`` and ``upper``,
        ``q25_paid``, ``q75_paid`` (shares of the amount, 1 is all of it); ``in_full`` and
        ``nothing`` with limits (shares of claims); ``n_above``, those paid more than claimed;
        ``claimed_amount`` and ``granted_amount`` in ``currency``; ``is_small``.

    Raises
    ------
    ParameterError
        The property is not there.

    Notes
    -----
    What an approval is worth is not what a claim is worth: multiply by the chance of approval
    first. A share above 1 means that fees, tax or shipping were paid on top, or that an amount is
    in another currency than it says. Where most claims are paid in full the median is 1 and tells
    nothing of the rest: read ``in_full``. Currencies are never added.

    References
    ----------
    Conover WJ (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.payout_ratio(book, by="direction")
    >>> finding.table["currency"].unique().sort().to_list()
    ['EUR', 'JPY', 'USD']
    """
    check_grouping(book, "payout_ratio", by)
    check_level("payout_ratio", level)
    as_of = check_cutoff("payout_ratio", as_of)
    sql = call("payout_ratio", by_column=by, cutoff=as_of)
    rows = in_order(by, book.rows(sql))
    keys = ("group_value", "direction", "currency")
    shares = grouped(book.rows(call("payout_shares", by_column=by, cutoff=as_of)), *keys)
    quartiles = [_quartiles(shares.get(tuple(row[k] for k in keys), []), level) for row in rows]
    table = _table(by, rows, quartiles, level)
    cutoff = as_of or book.as_of
    return Finding(
        name="payout_ratio",
        question=say("What share of the amount is paid when approved?"),
        headline=_headline(rows, shares, level),
        summary=table,
        chart=_chart(by, table),
        sql=sql,
        method=METHOD.said(),
        caveats=(*_caveats(rows), *source_caveats(book, cutoff)),
        parameters={"by": by, "level": level},
        as_of=cutoff,
        key_numbers=tuple(_key_numbers(rows, shares, level)),
    )


def _quartiles(shares: Rows, level: float) -> dict[str, SampleQuantile]:
    paid, counts = [row["paid"] for row in shares], [row["n_claims"] for row in shares]
    return {name: sample_quantile(paid, p, counts, level) for name, p in QUARTILES.items()}


def _table(
    by: str, rows: Rows, quartiles: Sequence[Mapping[str, SampleQuantile]], level: float
) -> Table:
    columns = [
        direction_column(row["direction"] for row in rows),
        column(
            "currency", "text", say("Currency of both amounts."),
            (row["currency"] for row in rows), titles=titles("currency"),
        ),
    ]  # fmt: skip
    columns += [
        column(n, "count", say(text), (row[n] for row in rows)) for n, text in COUNTED.items()
    ]
    columns += interval_columns(
        ("median_paid", "lower", "upper"),
        "share",
        say("Median share of the claimed amount that was granted."),
        (found["median"] for found in quartiles),
    )
    for name, meaning in (
        ("q25", say("A quarter were paid at most so.")),
        ("q75", say("Three quarters were paid at most so.")),
    ):
        values = (found[name].value for found in quartiles)
        columns.append(column(f"{name}_paid", "share", meaning, values))
    for name, meaning in (
        ("in_full", say("Share of claims paid all of the amount.")),
        ("nothing", say("Share of claims approved with an amount of 0.")),
    ):
        columns += _share_columns(name, meaning, rows, level)
    columns.append(
        column(
            "n_above", "count", say("Claims paid above the amount."), (r["n_above"] for r in rows)
        )
    )
    for name, meaning in (
        ("claimed_amount", say("Sum asked for in compared claims.")),
        ("granted_amount", say("Sum granted in compared claims.")),
    ):
        sums = (None if row[name] is None else float(row[name]) for row in rows)
        columns.append(column(name, "amount", meaning, sums))
    small = (row["n_compared"] < SMALL_BELOW for row in rows)
    columns.append(column("is_small", "flag", say("fewer than {n} compared", n=SMALL_BELOW), small))
    own = ("direction", "currency")
    name = group_name(by, (c.name for c in columns if by not in own or c.name != by))
    group = group_column(name, by, (row["group_value"] for row in rows))
    return Table((group, *(c for c in columns if c.name != name)))


def _share_columns(name: str, meaning: str, rows: Rows, level: float) -> list[Column]:
    found, n = [row[f"n_{name}"] for row in rows], [row["n_compared"] for row in rows]
    limits = wilson(found, n, level)
    shares = (row[name] for row in rows)
    names = (name, f"{name}_lower", f"{name}_upper")
    return limit_columns(names, "share", meaning, shares, limits.lower, limits.upper)


def _headline(rows: Rows, shares: Mapping[tuple[Any, ...], Rows], level: float) -> str:
    """The median of each direction, in the currency with most claims compared."""
    parts = [
        _direction_headline(mine, shares, level)
        for direction in SIDES
        if (mine := [row for row in rows if row["direction"] == direction])
    ]
    return sentence(parts or [say("0 claims are approved")])


def _main_currency(rows: Rows) -> tuple[str, int]:
    """The currency with most claims compared, and how many they are."""
    compared: Counter[str] = Counter()
    for row in rows:
        compared[row["currency"]] += row["n_compared"]
    return compared.most_common(1)[0]


def _median(
    shares: Mapping[tuple[Any, ...], Rows], direction: str, currency: str, level: float
) -> SampleQuantile:
    mine = [s for key, own in shares.items() if key[1:] == (direction, currency) for s in own]
    return _quartiles(mine, level)["median"]


def _key_numbers(
    rows: Rows, shares: Mapping[tuple[Any, ...], Rows], level: float
) -> Iterator[KeyNumber]:
    """The median of the seller's claims, where enough have both amounts."""
    mine = [row for row in rows if row["direction"] == "seller_claims"]
    if not mine:
        return
    currency, n = _main_currency(mine)
    if n >= SMALL_BELOW:
        yield key_number(
            _key_label(currency),
            "share",
            _median(shares, "seller_claims", currency, level),
            say("{n} with both amounts", n=n),
        )


def _key_label(currency: str) -> str:
    side = say(SIDES["seller_claims"])
    if currency == UNKNOWN:
        return say(
            "of the amount is the median paid on approved {side} claims of unknown currency",
            side=side,
        )
    return say(
        "of the amount is the median paid on approved {side} claims in {currency}",
        side=side, currency=currency,
    )  # fmt: skip


def _direction_headline(rows: Rows, shares: Mapping[tuple[Any, ...], Rows], level: float) -> str:
    direction = rows[0]["direction"]
    currency, n = _main_currency(rows)
    if n < SMALL_BELOW:
        return _few_headline(n, say(SIDES[direction]), currency)
    found = _median(shares, direction, currency, level)
    value, lower, upper = (show_value(x, "share") for x in (found.value, found.lower, found.upper))
    told: dict[str, object] = {
        "share": value, "n": n, "side": say(SIDES[direction]), "level": 100 * level,
        "lower": lower, "upper": upper,
        "full": sum(row["n_in_full"] for row in rows if row["currency"] == currency),
    }  # fmt: skip
    if currency == UNKNOWN:
        return say(
            "{share} of the amount is the median paid on {n} approved {side} claims of unknown "
            "currency ({level} % interval {lower} to {upper}), {full} of them in full",
            **told,
        )
    return say(
        "{share} of the amount is the median paid on {n} approved {side} claims in {currency} "
        "({level} % interval {lower} to {upper}), {full} of them in full",
        **told, currency=currency,
    )  # fmt: skip


def _few_headline(n: int, side: str, currency: str) -> str:
    if currency == UNKNOWN:
        return say_n(
            "{n} approved {side} claim of unknown currency has both amounts, too few for a share",
            "{n} approved {side} claims of unknown currency have both amounts, too few for a share",
            n,
            side=side,
        )
    return say_n(
        "{n} approved {side} claim in {currency} has both amounts, too few for a share",
        "{n} approved {side} claims in {currency} have both amounts, too few for a share",
        n,
        side=side,
        currency=currency,
    )


def _chart(by: str, table: Table) -> dict[str, Any]:
    group = table.columns[0]
    currencies = table.column("currency").shown()
    rows = zip(group.shown(), currencies, table["direction"], strict=True)
    labels = (_label(by, *row) for row in rows)
    return interval_plot(
        Column(group.name, "text", group.meaning, tuple(labels)),
        table.column("median_paid"),
        table.column("lower"),
        table.column("upper"),
        size=table.column("n_compared"),
        beside=(
            table.column("in_full"), table.column("in_full_lower"), table.column("in_full_upper")
        ),
        names=(say("median share of the amount"), say("share of claims paid in full")),
        muted=table.column("is_small"),
        x_title=say("Paid when approved, by {property} and currency", property=property_label(by)),
    )  # fmt: skip


def _label(by: str, group: str, currency: str, direction: str) -> str:
    """What the chart calls a row: the group with what it does not tell itself."""
    side = say(SIDES[direction])
    if by == "direction":
        return say("{group} ({currency})", group=group, currency=currency)
    if by == "currency":
        return listed((currency, side))
    return say("{group} ({currency}, {side})", group=group, currency=currency, side=side)


def _caveats(rows: Rows) -> Iterator[str]:
    for name, why in SET_ASIDE.items():
        if n := sum(row[name] for row in rows):
            yield say_n(
                "{n} claim is approved and set aside: {why}.",
                "{n} claims are approved and set aside: {why}.",
                n,
                why=say(why),
            )
    if n := sum(row["n_above"] for row in rows):
        yield say_n(
            "{n} claim was paid more than was claimed: fees or tax on top, or an amount in another "
            "currency than it says.",
            "{n} claims were paid more than was claimed: fees or tax on top, or an amount in "
            "another currency than it says.",
            n,
        )
    if n := sum(row["n_compared"] for row in rows if row["currency"] == UNKNOWN):
        yield say_n(
            "{n} claim has no known currency: in no sum.",
            "{n} claims have no known currency: in no sum.",
            n,
        )
    if n := sum(0 < row["n_compared"] < SMALL_BELOW for row in rows):
        yield say_n(
            "{n} group has fewer than {few} claims compared: drawn grey.",
            "{n} groups have fewer than {few} claims compared: drawn grey.",
            n,
            few=SMALL_BELOW,
        )
