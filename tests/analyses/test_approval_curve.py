"""Approval by claim age; test_approval_rate.py lists the claims of the tiny book.

The SAFE-T claims filed in January, all ended: days 5DD 10AD 15E 20A 30A. Nothing is censored, so
the shares approved are plain: 1/7 by day 10, 2/7 by day 20, 3/7 by day 30. June has one claim of
each direction, both open.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from statsmodels.duration.survfunc import survdiff

import claimstats
from claimstats.charts import MOST_CURVES
from claimstats.errors import ParameterError

COUNTS = ("n_claims", "n_approved", "n_denied", "n_ended", "n_open", "n_excluded")


@pytest.fixture(scope="module")
def by_program(tiny):
    return claimstats.approval_curve(tiny, by="program", ages_days=(10, 30, 60))


@pytest.fixture(scope="module")
def by_month(tiny):
    return claimstats.approval_curve(tiny)


@pytest.fixture(scope="module")
def months(sample):
    return claimstats.approval_curve(sample)


def rows_of(finding, group, direction=None):
    rows = finding.summary.where(finding.summary.names[0], group)
    return list((rows.where("direction", direction) if direction else rows).rows())


def row_of(finding, group, direction=None):
    (row,) = rows_of(finding, group, direction)
    return row


def test_of(finding, direction):
    (row,) = finding.details["tests"].where("direction", direction).rows()
    return row


test_of.__test__ = False


# Worked by hand


def test_columns_are_the_published_ones(by_month):
    assert by_month.summary.names == (
        "month", "direction", "n_claims", "n_approved", "n_denied", "n_ended", "n_open",
        "n_excluded", "approved_30d", "approved_30d_lower", "approved_30d_upper",
        "approved_60d", "approved_60d_lower", "approved_60d_upper",
        "approved_90d", "approved_90d_lower", "approved_90d_upper", "worst", "best", "is_small",
    )  # fmt: skip


def test_counts_and_bounds_by_program(by_program):
    """SAFE-T: 4 of 12 approved, 2 open; A-to-z: of 11, five have no usable dates or outcome."""
    found = {
        row["program"]: (*(row[name] for name in COUNTS), row["worst"], row["best"])
        for row in by_program.summary.rows()
    }
    assert found["amazon_safet"] == (12, 4, 5, 1, 2, 0, 4 / 12, 6 / 12)
    assert found["amazon_atoz"] == (11, 2, 2, 1, 1, 5, 2 / 6, 3 / 6)
    assert found["amazon_chargeback"] == (2, 1, 1, 0, 0, 0, 1 / 2, 1 / 2)


def test_shares_by_age_are_the_product_worked_by_hand(by_program):
    """The table in test_approval_rate.py: 3/36 by day 10, 10/36 by day 30, 17/36 by day 51."""
    row = row_of(by_program, "amazon_safet")
    found = (row["approved_10d"], row["approved_30d"], row["approved_60d"])
    assert found == pytest.approx((3 / 36, 10 / 36, 17 / 36))


def test_month_without_censoring_has_plain_shares(tiny):
    finding = claimstats.approval_curve(tiny, ages_days=(20, 10, 30, 20))
    row = row_of(finding, "2026-01", "seller_claims")
    found = (row["approved_10d"], row["approved_20d"], row["approved_30d"])
    assert found == pytest.approx((1 / 7, 2 / 7, 3 / 7))
    assert finding.parameters["ages_days"] == (10, 20, 30)


def test_cohort_has_no_number_at_an_age_that_none_of_its_claims_has_reached(by_month):
    """June's claims are 10.96 and 5.96 days old."""
    for row in rows_of(by_month, "2026-06"):
        assert row["n_open"] == 1
        assert row["approved_30d"] is row["approved_30d_lower"] is row["approved_90d"] is None
        assert (row["worst"], row["best"]) == (0, 1)


def test_months_stand_in_time(by_month):
    assert list(by_month.summary["month"]) == sorted(by_month.summary["month"])


# The macros


@pytest.mark.parametrize("by", ["program", "month"])
@pytest.mark.parametrize("decision", ["first", "final"])
def test_table_equals_the_macro(tiny, by, decision):
    finding = claimstats.approval_curve(tiny, by=by, decision=decision)
    told = {(row["group_value"], row["direction"]): row for row in tiny.rows(finding.sql)}
    assert len(told) == len(finding.summary)
    for row in finding.summary.rows():
        of_macro = told[row[by], row["direction"]]
        names = (*COUNTS, "worst", "best")
        assert [row[name] for name in names] == [of_macro[name] for name in names]


def test_curves_equal_the_macro(sample, months):
    told = {}
    for row in sample.rows("FROM approval_incidence()"):
        told.setdefault((row["group_value"], row["direction"]), []).append(row)
    curves = months.details["curves"]
    for month, direction in set(zip(curves["month"], curves["direction"], strict=True)):
        drawn = list(curves.where("month", month).where("direction", direction).rows())[1:]
        macro = told[month, direction]
        for ours, theirs in (
            ("age_days", "age_days"),
            ("at_risk", "n_at_risk"),
            ("approved", "share_approved"),
        ):
            np.testing.assert_allclose(
                [row[ours] for row in drawn], [float(row[theirs]) for row in macro], atol=1e-12
            )


# Other software


@pytest.mark.parametrize("by", ["program", "month"])
def test_test_equals_the_log_rank_test_of_statsmodels_on_rows(sample, by):
    """A claim denied or withdrawn stays at risk until its age at the cut-off."""
    claims = sample.rows(
        f"""
        SELECT direction, group_value, event = 'approved' AS is_approved,
            CASE WHEN event IN ('denied', 'ended') THEN greatest(exit_hours, followed_hours)
                ELSE exit_hours END AS hours
        FROM claims_as_of(by_column := '{by}')
        WHERE untimed_why IS NULL
        """
    )
    finding = claimstats.approval_curve(sample, by=by)
    for direction in ("seller_claims", "buyer_claims"):
        mine = [claim for claim in claims if claim["direction"] == direction]
        statistic, p_value = survdiff(
            np.array([claim["hours"] for claim in mine], float),
            np.array([claim["is_approved"] for claim in mine], int),
            np.array([claim["group_value"] for claim in mine]),
        )
        row = test_of(finding, direction)
        assert (row["statistic"], row["p_value"]) == pytest.approx((statistic, p_value), rel=1e-9)


# Planted truth


def test_planted_constant_approval_is_not_called_falling(months):
    """The closed-only rate of August is below 25 %, though nothing has changed."""
    for direction, decided in (("seller_claims", 33), ("buyer_claims", 19)):
        august = row_of(months, "2026-08", direction)
        assert august["n_approved"] + august["n_denied"] == decided
        assert august["n_approved"] / decided < 0.25
        test = test_of(months, direction)
        assert test["n_cohorts"] == 8
        assert min(test["p_value"], test["trend_p_value"]) > 0.01
    assert "falling" not in months.headline
    assert months.headline.startswith(
        "49.7 % of 410 seller's claims were approved by day 90 (95 % interval 44.8 % to 54.7 %), "
        "with no difference shown between 8 months at equal age (p = 0.529); 27 of the 62 of "
        "2026-08 are open; "
    )


def claims_of(month, approved, denied):
    """Decided claims of one month: denied on day 5, approved on day 20."""
    base = {"program": "amazon_safet", "filed_at": f"{month}-01T00:00:00Z"}
    for number in range(approved + denied):
        won = number < approved
        yield base | {
            "claim_id": f"{month}-{number}",
            "outcome": "granted_full" if won else "denied",
            "decided_at": f"{month}-{21 if won else 6:02}T00:00:00Z",
        }


def book_of(tracked, *months):
    return tracked([claim for month in months for claim in claims_of(*month)])


def test_fall_in_truth_is_called_falling(tracked):
    book = book_of(tracked, ("2026-01", 18, 2), ("2026-02", 10, 10), ("2026-03", 2, 18))
    finding = claimstats.approval_curve(book, ages_days=(20,))
    row = test_of(finding, "seller_claims")
    assert row["trend_z"] < -3
    assert "50.0 % of 60 seller's claims were approved by day 20" in finding.headline
    assert "falling over 3 months at equal age (trend p < 0.001)" in finding.headline


def test_difference_without_a_trend_is_no_fall(tracked):
    book = book_of(tracked, ("2026-01", 10, 10), ("2026-02", 20, 0), ("2026-03", 10, 10))
    headline = claimstats.approval_curve(book, ages_days=(20,)).headline
    assert "3 months differ at equal age without a steady trend" in headline
    assert "falling" not in headline


# What is shown


def test_chart_draws_the_latest_months_and_the_caveats_say_so(months):
    curves = months.details["curves"]
    assert len(set(zip(curves["month"], curves["direction"], strict=True))) == MOST_CURVES
    assert set(curves["month"]) == {"2026-05", "2026-06", "2026-07", "2026-08"}
    assert f"The curves are those of the {MOST_CURVES} latest of 16 cohorts." in months.caveats
    names = [trace["name"] for trace in months.chart["data"] if "name" in trace]
    assert "2026-08 (buyers')" in names


def test_what_is_known_only_at_the_end_makes_cohorts_with_a_caveat(tiny):
    finding = claimstats.approval_curve(tiny, by="decided_month")
    said = "Claims are split by month of decision, which is known only once a claim has ended"
    assert said in " ".join(finding.caveats)


def test_splitting_by_direction_has_one_column_of_that_name(tiny):
    finding = claimstats.approval_curve(tiny, by="direction")
    assert finding.summary.names.count("direction") == 1
    assert len(finding.summary) == 2


def test_too_many_cohorts_are_followed_but_not_tested(tracked):
    claims = [claim | {"sku": claim["claim_id"]} for claim in claims_of("2026-01", 40, 30)]
    finding = claimstats.approval_curve(tracked(claims), by="sku", ages_days=(20,))
    assert len(finding.summary) == 70
    assert test_of(finding, "seller_claims")["p_value"] is None
    assert "The 70 cohorts of seller's claims are more than 60: not tested." in finding.caveats


# Edges


def test_open_claims_alone_have_bounds_from_nothing_to_all(tracked):
    claim = {"program": "amazon_safet", "outcome": "pending", "filed_at": "2026-06-01T00:00:00Z"}
    book = tracked([claim | {"claim_id": number} for number in range(12)])
    finding = claimstats.approval_curve(book, as_of=datetime(2026, 7, 11))
    (row,) = finding.summary.rows()
    assert (row["approved_30d"], row["approved_60d"]) == (0, None)
    assert (row["worst"], row["best"]) == (0, 1)
    assert "0.0 % of 12 seller's claims were approved by day 30" in finding.headline
    assert "with nothing to compare; 12 of the 12 of 2026-06 are open." in finding.headline


def test_one_claim_has_no_rate_in_words(tracked):
    finding = claimstats.approval_curve(tracked(list(claims_of("2026-01", 1, 0))))
    assert finding.headline == ("1 of 1 seller's claims are approved, too few for a rate (0 open).")


def test_claim_decided_on_the_day_it_could_not_have_reached_by_the_hour_is_compared(tracked):
    """Filed at 20:00 and denied "on the next day", the cut-off at noon: 24 hours of 16."""
    claims = [
        {"claim_id": "1", "program": "amazon_safet", "filed_at": "2026-01-01T20:00:00Z",
         "outcome": "denied", "decided_at": "2026-01-02"},
        {"claim_id": "2", "program": "amazon_safet", "filed_at": "2026-01-01T20:00:00Z",
         "outcome": "granted_full", "decided_at": "2026-01-02T12:00:00Z"},
    ]  # fmt: skip
    finding = claimstats.approval_curve(tracked(claims), by="claim", ages_days=(0.5,))
    assert finding.summary["approved_0.5d"] == (0,)


@pytest.mark.parametrize("ages", [(), (0,), (-30, 30)])
def test_ages_must_be_above_zero(empty, ages):
    with pytest.raises(ParameterError, match="ages_days"):
        claimstats.approval_curve(empty, ages_days=ages)
