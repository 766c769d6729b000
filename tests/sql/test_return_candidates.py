"""v_return_claim_candidates: returned units that the venue damaged and, as known, did not pay."""

from __future__ import annotations

import pytest

UNIT = {
    "origin": "amazon_fba_returns", "order_id": "1", "sku": "A", "fnsku": "X1", "asin": "B1",
    "lpn": "L1", "disposition": "DAMAGED", "return_status": "Unit returned to inventory",
}  # fmt: skip


def n_candidates(book):
    return book.value("SELECT count(*) FROM v_return_claim_candidates")


@pytest.mark.parametrize(
    ("disposition", "reason"),
    [
        ("DAMAGED", "damaged_in_warehouse"), ("CARRIER_DAMAGED", "damaged_in_transit"),
        ("SELLABLE", None), ("CUSTOMER_DAMAGED", None), ("DEFECTIVE", None), ("EXPIRED", None),
        ("SOGGY", None), (None, None),
    ],
)  # fmt: skip
def test_unit_is_a_candidate_where_the_venue_owes_for_its_condition(book, put, disposition, reason):
    put("history.returns", **UNIT | {"disposition": disposition})
    found = book.columns("SELECT reason FROM v_return_claim_candidates")["reason"]
    assert found == ([reason] if reason else [])


@pytest.mark.parametrize("article", [{"sku": "A"}, {"fnsku": "X1"}, {"asin": "B1"}])
def test_unit_that_was_paid_is_none(book, put, article):
    put("history.returns", **UNIT)
    put("history.reimbursements", order_id="1", **article)
    assert n_candidates(book) == 0


def test_unit_whose_status_says_reimbursed_is_none(book, put):
    put("history.returns", **UNIT | {"return_status": "Reimbursed"})
    assert n_candidates(book) == 0


@pytest.mark.parametrize(
    "paid",
    [
        {"order_id": "2", "sku": "A"}, {"order_id": "1", "sku": "OTHER"}, {"sku": "A"},
        {"order_id": "1", "sku": "A", "is_reversal": True},
    ],
)  # fmt: skip
def test_payment_for_another_order_or_article_leaves_it_one(book, put, paid):
    put("history.returns", **UNIT)
    put("history.reimbursements", **paid)
    assert n_candidates(book) == 1
