"""What loading costs: `claimstats load` as a whole process beside a plain typed insert by DuckDB.

Both are run in turn, as processes of their own, and compared pair by pair in CPU seconds, which a
busy machine changes less than the time on the wall. Run it with ``make bench``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orders import COLUMNS, write_orders

PERSONAL = {"ship-city", "ship-state", "ship-postal-code", "cpf", "purchase-order-number"}
TYPES = {
    "purchase-date": "TIMESTAMP", "last-updated-date": "TIMESTAMP", "quantity": "INTEGER",
    "is-business-order": "BOOLEAN",
}  # fmt: skip
AMOUNTS = ("price", "tax", "discount")

NO_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"

PLAIN = """
import sys, duckdb
source, book, types, kept = sys.argv[1:]
connection = duckdb.connect(book, config={"storage_compatibility_version": "v1.4.0"})
connection.execute(
    f"CREATE TABLE orders AS SELECT {kept} FROM read_csv('{source}', delim='\\t', header=true, "
    f"quote='', columns={types})"
)
connection.close()
"""


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak memory of one process."""

    cpu: float
    mib: float


@cache
def as_installed() -> dict[str, str]:
    """An environment in which modules are compiled once, as where a package is installed."""
    kept = {name: value for name, value in os.environ.items() if name != NO_BYTE_CODE}
    return {**kept, "PYTHONPYCACHEPREFIX": tempfile.mkdtemp(prefix="claimstats-bytecode-")}


def cost_of(command: Sequence[str]) -> Cost:
    """Run a command to its end and give what it cost, by the operating system's account."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=as_installed()
    )
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"failed: {' '.join(command)}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def plain_insert(source: Path, book: Path) -> list[str]:
    """A typed insert of the same columns, without any check, by DuckDB alone."""
    types = {
        name: TYPES.get(name) or ("DECIMAL(18, 4)" if name.endswith(AMOUNTS) else "VARCHAR")
        for name in COLUMNS
    }
    kept = ", ".join(f'"{name}"' for name in COLUMNS if name not in PERSONAL)
    return [sys.executable, "-c", PLAIN, str(source), str(book), str(types), kept]


def load(source: Path, book: Path) -> list[str]:
    """The command that users run."""
    return [sys.executable, "-m", "claimstats", "load", str(source), "--book", str(book)]


def new_book(book: Path) -> list[str]:
    """What makes a book with its tables, rules, views, macros and comments: once for each book."""
    make = "import sys, claimstats; claimstats.connect(sys.argv[1]).close()"
    return [sys.executable, "-c", make, str(book)]


def compare(runs: int, folder: Path, source: Path) -> tuple[list[Cost], list[Cost]]:
    """Load into an empty book and into a new file, in turn."""
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for run in range(runs):
        book, file = folder / f"book{run}.duckdb", folder / f"plain{run}.duckdb"
        cost_of(new_book(book))
        costs[0].append(cost_of(load(source, book)))
        costs[1].append(cost_of(plain_insert(source, file)))
        book.unlink()
        file.unlink()
    return costs


def tell(name: str, ours: list[Cost], plain: list[Cost]) -> None:
    """Print the medians, and the ratio pair by pair."""
    ratios = [one.cpu / other.cpu for one, other in zip(ours, plain, strict=True)]
    cpu, other_cpu = (statistics.median(cost.cpu for cost in costs) for costs in (ours, plain))
    mib = statistics.median(cost.mib for cost in ours)
    print(
        f"{name}: {cpu:.2f} CPU s beside {other_cpu:.2f} for the plain insert; ratio "
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), {mib:.0f} MiB"
    )


def main() -> None:
    """Measure the fast path, the careful path and a file that is loaded already."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--careful-lines", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean, spoilt = folder / "clean.txt", folder / "spoilt.txt"
        write_orders(clean, asked.lines)
        write_orders(spoilt, asked.careful_lines, spoilt_every=1_000)
        made = [cost_of(new_book(folder / f"new{run}.duckdb")).cpu for run in range(asked.runs)]
        print(f"a new book: {statistics.median(made):.2f} CPU s, once")
        costs = compare(asked.runs, folder, clean)
        tell(f"fast path, {asked.lines:,} lines", *costs)
        careful = compare(asked.runs, folder, spoilt)
        tell(f"careful path, {asked.careful_lines:,} lines", *careful)
        book = folder / "again.duckdb"
        cost_of(load(clean, book))
        again = [cost_of(load(clean, book)) for _ in range(asked.runs)]
        tell("a file that is loaded already", again, costs[1])


if __name__ == "__main__":
    main()
