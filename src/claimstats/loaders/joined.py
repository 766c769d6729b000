"""Exports joined in one file: what several of them tell counts once.

Two equal rows of one export are two. Below a header that is repeated another export begins, and
what it repeats of the ones before is the same row told again.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimstats.book import Book


def drop_told_twice(book: Book, headers_again: Sequence[int]) -> int:
    """Take the rows out of ``texts`` that an export above told as often; how many they were.

    Parameters
    ----------
    book
        A book with the table ``texts`` of a file.
    headers_again
        The lines of the headers within its rows.
    """
    if not headers_again:
        return 0
    names = ", ".join(n for n in book.column_names("texts") if n != "line_no")
    begins = ", ".join(map(str, headers_again))
    book.execute(f"""
        CREATE OR REPLACE TEMP TABLE told_twice AS
        WITH parts AS (
            SELECT line_no, {names},
                len(list_filter([{begins}], lambda b: b < line_no)) AS part
            FROM texts
        ),
        numbered AS (
            SELECT *, row_number() OVER (PARTITION BY part, {names} ORDER BY line_no) AS occurrence
            FROM parts
        )
        SELECT line_no FROM numbered
        QUALIFY part > min(part) OVER (PARTITION BY {names}, occurrence);

        DELETE FROM texts WHERE line_no IN (SELECT line_no FROM told_twice);
    """)
    return int(book.value("SELECT count(*) FROM told_twice"))


def count_equal(book: Book) -> tuple[int, int] | None:
    """How many rows of ``texts`` equal an earlier one, and the first's line; None for none."""
    names = ", ".join(n for n in book.column_names("texts") if n != "line_no")
    found = book.rows(
        "SELECT count(*) AS n, min(line_no) AS line_no FROM (SELECT line_no FROM texts "
        f"QUALIFY row_number() OVER (PARTITION BY {names} ORDER BY line_no) > 1)"
    )[0]
    return (found["n"], found["line_no"]) if found["n"] else None
