"""Which columns are combinations of others, against ranks and against dropping each in turn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimstats.stats.aliasing import aliasing
from claimstats.stats.logistic import logistic

designs = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 1), min_size=width, max_size=width), min_size=1, max_size=12
    )
)


@given(designs)
def test_kept_columns_have_the_rank_of_all(rows):
    x = np.array(rows, dtype=float)
    found = aliasing(x, np.ones(len(x)))
    rank = np.linalg.matrix_rank(x)
    assert found.kept.sum() == rank
    assert not rank or np.linalg.matrix_rank(x[:, found.kept]) == rank


@given(designs)
def test_estimable_columns_are_those_without_which_the_rank_is_less(rows):
    x = np.array(rows, dtype=float)
    rank = np.linalg.matrix_rank(x)
    lesser = [
        j for j in range(x.shape[1]) if np.linalg.matrix_rank(np.delete(x, j, axis=1)) < rank
    ] if x.shape[1] > 1 else list(range(rank))  # fmt: skip
    assert np.flatnonzero(aliasing(x, np.ones(len(x))).estimable).tolist() == lesser


def test_patterns_without_claims_tell_nothing_apart():
    design = [[1, 1, 1], [1, 0, 0], [1, 1, 0]]
    assert aliasing(design, [5, 5, 5]).estimable.all()
    assert aliasing(design, [5, 5, 0]).estimable.tolist() == [True, False, False]


def test_regression_takes_what_is_kept():
    design = np.array([[1, 0, 0, 1], [1, 1, 1, 0], [1, 1, 1, 1], [1, 0, 0, 0]], dtype=float)
    won, of = [5, 9, 8, 3], [10, 12, 11, 9]
    with pytest.raises(ValueError, match="column 2 is a combination"):
        logistic(design, won, of)
    kept = aliasing(design, of).kept
    assert np.isfinite(logistic(design[:, kept], won, of).coefficients).all()


@pytest.mark.parametrize(
    ("design", "trials", "said"),
    [([1, 2], [1, 2], "rows and columns"), ([[1], [2]], [1], "same shape"),
     ([[np.nan]], [1], "must be finite"), ([[1]], [0.5], "whole numbers")],
)  # fmt: skip
def test_what_is_no_design_is_refused(design, trials, said):
    with pytest.raises(ValueError, match=said):
        aliasing(design, trials)
