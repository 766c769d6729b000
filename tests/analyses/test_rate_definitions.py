"""Definitions of a win rate on the same claims; test_approval_rate.py lists those of the tiny book.

Seller's claims: 10 closed, 5 of them won, 2 open, 1 withdrawn, 1 known from a list of approvals.
Buyers' claims: 9 closed, 5 of them won by the seller, 1 open, 1 settled, 2 of unknown outcome. The
two chargebacks are for fraud, one won (C-01) and one lost (C-02).
"""

from __future__ import annotations

import pytest

import claimstats
from claimstats.analyses.rate_definitions import HIDES


@pytest.fixture(scope="module")
def finding(tiny):
    return claimstats.rate_definitions(tiny)


def quotients(finding):
    return {
        (row["direction"][0].upper(), row["definition"]): (row["numerator"], row["denominator"])
        for row in finding.summary.rows()
    }


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "claim", "direction", "definition", "numerator", "denominator", "rate", "lower", "upper",
        "n_open", "n_ended", "n_excluded", "hides", "is_small",
    )  # fmt: skip


def test_numerators_and_denominators_worked_by_hand(finding):
    """Equal age: A-08 (no filing date), A-09 and A-10 have no usable dates."""
    assert quotients(finding) == {
        ("S", "closed_only"): (5, 10),
        ("S", "all"): (5, 13),
        ("S", "equal_age"): (5, 13),
        ("B", "closed_only"): (5, 9),
        ("B", "all"): (5, 11),
        ("B", "without_lost_fraud"): (5, 8),
        ("B", "equal_age"): (3, 8),
    }
    for row in finding.summary.rows():
        if row["definition"] != "equal_age":
            assert row["rate"] == row["numerator"] / row["denominator"]


def test_rate_without_lost_fraud_is_given_only_where_a_reason_says_fraud(finding):
    of_sellers = finding.summary.where("direction", "seller_claims")
    assert "without_lost_fraud" not in of_sellers["definition"]


def test_without_claims_of_fraud_the_caveats_say_so(tracked):
    claim = {"claim_id": 1, "program": "amazon_atoz", "outcome": "denied"}
    caveats = claimstats.rate_definitions(tracked([claim])).caveats
    assert (
        "0 claims have a reason that says fraud: the rate without lost fraud is not given."
        in caveats
    )


def test_each_definition_says_in_a_sentence_what_it_hides(finding):
    for row in finding.summary.rows():
        assert row["hides"] == HIDES[row["definition"]]
        assert row["hides"].startswith("Hides ")
        assert row["hides"].count(".") == 1


@pytest.mark.parametrize("by", ["claim", "month", "reason"])
def test_rates_equal_the_macro(tiny, by):
    finding = claimstats.rate_definitions(tiny, by=by)
    macro = {(row["group_value"], row["direction"]): row for row in tiny.rows(finding.sql)}
    names = {"closed_only": "closed_only", "all": "of_all"}
    names["without_lost_fraud"] = "without_lost_fraud"
    for row in finding.summary.rows():
        told = macro[row[by], row["direction"]]
        assert (row["n_open"], row["n_ended"]) == (told["n_open"], told["n_ended"])
        if row["definition"] in names:
            assert row["rate"] == told[names[row["definition"]]]
        parts = ("n_closed", "n_open", "n_ended", "n_excluded")
        assert told["n_claims"] == sum(told[name] for name in parts)


def test_closed_only_is_the_sellers_rate_of_approval_rate_with_its_limits(sample):
    rates = claimstats.approval_rate(sample, by="month").summary.rows()
    closed = {
        (row["month"], row["direction"]): (row["rate"], row["lower"], row["upper"])
        for row in claimstats.rate_definitions(sample, by="month")
        .summary.where("definition", "closed_only")
        .rows()
    }
    for row in rates:
        found = closed[row["month"], row["direction"]]
        expected = (row["seller_win_rate"], row["seller_lower"], row["seller_upper"])
        assert found == pytest.approx(expected, nan_ok=True) or found == expected


def test_equal_age_is_the_share_won_by_age_of_time_to_resolution(sample):
    won = claimstats.time_to_resolution(sample, by="direction", age_days=30).summary
    ours = claimstats.rate_definitions(sample, by="direction", age_days=30).summary
    ours = ours.where("definition", "equal_age")
    assert dict(zip(ours["direction"], ours["rate"], strict=True)) == pytest.approx(
        dict(zip(won["direction"], won["won_by_age"], strict=True))
    )


def test_usual_definitions_err_on_the_last_month_and_in_opposite_ways(sample):
    """Denials are fast: of August's claims the seller seems to lose his own and to win the buyers'.

    The planted truth is the same in every month, some 54 % approved of decided claims.
    """
    table = claimstats.rate_definitions(sample, by="month").summary.where("month", "2026-08")
    rate = {
        (row["direction"], row["definition"]): row["rate"]
        for row in table.rows()
    }  # fmt: skip
    assert rate["seller_claims", "closed_only"] < 0.3
    assert rate["buyer_claims", "closed_only"] > 0.7
    assert rate["seller_claims", "all"] < 0.15
    assert rate["seller_claims", "equal_age"] is rate["buyer_claims", "equal_age"] is None


def test_headline_puts_the_definitions_side_by_side(sample):
    headline = claimstats.rate_definitions(sample).headline
    assert headline.startswith(
        "50.6 % (95 % interval 45.4 % to 55.7 %) of 354 closed seller's claims were won by the "
        "seller, 43.7 % (38.9 % to 48.5 %) of all 410 with 32 still open; at equal age 49.7 % "
        "(44.8 % to 54.7 %) by day 90; "
    )


def test_open_claims_alone_have_no_closed_rate(tracked):
    claim = {"program": "amazon_safet", "outcome": "pending", "filed_at": "2026-06-01T00:00:00Z"}
    finding = claimstats.rate_definitions(tracked([claim | {"claim_id": n} for n in range(12)]))
    rate = dict(zip(finding.summary["definition"], finding.summary["rate"], strict=True))
    assert rate == {"closed_only": None, "all": 0, "equal_age": None}
    assert finding.headline == (
        "0 of 0 closed seller's claims were won by the seller, too few for a rate (12 open)."
    )


def test_splitting_by_direction_names_it_once(tiny):
    names = claimstats.rate_definitions(tiny, by="direction").summary.names
    assert (names[0], names.count("direction")) == ("direction", 1)
