"""One number three ways: the findings, the SQL macros and other software must not disagree.

statsmodels and scipy run beside the tests, on one row per claim; what R's survival package and base
functions make of the sample's own trackers is stored by oracles/analyses.R.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

import claimstats

BOOKS = pytest.mark.parametrize("named", ["tiny", "sample"])
SPLITS = pytest.mark.parametrize("by", ["program", "reason", "month", "client"])
DECISIONS = pytest.mark.parametrize("decision", ["first", "final"])


@pytest.fixture
def book(named, request):
    return request.getfixturevalue(named)


@pytest.fixture(scope="module")
def findings(tiny, sample):
    """The three findings of both books, each computed once."""
    names = ("approval_rate", "time_to_resolution", "evidence_quality")
    books = {"tiny": tiny, "sample": sample}
    return {(n, b): getattr(claimstats, n)(book) for n in names for b, book in books.items()}


def close(found, expected, tolerance=1e-9):
    """Equal numbers, None for NaN."""
    left, right = (np.array(list(x), dtype=float) for x in (found, expected))
    np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance)


# The SQL macros


@BOOKS
@SPLITS
@DECISIONS
def test_approval_rates_equal_the_macro(book, named, by, decision):
    if by == "client" and named == "sample":
        by = "carrier"
    finding = claimstats.approval_rate(book, by=by, decision=decision)
    macro = {(row["group_value"], row["direction"]): row for row in book.rows(finding.sql)}
    assert len(macro) == len(finding.summary)
    for row in finding.summary.rows():
        told = macro[row[by], row["direction"]]
        names = [name for name in told if name in row]
        assert len(names) == 13
        close(
            (row[n] for n in names if n != "direction"),
            (told[n] for n in names if n != "direction"),
        )


@BOOKS
@DECISIONS
@pytest.mark.parametrize("resolution", ["hour", "day"])
def test_medians_equal_the_macro(book, decision, resolution):
    finding = claimstats.time_to_resolution(
        book, by="reason", resolution=resolution, decision=decision
    )
    macro = {row["group_value"]: row for row in book.rows(finding.sql)}
    names = ("n_claims", "n_open", "n_resolved", "n_excluded", "n_interval", "median_days")
    for row in finding.summary.rows():
        close((row[n] for n in names), (macro[row["reason"]][n] for n in names))


@BOOKS
def test_curves_equal_the_macro(book, findings, named):
    curves = findings["time_to_resolution", named].details["curves"]
    for program in set(curves["program"]):
        drawn = list(curves.where("program", program).rows())[1:]
        told = book.rows("FROM resolution_curve() WHERE group_value = $1", [program])
        close((row["age_days"] for row in drawn), (row["age_days"] for row in told))
        close((row["at_risk"] for row in drawn), (row["n_at_risk"] for row in told))
        close((1 - row["resolved"] for row in drawn), (row["share_open"] for row in told))


@BOOKS
def test_evidence_differences_equal_the_macro(book, findings, named):
    finding = findings["evidence_quality", named]
    macro = {row["item"]: row for row in book.rows(finding.sql)}
    assert set(macro) == set(finding.summary["item"])
    for row in finding.summary.rows():
        told = macro[row["item"]]
        found = (row["n"], row["raw_difference_points"], row["difference_points"])
        points = (told["raw_difference"], told["difference"])
        close(found, (told["n"], *(None if x is None else 100 * x for x in points)))


def test_macro_medians_agree_where_the_curve_is_flat_at_a_half_to_its_end(tracked):
    """One of two claims ended on day 2, the other is open on day 10: the middle is day 6."""
    book = tracked(
        [
            {"claim_id": "1", "program": "amazon_safet", "filed_at": "2026-01-01",
             "outcome": "denied", "decided_at": "2026-01-03"},
            {"claim_id": "2", "program": "amazon_safet", "filed_at": "2026-01-01",
             "outcome": "pending", "contacted_at": "2026-01-11"},
        ]
    )  # fmt: skip
    (row,) = book.rows("FROM time_to_resolution()")
    assert claimstats.time_to_resolution(book).summary["median_days"] == (6,)
    assert row["median_days"] == 6


# statsmodels and scipy, live


@BOOKS
def test_wilson_limits_equal_statsmodels(findings, named):
    for row in findings["approval_rate", named].summary.rows():
        found = proportion_confint(row["n_approved"], row["n_decided"], method="wilson")
        close((row["lower"], row["upper"]), found)


@BOOKS
def test_quantiles_equal_statsmodels(book, findings, named):
    """statsmodels takes the end of a flat stretch where ours, like R, takes the middle.

    It also takes the last time for a limit that R and ours call not reached.
    """
    for row in findings["time_to_resolution", named].summary.rows():
        claims = book.rows(
            "SELECT exit_hours / 24 AS days, event <> 'open' AS is_over FROM claims_as_of() "
            "WHERE untimed_why IS NULL AND program = $1",
            [row["program"]],
        )
        curve = SurvfuncRight([c["days"] for c in claims], [c["is_over"] for c in claims])
        for share, name, limits in (
            (0.25, "q25_days", ("q25_lower", "q25_upper")),
            (0.5, "median_days", ("lower", "upper")),
            (0.75, "q75_days", ("q75_lower", "q75_upper")),
        ):
            if not np.isclose(curve.surv_prob, 1 - share).any():
                close([row[name]], [curve.quantile(share)])
            with np.errstate(all="ignore"):
                expected = curve.quantile_ci(share)
            for limit, told in zip(limits, expected, strict=True):
                if row[limit] is not None:
                    close([row[limit]], [told])


@pytest.fixture(scope="module")
def compared(sample):
    """One row per claim of the sample that is compared: stratum, who won, kinds, components."""
    return sample.rows(
        """
        SELECT program || ' ' || reason AS stratum, seller_won, e.*
        FROM claims_as_of() JOIN v_claim_evidence AS e USING (program, claim_id)
        WHERE excluded_why IS NULL AND event IN ('approved', 'denied') AND n_at_filing > 0
            AND filed_at <= known_at - INTERVAL 60 DAY
        """
    )


def level_of(claim, item):
    return claim[item] if item in claim else float(item in claim["kinds"])


def test_rank_correlations_equal_scipy(compared, findings):
    for row in findings["evidence_quality", "sample"].summary.rows():
        known = [c for c in compared if level_of(c, row["item"]) is not None]
        levels = [round(level_of(c, row["item"]), 9) for c in known]
        expected = spearmanr(levels, [c["seller_won"] for c in known]).statistic
        assert row["n"] == len(known)
        close([row["value"]], [expected])


def test_q_values_equal_statsmodels(compared, findings):
    """The p values of its Cochran-Mantel-Haenszel tests, adjusted by its Benjamini-Hochberg."""
    finding = findings["evidence_quality", "sample"]
    p_values: dict[bool, list[float]] = {True: [], False: []}
    for row in finding.summary.rows():
        strata: dict[str, np.ndarray] = {}
        for claim in compared:
            if (level := level_of(claim, row["item"])) is not None:
                table = strata.setdefault(claim["stratum"], np.zeros((2, 2)))
                table[int(round(level, 9) < 0.5), int(not claim["seller_won"])] += 1
        both = [table for table in strata.values() if table.sum(axis=1).all()]
        assert row["n_within"] == sum(table.sum() for table in both)
        p_value = StratifiedTable(both).test_null_odds(correction=False).pvalue
        p_values[row["item_type"] == "kind"].append(p_value)
    assert list(finding.summary["item_type"]) == sorted(
        finding.summary["item_type"], key=["score", "component", "kind"].index
    )
    expected = [multipletests(p_values[of_kinds], method="fdr_bh")[1] for of_kinds in (False, True)]
    close(finding.summary["q_value"], np.concatenate(expected))


# R, stored


def test_approval_rates_equal_r(from_r, findings):
    """prop.test without correction; multi-state survfit at day 90."""
    expected = from_r["approval_rate"]
    for row in findings["approval_rate", "sample"].summary.rows():
        told = expected[row["program"]]
        counted = (row["n_decided"], row["n_open"], row["n_approved"])
        assert counted == tuple(told[name][0] for name in ("decided", "open", "approved"))
        close((row["rate"], row["lower"], row["upper"]), told["rate"] + told["limits"])
        close([row["equal_age_rate"]], [told["incidence"][0]])


def test_quantiles_equal_r(from_r, findings):
    """survfit with conf.type "log-log", quantile.survfit."""
    for row in findings["time_to_resolution", "sample"].summary.rows():
        told = from_r["time_to_resolution"][row["program"]]
        close((row["q25_days"], row["median_days"], row["q75_days"]), told["value"])
        close((row["q25_lower"], row["lower"], row["q75_lower"]), told["lower"])
        close((row["q25_upper"], row["upper"], row["q75_upper"]), told["upper"])


def test_shares_by_age_equal_r(from_r, findings):
    """Multi-state survfit: approved, denied and ended by day 90."""
    for row in findings["time_to_resolution", "sample"].summary.rows():
        approved, denied, ended = from_r["approval_rate"][row["program"]]["incidence"]
        is_buyers = row["program"] in ("amazon_atoz", "amazon_chargeback")
        won, lost = (denied, approved) if is_buyers else (approved, denied)
        close((row["won_by_age"], row["lost_by_age"], row["ended_by_age"]), (won, lost, ended))


def test_evidence_differences_equal_r(from_r, findings):
    """Shares and correlations by base R, Sato's limits stratum by stratum."""
    kinds = findings["evidence_quality", "sample"].summary.where("item_type", "kind")
    assert set(kinds["item"]) == set(from_r["evidence_quality"])
    for row in kinds.rows():
        told = from_r["evidence_quality"][row["item"]]
        assert (row["n"], row["n_with"], row["n_within"]) == tuple(
            told[name][0] for name in ("n", "with", "within")
        )
        close([row["value"], row["raw_difference_points"]], told["correlation"] + told["raw"])
        names = ("difference_points", "difference_lower", "difference_upper")
        close((row[name] for name in names), told["difference"])
