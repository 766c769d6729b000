"""Columns to draw, and what every specification must satisfy."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import plotly.graph_objects as go
import pytest

from claimstats.charts.theme import LIGHT, Spec
from claimstats.finding import Column, Kind

DRAWN_TYPES = {"scatter"}
"""What the charts draw with; a type that a plotly.js bundle lacks would become a scatter."""

ALLOWED_TAG = re.compile("<br>|<extra></extra>")
"""Any other tag needs an inline style, or is not ours."""

Make = Callable[..., Column]


def strings(part: Any) -> Iterator[str]:
    """Yield every string in a specification."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for inner in part.values():
            yield from strings(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from strings(inner)


@pytest.fixture
def make() -> Make:
    """Return a maker of columns: name, kind, values."""

    def column(name: str, kind: Kind, *values: Any, **more: Any) -> Column:
        return Column(name, kind, f"The {name}.", values, **more)

    return column


@pytest.fixture
def check() -> Callable[[Spec], Spec]:
    """Return a check that a specification is plain, whole and safe; it gives it back."""

    def whole(chart: Spec) -> Spec:
        assert chart == json.loads(json.dumps(chart, allow_nan=False)), "lists, numbers, strings"
        figure = go.Figure(chart)
        assert len(figure.data) == len(chart["data"])
        assert figure.layout.template.layout.plot_bgcolor is None, "plotly's own look"
        assert go.Figure(layout=chart["layout"]["meta"]["narrow"])
        assert {trace["type"] for trace in chart["data"]} <= DRAWN_TYPES
        assert chart["layout"]["height"] > 0
        tagged = [shown for shown in strings(chart) if "<" in ALLOWED_TAG.sub("", shown)]
        assert not tagged
        assert set(chart["layout"]["meta"]["dark"]) == set(LIGHT.values())
        return chart

    return whole


@pytest.fixture
def drawn() -> Callable[[Spec, str], list[float]]:
    """Return a reader of all numbers that a chart draws along one direction."""

    def numbers(chart: Spec, direction: str) -> list[float]:
        return [value for trace in chart["data"] for value in trace[direction] if value is not None]

    return numbers
