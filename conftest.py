"""Books that the tests and the examples in docstrings share, each made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import claimstats
from claimstats.selection import held
from claimstats.session import BOOK_VARIABLE, ClaimBook


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty book on disk, of which tests take copies: to make one anew takes a second."""
    path = tmp_path_factory.mktemp("template") / "empty.duckdb"
    claimstats.connect(path).close()
    return path


@pytest.fixture(scope="session")
def new_book(template: Path) -> Callable[[], ClaimBook]:
    """A fresh book in memory at every call."""

    def copy() -> ClaimBook:
        book = ClaimBook()
        book.execute(f"ATTACH '{template}' AS template (READ_ONLY)")
        book.execute("COPY FROM DATABASE template TO memory; DETACH template")
        return book

    return copy


@pytest.fixture(scope="session")
def sample_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book on disk with the synthetic sample in it, for reading only."""
    path = tmp_path_factory.mktemp("sample") / "sample.duckdb"
    with claimstats.connect(path) as book:
        book.load(claimstats.sample_files())
    return path


@pytest.fixture(scope="session")
def sample(sample_path: Path) -> Iterator[ClaimBook]:
    """The book with the synthetic sample and its planted truth, held still; for reading only."""
    with claimstats.connect(sample_path, read_only=True) as book, held(book) as still:
        yield still


@pytest.fixture(autouse=True)
def _examples_open_the_sample(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(request.node, pytest.DoctestItem):
        monkeypatch.setenv(BOOK_VARIABLE, str(request.getfixturevalue("sample_path")))
