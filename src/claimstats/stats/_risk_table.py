"""Who is still open when: the counts under every curve of :mod:`claimstats.stats.survival`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Flags, Floats, Integers, columns, durations, row_counts

Number = TypeVar("Number", np.int64, np.float64)

CENSORED = 0
"""The cause of a claim that was still open when last seen."""


@dataclass(frozen=True)
class RiskTable:
    """Grouped rows, and the distinct times they fall on with the claims at risk at each.

    A claim is at risk after its entry and up to its time, both within ``entered`` and ``place`` as
    rows of `times`. One followed since it was filed entered at row -1, before all times, so that
    an end at time 0 counts.
    """

    causes: Integers
    counts: Integers
    times: Floats
    place: npt.NDArray[np.intp]
    entered: npt.NDArray[np.intp]
    at_risk: Integers

    @classmethod
    def of(
        cls,
        times: npt.ArrayLike,
        causes: Integers,
        counts: npt.ArrayLike | None,
        entries: npt.ArrayLike | None = None,
    ) -> RiskTable:
        """Check the columns, and leave out the rows that stand for no claim."""
        until = durations("times", times)
        since = np.zeros_like(until) if entries is None else durations("entries", entries)
        weights = row_counts(counts, until.size)
        columns(times=until, causes=causes, counts=weights, entries=since)
        _refuse_entry_after_end(since, until)
        some = weights > 0
        causes, weights, until, since = causes[some], weights[some], until[some], since[some]
        distinct = np.unique(np.concatenate([until, since[since > 0]]))
        place = np.searchsorted(distinct, until)
        entered = np.where(since > 0, np.searchsorted(distinct, since), -1)
        everyone = np.ones(until.size, np.bool_)
        table = cls(causes, weights, distinct, place, entered, np.zeros(distinct.size, np.int64))
        return replace(table, at_risk=table.at_risk_among(everyone))

    def by_time(self, chosen: Flags) -> Integers:
        """Claims of the chosen rows that left at each distinct time."""
        return self._summed(self.place, chosen)

    def at_risk_among(self, chosen: Flags) -> Integers:
        """Claims of the chosen rows at risk at each distinct time."""
        late = chosen & (self.entered >= 0)
        entering = self._summed(np.maximum(self.entered, 0), late)
        return from_here_on(self.by_time(chosen) - entering)

    def ended(self) -> Integers:
        """Claims that ended at each distinct time, from any cause."""
        return self.by_time(self.causes != CENSORED)

    def per_claim(self, number: Integers) -> Floats:
        """Share `number` of the claims at risk; 0 where there are none."""
        shares = np.zeros(self.times.size)
        np.divide(number, self.at_risk, out=shares, where=self.at_risk > 0)
        return shares

    def survival(self) -> Floats:
        """Product of the shares that stayed at each distinct time; exactly 0 once none did."""
        stayed = self.per_claim(self.at_risk - self.ended())
        return np.where(self.at_risk > 0, stayed, 1.0).cumprod()

    def unknown(self) -> Flags:
        """Rows from where nobody was left, though claims entered later, which tell of no share.

        Without late entries nobody is left at the last time only.
        """
        nobody_left = self.at_risk == self.ended()
        nobody_left[:1] &= self.at_risk[:1] > 0  # at the first entry nobody is left *yet*
        nobody_left[-1:] = False
        return np.logical_or.accumulate(nobody_left)

    def _summed(self, rows: npt.NDArray[np.intp], chosen: Flags) -> Integers:
        summed = np.bincount(rows, self.counts * chosen, self.times.size)
        return summed.astype(np.int64)


def _refuse_entry_after_end(since: Floats, until: Floats) -> None:
    wrong = (since > 0) & (since >= until)
    if wrong.any():
        raise ValueError(
            f"entries must lie before times; found an entry at {since[wrong][0]:g} "
            f"of a claim last seen at {until[wrong][0]:g}. Leave out claims never seen open"
        )


def from_here_on(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Sum of each element and all after it."""
    return values[::-1].cumsum(0)[::-1]


def greenwood_terms(at_risk: Integers, ended: Integers, none_left: float) -> Floats:
    """Terms of Greenwood's sum; `none_left` where all at risk end, which makes it infinite."""
    product = at_risk * (at_risk - ended).astype(np.float64)
    terms = np.where(at_risk > 0, none_left, 0.0)
    np.divide(ended, product, out=terms, where=product > 0)
    return terms


def log_log_limits(share: Floats, std_error: Floats, z: float) -> tuple[Floats, Floats]:
    """Limits on the scale log(-log(share)), where they are powers of the share itself."""
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    power = np.exp(z * std_error / (inside * -np.log(inside)))
    return inside**power, inside ** (1 / power)
