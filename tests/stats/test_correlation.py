"""Spearman's rho against a worked example, R and scipy."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm, spearmanr

from claimstats.stats.correlation import Correlation, spearman

pairs = st.tuples(st.integers(-5, 5), st.integers(-5, 5))
samples = st.lists(pairs, min_size=4, max_size=40)
grouped = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 5)), max_size=12)


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
