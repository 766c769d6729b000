"""Claims by age: where they are old enough to tell, and which of them have no age at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from claimstats.language import later, say, say_n
from claimstats.stats.survival import Estimate, IncidenceCurve, incidence_at

MOST_OPEN = 0.05
"""The share left open behind the last claim at risk that a curve is read on beyond it."""

UNTIMED = {
    "n_no_filing_date": later("without a filing date"),
    "n_no_decision_date": later("decided, but nobody knows when"),
    "n_decided_before_filing": later(
        "decided before they were filed, which one of the dates denies"
    ),
    "n_outcome_unknown": later("without a known outcome"),
    "n_approvals_only": later("known only from a list of approvals, which has no filing dates"),
}
"""Counts of claims without a usable age, and why each is excluded."""


def untimed_caveats(rows: Iterable[Mapping[str, Any]], more: str = "") -> Iterator[str]:
    """What dates leave in doubt: claims excluded for them, decisions known roughly; then `more`."""
    counted = list(rows)
    for name, why in UNTIMED.items():
        if n := sum(row[name] for row in counted):
            yield excluded(n, say(why))
    if n := sum(row["n_interval"] for row in counted):
        yield say_n(
            "{n} decision is known only to lie between two exports, taken at the later one{more}.",
            "{n} decisions are known only to lie between two exports, taken at the later one"
            "{more}.",
            n,
            more=more,
        )


def excluded(n: int, why: str) -> str:
    """Say how many claims are in no estimate, and why."""
    return say_n("{n} claim is excluded: {why}.", "{n} claims are excluded: {why}.", n, why=why)


def share_by_age(curve: IncidenceCurve, age: float, oldest: float | None) -> Estimate:
    """Read a curve at an age that at least one of its claims has reached.

    Parameters
    ----------
    curve
        The curve, from :func:`claimstats.stats.survival.cumulative_incidence`.
    age
        The age, in the curve's unit.
    oldest
        The age at the cut-off of the oldest claim, ended or not; None where there is none.

    Returns
    -------
    Estimate
        NaN where no claim is as old as `age`, or where more than `MOST_OPEN` of the claims are
        open when the last one at risk is lost from sight.

    Notes
    -----
    Where every claim that is old enough had ended before, and a few younger ones are still open,
    nobody is left at risk at `age`. The curve then stands at its last value, and the share still
    open there widens the upper limit: each of these claims may yet end from the cause by `age`.
    """
    found = incidence_at(curve, age)
    if not math.isnan(found.value) or oldest is None or oldest < age or not curve.times.size:
        return found
    still_open = float(curve.survival[-1])
    if still_open > MOST_OPEN:
        return found
    last = incidence_at(curve, float(curve.times[-1]))
    upper = last.upper + still_open
    return Estimate(last.value, last.lower, 1.0 if upper > 1 else upper, 0)
