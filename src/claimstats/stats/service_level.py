"""The share of claims decided within a time, such as answered within 48 hours.

The share is the curve's of :mod:`claimstats.stats.survival` at that age, so claims still open are
censored. Those limits do not exist where none or all were in time, the very shares a service level
is about, and become Wilson's here. No light library has them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Integers, durations, row_counts, whole_numbers
from claimstats.stats._distributions import critical_value
from claimstats.stats.survival import cumulative_incidence, incidence_at


@dataclass(frozen=True)
class ServiceLevel:
    """A share decided within a time; its limits, and the claims it is made of.

    Parameters
    ----------
    value
        Share of all claims decided within the time, 0 to 1, open ones taken as censored; NaN
        where no claim was followed that long.
    lower, upper
        Its limits.
    within
        Claims decided within the time.
    later
        Claims known not to be: they were open after the time, or ended otherwise within it.
    unknown
        Claims still open when last seen, before the time had passed.
    """

    value: float
    lower: float
    upper: float
    within: int
    later: int
    unknown: int

    @property
    def worst(self) -> float:
        """The share if no unknown claim were decided in time; NaN for no claims."""
        return self._share(self.within)

    @property
    def best(self) -> float:
        """The share if every unknown claim were decided in time; NaN for no claims."""
        return self._share(self.within + self.unknown)

    def _share(self, in_time: int) -> float:
        n = self.within + self.later + self.unknown
        return in_time / n if n else math.nan


def share_within(
    times: npt.ArrayLike,
    causes: npt.ArrayLike,
    limit: float,
    counts: npt.ArrayLike | None = None,
    cause: int = 1,
    level: float = 0.95,
) -> ServiceLevel:
    """Share of claims that ended from a cause within a time, with Wilson limits.

    Parameters
    ----------
    times
        Age of each row's claims when they ended or were last seen, at least 0, in any order.
    causes
        How they ended: 1, 2, ... for the causes, 0 where they were still open (censored). True and
        False do where only one end is told apart.
    limit
        The time allowed, in the unit of `times`; an end exactly then is within it.
    counts
        How many claims each row stands for; one each by default.
    cause
        The cause that counts, such as an answer; a claim withdrawn before was never answered.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    ServiceLevel
        `value` equals :func:`claimstats.stats.survival.incidence_at` at `limit`.

    Raises
    ------
    ValueError
        For what :func:`claimstats.stats.survival.cumulative_incidence` refuses, and for a negative
        limit.

    Notes
    -----
    The limits are Wilson's for as many claims as would, without censoring, give the share the
    variance it has. Where none was in time that number is the claims known to be later, where
    all were, the claims within: both are what remains without censoring. So without open claims
    the limits are those of :func:`claimstats.stats.proportions.wilson`, and always exist.

    A claim of age 10 that is open tells nothing yet of a limit of 48: counting it as late makes
    the newest days look bad, leaving it out makes them look good, as the fast ones are decided.

    References
    ----------
    Rothman KJ (1978), J Chronic Dis 31:557-560, https://doi.org/10.1016/0021-9681(78)90043-7.

    Examples
    --------
    Of ten, six were answered within 48 hours and one after 60; three are open, at 20 hours:

    >>> found = share_within([5, 30, 60, 20], [1, 1, 1, 0], 48, counts=[4, 2, 1, 3])
    >>> round(found.value, 2), round(found.lower, 2), round(found.upper, 2)
    (0.8, 0.39, 0.96)
    >>> found.worst, found.best
    (0.6, 0.9)
    """
    z = critical_value(level)
    how, when = whole_numbers("causes", causes), durations("times", times)
    curve = cumulative_incidence(when, how, counts, cause, level)
    share = incidence_at(curve, limit).value
    within, later, unknown = _known(when, how, row_counts(counts, when.size), limit, cause)
    if math.isnan(share):
        return ServiceLevel(math.nan, math.nan, math.nan, within, later, unknown)
    row = int(np.searchsorted(curve.times, limit, side="right")) - 1
    error = float(curve.std_error[row]) if row >= 0 else 0.0
    effective = share * (1 - share) / error**2 if error > 0 else (later if share == 0 else within)
    lower, upper = _wilson(share, effective, z)
    return ServiceLevel(share, lower, upper, within, later, unknown)


def _known(
    times: npt.NDArray[np.float64], causes: Integers, counts: Integers, limit: float, cause: int
) -> tuple[int, int, int]:
    """Count the claims within the limit, known to be later, and unknown."""
    in_time = (causes == cause) & (times <= limit)
    unknown = (causes == 0) & (times < limit)
    later = ~in_time & ~unknown
    within_later_unknown = [int(counts[rows].sum()) for rows in (in_time, later, unknown)]
    return within_later_unknown[0], within_later_unknown[1], within_later_unknown[2]


def _wilson(share: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's limits of a share of `n` claims, where `n` need not be whole."""
    centre = share + z**2 / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return (
        0.0 if share == 0 else (centre - half) / scale,
        1.0 if share == 1 else (centre + half) / scale,
    )
