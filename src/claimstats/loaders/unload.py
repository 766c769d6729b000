"""Taking a file's contribution out of a book again, as if it had never been loaded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from claimstats import sql
from claimstats.book import Book
from claimstats.errors import BookError, ParameterError
from claimstats.loaders.upsert import TARGETS, take_out

BY_FILE = ("source_files", "rejected_rows", "unmapped_values", "claim_snapshots")
"""Tables whose rows belong to one file each."""

CONCLUSIONS: dict[str, tuple[str, ...]] = {
    "fba_claims": ("reimbursements", "derived_claims"),
    "known_records": (),
    "link_money": ("ledger_lines", "money_links"),
    "merge_claims": (),
    "link_files": ("evidence_files", "evidence_links"),
}
"""What is concluded from the tables, in this order: money is linked to the claims known by then.

Each with the tables that it reads and fills: where all are empty there is nothing to conclude.
"""


def unload(book: Book, file_id: int) -> str:
    """Take a file out of the book, whole or not at all, and keep its line in ``unloaded_files``.

    Parameters
    ----------
    book
        A book open for writing.
    file_id
        The file's number, as in ``source_files``.

    Returns
    -------
    str
        The file's name.

    Raises
    ------
    BookError
        The book is open for reading only.
    ParameterError
        The book holds no such file.
    """
    if book.read_only:
        raise BookError(f"{book.path}: is open for reading only; open it for writing to unload.")
    name = check_file(book, file_id)
    with book.own_connection() as session, session.transaction():
        put_aside(session, file_id)
        conclude(session)
    return name


def holds_of(book: Book, file_id: int) -> dict[str, int]:
    """How many rows of each table hold now as this file told them; tables without are left out."""
    counts = {
        table: book.value(
            f"SELECT count(*) FROM history.{table} WHERE file_id = $1 AND is_current", [file_id]
        )
        for table in TARGETS
    }
    return {table: n for table, n in counts.items() if n}


def check_file(book: Book, file_id: int) -> str:
    """The name of a file that the book holds.

    Raises
    ------
    ParameterError
        It holds none of that number.
    """
    name = book.value("SELECT file_name FROM source_files WHERE file_id = $1", [file_id])
    if name is None:
        raise ParameterError(
            f"the book holds no file {file_id}; `claimstats loads` lists those it holds."
        )
    return str(name)


def put_aside(book: Book, file_id: int, replaced_by: int | None = None) -> None:
    """Forget a file, and keep its line of the ledger in ``unloaded_files``."""
    of_the_file = set(book.column_names("source_files"))
    kept = [name for name in book.column_names("unloaded_files") if name in of_the_file]
    book.execute(
        f"INSERT INTO unloaded_files BY NAME SELECT {', '.join(kept)}, "
        "CAST($1 AS TIMESTAMP) AS unloaded_at, "
        "CAST($2 AS INTEGER) AS replaced_by FROM source_files WHERE file_id = $3",
        [datetime.now(UTC).replace(tzinfo=None), replaced_by, file_id],
    )
    forget(book, file_id)


def forget(book: Book, file_id: int) -> None:
    """Take out all that one file told; claims are to be concluded anew."""
    take_out(book, file_id)
    for table in BY_FILE:
        book.execute(f"DELETE FROM {table} WHERE file_id = $1", [file_id])


def conclude(book: Book, only: Collection[str] = CONCLUSIONS) -> None:
    """Make anew what is concluded from the tables: links of money, claims, and links of files."""
    for name, tables in CONCLUSIONS.items():
        if name not in only:
            continue
        if not tables or any(book.value(f"SELECT 1 FROM {table} LIMIT 1") for table in tables):
            book.execute(sql.read(name, "claimstats.loaders"))
