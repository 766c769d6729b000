from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from markupsafe import escape

import claimstats
from claimstats import publish
from claimstats.analyses import REGISTER
from claimstats.errors import ParameterError


def test_findings_come_in_the_order_of_the_register(sample: claimstats.ClaimBook) -> None:
    assert [found.name for found in publish.findings(sample)] == [room.name for room in REGISTER]


def test_only_chooses_findings(sample: claimstats.ClaimBook) -> None:
    found = publish.findings(sample, only=["time_to_resolution"])
    assert [finding.name for finding in found] == ["time_to_resolution"]


def test_unknown_finding_is_refused_with_the_nearest(sample: claimstats.ClaimBook) -> None:
    with pytest.raises(ParameterError, match="Did you mean 'approval_rate'"):
        publish.findings(sample, only=["approval"])


def test_cutoff_before_every_claim_is_refused(sample: claimstats.ClaimBook) -> None:
    with pytest.raises(ParameterError, match="before the first claim"):
        publish.findings(sample, as_of=datetime(1999, 1, 1))


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


def test_report_of_an_empty_book_says_that_there_is_nothing(
    empty: claimstats.ClaimBook, tmp_path: Path
) -> None:
    page = claimstats.write_report(empty, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "0 claims are in the book" in page


def test_report_holds_every_headline(sample: claimstats.ClaimBook, tmp_path: Path) -> None:
    page = claimstats.write_report(sample, tmp_path / "report.html").read_text(encoding="utf-8")
    assert all(str(escape(found.headline)) in page for found in publish.findings(sample))
