"""Whether a share moves more from month to month than chance moves it: control limits and runs.

Libraries draw the limits of a p chart three standard errors around the average. Months of few
claims are not normal, and months scatter more than claims can; here the limits are binomial, and
widened by as much as neighbouring months differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, bdtrik

from claimstats.stats._checks import (
    Flags,
    Floats,
    Integers,
    columns,
    part_and_whole,
    probabilities,
    whole_numbers,
)
from claimstats.stats._distributions import critical_value

LEVEL = 0.9973
"""Share of a normal distribution within three standard deviations, as Shewhart drew his limits."""

RUN = 9
"""Months in a row on one side of the centre line that are a signal."""

MEAN_RANGE = 2 / math.sqrt(math.pi)
"""Mean distance of two independent standard normal values: 1.128."""


@dataclass(frozen=True, eq=False)
class ControlChart:
    """A centre line with control limits, one element a period; NaN where there are no trials.

    Parameters
    ----------
    centre
        Share of all trials.
    scatter
        How many times as far neighbouring periods lie apart as chance alone would put them: Laney's
        sigma z. NaN with fewer than two periods, or where all trials ended alike.
    z
        Distance of each share from the centre in binomial standard errors.
    lower, upper
        Control limits of each share, 0 to 1; NaN where all trials ended alike, which says nothing
        of how far shares may scatter.
    """

    centre: float
    scatter: float
    z: Floats
    lower: Floats
    upper: Floats


def control_chart(
    successes: npt.ArrayLike, trials: npt.ArrayLike, level: float = LEVEL
) -> ControlChart:
    """Control limits for the share of each period, widened where periods scatter.

    Parameters
    ----------
    successes, trials
        Successes and claims of each period, in order of time.
    level
        Share of periods inside while nothing but chance is at work, between 0 and 1.

    Returns
    -------
    ControlChart
        The centre NaN without any trial.

    Raises
    ------
    ValueError
        For counts that are none, columns of unequal length, and a level not between 0 and 1.

    Notes
    -----
    The limits are those of :func:`binomial_limits` around the centre, so that a period of few
    claims has wide ones, down to 0 and up to 1. They are then moved away from the centre by the
    factor `scatter`, as Laney's p' chart does with three standard errors, and never towards it: a
    scatter below 1 is chance. Scatter is told by neighbours, so a lasting change or a slow trend
    does not widen the limits that shall find it, but a single far period does where there are few.

    The centre is made by the periods themselves, which makes alarms rarer than
    :func:`false_alarm` says.

    References
    ----------
    Laney DB (2002), Qual Eng 14:531-537, https://doi.org/10.1081/QEN-120003555.
    Shewhart WA (1931), Economic Control of Quality of Manufactured Product, chapter 19.

    Examples
    --------
    About half of each month's claims approved, and in the last one a tenth:

    >>> found = control_chart([10, 11, 9, 10, 12, 10, 9, 10, 11, 10, 9, 2], [20] * 12)
    >>> f"{found.centre:.2f}, {found.lower[-1]:.2f} to {found.upper[-1]:.2f}"
    '0.47, 0.12 to 0.83'
    """
    k, n = part_and_whole("successes", successes, "trials", trials)
    columns(successes=k, trials=n)
    total = int(n.sum())
    centre = int(k.sum()) / total if total else math.nan
    lower, upper = binomial_limits(centre if 0 < centre < 1 else math.nan, n, level)
    of = np.where(n > 0, n, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (k / of - centre) / np.sqrt(centre * (1 - centre) / of)
    scatter = _scatter(z[np.isfinite(z)])
    wider = 1.0 if math.isnan(scatter) else max(scatter, 1.0)
    return ControlChart(
        centre=centre,
        scatter=scatter,
        z=z,
        lower=np.maximum(centre - wider * (centre - lower), 0.0),
        upper=np.minimum(centre + wider * (upper - centre), 1.0),
    )


def binomial_limits(
    target: float, trials: npt.ArrayLike, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Limits between which the share of so many claims lies if its true share is `target`.

    Parameters
    ----------
    target
        The share that groups are held against, 0 to 1; NaN for no limits.
    trials
        Sizes of groups, in claims.
    level
        Share of such groups inside, between 0 and 1; a funnel plot has 0.95 and 0.998.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper limits, 0 to 1; NaN for no claims.

    Raises
    ------
    ValueError
        For a target or a level out of its range and for sizes that are none.

    Notes
    -----
    Exact: on either side at most half of what `level` leaves lies beyond. The limits are
    interpolated between the two counts around them, which makes curves of what would be a saw and
    moves no count across. Spiegelhalter's formula is applied to successes for the lower limit and
    to failures for the upper one; applied to successes for both, as it is printed, it would draw
    the upper limit a count too low.

    References
    ----------
    Spiegelhalter DJ (2005), Stat Med 24:1185-1202, appendix A.1.1,
    https://doi.org/10.1002/sim.1970.

    Examples
    --------
    >>> lower, upper = binomial_limits(0.5, [10, 100, 1000], 0.95)
    >>> lower.round(3).tolist(), upper.round(3).tolist()
    ([0.132, 0.397, 0.469], [0.868, 0.603, 0.531])
    """
    critical_value(level)
    share, n = float(probabilities("target", target)), whole_numbers("trials", trials)
    tail = (1 - level) / 2
    return _limit(tail, n, share), 1 - _limit(tail, n, 1 - share)


def runs(shares: npt.ArrayLike, centre: float, length: int = RUN) -> Flags:
    """Which periods complete a run of `length` or more on one side of the centre line.

    Parameters
    ----------
    shares
        The share of each period, in order of time; NaN where it is not judged.
    centre
        The centre line.
    length
        Periods in a row, at least 2.

    Returns
    -------
    numpy.ndarray
        True from the period on that makes the run as long as `length`, to the run's end.

    Raises
    ------
    ValueError
        For shares outside 0 to 1 and a length below 2.

    Notes
    -----
    A period on the line is on neither side and ends a run; one that is not judged is passed over.
    Of a fair coin 9 heads or tails in a row begin at one toss in 256: see :func:`false_alarm`.

    References
    ----------
    Nelson LS (1984), J Qual Technol 16:237-239 (test 2).
    Western Electric (1956), Statistical Quality Control Handbook (with 8 in a row).

    Examples
    --------
    >>> runs([0.6, 0.4, 0.6, 0.7, 0.6], 0.5, length=3).tolist()
    [False, False, False, False, True]
    """
    _check_length(length)
    side = np.sign(probabilities("shares", shares) - centre)
    columns(shares=side)
    found = np.zeros(side.shape, np.bool_)
    so_far, before = 0, 0.0
    for place in np.flatnonzero(~np.isnan(side)):
        so_far = so_far + 1 if side[place] == before and before else int(side[place] != 0)
        before = float(side[place])
        found[place] = so_far >= length
    return found


def false_alarm(periods: int, level: float = LEVEL, length: int = RUN) -> float:
    """Chance that a chart on which nothing happened signals at least once.

    Parameters
    ----------
    periods
        Periods judged.
    level
        Share of periods inside their limits, between 0 and 1.
    length
        Periods in a row on one side that are a signal, at least 2.

    Returns
    -------
    float
        0 to 1: any period outside its limits, or any run; at most, if periods have 2 expected
        successes and 2 expected failures or more.

    Raises
    ------
    ValueError
        For a number of periods that is no count, a level not between 0 and 1 and a length below 2.

    Notes
    -----
    The two rules and the periods are taken for independent, and the sides for a fair coin. Charts
    alarm more rarely, often a third as often: their centre is estimated from the same periods,
    which draws it towards them and makes long runs rare, and binomial limits leave less beyond
    them than `level` does. With fewer than 2 expected successes or failures the sides are no fair
    coin, and runs can be far more frequent than this.

    Examples
    --------
    Two years of months, and what the limits alone make of it:

    >>> round(false_alarm(24), 3), round(false_alarm(24, length=25), 3)
    (0.094, 0.063)
    """
    critical_value(level)
    n = int(whole_numbers("periods", periods))
    _check_length(length)
    return float(1 - level**n * (1 - _chance_of_run(n, length)))


def _check_length(length: int) -> None:
    if length < 2:
        raise ValueError(f"length must be at least 2; found {length}")


def _scatter(z: Floats) -> float:
    return float(np.abs(np.diff(z)).mean()) / MEAN_RANGE if z.size > 1 else math.nan


def _limit(tail: float, n: Integers, share: float) -> Floats:
    """Where `tail` of a binomial lies below, between the counts around it, as a share."""
    if not 0 < share < 1:
        return np.where(n > 0, share, np.nan)
    count = _quantile(tail, n, share)
    up_to, below = (np.where(at >= 0, bdtr(np.abs(at), n, share), 0.0) for at in (count, count - 1))
    back = (up_to - tail) / (up_to - below)
    found: Floats = np.where(n > 0, np.maximum((count - back) / np.maximum(n, 1), 0.0), np.nan)
    return found


def _quantile(q: float, n: Integers, share: float) -> Floats:
    """The smallest count with at least `q` of a binomial at or below it."""
    count = np.ceil(np.nan_to_num(bdtrik(q, n, share)))
    one_less = np.maximum(count - 1, 0)
    found: Floats = np.where(bdtr(one_less, n, share) >= q, one_less, count)
    return found


def _chance_of_run(n: int, length: int) -> float:
    """Chance that of `n` fair tosses `length` or more in a row fall alike.

    Tosses alike to the one before are a run of heads one shorter, of one toss fewer.
    """
    if n < length:
        return 0.0
    short = length - 1
    none = [1.0] * short
    for toss in range(short, n):
        before = none[toss - short - 1] if toss > short else 1.0
        none.append(none[-1] - before * 0.5 ** (short + (toss > short)))
    return 1 - none[-1]
