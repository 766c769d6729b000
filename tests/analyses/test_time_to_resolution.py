"""Times of the tiny book, worked by hand; test_approval_rate.py lists its claims.

Kaplan-Meier of the twelve SAFE-T claims, with Greenwood's sum G of ended / (at risk · left):

day      at risk  ended  open after  G         limits on the log-log scale
 5         12       2    10/12       0.016667  0.4817 to 0.9555
 8         10       1     9/12       0.027778  0.4084 to 0.9117
10          9       2     7/12       0.059524
10.9583     7      (S-08 is open)
11.4583     6       1    35/72       0.092857
15          5       1     7/18       0.142857  0.1263 to 0.6498
20          4       1     7/24       0.226190  0.0724 to 0.5609
30          3       1     7/36       0.392857  0.0312 to 0.4614
30.9583     2      (S-09 is open)
51          1       1     0          infinite  none

The median is the first day that at most half are open, 11.4583; its limits are the first days that
the lower and the upper limit of the curve are at most a half, 5 and 30.
"""

from __future__ import annotations

from datetime import datetime

import pytest

import claimstats
from claimstats.errors import ParameterError

HOUR = 1 / 24
COUNTS = ("n_claims", "n_open", "n_resolved", "n_excluded", "n_interval")


@pytest.fixture(scope="module")
def finding(tiny):
    return claimstats.time_to_resolution(tiny)


def of(finding, group):
    (row,) = finding.summary.where(finding.summary.names[0], group).rows()
    return row


def days(row, name, *limits):
    return tuple(row[column] for column in (f"{name}_days", *limits))


def curve(finding, group):
    return list(finding.details["curves"].where(finding.summary.names[0], group).rows())


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "program", "n_claims", "n_open", "n_resolved", "n_excluded", "n_interval",
        "median_days", "lower", "upper", "q25_days", "q25_lower", "q25_upper",
        "q75_days", "q75_lower", "q75_upper", "median_days_earliest",
        "won_by_age", "lost_by_age", "ended_by_age", "age_days",
    )  # fmt: skip


def test_counts_by_program(finding):
    """Excluded in A-to-z: A-07 to A-10 and the flagged claim; in FBA: 7002."""
    table = finding.summary
    assert {row["program"]: tuple(row[name] for name in COUNTS) for row in table.rows()} == {
        "amazon_safet": (12, 2, 10, 0, 2),
        "amazon_atoz": (11, 1, 5, 5, 0),
        "amazon_chargeback": (2, 0, 2, 0, 0),
        "amazon_fba_reimbursement": (2, 0, 1, 1, 0),
    }


def test_median_and_its_limits_are_those_worked_by_hand(finding):
    """Decisions to the second count whole hours: S-12's 11 days 11:59:59 are 275 hours."""
    safet = of(finding, "amazon_safet")
    assert days(safet, "median", "lower", "upper") == pytest.approx((275 * HOUR, 5, 30))


def test_quartile_on_a_flat_stretch_is_its_middle(finding):
    """Exactly 9/12 are open from day 8 until day 10; limits at 0.75 on days 5 and 11.4583."""
    safet = of(finding, "amazon_safet")
    assert days(safet, "q25", "q25_lower", "q25_upper") == pytest.approx((9, 5, 275 * HOUR))


def test_limit_that_is_not_reached_is_null(finding):
    """A quarter is open first after day 30; the upper limit has no value on day 51."""
    safet = of(finding, "amazon_safet")
    assert days(safet, "q75", "q75_lower") == pytest.approx((30, 275 * HOUR))
    assert safet["q75_upper"] is None
    assert finding.summary.column("q75_upper").shown()[0] == "not reached"


def test_other_programs(finding):
    """A-to-z: open 5/6, 4/6 (A-06 leaves), 4/9, 0 after days 3, 4, 6, 12.

    Chargeback: a half is open from day 9 until day 20.
    """
    found = {
        row["program"]: (row["q25_days"], row["median_days"], row["q75_days"])
        for row in finding.summary.rows()
    }
    assert found == {
        "amazon_safet": pytest.approx((9, 275 * HOUR, 30)),
        "amazon_atoz": (4, 6, 12),
        "amazon_chargeback": (9, 14.5, 20),
        "amazon_fba_reimbursement": (30, 30, 30),
    }


def test_interval_known_decisions_at_their_earliest(finding):
    """S-11 then ends on day 21 (May 31), S-12 at once.

    At risk and open after day 0: 12, 11/12; day 5: 11, 9/12; day 8: 9, 8/12; day 10: 8, 6/12;
    day 15: 5 (S-08 has left), 6/12 · 4/5. A half is open from day 10 until day 15.
    """
    safet = of(finding, "amazon_safet")
    assert safet["median_days_earliest"] == 12.5


def test_competing_shares_by_age_are_those_worked_by_hand(finding):
    """SAFE-T won (approved): 17/36, see test_approval_rate.py. Withdrawn: 35/72 · 1/5 on day 15.

    Lost: day 5 2/12, day 8 10/12 · 1/10 = 1/12, day 10 9/12 · 1/9 = 1/12,
    day 11.46 7/12 · 1/6 = 7/72.
    A-to-z won (denied): 5/6 · 1/5 + 4/6 · 1/3 = 7/18; lost (approved): 4/9; settled: 1/6.
    """
    table = finding.summary
    found = {
        row["program"]: (row["won_by_age"], row["lost_by_age"], row["ended_by_age"])
        for row in table.rows()
    }
    assert found == {
        "amazon_safet": pytest.approx((17 / 36, 4 / 12 + 7 / 72, 7 / 72)),
        "amazon_atoz": pytest.approx((7 / 18, 4 / 9, 1 / 6)),
        "amazon_chargeback": pytest.approx((1 / 2, 1 / 2, 0)),
        "amazon_fba_reimbursement": (1, 0, 0),
    }


def test_shares_by_age_have_limits_in_a_detail(finding):
    detail = finding.details["ends_by_age"]
    assert detail.names == ("program", "end", "share", "lower", "upper")
    for row in detail.rows():
        assert row["share"] == of(finding, row["program"])[f"{row['end']}_by_age"]
        assert row["lower"] is None or row["lower"] < row["share"] < row["upper"]


def test_curve_begins_with_all_claims_open_and_follows_the_risk_sets(finding):
    rows = curve(finding, "amazon_safet")
    assert [row["age_days"] for row in rows] == pytest.approx(
        [0, 5, 8, 10, 263 * HOUR, 275 * HOUR, 15, 20, 30, 743 * HOUR, 51]
    )
    assert [row["at_risk"] for row in rows] == [12, 12, 10, 9, 7, 6, 5, 4, 3, 2, 1]
    left = [1, 10 / 12, 9 / 12, 7 / 12, 7 / 12, 35 / 72, 7 / 18, 7 / 24, 7 / 36, 7 / 36, 0]
    assert [1 - row["resolved"] for row in rows] == pytest.approx(left)
    for row in rows:
        assert row["won"] + row["lost"] + row["ended"] == pytest.approx(row["resolved"])


def test_curve_has_greenwood_limits_on_the_log_log_scale(finding):
    """Day 5: exp(±1.959964 √0.016667 / ln(12/10)) = 4.0061 and 0.2496; (10/12) to these powers."""
    rows = {row["age_days"]: row for row in curve(finding, "amazon_safet")}
    by_hand = {5: (0.4817, 0.9555), 8: (0.4084, 0.9117), 15: (0.1263, 0.6498), 30: (0.0312, 0.4614)}
    for day, limits in by_hand.items():
        assert (1 - rows[day]["upper"], 1 - rows[day]["lower"]) == pytest.approx(limits, abs=1e-4)
    assert rows[51]["lower"] is rows[51]["upper"] is None


def test_day_resolution_counts_whole_days(tiny):
    """S-08 and S-12 then stand at days 10 and 11, with 9 and 6 at risk as before."""
    finding = claimstats.time_to_resolution(tiny, resolution="day")
    assert of(finding, "amazon_safet")["median_days"] == 11
    assert all(row["age_days"] == int(row["age_days"]) for row in curve(finding, "amazon_safet"))


def test_date_without_a_time_counts_whole_days(tiny):
    """S-10: filed on a day of February, decided on the 9th at 15:00; S-11 filed on a day of May."""
    rows = tiny.rows(
        "SELECT claim_id, exit_hours FROM claims_as_of() WHERE claim_id IN ('S-10', 'S-11', 'S-12')"
    )
    assert {row["claim_id"]: row["exit_hours"] for row in rows} == {
        "S-10": 8 * 24, "S-11": 51 * 24, "S-12": 275,
    }  # fmt: skip


def test_median_is_not_reached_where_most_claims_are_open(tiny):
    """Of client West, A-02 ended on day 4; A-06, S-08 and S-09 are open on days 5, 10 and 30.

    A-02 was filed 136 days ago, but three quarters are open behind day 30: nothing tells of day 90.
    """
    finding = claimstats.time_to_resolution(tiny, by="client")
    west = of(finding, "West")
    assert (west["n_claims"], west["n_open"], west["n_resolved"]) == (4, 3, 1)
    assert west["median_days"] is west["q75_days"] is west["won_by_age"] is None
    column = finding.summary.column("median_days")
    shown = dict(zip(finding.summary["client"], column.shown(), strict=True))
    assert shown["West"] == "not reached"


def test_headline_says_that_a_median_is_not_reached(tracked):
    book = tracked(
        [
            {"claim_id": number, "program": "amazon_safet", "filed_at": "2026-01-01"} | more
            for number, more in enumerate(
                [{"outcome": "denied", "decided_at": "2026-01-05"}, *[{"outcome": "pending"}] * 2]
            )
        ]
    )
    assert claimstats.time_to_resolution(book).headline == (
        "1 of 3 Amazon SAFE-T claims have ended: the median is not reached, since 2 are still open."
    )


def test_headline_gives_the_median_of_the_largest_group(finding):
    assert finding.headline == (
        "11.5 days until half of the 12 Amazon SAFE-T claims had ended (95 % interval 5.0 to 30.0; "
        "2 still open); no difference is shown between the 4 groups (p = 0.229)."
    )


def test_caveats_name_each_exclusion_with_its_count(finding):
    assert finding.caveats == (
        "1 claim is excluded: without a filing date.",
        "1 claim is excluded: decided, but nobody knows when.",
        "1 claim is excluded: decided before they were filed, which one of the dates denies.",
        "2 claims are excluded: without a known outcome.",
        "1 claim is excluded: known only from a list of approvals, which has no filing dates.",
        "2 decisions are known only to lie between two exports, taken at the later one; "
        "median_days_earliest shows the other end.",
        "1 event names a claim that is not in the book: not used.",
    )


def test_earlier_cut_off_leaves_later_decisions_open(tiny):
    """On January 31: S-03 and S-04 ended on day 5 (7 at risk), S-01 on day 10 (3 at risk).

    S-07 is open on day 7, S-06 on day 9, S-05 on day 11, S-02 on day 19.
    Open after day 5: 5/7, after day 10: 5/7 · 2/3 = 10/21.
    """
    safet = of(claimstats.time_to_resolution(tiny, as_of=datetime(2026, 1, 31)), "amazon_safet")
    assert (safet["n_claims"], safet["n_open"], safet["n_resolved"]) == (7, 4, 3)
    assert safet["median_days"] == 10


def test_final_decisions_end_with_the_appeal(tiny):
    """S-06 then ends on day 34, S-10 is open since day 149.

    At risk and open after day 5: 12, 10/12; day 10: 10, 9/12; S-08 leaves; day 11.46: 8, times 7/8;
    day 15: 7, times 6/7; day 20: 6, times 5/6: 9/12 · 5/8 = 15/32.
    """
    safet = of(claimstats.time_to_resolution(tiny, decision="final"), "amazon_safet")
    assert (safet["n_open"], safet["n_resolved"]) == (3, 9)
    assert safet["median_days"] == 20


def test_unknown_resolution_is_refused(tiny):
    with pytest.raises(ParameterError, match=r"knows no resolution 'week'. Allowed: hour, day"):
        claimstats.time_to_resolution(tiny, resolution="week")


def test_curves_are_kept_for_the_largest_groups_only(tracked):
    claims = [
        {
            "claim_id": f"{group}-{number}", "program": "amazon_safet", "sku": f"SKU-{group:02}",
            "filed_at": "2026-01-01", "outcome": "denied", "decided_at": "2026-01-05",
        }
        for group in range(14)
        for number in range(1 if group < 2 else 2)
    ]  # fmt: skip
    finding = claimstats.time_to_resolution(tracked(claims), by="sku")
    assert set(finding.details["curves"]["sku"]) == {f"SKU-{group:02}" for group in range(2, 14)}
    assert "The curves are those of the 12 largest of 14 groups." in finding.caveats
    assert len(finding.summary) == 14
