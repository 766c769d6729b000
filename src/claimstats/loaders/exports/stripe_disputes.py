"""Stripe's export of disputes: the claim, its reason and state, and whether evidence was sent."""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

DISPUTE_ID = r"[a-z]{2,5}_[0-9A-Za-z]+"
CHARGE_ID = r"(ch|py|pi|src)_[0-9A-Za-z]+"
CHARGE_EXAMPLE = "charge id like ch_3PBxYz2eZvKYlo2C1gRrXn5L"

EXPORT = Export(
    name="stripe_disputes",
    title="Stripe disputes",
    source="Stripe Dashboard > Payments > Disputes > Export (all columns)",
    grain="one dispute",
    signature=("dispute_id", "filed_at", "claimed_amount", "charge_id", "reason_raw", "state_raw"),
    targets=("claim_records", "claim_snapshots", "evidence"),
    tells_states=True,
    decimal="local",
    fields=(
        Field(
            "dispute_id", "id", "key", required=True,
            pattern=DISPUTE_ID, example="dispute id like dp_1PBxZa2eZvKYlo2CbVJ8yQ1d",
        ),
        Field("description", "Description"),
        Field("filed_at", "Dispute Created (UTC)", "time", required=True),
        Field("charged_at", "Charge Created (UTC)", "time"),
        Field("claimed_amount", "Dispute Amount", "money", required=True),
        Field("currency", "Dispute Currency", "currency", required=True),
        Field("charge_amount", "Charge Amount", "money"),
        Field("charge_currency", "Charge Currency", "currency"),
        Field(
            "charge_id", "Charge ID", "key", required=True,
            pattern=CHARGE_ID, example=CHARGE_EXAMPLE,
        ),
        Field("card_fingerprint", "Card Fingerprint", privacy="personal"),
        Field("card_brand", "Card Brand"),
        Field("card_funding", "Card Funding"),
        Field("customer_email", "Customer Email", privacy="personal"),
        Field("buyer_hash", "Customer ID", privacy="buyer_id"),
        Field("reason_raw", "Reason"),
        Field("state_raw", "Status", required=True),
        Field("due_at", "Due By (UTC)", "time", is_event=False),
        Field("is_past_due", "Past Due", "boolean"),
        Field("has_evidence", "Has Evidence", "boolean"),
        Field("n_submissions", "Submission Count", "integer"),
        Field("is_refundable", "Is Charge Refundable", "boolean"),
        Field("refunded_amount", "Amount Refunded", "money"),
        Field("win_likelihood", "Win Likelihood"),
        Field("is_rapid_resolution", "Is Visa Rapid Dispute Resolution", "boolean"),
        Field("compelling_evidence", "Visa Compelling Evidence 3 Status"),
        Field("visa_compliance", "Visa Compliance Status"),
        Field("payment_method", "Payment Method Type"),
        Field("payment_intent", "Payment Intent"),
        Field("account_id", "Account ID"),
    ),
)  # fmt: skip
