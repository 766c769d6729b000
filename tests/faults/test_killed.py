from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

import claimstats

SEED = 20260824
N_KILLS = 100
N_KILLS_WHILE_MADE = 10
STEP = 1.1
"""After a load that came no further the next one is given so much longer: the machine is slow."""
KILLED = -9

Load = Callable[[Path, list[Path], float | None], tuple[int, float]]
Count = Callable[[Path], int]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="to fork takes a POSIX system")


@pytest.fixture
def load() -> Iterator[Load]:
    """Load into a book, kill the load after so many seconds; how it ended and how long it took."""
    nursery = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("nursery.py"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # a fork has no threads of its parent
    )  # fmt: skip
    assert nursery.stdin
    assert nursery.stdout

    def run(book: Path, files: list[Path], seconds: float | None) -> tuple[int, float]:
        asked = {"book": str(book), "files": [*map(str, files)], "seconds": seconds}
        print(json.dumps(asked), file=nursery.stdin, flush=True)
        code, taken = nursery.stdout.readline().split()
        return int(code), float(taken)

    yield run
    nursery.communicate()


def test_killed_load_leaves_whole_files_and_goes_on_from_there(
    load: Load, files: list[Path], n_whole: Count, tmp_path: Path
) -> None:
    """Loads are killed within the time that opens a book and takes a file or two."""
    template, book = tmp_path / "template.duckdb", tmp_path / "book.duckdb"
    claimstats.connect(template).close()
    code, whole_load = load(shutil.copy(template, book), files, None)
    assert (code, n_whole(book)) == (0, len(files))
    chance, n_killed, n_held, seen = Random(SEED), 0, len(files), set()
    while n_killed < N_KILLS:
        if n_held == len(files):
            shutil.copy(template, book)
            n_held, longest = 0, whole_load / 3
        n_killed += load(book, files, chance.uniform(0, longest))[0] == KILLED
        n_before, n_held = n_held, n_whole(book)
        assert n_held >= n_before
        longest *= STEP if n_held == n_before else 1
        seen.add(n_held)
    assert load(book, files, None)[0] == 0
    assert n_whole(book) == len(files)
    assert len(seen) > 2


def test_killed_while_a_book_is_made_leaves_one_that_opens_or_none(
    load: Load, n_whole: Count, tmp_path: Path
) -> None:
    chance = Random(SEED)
    code, whole = load(tmp_path / "undisturbed.duckdb", [], None)
    assert code == 0
    for k in range(N_KILLS_WHILE_MADE):
        book = tmp_path / f"book{k}.duckdb"
        assert load(book, [], chance.uniform(0, whole))[0] in (KILLED, 0)
        assert n_whole(book) == 0
