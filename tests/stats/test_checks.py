"""What each estimate refuses, and the sentence it says."""

from __future__ import annotations

import subprocess
import sys
from pkgutil import iter_modules

import pytest

from claimstats import stats
from claimstats.stats.association import cramers_v
from claimstats.stats.correlation import kendall, point_biserial, spearman
from claimstats.stats.logistic import average_marginal_effects, logistic
from claimstats.stats.proportions import jeffreys, newcombe_difference, wilson
from claimstats.stats.restricted_mean import restricted_mean, restricted_mean_difference
from claimstats.stats.segmented import segmented_change
from claimstats.stats.shrinkage import shrink
from claimstats.stats.stratified import breslow_day, mantel_haenszel
from claimstats.stats.survival import (
    cumulative_incidence,
    incidence_at,
    kaplan_meier,
    quantile,
    survival_at,
)
from claimstats.stats.trend import cochran_armitage

CURVE = kaplan_meier([1, 2], [True, False])
MEAN = restricted_mean(CURVE, 1)
INCIDENCE = cumulative_incidence([1, 2], [1, 0])

FIT = logistic([[1, 0], [1, 1]], [3, 4], [9, 9])

REFUSED = {
    "negative successes": (
        lambda: wilson(-1, 5),
        "successes must not be negative; found -1",
    ),
    "more successes than trials": (
        lambda: wilson([1, 6], [5, 5]),
        "successes must not exceed trials; found 6 of 5",
    ),
    "more than all of the trials": (
        lambda: jeffreys([3, 1], [2, 1]),
        "successes must not exceed trials; found 3 of 2",
    ),
    "a missing count": (
        lambda: wilson(float("nan"), 5),
        "successes must be finite; found nan",
    ),
    "half a claim": (
        lambda: wilson(1, 2.5),
        "trials must be whole numbers; found 2.5",
    ),
    "unequal shapes": (
        lambda: wilson([1, 2], [3, 4, 5]),
        r"same shape; found successes \(2,\), trials \(3,\)",
    ),
    "unequal groups": (
        lambda: newcombe_difference([1, 2], [3, 4], [1, 2, 3], [4, 5, 6]),
        "same shape",
    ),
    "more than the second group": (
        lambda: newcombe_difference(1, 2, [0, 3], 2),
        "k2 must not exceed n2; found 3 of 2",
    ),
    "a share as counts": (
        lambda: mantel_haenszel([0.4], [10], [3], [10]),
        "exposed_k must be whole numbers; found 0.4",
    ),
    "unequal strata": (
        lambda: mantel_haenszel([1, 2], [3, 4], [1], [2]),
        "same shape",
    ),
    "a share in a stratum": (
        lambda: breslow_day([4], [10], [0.3], [10]),
        "unexposed_k must be whole numbers; found 0.3",
    ),
    "scalars as strata": (
        lambda: mantel_haenszel(1, 3, 1, 2),
        "exposed_k must be one-dimensional",
    ),
    "unequal sides": (
        lambda: spearman([1, 2, 3], [1, 2]),
        r"same shape; found x \(3,\), y \(2,\)",
    ),
    "an unknown value": (
        lambda: spearman([1, float("nan")], [1, 2]),
        "x must be finite; found nan",
    ),
    "an unknown order": (
        lambda: kendall([1, 2], [1, float("inf")]),
        "y must be finite; found inf",
    ),
    "a number as a flag": (
        lambda: point_biserial([1, 2], [1, 2]),
        "flag must be true or false; found 2",
    ),
    "unequal names": (
        lambda: cramers_v(["a", "b"], ["x", "y", "z"]),
        r"same shape; found x \(2,\), y \(3,\)",
    ),
    "negative counts": (
        lambda: spearman([1, 2], [1, 2], [3, -4]),
        "counts must not be negative; found -4",
    ),
    "a design of one row": (
        lambda: logistic([1, 0], [3], [9]),
        r"design must have rows and columns; found shape \(2,\)",
    ),
    "a covariate that is unknown": (
        lambda: logistic([[1, 0], [1, float("nan")]], [3, 4], [9, 9]),
        "design must be finite; found nan",
    ),
    "unequal patterns": (
        lambda: logistic([[1, 0], [1, 1]], [3, 4, 5], [9, 9, 9]),
        r"same shape; found design \(2,\), successes \(3,\)",
    ),
    "more successes than a pattern has claims": (
        lambda: logistic([[1, 0], [1, 1]], [3, 4], [9, 2]),
        "successes must not exceed trials; found 4 of 2",
    ),
    "patterns without claims": (
        lambda: logistic([[1, 0], [1, 1]], [0, 0], [0, 0]),
        "column 0 is a combination of those before it over the 0 patterns",
    ),
    "half a claim to average over": (
        lambda: average_marginal_effects(FIT, [[1, 0], [1, 1]], [0.5, 1]),
        "trials must be whole numbers; found 0.5",
    ),
    "no claim to average over": (
        lambda: average_marginal_effects(FIT, [[1, 0], [1, 1]], [0, 0]),
        "trials must hold a claim to average over; found none",
    ),
    "more won than a group has claims": (
        lambda: shrink([1, 9], [5, 8]),
        "successes must not exceed trials; found 9 of 8",
    ),
    "a group alone, not in a column": (
        lambda: shrink(1, 5),
        "successes must be one-dimensional",
    ),
    "a change at an unknown date": (
        lambda: segmented_change([1, 2], [1, 2], [3, 4], float("nan")),
        "at must be finite; found nan",
    ),
    "an unknown period": (
        lambda: segmented_change([1, float("inf")], [1, 2], [3, 4], 1),
        "times must be finite; found inf",
    ),
    "an unknown dose": (
        lambda: cochran_armitage([1, float("nan")], [1, 2], [3, 4]),
        "doses must be finite; found nan",
    ),
    "unequal doses": (
        lambda: cochran_armitage([1, 2, 3], [1, 2], [3, 4]),
        r"same shape; found doses \(3,\), successes \(2,\)",
    ),
    "a time before the start": (
        lambda: kaplan_meier([1, -2], [True, True]),
        "times must not be negative; found -2",
    ),
    "an unknown time": (
        lambda: kaplan_meier([1, None], [True, True]),
        "times must be finite; found nan",
    ),
    "unequal rows": (
        lambda: kaplan_meier([1, 2, 3], [True, False]),
        r"same shape; found times \(3,\), causes \(2,\)",
    ),
    "unequal counts": (
        lambda: kaplan_meier([1, 2], [True, False], [1, 2, 3]),
        "same shape",
    ),
    "a cause as an event": (
        lambda: kaplan_meier([1, 2], [1, 2]),
        "events must be true or false; found 2",
    ),
    "a negative cause": (
        lambda: cumulative_incidence([1, 2], [1, -1]),
        "causes must not be negative; found -1",
    ),
    "the incidence of censoring": (
        lambda: cumulative_incidence([1], [1], cause=0),
        "cause must be at least 1, since 0 means censored; found 0",
    ),
    "a share of nobody": (lambda: quantile(CURVE, 0), "p must lie above 0"),
    "a share above all": (lambda: quantile(CURVE, 1.01), "at most 1; found 1.01"),
    "an age before the start": (
        lambda: survival_at(CURVE, -1),
        "time must not be negative; found -1",
    ),
    "an unknown age": (
        lambda: incidence_at(INCIDENCE, float("nan")),
        "time must be finite; found nan",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what):
    call, sentence = REFUSED[what]
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
@pytest.mark.parametrize(
    "estimate",
    [
        lambda level: wilson(1, 2, level),
        lambda level: jeffreys(1, 2, level),
        lambda level: newcombe_difference(1, 2, 1, 2, level),
        lambda level: kaplan_meier([1], [True], level=level),
        lambda level: cumulative_incidence([1], [1], level=level),
        lambda level: restricted_mean(CURVE, 1, level),
        lambda level: restricted_mean_difference(MEAN, MEAN, level),
        lambda level: spearman([1, 2], [1, 2], level=level),
        lambda level: kendall([1, 2], [1, 2], level=level),
        lambda level: point_biserial([0, 1], [1, 2], level=level),
        lambda level: cramers_v(["a", "b"], ["x", "y"], level=level),
        lambda level: mantel_haenszel([1], [2], [1], [2], level),
        lambda level: shrink([1, 2], [3, 4], level),
        lambda level: cochran_armitage([1, 2], [1, 2], [3, 4], level),
        lambda level: segmented_change([1, 2], [1, 2], [3, 4], 1, level),
        lambda level: logistic([[1]], [1], [2], level),
        lambda level: average_marginal_effects(FIT, [[1, 0]], [1], level),
    ],
)
def test_a_level_outside_0_to_1_is_refused(estimate, level):
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        estimate(level)


def test_estimates_do_not_wait_for_the_slow_part_of_scipy():
    modules = ", ".join(module.name for module in iter_modules(stats.__path__))
    code = (
        f"import sys; from claimstats.stats import {modules}; print('scipy.stats' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
