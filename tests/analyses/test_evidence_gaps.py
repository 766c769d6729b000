"""What the tiny book's claims were filed without, worked by hand; see test_evidence_quality.

stratum                   demanded kinds present      lacking            not known
safet damaged_by_customer S-01 item packaging         invoice (later)
                          S-02 packaging              item               invoice (unknown time)
                          S-03 item                   packaging invoice
safet wrong_item          S-04 item                   label
                          S-05 item label
                          S-06 label                  item (on appeal)
                          S-10                        item, label (later)
atoz item_not_received    A-01 tracking               proof
                          A-02 tracking proof
                          A-10 (its record came later)                   both
atoz not_as_described     A-03 item correspondence
                          A-04 correspondence         item
                          A-08 A-09                                      no evidence recorded
chargeback fraud          C-01 order_record           tracking
                          C-02                                           no evidence recorded

Of the open claims A-06 has its tracking record and lacks the proof, S-08 has nothing recorded; S-09
has no reason. Exports alone tell of S-11, S-12 and 7001, decided, without evidence recorded.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from datetime import datetime

import pytest
from statsmodels.stats.proportion import proportion_confint

import claimstats
from claimstats.bundled import sample_folder
from claimstats.errors import ParameterError

# Program, reason, kind: claims, known, lacking, unknown, none at filing, without evidence.
DECIDED = {
    ("amazon_safet", "damaged_by_customer", "photo_item"): (3, 3, 1, 0, 0, 0),
    ("amazon_safet", "damaged_by_customer", "photo_packaging"): (3, 3, 1, 0, 0, 0),
    ("amazon_safet", "damaged_by_customer", "invoice"): (3, 2, 2, 1, 0, 0),
    ("amazon_safet", "wrong_item", "photo_item"): (4, 4, 2, 0, 0, 0),
    ("amazon_safet", "wrong_item", "photo_label"): (4, 4, 2, 0, 0, 0),
    ("amazon_safet", "damaged_in_transit", "photo_item"): (1, 0, 0, 0, 0, 1),
    ("amazon_safet", "damaged_in_transit", "photo_packaging"): (1, 0, 0, 0, 0, 1),
    ("amazon_safet", "not_as_described", "photo_item"): (1, 0, 0, 0, 0, 1),
    ("amazon_safet", "not_as_described", "correspondence"): (1, 0, 0, 0, 0, 1),
    ("amazon_atoz", "item_not_received", "tracking_record"): (3, 2, 0, 0, 1, 0),
    ("amazon_atoz", "item_not_received", "proof_of_delivery"): (3, 2, 1, 0, 1, 0),
    ("amazon_atoz", "not_as_described", "photo_item"): (4, 2, 1, 0, 0, 2),
    ("amazon_atoz", "not_as_described", "correspondence"): (4, 2, 0, 0, 0, 2),
    ("amazon_chargeback", "fraud_unauthorised", "order_record"): (2, 1, 0, 0, 0, 1),
    ("amazon_chargeback", "fraud_unauthorised", "tracking_record"): (2, 1, 1, 0, 0, 1),
    ("amazon_fba_reimbursement", "lost_in_warehouse", "ledger_record"): (1, 0, 0, 0, 0, 1),
    ("amazon_fba_reimbursement", "lost_in_warehouse", "invoice"): (1, 0, 0, 0, 0, 1),
}
OPEN = {
    ("amazon_atoz", "item_not_received", "tracking_record"): (1, 1, 0, 0, 0, 0),
    ("amazon_atoz", "item_not_received", "proof_of_delivery"): (1, 1, 1, 0, 0, 0),
    ("amazon_safet", "wrong_item", "photo_item"): (1, 0, 0, 0, 0, 1),
    ("amazon_safet", "wrong_item", "photo_label"): (1, 0, 0, 0, 0, 1),
}
COUNTS = (
    "n_claims", "n_known", "n_lacking", "n_unknown", "n_none_at_filing", "n_without_evidence",
)  # fmt: skip


@pytest.fixture(scope="module")
def finding(tiny):
    return claimstats.evidence_gaps(tiny)


@pytest.fixture(scope="module")
def of_sample(sample):
    return claimstats.evidence_gaps(sample)


def counts(finding, state, names=COUNTS):
    return {
        (row["program"], row["reason"], row["kind"]): tuple(row[name] for name in names)
        for row in finding.summary.where("state", state).rows()
    }


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "program", "reason", "state", "kind", *COUNTS, "lacking_rate", "lower", "upper",
        "is_small",
    )  # fmt: skip


def test_claims_lack_what_was_counted_by_hand(finding):
    assert counts(finding, "decided") == DECIDED


def test_open_claims_stand_apart(finding):
    assert counts(finding, "open") == OPEN


def test_each_claim_is_known_unknown_or_without_record(of_sample):
    for row in of_sample.summary.rows():
        parts = ("n_known", "n_unknown", "n_none_at_filing", "n_without_evidence")
        assert row["n_claims"] == sum(row[part] for part in parts)


@pytest.mark.parametrize("named", ["tiny", "sample"])
def test_table_equals_the_macro(named, request):
    book = request.getfixturevalue(named)
    finding = claimstats.evidence_gaps(book)
    told = book.rows(finding.sql)
    assert len(told) == len(finding.summary)
    for row, macro in zip(finding.summary.rows(), told, strict=True):
        assert {name: row[name] for name in macro} == pytest.approx(macro)


def test_groups_stand_in_the_order_of_their_size(of_sample):
    for state in ("decided", "open"):
        sizes = of_sample.summary.where("state", state)["n_claims"]
        assert list(sizes) == sorted(sizes, reverse=True)


def test_completeness_is_the_mean_share_of_the_demanded_kinds(finding):
    """damaged_by_customer: S-01 2/3, S-03 1/3, S-02 unknown; wrong_item: 1/2 1 1/2 0."""
    rows = {
        (row["program"], row["reason"], row["state"]): row
        for row in finding.details["completeness"].rows()
    }
    damaged = rows["amazon_safet", "damaged_by_customer", "decided"]
    assert (damaged["n_known"], damaged["n_unknown"]) == (2, 1)
    assert damaged["completeness_rate"] == pytest.approx(1 / 2)
    assert (damaged["n_complete"], damaged["complete_rate"]) == (0, 0)
    wrong = rows["amazon_safet", "wrong_item", "decided"]
    assert (wrong["n_known"], wrong["n_complete"]) == (4, 1)
    assert wrong["completeness_rate"] == pytest.approx(1 / 2)
    assert rows["amazon_atoz", "item_not_received", "decided"]["n_none_at_filing"] == 1
    assert rows["amazon_safet", "wrong_item", "open"]["completeness_rate"] is None


def test_kinds_are_added_over_programs_and_reasons(finding):
    """photo_item: 3 + 4 + 2 known, 1 + 2 + 1 lacking; fewer than ten have no share."""
    kinds = finding.details["kinds"]
    assert kinds["kind"][:2] == ("photo_item", "invoice")
    assert (kinds["n_known"][0], kinds["n_lacking"][0]) == (9, 4)
    assert set(kinds["lacking_rate"]) == {None}


def test_caveats_count_what_is_in_no_row(finding):
    """Excluded: S-07, A-05, A-07, 7002 and the flagged claim; without evidence: A-08 A-09 C-02
    S-08 S-11 S-12 7001."""
    assert finding.caveats == (
        "7 claims have no evidence recorded: counted apart, since unknown is not absent.",
        "1 claim has evidence recorded, but none known to have gone with the filing: counted "
        "apart, since what was filed is not known.",
        "1 kind is recorded at an unknown time: neither there nor lacking.",
        "1 claim has a reason that demands no kind of evidence: in no row.",
        "5 claims are withdrawn, settled, of unknown outcome or known from approvals only: in no "
        "row.",
        "21 rows have fewer than 10 claims known: not to be compared.",
        "1 event names a claim that is not in the book: not used.",
    )


def test_headline_says_how_complete_and_what_is_missing_most(finding):
    """Of eleven filings the shares add up to 6.5."""
    assert finding.headline == (
        "59.1 % of the demanded kinds of evidence went with the filing, on average over 11 decided "
        "claims (95 % interval 31.6 % to 81.9 %; 2 open, counted apart); missing most: Photo of "
        "the item, in 4 of 9."
    )


def filings(kinds_of_each, **more):
    claims = [
        {"program": "amazon_safet", "claim_id": n, "reason": "wrong_item", "outcome": "denied",
         "filed_at": "2026-01-01", "decided_at": "2026-01-05"} | more
        for n in range(len(kinds_of_each))
    ]  # fmt: skip
    evidence = [
        {"program": "amazon_safet", "claim_id": n, "kind": kind, "with_filing": "yes",
         "file_name": kind}
        for n, kinds in enumerate(kinds_of_each)
        for kind in kinds
    ]  # fmt: skip
    return {"claims": claims, "evidence": evidence}


def test_headline_of_few_filings_has_no_share(tracked):
    book = tracked(**filings([["photo_item"], ["photo_item", "photo_label"]]))
    assert claimstats.evidence_gaps(book).headline == (
        "2 filings are on record of decided claims, too few for a share (0 open, counted apart); "
        "missing most: Photo of the label, in 1 of 2."
    )


def test_headline_of_complete_filings_says_that_nothing_was_missing(tracked):
    book = tracked(**filings([["photo_item", "photo_label"]] * 12))
    assert claimstats.evidence_gaps(book).headline.endswith("; no demanded kind was missing.")


def test_headline_without_decided_claims_says_so(tracked):
    book = tracked(**filings([["photo_item"]], outcome="pending", decided_at=""))
    finding = claimstats.evidence_gaps(book)
    assert finding.headline == (
        "0 decided claims have on record which of the demanded kinds of evidence they were filed "
        "with (1 open, counted apart)."
    )
    assert counts(finding, "open", ("n_known", "n_lacking")) == {
        ("amazon_safet", "wrong_item", "photo_item"): (1, 0),
        ("amazon_safet", "wrong_item", "photo_label"): (1, 1),
    }


def test_claim_without_any_record_is_not_counted_as_lacking(tracked):
    """Of a claim that nobody wrote anything down for, counting it as lacking would say 2 of 2."""
    book = tracked(**filings([["photo_item"], []]))
    found = counts(claimstats.evidence_gaps(book), "decided")
    assert found["amazon_safet", "wrong_item", "photo_label"] == (2, 1, 1, 0, 0, 1)


def test_decision_after_the_cut_off_leaves_the_claim_open(tiny):
    """On January 18 S-01 was open; of S-03 and S-04, filed by then, nothing was decided either."""
    finding = claimstats.evidence_gaps(tiny, as_of=datetime(2026, 1, 18))
    assert counts(finding, "decided") == {}
    found = counts(finding, "open")
    assert found["amazon_safet", "damaged_by_customer", "invoice"] == (3, 2, 2, 1, 0, 0)
    assert found["amazon_safet", "wrong_item", "photo_label"] == (1, 1, 1, 0, 0, 0)


def test_time_that_is_none_is_refused(tiny):
    with pytest.raises(ParameterError, match="evidence_gaps: as_of is"):
        claimstats.evidence_gaps(tiny, as_of=2026)


# The sample


def read(name):
    with (sample_folder() / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def from_trackers():
    """Known and lacking decided claims per program, reason and kind, from the trackers alone."""
    demanded = json.loads((sample_folder() / "truth.json").read_text(encoding="utf-8"))
    demanded = demanded["planted"]["evidence"]["required"]
    filed = defaultdict(set)
    for piece in read("evidence_2026-08-31.csv"):
        if piece["with_filing"] == "true":
            filed[piece["program"], piece["claim_id"]].add(piece["kind"])
    known, lacking = Counter(), Counter()
    decided = {"granted_full", "granted_partial", "replaced", "denied", "expired", "reversed"}
    for claim in read("claims_2026-08-31.csv"):
        there = filed[claim["program"], claim["claim_id"]]
        if claim["outcome"] not in decided or not there or "DIRTY" in claim["claim_id"]:
            continue
        for kind in demanded.get(claim["reason"], []):
            stratum = (claim["program"], claim["reason"], kind)
            known[stratum] += 1
            lacking[stratum] += kind not in there
    return {stratum: (n, lacking[stratum]) for stratum, n in known.items()}


def test_counts_of_the_sample_are_those_of_its_trackers(of_sample, from_trackers):
    found = counts(of_sample, "decided", ("n_known", "n_lacking"))
    assert {key: pair for key, pair in found.items() if pair[0]} == from_trackers


def test_limits_equal_statsmodels(of_sample):
    for row in of_sample.summary.rows():
        if row["n_known"]:
            expected = proportion_confint(row["n_lacking"], row["n_known"], method="wilson")
            assert (row["lower"], row["upper"]) == pytest.approx(expected, abs=1e-12)


def test_shares_of_the_sample_hold_the_planted_ones(sample):
    """A kind is attached by itself with the planted chance; an order record also when alone."""
    planted = json.loads((sample_folder() / "truth.json").read_text(encoding="utf-8"))
    attached = planted["planted"]["evidence"]["attached_share"]
    finding = claimstats.evidence_gaps(sample, level=0.999)
    for row in finding.summary.where("state", "decided").rows():
        if row["kind"] != "order_record":
            lacking = 1 - attached[row["reason"]][row["kind"]]
            assert row["lower"] < lacking < row["upper"], row
