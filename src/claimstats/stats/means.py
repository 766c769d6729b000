"""The mean of values that lie between 0 and 1, such as the completeness of a claim's evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import columns, probabilities, row_counts
from claimstats.stats._distributions import critical_value


@dataclass(frozen=True)
class Mean:
    """A mean with its limits, 0 to 1, and the claims it rests on; NaN where there is none."""

    value: float
    lower: float
    upper: float
    n: int


def bounded_mean(
    values: npt.ArrayLike, counts: npt.ArrayLike | None = None, level: float = 0.95
) -> Mean:
    """Mean of values between 0 and 1, with limits that stay there.

    Parameters
    ----------
    values
        One value a row, 0 to 1.
    counts
        How many claims each row stands for; one each unless given.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Mean
        NaN where there is no claim.

    Raises
    ------
    ValueError
        For a value outside 0 to 1 or unknown, a count that is none, and unequal lengths.

    Notes
    -----
    Wilson's score interval with the sum of the values for the successes. Values between 0 and 1
    with mean m vary by at most m (1 - m), which is what zeros and ones do; so the limits hold the
    mean at least about as often as Wilson's hold a share, and are wider than need be where values
    lie between. Where they are all 0 or 1 the limits are Wilson's.

    References
    ----------
    Wilson EB (1927), J Am Stat Assoc 22:209-212, https://doi.org/10.1080/01621459.1927.10502953.
    Bhatia R, Davis C (2000), Am Math Monthly 107:353-357 (the bound on the variance),
    https://doi.org/10.1080/00029890.2000.12005203.

    Examples
    --------
    Of 30 claims, 10 had none of two pieces, 10 one and 10 both:

    >>> found = bounded_mean([0, 0.5, 1], [10, 10, 10])
    >>> f"{found.value:.2f} ({found.lower:.3f} to {found.upper:.3f})"
    '0.50 (0.332 to 0.668)'
    """
    z = critical_value(level)
    shares = probabilities("values", values)
    weights = row_counts(counts, shares.size)
    columns(values=shares, counts=weights)
    if np.isnan(shares).any():
        raise ValueError("values must be known; found nan")
    n = int(weights.sum())
    if not n:
        return Mean(math.nan, math.nan, math.nan, 0)
    mean = float(shares @ weights) / n
    centre = (mean + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(mean * (1 - mean) / n + (z / (2 * n)) ** 2) / (1 + z**2 / n)
    return Mean(mean, 0.0 if mean == 0 else centre - half, 1.0 if mean == 1 else centre + half, n)
