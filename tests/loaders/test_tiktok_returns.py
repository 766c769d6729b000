from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from claimstats.errors import FileRefused
from claimstats.loaders import load
from claimstats.loaders.reading import Reading
from claimstats.session import ClaimBook

RETURNS = Path(__file__).parent / "fixtures" / "tiktok_returns.csv"
PULLED_AT = datetime(2026, 6, 1)


def rows() -> list[dict[str, str]]:
    with RETURNS.open(encoding="utf-8-sig", newline="") as lines:
        return [{name: text.strip() for name, text in row.items()} for row in csv.DictReader(lines)]


def as_number(text: str) -> Decimal:
    return Decimal(text.removeprefix("R$ ").replace(".", "").replace(",", "."))


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Rows as an export."""

    def of(*told: dict[str, str]) -> Path:
        path = tmp_path / "r.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, list(rows()[0]), restval="")
            writer.writeheader()
            writer.writerows(told)
        return path

    return of


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Rows of cells below the header, on the first sheet of a workbook, as TikTok Shop sends it."""

    def of(*cells: list[object]) -> Path:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (list(rows()[0]), *cells):
            sheet.append(row)
        path = tmp_path / "r.xlsx"
        book.save(path)
        return path

    return of


def test_counts_and_sums_per_currency_are_those_of_another_reader(book: ClaimBook) -> None:
    (result,) = book.load(RETURNS, PULLED_AT)
    told = rows()
    assert result.read == result.inserted == len(told) == 9
    (found,) = book.rows("SELECT currency, sum(order_amount) AS s FROM returns GROUP BY currency")
    assert found == {"currency": "BRL", "s": sum(as_number(row["Order Amount"]) for row in told)}
    disputed = [row for row in told if row["Dispute Status"]]
    found = book.rows("SELECT count(*) AS n, sum(claimed_amount) AS s FROM claims")[0]
    assert found == {
        "n": len({row["Return Order ID"] for row in disputed}),
        "s": sum(as_number(row["Return unit price"]) for row in disputed),
    }


def test_dispute_is_the_buyers_claim_and_an_appeal_the_seller_won_takes_it_back(
    book: ClaimBook,
) -> None:
    book.load(RETURNS, PULLED_AT)
    found = book.rows(
        "SELECT state_raw, outcome, appeal_outcome, final_event FROM v_claims ORDER BY filed_at"
    )
    assert [tuple(row.values()) for row in found] == [
        ("Buyer won", "granted_full", None, "approved"),
        ("Resolved in buyer's favor", "granted_full", "reversed", "denied"),
        ("Resolved in seller's favor", "denied", None, "denied"),
        ("Under review", "pending", None, "open"),
        ("Resolved in buyer's favor", "granted_full", "granted_full", "approved"),
        ("Pending", "pending", None, "open"),
    ]


def test_compensation_goes_to_the_seller_and_is_never_what_the_buyer_was_granted(
    book: ClaimBook,
) -> None:
    book.load(RETURNS, PULLED_AT)
    assert book.value("SELECT count(granted_amount) FROM claims") == 0
    (line,) = book.rows("SELECT kind, amount, currency, reference_id FROM ledger_lines")
    paid = next(row for row in rows() if row["Compensation Amount"])
    assert line == {
        "kind": "recovery", "amount": as_number(paid["Compensation Amount"]), "currency": "BRL",
        "reference_id": paid["Return Order ID"],
    }  # fmt: skip


def test_times_in_an_unknown_zone_are_known_to_the_day(book: ClaimBook) -> None:
    book.load(RETURNS, PULLED_AT)
    found = book.rows("SELECT DISTINCT filed_precision, decided_precision FROM v_claims")
    assert {row["filed_precision"] for row in found} == {"day"}


def test_order_of_day_and_month_is_shown_by_the_file(
    book: ClaimBook, export: Callable[..., Path], clear: Callable[[ClaimBook], None]
) -> None:
    first = rows()[0] | {"Refund Time": ""}
    late = first | {"Time Requested": "05/23/2026 10:21:33 PM", "Return Order ID": "40352270070177"}
    early = first | {"Time Requested": "05/04/2026 10:21:33 AM"}
    book.load(export(early, late), PULLED_AT)
    days = book.columns("SELECT requested_at FROM returns ORDER BY 1")["requested_at"]
    assert days == [datetime(2026, 5, 4, 10, 21, 33), datetime(2026, 5, 23, 22, 21, 33)]
    clear(book)
    (result,) = book.load(export(early), PULLED_AT)
    assert (result.inserted, result.rejected) == (0, 1)
    with pytest.raises(FileRefused, match=r"the month first .* and the day first"):
        book.load(export(late, first | {"Time Requested": "23/05/2026 10:00:00"}), PULLED_AT)


@pytest.mark.parametrize(
    ("amount", "marketplace", "currency"),
    [
        ("R$ 62,90", None, "BRL"), ("S$12.30", None, "SGD"), ("£5.00", None, "GBP"),
        ("$5.00", None, None), ("$5.00", "US", "USD"), ("$5.00", "MX", "MXN"),
        ("5.00", None, None), ("5.00", "GB", "GBP"), ("$5.00", "DE", None),
    ],
)  # fmt: skip
def test_currency_is_that_of_the_sign_or_of_the_marketplace_said_or_unknown(
    book: ClaimBook,
    export: Callable[..., Path],
    amount: str,
    marketplace: str | None,
    currency: str | None,
) -> None:
    row = rows()[0] | {"Order Amount": amount, "Return unit price": amount}
    (result,) = load(book, [export(row)], PULLED_AT, Reading(marketplace=marketplace))
    assert (result.inserted, book.value("SELECT currency FROM returns")) == (1, currency)
    assert any("say --marketplace" in note for note in result.notes) == (currency is None)


def test_ids_that_a_spreadsheet_rounded_are_rejected(
    book: ClaimBook, export: Callable[..., Path]
) -> None:
    lost = [
        row | {"Order ID": row["Order ID"][:15] + "0" * len(row["Order ID"][15:])} for row in rows()
    ]
    (result,) = book.load(export(*lost), PULLED_AT)
    assert (result.inserted, result.rejected) == (0, len(lost))
    assert "more than 15 digits" in str(book.value("SELECT min(reason) FROM rejected_rows"))


def test_one_true_id_that_ends_in_zeros_is_taken(
    book: ClaimBook, export: Callable[..., Path]
) -> None:
    told = rows()
    told[0]["Order ID"] = told[0]["Order ID"][:15] + "000"
    (result,) = book.load(export(*told), PULLED_AT)
    assert result.rejected == 0


def test_price_of_several_articles_is_no_claimed_amount(
    book: ClaimBook, export: Callable[..., Path]
) -> None:
    row = rows()[0] | {"Return Quantity": "2"}
    book.load(export(row), PULLED_AT)
    assert book.value("SELECT claimed_amount FROM claims") is None


def test_workbook_gives_the_same_book_as_text(
    book: ClaimBook,
    workbook: Callable[..., Path],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    book.load(RETURNS, PULLED_AT)
    expected = content(book)
    clear(book)
    (result,) = book.load(workbook(*(list(row.values()) for row in rows())), PULLED_AT)
    assert (result.format, result.encoding, result.inserted) == ("tiktok_returns", "xlsx", 9)
    assert content(book) == expected


@pytest.mark.parametrize("column", ["Return Order ID", "Order ID"])
def test_id_that_is_a_number_of_a_workbook_has_lost_digits_and_is_rejected(
    book: ClaimBook, workbook: Callable[..., Path], column: str
) -> None:
    whole, lost = rows()[:2]
    cells: list[list[object]] = [list(whole.values())]
    cells.append([int(text) if name == column else text for name, text in lost.items()])
    (result,) = book.load(workbook(*cells), PULLED_AT)
    assert (result.inserted, result.rejected) == (1, 1)
    (rejected,) = book.rows("SELECT column_name, reason FROM rejected_rows")
    assert rejected["column_name"] == column
    assert "shortened" in rejected["reason"] or "digits" in rejected["reason"]
