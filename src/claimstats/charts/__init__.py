"""Chart idioms: columns of a finding's table in, a plain plotly specification out.

A specification is a dictionary with ``data`` and ``layout``, made of lists, numbers and strings.
Nothing here computes a statistic or imports plotly: every number drawn is a column's value. A
specification shows itself on a light, wide page; what a dark or a narrow one needs lies beside it
in ``layout.meta``:

- ``dark`` maps each colour of the light surface to its colour on the dark one,
- ``narrow`` holds the parts of the layout that replace their namesakes below 600 pixels.
"""

from __future__ import annotations

from claimstats.charts.control import MOST_PERIODS, control_charts
from claimstats.charts.forest import forest_plot
from claimstats.charts.funnel import funnel_plot
from claimstats.charts.intervals import interval_plot
from claimstats.charts.rows import MOST_GROUPS
from claimstats.charts.steps import MOST_CURVES, step_curves
from claimstats.charts.theme import PALETTE

__all__ = [
    "MOST_CURVES", "MOST_GROUPS", "MOST_PERIODS", "PALETTE",
    "control_charts", "forest_plot", "funnel_plot", "interval_plot", "step_curves",
]  # fmt: skip
