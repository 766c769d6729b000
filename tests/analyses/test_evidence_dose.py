"""Doses of evidence: the tiny book by hand, and a shop whose mix of reasons turns the trend round.

The shop's claims by number of pieces at filing, won of all:

reason                1         2         3
not_returned       45 of 90  30 of 50   7 of 10    ten points more for each further piece
wrong_item          1 of 10  10 of 50  27 of 90    the same
both               46        40        34 of 100   six points fewer

All pieces are of kinds that neither reason demands, so all scores are 1/2.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import pytest
from statsmodels.stats.proportion import proportion_confint

import claimstats
from claimstats.errors import ParameterError

SAFET = "amazon_safet"
EASY, HARD = "not_returned", "wrong_item"
SHOP = {EASY: {1: (45, 90), 2: (30, 50), 3: (7, 10)}, HARD: {1: (1, 10), 2: (10, 50), 3: (27, 90)}}


def claims(doses_of):
    """Cells of SAFE-T claims that had so many pieces, each reason's by their number."""
    return [
        (SAFET, reason, ["order_record"] * n_pieces, is_won, n)
        for reason, doses in doses_of.items()
        for n_pieces, (won, of) in doses.items()
        for is_won, n in ((True, won), (False, of - won))
    ]


@pytest.fixture(scope="module")
def shop(decided):
    return decided(claims(SHOP))


@pytest.fixture(scope="module")
def finding(shop):
    return claimstats.evidence_dose(shop)


def trend(finding, measure):
    (row,) = finding.details["trends"].where("measure", measure).rows()
    return row


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "measure", "dose", "dose_is", "n_claims", "n_won", "rate", "lower", "upper", "usual_rate",
        "is_small",
    )  # fmt: skip
    assert finding.details["trends"].names == (
        "measure", "n_claims", "n_within", "n_strata", "slope_points", "slope_lower", "slope_upper",
        "trend_p_value", "trend_q_value", "raw_slope_points", "raw_slope_lower", "raw_slope_upper",
        "raw_trend_p_value", "departure_p_value", "is_simpson",
    )  # fmt: skip


def test_tiny_book_by_hand(tiny):
    """Two pieces: S-01, S-05, A-02, A-03, all won; one: the others, of which S-02 and C-01 won.

    Usual are 2/3 for the damaged, 1/4 for wrong items, 1/2 twice for A-to-z and 1 for the fraud.
    """
    one, two = (4 / 3 + 3 / 4 + 1 / 2 + 1 / 2 + 1) / 8, (2 / 3 + 1 / 4 + 1 / 2 + 1 / 2) / 4
    third, fourth = (4 / 3 + 2 / 4 + 1 / 2 + 1 / 2) / 6, (2 / 3 + 1 / 4 + 1 / 2 + 1 / 2 + 1) / 5
    finding = claimstats.evidence_dose(tiny, older_than_days=90)
    names = ("measure", "dose", "dose_is", "n_claims", "n_won", "rate", "usual_rate")
    assert [tuple(row[n] for n in names) for row in finding.summary.rows()] == [
        ("pieces", 1, "1 piece", 8, 2, 0.25, pytest.approx(one)),
        ("pieces", 2, "2 pieces", 4, 4, 1, pytest.approx(two)),
        ("score", 2, "score 0.25 to 0.5", 1, 0, 0, 0.25),
        ("score", 3, "score 0.5 to 0.75", 6, 2, pytest.approx(1 / 3), pytest.approx(third)),
        ("score", 4, "score 0.75 and above", 5, 4, pytest.approx(0.8), pytest.approx(fourth)),
    ]
    assert trend(finding, "pieces")["n_within"] == 11
    assert trend(finding, "pieces")["slope_points"] is None
    assert finding.headline == (
        "0 trends can be told yet: too few old enough claims of one program and reason have "
        "evidence of different number or score."
    )


def test_mix_of_reasons_does_not_make_the_trend(finding):
    row = trend(finding, "pieces")
    assert row["slope_points"] == pytest.approx(10)
    assert row["raw_slope_points"] == pytest.approx(-6)
    assert (row["n_claims"], row["n_within"], row["n_strata"]) == (300, 300, 2)
    assert row["is_simpson"]
    assert any(
        caveat.startswith(
            "Each further piece of evidence: -6.0 points with reasons mixed, but +10.0 (+2.0 to "
        )
        for caveat in finding.caveats
    )


def test_test_of_the_trend_is_mantels(finding):
    """Excess of pieces in claims won over share · pieces, squared over its variance, both summed.

    Of 150 claims a reason, 82 and 38 won. Spread about 22/15 pieces, or about as many from 4:
    90 (7/15)² + 50 (8/15)² + 10 (23/15)² = 57.333. Excess: 10 points of it.
    Variance: share (1 - share) 150/149 spread.
    """
    spread = 90 * (7 / 15) ** 2 + 50 * (8 / 15) ** 2 + 10 * (23 / 15) ** 2
    variance = sum(won / 150 * (1 - won / 150) * 150 / 149 * spread for won in (82, 38))
    row = trend(finding, "pieces")
    p_value = 2 * NormalDist().cdf(-2 * 0.1 * spread / sqrt(variance))
    assert row["trend_p_value"] == row["trend_q_value"] == pytest.approx(p_value)


def test_shares_have_wilsons_limits(finding):
    rows = list(finding.summary.where("measure", "pieces").rows())
    assert [row["n_won"] for row in rows] == [46, 40, 34]
    for row in rows:
        assert (row["lower"], row["upper"]) == pytest.approx(
            proportion_confint(row["n_won"], row["n_claims"], method="wilson")
        )


def test_usual_rate_follows_the_mix_of_reasons(finding):
    usual = finding.summary.where("measure", "pieces")["usual_rate"]
    easy, hard = 82 / 150, 38 / 150
    assert usual == pytest.approx(
        (0.9 * easy + 0.1 * hard, (easy + hard) / 2, 0.1 * easy + 0.9 * hard)
    )


def test_measure_of_one_dose_has_no_trend(finding):
    row = trend(finding, "score")
    assert (row["n_claims"], row["n_within"], row["slope_points"]) == (300, 0, None)
    assert (
        "300 claims lie in programs and reasons of one dose only by score: in no trend."
        in finding.caveats
    )


def test_headline_tells_the_slope_with_its_limits(finding):
    row = trend(finding, "pieces")
    assert finding.headline == (
        "+10.0 points in the share won for each further piece of evidence (95 % interval "
        f"+{row['slope_lower']:.1f} to +{row['slope_upper']:.1f}; 300 claims); within program and "
        "reason."
    )


def test_many_pieces_count_as_five_and_a_level_share_has_no_clear_trend(decided):
    flat = {HARD: {4: (10, 20), 5: (5, 10), 7: (5, 10)}}
    finding = claimstats.evidence_dose(decided(claims(flat)))
    assert finding.summary.where("measure", "pieces")["n_claims"] == (20, 20)
    assert finding.summary["dose_is"][1] == "5 pieces or more"
    assert finding.headline.startswith("+0.0 points in the share won for each further piece")
    assert finding.headline.endswith(
        "40 claims), no clear trend (q = 1.000 over the measures); within program and reason."
    )


def test_perfect_trend_is_clear_though_it_has_no_limits(decided):
    """All claims with two pieces won, all with one lost: the sandwich has nothing to weigh."""
    finding = claimstats.evidence_dose(decided(claims({HARD: {1: (0, 20), 2: (20, 20)}})))
    row = trend(finding, "pieces")
    assert (row["slope_points"], row["slope_lower"], row["slope_upper"]) == (100, None, None)
    assert row["trend_q_value"] < 1e-9
    assert finding.headline == (
        "+100.0 points in the share won for each further piece of evidence (limits cannot be told, "
        "since no claim lies off the line; 40 claims); within program and reason."
    )


def test_trend_is_clear_at_the_level_asked(shop, finding):
    """Mantel's q of the shop is about 0.02: clear at 95 %, not at 99 %."""
    assert 0.01 < trend(finding, "pieces")["trend_q_value"] < 0.05
    assert ", no clear trend" not in finding.headline
    assert ", no clear trend" in claimstats.evidence_dose(shop, level=0.99).headline


@pytest.mark.parametrize("named", ["tiny", "sample", "shop"])
def test_doses_equal_the_macro(request, named):
    book = request.getfixturevalue(named)
    finding = claimstats.evidence_dose(book)
    told = book.rows(finding.sql)
    names = [name for name in told[0] if name != "measure"]
    assert list(finding.summary["measure"]) == [row["measure"] for row in told]
    for found, row in zip(finding.summary.rows(), told, strict=True):
        assert [found[n] for n in names] == pytest.approx([row[n] for n in names])


def test_small_doses_are_drawn_grey(sample):
    finding = claimstats.evidence_dose(sample)
    small = [row for row in finding.summary.rows() if row["n_claims"] < 20]
    assert [row["is_small"] for row in finding.summary.rows()].count(True) == len(small) == 1
    assert "1 dose has fewer than 20 claims: drawn grey." in finding.caveats


@pytest.mark.parametrize("asked", [{"older_than_days": 0}, {"as_of": 2026}], ids=str)
def test_parameter_out_of_range_is_refused(tiny, asked):
    with pytest.raises(ParameterError, match=f"evidence_dose: {next(iter(asked))} is"):
        claimstats.evidence_dose(tiny, **asked)
