"""Mean time open up to a horizon, and its difference between two groups.

The mean up to a horizon exists where the mean and the median do not, because some claims are still
open. It is the area under a Kaplan-Meier curve, hence needs no more than that curve; statsmodels
and scipy have no restricted mean, and lifelines works on rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from claimstats.stats._checks import positive
from claimstats.stats._distributions import critical_value, normal_p_value
from claimstats.stats._risk_table import from_here_on, greenwood_terms
from claimstats.stats.survival import SurvivalCurve


@dataclass(frozen=True)
class RestrictedMean:
    """A mean time open up to `horizon`, all in the unit of the curve; NaN where there is none.

    Parameters
    ----------
    value
        Mean time open, at most `horizon`.
    std_error
        Its standard error.
    lower, upper
        Its limits, between 0 and `horizon`.
    horizon
        Age at which the count of each claim's time stops.
    """

    value: float
    std_error: float
    lower: float
    upper: float
    horizon: float


@dataclass(frozen=True)
class MeanDifference:
    """The first restricted mean minus the second, in their unit; NaN where either has none."""

    value: float
    std_error: float
    lower: float
    upper: float
    p_value: float


def restricted_mean(curve: SurvivalCurve, horizon: float, level: float = 0.95) -> RestrictedMean:
    """Mean time that claims are open up to a horizon, open ones included.

    Parameters
    ----------
    curve
        The curve, from :func:`claimstats.stats.survival.kaplan_meier`.
    horizon
        Age at which counting stops, above 0, in the curve's unit: a claim open for 100 days counts
        60 up to a horizon of 60.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    RestrictedMean
        All NaN where no claim was followed up to the horizon while some are open. Limits are NaN
        where nothing has varied: no claim has ended before the horizon, or all did at one time.

    Raises
    ------
    ValueError
        For a horizon that is not above 0.

    Notes
    -----
    The variance is Greenwood's carried through the area under the curve, without the factor
    n / (n - 1) that some add, as in R's ``print(survfit(...), rmean = horizon)``. R takes the
    last share for good where the horizon lies beyond the last time; here there is no number.
    The limits are normal on the logit scale of the share of the horizon spent open, hence between
    0 and the horizon; with a hundred claims they cover the truth more often than plain normal ones.
    They are too narrow where few claims are followed up to the horizon.

    Means are comparable at the same horizon only; choose it before looking at the curves.

    References
    ----------
    Irwin JO (1949), J Hyg 47:188-189, https://doi.org/10.1017/S0022172400014443.
    Royston P, Parmar MKB (2013), BMC Med Res Methodol 13:152,
    https://doi.org/10.1186/1471-2288-13-152.

    Examples
    --------
    Two of four claims ended, on days 2 and 4; in their first ten days they were open for 6.5:

    >>> from claimstats.stats.survival import kaplan_meier
    >>> curve = kaplan_meier([2, 4, 20, 30], [True, True, False, False])
    >>> restricted_mean(curve, 10).value
    6.5
    """
    z = critical_value(level)
    end = positive("horizon", horizon)
    row = int(np.searchsorted(curve.times, end, side="left"))
    if not _is_followed(curve, row):
        return RestrictedMean(math.nan, math.nan, math.nan, math.nan, end)
    shares = np.append(1.0, curve.survival[:row])
    areas = shares * np.diff(np.concatenate([[0.0], curve.times[:row], [end]]))
    value = float(areas.sum())
    # Where all at risk end nothing is open thereafter: the infinite term would meet a zero.
    terms = greenwood_terms(curve.at_risk[:row], curve.events[:row], none_left=0.0)
    variance = float(np.sum(from_here_on(areas)[1:] ** 2 * terms))
    if variance == 0:
        return RestrictedMean(value, 0.0, math.nan, math.nan, end)
    error = math.sqrt(variance)
    share = value / end
    factor = math.exp(z * error / (end * share * (1 - share)))
    lower, upper = (end * share / (share + (1 - share) * by) for by in (factor, 1 / factor))
    return RestrictedMean(value, error, lower, upper, end)


def restricted_mean_difference(
    first: RestrictedMean, second: RestrictedMean, level: float = 0.95
) -> MeanDifference:
    """How much longer, up to the same horizon, the first group's claims are open.

    Parameters
    ----------
    first, second
        Restricted means of two independent groups, from :func:`restricted_mean`.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    MeanDifference
        First minus second with its limits and the p value of no difference; limits and p value
        NaN where neither group has varied.

    Raises
    ------
    ValueError
        For means up to different horizons.

    References
    ----------
    Royston P, Parmar MKB (2013), BMC Med Res Methodol 13:152,
    https://doi.org/10.1186/1471-2288-13-152.

    Examples
    --------
    >>> from claimstats.stats.survival import kaplan_meier
    >>> slow = restricted_mean(kaplan_meier([2, 4, 20, 30], [True, True, False, False]), 10)
    >>> fast = restricted_mean(kaplan_meier([1, 2, 3, 20], [True, True, True, False]), 10)
    >>> restricted_mean_difference(slow, fast).value
    2.5
    """
    z = critical_value(level)
    if first.horizon != second.horizon:
        raise ValueError(
            f"means must share one horizon; found {first.horizon:g} and {second.horizon:g}"
        )
    value = first.value - second.value
    error = math.hypot(first.std_error, second.std_error)
    if error == 0:
        return MeanDifference(value, 0.0, math.nan, math.nan, math.nan)
    p_value = normal_p_value(value / error)
    return MeanDifference(value, error, value - z * error, value + z * error, p_value)


def _is_followed(curve: SurvivalCurve, row: int) -> bool:
    """Whether the curve is known up to an age before which it has `row` rows."""
    if row < curve.times.size:
        return row == 0 or not math.isnan(curve.survival[row - 1])
    return row > 0 and bool(curve.survival[-1] == 0)
