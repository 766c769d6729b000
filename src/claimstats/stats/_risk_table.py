"""Who is still open when: the counts under every curve of :mod:`claimstats.stats.survival`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Flags, Floats, Integers, columns, durations, row_counts

Number = TypeVar("Number", np.int64, np.float64)

CENSORED = 0
"""The cause of a claim that was still open when last seen."""


@dataclass(frozen=True)
class RiskTable:
    """Grouped rows, and the distinct times they fall on with the claims at risk at each."""

    causes: Integers
    counts: Integers
    times: Floats
    place: npt.NDArray[np.intp]
    at_risk: Integers

    @classmethod
    def of(cls, times: npt.ArrayLike, causes: Integers, counts: npt.ArrayLike | None) -> RiskTable:
        """Check the columns, and leave out the rows that stand for no claim."""
        when = durations("times", times)
        weights = row_counts(counts, when.size)
        columns(times=when, causes=causes, counts=weights)
        some = weights > 0
        distinct, place = np.unique(when[some], return_inverse=True)
        leaving = np.bincount(place, weights[some], distinct.size).astype(np.int64)
        return cls(causes[some], weights[some], distinct, place, from_here_on(leaving))

    def by_time(self, chosen: Flags) -> Integers:
        """Claims of the chosen rows at each distinct time."""
        summed = np.bincount(self.place, self.counts * chosen, self.times.size)
        return summed.astype(np.int64)

    def ended(self) -> Integers:
        """Claims that ended at each distinct time, from any cause."""
        return self.by_time(self.causes != CENSORED)

    def survival(self) -> Floats:
        """Share of all claims still open after each distinct time; exactly 0 once none is."""
        left = (self.at_risk - self.ended()).astype(np.float64)
        return (left / self.at_risk).cumprod()


def from_here_on(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Sum of each element and all after it."""
    return values[::-1].cumsum()[::-1]


def greenwood_terms(table: RiskTable, none_left: float) -> Floats:
    """Terms of Greenwood's sum; `none_left` where all at risk end, which makes it infinite."""
    ended = table.ended().astype(np.float64)
    product = table.at_risk * (table.at_risk - ended)
    terms = np.full(product.shape, none_left)
    np.divide(ended, product, out=terms, where=product > 0)
    return terms


def log_log_limits(share: Floats, std_error: Floats, z: float) -> tuple[Floats, Floats]:
    """Limits on the scale log(-log(share)), where they are powers of the share itself."""
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    power = np.exp(z * std_error / (inside * -np.log(inside)))
    return inside**power, inside ** (1 / power)
