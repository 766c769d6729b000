"""eBay's transaction report: orders, refunds, fees, payouts, and what cases and disputes cost."""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

EXPORT = Export(
    name="ebay_transactions",
    title="eBay transaction report",
    source="eBay Seller Hub > Payments > Reports > Transaction report",
    grain="one transaction, or one item of an order of several",
    signature=("posted_at", "line_type", "order_id", "net_amount", "gross_amount", "reference"),
    targets=("ledger_lines", "order_lines"),
    blanks=("--",),
    fields=(
        Field("posted_at", "Transaction creation date", "time", required=True),
        Field("line_type", "Type", required=True),
        Field("order_id", "Order number", "id"),
        Field("legacy_order_id", "Legacy order ID", "id"),
        Field("buyer_hash", "Buyer username", privacy="buyer_id"),
        Field("buyer_name", "Buyer name", privacy="personal"),
        Field("ship_city", "Ship to city", privacy="personal"),
        Field(
            "ship_state", "Ship to province/region/state", privacy="personal",
            aliases=("Ship to state", "Ship to region"),
        ),
        Field(
            "ship_zip", "Ship to zip", privacy="personal",
            aliases=("Ship to postcode", "Ship to postal code"),
        ),
        Field("ship_country", "Ship to country"),
        Field("net_amount", "Net amount", "money"),
        Field("payout_currency", "Payout currency", "currency"),
        Field("payout_on", "Payout date", "time", is_event=False),
        Field("payout_id", "Payout ID", "id"),
        Field("payout_method", "Payout method"),
        Field("payout_status", "Payout status"),
        Field("hold_reason", "Reason for hold"),
        Field("item_id", "Item ID", "id"),
        Field("transaction_id", "Transaction ID", "id"),
        Field("item_title", "Item title"),
        Field("sku", "Custom label", "id"),
        Field("quantity", "Quantity", "integer"),
        Field("item_price", "Item subtotal", "money"),
        Field("shipping_price", "Shipping and handling", "money"),
        Field("item_tax", "Seller collected tax", "money"),
        Field("ebay_tax", "eBay collected tax", "money"),
        Field("fee_fixed", "Final Value Fee - fixed", "money"),
        Field("fee_variable", "Final Value Fee - variable", "money"),
        Field("fee_operating", "Regulatory operating fee", "money"),
        Field(
            "fee_not_as_described", 'Very high "item not as described" fee', "money",
            aliases=("Very high fee",),
        ),
        Field("fee_performance", "Below standard performance fee", "money"),
        Field("fee_international", "International fee", "money"),
        Field("charity", "Charity donation", "money"),
        Field("fee_deposit", "Deposit processing fee", "money"),
        Field("gross_amount", "Gross transaction amount", "money"),
        Field("currency", "Transaction currency", "currency"),
        Field("exchange_rate", "Exchange rate"),
        Field("reference", "Reference ID", "id"),
        Field("description", "Description"),
    ),
    checks=(
        (
            "Payout currency",
            "net_amount IS NOT NULL AND payout_currency IS NULL",
            "is missing where there is a net amount",
        ),
    ),
)  # fmt: skip
