"""Evidence of the tiny book, worked by hand.

Twelve claims are decided, filed 90 days before June 30 or longer, and have a piece known to have
gone with the filing (W: the seller won; kinds that count, then the four components and the score):

stratum                   claim    kinds at filing             compl  clar  time  detail  score
safet damaged_by_customer S-01 W  photo_item photo_packaging   2/3    4/5   2/3   1       0.7833
                          S-02 W  photo_packaging              ?      2/5   1     1/2     0.6333
                          S-03    photo_item                   1/3    3/5   1     ?       0.6444
safet wrong_item          S-04    photo_item                   1/2    1/5   1     0       0.425
                          S-05 W  photo_item photo_label       1      9/10  1     2/3     0.8917
                          S-06    photo_label                  1/2    2/5   1     1       0.725
                          S-10    correspondence               0      ?     1     ?       0.5
atoz item_not_received    A-01    tracking_record              1/2    3/5   1     1       0.775
                          A-02 W  tracking proof_of_delivery   1      3/5   1/2   ?       0.7
atoz not_as_described     A-03 W  photo_item correspondence    1      ?     1     1       1
                          A-04    correspondence               1/2    1/5   1     ?       0.5667
chargeback fraud          C-01 W  order_record                 1/2    ?     1     ?       0.75

S-01's invoice came later (before the decision), so 2 of 3 pieces were there; its packing photo's
rating was made after the decision. S-02's invoice was sent nobody knows when, so whether it was
there is unknown, and with it completeness. A-01 answered its request in time, A-02 never did;
S-05's request has no rule in the US. S-06's photo of the item came with the appeal, C-01's rating
with the decision known. A-10's only piece came at an unknown time in its life, so it is left out.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import atanh, sqrt, tanh

import pytest

import claimstats
from claimstats.errors import ParameterError
from claimstats.stats.correlation import spearman

Z = 1.959963984540054

# Item: (won with, with, won without, without) in the strata that have both; then over all strata.
FOURFOLD = {
    "score": ([(1, 3, 0, 1)], (6, 11, 0, 1)),
    "clarity": ([(1, 2, 1, 1), (1, 1, 0, 2)], (3, 5, 1, 4)),
    "completeness": ([(1, 1, 0, 1), (1, 3, 0, 1)], (5, 9, 0, 2)),
    "detail": ([(1, 2, 0, 1)], (4, 6, 0, 1)),
    "timeliness": ([], (6, 12, 0, 0)),
    "correspondence": ([(0, 1, 1, 3)], (1, 3, 5, 9)),
    "invoice": ([], (0, 0, 5, 11)),
    "order_record": ([], (1, 1, 5, 11)),
    "photo_item": ([(1, 2, 1, 1), (1, 2, 0, 2), (1, 1, 0, 1)], (3, 5, 3, 7)),
    "photo_label": ([(1, 2, 0, 2)], (1, 2, 5, 10)),
    "photo_packaging": ([(2, 2, 0, 1)], (2, 2, 4, 10)),
    "proof_of_delivery": ([(1, 1, 0, 1)], (1, 1, 5, 11)),
    "tracking_record": ([], (1, 2, 5, 10)),
}

# Normal p values of the excess of wins with the item over what its stratum's margins give. For
# photo_item: (1 - 4/3) + (1 - 1/2) + (1 - 1/2) = 2/3, variance 4/18 + 12/48 + 1/4 = 13/18.
P_VALUES = {
    "photo_packaging": 0.157299,  # 2/3 over √(2/9), z = 1.414
    "completeness": 0.256840,  # 3/4 over √(7/16), z = 1.134
    "photo_label": 0.317311,  # 1/2 over √(1/4), z = 1
    "proof_of_delivery": 0.317311,
    "photo_item": 0.432768,  # z = 0.784
    "detail": 0.479500,  # 1/3 over √(2/9), z = 0.707
    "score": 0.563703,  # 1/4 over √(3/16), z = 0.577
    "correspondence": 0.563703,
    "clarity": 0.617075,  # 1/3 over √(4/9), z = 0.5
}


@pytest.fixture(scope="module")
def finding(tiny):
    return claimstats.evidence_quality(tiny, older_than_days=90)


def of(finding, item):
    (row,) = finding.summary.where("item", item).rows()
    return row


def interval(row, *names):
    return tuple(row[name] for name in names)


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "item", "item_type", "n", "n_with", "n_without", "n_within", "measure", "value", "lower",
        "upper", "difference_points", "difference_lower", "difference_upper",
        "raw_difference_points", "q_value", "is_simpson", "speed_n", "speed_value", "speed_lower",
        "speed_upper",
    )  # fmt: skip


def test_score_stands_first_then_components_then_kinds(finding):
    assert list(finding.summary["item"]) == list(FOURFOLD)
    assert list(finding.summary["item_type"]) == ["score"] + ["component"] * 4 + ["kind"] * 8


def test_components_follow_the_rubric(tiny):
    found = {
        row["claim_id"]: tuple(
            row[name] for name in ("completeness", "clarity", "timeliness", "detail", "score")
        )
        for row in tiny.rows("FROM v_claim_evidence")
    }
    by_hand = {
        "S-01": (2 / 3, 4 / 5, 2 / 3, 1, 47 / 60),
        "S-02": (None, 2 / 5, 1, 1 / 2, 19 / 30),
        "S-03": (1 / 3, 3 / 5, 1, None, 29 / 45),
        "S-04": (1 / 2, 1 / 5, 1, 0, 17 / 40),
        "S-05": (1, 9 / 10, 1, 2 / 3, 107 / 120),
        "S-06": (1 / 2, 2 / 5, 1, 1, 29 / 40),
        "S-10": (0, None, 1, None, 1 / 2),
        "A-01": (1 / 2, 3 / 5, 1, 1, 31 / 40),
        "A-02": (1, 3 / 5, 1 / 2, None, 7 / 10),
        "A-03": (1, None, 1, 1, 1),
        "A-04": (1 / 2, 1 / 5, 1, None, 17 / 30),
        "C-01": (1 / 2, None, 1, None, 3 / 4),
    }
    for claim, parts in by_hand.items():
        assert found[claim] == pytest.approx(parts), claim


@pytest.mark.parametrize("item", FOURFOLD)
def test_claims_with_and_without_are_those_counted_by_hand(finding, item):
    strata, (_, n_with, _, n_without) = FOURFOLD[item]
    row = of(finding, item)
    assert interval(row, "n", "n_with", "n_without", "n_within") == (
        n_with + n_without, n_with, n_without, sum(stratum[1] + stratum[3] for stratum in strata),
    )  # fmt: skip


@pytest.mark.parametrize("item", FOURFOLD)
def test_differences_are_those_worked_by_hand(finding, item):
    """Raw: share won with minus without. Within: the same by stratum, weighted by n1 n0 / n."""
    strata, (won, n_with, won_without, n_without) = FOURFOLD[item]
    row = of(finding, item)
    raw = 100 * (won / n_with - won_without / n_without) if n_with and n_without else None
    assert row["raw_difference_points"] == (raw if raw is None else pytest.approx(raw, abs=1e-9))
    weights = [Fraction(n1 * n0, n1 + n0) for _, n1, _, n0 in strata]
    differences = [Fraction(k1, n1) - Fraction(k0, n0) for k1, n1, k0, n0 in strata]
    within = (
        100 * float(sum(w * d for w, d in zip(weights, differences, strict=True)) / sum(weights))
        if strata
        else None
    )
    assert row["difference_points"] == (within if within is None else pytest.approx(within))


def test_limits_of_a_difference_are_satos(finding):
    """photo_item, difference 4/13, weights 2/3 + 1 + 1/2 = 13/6.

    P = (n1² k0 - n0² k1 + n1 n0 (n0 - n1) / 2) / n²: 2/9, -1/4, -1/4.
    Q = (k1 (n0 - k0) + k0 (n1 - k1)) / 2n: 1/6, 1/4, 1/4.
    Variance (4/13 · -5/18 + 2/3) / (13/6)² = 0.123805.
    """
    row = of(finding, "photo_item")
    assert row["difference_points"] == pytest.approx(400 / 13)
    half = 100 * Z * sqrt(0.123805)
    assert interval(row, "difference_lower", "difference_upper") == pytest.approx(
        (400 / 13 - half, 400 / 13 + half), abs=1e-3
    )


def test_limits_are_missing_where_every_stratum_is_unanimous(finding):
    row = of(finding, "photo_packaging")
    assert interval(row, "difference_points", "difference_lower", "difference_upper") == (
        100, None, None,
    )  # fmt: skip


@pytest.mark.parametrize("of_kinds", [True, False])
def test_q_values_are_adjusted_within_their_family(finding, of_kinds):
    """By size, times their number / rank, then never above the q value of the next larger one."""
    rows = [row for row in finding.summary.rows() if (row["item_type"] == "kind") == of_kinds]
    q = {row["item"]: row["q_value"] for row in rows if row["q_value"] is not None}
    by_size = sorted(q, key=P_VALUES.__getitem__)
    scaled = [P_VALUES[item] * len(q) / rank for rank, item in enumerate(by_size, 1)]
    assert len(q) >= 3
    assert [q[item] for item in by_size] == pytest.approx(
        [min(1, *scaled[place:]) for place in range(len(scaled))], abs=1e-6
    )


def test_rank_correlation_of_the_score_with_winning(finding):
    """Ranks of the winners' scores: 4 6 8 10 11 12; the others' 1 2 3 5 7 9. Winners tie at 9.5.

    3 · ((51 - 39) - (27 - 39)) = 72 over √(143 · 108).
    Interval: tanh(atanh r ± z √((1 + r²/2) / 9)).
    """
    row = of(finding, "score")
    r = 72 / sqrt(143 * 108)
    half = Z * sqrt((1 + r**2 / 2) / 9)
    assert interval(row, "value", "lower", "upper") == pytest.approx(
        (r, tanh(atanh(r) - half), tanh(atanh(r) + half))
    )


def test_rank_correlation_of_the_score_with_speed(finding):
    """Of thirteen claims, S-07 (withdrawn) among them; scores in order and ranks of their days:

    S-04 2.5, S-10 5, A-04 9.5, S-02 12, S-03 2.5, S-07 11, A-02 1, S-06 7.5, C-01 6, A-01 9.5,
    S-01 7.5, S-05 13, A-03 4. Products from the mean rank 7 sum to 37; squares to 182 and 180.5.
    """
    row = of(finding, "score")
    assert row["speed_n"] == 13
    assert row["speed_value"] == pytest.approx(37 / sqrt(182 * 180.5))


def test_speed_stands_at_the_age_where_a_claim_took_longer(tiny):
    """At 15 days S-07, S-02 and S-05 share rank 12: products 31, squares 182 and 178.5."""
    row = of(claimstats.evidence_quality(tiny, older_than_days=15), "score")
    assert row["speed_n"] == 13
    assert row["speed_value"] == pytest.approx(31 / sqrt(182 * 178.5))


def test_timeliness_is_not_held_against_the_time_in_which_it_is_lost(sample):
    """No planted evidence changes the pace, yet long claims have had time for late pieces."""
    row = of(claimstats.evidence_quality(sample), "timeliness")
    assert (row["speed_n"], row["speed_value"]) == (0, None)
    days, timeliness = zip(
        *((r["days"], r["timeliness"]) for r in sample.rows(
            "SELECT exit_hours // 24 AS days, timeliness FROM claims_as_of() "
            "JOIN v_claim_evidence USING (program, claim_id) "
            "WHERE event IN ('approved', 'denied') AND timeliness IS NOT NULL"
        )),
        strict=True,
    )  # fmt: skip
    assert spearman(timeliness, days).upper < 0


def test_open_claims_count_for_speed_once_they_are_old_enough(tiny):
    """A-06 is open on day 5.96: compared with the others at day 5, not at day 6."""
    at_five = of(claimstats.evidence_quality(tiny, older_than_days=5), "score")
    at_six = of(claimstats.evidence_quality(tiny, older_than_days=6), "score")
    assert (at_five["speed_n"], at_six["speed_n"]) == (14, 13)


def test_only_claims_old_enough_are_compared(tiny):
    """140 days before June 30 is February 10: the seven SAFE-T claims and A-01."""
    assert of(claimstats.evidence_quality(tiny, older_than_days=140), "score")["n"] == 8


def test_high_from_moves_claims_between_high_and_low(tiny):
    """Completeness at 0.6: high S-01, S-05, A-02, A-03; at 0.5 five more."""
    row = of(claimstats.evidence_quality(tiny, high_from=0.6, older_than_days=90), "completeness")
    assert interval(row, "n_with", "n_without") == (4, 7)


def test_earlier_cut_off_compares_what_was_decided_by_then(tiny):
    """On February 10, of claims filed by January 31: S-05 was open; S-10 was filed later."""
    finding = claimstats.evidence_quality(tiny, as_of=datetime(2026, 2, 10), older_than_days=10)
    assert of(finding, "score")["n"] == 5
    assert of(finding, "score")["speed_n"] == 7


def test_caveats_name_what_was_set_aside(finding):
    """Without evidence: S-08 S-09 S-11 S-12, A-05 A-08 A-09 and the flagged claim, C-02, 7001 7002.

    Excluded: S-07, A-07. Too young: A-06. Later: S-01's invoice, S-10's label, A-10's record.
    Hindsight: S-01's photo, C-01's record, and A-07's, whose decision nobody knows.
    """
    assert finding.caveats == (
        "11 claims have no evidence recorded: left out, since unknown is not none.",
        "1 claim has evidence recorded, but none known to have gone with the filing: left out, "
        "since who sends more later depends on how the claim goes.",
        "2 claims with evidence, withdrawn, settled, of unknown outcome or known from approvals "
        "only: left out.",
        "1 claim with evidence, filed less than 90 days before the cut-off, or at an unknown time, "
        "or older and still open: left out.",
        "3 pieces were sent after filing, as far as known before the decision: set aside.",
        "1 piece was sent after the decision, as on appeal: set aside.",
        "1 piece has no known time: set aside.",
        "1 piece names a claim that is not in the book: not used.",
        "3 ratings were not surely made before the decision: left out as hindsight.",
        "1 rating has no date; made after the decision it would be hindsight.",
        "1 event names a claim that is not in the book: not used.",
    )


def test_every_claim_is_compared_or_set_aside_for_one_reason(tiny):
    (aside,) = tiny.rows("FROM evidence_set_aside()")
    fates = (
        "compared", "without_evidence", "decided_before_filing", "none_at_filing", "excluded",
        "too_young",
    )  # fmt: skip
    assert aside["n_claims"] == sum(aside[f"n_{fate}"] for fate in fates) == 27
    assert aside["n_compared"] == 12


def test_headline_of_too_few_claims_says_so(finding):
    assert finding.headline == (
        "0 kinds of evidence can be compared yet: too few old enough claims have evidence recorded."
    )


def claims_with(kind, cells):
    """Claims and evidence from cells: reason, has the kind, won, number of claims.

    All claims have an order record; a young claim sets the cut-off.
    """
    claims, evidence = [], []
    for reason, has, won, n in cells:
        for _ in range(n):
            claim = {"program": "amazon_safet", "claim_id": f"C{len(claims)}"}
            evidence += [
                claim | {"kind": each, "with_filing": "yes", "file_name": each}
                for each in ["order_record"] + [kind] * has
            ]
            claims.append(
                claim
                | {
                    "reason": reason, "filed_at": "2026-01-01", "decided_at": "2026-01-11",
                    "outcome": "granted_full" if won else "denied",
                    "contacted_at": "" if claims else "2025-12-30",
                }
            )  # fmt: skip
    young = {"program": "amazon_safet", "claim_id": "young", "filed_at": "2026-06-01"}
    return {"claims": [*claims, young], "evidence": evidence}


HARD, EASY = "wrong_item", "not_returned"


def test_reversal_by_the_mix_of_reasons_is_flagged(tracked):
    """The hard reason: 20 of 100 won with a photo, 1 of 10 without. The easy: 9 of 10, 80 of 100.

    Within each reason ten points more with the photo; mixed 29 of 110 against 81 of 110.
    Sato: P = -37000/12100 and Q = 260/220 in each; weights 2 · 1000/110; variance 0.0728².
    """
    cells = [
        (HARD, True, True, 20), (HARD, True, False, 80),
        (HARD, False, True, 1), (HARD, False, False, 9),
        (EASY, True, True, 9), (EASY, True, False, 1),
        (EASY, False, True, 80), (EASY, False, False, 20),
    ]  # fmt: skip
    finding = claimstats.evidence_quality(tracked(**claims_with("photo_serial", cells)))
    row = of(finding, "photo_serial")
    assert row["difference_points"] == pytest.approx(10)
    assert row["raw_difference_points"] == pytest.approx(100 * (29 - 81) / 110)
    assert row["is_simpson"]
    assert (
        "Photo of the serial number: -47.3 points with reasons mixed, but +10.0 (-4.3 to +24.3) "
        "within program and reason: the raw difference is made by the mix of reasons (Simpson's "
        "paradox)." in finding.caveats
    )
    assert not of(finding, "order_record")["is_simpson"]


def test_reversal_of_fewer_than_twenty_claims_within_reason_is_not_flagged(tracked):
    """The photo is common in one reason only, where three claims of four and nine cannot tell."""
    cells = [
        (HARD, True, True, 2), (HARD, True, False, 2),
        (HARD, False, True, 5), (HARD, False, False, 4),
        (EASY, True, True, 30), ("empty_box", False, False, 30),
    ]  # fmt: skip
    row = of(
        claimstats.evidence_quality(tracked(**claims_with("photo_serial", cells))), "photo_serial"
    )
    assert row["n_within"] == 13
    assert row["difference_points"] < 0 < row["raw_difference_points"]
    assert not row["is_simpson"]


def test_headline_names_the_largest_clear_difference(tracked):
    """40 of 50 with, 10 of 50 without: 60 points; variance (0.6 · -7.5 + 8.5) / 25² = 0.08²."""
    cells = [
        (HARD, True, True, 40), (HARD, True, False, 10),
        (HARD, False, True, 10), (HARD, False, False, 40),
    ]  # fmt: skip
    finding = claimstats.evidence_quality(tracked(**claims_with("photo_packaging", cells)))
    assert finding.headline == (
        "60.0 points more claims were won with Photo of the packaging than without, within the "
        "same program and reason (95 % interval +44.3 to +75.7; 100 claims)."
    )


def test_headline_says_that_no_kind_differs_clearly(tracked):
    cells = [
        (HARD, True, True, 15), (HARD, True, False, 15),
        (HARD, False, True, 15), (HARD, False, False, 15),
    ]  # fmt: skip
    finding = claimstats.evidence_quality(tracked(**claims_with("photo_packaging", cells)))
    assert finding.headline == (
        "0 of 1 kinds of evidence differ clearly in the share won within a reason: no q value, "
        "which allows for that many comparisons, is below 0.05."
    )


def test_claims_known_only_from_appeal_files_do_not_count_as_without_evidence(tracked):
    """Only losers send files after the decision; counted as "without", they make any kind win."""
    cells = [(HARD, True, True, 5), (HARD, True, False, 5), (HARD, False, False, 5)]
    given = claims_with("photo_item", cells)
    for piece in given["evidence"]:
        if int(piece["claim_id"][1:]) >= 10:
            piece |= {"with_filing": "no", "submitted_at": "2026-02-01"}
    book = tracked(**given)
    row = of(claimstats.evidence_quality(book), "photo_item")
    assert interval(row, "n", "n_with", "n_without") == (10, 10, 0)
    (aside,) = book.rows("FROM evidence_set_aside()")
    assert (aside["n_none_at_filing"], aside["n_items_after_decision"]) == (5, 5)


def test_claims_decided_before_filing_are_not_told_as_appeals(tracked):
    """Dates that are swapped put the pieces of the filing after the decision."""
    given = claims_with("photo_item", [(HARD, True, True, 5), (HARD, True, False, 5)])
    for piece in given["evidence"]:
        piece["submitted_at"] = "2026-01-01"
    for claim in given["claims"][:3]:
        claim["decided_at"] = "2025-12-01"
    book = tracked(**given)
    (aside,) = book.rows("FROM evidence_set_aside()")
    names = ("decided_before_filing", "none_at_filing", "items_after_decision", "compared")
    assert tuple(aside[f"n_{name}"] for name in names) == (3, 0, 0, 7)
    said = claimstats.evidence_quality(book).caveats
    assert any(caveat.startswith("3 claims were decided before filing") for caveat in said)


@pytest.mark.parametrize(
    "asked",
    [{"older_than_days": 0}, {"high_from": 0}, {"high_from": 1.5}, {"as_of": 2026}],
    ids=str,
)
def test_parameter_out_of_range_is_refused(tiny, asked):
    with pytest.raises(ParameterError, match=f"evidence_quality: {next(iter(asked))} is"):
        claimstats.evidence_quality(tiny, **asked)
