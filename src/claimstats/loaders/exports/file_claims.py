"""The seller's own list of files and their claims, files.csv, where names of files do not tell."""

from __future__ import annotations

from dataclasses import replace

from claimstats.loaders.spec import PROGRAM, Export, Field

EXPORT = Export(
    name="file_claims",
    title="Files of evidence and their claims (files.csv)",
    source="your own list; claimstats evidence scan --mapping reads it",
    grain="one file of one claim",
    signature=("file_name", "claim_id"),
    targets=("file_claims",),
    fields=(
        Field("file_name", "file", required=True),
        Field("claim_id", "claim_id", "id", required=True),
        replace(PROGRAM, required=False),
        Field("kind_raw", "kind"),
        Field("submitted_at", "submitted_at", "time", is_event=False),
        Field("with_filing", "with_filing", "boolean"),
        Field("note", "note", privacy="free_text"),
    ),
)
