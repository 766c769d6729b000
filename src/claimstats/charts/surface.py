"""A specification on one surface: light or dark, wide or narrow, or alone in a frame.

The report's page lays its charts out by itself: ``overlay`` and ``recolour`` in ``page.js`` are the
same rules, and a test holds them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from claimstats.charts.text import wrapped
from claimstats.charts.theme import (
    BOLD,
    CHARACTER_WIDTH,
    DARK,
    LIGHT,
    NORMAL,
    SMALL_SIZE,
    TEXT_SIZE,
    TITLE_HEIGHT,
    Spec,
    font,
)

Theme = Literal["light", "dark"]

NARROW_UP_TO = 600
"""Pixels up to which a chart has its narrow layout; ``37.5rem`` in page.css and page.js."""

HEADLINE_SIZE = 16
LINE, ASCENT = 1.3, 0.75
"""Height of a line, and of letters above its foot, in sizes of its font, as plotly sets text."""

MOST_LINES = 6

FRAME = 16
"""Pixels around a chart that stands alone."""


def on_surface(chart: Mapping[str, Any], theme: Theme, width: int) -> Spec:
    """A specification with what a dark or a narrow surface needs laid over it.

    Examples
    --------
    >>> chart = {"data": [], "layout": {"height": 9, "meta": {"narrow": {"height": 12}}}}
    >>> on_surface(chart, "light", 320)["layout"]["height"]
    12
    """
    data, layout = chart["data"], chart["layout"]
    meta = layout.get("meta", {})
    if width <= NARROW_UP_TO:
        layout = overlay(layout, meta.get("narrow", {}))
    if theme == "dark":
        colours = meta.get("dark", {})
        data, layout = recolour(data, colours), recolour(layout, colours)
    return {"data": data, "layout": layout}


def overlay(base: Any, over: Any) -> Any:
    """`base` with the parts of `over` in the place of their namesakes."""
    if not isinstance(over, Mapping):
        return over
    merged = dict(base) if isinstance(base, Mapping) else {}
    return merged | {key: overlay(merged.get(key), value) for key, value in over.items()}


def recolour(value: Any, colours: Mapping[str, str]) -> Any:
    """`value` with every colour that has another on this surface replaced by it."""
    if isinstance(value, str):
        return colours.get(value, value)
    if isinstance(value, (list, tuple)):
        return [recolour(part, colours) for part in value]
    if isinstance(value, Mapping):
        return {
            key: part if key == "meta" else recolour(part, colours) for key, part in value.items()
        }
    return value


def framed(chart: Mapping[str, Any], headline: str, note: str, theme: Theme, width: int) -> Spec:
    """A chart that stands alone: on its surface, below its headline and a small line, in a frame.

    Parameters
    ----------
    chart
        The specification; its height is that of the chart alone.
    headline, note
        What is said above the chart, in bold and in small type.
    theme
        ``light`` or ``dark``.
    width
        Pixels across, with the frame.
    """
    inner = width - 2 * FRAME
    spec = on_surface(chart, theme, width)
    layout = dict(spec["layout"])
    own = layout.get("title", {}).get("text")
    bold = _wrapped(headline, HEADLINE_SIZE, inner)
    small = [*_wrapped(note, SMALL_SIZE, inner), *([own] if own else [])]
    lines = round(LINE * (HEADLINE_SIZE * len(bold) + SMALL_SIZE * len(small)))
    above = FRAME + lines + FRAME // 2 - (TITLE_HEIGHT if own else 0)
    height = layout["height"] + above + FRAME
    layout["title"] = _heading(bold, small, DARK if theme == "dark" else LIGHT, width)
    sides = {"l": FRAME, "r": FRAME, "t": above, "b": FRAME}
    layout["margin"] = {side: layout["margin"][side] + more for side, more in sides.items()}
    if legend := layout.get("legend"):
        top = (1 - legend["y"]) * layout["height"] + above
        layout["legend"] = {**legend, "x": FRAME / width, "y": 1 - top / height}
    return {"data": spec["data"], "layout": {**layout, "width": width, "height": height}}


def _heading(bold: list[str], small: list[str], colours: Mapping[str, str], width: int) -> Spec:
    """Lines in bold and lines in small type at the upper left, as a title of plotly's."""
    quiet = f"font-size:{SMALL_SIZE}px;font-weight:{NORMAL};color:{colours['quiet']}"
    lines = [*bold, *(f'<span style="{quiet}">{line}</span>' for line in small)]
    return {
        "text": "<br>".join(lines),
        "font": {**font(size=HEADLINE_SIZE, weight=BOLD), "color": colours["ink"]},
        "xref": "container", "x": FRAME / width, "xanchor": "left",
        "yref": "container", "y": 1, "yanchor": "top",
        "pad": {"t": FRAME + ASCENT * HEADLINE_SIZE},
    }  # fmt: skip


def _wrapped(text: str, size: int, width: int) -> list[str]:
    """A text as lines of plain letters that fit a width, with an ellipsis for those too many."""
    return wrapped(text, int(width / (CHARACTER_WIDTH * size / TEXT_SIZE)), MOST_LINES)
