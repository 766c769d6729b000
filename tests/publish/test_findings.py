from __future__ import annotations

from datetime import date, datetime

import pytest

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


def test_cutoff_that_was_asked_for_is_among_the_parameters(sample: claimstats.ClaimBook) -> None:
    asked = Choice(only=["approval_rate"], as_of=datetime(2026, 6, 30, 12))
    (found,) = publish.findings(sample, asked)
    assert found.parameters["as_of"] == "2026-06-30T12:00:00"
    (found,) = publish.findings(sample, Choice(only=["approval_rate"]))
    assert "as_of" not in found.parameters


def test_cutoff_before_every_claim_asked_for_is_refused(sample: claimstats.ClaimBook) -> None:
    choice = Choice(only=["approval_rate"], filed_from=date(2026, 5, 2), as_of=datetime(2026, 5, 1))
    with pytest.raises(ParameterError, match="before the first claim of those asked for, 2026-05"):
        publish.findings(sample, choice)


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
