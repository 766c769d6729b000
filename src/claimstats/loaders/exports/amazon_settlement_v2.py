"""The settlement flat file V2: every amount of one payout, with English headers everywhere."""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

EXPORT = Export(
    name="amazon_settlement_v2",
    title="Settlement flat file V2 (GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2)",
    source="Seller Central > Payments > All Statements > Download Flat File V2 (kept for 90 days)",
    grain="one amount of a settlement",
    signature=(
        "settlement_id", "transaction_type", "amount_type", "amount_description", "amount",
        "posted_on",
    ),
    targets=("ledger_lines",),
    decimal="local",
    slashes="mdy",
    not_rows=(
        (
            "summary of a settlement, whose total is checked",
            "r_total_amount IS NOT NULL AND r_transaction_type IS NULL AND r_amount IS NULL",
        ),
    ),
    fields=(
        Field(
            "settlement_id", "settlement-id", "key", required=True,
            pattern=r"\d+", example="settlement id like 12345678901",
        ),
        Field("starts_at", "settlement-start-date"),
        Field("ends_at", "settlement-end-date"),
        Field("deposited_at", "deposit-date"),
        Field("total_amount", "total-amount", "money"),
        Field("currency", "currency", "currency"),
        Field("transaction_type", "transaction-type"),
        Field("order_id", "order-id", "id"),
        Field("merchant_order_id", "merchant-order-id", "id"),
        Field("adjustment_id", "adjustment-id", "id"),
        Field("shipment_id", "shipment-id", "id"),
        Field("marketplace", "marketplace-name"),
        Field("amount_type", "amount-type"),
        Field("amount_description", "amount-description"),
        Field("amount", "amount", "money", required=True),
        Field("fulfilment_id", "fulfillment-id"),
        Field("posted_on", "posted-date", "time"),
        Field("posted_at", "posted-date-time", "time"),
        Field("order_item_code", "order-item-code", "id"),
        Field("merchant_order_item_id", "merchant-order-item-id", "id"),
        Field("merchant_adjustment_item_id", "merchant-adjustment-item-id", "id"),
        Field("sku", "sku", "id"),
        Field("quantity", "quantity-purchased", "integer"),
        Field("promotion_id", "promotion-id"),
    ),
)  # fmt: skip
