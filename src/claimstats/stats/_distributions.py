"""The distributions that the estimates need; the only door to scipy."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, chdtrc, ndtr, ndtri, stdtr


def critical_value(level: float) -> float:
    """Return the normal quantile of a two-sided interval: 1.96 for a level of 0.95."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, both excluded; found {level:g}")
    return float(ndtri((1 + level) / 2))


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


def binomial_below(n: int, p: float) -> npt.NDArray[np.float64]:
    """Return the chance of at most 0, 1, ... n - 1 successes in `n` trials."""
    found: npt.NDArray[np.float64] = bdtr(np.arange(n), n, p)
    return found
