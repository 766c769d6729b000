"""The Amazon All Orders report, by order date or by last update."""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

ORDER_ID = r"\d{3}-\d{7}-\d{7}|[A-Z]{1,3}\d{2,4}-[0-9A-Z-]+"
"""Amazon's own ids, and those of multi-channel orders such as S01-1234567-1234567."""
ORDER_ID_EXAMPLE = "order id like 113-1234567-1234567"

PERSONAL = (
    "buyer-company-name", "buyer-email", "buyer-name", "buyer-phone-number", "cpf",
    "purchase-order-number", "recipient-name", "ship-address-1", "ship-address-2",
    "ship-address-3", "ship-city", "ship-phone-number", "ship-postal-code", "ship-state", "url",
)  # fmt: skip
"""What names or places a buyer, here or in Amazon's other order reports."""

UNUSED = (
    "address-type", "fulfilled-by", "is-amazon-invoiced", "is-sold-by-ab", "number-of-items",
    "price-designation", "signature-confirmation-recommended", "tax-collection-model",
    "tax-collection-responsible-party", "vat-exclusive-giftwrap-price", "vat-exclusive-item-price",
    "vat-exclusive-shipping-price",
)  # fmt: skip
"""Columns of some variants that nothing here reads."""

EXPORT = Export(
    name="amazon_all_orders",
    title="All Orders (GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL or "
    "..._BY_LAST_UPDATE_GENERAL)",
    source="Seller Central > Reports > Fulfilment > Sales > All Orders",
    grain="one order line",
    signature=("order_id", "purchased_at", "updated_at", "order_status", "sku", "quantity"),
    targets=("order_lines",),
    streams_unless="updated_at IS NULL OR fulfilment IS NULL OR NOT (lower(sales_channel) IN "
    "(SELECT name FROM marketplaces) OR lower(sales_channel) LIKE 'non-amazon%')",
    fields=(
        Field(
            "order_id", "amazon-order-id", "key", required=True,
            pattern=ORDER_ID, example=ORDER_ID_EXAMPLE,
        ),
        Field("merchant_order_id", "merchant-order-id"),
        Field("purchased_at", "purchase-date", "time", required=True),
        Field("updated_at", "last-updated-date", "time"),
        Field("order_status", "order-status"),
        Field("fulfilment", "fulfillment-channel"),
        Field("sales_channel", "sales-channel"),
        Field("order_channel", "order-channel"),
        Field("ship_service", "ship-service-level"),
        Field("product_name", "product-name"),
        Field("sku", "sku", "id"),
        Field("asin", "asin"),
        Field("item_status", "item-status"),
        Field("quantity", "quantity", "integer"),
        Field("currency", "currency", "currency"),
        Field("item_price", "item-price", "money"),
        Field("item_tax", "item-tax", "money"),
        Field("shipping_price", "shipping-price", "money"),
        Field("shipping_tax", "shipping-tax", "money"),
        Field("gift_wrap_price", "gift-wrap-price", "money"),
        Field("gift_wrap_tax", "gift-wrap-tax", "money"),
        Field("item_promotion_discount", "item-promotion-discount", "money"),
        Field("ship_promotion_discount", "ship-promotion-discount", "money"),
        Field("ship_country", "ship-country"),
        Field("promotion_ids", "promotion-ids"),
        Field("is_business", "is-business-order", "boolean"),
        *(Field(name.replace("-", "_"), name) for name in UNUSED),
        *(Field(name.replace("-", "_"), name, privacy="personal") for name in PERSONAL),
    ),
)  # fmt: skip
