from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from claimstats.session import ClaimBook

COLUMNS = (
    "program", "claim_id", "kind", "submitted_at", "with_filing", "quality_rating", "rated_at",
    "legible", "shows_item", "shows_defect", "file_name", "note",
)  # fmt: skip


@pytest.fixture
def evidence(write: Callable[..., Path]) -> Callable[..., Path]:
    """Write evidence of the claim C1."""

    def of(*rows: dict[str, str], name: str = "evidence.csv") -> Path:
        usual = {"program": "amazon_safet", "claim_id": "C1", "kind": "photo_item"}
        return write(name, COLUMNS, [usual | row for row in rows])

    return of


def test_piece_of_evidence_keeps_what_is_known_and_what_is_not(
    book: ClaimBook, evidence: Callable[..., Path]
) -> None:
    row = {
        "kind": "Photo Item", "submitted_at": "2026-05-08", "with_filing": "Yes",
        "quality_rating": "4.5", "rated_at": "2026-05-08T10:00:00Z", "shows_item": "1",
        "shows_defect": "no",
    }  # fmt: skip
    (result,) = book.load(evidence(row))
    assert (result.format, result.inserted) == ("evidence", 1)
    (found,) = book.rows(
        "SELECT kind, kind_raw, submitted_at, submitted_precision, with_filing, quality_rating, "
        "rated_precision, shows_item, shows_defect, legible FROM evidence"
    )
    assert tuple(found.values()) == (
        "photo_item", "Photo Item", datetime(2026, 5, 8), "day", True, Decimal("4.5"), "instant",
        True, False, None,
    )  # fmt: skip


def test_kind_that_no_rule_knows_is_other_and_counted(
    book: ClaimBook, evidence: Callable[..., Path]
) -> None:
    book.load(evidence({"kind": "horoscope"}))
    assert book.rows("SELECT kind, kind_raw FROM evidence") == [
        {"kind": "other", "kind_raw": "horoscope"}
    ]
    assert book.value("SELECT value FROM unmapped_values WHERE column_name = 'kind'") == "horoscope"


def test_pieces_are_told_apart_by_file_name_else_by_time(
    book: ClaimBook, evidence: Callable[..., Path]
) -> None:
    named = [{"file_name": "a.jpg"}, {"file_name": "b.jpg"}]
    pieces = [*named, {"submitted_at": "2026-05-08"}, {}, {}]
    book.load(evidence(*pieces, name="1.csv"))
    (result,) = book.load(evidence(*reversed(pieces), name="2.csv"))
    assert (result.inserted, result.unchanged) == (0, 5)


def test_later_rating_of_a_piece_replaces_the_earlier(
    book: ClaimBook, evidence: Callable[..., Path]
) -> None:
    for day, rating in (("08", "2"), ("09", "4")):
        piece = {"file_name": "a.jpg", "quality_rating": rating, "rated_at": f"2026-05-{day}"}
        (result,) = book.load(evidence(piece, name=f"{day}.csv"))
    assert result.updated == 1
    assert book.columns("SELECT quality_rating FROM evidence")["quality_rating"] == [Decimal(4)]


def test_rating_or_flag_that_is_none_is_rejected(
    book: ClaimBook, evidence: Callable[..., Path]
) -> None:
    (result,) = book.load(evidence({"quality_rating": "7"}, {"legible": "maybe"}, {"kind": ""}, {}))
    assert (result.inserted, result.rejected) == (1, 3)
    found = book.rows("SELECT column_name, reason FROM rejected_rows ORDER BY line_no")
    assert [row["column_name"] for row in found] == ["quality_rating", "legible", "kind"]
    assert "no rating from 0 to 5" in found[0]["reason"]
    assert "neither true nor false" in found[1]["reason"]
    assert found[2]["reason"] == "kind: is missing"
