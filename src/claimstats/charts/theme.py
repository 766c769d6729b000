"""The look that all charts share: colours, type, axes, and the layout they start from."""

from __future__ import annotations

import math
from typing import Any

from claimstats.charts.text import letters
from claimstats.language import amount, say

Spec = dict[str, Any]
"""A part of a plotly specification."""

PALETTE = (
    "#0072B2", "#C4570A", "#008566", "#A8578A", "#6B6ECF", "#8A6D00", "#5A7D2B", "#B0413E",
)  # fmt: skip
"""Colours of series; each has a contrast of at least 3:1 on both papers (WCAG 2.2, 1.4.11)."""

SYMBOLS = (
    "circle", "diamond", "square", "triangle-up", "cross", "star", "pentagon", "triangle-down",
)  # fmt: skip
"""Marker shapes of series, in the palette's order, so that colour is never the only signal."""

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1c2228",
    "quiet": "#59636f",
    "rule": "#e4e8ec",
    "axis": "#8c96a2",
}
"""Colours of the light surface, by what they colour; no two are equal."""

DARK = {
    "paper": "#14171c",
    "ink": "#e9ecf0",
    "quiet": "#a2adb9",
    "rule": "#2b323a",
    "axis": "#76818d",
}
"""Colours of the dark surface, by what they colour."""

FONT = (
    "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', system-ui, Arial, "
    "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)
NORMAL, BOLD = 400, 600
"""Weights. Tags such as ``<b>`` would need inline styles, which a strict page refuses."""

TEXT_SIZE = 13
SMALL_SIZE = 12
CHARACTER_WIDTH = 7.0
"""Pixels that one character of chart text takes, rounded up: margins come before drawing."""

TITLE_HEIGHT = 24
LEGEND_HEIGHT = 22
LEGEND_KEY = 45
LEGEND_WIDTH = 420
"""Pixels of a legend's line, of the mark in it, and across the narrowest plot of a wide page."""

AXIS_HEIGHT = 52
"""Pixels below a plot for tick labels and the axis title."""

BAND_OPACITY = 0.13


def text_width(texts: list[str]) -> int:
    """Pixels that the longest of some texts takes.

    Examples
    --------
    >>> text_width(["43.8 %", "n 7"])
    42
    """
    return round(CHARACTER_WIDTH * max(map(letters, texts), default=0))


def translucent(colour: str, opacity: float = BAND_OPACITY) -> str:
    """A palette colour that lets what lies behind it shine through.

    Examples
    --------
    >>> translucent("#0072B2")
    'rgba(0,114,178,0.13)'
    """
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def font(role: str = "ink", size: int = TEXT_SIZE, weight: int = NORMAL) -> Spec:
    """The chart font in one of the surface colours."""
    return {"family": FONT, "size": size, "color": LIGHT[role], "weight": weight}


def axis(title: str = "", **more: Any) -> Spec:
    """An axis with hairline grid, no zero line and no zooming, so that a page scrolls over it."""
    return {
        "title": {"text": title, "font": font("quiet", SMALL_SIZE), "standoff": 8},
        "automargin": True,
        "fixedrange": True,
        "gridcolor": LIGHT["rule"],
        "zeroline": False,
        "ticks": "",
        "tickangle": 0,
        "tickfont": font("quiet", SMALL_SIZE),
        **more,
    }


def annotation(text: str, role: str = "ink", weight: int = NORMAL, **place: Any) -> Spec:
    """A text without arrow at `place`."""
    return {"text": text, "showarrow": False, "font": font(role, SMALL_SIZE, weight), **place}


def legend(top: int, height: int, *, stacked: bool = False) -> Spec:
    """A legend at the chart's left edge, `top` pixels below the upper edge of `height`.

    Notes
    -----
    A stacked legend is a horizontal one whose entries fill a line each: a vertical one at the
    edge of its container would push the plot aside.
    """
    return {
        "orientation": "h", "traceorder": "normal",
        "xref": "container", "x": 0, "xanchor": "left",
        "yref": "container", "y": 1 - top / height, "yanchor": "top",
        "font": font("ink", SMALL_SIZE),
        "itemclick": False, "itemdoubleclick": False,
        "bgcolor": "rgba(0,0,0,0)",
        **({"entrywidth": 1, "entrywidthmode": "fraction"} if stacked else {}),
    }  # fmt: skip


def legend_lines(names: list[str]) -> int:
    """How many lines a legend of these names takes beside one another on a wide page."""
    entry = LEGEND_KEY + text_width(names)
    return math.ceil(len(names) / max(1, LEGEND_WIDTH // entry))


def title(text: str) -> Spec:
    """The small line at the upper left that says what is shown; empty for no line."""
    return {
        "text": text, "font": font("quiet", SMALL_SIZE), "pad": {"t": 4},
        "xref": "container", "x": 0, "xanchor": "left",
        "yref": "container", "y": 1, "yanchor": "top",
    }  # fmt: skip


def figure(data: list[Spec], layout: Spec, narrow: Spec | None = None) -> Spec:
    """A whole specification: `data` on the shared layout, with `layout` laid over it.

    Parameters
    ----------
    data
        The traces.
    layout
        What this chart adds; it must hold ``height`` in pixels.
    narrow
        What replaces parts of the layout on a narrow page.
    """
    shared: Spec = {
        "template": {"layout": {"autotypenumbers": "strict"}},
        "font": font(),
        "paper_bgcolor": LIGHT["paper"],
        "plot_bgcolor": LIGHT["paper"],
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,
        "uirevision": "claimstats",
        "separators": amount(".,"),
        "hoverlabel": {
            "bgcolor": LIGHT["paper"], "bordercolor": LIGHT["axis"],
            "font": font("ink", SMALL_SIZE), "align": "left",
        },
        "meta": {"dark": {LIGHT[role]: DARK[role] for role in LIGHT}, "narrow": narrow or {}},
    }  # fmt: skip
    return {"data": data, "layout": {**shared, **layout}}


def no_data() -> Spec:
    """A chart that says there is nothing to draw, in place of an error or an empty frame."""
    hidden: Spec = {"visible": False, "fixedrange": True}
    place: Spec = {"xref": "paper", "x": 0.5, "yref": "paper", "y": 0.5}
    layout = {
        "height": 120,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "xaxis": {**hidden},
        "yaxis": {**hidden},
        "annotations": [annotation(say("No data to draw"), "quiet", **place)],
    }
    return figure([], layout)
