"""The seller's own claim tracker, claims.csv: the one source that can tell a claim's whole life."""

from __future__ import annotations

from claimstats.loaders.spec import PROGRAM, Export, Field

EXPORT = Export(
    name="claims",
    title="Claim tracker (claims.csv)",
    source="claimstats template DIR writes it",
    grain="one claim",
    signature=("claim_id", "program", "state_raw"),
    targets=("claim_records", "claim_snapshots"),
    fields=(
        Field("claim_id", "claim_id", "id", required=True),
        PROGRAM,
        Field("direction", "direction", "word"),
        Field("marketplace", "marketplace"),
        Field("order_id", "order_id", "id"),
        Field("sku", "sku", "id"),
        Field("reason_raw", "reason"),
        Field("contacted_at", "contacted_at", "time"),
        Field("filed_at", "filed_at", "time"),
        Field("claimed_amount", "claimed_amount", "money"),
        Field("granted_amount", "granted_amount", "money"),
        Field("currency", "currency", "currency"),
        Field("state_raw", "outcome"),
        Field("decided_at", "decided_at", "time"),
        Field("resolution", "resolution"),
        Field("appealed_at", "appealed_at", "time"),
        Field("appeal_raw", "appeal_outcome"),
        Field("appeal_decided_at", "appeal_decided_at", "time"),
        Field("due_at", "due_at", "time", is_event=False),
        Field("note", "note", privacy="free_text"),
    ),
)
