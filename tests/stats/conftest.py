"""Published data sets and stored R values, read by name."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

ORACLES = Path(__file__).parent.parent / "oracles"

Columns = dict[str, np.ndarray]


@pytest.fixture(scope="session")
def dataset() -> Callable[[str], Columns]:
    """Read the numeric columns of ``oracles/data/NAME.csv``; its README names the sources."""

    def read(name: str) -> Columns:
        with (ORACLES / "data" / f"{name}.csv").open(newline="") as lines:
            head, *rows = csv.reader(lines)
        return {
            column: np.array([int(row[place]) for row in rows])
            for place, column in enumerate(head)
            if all(row[place].isdigit() for row in rows)
        }

    return read


@pytest.fixture(scope="session")
def from_r() -> Callable[[str], Any]:
    """Read ``oracles/NAME.json``, which ``oracles/NAME.R`` wrote; null becomes NaN."""

    def arrays(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: arrays(inner) for key, inner in value.items()}
        return np.array(value, dtype=float)

    def read(name: str) -> Any:
        return arrays(json.loads((ORACLES / f"{name}.json").read_text()))

    return read
