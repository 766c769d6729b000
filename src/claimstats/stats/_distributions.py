"""The distributions as the estimates need them."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import special
from scipy.special import chdtr, chdtrc, ndtr, ndtri, stdtr, stdtrit

from claimstats.stats._checks import Floats


def critical_value(level: float) -> float:
    """Return the normal quantile of a two-sided interval: 1.96 for a level of 0.95."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, both excluded; found {level:g}")
    return float(ndtri((1 + level) / 2))


def t_critical_value(level: float, degrees_of_freedom: float) -> float:
    """Return the t quantile of a two-sided interval."""
    return float(stdtrit(degrees_of_freedom, (1 + level) / 2))


def normal_p_value(z: float) -> float:
    """Return the two-sided p value of a standard normal statistic."""
    return float(2 * ndtr(-math.fabs(z)))


def t_p_value(t: float, degrees_of_freedom: float) -> float:
    """Return the two-sided p value of a t statistic."""
    return float(2 * stdtr(degrees_of_freedom, -math.fabs(t)))


def chi_squared_p_value(statistic: float, degrees_of_freedom: int) -> float:
    """Return the upper tail of the chi-squared distribution; NaN for no degrees of freedom."""
    return float(chdtrc(degrees_of_freedom, statistic)) if degrees_of_freedom else math.nan


def normal_density(z: float) -> float:
    """Return the density of a standard normal."""
    return math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def f_p_value(statistic: float, numerator: int, denominator: float) -> float:
    """Return the upper p value of an F statistic."""
    return float(special.fdtrc(numerator, denominator, statistic))


def noncentrality_limits(
    statistic: float, degrees_of_freedom: int, level: float
) -> tuple[float, float]:
    """Return the noncentralities under which a chi-squared statistic is a quantile.

    0 where the statistic is too small to be that quantile even without noncentrality.
    """
    lower, upper = (
        float(special.chndtrinc(statistic, degrees_of_freedom, p))
        if chdtr(degrees_of_freedom, statistic) > p
        else 0.0
        for p in ((1 + level) / 2, (1 - level) / 2)
    )
    return lower, upper


def beta_limits(a: npt.ArrayLike, b: npt.ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Return the quantiles of Beta(a, b) that leave out half of 1 - level on either side."""
    tail = (1 - level) / 2
    return special.betaincinv(a, b, tail), special.betaincinv(a, b, 1 - tail)


def binomial_below(n: int, p: float) -> Floats:
    """Return the chance of at most 0, 1, ... n - 1 successes in `n` trials."""
    found: Floats = special.bdtr(np.arange(n), n, p)
    return found
