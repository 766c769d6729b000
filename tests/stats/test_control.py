"""Control limits and runs against Montgomery's example, scipy and months of known shares."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom

from claimstats.stats.control import binomial_limits, control_chart, false_alarm, runs

# Defective of 50 cans each: Montgomery DC, Introduction to Statistical Quality Control, table 7.1
# (6.1 in older editions); as fractions the wafers of NIST's e-Handbook, section 6.3.3.2.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22,
        8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]  # fmt: skip

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def outside(chart, k, n):
    share = np.asarray(k) / np.asarray(n)
    return np.flatnonzero((share < chart.lower) | (share > chart.upper)).tolist()


# Published examples


def test_cans_have_montgomerys_centre_and_limits():
    """Centre .2313, three standard errors away .4102 and .0524; samples 15 and 23 lie outside."""
    found = control_chart(CANS, [50] * 30)
    error = (CANS[0] / 50 - found.centre) / found.z[0]
    assert found.centre == pytest.approx(0.2313, abs=5e-5)
    assert found.centre + 3 * error == pytest.approx(0.4102, abs=5e-5)
    assert found.centre - 3 * error == pytest.approx(0.0524, abs=5e-5)
    assert np.flatnonzero(np.abs(found.z) > 3).tolist() == [14, 22]


def test_exact_limits_judge_cans_as_montgomery_does_where_they_are_not_widened():
    lower, upper = binomial_limits(347 / 1500, [50] * 30)
    beyond = np.flatnonzero((np.array(CANS) / 50 > upper) | (np.array(CANS) / 50 < lower))
    assert beyond.tolist() == [14, 22]


def test_scatter_is_laneys_sigma_z_worked_by_hand():
    """z of 5, 10 and 15 of 25 around 0.4 are -2.041, 0 and 2.041; both ranges 2.041 / 1.128."""
    found = control_chart([5, 10, 15], [25] * 3)
    assert found.z.tolist() == pytest.approx([-2.0412, 0, 2.0412], abs=5e-5)
    assert found.scatter == pytest.approx(2.0412 / 1.1284, abs=1e-3)


def test_widened_limits_are_nearly_laneys_of_large_months():
    rng = np.random.default_rng(20)
    n = rng.integers(20_000, 40_000, 24)
    k = rng.binomial(n, rng.beta(200, 300, 24))
    found = control_chart(k, n)
    reach = 3 * found.scatter * np.sqrt(found.centre * (1 - found.centre) / n)
    assert found.scatter > 5
    np.testing.assert_allclose(found.upper, found.centre + reach, rtol=2e-3)
    np.testing.assert_allclose(found.lower, found.centre - reach, rtol=2e-3)


# Limits are the binomial's


@given(st.integers(1, 3000), st.floats(0.005, 0.995), st.sampled_from([0.8, 0.95, 0.998, 0.9973]))
def test_what_lies_beyond_a_limit_is_at_most_its_tail_and_with_the_next_count_more(n, p, level):
    lower, upper = (float(limit) for limit in binomial_limits(p, n, level))
    tail = (1 - level) / 2
    first, last = np.ceil(lower * n - 1e-9), np.floor(upper * n + 1e-9)
    assert 0 <= lower <= upper <= 1
    assert binom.cdf(first - 1, n, p) <= tail * (1 + 1e-9)
    assert binom.cdf(first, n, p) >= tail * (1 - 1e-9)
    assert binom.sf(last, n, p) <= tail * (1 + 1e-9)
    assert binom.sf(last - 1, n, p) >= tail * (1 - 1e-9)


@given(st.integers(1, 3000), st.floats(0.01, 0.99))
def test_limits_of_failures_mirror_those_of_successes(n, p):
    lower, upper = binomial_limits(p, n)
    mirrored = binomial_limits(1 - p, n)
    np.testing.assert_allclose([1 - upper, 1 - lower], mirrored, atol=1e-9)


def test_curves_close_in_without_a_saw():
    lower, upper = binomial_limits(0.37, np.arange(20, 2000, 7), 0.95)
    assert (np.diff(lower) > 0).all()
    assert (np.diff(upper) < 0).all()


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_a_share_of_nothing_or_all_has_itself_for_limits(target):
    lower, upper = binomial_limits(target, [1, 30])
    assert lower.tolist() == upper.tolist() == [target, target]


def test_no_claims_and_no_target_have_no_limits():
    assert np.isnan(binomial_limits(0.4, [0])).all()
    assert np.isnan(binomial_limits(np.nan, [5])).all()


# Charts


@given(st.lists(counts, min_size=1, max_size=30))
def test_no_limit_lies_inside_the_binomials(months):
    k, n = np.array(months).T
    found = control_chart(k, n)
    assume(0 < found.centre < 1)
    lower, upper = binomial_limits(found.centre, n)
    assert (found.lower <= lower + 1e-12).all()
    assert (found.upper >= upper - 1e-12).all()


@given(st.lists(counts, min_size=2, max_size=30))
def test_failures_make_the_mirrored_chart(months):
    k, n = np.array(months).T
    found, mirrored = control_chart(k, n), control_chart(n - k, n)
    np.testing.assert_allclose(mirrored.lower, 1 - found.upper, atol=1e-9)
    np.testing.assert_allclose(mirrored.scatter, found.scatter)


@pytest.mark.parametrize("k", [[0, 0, 0], [20, 20, 20]])
def test_months_that_all_ended_alike_have_no_scatter_no_limits_and_no_alarm(k):
    found = control_chart(k, [20] * 3)
    assert np.isnan(found.scatter)
    assert np.isnan([found.lower, found.upper]).all()
    assert outside(found, k, [20] * 3) == []


def test_no_claims_have_no_chart():
    found = control_chart([], [])
    assert np.isnan([found.centre, found.scatter]).all()
    assert found.lower.size == 0
    assert np.isnan(control_chart([0, 4], [0, 9]).lower).tolist() == [True, False]


def test_one_month_has_limits_and_no_scatter():
    found = control_chart([5], [20])
    assert np.isnan(found.scatter)
    assert found.lower[0] < 0.25 < found.upper[0]


# Runs


def test_a_run_is_flagged_from_the_period_that_completes_it():
    high = [0.6] * 10
    assert runs([0.4, *high, 0.4], 0.5).tolist() == [False] * 9 + [True, True, False]
    assert not runs(high[:8], 0.5).any()


def test_a_period_on_the_line_ends_a_run_and_one_that_is_not_judged_is_passed_over():
    assert not runs([0.6, 0.6, 0.5, 0.6], 0.5, length=3).any()
    assert runs([0.4, np.nan, 0.4, 0.4], 0.5, length=3).tolist() == [False, False, False, True]


@pytest.mark.parametrize("length", [2, 3, 4])
def test_chance_of_a_run_is_that_of_all_tosses_counted(length):
    for n in range(1, 10):
        tosses = itertools.product([0.0, 1.0], repeat=n)
        share = np.mean([runs(list(each), 0.5, length).any() for each in tosses])
        assert false_alarm(n, level=1 - 1e-12, length=length) == pytest.approx(share, abs=1e-9)


def test_limits_alone_alarm_once_in_370_periods():
    assert false_alarm(1) == pytest.approx(1 / 370, rel=1e-2)
    assert false_alarm(0) == 0


# Months drawn from known shares


def alarms(rng, months, scatter, judge):
    """The share of charts of steady months on which `judge` finds a signal."""
    found = 0
    for _ in range(400):
        n = rng.integers(25, 120, months)
        share = rng.beta(0.45 * scatter, 0.55 * scatter, months) if scatter else 0.45
        found += judge(rng.binomial(n, share), n)
    return found / 400


def signals(k, n):
    found = control_chart(k, n)
    return bool(outside(found, k, n)) or runs(k / n, found.centre).any()


def naive(k, n):
    centre = k.sum() / n.sum()
    return bool((np.abs(k / n - centre) > 3 * np.sqrt(centre * (1 - centre) / n)).any())


@pytest.mark.parametrize("months", [12, 36])
def test_steady_months_alarm_no_more_often_than_said(months):
    assert alarms(np.random.default_rng(1), months, None, signals) < false_alarm(months) + 0.03


def test_false_alarm_is_the_most_unless_successes_are_rare():
    """Of 24 months with 2 expected successes, and with a fifth of one: most have none."""

    def share_of_alarms(trials, p):
        rng = np.random.default_rng(4)
        months = np.full(24, trials)
        return np.mean([signals(rng.binomial(months, p), months) for _ in range(300)])

    assert share_of_alarms(20, 0.1) < false_alarm(24)
    assert share_of_alarms(10, 0.02) > 4 * false_alarm(24)


@pytest.mark.parametrize("months", [12, 24])
def test_months_that_scatter_more_than_claims_do_not_alarm(months):
    """Shares that wander by eleven points: limits by claims alone cry wolf on most charts."""
    assert alarms(np.random.default_rng(2), months, 20, naive) > 0.6
    assert alarms(np.random.default_rng(2), months, 20, signals) < false_alarm(months) + 0.03


def test_a_month_that_falls_by_half_and_a_lasting_change_are_found():
    rng, single, lasting = np.random.default_rng(3), 0, 0
    for _ in range(200):
        n = rng.integers(60, 120, 24)
        share = np.full(24, 0.5)
        share[20] = 0.2
        k = rng.binomial(n, share)
        single += 20 in outside(control_chart(k, n), k, n)
        k = rng.binomial(n, np.where(np.arange(24) < 12, 0.5, 0.4))
        lasting += signals(k, n)
    assert single > 180
    assert lasting > 100


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: control_chart([3], [2]), "must not exceed"),
        (lambda: control_chart([1, 2], [3]), "same shape"),
        (lambda: control_chart([1], [3], level=1), "level"),
        (lambda: binomial_limits(1.2, [3]), "target"),
        (lambda: binomial_limits(0.5, [3], level=0), "level"),
        (lambda: runs([0.4], 0.5, length=1), "length"),
        (lambda: runs([1.4], 0.5), "shares"),
        (lambda: false_alarm(-1), "periods"),
        (lambda: false_alarm(5, length=1), "length"),
    ],
)
def test_what_makes_no_chart_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
