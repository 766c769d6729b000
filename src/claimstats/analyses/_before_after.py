"""Shares before and after a date, of each program and of all, and what is told of their change."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claimstats.analyses._grouping import SIDES, grouped
from claimstats.language import later, say, say_n
from claimstats.stats.proportions import Difference, newcombe_difference, wilson
from claimstats.stats.segmented import FEWEST_PERIODS, SegmentedChange, segmented_change
from claimstats.stats.stratified import Stratified, mantel_haenszel
from claimstats.stats.survival import Estimate
from claimstats.titles import title

Rows = Sequence[Mapping[str, Any]]

FEWEST_CLAIMS = 20
"""Claims that either side needs: of fewer, only a change of half of them could be seen."""

SLOPE_DAYS = 30
"""The time for which a change of slope is told."""

ALL = later("all programs")
"""What stands for the program in rows of all programs together."""

EVERYWHERE = "*"
KEY = ("changed_on", "rules", "rule_marketplace", "direction", "program")
COUNTS = ("n_claims", "n_before", "n_approved_before", "n_after", "n_approved_after", "n_younger",
          "n_excluded")  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The claims of one program, or of all, before and after one date."""

    key: Mapping[str, Any]
    counts: Mapping[str, int]
    periods: Rows
    before: Estimate
    after: Estimate
    refused: str | None
    difference: Difference
    within: Stratified
    fit: SegmentedChange

    @property
    def direction(self) -> str:
        """Who claims."""
        return str(self.key["direction"])

    @property
    def is_whole(self) -> bool:
        """Whether all programs are in it."""
        return bool(self.key["program"] == ALL)

    @property
    def name(self) -> str:
        """The program, and the marketplace where the rule is of one."""
        place = self.key["rule_marketplace"]
        return f"{self.key['program']}{'' if place == EVERYWHERE else f' in {place}'}"

    @property
    def shown_name(self) -> str:
        """The name as a reader sees it."""
        place = self.key["rule_marketplace"]
        program = say(ALL) if self.is_whole else title("program", self.key["program"])
        if place == EVERYWHERE:
            return program
        return say("{program} in {marketplace}", program=program, marketplace=place)

    @property
    def change_points(self) -> Estimate:
        """The share after minus before, in points."""
        found = self.difference
        return self._told(_points(*(float(v) for v in (found.value, found.lower, found.upper))))

    @property
    def within_points(self) -> Estimate:
        """The difference within program and reason, in points."""
        found = self.within
        return self._told(_points(found.risk_difference, found.lower, found.upper))

    @property
    def level_points(self) -> Estimate:
        """The step at the date, in points."""
        found = self.fit.points
        return self._told(_points(found.value, found.lower, found.upper))

    @property
    def slope_ratio(self) -> Estimate:
        """The odds' factor for a month after the date, over that before it."""
        found = self.fit.slope
        return self._told(Estimate(found.value, found.lower, found.upper, 0))

    @property
    def p_value(self) -> float:
        """Of the hypothesis of no change; NaN where none is told."""
        return self.fit.p_value if self.refused is None else math.nan

    @property
    def points_apart(self) -> bool:
        """Whether the raw difference points the other way than the one within reason."""
        raw, within = self.change_points, self.within_points
        clear = any(found.lower > 0 or found.upper < 0 for found in (raw, within))
        return clear and raw.value * within.value < 0

    def _told(self, found: Estimate) -> Estimate:
        """An estimate, or none where a side has too few claims or periods."""
        return found if self.refused is None else Estimate(math.nan, math.nan, math.nan, 0)


def groups_of(rows: Rows, cells: Rows, period_days: int, level: float) -> list[Group]:
    """The groups beside each date, all programs of a direction first where there are several.

    Parameters
    ----------
    rows
        Counts of each date, program and direction.
    cells
        Claims of each period and reason of these, old enough to count.
    period_days
        Days of a period.
    level
        Confidence level of the intervals.
    """
    return [
        _group(key, counts, own, period_days, level) for key, counts, own in _keyed(rows, cells)
    ]


def _keyed(
    rows: Rows, cells: Rows
) -> Iterator[tuple[dict[str, Any], dict[str, int], list[Mapping[str, Any]]]]:
    """Key, counts and cells of each group; of several programs their sum first."""
    periods = grouped(cells, *KEY)
    by_side = grouped(rows, "changed_on", "rules", "rule_marketplace", "direction")
    for side in sorted(by_side, key=lambda key: (key[:3], list(SIDES).index(key[3]))):
        mine = by_side[side]
        key = dict(zip(KEY, side, strict=False))
        own = {row["program"]: periods.get((*side, row["program"]), []) for row in mine}
        if len(mine) > 1:
            counts = {name: sum(row[name] for row in mine) for name in COUNTS}
            yield key | {"program": ALL}, counts, [c for part in own.values() for c in part]
        for row in mine:
            counts = {name: row[name] for name in COUNTS}
            yield key | {"program": row["program"]}, counts, own[row["program"]]


def _group(
    key: Mapping[str, Any], counts: Mapping[str, int], cells: Rows, period_days: int, level: float
) -> Group:
    """Everything that is estimated of one group."""
    won = [counts["n_approved_before"], counts["n_approved_after"]]
    of = [counts["n_before"], counts["n_after"]]
    limits = wilson(won, of, level)
    before, after = (
        Estimate(k / n if n else math.nan, float(low), float(high), 0)
        for k, n, low, high in zip(won, of, limits.lower, limits.upper, strict=True)
    )
    periods = _by_period(cells)
    fit = segmented_change(
        [(row["period_number"] + 0.5) * period_days / SLOPE_DAYS for row in periods],
        [row["n_approved"] for row in periods],
        [row["n_followed"] for row in periods],
        at=0,
        level=level,
    )
    difference = newcombe_difference(won[1], of[1], won[0], of[0], level)
    return Group(
        key=key,
        counts=counts,
        periods=periods,
        before=before,
        after=after,
        refused=_refused(counts, fit),
        difference=difference,
        within=_within(cells, level),
        fit=fit,
    )


def _by_period(cells: Rows) -> Rows:
    """The claims of each period, whatever their program and reason."""
    return [
        {
            "period_number": number,
            "n_followed": sum(cell["n_followed"] for cell in own),
            "n_approved": sum(cell["n_approved"] for cell in own),
        }
        for (number,), own in sorted(grouped(cells, "period_number").items())
    ]


def _within(cells: Rows, level: float) -> Stratified:
    """Claims after the date against those before it, within each program and reason."""
    strata = list(grouped(cells, "program", "reason").values())

    def total(name: str, is_after: bool) -> list[int]:
        return [
            sum(cell[name] for cell in own if (cell["period_number"] >= 0) == is_after)
            for own in strata
        ]

    return mantel_haenszel(
        total("n_approved", True),
        total("n_followed", True),
        total("n_approved", False),
        total("n_followed", False),
        level,
    )


def _refused(counts: Mapping[str, int], fit: SegmentedChange) -> str | None:
    """Why no change is told; None where one is."""
    if (n := fit.periods_before) < FEWEST_PERIODS:
        return say_n(
            "{n} period before, fewer than {fewest}", "{n} periods before, fewer than {fewest}", n,
            fewest=FEWEST_PERIODS,
        )  # fmt: skip
    if (n := counts["n_before"]) < FEWEST_CLAIMS:
        return say_n(
            "{n} claim before, fewer than {fewest}", "{n} claims before, fewer than {fewest}", n,
            fewest=FEWEST_CLAIMS,
        )  # fmt: skip
    if (n := fit.periods_after) < FEWEST_PERIODS:
        return say_n(
            "{n} period after, fewer than {fewest}", "{n} periods after, fewer than {fewest}", n,
            fewest=FEWEST_PERIODS,
        )  # fmt: skip
    if (n := counts["n_after"]) < FEWEST_CLAIMS:
        return say_n(
            "{n} claim after, fewer than {fewest}", "{n} claims after, fewer than {fewest}", n,
            fewest=FEWEST_CLAIMS,
        )  # fmt: skip
    return None


def _points(value: float, lower: float, upper: float) -> Estimate:
    return Estimate(100 * value, 100 * lower, 100 * upper, 0)
