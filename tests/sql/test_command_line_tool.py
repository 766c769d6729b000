"""A book opens in the DuckDB command line that analysts have, and says the same there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import claimstats

TINY = Path(__file__).parents[1] / "data" / "tiny"
BESIDE = Path(sys.executable).with_name("duckdb")

QUERIES = (
    "FROM approval_rate(by_column := 'reason') ORDER BY ALL",
    "FROM approval_rate(cutoff := TIMESTAMP '2026-01-31', decision := 'final') ORDER BY ALL",
    "FROM time_to_resolution(step_hours := 24) ORDER BY ALL",
    "FROM resolution_curve() ORDER BY ALL",
    "FROM evidence_quality(older_than_days := 30, high_from := 0.6) ORDER BY ALL",
    "FROM evidence_effects() ORDER BY ALL",
    "FROM evidence_effects_counts() ORDER BY ALL",
    "FROM evidence_dose() ORDER BY ALL",
    "FROM evidence_set_aside()",
    "FROM evidence_gaps(cutoff := TIMESTAMP '2026-03-01') ORDER BY ALL",
    "FROM claim_ages(by_column := 'client') ORDER BY ALL",
    "FROM evidence_plan(fewest := 1) ORDER BY ALL",
    "SELECT wilson_low(4, 9) AS low, wilson_high(4, 9) AS high",
    "SELECT * EXCLUDE (extra) FROM v_claims ORDER BY program, claim_id",
    "FROM v_evidence ORDER BY ALL",
    "FROM v_claim_evidence ORDER BY program, claim_id",
    "FROM v_claim_timeline ORDER BY ALL",
    "FROM v_orders ORDER BY ALL",
    "FROM v_cutoff",
    "FROM metric_definitions ORDER BY ALL",
    "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
)


@pytest.fixture(scope="module")
def tool():
    found = str(BESIDE) if BESIDE.exists() else shutil.which("duckdb")
    assert found, "the test group installs duckdb-cli"
    return found


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A book in a file, written by the library and closed."""
    file = tmp_path_factory.mktemp("cli") / "claims.duckdb"
    with claimstats.connect(file) as book:
        book.load(sorted(TINY.iterdir()))
    return file


def asked(tool, path, query):
    command = [tool, "-readonly", "-json", "-no-init", str(path), query]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_tool_is_the_older_version_that_people_have(tool):
    version = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("v1.")


@pytest.mark.parametrize("query", QUERIES)
def test_query_gives_the_same_in_the_command_line(tool, path, query):
    there = asked(tool, path, query)
    with claimstats.connect(path, read_only=True) as book:
        here = book.rows(query)
    assert here
    assert len(there) == len(here)
    for left, right in zip(there, here, strict=True):
        assert list(left) == list(right)
        for name, value in left.items():
            assert same(value, right[name]), (name, value, right[name])


def same(told, value):
    """A value of the tool's JSON and the library's own."""
    if isinstance(told, list):
        return told == value
    if isinstance(told, (int, float)) and not isinstance(told, bool):
        return told == pytest.approx(float(value), abs=1e-12)
    return told == value or str(told) == str(value)
