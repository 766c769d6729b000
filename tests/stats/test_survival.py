"""Curves, quantiles and incidences against textbooks, R, statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from claimstats.stats.survival import (
    Quantile,
    cumulative_incidence,
    incidence_at,
    kaplan_meier,
    quantile,
    survival_at,
)

# Every row: time, cause (0 is censored), count.
claims = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=25
)

R_CASES = [
    "freireich_treated", "freireich_placebo", "lung_men", "lung_women", "bmt_1", "bmt_2", "bmt_3",
    "grouped", "all_open", "all_at_once", "all_ended", "one_ended", "one_open",
    "flat_at_the_median", "flat_to_the_end", "ended_and_open_at_once", "open_before_the_first",
]  # fmt: skip

CURVE_FIELDS = [
    "times", "at_risk", "events", "censored", "survival", "std_error", "lower", "upper",
]  # fmt: skip
INCIDENCE_FIELDS = ["times", "at_risk", "incidence", "std_error", "lower", "upper"]


def columns(rows):
    time, cause, count = np.array(rows, dtype=int).reshape(-1, 3).T
    return time, cause, count


def close(found, expected, tolerance=1e-9):
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def same_curve(found, expected, fields, tolerance=1e-9):
    for field in fields:
        close(getattr(found, field), getattr(expected, field), tolerance)


def survival_of(curve, times):
    return [survival_at(curve, time).value for time in times]


# Published


def test_remission_under_6mp_equals_the_textbook(dataset):
    """Freireich (1963); Kleinbaum and Klein, Survival Analysis, chapters 2 and 3."""
    data = dataset("freireich")
    treated = data["treated"] == 1
    curve = kaplan_meier(data["weeks"][treated], data["relapsed"][treated])
    weeks = [6, 7, 10, 13, 16, 22, 23]
    published = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert survival_of(curve, weeks) == pytest.approx(published, abs=5.1e-5)


def test_median_remission_equals_the_textbook(dataset):
    """Kleinbaum and Klein: 23 weeks under 6-MP, 8 on placebo; log-log limits as in R."""
    data = dataset("freireich")
    placebo, treated = (
        quantile(kaplan_meier(data["weeks"][group], data["relapsed"][group]), 0.5)
        for group in (data["treated"] == 0, data["treated"] == 1)
    )
    assert placebo == Quantile(8, 4, 11)
    assert (treated.value, treated.lower) == (23, 13)
    assert np.isnan(treated.upper)


@pytest.mark.parametrize(("sex", "median"), [(1, (270, 210, 306)), (2, (426, 345, 524))])
def test_median_of_lung_patients_equals_r(dataset, sex, median):
    """Medians 270 and 426: R's ?lung. The limits are survfit's with conf.type = "log-log"."""
    data = dataset("lung")
    of_sex = data["sex"] == sex
    curve = kaplan_meier(data["days"][of_sex], data["died"][of_sex])
    assert quantile(curve, 0.5) == Quantile(*median)


def test_incidence_of_relapse_equals_camis(dataset):
    """CAMIS, cumulative incidence, group AML low risk: tidycmprsk and SAS PROC LIFETEST agree.

    Their standard errors are Aalen's, which differ from the delta method's by less than 1 %.
    """
    data = dataset("bmt")
    low = data["disease"] == 2
    curve = cumulative_incidence(data["days"][low], data["cause"][low])
    days = np.array([1, 1.5, 2, 3]) * 365.25
    found = [incidence_at(curve, day).value for day in days]
    assert found == pytest.approx([0.0741, 0.1296, 0.1481, 0.1667], abs=5.1e-5)
    errors = curve.std_error[np.searchsorted(curve.times, days, side="right") - 1]
    assert errors == pytest.approx([0.0360, 0.0463, 0.0489, 0.0514], abs=8e-4)


def test_incidence_of_each_cause_equals_cmprsk(dataset):
    """R: cmprsk 2.2-11, timepoints() at one year; causes 1 and 2 in groups 1 to 3."""
    data = dataset("bmt")
    found = [
        incidence_at(
            cumulative_incidence(
                data["days"][data["disease"] == group],
                data["cause"][data["disease"] == group],
                cause=cause,
            ),
            365.25,
        ).value
        for cause in (1, 2)
        for group in (1, 2, 3)
    ]
    expected = [
        0.23798627002, 0.07407407407, 0.35555555556, 0.21281464531, 0.14814814815, 0.26666666667,
    ]  # fmt: skip
    assert found == pytest.approx(expected, abs=1e-10)


# R, stored


@pytest.fixture(params=R_CASES)
def r_case(request, from_r):
    """One of the cases of survival.R: what was given, and what R found."""
    return from_r("survival")[request.param]


def test_every_case_of_the_r_script_is_tested(from_r):
    assert sorted(R_CASES) == sorted(from_r("survival"))


def test_curve_equals_r(r_case):
    """R: survfit(Surv(time, ended) ~ 1, conf.type = "log-log"), in survival.R."""
    times, causes, counts = r_case["given"].values()
    found = kaplan_meier(times, causes > 0, counts)
    for field in CURVE_FIELDS:
        close(getattr(found, field), r_case["kaplan_meier"][field])


def test_quantiles_equal_r(r_case):
    """R: quantile(survfit(...)), middles of flat stretches included, in survival.R."""
    times, causes, counts = r_case["given"].values()
    stored = r_case["kaplan_meier"]["quantiles"]
    curve = kaplan_meier(times, causes > 0, counts)
    found = [quantile(curve, p) for p in stored["p"]]
    close([each.value for each in found], stored["value"])
    close([each.lower for each in found], stored["lower"])
    close([each.upper for each in found], stored["upper"])


def test_incidence_equals_r(r_case):
    """R: multi-state survfit, limits of the complement by survfit_confint, in survival.R."""
    times, causes, counts = r_case["given"].values()
    for cause, stored in r_case.get("incidence", {}).items():
        found = cumulative_incidence(times, causes, counts, cause=int(cause))
        for field, values in stored.items():
            close(getattr(found, field), values)


# Live oracles


@given(claims)
def test_curve_equals_statsmodels(rows):
    time, cause, count = columns(rows)
    found = kaplan_meier(time, cause > 0, count)
    with np.errstate(divide="ignore", invalid="ignore"):  # theirs divides by 0 where all end
        theirs = SurvfuncRight(np.repeat(time, count), np.repeat(cause > 0, count))
    at = np.isin(found.times, theirs.surv_times)
    close(found.survival[at], theirs.surv_prob)
    some_left = at & (found.survival > 0)
    close(found.std_error[some_left], theirs.surv_prob_se[theirs.surv_prob > 0])


@given(claims)
def test_curve_equals_scipy(rows):
    time, cause, count = columns(rows)
    found = kaplan_meier(time, cause > 0, count)
    ended, still_open = (np.repeat(time[of], count[of]) for of in (cause > 0, cause == 0))
    theirs = ecdf(CensoredData(uncensored=ended, right=still_open)).sf
    close(found.survival, theirs.evaluate(found.times))


@given(claims)
def test_incidence_equals_statsmodels(rows):
    time, cause, count = columns(rows)
    assume({1, 2} <= set(cause))
    with np.errstate(divide="ignore", invalid="ignore"):  # theirs divides by 0 where all end
        theirs = CumIncidenceRight(np.repeat(time, count), np.repeat(cause, count))
    for of in (1, 2):
        found = cumulative_incidence(time, cause, count, cause=of)
        close(found.incidence[np.isin(found.times, theirs.times)], theirs.cinc[of - 1])


def test_incidence_variance_equals_the_sum_it_stands_for():
    """Dinse and Larson (1986), term by term, on a hundred million claims in 3,000 rows."""
    rng = np.random.default_rng(6)
    time, cause = rng.integers(0, 400, 3000), rng.integers(0, 3, 3000)
    count = rng.integers(1, 66_000, 3000)
    curve = cumulative_incidence(time, cause, count)
    at_risk, f = curve.at_risk.astype(float), curve.incidence
    d1, d = (np.bincount(time, count * of) for of in (cause == 1, cause > 0))
    before = np.append(1, curve.survival)[:-1]
    t = 350
    u = slice(0, t + 1)
    rest = f[t] - f[u]
    expected = (
        rest**2 * d[u] / (at_risk[u] * (at_risk[u] - d[u]))
        + before[u] ** 2 * (at_risk[u] - d1[u]) * d1[u] / at_risk[u] ** 3
        - 2 * rest * before[u] * d1[u] / at_risk[u] ** 2
    ).sum()
    assert curve.std_error[t] == pytest.approx(np.sqrt(expected), rel=1e-12)


# Edges


def test_no_claims_make_an_empty_curve_without_numbers():
    curve, incidence = kaplan_meier([], []), cumulative_incidence([], [])
    assert curve.times.size == incidence.times.size == 0
    assert np.isnan(quantile(curve, 0.5).value)
    for nothing in (survival_at(curve, 0), incidence_at(incidence, 90)):
        assert np.isnan([nothing.value, nothing.lower, nothing.upper]).all()
        assert nothing.at_risk == 0


def test_rows_that_stand_for_no_claim_leave_no_trace():
    with_empty = kaplan_meier([1, 2, 3], [True, True, False], counts=[2, 0, 2])
    same_curve(with_empty, kaplan_meier([1, 3], [True, False], counts=[2, 2]), CURVE_FIELDS)


def test_a_claim_censored_at_a_time_is_at_risk_at_it():
    curve = kaplan_meier([5, 5], [True, False])
    assert curve.at_risk.tolist() == [2]
    assert curve.survival.tolist() == [0.5]


def test_limits_are_unknown_where_the_share_is_exactly_one_or_zero():
    curve = kaplan_meier([1, 2, 3], [False, True, True])
    assert curve.survival.tolist() == [1, 0.5, 0]
    assert np.isnan(curve.lower).tolist() == np.isnan(curve.upper).tolist() == [True, False, True]


@pytest.mark.parametrize("n", range(2, 60))
def test_limits_are_unknown_where_the_incidence_is_exactly_zero_or_one(n):
    """The steps add to 1, and the terms of the variance to 0, only up to rounding."""
    days = np.arange(n)
    late, always = (cumulative_incidence(days, np.where(days < f, 2, 1)) for f in (n - 1, 0))
    assert not late.std_error[:-1].any()
    assert np.isnan([late.lower[:-1], late.upper[:-1]]).all()
    assert (always.incidence[-1], always.std_error[-1]) == (1, 0)
    assert np.isnan([always.lower[-1], always.upper[-1]]).all()


def test_all_at_once_is_a_plain_share():
    curve = cumulative_incidence([7, 7, 7], [1, 2, 0], counts=[30, 50, 20])
    assert curve.incidence.tolist() == pytest.approx([0.3])
    assert curve.std_error.tolist() == pytest.approx([np.sqrt(0.3 * 0.7 / 100)])


def test_a_cause_nobody_ended_from_has_no_incidence():
    curve = cumulative_incidence([1, 2, 3], [1, 2, 0], cause=9)
    assert curve.incidence.tolist() == curve.std_error.tolist() == [0, 0, 0]


def test_a_median_not_reached_is_nan():
    curve = kaplan_meier([1, 2, 3, 4], [True, False, False, False])
    assert np.isnan(quantile(curve, 0.5).value)


def test_a_median_reached_but_for_rounding_is_the_middle_of_the_flat_stretch():
    """11 of 18, then 9 of 11, is a half but for rounding; R's tolerance takes it for one."""
    curve = kaplan_meier([1, 2, 6], [True, True, True], counts=[7, 2, 9])
    assert curve.survival[1] > 0.5
    assert quantile(curve, 0.5).value == 4


def test_an_age_nobody_was_followed_to_has_no_number():
    curve, incidence = kaplan_meier([3, 9], [1, 0]), cumulative_incidence([3, 9], [1, 0])
    for found in (survival_at(curve, 9.5), incidence_at(incidence, 9.5)):
        assert np.isnan([found.value, found.lower, found.upper]).all()
        assert found.at_risk == 0


def test_the_share_is_final_once_every_claim_has_ended():
    curve, incidence = kaplan_meier([3, 9], [1, 1]), cumulative_incidence([3, 9], [1, 2])
    assert (survival_at(curve, 365).value, survival_at(curve, 365).at_risk) == (0, 0)
    assert incidence_at(incidence, 365).value == 0.5
    assert incidence_at(incidence, 365).upper == incidence.upper[-1]


def test_a_share_holds_from_its_time_until_the_next():
    curve = kaplan_meier([3, 9, 12], [True, True, False])
    ages = [0, 2.9, 3, 8.9, 9, 12]
    assert survival_of(curve, ages) == pytest.approx([1, 1, 2 / 3, 2 / 3, 1 / 3, 1 / 3])
    assert [survival_at(curve, age).at_risk for age in ages] == [3, 3, 3, 2, 2, 1]


def test_before_the_first_end_nothing_is_known_of_the_limits():
    found = incidence_at(cumulative_incidence([3, 9], [1, 0]), 1)
    assert (found.value, found.at_risk) == (0, 2)
    assert np.isnan([found.lower, found.upper]).all()


# Invariances


@given(claims, st.randoms())
def test_order_of_rows_does_not_matter(rows, random):
    shuffled = columns(random.sample(rows, len(rows)))
    time, cause, count = columns(rows)
    same_curve(
        kaplan_meier(time, cause > 0, count),
        kaplan_meier(shuffled[0], shuffled[1] > 0, shuffled[2]),
        CURVE_FIELDS,
    )
    same_curve(
        cumulative_incidence(time, cause, count), cumulative_incidence(*shuffled), INCIDENCE_FIELDS
    )


@given(claims)
def test_grouped_equals_written_out(rows):
    time, cause, count = columns(rows)
    t, c = np.repeat(time, count), np.repeat(cause, count)
    same_curve(kaplan_meier(time, cause > 0, count), kaplan_meier(t, c > 0), CURVE_FIELDS)
    same_curve(
        cumulative_incidence(time, cause, count), cumulative_incidence(t, c), INCIDENCE_FIELDS
    )


@given(claims, st.sampled_from([24, 1 / 24, 3600]))
def test_the_unit_of_time_only_scales_the_times(rows, unit):
    time, cause, count = columns(rows)
    days = kaplan_meier(time, cause > 0, count)
    other = kaplan_meier(time * unit, cause > 0, count)
    same_curve(days, other, CURVE_FIELDS[1:])
    median, scaled = quantile(days, 0.5), quantile(other, 0.5)
    close([scaled.value, scaled.lower, scaled.upper],
          [median.value * unit, median.lower * unit, median.upper * unit])  # fmt: skip


@given(claims)
def test_doubled_counts_keep_the_estimates(rows):
    time, cause, count = columns(rows)
    once, twice = (kaplan_meier(time, cause > 0, k * count) for k in (1, 2))
    close(once.survival, twice.survival)
    close(once.std_error, twice.std_error * np.sqrt(2))
    one, two = (cumulative_incidence(time, cause, k * count) for k in (1, 2))
    close(one.incidence, two.incidence)
    close(one.std_error, two.std_error * np.sqrt(2), 1e-7)


@given(claims)
def test_with_one_cause_incidence_is_one_minus_kaplan_meier(rows):
    time, cause, count = columns(rows)
    curve = kaplan_meier(time, cause > 0, count)
    incidence = cumulative_incidence(time, cause > 0, count)
    close(incidence.incidence, 1 - curve.survival)
    close(incidence.lower, 1 - curve.upper, 1e-7)
    close(incidence.upper, 1 - curve.lower, 1e-7)


@given(claims)
def test_the_causes_and_the_open_share_add_to_one(rows):
    one, two = (cumulative_incidence(*columns(rows), cause=cause) for cause in (1, 2))
    close(one.incidence + two.incidence + one.survival, np.ones(one.times.size))


@given(claims)
def test_limits_hold_the_share_and_stay_within_0_to_1(rows):
    time, cause, count = columns(rows)
    curve = kaplan_meier(time, cause > 0, count)
    incidence = cumulative_incidence(time, cause, count)
    for value, found in ((curve.survival, curve), (incidence.incidence, incidence)):
        known = ~np.isnan(found.lower)
        assert (found.lower[known] >= 0).all()
        assert (found.lower[known] <= value[known]).all()
        assert (value[known] <= found.upper[known]).all()
        assert (found.upper[known] <= 1).all()


@given(claims)
def test_no_counts_cause_a_warning(rows):
    time, cause, count = columns(rows)
    with np.errstate(all="raise", under="ignore"):
        quantile(kaplan_meier(time, cause > 0, count), 0.5)
        cumulative_incidence(time, cause, count)


@given(claims, st.floats(0.01, 1))
def test_the_limits_of_a_quantile_hold_it(rows, p):
    time, cause, count = columns(rows)
    found = quantile(kaplan_meier(time, cause > 0, count), p)
    assert not found.lower > found.value
    assert not found.upper < found.value


@given(st.lists(st.integers(1, 60), min_size=3, max_size=3))
def test_without_censoring_the_share_and_its_error_are_the_plain_ones(counts):
    curve = cumulative_incidence([2, 1, 3], [1, 2, 1], counts)
    n, share = sum(counts), (counts[0] + counts[2]) / sum(counts)
    assert incidence_at(curve, 90).value == pytest.approx(share)
    assert curve.std_error[-1] == pytest.approx(np.sqrt(share * (1 - share) / n))
