from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from claimstats.loaders import Progress
from claimstats.session import ClaimBook

LINES = [f"C{k},amazon_safet,denied,2026-05-08,é" for k in range(25)]


@pytest.fixture
def told(
    book: ClaimBook, claims: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> list[Progress]:
    """What is told of a file of 25 rows read in batches of ten."""
    monkeypatch.setattr("claimstats.loaders.stage.ROWS_A_BATCH", 10)
    heard: list[Progress] = []
    book.load(claims(*LINES), progress=heard.append)
    return heard


def test_every_batch_is_told_and_then_every_step(told: list[Progress]) -> None:
    assert [(one.step, one.n_rows) for one in told] == [
        ("reading", 10), ("reading", 20), ("reading", 25), ("checking", 25), ("merging", 25),
    ]  # fmt: skip


def test_bytes_grow_to_those_of_the_file(told: list[Progress], tmp_path: Path) -> None:
    size = (tmp_path / "claims.csv").stat().st_size
    assert all(earlier.n_bytes <= later.n_bytes for earlier, later in pairwise(told))
    assert {one.of_bytes for one in told} == {size}
    header = "claim_id,program,outcome,filed_at,resolution\n"
    assert told[2].n_bytes == size - len(header)
    assert told[-1].n_bytes == size


def test_what_a_listener_raises_leaves_the_book_as_it_was(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    def stop(progress: Progress) -> None:
        if progress.step == "merging":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        book.load(claims(*LINES), progress=stop)
    assert book.value("SELECT count(*) FROM source_files") == 0
    assert book.value("SELECT count(*) FROM claims") == 0
