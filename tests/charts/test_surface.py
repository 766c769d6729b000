"""A chart on any surface, by the same rules in Python and on the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from claimstats.charts import forest_plot, interval_plot
from claimstats.charts.surface import FRAME, framed, on_surface, overlay, recolour
from claimstats.charts.theme import DARK, LIGHT, no_data
from claimstats.finding import Column

HEADLINE = "43.8 % of 512 decided claims were approved."


@pytest.fixture(scope="module")
def chart() -> dict[str, Any]:
    return interval_plot(
        Column("reason", "text", "Reason.", ("Never arrived", "Wrong item")),
        Column("rate", "share", "Rate.", (0.4, 0.6)),
        Column("lower", "share", "Lower.", (0.3, 0.5)),
        Column("upper", "share", "Upper.", (0.5, 0.7)),
        size=Column("n", "count", "Claims.", (30, 20)),
        x_title="Share approved",
    )


def test_a_light_wide_surface_has_the_chart_as_it_is(chart: dict[str, Any]) -> None:
    assert on_surface(chart, "light", 860) == chart


def test_a_dark_surface_has_no_light_colour_left(chart: dict[str, Any]) -> None:
    spec = on_surface(chart, "dark", 860)
    spec["layout"] = {key: part for key, part in spec["layout"].items() if key != "meta"}
    text = json.dumps(spec)
    assert not [colour for colour in LIGHT.values() if colour in text]
    assert DARK["paper"] in text


def test_a_narrow_surface_has_the_narrow_parts(chart: dict[str, Any]) -> None:
    narrow = chart["layout"]["meta"]["narrow"]
    assert on_surface(chart, "light", 600)["layout"]["height"] == narrow["height"]
    assert on_surface(chart, "light", 601)["layout"]["height"] == chart["layout"]["height"]


def test_the_page_lays_charts_out_by_the_same_rules(
    chart: dict[str, Any], page_script: Callable[..., Any]
) -> None:
    meta = chart["layout"]["meta"]
    odd = {"a": {"b": 1, "c": [1]}, "d": None, "e": "x", "f": {}}
    for base, over in (
        (chart["layout"], meta["narrow"]),
        (odd, {"a": {"b": None, "g": {"h": 2}}, "d": {"i": 3}, "e": "z", "f": [5]}),
        (odd, {}),
    ):
        assert page_script("overlay", base, over) == overlay(base, over)
    for value in (chart["layout"], chart["data"], odd, "x", [None, 1.5, True, "x"]):
        colours = {**meta["dark"], "x": "y"}
        assert page_script("recolour", value, colours) == recolour(value, colours)


def test_a_framed_chart_says_what_it_shows(chart: dict[str, Any]) -> None:
    layout = framed(chart, HEADLINE, "Data up to 2026-08-31 UTC", "light", 860)["layout"]
    bold, small = layout["title"]["text"].split("<br>")
    assert bold == HEADLINE
    assert "Data up to 2026-08-31 UTC" in small
    assert layout["width"] == 860


@pytest.mark.parametrize("width", [400, 860])
def test_a_frame_leaves_the_plot_as_high_as_it_was(chart: dict[str, Any], width: int) -> None:
    before = on_surface(chart, "light", width)["layout"]
    layout = framed(chart, HEADLINE * 3, "Note", "light", width)["layout"]

    def plot(laid: dict[str, Any]) -> int:
        height: int = laid["height"] - laid["margin"]["t"] - laid["margin"]["b"]
        return height

    assert plot(layout) == plot(before)
    assert layout["margin"]["l"] == before["margin"]["l"] + FRAME


def test_a_legend_keeps_its_distance_to_the_plot() -> None:
    effect = Column("points", "points", "Effect.", (3.0,))
    chart = forest_plot(
        Column("kind", "text", "Kind.", ("Video",)), effect, effect, effect, raw=effect,
        flagged=Column("flag", "flag", "Flag.", (True,)), names=("Within", "Raw"), x_title="Points",
    )  # fmt: skip
    layout, before = framed(chart, HEADLINE, "Note", "light", 860)["layout"], chart["layout"]

    def below_legend(laid: dict[str, Any]) -> float:
        return float(laid["margin"]["t"] - (1 - laid["legend"]["y"]) * laid["height"])

    assert below_legend(layout) == pytest.approx(below_legend(before))


def test_a_headline_without_end_is_cut(chart: dict[str, Any]) -> None:
    layout = framed(chart, "no end <b> " * 999, "Note", "light", 860)["layout"]
    *bold, small = layout["title"]["text"].split("<br>")
    assert len(bold) == 6
    assert bold[-1].endswith(" …")
    assert "&lt;b&gt;" in bold[0]
    assert "Note" in small


def test_nothing_to_draw_is_framed_too() -> None:
    layout = framed(no_data(), "No claim is decided yet.", "No data", "dark", 860)["layout"]
    assert layout["height"] > no_data()["layout"]["height"]
    assert layout["title"]["font"]["color"] == DARK["ink"]
