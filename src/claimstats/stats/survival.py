"""How long claims take, with the claims still open counted as open.

A time is the age at which a claim ended, or its age at the data cut-off while it is open. Every
function here works on grouped rows: a hundred million claims cost what their distinct times cost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, Integers, durations, flags, one_cause, whole_numbers
from claimstats.stats._distributions import critical_value
from claimstats.stats._risk_table import (
    CENSORED,
    RiskTable,
    from_here_on,
    greenwood_terms,
    log_log_limits,
)

QUANTILE_TOLERANCE = math.sqrt(np.finfo(np.float64).eps)
"""Shares nearer than this are equal, as in R's ``quantile.survfit``."""


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """The share of claims still open, one row for each distinct time.

    Parameters
    ----------
    times
        Distinct times and entries, ascending, in the unit given.
    at_risk
        Claims still open just before the time, those censored at it included.
    events
        Claims that ended at the time.
    censored
        Claims last seen open at the time.
    survival
        Share still open after the time, 0 to 1; NaN once it cannot be known (late entries only).
    std_error
        Greenwood's standard error of `survival`; NaN once nobody is left.
    lower, upper
        Limits of `survival`; NaN before the first event and once nobody is left.
    """

    times: Floats
    at_risk: Integers
    events: Integers
    censored: Integers
    survival: Floats
    std_error: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False)
class IncidenceCurve:
    """The share of claims that ended from one cause, one row for each distinct time.

    Parameters
    ----------
    times
        Distinct times and entries, ascending, in the unit given.
    at_risk
        Claims still open just before the time, those censored at it included.
    incidence
        Share that ended from the cause by the time, 0 to 1; NaN as for a survival curve.
    std_error
        Standard error of `incidence`.
    lower, upper
        Limits of `incidence`; NaN where it is exactly 0 or 1.
    survival
        Share that has not ended from any cause, 0 to 1.
    """

    times: Floats
    at_risk: Integers
    incidence: Floats
    std_error: Floats
    lower: Floats
    upper: Floats
    survival: Floats


@dataclass(frozen=True)
class Quantile:
    """A time with its limits, in the unit of the curve; NaN stands for not reached."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Estimate:
    """A share at one age with its limits, and the claims still open just before that age."""

    value: float
    lower: float
    upper: float
    at_risk: int


def kaplan_meier(
    times: npt.ArrayLike,
    events: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    level: float = 0.95,
    *,
    entries: npt.ArrayLike | None = None,
) -> SurvivalCurve:
    """Kaplan and Meier's estimate of the share still open after each time.

    Parameters
    ----------
    times
        Age of each row's claims when they ended or were last seen, at least 0, in any order.
    events
        True where the claims ended, False where they were still open (censored).
    counts
        How many claims each row stands for; one each by default.
    level
        Confidence level of the limits at each single time, between 0 and 1.
    entries
        Age of each row's claims from which on they were followed (left truncation), 0 where that
        is since they were filed; all of them by default.

    Returns
    -------
    SurvivalCurve
        One row for each distinct time, and for each entry above 0; none for no claims.

    Raises
    ------
    ValueError
        For negative times, columns of unequal length, counts that are none, and claims that
        entered when they had ended.

    Notes
    -----
    A claim censored at a time counts as at risk at that time. Censoring must tell nothing about
    the end: a data cut-off does not, a claim dropped from the export because it dragged on does.
    The limits are Greenwood's on the log-log scale, hence inside 0 to 1. Where the share is
    exactly 1 or 0 that scale has no value and the limits are NaN, as in R's ``survfit``.

    An export of what is open since some day shows no claim that ended before: such a claim had to
    last until its entry to be seen at all, and counts as at risk only after it. The curve is then
    that of claims still open at the earliest entry. Where few are at risk at first, one end moves
    the whole curve and the limits are too narrow. Where nobody is left while others enter later,
    the data do not tell what went on between, and the shares are NaN from there on (R's
    ``survfit`` goes on, with 0 if the last one had ended). To ask of claims still open at age a
    instead, leave out the times up to a and raise the entries to a.

    References
    ----------
    Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481,
    https://doi.org/10.1080/01621459.1958.10501452.
    Borgan O, Liestol K (1990), Scand J Stat 17:35-41, https://www.jstor.org/stable/4616153.

    Examples
    --------
    Five claims: ended on days 2 and 4, open since 3 and (two of them) since 5:

    >>> curve = kaplan_meier([2, 3, 4, 5], [True, False, True, False], counts=[1, 1, 1, 2])
    >>> curve.at_risk.tolist(), curve.survival.round(3).tolist()
    ([5, 4, 3, 2], [0.8, 0.8, 0.533, 0.533])
    """
    z = critical_value(level)
    table = RiskTable.of(times, flags("events", events).astype(np.int64), counts, entries)
    survival = np.where(table.unknown(), np.nan, table.survival())
    std_error = survival * np.sqrt(
        greenwood_terms(table.at_risk, table.ended(), none_left=np.nan).cumsum()
    )
    lower, upper = log_log_limits(survival, std_error, z)
    return SurvivalCurve(
        times=table.times,
        at_risk=table.at_risk,
        events=table.ended(),
        censored=table.by_time(table.causes == CENSORED),
        survival=survival,
        std_error=std_error,
        lower=lower,
        upper=upper,
    )


def cumulative_incidence(
    times: npt.ArrayLike,
    causes: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    cause: int = 1,
    level: float = 0.95,
    *,
    entries: npt.ArrayLike | None = None,
) -> IncidenceCurve:
    """Aalen and Johansen's estimate of the share ended from one cause among several.

    Parameters
    ----------
    times
        Age of each row's claims when they ended or were last seen, at least 0, in any order.
    causes
        How they ended: 1, 2, ... for the causes, 0 where they were still open (censored).
    counts
        How many claims each row stands for; one each by default.
    cause
        The cause whose incidence is asked for.
    level
        Confidence level of the limits at each single time, between 0 and 1.
    entries
        Age from which on each row's claims were followed, as in :func:`kaplan_meier`.

    Returns
    -------
    IncidenceCurve
        One row for each distinct time, and for each entry above 0; none for no claims.

    Raises
    ------
    ValueError
        For a cause below 1, negative times, columns of unequal length, counts that are none, and
        claims that entered when they had ended.

    Notes
    -----
    Other causes compete: a claim denied can no longer be approved. Taking them for censored would
    answer what the share were if nothing else ended claims, which is too high. The incidences of
    all causes and the share still open add to 1.

    The standard error is the delta method's, equal to the infinitesimal jackknife of R's
    multi-state ``survfit``. The limits are on the complementary log-log scale of the incidence,
    log(-log(1 - F)), so with a single cause everything here is one minus Kaplan-Meier.
    At exactly 0 (no claim has ended from the cause yet) and at exactly 1 that scale has no value:
    the limits are NaN, and a standard error of 0 is no certainty.

    References
    ----------
    Aalen OO, Johansen S (1978), Scand J Stat 5:141-150, https://www.jstor.org/stable/4615704.
    Dinse GE, Larson MG (1986), Biometrika 73:379-386, https://doi.org/10.1093/biomet/73.2.379.

    Examples
    --------
    Approved (1) after 10 and 30 days, denied (2) after 5, one still open after 20:

    >>> curve = cumulative_incidence([10, 30, 5, 20], [1, 1, 2, 0])
    >>> curve.times.tolist(), curve.incidence.tolist()
    ([5.0, 10.0, 20.0, 30.0], [0.0, 0.25, 0.25, 0.75])
    """
    z = critical_value(level)
    one_cause(cause)
    table = RiskTable.of(times, whole_numbers("causes", causes), counts, entries)
    from_cause = table.by_time(table.causes == cause)
    survival = table.survival()
    before = np.append(1.0, survival)[:-1]
    steps = before * table.per_claim(from_cause)
    incidence = steps.cumsum()
    # Summed, not subtracted from 1: exactly 0 once every claim has ended from the cause.
    complement = survival + np.cumsum(before * table.per_claim(table.ended() - from_cause))
    incidence[complement == 0] = 1.0
    complement[incidence == 0] = 1.0
    std_error = np.sqrt(_incidence_variance(table, before, steps))
    std_error[(incidence == 0) | (complement == 0)] = 0.0
    for shares in (incidence, complement, std_error, survival):
        shares[table.unknown()] = np.nan
    lower, upper = log_log_limits(complement, std_error, z)
    return IncidenceCurve(
        times=table.times,
        at_risk=table.at_risk,
        incidence=incidence,
        std_error=std_error,
        lower=1 - upper,
        upper=1 - lower,
        survival=survival,
    )


def quantile(curve: SurvivalCurve, p: float) -> Quantile:
    """Time by which the share `p` of the claims has ended; 0.5 gives the median.

    Parameters
    ----------
    curve
        The curve, from :func:`kaplan_meier`.
    p
        Share ended, above 0 and at most 1.

    Returns
    -------
    Quantile
        The smallest time at which the share ended reaches `p`, and the times at which the two
        limits of the curve reach it, in the curve's unit. NaN: not reached in these data.

    Raises
    ------
    ValueError
        For a share outside 0 to 1.

    Notes
    -----
    A median of open and ended claims together is later than that of the ended ones alone.
    As in R's ``quantile.survfit``, shares within 1.5e-8 of each other are equal, and where the
    curve runs flat at exactly 1 - `p` the answer is the middle of the flat stretch: half of four
    claims have ended anywhere between the second and the third end.

    References
    ----------
    Brookmeyer R, Crowley J (1982), Biometrics 38:29-41, https://doi.org/10.2307/2530286.

    Examples
    --------
    >>> curve = kaplan_meier([2, 4, 8, 9, 20], [True, True, True, False, False])
    >>> quantile(curve, 0.5).value, quantile(curve, 0.75).value
    (8.0, nan)
    """
    if not 0 < p <= 1:
        raise ValueError(f"p must lie above 0 and be at most 1; found {p:g}")
    followed = ~np.isnan(curve.survival)
    times = curve.times[followed]
    return Quantile(
        value=_first_reaching(p, times, 1 - curve.survival[followed]),
        lower=_first_reaching(p, times, 1 - curve.lower[followed]),
        upper=_first_reaching(p, times, 1 - curve.upper[followed]),
    )


def survival_at(curve: SurvivalCurve, time: float) -> Estimate:
    """Share still open at one age.

    Parameters
    ----------
    curve
        The curve, from :func:`kaplan_meier`.
    time
        The age, in the curve's unit.

    Returns
    -------
    Estimate
        The share just after `time`, its limits (NaN where the curve has none) and the claims
        still open just before. All NaN, with nobody at risk, where no claim was followed at
        that age; once every claim has ended the last share stands for all later ages.

    Raises
    ------
    ValueError
        For a negative age.

    Examples
    --------
    >>> curve = kaplan_meier([2, 3, 4, 5], [True, False, True, False], counts=[1, 1, 1, 2])
    >>> round(survival_at(curve, 4.5).value, 3), survival_at(curve, 6).value
    (0.533, nan)
    """
    return _at(time, curve, curve.survival, at_start=1.0)


def incidence_at(curve: IncidenceCurve, time: float) -> Estimate:
    """Share ended from the cause by one age.

    Parameters
    ----------
    curve
        The curve, from :func:`cumulative_incidence`.
    time
        The age, in the curve's unit.

    Returns
    -------
    Estimate
        The share just after `time`, its limits (NaN where the curve has none) and the claims
        still open just before. All NaN, with nobody at risk, where no claim was followed at
        that age; once every claim has ended the last share stands for all later ages.

    Raises
    ------
    ValueError
        For a negative age.

    Notes
    -----
    Cohorts are comparable at an age that each of them has reached, whatever the calendar says.

    Examples
    --------
    >>> curve = cumulative_incidence([10, 30, 5, 40], [1, 1, 2, 0])
    >>> incidence_at(curve, 30).value, incidence_at(curve, 90).value
    (0.5, nan)
    """
    return _at(time, curve, curve.incidence, at_start=0.0)


def _incidence_variance(table: RiskTable, before: Floats, steps: Floats) -> Floats:
    """Sum Dinse and Larson's variance of the incidence in one pass.

    Their sum over the times u up to t holds F(t) - F(u). Written with what is still to come,
    G = F(end) - F, it is G(u) - G(t): the powers of G(t) move out of the sum, and G, unlike F,
    is small where the other factors are large, so that little cancels.
    """
    to_come = from_here_on(steps) - steps
    # Where all at risk end, nothing is to come: the infinite term would meet a zero.
    any_end = greenwood_terms(table.at_risk, table.ended(), none_left=0.0)
    mixed = steps / np.maximum(table.at_risk, 1)
    constant = np.cumsum(any_end * to_come**2 - 2 * mixed * to_come + mixed * (before - steps))
    linear = np.cumsum(any_end * to_come - mixed)
    variance = constant - 2 * to_come * linear + to_come**2 * np.cumsum(any_end)
    return np.maximum(variance, 0.0)


def _first_reaching(p: float, times: Floats, ended: Floats) -> float:
    """Time at which the step function `ended` reaches `p`, the middle of a flat stretch at `p`."""
    known = ~np.isnan(ended)
    # Limits can turn back where claims that entered late make the curve better known.
    most = np.maximum.accumulate(np.append(0.0, ended[known]))
    shares, first = np.unique(most, return_index=True)
    starts = np.append(0.0, times[known])[first]
    reached = np.searchsorted(shares + QUANTILE_TOLERANCE, p)
    passed = np.searchsorted(shares - QUANTILE_TOLERANCE, p)
    if reached == shares.size:
        return math.nan
    end = starts[passed] if passed < shares.size else times[-1]
    return float((starts[reached] + end) / 2)


def _at(
    time: float, curve: SurvivalCurve | IncidenceCurve, shares: Floats, at_start: float
) -> Estimate:
    age = float(durations("time", time))
    following = int(np.searchsorted(curve.times, age, side="left"))
    row = int(np.searchsorted(curve.times, age, side="right")) - 1
    past_the_end = following == curve.times.size
    if past_the_end and not (curve.survival[-1:] == 0).any():
        return Estimate(math.nan, math.nan, math.nan, 0)
    at_risk = 0 if past_the_end else int(curve.at_risk[following])
    if at_risk == 0 and not past_the_end:  # before the first entry, or between two
        return Estimate(math.nan, math.nan, math.nan, 0)
    if row < 0:
        return Estimate(at_start, math.nan, math.nan, at_risk)
    return Estimate(float(shares[row]), float(curve.lower[row]), float(curve.upper[row]), at_risk)
