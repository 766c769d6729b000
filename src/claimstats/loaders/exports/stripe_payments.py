"""Stripe's export of payments: the orders, and what it tells of the disputes over them."""

from __future__ import annotations

from claimstats.loaders.exports.stripe_disputes import CHARGE_EXAMPLE, CHARGE_ID
from claimstats.loaders.spec import Export, Field

PERSONAL = (
    "Customer Description", "Customer Email", "Customer Phone", "Card ID", "Card Last4",
    "Card Exp Month", "Card Exp Year", "Card Name", "Card Address Line1", "Card Address Line2",
    "Card Address City", "Card Address State", "Card Address Country", "Card Address Zip",
    "Card Fingerprint", "Shipping Name", "Shipping Address Line1", "Shipping Address Line2",
    "Shipping Address City", "Shipping Address State", "Shipping Address Postal Code",
)  # fmt: skip
"""What names or places a customer, or tells the card."""

EXPORT = Export(
    name="stripe_payments",
    title="Stripe payments",
    source="Stripe Dashboard > Payments > Export (all columns)",
    grain="one payment",
    signature=("charge_id", "purchased_at", "amount", "currency", "state_raw", "order_status"),
    targets=("order_lines", "claim_records", "claim_snapshots"),
    tells_states=True,
    decimal="local",
    not_rows=(
        (
            "payments that failed or were never made, which are no orders",
            "regexp_full_match(lower(r_order_status), 'failed|blocked|cancel+ed|incomplete|"
            "requires_[a-z_]+')",
        ),
    ),
    fields=(
        Field(
            "charge_id", "id", "key", required=True, pattern=CHARGE_ID, example=CHARGE_EXAMPLE,
        ),
        Field("description", "Description", privacy="free_text"),
        Field("seller_message", "Seller Message"),
        Field(
            "purchased_at", "Created (UTC)", "time", required=True, aliases=("Created date (UTC)",),
        ),
        Field("amount", "Amount", "money", required=True),
        Field("refunded_amount", "Amount Refunded", "money"),
        Field("refunded_at", "Refunded date (UTC)", "time"),
        Field("currency", "Currency", "currency", required=True),
        Field("converted_amount", "Converted Amount", "money"),
        Field("converted_refund", "Converted Amount Refunded", "money"),
        Field("fee", "Fee", "money"),
        Field("fee_tax", "Tax", "money"),
        Field("converted_currency", "Converted Currency", "currency"),
        Field("mode", "Mode"),
        Field("order_status", "Status", required=True),
        Field("statement_descriptor", "Statement Descriptor", aliases=("Statement Description",)),
        Field("buyer_hash", "Customer ID", privacy="buyer_id"),
        Field("is_captured", "Captured", "boolean"),
        Field("card_brand", "Card Brand"),
        Field("card_funding", "Card Funding"),
        Field("issue_country", "Card Issue Country"),
        Field("cvc_status", "Card CVC Status"),
        Field("zip_status", "Card AVS Zip Status"),
        Field("line1_status", "Card AVS Line1 Status"),
        Field("tokenization", "Card Tokenization Method"),
        Field("ship_country", "Shipping Address Country"),
        Field("claimed_amount", "Disputed Amount", "money"),
        Field("state_raw", "Dispute Status"),
        Field("reason_raw", "Dispute Reason"),
        Field("filed_at", "Dispute Date (UTC)", "time"),
        Field("due_at", "Dispute Evidence Due (UTC)", "time", is_event=False),
        Field("invoice_id", "Invoice ID"),
        Field("invoice_number", "Invoice Number"),
        Field("payment_source", "Payment Source Type"),
        Field("is_link", "Is Link"),
        Field("destination", "Destination"),
        Field("transfer", "Transfer"),
        Field("interchange", "Interchange Costs"),
        Field("service_charge", "Merchant Service Charge"),
        Field("transfer_group", "Transfer Group"),
        Field("payment_intent", "PaymentIntent ID"),
        *(Field(f"p_{k}", name, privacy="personal") for k, name in enumerate(PERSONAL)),
    ),
)  # fmt: skip
