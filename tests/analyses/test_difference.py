"""The test of difference between groups, against statsmodels and by its words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.duration.survfunc import survdiff

import claimstats
from claimstats.analyses._difference import MOST_TESTED, difference_in_time, p_shown


def rows_of(*groups):
    """Each group with the same three durations, the last one cut off."""
    return [
        {"group_value": group, "days": days + shift, "n": 2, "open": days == 9}
        for shift, group in enumerate(groups)
        for days in (1, 4, 9)
    ]


def comparison(rows, by="program"):
    return difference_in_time(by, rows, "days", "n", is_over=lambda row: not row["open"])


def test_equals_the_log_rank_test_of_statsmodels_on_single_claims():
    rows = rows_of("a", "b", "c")
    found = comparison(rows)
    each = [row for row in rows for _ in range(row["n"])]
    statistic, p_value = survdiff(
        np.array([row["days"] for row in each]),
        np.array([not row["open"] for row in each]),
        np.array([row["group_value"] for row in each]),
    )
    assert (found.statistic, found.p_value) == pytest.approx((statistic, p_value), abs=1e-12)
    assert (found.n_groups, found.degrees_of_freedom) == (3, 2)


def test_unknown_group_is_left_out():
    known = rows_of("a", "b")
    assert comparison([*known, *rows_of("(unknown)")]) == pytest.approx(
        comparison(known), nan_ok=True
    )


def test_one_group_has_nothing_to_compare():
    found = comparison(rows_of("a"))
    assert found.n_groups == 1
    assert math.isnan(found.p_value)


def test_more_groups_than_can_be_told_apart_are_not_tested():
    found = comparison(rows_of(*(f"g{k:03}" for k in range(MOST_TESTED + 1))))
    assert found.n_groups == MOST_TESTED + 1
    assert math.isnan(found.p_value)


def test_only_months_have_a_trend_and_slower_ones_one_below_zero():
    slower = rows_of("2026-01", "2026-02", "2026-03")
    assert comparison(slower, by="month").trend_z < 0
    assert math.isnan(comparison(slower, by="program").trend_z)


@pytest.mark.parametrize(("p", "shown"), [(0.0312, "= 0.031"), (0.0001, "< 0.001")])
def test_p_value_carries_its_sign(p, shown):
    assert p_shown(p) == shown


@pytest.mark.parametrize("by", ["program", "marketplace", "month"])
def test_time_to_resolution_compares_all_known_groups_of_the_sample(sample, by):
    (found,) = claimstats.time_to_resolution(sample, by=by).details["tests"].rows()
    rows = sample.rows(f"FROM claim_ages(by_column := '{by}') WHERE group_value <> '(unknown)'")
    each = [row for row in rows for _ in range(row["n_claims"])]
    statistic, p_value = survdiff(
        np.array([row["exit_hours"] for row in each]),
        np.array([row["event"] != "open" for row in each]),
        np.array([row["group_value"] for row in each]),
    )
    assert (found["statistic"], found["p_value"]) == pytest.approx((statistic, p_value), rel=1e-9)
    assert (found["trend_z"] is None) == (by != "month")


def test_each_step_is_compared_and_stopped_steps_are_cut_off(sample):
    table = claimstats.stage_times(sample).details["tests"]
    assert table["step"][0] == "contacted to filed"
    rows = sample.rows("FROM stage_hours() WHERE step = 'decision_to_money'")
    each = [row for row in rows for _ in range(row["n_steps"])]
    statistic, _ = survdiff(
        np.array([row["hours"] for row in each]),
        np.array([row["state"] == "done" for row in each]),
        np.array([row["group_value"] for row in each]),
    )
    (found,) = table.where("step", "decision to money posted").rows()
    assert found["statistic"] == pytest.approx(statistic, rel=1e-9)
    assert all(q >= p for p, q in zip(table["p_value"], table["q_value"], strict=True))


def test_headline_says_no_difference_where_none_is_shown(sample):
    finding = claimstats.time_to_resolution(sample)
    (found,) = finding.details["tests"].rows()
    assert found["p_value"] > 0.05
    assert "; no difference is shown between the 4 groups (p = " in finding.headline
    strict = claimstats.time_to_resolution(sample, by="month", level=0.999).headline
    loose = claimstats.time_to_resolution(sample, by="month", level=0.5).headline
    assert "no difference is shown" in strict
    assert "later months are faster" in loose


def test_headline_is_silent_about_one_group(sample):
    assert "differ" not in claimstats.time_to_resolution(sample, by="claim").headline
