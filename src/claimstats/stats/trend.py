"""Whether a share rises or falls with a dose, such as pieces of evidence or bands of quality.

Libraries test it on rows or without saying how steep it is; here both come from counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, columns, finite, part_and_whole
from claimstats.stats._distributions import (
    chi_squared_p_value,
    critical_value,
    normal_p_value,
)


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


def _sandwich_error(won: Floats, of: Floats, line: Floats, pull: Floats) -> float:
    """White's standard error of the slope, from each claim's distance to the line."""
    squares = won * (1 - line) ** 2 + (of - won) * line**2
    variance, total = float(squares @ pull**2), float(of.sum())
    return math.sqrt(variance * total / (total - 2)) if total > 2 and variance > 0 else math.nan
