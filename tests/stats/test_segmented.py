"""Segmented change against R and statsmodels, and periods drawn from known lines."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from claimstats.stats.segmented import segmented_change

period = st.tuples(st.integers(1, 30), st.integers(1, 30)).map(lambda t: (t[0], sum(t)))
periods = st.lists(period, min_size=8, max_size=8)


def of(rows, at=4.0, **options):
    return segmented_change(np.arange(len(rows)), *np.array(rows).T, at, **options)


def of_change(change):
    return np.array([change.value, change.lower, change.upper, change.p_value])


def numbers(found):
    changes = [of_change(change) for change in (found.level, found.slope, found.points)]
    return np.concatenate([*changes, [found.p_value, found.dispersion]])


@pytest.mark.parametrize(("case", "scattered"), [("even", False), ("scattered", True)])
def test_changes_equal_r(from_r, case, scattered):
    """R: glm with quasi-binomial errors where the periods scatter, in segmented.R."""
    stored = from_r("segmented")[case]
    found = segmented_change(
        stored["times"], stored["successes"], stored["trials"], stored["at"][0]
    )
    assert (found.dispersion > 1) == scattered
    assert found.dispersion == pytest.approx(stored["dispersion"][0], rel=1e-9)
    np.testing.assert_allclose(of_change(found.level), stored["level"], rtol=1e-7)
    np.testing.assert_allclose(of_change(found.slope), stored["slope"], rtol=1e-7)
    np.testing.assert_allclose(found.fitted, stored["fitted"], rtol=1e-9)
    assert found.p_value == pytest.approx(stored["p_value"][0], rel=1e-7)


@pytest.mark.filterwarnings("ignore:Perfect separation")  # said of equal shares too
@given(periods)
def test_changes_equal_statsmodels(rows):
    k, n = np.array(rows).T
    elapsed = np.arange(8) - 4.0
    after = elapsed >= 0
    design = np.column_stack([np.ones(8), elapsed, after, elapsed * after])
    model = sm.GLM(np.column_stack([k, n - k]), design, sm.families.Binomial())
    scale = model.fit(tol=1e-12).pearson_chi2 / 4
    fit = model.fit(tol=1e-12, scale=max(scale, 1.0), use_t=scale > 1)
    found = of(rows)
    assert found.dispersion == pytest.approx(scale, abs=1e-6)
    limits = np.exp(fit.conf_int())
    for change, column in ((found.level, 2), (found.slope, 3)):
        assert math.log(change.value) == pytest.approx(fit.params[column], abs=1e-6)
        assert change.p_value == pytest.approx(fit.pvalues[column], abs=1e-6)
        assert (change.lower, change.upper) == pytest.approx(tuple(limits[column]), rel=1e-5)
    joint = fit.wald_test(np.eye(4)[2:], scalar=True)
    assert found.p_value == pytest.approx(float(joint.pvalue), abs=1e-6)


def test_points_are_the_step_of_the_two_lines_at_the_date():
    """With the outer periods balanced the lines are level: half before, a quarter after."""
    found = of([(20, 40)] * 4 + [(10, 40)] * 4)
    assert found.points.value == pytest.approx(-0.25)
    assert found.level.value == pytest.approx(1 / 3)
    assert found.slope.value == pytest.approx(1)
    np.testing.assert_allclose(found.unchanged, 0.5)
    np.testing.assert_allclose(found.fitted, [0.5] * 4 + [0.25] * 4)


def test_a_line_that_goes_on_is_no_change():
    log_odds = -0.5 + 0.2 * np.arange(10)
    k = np.round(100_000 / (1 + np.exp(-log_odds))).astype(int)
    found = segmented_change(np.arange(10), k, np.full(10, 100_000), 5)
    assert (found.level.value, found.slope.value) == pytest.approx((1, 1), abs=1e-3)
    np.testing.assert_allclose(found.unchanged, found.fitted, atol=1e-3)
    assert found.p_value > 0.9


def test_a_trend_alone_is_not_taken_for_a_change():
    """Before against after, the share rises by half; the line explains it all."""
    k, n = [10, 12, 14, 16, 18, 20, 22, 24], [40] * 8
    assert sum(k[4:]) / sum(k[:4]) > 1.5
    found = segmented_change(range(8), k, n, 4)
    assert found.p_value > 0.5
    assert found.level.lower < 1 < found.level.upper


@pytest.mark.parametrize("at", [-1, 0, 2, 6, 9])
def test_fewer_than_three_periods_on_a_side_have_no_change(at):
    found = of([(3, 9)] * 8, at=at)
    assert np.isnan(numbers(found)).all()
    assert found.periods_before + found.periods_after == 8
    assert np.isnan(found.fitted).all()


def test_periods_without_claims_do_not_count():
    found = of([(3, 9)] * 5 + [(0, 0)] * 3)
    assert (found.periods_before, found.periods_after) == (4, 1)
    assert np.isnan(numbers(found)).all()


def test_no_periods_have_no_change():
    found = segmented_change([], [], [], 3)
    assert (found.periods_before, found.periods_after, found.times.size) == (0, 0, 0)


def test_the_date_itself_lies_after():
    found = of([(3, 9), (4, 9), (5, 9), (6, 9), (5, 9), (4, 9), (3, 9)], at=3)
    assert (found.periods_before, found.periods_after) == (3, 4)


def test_a_side_where_all_was_lost_has_finite_limits():
    found = of([(5, 10), (4, 10), (6, 10), (5, 10)] + [(0, 10)] * 4)
    assert found.penalised
    assert np.isfinite(numbers(found)).all()
    assert found.points.value < -0.2
    assert found.level.value < 0.3


@given(periods, st.randoms())
def test_neither_order_nor_splitting_of_periods_matters(rows, random):
    split = [(t, k, k) for t, (k, _) in enumerate(rows)]
    split += [(t, 0, n - k) for t, (k, n) in enumerate(rows)]
    again = segmented_change(*np.array(random.sample(split, len(split))).T, 4)
    np.testing.assert_allclose(numbers(again), numbers(of(rows)), 1e-6, 1e-9)


@given(periods)
def test_the_unit_and_origin_of_time_move_the_slope_alone(rows):
    k, n = np.array(rows).T
    found, in_days = of(rows), segmented_change(700 + 30 * np.arange(8), k, n, 820)
    np.testing.assert_allclose(of_change(in_days.level), of_change(found.level), 1e-6)
    np.testing.assert_allclose(of_change(in_days.points), of_change(found.points), 1e-6, 1e-9)
    assert in_days.slope.value**30 == pytest.approx(found.slope.value, rel=1e-6)
    assert in_days.slope.p_value == pytest.approx(found.slope.p_value, abs=1e-6)


@given(periods)
def test_doubled_counts_double_the_dispersion(rows):
    found, doubled = of(rows), of(2 * np.array(rows))
    assert doubled.level.value == pytest.approx(found.level.value, rel=1e-6)
    assert doubled.dispersion == pytest.approx(2 * found.dispersion, rel=1e-6)


def shares_around_a_date(n_periods):
    """Lines through log odds of -0.2, with a step of 0.5 and a turn of -0.03 at the middle."""
    elapsed = np.arange(n_periods) - n_periods / 2
    return 1 / (1 + np.exp(0.2 - 0.02 * elapsed - (elapsed >= 0) * (0.5 - 0.03 * elapsed)))


@pytest.mark.parametrize("scatter", [math.inf, 40], ids=["as claims scatter", "scattered more"])
def test_limits_cover_the_truth_at_their_level(scatter):
    rng, share = np.random.default_rng(24), shares_around_a_date(32)
    n, step = rng.integers(20, 80, 32), 1 / (1 + math.exp(-0.3)) - 1 / (1 + math.exp(0.2))
    held = []
    for _ in range(1000):
        drawn = share if scatter == math.inf else rng.beta(share * scatter, (1 - share) * scatter)
        found = segmented_change(np.arange(32), rng.binomial(n, drawn), n, 16)
        truth = (found.level, math.exp(0.5)), (found.slope, math.exp(-0.03)), (found.points, step)
        held.append([change.lower <= value <= change.upper for change, value in truth])
    assert (np.abs(np.mean(held, axis=0) - 0.95) < 0.02).all()


def test_periods_that_scatter_are_not_taken_for_a_change():
    """Monthly shares that wander by ten points; the binomial alone finds changes everywhere."""
    rng, n = np.random.default_rng(25), np.full(24, 200)
    found = [
        segmented_change(np.arange(24), rng.binomial(n, rng.beta(10, 15, 24)), n, 12)
        for _ in range(500)
    ]
    assert np.mean([each.p_value < 0.05 for each in found]) < 0.08
    assert np.mean([each.dispersion for each in found]) > 5
