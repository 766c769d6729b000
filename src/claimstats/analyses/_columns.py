"""Columns of a finding from arrays of estimates: plain Python values, None where there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from claimstats.finding import NOTHING, Column, KeyNumber, Kind
from claimstats.language import property_label, say
from claimstats.titles import titles


def column(
    name: str,
    kind: Kind,
    meaning: str,
    values: Iterable[Any],
    missing: str = NOTHING,
    titles: Mapping[str, str] | None = None,
    title: str = "",
) -> Column:
    """A column of plain values; NaN becomes None, numpy's numbers become Python's."""
    return Column(name, kind, meaning, tuple(map(plain, values)), missing, titles or {}, title)


def group_column(name: str, by: str, values: Iterable[Any]) -> Column:
    """The groups by a property, which a reader sees by their titles."""
    if by == "direction":
        meaning = say("Who claims.")
    elif by == "claim":
        meaning = say("All claims as one group.")
    else:
        meaning = say("The claims' {property}.", property=property_label(by))
    return column(name, "text", meaning, values, titles=titles(by), title=property_label(by))


def direction_column(directions: Iterable[str]) -> Column:
    """Who claims in each row."""
    return column("direction", "text", say("Who claims."), directions, titles=titles("direction"))


def plain(value: Any) -> Any:
    """One plain Python value; None for NaN."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value


def interval_columns(
    names: tuple[str, str, str],
    kind: Kind,
    meaning: str,
    estimates: Iterable[Any],
    missing: str = NOTHING,
) -> list[Column]:
    """Value, lower and upper limit as three columns, from objects with these three attributes."""
    found = list(estimates)
    values, lower, upper = ([getattr(e, end) for e in found] for end in ("value", "lower", "upper"))
    return limit_columns(names, kind, meaning, values, lower, upper, missing)


def limit_columns(
    names: tuple[str, str, str],
    kind: Kind,
    meaning: str,
    values: Iterable[Any],
    lower: Iterable[Any],
    upper: Iterable[Any],
    missing: str = NOTHING,
) -> list[Column]:
    """Value, lower and upper limit as three columns, from one sequence each."""
    return [
        column(names[0], kind, meaning, values, missing),
        column(names[1], kind, say("Lower limit: {meaning}", meaning=meaning), lower, missing),
        column(names[2], kind, say("Upper limit: {meaning}", meaning=meaning), upper, missing),
    ]


def key_number(
    label: str, kind: Kind, found: Any, beside: str, missing: str = NOTHING
) -> KeyNumber:
    """A number for the first screen, from an object with value, lower and upper."""
    value, lower, upper = (plain(end) for end in (found.value, found.lower, found.upper))
    return KeyNumber(label, value, kind, lower, upper, beside, missing)
