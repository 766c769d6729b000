"""Books for the analyses: the whole of the tiny one, the sample, and any that a test writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from claimstats.bundled import templates
from claimstats.selection import held
from claimstats.session import ClaimBook

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

TESTS = Path(__file__).parents[1]
TINY = TESTS / "data" / "tiny"

Rows = Sequence[Mapping[str, object]]


@pytest.fixture(scope="session")
def tiny(new_book: Callable[[], ClaimBook]) -> Iterator[ClaimBook]:
    """The book of tests/data/tiny, trackers and exports, held still; for reading only."""
    with new_book() as book:
        book.load(sorted(TINY.iterdir()))
        with held(book) as still:
            yield still


@pytest.fixture(scope="session")
def from_r() -> Any:
    """What ``oracles/analyses.R`` computed from the sample and the tiny book."""
    return json.loads((TESTS / "oracles" / "analyses.json").read_text())


@pytest.fixture
def tracked(
    write: Callable[..., Path], make_book: Callable[..., ClaimBook]
) -> Callable[..., ClaimBook]:
    """Load trackers into a fresh book: lists of rows, columns of one's own after the known ones."""

    def load(claims: Rows = (), claim_events: Rows = (), evidence: Rows = ()) -> ClaimBook:
        given = {"claims": claims, "claim_events": claim_events, "evidence": evidence}
        return make_book(
            *(
                write(f"{name}.csv", _header(name, rows), rows)
                for name, rows in given.items()
                if rows
            )
        )

    return load


def _header(tracker: str, rows: Rows) -> list[str]:
    template = next(path for path in templates() if path.name == f"{tracker}.csv")
    known = template.read_text().strip().split(",")
    return [*known, *dict.fromkeys(name for row in rows for name in row if name not in known)]
