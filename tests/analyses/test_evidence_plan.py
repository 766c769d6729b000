"""A shop with past claims in four cells, and open claims that lack one thing or another.

Past claims, all with an order record, filed on January 1 and decided ten days later:

program, reason         kind               won with   won without   gain
safet wrong_item        photo_serial       40 of 50   10 of 50      +60
                        photo_item         25 of 50   25 of 50        0
safet empty_box         photo_packaging     4 of 8     4 of 8       too few for five a cell
atoz item_not_received  proof_of_delivery  10 of 15    6 of 16      +29.17

The last event is on June 1 at noon. A wrong item demands a photo of the item and of the label,
which no past claim had.
"""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

import claimstats
from claimstats.bundled import sample_folder
from claimstats.errors import ParameterError

SAFET, ATOZ = {"program": "amazon_safet"}, {"program": "amazon_atoz"}
BANK, STRIPE = {"program": "amazon_chargeback"}, {"program": "stripe_dispute"}
CLAIM_COLUMNS = (
    "claim_id", "program", "reason", "contacted_at", "filed_at", "outcome", "decided_at", "due_at",
)  # fmt: skip
EVIDENCE_COLUMNS = ("program", "claim_id", "kind", "submitted_at", "with_filing", "file_name")
EVENT_COLUMNS = ("program", "claim_id", "type", "occurred_at")

CELLS = {
    "photo_serial": (40, 50, 10, 50),
    "photo_item": (25, 50, 25, 50),
    "proof_of_delivery": (10, 15, 6, 16),
}

# Open claims: program, reason, kinds on record of the filing beside the order record, due_at.
OPEN = {
    "bare": (SAFET, "wrong_item", [], None),
    "serial": (SAFET, "wrong_item", ["photo_serial"], None),
    "later": (SAFET, "wrong_item", [], None),
    "undated": (SAFET, "wrong_item", [], None),
    "full": (SAFET, "wrong_item", ["photo_serial", "photo_item", "photo_label"], None),
    "thin": (SAFET, "empty_box", [], None),
    "told": (ATOZ, "item_not_received", [], "2026-06-03"),
    "untold": (ATOZ, "item_not_received", [], None),
    "asked": (ATOZ, "item_not_received", [], None),
    "asked anew": (ATOZ, "item_not_received", [], "2026-05-27"),
    "answered": (ATOZ, "item_not_received", [], "2026-05-28"),
    "bank": (BANK, "fraud_unauthorised", [], None),
    "stripe": (STRIPE, "fraud_unauthorised", [], None),
}
SILENT = SAFET | {
    "claim_id": "silent", "reason": "wrong_item", "filed_at": "2026-05-25", "outcome": "pending",
}  # fmt: skip


def filing(claim, kinds):
    """Pieces that went with the filing of a claim, an order record among them."""
    own = {"program": claim["program"], "claim_id": claim["claim_id"], "with_filing": "yes"}
    return [own | {"kind": kind, "file_name": kind} for kind in ("order_record", *kinds)]


def past(program, reason, kind, cells, also=()):
    """Claims by cell: won with the kind, lost with it, won and lost without; `also` in half."""
    cases = ((True, True), (True, False), (False, True), (False, False))
    for (has, won), n in zip(cases, cells, strict=True):
        for number in range(n):
            claim = program | {
                "claim_id": f"{reason} {has} {won} {number}", "reason": reason,
                "filed_at": "2026-01-01T00:00:00Z", "decided_at": "2026-01-11T00:00:00Z",
                "outcome": "denied" if won == (program is ATOZ) else "granted_full",
            }  # fmt: skip
            yield claim, filing(claim, [*[kind] * has, *also[: number % 2]])


def still_open():
    for name, (program, reason, kinds, due_at) in OPEN.items():
        claim = program | {
            "claim_id": name, "reason": reason, "filed_at": "2026-05-25T00:00:00Z",
            "outcome": "pending", "due_at": due_at or "",
        }  # fmt: skip
        yield claim, filing(claim, kinds)


def written(path, header, rows):
    lines = [header, *([str(row.get(name, "")) for name in header] for row in rows)]
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shop(new_book, tmp_path_factory):
    claims, pieces = zip(
        *past(SAFET, "wrong_item", "photo_serial", (40, 10, 10, 40), ["photo_item"]),
        *past(SAFET, "empty_box", "photo_packaging", (4, 4, 4, 4)),
        *past(ATOZ, "item_not_received", "proof_of_delivery", (10, 5, 6, 10)),
        *still_open(),
        strict=True,
    )
    serial = SAFET | {"kind": "photo_serial", "file_name": "serial"}
    sent = {"with_filing": "no", "submitted_at": "2026-05-28T00:00:00Z"}
    evidence = [piece for each in pieces for piece in each]
    evidence += [serial | sent | {"claim_id": "later"}, serial | {"claim_id": "undated"}]
    events = [
        program | {"claim_id": claim, "type": kind, "occurred_at": f"2026-{when}:00:00Z"}
        for program, claim, kind, when in (
            (ATOZ, "asked", "info_requested", "05-31T11"),
            (ATOZ, "asked anew", "info_requested", "05-31T18"),
            (ATOZ, "answered", "info_requested", "05-26T00"),
            (ATOZ, "answered", "info_provided", "05-27T00"),
            (SAFET, "full", "condition_checked", "06-01T12"),
        )
    ]
    folder = tmp_path_factory.mktemp("shop")
    with new_book() as book:
        book.load(
            [
                written(folder / "claims.csv", CLAIM_COLUMNS, [*claims, SILENT]),
                written(folder / "evidence.csv", EVIDENCE_COLUMNS, evidence),
                written(folder / "claim_events.csv", EVENT_COLUMNS, events),
            ]
        )
        yield book


@pytest.fixture(scope="module")
def finding(shop):
    return claimstats.evidence_plan(shop)


@pytest.fixture(scope="module")
def of_sample(sample):
    return claimstats.evidence_plan(sample, level=0.999)


@pytest.fixture(scope="module")
def rows(finding):
    return {row["claim_id"]: row for row in finding.summary.rows()}


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "program", "claim_id", "reason", "due_at", "due_basis", "days_left", "kind", "gain_points",
        "gain_lower", "gain_upper", "gain_q_value", "is_clear", "won_with", "n_with",
        "won_without", "n_without", "n_missing", "n_compared", "refused_why",
    )  # fmt: skip


def test_every_open_claim_has_one_row(finding):
    assert sorted(finding.summary["claim_id"]) == sorted([*OPEN, "silent"])


@pytest.mark.parametrize(
    ("claim", "kind", "n_missing", "n_compared"),
    [("bare", "photo_serial", 3, 2), ("told", "proof_of_delivery", 2, 1)],
)
def test_missing_kind_with_the_largest_gain_is_named(rows, claim, kind, n_missing, n_compared):
    """An item not received demands a tracking record too, which no past claim had."""
    row = rows[claim]
    assert (row["kind"], row["n_missing"], row["n_compared"]) == (kind, n_missing, n_compared)
    cells = tuple(row[name] for name in ("won_with", "n_with", "won_without", "n_without"))
    assert cells == CELLS[kind]
    won, n, won_without, n_without = cells
    assert row["gain_points"] == pytest.approx(100 * (won / n - won_without / n_without))
    assert row["refused_why"] is None


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("serial", "no gain seen"),
        ("silent", "evidence unknown"),
        ("later", "no gain seen"),
        ("undated", "no gain seen"),
        ("full", "nothing missing"),
        ("thin", "too few past claims"),
        ("bank", "too few past claims"),
    ],
)
def test_claim_without_a_plan_says_why(rows, claim, why):
    row = rows[claim]
    assert row["refused_why"] == why
    names = ("kind", "gain_points", "gain_lower", "gain_q_value", "is_clear", "n_with")
    assert {row[name] for name in names} == {None}


def test_fewer_claims_a_cell_are_compared_if_asked(shop):
    """Four in each cell: half won with the photo and half without, so no gain is seen."""
    finding = claimstats.evidence_plan(shop, fewest=4)
    (thin,) = finding.summary.where("claim_id", "thin").rows()
    assert (thin["refused_why"], thin["n_compared"]) == ("no gain seen", 1)


@pytest.mark.parametrize(
    ("claim", "due_at", "basis"),
    [
        ("told", datetime(2026, 6, 3), "export"),
        ("untold", None, None),
        # Asked on May 31: 48 hours.
        ("asked", datetime(2026, 6, 2, 11), "atoz_info_request"),
        # The deadline that the export carries was over when more was asked for.
        ("asked anew", datetime(2026, 6, 2, 18), "atoz_info_request"),
        ("answered", datetime(2026, 5, 28), "export"),
        # Seven days from filing; Stripe's rule says to look the deadline up.
        ("bank", datetime(2026, 6, 1), "chargeback_reply"),
        ("stripe", None, None),
        ("bare", None, None),
    ],
)
def test_deadline_is_the_exports_or_a_named_rules(rows, claim, due_at, basis):
    assert (rows[claim]["due_at"], rows[claim]["due_basis"]) == (due_at, basis)


def test_days_are_counted_from_the_cut_off(rows):
    """From June 1, noon, in whole hours."""
    assert rows["told"]["days_left"] == pytest.approx(1.5)
    assert rows["answered"]["days_left"] == pytest.approx(-4.5)


def test_next_deadline_stands_first_and_passed_ones_last(finding):
    """Without a deadline the largest gain first: bare +60, untold +29."""
    assert finding.summary["claim_id"] == (
        "asked", "asked anew", "told",
        "bare", "untold", "full", "later", "serial", "silent", "thin", "undated", "stripe",
        "answered", "bank",
    )  # fmt: skip


def test_what_came_after_an_earlier_cut_off_is_not_known_there(shop):
    finding = claimstats.evidence_plan(shop, as_of=datetime(2026, 5, 27, 12))
    (later,) = finding.summary.where("claim_id", "later").rows()
    assert later["kind"] == "photo_serial"
    (asked,) = finding.summary.where("claim_id", "asked").rows()
    assert asked["due_basis"] is None


def test_only_past_claims_old_enough_are_learnt_from(shop):
    """They were filed 151 days before the cut-off."""
    finding = claimstats.evidence_plan(shop, older_than_days=152)
    assert set(finding.summary["kind"]) == {None}
    assert len(finding.details["comparisons"]) == 0
    assert finding.figure.to_html()


def test_gains_and_their_limits_equal_statsmodels(finding):
    """Newcombe's limits, and Benjamini-Hochberg over Cochran-Mantel-Haenszel tests."""
    compared = finding.details["comparisons"].where("is_thin", False)
    assert set(compared["kind"]) == set(CELLS)
    p_values = []
    for row in compared.rows():
        won, n, won_without, n_without = CELLS[row["kind"]]
        expected = confint_proportions_2indep(won, n, won_without, n_without, method="newcomb")
        assert (row["gain_lower"], row["gain_upper"]) == pytest.approx(
            tuple(100 * limit for limit in expected)
        )
        table = [[won, n - won], [won_without, n_without - won_without]]
        p_values.append(StratifiedTable([table]).test_null_odds(correction=False).pvalue)
    expected = multipletests(p_values, method="fdr_bh")[1]
    assert compared["gain_q_value"] == pytest.approx(tuple(expected))


def test_thin_comparisons_have_cells_but_no_number(finding):
    thin = finding.details["comparisons"].where("is_thin", True)
    assert set(thin["kind"]) == {"order_record", "photo_packaging"}
    assert set(thin["gain_points"]) == set(thin["gain_q_value"]) == {None}


def test_only_a_gain_beyond_chance_is_clear(rows):
    """60 points of 100 claims; 29 points of 31 claims may be chance."""
    assert rows["bare"]["is_clear"] is True
    assert rows["told"]["is_clear"] is False
    assert rows["told"]["gain_lower"] < 0 < rows["told"]["gain_upper"]


def test_headline_counts_clear_gains_and_names_what_is_due_next(finding):
    assert finding.headline == (
        "1 of 14 open claims lack a kind of evidence that clearly went with more wins within their "
        "program and reason (q < 0.05); for 5 others the gain seen may be chance, and 8 have no "
        "plan; the next deadline is asked's, by 2026-06-02 11:00 UTC (Proof of delivery)."
    )


def test_what_is_due_within_a_week_is_named_whether_or_not_its_plan_is_clear(finding):
    soon, overdue, clear = finding.to_do
    due = [
        row for row in finding.summary.rows()
        if row["days_left"] is not None and 0 <= row["days_left"] <= 7
    ]  # fmt: skip
    past = sum(
        row["days_left"] is not None and row["days_left"] < 0 for row in finding.summary.rows()
    )
    assert overdue.startswith(f"{past} open claim")
    assert soon.startswith(f"{len(due)} open claim")
    assert "asked by 2026-06-02 11:00 UTC (Proof of delivery)" in soon
    assert clear.startswith("1 open claim lacks a kind of evidence that clearly went with")


def test_caveats_say_why_there_is_no_plan_and_which_rules_were_used(finding):
    assert finding.caveats == (
        "1 claim has no plan (evidence unknown): no piece is on record that went with the filing, "
        "so what is missing is unknown.",
        "1 claim has no plan (nothing missing): each kind that the reason demands or that past "
        "claims had is there.",
        "3 claims have no plan (too few past claims): no missing kind has 5 past claims in each of "
        "the four cells, won and lost, with and without it, in Fraud or not authorised (Amazon "
        "chargeback), Empty box (Amazon SAFE-T), Fraud or not authorised (Stripe dispute).",
        "3 claims have no plan (no gain seen): no missing kind went with more wins among past "
        "claims.",
        "3 comparisons were made among past claims, 1 with a clear gain (q < 0.05); the largest of "
        "several gains is too large on average.",
        "9 claims have no known deadline: no export has one, and no rule fits.",
        "2 claims have a deadline that has passed.",
        "2 deadlines are by the rule atoz_info_request (confidence: conflict).",
        "1 deadline is by the rule chargeback_reply (confidence: high).",
    )


def test_evidence_went_with_wins_and_nothing_says_that_it_caused_them(finding):
    assert "cause" not in " ".join([finding.headline, *finding.caveats])
    assert "that it caused it does not follow" in finding.method.definition


@pytest.mark.parametrize("named", ["shop", "sample"])
def test_table_equals_the_macro(named, request):
    book = request.getfixturevalue(named)
    finding = claimstats.evidence_plan(book, fewest=3)
    told = book.rows(finding.sql)
    assert len(told) == len(finding.summary)
    for row, macro in zip(finding.summary.rows(), told, strict=True):
        gain = macro.pop("gain")
        assert {name: row[name] for name in macro} == macro
        assert row["gain_points"] == (None if gain is None else pytest.approx(100 * gain))


@pytest.mark.parametrize("asked", [{"older_than_days": 0}, {"fewest": 0}, {"as_of": 1}], ids=str)
def test_parameter_out_of_range_is_refused(shop, asked):
    with pytest.raises(ParameterError, match=f"evidence_plan: {next(iter(asked))} is"):
        claimstats.evidence_plan(shop, **asked)


def test_gains_of_the_sample_hold_the_planted_effects(of_sample):
    truth = json.loads((sample_folder() / "truth.json").read_text(encoding="utf-8"))
    effects = truth["planted"]["evidence"]["effect_on_seller_wins_points"]
    compared = list(of_sample.details["comparisons"].where("is_thin", False).rows())
    assert len(compared) > 10
    for row in compared:
        assert row["gain_lower"] <= effects[row["kind"]] <= row["gain_upper"], row
    assert len(of_sample.summary) == sum(truth["counts"]["claims"]["open"].values())
