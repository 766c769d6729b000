from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

import claimstats
from claimstats import sql
from claimstats.errors import BookError, FileRefused
from claimstats.session import SCHEMA_VERSION, ClaimBook

COMMENTED = {"duckdb_tables": "table_name", "duckdb_views": "view_name"}


@pytest.mark.parametrize("catalogue", COMMENTED)
def test_every_table_and_view_has_a_comment(tiny: ClaimBook, catalogue: str) -> None:
    name = COMMENTED[catalogue]
    found = tiny.columns(
        f"SELECT {name} FROM {catalogue}() WHERE NOT internal AND NOT temporary AND comment IS NULL"
    )
    assert found[name] == []


def test_every_column_and_macro_has_a_comment(tiny: ClaimBook) -> None:
    columns = tiny.rows(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE NOT internal AND database_name <> 'temp' AND comment IS NULL"
    )
    macros = tiny.rows(
        "SELECT function_name FROM duckdb_functions() "
        "WHERE NOT internal AND function_type LIKE '%macro%' AND comment IS NULL"
    )
    assert (columns, macros) == ([], [])


def test_every_view_answers(tiny: ClaimBook) -> None:
    views = tiny.columns("SELECT view_name FROM duckdb_views() WHERE NOT internal")["view_name"]
    assert len(views) >= 6
    for view in views:
        tiny.columns(f"FROM {view}")


def test_comments_travel_with_their_objects() -> None:
    text = "-- It's one.\nCREATE TABLE t (\n    a INT, -- Red.\n    b INT\n);\n"
    assert sql.with_comments(text).splitlines()[-2:] == [
        "COMMENT ON TABLE t IS 'It''s one.';",
        "COMMENT ON COLUMN t.a IS 'Red.';",
    ]


def test_book_is_opened_again_without_being_written(tmp_path: Path) -> None:
    path = tmp_path / "b.duckdb"
    claimstats.connect(path).close()
    before = path.read_bytes()
    claimstats.connect(path, read_only=True).close()
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_book_of_another_build_gets_the_current_views_and_keeps_its_data(
    tmp_path: Path, read_only: bool
) -> None:
    path = tmp_path / "b.duckdb"
    with claimstats.connect(path) as book:
        book.execute("UPDATE book_info SET value = 'old' WHERE key = 'sql_digest'")
        book.execute("CREATE OR REPLACE VIEW v_cutoff AS SELECT 'old' AS as_of")
        book.execute("DELETE FROM reasons")
        book.execute("INSERT INTO unmapped_values VALUES (1, 'a', 'b', 2)")
    with claimstats.connect(path, read_only) as book:
        assert book.as_of is None
        assert book.value("SELECT count(*) FROM reasons") > 10
        assert book.value("SELECT count(*) FROM unmapped_values") == 1
        assert book.read_only == read_only


def test_book_of_another_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.duckdb"
    with claimstats.connect(path) as book:
        book.execute("UPDATE book_info SET value = '0' WHERE key = 'schema_version'")
    with pytest.raises(BookError, match=f"schema 0, this one reads {SCHEMA_VERSION}"):
        claimstats.connect(path)


def test_database_that_is_no_book_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE mine (a INT)")
    with pytest.raises(BookError, match="is a DuckDB file but no claimstats book"):
        claimstats.connect(path)
    with duckdb.connect(str(path)) as other:
        assert other.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("mine",)]


def test_load_takes_one_path_or_several(empty: ClaimBook, write: Callable[..., Path]) -> None:
    header = ["claim_id", "program", "outcome"]
    paths = [
        write(f"{k}.csv", header, [dict(zip(header, [k, "other", "denied"], strict=True))])
        for k in "abc"
    ]
    assert [r.status for r in empty.load(paths[0])] == ["loaded"]
    assert [r.status for r in empty.load(str(paths[1]))] == ["loaded"]
    assert [r.status for r in empty.load(iter(paths))] == [
        "already_loaded", "already_loaded", "loaded",
    ]  # fmt: skip
    with pytest.raises(FileRefused, match="no such file"):
        empty.load(paths[0].with_name("gone.csv"))


def test_open_book_opens_the_named_one_for_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.duckdb"
    claimstats.connect(path).close()
    monkeypatch.setenv("CLAIMSTATS_BOOK", str(path))
    with claimstats.open_book() as book:
        assert (book.path, book.read_only) == (str(path), True)
