"""Periods of one direction, held against the limits that chance keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claimstats.language import later
from claimstats.stats.control import ControlChart, control_chart, runs
from claimstats.stats.proportions import wilson
from claimstats.stats.survival import Estimate

FEWEST_PERIODS = 6
"""Periods that control limits need: of fewer, hardly one can be told from the others."""

BELOW, ABOVE = later("below the limits"), later("above the limits")
RUN_BELOW, RUN_ABOVE = later("run below the centre"), later("run above the centre")
SIGNALS = (BELOW, ABOVE, RUN_BELOW, RUN_ABOVE)
"""What a period may signal: values of the table, which a reader sees in the language spoken."""


@dataclass(frozen=True)
class Point:
    """One period of one direction."""

    row: Mapping[str, Any]
    share: Estimate
    centre: float | None = None
    lower_limit: float | None = None
    upper_limit: float | None = None
    signal: str | None = None

    @property
    def rarer(self) -> float:
        """Claims of the rarer outcome that the period has if it is like all that are judged."""
        centre = self.centre or 0.0
        return float(self.row["n_followed"] * min(centre, 1 - centre))

    @property
    def is_judged(self) -> bool:
        """Whether the period is held against limits."""
        return self.centre is not None


@dataclass(frozen=True)
class Side:
    """The periods of one direction, and the chart of those that are judged."""

    direction: str
    points: tuple[Point, ...]
    chart: ControlChart | None

    @property
    def ready(self) -> list[Point]:
        """The periods that are over, with claims that have all reached the age."""
        return [point for point in self.points if _is_ready(point.row)]

    @property
    def judged(self) -> list[Point]:
        """The periods held against limits."""
        return [point for point in self.points if point.is_judged]

    @property
    def signals(self) -> list[Point]:
        """The periods that signal."""
        return [point for point in self.points if point.signal]


def judged(direction: str, rows: Sequence[Mapping[str, Any]], level: float) -> Side:
    """Judge the periods of one direction, where there are enough."""
    limits = wilson([r["n_approved"] for r in rows], [r["n_followed"] for r in rows], level)
    points = [
        Point(
            row,
            Estimate(
                row["n_approved"] / row["n_followed"] if row["n_followed"] else float("nan"),
                float(limits.lower[k]),
                float(limits.upper[k]),
                0,
            ),
        )
        for k, row in enumerate(rows)
    ]
    ready = [k for k, row in enumerate(rows) if _is_ready(row)]
    approved, followed = ([rows[k][name] for k in ready] for name in ("n_approved", "n_followed"))
    chart = control_chart(approved, followed)
    if len(ready) < FEWEST_PERIODS or not 0 < chart.centre < 1:
        return Side(direction, tuple(points), None)
    in_run = runs([points[k].share.value for k in ready], chart.centre)
    for place, k in enumerate(ready):
        low, high = float(chart.lower[place]), float(chart.upper[place])
        signal = _signal(points[k].share.value, low, high, chart.centre, bool(in_run[place]))
        points[k] = Point(points[k].row, points[k].share, chart.centre, low, high, signal)
    return Side(direction, tuple(points), chart)


def _is_ready(row: Mapping[str, Any]) -> bool:
    return bool(row["is_mature"] and row["n_followed"])


def _signal(share: float, low: float, high: float, centre: float, in_run: bool) -> str | None:
    if share < low:
        return BELOW
    if share > high:
        return ABOVE
    if in_run:
        return RUN_BELOW if share < centre else RUN_ABOVE
    return None
