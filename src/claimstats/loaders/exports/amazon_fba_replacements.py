"""The FBA replacements report: units sent in place of others, with the order they replace."""

from __future__ import annotations

from claimstats.loaders.exports.amazon_all_orders import ORDER_ID, ORDER_ID_EXAMPLE
from claimstats.loaders.spec import Export, Field

EXPORT = Export(
    name="amazon_fba_replacements",
    title="FBA replacements (GET_FBA_FULFILLMENT_CUSTOMER_SHIPMENT_REPLACEMENT_DATA)",
    source="Seller Central > Reports > Fulfilment > Customer Concessions > Replacements",
    grain="one article of a replacement shipment",
    signature=("shipped_at", "reason_code", "replacement_order_id", "original_order_id"),
    targets=("replacements",),
    fields=(
        Field("shipped_at", "shipment-date", "time", required=True),
        Field("sku", "sku", "id"),
        Field("asin", "asin"),
        Field("fulfilment_centre", "fulfillment-center-id"),
        Field("original_fulfilment_centre", "original-fulfillment-center-id"),
        Field("quantity", "quantity", "integer", required=True),
        Field("reason_code", "replacement-reason-code"),
        Field(
            "replacement_order_id", "replacement-amazon-order-id", "key", required=True,
            pattern=ORDER_ID, example=ORDER_ID_EXAMPLE,
        ),
        Field(
            "original_order_id", "original-amazon-order-id", "key",
            pattern=ORDER_ID, example=ORDER_ID_EXAMPLE,
        ),
    ),
)  # fmt: skip
