from __future__ import annotations

from datetime import date

import claimstats
from claimstats import Choice, publish


def test_provenance_names_every_file_with_its_counts(sample: claimstats.ClaimBook) -> None:
    sources = publish.provenance(sample).sources
    ledger = sample.rows("SELECT * FROM source_files ORDER BY file_id")
    assert list(sources["sha256"]) == [row["sha256"] for row in ledger]
    assert list(sources["n_read"]) == [row["n_read"] for row in ledger]
    assert "loaded_at" not in sources.names


def test_provenance_notes_count_every_rejected_row(sample: claimstats.ClaimBook) -> None:
    n = sample.value("SELECT count(*) FROM rejected_rows")
    n_files = sample.value("SELECT count(*) FROM source_files WHERE n_rejected > 0")
    assert n > 1 < n_files
    notes = publish.provenance(sample).notes
    assert notes[0].startswith(f"{n} rows were rejected in {n_files} files;")


def test_page_of_a_selection_says_of_how_many_claims_it_speaks(
    sample: claimstats.ClaimBook,
) -> None:
    notes = publish.provenance(sample, Choice(marketplace="DE", filed_to=date(2026, 5, 31))).notes
    n = sample.value(
        "SELECT count(*) FROM v_claims WHERE marketplace = 'DE' AND filed_at < DATE '2026-06-01'"
    )
    total = sample.value("SELECT count(*) FROM v_claims")
    assert notes[0].startswith(f"These numbers are about {n} of the book's {total} claims:")
    assert "no filing date" in notes[1]
