"""Answers of nine claims, worked by hand; the data end on 2026-03-10 at midnight.

Buyers wrote B1 to B6 on March 1 (twice), 9, 2 (twice) and 9; the seller answered

    B1 after 48 hours to the second   B2 a second later   B3 not in the 16 hours left
    B4 not in 24 hours, when it was decided   B5 not in 184 hours   B6 after 2 hours, 14 ago

and was asked for information of S1 (answered after 24 hours), S2 (after two days, by dates alone)
and S3 (after 72 hours).
"""

from __future__ import annotations

import json
from datetime import datetime

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

import claimstats
from claimstats.bundled import sample_folder
from claimstats.errors import ParameterError

TRUTH = json.loads((sample_folder() / "truth.json").read_text(encoding="utf-8"))["planted"]
CLAIMS = """claim_id,program,contacted_at,filed_at,outcome,decided_at
B1,amazon_atoz,2026-03-01T08:00:00Z,2026-03-04T08:00:00Z,pending,
B2,amazon_atoz,2026-03-01T08:00:00Z,2026-03-04T08:00:00Z,pending,
B3,amazon_atoz,2026-03-09T08:00:00Z,2026-03-09T09:00:00Z,pending,
B4,amazon_atoz,2026-03-02T08:00:00Z,2026-03-02T20:00:00Z,denied,2026-03-03T08:00:00Z
B5,amazon_atoz,2026-03-02T08:00:00Z,2026-03-04T08:00:00Z,pending,
B6,amazon_atoz,2026-03-09T10:00:00Z,2026-03-09T11:00:00Z,pending,
S1,amazon_safet,,2026-02-20T08:00:00Z,pending,
S2,amazon_safet,,2026-02-20T08:00:00Z,pending,
S3,amazon_safet,,2026-02-20T08:00:00Z,pending,
"""
EVENTS = """program,claim_id,type,occurred_at,actor
amazon_atoz,B1,counterparty_contacted,2026-03-03T08:00:00Z,seller
amazon_atoz,B2,refund,2026-03-03T08:00:01Z,seller
amazon_atoz,B5,counterparty_contacted,2026-03-02T09:00:00Z,platform
amazon_atoz,B5,evidence_added,2026-03-10T00:00:00Z,buyer
amazon_atoz,B6,counterparty_contacted,2026-03-09T12:00:00Z,seller
amazon_safet,S1,info_requested,2026-03-01T08:00:00Z,platform
amazon_safet,S1,info_provided,2026-03-02T08:00:00Z,seller
amazon_safet,S2,info_requested,2026-03-05,platform
amazon_safet,S2,info_provided,2026-03-07,seller
amazon_safet,S3,info_requested,2026-03-05T08:00:00Z,platform
amazon_safet,S3,info_provided,2026-03-08T08:00:00Z,seller
"""
COUNTS = ("n_steps", "n_done", "n_open", "n_stopped", "n_excluded")
SURE = 0.999


@pytest.fixture(scope="module")
def worked(new_book, tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    (folder / "claims.csv").write_text(CLAIMS)
    (folder / "claim_events.csv").write_text(EVENTS)
    with new_book() as book:
        book.load([folder / "claims.csv", folder / "claim_events.csv"])
        yield book


@pytest.fixture(scope="module")
def finding(worked):
    return claimstats.service_level(worked)


@pytest.fixture(scope="module")
def of_sample(sample):
    return claimstats.service_level(sample, by="program", level=SURE)


def of(finding, service, group="buyer_claims"):
    rows = finding.summary.where("service", service)
    (row,) = rows.where(rows.names[1], group).rows()
    return row


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "service", "direction", *COUNTS, "n_due", "n_in_time", "in_time_rate", "lower", "upper",
        "curve_rate", "curve_lower", "curve_upper", "n_not_due", "n_stopped_early",
        "n_undated", "n_negative", "n_interval", "n_unknown", "n_untold",
        "within_hours", "is_small",
    )  # fmt: skip


def test_contacts_are_counted_as_worked_by_hand(finding):
    """Due are B1, B2 and B5; a message of the platform is no answer, one in time is no late one."""
    row = of(finding, "buyers' contacts answered")
    assert tuple(row[name] for name in COUNTS) == (6, 3, 2, 1, 0)
    assert (row["n_due"], row["n_in_time"], row["n_not_due"], row["n_stopped_early"]) == (
        3, 1, 2, 1,
    )  # fmt: skip
    assert row["in_time_rate"] == pytest.approx(1 / 3)
    assert row["is_small"]


def test_curve_counts_those_that_wait_as_worked_by_hand(finding):
    """Left waiting: 5/6 after 2 hours (B6); B3 and B4 leave; times 2/3 at 48 hours (B1)."""
    row = of(finding, "buyers' contacts answered")
    assert row["curve_rate"] == pytest.approx(4 / 9)
    assert 0 < row["curve_lower"] < 4 / 9 < row["curve_upper"] < 1


def test_times_known_to_the_day_are_compared_in_days(worked, finding):
    """S2 was answered two days later: in time within 48 hours, not within 47."""
    row = of(finding, "information requests answered", "seller_claims")
    assert (row["n_due"], row["n_in_time"]) == (3, 2)
    shorter = claimstats.service_level(worked, within_hours=47)
    assert of(shorter, "information requests answered", "seller_claims")["n_in_time"] == 1
    assert of(shorter, "buyers' contacts answered")["n_in_time"] == 0


def test_decisions_are_timed_from_filing(finding):
    """B4 was decided after 12 hours; B3 and B6 were filed on the day before the last."""
    row = of(finding, "claims decided")
    assert (row["n_steps"], row["n_due"], row["n_in_time"], row["n_not_due"]) == (6, 4, 1, 2)


def test_headline_gives_no_share_of_few(finding):
    assert finding.headline == (
        "2 of 3 information requests answered within 48 hours, too few for a rate; "
        "1 of 3 buyers' contacts answered within 48 hours, too few for a rate; "
        "1 of 4 buyers' claims decided or withdrawn within 48 hours, too few for a rate."
    )


def test_earlier_cut_off_knows_no_later_answer(worked):
    """At 8 on March 3 B1 was answered that very second, B2 not yet; B3 and B6 had not written."""
    then = claimstats.service_level(worked, as_of=datetime(2026, 3, 3, 8))
    row = of(then, "buyers' contacts answered")
    assert tuple(row[name] for name in COUNTS) == (4, 1, 2, 1, 0)
    assert (row["n_due"], row["n_in_time"]) == (2, 1)


def test_programs_that_tell_no_answers_are_set_aside(of_sample):
    """The sample's buyers write, and no file of it tells whether they were answered."""
    row = of(of_sample, "buyers' contacts answered", "amazon_atoz")
    assert (row["n_steps"], row["n_untold"], row["n_due"]) == (180, 180, 0)
    assert row["in_time_rate"] is row["curve_rate"] is None
    assert (
        "Buyers' contacts answered: 180 excluded: no source of the program ever tells of an answer."
    ) in of_sample.caveats


def test_counts_add_up_and_equal_the_macro(sample):
    finding = claimstats.service_level(sample, by="program")
    told = {(row["step"], row["group_value"]): row for row in sample.rows(finding.sql)}
    assert len(told) == len(finding.summary)
    names = dict(
        zip(
            ("information requests answered", "buyers' contacts answered", "claims decided"),
            ("request_to_answer", "contact_to_answer", "filing_to_decision"),
            strict=True,
        )
    )
    for row in finding.summary.rows():
        macro = told[names[row["service"]], row["program"]]
        assert all(row[name] == macro[name] for name in row if name.startswith("n_"))
        assert row["n_steps"] == sum(row[name] for name in COUNTS[1:])
        parts = ("n_due", "n_not_due", "n_stopped_early", "n_excluded")
        assert row["n_steps"] == sum(row[name] for name in parts)
        if row["n_due"]:
            limits = [row[name] for name in ("in_time_rate", "lower", "upper")]
            assert limits == pytest.approx([macro[n] for n in ("in_time_rate", "lower", "upper")])
            expected = proportion_confint(row["n_in_time"], row["n_due"], method="wilson")
            assert limits[1:] == pytest.approx(expected)


def test_decisions_of_the_sample_hold_the_planted_share(of_sample):
    """Of the claims of each program this share is over by the age of two days."""
    speeds = TRUTH["speed_days"]
    ended = TRUTH["endings"]["ended_share"]

    def over(days):
        return float(np.interp(2, days, speeds["quantiles"]))

    for program, by_end in speeds["by_program"].items():
        cells = [cell for cell in TRUTH["approval"] if cell["program"] == program]
        n = sum(cell["n_claims"] for cell in cells)
        approval = sum(cell["n_claims"] * cell["approval_of_decided"] for cell in cells) / n
        decided = approval * over(by_end["approved"]) + (1 - approval) * over(by_end["denied"])
        planted = (1 - ended) * decided + ended * over(speeds["ended"])
        row = of(of_sample, "claims decided", program)
        for lower, upper in (("lower", "upper"), ("curve_lower", "curve_upper")):
            assert (row[lower] or 0) < planted < (row[upper] or 0.2), program


def test_hours_that_are_none_are_refused(worked):
    for hours in (0, -1, 0.5):
        with pytest.raises(ParameterError, match="must be a whole number above 0"):
            claimstats.service_level(worked, within_hours=hours)


def test_empty_and_all_waiting_books_have_no_share(empty, worked):
    assert claimstats.service_level(empty).headline == "0 answers were due within 48 hours."
    early = claimstats.service_level(worked, as_of=datetime(2026, 3, 1, 9), by="claim")
    row = of(early, "information requests answered", "all claims")
    assert (row["n_steps"], row["n_untold"], row["in_time_rate"]) == (1, 1, None)
