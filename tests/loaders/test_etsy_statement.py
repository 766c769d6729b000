from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from claimstats.session import ClaimBook

STATEMENT = Path(__file__).parent / "fixtures" / "etsy_statement.csv"
PULLED_AT = datetime(2026, 6, 1)

ENGLISH = "Date,Type,Title,Info,Currency,Amount,Fees & Taxes,Net,Tax Details"
GERMAN = "Datum,Art,Titel,Info,Währung,Betrag,Gebühren & Steuern,Netto,Steuerliche Angaben"
SPANISH = "Fecha;Tipo;Título;Información;Moneda;Importe;Tarifas e impuestos;Neto;Datos fiscales"


def rows() -> list[dict[str, str]]:
    with STATEMENT.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def as_number(text: str) -> Decimal:
    return (
        Decimal(0) if text == "--" else Decimal(text.translate(str.maketrans("", "", "CAUS$£€,")))
    )


@pytest.fixture
def statement(tmp_path: Path) -> Callable[..., Path]:
    """A statement of lines as they are, below a header."""

    def of(header: str, *lines: str) -> Path:
        path = tmp_path / "etsy_statement_2026_5.csv"
        path.write_text("\n".join([header, *lines, ""]), encoding="utf-8-sig")
        return path

    return of


def test_counts_and_sums_per_currency_are_those_of_another_reader(book: ClaimBook) -> None:
    (result,) = book.load(STATEMENT, PULLED_AT)
    nets: dict[str, Decimal] = defaultdict(Decimal)
    sales: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows():
        nets[row["Currency"]] += as_number(row["Net"])
        if row["Type"] == "Sale":
            sales[row["Currency"]] += as_number(row["Amount"])
    assert result.read == result.inserted == len(rows()) == 13
    fetch = book.connection.execute
    told = "SELECT currency, sum(amount) FROM ledger_lines GROUP BY currency"
    assert dict(fetch(told).fetchall()) == dict(nets)
    told = "SELECT currency, sum(item_price) FROM order_items GROUP BY currency"
    assert dict(fetch(told).fetchall()) == dict(sales)


def test_order_is_found_in_title_or_info_and_sales_are_orders(book: ClaimBook) -> None:
    book.load(STATEMENT, PULLED_AT)
    assert set(book.columns("SELECT order_id FROM orders WHERE channel = 'etsy'")["order_id"]) == {
        "3672216433", "3672300871", "3672488120",
    }  # fmt: skip
    of_order = "SELECT count(*) FROM ledger_lines WHERE order_id = '3672216433'"
    assert book.value(of_order) == sum("3672216433" in row["Title"] + row["Info"] for row in rows())
    assert book.value("SELECT count(*) FROM ledger_lines WHERE description LIKE 'Listing%'") == 2
    assert book.value("SELECT count(*) FROM ledger_lines WHERE order_id = '1750033121'") == 0


@pytest.mark.parametrize(
    ("amount", "currency", "is_taken"),
    [
        ("CA$5.00", "CAD", True), ("CA$5.00", "USD", False), ("$5.00", "USD", True),
        ("$5.00", "CAD", True), ("$5.00", "EUR", False), ("£5.00", "GBP", True),
        ("£5.00", "EUR", False), ("-€5.00", "EUR", True), ("5.00", "EUR", True),
        ("USD 5.00", "USD", True), ("USD 5.00", "CAD", False), ("₿5.00", "EUR", False),
    ],
)  # fmt: skip
def test_sign_must_agree_with_the_rows_currency(
    book: ClaimBook, statement: Callable[..., Path], amount: str, currency: str, is_taken: bool
) -> None:
    line = f'"May 4, 2026",Sale,Payment for Order #3672216433,,{currency},{amount},--,{amount},--'
    (result,) = book.load(statement(ENGLISH, line), PULLED_AT)
    assert (result.inserted, result.rejected) == ((1, 0) if is_taken else (0, 1))
    if not is_taken:
        reason = str(book.value("SELECT reason FROM rejected_rows"))
        assert "its sign is not one of the currency that the row names" in reason


@pytest.mark.parametrize(
    "day", ["May 4, 2026", "4 May, 2026", "4. May 2026", "4 May 2026", "2026-05-04"]
)
def test_day_with_its_month_in_words_is_read_in_every_order(
    book: ClaimBook, statement: Callable[..., Path], day: str
) -> None:
    book.load(statement(ENGLISH, f'"{day}",Fee,Listing fee,,GBP,--,-£0.16,-£0.16,--'), PULLED_AT)
    assert book.value("SELECT posted_at FROM ledger_lines") == datetime(2026, 5, 4)


def test_german_statement_is_read(book: ClaimBook, statement: Callable[..., Path]) -> None:
    lines = (
        "15. July 2025,Buyer Fee,Retail Delivery Fee (paid by buyer),Order #3743707041,EUR,--,"
        "-€0.23,-€0.23,--",
        "16. July 2025,Sale,Payment for Order #3743707042,,EUR,€32.50,--,€32.50,--",
    )
    (result,) = book.load(statement(GERMAN, *lines), PULLED_AT)
    assert (result.format, result.inserted) == ("etsy_statement", 2)
    assert book.value("SELECT sum(amount) FROM ledger_lines") == Decimal("32.27")
    assert book.value("SELECT order_id FROM orders") == "3743707042"


def test_spanish_statement_has_semicolons_and_decimal_commas(
    book: ClaimBook, statement: Callable[..., Path]
) -> None:
    lines = (
        "4 May, 2026;Venta;Pago del pedido n.º 3672216433;;EUR;1.029,99 €;--;1.029,99 €;--",
        "4 May, 2026;Tarifa;Tarifa de proceso;Pedido n.º 3672216433;EUR;--;-1,44 €;-1,44 €;--",
    )
    (result,) = book.load(statement(SPANISH, *lines), PULLED_AT)
    assert (result.inserted, result.delimiter) == (2, "semicolon")
    assert book.value("SELECT sum(amount) FROM ledger_lines") == Decimal("1028.55")
    assert book.value("SELECT count(*) FROM ledger_lines WHERE order_id = '3672216433'") == 2
    assert book.value("SELECT item_price FROM order_items") == Decimal("1029.99")
