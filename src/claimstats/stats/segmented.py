"""Whether a share changed at a known date, such as that of a new policy.

Libraries fit such lines to rates, one a period, whatever stands behind each; here every period
weighs as its claims do, and periods that scatter more than claims can are believed less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, Integers, columns, finite, part_and_whole
from claimstats.stats._distributions import (
    chi_squared_p_value,
    critical_value,
    f_p_value,
    normal_p_value,
    t_critical_value,
    t_p_value,
)
from claimstats.stats._likelihood import shares
from claimstats.stats.logistic import Logistic, logistic

FEWEST_PERIODS = 3
"""Periods with claims that either side needs: two always lie on a line, a third can object."""


@dataclass(frozen=True)
class Change:
    """A change with limits, and the p value of no change."""

    value: float
    lower: float
    upper: float
    p_value: float


@dataclass(frozen=True, eq=False)
class SegmentedChange:
    """What happened to a share at a date; NaN where either side has too few periods.

    Parameters
    ----------
    times
        Distinct times of the periods with claims, ascending.
    successes, trials
        Successes and claims of each.
    fitted
        Share of each period by the two lines.
    unchanged
        Share of each period by the line from before the date, carried on.
    level
        Odds ratio at the date itself: just after against what the line before leads to.
    slope
        Odds ratio for each unit of time after the date, against the line before: a value of 1 is
        a line that goes on as it did.
    points
        Difference of the shares at the date itself, -1 to 1.
    p_value
        Of the hypothesis that neither level nor slope changed.
    dispersion
        Pearson's chi-squared over its degrees of freedom: 1 where the periods scatter as claims
        do, more where something else moves them.
    periods_before, periods_after
        Periods with claims on either side.
    penalised
        Whether one side was unanimous, so that Firth's penalty was needed.
    """

    times: Floats
    successes: Integers
    trials: Integers
    fitted: Floats
    unchanged: Floats
    level: Change
    slope: Change
    points: Change
    p_value: float
    dispersion: float
    periods_before: int
    periods_after: int
    penalised: bool


def segmented_change(
    times: npt.ArrayLike,
    successes: npt.ArrayLike,
    trials: npt.ArrayLike,
    at: float,
    level: float = 0.95,
) -> SegmentedChange:
    """Segmented logistic regression: the change of a share's level and slope at a known date.

    Parameters
    ----------
    times
        Time of each row as a number, such as months: the period's begin or middle. Rows of one
        time are added up.
    successes, trials
        Successes and claims of each row.
    at
        The date, in the same unit; a period at it lies after it.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    SegmentedChange
        Changes NaN where either side has fewer than three periods with claims.

    Raises
    ------
    ValueError
        For columns of unequal length, times that are not finite and counts that are none.

    Notes
    -----
    The log odds follow a line before the date and another one after. Where the periods scatter
    more than claims do, standard errors are multiplied by the root of the dispersion and t and F
    take the place of the normal and chi-squared (quasi-likelihood); they are never made
    smaller, so of a dozen periods the limits hold the truth in 97 of 100 rather than 95.

    The date must be known beforehand: one picked from the data is always a change. Anything else
    that changed at that date is in the change too, and so is a season of which there is only
    one year. Count each period at equal claim age, or the last ones fall by themselves. `level`
    and `points` are extrapolations to the date where no period lies at it.

    References
    ----------
    Wagner AK et al. (2002), J Clin Pharm Ther 27:299-309,
    https://doi.org/10.1046/j.1365-2710.2002.00430.x.
    Bernal JL, Cummins S, Gasparrini A (2017), Int J Epidemiol 46:348-355,
    https://doi.org/10.1093/ije/dyw098.
    McCullagh P, Nelder JA (1989), Generalized Linear Models, 2nd ed., section 4.5.

    Examples
    --------
    Half of the claims won up to month 6, four in ten from then on:

    >>> won = [20, 21, 19, 20, 21, 19, 16, 15, 17, 16, 15, 17]
    >>> found = segmented_change(range(12), won, [40] * 12, at=6)
    >>> f"{found.points.value:.2f} [{found.points.lower:.2f}, {found.points.upper:.2f}]"
    '-0.10 [-0.28, 0.08]'
    >>> f"{found.slope.value:.2f}"
    '1.02'
    """
    critical_value(level)
    date = float(finite("at", at))
    when, k, n = finite("times", times), *part_and_whole("successes", successes, "trials", trials)
    columns(times=when, successes=k, trials=n)
    time, won, of = _periods(when, k, n)
    after = time >= date
    n_after, n_before = int(after.sum()), int((~after).sum())
    if min(n_before, n_after) < FEWEST_PERIODS:
        return _too_few(time, won, of, n_before, n_after)
    elapsed = time - date
    design = np.column_stack([np.ones(time.size), elapsed, after, elapsed * after])
    fit = logistic(design, won, of, level, profiled=False)
    fitted = shares(design @ fit.coefficients)
    freedom = time.size - design.shape[1]
    dispersion = float(((won - of * fitted) ** 2 / (of * fitted * (1 - fitted))).sum()) / freedom
    scatter = _Scatter(fit, dispersion, freedom, level)
    return SegmentedChange(
        times=time,
        successes=won,
        trials=of,
        fitted=fitted,
        unchanged=shares(design[:, :2] @ fit.coefficients[:2]),
        level=scatter.odds_ratio(2),
        slope=scatter.odds_ratio(3),
        points=scatter.points(),
        p_value=scatter.joint_p_value(),
        dispersion=dispersion,
        periods_before=n_before,
        periods_after=n_after,
        penalised=fit.penalised,
    )


def _periods(when: Floats, k: Integers, n: Integers) -> tuple[Floats, Integers, Integers]:
    time, place = np.unique(when[n > 0], return_inverse=True)
    won, of = (np.bincount(place, side[n > 0], time.size).astype(np.int64) for side in (k, n))
    return time, won, of


def _too_few(
    time: Floats, won: Integers, of: Integers, n_before: int, n_after: int
) -> SegmentedChange:
    unknown = Change(math.nan, math.nan, math.nan, math.nan)
    nothing = np.full(time.shape, np.nan)
    return SegmentedChange(
        times=time,
        successes=won,
        trials=of,
        fitted=nothing,
        unchanged=nothing,
        level=unknown,
        slope=unknown,
        points=unknown,
        p_value=math.nan,
        dispersion=math.nan,
        periods_before=n_before,
        periods_after=n_after,
        penalised=False,
    )


@dataclass(frozen=True)
class _Scatter:
    """A fit whose errors allow for periods that scatter more than claims do."""

    fit: Logistic
    dispersion: float
    freedom: int
    level: float

    @property
    def wide(self) -> bool:
        return self.dispersion > 1

    @property
    def covariance(self) -> Floats:
        return self.fit.covariance * max(self.dispersion, 1.0)

    def change(self, value: float, error: float) -> Change:
        """A value with its limits: t where the scatter was estimated, else the normal."""
        z = value / error
        if self.wide:
            critical = t_critical_value(self.level, self.freedom)
            p_value = t_p_value(z, self.freedom)
        else:
            critical = critical_value(self.level)
            p_value = normal_p_value(z)
        return Change(value, value - critical * error, value + critical * error, p_value)

    def odds_ratio(self, column: int) -> Change:
        error = math.sqrt(self.covariance[column, column])
        of_log = self.change(float(self.fit.coefficients[column]), error)
        return Change(
            value=math.exp(of_log.value),
            lower=math.exp(of_log.lower),
            upper=math.exp(of_log.upper),
            p_value=of_log.p_value,
        )

    def points(self) -> Change:
        """Difference of the shares at the date, by the delta method."""
        start, level = self.fit.coefficients[[0, 2]]
        before, after = shares(np.array([start, start + level]))
        steepness = after * (1 - after)
        slopes = np.array([steepness - before * (1 - before), steepness])
        error = math.sqrt(slopes @ self.covariance[np.ix_([0, 2], [0, 2])] @ slopes)
        return self.change(float(after - before), error)

    def joint_p_value(self) -> float:
        changed = self.fit.coefficients[2:]
        statistic = float(changed @ np.linalg.solve(self.covariance[2:, 2:], changed))
        if self.wide:
            return f_p_value(statistic / 2, 2, self.freedom)
        return chi_squared_p_value(statistic, 2)
