"""The interval plot: one row per group, a dot for the estimate and a whisker for its interval."""

from __future__ import annotations

from claimstats.charts import text
from claimstats.charts.rows import PAIR_OFFSET, Rows, Series, Style
from claimstats.charts.theme import LIGHT, PALETTE, SYMBOLS, Spec
from claimstats.finding import Column


def interval_plot(
    label: Column,
    estimate: Column,
    lower: Column,
    upper: Column,
    *,
    size: Column | None = None,
    beside: tuple[Column, Column, Column] | None = None,
    names: tuple[str, str] = ("", ""),
    muted: Column | None = None,
    x_title: str = "",
) -> Spec:
    """Draw estimates with their intervals, one group per row, in the order given.

    Parameters
    ----------
    label
        The groups.
    estimate, lower, upper
        The estimate of each group and the ends of its interval. Shares are drawn from 0 to 100 %.
        Where a duration (kind ``days``) has a lower end only, the whisker ends in an arrow.
    size
        What each estimate rests on, written as n.
    beside, names
        A second estimate with its interval, drawn below the first in another colour and shape, and
        what the two are called in the legend.
    muted
        Groups too small to compare are drawn hollow and grey; the column's meaning says why.
    x_title
        The axis title, with its unit.

    Returns
    -------
    dict
        A plotly specification. It shows the first 25 groups, and says so if there are more.

    Examples
    --------
    >>> program = Column("program", "text", "Program.", ("safet", "atoz"))
    >>> rate, low, high = (
    ...     Column(name, "share", name, values)
    ...     for name, values in [("rate", (0.5, 0.2)), ("lower", (0.4, 0.1)), ("upper", (0.6, 0.4))]
    ... )
    >>> chart = interval_plot(program, rate, low, high, x_title="Approved")
    >>> chart["data"][1]["x"], chart["layout"]["yaxis"]["ticktext"]
    ([0.5, 0.2], ['safet', 'atoz'])
    """
    offset = PAIR_OFFSET if beside else 0.0
    first = Series(
        Style(names[0] if beside else "", PALETTE[0], SYMBOLS[0]),
        estimate, lower, upper, -offset, muted, _small(muted, SYMBOLS[0]),
    )  # fmt: skip
    series, values = [first], [tuple(text.numerals(estimate))]
    if beside:
        second = Style(names[1], PALETTE[1], SYMBOLS[1])
        small = _small(muted, SYMBOLS[1])
        series.append(Series(second, *beside, offset, muted, small and _unnamed(small)))
        values.append(tuple(text.numerals(beside[0])))
    words = ("",) * len(label.values)
    return Rows(label, tuple(series), tuple(values), size, words, x_title).chart()


def _small(muted: Column | None, symbol: str) -> Style | None:
    if muted is None:
        return None
    return Style(muted.meaning.rstrip(".。"), LIGHT["quiet"], symbol, hollow=True)


def _unnamed(style: Style) -> Style:
    return Style("", style.colour, style.symbol, style.hollow)
