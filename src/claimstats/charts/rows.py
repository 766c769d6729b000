"""Charts with one row per group: a dot for the estimate, a whisker for its interval, the numbers.

Interval plots and forest plots differ in what they compare; how rows are laid out, labelled,
capped and made to fit a narrow page is the same and lives here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from claimstats.charts import text, theme
from claimstats.charts.theme import LIGHT, Spec, figure
from claimstats.finding import Column, Kind
from claimstats.language import say

MOST_GROUPS = 25
"""Rows that are drawn; a longer chart is a table, and the table is beside the chart."""

ROW, PAIRED_ROW = 34, 46
NARROW_ROW = 52
"""Pixels per row with one and with two series, or lines; a narrow row has its label above it."""

LIFT = 18
"""Pixels from a dot of a narrow row up to the text above it."""

NARROW_LINE = 16
NAME_HEIGHT = 10
"""Pixels of a line of text, and from the middle of a name to its upper edge."""

NARROW_TITLE = 40
NARROW_TITLE_LINES = 3
"""Letters across, and lines, of an axis title on a narrow page."""

NARROW_VALUE_WIDTH = 130
"""Numbers wider than this, in pixels, stand on a line of their own."""

PAIR_OFFSET = 0.17
"""How far the two series of a row stand from its middle, in rows."""

GAP = 12
MARKER_SIZE = 10


@dataclass(frozen=True)
class Style:
    """How the points of a series look."""

    name: str
    colour: str
    symbol: str
    hollow: bool = False


@dataclass(frozen=True)
class Series:
    """One estimate with its interval per row.

    Parameters
    ----------
    style
        The look of an ordinary row.
    estimate, lower, upper
        The columns that are drawn.
    offset
        Distance from the middle of the row, in rows, downwards.
    flag
        Rows that look different.
    flagged
        Their look.
    """

    style: Style
    estimate: Column
    lower: Column
    upper: Column
    offset: float = 0.0
    flag: Column | None = None
    flagged: Style | None = None

    def styles(self) -> list[tuple[Style, list[int]]]:
        """Each look with the rows that have it, the ordinary one first."""
        rows = range(len(self.estimate.values))
        if self.flag is None or self.flagged is None:
            return [(self.style, list(rows))]
        marked = [row for row in rows if self.flag.values[row]]
        rest = [row for row in rows if not self.flag.values[row]]
        return [(self.style, rest), *([(self.flagged, marked)] if marked else [])]


@dataclass(frozen=True)
class Rows:
    """A chart of rows, ready to be drawn.

    Parameters
    ----------
    label
        The groups, from top to bottom.
    series
        One or two series.
    values
        Per series, what to write at the right of each row; none for no text.
    size
        What each estimate rests on.
    words
        A further line under some labels.
    """

    label: Column
    series: tuple[Series, ...]
    values: tuple[tuple[str, ...], ...]
    size: Column | None
    words: tuple[str, ...]
    x_title: str

    @property
    def kind(self) -> Kind:
        """What the axis shows."""
        return self.series[0].estimate.kind

    @property
    def total(self) -> int:
        """How many groups there are."""
        return len(self.label.values)

    def empty(self) -> bool:
        """Whether no row has a number."""
        columns = [c for s in self.series for c in (s.estimate, s.lower, s.upper)]
        return not any(text.present(value) for column in columns for value in column.values)

    def head(self) -> Rows:
        """The rows that are drawn."""
        return replace(
            self,
            label=_head(self.label),
            series=tuple(_head_series(series) for series in self.series),
            values=tuple(texts[:MOST_GROUPS] for texts in self.values),
            size=None if self.size is None else _head(self.size),
            words=self.words[:MOST_GROUPS],
        )

    def chart(self) -> Spec:
        """The whole specification."""
        if self.empty():
            return theme.no_data()
        shown = self.head()
        scale = text.scale(self.kind, shown._drawn_columns())
        data = [trace for series in shown.series for trace in _traces(series, shown, scale)]
        named = [trace["name"] for trace in data if trace["showlegend"]]
        keys = named if len(named) > 1 else []
        note = text.groups_shown(MOST_GROUPS, self.total)
        return figure(data, _wide(shown, scale, note, keys), _narrow(shown, note, keys))

    def _drawn_columns(self) -> list[Column]:
        return [c for s in self.series for c in (s.estimate, s.lower, s.upper)]

    def sizes(self) -> list[str]:
        """What to write for n."""
        if self.size is None:
            return [""] * self.total
        return [say("n {count}", count=shown) for shown in text.numerals(self.size)]


def _head(column: Column) -> Column:
    return replace(column, values=column.values[:MOST_GROUPS])


def _head_series(series: Series) -> Series:
    flag = None if series.flag is None else _head(series.flag)
    estimate, lower, upper = _head(series.estimate), _head(series.lower), _head(series.upper)
    return replace(series, estimate=estimate, lower=lower, upper=upper, flag=flag)


def _traces(series: Series, rows: Rows, scale: Spec) -> list[Spec]:
    hover = _hover(series, rows)
    end = scale["range"][1]
    return [
        trace
        for style, places in series.styles()
        for trace in (
            _whiskers(series, style, places, end),
            _points(series, style, places, hover),
            _open_ends(series, style, places, end),
        )
        if trace["x"] or trace["showlegend"]
    ]


def _points(series: Series, style: Style, rows: list[int], hover: list[str]) -> Spec:
    rows = [row for row in rows if text.present(series.estimate.values[row])]
    fill = LIGHT["paper"] if style.hollow else style.colour
    return {
        "type": "scatter",
        "mode": "markers",
        "name": text.plain(style.name),
        "showlegend": bool(style.name),
        "x": text.drawn(series.estimate.values[row] for row in rows),
        "y": [row + series.offset for row in rows],
        "marker": {
            "symbol": style.symbol, "size": MARKER_SIZE, "color": fill, "opacity": 1,
            "line": {"color": style.colour, "width": 2},
        },
        "hovertext": [hover[row] for row in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
    }  # fmt: skip


def _whiskers(series: Series, style: Style, rows: list[int], end: float) -> Spec:
    ends = [(row, *_reach(series, row, end)) for row in rows]
    whole = [(row, low, high) for row, low, high in ends if low is not None and high is not None]
    return _lines(
        style,
        [place for _, low, high in whole for place in (low, high, None)],
        [place for row, *_ in whole for place in (row + series.offset,) * 2 + (None,)],
    )


def _lines(style: Style, x: list[float | None], y: list[float | None]) -> Spec:
    return {
        "type": "scatter", "mode": "lines", "name": "", "showlegend": False,
        "x": text.drawn(x), "y": y, "hoverinfo": "skip", "cliponaxis": False,
        "line": {"color": style.colour, "width": 2},
    }  # fmt: skip


def _reach(series: Series, row: int, end: float) -> tuple[float | None, float | None]:
    """Both ends of a whisker; a duration without upper end runs to the end of the axis."""
    low, high = series.lower.values[row], series.upper.values[row]
    if _is_open(series, row):
        return low, end
    return (low, high) if text.present(low) and text.present(high) else (None, None)


def _is_open(series: Series, row: int) -> bool:
    low, high = series.lower.values[row], series.upper.values[row]
    return series.upper.kind == "days" and text.present(low) and not text.present(high)


def _open_ends(series: Series, style: Style, rows: list[int], end: float) -> Spec:
    rows = [row for row in rows if _is_open(series, row)]
    return {
        "type": "scatter", "mode": "markers", "name": "", "showlegend": False,
        "x": [end for _ in rows], "y": [row + series.offset for row in rows],
        "marker": {"symbol": "arrow-right", "size": MARKER_SIZE, "color": style.colour},
        "hoverinfo": "skip", "cliponaxis": False,
    }  # fmt: skip


def _hover(series: Series, rows: Rows) -> list[str]:
    columns = zip(
        rows.label.shown(),
        text.numerals(series.estimate),
        text.numerals(series.lower),
        text.numerals(series.upper),
        rows.sizes(),
        rows.words,
        strict=True,
    )
    name = text.plain(series.style.name)
    return [
        "<br>".join(
            part
            for part in (
                text.plain(text.shorten(label, 120)),
                _named(name, text.with_limits(value, low, high)),
                size,
                text.plain(word),
            )
            if part
        )
        for label, value, low, high, size, word in columns
    ]


def _named(name: str, numbers: str) -> str:
    return say("{name}: {numbers}", name=name, numbers=numbers) if name else numbers


def _wide(rows: Rows, scale: Spec, note: str, keys: list[str]) -> Spec:
    above = theme.TITLE_HEIGHT if note else 2
    stacked = theme.legend_lines(keys) > 1
    top = above + 8 + theme.LEGEND_HEIGHT * (len(keys) if stacked else bool(keys))
    per_row = PAIRED_ROW if _is_paired(rows) or any(rows.words) else ROW
    height = top + per_row * rows.total + theme.AXIS_HEIGHT
    values, sizes = _value_notes(rows), rows.sizes()
    width = GAP + theme.text_width([text for texts in rows.values for text in texts])
    right = width + GAP + theme.text_width(sizes) if any(sizes) else width
    return {
        "height": height,
        "margin": {"l": 8, "r": right, "t": top, "b": theme.AXIS_HEIGHT},
        "title": theme.title(note),
        "showlegend": bool(keys),
        "legend": theme.legend(above, height, stacked=stacked),
        "xaxis": theme.axis(text.plain(rows.x_title), **scale, zerolinecolor=LIGHT["axis"]),
        "yaxis": {
            **theme.axis(),
            "range": [rows.total - 0.5, -0.5],
            "tickmode": "array",
            "tickvals": list(range(rows.total)),
            "ticktext": _tick_labels(rows),
            "tickfont": theme.font(),
            "ticklabelstandoff": 6,
        },
        "annotations": [
            *(_right(t, y, width, is_main=k == 0) for t, k, y in values),
            *(_right(t, y, right) for y, t in enumerate(sizes) if t),
        ],
    }


def _narrow(rows: Rows, note: str, keys: list[str]) -> Spec:
    """Above each dot the group's name and its numbers, if long on lines of their own, and words."""
    values = _narrow_values(rows)
    beneath = theme.text_width(values) > NARROW_VALUE_WIDTH
    words = NARROW_LINE if any(rows.words) else 0
    line = words + (NARROW_LINE if beneath else 0)
    lowest = max(series.offset for series in rows.series)
    # The lowest mark of a row ends above the name of the next, which stands over its own marks.
    needed = (LIFT + line + NAME_HEIGHT + MARKER_SIZE) / (1 - 2 * lowest)
    per_row = max(math.ceil(needed), line + NARROW_ROW)
    above = theme.TITLE_HEIGHT if note else 2
    top = above + 8 + line + theme.LEGEND_HEIGHT * len(keys)
    title = text.wrapped(rows.x_title, NARROW_TITLE, NARROW_TITLE_LINES)
    below = theme.AXIS_HEIGHT + NARROW_LINE * max(0, len(title) - 1)
    height = top + per_row * rows.total + below
    lift = LIFT + round(per_row * lowest)
    left: Spec = {"xref": "paper", "x": 0, "xanchor": "left", "bgcolor": LIGHT["paper"]}
    right: Spec = left if beneath else {**left, "x": 1, "xanchor": "right"}
    names = text.labels(rows.label, text.LABEL_LENGTH if beneath else text.NARROW_LABEL_LENGTH)
    return {
        "height": height,
        "margin": {"l": 10, "r": 18, "t": top, "b": below},
        "legend": theme.legend(above, height, stacked=True),
        "xaxis": {"title": {"text": "<br>".join(title)}},
        "yaxis": {"showticklabels": False, "showgrid": False},
        "annotations": [
            *(
                theme.annotation(name, weight=theme.BOLD, y=y, yshift=lift + line, **left)
                for y, name in enumerate(names)
            ),
            *(
                theme.annotation(value, "quiet", y=y, yshift=lift + words, **right)
                for y, value in enumerate(values)
            ),
            *(
                theme.annotation(text.plain(text.shorten(word)), y=y, yshift=lift, **left)
                for y, word in enumerate(rows.words)
                if word
            ),
        ],
    }


def _narrow_values(rows: Rows) -> list[str]:
    parts = [" / ".join(filter(None, texts)) for texts in zip(*rows.values, strict=True)]
    return ["  ".join(filter(None, line)) for line in zip(parts, rows.sizes(), strict=True)]


def _is_paired(rows: Rows) -> bool:
    return any(series.offset for series in rows.series)


def _tick_labels(rows: Rows) -> list[str]:
    return [
        f"{name}<br>{text.plain(word)}" if word else name
        for name, word in zip(text.labels(rows.label), rows.words, strict=True)
    ]


def _value_notes(rows: Rows) -> list[tuple[str, int, float]]:
    """Each text at the right of a row, with the number of its series and its height."""
    is_labelled = sum(any(texts) for texts in rows.values) > 1
    return [
        (shown, number, row + (series.offset if is_labelled else 0))
        for number, (series, texts) in enumerate(zip(rows.series, rows.values, strict=True))
        for row, shown in enumerate(texts)
        if shown
    ]


def _right(shown: str, y: float, shift: int, *, is_main: bool = False) -> Spec:
    place: Spec = {"xref": "paper", "x": 1, "xanchor": "right", "xshift": shift, "y": y}
    role, weight = ("ink", theme.BOLD) if is_main else ("quiet", theme.NORMAL)
    return theme.annotation(shown, role, weight, **place)
