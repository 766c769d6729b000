"""Strata against Bickel's admissions, Agresti's rabbits, SAS, R and statsmodels."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.stats.contingency_tables import StratifiedTable

from claimstats.stats.stratified import breslow_day, mantel_haenszel

stratum = st.tuples(*[st.integers(0, 15)] * 4).map(lambda t: (t[0], t[0] + t[1], t[2], t[2] + t[3]))
strata = st.lists(stratum, min_size=1, max_size=6)
full_strata = st.lists(
    st.tuples(*[st.integers(1, 30)] * 4).map(lambda t: (t[0], t[0] + t[1], t[2], t[2] + t[3])),
    min_size=1,
    max_size=6,
)


def of(rows, **options):
    return mantel_haenszel(*np.array(rows, dtype=int).reshape(-1, 4).T, **options)


def numbers(found):
    return np.array(astuple(found)[:7])


def test_admissions_equal_the_published_odds_ratio(dataset):
    """Bickel et al. (1975); R's ?mantelhaen.test, chi-squared 1.5246 without correction."""
    ucb = dataset("ucb_admissions")
    found = mantel_haenszel(ucb["men_admitted"], ucb["men"], ucb["women_admitted"], ucb["women"])
    assert (found.odds_ratio, found.odds_lower, found.odds_upper) == pytest.approx(
        (0.9046968283, 0.7719073618, 1.0603297644), abs=1e-7
    )
    assert found.p_value == pytest.approx(chi2.sf(1.5246067, df=1), abs=1e-7)
    assert (found.n, found.n_strata) == (4526, 6)


def test_admissions_reverse_within_departments(dataset):
    """Bickel et al. (1975): crude odds ratio 1.841 for men, 0.905 within departments."""
    ucb = dataset("ucb_admissions")
    counts = [ucb[name] for name in ("men_admitted", "men", "women_admitted", "women")]
    crude = mantel_haenszel(*([column.sum()] for column in counts))
    assert crude.odds_ratio == pytest.approx(1.84108, abs=6e-4)
    assert crude.risk_difference > 0 > mantel_haenszel(*counts).risk_difference


def test_rabbits_equal_the_published_odds_ratio(dataset):
    """Agresti (1990), p. 231-237; R's ?mantelhaen.test; two levels have an empty margin."""
    rabbits = dataset("rabbits")
    found = mantel_haenszel(
        rabbits["at_once_cured"], rabbits["at_once"], rabbits["delayed_cured"], rabbits["delayed"]
    )
    assert (found.odds_ratio, found.odds_lower, found.odds_upper) == pytest.approx(
        (7, 1.026712688, 47.72513338), abs=1e-7
    )
    assert found.p_value == pytest.approx(chi2.sf(5.657142857, df=1), abs=1e-7)


@pytest.mark.parametrize("case", ["ucb", "rabbits", "unequal_arms"])
def test_every_number_equals_r(from_r, case):
    """R: mantelhaen.test, and Sato's variance written out, in stratified.R."""
    stored = from_r("stratified")[case]
    found = mantel_haenszel(**stored["given"])
    assert numbers(found) == pytest.approx(
        [*stored["risk_difference"], *stored["odds_ratio"], stored["p_value"][0]], rel=1e-9
    )


@given(full_strata, st.sampled_from([0.8, 0.95, 0.99]))
def test_odds_ratio_and_test_equal_statsmodels(rows, level):
    tables = StratifiedTable([np.array([[a, n1 - a], [b, n0 - b]]) for a, n1, b, n0 in rows])
    found = of(rows, level=level)
    limits = tables.oddsratio_pooled_confint(alpha=1 - level)
    assert found.odds_ratio == pytest.approx(tables.oddsratio_pooled, rel=1e-9)
    assert (found.odds_lower, found.odds_upper) == pytest.approx(limits, rel=1e-9)
    test = tables.test_null_odds(correction=False)
    assert found.p_value == pytest.approx(test.pvalue, rel=1e-9, abs=1e-15)


def test_one_stratum_is_the_raw_difference_and_odds_ratio():
    found = of([(8, 10, 3, 12)])
    assert found.risk_difference == pytest.approx(8 / 10 - 3 / 12)
    assert found.odds_ratio == pytest.approx(8 * 9 / (2 * 3))


@pytest.mark.parametrize("rows", [[], [(0, 0, 3, 5)], [(2, 4, 0, 0), (0, 0, 0, 0)]])
def test_without_a_stratum_with_both_groups_there_is_no_number(rows):
    found = of(rows)
    assert np.isnan(numbers(found)).all()
    assert (found.n, found.n_strata) == (0, 0)


@given(strata, st.integers(1, 9))
def test_a_stratum_with_an_empty_group_changes_nothing(rows, n):
    np.testing.assert_equal(of([(0, 0, 1, n), *rows, (n, n, 0, 0)]), of(rows))


def test_unanimous_strata_give_a_difference_without_limits():
    found = of([(1, 1, 0, 1), (4, 4, 0, 3)])
    assert found.risk_difference == 1
    assert np.isnan([found.lower, found.upper]).all()


def test_one_outcome_everywhere_is_no_difference_and_no_test():
    found = of([(4, 4, 3, 3), (5, 5, 2, 2)])
    assert found.risk_difference == 0
    assert np.isnan(numbers(found)[1:]).all()


def test_odds_ratio_of_an_empty_diagonal_is_infinite_or_zero_without_limits():
    always, never = of([(4, 4, 1, 3), (2, 2, 0, 2)]), of([(0, 4, 1, 3)])
    assert (always.odds_ratio, never.odds_ratio) == (math.inf, 0)
    assert np.isnan([always.odds_lower, always.odds_upper, never.odds_lower]).all()


@given(strata)
def test_any_counts_give_numbers_in_range_without_a_warning(rows):
    with np.errstate(all="raise"):
        found = of(rows)
    assume(not math.isnan(found.lower))
    assert -1 <= found.lower <= found.risk_difference <= found.upper <= 1


@given(strata, st.randoms())
def test_order_of_strata_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    np.testing.assert_allclose(numbers(of(rows)), numbers(of(shuffled)), 1e-9, 1e-12)


@given(strata)
def test_exchanged_groups_turn_the_sign_and_invert_the_odds_ratio(rows):
    forth, back = of(rows), of([(b, n0, a, n1) for a, n1, b, n0 in rows])
    turned = [-back.risk_difference, -back.upper, -back.lower]
    np.testing.assert_allclose(numbers(forth)[:3], turned, 1e-9, 1e-12)
    assert forth.p_value == pytest.approx(back.p_value, nan_ok=True)
    assume(0 < forth.odds_ratio < math.inf)
    assert forth.odds_ratio == pytest.approx(1 / back.odds_ratio)


@given(full_strata)
def test_doubled_counts_keep_the_estimates_and_narrow_the_limits(rows):
    found, doubled = of(rows), of(2 * np.array(rows))
    assert doubled.risk_difference == pytest.approx(found.risk_difference, abs=1e-12)
    assert doubled.odds_ratio == pytest.approx(found.odds_ratio)
    assert doubled.odds_upper < found.odds_upper


def test_limits_cover_the_truth_at_their_level():
    """Ten points in each of four reasons; one odds ratio of 2 in each of the same."""
    rng = np.random.default_rng(5)
    base = np.array([0.1, 0.3, 0.5, 0.7])
    exposed, unexposed = np.array([40, 30, 25, 60]), np.array([50, 20, 40, 30])
    odds = 2 * base / (1 - base)

    def found(share):
        return [
            mantel_haenszel(rng.binomial(exposed, share), exposed, k, unexposed)
            for k in rng.binomial(unexposed, base, (2000, 4))
        ]

    by_points, by_odds = found(base + 0.1), found(odds / (1 + odds))
    assert 0.93 < np.mean([each.lower <= 0.1 <= each.upper for each in by_points]) < 0.97
    assert 0.93 < np.mean([each.odds_lower <= 2 <= each.odds_upper for each in by_odds]) < 0.97


def homogeneity(rows):
    return breslow_day(*np.array(rows, dtype=int).reshape(-1, 4).T)


def statistics(found):
    return found.statistic, found.uncorrected, found.p_value


def test_admissions_differ_between_departments(dataset):
    """Chi-squared 18.8255 with 5 df, p 0.0021: SAS PROC FREQ, Penn State STAT 504, lesson 5."""
    ucb = dataset("ucb_admissions")
    found = breslow_day(ucb["men_admitted"], ucb["men"], ucb["women_admitted"], ucb["women"])
    assert found.uncorrected == pytest.approx(18.8255, abs=6e-5)
    assert found.p_value == pytest.approx(0.0021, abs=6e-5)
    assert (found.degrees_of_freedom, found.n_strata) == (5, 6)


@pytest.mark.parametrize("case", ["ucb", "unequal_arms"])
def test_homogeneity_equals_r(from_r, case):
    """R: each table's expected cell by uniroot, in stratified.R."""
    stored = from_r("stratified")[case]
    found = breslow_day(**stored["given"])
    assert [found.statistic, found.uncorrected] == pytest.approx(stored["breslow_day"], rel=1e-9)


@given(full_strata)
def test_homogeneity_equals_statsmodels(rows):
    assume(len(rows) > 1)
    tables = StratifiedTable([np.array([[a, n1 - a], [b, n0 - b]]) for a, n1, b, n0 in rows])
    assume(abs(tables.oddsratio_pooled - 1) > 1e-3)  # at 1 its formula divides 0 by 0
    found = homogeneity(rows)
    corrected = tables.test_equal_odds(adjust=True)
    assert found.statistic == pytest.approx(corrected.statistic, rel=1e-8, abs=1e-9)
    assert found.p_value == pytest.approx(corrected.pvalue, rel=1e-8, abs=1e-9)
    raw = tables.test_equal_odds(adjust=False)
    assert found.uncorrected == pytest.approx(raw.statistic, rel=1e-8, abs=1e-9)


def test_equal_strata_are_homogeneous():
    found = homogeneity([(3, 9, 5, 7)] * 3)
    assert found.statistic == pytest.approx(0, abs=1e-12)
    assert found.p_value == pytest.approx(1)


def test_homogeneity_is_told_where_the_common_odds_ratio_is_one():
    found = homogeneity([(20, 40, 10, 40), (10, 40, 20, 40)])
    assert found.statistic == pytest.approx(2 * 5**2 / (1 / (2 / 15 + 2 / 25)), rel=1e-9)


@pytest.mark.parametrize(
    "rows",
    [[], [(3, 9, 5, 7)], [(3, 9, 5, 7), (9, 9, 7, 7)], [(0, 4, 1, 3), (0, 2, 1, 3)]],
    ids=["no stratum", "one stratum", "one with both outcomes", "an odds ratio of 0"],
)
def test_without_two_strata_to_compare_there_is_no_test(rows):
    assert np.isnan(statistics(homogeneity(rows))).all()


@given(strata, st.integers(1, 9))
def test_a_stratum_that_says_nothing_changes_no_test(rows, n):
    np.testing.assert_equal(
        homogeneity([(0, 0, 1, n), *rows, (n, n, 4, 4), (0, n, 0, 3)]), homogeneity(rows)
    )


@given(strata, st.randoms())
def test_homogeneity_does_not_ask_for_order_or_the_name_of_a_group(rows, random):
    found = statistics(homogeneity(rows))
    shuffled = random.sample(rows, len(rows))
    np.testing.assert_allclose(statistics(homogeneity(shuffled)), found, 1e-7, 1e-9)
    exchanged = [(b, n0, a, n1) for a, n1, b, n0 in rows]
    np.testing.assert_allclose(statistics(homogeneity(exchanged)), found, 1e-7, 1e-9)


def test_homogeneous_strata_are_refused_at_the_rate_of_the_level():
    """One odds ratio of 2 in four strata: 5 % of the tests fall below 0.05."""
    rng = np.random.default_rng(8)
    base = np.array([0.2, 0.3, 0.5, 0.7])
    exposed, unexposed = np.array([60, 50, 45, 80]), np.array([70, 40, 60, 50])
    odds = 2 * base / (1 - base)
    p_values = [
        breslow_day(rng.binomial(exposed, odds / (1 + odds)), exposed, k, unexposed).p_value
        for k in rng.binomial(unexposed, base, (2000, 4))
    ]
    assert 0.03 < np.mean(np.array(p_values) < 0.05) < 0.07
