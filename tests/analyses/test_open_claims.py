"""Open claims of the tiny book, worked by hand; test_approval_rate.py lists its claims.

Open on 2026-06-30 23:59:59: S-08 for 263 hours, S-09 for 743, A-06 for 143; 40, 40 and 35 USD.
Nine tenths of the SAFE-T claims had ended by day 51, of the A-to-z claims by day 12.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from statsmodels.duration.survfunc import SurvfuncRight

import claimstats

BANDS = ("n_0_to_7", "n_8_to_14", "n_15_to_30", "n_31_to_60", "n_61_to_90", "n_over_90")


@pytest.fixture(scope="module")
def finding(tiny):
    return claimstats.open_claims(tiny)


@pytest.fixture(scope="module")
def of_sample(sample):
    return claimstats.open_claims(sample)


def of(finding, group):
    (row,) = finding.summary.where(finding.summary.names[0], group).rows()
    return row


def claim(number, filed, decided="", **more):
    outcome = "denied" if decided else "pending"
    base = {"claim_id": number, "program": "amazon_safet", "filed_at": filed, "outcome": outcome}
    return base | {"decided_at": decided} | more


@pytest.fixture
def lying(tracked):
    """Twenty denied on day 4; open for 30 days, for 2 days, and since nobody knows when."""
    return tracked(
        [
            *(claim(number, "2026-01-01", "2026-01-05") for number in range(20)),
            claim("old", "2026-01-01", claimed_amount="10.50", currency="USD"),
            claim("young", "2026-01-29", claimed_amount="900", currency="JPY"),
            claim("undated", "", claimed_amount="2.25", currency="USD"),
        ],
        [
            {"program": "amazon_safet", "claim_id": "old", "type": "info_requested",
             "occurred_at": "2026-01-31"},
        ],
    )  # fmt: skip


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "program", "direction", "n_open", *BANDS, "n_undated", "claimed",
        "median_days", "q25_days", "q75_days", "oldest_days",
        "usual_days", "usual_lower", "usual_upper",
        "n_older", "older_share", "older_lower", "older_upper",
    )  # fmt: skip


def test_bands_and_ages_are_those_worked_by_hand(finding):
    """Chargebacks and FBA claims have none open; the median of two ages is their middle."""
    assert finding.summary["program"] == ("amazon_safet", "amazon_atoz")
    safet, atoz = of(finding, "amazon_safet"), of(finding, "amazon_atoz")
    assert [safet[name] for name in BANDS] == [0, 1, 1, 0, 0, 0]
    assert [atoz[name] for name in BANDS] == [1, 0, 0, 0, 0, 0]
    assert safet["median_days"] == pytest.approx((263 + 743) / 48)
    assert (safet["oldest_days"], atoz["oldest_days"]) == pytest.approx((743 / 24, 143 / 24))
    assert (safet["usual_days"], atoz["usual_days"]) == (51, 12)
    assert (safet["n_older"], safet["older_share"]) == (0, 0)
    assert (safet["claimed"], atoz["claimed"]) == ("USD 80.00", "USD 35.00")


def test_claims_older_than_most_get_are_counted(lying):
    """The upper limit of usual_days is not reached, so neither is the lower one of the share."""
    row = of(claimstats.open_claims(lying), "amazon_safet")
    assert (row["n_open"], row["n_undated"], row["usual_days"]) == (3, 1, 4)
    assert (row["n_older"], row["older_share"], row["older_upper"]) == (1, 0.5, 0.5)
    assert claimstats.open_claims(lying).headline == (
        "3 seller's claims are open, the oldest for 30.0 days; 1 of 2 longer than 90 % of claims "
        "like them took."
    )


def test_currencies_are_not_added(lying):
    finding = claimstats.open_claims(lying, by="direction")
    assert of(finding, "seller_claims")["claimed"] == "JPY 900.00; USD 12.75"
    bands = finding.details["bands"]
    assert bands.names[0] == "direction"
    assert set(zip(bands["age_band"], bands["currency"], bands["claimed_amount"], strict=True)) == {
        ("0 to 7", "JPY", 900), ("15 to 30", "USD", 10.5), ("undated", "USD", 2.25),
    }  # fmt: skip
    assert bands.column("claimed_amount").shown()[0] == "900.00"


def test_undated_and_unlike_claims_are_told(lying):
    assert claimstats.open_claims(lying).caveats == ("1 claim has no filing date, hence no age.",)


def test_group_of_which_too_few_have_ended_has_no_usual_age(tracked):
    book = tracked(
        [claim(1, "2026-01-01", "2026-01-05"), claim(2, "2026-01-01"), claim(3, "2026-01-02")]
    )
    finding = claimstats.open_claims(book)
    row = of(finding, "amazon_safet")
    assert row["usual_days"] is row["n_older"] is row["older_share"] is None
    assert finding.summary.column("usual_days").shown() == ("not reached",)
    assert "1 group has too few ended claims to say which open ones are old." in finding.caveats
    assert finding.headline == "2 seller's claims are open, the oldest for 4.0 days."
    assert "2 claims have no amount: the sums are too low." in finding.caveats


def test_earlier_cut_off_counts_what_was_open_then(tiny):
    """On January 31: S-07 for 7 days, S-06 for 9, S-05 for 11, S-02 for 19; two decided later."""
    row = of(claimstats.open_claims(tiny, as_of=datetime(2026, 1, 31)), "amazon_safet")
    assert [row[name] for name in BANDS] == [1, 2, 1, 0, 0, 0]
    assert row["claimed"] == "EUR 30.00; USD 110.00"


def test_open_appeals_count_when_final_decisions_are_asked_for(tiny):
    """S-10 was appealed on February 15 and never decided again."""
    assert of(claimstats.open_claims(tiny, decision="final"), "amazon_safet")["n_open"] == 3


def test_counts_and_sums_equal_the_macro_and_the_truth_of_the_sample(sample, of_sample):
    told = sample.rows(of_sample.sql)
    for row, macro in zip(of_sample.summary.rows(), told, strict=True):
        assert all(row[name] == macro[name] for name in ("n_open", *BANDS, "n_undated"))
        assert row["n_open"] == sum(row[name] for name in BANDS) + row["n_undated"]
    counted = dict(zip(of_sample.summary["program"], of_sample.summary["n_open"], strict=True))
    assert counted == {
        "amazon_atoz": 25, "amazon_chargeback": 6, "amazon_fba_reimbursement": 11,
        "amazon_safet": 21,
    }  # fmt: skip
    claimed = sample.rows(
        "SELECT currency, sum(claimed_amount) AS amount FROM v_claims WHERE event = 'open' "
        "GROUP BY currency"
    )
    bands = list(of_sample.details["bands"].rows())
    for row in claimed:
        own = [b["claimed_amount"] for b in bands if b["currency"] == row["currency"]]
        assert sum(own) == pytest.approx(float(row["amount"]))


def test_usual_age_equals_statsmodels(sample, of_sample):
    for row in of_sample.summary.rows():
        claims = sample.rows(
            "SELECT exit_hours / 24 AS days, event <> 'open' AS is_over FROM claims_as_of() "
            "WHERE untimed_why IS NULL AND program = $1",
            [row["program"]],
        )
        curve = SurvfuncRight([c["days"] for c in claims], [c["is_over"] for c in claims])
        assert row["usual_days"] == pytest.approx(curve.quantile(0.9))
        n_older = sum(not c["is_over"] and c["days"] > row["usual_days"] for c in claims)
        assert row["n_older"] == n_older
