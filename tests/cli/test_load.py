from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import claimstats
from claimstats.book import Book
from claimstats.loaders import EXPORTS

HEADER = "claim_id,program,outcome,filed_at"
GOOD = f"{HEADER}\nC1,amazon_safet,denied,2026-05-08\n"
DIRTY = f"{GOOD}C2,amazon_safet,denied,2026-02-30\n"

PROMISED = {
    "path", "format", "status", "read", "inserted", "updated", "unchanged", "rejected", "ignored",
}  # fmt: skip

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty book: to copy it is faster than to make one."""
    path = tmp_path_factory.mktemp("template") / "claims.duckdb"
    claimstats.connect(path).close()
    return path


@pytest.fixture(autouse=True)
def book(template: Path, tmp_path: Path) -> Path:
    """The empty book in the folder that the commands run in."""
    return shutil.copy(template, tmp_path / "claims.duckdb")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text(GOOD)
    return path


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "dirty.csv"
    path.write_text(DIRTY)
    return path


def workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.xml", "")


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("claims.csv", bytes(80 << 20))


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "unknown.csv": (lambda p: p.write_text("a,b\n1,2\n"), "is no export that claimstats knows"),
    "page.csv": (lambda p: p.write_text("<html>Log in</html>"), "is a web page"),
    "empty.csv": (lambda p: p.touch(), "the file is empty"),
    "cut.csv.gz": (lambda p: p.write_bytes(gzip.compress(GOOD.encode())[:-12]), "cut short"),
    "crc.csv.gz": (
        lambda p: p.write_bytes(gzip.compress(GOOD.encode())[:-8] + bytes(8)), "damaged",
    ),
    "sheet.csv": (workbook, "the workbook is damaged"),
    "missing.csv": (lambda p: None, "there is no such file or folder"),
    "folder": (lambda p: p.mkdir(), "the folder holds no export"),
    "nul.csv": (lambda p: p.write_text(GOOD + "\0"), "line 3: holds a NUL byte"),
    "long.csv": (lambda p: p.write_text(GOOD + "x" * (5 << 20)), "line 3: has more than"),
    "bomb.zip": (bomb, "unpacks to more than"),
    "twice.csv": (lambda p: p.write_text(f"{HEADER},Program\n"), "names program more than once"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_said_in_one_sentence_and_ends_with_1(
    run: Run, book: Path, tmp_path: Path, name: str
) -> None:
    make, reason = BAD[name]
    before = book.read_bytes()
    make(tmp_path / name)
    ran = run("load", tmp_path / name)
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.err.splitlines()
    assert line.startswith(f"claimstats: {tmp_path / name}")
    assert reason in line
    assert book.read_bytes() == before


def test_good_files_load_beside_bad_ones(run: Run, good: Path, book: Path, tmp_path: Path) -> None:
    ran = run("load", tmp_path / "missing.csv", good, tmp_path / "gone.csv")
    assert ran.code == 1
    assert "claims.csv" in ran.out
    assert ran.err.count("there is no such file or folder") == 2
    with Book(book, read_only=True) as loaded:
        assert loaded.value("SELECT count(*) FROM claims") == 1


def test_table_says_what_a_file_was_taken_for_and_what_became_of_it(run: Run, dirty: Path) -> None:
    ran = run("load", dirty)
    assert ran.code == 0
    head, row = (line.split() for line in ran.out.splitlines())
    assert head[-6:] == ["read", "inserted", "updated", "unchanged", "rejected", "ignored"]
    assert row == [str(dirty), "claims", "utf-8,", "comma", "loaded", *"210010"]
    assert "1 of 2 rows rejected" in ran.err
    assert "claimstats rejects 1" in ran.err


def test_strict_ends_with_3_where_a_row_was_rejected(run: Run, good: Path, dirty: Path) -> None:
    assert run("load", "--strict", good).code == 0
    assert run("load", "--strict", dirty).code == 3
    assert run("load", dirty).code == 0


def test_refused_file_weighs_more_than_a_rejected_row(run: Run, dirty: Path) -> None:
    assert run("load", "--strict", dirty, "missing.csv").code == 1


def test_json_has_the_promised_keys_and_nothing_else_is_on_stdout(
    run: Run, dirty: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text(HEADER + "\n")
    ran = run("load", "--json", dirty, dirty, empty, "missing.csv")
    files = json.loads(ran.out)["files"]
    assert ran.code == 1
    assert [file["status"] for file in files] == ["loaded", "already_loaded", "empty", "refused"]
    assert [file["format"] for file in files] == ["claims", "claims", "claims", None]
    for file in files:
        assert set(file) >= PROMISED
        assert file["read"] == sum(
            file[name] for name in PROMISED - {"path", "format", "status", "read"}
        )
    assert [file["rejected"] for file in files] == [1, 1, 0, 0]


def test_header_without_rows_is_said_and_ends_with_0(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text(HEADER + "\n")
    ran = run("load", tmp_path / "empty.csv")
    assert ran.code == 0
    assert "has a header and no rows; nothing was loaded" in ran.err


def test_folder_loads_every_export_in_it(run: Run, good: Path, dirty: Path, tmp_path: Path) -> None:
    ran = run("load", "--json", ".")
    assert ran.code == 0
    assert [file["path"] for file in json.loads(ran.out)["files"]] == ["claims.csv", "dirty.csv"]


@pytest.mark.parametrize(
    ("day", "pulled_at"),
    [("2026-06-01", "2026-06-01 23:59:59"), ("2026-06-01T12:00", "2026-06-01 12:00:00")],
)
def test_pull_date_given_is_kept(
    run: Run, good: Path, book: Path, day: str, pulled_at: str
) -> None:
    assert run("load", "--pulled-at", day, good).code == 0
    with Book(book, read_only=True) as loaded:
        assert str(loaded.value("SELECT pulled_at FROM source_files")) == pulled_at


@pytest.mark.parametrize(
    "words",
    [["load"], ["load", "--pulled-at", "soon", "a.csv"], ["load", "--nonsense", "a.csv"]],
)
def test_wrong_usage_ends_with_2(run: Run, words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")


def test_book_is_the_named_one_else_the_environments_else_in_this_folder(
    run: Run, good: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.unlink()
    run("load", good)
    assert book.exists()
    monkeypatch.setenv("CLAIMSTATS_BOOK", "theirs.duckdb")
    run("load", good)
    run("load", good, "--book", "named.duckdb")
    made = sorted(path.name for path in book.parent.glob("*.duckdb"))
    assert made == ["claims.duckdb", "named.duckdb", "theirs.duckdb"]


def not_duckdb(path: Path) -> None:
    path.write_bytes(b"no database" * 999)


def not_a_book(path: Path) -> None:
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE mine (a INT)")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Path.mkdir, "is a folder; a book is one DuckDB file"),
        (not_duckdb, "is not a DuckDB file"),
        (not_a_book, "is a DuckDB file but no claimstats book"),
    ],
)
def test_what_is_no_book_is_refused_with_1(
    run: Run, good: Path, make: Callable[[Path], None], reason: str
) -> None:
    make(good.with_name("b.duckdb"))
    ran = run("load", good, "--book", "b.duckdb")
    assert (ran.code, ran.out) == (1, "")
    assert reason in ran.err
    assert ran.err.count("\n") == 1


def test_locked_book_ends_with_4_and_names_who_holds_it(run: Run, good: Path, book: Path) -> None:
    code = f"import duckdb; c = duckdb.connect({str(book)!r}); print('open', flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    try:
        assert holder.stdout.readline() == "open\n"
        ran = run("load", good)
    finally:
        holder.communicate("\n")
    assert (ran.code, ran.out) == (4, "")
    assert f"process {holder.pid}" in ran.err
    assert run("load", good).code == 0


def test_command_runs_as_a_program(good: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "claimstats", "load", "--json", "claims.csv", "missing.csv"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["files"][0]["inserted"] == 1
    assert "missing.csv: there is no such file or folder." in ran.stderr


def test_formats_lists_every_export_and_where_it_comes_from(run: Run) -> None:
    listed = json.loads(run("formats", "--json").out)["formats"]
    assert [each["format"] for each in listed] == [export.name for export in EXPORTS]
    text = run("formats").out
    assert all(each["source"] in text and each["grain"] in text for each in listed)


def test_formats_of_one_name_lists_its_columns_and_which_are_personal(run: Run) -> None:
    columns = json.loads(run("formats", "claims", "--json").out)["columns"]
    assert [c["header"] for c in columns if c["required"]] == ["claim_id", "program"]
    assert {c["header"]: c["privacy"] for c in columns if c["privacy"] != "open"} == {
        "note": "free_text"
    }
    text = run("formats", "claims").out
    assert re.search(r"note +text +free text: not stored unless --keep-pii", text)


def test_formats_of_a_name_there_is_not_says_which_there_are(run: Run) -> None:
    ran = run("formats", "clams")
    assert (ran.code, ran.out) == (2, "")
    assert "'clams'" in ran.err
    assert "claim_events" in ran.err
