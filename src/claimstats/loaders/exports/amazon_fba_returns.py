"""The FBA customer returns report: units that came back to a fulfilment centre."""

from __future__ import annotations

from claimstats.loaders.exports.amazon_all_orders import ORDER_ID, ORDER_ID_EXAMPLE
from claimstats.loaders.spec import Export, Field

EXPORT = Export(
    name="amazon_fba_returns",
    title="FBA customer returns (GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA)",
    source="Seller Central > Reports > Fulfilment > Customer Concessions > FBA customer returns",
    grain="one returned unit",
    signature=("returned_at", "order_id", "fnsku", "disposition", "reason_raw"),
    targets=("returns",),
    slashes="d-m-y",  # files have ISO times; the help page promises days like 14-05-2026
    fields=(
        Field("returned_at", "return-date", "time", required=True),
        Field(
            "order_id", "order-id", "key", required=True,
            pattern=ORDER_ID, example=ORDER_ID_EXAMPLE, aliases=("amazon-order-id",),
        ),
        Field("sku", "sku", "id"),
        Field("asin", "asin"),
        Field("fnsku", "fnsku"),
        Field("item_name", "product-name"),
        Field("quantity", "quantity", "integer"),
        Field("fulfilment_centre", "fulfillment-center-id"),
        Field("disposition", "detailed-disposition"),
        Field("reason_raw", "reason"),
        Field("return_status", "status"),
        Field("lpn", "license-plate-number", "id"),
        Field("comments", "customer-comments", privacy="free_text"),
    ),
)  # fmt: skip
