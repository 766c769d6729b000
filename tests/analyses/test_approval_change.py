"""Approval before and after a date; test_approval_rate.py lists the claims of the tiny book."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

import claimstats
from claimstats.errors import ParameterError
from claimstats.stats.multiplicity import benjamini_hochberg
from claimstats.stats.proportions import newcombe_difference, wilson
from claimstats.stats.segmented import segmented_change
from claimstats.stats.stratified import mantel_haenszel

ON = date(2025, 6, 2)
END = datetime(2026, 1, 1)
COUNTS = ("n_claims", "n_before", "n_approved_before", "n_after", "n_approved_after", "n_younger",
          "n_excluded")  # fmt: skip


def fill(book, claims):
    """Put claims into a book: (day from ON, won, reason, program, marketplace, days it took)."""
    book.execute("DELETE FROM claims")
    start = datetime(ON.year, ON.month, ON.day)
    rows = [
        (program, str(k), "granted_full" if won else "denied", start + timedelta(days=day), reason,
         market, start + timedelta(days=day + took))
        for k, (day, won, reason, program, market, took) in enumerate(claims)
    ]  # fmt: skip
    book.connection.executemany(
        "INSERT INTO claims (program, claim_id, id_is_derived, origins, outcome, filed_at, "
        "filed_precision, reason, marketplace, decided_at, decided_precision) "
        "VALUES ($1, $2, false, ['tracker'], $3, $4, 'instant', $5, $6, $7, 'instant')",
        rows,
    )
    return book


def claims_of(period, won, lost, reason="wrong_item", program="amazon_safet", market="US", took=5):
    """Claims filed on the third day of a fortnight."""
    for outcome in [True] * won + [False] * lost:
        yield 14 * period + 2, outcome, reason, program, market, took


@pytest.fixture(scope="module")
def scratch(new_book):
    with new_book() as book:
        yield book


def change(book, claims, on=ON, **asked):
    fill(book, [claim for part in claims for claim in part])
    return claimstats.approval_change(book, on, **{"as_of": END, **asked})


def only(finding):
    (row,) = finding.summary.rows()
    return row


@pytest.fixture(scope="module")
def halved(scratch):
    """Six of twelve won in each of five fortnights before, three of twelve in four after."""
    before = [claims_of(period, 6, 6) for period in range(-5, 0)]
    return change(scratch, [*before, *(claims_of(period, 3, 9) for period in range(4))])


# Worked by hand


def test_columns_are_the_published_ones(halved):
    assert halved.summary.names == (
        "changed_on", "rules", "program", "direction", "marketplace", *COUNTS,
        "approved_before", "approved_before_lower", "approved_before_upper",
        "approved_after", "approved_after_lower", "approved_after_upper",
        "change_points", "change_lower", "change_upper",
        "within_points", "within_lower", "within_upper",
        "level_points", "level_lower", "level_upper", "n_within", "points_apart",
        "slope_ratio", "slope_lower", "slope_upper", "change_p_value", "change_q_value",
        "dispersion", "periods_before", "periods_after", "refused",
    )  # fmt: skip


def test_counts_and_shares_are_those_put_in(halved):
    row = only(halved)
    assert tuple(row[name] for name in COUNTS) == (108, 60, 30, 48, 12, 0, 0)
    assert (row["periods_before"], row["periods_after"]) == (5, 4)
    assert (row["approved_before"], row["approved_after"]) == (0.5, 0.25)
    limits = wilson([30, 12], [60, 48])
    assert row["approved_before_lower"] == limits.lower[0]
    assert row["approved_after_upper"] == limits.upper[1]


def test_changes_are_the_estimators(halved):
    row = only(halved)
    raw = newcombe_difference(12, 48, 30, 60)
    assert (row["change_points"], row["change_lower"]) == pytest.approx(
        (-25, 100 * float(raw.lower))
    )
    within = mantel_haenszel([12], [48], [30], [60])
    assert (row["within_points"], row["within_upper"]) == pytest.approx((-25, 100 * within.upper))
    fit = segmented_change(range(-5, 4), [6] * 5 + [3] * 4, [12] * 9, at=-0.5)
    assert row["level_points"] == pytest.approx(-25, abs=1e-6)
    assert row["level_lower"] == pytest.approx(100 * fit.points.lower)
    assert row["change_p_value"] == pytest.approx(fit.p_value)


def test_slope_is_told_for_30_days(scratch):
    won = [4, 4, 4, 4, 4, 5, 6, 7]
    periods = [claims_of(k - 4, won[k], 12 - won[k]) for k in range(8)]
    row = only(change(scratch, periods))
    fit = segmented_change(np.arange(-4, 4) + 0.5, won, [12] * 8, at=0)
    assert row["slope_ratio"] == pytest.approx(fit.slope.value ** (30 / 14))


def test_headline_begins_with_the_difference_and_says_what_the_test_says(halved):
    assert halved.headline.startswith("-25.0 points (95 % interval ")
    assert (
        "from 2025-06-02 on in the share of seller's claims of Amazon SAFE-T approved by day 60"
        in (halved.headline)
    )
    assert "25.0 % of 48 against 50.0 % of 60" in halved.headline
    told = "beside the trend before the date, no step and no new slope is shown (q = "
    assert told in halved.headline


def test_a_clear_step_is_called_a_change(scratch):
    before = [claims_of(period, 18, 6) for period in range(-6, 0)]
    finding = change(scratch, [*before, *(claims_of(period, 6, 18) for period in range(6))])
    assert "level or slope changed (q < 0.001), the step being -50.0 points (" in finding.headline


def test_the_day_itself_lies_after_and_periods_are_counted_both_ways(scratch):
    days = (-15, -14, -1, 0, 13, 14)
    fill(scratch, [(day, True, "wrong_item", "amazon_safet", "US", 1) for day in days])
    rows = scratch.rows(f"FROM approval_change_periods(change_day := '{ON}', cutoff := '{END}')")
    assert [(row["period_number"], row["n_followed"]) for row in rows] == [
        (-2, 1), (-1, 2), (0, 2), (1, 1),
    ]  # fmt: skip


def test_periods_are_told_with_their_first_day_and_both_lines(halved):
    rows = list(halved.details["periods"].rows())
    assert [row["begins_on"] for row in rows][4:6] == ["2025-05-19", "2025-06-02"]
    assert {round(row["fitted"], 6) for row in rows} == {0.5, 0.25}
    assert {round(row["unchanged"], 6) for row in rows} == {0.5}


# What misleads


def test_a_change_of_the_mix_is_flagged_where_it_points_the_other_way(scratch):
    """Each reason is won ten points more often; most claims come from the harder one afterwards."""
    before = [
        part
        for period in range(-5, 0)
        for part in (claims_of(period, 14, 6), claims_of(period, 2, 8, "empty_box"))
    ]
    after = [
        part
        for period in range(5)
        for part in (claims_of(period, 8, 2), claims_of(period, 9, 21, "empty_box"))
    ]
    finding = change(scratch, [*before, *after])
    row = only(finding)
    assert row["points_apart"]
    assert row["change_points"] < 0 < row["within_points"]
    assert row["within_points"] == pytest.approx(10)
    assert "within program and reason: the mix changed." in " ".join(finding.caveats)
    assert "and +10.0 (" in finding.headline


def test_recent_claims_whose_denials_alone_are_known_make_no_change(scratch):
    """Half are won, on day 50; denials take five days, so the last claims show them alone."""
    parts = [
        part
        for period in range(-8, 14)
        for part in (claims_of(period, 8, 0, took=50), claims_of(period, 0, 8))
    ]
    cut = datetime(ON.year, ON.month, ON.day) + timedelta(days=14 * 14)
    finding = change(scratch, parts, as_of=cut)
    row = only(finding)
    assert row["n_younger"] == 4 * 16
    assert row["approved_before"] == row["approved_after"] == 0.5
    rates = claimstats.approval_rate(scratch, by="month", as_of=cut).summary["rate"]
    assert rates[-1] == 0


# Refused


def test_too_few_periods_or_claims_are_refused_with_the_shares_shown(scratch):
    enough = [list(claims_of(period, 6, 6)) for period in range(-5, 0)]
    few = change(scratch, [*enough, *(claims_of(period, 6, 6) for period in range(2))])
    assert only(few)["refused"] == "2 periods after, fewer than 3"
    small = change(scratch, [*enough, *(claims_of(period, 1, 2) for period in range(4))])
    assert only(small)["refused"] == "12 claims after, fewer than 20"
    for finding in (few, small):
        row = only(finding)
        assert row["approved_before"] == 0.5
        assert row["change_points"] is row["level_points"] is row["change_p_value"] is None
        assert not row["points_apart"]
        assert finding.headline.startswith(
            "0 of 1 comparison can be made: 2025-06-02, Amazon SAFE-T"
        )
        assert row["refused"] in finding.headline
        assert any(row["refused"] in caveat for caveat in finding.caveats)


def test_sides_that_were_all_won_or_all_lost_have_limits(scratch):
    before = [claims_of(period, 8, 0) for period in range(-4, 0)]
    row = only(change(scratch, [*before, *(claims_of(period, 0, 8) for period in range(4))]))
    assert row["change_points"] == -100
    assert row["level_lower"] < row["level_points"] < row["level_upper"] < 0


# Dates that the venues' rules know


def test_without_a_date_the_rules_dates_are_asked_for_their_program_and_place(scratch):
    """SAFE-T claims in the US must be filed within 30 days from 2026-02-16 on."""
    new = (date(2026, 2, 16) - ON).days // 14
    parts = [
        part
        for period in range(new - 6, new + 7)
        for part in (
            claims_of(period, 6, 6), claims_of(period, 4, 4, market="DE"),
            claims_of(period, 5, 5, program="amazon_atoz", reason="not_as_described"),
        )
    ]  # fmt: skip
    finding = change(scratch, parts, on=None, as_of=datetime(2026, 9, 1))
    row = only(finding)
    assert (row["changed_on"], row["program"], row["marketplace"]) == (
        "2026-02-16", "amazon_safet", "US",
    )  # fmt: skip
    assert row["rules"] == "safet_file_lost_us, safet_file_us"
    assert row["n_claims"] == 12 * 13
    assert "claims of Amazon SAFE-T in US approved by day 60" in finding.headline


def test_a_book_without_such_a_date_says_that_none_is_given(scratch):
    finding = change(scratch, [claims_of(period, 3, 3) for period in range(-4, 4)], on=None)
    assert finding.headline == (
        "0 dates of a change are given or known within the book: give one, as in claimstats show "
        "approval_change --on 2026-02-16."
    )
    assert len(finding.summary) == 0


def test_tiny_book_has_too_few_claims_for_the_date_it_holds(tiny):
    finding = claimstats.approval_change(tiny)
    assert finding.headline.startswith(
        "0 of 1 comparison can be made: 2026-02-16, Amazon SAFE-T in US"
    )


def test_every_policy_change_is_of_a_known_program(empty):
    changes = empty.rows("FROM v_policy_changes")
    programs = {row["program"] for row in empty.rows("FROM programs")}
    assert changes
    assert {row["program"] for row in changes} <= programs


# Equal to SQL, and to the planted truth


@pytest.fixture(scope="module")
def found(sample):
    return claimstats.approval_change(sample, on=date(2026, 5, 4), level=0.999)


def test_counts_add_up_and_equal_the_macro(sample, found):
    told = {(row["program"], row["direction"]): row for row in sample.rows(found.sql)}
    rows = list(found.summary.rows())
    for row in rows:
        whole = [macro for macro in told.values() if macro["direction"] == row["direction"]]
        mine = told.get((row["program"], row["direction"]))
        for name in COUNTS:
            assert row[name] == (mine[name] if mine else sum(macro[name] for macro in whole))
        assert row["n_claims"] == sum(
            row[f"n_{n}"] for n in ("before", "after", "younger", "excluded")
        )
    assert [row["program"] for row in rows].count("all programs") == 2
    assert len(rows) == len(told) + 2


def test_q_values_are_those_of_all_rows(found):
    expected = benjamini_hochberg(found.summary["change_p_value"])
    np.testing.assert_allclose(np.array(found.summary["change_q_value"], float), expected)


@pytest.mark.parametrize("on", [date(2026, 3, 30), date(2026, 4, 20), date(2026, 5, 11)], ids=str)
def test_sample_did_not_change_at_any_date(sample, on):
    rows = claimstats.approval_change(sample, on=on, level=0.999).summary.rows()
    told = [row for row in rows if row["refused"] is None]
    assert len(told) >= 4
    for row in told:
        assert row["within_lower"] < 0 < row["within_upper"]
        assert row["level_lower"] < 0 < row["level_upper"]


# What may be asked


def test_a_time_with_a_zone_is_taken_in_utc(halved, scratch):
    late = datetime(2025, 6, 1, 22, tzinfo=timezone(-timedelta(hours=5)))
    assert claimstats.approval_change(scratch, late, as_of=END).parameters["on"] == "2025-06-02"
    noon = datetime(2025, 6, 2, 12, tzinfo=UTC)
    assert claimstats.approval_change(scratch, noon, as_of=END).parameters["on"] == "2025-06-02"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"on": "2026-02-16"}, "give a date, such as"),
        ({"decision": "last"}, "knows no decision"),
        ({"age_days": 0}, "age_days is 0"),
        ({"period_days": -7}, "period_days is -7"),
    ],
)
def test_what_cannot_be_asked_is_refused(empty, asked, said):
    with pytest.raises(ParameterError, match=said):
        claimstats.approval_change(empty, **asked)
