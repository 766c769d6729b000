"""Labels are shown letter for letter, and axes carry round numbers."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimstats.charts import text
from claimstats.finding import Column


@pytest.mark.parametrize(
    ("written", "escaped"),
    [
        ("</script><img src=x>", "&lt;/script&gt;&lt;img src=x&gt;"),
        ("R&D &lt;", "R&amp;D &amp;lt;"),
        ("%{y} %{meta.dark}", "%&#123;y} %&#123;meta.dark}"),
        ("$\\frac{1}{2}$", "&#36;\\frac&#123;1}&#123;2}&#36;"),
        ('it\'s "so"', 'it\'s "so"'),
    ],
)
def test_nothing_in_a_label_is_live(written: str, escaped: str) -> None:
    assert text.plain(written) == escaped


def test_direction_marks_are_dropped_and_hebrew_is_kept_apart() -> None:
    assert text.plain("\u202eabc\u202c") == "abc"
    assert text.plain("\u2069\u05d0\u05d1") == "\u2068\u05d0\u05d1\u2069"


@given(st.text())
def test_no_label_keeps_a_tag_a_template_or_a_formula(label: str) -> None:
    shown = text.plain(label)
    assert not set("<>{$") & set(shown)


@given(st.text(), st.integers(2, 50))
def test_shortened_text_is_one_line_within_its_length(label: str, length: int) -> None:
    shown = text.shorten(label, length)
    assert len(shown) <= length
    assert shown.splitlines() in ([shown], [])


def test_short_text_is_left_as_it_is() -> None:
    assert text.shorten("Empty box", 9) == "Empty box"
    assert text.shorten("Empty box", 8) == "Empty b…"


def test_numbers_carry_a_true_minus_sign() -> None:
    column = Column("difference", "points", "Difference.", (-1.84, 2.0, None), "too few")
    assert text.numerals(column) == ["−1.8", "+2.0", "too few"]


def test_what_is_no_number_is_not_drawn() -> None:
    assert text.drawn([1, 0.1234567, None, math.nan, math.inf]) == [1, 0.1235, None, None, None]


@given(
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.floats(0.001, 1e6),
)
def test_ticks_cover_the_values_in_few_even_steps(low: float, span: float) -> None:
    high = low + span
    places = text.ticks(low, high)
    steps = {round(b - a, 6) for a, b in pairwise(places)}
    assert places[0] <= low + 1e-6 * span + 1e-9
    assert places[-1] >= high - 1e-6 * span - 1e-9
    assert 2 <= len(places) <= text.MOST_TICKS + 3
    assert max(steps) - min(steps) <= 1e-5 * max(1.0, span)


def test_ticks_of_a_single_value_still_span_a_step() -> None:
    assert len(text.ticks(3, 3)) >= 2


def column(kind: str, *values: float | None) -> Column:
    """Return a column of these values."""
    return Column("value", kind, "Value.", values)  # type: ignore[arg-type]


def test_shares_are_drawn_from_0_to_100_percent() -> None:
    scale = text.scale("share", [column("share", 0.31, 0.32)])
    assert scale["range"] == [0.0, 1.0]
    assert scale["ticktext"] == ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]


def test_points_are_labelled_with_their_sign() -> None:
    scale = text.scale("points", [column("points", -9.0, None), column("points", 17.0)])
    assert scale["ticktext"] == ["−10", "−5", "0", "+5", "+10", "+15", "+20"]


def test_durations_are_drawn_from_zero() -> None:
    assert text.scale("days", [column("days", 31.0, 45.5)])["range"] == [0.0, 50.0]
