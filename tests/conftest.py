"""Books to test with, and files to load into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from claimstats.selection import held
from claimstats.session import ClaimBook

TINY = Path(__file__).parent / "data" / "tiny"


@pytest.fixture
def empty(new_book: Callable[[], ClaimBook]) -> Iterator[ClaimBook]:
    """A fresh book in memory."""
    with new_book() as book:
        yield book


@pytest.fixture(scope="session")
def tiny(new_book: Callable[[], ClaimBook]) -> Iterator[ClaimBook]:
    """The trackers of tests/data/tiny, to be worked by hand, held still; for reading only."""
    with new_book() as book:
        book.load(sorted(TINY.glob("*.csv")))
        with held(book) as still:
            yield still


@pytest.fixture
def make_book(new_book: Callable[[], ClaimBook]) -> Iterator[Callable[..., ClaimBook]]:
    """Load files, one after the other, into a fresh book in memory."""
    with ExitStack() as opened:

        def make(*paths: Path, pulled_at: datetime | None = None) -> ClaimBook:
            book = opened.enter_context(new_book())
            book.load(paths, pulled_at)
            return book

        yield make


Rows = Sequence[Mapping[str, object]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write rows under a header, each row by the names of its columns; others are left blank."""

    def to_file(
        name: str,
        header: Sequence[str],
        rows: Rows,
        delimiter: str = ",",
        encoding: str = "utf-8",
        line_end: str = "\n",
    ) -> Path:
        lines = [header, *([row.get(column, "") for column in header] for row in rows)]
        text = "".join(delimiter.join(map(str, line)) + line_end for line in lines)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    return to_file
