from __future__ import annotations

import os
from pathlib import Path

import pytest

from claimstats.errors import ClaimstatsError
from claimstats.writing import replace_file


def test_the_path_comes_back_as_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert replace_file("table.csv", b"a") == Path("table.csv")
    assert (tmp_path / "table.csv").read_bytes() == b"a"


def test_a_link_stays_a_link_to_the_file_that_is_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"older")
    link.symlink_to(real)
    replace_file(link, b"newer")
    assert link.is_symlink()
    assert real.read_bytes() == b"newer"


def test_a_device_is_written_to_and_not_replaced() -> None:
    replace_file(os.devnull, b"anything")
    assert not Path(os.devnull).is_file()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClaimstatsError, match=r"the folder .*missing does not exist"):
        replace_file(tmp_path / "missing" / "table.csv", b"a")
