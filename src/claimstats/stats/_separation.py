"""Whether covariates tell successes from failures without error, so that likelihood has no peak."""

from __future__ import annotations

import numpy as np

from claimstats.stats._checks import Flags, Floats, Integers

SOLVER_TOLERANCE = 1e-6
"""Above what the linear programme's solver takes for zero, and below any weight that it means."""


def separated_columns(design: Floats, successes: Integers, trials: Integers) -> Flags:
    """Which columns have no finite coefficient, by Konis's linear programme.

    A direction of the coefficients that lowers no pattern's likelihood and raises some can be
    followed for ever. The programme asks for the one that raises most within a box; its weights
    name the columns. Patterns with both outcomes allow no movement at all.

    References
    ----------
    Albert A, Anderson JA (1984), Biometrika 71:1-10, https://doi.org/10.1093/biomet/71.1.1.
    Konis K (2007), Linear programming algorithms for detecting separated data in binary logistic
    regression models, DPhil thesis, Oxford, chapter 4.
    """
    scaled = design / np.abs(design).max(axis=0)
    mixed = (successes > 0) & (successes < trials)
    none = np.zeros(design.shape[1], np.bool_)
    if np.linalg.matrix_rank(scaled[mixed]) == design.shape[1]:
        return none
    from scipy.optimize import linprog  # half a second that most fits do not need

    rising = np.where(successes > 0, 1.0, -1.0)[~mixed, None] * scaled[~mixed]
    found = linprog(
        -rising.sum(axis=0),
        A_ub=-rising,
        b_ub=np.zeros(rising.shape[0]),
        A_eq=scaled[mixed],
        b_eq=np.zeros(int(mixed.sum())),
        bounds=(-1, 1),
    )
    if -found.fun <= SOLVER_TOLERANCE:
        return none
    moved: Flags = np.abs(found.x) > SOLVER_TOLERANCE
    return moved
