"""What each kind of evidence goes with, other kinds, program and reason alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from claimstats.analyses._adjusted import (
    NOT_ADJUSTED,
    NOTHING,
    Adjusted,
    Patterns,
    Regression,
    adjust,
    left_out_caveats,
)
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
    check_positive,
    source_caveats,
)
from claimstats.book import Book
from claimstats.charts import forest_plot
from claimstats.finding import Column, Finding, Method, Table, show_value
from claimstats.language import amount, later, listed, say, say_n
from claimstats.stats.multiplicity import benjamini_hochberg
from claimstats.stats.proportions import newcombe_difference
from claimstats.stats.stratified import Stratified, breslow_day, mantel_haenszel
from claimstats.titles import title, titles

FEWEST_OF_A_SIDE = 5
"""Claims with and claims without a kind, within reason, below which it is not compared."""

TOO_FEW = later("too few claims")
NOT_TOLD_APART = later("not told apart")
"""Why a kind has no number."""

ALIASED = later(
    "they always come together, or go exactly with a marketplace or amount band, or never vary "
    "where claims were both won and lost"
)
"""What keeps kinds of enough claims from being told apart."""

METHOD = Method(
    definition=later(
        "effect_points is how many points more claims were won, by a regression, with a kind at "
        "first filing than without it, all else alike that is recorded: the other kinds, program "
        "and reason, marketplace, and amount band (small, middle or large against the average in "
        "its currency). adjusted_odds_ratio is the same as an odds ratio. "
        "difference_points and odds_ratio hold only program and reason alike. Evidence went with "
        "winning; that it caused it does not follow."
    ),
    denominator=later(
        "Decided claims filed long enough before the cut-off, with a piece known to have gone with "
        "the filing; what the seller won: approved for the seller's own claims, not approved for "
        "the buyers'. n_within of them lie in programs and reasons that have claims both with and "
        "without the kind; overlap_share is their share. effect_points is an average over "
        "n_adjusted of these."
    ),
    exclusions=later(
        "Evidence sent after filing or on appeal is set aside, since lost claims collect more of "
        "it; so are claims that have no other. A kind is compared from the stated number of "
        "claims within reason on, 5 of them with it and 5 without; kinds below it do not adjust "
        "the others. The regression leaves out claims of which nobody knows whether a compared "
        "kind was there, and programs and reasons where all claims ended alike. Kinds that always "
        "come together, or go exactly with a marketplace or amount band, are not told apart. "
        "Marketplaces and bands of fewer than 20 claims are pooled."
    ),
    interval=later(
        "Logistic regression on patterns of covariates; Wald limits, and average marginal effects "
        "with errors by the delta method. With fewer than 10 claims of the rarer outcome per "
        "coefficient, or where a kind tells all wins from losses, Firth's penalised likelihood; "
        "the odds ratio of such a kind has profile limits. Mantel-Haenszel risk "
        "difference with Sato's variance and odds ratio with Robins, Breslow and Greenland's. "
        "effect_q_value is by Benjamini and Hochberg over the kinds told apart; "
        "homogeneity_p_value is Breslow and Day's test, with Tarone's correction, of one odds "
        "ratio in all programs and reasons."
    ),
    literature=(
        "Firth D (1993), Biometrika 80:27-38, https://doi.org/10.1093/biomet/80.1.27",
        "Heinze G, Schemper M (2002), Stat Med 21:2409-2419, https://doi.org/10.1002/sim.1047",
        "Bartus T (2005), Stata J 5:309-329, https://doi.org/10.1177/1536867X0500500303",
        "Mantel N, Haenszel W (1959), J Natl Cancer Inst 22:719-748, "
        "https://doi.org/10.1093/jnci/22.4.719",
        "Tarone RE (1985), Biometrika 72:91-95, https://doi.org/10.1093/biomet/72.1.91",
        "Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300, "
        "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
    ),
)


@dataclass(frozen=True)
class Kind:
    """One kind of evidence: its cells, and what it goes with; NaN where it is not compared."""

    name: str
    n_with: int
    won_with: int
    n_without: int
    won_without: int
    n_unknown: int
    raw: Stratified
    raw_points: Interval
    within: Stratified
    homogeneity: float
    is_enough: bool
    adjusted: Adjusted = NOT_ADJUSTED

    @property
    def shown(self) -> str:
        """The kind as a reader sees it."""
        return title("kind", self.name)

    @property
    def difference(self) -> Interval:
        """The difference within program and reason."""
        w = self.within
        return Interval.in_points(w.risk_difference, w.lower, w.upper)

    @property
    def odds_ratio(self) -> Interval:
        """The odds ratio within program and reason."""
        return Interval(self.within.odds_ratio, self.within.odds_lower, self.within.odds_upper)

    @property
    def overlap(self) -> float:
        """Share of the claims that lie in programs and reasons with both sides."""
        n = self.n_with + self.n_without
        return self.within.n / n if n else math.nan

    @property
    def is_simpson(self) -> bool:
        """Whether the raw difference points the other way than the one within reason."""
        return self.is_enough and is_reversed(self.raw_points, self.difference, self.within.n)

    @property
    def refused_why(self) -> str | None:
        """Why there is no number."""
        if not self.is_enough:
            return TOO_FEW
        return None if self.adjusted.n else NOT_TOLD_APART


def evidence_effects(
    book: Book,
    *,
    as_of: datetime | None = None,
    older_than_days: int = OLD_ENOUGH_DAYS,
    fewest: int = FEWEST_COMPARED,
    level: float = 0.95,
) -> Finding:
    """Compare kinds of evidence with winning, other kinds, program and reason alike.

    Answers: what does each kind of evidence go with, other kinds and reason alike?

    Parameters
    ----------
    book
        An open book.
    as_of
        The cut-off (UTC): the book's own, the time of its latest event, unless given.
    older_than_days
        Compare only claims filed at least so long before the cut-off; of younger ones the fast
        decisions alone are known.
    fewest
        Claims in programs and reasons that have claims both with and without a kind, below which
        it is not compared.
    level
        Confidence level of the intervals; a difference is clear where its q value is below
        1 - ``level`` and its interval excludes zero.

    Returns
    -------
    Finding
        One row per kind, those that most claims compare first: ``kind``; the cells ``n_with``,
        ``won_with``, ``n_without``, ``won_without``, ``n_unknown``; the overlap ``n_within``,
        ``overlap_share``, ``n_strata``; ``effect_points`` with its limits (percentage points, all
        else alike), ``adjusted_odds_ratio`` with its limits, ``effect_q_value``, ``n_adjusted``;
        ``difference_points`` and ``odds_ratio`` with their limits (program and reason alike),
        ``homogeneity_p_value``; ``raw_difference_points``, ``raw_odds_ratio``; ``is_simpson``,
        ``is_separated``; ``refused_why`` where there is no number.

    Raises
    ------
    ParameterError
        A parameter is out of its range.

    Notes
    -----
    What is not recorded is not held alike: better evidence may be attached to better cases. One
    effect for all programs and reasons hides different ones; where ``homogeneity_p_value`` is
    small, look at ``evidence_plan``, whose ``comparisons`` are by program and reason. The adjusted
    odds ratio is not the one within reason even where nothing confounds: odds ratios change with
    what is held alike, points do not.

    References
    ----------
    Firth D (1993), https://doi.org/10.1093/biomet/80.1.27.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.evidence_effects(book)
    >>> (row,) = finding.summary.where("kind", "photo_serial").rows()
    >>> row["raw_odds_ratio"] < 1 < row["adjusted_odds_ratio"], row["is_simpson"]
    (True, True)
    """
    check_days("evidence_effects", "older_than_days", older_than_days)
    check_positive("evidence_effects", "fewest", fewest)
    check_level("evidence_effects", level)
    as_of = check_cutoff("evidence_effects", as_of)
    asked = {"older_than_days": older_than_days, "cutoff": as_of}
    patterns = Patterns.of(book.rows(call("evidence_effects_counts", **asked)))
    kinds, fit = _compared(patterns, fewest, level)
    told = [kind for kind in kinds if kind.refused_why is None]
    q_values = _q_values(told, [kind.adjusted.p_value for kind in told])
    table = _table(kinds, q_values)
    aside = book.rows(call("evidence_set_aside", **asked))[0]
    cutoff = as_of or book.as_of
    return Finding(
        name="evidence_effects",
        question=say("What does each kind of evidence go with, other kinds and reason alike?"),
        headline=_headline(kinds, q_values, level),
        summary=table,
        chart=_chart(table),
        sql=call("evidence_effects", **asked),
        method=METHOD.said(),
        caveats=(
            *set_aside_caveats(aside, older_than_days),
            *_caveats(kinds, fit, fewest),
            *source_caveats(book, cutoff),
        ),
        parameters={"older_than_days": older_than_days, "fewest": fewest, "level": level},
        as_of=cutoff,
    )


def _compared(patterns: Patterns, fewest: int, level: float) -> tuple[list[Kind], Regression]:
    """Every kind within program and reason, then all that have enough claims by regression."""
    kinds = [_within(patterns, name, fewest, level) for name in patterns.kinds]
    kinds.sort(key=lambda kind: (-kind.within.n, kind.name))
    fit = adjust(patterns, [kind.name for kind in kinds if kind.is_enough], level)
    adjusted = [replace(k, adjusted=fit.kinds.get(k.name, NOT_ADJUSTED)) for k in kinds]
    return adjusted, fit


def _within(patterns: Patterns, name: str, fewest: int, level: float) -> Kind:
    cells = patterns.cells(name)
    won_with, n_with, won_without, n_without = (int(cell.sum()) for cell in cells)
    within, both = mantel_haenszel(*cells, level), (cells[1] > 0) & (cells[3] > 0)
    sides = (cells[1][both].sum(), cells[3][both].sum())
    raw = newcombe_difference(won_with, n_with, won_without, n_without, level)
    return Kind(
        name=name,
        n_with=n_with,
        won_with=won_with,
        n_without=n_without,
        won_without=won_without,
        n_unknown=int(patterns.n.sum()) - n_with - n_without,
        raw=mantel_haenszel([won_with], [n_with], [won_without], [n_without], level),
        raw_points=Interval.in_points(raw.value, raw.lower, raw.upper),
        within=within,
        homogeneity=breslow_day(*cells).p_value,
        is_enough=within.n >= fewest and min(sides) >= FEWEST_OF_A_SIDE,
    )


def _q_values(kinds: Sequence[Kind], p_values: Sequence[float]) -> dict[str, float]:
    """Q values of the kinds by name."""
    found = benjamini_hochberg(p_values)
    return {kind.name: float(q) for kind, q in zip(kinds, found, strict=True)}


def _table(kinds: Sequence[Kind], q_values: Mapping[str, float]) -> Table:
    return Table(
        (
            column("kind", "text", say("The kind of evidence."), (k.name for k in kinds),
                   titles=titles("kind")),
            *_count_columns(kinds),
            *_adjusted_columns(kinds, q_values),
            *_within_columns([k if k.is_enough else None for k in kinds]),
            column("is_simpson", "flag", say("raw and within reason point apart"),
                   (k.is_simpson for k in kinds)),
            column("is_separated", "flag", say("unpenalised, its odds ratio is 0 or infinite"),
                   (k.adjusted.is_separated for k in kinds)),
            column("refused_why", "text", say("Why there is no number."),
                   (k.refused_why for k in kinds),
                   titles={why: say(why) for why in (TOO_FEW, NOT_TOLD_APART)}),
        )
    )  # fmt: skip


def _count_columns(kinds: Sequence[Kind]) -> Iterator[Column]:
    counted = {
        "n_with": say("Claims compared that had the kind at filing."),
        "won_with": say("Of n_with, won by the seller."),
        "n_without": say("Claims compared that did not have it."),
        "won_without": say("Of n_without, won by the seller."),
        "n_unknown": say("Claims of which nobody knows whether they had it."),
    }
    for name, meaning in counted.items():
        yield column(name, "count", meaning, (getattr(k, name) for k in kinds))
    yield column(
        "n_within", "count", say("Claims in programs and reasons that have both sides."),
        (k.within.n for k in kinds),
    )  # fmt: skip
    yield column(
        "overlap_share", "share", say("n_within of n_with and n_without."),
        (k.overlap for k in kinds),
    )  # fmt: skip
    yield column(
        "n_strata", "count", say("Programs and reasons that have both."),
        (k.within.n_strata for k in kinds),
    )  # fmt: skip


def _adjusted_columns(kinds: Sequence[Kind], q_values: Mapping[str, float]) -> Iterator[Column]:
    yield from interval_columns(
        ("effect_points", "effect_lower", "effect_upper"), "points",
        say("Share won with minus without, all else alike, in percentage points."),
        (k.adjusted.effect for k in kinds),
    )  # fmt: skip
    yield from interval_columns(
        ("adjusted_odds_ratio", "adjusted_lower", "adjusted_upper"), "number",
        say("Odds of winning with over without, all else alike."),
        (k.adjusted.odds_ratio for k in kinds),
    )  # fmt: skip
    yield column(
        "effect_q_value", "p_value", say("False discovery rate among the kinds."),
        (q_values.get(k.name) for k in kinds),
    )  # fmt: skip
    yield column(
        "n_adjusted", "count", say("Claims that effect_points is an average over."),
        (k.adjusted.n for k in kinds),
    )  # fmt: skip


def _within_columns(kinds: Sequence[Kind | None]) -> Iterator[Column]:
    """Columns of the comparison within program and reason, empty where there are too few claims."""
    yield from interval_columns(
        ("difference_points", "difference_lower", "difference_upper"), "points",
        say("Share won with minus without, within program and reason, in percentage points."),
        (k.difference if k else NOTHING for k in kinds),
    )  # fmt: skip
    yield from interval_columns(
        ("odds_ratio", "odds_lower", "odds_upper"), "number",
        say("Odds of winning with over without, within program and reason."),
        (_finite(k.odds_ratio) if k else NOTHING for k in kinds),
    )  # fmt: skip
    yield column(
        "homogeneity_p_value", "p_value", say("Of one odds ratio in all programs and reasons."),
        (k.homogeneity if k else None for k in kinds),
    )  # fmt: skip
    yield column(
        "raw_difference_points", "points", say("Share won with minus without, reasons mixed."),
        (k.raw_points.value if k else None for k in kinds),
    )  # fmt: skip
    yield column(
        "raw_odds_ratio", "number", say("Odds of winning with over without, reasons mixed."),
        (_finite(Interval(k.raw.odds_ratio, 0, 0)).value if k else None for k in kinds),
    )  # fmt: skip


def _finite(found: Interval) -> Interval:
    """An odds ratio; none where it is infinite, since no claim with the kind was lost."""
    return found if math.isfinite(found.value) else NOTHING


def _headline(kinds: Sequence[Kind], q_values: Mapping[str, float], level: float) -> str:
    """The largest clear effect; else that there is none, or why none can be told."""
    told = [kind for kind in kinds if kind.refused_why is None]
    if not told:
        return _nothing_told(sum(kind.is_enough for kind in kinds))
    clear = [k for k in told if q_values[k.name] < 1 - level and k.adjusted.effect.excludes_zero]
    if not clear:
        return say_n(
            "0 of {n} kind of evidence differs clearly in the share won, other kinds, program and "
            "reason alike: none has a q value, which allows for that many comparisons, below {q} "
            "and an interval without zero.",
            "0 of {n} kinds of evidence differ clearly in the share won, other kinds, program and "
            "reason alike: none has a q value, which allows for that many comparisons, below {q} "
            "and an interval without zero.",
            len(told),
            q=1 - level,
        )
    return _largest(max(clear, key=lambda kind: abs(kind.adjusted.effect.value)), level)


def _largest(best: Kind, level: float) -> str:
    """How many points more, or fewer, were won with a kind."""
    found = best.adjusted.effect
    lower, upper = (show_value(end, "points") for end in (found.lower, found.upper))
    told = {
        "points": amount(f"{abs(found.value):.1f}"), "kind": best.shown, "level": 100 * level,
        "lower": lower, "upper": upper, "n": best.adjusted.n,
    }  # fmt: skip
    if found.value > 0:
        return say(
            "{points} points more claims were won with {kind} than without, other kinds, program "
            "and reason alike ({level} % interval {lower} to {upper}; {n} claims).",
            **told,
        )
    return say(
        "{points} points fewer claims were won with {kind} than without, other kinds, program "
        "and reason alike ({level} % interval {lower} to {upper}; {n} claims).",
        **told,
    )


def _nothing_told(n_enough: int) -> str:
    """Why no kind has a number: claims are too few, or many but the same for all that is known."""
    if n_enough:
        return say_n(
            "0 of {n} kind of evidence with enough claims can be told apart: {why}.",
            "0 of {n} kinds of evidence with enough claims can be told apart: {why}.",
            n_enough,
            why=say(ALIASED),
        )
    return say(
        "0 kinds of evidence can be compared yet: too few old enough claims have them and lack "
        "them within a reason."
    )


def _chart(table: Table) -> dict[str, Any]:
    return forest_plot(
        table.column("kind"),
        table.column("effect_points"),
        table.column("effect_lower"),
        table.column("effect_upper"),
        raw=table.column("raw_difference_points"),
        flagged=table.column("is_simpson"),
        size=table.column("n_adjusted"),
        names=(say("other kinds and reason alike"), say("with reasons mixed")),
        x_title=say("Share won with minus without, all else alike (points)"),
    )


def _caveats(kinds: Sequence[Kind], fit: Regression, fewest: int) -> Iterator[str]:
    for kind in kinds:
        if kind.is_simpson:
            yield reversal_caveat(kind.shown, kind.raw_points, kind.difference)
    tested = [kind for kind in kinds if kind.is_enough and not math.isnan(kind.homogeneity)]
    q_values = _q_values(tested, [kind.homogeneity for kind in tested])
    for kind in tested:
        if q_values[kind.name] < SIGNIFICANT:
            yield say(
                "{kind} does not go with the same in all {n} programs and reasons: one number "
                "hides that; see evidence_plan's comparisons.",
                kind=kind.shown,
                n=kind.within.n_strata,
            )
    if alike := [kind.shown for kind in kinds if kind.refused_why == NOT_TOLD_APART]:
        yield say("{kinds}: not told apart, since {why}.", kinds=listed(alike), why=say(ALIASED))
    if n := sum(not kind.is_enough for kind in kinds):
        yield say_n(
            "{n} kind has fewer than {few} claims within reason, or fewer than {side} with or "
            "without it: not compared.",
            "{n} kinds have fewer than {few} claims within reason, or fewer than {side} with or "
            "without it: not compared.",
            n, few=fewest, side=FEWEST_OF_A_SIDE,
        )  # fmt: skip
    yield from left_out_caveats(fit)
