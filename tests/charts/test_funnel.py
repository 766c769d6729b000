"""A funnel draws every group and the limits' columns, and names those outside where it can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claimstats.charts import funnel_plot
from claimstats.charts.funnel import FEW_GROUPS
from claimstats.charts.theme import PALETTE, Spec
from claimstats.finding import Column, Table

Check = Callable[[Spec], Spec]
Row = tuple[Any, ...]

GROUPS: list[Row] = [
    ("Seller's", "CUP", 20, 0.5, 0),
    ("Seller's", "JAR", 40, 0.1, 2),
    ("Seller's", "PAN", 10, 0.15, 1),
    ("Buyers'", "CUP", 5, 0.4, 0),
]
LIMITS: list[Row] = [
    ("Seller's", 10, 0.5, 0.2, 0.8, 0.1, 0.9),
    ("Seller's", 40, 0.5, 0.4, 0.6, 0.3, 0.7),
    ("Buyers'", 5, 0.4, 0.1, 0.8, 0.0, 1.0),
]


def table(kinds: list[str], names: str, rows: list[Row]) -> Table:
    """Return a table of these rows."""
    named = names.split()
    values = list(zip(*rows, strict=True)) or [()] * len(named)
    columns: list[Any] = list(zip(named, kinds, values, strict=True))
    return Table(tuple(Column(n, k, f"The {n}.", tuple(v)) for n, k, v in columns))


def draw(groups: list[Row] = GROUPS, limits: list[Row] = LIMITS) -> Spec:
    """Draw a funnel of these rows."""
    kinds = ["text", "text", "count", "share", "count"]
    return funnel_plot(
        table(kinds, "side sku n rate outside", groups),
        table(["text", "count", *["share"] * 5], "side n mean l u ll uu", limits),
        panel="side", label="sku", size="n", estimate="rate", outside="outside", target="mean",
        bands=(("l", "u"), ("ll", "uu")), names=("95 % limits", "99.8 % limits"),
        x_title="Claims decided", y_title="Share won",
    )  # fmt: skip


def traces(chart: Spec, axis: str = "y") -> dict[str, list[Spec]]:
    """Return one panel's traces by name."""
    found: dict[str, list[Spec]] = {}
    for trace in chart["data"]:
        if trace["yaxis"] == axis:
            found.setdefault(trace["name"], []).append(trace)
    return found


def texts(chart: Spec) -> list[str]:
    """Return what is written on the chart."""
    return [note["text"] for note in chart["layout"]["annotations"]]


def test_points_and_curves_are_the_columns_values(check: Check) -> None:
    found = traces(check(draw()))
    assert {
        name: [(part["x"], part["y"]) for part in parts] for name, parts in found.items()
    } == {
        "average": [([10, 40], [0.5, 0.5])],
        "95 % limits": [([10, 40], [0.2, 0.4]), ([10, 40], [0.8, 0.6])],
        "99.8 % limits": [([10, 40], [0.1, 0.3]), ([10, 40], [0.9, 0.7])],
        "inside": [([20], [0.5])],
        "outside 95 % limits": [([10], [0.15])],
        "outside 99.8 % limits": [([40], [0.1])],
    }  # fmt: skip


def test_groups_outside_differ_in_shape_and_colour_and_limits_in_their_dashes() -> None:
    found = traces(draw())
    markers = [
        found[name][0]["marker"]
        for name in ("inside", "outside 95 % limits", "outside 99.8 % limits")
    ]
    assert len({marker["symbol"] for marker in markers}) == 3
    assert [marker["color"] for marker in markers] == [PALETTE[0], PALETTE[4], PALETTE[7]]
    dashes = [found[name][0]["line"]["dash"] for name in ("95 % limits", "99.8 % limits")]
    assert dashes == ["dash", "solid"]


def test_each_direction_has_its_panel_and_its_sizes() -> None:
    chart = draw()
    assert traces(chart, "y2")["inside"][0]["x"] == [5]
    assert chart["layout"]["xaxis"]["range"][1] == 40
    assert chart["layout"]["xaxis2"]["range"][1] == 6
    assert [text for text in texts(chart) if "'" in text] == ["Seller's", "Buyers'"]


def test_few_groups_are_all_named_and_of_many_those_outside() -> None:
    assert set(texts(draw())) == {"Seller's", "Buyers'", "CUP", "JAR", "PAN"}
    more = [("Seller's", f"SKU {k}", k + 1, 0.5, 0) for k in range(FEW_GROUPS)]
    assert texts(draw([*GROUPS[:3], *more])) == ["JAR", "PAN"]


def test_groups_on_one_point_are_all_told_by_it() -> None:
    same = [("Seller's", f"SKU {k}", 3, 1 / 3, 0) for k in range(9)]
    hover = traces(draw(same))["inside"][0]["hovertext"]
    assert len(hover) == 9
    assert hover[0].startswith("SKU 0<br>SKU 1")
    assert hover[0].endswith("<br>and 3 more<br>33.3 %, n 3")


def test_groups_without_limits_are_drawn(check: Check) -> None:
    chart = check(draw(GROUPS[:1], []))
    assert set(traces(chart)) == {"inside"}
    assert texts(chart) == ["CUP"]


@pytest.mark.parametrize("groups", [[], [("Seller's", "CUP", 0, None, 0)]])
def test_nothing_to_draw_is_said(check: Check, groups: list[Row]) -> None:
    assert check(draw(groups))["data"] == []


def test_hostile_labels_end_as_text(check: Check) -> None:
    label = "<b>%{y}</b> $x$"
    chart = check(draw([("a", label, 4, 0.5, 2)]))
    assert texts(chart) == ["&lt;b&gt;%&#123;y}&lt;/b&gt; &#36;x&#36;"]
