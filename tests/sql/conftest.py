"""A book whose tables a test fills row by row, without any file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

from claimstats.session import ClaimBook

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

CLAIM = {"program": "amazon_safet", "claim_id": "1"}
LINE = {"file_id": 1, "line_no": 1}
HELD = LINE | {"is_current": True}
USUAL: dict[str, dict[str, Any]] = {
    "claims": CLAIM | {"id_is_derived": False, "origins": ["tracker"], "outcome": "pending"},
    "history.claim_records": CLAIM
    | HELD
    | {"id_is_derived": False, "origin": "tracker", "outcome": "pending"},
    "claim_snapshots": CLAIM | LINE | {"origin": "amazon_mfn_returns"},
    "history.claim_events": CLAIM | HELD | {"type_raw": "as written", "occurrence": 1},
    "history.evidence": CLAIM
    | HELD
    | {"kind_raw": "as written", "kind": "photo_item", "item_key": "", "occurrence": 1},
    "history.evidence_files": HELD
    | {
        "folder": "/evidence",
        "path": "a.jpg",
        "sha256": "00",
        "n_bytes": 1,
        "medium": "photo",
        "format": "JPEG",
        "measured_by": "1",
    },
    "history.file_claims": HELD | {"file_key": "a.jpg", "file_name": "a.jpg", "claim_id": "1"},
    "evidence_links": LINE | {"link_method": "none"},
    "history.order_lines": HELD | {"channel": "amazon"},
    "history.reimbursements": HELD
    | {
        "channel": "amazon",
        "reimbursement_id": "1",
        "reason_raw": "as written",
        "occurrence": 1,
        "is_reversal": False,
        "link_method": "none",
    },
    "history.control_totals": HELD | {"channel": "amazon"},
    "history.returns": HELD
    | {"channel": "amazon", "origin": "amazon_mfn_returns", "occurrence": 1},
}
"""What a row holds unless the test says otherwise."""


@pytest.fixture(scope="session")
def one_book(new_book: Callable[[], ClaimBook]) -> Iterator[ClaimBook]:
    with new_book() as book:
        yield book


@pytest.fixture
def book(one_book: ClaimBook) -> Iterator[ClaimBook]:
    """A book without rows."""
    yield one_book
    for table in USUAL:
        one_book.execute(f"DELETE FROM {table}")


@pytest.fixture
def put(book: ClaimBook) -> Any:
    """Put a row into a table: ``put("claims", outcome="denied")``."""

    def into(table: str, **columns: Any) -> None:
        row = USUAL[table] | columns
        marks = ", ".join(f"${name}" for name in row)
        book.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)

    return into
