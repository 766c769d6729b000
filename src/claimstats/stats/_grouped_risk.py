"""Who is at risk in which group when: the counts under the tests that compare groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, Integers, columns, row_counts
from claimstats.stats._risk_table import RiskTable

Labels = npt.NDArray[np.generic]
SMALLEST_SHARE_OF_VARIANCE = 1e-9
"""A direction with less of the largest variance than this has none but rounding."""


@dataclass(frozen=True)
class Stratum:
    """Claims of one stratum: a row for each distinct time, a column for each group."""

    at_risk: Floats
    ended: dict[int, Floats]
    """Claims that ended at each time, by cause."""

    def ended_from(self, cause: int) -> Floats:
        """Return the ends from one cause, 0 where nobody ended from it."""
        return self.ended.get(cause, np.zeros_like(self.at_risk))


@dataclass(frozen=True)
class GroupedRows:
    """Grouped rows with the group and the stratum of each; rows for no claim are left out."""

    times: Floats
    causes: Integers
    counts: Integers
    entries: Floats
    labels: Labels
    group: npt.NDArray[np.intp]
    stratum: npt.NDArray[np.intp]

    @classmethod
    def of(
        cls,
        times: npt.ArrayLike,
        causes: Integers,
        groups: npt.ArrayLike,
        counts: npt.ArrayLike | None,
        strata: npt.ArrayLike | None,
        entries: npt.ArrayLike | None = None,
    ) -> GroupedRows:
        """Check the columns; number the groups and the strata in the order of their labels."""
        when, group_of = np.asarray(times, np.float64), np.asarray(groups)
        weights = row_counts(counts, when.size)
        stratum_of = np.zeros(when.shape) if strata is None else np.asarray(strata)
        since = np.zeros(when.shape) if entries is None else np.asarray(entries, np.float64)
        columns(
            times=when, causes=causes, groups=group_of, counts=weights, strata=stratum_of,
            entries=since,
        )  # fmt: skip
        some = weights > 0
        labels, group = np.unique(group_of[some], return_inverse=True)
        _, stratum = np.unique(stratum_of[some], return_inverse=True)
        return cls(when[some], causes[some], weights[some], since[some], labels, group, stratum)

    def per_group(self, counts: Integers) -> Integers:
        """Sum a count of each row by group."""
        return np.bincount(self.group, counts, self.labels.size).astype(np.int64)

    def strata(self) -> Iterator[Stratum]:
        """Count the claims of each stratum at risk and ended."""
        for number in range(self.stratum.max(initial=-1) + 1):
            inside = self.stratum == number
            table = RiskTable.of(
                self.times[inside], self.causes[inside], self.counts[inside], self.entries[inside]
            )
            member = [self.group[inside] == group for group in range(self.labels.size)]
            yield Stratum(
                at_risk=np.stack([table.at_risk_among(m) for m in member], 1).astype(np.float64),
                ended={
                    int(cause): np.stack(
                        [table.by_time(m & (table.causes == cause)) for m in member], 1
                    ).astype(np.float64)
                    for cause in np.unique(table.causes[table.causes > 0])
                },
            )


def divided(part: Floats, whole: Floats) -> Floats:
    """Quotient of each element, 0 where the divisor is 0."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)


def quadratic_form(excess: Floats, variance: Floats) -> tuple[float, int]:
    """Chi-squared statistic of `excess`, and its degrees of freedom: the rank of `variance`.

    The excesses of all groups add to 0, so at least one direction has no variance; further ones
    where a group was never at risk beside another.
    """
    size, direction = np.linalg.eigh(variance)
    varies = size > SMALLEST_SHARE_OF_VARIANCE * size.max(initial=0.0)
    along = direction[:, varies].T @ excess
    rank = int(varies.sum())
    return (float(np.sum(along**2 / size[varies])) if rank else float("nan")), rank
