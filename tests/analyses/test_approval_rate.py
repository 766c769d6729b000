"""Approval rates of the tiny book, worked by hand.

Claims of tests/data/tiny by program, each with its days from filing to the end (A approved,
P approved in part, D denied, E ended undecided, + open, counted until 2026-06-30 23:59:59):

SAFE-T      S-01 10A  S-02 20P  S-03 5D   S-04 5D   S-05 30A  S-06 10D  S-07 15E
            S-08 10d 23h +      S-09 30d 23h +      S-10 8D (filing known to the day)
            S-11 51A (in a returns file only, seen decided on June 30, filed on a day of May)
            S-12 11d 11h D (likewise, seen decided on May 31)
A-to-z      A-01 12A  A-02 4D   A-03 6D   A-04 12A (in goods)   A-05 3E   A-06 5d 23h +
            A-07 outcome unknown    A-08 A, no filing date    A-09 D, decided before filing
            A-10 D (expired), no decision date    and one flagged in a return, outcome unknown
Chargeback  C-01 9D   C-02 20A
FBA         7001 30A (the tracker says pending, a list of approvals says so)
            7002 known only from that list
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby

import pytest

import claimstats
from claimstats.errors import ParameterError

COUNTS = ("n_claims", "n_decided", "n_open", "n_excluded", "n_approved")


@pytest.fixture(scope="module")
def finding(tiny):
    return claimstats.approval_rate(tiny)


def counts(finding):
    """Group and direction (S, B) with the five counts."""
    group = finding.summary.names[0]
    return {
        (row[group], row["direction"][0].upper()): tuple(row[name] for name in COUNTS)
        for row in finding.summary.rows()
    }


def row_of(finding, group):
    (row,) = finding.summary.where(finding.summary.names[0], group).rows()
    return row


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "program", "direction", "n_claims", "n_decided", "n_open", "n_excluded", "n_approved",
        "rate", "lower", "upper", "seller_win_rate", "seller_lower", "seller_upper",
        "equal_age_rate", "equal_age_lower", "equal_age_upper", "age_days", "n_partial", "is_small",
    )  # fmt: skip


def test_counts_by_program(finding):
    assert counts(finding) == {
        ("amazon_safet", "S"): (12, 9, 2, 1, 4),
        ("amazon_atoz", "B"): (11, 7, 1, 3, 3),
        ("amazon_chargeback", "B"): (2, 2, 0, 0, 1),
        ("amazon_fba_reimbursement", "S"): (2, 1, 0, 1, 1),
    }


def test_groups_stand_in_the_order_of_their_size_never_of_their_rate(finding):
    table = finding.summary
    assert list(table["n_claims"]) == sorted(table["n_claims"], reverse=True)


def test_rates_have_wilson_limits(finding):
    """4 of 9, z = 1.959964: (4 + z²/2 ± z √(4·5/9 + z²/4)) / (9 + z²), which is
    (5.9207 ± 3.4965) / 12.8415. R: ``prop.test(4, 9, correct = FALSE)``.
    """
    row = row_of(finding, "amazon_safet")
    assert (row["rate"], row["lower"], row["upper"]) == pytest.approx(
        (4 / 9, 0.188779, 0.733349), abs=1e-6
    )
    assert row["n_partial"] == 1


def test_narrower_level_gives_narrower_limits(tiny):
    """4 of 9, z = 1.281552: (4 + 0.821188 ± 1.281552 √(2.222222 + 0.410594)) / 10.642375."""
    row = row_of(claimstats.approval_rate(tiny, level=0.8), "amazon_safet")
    assert (row["lower"], row["upper"]) == pytest.approx((0.257626, 0.648410), abs=1e-6)


def test_seller_wins_what_the_seller_was_granted_and_the_buyer_was_not(finding):
    won = {row["program"]: row["seller_win_rate"] for row in finding.summary.rows()}
    assert won == pytest.approx(
        {
            "amazon_safet": 4 / 9,
            "amazon_atoz": 4 / 7,
            "amazon_chargeback": 1 / 2,
            "amazon_fba_reimbursement": 1,
        }
    )
    atoz = row_of(finding, "amazon_atoz")
    assert (atoz["seller_lower"], atoz["seller_upper"]) == pytest.approx(
        (1 - atoz["upper"], 1 - atoz["lower"])
    )


def test_equal_age_estimate_is_the_product_worked_by_hand(tiny):
    """Aalen-Johansen of approval among the SAFE-T claims.

    day    at risk  ended     open after            approved by then
     5       12     2D        10/12
     8       10     1D        9/12
    10        9     1A 1D     9/12 · 7/9 = 7/12     9/12 · 1/9         = 3/36
    10.96     7     (S-08 +)
    11.46     6     1D        7/12 · 5/6 = 35/72
    15        5     1E        35/72 · 4/5 = 7/18
    20        4     1A        7/18 · 3/4 = 7/24     3/36 + 7/18 · 1/4  = 13/72
    30        3     1A        7/24 · 2/3 = 7/36     13/72 + 7/24 · 1/3 = 10/36
    30.96     2     (S-09 +)
    51        1     1A        0                     10/36 + 7/36       = 17/36
    """
    by_age = {
        age: row_of(claimstats.approval_rate(tiny, age_days=age), "amazon_safet")["equal_age_rate"]
        for age in (4, 10, 19, 29, 30, 90)
    }
    assert by_age == pytest.approx(
        {4: 0, 10: 3 / 36, 19: 3 / 36, 29: 13 / 72, 30: 10 / 36, 90: 17 / 36}
    )


def test_equal_age_estimate_of_the_other_programs(finding):
    """A-to-z: at risk 6, 5, 3, 2 on days 3E, 4D, 6D, 12AA, A-06 open from day 5.96.

    Open: 5/6, 4/6, 4/6 · 2/3 = 4/9, 0; approved on day 12: 4/9. Chargeback: 1 of 2.
    """
    table = finding.summary
    assert dict(zip(table["program"], table["equal_age_rate"], strict=True)) == pytest.approx(
        {
            "amazon_safet": 17 / 36,
            "amazon_atoz": 4 / 9,
            "amazon_chargeback": 1 / 2,
            "amazon_fba_reimbursement": 1,
        }
    )


def test_group_that_has_not_reached_the_age_has_no_equal_age_number(tiny):
    """Filed in January: 151 days ago and more. In May: 50 days at most. In June: 10."""
    finding = claimstats.approval_rate(tiny, by="month", age_days=45)
    found = {
        (row["month"], row["direction"][0].upper()): row["equal_age_rate"]
        for row in finding.summary.rows()
    }
    # S-09 is open on day 30, S-11 approved on day 51, S-12 denied on day 11.
    assert found["2026-05", "S"] == 0
    assert found["2026-01", "S"] == pytest.approx(3 / 7)
    assert found["2026-06", "S"] is found["2026-06", "B"] is None
    assert "4 groups have too few claims followed to day 45: no equal-age number." in (
        finding.caveats
    )


def test_share_still_open_widens_the_limits_where_all_old_claims_had_ended(tracked):
    """Of 20 claims of January half are approved on day 10, half denied; one of March is open.

    At risk on day 10: 21. Approved 10/21, denied 10/21, 1/21 open; then nobody until day 15, when
    the open claim is lost from sight. The January claims are older than 30 days, so there is a
    number for day 30, but that 1/21 may be approved by then or not.
    """
    outcomes = ["granted_full"] * 10 + ["denied"] * 10
    january = [
        {"filed_at": "2026-01-01", "outcome": outcome, "decided_at": "2026-01-11"}
        for outcome in outcomes
    ]
    march = {"filed_at": "2026-03-01", "outcome": "pending", "contacted_at": "2026-03-16"}
    book = tracked(
        [
            {"claim_id": number, "program": "amazon_safet"} | claim
            for number, claim in enumerate([*january, march])
        ]
    )
    at_10, at_30, at_90 = (
        row_of(claimstats.approval_rate(book, age_days=age), "amazon_safet") for age in (10, 30, 90)
    )
    assert at_10["equal_age_rate"] == at_30["equal_age_rate"] == pytest.approx(10 / 21)
    assert at_30["equal_age_lower"] == at_10["equal_age_lower"]
    assert at_30["equal_age_upper"] == pytest.approx(at_10["equal_age_upper"] + 1 / 21)
    assert at_90["equal_age_rate"] is None


def test_counts_by_reason_keep_the_directions_apart(tiny):
    assert counts(claimstats.approval_rate(tiny, by="reason")) == {
        ("item_not_received", "B"): (6, 3, 1, 2, 1),
        ("wrong_item", "S"): (5, 4, 1, 0, 1),
        ("damaged_by_customer", "S"): (4, 3, 0, 1, 2),
        ("not_as_described", "B"): (4, 4, 0, 0, 2),
        ("not_as_described", "S"): (1, 1, 0, 0, 1),
        ("fraud_unauthorised", "B"): (2, 2, 0, 0, 1),
        ("lost_in_warehouse", "S"): (2, 1, 0, 1, 1),
        ("damaged_in_transit", "S"): (1, 1, 0, 0, 0),
        ("unknown", "B"): (1, 0, 0, 1, 0),
        ("unknown", "S"): (1, 0, 1, 0, 0),
    }


def test_marketplace_comes_from_the_order_where_the_claim_has_none(tiny):
    """S-07 and S-11 say none, but their orders do; S-12's order is not in the book."""
    assert counts(claimstats.approval_rate(tiny, by="marketplace")) == {
        ("US", "S"): (10, 8, 2, 0, 5),
        ("US", "B"): (9, 7, 1, 1, 3),
        ("JP", "B"): (3, 2, 0, 1, 1),
        ("DE", "S"): (2, 1, 0, 1, 0),
        ("(unknown)", "S"): (2, 1, 0, 1, 0),
        ("(unknown)", "B"): (1, 0, 0, 1, 0),
    }


def test_fulfilment_is_known_for_the_five_claims_whose_order_is_in_the_book(tiny):
    assert counts(claimstats.approval_rate(tiny, by="fulfilment")) == {
        ("(unknown)", "B"): (12, 8, 1, 3, 3),
        ("(unknown)", "S"): (10, 7, 2, 1, 2),
        ("seller", "S"): (3, 2, 0, 1, 2),
        ("seller", "B"): (1, 1, 0, 0, 1),
        ("platform", "S"): (1, 1, 0, 0, 1),
    }


def test_months_are_those_of_filing_and_stand_in_order_of_time(tiny):
    finding = claimstats.approval_rate(tiny, by="month")
    assert counts(finding) == {
        ("(unknown)", "B"): (2, 1, 0, 1, 1),
        ("(unknown)", "S"): (1, 0, 0, 1, 0),
        ("2026-01", "S"): (7, 6, 0, 1, 3),
        ("2026-02", "S"): (1, 1, 0, 0, 0),
        ("2026-02", "B"): (5, 4, 0, 1, 2),
        ("2026-03", "B"): (5, 4, 0, 1, 1),
        ("2026-04", "S"): (1, 1, 0, 0, 1),
        ("2026-05", "S"): (3, 2, 1, 0, 1),
        ("2026-06", "B"): (1, 0, 1, 0, 0),
        ("2026-06", "S"): (1, 0, 1, 0, 0),
    }
    assert list(finding.summary["month"]) == sorted(finding.summary["month"])


def test_split_by_direction_has_one_direction_column(tiny):
    finding = claimstats.approval_rate(tiny, by="direction")
    assert finding.summary.names.count("direction") == 1
    assert counts(finding) == {
        ("seller_claims", "S"): (14, 10, 2, 2, 5),
        ("buyer_claims", "B"): (13, 9, 1, 3, 4),
    }


def test_split_by_a_column_of_the_tracker(tiny):
    assert counts(claimstats.approval_rate(tiny, by="client")) == {
        ("(unknown)", "B"): (10, 7, 0, 3, 3),
        ("(unknown)", "S"): (6, 4, 0, 2, 2),
        ("East", "S"): (6, 6, 0, 0, 3),
        ("East", "B"): (1, 1, 0, 0, 1),
        ("West", "S"): (2, 0, 2, 0, 0),
        ("West", "B"): (2, 1, 1, 0, 0),
    }


def test_two_properties_make_a_row_for_each_pair_that_occurs(tiny):
    finding = claimstats.approval_rate(tiny, by=("program", "reason"))
    assert finding.summary.names[:3] == ("program", "reason", "direction")
    of_one = claimstats.approval_rate(tiny, by="program").summary
    pairs = list(finding.summary.rows())
    for whole in of_one.rows():
        mine = [row for row in pairs if row["program"] == whole["program"]]
        for name in ("n_claims", "n_decided", "n_open", "n_excluded", "n_approved"):
            assert sum(row[name] for row in mine) == whole[name]
    direct = tiny.rows("SELECT program, reason, count(*) AS n FROM v_claims GROUP BY ALL")
    assert {(r["program"], r["reason"]): r["n_claims"] for r in pairs} == {
        (r["program"], r["reason"] or "(unknown)"): r["n"] for r in direct
    }


def test_pairs_have_their_own_equal_age_estimates(tiny):
    finding = claimstats.approval_rate(tiny, by=("direction", "program"), age_days=30)
    single = claimstats.approval_rate(tiny, by="program", age_days=30).summary
    assert finding.summary.names[:2] == ("direction", "program")
    found = dict(zip(finding.summary["program"], finding.summary["equal_age_rate"], strict=True))
    assert found == dict(zip(single["program"], single["equal_age_rate"], strict=True))


def test_pairs_stand_by_the_first_property_and_months_within_in_time(tiny):
    finding = claimstats.approval_rate(tiny, by=("program", "month"))
    programs = finding.summary["program"]
    assert list(dict.fromkeys(programs)) == [p for p, _ in groupby(programs)]
    for program in set(programs):
        months = finding.summary.where("program", program)["month"]
        assert list(months) == sorted(months)


def test_query_of_two_properties_gives_the_tables_counts(tiny):
    finding = claimstats.approval_rate(tiny, by=("program", "reason"))
    assert sorted(
        (row["group_value"], row["and_value"], row["n_claims"]) for row in tiny.rows(finding.sql)
    ) == sorted((row["program"], row["reason"], row["n_claims"]) for row in finding.summary.rows())


@pytest.mark.parametrize("by", [(), ("reason", "reason"), ("program", "reason", "month")])
def test_none_three_or_twice_the_same_property_is_refused(tiny, by):
    with pytest.raises(ParameterError, match="one property or by two different ones"):
        claimstats.approval_rate(tiny, by=by)


def test_headline_gives_counts_where_a_rate_would_rest_on_fewer_than_ten(finding):
    """5 of 10: (5 + 1.9207 ± 1.959964 √(2.5 + 0.9604)) / 13.8415 = 0.2366, 0.7634."""
    assert finding.headline == (
        "50.0 % of 10 decided seller's claims were approved (95 % interval 23.7 % to 76.3 %; "
        "2 open); 4 of 9 decided buyers' claims were approved, too few for a rate (1 open)."
    )


def test_caveats_name_each_exclusion_with_its_count(finding):
    """Untimed are A-08, A-09 and A-10; the event without a claim is S-99's."""
    assert finding.caveats == (
        "2 claims are excluded: withdrawn or settled before a decision.",
        "2 claims are excluded: without a known outcome.",
        "1 claim is excluded: known only from a list of approvals, which has no denials.",
        "1 approval is known only from a list of approvals, for claims whose denial would not be "
        "known: the rates of decided claims are too high, the equal-age ones are not.",
        "3 claims have no usable dates: not in the equal-age estimate.",
        "4 groups have fewer than 10 decided claims: drawn grey.",
        "1 event names a claim that is not in the book: not used.",
    )


def test_earlier_cut_off_turns_later_decisions_into_open_claims(tiny):
    """On January 31: S-01 to S-07 filed, S-01 S-03 S-04 decided, S-02 S-06 only on the next day.

    Nobody knows whether A-08, the flagged claim and 7002 had been filed by then.
    """
    finding = claimstats.approval_rate(tiny, as_of=datetime(2026, 1, 31))
    assert counts(finding) == {
        ("amazon_safet", "S"): (7, 3, 4, 0, 1),
        ("amazon_atoz", "B"): (2, 0, 0, 2, 0),
        ("amazon_fba_reimbursement", "S"): (1, 0, 0, 1, 0),
    }
    assert finding.as_of == datetime(2026, 1, 31)
    assert row_of(finding, "amazon_safet")["n_partial"] == 0


def test_undated_decision_is_unknown_at_an_earlier_cut_off(tiny):
    """A-10 expired, nobody knows when: decided by June 30, unknown on June 15."""
    before = counts(claimstats.approval_rate(tiny, as_of=datetime(2026, 6, 15)))
    assert before["amazon_atoz", "B"] == (10, 6, 0, 4, 3)


def test_cut_off_with_a_zone_is_taken_in_utc(tiny):
    in_utc = claimstats.approval_rate(tiny, as_of=datetime(2026, 1, 31, tzinfo=UTC))
    elsewhere = datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=9)))
    assert in_utc == claimstats.approval_rate(tiny, as_of=elsewhere)
    assert in_utc == claimstats.approval_rate(tiny, as_of=datetime(2026, 1, 31))


def test_final_decisions_count_appeals(tiny):
    """S-06 was granted on appeal, S-10's appeal is undecided, A-01's grant was reversed.

    C-02's appeal was withdrawn: its first decision stands.
    """
    assert counts(claimstats.approval_rate(tiny, decision="final")) == {
        ("amazon_safet", "S"): (12, 8, 3, 1, 5),
        ("amazon_atoz", "B"): (11, 7, 1, 3, 2),
        ("amazon_chargeback", "B"): (2, 2, 0, 0, 1),
        ("amazon_fba_reimbursement", "S"): (2, 1, 0, 1, 1),
    }


def test_final_decisions_know_no_appeal_made_after_the_cut_off(tiny):
    """On February 10 S-06's appeal is undecided; S-10 is denied, its appeal follows on the 15th."""
    finding = claimstats.approval_rate(tiny, decision="final", as_of=datetime(2026, 2, 10))
    assert counts(finding)["amazon_safet", "S"] == (8, 5, 2, 1, 2)


def test_partial_grant_on_appeal_counts_as_partial(tracked):
    book = tracked(
        [
            {
                "claim_id": "1", "program": "amazon_safet", "filed_at": "2026-01-01",
                "outcome": "denied", "decided_at": "2026-01-05", "appealed_at": "2026-01-06",
                "appeal_outcome": "granted_partial", "appeal_decided_at": "2026-01-20",
            }
        ]
    )  # fmt: skip
    for decision, expected in (("first", (0, 0)), ("final", (1, 1))):
        row = row_of(claimstats.approval_rate(book, decision=decision), "amazon_safet")
        assert (row["n_approved"], row["n_partial"]) == expected


def test_same_claim_from_tracker_and_export_counts_once(finding):
    """S-01 is in the tracker and in both pulls; A-01's order is flagged in them too."""
    assert sum(finding.summary["n_claims"]) == 23 + 4


def test_unknown_property_is_refused_with_the_nearest_name(tiny):
    with pytest.raises(ParameterError, match=r"cannot split by 'reasn'. Did you mean 'reason'\?"):
        claimstats.approval_rate(tiny, by="reasn")


@pytest.mark.parametrize(
    "asked",
    [{"decision": "last"}, {"age_days": 0}, {"age_days": -3}, {"as_of": "2026-01-31"}],
    ids=str,
)
def test_parameter_out_of_range_is_refused(tiny, asked):
    with pytest.raises(ParameterError, match=f"approval_rate.*({'|'.join(asked)})"):
        claimstats.approval_rate(tiny, **asked)
