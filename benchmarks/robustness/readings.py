"""What the plain readers make of a file, each asked as its own guide shows: all as text.

DuckDB finds encoding, delimiter and quotes out by itself; polars and pandas are told the delimiter
that the export is known for and the lines above its header.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl

from benchmarks.robustness.grammar import Cells
from benchmarks.robustness.table import Table


@dataclass(frozen=True)
class Reading:
    """What came out of a file.

    Parameters
    ----------
    header, rows
        The table that was read.
    error
        Why there is none.
    warned
        What was said beside it.
    """

    header: Cells = ()
    rows: tuple[Cells, ...] = ()
    error: str | None = None
    warned: tuple[str, ...] = ()


def by_duckdb(path: Path, table: Table) -> Reading:
    """Read with ``read_csv``, everything found out by itself."""
    with _duckdb().cursor() as connection:
        found = connection.execute("FROM read_csv($1, all_varchar = true)", [str(path)])
        names = [str(column[0]) for column in found.description or ()]
        return _reading(names, found.fetchall())


@cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def by_polars(path: Path, table: Table) -> Reading:
    """Read with ``polars.read_csv``."""
    frame = pl.read_csv(
        path, separator=table.delimiter, skip_rows=table.n_lines_above, infer_schema=False
    )
    return _reading(frame.columns, frame.rows())


def by_pandas(path: Path, table: Table) -> Reading:
    """Read with ``pandas.read_csv``."""
    frame = pd.read_csv(
        path, sep=table.delimiter, skiprows=table.n_lines_above, dtype=str, keep_default_na=False,
        index_col=False,
    )  # fmt: skip
    return _reading(list(frame.columns), frame.itertuples(index=False, name=None))


READERS: dict[str, Callable[[Path, Table], Reading]] = {
    "DuckDB": by_duckdb, "polars": by_polars, "pandas": by_pandas,
}  # fmt: skip


def read_plainly(reader: str, path: Path, table: Table) -> Reading:
    """What a plain reader makes of a file; an error of any kind is its refusal."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = READERS[reader](path, table)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # polars panics with a BaseException
            return Reading(error=f"{type(error).__name__}: {error}")
    texts = tuple(str(w.message) for w in said if "Parser" in w.category.__name__)
    return Reading(found.header, found.rows, warned=texts)


def _reading(names: object, rows: object) -> Reading:
    assert isinstance(names, list)
    cells = tuple(tuple(_cell(value) for value in row) for row in rows)  # type: ignore[attr-defined]
    return Reading(tuple(str(name) for name in names), cells)


def _cell(value: object) -> str:
    is_missing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if is_missing else str(value)
