from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from claimstats.loaders import unload
from claimstats.session import ClaimBook

COLUMNS = ("file", "claim_id", "program", "kind", "submitted_at", "with_filing", "note")
ROW = {"file": "IMG_1.jpg", "claim_id": "C1", "program": "SAFE-T", "kind": "Photo Item"}


@pytest.fixture
def listed(write: Callable[..., Path]) -> Callable[..., Path]:
    """Write a list of files, each row by what differs from the usual one."""

    def of(*rows: dict[str, str], name: str = "files.csv") -> Path:
        return write(name, COLUMNS, [ROW | row for row in rows])

    return of


def test_row_keeps_what_it_tells_and_drops_the_note(
    book: ClaimBook, listed: Callable[..., Path]
) -> None:
    row = {"submitted_at": "2026-05-08", "with_filing": "yes", "note": "she called"}
    (result,) = book.load(listed(row))
    assert (result.format, result.inserted) == ("file_claims", 1)
    (found,) = book.rows("SELECT * EXCLUDE (file_id, line_no, version_at) FROM file_claims")
    assert tuple(found.values()) == (
        "img_1.jpg", "amazon_safet", "C1", "IMG_1.jpg", "Photo Item", "photo_item",
        datetime(2026, 5, 8), "day", True, None,
    )  # fmt: skip


@pytest.mark.parametrize("header", [("file", "claim_id"), ("Claim ID", "FILE"), COLUMNS])
def test_header_with_file_and_claim_is_enough(
    book: ClaimBook, write: Callable[..., Path], header: tuple[str, ...]
) -> None:
    usual = {"file": "a.jpg", "FILE": "a.jpg", "claim_id": "C1", "Claim ID": "C1"}
    (result,) = book.load(write("anything.csv", header, [usual]))
    assert (result.format, result.inserted) == ("file_claims", 1)
    assert book.rows("SELECT program, kind, with_filing FROM file_claims") == [
        {"program": None, "kind": None, "with_filing": None}
    ]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Photos\\Box 1.JPG", "photos/box 1.jpg"),
        ("./photos/box.jpg", "photos/box.jpg"),
        ("Caf\u0065\u0301.jpg", "caf\u00e9.jpg"),
    ],
)
def test_names_are_compared_without_what_systems_write_otherwise(
    book: ClaimBook, listed: Callable[..., Path], written: str, key: str
) -> None:
    book.load(listed({"file": written}))
    assert book.value("SELECT file_key FROM file_claims") == key


def test_kind_that_no_rule_knows_is_kept_raw_and_counted(
    book: ClaimBook, listed: Callable[..., Path]
) -> None:
    book.load(listed({"kind": "selfie"}))
    assert book.rows("SELECT kind, kind_raw FROM file_claims") == [
        {"kind": "other", "kind_raw": "selfie"}
    ]
    assert book.value("SELECT value FROM unmapped_values") == "selfie"


@pytest.mark.parametrize(
    "row", [{"file": ""}, {"claim_id": ""}, {"program": "mine"}, {"with_filing": "perhaps"}]
)
def test_row_that_means_nothing_is_rejected(
    book: ClaimBook, listed: Callable[..., Path], row: dict[str, str]
) -> None:
    (result,) = book.load(listed(row, {}))
    assert (result.rejected, result.inserted) == (1, 1)


def test_corrected_list_replaces_what_was_told_of_a_file(
    book: ClaimBook, listed: Callable[..., Path], content: Callable[..., Any]
) -> None:
    book.load(listed({}, {"claim_id": "C2"}, {"file": "IMG_2.jpg"}, name="1.csv"))
    before = content(book)
    (result,) = book.load(listed({"claim_id": "C3"}, name="2.csv"))
    found = book.rows("SELECT file_name, claim_id FROM file_claims ORDER BY ALL")
    assert [tuple(row.values()) for row in found] == [("IMG_1.jpg", "C3"), ("IMG_2.jpg", "C1")]
    unload(book, result.file_id)
    assert content(book) == before


def test_evidence_csv_is_not_taken_for_a_list_of_files(
    book: ClaimBook, write: Callable[..., Path]
) -> None:
    header = ("program", "claim_id", "kind", "file_name")
    row = {"program": "amazon_safet", "claim_id": "C1", "kind": "invoice", "file_name": "a.pdf"}
    (result,) = book.load(write("evidence.csv", header, [row]))
    assert result.format == "evidence"
