"""Quantiles with distribution-free limits, against printed ranks, numpy and the binomial itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from claimstats.stats.order_statistics import sample_quantile

LEVEL = 0.95


def limits(n, p=0.5, level=LEVEL):
    """Ranks of the limits in a sample whose values are their ranks."""
    found = sample_quantile(range(1, n + 1), p, level=level)
    return found.lower, found.upper


@pytest.mark.parametrize(
    ("n", "ranks"),
    [(6, (1, 6)), (8, (1, 8)), (9, (2, 8)), (10, (2, 9)), (20, (6, 15)), (50, (18, 33))],
)
def test_ranks_for_a_median_are_those_of_the_sign_test_tables(n, ranks):
    """Such as Conover (1999), table A3, or Dixon and Massey (1983), table A-25."""
    assert limits(n) == ranks


def test_five_values_have_no_limits_for_a_median():
    """Even the smallest and the largest hold it in 1 - 2 / 32 = 93.75 % only."""
    found = sample_quantile([1, 2, 3, 4, 5], 0.5)
    assert (found.value, math.isnan(found.lower), math.isnan(found.upper)) == (3, True, True)


@pytest.mark.parametrize("p", [0.25, 0.5, 0.75, 0.9])
@pytest.mark.parametrize("n", [12, 40, 133, 1000])
def test_limits_hold_the_quantile_at_least_as_often_as_they_say(n, p):
    """The chance that rank lower lies below the quantile and rank upper does not, by scipy."""
    lower, upper = limits(n, p)
    low = 0.0 if math.isnan(lower) else binom.cdf(lower - 1, n, p)
    high = 1.0 if math.isnan(upper) else binom.cdf(upper - 1, n, p)
    assert high - low >= LEVEL
    assert low <= (1 - LEVEL) / 2
    if not math.isnan(lower):  # no tighter rank would do
        assert binom.cdf(lower, n, p) > (1 - LEVEL) / 2
    if not math.isnan(upper):
        assert binom.cdf(upper - 2, n, p) < (1 + LEVEL) / 2


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 4)), min_size=1, max_size=20),
    st.sampled_from([0.1, 0.25, 0.5, 0.75]),
)
def test_counts_stand_for_as_many_values(rows, p):
    values, counts = zip(*rows, strict=True)
    expanded = np.repeat(values, counts)
    found = sample_quantile(values, p, counts)
    alone = sample_quantile(expanded, p)
    assert np.array_equal(
        (found.value, found.lower, found.upper), (alone.value, alone.lower, alone.upper), True
    )
    if expanded.size:
        assert found.value == pytest.approx(np.quantile(expanded, p))
    else:
        assert math.isnan(found.value)


def test_no_value_has_no_quantile():
    found = sample_quantile([], 0.5)
    assert all(map(math.isnan, (found.value, found.lower, found.upper)))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"p": 1}, "p must lie between"),
        ({"p": 0.5, "level": 0}, "level must lie between"),
        ({"p": 0.5, "counts": [1]}, "same shape"),
        ({"p": 0.5, "counts": [1, -1]}, "counts must not be negative"),
    ],
)
def test_what_is_no_question_is_refused(asked, told):
    with pytest.raises(ValueError, match=told):
        sample_quantile([1, 2], **asked)


def test_infinite_value_is_refused():
    with pytest.raises(ValueError, match="finite"):
        sample_quantile([1, math.inf], 0.5)
