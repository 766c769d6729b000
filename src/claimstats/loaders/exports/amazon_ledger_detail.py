"""The FBA inventory ledger, detail view: what moved stock, and what of it is unexplained."""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

EXPORT = Export(
    name="amazon_ledger_detail",
    title="FBA inventory ledger, detail view (GET_LEDGER_DETAIL_VIEW_DATA)",
    source="Seller Central > Reports > Fulfilment > Inventory > Inventory Ledger > Detailed view",
    grain="one event of one article's stock",
    signature=("day", "fnsku", "event_type", "reference_id", "quantity", "n_unreconciled"),
    targets=("inventory_events",),
    slashes="mdy",
    fields=(
        Field("day", "Date", "time", required=True),
        Field("fnsku", "FNSKU", "id", required=True),
        Field("asin", "ASIN"),
        Field("sku", "MSKU", "id"),
        Field("item_name", "Title"),
        Field("event_type", "Event Type", required=True, aliases=("EventType",)),
        Field("reference_id", "Reference ID", "id", aliases=("ReferenceID",)),
        Field("quantity", "Quantity", "integer", required=True),
        Field("fulfilment_centre", "Fulfillment Center", aliases=("FulfillmentCenter",)),
        Field("disposition", "Disposition"),
        Field("reason_code", "Reason"),
        Field("country", "Country"),
        Field("n_reconciled", "Reconciled Quantity", "integer", aliases=("ReconciledQuantity",)),
        Field(
            "n_unreconciled", "Unreconciled Quantity", "integer", aliases=("UnreconciledQuantity",)
        ),
        Field("occurred_at", "Date and Time", "time", aliases=("DateAndTime",)),
        Field("store", "Store"),
    ),
)  # fmt: skip
