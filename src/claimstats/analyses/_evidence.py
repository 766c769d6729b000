"""What the rooms of evidence share: the claims they compare, what they set aside, reversals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, SupportsFloat

from claimstats.finding import show_value
from claimstats.language import say, say_n

OLD_ENOUGH_DAYS = 60
"""Most claims are decided by this age, so that little is chosen by speed."""

FEWEST_COMPARED = 20
"""Claims within reason below which a difference makes no headline and no flag."""

SIGNIFICANT = 0.05
"""Q value below which a difference counts as clear."""


@dataclass(frozen=True)
class Interval:
    """An estimate with its limits; NaN where there is none."""

    value: float
    lower: float
    upper: float

    @classmethod
    def in_points(
        cls, value: SupportsFloat, lower: SupportsFloat, upper: SupportsFloat
    ) -> Interval:
        """A difference of shares, -1 to 1, in percentage points."""
        return cls(100 * float(value), 100 * float(lower), 100 * float(upper))

    @property
    def excludes_zero(self) -> bool:
        """Whether both limits lie on one side of zero."""
        return self.lower > 0 or self.upper < 0


def is_reversed(raw: Interval, within: Interval, n_within: int) -> bool:
    """Whether the mix of reasons turns a difference round (Simpson's paradox).

    The raw and the within-reason difference point apart, one interval excludes zero, and there are
    enough claims within reason.
    """
    apart = raw.value * within.value < 0
    return apart and (raw.excludes_zero or within.excludes_zero) and n_within >= FEWEST_COMPARED


def reversal_caveat(name: str, raw: Interval, within: Interval) -> str:
    """Say what the mix of reasons makes of a difference."""
    mixed, value, lower, upper = (
        show_value(points, "points")
        for points in (raw.value, within.value, within.lower, within.upper)
    )
    return say(
        "{name}: {mixed} points with reasons mixed, but {value} ({lower} to {upper}) within "
        "program and reason: the raw difference is made by the mix of reasons (Simpson's paradox).",
        name=name, mixed=mixed, value=value, lower=lower, upper=upper,
    )  # fmt: skip


def set_aside_caveats(aside: Mapping[str, Any], older_than_days: int) -> Iterator[str]:
    """What was set aside before evidence was compared, from the row of ``evidence_set_aside``."""
    yield from _claims_aside(aside, older_than_days)
    yield from _pieces_aside(aside)
    yield from _ratings_aside(aside)


def _claims_aside(aside: Mapping[str, Any], older_than_days: int) -> Iterator[str]:
    if n := aside["n_without_evidence"]:
        yield say_n(
            "{n} claim has no evidence recorded: left out, since unknown is not none.",
            "{n} claims have no evidence recorded: left out, since unknown is not none.",
            n,
        )
    if n := aside["n_decided_before_filing"]:
        yield say_n(
            "{n} claim was decided before filing, by the dates, which puts all evidence after the "
            "decision: left out; correct the dates.",
            "{n} claims were decided before filing, by the dates, which puts all evidence after "
            "the decision: left out; correct the dates.",
            n,
        )
    if n := aside["n_none_at_filing"]:
        yield say_n(
            "{n} claim has evidence recorded, but none known to have gone with the filing: left "
            "out, since who sends more later depends on how the claim goes.",
            "{n} claims have evidence recorded, but none known to have gone with the filing: left "
            "out, since who sends more later depends on how the claim goes.",
            n,
        )
    if n := aside["n_excluded"]:
        yield say_n(
            "{n} claim with evidence, withdrawn, settled, of unknown outcome or known from "
            "approvals only: left out.",
            "{n} claims with evidence, withdrawn, settled, of unknown outcome or known from "
            "approvals only: left out.",
            n,
        )
    if n := aside["n_too_young"]:
        yield say_n(
            "{n} claim with evidence, filed less than {days} days before the cut-off, or at an "
            "unknown time, or older and still open: left out.",
            "{n} claims with evidence, filed less than {days} days before the cut-off, or at an "
            "unknown time, or older and still open: left out.",
            n,
            days=older_than_days,
        )


def _pieces_aside(aside: Mapping[str, Any]) -> Iterator[str]:
    if n := aside["n_items_later"]:
        yield say_n(
            "{n} piece was sent after filing, as far as known before the decision: set aside.",
            "{n} pieces were sent after filing, as far as known before the decision: set aside.",
            n,
        )
    if n := aside["n_items_after_decision"]:
        yield say_n(
            "{n} piece was sent after the decision, as on appeal: set aside.",
            "{n} pieces were sent after the decision, as on appeal: set aside.",
            n,
        )
    if n := aside["n_items_unplaced"]:
        yield say_n(
            "{n} piece has no known time: set aside.",
            "{n} pieces have no known time: set aside.",
            n,
        )
    if n := aside["n_items_without_claim"]:
        yield say_n(
            "{n} piece names a claim that is not in the book: not used.",
            "{n} pieces name a claim that is not in the book: not used.",
            n,
        )


def _ratings_aside(aside: Mapping[str, Any]) -> Iterator[str]:
    if n := aside["n_hindsight_ratings"]:
        yield say_n(
            "{n} rating was not surely made before the decision: left out as hindsight.",
            "{n} ratings were not surely made before the decision: left out as hindsight.",
            n,
        )
    if n := aside["n_undated_ratings"]:
        yield say_n(
            "{n} rating has no date; made after the decision it would be hindsight.",
            "{n} ratings have no date; made after the decision they would be hindsight.",
            n,
        )
