"""Writing the tables, views and macros of this version into a book.

DuckDB binds a macro when it is made, which goes through every macro and view behind it, and forgets
the result: the text is what it keeps. So a macro is made while what it reads is hidden behind empty
tables of the same columns, and a book opens in a third of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from claimstats import sql
from claimstats.book import Book
from claimstats.selection import HELD

_MACRO = re.compile(r"^CREATE OR REPLACE MACRO (\w+)\(([^)]*)\) AS TABLE", re.MULTILINE)


def install(book: Book, rooms: Iterable[str]) -> None:
    """Write everything that a book holds before any file is loaded.

    Parameters
    ----------
    book
        An open book; the caller's transaction makes it whole or nothing.
    rooms
        The texts of the analyses' macros, of which none reads another.
    """
    for name in sql.TABLES_AND_VIEWS:
        text = sql.read(name)
        book.execute(sql.with_comments(text))
        book.execute(sql.current_views(text))
    for view in HELD:
        book.execute(f"CREATE TEMP TABLE {view} AS FROM {view} LIMIT 0")
    hidden = []
    for name in sql.MACROS:
        text = sql.read(name)
        book.execute(sql.with_comments(text))
        hidden += [_hide(book, *found) for found in _MACRO.findall(text)]
    for text in rooms:
        book.execute(sql.with_comments(text))
    for macro in hidden:
        book.execute(f"DROP MACRO TABLE temp.{macro}; DROP TABLE temp.{_columns(macro)};")
    for view in HELD:
        book.execute(f"DROP TABLE temp.{view}")


def _hide(book: Book, macro: str, parameters: str) -> str:
    """Put a macro of the same name, parameters and columns before one that was made."""
    columns = _columns(macro)
    book.execute(
        f"CREATE TEMP TABLE {columns} AS FROM {macro}() LIMIT 0; "
        f"CREATE TEMP MACRO {macro}({parameters}) AS TABLE FROM temp.{columns};"
    )
    return macro


def _columns(macro: str) -> str:
    return f"columns_of_{macro}"
