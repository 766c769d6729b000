"""Whether groups of claims end equally fast: the log-rank test, and its trend over ordered groups.

It is computed on grouped rows, late entries included; statsmodels has the test on rows, without
late entries and without a trend.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, Integers, finite, flags
from claimstats.stats._distributions import chi_squared_p_value, normal_p_value
from claimstats.stats._grouped_risk import (
    GroupedRows,
    Labels,
    Stratum,
    divided,
    quadratic_form,
)


@dataclass(frozen=True, eq=False)
class GroupComparison:
    """A test of equal groups; statistic and p value NaN where nothing compares them.

    Parameters
    ----------
    groups
        Label of each group, ascending.
    n
        Claims of each group.
    observed
        Claims of each group that ended.
    expected
        Ends of each group if all groups were alike: more ended than expected is faster.
    statistic
        Chi-squared statistic.
    degrees_of_freedom
        One less than the groups that were at risk beside others.
    p_value
        Of the hypothesis that the groups are alike.
    """

    groups: Labels
    n: Integers
    observed: Integers
    expected: Floats
    statistic: float
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True)
class Trend:
    """A test of a trend; NaN where nothing compares the groups.

    Parameters
    ----------
    z
        Standard normal statistic, above 0 where claims end faster the higher their score.
    p_value
        Of the hypothesis of no trend, two-sided.
    """

    z: float
    p_value: float


def log_rank(
    times: npt.ArrayLike,
    events: npt.ArrayLike,
    groups: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    *,
    strata: npt.ArrayLike | None = None,
    entries: npt.ArrayLike | None = None,
) -> GroupComparison:
    """Log-rank test of equal survival in any number of groups.

    Parameters
    ----------
    times
        Age of each row's claims when they ended or were last seen, at least 0, in any order.
    events
        True where the claims ended, False where they were still open (censored).
    groups
        Label of each row's group: numbers or texts.
    counts
        How many claims each row stands for; one each by default.
    strata
        Label of each row's stratum; groups are compared within strata only. One by default.
    entries
        Age from which on each row's claims were followed, as in
        :func:`claimstats.stats.survival.kaplan_meier`.

    Returns
    -------
    GroupComparison
        Statistic and p value NaN with fewer than two groups at risk at one time.

    Raises
    ------
    ValueError
        For what :func:`claimstats.stats.survival.kaplan_meier` refuses.

    Notes
    -----
    Tied ends have the hypergeometric variance, as in R's ``survdiff``. The test is strongest where
    one group ends faster at all ages by the same factor; it can miss curves that cross. Where
    claims end in several ways, see :mod:`claimstats.stats.incidence_tests`.

    References
    ----------
    Mantel N (1966), Cancer Chemother Rep 50:163-170.
    Peto R, Peto J (1972), J R Stat Soc A 135:185-207, https://doi.org/10.2307/2344317.

    Examples
    --------
    >>> found = log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0], list("aabaab"))
    >>> found.observed.tolist(), found.expected.round(2).tolist(), round(found.p_value, 3)
    ([4, 1], [2.93, 2.07], 0.327)
    """
    ended = flags("events", events)
    rows = GroupedRows.of(times, ended.astype(np.int64), groups, counts, strata, entries)
    expected, variance = _sums(rows)
    return compared(rows, 1, expected, variance)


def log_rank_trend(
    times: npt.ArrayLike,
    events: npt.ArrayLike,
    scores: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    *,
    strata: npt.ArrayLike | None = None,
    entries: npt.ArrayLike | None = None,
) -> Trend:
    """Log-rank test for trend: whether claims end faster the higher their group's score.

    Parameters
    ----------
    times, events, counts, strata, entries
        As in :func:`log_rank`.
    scores
        Score of each row's group, such as the pieces of evidence: numbers whose distances count.

    Returns
    -------
    Trend
        NaN where no two scores were at risk at one time.

    Raises
    ------
    ValueError
        For what :func:`log_rank` refuses, and for scores that are no numbers.

    Notes
    -----
    With two groups the square of z is the statistic of :func:`log_rank`. A trend can be found
    where the groups are in no steady order, so show their curves beside it.

    References
    ----------
    Tarone RE (1975), Biometrika 62:679, https://doi.org/10.1093/biomet/62.3.679.

    Examples
    --------
    >>> found = log_rank_trend([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0], [2, 2, 1, 1, 0, 0])
    >>> round(found.z, 2), round(found.p_value, 3)
    (2.58, 0.01)
    """
    ended = flags("events", events)
    known = finite("scores", scores)
    rows = GroupedRows.of(times, ended.astype(np.int64), known, counts, strata, entries)
    expected, variance = _sums(rows)
    # From their middle, or scores with many digits in common would lose them.
    score = rows.labels.astype(np.float64)
    score = score - score.mean() if score.size else score
    excess = float(score @ (rows.per_group(rows.counts * (rows.causes > 0)) - expected))
    spread = float(score @ variance @ score)
    if spread <= 0 or quadratic_form(expected, variance)[1] == 0:
        return Trend(math.nan, math.nan)
    z = excess / math.sqrt(spread)
    return Trend(z, normal_p_value(z))


def compared(rows: GroupedRows, cause: int, expected: Floats, variance: Floats) -> GroupComparison:
    """Test ends from `cause` against those expected."""
    observed = rows.per_group(rows.counts * (rows.causes == cause))
    statistic, rank = quadratic_form(observed - expected, variance)
    return GroupComparison(
        groups=rows.labels,
        n=rows.per_group(rows.counts),
        observed=observed,
        expected=expected,
        statistic=statistic,
        degrees_of_freedom=rank,
        p_value=chi_squared_p_value(statistic, rank),
    )


def _sums(rows: GroupedRows) -> tuple[Floats, Floats]:
    """Expected ends of each group, and their covariances, over all strata."""
    expected = np.zeros(rows.labels.size)
    variance = np.zeros((rows.labels.size, rows.labels.size))
    for stratum in rows.strata():
        within, spread = _hypergeometric(stratum)
        expected += within
        variance += spread
    return expected, variance


def _hypergeometric(stratum: Stratum) -> tuple[Floats, Floats]:
    """Mean and covariance of each group's ends, given the ends and the claims at risk."""
    ended, at_risk = stratum.ended_from(1).sum(1), stratum.at_risk.sum(1)
    share = divided(stratum.at_risk, at_risk[:, None])
    scale = divided(ended * (at_risk - ended), at_risk - 1)
    return ended @ share, np.diag(scale @ share) - (share * scale[:, None]).T @ share
