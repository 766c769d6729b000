"""Rank correlation of two columns of claims, on grouped counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, Integers, columns, finite, row_counts
from claimstats.stats._distributions import critical_value, t_p_value

SMALLEST_SAMPLE = 4
"""Claims that an interval needs: its standard error has n - 3 in the denominator."""


@dataclass(frozen=True)
class Correlation:
    """Spearman's rho of `n` claims, with limits and a two-sided p value."""

    n: int
    value: float
    lower: float
    upper: float
    p_value: float


def spearman(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> Correlation:
    """Spearman's rank correlation, ties sharing their middle rank.

    Parameters
    ----------
    x, y
        The two values of each row; booleans serve as 0 and 1. Rows with an unknown value are to
        be left out, and counted, before.
    counts
        How many claims each row stands for; one each by default.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Correlation
        `value`, `lower` and `upper` in -1 to 1. All but `n` are NaN with fewer than four claims,
        or where one side never varies. A perfect correlation has itself as both limits, and a
        p value of 0.

    Raises
    ------
    ValueError
        For columns of unequal length, values that are not finite and counts that are none.

    Notes
    -----
    The interval is Fisher's z with the standard error of Bonett and Wright; the p value uses the
    t approximation with n - 2 degrees of freedom. Both are approximate below about 25 claims,
    and with heavy ties: against a yes-or-no value rho cannot reach 1 unless the other side
    has only two values too. A correlation over mixed reasons may reverse within each of them.

    References
    ----------
    Spearman C (1904), Am J Psychol 15:72-101, https://doi.org/10.2307/1412159.
    Bonett DG, Wright TA (2000), Psychometrika 65:23-28, https://doi.org/10.1007/BF02294183.

    Examples
    --------
    Three bands of evidence quality, denied (0) and approved (1), as six counts:

    >>> found = spearman([1, 1, 2, 2, 3, 3], [0, 1, 0, 1, 0, 1], counts=[30, 10, 20, 20, 10, 30])
    >>> found.n, round(found.value, 3), round(found.lower, 3), round(found.upper, 3)
    (120, 0.408, 0.24, 0.553)
    """
    z = critical_value(level)
    left, right = finite("x", x), finite("y", y)
    weight = row_counts(counts, left.size)
    columns(x=left, y=right, counts=weight)
    n = int(weight.sum())
    r = _correlation(_centred_ranks(left, weight), _centred_ranks(right, weight), weight)
    if n < SMALLEST_SAMPLE or math.isnan(r):
        return Correlation(n, math.nan, math.nan, math.nan, math.nan)
    if abs(r) == 1:
        return Correlation(n, r, r, r, 0.0)
    half = z * math.sqrt((1 + r**2 / 2) / (n - 3))
    return Correlation(
        n=n,
        value=r,
        lower=math.tanh(math.atanh(r) - half),
        upper=math.tanh(math.atanh(r) + half),
        p_value=t_p_value(r * math.sqrt((n - 2) / (1 - r**2)), n - 2),
    )


def _centred_ranks(values: Floats, counts: Integers) -> Floats:
    """Twice each row's distance from the mean rank: whole numbers, so equal ranks stay equal."""
    _, place = np.unique(values, return_inverse=True)
    tied = np.bincount(place, weights=counts)
    up_to = tied.cumsum()
    centred: Floats = (2 * up_to - tied - counts.sum())[place]
    return centred


def _correlation(a: Floats, b: Floats, counts: Integers) -> float:
    spread = (counts * a) @ a * ((counts * b) @ b)
    if not spread > 0:
        return math.nan
    # One claim off among billions: rounding alone would carry the ratio past 1.
    return float(np.clip((counts * a) @ b / math.sqrt(spread), -1, 1))
