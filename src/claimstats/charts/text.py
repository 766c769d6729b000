"""Words and numbers on charts: text that plotly shows as it is, and axes with round ticks."""

from __future__ import annotations

import html
import math
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from claimstats.finding import Column, Kind
from claimstats.language import amount, say

DRAWN_DIGITS = 4
"""Decimals of a drawn number: far finer than a pixel, and a quarter of the bytes."""

LABEL_LENGTH = 36
NARROW_LABEL_LENGTH = 20

MOST_TICKS = 6
ROUND_STEPS = (1, 2, 2.5, 5, 10)
SHARE_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

# Embeddings, overrides and isolates may turn a number round that stands behind a label.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LIVE = str.maketrans({"{": "&#123;", "$": "&#36;"})
_ISOLATE, _POP = "\u2068", "\u2069"


def letters(text: str) -> int:
    """How many Latin letters are as wide as `text`: a Chinese one counts for two.

    Examples
    --------
    >>> letters("claim"), letters("\u7d22\u8d54")
    (5, 4)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def shorten(text: str, length: int = LABEL_LENGTH) -> str:
    """`text` on one line, cut with an ellipsis where it is wider than `length` Latin letters.

    Examples
    --------
    >>> shorten("item  not as described", 12)
    'item not as…'
    """
    line = " ".join(text.split())
    if letters(line[: length + 1]) <= length and len(line) <= length:
        return line
    widths = accumulate(letters(letter) for letter in line[:length])
    kept = sum(width < length for width in widths)
    return line[:kept].rstrip() + "…"


def wrapped(text: str, length: int, most: int) -> list[str]:
    """`text` as plain lines no wider than `length` Latin letters, the last of `most` cut.

    Examples
    --------
    >>> wrapped("share approved by day 60", 16, 2)
    ['share approved', 'by day 60']
    """
    # Chinese stands without spaces and twice as wide: so many letters of this text fit a line.
    fitting = max(1, length * len(text) // max(1, letters(text)))
    return [plain(line) for line in textwrap.wrap(text, fitting, max_lines=most, placeholder=" …")]


def plain(text: str) -> str:
    """`text` so that plotly shows it letter for letter.

    Plotly reads tags, entities, ``%{...}`` and formulas between dollar signs in every label; none
    of them survives here. Quotes stay: plotly knows no entity for them. Marks that change the
    direction of writing are dropped, and text written from right to left is kept apart from the
    numbers around it.

    Examples
    --------
    >>> plain("<b>%{y}</b> $5")
    '&lt;b&gt;%&#123;y}&lt;/b&gt; &#36;5'
    """
    bare = _DIRECTION.sub("", text)
    shown = html.escape(bare, quote=False).translate(_LIVE)
    rightward = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in bare)
    return f"{_ISOLATE}{shown}{_POP}" if rightward else shown


def labels(column: Column, length: int = LABEL_LENGTH) -> list[str]:
    """A column's values as short plain labels."""
    return [plain(shorten(shown, length)) for shown in column.shown()]


def numerals(column: Column) -> list[str]:
    """A column's values as plain text with a true minus sign."""
    return [plain(shown).replace("-", "\N{MINUS SIGN}") for shown in column.shown()]


def with_limits(value: str, lower: str, upper: str) -> str:
    """An estimate and its interval, as a chart writes them."""
    return say("{value} ({lower} to {upper})", value=value, lower=lower, upper=upper)


def groups_shown(most: int, total: int) -> str:
    """How many groups a chart shows, where not all; else nothing."""
    return "" if total <= most else say("{n} of {total} groups shown", n=most, total=total)


def drawn(values: Iterable[Any], digits: int = DRAWN_DIGITS) -> list[Any]:
    """Values ready to draw: floats rounded, None where there is no number."""
    return [_drawn(value, digits) for value in values]


def _drawn(value: Any, digits: int) -> Any:
    if not present(value):
        return None
    return round(value, digits) if isinstance(value, float) else value


def present(value: Any) -> bool:
    """Whether there is a number to draw."""
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def ticks(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Round numbers that cover `low` to `high`, at most `most` steps apart.

    Examples
    --------
    >>> ticks(0, 47), ticks(-0.12, 0.31)
    ([0.0, 10.0, 20.0, 30.0, 40.0, 50.0], [-0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4])
    """
    span = (high - low) or 1.0
    magnitude = 10.0 ** math.floor(math.log10(span / most))
    step = next(
        step
        for step in (magnitude * factor for factor in ROUND_STEPS)
        if span / step <= most + 1e-9
    )
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 10) for k in range(first, max(last, first + 1) + 1)]


def scale(kind: Kind, columns: Sequence[Column]) -> dict[str, Any]:
    """Range and ticks of an axis that shows `columns`: shares from 0 to 100 %, all else with zero.

    Parameters
    ----------
    kind
        What the values are; ``points`` are labelled with their sign.
    columns
        The columns that are drawn on the axis.
    """
    values = [value for column in columns for value in column.values if present(value)]
    low, high = min([0.0, *values]), max([0.0, *values])
    places = list(SHARE_TICKS) if kind == "share" else ticks(low, high)
    return {
        "range": [places[0], places[-1]],
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [_tick(place, kind) for place in places],
    }


def _tick(place: float, kind: Kind) -> str:
    match kind:
        case "share":
            return share_tick(place)
        case "points":
            return amount(f"{place:+g}" if place else "0").replace("-", "\N{MINUS SIGN}")
        case _:
            return number_tick(place)


def share_tick(place: float) -> str:
    """A share at an axis."""
    return say("{number} %", number=100 * place)


def number_tick(place: float) -> str:
    """A number at an axis."""
    return amount(f"{place:,g}").replace("-", "\N{MINUS SIGN}")
