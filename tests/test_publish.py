from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from markupsafe import escape

import claimstats
from claimstats import Choice, publish
from claimstats.analyses import REGISTER
from claimstats.errors import ParameterError


def test_findings_come_in_the_order_of_the_register(sample: claimstats.ClaimBook) -> None:
    assert [found.name for found in publish.findings(sample)] == [room.name for room in REGISTER]


def test_only_chooses_findings(sample: claimstats.ClaimBook) -> None:
    found = publish.findings(sample, Choice(only=["time_to_resolution"]))
    assert [finding.name for finding in found] == ["time_to_resolution"]


def test_unknown_finding_is_refused_with_the_nearest(sample: claimstats.ClaimBook) -> None:
    with pytest.raises(ParameterError, match="Did you mean 'approval_rate'"):
        publish.findings(sample, Choice(only=["approval"]))


def test_cutoff_before_every_claim_is_refused(sample: claimstats.ClaimBook) -> None:
    with pytest.raises(ParameterError, match="before the first claim"):
        publish.findings(sample, Choice(as_of=datetime(1999, 1, 1)))


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


def test_skipped_findings_are_left_out_and_the_order_asked_for_is_kept() -> None:
    choice = Choice(only=["open_claims", "approval_rate", "payout_ratio"], skip=["payout_ratio"])
    assert [room.name for room in choice.rooms] == ["open_claims", "approval_rate"]


def test_nothing_left_to_show_is_refused() -> None:
    with pytest.raises(ParameterError, match="none to show"):
        _ = Choice(only=["approval_rate"], skip=["approval_rate"]).rooms


def test_property_is_asked_of_the_findings_that_split_by_one(sample: claimstats.ClaimBook) -> None:
    only = ["approval_rate", "evidence_quality"]
    first, second = publish.findings(sample, Choice(only=only, by="reason"))
    assert first.parameters["by"] == "reason"
    assert "by" not in second.parameters


def test_query_of_a_selection_gives_its_counts_again(sample: claimstats.ClaimBook) -> None:
    choice = Choice(only=["approval_rate"], program="amazon_atoz", filed_to=date(2026, 5, 31))
    (found,) = publish.findings(sample, choice)
    assert (found.parameters["program"], found.parameters["filed_to"]) == (
        "amazon_atoz",
        "2026-05-31",
    )
    with sample.own_connection() as own:
        rows = own.rows(found.sql)
    assert [row["n_claims"] for row in rows] == list(found.summary["n_claims"])
    assert sum(found.summary["n_claims"]) < sample.value("SELECT count(*) FROM v_claims")


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
