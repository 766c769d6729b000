"""The regression of evidence_effects: each kind of evidence, all else that is recorded alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from claimstats.analyses._evidence import Interval
from claimstats.language import say, say_n
from claimstats.stats.aliasing import aliasing
from claimstats.stats.logistic import Logistic, average_marginal_effects, logistic

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST_OF_A_LEVEL = 20
"""Claims below which a marketplace or an amount band is pooled with others as small."""

FEWEST_PER_COEFFICIENT = 10
"""Claims of the rarer outcome per coefficient below which the likelihood is penalised."""


@dataclass(frozen=True, eq=False)
class Patterns:
    """The rows of ``evidence_effects_counts`` as arrays, one element a pattern.

    Parameters
    ----------
    kinds
        Every kind that some claim had, or may have had.
    has
        A column a kind: 1 where it was there, 0 where not, NaN where nobody knows.
    strata
        The number of each pattern's program and reason.
    others
        The numbers of its marketplace and its amount band.
    won, n
        Claims won by the seller, and all.
    """

    kinds: tuple[str, ...]
    has: Floats
    strata: Integers
    others: tuple[Integers, ...]
    won: Integers
    n: Integers

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> Patterns:
        """Patterns from the rows of the macro."""
        kinds = sorted({kind for row in rows for kind in (*row["kinds"], *row["unplaced_kinds"])})
        place = {kind: column for column, kind in enumerate(kinds)}
        has = np.zeros((len(rows), len(kinds)))
        for pattern, row in enumerate(rows):
            has[pattern, [place[kind] for kind in row["unplaced_kinds"]]] = np.nan
            has[pattern, [place[kind] for kind in row["kinds"]]] = 1
        return cls(
            tuple(kinds),
            has,
            _numbers([(row["program"], row["reason"]) for row in rows]),
            tuple(_numbers([row[name] for row in rows]) for name in ("marketplace", "amount_band")),
            np.array([row["n_won"] for row in rows], np.int64),
            np.array([row["n_claims"] for row in rows], np.int64),
        )

    def where(self, chosen: Flags) -> Patterns:
        """Some of the patterns."""
        others = tuple(numbers[chosen] for numbers in self.others)
        return Patterns(
            self.kinds, self.has[chosen], self.strata[chosen], others, self.won[chosen],
            self.n[chosen],
        )  # fmt: skip

    def column(self, kind: str) -> Floats:
        """Whether each pattern has a kind."""
        found: Floats = self.has[:, self.kinds.index(kind)]
        return found

    def by_stratum(self, counted: npt.NDArray[Any]) -> Integers:
        """Sums of counts over each program and reason."""
        return np.bincount(self.strata, counted, self.strata.max(initial=-1) + 1).astype(np.int64)

    def cells(self, kind: str) -> tuple[Integers, Integers, Integers, Integers]:
        """Won with, all with, won without and all without a kind, one element a stratum."""
        there, lacking = self.column(kind) == 1, self.column(kind) == 0
        return (
            self.by_stratum(self.won * there), self.by_stratum(self.n * there),
            self.by_stratum(self.won * lacking), self.by_stratum(self.n * lacking),
        )  # fmt: skip


@dataclass(frozen=True)
class Adjusted:
    """What one kind goes with, all else alike; NaN where the kind cannot be told from the rest."""

    odds_ratio: Interval
    p_value: float
    effect: Interval
    n: int
    is_separated: bool


NOTHING = Interval(math.nan, math.nan, math.nan)
NOT_ADJUSTED = Adjusted(NOTHING, math.nan, NOTHING, 0, False)


@dataclass(frozen=True)
class Regression:
    """The kinds, and what the regression rests on.

    Parameters
    ----------
    kinds
        What each kind goes with; those that cannot be told apart are not there.
    n_unknown, n_alike
        Claims left out: of some compared kind nobody knows whether it was there; all claims of
        the program and reason ended alike.
    is_penalised
        Whether Firth's penalty was taken.
    """

    kinds: Mapping[str, Adjusted]
    n_unknown: int
    n_alike: int
    is_penalised: bool


def adjust(patterns: Patterns, kinds: Sequence[str], level: float) -> Regression:
    """Regress winning on the kinds, program and reason, marketplace and amount band at once."""
    if not kinds:
        return Regression({}, 0, 0, False)
    chosen = np.column_stack([patterns.column(kind) for kind in kinds])
    known = np.asarray(~np.isnan(chosen).any(axis=1))
    used = patterns.where(known)
    lost = used.n - used.won
    fewer = np.minimum(used.by_stratum(used.won), used.by_stratum(lost))
    mixed = fewer[used.strata] > 0
    n_unknown, n_alike = int(patterns.n[~known].sum()), int(used.n[~mixed].sum())
    used = used.where(mixed)
    if not used.n.size:
        return Regression({}, n_unknown, n_alike, False)
    beside = _beside(used)
    design = np.column_stack([beside, *(used.column(kind) for kind in kinds)])
    told = aliasing(design, used.n)
    wanted = {
        kinds[number - beside.shape[1]]: column
        for column, number in enumerate(np.flatnonzero(told.kept))
        if number >= beside.shape[1] and told.estimable[number]
    }
    design = design[:, told.kept]
    fit = _fit(design, used, level)
    odds = _odds_ratios(fit, design, used, wanted, level)
    found = {}
    for kind, number in wanted.items():
        effect, n = _effect(fit, design, used, number, level)
        found[kind] = Adjusted(*odds[kind], effect, n, bool(fit.separated[number]))
    return Regression(found, n_unknown, n_alike, fit.penalised)


def left_out_caveats(fit: Regression) -> Iterator[str]:
    """Say what the regression leaves out, and whether it is penalised."""
    if fit.n_unknown:
        yield say_n(
            "{n} claim is not in the regression: whether a compared kind was there is unknown.",
            "{n} claims are not in the regression: whether a compared kind was there is unknown.",
            fit.n_unknown,
        )
    if fit.n_alike:
        yield say_n(
            "{n} claim is not in the regression: all of the same program and reason ended alike.",
            "{n} claims are not in the regression: all of the same program and reason ended alike.",
            fit.n_alike,
        )
    if fit.is_penalised:
        yield say(
            "The regression is penalised (Firth): claims are few for its coefficients, or a kind "
            "tells all wins from losses."
        )


def _beside(patterns: Patterns) -> Floats:
    """Columns of zeros and ones: each program and reason, then marketplaces and amount bands."""
    blocks = [patterns.strata[:, None] == np.unique(patterns.strata)]
    for numbers in patterns.others:
        levels, place = np.unique(numbers, return_inverse=True)
        claims = np.bincount(place, patterns.n)
        large = np.flatnonzero(claims >= FEWEST_OF_A_LEVEL)
        # One level is what the others are compared with: the small ones together, else the largest.
        shown = large if large.size < levels.size else np.delete(large, np.argmax(claims[large]))
        blocks.append(place[:, None] == shown)
    return np.column_stack(blocks).astype(np.float64)


def _fit(design: Floats, used: Patterns, level: float) -> Logistic:
    """Plain likelihood where claims are many; Firth's where they are few or kinds separate them."""
    won = int(used.won.sum())
    rarer = min(won, int(used.n.sum()) - won)
    penalised = True if rarer < FEWEST_PER_COEFFICIENT * design.shape[1] else None
    return logistic(design, used.won, used.n, level, penalised=penalised, profiled=False)


def _odds_ratios(
    fit: Logistic, design: Floats, used: Patterns, wanted: Mapping[str, int], level: float
) -> dict[str, tuple[Interval, float]]:
    """Odds ratio and p value of each kind: from profiles where Wald's limits are no guide."""
    separated = [column for column in wanted.values() if fit.separated[column]]
    profiled = logistic(design, used.won, used.n, level, profile_of=separated) if separated else fit
    found = {}
    for kind, column in wanted.items():
        source = profiled if fit.separated[column] else fit
        limits = (source.coefficients, source.lower, source.upper)
        odds = Interval(*(float(np.exp(part[column])) for part in limits))
        found[kind] = odds, float(source.p_values[column])
    return found


def _effect(
    fit: Logistic, design: Floats, used: Patterns, column: int, level: float
) -> tuple[Interval, int]:
    """The effect of a kind over the claims whose program and reason have both, and their number."""
    n_with, n_all = used.by_stratum(used.n * design[:, column]), used.by_stratum(used.n)
    compared = ((n_with > 0) & (n_with < n_all))[used.strata]
    n = used.n[compared]
    found = average_marginal_effects(fit, design[compared], n, level, effect_of=[column])
    points = Interval.in_points(found.value[column], found.lower[column], found.upper[column])
    return points, int(n.sum())


def _numbers(values: Sequence[Any]) -> Integers:
    """The number of each value, in the order of their first occurrence."""
    number = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return np.array([number[value] for value in values], np.int64)
