"""``claimstats evidence scan``, as a seller meets it."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

CLAIMS = "claim_id,program,outcome,filed_at\nS-01,amazon_safet,denied,2026-01-10\n"
Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    """A folder beside a book with one claim: a photo of it, one of none, and one that is broken."""
    (tmp_path / "claims.csv").write_text(CLAIMS)
    assert run("load", "claims.csv").code == 0
    place = tmp_path / "photos"
    (place / "S-01").mkdir(parents=True)
    Image.radial_gradient("L").save(place / "S-01" / "packaging.jpg")
    Image.linear_gradient("L").save(place / "IMG_1\u202e.jpg")
    (place / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (place / "pack.zip").write_bytes(b"PK")
    return place


def test_scan_accounts_for_each_file_and_says_what_to_do(run: Run, folder: Path) -> None:
    ran = run("evidence", "scan", folder)
    assert ran.code == 0
    head, row = ran.out.splitlines()
    assert head.split() == [
        "folder", "files", "linked", "ambiguous", "unlinked", "not", "read", "ignored", "status",
    ]  # fmt: skip
    assert row.split() == [str(folder), "4", "1", "0", "1", "1", "1", "loaded"]
    assert "ignored: archives (not unpacked): 1." in ran.err
    assert "1 file could not be read; see them with: claimstats rejects 2" in ran.err
    assert "1 file names no claim of this book: IMG_1\ufffd.jpg; --mapping FILE tells." in ran.err
    assert "1 piece of evidence known from files alone" in ran.err
    assert "broken.jpg" in run("rejects", 2).out


def test_scan_is_a_load_that_is_listed_and_taken_out(run: Run, folder: Path) -> None:
    run("evidence", "scan", folder)
    assert "already loaded" in run("evidence", "scan", folder).out
    assert "evidence_scan" in run("loads").out
    assert "took out file 2, photos: 2 rows" in run("unload", 2, "--yes").out


def test_mapping_tells_what_names_do_not(run: Run, folder: Path, tmp_path: Path) -> None:
    text = "file,claim_id,kind,with_filing\nIMG_1\u202e.jpg,S-01,photo_item,yes\n"
    (tmp_path / "files.csv").write_text(text, encoding="utf-8")
    ran = run("evidence", "scan", folder, "--mapping", "files.csv")
    assert ran.code == 0
    assert ran.out.splitlines()[1].split()[2:5] == ["2", "0", "0"]
    told = run("sql", "--csv", "SELECT kind, placement FROM v_evidence ORDER BY kind").out
    assert told.splitlines() == [
        "kind,placement",
        "photo_item,at_filing",
        "photo_packaging,unknown",
    ]


def test_mapping_that_names_what_is_not_there_is_told(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    text = "file,claim_id,program\ngone.jpg,S-01,\nIMG_1\u202e.jpg,S-99,amazon_safet\n"
    (tmp_path / "files.csv").write_text(text, encoding="utf-8")
    ran = run("evidence", "scan", folder, "--mapping", "files.csv")
    assert "the list names files that no scan found: gone.jpg." in ran.err
    assert "1 file of claims that the book does not hold" in ran.err
    assert "S-99" in run("check").out


def test_mapping_that_is_none_stops_before_the_scan(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "files.csv").write_text("name,claim\na.jpg,S-01\n")
    ran = run("evidence", "scan", folder, "--mapping", "files.csv")
    assert ran.code == 1
    assert "file_claims" in ran.err
    assert "evidence_scan" not in run("loads").out


def test_json_and_csv_give_every_file(run: Run, folder: Path) -> None:
    ran = run("evidence", "scan", folder, "--json")
    found = json.loads(ran.out)
    assert found["scan"]["linked"] == 1
    assert [each["path"] for each in found["files"]] == ["IMG_1\u202e.jpg", "S-01/packaging.jpg"]
    rows = list(csv.DictReader(io.StringIO(run("evidence", "scan", folder, "--csv").out)))
    assert rows[1]["claim_id"] == "S-01"
    assert 0 <= float(rows[1]["clarity"]) <= 1
    assert run("evidence", "scan", folder, "--csv", "--json").code == 2


def test_strict_ends_with_3_where_a_file_could_not_be_read(run: Run, folder: Path) -> None:
    assert run("evidence", "scan", folder, "--strict").code == 3
    (folder / "broken.jpg").unlink()
    assert run("evidence", "scan", folder, "--strict").code == 0


def test_mistakes_are_told_in_a_sentence(run: Run, folder: Path) -> None:
    ran = run("evidence", "scan", "nowhere")
    assert (ran.code, "there is no such folder" in ran.err) == (1, True)
    ran = run("evidence", "scan", folder, "--program", "amazon_safe")
    assert (ran.code, "Did you mean 'amazon_safet'?" in ran.err) == (2, True)


def test_lack_of_the_extra_names_its_install(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimstats.scanning.pictures.find_spec", lambda name: None)
    ran = run("evidence", "scan", folder)
    assert (ran.code, "pip install 'claimstats[images]'" in ran.err) == (1, True)


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
def test_ctrl_c_ends_with_one_sentence_and_stores_nothing(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    """The scan meets a file that is read for ever."""
    code = (
        "import time, claimstats.scanning.folder as f\n"
        "def wait(*a):\n"
        "    print('waiting', flush=True)\n"
        "    time.sleep(60)\n"
        "f.look = wait\n"
        "from claimstats.cli import main\n"
        "main(['evidence', 'scan', 'photos'])"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout
    assert child.stdout.readline() == "waiting\n"
    time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=30)
    assert child.returncode == 130
    assert told.startswith("the scan was stopped; nothing of it was stored.\n")
    assert "Traceback" not in told
    assert "evidence_scan" not in run("loads").out
