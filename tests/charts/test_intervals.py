"""An interval plot draws the columns' values, names its groups and says what it leaves out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claimstats.charts import MOST_GROUPS, interval_plot
from claimstats.charts.theme import LIGHT, PALETTE, Spec
from claimstats.finding import Column

Make = Callable[..., Column]
Check = Callable[[Spec], Spec]
Numbers = Callable[[Spec, str], list[float]]


@pytest.fixture
def rates(make: Make) -> dict[str, Column]:
    """Return rates of three groups, the second without any."""
    return {
        "label": make("program", "text", "SAFE-T", "A-to-z", "FBA"),
        "estimate": make("rate", "share", 0.5, None, 0.25),
        "lower": make("lower", "share", 0.4, None, 0.1),
        "upper": make("upper", "share", 0.6, None, 0.4),
    }


def points(chart: Spec) -> list[Spec]:
    """Return the traces of dots."""
    return [t for t in chart["data"] if t["mode"] == "markers" and t["hoverinfo"] == "text"]


def notes(chart: Spec) -> list[str]:
    """Return the texts beside the rows."""
    return [note["text"] for note in chart["layout"]["annotations"]]


def test_dots_and_whiskers_are_the_columns_values(
    rates: dict[str, Column], check: Check, drawn: Numbers
) -> None:
    chart = check(interval_plot(**rates))
    [dots] = points(chart)
    assert dots["x"] == [0.5, 0.25]
    assert dots["y"] == [0, 2]
    assert sorted(drawn(chart, "x")) == [0.1, 0.25, 0.4, 0.4, 0.5, 0.6]


def test_groups_stand_in_the_given_order_from_top_to_bottom(rates: dict[str, Column]) -> None:
    axis = interval_plot(**rates)["layout"]["yaxis"]
    assert axis["ticktext"] == ["SAFE-T", "A-to-z", "FBA"]
    assert axis["range"][0] > axis["range"][1]


def test_shares_are_drawn_from_0_to_100_percent(rates: dict[str, Column]) -> None:
    assert interval_plot(**rates)["layout"]["xaxis"]["range"] == [0.0, 1.0]


def test_each_row_is_labelled_with_its_value_and_its_n(
    rates: dict[str, Column], make: Make
) -> None:
    chart = interval_plot(**rates, size=make("n", "count", 1204, 0, 7))
    assert notes(chart) == ["50.0 %", "–", "25.0 %", "n 1,204", "n 0", "n 7"]


def test_two_series_differ_in_colour_shape_height_and_name(
    rates: dict[str, Column], make: Make, check: Check
) -> None:
    beside = (
        make("fair", "share", 0.55, 0.3, 0.2),
        make("fair_lower", "share", 0.45, 0.2, 0.1),
        make("fair_upper", "share", 0.65, 0.4, 0.3),
    )
    chart = check(interval_plot(**rates, beside=beside, names=("Decided", "At equal age")))
    first, second = points(chart)
    assert [first["name"], second["name"]] == ["Decided", "At equal age"]
    assert first["marker"]["symbol"] != second["marker"]["symbol"]
    assert [t["marker"]["line"]["color"] for t in (first, second)] == list(PALETTE[:2])
    assert first["y"][0] < 0 < second["y"][0] < 0.5
    assert chart["layout"]["showlegend"]
    assert chart["layout"]["meta"]["narrow"]["height"] > 0


def test_one_series_needs_no_legend(rates: dict[str, Column]) -> None:
    assert not interval_plot(**rates)["layout"]["showlegend"]


def test_small_groups_are_hollow_and_the_legend_says_why(
    rates: dict[str, Column], check: Check
) -> None:
    small = Column("is_small", "flag", "Fewer than 10 claims.", (False, False, True))
    chart = check(interval_plot(**rates, muted=small, names=("Rate", "")))
    solid, hollow = points(chart)
    assert (solid["x"], hollow["x"]) == ([0.5], [0.25])
    assert hollow["marker"]["color"] == LIGHT["paper"]
    assert hollow["marker"]["line"]["color"] == LIGHT["quiet"]
    assert hollow["name"] == "Fewer than 10 claims"


def many(make: Make, groups: int, **more: Any) -> Spec:
    """Draw as many groups."""
    values = [k / groups for k in range(groups)]
    return interval_plot(
        make("sku", "text", *(f"SKU {k}" for k in range(groups))),
        make("rate", "share", *values), make("lower", "share", *values),
        make("upper", "share", *values), **more,
    )  # fmt: skip


def test_the_first_25_groups_are_drawn_and_the_chart_says_so(make: Make, check: Check) -> None:
    chart = check(many(make, 340))
    assert len(points(chart)[0]["x"]) == MOST_GROUPS == 25
    assert chart["layout"]["title"]["text"] == "25 of 340 groups shown"


def test_exactly_25_groups_need_no_sentence(make: Make) -> None:
    assert many(make, 25)["layout"]["title"]["text"] == ""


def test_height_follows_the_rows(make: Make) -> None:
    one, two, most = (many(make, groups)["layout"]["height"] for groups in (1, 2, MOST_GROUPS))
    row = two - one
    assert row > 20
    assert most - two == (MOST_GROUPS - 2) * row


@pytest.mark.parametrize("groups", [0, 2])
def test_nothing_to_draw_is_said(make: Make, check: Check, groups: int) -> None:
    nothing = (None,) * groups
    chart = check(
        interval_plot(
            make("program", "text", *("a", "b")[:groups]), make("rate", "share", *nothing),
            make("lower", "share", *nothing), make("upper", "share", *nothing),
        )
    )  # fmt: skip
    assert chart["data"] == []
    assert notes(chart) == ["No data to draw"]


def test_a_duration_without_upper_end_runs_into_an_arrow(make: Make, check: Check) -> None:
    chart = check(
        interval_plot(
            make("program", "text", "SAFE-T", "FBA"),
            make("median_days", "days", 12.0, None, missing="not reached"),
            make("lower", "days", 9.0, 20.0),
            make("upper", "days", None, None),
        )
    )
    arrows = [t for t in chart["data"] if t.get("marker", {}).get("symbol") == "arrow-right"]
    end = chart["layout"]["xaxis"]["range"][1]
    assert [trace["x"] for trace in arrows] == [[end, end]]
    assert points(chart)[0]["x"] == [12.0]
    assert notes(chart)[:2] == ["12.0", "not reached"]


def test_a_share_without_interval_has_no_whisker(make: Make, check: Check) -> None:
    none, some = make("end", "share", None), make("end", "share", 0.3)
    for lower, upper in ((none, none), (some, none), (none, some)):
        chart = check(interval_plot(make("p", "text", "a"), make("r", "share", 0.4), lower, upper))
        assert [trace["x"] for trace in chart["data"]] == [[0.4]]


def test_hostile_labels_end_as_text(make: Make, check: Check) -> None:
    label = "</script><img src=x onerror=alert(1)> %{y} $x$"
    values = [make(name, "share", 0.5) for name in ("rate", "lower", "upper")]
    chart = check(interval_plot(make("reason", "text", label), *values))
    assert chart["layout"]["yaxis"]["ticktext"][0].startswith("&lt;/script&gt;&lt;img src=x")
    assert "onerror=alert(1)&gt; %&#123;y} &#36;x&#36;" in points(chart)[0]["hovertext"][0]


def test_a_narrow_page_has_the_names_above_the_dots(rates: dict[str, Column], make: Make) -> None:
    narrow = interval_plot(**rates, size=make("n", "count", 8, 0, 7))["layout"]["meta"]["narrow"]
    assert narrow["margin"]["l"] < 20
    assert not narrow["yaxis"]["showticklabels"]
    texts = [note["text"] for note in narrow["annotations"]]
    assert texts == ["SAFE-T", "A-to-z", "FBA", "50.0 %  n 8", "–  n 0", "25.0 %  n 7"]
