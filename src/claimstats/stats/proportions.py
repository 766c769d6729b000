"""Intervals for one share, and for the difference of two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, Integers, equal_shapes, part_and_whole
from claimstats.stats._distributions import beta_limits, critical_value


@dataclass(frozen=True, eq=False)
class Interval:
    """Lower and upper limits, 0 to 1; NaN where there were no trials."""

    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False)
class Difference:
    """A difference of two shares with its limits, -1 to 1; NaN where a group is empty."""

    value: Floats
    lower: Floats
    upper: Floats


def wilson(successes: npt.ArrayLike, trials: npt.ArrayLike, level: float = 0.95) -> Interval:
    """Wilson's score interval for a share.

    Parameters
    ----------
    successes
        How many had the property: whole numbers, an array or a scalar.
    trials
        Out of how many.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Interval
        Limits in 0 to 1, of the shape of the input. No success gives a lower limit of exactly 0,
        no failure an upper limit of exactly 1, no trial NaN.

    Raises
    ------
    ValueError
        For counts that are negative, fractional or more than the trials, and for unequal shapes.

    Notes
    -----
    Without continuity correction: coverage is near the level on average over the true share,
    and can fall a few points below it at single shares very near 0 or 1. The trials
    must be independent: ten claims about one damaged pallet are nearer to one claim than to ten.

    References
    ----------
    Wilson EB (1927), J Am Stat Assoc 22:209-212, https://doi.org/10.1080/01621459.1927.10502953.
    Newcombe RG (1998), Stat Med 17:857-872, method 3,
    https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E.

    Examples
    --------
    A share of 100 % is less certain of 3 claims than of 300:

    >>> wilson([3, 300], [3, 300]).lower.round(3)
    array([0.439, 0.987])
    """
    z = critical_value(level)
    k, n = part_and_whole("successes", successes, "trials", trials)
    return _score_interval(k, _nan_where_empty(n), z)


def jeffreys(successes: npt.ArrayLike, trials: npt.ArrayLike, level: float = 0.95) -> Interval:
    """Jeffreys' interval for a share: what is to be believed where nothing was known before.

    Parameters
    ----------
    successes
        How many had the property: whole numbers, an array or a scalar.
    trials
        Out of how many.
    level
        Probability that the interval holds the share, between 0 and 1.

    Returns
    -------
    Interval
        Limits in 0 to 1, of the shape of the input. No success gives a lower limit of exactly 0,
        no failure an upper limit of exactly 1, no trial NaN.

    Raises
    ------
    ValueError
        For counts that are negative, fractional or more than the trials, and for unequal shapes.

    Notes
    -----
    Quantiles of Beta(successes + 1/2, failures + 1/2) with equal tails. At no success and at no
    failure the limit that would lie inside the data's own side is moved to the end, as Brown, Cai
    and DasGupta advise: there alone the interval holds more than its level. Its coverage is near
    Wilson's; it is the one to set beside shrunken rates (:mod:`claimstats.stats.shrinkage`),
    being made like them.

    References
    ----------
    Brown LD, Cai TT, DasGupta A (2001), Stat Sci 16:101-133, section 3.1.2,
    https://doi.org/10.1214/ss/1009213286.

    Examples
    --------
    >>> found = jeffreys([0, 3, 36], [20, 3, 154])
    >>> found.lower.round(3), found.upper.round(3)
    (array([0.   , 0.464, 0.172]), array([0.117, 1.   , 0.305]))
    """
    critical_value(level)
    k, n = part_and_whole("successes", successes, "trials", trials)
    m = _nan_where_empty(n)
    lower, upper = beta_limits(k + 0.5, m - k + 0.5, level)
    return Interval(
        lower=np.where((k == 0) & (n > 0), 0.0, lower),
        upper=np.where(k == m, 1.0, upper),
    )


def newcombe_difference(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    level: float = 0.95,
) -> Difference:
    """Newcombe's hybrid score interval for the first share minus the second.

    Parameters
    ----------
    k1, n1
        Successes and trials of the first group: whole numbers, arrays or scalars.
    k2, n2
        Successes and trials of the second group.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Difference
        The difference of the shares and its limits, all in -1 to 1; NaN where a group is empty.

    Raises
    ------
    ValueError
        For counts that are negative, fractional or more than the trials, and for unequal shapes.

    Notes
    -----
    The two groups must be independent. The difference is raw: where the groups differ in their
    reasons for claiming, compare within reason (:mod:`claimstats.stats.stratified`).

    References
    ----------
    Newcombe RG (1998), Stat Med 17:873-890, method 10,
    https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    Examples
    --------
    >>> found = newcombe_difference(56, 70, 48, 80)
    >>> f"{found.value:.2f}, {found.lower:.4f} to {found.upper:.4f}"
    '0.20, 0.0524 to 0.3339'
    """
    z = critical_value(level)
    first, of_first = part_and_whole("k1", k1, "n1", n1)
    second, of_second = part_and_whole("k2", k2, "n2", n2)
    equal_shapes(k1=first, n1=of_first, k2=second, n2=of_second)
    m1, m2 = _nan_where_empty(of_first), _nan_where_empty(of_second)
    p1, p2 = first / m1, second / m2
    one, two = _score_interval(first, m1, z), _score_interval(second, m2, z)
    return Difference(
        value=p1 - p2,
        lower=p1 - p2 - np.hypot(p1 - one.lower, two.upper - p2),
        upper=p1 - p2 + np.hypot(one.upper - p1, p2 - two.lower),
    )


def _nan_where_empty(trials: Integers) -> Floats:
    return np.where(trials > 0, trials, np.nan)


def _score_interval(k: Integers, n: Floats, z: float) -> Interval:
    centre = k + z**2 / 2
    half = z * np.sqrt(k * (n - k) / n + z**2 / 4)
    return Interval(  # the exact ends are set, since rounding would leave -1e-17 for 0
        lower=np.where((k == 0) & (n > 0), 0.0, (centre - half) / (n + z**2)),
        upper=np.where(k == n, 1.0, (centre + half) / (n + z**2)),
    )
