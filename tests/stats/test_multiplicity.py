"""Adjusted p values against Benjamini and Hochberg's example, R, statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

from claimstats.stats.multiplicity import benjamini_hochberg

p_value_lists = st.lists(st.floats(0, 1), min_size=1, max_size=30)

# Benjamini and Hochberg (1995), J R Stat Soc B 57:289-300, section 3.2.
MYOCARDIAL_P_VALUES = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459,
    0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip


def test_four_hypotheses_are_rejected_where_bonferroni_rejects_three():
    """Benjamini and Hochberg (1995), section 3.2, at a false discovery rate of 0.05."""
    assert int((benjamini_hochberg(MYOCARDIAL_P_VALUES) <= 0.05).sum()) == 4
    assert int((np.array(MYOCARDIAL_P_VALUES) <= 0.05 / 15).sum()) == 3


def test_q_values_equal_r(from_r):
    """R: p.adjust(p_values, "BH"), in closed_forms.R; NA is no test."""
    stored = from_r("closed_forms")["benjamini_hochberg"]
    np.testing.assert_allclose(
        benjamini_hochberg(stored["p_values"]), stored["q_values"], rtol=1e-9
    )


@given(p_value_lists)
def test_q_values_equal_statsmodels_and_scipy(p_values):
    found = benjamini_hochberg(p_values)
    np.testing.assert_allclose(found, multipletests(p_values, method="fdr_bh")[1], atol=1e-9)
    np.testing.assert_allclose(found, false_discovery_control(p_values), atol=1e-9)


def test_of_no_tests_there_are_no_q_values():
    assert benjamini_hochberg([]).size == 0


def test_of_one_test_q_is_p():
    assert benjamini_hochberg([0.04]).tolist() == [0.04]


def test_an_impossible_test_counts_for_nothing():
    assert benjamini_hochberg([np.nan, 0.04, np.nan]).tolist() == pytest.approx(
        [np.nan, 0.04, np.nan], nan_ok=True
    )
    assert np.isnan(benjamini_hochberg([np.nan, np.nan])).all()


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_q_values_keep_the_order_of_the_p_values_and_stay_within_one(thousandths):
    p = np.array(thousandths) / 1000
    q = benjamini_hochberg(p)
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= 0).all()
    assert (q >= p - 1e-15).all()
    assert (q <= 1).all()


@given(p_value_lists, st.randoms())
def test_q_values_follow_their_rows(p_values, random):
    order = random.sample(range(len(p_values)), len(p_values))
    shuffled = benjamini_hochberg(np.array(p_values)[order])
    np.testing.assert_array_equal(shuffled, benjamini_hochberg(p_values)[order])


def test_false_discoveries_stay_below_the_rate_among_true_nulls():
    p = np.random.default_rng(3).uniform(size=(2000, 20))
    any_found = [bool((benjamini_hochberg(row) <= 0.05).any()) for row in p]
    assert 0.03 < np.mean(any_found) < 0.07


@pytest.mark.parametrize("p_values", [[-0.1], [0.2, 1.1]])
def test_a_p_value_outside_0_to_1_is_refused(p_values):
    with pytest.raises(ValueError, match="p_values must lie between 0 and 1"):
        benjamini_hochberg(p_values)
