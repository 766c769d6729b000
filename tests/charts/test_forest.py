"""A forest plot draws differences around zero and names what reverses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claimstats.charts import forest_plot
from claimstats.charts.theme import LIGHT, Spec
from claimstats.finding import Column

Make = Callable[..., Column]
Check = Callable[[Spec], Spec]


@pytest.fixture
def effects(make: Make) -> dict[str, Column]:
    """Return differences of three kinds of evidence, the last unknown."""
    return {
        "label": make("evidence", "text", "Photo", "Video", "Letter"),
        "estimate": make("difference", "points", 12.0, -1.8, None, missing="too few"),
        "lower": make("lower", "points", 4.0, -11.0, None),
        "upper": make("upper", "points", 20.0, 7.4, None),
    }


def points(chart: Spec) -> list[Spec]:
    """Return the traces of dots."""
    return [trace for trace in chart["data"] if trace["mode"] == "markers"]


def test_dots_and_whiskers_are_the_columns_values(
    effects: dict[str, Column], check: Check, drawn: Callable[[Spec, str], list[float]]
) -> None:
    chart = check(forest_plot(**effects))
    assert points(chart)[0]["x"] == [12.0, -1.8]
    assert sorted(drawn(chart, "x")) == [-11.0, -1.8, 4.0, 7.4, 12.0, 20.0]


def test_a_line_marks_zero_and_the_axis_holds_it(make: Make) -> None:
    far = [make(name, "points", value) for name, value in (("d", 30.0), ("l", 20.0), ("u", 40.0))]
    axis = forest_plot(make("evidence", "text", "Photo"), *far)["layout"]["xaxis"]
    assert axis["zeroline"]
    assert axis["zerolinecolor"] == LIGHT["axis"]
    assert axis["range"][0] <= 0 < axis["range"][1]


def test_rows_are_labelled_with_difference_interval_and_n(
    effects: dict[str, Column], make: Make
) -> None:
    chart = forest_plot(**effects, size=make("n", "count", 210, 95, 3))
    assert [note["text"] for note in chart["layout"]["annotations"]] == [
        "+12.0 (+4.0 to +20.0)", "−1.8 (−11.0 to +7.4)", "too few", "n 210", "n 95", "n 3",
    ]  # fmt: skip


def test_raw_differences_are_hollow_diamonds_without_whiskers(
    effects: dict[str, Column], make: Make, check: Check
) -> None:
    raw = make("raw_difference", "points", 9.0, 2.0, 11.0)
    chart = check(forest_plot(**effects, raw=raw, names=("Within reason", "Raw")))
    within, diamonds = points(chart)
    assert diamonds["x"] == [9.0, 2.0, 11.0]
    assert diamonds["marker"]["symbol"] == "diamond"
    assert diamonds["marker"]["color"] == LIGHT["paper"]
    assert [within["name"], diamonds["name"]] == ["Within reason", "Raw"]
    assert sum(trace["mode"] == "lines" for trace in chart["data"]) == 1


def test_a_reversal_is_said_in_a_word_and_drawn_in_another_shape(
    effects: dict[str, Column], make: Make, check: Check
) -> None:
    chart = check(forest_plot(**effects, flagged=make("is_simpson", "flag", False, True, False)))
    plain, turned = points(chart)
    assert (plain["x"], turned["x"]) == ([12.0], [-1.8])
    assert plain["marker"]["symbol"] != turned["marker"]["symbol"]
    assert chart["layout"]["yaxis"]["ticktext"] == ["Photo", "Video<br>reverses", "Letter"]
    assert "reverses" in turned["hovertext"][0]
    assert turned["name"] == "Within groups, reverses"


def test_without_reversal_the_word_is_nowhere(effects: dict[str, Column], make: Make) -> None:
    chart = forest_plot(**effects, flagged=make("is_simpson", "flag", False, None, False))
    assert "reverses" not in str(chart)


def test_an_empty_table_is_said(make: Make, check: Check) -> None:
    empty = [make(name, "points") for name in ("d", "l", "u", "r")]
    chart = check(
        forest_plot(make("e", "text"), *empty[:3], raw=empty[3], flagged=make("f", "flag"))
    )
    assert chart["data"] == []
    assert chart["layout"]["annotations"][0]["text"] == "No data to draw"


def test_a_narrow_page_gives_long_numbers_a_line_of_their_own(
    effects: dict[str, Column], make: Make
) -> None:
    notes = forest_plot(**effects)["layout"]["meta"]["narrow"]["annotations"]
    name, value = notes[0], notes[3]
    assert (name["text"], value["text"]) == ("Photo", "+12.0 (+4.0 to +20.0)")
    assert name["x"] == value["x"] == 0
    assert name["yshift"] > value["yshift"]
