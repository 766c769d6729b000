"""A table as Parquet, with its types, and the meaning of each column in the metadata."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from claimstats.finding import Column, Finding, Table
from claimstats.forms.about import about
from claimstats.forms.text import legible

KEY = "claimstats"
"""Under which key of the file's metadata the meanings stand, as JSON."""


def render(finding: Finding, table: Table) -> bytes:
    """A finding's table as a Parquet file; times are UTC, shares run from 0 to 1."""
    told = {
        "finding": finding.name,
        "about": about(finding),
        "columns": {c.name: {"kind": c.kind, "meaning": c.meaning} for c in table.columns},
    }
    file = io.BytesIO()
    legibly = Table(tuple(map(_legible, table.columns)))
    legibly.to_polars().write_parquet(file, metadata={KEY: json.dumps(told)})
    return file.getvalue()


def _legible(column: Column) -> Column:
    values = (legible(value) if isinstance(value, str) else value for value in column.values)
    return replace(column, name=legible(column.name), values=tuple(values))


def is_ours(path: Path, finding: Finding, _: Table) -> bool:
    """Whether a file is an earlier export of the same finding."""
    import polars

    try:
        told: Any = json.loads(polars.read_parquet_metadata(path).get(KEY, "{}"))
    except (polars.exceptions.PolarsError, ValueError):
        return False
    return isinstance(told, dict) and told.get("finding") == finding.name
