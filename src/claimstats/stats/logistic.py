"""Logistic regression on covariate patterns: several properties at once, each given the others.

A pattern is one row of the design with its successes and trials, so ten million claims with eight
yes-or-no properties are at most 256 rows. Libraries fit rows, or patterns without Firth's penalty,
without profiles and without a word on separation; those are written here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Flags, Floats, Integers, columns, finite, part_and_whole
from claimstats.stats._distributions import critical_value, normal_p_value
from claimstats.stats._likelihood import Model, profile, shares
from claimstats.stats._separation import separated_columns


@dataclass(frozen=True, eq=False)
class Logistic:
    """A logistic regression, one element for each column of its design.

    Parameters
    ----------
    coefficients
        Log odds ratios.
    std_errors
        Their standard errors, the roots of the diagonal of `covariance`.
    lower, upper
        Limits of the coefficients; NaN where a profile has none, which takes few claims with
        extreme covariates.
    p_values
        Of the hypotheses that a coefficient is zero.
    covariance
        Inverse of the information, a matrix.
    log_likelihood
        At the coefficients, without the constant of the binomial and without the penalty.
    n
        Claims.
    separated
        Columns whose coefficient grows without end under plain likelihood: some combination of
        them tells all successes from failures.
    penalised
        Whether the coefficients are Firth's.
    profiled
        Whether limits and p values are those of the profile likelihood, not Wald's.
    """

    coefficients: Floats
    std_errors: Floats
    lower: Floats
    upper: Floats
    p_values: Floats
    covariance: Floats
    log_likelihood: float
    n: int
    separated: Flags
    penalised: bool
    profiled: bool


@dataclass(frozen=True, eq=False)
class Effects:
    """Average marginal effects as differences of shares, one for each column of the design.

    NaN for a column that never varies, such as the intercept.
    """

    value: Floats
    std_error: Floats
    lower: Floats
    upper: Floats
    p_value: Floats


def logistic(
    design: npt.ArrayLike,
    successes: npt.ArrayLike,
    trials: npt.ArrayLike,
    level: float = 0.95,
    *,
    penalised: bool | None = None,
    profiled: bool | None = None,
    profile_of: npt.ArrayLike | None = None,
) -> Logistic:
    """Logistic regression of grouped counts, with Firth's penalty where it is needed.

    Parameters
    ----------
    design
        One row a pattern, one column a covariate; the intercept is a column of ones.
    successes, trials
        Successes and claims of each pattern.
    level
        Confidence level, between 0 and 1.
    penalised
        True for Firth's penalised likelihood, False for plain likelihood; by default the penalty
        is taken where the covariates separate the outcomes, and there only.
    profiled
        True for limits and p values of the profile likelihood, False for Wald's; by default they
        are profiled where the likelihood is penalised.
    profile_of
        Numbers of the columns whose profiles are wanted, all by default: each is a search, and
        those of strata are seldom looked at. Profiled, the others have no limits and no p value.

    Returns
    -------
    Logistic
        Coefficients in the order of the columns.

    Raises
    ------
    ValueError
        For columns that are combinations of others, for plain likelihood where it has no peak, for
        values that are not finite and for counts that are none.
    ArithmeticError
        Where the fit does not settle, which takes claims that are all but separated.

    Notes
    -----
    A kind of evidence that always won has an infinite odds ratio under plain likelihood; software
    that does not look reports a large one with a huge standard error. `separated` names such
    columns. Firth's penalty takes the bias of small samples away and gives finite estimates; Wald's
    limits are wrong for them, being symmetric, so profiles are taken.

    Coefficients are associations of what was recorded, given the other columns, not effects. The
    odds ratio of one column given the others is not the one over all claims, even where the
    others are unrelated to it; :func:`average_marginal_effects` has no such trouble.

    References
    ----------
    McCullagh P, Nelder JA (1989), Generalized Linear Models, 2nd ed., Chapman and Hall, chapter 4.
    Firth D (1993), Biometrika 80:27-38, https://doi.org/10.1093/biomet/80.1.27.
    Heinze G, Schemper M (2002), Stat Med 21:2409-2419 (penalised profiles),
    https://doi.org/10.1002/sim.1047.

    Examples
    --------
    Every claim with a tracking record won, so plain likelihood has no answer:

    >>> fit = logistic([[1, 0], [1, 1]], successes=[20, 8], trials=[40, 8])
    >>> fit.separated.tolist(), fit.penalised
    ([False, True], True)
    >>> np.exp([fit.coefficients[1], fit.lower[1]]).round(2).tolist(), fit.upper[1] < 9
    ([17.0, 1.9], np.True_)
    """
    z = critical_value(level)
    x, k, n = _patterns(design, successes, trials)
    separated = separated_columns(x, k, n)
    if penalised is False and separated.any():
        raise ValueError(
            f"plain likelihood has no peak: columns {_list(separated)} of the design separate "
            "successes from failures; leave penalised at its default, or leave out a column"
        )
    penalised = bool(separated.any()) if penalised is None else penalised
    profiled = penalised if profiled is None else profiled
    model = Model(x, k, n, penalised)
    peak = model.peak()
    beta, covariance = model.coefficients(peak), model.covariance(peak)
    error = np.sqrt(np.diag(covariance))
    if profiled:
        asked = range(beta.size) if profile_of is None else np.asarray(profile_of)
        lower, upper, roots = np.full((3, beta.size), np.nan)
        for j in asked:
            lower[j], upper[j], roots[j] = profile(model, int(j), z)
    else:
        lower, upper, roots = beta - z * error, beta + z * error, beta / error
    return Logistic(
        coefficients=beta,
        std_errors=error,
        lower=lower,
        upper=upper,
        p_values=_normal_p_values(roots),
        covariance=covariance,
        log_likelihood=model.log_likelihood(peak.place),
        n=int(n.sum()),
        separated=separated,
        penalised=penalised,
        profiled=profiled,
    )


def average_marginal_effects(
    fit: Logistic,
    design: npt.ArrayLike,
    trials: npt.ArrayLike,
    level: float = 0.95,
    *,
    effect_of: npt.ArrayLike | None = None,
) -> Effects:
    """How many points the share would differ by, on average over the claims, for each column.

    Parameters
    ----------
    fit
        The regression, from :func:`logistic`.
    design, trials
        The patterns and claims to average over: those of the fit, or others with its columns.
    level
        Confidence level, between 0 and 1.
    effect_of
        Numbers of the columns whose effects are wanted, all by default; those of the others are
        NaN.

    Returns
    -------
    Effects
        For a column of zeros and ones, the share were it 1 for all claims less the share were it
        0 for all; for others, the slope of the share. With standard errors by the delta method.

    Raises
    ------
    ValueError
        For a design whose columns are not those of the fit, and for no claims.

    Notes
    -----
    Each column is moved alone. Of a category written as several columns of zeros and ones, the
    effect is that of the one column with the others as they are; of a product of two columns,
    no meaning is left. The claims are taken as they are: the error is that of the coefficients.

    References
    ----------
    Bartus T (2005), Stata J 5:309-329, https://doi.org/10.1177/1536867X0500500303.

    Examples
    --------
    >>> design, trials = [[1, 0], [1, 1]], [40, 40]
    >>> fit = logistic(design, [12, 24], trials)
    >>> found = average_marginal_effects(fit, design, trials)
    >>> found.value.round(3), found.lower.round(3), found.upper.round(3)
    (array([nan, 0.3]), array([  nan, 0.092]), array([  nan, 0.508]))
    """
    z = critical_value(level)
    x, _, n = _checked(design, np.zeros_like(np.asarray(trials)), trials)
    if x.shape[1] != fit.coefficients.size:
        raise ValueError(
            f"design must have the {fit.coefficients.size} columns of the fit; found {x.shape[1]}"
        )
    if not n.any():
        raise ValueError("trials must hold a claim to average over; found none")
    weights = n / n.sum()
    size = x.shape[1]
    value, slopes = np.full(size, np.nan), np.full((size, size), np.nan)
    for j in range(size) if effect_of is None else np.asarray(effect_of):
        value[j], slopes[j] = _effect(fit.coefficients, x, weights, int(j))
    std_error = np.sqrt(np.einsum("ij,jk,ik->i", slopes, fit.covariance, slopes))
    return Effects(
        value=value,
        std_error=std_error,
        lower=value - z * std_error,
        upper=value + z * std_error,
        p_value=_normal_p_values(value / std_error),
    )


def _effect(beta: Floats, x: Floats, weights: Floats, column: int) -> tuple[float, Floats]:
    """Average effect of a column, and its slopes in the coefficients."""
    values = np.unique(x[weights > 0, column])
    if values.size < 2:
        return math.nan, np.full(beta.size, np.nan)
    if set(values) == {0.0, 1.0}:
        present, absent = x.copy(), x.copy()
        present[:, column], absent[:, column] = 1, 0
        of_present, of_absent = shares(present @ beta), shares(absent @ beta)
        slopes = (weights * of_present * (1 - of_present)) @ present
        slopes -= (weights * of_absent * (1 - of_absent)) @ absent
        return float(weights @ (of_present - of_absent)), slopes
    share = shares(x @ beta)
    steepness = weights * share * (1 - share)
    slopes = beta[column] * ((steepness * (1 - 2 * share)) @ x)
    slopes[column] += steepness.sum()
    return float(beta[column] * steepness.sum()), slopes


def _checked(
    design: npt.ArrayLike, successes: npt.ArrayLike, trials: npt.ArrayLike
) -> tuple[Floats, Integers, Integers]:
    x = finite("design", design)
    if x.ndim != 2 or x.shape[1] == 0:
        raise ValueError(f"design must have rows and columns; found shape {x.shape}")
    k, n = part_and_whole("successes", successes, "trials", trials)
    columns(design=x[:, 0], successes=k, trials=n)
    return x, k, n


def _patterns(
    design: npt.ArrayLike, successes: npt.ArrayLike, trials: npt.ArrayLike
) -> tuple[Floats, Integers, Integers]:
    """Check the patterns, leave out those without claims, and refuse what no fit can tell apart."""
    x, k, n = _checked(design, successes, trials)
    some = n > 0
    _refuse_combinations(x[some])
    return x[some], k[some], n[some]


def _refuse_combinations(x: Floats) -> None:
    length = np.linalg.norm(x, axis=0)
    scaled = x / np.where(length > 0, length, 1)
    if np.linalg.matrix_rank(scaled) == x.shape[1]:
        return
    ranks = (np.linalg.matrix_rank(scaled[:, : column + 1]) for column in range(x.shape[1]))
    found = next(column for column, rank in enumerate(ranks) if rank <= column)
    raise ValueError(
        f"the columns of the design must be independent; found that column {found} is a "
        f"combination of those before it over the {len(x)} patterns with claims; leave it out"
    )


def _list(chosen: Flags) -> str:
    return ", ".join(str(column) for column in np.flatnonzero(chosen))


def _normal_p_values(z: Floats) -> Floats:
    return np.array([normal_p_value(each) for each in z])
