"""v_control_totals: the venue's own counts beside what the book holds, without a judgement."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

MAY_4, MAY_5, MAY_6 = (datetime(2026, 5, day, 12) for day in (4, 5, 6))

TOTAL = {
    "channel": "amazon", "origin": "amazon_sales_and_traffic", "marketplace": "US",
    "period_from": date(2026, 5, 5), "period_to": date(2026, 5, 5), "n_reported": 1,
    "file_id": 9, "line_no": 1, "is_current": True,
}  # fmt: skip


@pytest.fixture
def told(book, put):
    """What the view says of one total of the venue."""

    def of(metric, **more):
        put("history.control_totals", **TOTAL | {"metric": metric} | more)
        (row,) = book.rows("FROM v_control_totals")
        return row

    return of


@pytest.fixture
def granted(put):
    """A-to-z claims granted, each decided on a day given."""

    def of(*days, **more):
        for k, day in enumerate(days):
            claim = {
                "program": "amazon_atoz", "claim_id": f"{k}-{len(more)}", "marketplace": "US",
                "outcome": "granted_full", "decided_at": day, "granted_amount": 10,
                "currency": "USD",
            }  # fmt: skip
            put("claims", **claim | more)

    return of


def test_claims_granted_are_those_decided_on_the_day(granted, told):
    granted(MAY_4, MAY_5, MAY_5, MAY_6)
    granted(MAY_5, outcome="denied")
    granted(MAY_5, marketplace="DE", outcome="granted_full")
    row = told("claims_granted", amount=30, currency="USD")
    assert (row["n_reported"], row["n_in_book"], row["n_unsure"]) == (1, 2, 0)
    assert (row["amount_reported"], row["amount_in_book"]) == (Decimal(30), Decimal(20))
    assert row["date_basis"] == "decided"


def test_claim_whose_day_or_marketplace_is_not_known_is_counted_apart(granted, told):
    granted(None)
    granted(MAY_5, marketplace=None)
    row = told("claims_granted")
    assert (row["n_in_book"], row["n_unsure"], row["amount_in_book"]) == (0, 2, None)


def test_decision_between_two_pulls_is_sure_only_where_both_are_in_the_period(put, told):
    claim = {"program": "amazon_atoz", "claim_id": "1"}
    put("claims", **claim, outcome="granted_full", marketplace="US", filed_at=MAY_4)
    put("claim_snapshots", **claim, pulled_at=MAY_4, outcome="pending", file_id=1)
    put("claim_snapshots", **claim, pulled_at=MAY_6, outcome="granted_full", file_id=2)
    row = told("claims_granted", period_from=date(2026, 5, 4), period_to=date(2026, 5, 6))
    assert (row["n_in_book"], row["n_unsure"]) == (1, 0)


@pytest.mark.parametrize(("last", "unsure"), [(4, 1), (3, 0)])
def test_decision_between_two_pulls_may_fall_in_a_period_that_it_overlaps(put, told, last, unsure):
    claim = {"program": "amazon_atoz", "claim_id": "1"}
    put("claims", **claim, outcome="granted_full", marketplace="US", filed_at=MAY_4)
    put("claim_snapshots", **claim, pulled_at=MAY_4, outcome="pending", file_id=1)
    put("claim_snapshots", **claim, pulled_at=MAY_6, outcome="granted_full", file_id=2)
    row = told("claims_granted", period_from=date(2026, 5, 1), period_to=date(2026, 5, last))
    assert (row["n_in_book"], row["n_unsure"]) == (0, unsure)


def test_amounts_of_another_currency_are_not_added(granted, told):
    granted(MAY_5)
    granted(MAY_5, currency="CAD", reason="other")
    row = told("claims_granted", amount=20, currency="USD")
    assert (row["n_in_book"], row["amount_in_book"]) == (2, Decimal(10))


@pytest.fixture
def orders(put):
    """Two orders by the seller with three lines, one by the platform, and one of another day."""
    for order, bought, fulfilment, quantity in (
        ("1", MAY_5, "seller", 1), ("1", MAY_5, "seller", 2), ("2", MAY_5, "seller", 1),
        ("3", MAY_5, "platform", 5), ("4", MAY_4, "seller", 1),
    ):  # fmt: skip
        put(
            "history.order_lines", order_id=order, purchased_at=bought, fulfilment=fulfilment,
            quantity=quantity, marketplace="US", item_price=7, currency="USD",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "fulfilment", "n", "amount"),
    [
        ("orders", "seller", 2, 21), ("orders", "platform", 1, 7), ("orders", None, 3, 28),
        ("order_lines", None, 4, 28), ("units_ordered", None, 9, 28),
    ],
)  # fmt: skip
def test_orders_are_those_bought_in_the_period_and_shipped_so(
    orders, told, metric, fulfilment, n, amount
):
    row = told(metric, fulfilment=fulfilment, currency="USD")
    assert (row["n_in_book"], row["n_unsure"], row["amount_in_book"]) == (n, 0, amount)


@pytest.mark.parametrize(
    ("metric", "program"), [("claims", "amazon_atoz"), ("chargebacks", "amazon_chargeback")]
)
def test_claims_in_a_defect_rate_are_placed_by_their_orders(orders, put, told, metric, program):
    """Whatever became of them: the venue counts the order, and says not when it was decided."""
    for k, order in enumerate(("1", "3", "4", "unknown")):
        put("claims", program=program, claim_id=str(k), order_id=order, marketplace="US")
    row = told(metric, fulfilment="seller")
    assert (row["n_in_book"], row["n_unsure"], row["date_basis"]) == (1, 1, "ordered")


@pytest.mark.parametrize("metric", ["orders_with_defects", "negative_feedback", "new_metric"])
def test_total_of_what_a_book_does_not_hold_stands_alone(orders, told, metric):
    row = told(metric, rate=0.002, target_rate=0.01)
    assert (row["n_reported"], row["n_in_book"], row["rate"]) == (1, None, 0.002)


def test_metrics_name_programs_and_reasons_that_there_are(book):
    assert book.rows("FROM control_metrics ANTI JOIN programs USING (program) "
                     "WHERE program IS NOT NULL") == []  # fmt: skip
    for table in ("dispositions", "ledger_reason_codes"):
        strangers = f"FROM {table} ANTI JOIN reasons USING (reason) WHERE reason IS NOT NULL"
        assert book.rows(strangers) == []
