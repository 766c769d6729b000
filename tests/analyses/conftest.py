"""Books for the analyses: the whole of the tiny one, the sample, and any that a test writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
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


@pytest.fixture(scope="module")
def decided(
    new_book: Callable[[], ClaimBook], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., ClaimBook]]:
    """Make a book of decided claims from cells: program, reason, kinds at filing, won, how many.

    A sixth part may hold columns of the claims, and ``unplaced``: kinds sent nobody knows when.
    The claims are filed on January 1 and decided ten days later; one in June sets the cut-off.
    """
    with ExitStack() as opened:

        def make(cells: Sequence[tuple[Any, ...]]) -> ClaimBook:
            claims, pieces = [], []
            for program, reason, kinds, won, n, *rest in cells:
                more = dict(rest[0]) if rest else {}
                unplaced = more.pop("unplaced", ())
                is_buyers = program in ("amazon_atoz", "amazon_chargeback")
                outcome = "denied" if won == is_buyers else "granted_full"
                for _ in range(n):
                    own = {"program": program, "claim_id": f"C{len(claims)}"}
                    claims.append(
                        own
                        | {"reason": reason, "filed_at": "2026-01-01", "decided_at": "2026-01-11"}
                        | {"outcome": outcome}
                        | more
                    )
                    sent = [(kind, "yes") for kind in kinds] + [(kind, "") for kind in unplaced]
                    pieces += [
                        own | {"kind": kind, "with_filing": at_filing, "file_name": f"{number}"}
                        for number, (kind, at_filing) in enumerate(sent)
                    ]
            young = {"program": "amazon_safet", "claim_id": "young", "filed_at": "2026-06-01"}
            book = opened.enter_context(new_book())
            folder = tmp_path_factory.mktemp("decided")
            given = {"claims": [*claims, young], "evidence": pieces}
            book.load([_write(folder / f"{name}.csv", name, rows) for name, rows in given.items()])
            return book

        yield make


def _write(path: Path, tracker: str, rows: Rows) -> Path:
    header = _header(tracker, rows)
    lines = [header, *([str(row.get(name, "")) for name in header] for row in rows)]
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    return path


def _header(tracker: str, rows: Rows) -> list[str]:
    template = next(path for path in templates() if path.name == f"{tracker}.csv")
    known = template.read_text().strip().split(",")
    return [*known, *dict.fromkeys(name for row in rows for name in row if name not in known)]
