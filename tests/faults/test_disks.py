from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

import claimstats
from claimstats.errors import BookError, FileRefused

HEADER = "claim_id,program,outcome,filed_at,mine"
N = 8_000
SMALL_DISK = "16m"

Mount = Callable[..., Path]


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A file that no compression fits on the small disk."""
    chance = Random(1)
    path = tmp_path / "big.csv"
    rows = (f"B{k},amazon_safet,denied,2026-05-08,{chance.randbytes(2000).hex()}" for k in range(N))
    path.write_text("\n".join([HEADER, *rows, ""]))
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(f"{HEADER}\nC1,amazon_safet,denied,2026-05-08,\n")
    return path


def claims_of(path: Path) -> list[str]:
    with claimstats.connect(path, read_only=True) as book:
        return list(book.columns("SELECT claim_id FROM claims")["claim_id"])


def test_full_disk_is_said_and_the_book_holds_what_it_held_and_goes_on(
    mount: Mount, small: Path, big: Path
) -> None:
    disk = mount(SMALL_DISK)
    path = disk / "claims.duckdb"
    with claimstats.connect(path) as book:
        book.load(small)
    with pytest.raises(BookError, match="the disk is full"), claimstats.connect(path) as book:
        book.load(big)
    assert claims_of(path) == ["C1"]
    subprocess.run(["mount", "-o", "remount,size=256m", str(disk)], check=True)
    with claimstats.connect(path) as book:
        (result,) = book.load(big)
        assert result.inserted == N
        assert book.value("SELECT count(*) FROM claims") == N + 1


def test_no_space_for_the_private_copy_is_said(
    mount: Mount, big: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = mount("1m")
    monkeypatch.setattr("tempfile.tempdir", str(disk))
    with claimstats.connect() as book:
        with pytest.raises(FileRefused, match=f"no space is left in {disk}"):
            book.load(big)
        assert book.value("SELECT count(*) FROM source_files") == 0
    assert not list(disk.iterdir())


def _read_only(folder: Path, mount: Mount) -> None:
    """Root may write into any folder, but not to a disk that is read only."""
    if os.geteuid():
        for path in (*folder.iterdir(), folder):
            path.chmod(path.stat().st_mode & 0o555)
    else:
        disk = mount("32m")
        shutil.copytree(folder, disk, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def test_read_only_folder_is_said_and_its_book_can_be_asked(
    mount: Mount, small: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with claimstats.connect(folder / "claims.duckdb") as book:
        book.load(small)
    _read_only(folder, mount)
    place = folder if os.geteuid() else tmp_path / "disk"
    for name in ("claims.duckdb", "new.duckdb"):
        with pytest.raises(BookError, match="cannot be written here; choose another path"):
            claimstats.connect(place / name)
    assert claims_of(place / "claims.duckdb") == ["C1"]
