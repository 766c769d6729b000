from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claimstats.loaders.unload import conclude
from claimstats.session import ClaimBook

FINGERPRINT = "9ada62110d155746"
NEAR, FAR = "9ada62110d155741", "9ada62110d15574f"  # 3 bits and 2; the last but one differs
OTHER_FIVE = "9ada62110d1557b9"


@pytest.fixture
def book(book_of: Callable[..., ClaimBook]) -> ClaimBook:
    orders = [f"111-0000001-000000{k}" for k in (1, 2, 2)]
    claims = [
        {"claim_id": "S-01", "order_id": orders[0]},
        {"claim_id": "S-02", "order_id": orders[1]},
        {"claim_id": "A-02", "order_id": orders[2], "program": "amazon_atoz"},
    ]
    return book_of(claims=claims)


@pytest.fixture
def scanned(book: ClaimBook) -> Callable[..., ClaimBook]:
    """A book with files: path, content and fingerprint of each."""

    def put(*files: tuple[str, str, str | None], kind: str = "JPEG") -> ClaimBook:
        for line_no, (path, content, fingerprint) in enumerate(files, 1):
            book.execute(
                "INSERT INTO history.evidence_files BY NAME SELECT '/e' AS folder, $1 AS path, "
                "$2 AS sha256, $3 AS perceptual_hash, $4 AS line_no, 9 AS file_id, 1 AS n_bytes, "
                "'photo' AS medium, $5 AS format, '1' AS measured_by, true AS is_current",
                [path, content, fingerprint, line_no, kind],
            )
        conclude(book, only=("link_files",))
        return book

    return put


Found = Callable[..., list[tuple[Any, ...]]]


def test_same_file_for_two_claims_is_found(scanned: Callable[..., ClaimBook], found: Found) -> None:
    book = scanned(("S-01/box.jpg", "x", None), ("S-02/box.jpg", "x", None))
    assert found("duplicate_evidence", book) == [
        (None, 2, "S-02/box.jpg of claim S-02", "is S-01/box.jpg of claim S-01")
    ]


@pytest.mark.parametrize(
    ("fingerprint", "is_found"),
    [(FINGERPRINT, True), (NEAR, True), (FAR, True), (OTHER_FIVE, False)],
)
def test_picture_sent_on_is_found(
    scanned: Callable[..., ClaimBook], found: Found, fingerprint: str, is_found: bool
) -> None:
    book = scanned(("S-01/box.jpg", "x", FINGERPRINT), ("S-02/box.jpg", "y", fingerprint))
    expected = (None, 2, "S-02/box.jpg of claim S-02", "looks like S-01/box.jpg of claim S-01")
    assert found("duplicate_evidence", book) == [expected] * is_found


@pytest.mark.parametrize(
    "files",
    [
        # In one claim a picture may be twice; claims of one order may share it.
        (("S-01/box.jpg", "x", FINGERPRINT), ("S-01/box 2.jpg", "x", FINGERPRINT)),
        (("S-02/box.jpg", "x", FINGERPRINT), ("A-02/box.jpg", "x", FINGERPRINT)),
        # Pages that tell of different parcels look alike.
        (("S-01/tracking.png", "x", FINGERPRINT), ("S-02/tracking.png", "y", FINGERPRINT)),
        # Everybody sends the same policy.
        (("S-01/policy.png", "x", None), ("S-02/policy.png", "x", None)),
        (("S-01/box.jpg", "x", None), ("S-02/box.jpg", "y", None)),
        (("S-01/box.jpg", "x", None), ("IMG_1.jpg", "x", None)),
    ],
)
def test_what_may_be_alike_is_passed_over(
    scanned: Callable[..., ClaimBook], found: Found, files: tuple[tuple[str, str, str | None], ...]
) -> None:
    assert found("duplicate_evidence", scanned(*files)) == []


def test_screenshots_without_a_kind_are_not_compared_by_looks(
    scanned: Callable[..., ClaimBook], found: Found
) -> None:
    files = (("S-01/IMG_1.png", "x", FINGERPRINT), ("S-02/IMG_2.png", "y", FINGERPRINT))
    assert found("duplicate_evidence", scanned(*files, kind="PNG")) == []
