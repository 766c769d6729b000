"""v_claims: how a claim's direction, decision and stage are settled from what its sources say."""

from __future__ import annotations

from datetime import datetime

import pytest

DAY = [datetime(2026, 1, 1), *(datetime(2026, 1, day) for day in range(1, 32))]
"""DAY[9] is the 9th of January."""


def the_claim(book):
    (row,) = book.rows("FROM v_claims")
    return row


def pull(put, day, outcome, origin="amazon_mfn_returns"):
    put("claim_snapshots", pulled_at=DAY[day], outcome=outcome, origin=origin, file_id=day)


@pytest.fixture
def exported(put):
    """A claim that only pulls of an export tell of: (day, outcome) each; the last one holds."""

    def told(*pulls):
        outcome = pulls[-1][1]
        put("claims", origins=["amazon_mfn_returns"], outcome=outcome, filed_at=DAY[1])
        put("history.claim_records", origin="amazon_mfn_returns", outcome=outcome, filed_at=DAY[1])
        for day, state in pulls:
            pull(put, day, state)

    return told


# When it was decided


def test_trackers_date_is_the_decision(book, put):
    put("claims", outcome="denied", filed_at=DAY[1], decided_at=DAY[5], decided_precision="day")
    put("history.claim_records", outcome="denied", decided_at=DAY[5])
    pull(put, 9, "denied")
    row = the_claim(book)
    assert (row["decided_at"], row["decided_lo"], row["decided_hi"]) == (DAY[5],) * 3
    assert (row["decided_basis"], row["decided_precision"]) == ("tracker", "day")


def test_date_from_an_export_is_reported(book, put):
    origins = ["tracker", "amazon_fba_reimbursements"]
    put("claims", outcome="granted_full", decided_at=DAY[5], origins=origins)
    put("history.claim_records", outcome="pending")
    assert the_claim(book)["decided_basis"] == "reported"


def test_decision_between_two_pulls_is_an_interval(book, exported):
    exported((4, "pending"), (6, "pending"), (9, "denied"), (12, "denied"))
    row = the_claim(book)
    assert (row["decided_at"], row["decided_lo"], row["decided_hi"]) == (None, DAY[6], DAY[9])
    assert row["decided_basis"] == "snapshot"


def test_decision_of_a_claim_first_seen_decided_lies_after_filing(book, exported):
    exported((9, "denied"))
    row = the_claim(book)
    assert (row["decided_lo"], row["decided_hi"]) == (DAY[1], DAY[9])


def test_pull_without_a_date_bounds_nothing(book, put):
    put("claims", outcome="denied", filed_at=DAY[1])
    put("claim_snapshots", outcome="denied", pulled_at=None)
    row = the_claim(book)
    assert (row["decided_hi"], row["decided_basis"]) == (None, None)


def test_open_claim_has_no_decision_time(book, put):
    put("claims", outcome="pending", filed_at=DAY[1], decided_at=DAY[5])
    row = the_claim(book)
    assert {row[f"decided_{part}"] for part in ("at", "lo", "hi", "basis", "month")} == {None}


def event(put, kind, day, **more):
    put("history.claim_events", type=kind, type_raw=kind, occurred_at=DAY[day], **more)


def test_events_date_what_the_columns_leave_blank(book, put):
    put("claims", outcome="denied")
    event(put, "filed", 2, occurred_precision="day")
    event(put, "decided", 7, occurred_precision="instant")
    event(put, "info_requested", 3)
    event(put, "appeal_filed", 8)
    event(put, "appeal_decided", 20, occurred_precision="day")
    row = the_claim(book)
    assert (row["filed_at"], row["filed_precision"]) == (DAY[2], "day")
    assert (row["decided_at"], row["decided_precision"]) == (DAY[7], "instant")
    assert (row["decided_basis"], row["n_info_requests"]) == ("tracker", 1)
    assert (row["appealed_at"], row["appeal_decided_at"]) == (DAY[8], DAY[20])
    assert row["appeal_decided_precision"] == "day"


def test_columns_come_before_events(book, put):
    put("claims", outcome="denied", filed_at=DAY[1], filed_precision="instant", decided_at=DAY[5])
    event(put, "filed", 2, occurred_precision="day")
    event(put, "decided", 7)
    row = the_claim(book)
    assert (row["filed_at"], row["filed_precision"]) == (DAY[1], "instant")
    assert row["decided_at"] == DAY[5]


@pytest.mark.parametrize("kind", ["denial", "refund", "partial_refund", "replacement"])
def test_what_a_decision_brings_dates_it_from_the_day_of_filing_on(book, put, kind):
    """A refund before the claim is what a SAFE-T claim is about, not its decision."""
    put("claims", outcome="granted_full", filed_at=datetime(2026, 1, 5, 15))
    event(put, kind, 3)
    event(put, kind, 12)
    assert the_claim(book)["decided_at"] == DAY[12]


def test_result_on_the_day_of_filing_counts(book, put):
    """Known to the day it stands at midnight, before the hour of filing."""
    put("claims", outcome="denied", filed_at=datetime(2026, 1, 5, 15))
    event(put, "denial", 5, occurred_precision="day")
    assert the_claim(book)["decided_at"] == DAY[5]


def test_event_that_says_decided_comes_before_what_it_brings(book, put):
    put("claims", outcome="granted_full", filed_at=DAY[1])
    event(put, "refund", 6)
    event(put, "decided", 8)
    assert the_claim(book)["decided_at"] == DAY[8]


def test_closing_dates_a_claim_that_ended_undecided_and_no_other(book, put):
    put("claims", outcome="withdrawn", filed_at=DAY[1])
    put("claims", claim_id="2", outcome="denied", filed_at=DAY[1])
    event(put, "closed", 6)
    event(put, "closed", 6, claim_id="2")
    found = {row["claim_id"]: row["decided_at"] for row in book.rows("FROM v_claims")}
    assert found == {"1": DAY[6], "2": None}


# What was decided first, and finally


def test_first_decided_state_of_an_export_is_the_first_decision(book, exported):
    exported((4, "denied"), (9, "pending"), (12, "granted_full"))
    row = the_claim(book)
    assert (row["outcome"], row["event"], row["decided_hi"]) == ("denied", "denied", DAY[4])
    assert (row["appeal_outcome"], row["final_event"]) == ("granted_full", "approved")
    assert row["stage"] == "appeal_decided"


def test_export_that_is_pending_again_is_under_appeal(book, exported):
    exported((4, "denied"), (9, "pending"))
    row = the_claim(book)
    assert (row["event"], row["final_event"], row["stage"]) == ("denied", "open", "appealed")


def test_export_that_says_the_same_more_exactly_is_no_appeal(book, exported):
    exported((4, "granted_full"), (9, "granted_partial"))
    row = the_claim(book)
    assert (row["outcome"], row["appeal_outcome"], row["stage"]) == (
        "granted_partial",
        None,
        "decided",
    )


def test_decision_survives_a_state_that_nobody_knows(book, exported):
    exported((4, "denied"), (9, "unknown"))
    row = the_claim(book)
    assert (row["event"], row["appeal_outcome"], row["final_event"]) == ("denied", None, "denied")


def test_tracker_that_knows_the_decision_is_believed(book, put):
    """Its next pull may correct it; an export's other state does not make an appeal of it."""
    put("claims", outcome="granted_full", origins=["tracker", "amazon_mfn_returns"])
    put("history.claim_records", outcome="granted_full")
    pull(put, 4, "denied", origin="tracker")
    pull(put, 9, "denied")
    row = the_claim(book)
    assert (row["outcome"], row["appeal_outcome"]) == ("granted_full", None)


@pytest.mark.parametrize(
    ("appeal", "final_event", "stage"),
    [
        ({}, "denied", "decided"),
        ({"appealed_at": DAY[9]}, "open", "appealed"),
        ({"appealed_at": DAY[9], "appeal_outcome": "pending"}, "open", "appealed"),
        ({"appeal_outcome": "granted_partial"}, "approved", "appeal_decided"),
        ({"appeal_outcome": "reversed"}, "denied", "appeal_decided"),
        ({"appealed_at": DAY[9], "appeal_outcome": "withdrawn"}, "denied", "decided"),
        ({"appealed_at": DAY[9], "appeal_outcome": "unknown"}, "unknown", "appealed"),
    ],
)
def test_final_event_counts_appeals(book, put, appeal, final_event, stage):
    put("claims", outcome="denied", filed_at=DAY[1], decided_at=DAY[5], **appeal)
    row = the_claim(book)
    assert (row["event"], row["final_event"], row["stage"]) == ("denied", final_event, stage)


@pytest.mark.parametrize(
    ("columns", "stage"),
    [
        ({}, None),
        ({"filed_at": DAY[1]}, "filed"),
        ({"filed_at": DAY[1], "outcome": "withdrawn"}, "closed"),
        ({"filed_at": DAY[1], "outcome": "denied"}, "decided"),
    ],
)
def test_stage(book, put, columns, stage):
    put("claims", **columns)
    assert the_claim(book)["stage"] == stage


# Who claims, and what the seller makes of it


@pytest.mark.parametrize(
    ("columns", "direction", "seller_outcome"),
    [
        ({"program": "amazon_safet"}, "seller_claims", "won"),
        ({"program": "amazon_atoz"}, "buyer_claims", "lost"),
        ({"program": "other", "direction": "buyer_claims"}, "buyer_claims", "lost"),
    ],
)
def test_direction_is_the_programs_unless_a_source_says_otherwise(
    book, put, columns, direction, seller_outcome
):
    put("claims", outcome="granted_full", **columns)
    row = the_claim(book)
    assert (row["direction"], row["seller_outcome"]) == (direction, seller_outcome)


@pytest.mark.parametrize(
    ("origins", "tracked", "approvals_only", "listed"),
    [
        (["amazon_fba_reimbursements"], None, True, True),
        (["tracker", "amazon_fba_reimbursements"], "pending", False, True),
        (["tracker", "amazon_fba_reimbursements"], "granted_full", False, False),
        (["tracker"], "granted_full", False, False),
    ],
)
def test_approval_known_only_from_a_list_is_marked(
    book, put, origins, tracked, approvals_only, listed
):
    program = {"program": "amazon_fba_reimbursement"}
    put("claims", outcome="granted_full", origins=origins, **program)
    if tracked:
        put("history.claim_records", outcome=tracked, **program)
    row = the_claim(book)
    assert (row["is_approvals_only"], row["is_approval_listed"]) == (approvals_only, listed)


# What the order adds


def test_order_fills_in_what_the_claim_lacks(book, put):
    put("claims", order_id="A")
    order = {"marketplace": "DE", "fulfilment": "seller", "purchased_at": DAY[3], "sku": "CUP"}
    for quantity in (1, 2):
        put("history.order_lines", order_id="A", quantity=quantity, item_price=5, **order)
    put("history.returns", order_id="A", carrier="old", requested_at=DAY[4])
    put("history.returns", order_id="A", carrier="new", reason="wrong_item", requested_at=DAY[8])
    row = the_claim(book)
    assert (row["marketplace"], row["fulfilment"], row["sku"]) == ("DE", "seller", "CUP")
    assert (row["return_carrier"], row["return_reason"]) == ("new", "wrong_item")
    assert (row["has_order"], row["ordered_month"]) == (True, "2026-01")
    (order,) = book.rows("FROM v_orders")
    assert (order["n_lines"], order["n_units"], order["item_amount"]) == (2, 3, 10)


def test_order_with_several_skus_lends_none(book, put):
    put("claims", order_id="A")
    for sku in ("CUP", "MUG"):
        put("history.order_lines", order_id="A", sku=sku)
    assert the_claim(book)["sku"] is None


def test_several_claims_and_returns_of_one_order_stay_one_row_a_claim(book, put):
    put("history.order_lines", order_id="A")
    for number in ("1", "2"):
        put("claims", claim_id=number, order_id="A")
        put("history.returns", order_id="A", rma_id=number)
        event(put, "filed", 2, claim_id=number)
        event(put, "filed", 3, claim_id=number)
    assert len(book.rows("FROM v_claims")) == 2


# The cut-off and the timeline


def test_cut_off_is_the_latest_event_and_no_deadline_or_rating(book, put):
    assert book.as_of is None
    put("claims", filed_at=DAY[1], due_at=DAY[31])
    put("history.evidence", submitted_at=DAY[4], rated_at=DAY[30])
    assert book.as_of == DAY[4]
    put("history.order_lines", order_id="A", purchased_at=DAY[2], updated_at=DAY[6])
    assert book.as_of == DAY[6]


def test_timeline_has_each_event_once_and_in_words(book, put):
    put("claims", contacted_at=DAY[1], filed_at=DAY[2])
    event(put, "filed", 2, actor="seller")
    event(put, "info_requested", 3, actor="platform")
    put("history.claim_events", type=None, type_raw="called them", occurred_at=DAY[4])
    rows = book.rows("SELECT occurred_at, type, source FROM v_claim_timeline ORDER BY occurred_at")
    assert [(row["type"], row["source"]) for row in rows] == [
        ("counterparty_contacted", "claim"), ("filed", "event"),
        ("info_requested", "event"), ("called them", "event"),
    ]  # fmt: skip
