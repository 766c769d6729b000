"""Walmart's payment reconciliation report: what was paid and kept, line by line."""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

EXPORT = Export(
    name="walmart_recon",
    title="Walmart payment reconciliation report",
    source="Walmart Seller Center > Payments > Statements > Download (new report, CSV)",
    grain="one amount of one transaction",
    signature=("posted_at", "line_type", "order_id", "amount", "amount_type"),
    targets=("ledger_lines",),
    slashes="mdy",
    not_rows=(
        ("totals of a payment (PaymentSummary)", "plain_word(r_line_type) = 'paymentsummary'"),
    ),
    fields=(
        Field("period_from", "Period Start Date", "time"),
        Field("period_to", "Period End Date", "time", is_event=False),
        Field("total_payable", "Total Payable", "money"),
        Field("currency", "Currency", "currency"),
        Field("transaction_key", "Transaction Key", "id"),
        Field("posted_at", "Transaction Posted Timestamp", "time", required=True),
        Field("line_type", "Transaction Type", required=True),
        Field("description", "Transaction Description"),
        Field("customer_order_id", "Customer Order #", "id"),
        Field("customer_order_line", "Customer Order line #", "id"),
        Field("order_id", "Purchase Order #", "id"),
        Field("order_line", "Purchase Order line #", "id"),
        Field("amount", "Amount", "money", required=True),
        Field("amount_type", "Amount Type"),
        Field("quantity", "Ship Qty", "integer"),
        Field("commission_rate", "Commission Rate"),
        Field("base_commission_rate", "Base Commission Rate"),
        Field("reason_raw", "Transaction Reason Description"),
        Field("sku", "Partner Item Id", "id"),
        Field("gtin", "Partner GTIN", "id"),
        Field("item_name", "Partner Item Name"),
        Field("tax_code", "Product Tax Code"),
        Field("ship_state", "Ship to State", privacy="personal"),
        Field("ship_city", "Ship to City", privacy="personal"),
        Field("ship_zip", "Ship to Zipcode", privacy="personal"),
        Field("category", "Contract Category"),
        Field("product_type", "Product Type"),
        Field("commission_rule", "Commission Rule"),
        Field("shipping_method", "Shipping Method"),
        Field("fulfilment", "Fulfillment Type"),
        Field("fulfilment_details", "Fulfillment Details"),
        Field("original_commission", "Original Commission"),
    ),
)
