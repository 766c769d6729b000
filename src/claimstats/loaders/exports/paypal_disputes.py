"""PayPal's dispute report (DDR, later Case Report): filing, due and state of each case.

The file is made of records whose first column tells their kind: RH and FH open it, SH opens a
section, CH names the columns, SB is a case, and SF, SC, RF, RC and FF close and count them.
"""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

EXPORT = Export(
    name="paypal_disputes",
    title="PayPal dispute report (DDR, Case Report)",
    source="PayPal's SFTP server > /disputes/outgoing, once PayPal has set the report up",
    grain="one case",
    signature=("record", "case_type", "case_id", "filed_at", "case_status", "minor_amount"),
    targets=("claim_records", "claim_snapshots"),
    tells_states=True,
    other_records=frozenset({"RH", "FH", "SH", "SF", "SC", "RF", "RC", "FF"}),
    fields=(
        Field("record", "CH", "key", required=True, pattern="SB", example="SB"),
        Field("case_type", "Case type"),
        Field("case_id", "Case ID", "id", required=True),
        Field("transaction_id", "Original transaction ID", "id"),
        Field("paid_at", "Transaction date", "time"),
        Field("invoice_id", "Transaction invoice ID", "id"),
        Field("card_type", "Card type"),
        Field("reason_raw", "Case reason"),
        Field("claimant_name", "Claimant name", privacy="personal"),
        Field("claimant_email", "Claimant email address", privacy="personal"),
        Field("filed_at", "Case filing date", "time", required=True),
        Field("case_status", "Case status", required=True),
        Field("due_at", "Response due date", "time", is_event=False),
        Field("minor_amount", "Disputed amount", "minor", required=True),
        Field("currency", "Disputed currency", "currency", required=True),
        Field("disputed_id", "Disputed transaction ID", "id"),
        Field("money_movement", "Money movement"),
        Field("settlement_type", "Settlement type"),
        Field("protection", "Seller protection"),
        Field("minor_payout", "Seller protection payout amount", "minor"),
        Field("payout_currency", "Seller protection currency", "currency"),
        Field("tracking_id", "Payment tracking ID", "id"),
        Field("comments", "Buyer comments", privacy="free_text"),
        Field("store_id", "Store ID", "id"),
        Field("chargeback_code", "Chargeback Reason Code"),
        Field("outcome_raw", "Outcome"),
    ),
)  # fmt: skip
