"""How a report grows with the book: the sample, many times over under other ids.

Orders are multiplied more often than claims, as in life: a book of 20 million orders with some
hundred thousand claims. Printed are the time that the report takes and the bytes of its page, for
the sample itself and for the large book, in one run.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import claimstats
from claimstats.publish import Look
from claimstats.session import ClaimBook

OF_ORDERS = ("history.order_lines",)
OF_CLAIMS = (
    "claims", "history.claim_records", "derived_claims", "claim_snapshots",
    "history.claim_events", "history.evidence", "history.returns", "history.reimbursements",
)  # fmt: skip
IDS = ("order_id", "claim_id", "case_id", "rma_id", "reimbursement_id")
AT_ONCE = 200
"""Copies made by one statement, so that memory stays bounded."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000_000)
    parser.add_argument("--claims", type=int, default=200_000)
    parser.add_argument("--no-switch", action="store_true", help="A page without variants.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.duckdb"
        with claimstats.connect(path) as book:
            book.load(claimstats.sample_files())
            report(book, "the sample", asked.no_switch)
            began = time.perf_counter()
            multiply(book, OF_ORDERS, asked.orders, "orders")
            multiply(book, OF_CLAIMS, asked.claims, "v_claims")
            print(f"multiplied in {time.perf_counter() - began:.0f} s, "
                  f"{path.stat().st_size / 1e9:.1f} GB")  # fmt: skip
        with claimstats.connect(path, read_only=True) as book:
            report(book, "the large book", asked.no_switch)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory {peak:.1f} GB")


def multiply(book: ClaimBook, tables: tuple[str, ...], wanted: int, counted: str) -> None:
    """Copy the rows of some tables under other ids until so many things are in the book."""
    there = book.value(f"SELECT count(*) FROM {counted}")
    times = max(1, wanted // there)
    for table in tables:
        names = book.columns(f"SELECT column_name AS name FROM (DESCRIBE {table})")["name"]
        own = ", ".join(f"{name} || '-' || k AS {name}" for name in IDS if name in names)
        book.execute(f"CREATE TEMP TABLE one AS FROM {table}")
        for first in range(1, times, AT_ONCE):
            last = min(first + AT_ONCE, times)
            book.execute(
                f"INSERT INTO {table} SELECT one.* REPLACE ({own}) "
                f"FROM one, range({first}, {last}) AS r(k)"
            )
        book.execute("DROP TABLE one")


def report(book: ClaimBook, what: str, no_switch: bool) -> None:
    """Write the report, and print what it took."""
    look = Look(switch=not no_switch)
    orders, claims = (book.value(f"SELECT count(*) FROM {t}") for t in ("orders", "v_claims"))
    with tempfile.TemporaryDirectory() as folder:
        began, cpu = time.perf_counter(), time.process_time()
        page = claimstats.write_report(book, Path(folder) / "report.html", look=look)
        print(
            f"{what}: {orders:,} orders, {claims:,} claims, {page.stat().st_size:,} bytes in "
            f"{time.perf_counter() - began:.1f} s ({time.process_time() - cpu:.1f} s CPU)"
        )


if __name__ == "__main__":
    main()
