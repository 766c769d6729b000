"""Which columns of a design a fit can tell apart: kinds that always come together cannot be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Flags, Floats, columns, finite, whole_numbers

NOTHING_LEFT = 1e-9
"""Share of a column's length, or of a coefficient, that rounding leaves of nothing."""


@dataclass(frozen=True, eq=False)
class Aliasing:
    """Two flags for each column of a design.

    Parameters
    ----------
    kept
        Columns that are no combination of those before them: together they say all that the
        design says.
    estimable
        Kept columns whose coefficient is the same whichever columns are kept.
    """

    kept: Flags
    estimable: Flags


def aliasing(design: npt.ArrayLike, trials: npt.ArrayLike) -> Aliasing:
    """Which columns of a design are combinations of others, over the patterns that have claims.

    Parameters
    ----------
    design
        One row a pattern, one column a covariate.
    trials
        Claims of each pattern.

    Returns
    -------
    Aliasing
        With `kept`, :func:`~claimstats.stats.logistic.logistic` accepts the design.

    Raises
    ------
    ValueError
        For a design without rows and columns, values that are not finite, counts that are none.

    Notes
    -----
    Software that drops a column silently gives its effect to the one that it keeps: of a photo
    that always comes with a label, the one or the other is named by the order of the columns.
    Only the coefficient of an estimable column is the column's own.

    References
    ----------
    McCullagh P, Nelder JA (1989), Generalized Linear Models, 2nd ed., section 3.5 (aliasing).

    Examples
    --------
    The photo and the label come together, the invoice does not:

    >>> found = aliasing([[1, 0, 0, 0], [1, 1, 1, 0], [1, 0, 0, 1]], trials=[9, 8, 7])
    >>> found.kept.tolist(), found.estimable.tolist()
    ([True, True, False, True], [True, False, False, True])
    """
    x, n = finite("design", design), whole_numbers("trials", trials)
    if x.ndim != 2:
        raise ValueError(f"design must have rows and columns; found shape {x.shape}")
    columns(design=np.empty(len(x)), trials=n)
    short = np.linalg.qr(x[n > 0])[1].astype(np.float64)  # its columns are combined alike
    kept = np.zeros(short.shape[1], np.bool_)
    mixed = np.zeros(short.shape[1], np.bool_)
    for number, column in enumerate(short.T):
        made_of, rest = _projected(short[:, kept], column)
        if np.linalg.norm(rest) > NOTHING_LEFT * np.linalg.norm(column):
            kept[number] = True
        else:
            mixed[np.flatnonzero(kept)[np.abs(made_of) > NOTHING_LEFT]] = True
    return Aliasing(kept, kept & ~mixed)


def _projected(basis: Floats, column: Floats) -> tuple[Floats, Floats]:
    """The combination of other columns that comes nearest to a column, and what it leaves."""
    made_of: Floats = np.linalg.lstsq(basis, column, rcond=None)[0].astype(np.float64)
    return made_of, column - basis @ made_of
