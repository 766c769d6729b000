"""The forest plot: differences with their intervals around a line that says no difference."""

from __future__ import annotations

from dataclasses import replace

from claimstats.charts import text
from claimstats.charts.rows import PAIR_OFFSET, Rows, Series, Style
from claimstats.charts.theme import PALETTE, SYMBOLS, Spec
from claimstats.finding import Column
from claimstats.language import listed, say


def forest_plot(
    label: Column,
    estimate: Column,
    lower: Column,
    upper: Column,
    *,
    raw: Column | None = None,
    flagged: Column | None = None,
    size: Column | None = None,
    names: tuple[str, str] | None = None,
    flag_word: str | None = None,
    beneath: Column | None = None,
    x_title: str = "",
) -> Spec:
    """Draw differences with their intervals around zero, one row each, in the order given.

    Parameters
    ----------
    label, size
        What differs, such as a kind of evidence, and what each difference rests on, written as n.
    estimate, lower, upper
        The difference and the ends of its interval, such as percentage points (kind ``points``).
    raw, names
        The difference before stratification, drawn as a hollow diamond, and what the legend calls
        the two.
    flagged, flag_word
        Rows whose raw and stratified differences point in opposite ways (Simpson's paradox), and
        what is written under their labels.
    beneath
        A second line under each label, where no flag is written there.
    x_title
        The axis title, with its unit.

    Returns
    -------
    dict
        A plotly specification.

    References
    ----------
    Lewis and Clarke (2001), Forest plots. doi:10.1136/bmj.322.7300.1479

    Examples
    --------
    >>> def points(name, *values):
    ...     return Column(name, "points", name, values)
    >>> chart = forest_plot(
    ...     Column("kind", "text", "Kind of evidence.", ("photo",)),
    ...     points("difference", 12.0), points("lower", -1.0), points("upper", 25.0),
    ... )
    >>> chart["layout"]["xaxis"]["ticktext"][1:]
    ['0', '+5', '+10', '+15', '+20', '+25']
    """
    names = names or (say("Within groups"), say("Raw"))
    word = flag_word or say("reverses")
    turned = Style(listed((names[0], word)), PALETTE[7], SYMBOLS[2])
    style = Style(names[0] if raw or flagged else "", PALETTE[0], SYMBOLS[0])
    offset = PAIR_OFFSET if raw else 0.0
    first = Series(style, estimate, lower, upper, -offset, flagged, turned)
    series = (first, _raw(raw, names[1])) if raw else (first,)
    nothing = ("",) * len(label.values)
    values = (_with_interval(estimate, lower, upper), nothing)[: len(series)]
    words = beneath.shown() if beneath else nothing
    if flagged:
        words = tuple(word if mark else "" for mark in flagged.values)
    return _around_zero(Rows(label, series, values, size, words, x_title).chart())


def _raw(column: Column, name: str) -> Series:
    """Hollow diamonds without whiskers."""
    none = replace(column, values=(None,) * len(column.values))
    style = Style(name, PALETTE[1], SYMBOLS[1], hollow=True)
    return Series(style, column, none, none, PAIR_OFFSET)


def _around_zero(chart: Spec) -> Spec:
    """Show the line that says no difference."""
    chart["layout"]["xaxis"]["zeroline"] = True
    return chart


def _with_interval(estimate: Column, lower: Column, upper: Column) -> tuple[str, ...]:
    columns = (text.numerals(column) for column in (estimate, lower, upper))
    return tuple(
        text.with_limits(shown, low, high) if text.present(value) else shown
        for value, shown, low, high in zip(estimate.values, *columns, strict=True)
    )
