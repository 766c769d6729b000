"""Rows of every Amazon report under every header it comes with, and what a book holds of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from claimstats.loaders.sources import Source
from claimstats.loaders.survey import Surveyor
from claimstats.session import ClaimBook

DATA = Path(__file__).parent / "data"
FIXTURES = Path(__file__).parent / "fixtures"

USUAL = {
    "amazon_all_orders": "amazon_all_orders.us_2026",
    "amazon_mfn_returns": "amazon_mfn_returns.us_2026_33",
    "amazon_fba_reimbursements": "amazon_fba_reimbursements.us_2026",
    "amazon_fba_returns": "amazon_fba_returns.docs",
    "amazon_fba_replacements": "amazon_fba_replacements.docs",
    "amazon_ledger_detail": "amazon_ledger_detail.us_2026",
}

PULLED_AT = datetime(2026, 5, 31, 23, 59, 59)

CLAIMS_HEADER = "claim_id,program,outcome,filed_at,resolution"

ALIASES = {
    "seller rma id": "merchant rma id", "amazon-order-id": "order-id", "eventtype": "event type",
    "referenceid": "reference id", "fulfillmentcenter": "fulfillment center",
    "reconciledquantity": "reconciled quantity", "unreconciledquantity": "unreconciled quantity",
}  # fmt: skip
"""A column's name in one variant, and in the variant that the rows are written in."""

BOOKKEEPING = {"file_id", "line_no", "loaded_at"}
"""What differs between two ways to the same book: the file and line that a row was found in."""

LEDGER = {"source_files", "unloaded_files", "rejected_rows", "unmapped_values"}

Row = dict[str, str]
Content = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def shared_book(new_book: Callable[[], ClaimBook]) -> Iterator[ClaimBook]:
    with new_book() as opened:
        yield opened


def data_tables(book: ClaimBook) -> list[str]:
    found = book.columns(
        "SELECT DISTINCT schema_name || '.' || table_name AS name FROM duckdb_columns() "
        "JOIN duckdb_tables() USING (schema_name, table_name) "
        "WHERE column_name IN ('file_id', 'claim_id') AND NOT temporary ORDER BY name"
    )
    return list(found["name"])


def data_relations(book: ClaimBook) -> list[str]:
    """The tables, and for those with a history the views of what holds now."""
    tables = [name.partition(".") for name in data_tables(book)]
    names = {name for schema, _, name in tables if name != "order_lines"}
    return sorted(names | {"orders", "order_items"})


@pytest.fixture
def book(shared_book: ClaimBook) -> ClaimBook:
    """An empty book in memory; one for all these tests, emptied before each, which is faster."""
    _clear(shared_book)
    return shared_book


def _clear(book: ClaimBook) -> None:
    book.execute(";".join(f"DELETE FROM {table}" for table in data_tables(book)))


@pytest.fixture
def clear() -> Callable[[ClaimBook], None]:
    """Empty a book."""
    return _clear


@pytest.fixture
def emptied(shared_book: ClaimBook) -> Callable[[], ClaimBook]:
    """The same book, emptied at every call, for tests that load many files."""
    tables = data_tables(shared_book)

    def empty() -> ClaimBook:
        shared_book.execute(";".join(f"DELETE FROM {table}" for table in tables))
        return shared_book

    return empty


@pytest.fixture
def content() -> Callable[..., Content]:
    """What the tables of a book hold, sorted; ledger and bookkeeping aside unless asked for."""
    return _content


def _content(book: ClaimBook, without: Sequence[str] = (), whole: bool = False) -> Content:
    left_out = set(without) | (set() if whole else BOOKKEEPING)
    ledger = set() if whole else LEDGER
    tables = [table for table in data_relations(book) if table not in ledger]
    return {table: _sorted_rows(book, table, left_out) for table in tables}


def _sorted_rows(book: ClaimBook, table: str, left_out: set[str]) -> list[tuple[Any, ...]]:
    names = [name for name in book.column_names(table) if name not in left_out]
    found = book.columns(f"SELECT {', '.join(names)} FROM {table}")
    return sorted(zip(*found.values(), strict=True), key=repr)


@pytest.fixture(scope="session")
def usual(
    new_book: Callable[[], ClaimBook], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Content]:
    """What a book holds of a report's rows under its usual header."""

    @cache
    def book_of(report: str) -> ClaimBook:
        path = tmp_path_factory.mktemp(report) / "usual.txt"
        _write_report(path, _header(USUAL[report]), _report_rows(report))
        opened = new_book()
        opened.load(path, PULLED_AT)
        return opened

    return lambda report, without=(): _content(book_of(report), without)


def variants(report: str = "") -> list[str]:
    return sorted(path.stem for path in (DATA / "headers").glob(f"{report}*.tsv"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test each header variant, of the report that its module is named for if there is."""
    if "variant" in metafunc.fixturenames:
        report = metafunc.module.__name__.rpartition(".test_")[2]
        metafunc.parametrize("variant", variants(report) or variants())


@pytest.fixture
def header() -> Callable[[str], list[str]]:
    """The header of a variant, as it stands in real files."""
    return _header


def _header(variant: str) -> list[str]:
    return (DATA / "headers" / f"{variant}.tsv").read_text().rstrip("\n").split("\t")


@pytest.fixture
def report_rows() -> Callable[[str], list[Row]]:
    """Rows of a report with every column of every variant, by the column's name in lower case."""
    return _report_rows


def _report_rows(report: str) -> list[Row]:
    path = DATA / f"{report}.csv"
    found = csv_rows(path) if path.exists() else tab_rows(FIXTURES / f"{report}.txt")
    return [{name.casefold(): value for name, value in row.items()} for row in found]


def csv_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def tab_rows(path: Path) -> list[Row]:
    """The rows of a tab-separated file whose quotes enclose nothing."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture
def fixture_path() -> Callable[[str], Path]:
    """The well-formed example of a format."""

    def of(report: str) -> Path:
        (path,) = FIXTURES.glob(f"{report}.*")
        return path

    return of


@pytest.fixture
def write_report(tmp_path: Path) -> Callable[..., Path]:
    """Write a report's rows under the header of a variant, as Amazon does: tab-separated."""

    def to_file(variant: str, name: str = "", rows: Sequence[Row] | None = None) -> Path:
        found = _report_rows(variant.partition(".")[0]) if rows is None else rows
        return _write_report(tmp_path / (name or f"{variant}.txt"), _header(variant), found)

    return to_file


def _write_report(path: Path, names: Sequence[str], rows: Sequence[Row]) -> Path:
    lines = [names, *([_value(row, column) for column in names] for row in rows)]
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return path


def _value(row: Row, column: str) -> str:
    folded = column.casefold()
    return row.get(folded, row.get(ALIASES.get(folded, folded), ""))


@pytest.fixture
def claims(tmp_path: Path) -> Callable[..., Path]:
    """Write a claim tracker of lines as they are, below its header."""

    def of(*lines: str, name: str = "claims.csv") -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join([CLAIMS_HEADER, *lines, ""]).encode())
        return path

    return of


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Source]:
    """A source with the bytes given."""

    def of(content: bytes, name: str = "file.csv") -> Source:
        copy = tmp_path / "copy"
        copy.write_bytes(content)
        surveyor = Surveyor()
        surveyor.take(content)
        digest = sha256(content).hexdigest()
        return Source(name, (name,), copy, digest, len(content), surveyor.told())

    return of
