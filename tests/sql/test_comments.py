"""The SQL files' comments reach the database: whoever opens a book finds everything explained."""

from __future__ import annotations

import re

import pytest

from claimstats import analyses
from claimstats.sql import MACROS, TABLES_AND_VIEWS, current_views, read, with_comments

LISTS = {
    "duckdb_tables()": "table_name",
    "duckdb_views()": "view_name",
    "duckdb_columns()": "table_name || '.' || column_name",
    "duckdb_functions()": "function_name",
}


@pytest.mark.parametrize("catalogue", LISTS)
def test_everything_in_a_book_has_a_comment(book, catalogue):
    is_ours = (
        "NOT internal AND schema_name IN ('main', 'history') AND database_name = current_database()"
    )
    rows = book.rows(f"SELECT {LISTS[catalogue]} AS name, comment FROM {catalogue} WHERE {is_ours}")
    assert rows
    assert [row["name"] for row in rows if not (row["comment"] or "").strip()] == []


def test_comments_are_sentences(book):
    comments = book.columns("SELECT comment FROM duckdb_views() WHERE NOT internal")["comment"]
    assert all(comment.endswith(".") and comment[0].isupper() for comment in comments)


def test_every_macro_and_view_of_the_files_is_in_the_book(book):
    texts = [read(name) for name in (*TABLES_AND_VIEWS, *MACROS)]
    texts += [read(room.name, "claimstats.analyses") for room in analyses.REGISTER]
    texts += [current_views(text) for text in texts]
    created = sum(len(re.findall(r"^CREATE (?!SCHEMA)", text, re.MULTILINE)) for text in texts)
    found = book.value(
        "SELECT (SELECT count(*) FROM duckdb_tables() WHERE NOT temporary) "
        "+ (SELECT count(*) FROM duckdb_views() WHERE NOT internal) "
        "+ (SELECT count(*) FROM duckdb_functions() "
        "WHERE NOT internal AND database_name <> 'temp')"
    )
    assert found == created


def test_quotes_in_a_comment_are_kept(book):
    book.execute(
        with_comments("-- The seller's own.\nCREATE TABLE quoted (\n    a INT -- It's.\n);\n")
    )
    found = book.value("SELECT comment FROM duckdb_tables() WHERE table_name = 'quoted'")
    book.execute("DROP TABLE quoted")
    assert found == "The seller's own."


def test_a_views_column_is_named_by_the_last_word_of_its_line():
    text = "-- Ones.\nCREATE OR REPLACE VIEW v AS\nSELECT\n    CAST(a AS INT) AS b -- B.\nFROM t;\n"
    assert with_comments(text).endswith(
        "COMMENT ON VIEW v IS 'Ones.';\nCOMMENT ON COLUMN v.b IS 'B.';"
    )


def test_table_macros_are_told_from_scalar_ones():
    text = "-- Rows.\nCREATE MACRO m(a) AS TABLE\nSELECT a;\n"
    assert with_comments(text).endswith("COMMENT ON MACRO TABLE m IS 'Rows.';")
