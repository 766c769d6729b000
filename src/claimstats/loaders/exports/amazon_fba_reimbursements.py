"""The FBA reimbursements report: approvals only, with automatic ones and reversals among them."""

from __future__ import annotations

from claimstats.loaders.exports.amazon_all_orders import ORDER_ID, ORDER_ID_EXAMPLE
from claimstats.loaders.spec import Export, Field

DIGITS = r"\d+"
REIMBURSEMENT_EXAMPLE = "reimbursement id like 12345678901"

EXPORT = Export(
    name="amazon_fba_reimbursements",
    title="FBA reimbursements (GET_FBA_REIMBURSEMENTS_DATA)",
    source="Seller Central > Reports > Fulfilment > Payments > Reimbursements",
    grain="one reimbursed article of one reimbursement",
    signature=("approved_at", "reimbursement_id", "case_id", "reason_raw", "amount"),
    targets=("reimbursements",),
    fields=(
        Field("approved_at", "approval-date", "time", required=True),
        Field(
            "reimbursement_id", "reimbursement-id", "key", required=True,
            pattern=DIGITS, example=REIMBURSEMENT_EXAMPLE,
        ),
        Field("case_id", "case-id", "key", pattern=DIGITS, example="case id like 12345678901"),
        Field(
            "order_id", "amazon-order-id", "key", pattern=ORDER_ID, example=ORDER_ID_EXAMPLE,
        ),
        Field("reason_raw", "reason", required=True),
        Field("sku", "sku", "id"),
        Field("fnsku", "fnsku"),
        Field("asin", "asin"),
        Field("product_name", "product-name"),
        Field("condition", "condition"),
        Field("currency", "currency-unit", "currency", required=True),
        Field("amount_per_unit", "amount-per-unit", "money"),
        Field("amount", "amount-total", "money", required=True),
        Field("n_units_cash", "quantity-reimbursed-cash", "integer"),
        Field("n_units_inventory", "quantity-reimbursed-inventory", "integer"),
        Field("n_units", "quantity-reimbursed-total", "integer"),
        Field(
            "original_id", "original-reimbursement-id", "key",
            pattern=DIGITS, example=REIMBURSEMENT_EXAMPLE,
        ),
        Field("original_type", "original-reimbursement-type"),
    ),
)  # fmt: skip
