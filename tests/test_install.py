"""What a new book holds: macros of this version, and nothing left of what hid their sources."""

from __future__ import annotations

from claimstats import sql
from claimstats.analyses import REGISTER
from claimstats.book import Book
from claimstats.install import install


def rooms() -> list[str]:
    return [sql.read(room.name, "claimstats.analyses") for room in REGISTER]


def macros(book: Book) -> list[dict[str, object]]:
    return book.rows(
        "SELECT function_name, parameters, macro_definition FROM duckdb_functions() "
        "WHERE NOT internal ORDER BY ALL"
    )


def written_plainly(book: Book) -> None:
    for name in (*sql.TABLES_AND_VIEWS, *sql.MACROS):
        text = sql.read(name)
        book.execute(sql.with_comments(text))
        if name in sql.TABLES_AND_VIEWS:
            book.execute(sql.current_views(text))
    for text in rooms():
        book.execute(sql.with_comments(text))


def test_macros_are_those_that_are_made_with_nothing_hidden():
    with Book(None) as quick, Book(None) as plain:
        install(quick, rooms())
        written_plainly(plain)
        assert macros(quick) == macros(plain)


def test_nothing_that_hid_views_and_macros_is_left(empty):
    left = empty.rows(
        "SELECT table_name FROM duckdb_tables() WHERE temporary UNION ALL "
        "SELECT function_name FROM duckdb_functions() WHERE database_name = 'temp' AND NOT internal"
    )
    assert left == []


def test_installing_again_changes_nothing():
    with Book(None) as book:
        install(book, rooms())
        before = macros(book)
        install(book, rooms())
        assert macros(book) == before
