"""Step curves draw the table's rows, thinned to what can be seen, with the numbers at risk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claimstats.charts import MOST_CURVES, step_curves
from claimstats.charts.steps import MOST_STEPS
from claimstats.charts.theme import Spec
from claimstats.finding import Column, Table

Check = Callable[[Spec], Spec]
Row = tuple[Any, ...]

TINY: list[Row] = [
    ("SAFE-T", 0.0, 1.0, 1.0, 1.0, 10),
    ("SAFE-T", 4.0, 0.7, 0.4, 0.9, 10),
    ("SAFE-T", 25.0, 0.2, 0.05, 0.5, 4),
    ("A-to-z", 0.0, 1.0, None, None, 3),
    ("A-to-z", 12.0, 0.5, 0.1, 0.9, 2),
]


def table(rows: list[Row]) -> Table:
    """Return curves in long form."""
    kinds: list[Any] = ["text", "days", "share", "share", "share", "count"]
    names = ["program", "days", "open", "lower", "upper", "n_at_risk"]
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    return Table(
        tuple(
            Column(name, kind, f"The {name}.", tuple(found))
            for name, kind, found in zip(names, kinds, values, strict=True)
        )
    )


def draw(rows: list[Row], **titles: str) -> Spec:
    """Draw curves from these rows."""
    return step_curves(
        table(rows), group="program", time="days", estimate="open", lower="lower", upper="upper",
        at_risk="n_at_risk", **{"x_title": "Days", "y_title": "Still open", **titles},
    )  # fmt: skip


def curves(chart: Spec) -> list[Spec]:
    """Return the traces of the curves themselves."""
    return [trace for trace in chart["data"] if trace["mode"] == "lines+markers"]


def test_each_group_is_a_step_curve_of_its_rows(check: Check) -> None:
    first, second = curves(check(draw(TINY)))
    assert (first["x"], first["y"]) == ([0.0, 4.0, 25.0], [1.0, 0.7, 0.2])
    assert (second["x"], second["y"]) == ([0.0, 12.0], [1.0, 0.5])
    assert first["line"]["shape"] == second["line"]["shape"] == "hv"
    assert [first["name"], second["name"]] == ["SAFE-T", "A-to-z"]


def test_bands_reach_from_lower_to_upper_and_skip_rows_without_either() -> None:
    bands = [trace for trace in draw(TINY)["data"] if trace["mode"] == "lines"]
    assert [band["y"] for band in bands] == [[1.0, 0.4, 0.05], [1.0, 0.9, 0.5], [0.1], [0.9]]
    assert [band.get("fill") for band in bands] == [None, "tonexty", None, "tonexty"]


def test_hover_tells_interval_and_number_at_risk() -> None:
    first = curves(draw(TINY))[0]
    assert first["customdata"][1] == [0.4, 0.9, 10]
    assert first["hovertemplate"].startswith("SAFE-T<br>")
    assert "%{customdata[2]} at risk" in first["hovertemplate"]


def test_numbers_at_risk_stand_under_the_ticks_they_belong_to() -> None:
    chart = draw(TINY)
    assert chart["layout"]["xaxis"]["tickvals"] == [0, 5, 10, 15, 20, 25]
    under = [
        (note["x"], note["text"])
        for note in chart["layout"]["annotations"]
        if note["xref"] == "x"
    ]  # fmt: skip
    first, second = under[:6], under[6:]
    assert first == [(0, "10"), (5, "4"), (10, "4"), (15, "4"), (20, "4"), (25, "4")]
    assert second == [(0, "3"), (5, "2"), (10, "2")]


def test_curves_differ_in_shape_as_well_as_in_colour() -> None:
    drawn = curves(draw(TINY))
    assert len({trace["marker"]["symbol"] for trace in drawn}) == 2
    assert len({trace["line"]["color"] for trace in drawn}) == 2
    assert draw(TINY)["layout"]["showlegend"]


def test_a_single_curve_needs_no_legend() -> None:
    assert not draw(TINY[:3])["layout"]["showlegend"]


def test_eight_of_twelve_groups_are_drawn_and_the_chart_says_so(check: Check) -> None:
    rows = [(f"P{k}", t, 1 - t / 9, None, None, 5) for k in range(12) for t in (0.0, 3.0)]
    chart = check(draw(rows))
    assert len(curves(chart)) == MOST_CURVES == 8
    assert chart["layout"]["title"]["text"] == "Still open · 8 of 12 groups shown"


def test_a_long_curve_is_thinned_but_keeps_its_ends() -> None:
    rows: list[Row] = [("P", k / 24, 1 - k / 50_000, None, None, 9) for k in range(40_000)]
    [curve] = curves(draw(rows))
    assert len(curve["x"]) <= MOST_STEPS + 2
    assert (curve["x"][0], curve["y"][0]) == (0.0, 1.0)
    assert (curve["x"][-1], curve["y"][-1]) == pytest.approx(
        (39_999 / 24, 1 - 39_999 / 50_000), abs=0.0005
    )
    assert set(curve["y"]) <= {round(row[2], 3) for row in rows}


def test_rows_without_an_estimate_are_skipped(check: Check) -> None:
    [curve] = curves(check(draw([*TINY[:2], ("SAFE-T", 9.0, None, None, None, None), TINY[2]])))
    assert curve["x"] == [0.0, 4.0, 25.0]


@pytest.mark.parametrize("rows", [[], [("SAFE-T", None, None, None, None, None)]])
def test_nothing_to_draw_is_said(rows: list[Row], check: Check) -> None:
    chart = check(draw(rows))
    assert chart["data"] == []
    assert chart["layout"]["annotations"][0]["text"] == "No data to draw"


def test_hostile_names_end_as_text(check: Check) -> None:
    label = "<img src=x onerror=alert(1)>%{y}"
    chart = check(draw([(label, *row[1:]) for row in TINY[:3]], y_title="<b>%{x}"))
    [curve] = curves(chart)
    assert curve["name"].startswith("&lt;img")
    assert curve["hovertemplate"].startswith("&lt;img src=x onerror=alert(1)&gt;%&#123;y}<br>")
    assert chart["layout"]["title"]["text"] == "&lt;b&gt;%&#123;x}"


def test_a_narrow_page_stacks_the_legend_and_names_each_line_at_risk() -> None:
    narrow = draw(TINY)["layout"]["meta"]["narrow"]
    assert narrow["legend"]["entrywidth"] == 1
    assert narrow["margin"]["l"] < draw(TINY)["layout"]["margin"]["l"]
    names = [note["text"] for note in narrow["annotations"] if note["xref"] == "paper"]
    assert names == ["At risk", "SAFE-T", "A-to-z"]
