"""Which groups win less than the others: rates drawn towards the average, then ranked."""

from __future__ import annotations

import math
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
    check_positive,
    group_name,
    source_caveats,
)
from claimstats.book import Book
from claimstats.charts import funnel_plot
from claimstats.finding import Finding, Kind, Method, Table, show_value
from claimstats.language import amount, later, listed, property_label, say, say_n, sentence
from claimstats.stats.control import binomial_limits
from claimstats.stats.proportions import wilson
from claimstats.stats.shrinkage import Shrunken, shrink
from claimstats.stats.survival import Estimate
from claimstats.titles import UNKNOWN, title

FEWEST = 5
"""Decided claims below which a group has no place: its shrunken rate is nearly the average's."""

CLEAR = 0.975
"""Probability of winning less than average from which the headline names a group."""

NAMED = 3
"""Groups that the headline names at most."""

FUNNEL = (0.95, 0.998)
"""Levels of the funnel's limits, as Spiegelhalter draws them: two and three standard deviations."""

SIZES_TOLD = 120
"""Sizes at which the funnel's curves are told at most."""

PANELS = {"seller_claims": later("Seller's claims"), "buyer_claims": later("Buyers' claims")}
"""The headings of the funnels."""

COUNTED = {
    "n_claims": later("Claims of the group filed by the cut-off."),
    "n_decided": later("Of these, decided by the cut-off: the denominator."),
    "n_open": later("Of these, still open."),
    "n_excluded": later("Of these, in no rate."),
    "n_won": later("Decided claims that the seller won."),
}

CURVES = {
    "average": later("Average of the groups' true rates."),
    "n_decided": later("Claims decided."),
    "lower_95": later("Lower limit of the share won of 95 % of groups of that size and average."),
    "upper_95": later("Upper limit of the same."),
    "lower_998": later("Lower limit of 99.8 % of them."),
    "upper_998": later("Upper limit of the same."),
}

METHOD = Method(
    definition=later(
        "Won is from the seller's side: approved for the seller's own claims, not approved for the "
        "buyers'. rate is the share of decided claims won; shrunken_rate draws it towards the "
        "average of the groups by as much as it is uncertain. worse_than_average is the "
        "probability that the group's true rate is below that average. Places go from the worst."
    ),
    denominator=later(
        "Claims decided by the cut-off, per direction. Every group with a decided claim takes part "
        "in the estimate of the average; n_compared says how many do."
    ),
    exclusions=later(
        "Open claims, claims withdrawn or settled, of unknown outcome or known only from a list of "
        "approvals are in no rate. Groups below the stated number of decided claims have no place, "
        "and claims without the property form no group."
    ),
    interval=later(
        "Credible limits under a beta-binomial model whose prior is learnt from the groups, its "
        "own uncertainty carried along; Wilson's interval for the raw rate. The chart is a funnel: "
        "every group's raw rate by its size, within the exact binomial limits of 95 and 99.8 % of "
        "groups whose true rate is the average."
    ),
    literature=(
        "Christiansen CL, Morris CN (1997), J Am Stat Assoc 92:618-632, "
        "https://doi.org/10.1080/01621459.1997.10474013",
        "Spiegelhalter DJ (2005), Stat Med 24:1185-1202, https://doi.org/10.1002/sim.1970",
        "Wilson EB (1927), J Am Stat Assoc 22:209-212, "
        "https://doi.org/10.1080/01621459.1927.10502953",
    ),
)


@dataclass(frozen=True)
class Ranked:
    """A group with its shrunken rate and its place among those of its direction."""

    row: Mapping[str, Any]
    raw: Estimate
    shrunken: Estimate
    below: float
    average: float
    place: int | None
    n_compared: int


def approval_ranking(
    book: Book,
    by: str = "sku",
    *,
    as_of: datetime | None = None,
    fewest: int = FEWEST,
    decision: Decision = "first",
    level: float = 0.95,
) -> Finding:
    """Rank groups by how often the seller wins, without ranking chance.

    Answers: which articles, carriers, marketplaces or clients win less than the others?

    Parameters
    ----------
    book
        An open book.
    by
        The property whose groups are ranked: ``sku``, ``return_carrier``, ``marketplace``, a column
        of your own tracker such as ``client``, or another one as for :func:`approval_rate`.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    fewest
        Decided claims that a group needs for a place.
    decision
        ``first`` decisions, or ``final`` ones with appeals counted.
    level
        Level of the credible limits and of the raw rates' intervals.

    Returns
    -------
    Finding
        One row per group and direction, the worst first: ``place`` (null below `fewest`), the
        group, ``direction``, ``n_claims`` = ``n_decided`` + ``n_open`` + ``n_excluded``, ``n_won``;
        ``shrunken_rate``, ``lower``, ``upper`` (0 to 1, seller's side); ``worse_than_average``, a
        probability; ``average``; ``rate``, ``rate_lower``, ``rate_upper``; ``n_compared``.
        The details ``funnel`` and ``funnel_limits`` are what the chart draws: ``outside`` counts
        the limits, 95 and 99.8 %, that a group lies outside.

    Raises
    ------
    ParameterError
        The property or the decision is not there, or `fewest` is not above 0.

    Notes
    -----
    Groups differ in what their claims are about: an article that is often damaged wins less than
    one that often gets lost, whoever handles the claims. Compare within a reason before you blame.
    The two directions are never pooled.

    References
    ----------
    Christiansen CL, Morris CN (1997), https://doi.org/10.1080/01621459.1997.10474013.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.approval_ranking(book, by="marketplace")
    >>> finding.table.columns[:4]
    ['place', 'marketplace', 'direction', 'n_claims']
    """
    check_grouping(book, "approval_ranking", by, decision)
    check_positive("approval_ranking", "fewest", fewest)
    check_level("approval_ranking", level)
    as_of = check_cutoff("approval_ranking", as_of)
    sql = call("approval_ranking", by_column=by, cutoff=as_of, decision=decision)
    rows = book.rows(sql)
    ranked = [
        group
        for direction in SIDES
        for group in _ranked([r for r in rows if r["direction"] == direction], fewest, level)
    ]
    funnel, limits = _funnel(by, ranked), _funnel_limits(ranked)
    cutoff = as_of or book.as_of
    return Finding(
        name="approval_ranking",
        question=say("Which groups win less than the others?"),
        headline=_headline(by, ranked),
        summary=_table(by, ranked),
        chart=_chart(by, funnel, limits),
        sql=sql,
        method=METHOD.said(),
        caveats=(*_caveats(by, rows, ranked, funnel, fewest), *source_caveats(book, cutoff)),
        parameters={"by": by, "fewest": fewest, "decision": decision, "level": level},
        as_of=cutoff,
        details={"funnel": funnel, "funnel_limits": limits},
        to_do=tuple(_to_do(by, ranked)),
    )


def _ranked(rows: Sequence[Mapping[str, Any]], fewest: int, level: float) -> list[Ranked]:
    """The groups of one direction: those with a place from the worst, then the others by size."""
    named = [row for row in rows if row["group_value"] != UNKNOWN]
    won, decided = ([row[n] for row in named] for n in ("n_won", "n_decided"))
    found, raw = shrink(won, decided, level), wilson(won, decided, level)
    places = _places(decided, found, fewest)
    groups = [
        Ranked(
            row,
            Estimate(_share(won[k], decided[k]), float(raw.lower[k]), float(raw.upper[k]), 0),
            Estimate(float(found.rate[k]), float(found.lower[k]), float(found.upper[k]), 0),
            float(found.below[k]),
            found.average,
            places.get(k),
            found.n_groups,
        )
        for k, row in enumerate(named)
    ]
    return sorted(groups, key=lambda group: group.place or len(groups) + 1)


def _places(decided: Sequence[int], found: Shrunken, fewest: int) -> dict[int, int]:
    """The place of each group with enough claims, by its number; of equal rates the surer first."""
    if found.n_groups < 2:
        return {}
    enough = [k for k, n in enumerate(decided) if n >= fewest]
    worst_first = sorted(enough, key=lambda k: (found.rate[k], -decided[k]))
    return {k: place for place, k in enumerate(worst_first, 1)}


def _share(won: int, decided: int) -> float:
    return won / decided if decided else float("nan")


def _table(by: str, ranked: Sequence[Ranked]) -> Table:
    rows = [group.row for group in ranked]
    columns = [direction_column(row["direction"] for row in rows)]
    columns += [
        column(n, "count", say(text), (row[n] for row in rows)) for n, text in COUNTED.items()
    ]
    columns += interval_columns(
        ("shrunken_rate", "lower", "upper"),
        "share",
        say("Share won, drawn towards the average."),
        [group.shrunken for group in ranked],
    )
    columns += [
        column(
            "worse_than_average", "share",
            say("Probability that the true rate is below the average."),
            (group.below for group in ranked),
        ),
        column(
            "average", "share", say("Average of the groups' true rates."),
            (group.average for group in ranked),
        ),
    ]  # fmt: skip
    columns += interval_columns(
        ("rate", "rate_lower", "rate_upper"),
        "share",
        say("Share of decided claims won."),
        [group.raw for group in ranked],
    )
    columns += [
        column(
            "n_compared", "count", say("Groups compared in this direction."),
            (group.n_compared for group in ranked),
        ),
        column(
            "has_place", "flag", say("enough decided claims for a place"),
            (group.place is not None for group in ranked),
        ),
    ]  # fmt: skip
    place = column(
        "place", "count", say("Place in its direction, the worst first."),
        (group.place for group in ranked),
    )  # fmt: skip
    name = group_name(by, ("place", *(c.name for c in columns)))
    groups = group_column(name, by, (row["group_value"] for row in rows))
    return Table((place, groups, *columns))


def _headline(by: str, ranked: Sequence[Ranked]) -> str:
    """How many groups clearly win less than average, per direction, and which."""
    parts = []
    for direction, side in SIDES.items():
        mine = [group for group in ranked if group.row["direction"] == direction]
        placed = [group for group in mine if group.place is not None]
        if mine:
            parts.append(_direction_headline(by, say(side), mine, placed))
    return sentence(parts or [say("0 claims are in the book")])


def _direction_headline(
    by: str, side: str, mine: Sequence[Ranked], placed: Sequence[Ranked]
) -> str:
    if not placed:
        return say(
            "0 of {total} groups by {property} have enough decided {side} claims to be ranked",
            total=len(mine), property=property_label(by), side=side,
        )  # fmt: skip
    clear = [found for found in placed if found.below >= CLEAR]
    told: dict[str, object] = {
        "n": len(clear), "total": len(placed), "property": property_label(by), "side": side,
        "average": show_value(plain(placed[0].average), "share"),
    }  # fmt: skip
    if not clear:
        return say(
            "{n} of {total} groups by {property} clearly win fewer {side} claims than the average "
            "of {average}",
            **told,
        )
    named = listed(
        say("{group} {share}", group=group, share=show_value(plain(found.shrunken.value), "share"))
        for group, found in zip(_names(by, clear), clear, strict=False)
    )
    if len(clear) > NAMED:
        return say(
            "{n} of {total} groups by {property} clearly win fewer {side} claims than the average "
            "of {average}: {named} and others",
            **told, named=named,
        )  # fmt: skip
    return say(
        "{n} of {total} groups by {property} clearly win fewer {side} claims than the average "
        "of {average}: {named}",
        **told, named=named,
    )  # fmt: skip


def _names(by: str, clear: Sequence[Ranked]) -> tuple[str, ...]:
    """What a reader calls the groups that are named."""
    return tuple(title(by, found.row["group_value"]) for found in clear[:NAMED])


def _to_do(by: str, ranked: Sequence[Ranked]) -> Iterator[str]:
    """The groups that clearly win less than the others of their side."""
    for direction, side in SIDES.items():
        clear = [
            found
            for found in ranked
            if found.row["direction"] == direction
            and found.place is not None
            and found.below >= CLEAR
        ]
        named = listed(_names(by, clear))
        if len(clear) > NAMED:
            yield say(
                "Look into {named} and others: by {property}, clearly fewer {side} claims are won "
                "than on average.",
                named=named, property=property_label(by), side=say(side),
            )  # fmt: skip
        elif clear:
            yield say(
                "Look into {named}: by {property}, clearly fewer {side} claims are won than on "
                "average.",
                named=named, property=property_label(by), side=say(side),
            )  # fmt: skip


def _funnel(by: str, ranked: Sequence[Ranked]) -> Table:
    """Each group with decided claims beside the limits of its size."""
    shown = [group for group in ranked if group.row["n_decided"]]
    outside = [
        sum(not low <= group.raw.value <= high for low, high in _limits_of(group))
        for group in shown
    ]
    columns = [
        column("n_decided", "count", say("Claims decided."), (g.row["n_decided"] for g in shown)),
        column(
            "n_won", "count", say("Of these, won by the seller."), (g.row["n_won"] for g in shown)
        ),
        column("rate", "share", say("Share won."), (group.raw.value for group in shown)),
        column(
            "outside", "count", say("Limits that it lies outside: 1 is 95 %, 2 is 99.8 % too."),
            outside,
        ),
    ]  # fmt: skip
    name = group_name(by, ("direction", *(c.name for c in columns)))
    groups = group_column(name, by, (g.row["group_value"] for g in shown))
    directions = direction_column(g.row["direction"] for g in shown)
    return Table((groups, directions, *columns))


def _limits_of(group: Ranked) -> list[tuple[float, float]]:
    """The limits of a group's size around the average; none where there is no average."""
    if math.isnan(group.average):
        return []
    found = [binomial_limits(group.average, group.row["n_decided"], level) for level in FUNNEL]
    return [(float(lower), float(upper)) for lower, upper in found]


def _funnel_limits(ranked: Sequence[Ranked]) -> Table:
    """The curves of each direction's funnel, by size."""
    rows = [
        (direction, average, *values)
        for direction in SIDES
        for sizes, average in [_sizes([g for g in ranked if g.row["direction"] == direction])]
        for values in zip(
            sizes,
            *(end for level in FUNNEL for end in binomial_limits(average, sizes, level)),
            strict=True,
        )
    ]
    columns = [direction_column(row[0] for row in rows)]
    for place, (name, text) in enumerate(CURVES.items(), 1):
        kind: Kind = "count" if name == "n_decided" else "share"
        columns.append(column(name, kind, say(text), (row[place] for row in rows)))
    return Table(tuple(columns))


def _sizes(mine: Sequence[Ranked]) -> tuple[np.ndarray[Any, Any], float]:
    """Sizes at which the curves are told, close where they are steep, and the average."""
    largest = max((group.row["n_decided"] for group in mine), default=0)
    if not largest or math.isnan(mine[0].average):
        return np.array([], np.int64), math.nan
    return np.unique(np.geomspace(1, largest, SIZES_TOLD).round().astype(int)), mine[0].average


def _chart(by: str, groups: Table, limits: Table) -> dict[str, Any]:
    panel = group_name("panel", groups.names)
    group, *others = groups.columns
    shown = Table((column(group.name, "text", group.meaning, group.shown()), *others))
    return funnel_plot(
        _with_panel(shown, panel),
        _with_panel(limits, panel),
        panel=panel,
        label=group.name,
        size="n_decided",
        estimate="rate",
        outside="outside",
        target="average",
        bands=(("lower_95", "upper_95"), ("lower_998", "upper_998")),
        names=(say("95 % limits"), say("99.8 % limits")),
        x_title=say("Claims decided"),
        y_title=say(
            "Share won by the seller, each {property} a point", property=property_label(by)
        ),
    )


def _with_panel(table: Table, name: str) -> Table:
    """A table with who claims in a reader's words."""
    who = (say(PANELS[direction]) for direction in table["direction"])
    return Table((column(name, "text", say("Who claims."), who), *table.columns))


def _caveats(
    by: str, rows: Sequence[Mapping[str, Any]], ranked: Sequence[Ranked], funnel: Table, fewest: int
) -> Iterator[str]:
    for direction, side in SIDES.items():
        compared = {g.n_compared for g in ranked if g.row["direction"] == direction}
        if n := max(compared, default=0):
            yield say_n(
                "{n} group was compared by its {side} claims.",
                "{n} groups were compared by their {side} claims.",
                n,
                side=say(side),
            )
    if n := sum(group.place is None for group in ranked):
        yield say_n(
            "{n} group has no place: fewer than {fewest} decided claims, or nothing to be compared "
            "with.",
            "{n} groups have no place: fewer than {fewest} decided claims, or nothing to be "
            "compared with.",
            n, fewest=fewest,
        )  # fmt: skip
    if funnel["outside"]:
        total, out = len(funnel), sum(found > 0 for found in funnel["outside"])
        yield say_n(
            "{n} group lies outside the funnel's 95 % limits, of {total}; by chance alone "
            "{expected} would on average, or fewer.",
            "{n} groups lie outside the funnel's 95 % limits, of {total}; by chance alone "
            "{expected} would on average, or fewer.",
            out,
            total=total,
            expected=amount(f"{0.05 * total:.1f}"),
        )
    if n := sum(row["n_claims"] for row in rows if row["group_value"] == UNKNOWN):
        yield say_n(
            "{n} claim has no known {property}: in no group.",
            "{n} claims have no known {property}: in no group.",
            n,
            property=property_label(by),
        )
    if n := sum(row["n_open"] for row in rows):
        yield say_n(
            "{n} claim is open: in no rate here.", "{n} claims are open: in no rate here.", n
        )
