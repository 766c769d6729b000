"""Which evidence goes with winning: score, components and kinds, compared within reason."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from claimstats.analyses._columns import column, interval_columns
from claimstats.analyses._evidence import (
    FEWEST_COMPARED,
    OLD_ENOUGH_DAYS,
    SIGNIFICANT,
    Interval,
    is_reversed,
    reversal_caveat,
    set_aside_caveats,
)
from claimstats.analyses._grouping import (
    call,
    check_cutoff,
    check_days,
    check_level,
    grouped,
    source_caveats,
)
from claimstats.book import Book
from claimstats.charts import forest_plot
from claimstats.errors import ParameterError
from claimstats.finding import Column, Finding, Method, Table, show_value
from claimstats.language import amount, later, say
from claimstats.stats.correlation import Correlation, spearman
from claimstats.stats.multiplicity import benjamini_hochberg
from claimstats.stats.proportions import newcombe_difference
from claimstats.stats.stratified import Stratified, mantel_haenszel
from claimstats.titles import title

ITEM_TYPES = {
    "score": later("score"),
    "component": later("component"),
    "kind": later("kind"),
}
"""What is compared, in the order of the table."""

SCORES = {
    "score": later("score"),
    "completeness": later("completeness"),
    "clarity": later("clarity"),
    "timeliness": later("timeliness"),
    "detail": later("detail"),
}
"""The score and its components."""

COUNTED = {
    "n": later("Claims compared."),
    "n_with": later("Of n, with the kind, or the component high."),
    "n_without": later("Of n, without the kind, or the component low."),
    "n_within": later("Of n, in programs and reasons that have claims both with and without."),
}

METHOD = Method(
    definition=later(
        "Each piece of evidence is scored by a published rubric: completeness (share of the kinds "
        "the reason demands), clarity (rating / 5, or measured from the file), timeliness (sent at "
        "filing, requests answered in time) and detail (item, packaging, label, serial, order id "
        "shown), each 0 to 1; the "
        "score is the mean of the known ones. value is the rank correlation with the seller's win; "
        "speed_value with the days to the end (negative: faster); both with reasons mixed, so that "
        "what goes with quick reasons goes with speed. difference_points compares "
        "claims with and without a kind, or with a component high and low, within program and "
        "reason. Evidence went with winning; that it caused it does not follow."
    ),
    denominator=later(
        "Decided claims filed long enough before the cut-off, with a piece known to have gone with "
        "the filing; what the seller won: approved for the seller's own claims, not approved for "
        "the buyers'. n_within of them lie in programs and reasons that have claims both with and "
        "without. For speed, all claims of that age, longer times and open claims standing at the "
        "age."
    ),
    exclusions=later(
        "Evidence sent after filing or on appeal is set aside, since lost claims collect more of "
        "it; so are claims that have no other. Ratings not surely made before the decision are "
        "left out as hindsight; claims without any evidence recorded are unknown, not without "
        "evidence; unknown values stay unknown. Timeliness has no speed_value: the longer a claim "
        "runs, the more pieces and requests there are to be late; the score has it in part."
    ),
    interval=later(
        "Spearman's rank correlation with the Bonett-Wright interval; Mantel-Haenszel risk "
        "difference with Sato's variance; q values by Benjamini and Hochberg, among the kinds and "
        "among the score and its components. A Simpson flag means that the raw and the "
        "within-reason difference point apart, one interval excludes zero, and at "
        "least 20 claims are compared within reason."
    ),
    literature=(
        "Mantel N, Haenszel W (1959), J Natl Cancer Inst 22:719-748, "
        "https://doi.org/10.1093/jnci/22.4.719",
        "Sato T (1989), Biometrics 45:1323-1324, https://www.jstor.org/stable/2531784",
        "Bonett DG, Wright TA (2000), Psychometrika 65:23-28, https://doi.org/10.1007/BF02294183",
        "Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300, "
        "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
        "Simpson EH (1951), J R Stat Soc B 13:238-241, "
        "https://doi.org/10.1111/j.2517-6161.1951.tb00088.x",
    ),
)


@dataclass(frozen=True)
class Item:
    """One component or kind, compared."""

    name: str
    type: str
    n_with: int
    n_without: int
    correlation: Correlation
    within: Stratified
    raw: Interval
    speed: Correlation

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return title("kind", self.name) if self.type == "kind" else say(SCORES[self.name])

    @property
    def n(self) -> int:
        """Claims compared."""
        return self.n_with + self.n_without

    @property
    def n_within(self) -> int:
        """Of these, in programs and reasons that have claims both with and without."""
        return self.within.n

    @property
    def difference(self) -> Interval:
        """The difference within program and reason."""
        w = self.within
        return Interval.in_points(w.risk_difference, w.lower, w.upper)

    @property
    def is_simpson(self) -> bool:
        """Whether the raw difference points the other way than the one within reason."""
        return is_reversed(self.raw, self.difference, self.n_within)


def evidence_quality(
    book: Book,
    *,
    as_of: datetime | None = None,
    older_than_days: int = OLD_ENOUGH_DAYS,
    high_from: float = 0.5,
    level: float = 0.95,
) -> Finding:
    """Compare evidence at first filing with winning, within program and reason, and with speed.

    Answers: which evidence should I attach, and does a better file win more?

    Parameters
    ----------
    book
        An open book.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    older_than_days
        Compare only claims filed at least so long before the cut-off; of younger ones the fast
        decisions alone are known.
    high_from
        A component counts as high from this value on, above 0 and at most 1.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per score, component and kind: ``item``, ``item_type``, ``n`` = ``n_with`` +
        ``n_without``, ``n_within``; ``measure``, ``value``, ``lower``, ``upper`` (rank correlation
        with winning); ``difference_points``, ``difference_lower``, ``difference_upper`` (within
        program and reason, percentage points), ``raw_difference_points``; ``q_value``;
        ``is_simpson``; ``speed_n``, ``speed_value`` with its limits (rank correlation with days to
        the end, reasons mixed). The share won by number of pieces and by score is in
        ``evidence_dose``.

    Raises
    ------
    ParameterError
        A parameter is out of its range.

    Notes
    -----
    What goes with winning need not cause it: better evidence may be attached to better cases. The
    comparison within reason removes only the mix of programs and reasons. At a cut-off before the
    book's own, decisions made later are left out; evidence counts as it is recorded today.

    References
    ----------
    Mantel N, Haenszel W (1959), https://doi.org/10.1093/jnci/22.4.719.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.evidence_quality(book)
    >>> finding.table["item"][0]
    'score'
    """
    check_days("evidence_quality", "older_than_days", older_than_days)
    check_level("evidence_quality", level)
    as_of = check_cutoff("evidence_quality", as_of)
    if not 0 < high_from <= 1:
        raise ParameterError(f"evidence_quality: high_from is {high_from}; it must be in 0 to 1.")
    asked = {"older_than_days": older_than_days, "cutoff": as_of}
    counts = book.rows(call("evidence_quality_counts", **asked))
    speeds = grouped(book.rows(call("evidence_speed_counts", **asked)), "item_type", "item")
    items = [
        _compare(key, rows, speeds.get(key, []), high_from, level)
        for key, rows in grouped(counts, "item_type", "item").items()
    ]
    items.sort(key=lambda item: (list(ITEM_TYPES).index(item.type), item.name))
    table = _table(items)
    cutoff = as_of or book.as_of
    return Finding(
        name="evidence_quality",
        question=say("Which evidence goes with winning?"),
        headline=_headline(items, table, level),
        summary=table,
        chart=_chart(table),
        sql=call("evidence_quality", **asked, high_from=high_from),
        method=METHOD.said(),
        caveats=(
            *_caveats(book.rows(call("evidence_set_aside", **asked))[0], items, older_than_days),
            *source_caveats(book, cutoff),
        ),
        parameters={"older_than_days": older_than_days, "high_from": high_from, "level": level},
        as_of=cutoff,
    )


def _compare(
    key: tuple[Any, ...],
    rows: Sequence[Mapping[str, Any]],
    speeds: Sequence[Mapping[str, Any]],
    high_from: float,
    level: float,
) -> Item:
    strata = [_fourfold(own, high_from) for own in grouped(rows, "program", "reason").values()]
    won_with, n_with, won_without, n_without = (
        np.array(part) for part in zip(*strata, strict=True)
    )
    raw = newcombe_difference(
        won_with.sum(), n_with.sum(), won_without.sum(), n_without.sum(), level
    )
    return Item(
        name=key[1],
        type=key[0],
        n_with=int(n_with.sum()),
        n_without=int(n_without.sum()),
        correlation=_rank_correlation(rows, "seller_won", level),
        within=mantel_haenszel(won_with, n_with, won_without, n_without, level),
        raw=Interval.in_points(raw.value, raw.lower, raw.upper),
        speed=_rank_correlation(speeds, "age_days", level),
    )


def _fourfold(rows: Sequence[Mapping[str, Any]], high_from: float) -> tuple[int, int, int, int]:
    """Won and all claims with the item (or with it high), then without, in one stratum."""

    def count(high: bool, only_won: bool) -> int:
        return sum(
            row["n_claims"]
            for row in rows
            if (row["level"] >= high_from) == high and (row["seller_won"] or not only_won)
        )

    return count(True, True), count(True, False), count(False, True), count(False, False)


def _rank_correlation(rows: Sequence[Mapping[str, Any]], against: str, level: float) -> Correlation:
    return spearman(
        [row["level"] for row in rows],
        [float(row[against]) for row in rows],
        [row["n_claims"] for row in rows],
        level,
    )


def _q_values(items: Sequence[Item]) -> list[float]:
    """Q values within each family of questions: the kinds, and the score with its components."""
    q_values = [math.nan] * len(items)
    for is_kind in (True, False):
        places = [place for place, item in enumerate(items) if (item.type == "kind") == is_kind]
        family = benjamini_hochberg([items[place].within.p_value for place in places])
        for place, q_value in zip(places, family, strict=True):
            q_values[place] = float(q_value)
    return q_values


def _table(items: Sequence[Item]) -> Table:
    return Table(
        (
            *_item_columns(items),
            *interval_columns(
                ("value", "lower", "upper"),
                "number",
                say("rank correlation with the seller's win, -1 to 1."),
                (i.correlation for i in items),
            ),
            *interval_columns(
                ("difference_points", "difference_lower", "difference_upper"),
                "points",
                say(
                    "share won with minus without, within program and reason, in percentage points."
                ),
                (i.difference for i in items),
            ),
            column(
                "raw_difference_points",
                "points",
                say("Share won with minus without, reasons mixed, in percentage points."),
                (i.raw.value for i in items),
            ),
            column(
                "q_value",
                "p_value",
                say("False discovery rate among the kinds, or among score and components."),
                _q_values(items),
            ),
            column(
                "is_simpson",
                "flag",
                say("raw and within reason point apart"),
                (i.is_simpson for i in items),
            ),
            column(
                "speed_n", "count", say("Claims compared for speed."), (i.speed.n for i in items)
            ),
            *interval_columns(
                ("speed_value", "speed_lower", "speed_upper"),
                "number",
                say("rank correlation with days to the end, -1 to 1; negative is faster."),
                (i.speed for i in items),
            ),
        )
    )


def _item_columns(items: Sequence[Item]) -> Iterator[Column]:
    """What is compared, with how many claims, and by which measure."""
    yield column(
        "item",
        "text",
        say("The score, a component or a kind."),
        (item.name for item in items),
        titles={item.name: item.title for item in items},
    )
    yield column(
        "item_type",
        "text",
        say("score, component or kind."),
        (item.type for item in items),
        titles={name: say(text) for name, text in ITEM_TYPES.items()},
    )
    for name, text in COUNTED.items():
        yield column(name, "count", say(text), (getattr(item, name) for item in items))
    yield column(
        "measure",
        "text",
        say("How value is measured."),
        ["spearman"] * len(items),
        titles={"spearman": say("Spearman")},
    )


def _headline(items: Sequence[Item], table: Table, level: float) -> str:
    """The largest clear difference within reason among the kinds; else that there is none."""
    kinds = [
        (item, q)
        for item, q in zip(items, table["q_value"], strict=True)
        if item.type == "kind" and q is not None and item.n_within >= FEWEST_COMPARED
    ]
    if not kinds:
        return say(
            "0 kinds of evidence can be compared yet: too few old enough claims have evidence "
            "recorded."
        )
    clear = [item for item, q in kinds if q < SIGNIFICANT]
    if not clear:
        return say(
            "0 of {n} kinds of evidence differ clearly in the share won within a reason: no q "
            "value, which allows for that many comparisons, is below {least}.",
            n=len(kinds),
            least=SIGNIFICANT,
        )
    best = max(clear, key=lambda item: abs(item.difference.value))
    found = best.difference
    lower, upper = (show_value(end, "points") for end in (found.lower, found.upper))
    told = {
        "points": amount(f"{abs(found.value):.1f}"), "kind": best.title,
        "level": 100 * level, "lower": lower, "upper": upper, "n": best.n_within,
    }  # fmt: skip
    if found.value > 0:
        return say(
            "{points} points more claims were won with {kind} than without, within the same "
            "program and reason ({level} % interval {lower} to {upper}; {n} claims).",
            **told,
        )
    return say(
        "{points} points fewer claims were won with {kind} than without, within the same program "
        "and reason ({level} % interval {lower} to {upper}; {n} claims).",
        **told,
    )


def _chart(table: Table) -> dict[str, Any]:
    return forest_plot(
        table.column("item"),
        table.column("difference_points"),
        table.column("difference_lower"),
        table.column("difference_upper"),
        raw=table.column("raw_difference_points"),
        flagged=table.column("is_simpson"),
        size=table.column("n_within"),
        names=(say("within program and reason"), say("with reasons mixed")),
        x_title=say("Share won with minus without, within program and reason (points)"),
    )


def _caveats(
    aside: Mapping[str, Any], items: Sequence[Item], older_than_days: int
) -> Iterator[str]:
    yield from set_aside_caveats(aside, older_than_days)
    for item in items:
        if item.is_simpson:
            yield reversal_caveat(item.title, item.raw, item.difference)
