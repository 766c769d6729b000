"""The seller's own list of evidence, evidence.csv; no venue's export holds it."""

from __future__ import annotations

from claimstats.loaders.spec import PROGRAM, Export, Field

EXPORT = Export(
    name="evidence",
    title="Evidence (evidence.csv)",
    source="claimstats template DIR writes it",
    grain="one piece of evidence",
    signature=("claim_id", "program", "kind_raw"),
    targets=("evidence",),
    fields=(
        PROGRAM,
        Field("claim_id", "claim_id", "id", required=True),
        Field("kind_raw", "kind", required=True),
        Field("submitted_at", "submitted_at", "time"),
        Field("with_filing", "with_filing", "boolean"),
        Field("quality_rating", "quality_rating", "rating"),
        Field("rated_at", "rated_at", "time"),
        Field("legible", "legible", "boolean"),
        Field("shows_item", "shows_item", "boolean"),
        Field("shows_defect", "shows_defect", "boolean"),
        Field("shows_packaging", "shows_packaging", "boolean"),
        Field("shows_label", "shows_label", "boolean"),
        Field("shows_serial", "shows_serial", "boolean"),
        Field("shows_order_id", "shows_order_id", "boolean"),
        Field("file_name", "file_name"),
        Field("note", "note", privacy="free_text"),
    ),
)
