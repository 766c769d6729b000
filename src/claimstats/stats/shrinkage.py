"""Rates of many groups, each drawn towards the average by as much as it is uncertain.

Libraries shrink by plugging in the likeliest prior. Where groups are few or alike that prior is
often a point, and every interval with it; here the prior's own uncertainty is carried along.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, expit

from claimstats.stats._beta_binomial import Groups, log_likelihood, most_likely
from claimstats.stats._checks import Floats, Integers, columns, part_and_whole
from claimstats.stats._distributions import beta_limits, critical_value
from claimstats.stats.proportions import jeffreys

PRECISIONS, MEANS = 64, 20
"""Points over which the prior's uncertainty is summed: six digits in the worst of cases."""

GOLDEN = (math.sqrt(5) - 1) / 2
"""Step on a circle whose multiples lie as evenly as can be."""

NEGLIGIBLE = 1e-7
"""Share of the prior's uncertainty that may be left out of a sum."""

DEAREST = 1e-5
"""The same for the one probability whose terms cost most where the prior is sharpest."""

LOG_NEGLIGIBLE = 16.0
"""How far below its peak the logarithm of a density is as good as nothing."""

WIDEST = 6.0
"""Standard errors of the mean on either side of its estimate that are looked at."""


@dataclass(frozen=True, eq=False)
class Shrunken:
    """Rates of groups drawn towards their average, one element a group.

    Parameters
    ----------
    rate
        Shrunken rate, 0 to 1: what is to be expected of the group's next claim.
    lower, upper
        Credible limits of the group's true rate.
    below, above
        Probability that the true rate is below, and above, the average.
    own
        Weight of the group's own raw rate in `rate`, 0 to 1; the rest is the average's.
    average
        Average of the groups' true rates, each group counting once.
    mean, precision
        The likeliest beta prior: its mean, and alpha + beta, the number of claims it is worth.
        Infinite where the groups differ no more than chance makes them.
    n_groups
        Groups with claims, which is also how many were compared.
    """

    rate: Floats
    lower: Floats
    upper: Floats
    below: Floats
    above: Floats
    own: Floats
    average: float
    mean: float
    precision: float
    n_groups: int


def shrink(successes: npt.ArrayLike, trials: npt.ArrayLike, level: float = 0.95) -> Shrunken:
    """Shrink the rates of groups towards their average, by a beta-binomial model.

    Parameters
    ----------
    successes, trials
        Successes and claims of each group.
    level
        Probability that an interval holds the group's true rate, between 0 and 1.

    Returns
    -------
    Shrunken
        One element for each group, in the order given. A group without claims has the average
        and the limits of a group not seen yet. A single group has its raw rate with Jeffreys'
        interval, and nothing to be compared with: the rest is NaN, as is all without claims.

    Raises
    ------
    ValueError
        For counts that are negative, fractional or more than the trials, and unequal lengths.

    Notes
    -----
    Of forty identical groups with eight claims each, the best raw rate is near 77 % where the
    truth is 40 %: ranked raw, the smallest groups fill both ends of every list. The true rates are
    taken for draws from one beta distribution. How far its rates lie apart is learnt from the
    groups, and a group's rate is the average of its own and of theirs, weighted by
    what each is known by. Groups that differ by nature (reasons, venues) want a model of
    their own: they are not draws from one distribution.

    `mean` and `precision` maximise the marginal likelihood, as empirical Bayes does, and are there
    to be looked at. The rates do not plug them in: they are averaged over all priors by how
    well these explain the groups, starting from Jeffreys' prior for the mean and from one under
    which the weight of a group of middling size is equally likely to be anywhere in 0 to 1. So
    two groups, or forty alike, have neither no interval nor one of no width. The limits are
    those of the beta distribution with the mean and variance so found.

    `below` compares true rates with the average, not ranks. The more the groups are alike, the
    nearer all are to one half. Where claims are many it is right to two digits.

    The limits hold nearly every true rate where groups are alike, 93 to 97 in 100 where they
    differ, and fewer (about 91) where few small groups differ very much, as rates near 0
    and 1 in one list do.

    References
    ----------
    Christiansen CL, Morris CN (1997), J Am Stat Assoc 92:618-632 (uniform weights),
    https://doi.org/10.1080/01621459.1997.10474013.
    Tak H, Kelly J, Morris CN (2017), J Stat Softw 78(5), https://doi.org/10.18637/jss.v078.i05.
    Tarone RE (1979), Biometrika 66:585-590 (alike or not), https://doi.org/10.1093/biomet/66.3.585.

    Examples
    --------
    Two groups won one in four, one of them of four claims, the other of four hundred:

    >>> found = shrink([1, 100, 110, 290, 300], [4, 400, 250, 500, 400])
    >>> found.rate.round(2)
    array([0.39, 0.25, 0.44, 0.58, 0.74])
    >>> found.below.round(2)
    array([0.72, 0.99, 0.69, 0.14, 0.  ])
    """
    critical_value(level)
    k, n = part_and_whole("successes", successes, "trials", trials)
    columns(successes=k, trials=n)
    n_groups = int((n > 0).sum())
    if n_groups < 2:
        return _not_compared(k, n, level, n_groups)
    groups = Groups.of(k, n)
    priors = _Priors.given(groups)
    pairs, place = np.unique(np.stack([k, n]), axis=1, return_inverse=True)
    rate, variance, own, below = _over(pairs, priors, place.ravel())
    strength = rate * (1 - rate) / variance - 1
    lower, upper = beta_limits(rate * strength, (1 - rate) * strength, level)
    mean, precision = most_likely(groups)
    return Shrunken(
        rate=rate,
        lower=lower,
        upper=upper,
        below=below,
        above=1 - below,
        own=own,
        average=float(priors.weight @ priors.mean),
        mean=mean,
        precision=precision,
        n_groups=n_groups,
    )


def _not_compared(k: Integers, n: Integers, level: float, n_groups: int) -> Shrunken:
    interval = jeffreys(k, n, level)
    nothing = np.full(k.shape, np.nan)
    return Shrunken(
        rate=k / np.where(n > 0, n, np.nan),
        lower=interval.lower,
        upper=interval.upper,
        below=nothing,
        above=nothing,
        own=np.where(n > 0, 1.0, np.nan),
        average=math.nan,
        mean=math.nan,
        precision=math.nan,
        n_groups=n_groups,
    )


@dataclass(frozen=True, eq=False)
class _Priors:
    """Beta distributions by mean and precision, and the probability of each given the groups."""

    mean: Floats
    precision: Floats
    weight: Floats

    @classmethod
    def given(cls, groups: Groups) -> _Priors:
        """Spread a grid over all priors that explain the groups at all."""
        precision, density = _precisions(groups)
        mean, width = _means(groups, precision, MEANS)
        precision, density, width = (
            np.repeat(values, MEANS) for values in (precision, density, width)
        )
        height = density + np.log(width) + _height(groups, mean.ravel(), precision)
        weight = np.exp(height - height.max())
        weight /= weight.sum()
        order = np.argsort(-weight)
        kept = order[: int(np.searchsorted(weight[order].cumsum(), 1 - NEGLIGIBLE)) + 1]
        return cls(mean.ravel()[kept], precision[kept], weight[kept] / weight[kept].sum())


def _precisions(groups: Groups) -> tuple[Floats, Floats]:
    """Precisions to look at, evenly spaced in the log odds of a middling group's weight.

    The stretch looked at is narrowed until it just holds all that matters.
    """
    middling = int(groups.often.sum()) / float(groups.often @ (1 / groups.n))
    low, high = -LOG_NEGLIGIBLE, LOG_NEGLIGIBLE + math.log(float(groups.n.max()) + 1)
    while True:
        odds = np.linspace(low, high, PRECISIONS)
        precision = middling * np.exp(-odds)
        density = np.log(expit(odds)) + np.log(expit(-odds))
        mean, _ = _means(groups, precision, 1)
        height = density + _height(groups, mean.ravel(), precision)
        matters = np.flatnonzero(height > height.max() - LOG_NEGLIGIBLE)
        first, last = max(matters[0] - 1, 0), min(matters[-1] + 1, PRECISIONS - 1)
        if last - first > PRECISIONS / 2:
            return precision, density
        low, high = odds[first], odds[last]


def _means(groups: Groups, precision: Floats, nodes: int) -> tuple[Floats, Floats]:
    """Means to look at for each precision, evenly spaced in the arc on which Jeffreys' is flat."""
    worth = groups.n / (1 + (groups.n - 1) / (1 + precision[:, None]))
    information = worth @ groups.often
    estimate = (worth * (groups.k / groups.n)) @ groups.often / information
    middle, error = 2 * np.arcsin(np.sqrt(estimate)), 1 / np.sqrt(information)
    low, high = np.maximum(middle - WIDEST * error, 0), np.minimum(middle + WIDEST * error, np.pi)
    width = (high - low) / nodes
    # Each row of means lies elsewhere between the others', so that together they are fine enough
    # for a group whose own rate is sharp; a row that begins or ends at 0 or pi must be centred.
    inside = (low > 0) & (high < np.pi) & (nodes > 1)
    offset = np.where(inside, np.arange(precision.size) * GOLDEN % 1, 0.5)
    arcs = low[:, None] + width[:, None] * (np.arange(nodes) + offset[:, None])
    return np.sin(arcs / 2) ** 2, width


def _height(groups: Groups, mean: Floats, precision: Floats) -> Floats:
    """Log likelihood of the groups under each prior."""
    total = np.zeros(mean.shape)
    for k, n, often in zip(groups.k, groups.n, groups.often, strict=True):
        total += often * log_likelihood(k, n, mean, precision)
    return total


def _over(
    pairs: Integers, priors: _Priors, place: npt.NDArray[np.intp]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Rate, variance, own weight and probability below the average, averaged over the priors."""
    found = np.array([_averaged(k, n, priors) for k, n in pairs.T])
    rate, variance, own, below = found[place].T
    return rate, variance, own, below


def _averaged(k: np.int64, n: np.int64, priors: _Priors) -> tuple[float, float, float, float]:
    alpha, beta = priors.mean * priors.precision + k, (1 - priors.mean) * priors.precision + n - k
    rates = alpha / (alpha + beta)
    rate = float(priors.weight @ rates)
    spread = rates * (1 - rates) / (alpha + beta + 1) + (rates - rate) ** 2
    own = n / (n + priors.precision)
    most = int(np.searchsorted(priors.weight.cumsum(), 1 - DEAREST)) + 1
    below = betainc(alpha[:most], beta[:most], priors.mean[:most]) @ priors.weight[:most]
    return (
        rate,
        float(priors.weight @ spread),
        float(priors.weight @ own),
        float(below / priors.weight[:most].sum()),
    )
