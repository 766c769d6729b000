"""Two groups compared within strata, such as evidence present or absent within each reason."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, columns, part_and_whole
from claimstats.stats._distributions import chi_squared_p_value, critical_value, normal_p_value


@dataclass(frozen=True)
class Stratified:
    """A common difference and odds ratio over strata; NaN where there is none.

    Parameters
    ----------
    risk_difference, lower, upper
        Difference of the shares, exposed minus unexposed, with its limits, -1 to 1.
    odds_ratio, odds_lower, odds_upper
        Common odds ratio with its limits.
    p_value
        Of the hypothesis that the groups do not differ within strata.
    n
        Claims in the strata that were used.
    n_strata
        Strata that were used: those with claims in both groups.
    """

    risk_difference: float
    lower: float
    upper: float
    odds_ratio: float
    odds_lower: float
    odds_upper: float
    p_value: float
    n: int
    n_strata: int


def mantel_haenszel(
    exposed_k: npt.ArrayLike,
    exposed_n: npt.ArrayLike,
    unexposed_k: npt.ArrayLike,
    unexposed_n: npt.ArrayLike,
    level: float = 0.95,
) -> Stratified:
    """Mantel and Haenszel's comparison of two groups within strata.

    Parameters
    ----------
    exposed_k, exposed_n
        Successes and claims of the first group, one element a stratum.
    unexposed_k, unexposed_n
        Successes and claims of the second group, strata in the same order.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Stratified
        All but `n` and `n_strata` NaN where no stratum has claims in both groups.

    Raises
    ------
    ValueError
        For counts that are negative, fractional or more than the claims, and unequal lengths.

    Notes
    -----
    A stratum without claims in one of the groups compares nothing and is left out.
    Where every stratum is unanimous (a difference of exactly -1 or 1, or none at all) the variance
    is zero for want of variation; the limits are then NaN, not a point. The limits of the
    difference are cut to -1 to 1. The odds ratio is 0 or infinite, without limits, where one
    diagonal of every table is empty. The p value is the Cochran-Mantel-Haenszel test's
    without continuity correction, NaN where all claims of each stratum had one outcome.

    One common difference hides opposite effects in different strata; and within-stratum
    differences are associations, not effects of what was changed.

    References
    ----------
    Mantel N, Haenszel W (1959), J Natl Cancer Inst 22:719-748,
    https://doi.org/10.1093/jnci/22.4.719.
    Sato T (1989), Biometrics 45:1323-1324 (variance of the difference), the letter on
    Greenland S, Robins JM (1985), Biometrics 41:55-68, https://doi.org/10.2307/2530643.
    Robins J, Breslow N, Greenland S (1986), Biometrics 42:311-323 (variance of the log odds
    ratio), https://doi.org/10.2307/2531052.

    Examples
    --------
    Claims with evidence do ten points better in each of two reasons. The easy reason mostly comes
    without it, so the raw shares, 29 of 110 with and 81 of 110 without, say the opposite:

    >>> found = mantel_haenszel([20, 9], [100, 10], [1, 80], [10, 100])
    >>> round(found.risk_difference, 3), found.n, found.n_strata
    (0.1, 220, 2)
    """
    z = critical_value(level)
    tables = _Tables.of(exposed_k, exposed_n, unexposed_k, unexposed_n)
    difference, lower, upper = _risk_difference(tables, z)
    ratio, odds_lower, odds_upper = _odds_ratio(tables, z)
    return Stratified(
        risk_difference=difference,
        lower=lower,
        upper=upper,
        odds_ratio=ratio,
        odds_lower=odds_lower,
        odds_upper=odds_upper,
        p_value=_p_value(tables),
        n=int(tables.n.sum()),
        n_strata=tables.n.size,
    )


@dataclass(frozen=True)
class Homogeneity:
    """A test of whether one odds ratio serves all strata; NaN where there is nothing to test.

    Parameters
    ----------
    statistic
        Breslow and Day's chi-squared with Tarone's correction.
    uncorrected
        The same without the correction, as older software prints it.
    degrees_of_freedom
        Strata used less one.
    p_value
        Of the hypothesis of one odds ratio, from `statistic`.
    n_strata
        Strata that were used: those with claims in both groups and with both outcomes.
    """

    statistic: float
    uncorrected: float
    degrees_of_freedom: int
    p_value: float
    n_strata: int


def breslow_day(
    exposed_k: npt.ArrayLike,
    exposed_n: npt.ArrayLike,
    unexposed_k: npt.ArrayLike,
    unexposed_n: npt.ArrayLike,
) -> Homogeneity:
    """Breslow and Day's test, with Tarone's correction, of one odds ratio for all strata.

    Parameters
    ----------
    exposed_k, exposed_n
        Successes and claims of the first group, one element a stratum.
    unexposed_k, unexposed_n
        Successes and claims of the second group, strata in the same order.

    Returns
    -------
    Homogeneity
        Statistics and p value NaN with fewer than two strata to compare, and where the common
        odds ratio is 0 or infinite.

    Raises
    ------
    ValueError
        For counts that are negative, fractional or more than the claims, and unequal lengths.

    Notes
    -----
    A small p value says that one common odds ratio hides different ones: show the strata. A large
    one does not say that they are alike. With few claims a stratum (below about five of
    each kind expected) the test finds little and its p value is rough.

    References
    ----------
    Breslow NE, Day NE (1980), Statistical Methods in Cancer Research, vol. 1, IARC, section 4.4.
    Tarone RE (1985), Biometrika 72:91-95, https://doi.org/10.1093/biomet/72.1.91.

    Examples
    --------
    Evidence goes with winning in one reason and with losing in the other:

    >>> found = breslow_day([30, 10], [40, 40], [10, 30], [40, 40])
    >>> round(found.statistic, 2), found.degrees_of_freedom, f"{found.p_value:.0e}"
    (40.0, 1, '3e-10')
    """
    tables = _Tables.of(exposed_k, exposed_n, unexposed_k, unexposed_n).with_both_outcomes()
    n_strata, freedom = tables.n.size, max(tables.n.size - 1, 0)
    ratio, _, _ = _odds_ratio(tables, z=0.0)
    if freedom == 0 or not 0 < ratio < math.inf:
        return Homogeneity(math.nan, math.nan, freedom, math.nan, n_strata)
    expected = _expected_successes(tables, ratio)
    a, b, c, d = tables.given_exposed_successes(expected)
    variance = 1 / (1 / a + 1 / b + 1 / c + 1 / d)
    excess = tables.a - expected
    uncorrected = float(np.sum(excess**2 / variance))
    correction = float(excess.sum() ** 2 / variance.sum())
    statistic = max(uncorrected - correction, 0.0)  # of equal strata, rounding leaves -1e-46
    p_value = chi_squared_p_value(statistic, freedom)
    return Homogeneity(statistic, uncorrected, freedom, p_value, n_strata)


@dataclass(frozen=True)
class _Tables:
    """One two-by-two table a stratum: successes a and b, failures c and d, exposed first."""

    a: Floats
    b: Floats
    c: Floats
    d: Floats

    @classmethod
    def of(
        cls,
        exposed_k: npt.ArrayLike,
        exposed_n: npt.ArrayLike,
        unexposed_k: npt.ArrayLike,
        unexposed_n: npt.ArrayLike,
    ) -> _Tables:
        """Check the columns, and leave out the strata with an empty group."""
        a, n1 = part_and_whole("exposed_k", exposed_k, "exposed_n", exposed_n)
        b, n0 = part_and_whole("unexposed_k", unexposed_k, "unexposed_n", unexposed_n)
        columns(exposed_k=a, exposed_n=n1, unexposed_k=b, unexposed_n=n0)
        used = (n1 > 0) & (n0 > 0)
        cells = (a, b, n1 - a, n0 - b)
        return cls(*(cell[used].astype(np.float64) for cell in cells))

    def with_both_outcomes(self) -> _Tables:
        """Leave out the strata where all claims ended alike."""
        some = (self.a + self.b > 0) & (self.c + self.d > 0)
        return _Tables(self.a[some], self.b[some], self.c[some], self.d[some])

    def given_exposed_successes(self, a: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """All four cells for other successes of the exposed under the same margins."""
        moved = a - self.a
        return a, self.b - moved, self.c - moved, self.d + moved

    @property
    def exposed(self) -> Floats:
        return self.a + self.c

    @property
    def unexposed(self) -> Floats:
        return self.b + self.d

    @property
    def n(self) -> Floats:
        return self.exposed + self.unexposed


def _risk_difference(t: _Tables, z: float) -> tuple[float, float, float]:
    weight = float(np.sum(t.exposed * t.unexposed / t.n))
    if weight == 0:
        return math.nan, math.nan, math.nan
    difference = float(np.sum((t.a * t.unexposed - t.b * t.exposed) / t.n)) / weight
    discordant = float(np.sum((t.a * t.d + t.b * t.c) / t.n)) / 2
    if discordant == 0 or abs(difference) == 1:
        return difference, math.nan, math.nan
    half = z * math.sqrt(difference * _sato_sum(t) + discordant) / weight
    return difference, max(difference - half, -1.0), min(difference + half, 1.0)


def _sato_sum(t: _Tables) -> float:
    """Sum the terms that Sato's variance multiplies by the difference."""
    imbalance = t.exposed * t.unexposed * (t.unexposed - t.exposed) / 2
    return float(np.sum((t.exposed**2 * t.b - t.unexposed**2 * t.a + imbalance) / t.n**2))


def _odds_ratio(t: _Tables, z: float) -> tuple[float, float, float]:
    r, s = t.a * t.d / t.n, t.b * t.c / t.n
    for_exposed, against = float(r.sum()), float(s.sum())
    if for_exposed == 0 or against == 0:
        empty = math.nan if for_exposed == against else math.inf if against == 0 else 0.0
        return empty, math.nan, math.nan
    p, q = (t.a + t.d) / t.n, (t.b + t.c) / t.n
    variance = (
        np.sum(p * r) / (2 * for_exposed**2)
        + np.sum(p * s + q * r) / (2 * for_exposed * against)
        + np.sum(q * s) / (2 * against**2)
    )
    ratio, factor = for_exposed / against, math.exp(z * math.sqrt(variance))
    return ratio, ratio / factor, ratio * factor


def _p_value(t: _Tables) -> float:
    successes, failures = t.a + t.b, t.c + t.d
    excess = float(np.sum(t.a - t.exposed * successes / t.n))
    variance = np.sum(t.exposed * t.unexposed * successes * failures / (t.n**2 * (t.n - 1)))
    return normal_p_value(excess / math.sqrt(variance)) if variance > 0 else math.nan


def _expected_successes(t: _Tables, ratio: float) -> Floats:
    """Successes of the exposed that give each table the odds ratio under its own margins.

    The smaller root of (ratio - 1) e^2 - linear e + ratio * successes * exposed = 0, in the form
    that does not cancel and that holds for a ratio of 1.
    """
    successes = t.a + t.b
    linear = t.unexposed - successes + ratio * (t.exposed + successes)
    constant = ratio * successes * t.exposed
    return 2 * constant / (linear + np.sqrt(linear**2 - 4 * (ratio - 1) * constant))
