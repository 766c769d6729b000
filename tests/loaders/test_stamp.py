from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest

from claimstats.loaders import stamp as module
from claimstats.loaders.stamp import stamp_of
from claimstats.session import ClaimBook


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are taken for settled at once."""
    monkeypatch.setattr(module, "SETTLED_AFTER", -1e9)


def test_file_changed_a_moment_ago_has_no_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a")
    assert stamp_of(path) is None


@pytest.mark.usefixtures("settled")
def test_stamp_changes_with_the_content_even_if_size_and_time_are_set_back(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a")
    before, times = stamp_of(path), path.stat()
    assert stamp_of(path) == before
    path.write_text("b")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert stamp_of(path) != before


@pytest.mark.usefixtures("settled")
def test_what_is_no_file_has_no_stamp(tmp_path: Path) -> None:
    assert stamp_of(tmp_path) is None
    assert stamp_of(tmp_path / "missing") is None


@pytest.mark.usefixtures("settled")
def test_file_known_by_its_stamp_is_not_read_again(
    book: ClaimBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("claim_id,program,outcome\nC1,other,denied\n")
    book.load(path)
    with monkeypatch.context() as patched:
        patched.setattr(import_module("claimstats.loaders.load"), "unpacked", None)
        (result,) = book.load(path)
    assert (result.status, result.read, result.unchanged) == ("already_loaded", 1, 1)
    path.write_text("claim_id,program,outcome\nC1,other,pending\n")
    (result,) = book.load(path)
    assert (result.status, book.value("SELECT outcome FROM claims")) == ("loaded", "pending")
