"""Months against control limits; test_approval_rate.py lists the claims of the tiny book.

SAFE-T claims filed in January, all ended: days 5DD 10AD 15E 20A 30A. By day 20 that is two approved
of seven, three denied, one withdrawn, and one open that is approved on day 30.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

import claimstats
from claimstats.analyses._judged import FEWEST_PERIODS
from claimstats.errors import ParameterError
from claimstats.stats.control import binomial_limits, control_chart, false_alarm
from claimstats.stats.proportions import wilson

COUNTS = ("n_claims", "n_followed", "n_approved", "n_denied", "n_ended", "n_open", "n_younger",
          "n_excluded")  # fmt: skip
END = datetime(2026, 1, 1)


@pytest.fixture(scope="module")
def by_month(tiny):
    return claimstats.approval_trend(tiny, age_days=20)


@pytest.fixture(scope="module")
def months(sample):
    return claimstats.approval_trend(sample)


def row_of(finding, name, direction):
    (row,) = (
        finding.summary.where(finding.summary.names[0], name).where("direction", direction).rows()
    )
    return row


def chart_of(finding, direction="seller_claims"):
    (row,) = finding.details["charts"].where("direction", direction).rows()
    return row


def fill(book, claims):
    """Put claims into a book: when each was filed, and after how many days it was won or lost."""
    book.execute("DELETE FROM claims")
    book.connection.executemany(
        "INSERT INTO claims (program, claim_id, id_is_derived, origins, outcome, filed_at, "
        "filed_precision, decided_at, decided_precision) VALUES ('amazon_safet', $1, false, "
        "['tracker'], $2, $3, 'instant', $4, 'instant')",
        [
            (
                str(k),
                "granted_full" if won else "denied",
                filed,
                filed + timedelta(days=days),
            )
            for k, (filed, won, days) in enumerate(claims)
        ],
    )
    return book


def drawn(rng, shares, per_month=60):
    """Claims of the last months before END: approved slowly at the month's share, denied fast."""
    for back, share in enumerate(reversed(shares)):
        for _ in range(per_month):
            won = rng.random() < share
            days = rng.gamma(4, 8) if won else rng.gamma(2, 4)
            yield END - timedelta(days=30.4 * back + rng.uniform(0, 30.4)), won, float(days)


def of_shares(book, rng, shares):
    """Fill a book with claims whose decisions after END are not known yet."""
    fill(book, drawn(rng, shares))
    return claimstats.approval_trend(book, as_of=END)


# Worked by hand


def test_columns_are_the_published_ones(by_month):
    assert by_month.summary.names == (
        "month", "direction", *COUNTS, "approved_by_age", "lower", "upper", "centre",
        "lower_limit", "upper_limit", "signal", "is_judged", "is_small",
    )  # fmt: skip


def test_january_by_day_20_is_counted_by_hand(by_month):
    row = row_of(by_month, "2026-01", "seller_claims")
    assert tuple(row[name] for name in COUNTS) == (7, 7, 2, 3, 1, 1, 0, 0)
    assert row["approved_by_age"] == 2 / 7
    limits = wilson(2, 7)
    assert (row["lower"], row["upper"]) == (float(limits.lower), float(limits.upper))


def test_claims_that_have_not_reached_the_age_are_in_no_share(by_month):
    """June's claims are ten and five days old."""
    for direction in ("seller_claims", "buyer_claims"):
        row = row_of(by_month, "2026-06", direction)
        assert (row["n_followed"], row["n_younger"], row["approved_by_age"]) == (0, 1, None)


def test_a_claim_open_at_the_age_is_not_approved_by_it_whatever_came_later(tiny):
    """S-05 was approved on day 30."""
    shares = [
        row_of(claimstats.approval_trend(tiny, age_days=age), "2026-01", "seller_claims")
        for age in (29, 30)
    ]
    assert [(row["n_approved"], row["n_open"]) for row in shares] == [(2, 1), (3, 0)]


def test_too_few_months_are_not_judged(by_month):
    assert not any(by_month.summary["is_judged"])
    assert set(by_month.summary["signal"]) == {None}
    assert "can be judged at day 20, too few for control limits, which need 6" in by_month.headline


# Equal to SQL, to other analyses, to itself later


@pytest.mark.parametrize("period", ["month", "quarter", "week"])
def test_counts_add_up_and_equal_the_macro(sample, period):
    finding = claimstats.approval_trend(sample, period)
    told = sample.rows(finding.sql)
    names = (*COUNTS, "approved_by_age", "lower", "upper")
    for row, macro in zip(finding.summary.rows(), told, strict=True):
        assert row[period] == macro["period_name"]
        assert [row[name] for name in names] == pytest.approx([macro[name] for name in names])
        assert row["n_claims"] == row["n_followed"] + row["n_younger"] + row["n_excluded"]
        ends = sum(row[f"n_{name}"] for name in ("approved", "denied", "ended", "open"))
        assert row["n_followed"] == ends
    assert sum(finding.summary["n_claims"]) == sample.value("SELECT count(*) FROM v_claims")


def test_a_month_that_has_reached_the_age_equals_aalen_and_johansen(sample, months):
    """No claim is censored before the age, so the estimate is the plain share."""
    curves = claimstats.approval_curve(sample, ages_days=(60,))
    expected = {
        (row["month"], row["direction"]): row["approved_60d"] for row in curves.summary.rows()
    }
    judged = [row for row in months.summary.rows() if row["is_judged"]]
    assert len(judged) == 12
    for row in judged:
        assert row["approved_by_age"] == pytest.approx(expected[row["month"], row["direction"]])


def test_a_month_once_judged_does_not_change(sample, months):
    later = {(row["month"], row["direction"]): row for row in months.summary.rows()}
    earlier = claimstats.approval_trend(sample, as_of=datetime(2026, 7, 31, 23, 59, 59))
    ready = [row for row in earlier.summary.rows() if "2026" < row["month"] <= "2026-05"]
    assert len(ready) == 10
    for row in ready:
        same = later[row["month"], row["direction"]]
        assert [row[name] for name in COUNTS] == [same[name] for name in COUNTS]


def test_limits_are_the_estimators(months):
    for direction in ("seller_claims", "buyer_claims"):
        rows = [
            row
            for row in months.summary.rows()
            if row["direction"] == direction and row["is_judged"]
        ]
        approved, followed = ([row[name] for row in rows] for name in ("n_approved", "n_followed"))
        expected = control_chart(approved, followed)
        assert {row["centre"] for row in rows} == {expected.centre}
        np.testing.assert_allclose([row["lower_limit"] for row in rows], expected.lower)
        np.testing.assert_allclose([row["upper_limit"] for row in rows], expected.upper)
        chart = chart_of(months, direction)
        assert chart["scatter"] == pytest.approx(expected.scatter)
        assert chart["n_claims"] == sum(followed)
        assert chart["false_alarm"] == false_alarm(len(rows))


def test_a_month_is_judged_only_when_its_last_day_has_reached_the_age(sample):
    """June ends 61 days and 23 hours before the cut-off."""
    for age, latest in ((61, "2026-06"), (62, "2026-05")):
        finding = claimstats.approval_trend(sample, age_days=age)
        mature = [row["period_name"] for row in sample.rows(finding.sql) if row["is_mature"]]
        assert max(mature) == latest


# Months of known shares


@pytest.fixture(scope="module")
def steady(new_book):
    with new_book() as book:
        yield fill(book, drawn(np.random.default_rng(7), [0.45] * 14, per_month=120))


def test_closed_claims_alone_cry_wolf_for_the_latest_months_and_equal_age_does_not(steady):
    """Nothing changes, but of the last month's claims the denied ones alone are decided."""
    book = steady
    rates = claimstats.approval_rate(book, by="month", as_of=END).summary
    decided = [(k, n) for k, n in zip(rates["n_approved"], rates["n_decided"], strict=True) if n]
    won, of = np.array(decided).T
    lower, _ = binomial_limits(won.sum() / of.sum(), of)
    assert (won / of < lower)[-2:].any()
    finding = claimstats.approval_trend(book, as_of=END)
    assert set(finding.summary["signal"]) == {None}
    assert not any(finding.summary["is_judged"][-2:])
    assert "within the limits of" in finding.headline
    assert "months before it signal" in finding.headline


def test_a_month_of_few_approvals_signals_and_is_named(new_book):
    shares = [0.5] * 14
    shares[6] = 0.05
    with new_book() as book:
        finding = of_shares(book, np.random.default_rng(8), shares)
    signals = [row for row in finding.summary.rows() if row["signal"]]
    assert [row["signal"] for row in signals] == ["below the limits"]
    assert f"1 of the 11 months before it signal: {signals[0]['month']} below" in finding.headline
    assert chart_of(finding)["n_signals"] == 1


def test_the_latest_month_judged_leads_the_headline(new_book):
    shares = [0.5] * 14
    shares[-3] = 0.02
    with new_book() as book:
        finding = of_shares(book, np.random.default_rng(9), shares)
    latest = [row for row in finding.summary.rows() if row["is_judged"]][-1]
    assert latest["signal"] == "below the limits"
    assert f"seller's claims of {latest['month']} were approved by day 60, below the limits of" in (
        finding.headline
    )


def test_a_lasting_change_is_a_run(new_book):
    with new_book() as book:
        finding = of_shares(book, np.random.default_rng(10), [0.66] * 13 + [0.4] * 13)
    assert "run below the centre" in finding.summary["signal"]


def test_sample_has_no_influence_of_the_month_and_none_is_found(months):
    assert set(months.summary["signal"]) == {None}


# What is said


def test_caveats_tell_what_is_left_out_and_how_often_the_chart_alarms(months):
    said = " ".join(months.caveats)
    assert "203 claims are younger than 60 days: in no share." in said
    assert "2 months are not judged yet" in said
    assert "by chance alone in at most 1.6 % of such charts: in fewer, since the centre is " in said
    assert "only large changes are found" in said


def test_small_month_has_no_rate_in_words(new_book):
    with new_book() as book:
        fill(book, drawn(np.random.default_rng(11), [0.5] * (FEWEST_PERIODS + 3), per_month=4))
        headline = claimstats.approval_trend(book, as_of=END).headline
    assert ", too few for a rate, were approved by day 60" in headline


@pytest.mark.parametrize(("share", "approved"), [(0.0, 0), (1.0, 96)])
def test_months_all_alike_have_no_limits_and_are_not_judged(new_book, share, approved):
    """Eight months of twelve claims, all won on day 5 or all lost."""
    with new_book() as book:
        filed = [datetime(2025, month, 1, k) for month in range(1, 9) for k in range(12)]
        finding = claimstats.approval_trend(
            fill(book, [(day, share == 1, 5) for day in filed]), as_of=END
        )
    assert finding.headline == (
        f"{approved} of 96 seller's claims of 8 months were approved by day 60: all alike, so that "
        "there are no control limits and nothing is judged."
    )
    assert not any(finding.summary["is_judged"])
    assert set(finding.summary["upper_limit"]) == set(finding.summary["signal"]) == {None}
    assert chart_of(finding)["false_alarm"] is None
    assert not any("by chance" in caveat for caveat in finding.caveats)


@pytest.mark.parametrize(
    ("period", "n", "ends"),
    [
        ("month", "3 months have", "2024-11 and 2025-05"),
        ("quarter", "1 quarter has", "2024-Q4 and 2025-Q2"),
        ("week", "23 weeks have", "2024-W44 and 2025-W18"),
    ],
)
def test_periods_without_claims_are_counted(new_book, period, n, ends):
    """Claims on the first of November, December, April and May: weeks 44, 48 (of 52), 14, 18."""
    days = [
        datetime(2024, 11, 1),
        datetime(2024, 12, 1),
        datetime(2025, 4, 1),
        datetime(2025, 5, 1),
    ]
    with new_book() as book:
        finding = claimstats.approval_trend(
            fill(book, [(day, True, 5) for day in days]), period, as_of=END
        )
    gaps = [caveat for caveat in finding.caveats if "without a point" in caveat]
    (said,) = gaps
    assert said.startswith(f"{n} no seller's claims to follow between {ends}: without a point,")


def test_months_without_a_gap_are_not_said_to_have_one(months):
    assert not any("without a point" in caveat for caveat in months.caveats)


def test_months_of_rare_approvals_are_not_said_to_alarm_rarely(new_book):
    """One approval in eight months of twelve claims: seven in a row lie below the centre."""
    with new_book() as book:
        filed = [datetime(2025, month, 1, k) for month in range(1, 9) for k in range(12)]
        finding = claimstats.approval_trend(
            fill(book, [(day, day == filed[0], 5) for day in filed]), as_of=END
        )
    said = " ".join(finding.caveats)
    assert "8 of 8 months of seller's claims are expected to have fewer than 2 approved" in said
    assert "of such charts" not in said


def test_directions_have_a_chart_each(months):
    texts = [note["text"] for note in months.chart["layout"]["annotations"]]
    assert [text for text in texts if "claims" in text] == ["Seller's claims", "Buyers' claims"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"period": "moth"}, "Did you mean 'month'"),
        ({"decision": "last"}, "knows no decision"),
        ({"age_days": 0}, "must be above 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(empty, asked, said):
    with pytest.raises(ParameterError, match=said):
        claimstats.approval_trend(empty, **asked)
