"""Whether a share rises or falls with a dose, such as pieces of evidence or bands of quality.

Libraries test it on rows or without saying how steep it is; here both come from counts.
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
    normal_p_value,
)

NO_DISTANCE = 1e-24
"""Mean squared distance of claims from their lines that rounding leaves where there is none."""


@dataclass(frozen=True)
class Trend:
    """How a share goes with a dose; NaN where there is nothing to compare.

    Parameters
    ----------
    slope, lower, upper
        Change of the share for one more of the dose, with its limits.
    z, p_value
        Cochran and Armitage's test of no trend; `z` has the sign of the slope.
    departure, departure_degrees_of_freedom, departure_p_value
        Chi-squared of what the straight line leaves unexplained: a small p value says that the
        share does not go up or down evenly.
    n
        Claims.
    n_doses
        Distinct doses with claims.
    """

    slope: float
    lower: float
    upper: float
    z: float
    p_value: float
    departure: float
    departure_degrees_of_freedom: int
    departure_p_value: float
    n: int
    n_doses: int


def cochran_armitage(
    doses: npt.ArrayLike,
    successes: npt.ArrayLike,
    trials: npt.ArrayLike,
    level: float = 0.95,
) -> Trend:
    """Cochran and Armitage's test of a trend in shares, with the slope it is about.

    Parameters
    ----------
    doses
        The dose of each row, in any order: a count, or the middle or rank of a band.
    successes, trials
        Successes and claims of each row; rows of one dose are added up.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Trend
        All but the counts NaN with fewer than two doses, or where all claims ended alike.

    Raises
    ------
    ValueError
        For columns of unequal length, doses that are not finite and counts that are none.

    Notes
    -----
    The slope is that of a straight line through the shares, weighted by claims; its limits hold
    whatever the shape, by the sandwich variance of White with n - 2 (HC1), and are NaN where the
    line meets every claim. The test takes the variance under no trend, so the two can
    disagree at the edge. What the line leaves unexplained is Pearson's chi-squared less the
    trend's. A dose that was chosen by how hard a claim is to win shows the choice, not the effect:
    compare within reasons.

    References
    ----------
    Armitage P (1955), Biometrics 11:375-386, https://doi.org/10.2307/3001775.
    Cochran WG (1954), Biometrics 10:417-451, https://doi.org/10.2307/3001616.
    White H (1980), Econometrica 48:817-838, https://doi.org/10.2307/1912934.

    Examples
    --------
    Approved with none, one, two and three pieces of evidence:

    >>> found = cochran_armitage([0, 1, 2, 3], [12, 20, 26, 30], [40, 40, 40, 40])
    >>> f"{found.slope:.2f} [{found.lower:.2f}, {found.upper:.2f}], p {found.p_value:.0e}"
    '0.15 [0.09, 0.21], p 2e-05'
    """
    z = critical_value(level)
    x, k, n = finite("doses", doses), *part_and_whole("successes", successes, "trials", trials)
    columns(doses=x, successes=k, trials=n)
    dose, place = np.unique(x[n > 0], return_inverse=True)
    won, of = (np.bincount(place, side[n > 0], dose.size).astype(np.float64) for side in (k, n))
    total, share = float(of.sum()), float(won.sum()) / max(float(of.sum()), 1.0)
    if dose.size < 2 or share in (0, 1):
        nan = math.nan
        return Trend(
            nan, nan, nan, nan, nan, nan, max(dose.size - 2, 0), nan, int(total), dose.size
        )
    away = dose - (of @ dose) / total
    spread = float(of @ away**2)
    slope = float(away @ won) / spread
    statistic = slope * math.sqrt(spread / (share * (1 - share)))
    error = _sandwich_error(won, of, share + slope * away, away / spread)
    pearson = float(((won - of * share) ** 2 / of).sum()) / (share * (1 - share))
    departure, freedom = max(pearson - statistic**2, 0.0), dose.size - 2
    return Trend(
        slope=slope,
        lower=slope - z * error,
        upper=slope + z * error,
        z=statistic,
        p_value=normal_p_value(statistic),
        departure=departure,
        departure_degrees_of_freedom=freedom,
        departure_p_value=chi_squared_p_value(departure, freedom) if freedom else math.nan,
        n=int(total),
        n_doses=dose.size,
    )


@dataclass(frozen=True)
class StratifiedTrend:
    """How a share goes with a dose within strata; NaN where there is nothing to compare.

    Parameters
    ----------
    slope, lower, upper
        Change of the share for one more of the dose, within strata, with its limits.
    z, p_value
        Mantel's test of no trend within strata; `z` has the sign of the slope.
    n
        Claims in the strata that were used.
    n_strata
        Strata that were used: those with claims at two doses or more.
    """

    slope: float
    lower: float
    upper: float
    z: float
    p_value: float
    n: int
    n_strata: int


def stratified_trend(
    strata: npt.ArrayLike,
    doses: npt.ArrayLike,
    successes: npt.ArrayLike,
    trials: npt.ArrayLike,
    level: float = 0.95,
) -> StratifiedTrend:
    """Mantel's test of a trend in shares within strata, with the slope it is about.

    Parameters
    ----------
    strata
        The stratum of each row, by number or name.
    doses
        The dose of each row, in any order.
    successes, trials
        Successes and claims of each row; rows of one stratum and dose are added up.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    StratifiedTrend
        All but the counts NaN where no stratum has claims at two doses; no test where all claims
        of each stratum ended alike.

    Raises
    ------
    ValueError
        For columns of unequal length, doses that are not finite and counts that are none.

    Notes
    -----
    Of parallel straight lines, one a stratum, the slope is the common one by least squares; with
    two doses it is Mantel and Haenszel's risk difference. Its limits hold whatever the shape, by
    the sandwich variance of White with n less the coefficients (HC1), and are NaN where the lines
    meet every claim. The test is exact in its moments under no trend, given the outcomes of each
    stratum; with one stratum it is :func:`cochran_armitage` with n - 1 in place of n.

    One slope hides opposite trends in different strata.

    References
    ----------
    Mantel N (1963), J Am Stat Assoc 58:690-700, https://doi.org/10.1080/01621459.1963.10500879.
    White H (1980), Econometrica 48:817-838, https://doi.org/10.2307/1912934.

    Examples
    --------
    Ten points more for each further piece in both reasons. The hard one comes with more pieces, so
    the mixed shares, 46, 40 and 34 of 100, fall:

    >>> doses, won, of = [1, 2, 3] * 2, [45, 30, 7, 1, 10, 27], [90, 50, 10, 10, 50, 90]
    >>> reasons = ["easy"] * 3 + ["hard"] * 3
    >>> within, mixed = stratified_trend(reasons, doses, won, of), cochran_armitage(doses, won, of)
    >>> f"{within.slope:.2f} [{within.lower:.2f}, {within.upper:.2f}], mixed {mixed.slope:.2f}"
    '0.10 [0.02, 0.18], mixed -0.06'
    """
    z = critical_value(level)
    x, k, n = finite("doses", doses), *part_and_whole("successes", successes, "trials", trials)
    columns(strata=np.asarray(strata), doses=x, successes=k, trials=n)
    kept, place = _comparable(np.asarray(strata), x, n)
    x, won, of = x[kept], k[kept].astype(np.float64), n[kept].astype(np.float64)
    n_strata = int(place.max(initial=-1)) + 1
    total = np.bincount(place, of, n_strata)
    share = np.bincount(place, won, n_strata) / total
    away = x - (np.bincount(place, of * x, n_strata) / total)[place]
    spread = np.bincount(place, of * away**2, n_strata)
    if not n_strata:
        nan = math.nan
        return StratifiedTrend(nan, nan, nan, nan, nan, 0, 0)
    slope = float(away @ won) / float(spread.sum())
    variance = float((spread * total / (total - 1) * share * (1 - share)).sum())
    statistic = float(away @ won) / math.sqrt(variance) if variance > 0 else math.nan
    line = share[place] + slope * away
    error = _sandwich_error(won, of, line, away / spread.sum(), 1 + n_strata)
    return StratifiedTrend(
        slope=slope,
        lower=slope - z * error,
        upper=slope + z * error,
        z=statistic,
        p_value=normal_p_value(statistic),
        n=int(total.sum()),
        n_strata=n_strata,
    )


def _comparable(
    strata: npt.NDArray[np.generic], x: Floats, n: Integers
) -> tuple[Integers, Integers]:
    """Rows with claims of strata with two doses or more, and the number of each one's stratum."""
    rows = np.flatnonzero(n)
    _, place = np.unique(strata[rows], return_inverse=True)
    lowest, highest = np.full(rows.size, np.inf), np.full(rows.size, -np.inf)
    np.minimum.at(lowest, place, x[rows])
    np.maximum.at(highest, place, x[rows])
    kept = rows[lowest[place] < highest[place]]
    return kept, np.unique(strata[kept], return_inverse=True)[1].astype(np.int64)


def _sandwich_error(
    won: Floats, of: Floats, line: Floats, pull: Floats, n_coefficients: int = 2
) -> float:
    """White's standard error of the slope, from each claim's distance to its line."""
    squares = won * (1 - line) ** 2 + (of - won) * line**2
    total = float(of.sum())
    if total <= n_coefficients or squares.sum() <= NO_DISTANCE * total:
        return math.nan
    return math.sqrt(float(squares @ pull**2) * total / (total - n_coefficients))
