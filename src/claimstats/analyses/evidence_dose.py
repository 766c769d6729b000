"""Does more evidence, or better, win more: the share won by number of pieces and by score."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from claimstats.analyses._columns import column, interval_columns, limit_columns
from claimstats.analyses._evidence import (
    FEWEST_COMPARED,
    OLD_ENOUGH_DAYS,
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
from claimstats.charts import interval_plot
from claimstats.finding import Column, Finding, Method, Table, show_value
from claimstats.language import later, say, say_n, sentence
from claimstats.stats.multiplicity import benjamini_hochberg
from claimstats.stats.proportions import wilson
from claimstats.stats.trend import StratifiedTrend, Trend, cochran_armitage, stratified_trend

MEASURES = {"pieces": later("pieces"), "score": later("score")}

DOSES = {
    "pieces": {
        1: later("1 piece"), 2: later("2 pieces"), 3: later("3 pieces"), 4: later("4 pieces"),
        5: later("5 pieces or more"),
    },
    "score": {
        1: later("score below 0.25"), 2: later("score 0.25 to 0.5"), 3: later("score 0.5 to 0.75"),
        4: later("score 0.75 and above"),
    },
}  # fmt: skip
"""The doses of each measure, in a reader's words."""

STEPS = {
    "pieces": later("Each further piece of evidence"),
    "score": later("Each further quarter of the score"),
}
"""What one more of a dose is."""

SLOPES = {
    "pieces": later("{value} points in the share won for each further piece of evidence"),
    "score": later("{value} points in the share won for each further quarter of the score"),
}
"""What one more of a dose goes with."""

METHOD = Method(
    definition=later(
        "rate is the share of claims that the seller won, by the number of pieces that went with "
        "the filing (five standing for more) and by the quarter of the evidence's score, from 0 to "
        "1. usual_rate is what claims of the same programs and reasons win on average, whatever "
        "their dose: where the two differ, the mix of reasons is not why. slope_points is the "
        "change of the share won for one more piece, or one quarter more, within program and "
        "reason. Evidence went with winning; that it caused it does not follow."
    ),
    denominator=later(
        "Decided claims filed long enough before the cut-off, with a piece known to have gone with "
        "the filing; what the seller won: approved for the seller's own claims, not approved for "
        "the buyers'. n_within of them lie in programs and reasons that have two doses or more."
    ),
    exclusions=later(
        "Evidence sent after filing or on appeal is set aside, since lost claims collect more of "
        "it; so are claims that have no other: no piece on record is unknown, not a dose of none. "
        "Ratings not surely made before the decision are in no score."
    ),
    interval=later(
        "Wilson's interval for the share won. Within program and reason Mantel's test of a trend, "
        "and the slope of parallel lines with White's variance (HC1), without limits where no "
        "claim lies off the lines; with reasons mixed Cochran and Armitage's, whose "
        "departure_p_value asks whether a straight line tells all. "
        "trend_q_value is by Benjamini and Hochberg over both measures. Fewer than 20 claims "
        "within program and reason have no trend."
    ),
    literature=(
        "Mantel N (1963), J Am Stat Assoc 58:690-700, "
        "https://doi.org/10.1080/01621459.1963.10500879",
        "Armitage P (1955), Biometrics 11:375-386, https://doi.org/10.2307/3001775",
        "White H (1980), Econometrica 48:817-838, https://doi.org/10.2307/1912934",
        "Wilson EB (1927), J Am Stat Assoc 22:209-212, "
        "https://doi.org/10.1080/01621459.1927.10502953",
        "Simpson EH (1951), J R Stat Soc B 13:238-241, "
        "https://doi.org/10.1111/j.2517-6161.1951.tb00088.x",
    ),
)


@dataclass(frozen=True)
class Measured:
    """One measure of evidence with its trend, within program and reason and with reasons mixed."""

    measure: str
    within: StratifiedTrend
    raw: Trend

    @property
    def is_enough(self) -> bool:
        """Whether there is a trend to tell."""
        return self.within.n >= FEWEST_COMPARED and not math.isnan(self.within.p_value)

    @property
    def slope(self) -> Interval:
        """Points for one more of the dose, within program and reason."""
        return Interval.in_points(self.within.slope, self.within.lower, self.within.upper)

    @property
    def has_limits(self) -> bool:
        """Whether claims lie off the lines: where none do, the slope's error is not known."""
        return not math.isnan(self.within.lower)

    @property
    def raw_slope(self) -> Interval:
        """Points for one more of the dose, with reasons mixed."""
        return Interval.in_points(self.raw.slope, self.raw.lower, self.raw.upper)

    @property
    def is_simpson(self) -> bool:
        """Whether the raw trend points the other way than the one within reason."""
        return self.is_enough and is_reversed(self.raw_slope, self.slope, self.within.n)


def evidence_dose(
    book: Book,
    *,
    as_of: datetime | None = None,
    older_than_days: int = OLD_ENOUGH_DAYS,
    level: float = 0.95,
) -> Finding:
    """Follow the share won over the number of pieces and the score, within program and reason.

    Answers: does more evidence, or better evidence, win more?

    Parameters
    ----------
    book
        An open book.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    older_than_days
        Compare only claims filed at least so long before the cut-off; of younger ones the fast
        decisions alone are known.
    level
        Confidence level of the intervals; a trend is clear where its q value is below 1 - ``level``
        and its interval excludes zero.

    Returns
    -------
    Finding
        One row per ``measure`` (pieces, score) and ``dose``, in words in ``dose_is``:
        ``n_claims``, ``n_won``; ``rate`` with ``lower`` and ``upper`` (share won, 0 to 1);
        ``usual_rate`` (share that claims of the same programs and reasons win on average);
        ``is_small``. The detail ``trends`` has per measure ``n_claims``, ``n_within``,
        ``n_strata``; ``slope_points`` with its limits (percentage points for one more of the dose,
        within program and reason), ``trend_p_value``, ``trend_q_value``; ``raw_slope_points`` with
        its limits, ``raw_trend_p_value``, ``departure_p_value``; ``is_simpson``.

    Raises
    ------
    ParameterError
        A parameter is out of its range.

    Notes
    -----
    More pieces are also other kinds of pieces: what a kind goes with, the others alike, is
    ``evidence_effects``. Sellers may send more where a claim is worth more, or harder to win
    within its reason. The score holds timeliness, which is not known at filing: a claim that runs
    long has had time for late pieces. One slope hides opposite ones in different reasons.

    References
    ----------
    Mantel N (1963), https://doi.org/10.1080/01621459.1963.10500879.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.evidence_dose(book)
    >>> finding.table.select("measure", "dose", "n_claims").row(0)
    ('pieces', 1, 90)
    """
    check_days("evidence_dose", "older_than_days", older_than_days)
    check_level("evidence_dose", level)
    as_of = check_cutoff("evidence_dose", as_of)
    asked = {"older_than_days": older_than_days, "cutoff": as_of}
    counts = book.rows(call("evidence_dose_counts", **asked))
    measures = [
        _measured(measure, rows, level)
        for (measure,), rows in sorted(grouped(counts, "measure").items())
    ]
    q_values = _q_values(measures)
    table = _table(counts, level)
    aside = book.rows(call("evidence_set_aside", **asked))[0]
    cutoff = as_of or book.as_of
    return Finding(
        name="evidence_dose",
        question=say("Does more evidence, or better evidence, win more?"),
        headline=_headline(measures, q_values, level),
        summary=table,
        chart=_chart(table),
        sql=call("evidence_dose", **asked),
        method=METHOD.said(),
        caveats=(
            *set_aside_caveats(aside, older_than_days),
            *_caveats(measures, table),
            *source_caveats(book, cutoff),
        ),
        parameters={"older_than_days": older_than_days, "level": level},
        as_of=cutoff,
        details={"trends": _trends(measures, q_values)},
    )


def _measured(measure: str, rows: Sequence[Mapping[str, Any]], level: float) -> Measured:
    number = {stratum: place for place, stratum in enumerate(grouped(rows, "program", "reason"))}
    strata = [number[row["program"], row["reason"]] for row in rows]
    doses, won, n = ([row[name] for row in rows] for name in ("dose", "n_won", "n_claims"))
    return Measured(
        measure,
        stratified_trend(strata, doses, won, n, level),
        cochran_armitage(doses, won, n, level),
    )


def _q_values(measures: Sequence[Measured]) -> dict[str, float]:
    """Q values of the trends that can be told, by measure."""
    told = [each for each in measures if each.is_enough]
    found = benjamini_hochberg([each.within.p_value for each in told])
    return {each.measure: float(q) for each, q in zip(told, found, strict=True)}


def _table(counts: Sequence[Mapping[str, Any]], level: float) -> Table:
    usual = _usual_rates(counts)
    doses = dict(sorted(grouped(counts, "measure", "dose").items()))
    n, won = (
        np.array([sum(row[name] for row in rows) for rows in doses.values()])
        for name in ("n_claims", "n_won")
    )
    expected = [
        sum(r["n_claims"] * usual[r["measure"], r["program"], r["reason"]] for r in rows)
        for rows in doses.values()
    ]
    limits = wilson(won, n, level)
    return Table(
        (
            _measure_column(measure for measure, _ in doses),
            column("dose", "count", say("Pieces, or quarters of the score."),
                   (d for _, d in doses)),
            column("dose_is", "text", say("The dose in words."),
                   (DOSES[measure][dose] for measure, dose in doses),
                   titles={dose: say(dose) for own in DOSES.values() for dose in own.values()}),
            column("n_claims", "count", say("Claims compared."), n),
            column("n_won", "count", say("Of these, won by the seller."), won),
            *limit_columns(("rate", "lower", "upper"), "share", say("Share won."), won / n,
                           limits.lower, limits.upper),
            column("usual_rate", "share",
                   say("Share that claims of the same programs and reasons win on average."),
                   expected / n),
            column("is_small", "flag", say("fewer than {n} claims", n=FEWEST_COMPARED),
                   (total < FEWEST_COMPARED for total in n)),
        )
    )  # fmt: skip


def _measure_column(measures: Iterable[str]) -> Column:
    return column(
        "measure", "text", say("pieces or score."), measures,
        titles={measure: say(word) for measure, word in MEASURES.items()},
    )  # fmt: skip


def _usual_rates(counts: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], float]:
    """The share won of each measure, program and reason, whatever the dose."""
    return {
        key: sum(row["n_won"] for row in rows) / sum(row["n_claims"] for row in rows)
        for key, rows in grouped(counts, "measure", "program", "reason").items()
    }


def _trends(measures: Sequence[Measured], q_values: Mapping[str, float]) -> Table:
    nothing = Interval(math.nan, math.nan, math.nan)
    told = [each if each.is_enough else None for each in measures]
    return Table(
        (
            _measure_column(m.measure for m in measures),
            column("n_claims", "count", say("Claims compared."), (m.raw.n for m in measures)),
            column("n_within", "count",
                   say("Of these, in programs and reasons with two doses or more."),
                   (m.within.n for m in measures)),
            column("n_strata", "count", say("Programs and reasons with two doses or more."),
                   (m.within.n_strata for m in measures)),
            *interval_columns(
                ("slope_points", "slope_lower", "slope_upper"), "points",
                say("Change of the share won for one more, within program and reason."),
                (m.slope if m else nothing for m in told),
            ),
            column("trend_p_value", "p_value", say("Of no trend within program and reason."),
                   (m.within.p_value if m else None for m in told)),
            column("trend_q_value", "p_value", say("False discovery rate over the measures."),
                   (q_values.get(m.measure) for m in measures)),
            *interval_columns(
                ("raw_slope_points", "raw_slope_lower", "raw_slope_upper"), "points",
                say("Change of the share won for one more, reasons mixed."),
                (m.raw_slope if m else nothing for m in told),
            ),
            column("raw_trend_p_value", "p_value", say("Of no trend, reasons mixed."),
                   (m.raw.p_value if m else None for m in told)),
            column("departure_p_value", "p_value", say("Of a straight line, reasons mixed."),
                   (m.raw.departure_p_value if m else None for m in told)),
            column("is_simpson", "flag", say("raw and within reason point apart"),
                   (m.is_simpson for m in measures)),
        )
    )  # fmt: skip


def _headline(measures: Sequence[Measured], q_values: Mapping[str, float], level: float) -> str:
    """The slope of each measure, and whether it is clear."""
    told = [each for each in measures if each.is_enough]
    if not told:
        return say(
            "0 trends can be told yet: too few old enough claims of one program and reason have "
            "evidence of different number or score."
        )
    slopes = (_slope_told(each, q_values[each.measure], level) for each in told)
    return sentence([*slopes, say("within program and reason")])


def _slope_told(found: Measured, q_value: float, level: float) -> str:
    slope, n = found.slope, found.within.n
    value, lower, upper = (
        show_value(end, "points") for end in (slope.value, slope.lower, slope.upper)
    )
    told = say(SLOPES[found.measure], value=value)
    if found.has_limits:
        told = say(
            "{slope} ({level} % interval {lower} to {upper}; {n} claims)",
            slope=told, level=100 * level, lower=lower, upper=upper, n=n,
        )  # fmt: skip
    else:
        told = say(
            "{slope} (limits cannot be told, since no claim lies off the line; {n} claims)",
            slope=told,
            n=n,
        )
    is_clear = q_value < 1 - level and (slope.excludes_zero or not found.has_limits)
    if is_clear or math.isnan(q_value):
        return told if is_clear else say("{slope}, no clear trend", slope=told)
    q = show_value(q_value, "p_value")
    return say("{slope}, no clear trend (q = {q} over the measures)", slope=told, q=q)


def _chart(table: Table) -> dict[str, Any]:
    usual = table.column("usual_rate")
    none = Column("none", "share", say("No interval."), (None,) * len(table))
    return interval_plot(
        table.column("dose_is"),
        table.column("rate"),
        table.column("lower"),
        table.column("upper"),
        size=table.column("n_claims"),
        beside=(usual, none, none),
        names=(say("won"), say("usual for the same reasons")),
        muted=table.column("is_small"),
        x_title=say("Share won by the seller"),
    )


def _caveats(measures: Sequence[Measured], table: Table) -> Iterator[str]:
    for each in measures:
        if each.is_simpson:
            yield reversal_caveat(say(STEPS[each.measure]), each.raw_slope, each.slope)
        if alone := each.raw.n - each.within.n:
            yield say_n(
                "{n} claim lies in programs and reasons of one dose only by {measure}: in no "
                "trend.",
                "{n} claims lie in programs and reasons of one dose only by {measure}: in no "
                "trend.",
                alone,
                measure=say(MEASURES[each.measure]),
            )
    if n := sum(table["is_small"]):
        yield say_n(
            "{n} dose has fewer than {few} claims: drawn grey.",
            "{n} doses have fewer than {few} claims: drawn grey.",
            n,
            few=FEWEST_COMPARED,
        )
