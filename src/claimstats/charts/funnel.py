"""The funnel plot: rates of groups by their size, within the limits that chance keeps."""

from __future__ import annotations

from dataclasses import dataclass

from claimstats.charts import panels, text, theme
from claimstats.charts.panels import Note, Panel
from claimstats.charts.theme import LIGHT, PALETTE, SYMBOLS, Spec
from claimstats.finding import Table
from claimstats.language import say

FEW_GROUPS = 8
"""So many groups are all named; of more, those outside the limits."""

NAMES_SHOWN = 6
"""Names that stand over groups of one size and rate, which lie on one point."""

MARKER_SIZE, OUTSIDE_SIZE = 8, 11
NARROW_TICKS = 4

DASHES = ("dash", "solid")
LOOKS = ((PALETTE[0], SYMBOLS[0]), (PALETTE[4], SYMBOLS[3]), (PALETTE[7], SYMBOLS[1]))
"""Colour and shape of groups inside all limits, outside the inner ones, and outside all."""


@dataclass(frozen=True)
class Columns:
    """Which columns of the two tables hold what."""

    panel: str
    label: str
    size: str
    estimate: str
    outside: str
    target: str
    bands: tuple[tuple[str, str], tuple[str, str]]
    names: tuple[str, str]


def funnel_plot(
    groups: Table,
    limits: Table,
    *,
    panel: str,
    label: str,
    size: str,
    estimate: str,
    outside: str,
    target: str,
    bands: tuple[tuple[str, str], tuple[str, str]],
    names: tuple[str, str],
    x_title: str,
    y_title: str,
) -> Spec:
    """Draw one funnel per panel: every group a point, and curves of limits by size.

    Parameters
    ----------
    groups
        One row per group: `panel`, `label`, `size`, `estimate`, and `outside`, which counts the
        limits that the group lies outside: 0, 1 for the inner ones, 2 for both.
    limits
        The curves, ascending by `size` in each panel: `target`, and the lower and upper columns of
        the inner and the outer limits.
    panel, label, size, estimate, outside, target, bands
        The names of the columns; both tables have `panel` and `size`.
    names
        What the inner and the outer limits are called.
    x_title, y_title
        What the axes show.

    Returns
    -------
    dict
        A plotly specification. Groups outside are named where there is room, and all groups where
        they are few.

    References
    ----------
    Spiegelhalter DJ (2005), Stat Med 24:1185-1202. doi:10.1002/sim.1970

    Examples
    --------
    >>> from claimstats.finding import Column
    >>> def column(name, kind, *values):
    ...     return Column(name, kind, name, values)
    >>> groups = Table((
    ...     column("who", "text", "Seller's", "Seller's"), column("sku", "text", "CUP", "JAR"),
    ...     column("n", "count", 20, 40), column("rate", "share", 0.5, 0.1),
    ...     column("outside", "count", 0, 2),
    ... ))
    >>> limits = Table((
    ...     column("who", "text", "Seller's", "Seller's"), column("n", "count", 20, 40),
    ...     column("mean", "share", 0.5, 0.5), column("l", "share", 0.3, 0.35),
    ...     column("u", "share", 0.7, 0.65), column("ll", "share", 0.2, 0.25),
    ...     column("uu", "share", 0.8, 0.75),
    ... ))
    >>> chart = funnel_plot(
    ...     groups, limits, panel="who", label="sku", size="n", estimate="rate", outside="outside",
    ...     target="mean", bands=(("l", "u"), ("ll", "uu")), names=("95 %", "99.8 %"),
    ...     x_title="Claims", y_title="Won",
    ... )
    >>> [note["text"] for note in chart["layout"]["annotations"]]
    ['JAR', 'CUP']
    """
    columns = Columns(panel, label, size, estimate, outside, target, bands, names)
    if not any(text.present(value) for value in groups[estimate]):
        return theme.no_data()
    shown = panels.unique(groups[panel])
    drawn = [
        _Drawn(groups.where(panel, name), limits.where(panel, name), columns) for name in shown
    ]
    traces = [trace for k, each in enumerate(drawn) for trace in each.traces(panels.number(k))]
    keys = panels.named_once(traces)
    who = groups.column(panel)
    stack = [
        each.panel_of(who.show(name) if len(shown) > 1 else "", x_title)
        for name, each in zip(shown, drawn, strict=True)
    ]
    wide, narrow = panels.stacked(stack, y_title, keys)
    return theme.figure(traces, wide, narrow)


@dataclass(frozen=True)
class _Drawn:
    """One panel's groups and curves."""

    groups: Table
    limits: Table
    columns: Columns

    def traces(self, axes: str) -> list[Spec]:
        """Curves behind, groups in front, those outside on top."""
        columns = self.columns
        inner, outer = (
            [self._curve(name, key, PALETTE[1], dash) for name in band]
            for band, key, dash in zip(columns.bands, columns.names, DASHES, strict=True)
        )
        parts = [
            self._curve(columns.target, say("average"), LIGHT["axis"], "solid"),
            *inner,
            *outer,
            *(self._points(number) for number in range(len(LOOKS))),
        ]
        axis = {"xaxis": f"x{axes}", "yaxis": f"y{axes}"}
        return [{**trace, **axis} for trace in parts if trace["x"]]

    def panel_of(self, heading: str, x_title: str) -> Panel:
        """The plot with its axes and the names that stand in it."""
        sizes = [
            value for table in (self.groups, self.limits) for value in table[self.columns.size]
        ]
        wide = text.ticks(0.0, max(sizes))
        narrow = text.ticks(0.0, max(sizes), NARROW_TICKS)
        end = max(wide[-1], narrow[-1])
        x_axis = theme.axis(
            text.plain(x_title), range=[0.0, end], tickmode="array", showgrid=False, showline=True,
            linecolor=LIGHT["axis"], automargin=False, **_ticks(wide),
        )  # fmt: skip
        marks = [(self._size(row), self._rate(row)) for row in self._rows()]
        return Panel(heading, x_axis, panels.shares(), _ticks(narrow), self._notes(), marks)

    def _rows(self) -> list[int]:
        return [
            k for k, rate in enumerate(self.groups[self.columns.estimate]) if text.present(rate)
        ]

    def _size(self, row: int) -> float:
        return float(self.groups[self.columns.size][row])

    def _rate(self, row: int) -> float:
        return float(self.groups[self.columns.estimate][row])

    def _outside(self, row: int) -> int:
        return int(self.groups[self.columns.outside][row] or 0)

    def _curve(self, name: str, key: str, colour: str, dash: str) -> Spec:
        rows = [k for k, value in enumerate(self.limits[name]) if text.present(value)]
        return {
            "type": "scatter", "mode": "lines", "name": key, "hoverinfo": "skip",
            "x": [self.limits[self.columns.size][k] for k in rows],
            "y": text.drawn(self.limits[name][k] for k in rows),
            "line": {"color": colour, "width": 1.5, "dash": dash},
        }  # fmt: skip

    def _points(self, number: int) -> Spec:
        """Groups outside so many limits; where many lie on one point it is darker."""
        rows = [row for row in self._rows() if self._outside(row) == number]
        colour, symbol = LOOKS[number]
        outside = (say("outside {limits}", limits=name) for name in self.columns.names)
        names = (say("inside"), *outside)
        hover = self._hover()
        return {
            "type": "scatter", "mode": "markers", "name": names[number],
            "x": [self.groups[self.columns.size][row] for row in rows],
            "y": text.drawn(self._rate(row) for row in rows),
            "marker": {
                "symbol": symbol, "color": colour, "opacity": 1 if number else 0.8,
                "size": OUTSIDE_SIZE if number else MARKER_SIZE,
            },
            "hovertext": [hover[self._size(row), self._rate(row)] for row in rows],
            "hoverinfo": "text", "cliponaxis": False,
        }  # fmt: skip

    def _hover(self) -> dict[tuple[float, float], str]:
        """The names of all groups on a point, with their size and rate."""
        there: dict[tuple[float, float], list[int]] = {}
        for row in self._rows():
            there.setdefault((self._size(row), self._rate(row)), []).append(row)
        return {spot: self._told(rows) for spot, rows in there.items()}

    def _told(self, rows: list[int]) -> str:
        columns, first = self.columns, rows[0]
        labels = text.labels(self.groups.column(columns.label))
        more = len(rows) - NAMES_SHOWN
        rate, size = (
            text.numerals(self.groups.column(name))[first]
            for name in (columns.estimate, columns.size)
        )
        parts = [labels[row] for row in rows[:NAMES_SHOWN]]
        if more > 0:
            parts.append(say("and {n} more", n=more))
        return "<br>".join([*parts, say("{rate}, n {count}", rate=rate, count=size)])

    def _notes(self) -> list[Note]:
        """Names: the groups outside first, the farthest out and the largest of them foremost."""
        columns, rows = self.columns, self._rows()
        named = rows if len(rows) <= FEW_GROUPS else [row for row in rows if self._outside(row)]
        named = sorted(named, key=lambda row: (-self._outside(row), -self._size(row)))
        labels = self.groups.column(columns.label).shown()
        middle = next((value for value in self.limits[columns.target] if text.present(value)), 0.5)
        return [
            Note(
                text.shorten(labels[row], text.NARROW_LABEL_LENGTH),
                self._size(row),
                self._rate(row),
                self._rate(row) >= middle,
            )
            for row in named
        ]


def _ticks(places: list[float]) -> Spec:
    return {"tickvals": places, "ticktext": [text.number_tick(place) for place in places]}
