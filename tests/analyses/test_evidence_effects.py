"""Effects of evidence: books whose adjusted odds ratios can be read off their cells.

`shop` has claims of three kinds of program, by cell (won of all, with each kind or without):

program and reason        kinds                         cells
safet wrong_item          photo_serial                  20 of 100 with, 1 of 10 without
safet not_returned        photo_serial                  9 of 10 with, 80 of 100 without
fba lost_in_warehouse     ledger_record and invoice     30 of 40 both, 10 of 20 the ledger alone,
                                                        3 of 12 the invoice alone, 4 of 40 neither
atoz not_as_described     correspondence                40 of 50 with, 10 of 50 without
atoz damaged_in_transit   correspondence                10 of 50 with, 40 of 50 without

All have an order record. The odds ratio of the serial number's photo is 2.25 in both reasons, of
the ledger's record 9 with the invoice and without, of the invoice 3 with the record and without.
"""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.multitest import multipletests

import claimstats
from claimstats.errors import ParameterError
from claimstats.stats.logistic import logistic

SAFET, ATOZ, FBA, BANK = (
    f"amazon_{name}" for name in ("safet", "atoz", "fba_reimbursement", "chargeback")
)
LOST, ORDER = "lost_in_warehouse", "order_record"
Z = 1.959963984540054


def cells(program, reason, kinds, won, n, **more):
    """Claims of a program and reason that had these kinds: those won, and the others."""
    kinds = (ORDER, *kinds)
    return [
        (program, reason, kinds, True, won, more),
        (program, reason, kinds, False, n - won, more),
    ]


SHOP = [
    *cells(SAFET, "wrong_item", ["photo_serial"], 20, 100),
    *cells(SAFET, "wrong_item", [], 1, 10),
    *cells(SAFET, "not_returned", ["photo_serial"], 9, 10),
    *cells(SAFET, "not_returned", [], 80, 100),
    *cells(FBA, LOST, ["ledger_record", "invoice"], 30, 40),
    *cells(FBA, LOST, ["ledger_record"], 10, 20),
    *cells(FBA, LOST, ["invoice"], 3, 12),
    *cells(FBA, LOST, [], 4, 40),
    *cells(ATOZ, "not_as_described", ["correspondence"], 40, 50),
    *cells(ATOZ, "not_as_described", [], 10, 50),
    *cells(ATOZ, "damaged_in_transit", ["correspondence"], 10, 50),
    *cells(ATOZ, "damaged_in_transit", [], 40, 50),
]


@pytest.fixture(scope="module")
def shop(decided):
    return decided(SHOP)


@pytest.fixture(scope="module")
def finding(shop):
    return claimstats.evidence_effects(shop)


def of(finding, kind):
    (row,) = finding.summary.where("kind", kind).rows()
    return row


def values(row, *names):
    return tuple(row[name] for name in names)


def test_columns_are_the_published_ones(finding):
    assert finding.summary.names == (
        "kind", "n_with", "won_with", "n_without", "won_without", "n_unknown", "n_within",
        "overlap_share", "n_strata", "effect_points", "effect_lower", "effect_upper",
        "adjusted_odds_ratio", "adjusted_lower", "adjusted_upper", "effect_q_value", "n_adjusted",
        "difference_points", "difference_lower", "difference_upper", "odds_ratio", "odds_lower",
        "odds_upper", "homogeneity_p_value", "raw_difference_points", "raw_odds_ratio",
        "is_simpson", "is_separated", "refused_why",
    )  # fmt: skip


def test_kinds_that_most_claims_compare_stand_first(finding):
    assert list(finding.summary["kind"]) == [
        "photo_serial", "correspondence", "invoice", "ledger_record", ORDER,
    ]  # fmt: skip


def test_cells_and_overlap_are_those_counted_by_hand(finding):
    """532 claims in five programs and reasons, 110, 110, 112, 100 and 100."""
    names = ("n_with", "won_with", "n_without", "won_without", "n_unknown", "n_within", "n_strata")
    assert values(of(finding, "photo_serial"), *names) == (110, 29, 422, 228, 0, 220, 2)
    assert values(of(finding, "ledger_record"), *names) == (60, 40, 472, 217, 0, 112, 1)
    assert values(of(finding, ORDER), *names) == (532, 257, 0, 0, 0, 0, 0)
    assert of(finding, "photo_serial")["overlap_share"] == pytest.approx(220 / 532)


def test_raw_odds_ratio_is_wrong_and_the_adjusted_one_right(finding):
    """The photo goes with hard reasons: mixed, 29 of 110 against 228 of 422."""
    row = of(finding, "photo_serial")
    assert row["raw_odds_ratio"] == pytest.approx(29 * 194 / (81 * 228))
    assert row["adjusted_odds_ratio"] == pytest.approx(2.25, rel=1e-6)
    assert row["odds_ratio"] == pytest.approx(2.25)
    assert row["adjusted_lower"] < 2.25 < row["adjusted_upper"]
    assert row["raw_odds_ratio"] < 0.34


def test_kinds_that_go_together_do_not_share_their_effects(finding):
    """The invoice mostly comes with the ledger's record: within reason alone it is 5.7 for 3."""
    record, invoice = of(finding, "ledger_record"), of(finding, "invoice")
    assert record["adjusted_odds_ratio"] == pytest.approx(9, rel=1e-6)
    assert invoice["adjusted_odds_ratio"] == pytest.approx(3, rel=1e-6)
    assert invoice["odds_ratio"] == pytest.approx(33 * 46 / (19 * 14))


def test_effect_is_the_average_over_the_claims_compared(finding):
    """In lost_in_warehouse the invoice goes with 25 points (3/4 for 1/2 won) in the 60 claims that
    have the record, and with 15 (1/4 for 1/10) in the 52 that have not."""
    row = of(finding, "invoice")
    assert row["effect_points"] == pytest.approx((25 * 60 + 15 * 52) / 112, rel=1e-6)
    assert row["n_adjusted"] == 112


def test_limits_and_q_values_are_those_of_statsmodels(finding):
    kinds = ["photo_serial", "correspondence", "invoice", "ledger_record"]
    rows = [cell for cell in SHOP if cell[4]]
    strata = sorted({cell[:2] for cell in rows})
    design = [
        [cell[:2] == stratum for stratum in strata] + [kind in cell[2] for kind in kinds]
        for cell in rows
    ]
    fit = sm.GLM(
        np.array([cell[3] for cell in rows], float),
        np.array(design, float),
        family=sm.families.Binomial(),
        freq_weights=np.array([cell[4] for cell in rows]),
    ).fit(tol=1e-12)
    q_values = multipletests(fit.pvalues[-4:], method="fdr_bh")[1]
    for kind, (low, high), q_value in zip(kinds, fit.conf_int()[-4:], q_values, strict=True):
        row = of(finding, kind)
        told = values(row, "adjusted_lower", "adjusted_upper", "effect_q_value")
        assert told == pytest.approx((exp(low), exp(high), q_value), rel=1e-5)


def test_reversal_is_flagged_and_named(finding):
    assert of(finding, "photo_serial")["is_simpson"]
    assert any(
        caveat.startswith("Photo of the serial number: -27.7 points with reasons mixed, but +10.0 ")
        for caveat in finding.caveats
    )


def test_opposite_effects_in_two_reasons_are_told(finding):
    """60 points more in one reason and 60 fewer in the other: none on the whole."""
    row = of(finding, "correspondence")
    assert row["difference_points"] == pytest.approx(0, abs=1e-9)
    assert row["homogeneity_p_value"] < 1e-6
    assert of(finding, "photo_serial")["homogeneity_p_value"] == pytest.approx(1)
    assert (
        "Correspondence does not go with the same in all 2 programs and reasons: one number hides "
        "that; see evidence_plan's comparisons." in finding.caveats
    )


def test_kind_that_all_claims_have_is_compared_with_nothing(finding):
    row = of(finding, ORDER)
    assert row["refused_why"] == "too few claims"
    assert row["effect_points"] is row["difference_points"] is row["raw_odds_ratio"] is None


def test_headline_names_the_largest_clear_effect(finding):
    row = of(finding, "ledger_record")
    value, low, high = values(row, "effect_points", "effect_lower", "effect_upper")
    assert finding.headline == (
        f"{value:.1f} points more claims were won with Inventory ledger record than without, other "
        f"kinds, program and reason alike (95 % interval +{low:.1f} to +{high:.1f}; 112 claims)."
    )
    assert 0 < low < value < high


def test_kinds_equal_the_macro(finding, shop):
    for told in shop.rows(finding.sql):
        row = of(finding, told["kind"])
        names = [name for name in told if name.startswith(("n_", "won_"))]
        assert len(names) == 7
        assert values(row, *names) == values(told, *names)
        if row["refused_why"] is None:
            assert values(row, "difference_points", "raw_difference_points") == pytest.approx(
                (100 * told["difference"], 100 * told["raw_difference"]), abs=1e-9
            )
            assert row["odds_ratio"] == pytest.approx(told["odds_ratio"])


# Odd books


@pytest.fixture(scope="module")
def odd(decided):
    """Two kinds always together, one that always won, one of which little is known."""
    return decided(
        [
            *cells(FBA, "lost_inbound", ["photo_item", "photo_label"], 20, 30),
            *cells(FBA, "lost_inbound", [], 10, 30),
            *cells(SAFET, "not_returned", ["tracking_record"], 12, 12),
            *cells(SAFET, "not_returned", [], 10, 20),
            *cells(SAFET, "not_returned", ["return_record"], 2, 4),
            *cells(ATOZ, "not_as_described", ["correspondence"], 10, 15),
            *cells(ATOZ, "not_as_described", [], 5, 15),
            *cells(ATOZ, "not_as_described", [], 2, 6, unplaced=["correspondence"]),
            *cells(BANK, "fraud_unauthorised", ["invoice"], 10, 10),
            *cells(BANK, "fraud_unauthorised", [], 10, 10),
        ]
    )


@pytest.fixture(scope="module")
def of_odd(odd):
    return claimstats.evidence_effects(odd)


def test_kinds_that_always_come_together_are_not_told_apart(of_odd):
    for kind in ("photo_item", "photo_label"):
        row = of(of_odd, kind)
        assert row["refused_why"] == "not told apart"
        assert row["effect_points"] is row["adjusted_odds_ratio"] is None
        assert row["difference_points"] == pytest.approx(100 / 3)


def test_kind_that_always_won_has_a_penalised_odds_ratio(of_odd):
    """Firth's, with profile limits: of three reasons each with an intercept and its own kind."""
    row = of(of_odd, "tracking_record")
    assert row["is_separated"]
    assert row["odds_ratio"] is None
    design = np.repeat(np.eye(3), 2, axis=0)
    design = np.column_stack([design, [1, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 1, 0]])
    fit = logistic(design, [20, 10, 12, 12, 10, 5], [30, 30, 12, 24, 15, 15])
    told = values(row, "adjusted_odds_ratio", "adjusted_lower", "adjusted_upper")
    assert told == pytest.approx(
        tuple(np.exp([fit.coefficients[4], fit.lower[4], fit.upper[4]])), rel=1e-6
    )
    assert not of(of_odd, "correspondence")["is_separated"]


def test_claims_of_which_a_kind_is_unknown_are_in_no_comparison_of_it(of_odd):
    row = of(of_odd, "correspondence")
    assert values(row, "n_unknown", "n_within", "n_adjusted") == (6, 30, 30)


def test_caveats_name_what_the_regression_leaves_out(of_odd):
    assert of_odd.caveats[-5:] == (
        "Photo of the item, Photo of the label, Invoice: not told apart, since they always come "
        "together, or go exactly with a marketplace or amount band, or never vary where claims "
        "were both won and lost.",
        "2 kinds have fewer than 20 claims within reason, or fewer than 5 with or without it: not "
        "compared.",
        "6 claims are not in the regression: whether a compared kind was there is unknown.",
        "20 claims are not in the regression: all of the same program and reason ended alike.",
        "The regression is penalised (Firth): claims are few for its coefficients, or a kind tells "
        "all wins from losses.",
    )


@pytest.mark.parametrize(
    ("kinds", "other"),
    [(["photo_item", "photo_label"], {}), (["photo_item"], {"marketplace": "DE"})],
    ids=["together", "marketplace"],
)
def test_headline_names_aliasing_where_it_alone_is_why_nothing_is_told(decided, kinds, other):
    """Claims are many: two kinds always come together, or one goes exactly with a marketplace."""
    finding = claimstats.evidence_effects(
        decided(
            [
                *cells(SAFET, "not_returned", kinds, 25, 40, **{"marketplace": "US"} | other),
                *cells(SAFET, "not_returned", [], 15, 40, marketplace="US"),
            ]
        )
    )
    assert {of(finding, kind)["refused_why"] for kind in kinds} == {"not told apart"}
    assert finding.headline.startswith(
        f"0 of {len(kinds)} kind{'s' if len(kinds) > 1 else ''} of evidence with enough claims can "
        "be told apart: they always come together, or go exactly with a marketplace or amount band,"
    )


def test_what_is_clear_follows_the_level(shop, finding):
    """The q value of the largest effect of the shop is far below 0.05, not below 1e-12."""
    assert "were won with Inventory ledger record" in finding.headline
    strict = claimstats.evidence_effects(shop, level=1 - 1e-12).headline
    assert strict.startswith("0 of 4 kinds of evidence differ clearly")


def test_fewest_moves_what_is_compared(odd):
    assert of(claimstats.evidence_effects(odd, fewest=31), "correspondence")["refused_why"] == (
        "too few claims"
    )


def test_amount_and_marketplace_are_held_alike(decided):
    """Large claims win more and have more photos; so do those of one marketplace and invoices.

    Half of the photos' claims are in dollars, half in yen, of 100 and 10 or a hundred times that;
    the invoices' claims are all of the average, 55 dollars.
    """
    dollars, yen = (
        {"currency": "USD", "claimed_amount": 1},
        {"currency": "JPY", "claimed_amount": 100},
    )
    claims = [
        cell
        for money in (dollars, yen)
        for size, with_it, without in ((100, (16, 20), (4, 5)), (10, (1, 5), (4, 20)))
        for kinds, counts in ((["photo_item"], with_it), ([], without))
        for cell in cells(
            SAFET, "missing_parts", kinds, *counts,
            **(money | {"claimed_amount": size * money["claimed_amount"], "marketplace": "US"}),
        )
    ]  # fmt: skip
    for marketplace, with_it, without in (("DE", (32, 40), (8, 10)), ("US", (2, 10), (8, 40))):
        for kinds, counts in ((["invoice"], with_it), ([], without)):
            claims += cells(
                FBA,
                LOST,
                kinds,
                *counts,
                marketplace=marketplace,
                **dollars | {"claimed_amount": 55},
            )
    finding = claimstats.evidence_effects(decided(claims))
    for kind in ("photo_item", "invoice"):
        row = of(finding, kind)
        assert row["odds_ratio"] == pytest.approx(34 * 34 / (16 * 16))
        assert row["adjusted_odds_ratio"] == pytest.approx(1, abs=1e-6)
        assert row["effect_points"] == pytest.approx(0, abs=1e-6)
    assert finding.headline == (
        "0 of 2 kinds of evidence differ clearly in the share won, other kinds, program and reason "
        "alike: none has a q value, which allows for that many comparisons, below 0.05 and an "
        "interval without zero."
    )


# The tiny book


def test_tiny_book_is_too_small_to_compare(tiny):
    """Cells as in test_evidence_quality; S-02's invoice was sent nobody knows when."""
    finding = claimstats.evidence_effects(tiny, older_than_days=90)
    names = ("n_with", "won_with", "n_without", "won_without", "n_unknown", "n_within", "n_strata")
    assert values(of(finding, "photo_item"), *names) == (5, 3, 7, 3, 0, 9, 3)
    assert values(of(finding, "correspondence"), *names) == (3, 1, 9, 5, 0, 4, 1)
    assert values(of(finding, "invoice"), *names) == (0, 0, 11, 5, 1, 0, 0)
    assert set(finding.summary["refused_why"]) == {"too few claims"}
    assert finding.headline == (
        "0 kinds of evidence can be compared yet: too few old enough claims have them and lack "
        "them within a reason."
    )


def test_tiny_cells_equal_the_macro(tiny):
    finding = claimstats.evidence_effects(tiny)
    told = tiny.rows(finding.sql)
    assert [row["kind"] for row in told] == list(finding.summary["kind"])
    for name in [name for name in told[0] if name.startswith(("n_", "won_"))]:
        assert [row[name] for row in told] == list(finding.summary[name])


@pytest.mark.parametrize("asked", [{"older_than_days": 0}, {"fewest": 0}, {"as_of": 2026}], ids=str)
def test_parameter_out_of_range_is_refused(tiny, asked):
    with pytest.raises(ParameterError, match=f"evidence_effects: {next(iter(asked))} is"):
        claimstats.evidence_effects(tiny, **asked)
