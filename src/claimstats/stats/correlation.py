"""How two columns of claims go together, on grouped counts.

Libraries rank rows; here a row is a pattern with its number of claims, so that ties cost nothing
and a hundred million claims cost what their distinct pairs of values cost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, Integers, columns, finite, flags, row_counts
from claimstats.stats._distributions import critical_value, normal_p_value, t_p_value

SMALLEST_SAMPLE = 4
"""Claims that an interval needs: its standard error has n - 3 in the denominator."""


@dataclass(frozen=True)
class Correlation:
    """A correlation of `n` claims, -1 to 1, with limits and a two-sided p value."""

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
    if _without_limits(n, r):
        return _bare(n, r)
    return _on_fishers_scale(n, r, z * math.sqrt(1 + r**2 / 2), _pearson_p_value(r, n))


def kendall(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> Correlation:
    """Kendall's tau-b: how much likelier two claims stand in the same order than in opposite ones.

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
        or where one side never varies. A perfect correlation has itself as both limits.

    Raises
    ------
    ValueError
        For columns of unequal length, values that are not finite and counts that are none.

    Notes
    -----
    Among pairs of claims that differ on both sides, those in the same order less those in
    opposite ones, over the geometric mean of the pairs that differ on either side. Made for ties:
    of few bands against few bands it is to be preferred to Spearman's rho. Tau is smaller than
    rho for the same data, by about a third.

    The interval takes the standard error of Brown and Benedetti, which holds under any
    association, on Fisher's scale and for n - 3 claims as for other correlations; where a side
    has a value of fewer than about five claims it is too short. The p value is that of Kendall's
    normal approximation with the variance for ties, as in R's ``cor.test`` without exactness.

    Pairs are counted level by level: the cost is the product of the numbers of distinct values.

    References
    ----------
    Kendall MG (1945), Biometrika 33:239-251, https://doi.org/10.1093/biomet/33.3.239.
    Brown MB, Benedetti JK (1977), J Am Stat Assoc 72:309-315,
    https://doi.org/10.1080/01621459.1977.10480995.

    Examples
    --------
    Three bands of evidence quality, denied (0) and approved (1), as six counts:

    >>> found = kendall([1, 1, 2, 2, 3, 3], [0, 1, 0, 1, 0, 1], counts=[30, 10, 20, 20, 10, 30])
    >>> found.n, round(found.value, 3), round(found.lower, 3), round(found.upper, 3)
    (120, 0.385, 0.226, 0.524)
    """
    z = critical_value(level)
    pairs = _Pairs.of(finite("x", x), finite("y", y), counts)
    excess = pairs.excess_concordant()
    concordant = float(pairs.counts @ excess)
    tau = _within_one(concordant / pairs.differing) if pairs.differing > 0 else math.nan
    if _without_limits(pairs.n, tau):
        return _bare(pairs.n, tau)
    spread = math.sqrt(pairs.n * _tau_variance(pairs, excess, tau)) / (1 - tau**2)
    p_value = normal_p_value(concordant / 2 / math.sqrt(_null_variance(pairs)))
    return _on_fishers_scale(pairs.n, tau, z * spread, p_value)


def point_biserial(
    flag: npt.ArrayLike,
    values: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> Correlation:
    """Point-biserial correlation of a yes-or-no property with a number.

    Parameters
    ----------
    flag
        True or false (or 1 and 0) of each row.
    values
        The number of each row.
    counts
        How many claims each row stands for; one each by default.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Correlation
        `value`, `lower` and `upper` in -1 to 1. All but `n` are NaN with fewer than four claims,
        or where one side never varies.

    Raises
    ------
    ValueError
        For columns of unequal length, values that are not finite, flags that are neither true nor
        false and counts that are none.

    Notes
    -----
    Pearson's correlation with the flag as 0 and 1; the p value is that of the t test with equal
    variances. The interval is on Fisher's scale with Tate's standard error, for values that are
    normal within each side with one variance: Fisher's own, which takes both columns for normal,
    is too long for a flag near one half and too short for a rare one. One long time
    or large amount can make or hide the correlation: take logarithms, or :func:`spearman`.

    References
    ----------
    Tate RF (1954), Ann Math Stat 25:603-607, https://doi.org/10.1214/aoms/1177728730.

    Examples
    --------
    Scores of 60 claims denied and 60 approved:

    >>> denied, approved = [False] * 3, [True] * 3
    >>> found = point_biserial(denied + approved, [1, 2, 3] * 2, [30, 20, 10, 10, 20, 30])
    >>> round(found.value, 3), round(found.lower, 3), round(found.upper, 3)
    (0.408, 0.254, 0.542)
    """
    z = critical_value(level)
    yes, right = flags("flag", flag).astype(np.float64), finite("values", values)
    weight = row_counts(counts, yes.size)
    columns(flag=yes, values=right, counts=weight)
    n = int(weight.sum())
    r = _correlation(_centred(yes, weight), _centred(right, weight), weight)
    if _without_limits(n, r):
        return _bare(n, r)
    share = float(weight @ yes) / n
    spread = math.sqrt(1 - 1.5 * r**2 + r**2 / (4 * share * (1 - share)))
    return _on_fishers_scale(n, r, z * spread, _pearson_p_value(r, n))


def _without_limits(n: int, value: float) -> bool:
    return n < SMALLEST_SAMPLE or math.isnan(value) or abs(value) == 1


def _bare(n: int, value: float) -> Correlation:
    """A perfect correlation with itself as limits, or none at all."""
    if n < SMALLEST_SAMPLE or math.isnan(value):
        return Correlation(n, math.nan, math.nan, math.nan, math.nan)
    return Correlation(n, value, value, value, 0.0)


def _on_fishers_scale(n: int, value: float, half: float, p_value: float) -> Correlation:
    """Limits `half` over the root of n - 3 away from the value, in inverse hyperbolic tangents."""
    centre, distance = math.atanh(value), half / math.sqrt(n - 3)
    return Correlation(
        n=n,
        value=value,
        lower=math.tanh(centre - distance),
        upper=math.tanh(centre + distance),
        p_value=p_value,
    )


def _pearson_p_value(r: float, n: int) -> float:
    return t_p_value(r * math.sqrt((n - 2) / (1 - r**2)), n - 2)


def _centred_ranks(values: Floats, counts: Integers) -> Floats:
    """Twice each row's distance from the mean rank: whole numbers, so equal ranks stay equal."""
    _, place = np.unique(values, return_inverse=True)
    tied = np.bincount(place, weights=counts)
    up_to = tied.cumsum()
    centred: Floats = (2 * up_to - tied - counts.sum())[place]
    return centred


def _centred(values: Floats, counts: Integers) -> Floats:
    """Each row's distance from the mean."""
    centred: Floats = values - (counts @ values) / max(int(counts.sum()), 1)
    return centred


def _correlation(a: Floats, b: Floats, counts: Integers) -> float:
    spread = (counts * a) @ a * ((counts * b) @ b)
    return _within_one(float((counts * a) @ b) / math.sqrt(spread)) if spread > 0 else math.nan


def _within_one(value: float) -> float:
    # One claim off among billions: rounding alone would carry the ratio past 1.
    return float(np.clip(value, -1, 1))


@dataclass(frozen=True)
class _Pairs:
    """Distinct pairs of values, by the places of their values in order, and the margins."""

    x: Integers
    y: Integers
    counts: Integers
    of_x: Integers
    of_y: Integers

    @classmethod
    def of(cls, x: Floats, y: Floats, counts: npt.ArrayLike | None) -> _Pairs:
        """Check the columns, and leave out the rows that stand for no claim."""
        weight = row_counts(counts, x.size)
        columns(x=x, y=y, counts=weight)
        some = weight > 0
        _, place_x = np.unique(x[some], return_inverse=True)
        _, place_y = np.unique(y[some], return_inverse=True)
        tied = (np.bincount(place, weight[some]) for place in (place_x, place_y))
        return cls(place_x, place_y, weight[some], *(side.astype(np.int64) for side in tied))

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    @property
    def differing_x(self) -> float:
        """Ordered pairs of claims that differ in x."""
        return float(self.n**2 - self.of_x @ self.of_x)

    @property
    def differing_y(self) -> float:
        """Ordered pairs of claims that differ in y."""
        return float(self.n**2 - self.of_y @ self.of_y)

    @property
    def differing(self) -> float:
        """Geometric mean of the pairs that differ in x and those that differ in y."""
        return math.sqrt(self.differing_x * self.differing_y)

    def excess_concordant(self) -> Integers:
        """Claims in the same order with a claim of each row, less those in the opposite order."""
        excess = np.zeros_like(self.counts)
        by_x = np.split(np.argsort(self.x, kind="stable"), np.bincount(self.x).cumsum()[:-1])
        for levels, sign in ((by_x, 1), (by_x[::-1], -1)):
            passed = np.zeros_like(self.of_y)
            for rows in levels:
                y = self.y[rows]
                up_to = passed.cumsum()[y]
                above = passed.sum() - up_to
                excess[rows] += sign * (up_to - passed[y] - above)
                passed += np.bincount(y, self.counts[rows], passed.size).astype(np.int64)
        return excess


def _tau_variance(pairs: _Pairs, excess: Integers, tau: float) -> float:
    """Brown and Benedetti's: the spread of each claim's part in tau."""
    a, b = pairs.differing_x, pairs.differing_y
    part = 2 * excess / pairs.differing + tau * (pairs.of_x[pairs.x] / a + pairs.of_y[pairs.y] / b)
    mean = tau * pairs.n * (1 / a + 1 / b)
    return max(float(pairs.counts @ part**2) - pairs.n * mean**2, 0.0)


def _null_variance(pairs: _Pairs) -> float:
    """Kendall's variance of concordant less discordant pairs without association, with ties."""
    n, t, u = float(pairs.n), pairs.of_x.astype(np.float64), pairs.of_y.astype(np.float64)
    untied = n * (n - 1) * (2 * n + 5)
    tied = sum(float(side @ ((side - 1) * (2 * side + 5))) for side in (t, u))
    twos = [float(side @ (side - 1)) for side in (t, u)]
    threes = [float(side @ ((side - 1) * (side - 2))) for side in (t, u)]
    return (
        (untied - tied) / 18
        + threes[0] * threes[1] / (9 * n * (n - 1) * (n - 2))
        + twos[0] * twos[1] / (2 * n * (n - 1))
    )
