"""The control chart: a share in time against a centre line and the limits that chance keeps."""

from __future__ import annotations

from dataclasses import dataclass

from claimstats.charts import panels, text, theme
from claimstats.charts.panels import Note, Panel
from claimstats.charts.theme import LIGHT, PALETTE, SYMBOLS, Spec
from claimstats.finding import Table
from claimstats.language import later, say

MOST_PERIODS = 24
"""Periods that are drawn, the latest: more points than that touch on a narrow page."""

MARKER_SIZE = 9
SIGNAL_SIZE = 12

WITHIN, SIGNALS = later("within limits"), later("signals")
WAITING = later("not judged yet")
LIMITS, CENTRE = later("control limits"), later("centre")


@dataclass(frozen=True)
class Columns:
    """Which columns of the table hold what."""

    panel: str
    period: str
    estimate: str
    interval: tuple[str, str]
    centre: str
    limits: tuple[str, str]
    size: str
    signal: str


def control_charts(
    points: Table,
    *,
    panel: str,
    period: str,
    estimate: str,
    interval: tuple[str, str],
    centre: str,
    limits: tuple[str, str],
    size: str,
    signal: str,
    y_title: str,
) -> Spec:
    """Draw one control chart per panel, all over the same periods.

    Parameters
    ----------
    points
        One row per panel and period, in order of time.
    panel, period
        The names of the columns that say which chart and which period.
    estimate, interval, size
        The share, the ends of its interval, and what it rests on.
    centre, limits
        Centre line and control limits; a row without them is not judged: it is drawn hollow, with
        its interval in their place.
    signal
        What the row signals, None for nothing.
    y_title
        What is drawn.

    Returns
    -------
    dict
        A plotly specification. It shows the latest :data:`MOST_PERIODS` periods, and says so if
        there are more.

    Examples
    --------
    >>> from claimstats.finding import Column
    >>> def share(name, *values):
    ...     return Column(name, "share", name, values)
    >>> table = Table((
    ...     Column("side", "text", "Who.", ("Seller's",) * 2),
    ...     Column("month", "text", "Month.", ("2026-01", "2026-02")),
    ...     share("p", 0.5, 0.1), share("low", 0.4, 0.05), share("high", 0.6, 0.2),
    ...     share("c", 0.3, 0.3), share("lcl", 0.1, 0.2), share("ucl", 0.6, 0.5),
    ...     Column("n", "count", "Claims.", (40, 50)),
    ...     Column("signal", "text", "Signal.", (None, "below the limits")),
    ... ))
    >>> chart = control_charts(
    ...     table, panel="side", period="month", estimate="p", interval=("low", "high"),
    ...     centre="c", limits=("lcl", "ucl"), size="n", signal="signal", y_title="Approved",
    ... )
    >>> [note["text"] for note in chart["layout"]["annotations"]]
    ['2026-02: 10.0 %', '50.0 %']
    """
    columns = Columns(panel, period, estimate, interval, centre, limits, size, signal)
    if not any(text.present(value) for value in points[estimate]):
        return theme.no_data()
    periods = sorted(set(points[period]))
    shown = periods[-MOST_PERIODS:]
    more = (
        " · " + say("latest {n} of {total} shown", n=len(shown), total=len(periods))
        if len(periods) > len(shown)
        else ""
    )
    sides = points.column(panel)
    names = panels.unique(points[panel])
    drawn = [_Drawn(points.where(panel, name), columns, shown) for name in names]
    traces = [trace for k, each in enumerate(drawn) for trace in each.traces(panels.number(k))]
    keys = panels.named_once(traces)
    x_axis, narrow_x = panels.categories(shown)
    stack = [
        Panel(
            heading=sides.show(name) if len(names) > 1 else "",
            x_axis=x_axis,
            y_axis=panels.shares(),
            narrow_x=narrow_x,
            notes=each.notes(),
            marks=each.marks(),
        )
        for name, each in zip(names, drawn, strict=True)
    ]
    wide, narrow = panels.stacked(stack, y_title + more, keys)
    return theme.figure(traces, wide, narrow)


@dataclass(frozen=True)
class _Drawn:
    """One panel's rows at their places on the x axis."""

    rows: Table
    columns: Columns
    periods: list[str]

    def places(self) -> list[tuple[int, int]]:
        """Row and place of each period that is drawn."""
        at = {name: k for k, name in enumerate(self.periods)}
        return [
            (row, at[name])
            for row, name in enumerate(self.rows[self.columns.period])
            if name in at and text.present(self.rows[self.columns.estimate][row])
        ]

    def is_judged(self, row: int) -> bool:
        """Whether the row has limits."""
        return text.present(self.rows[self.columns.centre][row])

    def traces(self, axes: str) -> list[Spec]:
        """Limits, centre and intervals behind, points in front."""
        judged = [(row, x) for row, x in self.places() if self.is_judged(row)]
        waiting = [(row, x) for row, x in self.places() if not self.is_judged(row)]
        signal = self.rows[self.columns.signal]
        calm = [(row, x) for row, x in judged if not signal[row]]
        loud = [(row, x) for row, x in judged if signal[row]]
        low, high = self.columns.limits
        parts = [
            self._steps(low, judged, LIMITS, PALETTE[1]),
            self._steps(high, judged, LIMITS, PALETTE[1]),
            self._steps(self.columns.centre, judged, CENTRE, LIGHT["axis"]),
            self._whiskers(waiting),
            self._points(calm, WITHIN, PALETTE[0], SYMBOLS[0], MARKER_SIZE),
            self._points(loud, SIGNALS, PALETTE[7], SYMBOLS[1], SIGNAL_SIZE),
            self._points(waiting, WAITING, LIGHT["quiet"], SYMBOLS[0], MARKER_SIZE, hollow=True),
        ]
        axis = {"xaxis": f"x{axes}", "yaxis": f"y{axes}"}
        return [{**trace, **axis} for trace in parts if trace["x"]]

    def notes(self) -> list[Note]:
        """What stands at the points: signals first, with their period, then the latest."""
        signal, period = (self.rows[name] for name in (self.columns.signal, self.columns.period))
        judged = [(row, x) for row, x in self.places() if self.is_judged(row)]
        notes = [self._note(row, x, "") for row, x in judged if not signal[row]]
        loud = [self._note(row, x, period[row]) for row, x in judged if signal[row]]
        return [*loud[::-1], *notes[::-1]]

    def marks(self) -> list[tuple[float, float]]:
        """All points."""
        return [(x, self.rows[self.columns.estimate][row]) for row, x in self.places()]

    def _note(self, row: int, x: int, before: str) -> Note:
        share, centre = (
            self.rows[name][row] for name in (self.columns.estimate, self.columns.centre)
        )
        shown = self._shown(self.columns.estimate, row)
        told = say("{name}: {numbers}", name=before, numbers=shown) if before else shown
        return Note(told, x, share, share >= centre)

    def _steps(self, name: str, places: list[tuple[int, int]], key: str, colour: str) -> Spec:
        """A level line across each period, broken where one is not judged."""
        x: list[float | None] = []
        y: list[float | None] = []
        before = None
        for row, place in places:
            if before is not None and place != before + 1:
                x.append(None)
                y.append(None)
            x += [place - 0.5, place + 0.5]
            y += text.drawn([self.rows[name][row]] * 2)
            before = place
        return {
            "type": "scatter", "mode": "lines", "name": say(key), "x": x, "y": y,
            "hoverinfo": "skip", "line": {"color": colour, "width": 1.5},
        }  # fmt: skip

    def _whiskers(self, places: list[tuple[int, int]]) -> Spec:
        low, high = (self.rows[name] for name in self.columns.interval)
        whole = [(row, x) for row, x in places if text.present(low[row])]
        return {
            "type": "scatter", "mode": "lines", "name": "", "hoverinfo": "skip",
            "x": [at for _, x in whole for at in (x, x, None)],
            "y": text.drawn(end for row, _ in whole for end in (low[row], high[row], None)),
            "line": {"color": LIGHT["quiet"], "width": 1.5},
        }  # fmt: skip

    def _points(
        self,
        places: list[tuple[int, int]],
        name: str,
        colour: str,
        symbol: str,
        size: int,
        *,
        hollow: bool = False,
    ) -> Spec:
        return {
            "type": "scatter", "mode": "markers", "name": say(name),
            "x": [x for _, x in places],
            "y": text.drawn(self.rows[self.columns.estimate][row] for row, _ in places),
            "marker": {
                "symbol": symbol, "size": size, "opacity": 1,
                "color": LIGHT["paper"] if hollow else colour,
                "line": {"color": colour, "width": 2},
            },
            "hovertext": [self._hover(row) for row, _ in places],
            "hoverinfo": "text", "cliponaxis": False,
        }  # fmt: skip

    def _hover(self, row: int) -> str:
        columns = self.columns
        parts = [
            text.plain(self.rows[columns.period][row]),
            text.with_limits(*self._all_shown(columns.estimate, *columns.interval, row=row)),
            say("n {count}", count=self._shown(columns.size, row)),
            self._limits(row) if self.is_judged(row) else "",
            text.plain(self._signal(row)),
        ]
        return "<br>".join(part for part in parts if part)

    def _limits(self, row: int) -> str:
        lower, upper = self._all_shown(*self.columns.limits, row=row)
        return say("limits {lower} to {upper}", lower=lower, upper=upper)

    def _signal(self, row: int) -> str:
        column = self.rows.column(self.columns.signal)
        return column.show(column.values[row]) if column.values[row] else ""

    def _all_shown(self, *names: str, row: int) -> list[str]:
        return [self._shown(name, row) for name in names]

    def _shown(self, name: str, row: int) -> str:
        return text.numerals(self.rows.column(name))[row]
