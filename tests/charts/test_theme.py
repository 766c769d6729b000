"""Colours can be told from both papers, and a specification holds what every page needs."""

from __future__ import annotations

from itertools import product

import pytest

from claimstats.charts import PALETTE, theme

NOT_TEXT, TEXT = 3.0, 4.5
"""Least contrasts of WCAG 2.2, success criteria 1.4.11 and 1.4.3."""


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    shares = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(
    ("colour", "surface"), [*product([*PALETTE], [theme.LIGHT["paper"], theme.DARK["paper"]])]
)
def test_series_stand_out_from_both_papers(colour: str, surface: str) -> None:
    assert contrast(colour, surface) >= NOT_TEXT


@pytest.mark.parametrize("surface", [theme.LIGHT, theme.DARK])
def test_text_is_readable_on_its_paper(surface: dict[str, str]) -> None:
    assert contrast(surface["ink"], surface["paper"]) >= TEXT
    assert contrast(surface["quiet"], surface["paper"]) >= TEXT


def test_each_light_colour_has_one_dark_counterpart() -> None:
    assert theme.LIGHT.keys() == theme.DARK.keys()
    assert len(set(theme.LIGHT.values())) == len(theme.LIGHT)
    assert not set(theme.LIGHT.values()) & set(PALETTE)


def test_series_differ_in_shape_as_well_as_in_colour() -> None:
    assert len(set(theme.SYMBOLS)) == len(theme.SYMBOLS) == len(set(PALETTE)) == len(PALETTE)


def test_what_a_chart_adds_overrides_what_all_charts_share() -> None:
    chart = theme.figure([], {"height": 10, "showlegend": True})
    assert chart["layout"]["showlegend"]
    assert chart["layout"]["font"]["family"] == theme.FONT


def test_axes_do_not_zoom_and_overlaid_ticks_are_not_forced_into_step() -> None:
    axis = theme.axis("Days")
    assert axis["fixedrange"]
    assert axis.get("tickmode") != "sync"


@pytest.mark.parametrize(
    ("names", "lines"), [([], 0), (["a"], 1), (["a", "b", "c"], 1), (["x" * 30, "y" * 30], 2)]
)
def test_legend_takes_as_many_lines_as_its_names_need(names: list[str], lines: int) -> None:
    assert theme.legend_lines(names) == lines
