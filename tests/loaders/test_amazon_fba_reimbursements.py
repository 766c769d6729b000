from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

US = "amazon_fba_reimbursements.us_2026"
REPORT = "amazon_fba_reimbursements"


def paid(rid: str, amount: str, **more: str) -> dict[str, str]:
    return {
        "approval-date": "2026-04-01T13:47:11Z",
        "reimbursement-id": rid,
        "reason": "Lost_Warehouse",
        "sku": "A",
        "currency-unit": "USD",
        "amount-total": amount,
    } | {name.replace("_", "-"): value for name, value in more.items()}


def taken_back(rid: str, amount: str, **more: str) -> dict[str, str]:
    day = {"approval_date": "2026-04-20T00:00:00Z", "reason": "Reimbursement_Reversal"}
    return paid(rid, amount, **(day | more))


@pytest.fixture
def claims_of(book: ClaimBook, write_report: Callable[..., Path]) -> Callable[..., list[Any]]:
    """The claims that rows of the report make, a file for each list of rows."""

    def of(*files: list[dict[str, str]]) -> list[Any]:
        for k, rows in enumerate(files):
            book.load(write_report(US, name=f"{k}.txt", rows=rows))
        found = book.rows(
            "SELECT claim_id, outcome, granted_amount, currency FROM claims ORDER BY claim_id"
        )
        return [tuple(row.values()) for row in found]

    return of


def test_header_fills_the_tables_whatever_the_separator(
    book: ClaimBook,
    usual: Callable[..., Any],
    header: Callable[[str], list[str]],
    report_rows: Callable[[str], list[dict[str, str]]],
    write: Callable[..., Path],
    content: Callable[..., Any],
    variant: str,
) -> None:
    rows = report_rows(REPORT)
    book.load(write("fba.csv", header(variant), rows), datetime(2026, 5, 31, 23, 59, 59))
    assert content(book) == usual(REPORT)


def test_counts_and_sums_per_currency_are_those_of_another_reader(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    path = write_report(US)
    (result,) = book.load(path)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        sums[row["currency-unit"]] += Decimal(row["amount-total"])
    assert result.read == result.inserted == len(rows) == 6
    by_currency = "SELECT currency, sum(amount) FROM reimbursements GROUP BY currency"
    assert dict(book.connection.execute(by_currency).fetchall()) == dict(sums)


def test_identical_lines_of_a_reimbursement_stay_two(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    book.load(write_report(US))
    same = "SELECT occurrence FROM reimbursements WHERE reimbursement_id = '10000000001'"
    assert sorted(book.columns(same)["occurrence"]) == [1, 2]


def test_only_a_case_id_makes_a_claim_and_its_amount_is_net_of_reversals(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    book.load(write_report(US))
    found = book.rows(
        "SELECT claim_id, sku, reason, outcome, granted_amount, decided_at FROM claims ORDER BY 1"
    )
    assert [tuple(row.values()) for row in found] == [
        ("90000000001", "SKU-0002", "lost_in_warehouse", "granted_full", Decimal("1482.49"),
         datetime(2026, 4, 2, 9)),
        ("90000000002", "SKU-0003", "damaged_in_warehouse", "granted_full", Decimal("10.00"),
         datetime(2026, 4, 3, 9)),
    ]  # fmt: skip


@pytest.mark.parametrize("is_reversed", [False, True])
def test_reversal_counts_wherever_it_stands(
    claims_of: Callable[..., list[Any]], is_reversed: bool
) -> None:
    grant = paid("1", "20.00", case_id="9")
    reversal = taken_back("2", "-20.00", original_reimbursement_id="1")
    found = claims_of(*([[reversal], [grant]] if is_reversed else [[grant], [reversal]]))
    assert found == [("9", "reversed", Decimal(0), "USD")]


def test_reversal_that_names_only_its_case_is_set_off_against_it(
    claims_of: Callable[..., list[Any]],
) -> None:
    rows = [paid("1", "20.00", case_id="9"), taken_back("2", "-5.00", case_id="9")]
    assert claims_of(rows) == [("9", "granted_full", Decimal(15), "USD")]


def test_reversal_of_an_automatic_reimbursement_makes_no_claim(
    claims_of: Callable[..., list[Any]],
) -> None:
    rows = [paid("1", "20.00"), taken_back("2", "-20.00", original_reimbursement_id="1")]
    assert claims_of(rows) == []


def test_reimbursements_of_one_case_are_added(claims_of: Callable[..., list[Any]]) -> None:
    rows = [paid("1", "20.00", case_id="9"), paid("2", "5.00", case_id="9", sku="B")]
    assert claims_of(rows) == [("9", "granted_full", Decimal(25), "USD")]


def test_currencies_of_one_case_are_never_added(claims_of: Callable[..., list[Any]]) -> None:
    rows = [
        paid("1", "20.00", case_id="9"),
        paid("2", "5.00", case_id="9", currency_unit="EUR"),
        taken_back("3", "-5.00", original_reimbursement_id="2", currency_unit="EUR"),
    ]
    assert claims_of(rows) == [("9", "granted_full", None, None)]


def test_case_paid_in_stock_is_replaced(claims_of: Callable[..., list[Any]]) -> None:
    rows = [paid("1", "0.00", case_id="9", quantity_reimbursed_inventory="1")]
    assert claims_of(rows) == [("9", "replaced", Decimal(0), "USD")]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_overlapping_pulls_do_not_double_and_may_come_in_any_order(
    book: ClaimBook,
    claims_of: Callable[..., list[Any]],
    content: Callable[..., Any],
    is_reversed: bool,
) -> None:
    first = [paid("1", "20.00"), paid("1", "20.00"), paid("2", "7.00", case_id="9")]
    second = [paid("1", "20.00"), paid("1", "20.00"), paid("3", "1.00", case_id="9", sku="B")]
    found = claims_of(*([second, first] if is_reversed else [first, second]))
    assert found == [("9", "granted_full", Decimal(8), "USD")]
    assert [row[:3] for row in content(book)["reimbursements"]] == [
        ("amazon", "1", "Lost_Warehouse"),
        ("amazon", "1", "Lost_Warehouse"),
        ("amazon", "2", "Lost_Warehouse"),
        ("amazon", "3", "Lost_Warehouse"),
    ]
    assert book.value("SELECT sku FROM claims") == "A"


SPOILT = [
    ("reimbursement-id", "1.23E+10", "was shortened by a spreadsheet"),
    ("original-reimbursement-id", "1.23E+10", "was shortened by a spreadsheet"),
    ("case-id", "12 34", "no case id like 12345678901"),
    ("amazon-order-id", "113-1234567", "no order id like 113-1234567-1234567"),
    ("amount-total", "12,50", "no amount like 1234.56"),
    ("currency-unit", "$", "no currency code like USD"),
    ("sku", "4.00638E+12", "a number that a spreadsheet shortened"),
    ("approval-date", "", "approval-date: is missing"),
]


def test_row_that_a_spreadsheet_spoilt_is_rejected_and_the_next_one_loaded(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    bad = [paid("1", "20.00") | {column: value} for column, value, _ in SPOILT]
    (result,) = book.load(write_report(US, rows=[*bad, paid("2", "5.00")]))
    assert (result.inserted, result.rejected) == (1, len(SPOILT))
    rejected = book.rows("FROM rejected_rows ORDER BY line_no")
    for line_no, ((column, _, reason), row) in enumerate(zip(SPOILT, rejected, strict=True), 2):
        assert (row["line_no"], row["column_name"]) == (line_no, column)
        assert reason in row["reason"]
