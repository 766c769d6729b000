"""Exports that are known and not read: the venue ended them, or they cannot answer for claims."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from claimstats.loaders.spec import normal_name


@dataclass(frozen=True)
class Retired:
    """One kind of file that is recognised and refused.

    Parameters
    ----------
    title
        What it is called where it was downloaded.
    signature
        Header names that, all present, tell it.
    why
        Why it is not read, as the end of a sentence that begins with it.
    instead
        The name of the export to download in its place.
    """

    title: str
    signature: tuple[str, ...]
    why: str
    instead: str

    @property
    def names(self) -> frozenset[str]:
        """The normalised header names of the signature."""
        return frozenset(map(normal_name, self.signature))


RETIRED = (
    Retired(
        "FBA inventory ledger, summary view (GET_LEDGER_SUMMARY_VIEW_DATA)",
        ("Date", "FNSKU", "Starting Warehouse Balance", "Ending Warehouse Balance", "Lost"),
        "adds a day's events up, so that none can be claimed for or found again",
        "amazon_ledger_detail",
    ),
    Retired(
        "Settlement flat file V1 (GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE)",
        ("settlement-id", "transaction-type", "order-fee-type", "price-type", "price-amount"),
        "was ended by Amazon on 2026-03-25",
        "amazon_settlement_v2",
    ),
    Retired(
        "FBA inventory adjustments (GET_FBA_FULFILLMENT_INVENTORY_ADJUSTMENTS_DATA)",
        ("adjusted-date", "transaction-item-id", "fnsku", "quantity", "reason"),
        "was replaced by the inventory ledger",
        "amazon_ledger_detail",
    ),
)


def retired_of(names: AbstractSet[str]) -> Retired | None:
    """The retired export whose signature is among the normalised header `names`; None for none."""
    return next((retired for retired in RETIRED if retired.names <= names), None)
