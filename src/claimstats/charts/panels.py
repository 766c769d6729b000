"""Plots under one another, each with its own axes and a heading, and texts that keep apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from claimstats.charts import text, theme
from claimstats.charts.theme import Spec

PLOT_HEIGHT = 240
HEADING = 26
"""Pixels of a plot, and of the heading above it."""

WIDE, NARROW = 480, 236
"""Pixels across the narrowest plot on a wide and on a narrow page: what fits there fits."""

NOTE_HEIGHT = 14
NOTE_GAP = 7
MARK = 5
"""Pixels of a line of text, between it and its point, and from a point's middle to its edge."""


@dataclass(frozen=True)
class Note:
    """A text at a point of a plot.

    Parameters
    ----------
    text
        What is written.
    x, y
        The point, in the axes' units.
    above
        Whether the text stands above its point, rather than below it, if there is room.
    """

    text: str
    x: float
    y: float
    above: bool = True


@dataclass(frozen=True)
class Panel:
    """One plot.

    Parameters
    ----------
    heading
        What stands above it; empty for no heading.
    x_axis, y_axis
        Its axes; each must have a ``range``.
    narrow_x
        What replaces parts of the x axis on a narrow page.
    notes
        Texts at points, those that matter most first.
    marks
        All points, which no text may cover.
    """

    heading: str
    x_axis: Spec
    y_axis: Spec
    narrow_x: Spec
    notes: Sequence[Note] = ()
    marks: Sequence[tuple[float, float]] = ()


def number(panel: int) -> str:
    """What plotly puts behind an axis' name: nothing for the first plot."""
    return str(panel + 1) if panel else ""


def stacked(panels: Sequence[Panel], heading: str, keys: list[str]) -> tuple[Spec, Spec]:
    """The layout of plots under one another, for a wide and for a narrow page.

    Parameters
    ----------
    panels
        The plots, from top to bottom.
    heading
        The small line above everything: what the y axes show.
    keys
        The legend's entries.
    """
    wide = _layout(panels, heading, theme.legend_lines(keys), WIDE)
    narrow = _layout(panels, heading, len(keys), NARROW)
    for key in ("title", "showlegend"):
        del narrow[key]
    for place, panel in enumerate(panels):
        wide[f"xaxis{number(place)}"] |= panel.x_axis
        wide[f"yaxis{number(place)}"] |= panel.y_axis
        narrow[f"xaxis{number(place)}"] = panel.narrow_x
    return wide, narrow


def _layout(panels: Sequence[Panel], heading: str, lines: int, width: int) -> Spec:
    heads = HEADING if any(panel.heading for panel in panels) else 8
    top = theme.TITLE_HEIGHT + 6 + theme.LEGEND_HEIGHT * lines
    each = heads + PLOT_HEIGHT + theme.AXIS_HEIGHT
    height = top + each * len(panels)
    inside = height - top - heads - theme.AXIS_HEIGHT
    layout: Spec = {
        "height": height,
        "margin": {
            "l": 52 if width == WIDE else 46, "r": 24 if width == WIDE else 14,
            "t": top + heads, "b": theme.AXIS_HEIGHT,
        },
        "title": theme.title(text.plain(heading)),
        "showlegend": lines > 0,
        "legend": theme.legend(theme.TITLE_HEIGHT + 2, height, stacked=width == NARROW),
        "annotations": [],
    }  # fmt: skip
    for place, panel in enumerate(panels):
        above = 1 - each * place / inside
        layout[f"xaxis{number(place)}"] = {"anchor": f"y{number(place)}"}
        layout[f"yaxis{number(place)}"] = {
            "domain": [max(0.0, above - PLOT_HEIGHT / inside), above],
            "anchor": f"x{number(place)}",
        }
        layout["annotations"] += _headings(panel, above, heads) + _notes(panel, place, width)
    return layout


def _headings(panel: Panel, above: float, heads: int) -> list[Spec]:
    if not panel.heading:
        return []
    place: Spec = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": above}
    shown = text.plain(text.shorten(panel.heading))
    return [theme.annotation(shown, weight=theme.BOLD, yanchor="middle", yshift=heads / 2, **place)]


def _notes(panel: Panel, place: int, width: int) -> list[Spec]:
    """The notes that fit, each held inside the plot."""
    return [
        theme.annotation(
            text.plain(note.text),
            xref=f"x{number(place)}", x=note.x, xanchor="center", xshift=shift,
            yref=f"y{number(place)}", y=note.y, yanchor="bottom" if note.above else "top",
            yshift=NOTE_GAP if note.above else -NOTE_GAP,
        )
        for note, shift in fitting(panel, width)
    ]  # fmt: skip


@dataclass(frozen=True)
class _Box:
    """A rectangle by its middle and its half sides, in pixels."""

    x: float
    y: float
    half_width: float
    half_height: float

    def meets(self, other: _Box) -> bool:
        """Whether the two overlap."""
        return (
            abs(self.x - other.x) < self.half_width + other.half_width
            and abs(self.y - other.y) < self.half_height + other.half_height
        )


def fitting(panel: Panel, width: int) -> list[tuple[Note, int]]:
    """The notes that cover neither a point nor one before them, held inside the plot.

    Each comes with the pixels that it is moved sideways, and on the side of its point that is free.
    """
    marks = [_mark(panel, width, x, y) for x, y in panel.marks]
    kept: list[tuple[Note, int]] = []
    taken: list[_Box] = []
    for note in panel.notes:
        own = _mark(panel, width, note.x, note.y)
        others = [mark for mark in marks if mark != own]
        for above in (note.above, not note.above):
            box, shift = _note_box(note, own, width, above)
            inside = box.half_height <= box.y + MARK <= PLOT_HEIGHT + NOTE_HEIGHT
            if inside and not any(box.meets(other) for other in (*taken, *others)):
                kept.append((replace(note, above=above), shift))
                taken.append(box)
                break
    return kept


def _mark(panel: Panel, width: int, x: float, y: float) -> _Box:
    x_pixel, y_pixel = _pixel(panel.x_axis, x, width), _pixel(panel.y_axis, y, PLOT_HEIGHT)
    return _Box(x_pixel, y_pixel, MARK, MARK)


def _note_box(note: Note, own: _Box, width: int, above: bool) -> tuple[_Box, int]:
    half = theme.text_width([note.text]) / 2
    shift = round(max(half - own.x, 0) + min(width - half - own.x, 0))
    height = own.y + (NOTE_GAP + NOTE_HEIGHT / 2) * (1 if above else -1)
    return _Box(own.x + shift, height, half, NOTE_HEIGHT / 2), shift


def _pixel(axis: Spec, value: float, length: int) -> float:
    low, high = axis["range"]
    return float((value - low) / (high - low) * length)


def thinned(labels: Sequence[str], width: int) -> list[int]:
    """Which of evenly spaced labels fit side by side, the last one among them.

    Examples
    --------
    >>> thinned(["2026-01", "2026-02", "2026-03", "2026-04"], 130)
    [1, 3]
    """
    if not labels:
        return []
    wanted = theme.text_width(list(labels)) + 8
    step = max(1, math.ceil(len(labels) * wanted / width))
    return list(range(len(labels) - 1, -1, -step))[::-1]


def categories(labels: Sequence[str]) -> tuple[Spec, Spec]:
    """An x axis of evenly spaced labels, and what a narrow page changes about it."""
    axis = theme.axis(
        range=[-0.6, len(labels) - 0.4], tickmode="array", showgrid=False, showline=True,
        linecolor=theme.LIGHT["axis"], automargin=False, **_ticks(labels, WIDE),
    )  # fmt: skip
    return axis, _ticks(labels, NARROW)


def _ticks(labels: Sequence[str], width: int) -> Spec:
    places = thinned(labels, width)
    return {"tickvals": places, "ticktext": [text.plain(labels[k]) for k in places]}


def shares() -> Spec:
    """A y axis from 0 to 100 %."""
    return theme.axis(**text.scale("share", ()), automargin=False)


def named_once(traces: list[Spec]) -> list[str]:
    """Show each name in the legend where it first appears, and say which they are."""
    seen: list[str] = []
    for trace in traces:
        trace["showlegend"] = bool(trace["name"]) and trace["name"] not in seen
        seen += [trace["name"]] * trace["showlegend"]
    return seen


def unique(values: Iterable[str]) -> list[str]:
    """The distinct values in the order of their first appearance."""
    return list(dict.fromkeys(values))
