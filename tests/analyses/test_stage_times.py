"""Steps of ten claims, worked by hand; the data end on 2026-03-01 at midnight.

SAFE-T  S1 contacted Jan 1, filed 5, asked 7 and answered 8 at noon, granted 15, paid 20
        S2 contacted Jan 2, filed 8, denied 12, appealed 14, granted on appeal 24, paid 30
        S3 contacted Jan 10, not filed yet
        S4 filed Feb 1, asked 3, neither answered nor decided
        S5 filed Jan 10, asked 12, denied 16 without an answer
        S6 filed Jan 20, denied 18
        S7 filed Jan 10, granted in part 20, appealed 22, taken back 25, never paid
        S8 filed Jan 10, granted in goods 15
        S9 filed Jan 11, lapsed, nobody knows when
A-to-z  A1 filed Feb 1, granted 5; no source tells of money in this program
        A2 the buyer wrote Feb 27, filed Mar 1, open
"""

from __future__ import annotations

import os
import sys
from datetime import date, datetime, timedelta
from importlib.util import find_spec

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

import claimstats
from claimstats.analyses._business_days import business_days
from claimstats.errors import MissingExtra, ParameterError

CLAIMS = """claim_id,program,marketplace,contacted_at,filed_at,outcome,decided_at,appealed_at,\
appeal_outcome,appeal_decided_at
S1,amazon_safet,US,01-01,01-05,granted_full,01-15,,,
S2,amazon_safet,US,01-02,01-08,denied,01-12,01-14,granted_full,01-24
S3,amazon_safet,US,01-10,,pending,,,,
S4,amazon_safet,US,,02-01,pending,,,,
S5,amazon_safet,US,,01-10,denied,01-16,,,
S6,amazon_safet,US,,01-20,denied,01-18,,,
S7,amazon_safet,US,,01-10,granted_partial,01-20,01-22,reversed,01-25
S8,amazon_safet,US,,01-10,replaced,01-15,,,
S9,amazon_safet,US,,01-11,expired,,,,
A1,amazon_atoz,,,02-01,granted_full,02-05,,,
A2,amazon_atoz,DE,02-27,03-01,pending,,,,
"""
EVENTS = """program,claim_id,type,occurred_at,actor
amazon_safet,S1,info_requested,01-07,platform
amazon_safet,S1,info_provided,2026-01-08T12:00:00Z,seller
amazon_safet,S1,money_posted,01-20,platform
amazon_safet,S2,money_posted,01-30,platform
amazon_safet,S4,info_requested,02-03,platform
amazon_safet,S5,info_requested,01-12,platform
"""
COUNTS = ("n_steps", "n_done", "n_open", "n_stopped", "n_excluded")
SURE = 0.999

with_holidays = pytest.mark.skipif(
    find_spec("holidays") is None and not os.environ.get("CI"), reason="holidays is not installed"
)


def dated(text):
    """Short days such as 01-05 written out in full."""
    cells = [line.split(",") for line in text.splitlines()]
    full = [
        [f"2026-{c}T00:00:00Z" if len(c) == 5 and c[2] == "-" else c for c in row] for row in cells
    ]
    return "\n".join(",".join(row) for row in full) + "\n"


@pytest.fixture(scope="module")
def worked(new_book, tmp_path_factory):
    folder = tmp_path_factory.mktemp("steps")
    (folder / "claims.csv").write_text(dated(CLAIMS))
    (folder / "claim_events.csv").write_text(dated(EVENTS))
    with new_book() as book:
        book.load([folder / "claims.csv", folder / "claim_events.csv"])
        yield book


@pytest.fixture(scope="module")
def finding(worked):
    return claimstats.stage_times(worked)


@pytest.fixture(scope="module")
def of_sample(sample):
    return claimstats.stage_times(sample, by="program", level=SURE)


def rows_of(finding, *names):
    group = finding.summary.names[1]
    return {
        (row["step"], row[group][:5]): tuple(row[name] for name in names)
        for row in finding.summary.rows()
    }


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "step", "direction", "n_steps", "n_done", "n_open", "n_stopped", "n_excluded",
        "median_days", "lower", "upper", "q25_days", "q25_lower", "q25_upper",
        "q75_days", "q75_lower", "q75_upper",
        "n_undated", "n_negative", "n_interval", "n_unknown", "n_untold",
    )  # fmt: skip


def test_counts_are_those_worked_by_hand(finding):
    """A claim that is not filed yet waits for its filing, not for its decision."""
    assert rows_of(finding, *COUNTS) == {
        ("contacted to filed", "selle"): (3, 2, 1, 0, 0),
        ("contacted to filed", "buyer"): (1, 1, 0, 0, 0),
        ("filed to first decision", "selle"): (8, 5, 1, 0, 2),
        ("filed to first decision", "buyer"): (2, 1, 1, 0, 0),
        ("information requested to answered", "selle"): (3, 1, 1, 1, 0),
        ("decision to money posted", "selle"): (3, 2, 0, 1, 0),
        ("decision to money posted", "buyer"): (1, 0, 0, 0, 1),
        ("appealed to appeal decided", "selle"): (2, 2, 0, 0, 0),
    }


def test_quartiles_are_those_worked_by_hand(finding):
    """Filing to decision, six claims: left open 5/6 on day 4, 4/6 on 5, 3/6 on 6, 1/6 on 10.

    Half are open from day 6 until day 10. Money: 2/3 on day 5, when S7 leaves; none on day 6.
    """
    found = rows_of(finding, "q25_days", "median_days", "q75_days")
    assert found["contacted to filed", "selle"] == (4, 6, None)
    assert found["filed to first decision", "selle"] == (5, 8, 10)
    assert found["information requested to answered", "selle"] == (1.5, None, None)
    assert found["decision to money posted", "selle"] == (5, 6, 6)
    assert found["appealed to appeal decided", "selle"] == (3, 6.5, 10)


def test_median_that_is_not_reached_is_shown_so(finding):
    shown = finding.summary.column("median_days").shown()
    assert shown[finding.summary["step"].index("information requested to answered")] == (
        "not reached"
    )


def test_chart_draws_the_steps_that_were_done_with_labels_that_can_be_read(finding):
    drawn = [t["name"] for t in finding.chart["data"] if t["mode"] == "lines+markers"]
    assert drawn == [
        "contact to filing, seller's", "contact to filing, buyers'",
        "filing to decision, seller's", "filing to decision, buyers'",
        "request to answer, seller's", "decision to money, seller's",
        "appeal to decision, seller's",
    ]  # fmt: skip
    (money,) = (t for t in finding.chart["data"] if t.get("name") == "decision to money, seller's")
    assert (money["x"], money["y"]) == ([0, 5, 6], pytest.approx([0, 1 / 3, 1], abs=0.001))


def test_exclusions_and_stops_are_told_with_their_reason(finding):
    assert finding.caveats == (
        "Filed to first decision: 1 excluded: the day on which it began or was over is not known.",
        "Filed to first decision: 1 excluded: over before it began, which one of the dates denies.",
        "Information requested to answered: 1 step was made void by a decision.",
        "Decision to money posted: 1 excluded: no source of the program ever tells of its end.",
        "Decision to money posted: 1 step was made void by a decision.",
    )


def test_headline_gives_no_median_of_few_claims(finding):
    assert finding.headline == (
        "5 of 6 seller's claims had a first decision, too few for a median (1 open)."
    )


def test_counts_equal_the_macro(sample, of_sample):
    told = [tuple(row[n] for n in COUNTS) for row in sample.rows(of_sample.sql)]
    assert [tuple(row[n] for n in COUNTS) for row in of_sample.summary.rows()] == told
    for row in of_sample.summary.rows():
        assert row["n_steps"] == sum(row[n] for n in COUNTS[1:])
        assert row["n_excluded"] == sum(
            row[f"n_{why}"] for why in ("undated", "negative", "interval", "unknown", "untold")
        )


def test_earlier_cut_off_leaves_later_steps_open(worked):
    """On January 7: S1 asked and waiting, S2 contacted and not filed, though it will be."""
    finding = claimstats.stage_times(worked, by="claim", as_of=datetime(2026, 1, 7, 12))
    assert rows_of(finding, *COUNTS) == {
        ("contacted to filed", "all c"): (2, 1, 1, 0, 0),
        ("filed to first decision", "all c"): (2, 0, 1, 0, 1),
        ("information requested to answered", "all c"): (1, 0, 0, 0, 1),
    }
    by_month = claimstats.stage_times(worked, by="month", as_of=datetime(2026, 1, 7, 12))
    assert ("contacted to filed", "(unkn") in rows_of(by_month, "n_open")


def test_decision_known_only_as_an_interval_is_set_aside(tiny):
    finding = claimstats.stage_times(tiny, by="claim")
    assert rows_of(finding, "n_interval")["filed to first decision", "all c"] == (2,)


def test_quartiles_of_the_sample_equal_statsmodels(sample, of_sample):
    """Where the curve is flat at the share, statsmodels takes the end, ours, like R, the middle."""
    compared = 0
    steps = sample.rows("SELECT *, hours / 24 AS days FROM claim_steps() WHERE state <> 'excluded'")
    names = dict(sample.connection.sql("SELECT lower(title), step FROM step_types").fetchall())
    for row in of_sample.summary.rows():
        own = [
            s
            for s in steps
            if (s["step"], s["group_value"]) == (names[row["step"]], row["program"])
        ]
        curve = SurvfuncRight([s["days"] for s in own], [s["state"] == "done" for s in own])
        for share, name in ((0.25, "q25_days"), (0.5, "median_days"), (0.75, "q75_days")):
            if not np.isclose(curve.surv_prob, 1 - share).any() and row[name] is not None:
                assert row[name] == pytest.approx(curve.quantile(share))
                compared += 1
    assert compared > 30


def test_decisions_of_the_sample_are_those_of_the_whole_time(sample, of_sample):
    """No decision of the sample is known only as an interval."""
    whole = claimstats.time_to_resolution(sample, level=SURE)
    names = ("median_days", "lower", "upper", "q75_days")
    found = {
        row["program"]: tuple(row[n] for n in names)
        for row in of_sample.summary.rows()
        if row["step"] == "filed to first decision"
    }
    assert found == {r["program"]: tuple(r[n] for n in names) for r in whole.summary.rows()}


def test_appeals_of_the_sample_are_those_planted(of_sample):
    appeals = list(of_sample.summary.where("step", "appealed to appeal decided").rows())
    assert sum(row["n_steps"] for row in appeals) == 108
    assert sum(row["n_open"] for row in appeals) == 14


# Business days


def span(began, over, marketplace="US"):
    days = {"began_on": date.fromisoformat(began), "over_on": date.fromisoformat(over)}
    return days | {"marketplace": marketplace, "n_steps": 1}


def test_weekends_alone_need_no_library():
    """Friday to Monday, within a day, Saturday to Sunday, a week, and backwards of nothing."""
    spans = [
        span("2026-06-05", "2026-06-08"), span("2026-06-05", "2026-06-05"),
        span("2026-06-06", "2026-06-07"), span("2026-06-01", "2026-06-08"),
    ]  # fmt: skip
    assert business_days("stage_times", spans, "weekends") == [1, 0, 0, 5]
    assert business_days("stage_times", [], "weekends") == []


@with_holidays
def test_public_holidays_are_those_of_the_marketplace():
    """July 3 is the day off for July 4, a Saturday; in Germany it is worked."""
    spans = [span("2026-07-01", "2026-07-06", country) for country in ("US", "DE")]
    assert business_days("stage_times", spans, "marketplace") == [2, 3]
    assert business_days("stage_times", spans, "US") == [2, 2]


@with_holidays
def test_business_days_equal_numpys_count():
    import holidays

    germany = holidays.country_holidays("DE", years=range(2025, 2028))
    days = [date(2025, 12, 20) + timedelta(days=k) for k in range(40)]
    spans = [span(str(a), str(b), "DE") for a in days for b in days if a <= b]
    day = np.timedelta64(1, "D")
    began, over = (np.array([s[n] for s in spans], "M8[D]") for n in ("began_on", "over_on"))
    expected = np.busday_count(began + day, over + day, holidays=sorted(germany))
    assert business_days("stage_times", spans, "marketplace") == expected.tolist()


@with_holidays
def test_marketplace_whose_holidays_are_not_known_is_refused(worked):
    """A1 has no marketplace: two steps, of which one is timed."""
    with pytest.raises(ParameterError, match=r"marketplace of some steps: none \(1\)\. Give one"):
        claimstats.stage_times(worked, days="business")
    with pytest.raises(ParameterError, match=r"'XX' \(20\)"):
        claimstats.stage_times(worked, days="business", calendar="XX")


@with_holidays
def test_business_days_are_estimated_like_calendar_days(worked):
    """Contacted Thursday and Friday, filed Monday (2 days) and Thursday (4 days)."""
    finding = claimstats.stage_times(worked, days="business", calendar="US")
    found = rows_of(finding, "n_steps", "q25_days", "median_days")
    assert found["contacted to filed", "selle"] == (3, 2, 4)
    assert finding.chart["layout"]["xaxis"]["title"]["text"].startswith("Business days")


def test_absent_library_is_named_with_what_to_do(worked, monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(
        MissingExtra, match=r"install it with: pip install 'claimstats\[holidays\]'"
    ):
        claimstats.stage_times(worked, days="business")
    weekends = claimstats.stage_times(worked, days="business", calendar="weekends")
    assert rows_of(weekends, "median_days")["contacted to filed", "selle"] == (4,)


def test_unknown_kind_of_days_is_refused(worked):
    with pytest.raises(
        ParameterError, match=r"knows no days 'working'. Allowed: calendar, business"
    ):
        claimstats.stage_times(worked, days="working")
