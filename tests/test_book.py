from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

import claimstats
from claimstats.book import Book
from claimstats.errors import BookError, BookLocked, ParameterError
from claimstats.session import ClaimBook


@contextmanager
def held_elsewhere(path: Path) -> Iterator[int]:
    """Another process has the book open for writing; its id."""
    code = f"import duckdb; c = duckdb.connect({str(path)!r}); print('open', flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin and holder.stdout
    try:
        assert holder.stdout.readline() == "open\n"
        yield holder.pid
    finally:
        holder.communicate("\n")


def test_rows_columns_and_values_are_plain_python(empty: ClaimBook) -> None:
    query = "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS t (number, word) ORDER BY number"
    assert empty.rows(query) == [{"number": 1, "word": "a"}, {"number": 2, "word": None}]
    assert empty.columns(query) == {"number": [1, 2], "word": ["a", None]}
    assert empty.value(query) == 1
    assert empty.column_names(f"({query})") == ["number", "word"]


def test_query_without_rows_keeps_its_names(empty: ClaimBook) -> None:
    assert empty.rows("SELECT 1 AS a WHERE false") == []
    assert empty.columns("SELECT 1 AS a WHERE false") == {"a": []}
    assert empty.value("SELECT 1 WHERE false") is None


def test_transaction_is_all_or_nothing(empty: ClaimBook) -> None:
    with pytest.raises(ZeroDivisionError), empty.transaction():
        empty.execute("CREATE TABLE gone (a INT)")
        raise ZeroDivisionError
    with empty.transaction():
        empty.execute("CREATE TABLE kept (a INT)")
    found = empty.columns("SELECT table_name FROM duckdb_tables()")["table_name"]
    assert "kept" in found
    assert "gone" not in found


def test_times_are_utc_whatever_zone_the_machine_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    with Book() as book:
        moment = book.value("SELECT CAST(TIMESTAMPTZ '2026-05-08 23:00:00+00' AS TIMESTAMP)")
    assert moment == datetime(2026, 5, 8, 23)


def test_cut_off_is_the_latest_event(empty: ClaimBook, tmp_path: Path) -> None:
    assert empty.as_of is None
    path = tmp_path / "claims.csv"
    path.write_text(
        "claim_id,program,outcome,filed_at,due_at\nA,other,pending,2026-05-08T10:00,2026-07-01\n"
    )
    empty.load(path)
    assert empty.as_of == datetime(2026, 5, 8, 10)


def test_book_keeps_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "b.duckdb"
    with Book(path) as book:
        book.execute("CREATE TABLE t AS SELECT 42 AS a")
    with Book(path, read_only=True) as one, Book(path, read_only=True) as other:
        assert one.value("FROM t") == other.value("FROM t") == 42
        with pytest.raises(duckdb.Error):
            one.execute("INSERT INTO t VALUES (43)")
    assert repr(one) == f"Book({str(path)!r}, read_only=True)"


def test_book_is_written_in_the_storage_format_of_duckdb_1_4(tmp_path: Path) -> None:
    """Storage version 67 came with DuckDB 1.4; a file of 2.0's own is closed to the 1.x tools."""
    path = tmp_path / "b.duckdb"
    with Book(path) as book:
        book.execute("CREATE TABLE t AS SELECT 1 AS a")
    with Book(path, read_only=True) as book:
        tags = book.value("SELECT tags FROM duckdb_databases() WHERE database_name = 'b'")
    assert tags["storage_version"].startswith("v1.4")


def test_book_in_memory_is_never_read_only() -> None:
    assert not Book(":memory:", read_only=True).read_only
    assert not Book(None).read_only


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.mkdir(), "is a folder; a book is one DuckDB file"),
        (lambda path: path.write_bytes(b"claim_id,program\n" * 999), "is not a DuckDB file"),
        (lambda path: path.write_bytes(b"short"), "is not a DuckDB file|cannot be opened"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_no_book_is_refused_with_its_path_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], object], reason: str, read_only: bool
) -> None:
    path = tmp_path / "b.duckdb"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(BookError, match=reason) as refused:
        Book(path, read_only=read_only)
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_missing_book_is_not_created_for_reading(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"no such book; `claimstats load PATH...` creates one"):
        Book(tmp_path / "b.duckdb", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_book_in_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="folder does not exist"):
        Book(tmp_path / "no" / "b.duckdb")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_book_in_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(BookError, match="cannot be written here"):
        Book(tmp_path / "b.duckdb")


@pytest.mark.parametrize("read_only", [False, True])
def test_locked_book_says_which_process_holds_it(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "b.duckdb"
    claimstats.connect(path).close()
    with held_elsewhere(path) as pid, pytest.raises(BookLocked) as refused:
        Book(path, read_only=read_only)
    assert re.search(rf"held by .*\(process {pid}\)", str(refused.value))
    with Book(path, read_only=read_only):
        pass


def test_memory_is_limited_to_what_is_said(empty: ClaimBook) -> None:
    empty.limit_memory("512MiB")
    assert empty.value("SELECT current_setting('memory_limit')") == "512.0 MiB"


@pytest.mark.parametrize("limit", ["", "much", "0GB", "1GB'; DROP TABLE claims; --"])
def test_memory_limit_that_is_no_size_is_refused(empty: ClaimBook, limit: str) -> None:
    with pytest.raises(ParameterError, match="write a size like 1GB"):
        empty.limit_memory(limit)
