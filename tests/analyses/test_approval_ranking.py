"""Groups ranked by what is known of them; test_approval_rate.py lists the tiny book's claims."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

import claimstats
from claimstats.analyses.approval_ranking import CLEAR
from claimstats.errors import ParameterError
from claimstats.stats.control import binomial_limits
from claimstats.stats.shrinkage import shrink
from claimstats.titles import title

COUNTS = {"good": (18, 20), "fair": (12, 20), "poor": (2, 20), "one": (0, 1), "mid": (11, 20)}
"""Claims won and decided of articles."""


def fill(book, counts, program="amazon_safet"):
    """Put decided claims of the seller into a book, so many won of so many for each article."""
    book.execute("DELETE FROM claims")
    rows = [
        (program, f"{sku} {k}", "granted_full" if k < won else "denied", sku)
        for sku, (won, decided) in counts.items()
        for k in range(decided)
    ]
    for row in rows:
        book.execute(
            "INSERT INTO claims (program, claim_id, id_is_derived, origins, outcome, sku) "
            "VALUES ($1, $2, false, ['tracker'], $3, $4)",
            row,
        )
    return book


@pytest.fixture(scope="module")
def finding(new_book):
    with new_book() as book:
        yield claimstats.approval_ranking(fill(book, COUNTS))


def test_places_go_from_the_worst_and_small_groups_have_none(finding):
    assert finding.summary["sku"] == ("poor", "mid", "fair", "good", "one")
    assert finding.summary["place"] == (1, 2, 3, 4, None)
    assert finding.summary["has_place"] == (True, True, True, True, False)


def test_rates_are_those_of_the_estimator(finding):
    rows = {row["sku"]: row for row in finding.summary.rows()}
    won, decided = ([COUNTS[sku][k] for sku in rows] for k in (0, 1))
    expected = shrink(won, decided)
    for k, (sku, row) in enumerate(rows.items()):
        assert row["rate"] == COUNTS[sku][0] / COUNTS[sku][1]
        assert row["shrunken_rate"] == pytest.approx(expected.rate[k], abs=1e-12)
        assert row["worse_than_average"] == pytest.approx(expected.below[k], abs=1e-12)
        assert row["lower"] < row["shrunken_rate"] < row["upper"]
        assert row["n_compared"] == len(COUNTS)


def test_headline_names_the_groups_that_clearly_win_less(finding):
    assert finding.summary["worse_than_average"][0] >= CLEAR
    assert finding.headline.startswith(
        "1 of 4 groups by SKU clearly win fewer seller's claims than the average of "
    )
    assert ": poor " in finding.headline


def test_forty_identical_articles_are_not_told_apart(new_book):
    """Each wins four in ten; with eight claims each the best of the raw rates is far above."""
    won = np.random.default_rng(20260831).binomial(8, 0.4, 40)
    counts = {f"A{k:02}": (int(n), 8) for k, n in enumerate(won)}
    with new_book() as book:
        table = claimstats.approval_ranking(fill(book, counts)).summary
    assert max(table["rate"]) >= 0.75
    assert max(table["shrunken_rate"]) < 0.6
    assert max(table["worse_than_average"]) < CLEAR


@pytest.mark.parametrize("by", ["sku", "reason", "program"])
def test_counts_equal_the_macro(tiny, by):
    finding = claimstats.approval_ranking(tiny, by=by)
    told = {
        (row["group_value"], row["direction"]): row
        for row in tiny.rows(finding.sql)
        if row["group_value"] != "(unknown)"
    }
    assert len(told) == len(finding.summary)
    for row in finding.summary.rows():
        macro = told[row[by], row["direction"]]
        for name in ("n_claims", "n_decided", "n_open", "n_excluded", "n_won"):
            assert row[name] == macro[name]
        assert row["n_claims"] == row["n_decided"] + row["n_open"] + row["n_excluded"]


def test_won_is_the_sellers_side_in_both_directions(tiny):
    ranked = claimstats.approval_ranking(tiny, by="direction").summary
    rates = claimstats.approval_rate(tiny, by="direction").summary
    expected = dict(zip(rates["direction"], rates["seller_win_rate"], strict=True))
    assert dict(zip(ranked["direction"], ranked["rate"], strict=True)) == expected


def test_single_group_is_compared_with_nothing(new_book):
    with new_book() as book:
        finding = claimstats.approval_ranking(fill(book, {"only": (3, 9)}))
    (row,) = finding.summary.rows()
    assert (row["place"], row["worse_than_average"], row["n_compared"]) == (None, None, 1)
    assert "0 of 1 groups by SKU have enough" in finding.headline


def test_claims_without_the_property_form_no_group(new_book):
    with new_book() as book:
        fill(book, COUNTS)
        book.execute("UPDATE claims SET sku = NULL WHERE sku = 'good'")
        finding = claimstats.approval_ranking(book)
    assert "good" not in finding.summary["sku"]
    assert "20 claims have no known SKU: in no group." in finding.caveats


# The funnel


def test_funnel_holds_every_group_with_a_decided_claim(tiny, sample):
    for book, by in ((tiny, "sku"), (sample, "sku"), (sample, "direction")):
        finding = claimstats.approval_ranking(book, by=by)
        funnel = finding.details["funnel"]
        decided = [row for row in finding.summary.rows() if row["n_decided"]]
        assert len(funnel) == len(decided)
        assert sum(funnel["n_won"]) == sum(row["n_won"] for row in decided)
        drawn = [t for t in finding.chart["data"] if t["mode"] == "markers"]
        assert sum(len(trace["x"]) for trace in drawn) == len(decided)
    assert len(claimstats.approval_ranking(sample).details["funnel"]) == 87


def test_funnel_flags_are_binomial_tails_around_the_average(finding):
    average = finding.summary["average"][0]
    funnel = {row["sku"]: row for row in finding.details["funnel"].rows()}
    for won, decided in COUNTS.values():
        (row,) = [r for r in funnel.values() if (r["n_won"], r["n_decided"]) == (won, decided)]
        tail = min(binom.cdf(won, decided, average), binom.sf(won - 1, decided, average))
        assert row["outside"] == int(tail <= 0.025) + int(tail <= 0.001)
    assert {sku: row["outside"] for sku, row in funnel.items()} == {
        "poor": 2, "mid": 0, "fair": 0, "good": 2, "one": 0,
    }  # fmt: skip
    assert "2 groups lie outside the funnel's 95 % limits, of 5;" in " ".join(finding.caveats)


def test_funnel_limits_are_the_estimators_at_each_size(finding):
    limits = finding.details["funnel_limits"]
    average = finding.summary["average"][0]
    assert limits["n_decided"] == tuple(range(1, 21))
    for level, name in ((0.95, "95"), (0.998, "998")):
        lower, upper = binomial_limits(average, limits["n_decided"], level)
        np.testing.assert_allclose(limits[f"lower_{name}"], lower)
        np.testing.assert_allclose(limits[f"upper_{name}"], upper)


def test_single_group_has_a_point_and_no_limits(new_book):
    with new_book() as book:
        finding = claimstats.approval_ranking(fill(book, {"only": (3, 9)}))
    assert finding.details["funnel"]["outside"] == (0,)
    assert len(finding.details["funnel_limits"]) == 0


def test_fewest_must_be_above_0(tiny):
    with pytest.raises(ParameterError, match="fewest is 0; it must be above 0"):
        claimstats.approval_ranking(tiny, fewest=0)


def test_planted_rates_lie_within_their_limits_and_the_worst_reason_is_named(sample):
    finding = claimstats.approval_ranking(sample, by="reason", level=0.999)
    rows = [r for r in finding.summary.rows() if r["direction"] == "seller_claims" and r["place"]]
    assert [row["place"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["worse_than_average"] >= CLEAR
    assert title("reason", rows[0]["reason"]) in finding.headline
