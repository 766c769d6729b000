from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimstats.session import ClaimBook

BookOf = Callable[..., ClaimBook]
Found = Callable[..., list[tuple[Any, ...]]]

ORDER = "113-0000001-0000001"
EXPORTED = {
    "Order ID": ORDER,
    "SafeT claim id": "S1",
    "SafeT claim state": "Granted",
    "SafeT claim creation time": "08-May-2026 10:00:00",
}
TRACKED = {"claim_id": "my 1", "order_id": ORDER, "outcome": "granted"}


def test_claim_of_the_tracker_on_an_order_with_another_of_an_export_is_found(
    book_of: BookOf, found: Found
) -> None:
    book = book_of(claims=[TRACKED], returns=[EXPORTED])
    assert book.value("SELECT count(*) FROM v_claims") == 2
    assert found("claims_under_two_ids", book) == [
        (
            "claims_2026-06-30.txt",
            2,
            "claim my 1",
            f"order {ORDER} has claim S1 by amazon_mfn_returns",
        )
    ]


def test_one_id_another_order_and_another_item_are_nothing_to_tell(
    book_of: BookOf, found: Found
) -> None:
    for told in (
        {"claim_id": "S1"},
        {"order_id": "113-0000001-0000002"},
        {"sku": "another item"},
        {"program": "amazon_atoz"},
    ):
        book = book_of(claims=[TRACKED | told], returns=[EXPORTED])
        assert not found("claims_under_two_ids", book), told
