from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import claimstats

DRIVER = """
import signal, sys, time
from importlib import import_module
from claimstats.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
place, kind, file, *words = sys.argv[1:]
module, _, name = place.rpartition(".")
home, calls = import_module(module), 0
real = getattr(home, name)

LONG = "SELECT max(a.range * b.range) FROM range(4000000) AS a, range(300) AS b"

def held(*given, **named):
    global calls
    calls += 1
    if calls == int(file):
        print("here", file=sys.stderr, flush=True)
        if kind == "statement":
            given[0].execute(LONG)
        time.sleep(600)
    return real(*given, **named)

setattr(home, name, held)
main(words)
"""

MOMENTS = [
    ("claimstats.loaders.load.unpacked", "sleep"),
    ("claimstats.loaders.load.detect", "sleep"),
    ("claimstats.loaders.stage._fill_texts", "sleep"),
    ("claimstats.loaders.load.describe", "statement"),
    ("claimstats.loaders.load.upsert", "statement"),
    ("claimstats.loaders.load.write_ledger", "sleep"),
    ("claimstats.loaders.load.notes", "statement"),
]
"""Before what Ctrl-C comes, and whether in Python or in a statement of DuckDB, which takes seconds.

DuckDB heeds the signal at once or, where a thread of its is deep in work, at the statement's end.
"""

PATIENCE = 240
"""Seconds after which an interrupted load is taken to hang, on however slow a machine."""

HEADER = "claim_id,program,outcome,filed_at\n"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start ``claimstats load`` of two files, and hold it where it comes to a place."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"{HEADER}{name},amazon_safet,denied,2026-05-08\n")

    started: list[subprocess.Popen[str]] = []

    def run(place: str, kind: str = "sleep", file: int = 2) -> subprocess.Popen[str]:
        words = ["load", "--json", "a.csv", "b.csv"]
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, place, kind, str(file), *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        )  # fmt: skip
        started.append(process)
        assert process.stderr
        assert process.stderr.readline() == "here\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def held_by(folder: Path) -> list[str]:
    with claimstats.connect(folder / "claims.duckdb") as book:
        files = book.columns("SELECT file_name FROM source_files ORDER BY 1")["file_name"]
        claims = book.columns("SELECT claim_id FROM claims ORDER BY 1")["claim_id"]
        records = book.columns("SELECT claim_id FROM history.claim_records ORDER BY 1")
    assert [f"{claim}.csv" for claim in claims] == files
    assert records["claim_id"] == claims
    return list(files)


@pytest.mark.parametrize(("place", "kind"), MOMENTS)
def test_ctrl_c_keeps_the_files_before_and_nothing_of_the_one_in_hand(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, place: str, kind: str
) -> None:
    process = start(place, kind)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err.strip() == "claimstats: interrupted; a file in hand was not loaded"
    assert [file["path"] for file in json.loads(out)["files"]] == ["a.csv"]
    assert held_by(tmp_path) == ["a.csv"]
    with claimstats.connect(tmp_path / "claims.duckdb") as book:
        book.load([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert held_by(tmp_path) == ["a.csv", "b.csv"]


def test_ctrl_c_while_a_new_book_is_made_leaves_one_that_opens(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = start("claimstats.sql.current_views", file=2)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert json.loads(out) == {"files": []}
    assert held_by(tmp_path) == []


def test_second_load_is_told_who_holds_the_book_and_waits_for_nobody(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    first = start("claimstats.loaders.load.upsert")
    command = [sys.executable, "-m", "claimstats", "load", "b.csv"]
    second = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=PATIENCE)
    assert (second.returncode, second.stdout) == (4, "")
    assert f"process {first.pid}" in second.stderr
    assert "close it there and try again" in second.stderr
    assert held_by(tmp_path) == ["a.csv"]
