"""The header lines: of Amazon's reports as they come in 2026, and of the seller's trackers."""

from __future__ import annotations


def _columns(names: str) -> list[str]:
    return names.split()


ORDER_COLUMNS = _columns(
    "amazon-order-id merchant-order-id purchase-date last-updated-date order-status "
    "fulfillment-channel sales-channel order-channel ship-service-level product-name sku asin "
    "item-status quantity currency item-price item-tax shipping-price shipping-tax "
    "gift-wrap-price gift-wrap-tax item-promotion-discount ship-promotion-discount ship-city "
    "ship-state ship-postal-code ship-country promotion-ids"
)
ORDER_TAIL = {
    "US": _columns(
        "cpf is-business-order purchase-order-number price-designation "
        "signature-confirmation-recommended"
    ),
    "DE": _columns(
        "fulfilled-by buyer-company-name is-amazon-invoiced vat-exclusive-item-price "
        "vat-exclusive-shipping-price vat-exclusive-giftwrap-price"
    ),
    "JP": _columns("cpf is-business-order purchase-order-number price-designation"),
}
"""The last columns of the report, which differ between marketplaces and years."""

RETURN_COLUMNS = [
    "Order ID",
    "Order date",
    "Return request date",
    "Return request status",
    "Amazon RMA ID",
    "Merchant RMA ID",
    "Label type",
    "Label cost",
    "Currency code",
    "Return carrier",
    "Tracking ID",
    "Label to be paid by",
    "A-to-Z Claim",
    "Is prime",
    "ASIN",
    "Merchant SKU",
    "Item Name",
    "Return quantity",
    "Return Reason",
    "In policy",
    "Return type",
    "Resolution",
    "Invoice number",
    "Return delivery date",
    "Order Amount",
    "Order quantity",
    "SafeT Action reason",
    "SafeT claim id",
    "SafeT claim state",
    "SafeT claim creation time",
    "SafeT claim reimbursement amount",
    "Refunded Amount",
]
RETURN_TAIL = {"US": ["Order Item ID"], "DE": ["Category", "VAT", "Order Item ID"]}

REIMBURSEMENT_COLUMNS = _columns(
    "approval-date reimbursement-id case-id amazon-order-id reason sku fnsku asin product-name "
    "condition currency-unit amount-per-unit amount-total quantity-reimbursed-cash "
    "quantity-reimbursed-inventory quantity-reimbursed-total original-reimbursement-id "
    "original-reimbursement-type"
)

CLAIM_COLUMNS = _columns(
    "claim_id program marketplace order_id sku reason contacted_at filed_at claimed_amount "
    "granted_amount currency outcome decided_at resolution appealed_at appeal_outcome "
    "appeal_decided_at due_at note carrier"
)
"""The template's columns and one of the seller's own, ``carrier``."""

EVENT_COLUMNS = _columns("program claim_id type occurred_at actor note")
EVIDENCE_COLUMNS = _columns(
    "program claim_id kind submitted_at with_filing quality_rating rated_at legible shows_item "
    "shows_defect shows_packaging shows_label shows_serial shows_order_id file_name note"
)
