"""The page docs/robustness.md: what was done, and how often each reader came out how."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl

import claimstats
from benchmarks.robustness.judge import Verdict
from benchmarks.robustness.readings import READERS
from benchmarks.robustness.run import CLAIMSTATS, Judged
from benchmarks.robustness.table import Table, tables

ALL_READERS = (CLAIMSTATS, *READERS)
NAMES = {"\t": "tab", ",": "comma", ";": "semicolon"}
SHOWN = (Verdict.RIGHT, Verdict.FLAGGED, Verdict.REFUSED, Verdict.SILENT, Verdict.OTHER)

INTRODUCTION = Path(__file__).with_name("introduction.md")


def page(judged: Sequence[Judged], seed: int) -> str:
    """The page as Markdown."""
    parts = [
        INTRODUCTION.read_text(encoding="utf-8"),
        f"## All {len(judged):,} files\n\n" + _totals(judged),
        "## By kind of damage\n\nSilently wrong, of all files of the kind:\n\n" + _by_kind(judged),
        "## claimstats by kind of damage\n\n" + _own(judged),
        "## Files\n\n" + _files(judged),
        "## To do it again\n\n" + _again(seed, len(judged)),
    ]
    return "\n".join(parts)


def _totals(judged: Sequence[Judged]) -> str:
    rows = []
    for delimiter in dict.fromkeys(case.delimiter for case in judged):
        of_kind = [case for case in judged if case.delimiter == delimiter]
        for reader in ALL_READERS:
            counted = Counter(case.verdicts[reader] for case in of_kind)
            rows.append([NAMES[delimiter], reader, *(counted[verdict] for verdict in SHOWN)])
    return _table(["separated by", "reader", *SHOWN], rows)


def _by_kind(judged: Sequence[Judged]) -> str:
    rows = []
    for kind in dict.fromkeys(case.kind for case in judged):
        of_kind = [case for case in judged if case.kind == kind]
        wrong = [
            sum(case.verdicts[reader] == Verdict.SILENT for case in of_kind)
            for reader in ALL_READERS
        ]
        rows.append([kind, len(of_kind), *wrong])
    wrong = [
        sum(case.verdicts[reader] == Verdict.SILENT for case in judged) for reader in ALL_READERS
    ]
    rows.append(["all", len(judged), *wrong])
    return _table(["damage", "files", *ALL_READERS], rows)


def _own(judged: Sequence[Judged]) -> str:
    rows = []
    for kind in dict.fromkeys(case.kind for case in judged):
        counted = Counter(case.verdicts[CLAIMSTATS] for case in judged if case.kind == kind)
        rows.append([kind, *(counted[verdict] for verdict in SHOWN)])
    return _table(["damage", *SHOWN], rows)


def _files(judged: Sequence[Judged]) -> str:
    counted = Counter(case.format for case in judged)
    rows = [[*_described(table), counted[table.name]] for table in tables()]
    return _table(["format", "separated by", "rows", "columns", "damaged files"], rows)


def _described(table: Table) -> list[object]:
    return [table.name, NAMES[table.delimiter], len(table.rows), len(table.header)]


def _again(seed: int, n: int) -> str:
    versions = {
        "Python": platform.python_version(),
        "claimstats": claimstats.__version__,
        "DuckDB": duckdb.__version__,
        "polars": pl.__version__,
        "pandas": pd.__version__,
    }
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"`make robustness` writes this page again: seed {seed}, {n:,} files, {listed}.\n\n"
        "`make robustness ARGS='--seed 1 --cases 5000 --out other.md'` does it with another seed. "
        "It names each file\nthat claimstats took silently wrong, and ends with an error if there "
        "is one; `--list other` or `--list flagged`\nnames those instead.\n"
    )


def _table(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)
