"""Step curves: how a share develops over time, per group, with bands and the number at risk."""

from __future__ import annotations

from dataclasses import dataclass

from claimstats.charts import text, theme
from claimstats.charts.theme import PALETTE, SYMBOLS, Spec
from claimstats.finding import Table
from claimstats.language import amount, say

MOST_CURVES = len(PALETTE)
"""Curves that are drawn; more cannot be told apart."""

MOST_STEPS = 100
"""Points of a drawn curve; more would fall on the same pixels."""

MARKS_PER_CURVE = 6

PLOT_HEIGHT = 320
RISK_ROW = 18
RISK_TOP = 20
"""Pixels between the axis title and the first line of numbers at risk."""

CURVE_LABEL_LENGTH = 30
STEP_DIGITS = 3
"""Decimals of a step: a tenth of a percent, a third of a pixel of the plot's height."""

SHARE_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Columns:
    """Which columns of the table hold what."""

    group: str
    time: str
    estimate: str
    lower: str
    upper: str
    at_risk: str


@dataclass(frozen=True)
class Curve:
    """One group's curve in order of time, thinned to what can be seen."""

    name: str
    colour: str
    symbol: str
    time: tuple[float, ...]
    estimate: tuple[float, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    at_risk: tuple[int | None, ...]

    def at_risk_from(self, time: float) -> str:
        """The number at risk in the first row at or after `time`; nothing behind the last row."""
        rows = zip(self.time, self.at_risk, strict=True)
        found = next((count for at, count in rows if at >= time), None)
        return "" if found is None else amount(f"{found:,}")


def step_curves(
    curves: Table,
    *,
    group: str,
    time: str,
    estimate: str,
    lower: str,
    upper: str,
    at_risk: str,
    x_title: str,
    y_title: str,
) -> Spec:
    """Draw one step curve per group with its band, and the numbers at risk beneath.

    Parameters
    ----------
    curves
        The curves in long form, one row per group and time, each group in order of time. A curve
        is drawn from its first row on: give a row at time zero.
    group, time, estimate, lower, upper, at_risk
        The names of the columns; `at_risk` counts those observed up to just before `time`.
    x_title, y_title
        What the axes show, with the unit.

    Returns
    -------
    dict
        A plotly specification.

    Notes
    -----
    The first :data:`MOST_CURVES` groups are drawn, and the chart says so if there are more. Of
    rows that fall on one pixel the last is drawn. A number at risk is that of the first row at or
    after the time above it.

    References
    ----------
    Pocock, Clayton and Altman (2002), Survival plots of time-to-event outcomes in clinical trials.
    doi:10.1016/S0140-6736(02)08594-X

    Examples
    --------
    >>> from claimstats.finding import Column
    >>> table = Table((
    ...     Column("program", "text", "Program.", ("safet",) * 3),
    ...     Column("days", "days", "Days since filing.", (0.0, 2.0, 9.5)),
    ...     Column("open", "share", "Still open.", (1.0, 0.6, 0.1)),
    ...     Column("lower", "share", "Lower end.", (1.0, 0.3, 0.0)),
    ...     Column("upper", "share", "Upper end.", (1.0, 0.8, 0.4)),
    ...     Column("n_at_risk", "count", "At risk.", (10, 10, 4)),
    ... ))
    >>> chart = step_curves(
    ...     table, group="program", time="days", estimate="open", lower="lower", upper="upper",
    ...     at_risk="n_at_risk", x_title="Days since filing", y_title="Still open",
    ... )
    >>> chart["data"][-1]["y"], chart["data"][-1]["line"]["shape"]
    ([1.0, 0.6, 0.1], 'hv')
    """
    columns = Columns(group, time, estimate, lower, upper, at_risk)
    return _chart(curves, columns, x_title, y_title)


def _chart(curves: Table, columns: Columns, x_title: str, y_title: str) -> Spec:
    groups = list(dict.fromkeys(curves[columns.group]))
    found = [_curve(curves, columns, name, k) for k, name in enumerate(groups[:MOST_CURVES])]
    drawn = [curve for curve in found if curve.time]
    if not drawn:
        return theme.no_data()
    note = text.groups_shown(MOST_CURVES, len(groups))
    heading = " · ".join(filter(None, (text.plain(y_title), note)))
    data = [trace for curve in drawn for trace in _band(curve)] + [_line(c) for c in drawn]
    x_axis = _x_axis(drawn, x_title)
    y_axis = _y_axis(curves, columns, drawn)
    wide = _wide(drawn, heading, x_axis, y_axis)
    return theme.figure(data, wide, _narrow(drawn, heading, x_axis))


def _curve(curves: Table, columns: Columns, name: object, number: int) -> Curve:
    rows = curves.where(columns.group, name)
    kept = _visible(rows[columns.time], rows[columns.estimate], max(_numbers(curves[columns.time])))
    label = rows.column(columns.group).shown()[0]

    def pick(column: str) -> tuple[float, ...]:
        return tuple(text.drawn((rows[column][k] for k in kept), STEP_DIGITS))

    return Curve(
        label, PALETTE[number], SYMBOLS[number], pick(columns.time), pick(columns.estimate),
        pick(columns.lower), pick(columns.upper), tuple(rows[columns.at_risk][k] for k in kept),
    )  # fmt: skip


def _numbers(values: tuple[float | None, ...]) -> list[float]:
    return [value for value in values if value is not None and text.present(value)] or [0.0]


def _visible(
    times: tuple[float | None, ...], estimates: tuple[float | None, ...], last: float
) -> list[int]:
    """The rows to draw: the first one, and the last of those that fall on one pixel."""
    there = [
        (k, time)
        for k, (time, estimate) in enumerate(zip(times, estimates, strict=True))
        if time is not None and text.present(time) and text.present(estimate)
    ]
    by_pixel = {int(MOST_STEPS * time / (last or 1.0)): k for k, time in there}
    return sorted({*(k for k, _ in there[:1]), *by_pixel.values()})


def _band(curve: Curve) -> list[Spec]:
    rows = [
        (at, low, high)
        for at, low, high in zip(curve.time, curve.lower, curve.upper, strict=True)
        if low is not None and high is not None
    ]
    edge: Spec = {
        "type": "scatter", "mode": "lines", "showlegend": False, "hoverinfo": "skip",
        "x": [at for at, _, _ in rows], "line": {"shape": "hv", "width": 0, "color": curve.colour},
    }  # fmt: skip
    lower = {**edge, "y": [low for _, low, _ in rows]}
    fill = {"fill": "tonexty", "fillcolor": theme.translucent(curve.colour)}
    return [lower, {**edge, **fill, "y": [high for _, _, high in rows]}]


def _line(curve: Curve) -> Spec:
    name = text.plain(text.shorten(curve.name, CURVE_LABEL_LENGTH))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(curve.time),
        "y": list(curve.estimate),
        "line": {"shape": "hv", "width": 2, "color": curve.colour},
        "marker": {
            "symbol": curve.symbol, "size": 8, "color": curve.colour,
            "maxdisplayed": MARKS_PER_CURVE,
        },
        "customdata": [
            list(row) for row in zip(curve.lower, curve.upper, curve.at_risk, strict=True)
        ],
        "hovertemplate": "<br>".join((text.plain(text.shorten(curve.name, 120)), *_hover()))
        + "<extra></extra>",
    }  # fmt: skip


def _hover() -> tuple[str, str]:
    """What plotly writes at a point: when, how much, and out of how many."""
    share = text.with_limits("%{y:.1%}", "%{customdata[0]:.1%}", "%{customdata[1]:.1%}")
    return (
        say("{name}: {numbers}", name="%{x:.1f}", numbers=share),
        say("{n} at risk", n="%{customdata[2]}"),
    )


def _x_axis(curves: list[Curve], title: str) -> Spec:
    places = text.ticks(0.0, max(curve.time[-1] for curve in curves))
    labels = [text.number_tick(place) for place in places]
    return theme.axis(
        text.plain(title), range=[places[0], places[-1]], tickmode="array", tickvals=places,
        ticktext=labels, anchor="y", showgrid=False, showline=True,
        linecolor=theme.LIGHT["axis"], automargin=False,
    )  # fmt: skip


def _y_axis(table: Table, columns: Columns, curves: list[Curve]) -> Spec:
    kind = table.column(columns.estimate).kind
    if kind == "share":
        scale: Spec = {
            "range": [0, 1.005], "tickmode": "array", "tickvals": list(SHARE_TICKS),
            "ticktext": [text.share_tick(place) for place in SHARE_TICKS],
        }  # fmt: skip
    else:
        names = (columns.estimate, columns.lower, columns.upper)
        scale = text.scale(kind, [table.column(name) for name in names])
    return theme.axis(**scale, automargin=False)


def _wide(curves: list[Curve], heading: str, x_axis: Spec, y_axis: Spec) -> Spec:
    names = [text.shorten(curve.name, CURVE_LABEL_LENGTH) for curve in curves]
    left = max(52, 24 + theme.text_width([*names, say("At risk")]))
    lines = theme.legend_lines(names) if len(names) > 1 else 0
    top, below = 10 + theme.TITLE_HEIGHT + theme.LEGEND_HEIGHT * lines, _below(len(curves))
    height = top + PLOT_HEIGHT + below
    return {
        "height": height,
        "margin": {"l": left, "r": 24, "t": top, "b": below},
        "title": theme.title(heading),
        "showlegend": len(curves) > 1,
        "legend": theme.legend(theme.TITLE_HEIGHT + 2, height),
        "xaxis": x_axis,
        "yaxis": y_axis,
        "annotations": _risk_table(curves, x_axis["tickvals"], left),
    }


def _below(lines: int) -> int:
    return theme.AXIS_HEIGHT + RISK_TOP + RISK_ROW * lines


def _narrow(curves: list[Curve], heading: str, x_axis: Spec) -> Spec:
    lines = len(curves) if len(curves) > 1 else 0
    top = 10 + theme.TITLE_HEIGHT + theme.LEGEND_HEIGHT * lines
    below = _below(2 * len(curves))
    height = top + PLOT_HEIGHT + below
    return {
        "height": height,
        "margin": {"l": 46, "r": 16, "t": top, "b": below},
        "legend": theme.legend(theme.TITLE_HEIGHT + 2, height, stacked=True),
        "annotations": _risk_table(curves, x_axis["tickvals"], 46, lines=2),
    }


def _risk_table(curves: list[Curve], times: list[float], left: int, lines: int = 1) -> list[Spec]:
    """The numbers at risk under the axis: per group its name, and a number under each tick."""
    first = -(theme.AXIS_HEIGHT + RISK_TOP / 2)
    at_left: Spec = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": -left}
    base: Spec = {"yref": "paper", "y": 0, "yanchor": "middle"}
    notes = [theme.annotation(say("At risk"), "quiet", **base, **at_left, yshift=first)]
    for number, curve in enumerate(curves):
        name = first - RISK_ROW * (1 + lines * number)
        label = text.plain(text.shorten(curve.name, CURVE_LABEL_LENGTH))
        notes.append(theme.annotation(label, **base, **at_left, yshift=name))
        row = name - RISK_ROW * (lines - 1)
        notes += [
            theme.annotation(count, "quiet", **base, xref="x", x=time, xanchor="center", yshift=row)
            for time in times
            if (count := curve.at_risk_from(time))
        ]
    return notes
