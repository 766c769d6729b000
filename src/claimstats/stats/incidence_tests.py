"""Whether groups of claims end equally often from one cause, while other causes compete.

A log-rank test that takes the other causes for censored compares how fast claims end from the
cause while they are open, not how many do. The tests here compare the cumulative incidences. No
Python library that is light has them; both equal R's cmprsk and survival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from claimstats.stats._checks import Floats, columns, durations, one_cause, whole_numbers
from claimstats.stats._grouped_risk import GroupedRows, Stratum, divided
from claimstats.stats._risk_table import CENSORED, from_here_on
from claimstats.stats.comparison import GroupComparison, compared, log_rank


def gray_test(
    times: npt.ArrayLike,
    causes: npt.ArrayLike,
    groups: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    cause: int = 1,
    *,
    strata: npt.ArrayLike | None = None,
) -> GroupComparison:
    """Gray's test of equal cumulative incidence in any number of groups.

    Parameters
    ----------
    times
        Age of each row's claims when they ended or were last seen, at least 0, in any order.
    causes
        How they ended: 1, 2, ... for the causes, 0 where they were still open (censored).
    groups
        Label of each row's group: numbers or texts.
    counts
        How many claims each row stands for; one each by default.
    cause
        The cause whose incidence is compared.
    strata
        Label of each row's stratum; groups are compared within strata only. One by default.

    Returns
    -------
    GroupComparison
        Ends from the cause, observed and expected; statistic and p value NaN with fewer than two
        groups at risk at one time.

    Raises
    ------
    ValueError
        For what :func:`claimstats.stats.survival.cumulative_incidence` refuses.

    Notes
    -----
    A claim that ended otherwise stays in the risk set, with the chance that it would still be
    followed: the claims at risk are multiplied by the share not ended from the cause over the
    share still open, group by group. Ties have cmprsk's correction. Without competing ends the
    expected ends are the log-rank test's, the variance is not. Where the age at a cut-off is
    known, as in an export, :func:`known_censoring_test` needs no such weights.

    References
    ----------
    Gray RJ (1988), Ann Stat 16:1141-1154, https://doi.org/10.1214/aos/1176350951.

    Examples
    --------
    Approved (1) or denied (2), in two groups of ten:

    >>> days, causes = [3, 9, 5, 30, 4, 12, 30], [1, 1, 2, 0, 2, 1, 0]
    >>> found = gray_test(days, causes, list("aaaabbb"), counts=[4, 3, 2, 1, 5, 2, 3])
    >>> found.observed.tolist(), found.expected.round(2).tolist(), round(found.p_value, 3)
    ([7, 2], [3.59, 5.41], 0.009)
    """
    one_cause(cause)
    rows = GroupedRows.of(times, whole_numbers("causes", causes), groups, counts, strata)
    expected = np.zeros(rows.labels.size)
    variance = np.zeros((rows.labels.size, rows.labels.size))
    for stratum in rows.strata():
        weighted = _Weighted.of(stratum, cause)
        expected += weighted.expected()
        variance += weighted.variance()
    return compared(rows, cause, expected, variance)


def known_censoring_test(
    times: npt.ArrayLike,
    causes: npt.ArrayLike,
    groups: npt.ArrayLike,
    censoring: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    cause: int = 1,
    *,
    strata: npt.ArrayLike | None = None,
) -> GroupComparison:
    """Test equal cumulative incidence where each claim's age at the cut-off is known.

    Parameters
    ----------
    times, causes, groups, counts, cause, strata
        As in :func:`gray_test`.
    censoring
        Age that each row's claims have reached, or would have, at the data cut-off.

    Returns
    -------
    GroupComparison
        Ends from the cause, observed and expected.

    Raises
    ------
    ValueError
        For what :func:`gray_test` refuses, and for an end after the cut-off.

    Notes
    -----
    A claim that ended otherwise can never end from the cause, and could have been followed until
    the cut-off: it is at risk up to there. The log-rank test on such times compares the hazards
    of the subdistribution. It is near :func:`gray_test`, not equal to it: that test estimates from
    each group how long its claims were followed, and drops a group once none is open.

    References
    ----------
    Fine JP, Gray RJ (1999), J Am Stat Assoc 94:496-509, section 3.1,
    https://doi.org/10.1080/01621459.1999.10474144.

    Examples
    --------
    The claims of :func:`gray_test`, all filed 30 days before the cut-off:

    >>> days, causes = [3, 9, 5, 30, 4, 12, 30], [1, 1, 2, 0, 2, 1, 0]
    >>> found = known_censoring_test(days, causes, list("aaaabbb"), [30] * 7, [4, 3, 2, 1, 5, 2, 3])
    >>> found.observed.tolist(), found.expected.round(2).tolist(), round(found.p_value, 3)
    ([7, 2], [3.59, 5.41], 0.01)
    """
    one_cause(cause)
    ended, known = durations("times", times), durations("censoring", censoring)
    how = whole_numbers("causes", causes)
    columns(times=ended, causes=how, censoring=known)
    if (known < ended).any():
        late = int(np.argmax(known < ended))
        raise ValueError(
            f"censoring must not lie before times; found an end at {ended[late]:g} "
            f"of a claim followed until {known[late]:g}"
        )
    otherwise = (how != CENSORED) & (how != cause)
    at_risk_until = np.where(otherwise, known, ended)
    return log_rank(at_risk_until, how == cause, groups, counts, strata=strata)


@dataclass(frozen=True)
class _Weighted:
    """One stratum by time (rows) and group (columns), and the names of Gray (1988)."""

    at_risk: Floats
    from_cause: Floats
    otherwise: Floats
    open_before: Floats
    open_after: Floats
    weighted: Floats
    """h: claims at risk over the share still open, as many as not yet censored."""
    not_from_cause: Floats
    """R: the part of them that has not ended from the cause."""

    @classmethod
    def of(cls, stratum: Stratum, cause: int) -> _Weighted:
        at_risk, from_cause = stratum.at_risk, stratum.ended_from(cause)
        ended = sum(stratum.ended.values(), np.zeros_like(at_risk))
        stayed = np.where(at_risk > 0, divided(at_risk - ended, at_risk), 1.0)
        open_after = stayed.cumprod(0)
        open_before = _before(open_after, at_start=1.0)
        incidence = np.cumsum(open_before * divided(from_cause, at_risk), 0)
        weighted = divided(at_risk, open_before)
        return cls(
            at_risk=at_risk,
            from_cause=from_cause,
            otherwise=ended - from_cause,
            open_before=open_before,
            open_after=open_after,
            weighted=weighted,
            not_from_cause=weighted * (1 - _before(incidence, at_start=0.0)),
        )

    def expected(self) -> Floats:
        """Ends from the cause in each group if the incidences were equal."""
        share = divided(self.not_from_cause, self.not_from_cause.sum(1, keepdims=True))
        expected: Floats = self.from_cause.sum(1) @ share
        return expected

    def variance(self) -> Floats:
        """Covariance of the ends in the groups, each group's martingales in turn."""
        total, ended = self.weighted.sum(1), self.from_cause.sum(1)
        step = divided(ended, total)
        incidence = step.cumsum()
        hazard = divided(step, 1 - (incidence - step))
        share = divided(self.weighted, total[:, None])
        variance = np.zeros((share.shape[1], share.shape[1]))
        for group, own in enumerate(self.weighted.T):
            direct = (np.eye(share.shape[1])[group] - share) * own[:, None]
            to_come = _after(direct * hazard[:, None])
            ratio = divided(1 - incidence, self.open_after[:, group])[:, None]
            open_before, at_risk = self.open_before[:, group], self.at_risk[:, group]
            lost = self.otherwise[:, group]
            by_cause = divided(step, own) * _tie_factor(ended, total * open_before)
            by_others = divided(open_before**2 * lost, at_risk**2) * _tie_factor(lost, at_risk)
            variance += _crossed(direct + (1 - ratio) * to_come, by_cause)
            variance += _crossed(ratio * to_come, by_others)
        return variance


def _before(after: Floats, at_start: float) -> Floats:
    """Value of each step function just before each time."""
    return np.vstack([np.full((1, after.shape[1]), at_start), after])[:-1]


def _after(terms: Floats) -> Floats:
    """Sum of the terms later than each time."""
    return from_here_on(terms) - terms


def _tie_factor(ended: Floats, at_risk: Floats) -> Floats:
    """Factor by which ends at one time vary less than as many at several times."""
    return 1 - divided(np.maximum(ended - 1, 0), at_risk - 1)


def _crossed(terms: Floats, variance: Floats) -> Floats:
    return (terms * variance[:, None]).T @ terms
