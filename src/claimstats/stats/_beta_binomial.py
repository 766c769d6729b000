"""The likelihood of groups whose rates are drawn from one beta distribution, and its peak.

A beta distribution is given by its mean and its precision, alpha + beta: how many claims it is
worth. An infinite precision is one rate for all groups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln, logit, psi, xlog1py, xlogy, zeta

from claimstats.stats._checks import Floats, Integers

LONGEST_STEP = 1.0
"""Log odds of the mean, and logarithms of the precision, that a step covers at most."""

MOST_STEPS = 200
"""Steps after which the search for the peak ends where it stands; twenty are usual."""

PEAK_REACHED = 1e-16
"""Squared distance from the peak, in standard errors, at which the search ends."""

STIRLING_FROM = 10.0
"""Argument from which four terms of Stirling's series give all digits."""


@dataclass(frozen=True)
class Groups:
    """Distinct pairs of successes and trials, and how many groups have each."""

    k: Integers
    n: Integers
    often: Integers

    @classmethod
    def of(cls, k: Integers, n: Integers) -> Groups:
        """Count the groups that have trials."""
        pairs, often = np.unique(np.stack([k, n])[:, n > 0], axis=1, return_counts=True)
        return cls(pairs[0], pairs[1], often)

    def pooled(self) -> float:
        """The rate of all trials together."""
        return float(self.often @ self.k) / float(self.often @ self.n)

    def overdispersion_score(self) -> float:
        """Slope of the log likelihood in the intraclass correlation at zero: Tarone (1979)."""
        p = self.pooled()
        if p in (0, 1):
            return 0.0
        k, n = self.k.astype(np.float64), self.n.astype(np.float64)
        pairs = k * (k - 1) / p + (n - k) * (n - k - 1) / (1 - p) - n * (n - 1)
        return float(self.often @ pairs) / 2


def log_likelihood(k: float, n: float, mean: Floats, precision: Floats) -> Floats:
    """Log likelihood of `k` of `n`, without the binomial constant, exact at any precision."""
    of_one_rate: Floats = xlogy(k, mean) + xlog1py(n - k, -mean)
    of_both = _log_rise(mean * precision, k) + _log_rise((1 - mean) * precision, n - k)
    return of_one_rate + of_both - _log_rise(precision, n)


def _log_rise(a: Floats, k: float) -> Floats:
    """log(a (a + 1) ... (a + k - 1) / a^k), which goes to 0 as `a` grows."""
    few = a < STIRLING_FROM
    small, large = a[few], a[~few]
    risen = np.empty_like(a)
    risen[few] = gammaln(small + k) - gammaln(small) - k * np.log(small)
    series = (large + k - 0.5) * np.log1p(k / large) - k
    risen[~few] = series + _tail(large + k) - _tail(large)
    return risen


def _tail(x: Floats) -> Floats:
    return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * x**2)) / x**2) / x**2) / x


def most_likely(groups: Groups) -> tuple[float, float]:
    """Mean and precision that make the groups likeliest.

    The precision is infinite where the groups differ no more than chance makes them, and 0 where
    each is unanimous though they differ.
    """
    if groups.overdispersion_score() <= 0:
        return groups.pooled(), math.inf
    if ((groups.k == 0) | (groups.k == groups.n)).all():
        return float(groups.often @ (groups.k > 0)) / int(groups.often.sum()), 0.0
    mean, precision = _start(groups)
    for _ in range(MOST_STEPS):
        slope, bend = _around(groups, mean, precision)
        if (np.linalg.eigvalsh(bend) < 0).all():
            step = -np.linalg.solve(bend, slope)
        else:
            step = slope / np.abs(np.diag(bend))
        step = np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        mean, precision = float(expit(logit(mean) + step[0])), precision * math.exp(step[1])
        if float(slope @ step) < PEAK_REACHED:
            break
    return mean, precision


def _start(groups: Groups) -> tuple[float, float]:
    """Mean and precision by moments: the variance between groups less what chance adds."""
    p, n = groups.pooled(), groups.n.astype(np.float64)
    between = float(groups.often @ (groups.k - n * p) ** 2) / (p * (1 - p))
    extra = between - float(groups.often @ n)
    correlation = min(max(extra / float(groups.often @ (n * (n - 1))), 1e-6), 0.9)
    return p, (1 - correlation) / correlation


def _around(groups: Groups, mean: float, precision: float) -> tuple[Floats, Floats]:
    """Slope and curvature in the log odds of the mean and the logarithm of the precision."""
    alpha, beta = mean * precision, (1 - mean) * precision
    sides = ((alpha, groups.k), (beta, groups.n - groups.k), (precision, groups.n))
    first = [float(groups.often @ (psi(a + k) - psi(a))) for a, k in sides]
    second = [float(groups.often @ (zeta(2, a + k) - zeta(2, a))) for a, k in sides]
    of_alpha, of_beta = first[0] - first[2], first[1] - first[2]
    between = mean * (1 - mean) * precision
    turn = np.array([[between, alpha], [-between, beta]])
    bend = turn.T @ (np.diag(second[:2]) - second[2]) @ turn
    across = (of_alpha - of_beta) * between
    own = of_alpha * alpha + of_beta * beta
    bend += np.array([[across * (1 - 2 * mean), across], [across, own]])
    return turn.T @ np.array([of_alpha, of_beta]), bend
