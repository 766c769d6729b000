from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimstats.book import Book

HEADER = "claim_id,program,outcome,filed_at,resolution"
FIRST = f"{HEADER}\nC1,amazon_safet,denied,2026-05-08,\nC2,amazon_safet,denied,2026-02-30,=1+1\n"
SECOND = f"{HEADER}\nC1,amazon_safet,granted,2026-05-08,\n"

Run = Callable[..., Any]


@pytest.fixture
def loaded(run: Run, tmp_path: Path) -> Path:
    """A book of two files: the second tells another state of the first one's only claim."""
    (tmp_path / "claims_2026-06-30.csv").write_text(FIRST)
    (tmp_path / "claims_2026-07-31.csv").write_text(SECOND)
    assert run("load", "claims_2026-06-30.csv", "claims_2026-07-31.csv").code == 0
    return tmp_path / "claims.duckdb"


def outcomes(path: Path) -> list[str]:
    with Book(path, read_only=True) as book:
        return list(book.columns("SELECT outcome FROM claims ORDER BY claim_id")["outcome"])


def test_loads_lists_what_each_file_was_and_what_became_of_it(run: Run, loaded: Path) -> None:
    head, first, second = run("loads").out.splitlines()
    assert head.split()[:4] == ["file", "name", "taken", "for"]
    assert first.split()[:5] == ["1", "claims_2026-06-30.csv", "claims", "2026-06-30", "(name)"]
    assert first.split()[-8:-2] == ["2", "1", "0", "0", "1", "0"]
    assert second.split()[-8:-2] == ["1", "0", "1", "0", "0", "0"]
    assert second.endswith("loaded")


def test_loads_keeps_files_taken_out_with_what_replaced_them(
    run: Run, loaded: Path, tmp_path: Path
) -> None:
    (tmp_path / "mended_2026-06-30.csv").write_text(FIRST.replace("02-30", "02-20"))
    assert run("load", "mended_2026-06-30.csv", "--replaces", "1").code == 0
    listed = json.loads(run("loads", "--json").out)["loads"]
    assert [row["file_id"] for row in listed] == [1, 2, 3]
    assert [row["is_loaded"] for row in listed] == [False, True, True]
    assert [row["replaced_by"] for row in listed] == [3, None, None]
    assert [row["n_rejected"] for row in listed] == [1, 0, 0]
    assert [row["period_from"][:10] for row in listed] == ["2026-05-08", "2026-05-08", "2026-02-20"]
    rows = list(csv.DictReader(io.StringIO(run("loads", "--csv").out)))
    assert [row["sha256"] for row in rows] == [row["sha256"] for row in listed]
    assert "replaced by file 3" in run("loads").out


def test_loads_of_an_empty_book_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text(HEADER + "\n")
    run("load", "none.csv")
    ran = run("loads")
    assert (ran.code, ran.out) == (0, "")
    assert "no file was loaded yet" in ran.err


def test_rejects_tells_file_line_column_reason_and_text(run: Run, loaded: Path) -> None:
    (row,) = json.loads(run("rejects", "--json").out)["rejects"]
    assert row["file_name"] == "claims_2026-06-30.csv"
    assert (row["file_id"], row["line_no"], row["column_name"]) == (1, 3, "filed_at")
    assert '"2026-02-30" is no date' in row["reason"]
    assert row["raw_text"] == "C2,amazon_safet,denied,2026-02-30,=1+1"
    assert row["raw_text"] in run("rejects", 1).out


def test_rejects_of_one_file_are_its_own(run: Run, loaded: Path) -> None:
    assert json.loads(run("rejects", 2, "--json").out) == {"rejects": []}
    assert "no row was refused" in run("rejects", 2).err


def test_rejects_as_csv_give_a_spreadsheet_no_formula(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f"{HEADER}\n=1+1,amazon_safet,denied,2026-02-30,\n")
    run("load", "bad.csv")
    (row,) = csv.DictReader(io.StringIO(run("rejects", "--csv").out))
    assert row["raw_text"] == "'=1+1,amazon_safet,denied,2026-02-30,"


def test_unload_takes_a_file_out_and_what_it_replaced_holds_again(run: Run, loaded: Path) -> None:
    assert outcomes(loaded) == ["granted_full"]
    ran = run("unload", 2, "--yes")
    assert ran.code == 0
    assert ran.out == (
        "took out file 2, claims_2026-07-31.csv: 1 row; 1 row of other files hold again.\n"
    )
    assert "1 in claim_records" in ran.err
    assert outcomes(loaded) == ["denied"]


def test_unload_asks_nobody_where_nobody_is(run: Run, loaded: Path) -> None:
    ran = run("unload", 2)
    assert (ran.code, ran.out) == (2, "")
    assert "say --yes" in ran.err
    assert outcomes(loaded) == ["granted_full"]


@pytest.mark.parametrize(
    "words", [["unload", 7, "--yes"], ["rejects", 7], ["load", "x.csv", "--replaces", 7]]
)
def test_number_of_no_file_ends_with_2(run: Run, loaded: Path, words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "the book holds no file 7; `claimstats loads` lists" in ran.err


def test_note_on_another_content_of_one_name_leads_to_its_replacement(
    run: Run, loaded: Path, tmp_path: Path
) -> None:
    (tmp_path / "claims_2026-07-31.csv").write_text(SECOND.replace("05-08", "05-09"))
    ran = run("load", "claims_2026-07-31.csv")
    assert "`--replaces 2` takes the older one out" in ran.err
    ran = run("load", "claims_2026-07-31.csv", "--replaces", 2)
    assert ran.code == 0
    assert "file 2 was taken out" in ran.err
    listed = json.loads(run("loads", "--json").out)["loads"]
    assert [(row["file_id"], row["replaced_by"]) for row in listed if not row["is_loaded"]] == [
        (2, 3)
    ]
