"""Tables on a terminal, as CSV and as JSON."""

from __future__ import annotations

import csv
import json
import math
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from claimstats.forms.text import csv_field

if TYPE_CHECKING:
    from claimstats.finding import Finding

GAP = "  "
WIDTH_WITHOUT_TERMINAL = 160


def print_json(value: object) -> None:
    """Print a value as JSON; times in ISO form, amounts as numbers."""
    text = json.dumps(
        _finite(value), ensure_ascii=False, indent=2, default=_jsonable, allow_nan=False
    )
    click.echo(text)


def _finite(value: Any) -> Any:
    """The value with null for what JSON has no number for."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _jsonable(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else str(value)


def print_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows as CSV with a header; an empty field where there is no value."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([csv_field(name) for name in names])
    for row in rows:
        writer.writerow([csv_field(value) for value in row])


def say_caveats(finding: Finding) -> None:
    """Say what may mislead in a finding."""
    for caveat in finding.caveats:
        click.echo(f"note: {caveat}", err=True)


def print_table(columns: Mapping[str, Sequence[str]], numeric: Iterable[str] = ()) -> None:
    """Print columns of text side by side, in blocks where the terminal is too narrow for all.

    Parameters
    ----------
    columns
        Each column's name and its values as text; the first one leads every block.
    numeric
        Names of the columns to align to the right.
    """
    right = set(numeric)
    drawn = [_drawn(name, values, name in right) for name, values in columns.items()]
    if not drawn:
        return
    blocks = _blocks([len(column[0]) for column in drawn])
    for start, end in pairwise(blocks):
        chosen = [drawn[0], *drawn[start:end]]
        for cells in zip(*chosen, strict=True):
            click.echo(GAP.join(cells).rstrip())
        if end != blocks[-1]:
            click.echo()


def _drawn(name: str, values: Sequence[str], is_numeric: bool) -> list[str]:
    cells = [name, *(" ".join(value.split()) for value in values)]
    width = max(map(len, cells))
    return [cell.rjust(width) if is_numeric else cell.ljust(width) for cell in cells]


def _blocks(widths: Sequence[int]) -> list[int]:
    """Where the blocks begin and end among the columns after the first."""
    room = shutil.get_terminal_size((WIDTH_WITHOUT_TERMINAL, 24)).columns - widths[0]
    ends, used = [1], 0
    for place, width in enumerate(widths[1:], 1):
        if used and used + len(GAP) + width > room:
            ends.append(place)
            used = 0
        used += len(GAP) + width
    return [*ends, len(widths)] if len(widths) > 1 else [1, 1]
