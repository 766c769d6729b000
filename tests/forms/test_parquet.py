"""Parquet that DuckDB, polars and pandas read alike, with its types and its meanings."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet
import pytest

import claimstats
from claimstats.finding import Column, Finding, Table
from claimstats.forms.parquet import KEY
from claimstats.forms.text import legible


@pytest.fixture
def path(finding: Finding, tmp_path: Path) -> Path:
    return claimstats.export(finding, tmp_path / "rates.parquet")[0]


def test_polars_reads_the_table_as_it_is(path: Path, finding: Finding) -> None:
    found = pl.read_parquet(path)
    assert found.schema == finding.table.schema
    assert found.equals(finding.table)


def test_duckdb_reads_numbers_flags_and_times(path: Path) -> None:
    with duckdb.connect() as connection:
        described = connection.execute(f"DESCRIBE FROM '{path}'").fetchall()
        first = connection.execute(f"FROM '{path}' LIMIT 1").fetchone()
    types = {name: kind for name, kind, *_ in described}
    assert types["reason"] == "VARCHAR"
    assert types["n_claims"] == "BIGINT"
    assert types["rate"] == types["paid_amount"] == "DOUBLE"
    assert types["is_small"] == "BOOLEAN"
    assert types["due_at"] == "TIMESTAMP"
    assert first
    assert first[2] == 0.1 + 0.2


def test_pandas_reads_it(path: Path, finding: Finding) -> None:
    found = pd.read_parquet(path)
    assert list(found.columns) == list(finding.summary.names)
    assert found["n_claims"].tolist() == [1200, 7, 0]
    assert math.isnan(found["rate"][1])


def test_the_metadata_tell_question_cutoff_and_meanings(path: Path, finding: Finding) -> None:
    read = [
        pl.read_parquet_metadata(path)[KEY],
        pyarrow.parquet.read_metadata(path).metadata[KEY.encode()].decode(),
    ]
    with duckdb.connect() as connection:
        row = connection.execute(
            f"SELECT decode(value) FROM parquet_kv_metadata('{path}') WHERE decode(key) = '{KEY}'"
        ).fetchone()
    assert row
    for text in (*read, row[0]):
        told = json.loads(text)
        assert ["Answer", finding.headline] in told["about"]
        assert ["Data up to (UTC)", "2026-08-31 23:12"] in told["about"]
        assert told["columns"]["rate"] == {"kind": "share", "meaning": "Approved of decided."}


def test_amounts_with_decimals_are_numbers(finding: Finding, tmp_path: Path) -> None:
    paid = Table((Column("paid", "amount", "Paid.", (Decimal("12.50"), None)),))
    (path,) = claimstats.export(replace(finding, summary=paid), tmp_path / "paid.parquet")
    assert pl.read_parquet(path)["paid"].to_list() == [12.5, None]


def test_hostile_text_is_kept_as_far_as_it_is_legible(
    hostile: Finding, texts: tuple[str, ...], tmp_path: Path
) -> None:
    (path,) = claimstats.export(hostile, tmp_path / "hostile.parquet")
    assert pl.read_parquet(path)["reason"].to_list() == [legible(text) for text in texts]
