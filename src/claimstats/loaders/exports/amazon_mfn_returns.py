"""The seller-fulfilled returns report, with its A-to-z and SAFE-T columns."""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

EXPORT = Export(
    name="amazon_mfn_returns",
    title="Seller-fulfilled returns (GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE)",
    source="Seller Central > Orders > Manage Returns > return reports (at most 60 days each)",
    grain="one returned item",
    signature=("order_id", "requested_at", "rma_id", "atoz_flag", "safet_claim_id", "safet_state"),
    targets=("returns", "claim_records", "claim_snapshots"),
    tells_states=True,
    fields=(
        Field(
            "order_id", "Order ID", "key", required=True,
            pattern=r"\d{3}-\d{7}-\d{7}", example="order id like 113-1234567-1234567",
        ),
        Field("ordered_at", "Order date", "time"),
        Field("requested_at", "Return request date", "time"),
        Field("return_status", "Return request status"),
        Field("rma_id", "Amazon RMA ID"),
        Field("merchant_rma_id", "Merchant RMA ID", aliases=("Seller RMA ID",)),
        Field("label_type", "Label type"),
        Field("label_cost", "Label cost", "money"),
        Field("currency", "Currency code", "currency"),
        Field("carrier", "Return carrier"),
        Field("tracking_id", "Tracking ID"),
        Field("label_payer", "Label to be paid by"),
        Field("atoz_flag", "A-to-Z Claim", "boolean"),
        Field("is_prime", "Is prime", "boolean"),
        Field("asin", "ASIN"),
        Field("sku", "Merchant SKU", "id"),
        Field("item_name", "Item Name"),
        Field("quantity", "Return quantity", "integer"),
        Field("reason_raw", "Return Reason"),
        Field("in_policy", "In policy", "boolean"),
        Field("return_type", "Return type"),
        Field("resolution", "Resolution"),
        Field("invoice_number", "Invoice number"),
        Field("delivered_at", "Return delivery date", "time"),
        Field("order_amount", "Order Amount", "money"),
        Field("order_quantity", "Order quantity", "integer"),
        Field("safet_reason", "SafeT Action reason"),
        Field(
            "safet_claim_id", "SafeT claim id", "key",
            pattern=r"[0-9A-Za-z][0-9A-Za-z-]*", example="claim id like 12345-67890-1234567",
        ),
        Field("safet_state", "SafeT claim state"),
        Field("safet_created_at", "SafeT claim creation time", "time"),
        Field("safet_amount", "SafeT claim reimbursement amount", "money"),
        Field("refunded_amount", "Refunded Amount", "money"),
        Field("order_item_id", "Order Item ID", "id"),
    ),
)  # fmt: skip
