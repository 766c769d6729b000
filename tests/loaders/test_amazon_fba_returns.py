from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

REPORT = "amazon_fba_returns"
DOCS = f"{REPORT}.docs"
HELP = f"{REPORT}.help"

PULLED_AT = datetime(2026, 5, 31, 23, 59, 59)

REASONS = [
    "APPAREL_STYLE",
    "APPAREL_TOO_LARGE",
    "APPAREL_TOO_SMALL",
    "DAMAGED_BY_CARRIER",
    "DAMAGED_BY_FC",
    "DEFECTIVE",
    "DID_NOT_LIKE_COLOR",
    "DID_NOT_LIKE_FABRIC",
    "DIFFERENT_PRODUCT",
    "EXCESSIVE_INSTALLATION",
    "EXTRA_ITEM",
    "FOUND_BETTER_PRICE",
    "JEWELRY_BATTERY",
    "JEWELRY_LOOSE_STONE",
    "JEWELRY_TOO_LARGE",
    "JEWELRY_TOO_SMALL",
    "MISORDERED",
    "MISSED_ESTIMATED_DELIVERY",
    "MISSING_PARTS",
    "NEVER_ARRIVED",
    "NO_REASON_GIVEN",
    "NOT_AS_DESCRIBED",
    "NOT_COMPATIBLE",
    "ORDERED_WRONG_ITEM",
    "PART_NOT_COMPATIBLE",
    "POOR_FIT",
    "PRODUCT_NOT_ITALIAN",
    "QUALITY_UNACCEPTABLE",
    "SWITCHEROO",
    "UNAUTHORIZED_PURCHASE",
    "UNAUTHORISED_PURCHASE",
    "UNDELIVERABLE_CARRIER_MISS_SORTED",
    "UNDELIVERABLE_FAILED_DELIVERY_ATTEMPTS",
    "UNDELIVERABLE_INSUFFICIENT_ADDRESS",
    "UNDELIVERABLE_MISSING_LABEL",
    "UNDELIVERABLE_REFUSED",
    "UNDELIVERABLE_UNCLAIMED",
    "UNDELIVERABLE_UNKNOWN",
    "UNKNOWN_OTHER_REASON",
    "UNWANTED_ITEM",
    "WARRANTY",
]
"""The codes that files have had, one of them in two spellings."""

DISPOSITIONS = [
    "SELLABLE",
    "DAMAGED",
    "CARRIER_DAMAGED",
    "CUSTOMER_DAMAGED",
    "DEFECTIVE",
    "EXPIRED",
]


def unit(lpn: str = "", **more: str) -> dict[str, str]:
    return {
        "return-date": "2026-05-06T15:00:00+00:00",
        "order-id": "111-0000003-0000003",
        "sku": "A",
        "fnsku": "X1",
        "quantity": "1",
        "fulfillment-center-id": "PHX6",
        "detailed-disposition": "SELLABLE",
        "reason": "DEFECTIVE",
        "status": "Unit returned to inventory",
        "license-plate-number": lpn,
    } | {name.replace("_", "-"): value for name, value in more.items()}


def test_header_variants_fill_equal_tables(
    book: ClaimBook,
    usual: Callable[..., Any],
    write_report: Callable[..., Path],
    content: Callable[..., Any],
    variant: str,
) -> None:
    book.load(write_report(variant), PULLED_AT)
    assert content(book) == usual(REPORT)


def test_units_per_order_and_disposition_are_those_of_another_reader(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    path = fixture_path(REPORT)
    (result,) = book.load(path)
    names, *lines = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    units: Counter[tuple[str, str]] = Counter()
    for line in lines:
        row = dict(zip(names, line, strict=True))
        units[row["order-id"], row["detailed-disposition"]] += int(row["quantity"])
    assert result.read == result.inserted == len(lines)
    found = book.connection.execute(
        "SELECT order_id, disposition, sum(quantity) FROM returns GROUP BY ALL"
    ).fetchall()
    assert {(order, disposition): n for order, disposition, n in found} == dict(units)


def test_unit_keeps_its_raw_words_beside_the_mapped_ones(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    book.load(fixture_path(REPORT))
    assert book.rows(
        "SELECT order_id, lpn, fnsku, fulfilment_centre, disposition, reason_raw, reason, "
        "return_status, delivered_at, requested_at, rma_id FROM returns WHERE line_no = 10"
    ) == [
        {
            "order_id": "111-0000004-0000004",
            "lpn": "LPNRR000000005",
            "fnsku": "B0TEST0004",
            "fulfilment_centre": "LAS2",
            "disposition": "CUSTOMER_DAMAGED",
            "reason_raw": "UNAUTHORISED_PURCHASE",
            "reason": "fraud_unauthorised",
            "return_status": "Unit returned to inventory",
            "delivered_at": datetime(2026, 5, 9, 19, 10),
            "requested_at": None,
            "rma_id": None,
        }
    ]


def test_what_customers_wrote_is_not_kept(
    book: ClaimBook, fixture_path: Callable[[str], Path], content: Callable[..., Any]
) -> None:
    path = fixture_path(REPORT)
    assert "never ordered this" in path.read_text("utf-8")
    book.load(path)
    assert "never ordered this" not in repr(content(book, whole=True))


@pytest.mark.parametrize("code", REASONS)
def test_reason_code_is_mapped(
    book: ClaimBook, write_report: Callable[..., Path], code: str
) -> None:
    (result,) = book.load(write_report(DOCS, rows=[unit("L1", reason=code)]))
    assert book.value("SELECT reason FROM returns JOIN reasons USING (reason)") is not None
    assert not any("no rule knows" in note for note in result.notes)


def test_unknown_reasons_and_dispositions_are_kept_raw_and_counted(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    rows = [
        *(unit(f"L{k}", detailed_disposition=code) for k, code in enumerate(DISPOSITIONS)),
        unit("M1", detailed_disposition="SOGGY"),
        unit("M2", reason="SUNSPOTS"),
        unit("M3", reason="SUNSPOTS", detailed_disposition="SOGGY"),
    ]
    (result,) = book.load(write_report(DOCS, rows=rows))
    assert "disposition with values no rule knows, kept raw: SOGGY (2)." in result.notes
    assert "return_reason with values no rule knows, kept raw: SUNSPOTS (2)." in result.notes
    assert book.value("SELECT count(*) FROM returns WHERE reason IS NULL") == 2


def test_unit_with_a_license_plate_is_one_whatever_becomes_of_it(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    """The later line of a file, and the later file, tell the state that holds."""
    first = write_report(DOCS, "returns_2026-05-10.txt", [unit("L1"), unit("L2")])
    second = write_report(
        DOCS,
        "returns_2026-05-20.txt",
        [unit("L1"), unit("L1", status="Reimbursed", return_date="2026-05-07T01:00:00+00:00")],
    )
    _, result = book.load([first, second])
    assert (result.updated, result.ignored) == (1, 1)
    found = book.rows("SELECT lpn, return_status FROM returns ORDER BY lpn")
    assert [tuple(row.values()) for row in found] == [
        ("L1", "Reimbursed"), ("L2", "Unit returned to inventory"),
    ]  # fmt: skip


def test_units_without_a_license_plate_stay_apart_and_do_not_double(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    """A pull that begins in the middle of a day holds only the later units of that day."""
    noon = [unit(), unit(), unit(detailed_disposition="DEFECTIVE")]
    evening = [unit(return_date="2026-05-06T19:00:00+00:00")]
    elsewhere = [unit(fulfillment_center_id="ONT8")]
    paths = [
        write_report(DOCS, "a_2026-05-10.txt", [*noon, *evening, *elsewhere]),
        write_report(DOCS, "b_2026-05-20.txt", evening),
        write_report(DOCS, "c_2026-05-21.txt", [*elsewhere, *reversed(noon)]),
    ]
    first, second, third = book.load(paths)
    assert (first.inserted, second.unchanged, third.unchanged) == (5, 1, 4)
    assert book.value("SELECT count(*) FROM returns") == 5


def test_days_of_the_help_page_are_read_and_those_with_slashes_refused(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    """A spreadsheet writes slashes in the order of its own country."""
    rows = [unit("L1", return_date="04-05-2026"), unit("L2", return_date="04/05/2026")]
    (result,) = book.load(write_report(HELP, rows=rows))
    assert (result.inserted, result.rejected) == (1, 1)
    assert book.value("SELECT delivered_at FROM returns") == datetime(2026, 5, 4)


def test_orders_latest_return_gives_its_claims_the_return_reason(
    book: ClaimBook, write_report: Callable[..., Path], tmp_path: Path
) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text(
        "claim_id,program,outcome,order_id,filed_at\nC1,amazon_atoz,pending,111-0000003-0000003,2026-05-01\n"
    )
    rows = [unit("L1"), unit("L2", reason="SWITCHEROO", return_date="2026-05-08")]
    book.load([write_report(DOCS, rows=rows), claims])
    assert book.value("SELECT return_reason FROM v_claims") == "wrong_item"


SPOILT = [
    ("order-id", "111-0000001", "no order id like 113-1234567-1234567"),
    ("sku", "4.00638E+12", "a number that a spreadsheet shortened"),
    ("license-plate-number", "1.2E+12", "a number that a spreadsheet shortened"),
    ("quantity", "1,5", "no whole number"),
    ("return-date", "", "return-date: is missing"),
]


def test_row_that_a_spreadsheet_spoilt_is_rejected_and_the_next_one_loaded(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    bad = [unit("L1") | {column: value} for column, value, _ in SPOILT]
    (result,) = book.load(write_report(DOCS, rows=[*bad, unit("L2")]))
    assert (result.inserted, result.rejected) == (1, len(SPOILT))
    rejected = book.rows("FROM rejected_rows ORDER BY line_no")
    for line_no, ((column, _, reason), row) in enumerate(zip(SPOILT, rejected, strict=True), 2):
        assert (row["line_no"], row["column_name"]) == (line_no, column)
        assert reason in row["reason"]
