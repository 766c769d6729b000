"""All cases of all files through all readers, on every core, in an order that never changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.robustness.books import Loader, Truth
from benchmarks.robustness.case import Case
from benchmarks.robustness.damage import damages
from benchmarks.robustness.edits import edits
from benchmarks.robustness.judge import Verdict, judge_book, judge_plain
from benchmarks.robustness.readings import READERS, read_plainly
from benchmarks.robustness.table import Table, tables

CLAIMSTATS = "claimstats"
SLICES = 4
"""Parts of one file's cases, neighbours together, so that no core waits long for the last."""


@dataclass(frozen=True)
class Judged:
    """One case with each reader's verdict."""

    format: str
    delimiter: str
    kind: str
    detail: str
    verdicts: dict[str, Verdict]
    said: str


def cases(table: Table, seed: int, n: int) -> list[Case]:
    """At least `n` cases of a file: every kind of damage, and edits for the rest."""
    chance = Random(f"{seed} {table.name}")
    damaged = list(damages(table, chance))
    return [*damaged, *edits(table, chance, n - len(damaged))]


def run(seed: int, n_cases: int, workers: int | None = None) -> list[Judged]:
    """Judge `n_cases` cases, shared evenly among the files."""
    found = tables()
    per_table = -(-n_cases // len(found))
    work = [(table, seed, per_table, part) for table in found for part in range(SLICES)]
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        return list(chain.from_iterable(pool.map(_judge_part, work)))


def _judge_part(work: tuple[Table, int, int, int]) -> list[Judged]:
    table, seed, n, part = work
    damaged = cases(table, seed, n)
    size = -(-len(damaged) // SLICES)
    return list(judged(damaged[part * size : (part + 1) * size]))


def judged(damaged: list[Case]) -> Iterator[Judged]:
    """Each case with the verdict on every reader."""
    loader = Loader()
    truths: dict[Table, Truth] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, case in enumerate(damaged):
            if case.table not in truths:
                truths[case.table] = Truth(loader, case.table, folder)
            path = folder / f"case{number}{case.suffix}"
            path.write_bytes(case.data)
            yield _judge(case, path, loader, truths[case.table])
            path.unlink()


def _judge(case: Case, path: Path, loader: Loader, truth: Truth) -> Judged:
    loading = loader.load(path, case.table)
    verdicts = {CLAIMSTATS: judge_book(case, loading, truth)}
    for reader in READERS:
        verdicts[reader] = judge_plain(case, read_plainly(reader, path, case.table))
    said = loading.result.error or "; ".join(loading.result.notes)
    return Judged(case.table.name, case.table.delimiter, case.kind, case.detail, verdicts, said)
