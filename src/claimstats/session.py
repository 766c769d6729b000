"""Opening a book: its tables, rules, views and macros are current when it is handed out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from claimstats import analyses, sql
from claimstats.book import Book
from claimstats.bundled import sample_files
from claimstats.errors import BookError, FileRefused
from claimstats.install import install
from claimstats.loaders import FileResult, Progress, Reading, load, mapped_by

if TYPE_CHECKING:
    from claimstats.scanning import ScanResult

SCHEMA_VERSION = "2"

BOOK_VARIABLE = "CLAIMSTATS_BOOK"
"""The environment variable that names the book."""


class ClaimBook(Book):
    """A book that loads exports; what :func:`connect` returns."""

    def load(
        self,
        paths: str | Path | Iterable[str | Path],
        pulled_at: datetime | None = None,
        reading: Reading | None = None,
        progress: Callable[[Progress], None] | None = None,
        mapping: str | Path | None = None,
    ) -> list[FileResult]:
        """Load export files and folders into the book.

        Parameters
        ----------
        paths
            A file or folder, or several.
        pulled_at
            When the exports were made (UTC), for files whose name does not carry the day.
        reading
            What else is known of the files, such as ``Reading(encoding="cp1252")``; by default each
            file tells it itself.
        progress
            Is called with the path, rows and bytes of the file in hand as it is read.
        mapping
            A map.toml, for sheets with columns of your own; :func:`propose_mapping` writes one.

        Returns
        -------
        list of FileResult
            What became of each file, and of each record in it.

        Raises
        ------
        FileRefused
            A file was not taken; the others are loaded.
        ParameterError
            What is said of the files is not among what there is, or the mapping means nothing.

        Examples
        --------
        >>> import claimstats
        >>> with claimstats.connect(":memory:") as book:
        ...     results = book.load(claimstats.sample_files()[:2])
        >>> all(result.status == "loaded" for result in results)
        True
        """
        named = [paths] if isinstance(paths, str | Path) else list(paths)
        said = reading or Reading()
        if mapping is not None:
            said = replace(said, mapped=mapped_by(mapping))
        results = list(load(self, named, pulled_at, said, progress))
        refused = [result.error for result in results if result.error]
        if refused:
            raise FileRefused(" ".join(refused))
        return results

    def scan_evidence(
        self,
        folder: str | Path,
        mapping: str | Path | None = None,
        program: str | None = None,
    ) -> ScanResult:
        """Measure the photos, PDFs and videos of a folder, and link them to claims.

        Parameters
        ----------
        folder
            The folder; links in it are not followed.
        mapping
            A list of which file belongs to which claim (files.csv), loaded beforehand.
        program
            The program of the folder's claims, where an id could be several programs'.

        Returns
        -------
        ScanResult
            What became of each file: linked, ambiguous, unlinked, not read or ignored.

        Raises
        ------
        FileRefused
            There is no such folder, it holds no evidence, or the list was not taken.
        MissingExtra
            The packages that measure are not installed.
        ParameterError
            There is no such program.
        """
        from claimstats.scanning import scan

        if mapping is not None:
            self.load(mapping, reading=Reading(format="file_claims"))
        return scan(self, folder, program)


def connect(path: str | Path | None = None, read_only: bool = False) -> ClaimBook:
    """Open a book, and create it when there is none.

    Parameters
    ----------
    path
        The DuckDB file; None or ``:memory:`` for a book that lives in memory.
    read_only
        Open for reading, which several processes may do at once.

    Returns
    -------
    ClaimBook
        A context manager; `connection` is the DuckDB connection behind it.

    Raises
    ------
    BookLocked
        Another process holds the file.
    BookError
        The file is missing (read only), no DuckDB file, or a DuckDB file that is no book.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.connect() as book:
    ...     book.value("SELECT count(*) FROM v_claims")
    0
    """
    book = ClaimBook(path, read_only)
    try:
        if book.read_only and not _is_current(book):
            book.close()
            with connect(path):
                pass
            return ClaimBook(path, read_only)
        if not book.read_only:
            _install(book)
    except BaseException:
        book.close()
        raise
    return book


def sample_book() -> ClaimBook:
    """Open a book in memory with the synthetic sample loaded.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.sample_book() as book:
    ...     book.value("SELECT count(*) FROM v_claims") > 600
    True
    """
    book = connect()
    book.load(sample_files())
    return book


def open_book() -> ClaimBook:
    """Open the book that CLAIMSTATS_BOOK names, for reading; the sample where it names none.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     type(book).__name__
    'ClaimBook'
    """
    named = os.environ.get(BOOK_VARIABLE)
    return connect(named, read_only=True) if named else sample_book()


def _rooms() -> list[str]:
    return [sql.read(room.name, "claimstats.analyses") for room in analyses.REGISTER]


def _digest() -> str:
    own = (sql.read(name) for name in (*sql.TABLES_AND_VIEWS, *sql.MACROS))
    return sql.digest(*own, *_rooms())


def _is_current(book: Book) -> bool:
    """Whether the book's views and macros are those of this version; refuses what is no book."""
    found = book.columns(
        "SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary "
        "UNION SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary"
    )
    tables = set(found["name"])
    if not tables:
        return False
    if "book_info" not in tables:
        raise BookError(
            f"{book.path}: is a DuckDB file but no claimstats book; name another with --book."
        )
    info = {row["key"]: row["value"] for row in book.rows("SELECT key, value FROM book_info")}
    if info.get("schema_version") != SCHEMA_VERSION:
        raise BookError(
            f"{book.path}: was made by another version (schema {info.get('schema_version')}, this "
            f"one reads {SCHEMA_VERSION}); load the exports into a new book."
        )
    return info.get("sql_digest") == _digest()


def _install(book: Book) -> None:
    if _is_current(book):
        return
    with book.transaction():
        install(book, _rooms())
        book.execute(
            "INSERT OR REPLACE INTO book_info VALUES ('schema_version', $1), ('sql_digest', $2)",
            [SCHEMA_VERSION, _digest()],
        )
