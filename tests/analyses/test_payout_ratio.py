"""What is paid when approved: the tiny book after appeals, granted / claimed:

SAFE-T  S-01 40/40   S-02 15/40   S-05 35/35   S-06 35/35 (on appeal)   S-11 40 of an unknown amount
A-to-z  A-04 in goods (yen)   A-08 35/35   (A-01 was reversed on appeal)
Others  C-02 40/40 (its appeal was withdrawn)   7001 30/40
"""

from __future__ import annotations

import json
from datetime import datetime

import numpy as np
import pytest

import claimstats
from claimstats.bundled import sample_folder

COUNTS = ("n_approved", "n_compared", "n_in_goods", "n_without_amount", "n_above")
TRUTH = json.loads((sample_folder() / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def finding(tiny):
    return claimstats.payout_ratio(tiny)


@pytest.fixture(scope="module")
def of_sample(sample):
    return claimstats.payout_ratio(sample, level=0.999)


def row_of(finding, group):
    (row,) = finding.summary.where(finding.summary.names[0], group).rows()
    return row


def granted(number, claimed, paid, **more):
    return {
        "claim_id": number, "program": "amazon_safet", "outcome": "granted_full",
        "filed_at": "2026-01-01T00:00:00Z", "decided_at": "2026-01-11T00:00:00Z",
        "claimed_amount": claimed, "granted_amount": paid, "currency": "USD",
    } | more  # fmt: skip


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "program", "direction", "currency", "n_approved", "n_compared", "n_in_goods",
        "n_without_amount", "n_odd_amount", "n_changed_later", "median_paid", "lower", "upper",
        "q25_paid", "q75_paid", "in_full", "in_full_lower", "in_full_upper", "nothing",
        "nothing_lower", "nothing_upper", "n_above", "claimed_amount", "granted_amount", "is_small",
    )  # fmt: skip


def test_safet_claims_worked_by_hand(finding):
    """Shares 0.375, 1, 1, 1: the first quartile stands three quarters of the way from the first
    to the second, at 0.375 + 0.75 · 0.625; four claims have no limits.
    """
    row = row_of(finding, "amazon_safet")
    assert tuple(row[name] for name in COUNTS) == (5, 4, 0, 1, 0)
    assert (row["median_paid"], row["lower"], row["upper"]) == (1, None, None)
    assert (row["q25_paid"], row["q75_paid"]) == (pytest.approx(0.84375), 1)
    assert (row["in_full"], row["nothing"]) == (3 / 4, 0)
    assert (row["claimed_amount"], row["granted_amount"]) == (150, 125)


def test_claim_granted_in_goods_is_no_payment_of_nothing(finding):
    (yen,) = finding.summary.where("currency", "JPY").rows()
    assert (yen["n_approved"], yen["n_in_goods"], yen["n_compared"]) == (1, 1, 0)
    assert yen["median_paid"] is yen["nothing"] is yen["granted_amount"] is None


def test_currencies_have_rows_of_their_own(of_sample):
    keys = list(zip(of_sample.summary["program"], of_sample.summary["currency"], strict=True))
    assert len(keys) == len(set(keys)) == 11
    assert {currency for _, currency in keys} == {"USD", "EUR", "JPY"}


def test_sums_of_each_currency_are_those_of_the_claims(sample, of_sample):
    told = sample.rows(
        "SELECT currency, CAST(sum(granted_amount) AS DOUBLE) AS granted FROM v_claims "
        "WHERE final_event = 'approved' GROUP BY currency"
    )
    for row in told:
        of_currency = of_sample.summary.where("currency", row["currency"])
        assert sum(of_currency["granted_amount"]) == pytest.approx(row["granted"])


@pytest.mark.parametrize("by", ["program", "marketplace"])
def test_table_equals_the_macro_and_numpy(sample, by):
    finding = claimstats.payout_ratio(sample, by=by)
    keys = ("group_value", "direction", "currency")
    macro = {tuple(row[key] for key in keys): row for row in sample.rows(finding.sql)}
    claims = sample.rows(
        f"SELECT *, granted_amount / claimed_amount AS paid "
        f"FROM payout_claims(by_column := '{by}') WHERE fate = 'compared'"
    )
    assert len(macro) == len(finding.summary)
    for row in finding.summary.rows():
        key = (row[by], row["direction"], row["currency"])
        told = macro[key]
        assert row["median_paid"] == pytest.approx(told["median_paid"])
        for name in (*COUNTS, "in_full", "nothing"):
            assert row[name] == told[name]
        mine = [float(c["paid"]) for c in claims if tuple(c[k] for k in keys) == key]
        assert (row["q25_paid"], row["q75_paid"]) == pytest.approx(
            tuple(np.quantile(mine, [0.25, 0.75]))
        )


def test_share_paid_in_full_holds_the_planted_one(of_sample):
    """Of the approvals that are not in goods."""
    endings = TRUTH["planted"]["endings"]
    for row in of_sample.summary.rows():
        partial = endings["partial_share_of_approvals"][row["program"]]
        goods = endings["replaced_share_of_approvals"][row["program"]]
        planted = 1 - partial / (1 - goods)
        assert row["in_full_lower"] <= planted <= row["in_full_upper"], row


def test_median_has_limits_from_six_claims_on(tracked):
    claims = [granted(number, 100, 10 * number) for number in range(4, 10)]
    (row,) = claimstats.payout_ratio(tracked(claims)).summary.rows()
    found = (row["median_paid"], row["lower"], row["upper"])
    assert found == pytest.approx((0.65, 0.4, 0.9))
    assert row["is_small"]


def test_odd_amounts_are_counted_and_told(tracked):
    claims = [
        granted(1, 100, 120),
        granted(2, 100, 0),
        granted(3, 0, 10),
        granted(4, 100, ""),
        granted(5, 100, 100, currency=""),
    ]
    finding = claimstats.payout_ratio(tracked(claims))
    dollars, unknown = (
        next(iter(finding.summary.where("currency", name).rows())) for name in ("USD", "(unknown)")
    )
    assert (dollars["n_compared"], dollars["n_above"], dollars["nothing"]) == (2, 1, 0.5)
    assert (dollars["n_odd_amount"], dollars["n_without_amount"]) == (1, 1)
    assert (unknown["median_paid"], unknown["granted_amount"]) == (1, None)
    told = " ".join(finding.caveats)
    assert "1 claim was paid more than was claimed" in told
    assert "1 claim has no known currency: in no sum." in told
    assert finding.headline == (
        "2 approved seller's claims in USD have both amounts, too few for a share."
    )


def test_amount_that_a_later_appeal_may_have_changed_is_set_aside(tracked):
    appealed = {
        "appealed_at": "2026-02-01T00:00:00Z", "appeal_outcome": "granted_full",
        "appeal_decided_at": "2026-03-01T00:00:00Z", "outcome": "granted_partial",
    }  # fmt: skip
    book = tracked([granted(1, 100, 100, **appealed), granted(2, 100, 50)])
    (now,) = claimstats.payout_ratio(book).summary.rows()
    (then,) = claimstats.payout_ratio(book, as_of=datetime(2026, 1, 20)).summary.rows()
    assert (now["n_compared"], now["n_changed_later"]) == (2, 0)
    assert (then["n_compared"], then["n_changed_later"], then["median_paid"]) == (1, 1, 0.5)


def test_headline_says_the_median_and_how_many_were_paid_in_full(of_sample):
    assert of_sample.headline.startswith(
        "100.0 % of the amount is the median paid on 125 approved seller's claims in USD "
        "(99.9 % interval 100.0 % to 100.0 %), 102 of them in full; "
    )


@pytest.mark.parametrize("by", ["direction", "currency"])
def test_splitting_by_a_column_of_its_own_names_it_once(tiny, by):
    names = claimstats.payout_ratio(tiny, by=by).summary.names
    assert (names[0], names.count(by)) == (by, 1)


def test_book_without_approvals_has_no_rows(tracked):
    finding = claimstats.payout_ratio(tracked([granted(1, 100, "", outcome="denied")]))
    assert finding.headline == "0 claims are approved."
    assert len(finding.summary) == 0
