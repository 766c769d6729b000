"""What many tests at once do to their p values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, columns, probabilities


def benjamini_hochberg(p_values: npt.ArrayLike) -> Floats:
    """Benjamini and Hochberg's adjusted p values, called q values.

    Parameters
    ----------
    p_values
        One p value a test, in any order; NaN for a test that could not be made.

    Returns
    -------
    numpy.ndarray
        The q values in the order given, 0 to 1. Taking every test with q at most 0.05 keeps the
        expected share of false discoveries among those taken at or below 5 %. NaN stays NaN.

    Raises
    ------
    ValueError
        For a p value outside 0 to 1.

    Notes
    -----
    NaN is no test and does not count among them. The bound holds for independent tests and for
    those with positive dependence; components of one evidence score are of that kind.

    References
    ----------
    Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300,
    https://doi.org/10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, float("nan"), 0.03]).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    p = probabilities("p_values", p_values)
    columns(p_values=p)
    q = np.full(p.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(p))
    largest_first = tests[np.argsort(-p[tests], kind="stable")]
    rank = np.arange(tests.size, 0, -1)
    # The largest p value has rank = tests, so the running minimum never exceeds 1.
    q[largest_first] = np.minimum.accumulate(p[largest_first] * (tests.size / rank))
    return q
