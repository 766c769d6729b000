"""The seller's own record of what happened to each claim, claim_events.csv."""

from __future__ import annotations

from claimstats.loaders.spec import PROGRAM, Export, Field

EXPORT = Export(
    name="claim_events",
    title="Claim events (claim_events.csv)",
    source="claimstats template DIR writes it",
    grain="one event of a claim",
    signature=("claim_id", "program", "type_raw", "occurred_at"),
    targets=("claim_events",),
    fields=(
        PROGRAM,
        Field("claim_id", "claim_id", "id", required=True),
        Field("type_raw", "type", required=True),
        Field("occurred_at", "occurred_at", "time"),
        Field("actor", "actor", "word"),
        Field("note", "note", privacy="free_text"),
    ),
)
