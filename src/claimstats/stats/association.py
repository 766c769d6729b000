"""How strongly two columns of names, such as reason and carrier, go together, on grouped counts.

Libraries want the whole table; here only the cells that hold claims are needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, Integers, columns, row_counts
from claimstats.stats._distributions import (
    chi_squared_p_value,
    critical_value,
    noncentrality_limits,
)


@dataclass(frozen=True)
class Association:
    """Cramer's V of `n` claims, 0 to 1; NaN where a column has fewer than two values.

    Parameters
    ----------
    n
        Claims.
    value
        V corrected for bias.
    lower, upper
        Limits of V.
    raw
        V without the correction, which is too large: never below 0 even where nothing is.
    chi_squared, degrees_of_freedom, p_value
        Pearson's test of independence, without continuity correction.
    """

    n: int
    value: float
    lower: float
    upper: float
    raw: float
    chi_squared: float
    degrees_of_freedom: int
    p_value: float


def cramers_v(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> Association:
    """Cramer's V, corrected for bias as Bergsma proposed.

    Parameters
    ----------
    x, y
        The two values of each row: names or numbers, whose order does not matter. An unknown
        value is to be given a name or left out before.
    counts
        How many claims each row stands for; one each by default.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Association
        All but `n` and `degrees_of_freedom` NaN where a column has fewer than two values.

    Raises
    ------
    ValueError
        For columns of unequal length and counts that are none.

    Notes
    -----
    Without correction V grows with the number of values and falls with the number of claims, so
    that a column of forty carriers always beats one of two. The correction takes away what
    chance alone gives.

    The limits invert the noncentral chi-squared, which takes the root of chi-squared over `n` to
    have a standard error of one over the root of `n`. Where the delta method finds a larger one,
    as in tables with one small corner, the limits are moved away from the estimate in proportion;
    where it finds a smaller one, as for strong associations, they stay longer than need be.
    The lower limit is 0 unless the test refuses independence at half of 1 - `level`. A table more
    even than chance makes it has the limits of one that is as even as chance makes it.
    With cells expected below about five the p value and the limits are rough.

    References
    ----------
    Bergsma W (2013), J Korean Stat Soc 42:323-328, https://doi.org/10.1016/j.jkss.2012.10.002.
    Smithson M (2003), Confidence Intervals, Sage, chapter 4 (noncentral chi-squared).
    Bishop YMM, Fienberg SE, Holland PW (1975), Discrete Multivariate Analysis, MIT Press,
    section 11.3 (variance of the mean square contingency).

    Examples
    --------
    >>> found = cramers_v(["UPS", "UPS", "DHL", "DHL"], ["lost", "late"] * 2, [30, 10, 10, 30])
    >>> round(found.value, 3), round(found.lower, 3), round(found.upper, 3), round(found.raw, 3)
    (0.49, 0.281, 0.719, 0.5)
    """
    critical_value(level)
    cells = _Cells.of(x, y, counts)
    rows, across, n = cells.of_x.size, cells.of_y.size, cells.n
    freedom = max(rows - 1, 0) * max(across - 1, 0)
    if freedom == 0:
        nan = math.nan
        return Association(n, nan, nan, nan, nan, nan, freedom, nan)
    phi_squared = cells.mean_square_contingency()
    unbiased = max(phi_squared - freedom / (n - 1), 0.0)
    most = min(rows - (rows - 1) ** 2 / (n - 1), across - (across - 1) ** 2 / (n - 1)) - 1
    smaller = min(rows, across) - 1
    lower, upper = _limits(cells, math.sqrt(unbiased), phi_squared, freedom, level)
    return Association(
        n=n,
        value=min(math.sqrt(unbiased / most), 1.0) if most > 0 else math.nan,
        lower=lower / math.sqrt(smaller),
        upper=min(upper / math.sqrt(smaller), 1.0),
        raw=min(math.sqrt(phi_squared / smaller), 1.0),
        chi_squared=n * phi_squared,
        degrees_of_freedom=freedom,
        p_value=chi_squared_p_value(n * phi_squared, freedom),
    )


@dataclass(frozen=True)
class _Cells:
    """The cells that hold claims, by the places of their values, and the margins."""

    x: Integers
    y: Integers
    counts: Integers
    of_x: Integers
    of_y: Integers

    @classmethod
    def of(cls, x: npt.ArrayLike, y: npt.ArrayLike, counts: npt.ArrayLike | None) -> _Cells:
        """Check the columns, and add up the rows of each cell."""
        left, right = np.asarray(x), np.asarray(y)
        weight = row_counts(counts, left.size)
        columns(x=left, y=right, counts=weight)
        some = weight > 0
        names_x, place_x = np.unique(left[some], return_inverse=True)
        names_y, place_y = np.unique(right[some], return_inverse=True)
        across = max(names_y.size, 1)
        cell, place = np.unique(place_x * across + place_y, return_inverse=True)
        sums = [
            np.bincount(places, weight[some], size).astype(np.int64)
            for places, size in ((place, cell.size), (place_x, names_x.size), (place_y, across))
        ]
        return cls(cell // across, cell % across, *sums)

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    @property
    def expected(self) -> Floats:
        """Share of claims that each cell would hold under independence."""
        return self.of_x[self.x] / self.n * (self.of_y[self.y] / self.n)

    def mean_square_contingency(self) -> float:
        """Chi-squared over the number of claims; an empty cell adds what it should hold."""
        expected = self.expected
        held = (self.counts / self.n - expected) ** 2 / expected
        return float(held.sum() + max(1 - expected.sum(), 0.0))

    def contingency_spread(self) -> float:
        """Standard error of the mean square contingency times the root of n: delta method."""
        share = self.counts / self.n
        ratio = share / self.expected
        by_x = np.bincount(self.x, share * ratio)[self.x] / (self.of_x[self.x] / self.n)
        by_y = np.bincount(self.y, share * ratio)[self.y] / (self.of_y[self.y] / self.n)
        return math.sqrt(share @ (2 * ratio - by_x - by_y) ** 2)


def _limits(
    cells: _Cells, unbiased: float, phi_squared: float, freedom: int, level: float
) -> tuple[float, float]:
    """Limits of the root of the mean square contingency."""
    chi_squared = max(cells.n * phi_squared, freedom)
    lower, upper = (
        math.sqrt(noncentrality / cells.n)
        for noncentrality in noncentrality_limits(chi_squared, freedom, level)
    )
    implied = 2 * math.sqrt(phi_squared)
    stretch = max(cells.contingency_spread() / implied, 1.0) if implied > 0 else 1.0
    return (
        max(unbiased - stretch * (unbiased - lower), 0.0),
        unbiased + stretch * (upper - unbiased),
    )
