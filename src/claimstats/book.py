"""The one place that runs SQL: a DuckDB connection with rows and columns as plain Python values.

A book is one DuckDB file. It is created in the storage format of DuckDB 1.4, which the 1.4, 1.5 and
2.0 tools all open; without that, a file written by 2.0 is closed to the command line users have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from claimstats.errors import BookError, BookLocked, ParameterError

STORAGE_VERSION = "v1.4.0"
IN_MEMORY = ":memory:"
SIZE = re.compile(r"[1-9]\d*(\.\d+)? ?([KMGT]i?B)", re.IGNORECASE)
DISK_FULL = "No space left on device"

Parameters = Mapping[str, Any] | Sequence[Any] | None


class Book:
    """One DuckDB file of orders, claims and evidence, and the SQL run on it.

    Parameters
    ----------
    path
        The DuckDB file; created when missing, unless `read_only`. None or ``:memory:`` for a book
        that lives in memory.
    read_only
        Open for reading, which several processes may do at once.

    Raises
    ------
    BookLocked
        Another process holds the file.
    BookError
        The file is missing (read only), no DuckDB file, or its folder cannot be written.
    """

    held_to: tuple[str, ...] = ()
    """Conditions, in SQL, that its claims meet where a selection holds them; see `selection`."""

    def __init__(self, path: str | Path | None = None, read_only: bool = False) -> None:
        self.path = IN_MEMORY if path is None else str(path)
        self.read_only = read_only and self.path != IN_MEMORY
        self.connection = _open(self.path, self.read_only)
        self.execute("SET TimeZone = 'UTC'")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path!r}, read_only={self.read_only})"

    def close(self) -> None:
        """Close the file; other processes may then open it."""
        self.connection.close()

    def limit_memory(self, limit: str) -> None:
        """Keep DuckDB below a limit such as ``1GB``; what does not fit goes to temporary files.

        Raises
        ------
        ParameterError
            The limit is no size.
        """
        if not SIZE.fullmatch(limit):
            raise ParameterError(f"the memory limit cannot be {limit!r}; write a size like 1GB.")
        self.execute(f"SET memory_limit = '{limit}'")

    def execute(self, sql: str, parameters: Parameters = None) -> None:
        """Run statements whose result nobody reads."""
        self.connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: Parameters = None) -> list[dict[str, Any]]:
        """Each row of a query as a dictionary."""
        cursor = self.connection.execute(sql, parameters)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def columns(self, sql: str, parameters: Parameters = None) -> dict[str, list[Any]]:
        """Each column of a query as a list; the names are there even when no row is."""
        cursor = self.connection.execute(sql, parameters)
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
        return {name: [row[k] for row in rows] for k, name in enumerate(names)}

    def grid(
        self, sql: str, parameters: Parameters = None
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Names and rows of a query; of columns with one name the later ones are numbered."""
        cursor = self.connection.execute(sql, parameters)
        names: list[str] = []
        for column in cursor.description or ():
            n_before = sum(name == column[0] for name in names)
            names.append(f"{column[0]}_{n_before + 1}" if n_before else column[0])
        return names, cursor.fetchall()

    def value(self, sql: str, parameters: Parameters = None) -> Any:
        """The first value of the first row; None where there is no row."""
        rows = self.connection.execute(sql, parameters).fetchall()
        return rows[0][0] if rows else None

    def column_names(self, relation: str) -> list[str]:
        """The columns of a table, view or table function, in order."""
        cursor = self.connection.execute(f"SELECT * FROM {relation} LIMIT 0")
        return [column[0] for column in cursor.description or ()]

    @property
    def as_of(self) -> datetime | None:
        """The data cut-off (UTC): the latest event in the book; None while it holds none."""
        found = self.value("SELECT as_of FROM v_cutoff")
        assert found is None or isinstance(found, datetime)
        return found

    @contextmanager
    def own_connection(self) -> Iterator[Self]:
        """The same book on a second connection, whose temporary tables and macros are its own."""
        session = copy(self)
        session.connection = self.connection.cursor()
        try:
            session.execute("SET TimeZone = 'UTC'")
            yield session
        finally:
            session.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is run inside, or nothing of it."""
        self.execute("BEGIN TRANSACTION")
        try:
            yield
            self.execute("COMMIT")
        except BaseException as error:
            # After a fatal error, or a failed commit, there is nothing left to roll back.
            with suppress(duckdb.Error):
                self.execute("ROLLBACK")
            if isinstance(error, duckdb.Error) and DISK_FULL in str(error):
                raise BookError(_no_space(self.path)) from error
            raise


def _open(path: str, read_only: bool) -> duckdb.DuckDBPyConnection:
    if path == IN_MEMORY:
        return duckdb.connect(IN_MEMORY)
    if read_only and not Path(path).exists():
        raise BookError(f"{path}: there is no such book; `claimstats load PATH...` creates one.")
    if Path(path).is_dir():
        raise BookError(f"{path}: is a folder; a book is one DuckDB file, such as claims.duckdb.")
    config: dict[str, Any] = {}
    if not read_only:
        config["storage_compatibility_version"] = STORAGE_VERSION
    try:
        return duckdb.connect(path, read_only=read_only, config=config)
    except (duckdb.Error, OSError) as error:
        raise _told(path, error) from error


def _told(path: str, error: Exception) -> BookError:
    """Turn DuckDB's refusal to open a file into a sentence that says what to do."""
    text = str(error)
    if "lock" in text.lower():
        holder = re.search(r"held in (.+?) \(PID (\d+)\)", text)
        who = f"{holder[1]} (process {holder[2]})" if holder else "another process"
        return BookLocked(f"{path}: the book is held by {who}; close it there and try again.")
    if "not a valid DuckDB" in text or "not a DuckDB" in text:
        return BookError(
            f"{path}: is not a DuckDB file; name a book, or another path for a new one."
        )
    if "Permission denied" in text or "Read-only file system" in text:
        return BookError(f"{path}: cannot be written here; choose another path with --book.")
    if "No such file or directory" in text or "Cannot open file" in text:
        return BookError(f"{path}: its folder does not exist; create it, or choose another path.")
    if DISK_FULL in text:
        return BookError(_no_space(path))
    return BookError(f"{path}: cannot be opened as a book: {text.splitlines()[0]}")


def _no_space(path: str) -> str:
    return (
        f"{path}: the disk is full; nothing of the file in hand was taken, and what the book held "
        "it holds. Make space and load again."
    )
