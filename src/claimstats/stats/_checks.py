"""What the estimates accept, each rule said once; every refusal is a ValueError in one sentence."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


def whole_numbers(name: str, values: npt.ArrayLike) -> Integers:
    """Return `values` as integers; refuse what cannot be a count."""
    found = np.asarray(values, dtype=np.float64)
    _refuse(name, "must be finite", found, ~np.isfinite(found))
    _refuse(name, "must not be negative", found, found < 0)
    _refuse(name, "must be whole numbers", found, found % 1 != 0)
    return found.astype(np.int64)


def part_and_whole(
    part_name: str, part: npt.ArrayLike, whole_name: str, whole: npt.ArrayLike
) -> tuple[Integers, Integers]:
    """Return both as counts, `part` nowhere above `whole`."""
    k, n = whole_numbers(part_name, part), whole_numbers(whole_name, whole)
    equal_shapes(**{part_name: k, whole_name: n})
    over = np.atleast_1d(k > n)
    if over.any():
        worst_k, worst_n = (int(np.broadcast_to(a, over.shape)[over][0]) for a in (k, n))
        raise ValueError(f"{part_name} must not exceed {whole_name}; found {worst_k} of {worst_n}")
    return k, n


def equal_shapes(**arrays: npt.NDArray[np.generic]) -> None:
    """Refuse arrays of different shapes; a scalar goes with any shape."""
    shapes = {name: array.shape for name, array in arrays.items() if array.ndim}
    if len(set(shapes.values())) > 1:
        found = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"arrays must have the same shape; found {found}")


def columns(**arrays: npt.NDArray[np.generic]) -> None:
    """Refuse what is no list of rows, or lists of different length."""
    for name, array in arrays.items():
        if array.ndim != 1:
            raise ValueError(f"{name} must be one-dimensional; found shape {array.shape}")
    equal_shapes(**arrays)


def row_counts(counts: npt.ArrayLike | None, n_rows: int) -> Integers:
    """Return how many claims each row stands for: `counts`, or one each."""
    return np.ones(n_rows, np.int64) if counts is None else whole_numbers("counts", counts)


def flags(name: str, values: npt.ArrayLike) -> Flags:
    """Return `values` as booleans; refuse all but true and false (or 1 and 0)."""
    found = np.asarray(values, dtype=np.float64)
    _refuse(name, "must be true or false", found, (found != 0) & (found != 1))
    return found.astype(np.bool_)


def finite(name: str, values: npt.ArrayLike) -> Floats:
    """Return `values` as floats; refuse NaN and infinity."""
    found = np.asarray(values, dtype=np.float64)
    _refuse(name, "must be finite", found, ~np.isfinite(found))
    return found


def durations(name: str, values: npt.ArrayLike) -> Floats:
    """Return `values` as floats; refuse a time before the start."""
    found = finite(name, values)
    _refuse(name, "must not be negative", found, found < 0)
    return found


def positive(name: str, value: float) -> float:
    """Return `value` as a float; refuse what is not above 0 or not finite."""
    found = finite(name, value)
    _refuse(name, "must be above 0", found, found <= 0)
    return float(found)


def one_cause(cause: int) -> None:
    """Refuse what is the number of no cause."""
    if cause < 1:
        raise ValueError(f"cause must be at least 1, since 0 means censored; found {cause}")


def probabilities(name: str, values: npt.ArrayLike) -> Floats:
    """Return `values` as floats in 0 to 1, NaN where there is none."""
    found = np.asarray(values, dtype=np.float64)
    _refuse(name, "must lie between 0 and 1", found, (found < 0) | (found > 1))
    return found


def _refuse(name: str, rule: str, values: Floats, broken: Flags) -> None:
    if broken.any():
        raise ValueError(f"{name} {rule}; found {values[broken][0]:g}")
