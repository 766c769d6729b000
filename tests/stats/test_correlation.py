"""Spearman, Kendall and the point-biserial against a worked example, R and scipy."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import kendalltau, norm, pointbiserialr, spearmanr

from claimstats.stats.correlation import Correlation, kendall, point_biserial, spearman

pairs = st.tuples(st.integers(-5, 5), st.integers(-5, 5))
samples = st.lists(pairs, min_size=4, max_size=40)
grouped = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 5)), max_size=12)


flagged = st.lists(st.tuples(st.integers(0, 1), st.integers(-9, 9), st.integers(0, 5)), max_size=12)


def columns(rows):
    """The columns of `rows` as arrays; three empty ones of no rows."""
    return np.array(rows, dtype=float).reshape(len(rows), -1).T if rows else np.empty((3, 0))


def varies(*sides):
    return all(np.ptp(side) > 0 for side in sides)


def numbers(found: Correlation):
    return found.value, found.lower, found.upper, found.p_value


def test_rho_equals_the_worked_example():
    """Rho = -29/165: Wikipedia, "Spearman's rank correlation coefficient", IQ and hours of TV."""
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    found = spearman(iq, hours)
    assert found.n == 10
    assert found.value == pytest.approx(float(Fraction(-29, 165)), abs=1e-12)


def test_rho_of_grouped_counts_with_ties_equals_r(from_r):
    """R: cor.test(rank(x), rank(y)) on the rows written out, in closed_forms.R."""
    stored = from_r("closed_forms")["spearman"]
    found = spearman(stored["x"], stored["y"], stored["counts"])
    assert found.value == pytest.approx(stored["value"][0], rel=1e-9)
    assert found.p_value == pytest.approx(stored["p_value"][0], rel=1e-9)


@given(samples)
def test_rho_and_p_value_equal_scipy(rows):
    x, y = columns(rows)
    assume(varies(x, y))
    found, expected = spearman(x, y), spearmanr(x, y)
    assert found.value == pytest.approx(expected.statistic, abs=1e-9)
    assume(abs(found.value) < 1)  # scipy's own value may end just short of 1
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-9)


def test_interval_is_bonett_and_wrights():
    x, y = np.arange(30), np.arange(30) * 7 % 31
    found = spearman(x, y, level=0.9)
    rho = spearmanr(x, y).statistic
    half = norm.ppf(0.95) * math.sqrt((1 + rho**2 / 2) / 27)
    assert math.atanh(found.upper) == pytest.approx(math.atanh(rho) + half, abs=1e-9)
    assert math.atanh(found.lower) == pytest.approx(math.atanh(rho) - half, abs=1e-9)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_fewer_than_four_claims_have_no_correlation(n):
    found = spearman(np.arange(n), np.arange(n))
    assert found.n == n
    assert np.isnan(numbers(found)).all()


def test_a_side_that_never_varies_has_no_correlation():
    found = spearman([1, 2, 3, 4, 5], [1, 1, 1, 1, 1])
    assert found.n == 5
    assert np.isnan(numbers(found)).all()


@pytest.mark.parametrize("sign", [1, -1])
@given(st.lists(st.integers(0, 50), min_size=4, max_size=40))
def test_a_perfect_correlation_is_exactly_one(sign, values):
    x = np.array(values)
    assume(varies(x))
    assert numbers(spearman(x, sign * x**3)) == (sign, sign, sign, 0)


def test_one_claim_off_among_billions_does_not_pass_one():
    counts = [816_484_676, 583_818_074, 348_780_474, 59_211, 1]
    found = spearman([0, 1, 2, 3, 4], [0, 1, 2, 3, 3], counts)
    assert numbers(found) == (1, 1, 1, 0)


@given(grouped)
def test_grouped_equals_written_out(rows):
    x, y, counts = columns(rows)
    once = [np.repeat(side, counts.astype(int)) for side in (x, y)]
    np.testing.assert_allclose(numbers(spearman(x, y, counts)), numbers(spearman(*once)), 1e-9)


@given(samples, st.randoms())
def test_order_of_rows_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    np.testing.assert_allclose(
        numbers(spearman(*columns(rows))), numbers(spearman(*columns(shuffled))), 1e-9, 1e-12
    )


@given(samples)
def test_only_ranks_count_and_the_sides_are_alike(rows):
    x, y = columns(rows)
    found = numbers(spearman(x, y))
    np.testing.assert_allclose(numbers(spearman(np.exp(x), 24 * y)), found, 1e-9)
    np.testing.assert_allclose(numbers(spearman(y, x)), found, 1e-9)


@given(grouped)
def test_doubled_counts_keep_rho_and_narrow_the_interval(rows):
    x, y, counts = columns(rows)
    found, doubled = spearman(x, y, counts), spearman(x, y, 2 * counts)
    assume(not math.isnan(found.value) and abs(found.value) < 1)
    assert doubled.value == pytest.approx(found.value, abs=1e-12)
    assert doubled.upper - doubled.lower < found.upper - found.lower


def test_interval_covers_the_truth_at_its_level():
    """Of a normal pair with correlation r, rho is 6/pi asin(r/2)."""
    rng = np.random.default_rng(4)
    x = rng.standard_normal((2000, 60))
    y = 0.5 * x + math.sqrt(0.75) * rng.standard_normal(x.shape)
    truth = 6 / math.pi * math.asin(0.25)
    found = [spearman(*pair) for pair in zip(x, y, strict=True)]
    assert 0.93 < np.mean([each.lower <= truth <= each.upper for each in found]) < 0.97


def test_tau_and_p_value_of_grouped_counts_equal_r(from_r):
    """R: cor.test(x, y, method = "kendall", exact = FALSE) on the rows written out."""
    stored = from_r("closed_forms")["kendall"]
    found = kendall(stored["x"], stored["y"], stored["counts"])
    assert found.value == pytest.approx(stored["value"][0], rel=1e-9)
    assert found.p_value == pytest.approx(stored["p_value"][0], rel=1e-9)


@given(samples)
def test_tau_and_p_value_equal_scipy(rows):
    x, y = columns(rows)
    assume(varies(x, y))
    found, expected = kendall(x, y), kendalltau(x, y, method="asymptotic")
    assert found.value == pytest.approx(expected.statistic, abs=1e-9)
    assume(abs(found.value) < 1)
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-9)


def tau_of(table):
    """Tau-b of a table of shares, pair by pair."""
    rows, across = np.indices(table.shape).reshape(2, -1)
    share = table.ravel()
    same = np.sign(np.subtract.outer(rows, rows)) * np.sign(np.subtract.outer(across, across))
    differing = (1 - table.sum(axis) @ table.sum(axis) for axis in (0, 1))
    return share @ same @ share / math.sqrt(math.prod(differing))


def delta_error(statistic, counts):
    """Standard error of a function of a multinomial table, by numerical derivatives."""
    n = counts.sum()
    share = counts / n
    slopes = np.empty(share.shape)
    for cell in np.ndindex(*share.shape):
        step = np.zeros_like(share)
        step[cell] = 1e-6
        slopes[cell] = (statistic(share + step) - statistic(share - step)) / 2e-6
    return math.sqrt(((share * slopes**2).sum() - (share * slopes).sum() ** 2) / n)


def test_interval_of_tau_has_the_delta_methods_error():
    counts = np.array([[9.0, 4, 2], [5, 8, 3], [1, 6, 12], [0, 2, 7]])
    rows, across = np.indices(counts.shape).reshape(2, -1)
    found = kendall(rows, across, counts.ravel(), level=0.9)
    tau, n = tau_of(counts / counts.sum()), counts.sum()
    error = delta_error(tau_of, counts) * math.sqrt(n / (n - 3)) / (1 - tau**2)
    assert found.value == pytest.approx(tau, abs=1e-12)
    assert math.atanh(found.upper) - math.atanh(tau) == pytest.approx(
        norm.ppf(0.95) * error, rel=1e-6
    )
    assert math.atanh(tau) - math.atanh(found.lower) == pytest.approx(
        norm.ppf(0.95) * error, rel=1e-6
    )


def test_point_biserial_equals_r(from_r):
    """R: cor.test(x, flag) on the rows written out, in closed_forms.R."""
    stored = from_r("closed_forms")["point_biserial"]
    found = point_biserial(stored["y"], stored["x"], stored["counts"])
    assert found.value == pytest.approx(stored["value"][0], rel=1e-9)
    assert found.p_value == pytest.approx(stored["p_value"][0], rel=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.integers(-5, 5)), min_size=4, max_size=40))
def test_point_biserial_equals_scipy(rows):
    flag, values = columns(rows)
    assume(varies(flag, values))
    found, expected = point_biserial(flag, values), pointbiserialr(flag, values)
    assert found.value == pytest.approx(expected.statistic, abs=1e-9)
    assume(abs(found.value) < 1 - 1e-9)
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-9)


def test_interval_of_the_point_biserial_is_tates():
    """Of a flag that half of the claims have, his variance is (1 - r^2)^2 (1 - r^2 / 2) / n."""
    flag, values = np.arange(40) % 2 == 0, np.arange(40) * 7 % 41 + 20 * (np.arange(40) % 2)
    found = point_biserial(flag, values)
    r = pointbiserialr(flag, values).statistic
    half = norm.ppf(0.975) * math.sqrt((1 - r**2 / 2) / 37)
    assert math.atanh(found.upper) == pytest.approx(math.atanh(r) + half, abs=1e-9)
    assert math.atanh(found.lower) == pytest.approx(math.atanh(r) - half, abs=1e-9)


both = pytest.mark.parametrize("correlation", [kendall, point_biserial])


@both
@pytest.mark.parametrize("n", [0, 1, 3])
def test_fewer_than_four_claims_have_none_of_the_others(correlation, n):
    found = correlation(np.arange(n) % 2, np.arange(n))
    assert found.n == n
    assert np.isnan(numbers(found)).all()


@both
def test_a_side_that_never_varies_has_none_of_the_others(correlation):
    for x, y in (([1, 0, 1, 0], [2, 2, 2, 2]), ([1, 1, 1, 1], [1, 2, 3, 4])):
        assert np.isnan(numbers(correlation(x, y))).all()


@both
def test_rows_that_stand_for_no_claim_do_not_vary(correlation):
    assert np.isnan(numbers(correlation([0, 1, 0], [1, 1, 2], [5, 5, 0]))).all()


@both
def test_two_values_that_always_agree_correlate_perfectly(correlation):
    assert numbers(correlation([0, 1, 1], [3, 7, 7], [4, 5, 6])) == (1, 1, 1, 0)
    assert numbers(correlation([0, 1], [7, 3], [4, 5])) == (-1, -1, -1, 0)


@both
@given(flagged)
def test_the_others_of_grouped_counts_equal_those_written_out(correlation, rows):
    flag, values, counts = columns(rows)
    once = [np.repeat(side, counts.astype(int)) for side in (flag, values)]
    np.testing.assert_allclose(
        numbers(correlation(flag, values, counts)), numbers(correlation(*once)), 1e-9, 1e-12
    )


@both
@given(flagged, st.randoms())
def test_the_others_do_not_ask_for_the_order_of_rows(correlation, rows, random):
    shuffled = random.sample(rows, len(rows))
    np.testing.assert_allclose(
        numbers(correlation(*columns(rows))), numbers(correlation(*columns(shuffled))), 1e-9, 1e-12
    )


@both
@given(flagged)
def test_the_others_do_not_ask_for_the_unit(correlation, rows):
    flag, values, counts = columns(rows)
    found = numbers(correlation(flag, values, counts))
    moved = numbers(correlation(flag, 24 * values + 7, counts))
    np.testing.assert_allclose(moved, found, 1e-9, 1e-12)


@both
@given(flagged)
def test_doubled_counts_keep_the_others_and_narrow_their_interval(correlation, rows):
    flag, values, counts = columns(rows)
    found, doubled = correlation(flag, values, counts), correlation(flag, values, 2 * counts)
    assume(not math.isnan(found.value) and abs(found.value) < 1 - 1e-9)
    assert doubled.value == pytest.approx(found.value, abs=1e-12)
    assert doubled.upper - doubled.lower <= found.upper - found.lower


@given(samples)
def test_tau_keeps_under_any_rising_scale_and_exchange_of_sides(rows):
    x, y = columns(rows)
    found = numbers(kendall(x, y))
    np.testing.assert_allclose(numbers(kendall(np.exp(x), y**3)), found, 1e-9)
    np.testing.assert_allclose(numbers(kendall(y, x)), found, 1e-9, 1e-12)


def test_tau_of_a_hundred_million_claims_is_exact():
    small = kendall([0, 0, 1], [0, 1, 1], [3, 4, 5])
    large = kendall([0, 0, 1], [0, 1, 1], [30_000_000, 40_000_000, 50_000_000])
    assert large.value == pytest.approx(small.value, rel=1e-12)
    assert large.upper - large.lower < 1e-3


def test_interval_of_tau_covers_the_truth_at_its_level():
    """Of a normal pair with correlation r, tau is 2/pi asin(r)."""
    rng = np.random.default_rng(9)
    x = rng.standard_normal((1500, 50))
    y = 0.5 * x + math.sqrt(0.75) * rng.standard_normal(x.shape)
    found = [kendall(*pair) for pair in zip(x, y, strict=True)]
    assert 0.93 < np.mean([each.lower <= 1 / 3 <= each.upper for each in found]) < 0.97


def test_interval_of_tau_covers_the_truth_under_heavy_ties():
    """Five bands of evidence, approved in 10, 30, 50, 70 and 90 of 100."""
    rng = np.random.default_rng(10)
    shares = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    table = np.stack([1 - shares, shares], axis=1) / 5
    truth = tau_of(table)
    bands, approved = np.indices(table.shape).reshape(2, -1)
    found = [kendall(bands, approved, k) for k in rng.multinomial(120, table.ravel(), 1500)]
    assert 0.93 < np.mean([each.lower <= truth <= each.upper for each in found]) < 0.97


@pytest.mark.parametrize("share", [0.5, 0.15])
def test_interval_of_the_point_biserial_covers_the_truth_at_its_level(share):
    """Two normal groups, one standard deviation and a half apart."""
    rng = np.random.default_rng(11)
    flag = rng.random((2000, 80)) < share
    values = 1.5 * flag + rng.standard_normal(flag.shape)
    spread = share * (1 - share) * 1.5**2
    truth = math.sqrt(spread / (1 + spread))
    found = [point_biserial(*pair) for pair in zip(flag, values, strict=True)]
    assert 0.93 < np.mean([each.lower <= truth <= each.upper for each in found]) < 0.97
