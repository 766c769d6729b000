"""A control chart draws its columns' values, tells judged from unjudged, and texts keep apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claimstats.charts import MOST_PERIODS, control_charts
from claimstats.charts.panels import NARROW, WIDE, Note, Panel, categories, fitting, shares, thinned
from claimstats.charts.theme import LIGHT, PALETTE, Spec
from claimstats.finding import Column, Table

Check = Callable[[Spec], Spec]
Row = tuple[Any, ...]

TWO: list[Row] = [
    ("Seller's", "2026-01", 0.5, 0.4, 0.6, 0.3, 0.1, 0.6, 40, None),
    ("Seller's", "2026-02", 0.1, 0.0, 0.2, 0.3, 0.2, 0.5, 50, "below the limits"),
    ("Seller's", "2026-04", 0.4, 0.1, 0.8, None, None, None, 7, None),
    ("Buyers'", "2026-02", 0.7, 0.6, 0.8, 0.7, 0.5, 0.9, 30, None),
]
KINDS: list[Any] = ["text", "text", *["share"] * 6, "count", "text"]
NAMES = ("side", "month", "p", "low", "high", "c", "lcl", "ucl", "n", "signal")


def draw(rows: list[Row]) -> Spec:
    """Draw charts of these rows."""
    values = list(zip(*rows, strict=True)) or [()] * len(NAMES)
    columns = (
        Column(name, kind, f"The {name}.", tuple(found))
        for name, kind, found in zip(NAMES, KINDS, values, strict=True)
    )
    return control_charts(
        Table(tuple(columns)), panel="side", period="month", estimate="p",
        interval=("low", "high"), centre="c", limits=("lcl", "ucl"), size="n", signal="signal",
        y_title="Approved",
    )  # fmt: skip


def points(chart: Spec, axis: str = "y") -> dict[str, Spec]:
    """Return the traces of points of one panel, by name."""
    return {t["name"]: t for t in chart["data"] if t["mode"] == "markers" and t["yaxis"] == axis}


def lines(chart: Spec, name: str) -> list[Spec]:
    """Return the lines of a name."""
    return [t for t in chart["data"] if t["mode"] == "lines" and t["name"] == name]


def test_points_lines_and_whiskers_are_the_columns_values(check: Check) -> None:
    chart = check(draw(TWO))
    found = points(chart)
    assert {name: (t["x"], t["y"]) for name, t in found.items()} == {
        "within limits": ([0], [0.5]), "signals": ([1], [0.1]), "not judged yet": ([2], [0.4]),
    }  # fmt: skip
    low, high = lines(chart, "control limits")[:2]
    assert (low["x"], low["y"]) == ([-0.5, 0.5, 0.5, 1.5], [0.1, 0.1, 0.2, 0.2])
    assert high["y"] == [0.6, 0.6, 0.5, 0.5]
    assert lines(chart, "centre")[0]["y"] == [0.3] * 4
    assert lines(chart, "")[0]["y"] == [0.1, 0.8, None]


def test_a_signal_differs_in_shape_and_colour_and_an_unjudged_period_is_hollow() -> None:
    found = points(draw(TWO))
    calm, loud, waiting = (
        found[name]["marker"] for name in ("within limits", "signals", "not judged yet")
    )
    assert (calm["symbol"], loud["symbol"]) == ("circle", "diamond")
    assert (calm["color"], loud["color"]) == (PALETTE[0], PALETTE[7])
    assert (waiting["color"], waiting["line"]["color"]) == (LIGHT["paper"], LIGHT["quiet"])


def test_panels_share_the_periods_and_have_axes_of_their_own() -> None:
    chart = draw(TWO)
    layout = chart["layout"]
    assert points(chart, "y2")["within limits"]["x"] == [1]
    assert layout["xaxis"]["ticktext"] == layout["xaxis2"]["ticktext"]
    assert layout["yaxis"]["domain"][0] > layout["yaxis2"]["domain"][1] > 0
    assert [layout[f"{axis}2"]["anchor"] for axis in ["xaxis", "yaxis"]] == ["y2", "x2"]
    texts = [note["text"] for note in layout["annotations"]]
    assert [text for text in texts if "%" not in text] == ["Seller's", "Buyers'"]


def test_limits_break_where_a_period_is_not_judged() -> None:
    gap = [*TWO[:2], TWO[2], (*TWO[0][:1], "2026-05", *TWO[0][2:])]
    low = lines(draw(gap), "control limits")[0]
    assert low["x"] == [-0.5, 0.5, 0.5, 1.5, None, 2.5, 3.5]
    assert low["y"][4] is None


def test_each_name_stands_once_in_the_legend() -> None:
    named = [t["name"] for t in draw(TWO)["data"] if t["showlegend"]]
    assert named == ["control limits", "centre", "within limits", "signals", "not judged yet"]


def test_one_panel_has_no_heading_and_signals_are_named_with_their_period() -> None:
    notes = draw(TWO[:2])["layout"]["annotations"]
    assert [note["text"] for note in notes] == ["2026-02: 10.0 %", "50.0 %"]


def test_hover_tells_share_interval_n_limits_and_signal() -> None:
    assert points(draw(TWO))["signals"]["hovertext"] == [
        "2026-02<br>10.0 % (0.0 % to 20.0 %)<br>n 50<br>limits 20.0 % to 50.0 %<br>below the limits"
    ]


def test_the_latest_periods_are_drawn_and_the_chart_says_so(check: Check) -> None:
    rows = [(*TWO[0][:1], f"{2000 + k}", *TWO[0][2:]) for k in range(MOST_PERIODS + 3)]
    chart = check(draw(rows))
    assert chart["layout"]["title"]["text"] == "Approved · latest 24 of 27 shown"
    assert len(points(chart)["within limits"]["x"]) == MOST_PERIODS
    assert chart["layout"]["xaxis"]["ticktext"][-1] == "2026"


def test_nothing_to_draw_is_said(check: Check) -> None:
    for rows in ([], [(*TWO[0][:2], *[None] * 6, 0, None)]):
        assert check(draw(rows))["data"] == []


def test_hostile_names_end_as_text(check: Check) -> None:
    label = "<b>%{y}</b> $x$"
    chart = check(draw([(label, label, *TWO[1][2:]), ("other", *TWO[1][1:])]))
    assert "&lt;b&gt;" in points(chart)["signals"]["hovertext"][0]


# Panels


def panel(notes: list[Note], marks: list[tuple[float, float]]) -> Panel:
    """Return a panel of ten places."""
    x_axis, narrow = categories([str(k) for k in range(10)])
    return Panel("", x_axis, shares(), narrow, notes, marks)


def test_texts_cover_neither_each_other_nor_points() -> None:
    notes = [Note("2026-01: 50.0 %", k, 0.5) for k in range(10)]
    marks = [(k, 0.5) for k in range(10)]
    kept = [note.x for note, _ in fitting(panel(notes, marks), WIDE)]
    assert kept[0] == 0
    assert 3 < len(kept) < 10
    assert len(fitting(panel(notes, marks), NARROW)) < len(kept)
    assert fitting(panel(notes[:1], [(0, 0.5), (0, 0.56), (0, 0.44)]), WIDE) == []


def test_a_text_takes_the_free_side_of_its_point_and_stays_inside() -> None:
    ((note, shift),) = fitting(panel([Note("a long name", 0, 0.5)], [(0, 0.5), (0, 0.56)]), WIDE)
    assert not note.above
    assert shift > 0


@pytest.mark.parametrize("labels", [[], ["one"], [f"2026-{k:02}" for k in range(60)]])
def test_ticks_fit_side_by_side_and_the_last_is_among_them(labels: list[str]) -> None:
    places = thinned(labels, NARROW)
    assert places[-1:] == ([len(labels) - 1] if labels else [])
    assert len(places) * 57 <= NARROW or len(places) < 2
