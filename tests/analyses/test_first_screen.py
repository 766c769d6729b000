"""What findings put on a report's first screen: numbers told elsewhere too, and what to do."""

from __future__ import annotations

import pytest

import claimstats
from claimstats.analyses import REGISTER


@pytest.mark.parametrize("name", ["approval_rate", "payout_ratio", "evidence_gaps"])
def test_key_number_and_its_limits_are_the_headlines(sample, name):
    finding = getattr(claimstats, name)(sample)
    assert finding.key_numbers
    for number in finding.key_numbers:
        assert f"{number.shown} of " in finding.headline
        assert number.interval in finding.headline


def test_time_is_that_of_all_claims_together(sample):
    (number,) = claimstats.time_to_resolution(sample).key_numbers
    (row,) = claimstats.time_to_resolution(sample, by="claim").summary.rows()
    assert (number.value, number.lower, number.upper) == (
        row["median_days"], row["lower"], row["upper"],
    )  # fmt: skip
    assert number.beside == f"{row['n_resolved']} ended, {row['n_open']} open"


def test_money_is_that_of_the_side_that_waited_most_often(sample):
    finding = claimstats.stage_times(sample)
    (number,) = finding.key_numbers
    (row,) = (
        row
        for row in finding.summary.where("step", "decision to money posted").rows()
        if row["direction"] == "seller_claims"
    )
    assert (number.value, number.lower, number.upper) == (
        row["median_days"], row["lower"], row["upper"],
    )  # fmt: skip
    assert number.beside == f"{row['n_done']} posted, {row['n_open']} waiting"


def test_open_claims_are_counted_on_both_sides(sample):
    finding = claimstats.open_claims(sample)
    (number,) = finding.key_numbers
    assert number.value == sum(finding.summary["n_open"])
    assert number.interval == ""
    older = [int(sentence.split()[0]) for sentence in finding.to_do]
    assert sum(older) == sum(n or 0 for n in finding.summary["n_older"])


def test_waiting_requests_are_to_be_answered(tracked):
    claims = [
        {
            "claim_id": name,
            "program": "amazon_safet",
            "filed_at": "2026-01-05",
            "outcome": "pending",
        }
        for name in "abc"
    ]
    asked = [
        {"claim_id": name, "program": "amazon_safet", "type": type_, "occurred_at": at}
        for name, type_, at in (
            ("a", "info_requested", "2026-01-08"), ("b", "info_requested", "2026-01-09"),
            ("c", "info_requested", "2026-01-09"), ("c", "info_provided", "2026-01-12"),
        )
    ]  # fmt: skip
    assert claimstats.service_level(tracked(claims, asked)).to_do == (
        "2 information requests wait for an answer.",
    )


def test_group_that_clearly_wins_less_is_to_be_looked_into(tracked):
    groups = [("weak", 2, 40), *((f"g{k}", 30, 40) for k in range(6))]
    rows = [
        {
            "claim_id": f"{name}-{k}", "program": "amazon_safet", "filed_at": "2026-01-05",
            "decided_at": "2026-01-20", "outcome": "granted" if k < won else "denied",
            "client": name,
        }
        for name, won, n in groups
        for k in range(n)
    ]  # fmt: skip
    finding = claimstats.approval_ranking(tracked(rows), by="client")
    (sentence,) = finding.to_do
    assert sentence.startswith("Look into weak: by client, clearly fewer seller's claims are won")


@pytest.mark.parametrize("room", REGISTER, ids=lambda room: room.name)
def test_empty_book_has_nothing_to_do(empty, room):
    finding = room(empty)
    assert finding.to_do == ()
    assert all(number.value in (None, 0) for number in finding.key_numbers)
