from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from claimstats.session import ClaimBook

REPORT = "amazon_fba_replacements"
DOCS = f"{REPORT}.docs"

PULLED_AT = datetime(2026, 5, 31, 23, 59, 59)


def test_header_variants_fill_equal_tables(
    book: ClaimBook,
    usual: Callable[..., Any],
    write_report: Callable[..., Path],
    content: Callable[..., Any],
    variant: str,
) -> None:
    book.load(write_report(variant), PULLED_AT)
    assert content(book) == usual(REPORT)


def test_units_per_order_are_those_of_another_reader(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    path = fixture_path(REPORT)
    (result,) = book.load(path)
    names, *lines = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    units: Counter[tuple[str, str]] = Counter()
    for line in lines:
        row = dict(zip(names, line, strict=True))
        units[row["original-amazon-order-id"], row["sku"]] += int(row["quantity"])
    assert result.read == result.inserted == len(lines)
    found = book.connection.execute(
        "SELECT original_order_id, sku, sum(quantity) FROM replacements GROUP BY ALL"
    ).fetchall()
    assert {(order, sku): n for order, sku, n in found} == dict(units)


def test_replacement_leads_from_its_own_order_to_the_first_one(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    book.load(fixture_path(REPORT))
    assert book.rows(
        "SELECT * EXCLUDE (extra, version_at, file_id) FROM replacements WHERE line_no = 6"
    ) == [
        {
            "channel": "amazon",
            "replacement_order_id": "114-0000102-0000102",
            "sku": "SKU-0003",
            "shipped_at": datetime(2026, 5, 5, 4, 45, 30),
            "fulfilment_centre": "DTM2",
            "occurrence": 1,
            "original_order_id": "111-0000002-0000002",
            "asin": "B0TEST0003",
            "original_fulfilment_centre": "DTM2",
            "quantity": 1,
            "reason_code": "3",
            "line_no": 6,
        }
    ]


def test_latest_shipment_sets_the_cut_off(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    book.load(fixture_path(REPORT))
    assert book.value("SELECT as_of FROM v_cutoff") == datetime(2026, 5, 9, 10)


def test_row_without_what_it_is_about_is_rejected(
    book: ClaimBook,
    write_report: Callable[..., Path],
    report_rows: Callable[[str], list[dict[str, str]]],
) -> None:
    whole = report_rows(REPORT)[0]
    spoilt = {
        "replacement-amazon-order-id": "",
        "original-amazon-order-id": "1.11E+16",
        "quantity": "",
        "shipment-date": "5/2/2026",
    }
    rows = [whole, *(whole | {column: value} for column, value in spoilt.items())]
    (result,) = book.load(write_report(DOCS, rows=rows))
    assert (result.inserted, result.rejected) == (1, 4)
    found = book.columns("SELECT column_name FROM rejected_rows ORDER BY line_no")["column_name"]
    assert found == list(spoilt)
