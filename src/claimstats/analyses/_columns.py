"""Columns of a finding from arrays of estimates: plain Python values, None where there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from claimstats.finding import NOTHING, Column, KeyNumber, Kind


def column(
    name: str, kind: Kind, meaning: str, values: Iterable[Any], missing: str = "–"
) -> Column:
    """A column of plain values; NaN becomes None, numpy's numbers become Python's."""
    return Column(name, kind, meaning, tuple(plain(value) for value in values), missing)


def plain(value: Any) -> Any:
    """One plain Python value; None for NaN."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value


def interval_columns(
    names: tuple[str, str, str],
    kind: Kind,
    meaning: str,
    estimates: Iterable[Any],
    missing: str = "–",
) -> list[Column]:
    """Value, lower and upper limit as three columns, from objects with these three attributes."""
    found = list(estimates)
    parts = (meaning, f"Lower limit: {meaning}", f"Upper limit: {meaning}")
    return [
        column(name, kind, part, (getattr(e, attribute) for e in found), missing)
        for name, part, attribute in zip(names, parts, ("value", "lower", "upper"), strict=True)
    ]


def key_number(
    label: str, kind: Kind, found: Any, beside: str, missing: str = NOTHING
) -> KeyNumber:
    """A number for the first screen, from an object with value, lower and upper."""
    value, lower, upper = (plain(end) for end in (found.value, found.lower, found.upper))
    return KeyNumber(label, value, kind, lower, upper, beside, missing)
