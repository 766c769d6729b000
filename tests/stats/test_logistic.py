"""Logistic regression against the low birth weights, the infections, R, SAS and statsmodels."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2, norm

from claimstats.stats.logistic import average_marginal_effects, logistic

PATTERNS = np.array([(1, *flags) for flags in product((0, 1), repeat=2)])

shares = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda t: (t[0], t[0] + t[1]))
both_outcomes = st.tuples(st.integers(1, 40), st.integers(1, 40)).map(lambda t: (t[0], sum(t)))
four_shares = st.lists(shares, min_size=4, max_size=4)
four_with_both = st.lists(both_outcomes, min_size=4, max_size=4)


def of(rows, design=PATTERNS, **options):
    return logistic(design, *np.array(rows).T, **options)


def numbers(fit):
    return np.concatenate(
        [
            fit.coefficients,
            fit.std_errors,
            fit.lower,
            fit.upper,
            fit.p_values,
            fit.covariance.ravel(),
        ]
    )


@pytest.fixture(scope="session")
def births(dataset):
    """Hosmer & Lemeshow (1989): design, low weights, births."""
    data = dataset("birthwt")
    races = [data["race"] == race for race in (2, 3)]
    columns = [data["lwt"], *races, data["smoke"], data["ptl"], data["ht"], data["ui"]]
    design = np.column_stack([np.ones(data["lwt"].size), *columns])
    return design, data["low"], data["births"]


@pytest.fixture(scope="session")
def infections(dataset):
    """Foxman et al. (1997): design, cases, women; every woman with a diaphragm was a case."""
    data = dataset("sexagg")
    names = ("age", "oc", "vic", "vicl", "vis", "dia")
    design = np.column_stack([np.ones(data["age"].size), *(data[name] for name in names)])
    return design, data["cases"], data["women"]


def test_births_equal_the_published_coefficients(births):
    """Hosmer & Lemeshow (1989), as R's glm gives them for MASS::birthwt."""
    expected = [-0.01590529, 1.32571935, 0.89707794, 0.93872679, 0.50321494, 1.85504157, 0.78569754]
    assert logistic(*births).coefficients[1:] == pytest.approx(expected, abs=2e-6)


def test_births_equal_r(births, from_r):
    """R: glm, in logistic.R."""
    stored, fit = from_r("logistic")["plain"], logistic(*births)
    assert not (fit.penalised or fit.profiled or fit.separated.any())
    np.testing.assert_allclose(fit.coefficients, stored["coefficients"], rtol=1e-9)
    np.testing.assert_allclose(fit.std_errors, stored["std_errors"], rtol=1e-9)


def test_profile_limits_of_births_equal_r(births, from_r):
    """R: confint of a glm, in logistic.R; it reads the limits off a spline."""
    stored, fit = from_r("logistic")["plain"], logistic(*births, profiled=True)
    np.testing.assert_allclose(fit.lower, stored["profile_lower"], rtol=2e-3)
    np.testing.assert_allclose(fit.upper, stored["profile_upper"], rtol=2e-3)


def test_firths_births_equal_r(births, from_r):
    """R: brglm2 with type AS_mean, in logistic.R."""
    stored, fit = from_r("logistic")["firth"], logistic(*births, penalised=True)
    assert fit.penalised and fit.profiled and not fit.separated.any()
    np.testing.assert_allclose(fit.coefficients, stored["coefficients"], rtol=1e-7)
    np.testing.assert_allclose(fit.std_errors, stored["std_errors"], rtol=1e-7)


def test_infections_equal_logistf_and_r(infections, from_r):
    """R: logistf with weights, and brglm2 in logistic.R."""
    stored, fit = from_r("logistic")["separated"], logistic(*infections)
    published = [
        0.12025405, -1.10598133, -0.06881673, 2.26887465, -2.11140819, -0.78831695, 3.09601183,
    ]  # fmt: skip
    assert fit.coefficients == pytest.approx(published, abs=1e-7)
    np.testing.assert_allclose(fit.coefficients, stored["coefficients"], rtol=1e-7)
    np.testing.assert_allclose(fit.std_errors, stored["std_errors"], rtol=1e-7)


def test_profile_limits_of_infections_equal_sas(infections):
    """SAS: PROC LOGISTIC with FIRTH and CLPARM=PL, as in the tests of R's trtswitch."""
    fit = logistic(*infections)
    lower = [-0.8186, -1.9738, -0.9414, 1.2730, -3.2609, -1.6081, 0.7746]
    upper = [1.0732, -0.3074, 0.7892, 3.4354, -1.1177, 0.0152, 8.0303]
    assert fit.lower == pytest.approx(lower, abs=1e-4)
    assert fit.upper == pytest.approx(upper, abs=1e-4)


def test_columns_not_asked_for_have_no_effect(births):
    fit, (design, _, trials) = logistic(*births), births
    whole = average_marginal_effects(fit, design, trials)
    part = average_marginal_effects(fit, design, trials, effect_of=[2])
    for name in ("value", "std_error", "lower", "upper", "p_value"):
        told = getattr(part, name)
        assert told[2] == getattr(whole, name)[2]
        assert np.isnan(np.delete(told, 2)).all()


def test_columns_not_asked_for_have_no_profile(infections):
    whole, part = logistic(*infections), logistic(*infections, profile_of=[2])
    np.testing.assert_array_equal(part.coefficients, whole.coefficients)
    for name in ("lower", "upper", "p_values"):
        told = getattr(part, name)
        assert told[2] == getattr(whole, name)[2]
        assert np.isnan(np.delete(told, 2)).all()


def test_profile_tests_of_infections_equal_logistf(infections):
    """R: logistf, penalised likelihood ratios as in the tests of R's parameters."""
    statistics = chi2.isf(logistic(*infections).p_values, 1)
    assert statistics == pytest.approx([0.06, 7.51, 0.02, 22.93, 19.10, 3.70, 7.90], abs=5.1e-3)


def test_the_diaphragm_is_named_as_what_separates(infections):
    fit = logistic(*infections)
    assert fit.separated.tolist() == [False] * 6 + [True]
    assert fit.penalised and fit.profiled


@pytest.mark.filterwarnings("ignore:Perfect separation")  # said of equal shares too
@given(four_with_both, st.sampled_from([0.8, 0.95, 0.99]))
def test_fit_equals_statsmodels(rows, level):
    k, n = np.array(rows).T
    fit = of(rows, level=level)
    glm = sm.GLM(np.column_stack([k, n - k]), PATTERNS, sm.families.Binomial()).fit(tol=1e-12)
    assert fit.coefficients == pytest.approx(glm.params, abs=1e-6)
    assert fit.std_errors == pytest.approx(glm.bse, rel=1e-6)
    assert fit.p_values == pytest.approx(glm.pvalues, abs=1e-6)
    assert np.column_stack([fit.lower, fit.upper]) == pytest.approx(
        glm.conf_int(1 - level), abs=1e-6
    )


def test_two_groups_give_the_odds_ratio_and_woolfs_error():
    fit = logistic([[1, 0], [1, 1]], [12, 24], [40, 45])
    assert fit.coefficients[1] == pytest.approx(math.log(24 * 28 / (12 * 21)), abs=1e-12)
    assert fit.std_errors[1] == pytest.approx(
        math.sqrt(1 / 12 + 1 / 28 + 1 / 24 + 1 / 21), rel=1e-12
    )


@given(both_outcomes)
def test_firths_intercept_is_the_share_with_half_a_claim_added_on_each_side(share):
    """With an intercept alone the penalty is Jeffreys' prior: Firth (1993)."""
    k, n = share
    fit = logistic([[1]], [k], [n], penalised=True)
    assert fit.coefficients[0] == pytest.approx(math.log((k + 0.5) / (n - k + 0.5)), abs=1e-9)


def deviance_given(column, value, births):
    design, k, n = births
    others = np.delete(design, column, axis=1)
    return sm.GLM(
        np.column_stack([k, n - k]),
        others,
        sm.families.Binomial(),
        offset=value * design[:, column],
    ).fit(tol=1e-12).deviance  # fmt: skip


@pytest.mark.parametrize("column", [1, 3, 5])
def test_profile_limits_lose_what_the_chi_squared_allows(births, column):
    """The deviance with the coefficient held at its limit, by statsmodels."""
    design, k, n = births
    fit = logistic(*births, level=0.9, profiled=True)
    free = sm.GLM(np.column_stack([k, n - k]), design, sm.families.Binomial()).fit(tol=1e-12)
    for limit in (fit.lower[column], fit.upper[column]):
        lost = deviance_given(column, limit, births) - free.deviance
        assert lost == pytest.approx(chi2.ppf(0.9, 1), abs=1e-6)
    tested = chi2.sf(deviance_given(column, 0, births) - free.deviance, 1)
    assert fit.p_values[column] == pytest.approx(tested, rel=1e-6)


def can_be_followed_for_ever(rows):
    """Whether a direction of small whole numbers raises some likelihood and lowers none."""
    k, n = np.array(rows).T
    for direction in product(range(-2, 3), repeat=3):
        moved = PATTERNS @ np.array(direction)
        lowers = (moved > 0) & (k < n) | (moved < 0) & (k > 0)
        if not lowers.any() and (moved[n > 0] != 0).any():
            return True
    return False


@given(four_shares)
def test_separation_is_found_where_a_direction_can_be_followed_for_ever(rows):
    design = PATTERNS[[n > 0 for _, n in rows]]
    assume(np.linalg.matrix_rank(design) == 3)
    assert of(rows).separated.any() == can_be_followed_for_ever(rows)


@given(four_shares)
def test_every_fit_is_finite_and_holds_its_coefficients_without_a_warning(rows):
    design = PATTERNS[[n > 0 for _, n in rows]]
    assume(np.linalg.matrix_rank(design) == 3)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        fit = of(rows)
    assert np.isfinite(numbers(fit)).all()
    assert (fit.lower < fit.coefficients).all()
    assert (fit.coefficients < fit.upper).all()


@pytest.mark.parametrize("k", [0, 9])
def test_one_outcome_everywhere_separates(k):
    fit = logistic([[1, 0], [1, 1]], [k, k], [9, 9])
    assert fit.separated.any() and fit.penalised
    assert fit.coefficients[1] == pytest.approx(0, abs=1e-9)


def test_a_threshold_that_divides_all_claims_separates():
    amounts = np.array([10.0, 20, 30, 400, 500, 900])
    fit = logistic(np.column_stack([np.ones(6), amounts]), amounts > 100, np.ones(6))
    assert fit.separated.tolist() == [True, True]
    assert fit.lower[1] < fit.coefficients[1] < fit.upper[1]


def test_plain_likelihood_without_a_peak_is_refused():
    with pytest.raises(ValueError, match="has no peak: columns 1 of the design separate"):
        logistic([[1, 0], [1, 1]], [4, 7], [9, 7], penalised=False)


def test_columns_that_say_the_same_are_refused():
    with pytest.raises(ValueError, match="column 2 is a combination of those before it"):
        logistic([[1, 0, 1], [1, 1, 0]], [4, 6], [9, 7])


def test_a_column_without_claims_on_one_side_is_refused():
    with pytest.raises(ValueError, match=r"column 1 is a combination .* over the 1 patterns"):
        logistic([[1, 0], [1, 1]], [4, 0], [9, 0])


@pytest.mark.parametrize("options", [{}, {"penalised": True}, {"profiled": True}])
@given(four_with_both, st.randoms())
def test_neither_order_nor_splitting_of_patterns_matters(options, rows, random):
    whole = [(*pattern, k, n) for pattern, (k, n) in zip(PATTERNS, rows, strict=True)]
    split = [(*row[:3], row[3], row[3]) for row in whole]
    split += [(*row[:3], 0, row[4] - row[3]) for row in whole] + [(1, 7, 7, 0, 0)]
    split = np.array(random.sample(split, len(split)))
    fit = of(rows, **options)
    again = logistic(split[:, :3], split[:, 3], split[:, 4], **options)
    np.testing.assert_allclose(numbers(again), numbers(fit), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("options", [{}, {"penalised": True}])
@given(four_with_both, st.sampled_from([0.01, 24, 1e6]))
def test_the_unit_of_a_column_moves_its_coefficient_alone(options, rows, unit):
    fit, again = of(rows, **options), of(rows, design=PATTERNS * [1, 1, unit], **options)
    assert again.coefficients * [1, 1, unit] == pytest.approx(fit.coefficients, abs=1e-6)
    assert again.lower * [1, 1, unit] == pytest.approx(fit.lower, abs=1e-6)
    assert again.p_values == pytest.approx(fit.p_values, abs=1e-6)


@pytest.mark.parametrize("penalised", [False, True])
def test_years_beside_an_intercept_cost_no_digits(penalised):
    years, k = np.array([2021.0, 2022, 2023, 2024, 2025]), [9, 14, 12, 20, 25]
    fits = [
        logistic(np.column_stack([np.ones(5), x]), k, np.full(5, 30), penalised=penalised)
        for x in (years, years - 2023)
    ]
    for of_years, centred in zip(*((f.coefficients, f.lower, f.upper) for f in fits), strict=True):
        assert of_years[1] == pytest.approx(centred[1], rel=1e-8)


@given(four_with_both)
def test_doubled_counts_keep_the_coefficients_and_halve_the_variance(rows):
    fit, doubled = of(rows), of(2 * np.array(rows))
    assert doubled.coefficients == pytest.approx(fit.coefficients, abs=1e-8)
    assert doubled.covariance == pytest.approx(fit.covariance / 2, rel=1e-8)


@given(four_shares)
def test_failures_in_place_of_successes_turn_the_signs(rows):
    assume(np.linalg.matrix_rank(PATTERNS[[n > 0 for _, n in rows]]) == 3)
    fit, mirrored = of(rows), of([(n - k, n) for k, n in rows])
    assert mirrored.coefficients == pytest.approx(-fit.coefficients, abs=1e-7)
    assert mirrored.upper == pytest.approx(-fit.lower, abs=1e-6)


def test_a_hundred_million_claims_cost_their_patterns():
    rows = np.array([(12, 40), (24, 45), (9, 30), (33, 50)]) * 600_000
    for profiled in (False, True):
        fit = of(rows, profiled=profiled)
        assert fit.coefficients == pytest.approx(of(rows // 600_000).coefficients, abs=1e-8)
        assert (fit.upper - fit.lower < 0.01).all()


def test_effects_of_births_equal_the_published_values(births):
    """R: glm and the delta method; smoking 0.174 with error 0.073, in logistic.R all columns."""
    design, _, n = births
    found = average_marginal_effects(logistic(*births), design, n)
    assert (found.value[4], found.std_error[4]) == pytest.approx((0.17408737, 0.07288087), abs=2e-6)


def test_effects_of_births_equal_r(births, from_r):
    """R: derivatives by numDeriv, in logistic.R."""
    stored, (design, _, n) = from_r("logistic")["plain"], births
    found = average_marginal_effects(logistic(*births), design, n)
    np.testing.assert_allclose(found.value[1:], stored["effects"], rtol=1e-9)
    np.testing.assert_allclose(found.std_error[1:], stored["effect_errors"], rtol=1e-6)
    assert np.isnan([found.value[0], found.std_error[0], found.lower[0], found.p_value[0]]).all()


@given(st.lists(both_outcomes, min_size=6, max_size=6))
def test_effects_equal_statsmodels(rows):
    design = np.array([(1, flag, dose) for flag in (0, 1) for dose in (0, 1.5, 4)])
    k, n = np.array(rows).T
    found = average_marginal_effects(logistic(design, k, n), design, n)
    written_out = np.repeat(np.vstack([design, design]), np.concatenate([k, n - k]), axis=0)
    outcome = np.repeat([1, 0], [k.sum(), (n - k).sum()])
    logit = sm.Logit(outcome, written_out).fit(disp=False, tol=1e-12)
    expected = logit.get_margeff(dummy=True).summary_frame()
    values = np.column_stack([found.value, found.std_error, found.p_value])[1:]
    columns = expected[["dy/dx", "Std. Err.", "Pr(>|z|)"]].to_numpy()
    np.testing.assert_allclose(values, columns, rtol=1e-5, atol=1e-6)


def test_effect_of_one_flag_is_the_difference_of_the_shares():
    design, k, n = [[1, 0], [1, 1]], [12, 24], [40, 45]
    found = average_marginal_effects(logistic(design, k, n), design, n, level=0.9)
    error = math.sqrt(0.3 * 0.7 / 40 + 24 / 45 * 21 / 45 / 45)
    assert found.value[1] == pytest.approx(24 / 45 - 0.3, abs=1e-9)
    assert found.std_error[1] == pytest.approx(error, rel=1e-9)
    assert found.upper[1] - found.value[1] == pytest.approx(norm.ppf(0.95) * error, rel=1e-9)


def test_effects_over_other_claims_follow_their_mix():
    """The same odds ratio is worth fewer points where nearly everything wins."""
    design = np.array([(1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)])
    fit = logistic(design, [20, 40, 90, 97], [100, 100, 100, 100])
    even = average_marginal_effects(fit, design, [50, 50, 50, 50])
    easy = average_marginal_effects(fit, design, [1, 1, 99, 99])
    assert 0 < easy.value[1] < even.value[1]


def test_effects_of_a_separating_column_stay_within_one():
    design = [[1, 0], [1, 1]]
    found = average_marginal_effects(logistic(design, [20, 8], [40, 8]), design, [40, 8])
    assert 0 < found.value[1] < 0.5
    assert found.upper[1] <= 1


def test_a_design_with_other_columns_than_the_fits_is_refused():
    fit = logistic([[1, 0], [1, 1]], [12, 24], [40, 45])
    with pytest.raises(ValueError, match="must have the 2 columns of the fit; found 3"):
        average_marginal_effects(fit, [[1, 0, 1]], [4])


def shares_of(beta, design=PATTERNS):
    return 1 / (1 + np.exp(-design @ beta))


def test_walds_limits_cover_the_truth_at_their_level():
    rng, beta = np.random.default_rng(15), np.array([-0.5, 0.8, -0.4])
    n = np.array([60, 40, 50, 70])
    fits = [logistic(PATTERNS, k, n) for k in rng.binomial(n, shares_of(beta), (2000, 4))]
    held = [(fit.lower <= beta) & (beta <= fit.upper) for fit in fits]
    assert (np.abs(np.mean(held, axis=0) - 0.95) < 0.02).all()


@pytest.mark.parametrize(
    ("options", "n", "beta"),
    [
        ({"profiled": True}, (60, 45), (-0.5, 0.8)),
        ({"penalised": True}, (40, 12), (-0.5, 2.5)),
    ],
    ids=["plain likelihood", "Firth's, where one draw in four separates"],
)
def test_profile_limits_cover_the_truth_at_their_level(options, n, beta):
    """Each outcome that was drawn is fitted once and weighs as often as it came."""
    rng, design = np.random.default_rng(16), np.array([(1, 0), (1, 1)])
    draws = rng.binomial(n, shares_of(np.array(beta), design), (5000, 2))
    outcomes, often = np.unique(draws, axis=0, return_counts=True)
    fits = [logistic(design, k, n, **options) for k in outcomes]
    held = [(fit.lower <= beta) & (beta <= fit.upper) for fit in fits]
    assert (np.abs(np.average(held, axis=0, weights=often) - 0.95) < 0.02).all()


def test_limits_of_effects_cover_the_truth_at_their_level():
    rng, beta = np.random.default_rng(17), np.array([-0.5, 0.8, -0.4])
    n = np.array([60, 40, 50, 70])
    present, absent = PATTERNS.copy(), PATTERNS.copy()
    present[:, 1], absent[:, 1] = 1, 0
    difference = 1 / (1 + np.exp(-present @ beta)) - 1 / (1 + np.exp(-absent @ beta))
    truth = n @ difference / n.sum()
    found = [
        average_marginal_effects(logistic(PATTERNS, k, n), PATTERNS, n)
        for k in rng.binomial(n, shares_of(beta), (1500, 4))
    ]
    assert 0.93 < np.mean([each.lower[1] <= truth <= each.upper[1] for each in found]) < 0.97
