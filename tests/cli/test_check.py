from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimstats.checks import EXAMPLES, REGISTER

HEADER = "claim_id,program,outcome,filed_at,decided_at\n"
EARLY = "".join(f"C{k},amazon_safet,denied,2026-05-08,2026-05-01\n" for k in range(1, 8))

Run = Callable[..., Any]


@pytest.fixture
def load(run: Run, tmp_path: Path) -> Callable[[str], None]:
    """Load a tracker into the book that the commands ask."""

    def of(rows: str) -> None:
        (tmp_path / "claims_2026-06-30.csv").write_text(HEADER + rows)
        assert run("load", "claims_2026-06-30.csv").code == 0

    return of


def test_error_ends_with_1_and_says_what_it_means_where_it_is_and_what_to_do(
    run: Run, load: Callable[[str], None]
) -> None:
    load(EARLY)
    ran = run("check")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0].startswith("error: Claims decided before they were filed")
    assert lines[0].endswith("(7)")
    assert any("claims_2026-06-30.csv (file 1, line 2): claim C1: filed" in line for line in lines)
    assert f"    - and {7 - EXAMPLES} more" in lines
    assert any(line.startswith("    What to do: Correct the date") for line in lines)
    assert ran.err == f"1 error in {len(REGISTER)} checks\n"


def test_sound_book_ends_with_0_and_prints_nothing(run: Run, load: Callable[[str], None]) -> None:
    load("C1,amazon_safet,denied,2026-05-08,2026-05-09\n")
    ran = run("check")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"nothing found in {len(REGISTER)} checks\n"


def test_warning_ends_with_0(run: Run, load: Callable[[str], None]) -> None:
    load("C1,amazon_safet,frobnicated,2026-05-08,\n")
    ran = run("check")
    assert ran.code == 0
    assert ran.out.startswith("warning: Values that no rule knows")


def test_csv_lists_every_row_and_json_every_check(run: Run, load: Callable[[str], None]) -> None:
    load(EARLY)
    rows = list(csv.DictReader(io.StringIO(run("check", "--csv").out)))
    assert [row["line_no"] for row in rows] == [str(line) for line in range(2, 9)]
    assert {row["check"] for row in rows} == {"decided_before_filed"}
    told = json.loads(run("check", "--json").out)["checks"]
    assert [each["check"] for each in told] == [check.name for check in REGISTER]
    counted = {each["check"]: each["count"] for each in told if each["count"]}
    assert counted == {"decided_before_filed": 7}
