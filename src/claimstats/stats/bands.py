"""Limits that hold a whole curve at once, where those of a curve hold at each single time.

Of a curve's pointwise limits one in twenty misses at any age one looks at, so somewhere along the
curve misses are common. Who looks for the age at which two curves part wants a band. No light
library has one; R's km.ci has, and takes its critical values from printed tables.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from claimstats.stats._checks import Floats, durations
from claimstats.stats._distributions import critical_value, normal_density
from claimstats.stats._risk_table import log_log_limits
from claimstats.stats.survival import SurvivalCurve

WIDEST = 40.0
"""Standard errors beyond which no band reaches: the density of the normal is 0 there."""


@dataclass(frozen=True, eq=False)
class Band:
    """Simultaneous limits, one row for each time of the curve within the ages asked for.

    Parameters
    ----------
    times
        Distinct times, ascending, in the unit of the curve.
    lower, upper
        Limits of the share still open, 0 to 1; NaN where the curve's own are.
    critical_value
        Standard errors, on the log-log scale, that the limits lie from the share.
    """

    times: Floats
    lower: Floats
    upper: Floats
    critical_value: float


def equal_precision_band(
    curve: SurvivalCurve, start: float, end: float, level: float = 0.95
) -> Band:
    """Band that holds the whole share still open between two ages.

    Parameters
    ----------
    curve
        The curve, from :func:`claimstats.stats.survival.kaplan_meier`.
    start, end
        Ages between which the band is to hold, in the curve's unit: where some claims have ended,
        and some are followed on. The wider apart, the wider the band.
    level
        Confidence level of the band as a whole, between 0 and 1.

    Returns
    -------
    Band
        No rows where no limits of the curve are known between the ages.

    Raises
    ------
    ValueError
        For negative ages and an end before the start.

    Notes
    -----
    Nair's band of equal precision on the log-log scale: the pointwise limits with a larger critical
    value, which depends on how much the variance grows between the ages, by the approximation of
    Miller and Siegmund. It is good for levels of 0.9 and more.

    References
    ----------
    Nair VN (1984), Technometrics 26:265-275, https://doi.org/10.1080/00401706.1984.10487964.
    Miller R, Siegmund D (1982), Biometrics 38:1011-1016, https://doi.org/10.2307/2529881.

    Examples
    --------
    >>> from claimstats.stats.survival import kaplan_meier
    >>> curve = kaplan_meier([2, 4, 8, 9, 20], [1, 1, 1, 0, 0], counts=[9, 5, 7, 10, 9])
    >>> band = equal_precision_band(curve, 2, 10)
    >>> band.lower.round(2).tolist(), curve.lower[:4].round(2).tolist()
    ([0.54, 0.41, 0.26, 0.26], [0.61, 0.48, 0.32, 0.32])
    """
    z = critical_value(level)
    first, last = (float(durations(name, age)) for name, age in (("start", start), ("end", end)))
    if last < first:
        raise ValueError(f"end must not lie before start; found {last:g} and {first:g}")
    inside = (curve.times >= first) & (curve.times <= last) & ~np.isnan(curve.lower)
    share, error = curve.survival[inside], curve.std_error[inside]
    variance = (error / share) ** 2
    growth = float(variance[-1] / variance[0]) if variance.size else 1.0
    critical = _critical_value(math.log(growth), 1 - level, z)
    lower, upper = log_log_limits(share, error, critical)
    return Band(curve.times[inside], lower, upper, critical)


def _critical_value(log_growth: float, tail: float, pointwise: float) -> float:
    """Solve Miller and Siegmund's tail for its argument; the pointwise value where nothing grows.

    Their tail is that of the largest of a scaled Brownian motion; it never lies below the single
    time's, which it misses where the variance hardly grows.
    """

    def excess(c: float) -> float:
        return normal_density(c) * (4 / c + (c - 1 / c) * log_growth) - tail

    if log_growth == 0 or excess(pointwise) <= 0:
        return pointwise
    return float(brentq(excess, pointwise, WIDEST, xtol=1e-12))
