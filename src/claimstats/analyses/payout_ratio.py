"""What share of the amount is paid when a claim is approved, currency by currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from claimstats.analyses._columns import column, interval_columns, key_number
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
from claimstats.finding import Column, Finding, KeyNumber, Method, Table, quantity, show_value
from claimstats.stats.order_statistics import SampleQuantile, sample_quantile
from claimstats.stats.proportions import wilson
from claimstats.titles import UNKNOWN

Rows = Sequence[Mapping[str, Any]]

SMALL_BELOW = 10
"""Compared claims below which a median is grey: its interval leaves out one claim at either end."""

QUARTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75}
SET_ASIDE = {
    "n_in_goods": "granted in goods, which has no amount",
    "n_without_amount": "without the amount claimed or granted",
    "n_odd_amount": "with nothing claimed, or less than nothing granted",
    "n_changed_later": "appealed with a decision after the cut-off, which may have changed it",
}

METHOD = Method(
    definition=(
        "The granted amount divided by the claimed one, claim by claim. median_paid is the share "
        "that half of the approved claims reach; in_full is the share of claims paid at least what "
        "was claimed, nothing the share approved with an amount of 0. claimed_amount and "
        "granted_amount are the sums of the same claims."
    ),
    denominator=(
        "Claims approved by the cut-off, appeals counted, with both amounts. Sources tell amounts "
        "as they stand last, so the first decision alone has none of its own. Each currency has "
        "its own row."
    ),
    exclusions=(
        "Approved in goods, without one of the amounts, with nothing claimed or less than nothing "
        "granted, or appealed with a decision after a cut-off given: counted beside. Denied and "
        "open claims are not asked about here. Sums leave out claims of unknown currency."
    ),
    interval=(
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
        question="What share of the amount is paid when approved?",
        headline=_headline(rows, shares, level),
        summary=table,
        chart=_chart(by, table),
        sql=sql,
        method=METHOD,
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
    counted = {
        "n_approved": "Claims approved by the cut-off, appeals counted.",
        "n_compared": "Of these, with both amounts: the denominator of the shares.",
        "n_in_goods": "Of these, granted in goods.",
        "n_without_amount": "Of these, without the amount claimed or granted.",
        "n_odd_amount": "Of these, with nothing claimed or less than nothing granted.",
        "n_changed_later": "Of these, with an appeal decided after the cut-off.",
    }
    columns = [
        column("direction", "text", "Who claims.", (row["direction"] for row in rows)),
        column("currency", "text", "Currency of both amounts.", (row["currency"] for row in rows)),
    ]
    columns += [column(n, "count", text, (row[n] for row in rows)) for n, text in counted.items()]
    columns += interval_columns(
        ("median_paid", "lower", "upper"),
        "share",
        "median share of the claimed amount that was granted.",
        (found["median"] for found in quartiles),
    )
    for name, part in (("q25", "A quarter"), ("q75", "Three quarters")):
        values = (found[name].value for found in quartiles)
        columns.append(column(f"{name}_paid", "share", f"{part} were paid at most so.", values))
    columns += _share_columns("in_full", "claims paid all of the amount", rows, level)
    columns += _share_columns("nothing", "claims approved with an amount of 0", rows, level)
    columns.append(
        column("n_above", "count", "Claims paid above the amount.", (r["n_above"] for r in rows))
    )
    for name, what in (("claimed_amount", "asked for"), ("granted_amount", "granted")):
        sums = (None if row[name] is None else float(row[name]) for row in rows)
        columns.append(column(name, "amount", f"Sum {what} in compared claims.", sums))
    small = (row["n_compared"] < SMALL_BELOW for row in rows)
    columns.append(column("is_small", "flag", f"fewer than {SMALL_BELOW} compared", small))
    own = ("direction", "currency")
    name = group_name(by, (c.name for c in columns if by not in own or c.name != by))
    group = column(name, "text", f"The claims' {by}.", (row["group_value"] for row in rows))
    return Table((group, *(c for c in columns if c.name != name)))


def _share_columns(name: str, meaning: str, rows: Rows, level: float) -> list[Column]:
    found, n = [row[f"n_{name}"] for row in rows], [row["n_compared"] for row in rows]
    limits = wilson(found, n, level)
    return [
        column(name, "share", f"Share of {meaning}.", (row[name] for row in rows)),
        column(f"{name}_lower", "share", f"Lower limit: share of {meaning}.", limits.lower),
        column(f"{name}_upper", "share", f"Upper limit: share of {meaning}.", limits.upper),
    ]


def _headline(rows: Rows, shares: Mapping[tuple[Any, ...], Rows], level: float) -> str:
    """The median of each direction, in the currency with most claims compared."""
    parts = [
        _direction_headline(mine, shares, level)
        for direction in SIDES
        if (mine := [row for row in rows if row["direction"] == direction])
    ]
    return ("; ".join(parts) or "0 claims are approved") + "."


def _main_currency(rows: Rows) -> tuple[str, int]:
    """The currency with most claims compared, and how many they are."""
    compared: Counter[str] = Counter()
    for row in rows:
        compared[row["currency"]] += row["n_compared"]
    return compared.most_common(1)[0]


def _who(direction: str, currency: str) -> str:
    known = f" in {currency}" if currency != UNKNOWN else " of unknown currency"
    return f"approved {SIDES[direction]} claims{known}"


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
        found = _median(shares, "seller_claims", currency, level)
        yield key_number(
            f"of the amount is the median paid on {_who('seller_claims', currency)}",
            "share",
            found,
            f"{n:,} with both amounts",
        )


def _direction_headline(rows: Rows, shares: Mapping[tuple[Any, ...], Rows], level: float) -> str:
    direction = rows[0]["direction"]
    currency, n = _main_currency(rows)
    who = _who(direction, currency)
    if n < SMALL_BELOW:
        return f"{n} {who} have both amounts, too few for a share"
    found = _median(shares, direction, currency, level)
    value, lower, upper = (show_value(x, "share") for x in (found.value, found.lower, found.upper))
    full = sum(row["n_in_full"] for row in rows if row["currency"] == currency)
    return (
        f"{value} of the amount is the median paid on {n} {who} ({100 * level:g} % interval "
        f"{lower} to {upper}), {full} of them in full"
    )


def _chart(by: str, table: Table) -> dict[str, Any]:
    group = table.columns[0]
    labels = []
    for row in table.rows():
        side = "" if by == "direction" else f", {SIDES[row['direction']]}"
        currency = "" if by == "currency" else f" ({row['currency']}{side})"
        labels.append(f"{row[group.name]}{currency or side}")
    return interval_plot(
        Column(group.name, "text", group.meaning, tuple(labels)),
        table.column("median_paid"),
        table.column("lower"),
        table.column("upper"),
        size=table.column("n_compared"),
        beside=(
            table.column("in_full"), table.column("in_full_lower"), table.column("in_full_upper")
        ),
        names=("median share of the amount", "share of claims paid in full"),
        muted=table.column("is_small"),
        x_title=f"Paid when approved, by {by.replace('_', ' ')} and currency",
    )  # fmt: skip


def _caveats(rows: Rows) -> Iterator[str]:
    for name, why in SET_ASIDE.items():
        if n := sum(row[name] for row in rows):
            yield f"{quantity(n, 'claim is')} approved and set aside: {why}."
    if n := sum(row["n_above"] for row in rows):
        yield (
            f"{quantity(n, 'claim was')} paid more than was claimed: fees or tax on top, or an "
            "amount in another currency than it says."
        )
    if n := sum(row["n_compared"] for row in rows if row["currency"] == UNKNOWN):
        yield f"{quantity(n, 'claim has')} no known currency: in no sum."
    if n := sum(0 < row["n_compared"] < SMALL_BELOW for row in rows):
        yield f"{quantity(n, 'group has')} fewer than {SMALL_BELOW} claims compared: drawn grey."
