"""Files to load, what a book holds after each of them, and small disks."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import claimstats
from claimstats.session import ClaimBook

TINY = Path(__file__).parents[1] / "data" / "tiny"

FROM_THE_CLOCK = {"loaded_at", "unloaded_at"}

Content = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Small files that insert and update: orders, two pulls of returns, and a tracker."""
    names = ("amazon_all_orders_*", "amazon_seller_returns_*", "claims.csv")
    return [path for name in names for path in sorted(TINY.glob(name))]


def whole_content(book: ClaimBook) -> Content:
    """Every row of every table that loading fills, replaced states and the ledger among them."""
    found = book.columns(
        "SELECT DISTINCT schema_name || '.' || table_name AS name "
        "FROM duckdb_columns() JOIN duckdb_tables() USING (schema_name, table_name) "
        "WHERE column_name IN ('file_id', 'claim_id') AND NOT temporary ORDER BY name"
    )
    return {table: _rows(book, table) for table in found["name"]}


def _rows(book: ClaimBook, table: str) -> list[tuple[Any, ...]]:
    names = [name for name in book.column_names(table) if name not in FROM_THE_CLOCK]
    return sorted(book.grid(f"SELECT {', '.join(names)} FROM {table}")[1], key=repr)


@pytest.fixture(scope="session")
def stages(files: list[Path]) -> list[Content]:
    """What a book holds after none, one, two ... of the files, loaded undisturbed."""
    with claimstats.connect() as book:
        found = [whole_content(book)]
        for path in files:
            book.load(path)
            found.append(whole_content(book))
    return found


@pytest.fixture
def n_whole(stages: list[Content]) -> Callable[[Path], int]:
    """How many files a book holds, each of them whole and nothing besides."""

    def count(path: Path) -> int:
        with claimstats.connect(path) as book:
            n_files = int(book.value("SELECT count(*) FROM source_files"))
            assert whole_content(book) == stages[n_files]
        return n_files

    return count


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mount a small disk; where that is not permitted the test is skipped with the reason."""
    place = tmp_path / "disk"
    place.mkdir()

    def of(size: str) -> Path:
        if shutil.which("mount") is None or os.geteuid() != 0:
            pytest.skip("to mount a small disk takes root")
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
        return place

    yield of
    if place.is_mount():
        subprocess.run(["umount", "--lazy", str(place)], check=True)
