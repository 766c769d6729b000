"""Limits of a mean of values between 0 and 1: Wilson's where they are 0 and 1, else wider."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from claimstats.stats.means import bounded_mean

DRAWS = 1_000


@pytest.mark.parametrize(("k", "n"), [(0, 7), (3, 7), (7, 7), (120, 400)])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_zeros_and_ones_have_wilsons_limits(k, n, level):
    """statsmodels: proportion_confint(k, n, method="wilson")."""
    found = bounded_mean([0, 1], [n - k, k], level)
    expected = proportion_confint(k, n, 1 - level, method="wilson")
    assert (found.lower, found.upper) == pytest.approx(expected, abs=1e-12)
    assert (found.value, found.n) == (pytest.approx(k / n), n)


def test_limits_of_halves_are_those_of_as_many_claims_half_of_them_ones():
    assert bounded_mean([0.5], [10]) == bounded_mean([0, 1], [5, 5])


def test_row_order_and_split_rows_do_not_matter():
    once = bounded_mean([0, 1 / 3, 1], [4, 5, 6])
    again = bounded_mean([1, 0, 1 / 3, 1], [1, 4, 5, 5])
    assert (again.value, again.lower, again.upper) == pytest.approx(
        (once.value, once.lower, once.upper)
    )


@pytest.mark.parametrize("pieces", [2, 3])
@pytest.mark.parametrize("share", [0.2, 0.6])
def test_limits_hold_the_mean_at_least_as_often_as_they_say(pieces, share):
    """Claims of some pieces each, all there together or each by itself; seeded."""
    dice = np.random.default_rng(20)
    held = 0
    for _ in range(DRAWS):
        together = dice.random((40, 1)) < share
        alone = dice.random((40, pieces)) < share
        there = np.where(dice.random((40, 1)) < 0.5, together, alone)
        found = bounded_mean(there.mean(axis=1))
        held += found.lower <= share <= found.upper
    assert held / DRAWS > 0.93


def test_no_claim_has_no_mean():
    found = bounded_mean([], [])
    assert np.isnan([found.value, found.lower, found.upper]).all()
    assert found.n == 0


@pytest.mark.parametrize(
    ("values", "counts", "said"),
    [
        ([1.5], None, "between 0 and 1"),
        ([float("nan")], None, "must be known"),
        ([0.5], [-1], "must not be negative"),
        ([0.5, 1], [1], "same shape"),
    ],
)
def test_what_is_no_mean_is_refused(values, counts, said):
    with pytest.raises(ValueError, match=said):
        bounded_mean(values, counts)
