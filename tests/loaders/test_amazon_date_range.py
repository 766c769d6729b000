"""Date-range files in every variant of the header: the same transactions in each language."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from claimstats.loaders import load
from claimstats.loaders.reading import Reading
from claimstats.session import ClaimBook

HEADERS = Path(__file__).parent / "data" / "headers"
FIXTURE = Path(__file__).parent / "fixtures" / "amazon_date_range.csv"

Row = dict[str, str]


@dataclass(frozen=True)
class Language:
    """How one language writes the file; `words` are those that are not the English ones."""

    header: str
    above: str
    time: str
    east: int
    decimal: str = "."
    thousands: str = ","
    minus: str = "-"
    months: str = ""
    site: str = "Amazon.com"
    currency: str = "USD"
    encoding: str = "utf-8"
    words: dict[str, str] = field(default_factory=dict)

    def of_time(self, moment: datetime) -> str:
        local = moment + timedelta(hours=self.east)
        word = self.months.split()[local.month - 1] if self.months else local.strftime("%b")
        text = local.strftime(self.time.replace("MONTH", word))
        return re.sub(r"(^| )0(?=\d[ :,])", r"\1", text)

    def of_amount(self, amount: str) -> str:
        plain = f"{Decimal(amount):,.2f}"
        signs = {",": self.thousands, ".": self.decimal, "-": self.minus}
        return "".join(signs.get(sign, sign) for sign in plain)


US_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
FR_MONTHS = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."
IT_MONTHS = "gen feb mar apr mag giu lug ago set ott nov dic"
ES_MONTHS = "ene feb mar abr may jun jul ago sep oct nov dic"
NL_MONTHS = "jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec."
SV_MONTHS = "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec."
PL_MONTHS = "sty lut mar kwi maj cze lip sie wrz paź lis gru"

EN_US = Language(
    "us_32", "All amounts in USD, unless specified", "MONTH %d, %Y %I:%M:%S %p PDT", -7
)
LANGUAGES = {
    "en_us": EN_US,
    "en_us_30": Language("us_30", EN_US.above, "MONTH %d, %Y, %I:%M:%S\u202f%p PDT", -7),
    "en_us_2017": Language("us_2017", EN_US.above, EN_US.time, -7),
    "en_ca": Language(
        "us_30", "All amounts in CAD, unless specified", "MONTH. %d, %Y %I:%M:%S x.m. PDT", -7,
        site="Amazon.ca", currency="CAD",
    ),
    "en_au": Language(
        "us_30", "All amounts in AUD, unless specified", "%d MONTH %Y %I:%M:%S %p GMT+10:00", 10,
        site="amazon.com.au", currency="AUD",
    ),
    "en_gb": Language(
        "gb", "All amounts in GBP, unless specified", "%d MONTH %Y %H:%M:%S GMT+01:00", 1,
        site="amazon.co.uk", currency="GBP",
    ),
    "en_ae": Language(
        "us_30", "All amounts in AED, unless specified", "%d MONTH %Y %I:%M:%S %p UTC", 0,
        site="amazon.ae", currency="AED",
    ),
    "en_in": Language(
        "in_2026", "All amounts in INR, unless specified", "%d MONTH %Y %I:%M:%S %p UTC", 0,
        site="amazon.in", currency="INR",
    ),
    "de": Language(
        "de", "Alle Beträge in Euro sofern nicht anders gekennzeichnet",
        "%d.%m.%Y %H:%M:%S GMT+02:00", 2, ",", ".", site="amazon.de", currency="EUR",
        words={
            "Order": "Bestellung", "Refund": "Erstattung", "Transfer": "Übertrag",
            "Service Fee": "Servicegebühr", "Adjustment": "Anpassung",
            "Chargeback Refund": "Erstattung durch Rückbuchung",
            "FBA Inventory Reimbursement - Lost:Warehouse":
                "Erstattung Lagerbestand - Im Lager verloren",
            "A-to-z Guarantee Recovery": "Rückforderung der A-bis-Z-Garantie",
            "Buyer Recharge": "Käufer Wiedereinzug",
        },
    ),
    "de_utc_cp1252": Language(
        "de", "Alle Beträge in Euro sofern nicht anders gekennzeichnet",
        "%d.%m.%Y %H:%M:%S UTC", 0, ",", ".", site="amazon.de", currency="EUR", encoding="cp1252",
    ),
    "fr": Language(
        "fr", "Tous les montants sont en EUR, sauf mention contraire.",
        "%d MONTH %Y %H:%M:%S UTC", 0, ",", "\u202f", months=FR_MONTHS, site="amazon.fr",
        currency="EUR",
        words={
            "Order": "Commande", "Refund": "Remboursement", "Transfer": "Transfert",
            "Chargeback Refund": "Remboursement de contestation de prélèvement",
            "FBA Inventory Reimbursement - Lost:Warehouse":
                "Remboursement stock Expédié par Amazon - perdu",
            "A-to-z Guarantee Recovery": "recouvrement de la garantie A-à-Z",
            "Buyer Recharge": "Facturation du client",
        },
    ),
    "it": Language(
        "it", "Tutti gli importi sono espressi in EUR, se non diversamente specificato.",
        "%d MONTH %Y %H.%M.%S GMT+02:00", 2, ",", ".", months=IT_MONTHS, site="amazon.it",
        currency="EUR",
        words={
            "Order": "Ordine", "Refund": "Rimborso", "Transfer": "Trasferimento",
            "A-to-z Guarantee Recovery": "Recupero garanzia dalla A alla Z",
            "Buyer Recharge": "Riaddebito acquirente",
        },
    ),
    "es": Language(
        "es", "Todos los importes en EUR, a menos que se especifique lo contrario",
        "%d MONTH %Y %H:%M:%S GMT+02:00", 2, ",", ".", months=ES_MONTHS, site="amazon.es",
        currency="EUR",
        words={
            "Order": "Pedido", "Refund": "Reembolso", "Transfer": "Transferir",
            "Chargeback Refund": "Reembolso de reversión de cargo",
            "A-to-z Guarantee Recovery": "Recuperación de garantía de la A a la Z",
            "Buyer Recharge": "Recargo al comprador",
        },
    ),
    "es_mx": Language(
        "es_mx", "Todos los importes en dólares, a menos que se especifique",
        "%d MONTH %Y %I:%M:%S x.m. GMT-7", -7, months=ES_MONTHS, site="amazon.com.mx",
        currency="MXN", words={"Order": "Pedido", "Transfer": "Trasferir", "Deferred": "Diferido"},
    ),
    "ja": Language(
        "jp", "指定のない場合、単位は円", "%Y/%m/%d %H:%M:%SJST", 9, site="amazon.jp",
        currency="JPY", encoding="cp932",
        words={"Order": "注文", "Refund": "返金", "Service Fee": "注文外料金"},
    ),
    "nl": Language(
        "nl", "", "%d MONTH %Y %H:%M:%S UTC", 0, ",", ".", months=NL_MONTHS, site="amazon.nl",
        currency="EUR", words={"Order": "Bestelling", "Refund": "Terugbetaling"},
    ),
    "sv": Language(
        "sv", "", "%d MONTH %Y %H:%M:%S UTC", 0, ",", "\u00a0", "\u2212", SV_MONTHS, "amazon.se",
        "SEK", words={"Transfer": "Överföring", "Refund": "Återbetalning"},
    ),
    "pl": Language(
        "pl", "", "%d MONTH %Y %H:%M:%S UTC", 0, ",", " ", months=PL_MONTHS, site="amazon.pl",
        currency="PLN",
    ),
}  # fmt: skip

ORDERS = [f"113-000000{k}-000000{k}" for k in range(10)]
TRANSACTIONS: list[dict[str, Any]] = [
    {"at": datetime(2026, 4, 2, 18, 5, 11), "line_type": "Order", "order_id": ORDERS[1],
     "sku": "MUG-1", "description": "Mug, large; with a chargeback guarantee", "quantity": "1",
     "fulfilment": "Amazon", "product_sales": "1250.50", "tax": "100.00", "shipping": "5.00",
     "promotions": "-5.00", "withheld_tax": "-100.00", "selling_fees": "-187.58",
     "fba_fees": "-4.20", "total": "1058.72"},
    {"at": datetime(2026, 4, 9, 3, 15), "line_type": "A-to-z Guarantee Claim",
     "order_id": ORDERS[1], "sku": "MUG-1", "description": "Mug, large", "quantity": "1",
     "product_sales": "-1250.50", "tax": "-100.00", "withheld_tax": "100.00",
     "selling_fees": "187.58", "total": "-1062.92"},
    {"at": datetime(2026, 4, 10, 11), "line_type": "Chargeback Refund", "order_id": ORDERS[3],
     "sku": "CUP-3", "description": "Cup", "quantity": "1", "product_sales": "-25.00",
     "selling_fees": "3.75", "total": "-21.25"},
    {"at": datetime(2026, 4, 11, 12, 30), "line_type": "SAFE-T reimbursement",
     "order_id": ORDERS[4], "description": "SAFE-T reimbursement", "other_amount": "31.50",
     "total": "31.50"},
    {"at": datetime(2026, 4, 12, 0, 0, 5), "line_type": "Adjustment", "sku": "LAMP-2",
     "description": "FBA Inventory Reimbursement - Lost:Warehouse", "quantity": "1",
     "other_amount": "7.40", "total": "7.40"},
    {"at": datetime(2026, 4, 12, 0, 0, 5), "line_type": "Adjustment", "sku": "LAMP-2",
     "description": "FBA Inventory Reimbursement - Lost:Warehouse", "quantity": "1",
     "other_amount": "7.40", "total": "7.40"},
    {"at": datetime(2026, 4, 13, 12, 59, 59), "line_type": "Adjustment", "order_id": ORDERS[1],
     "description": "A-to-z Guarantee Recovery", "other_amount": "62.92", "total": "62.92"},
    {"at": datetime(2026, 4, 13, 13), "line_type": "Adjustment", "order_id": ORDERS[5],
     "description": "Buyer Recharge", "other_amount": "12.00", "total": "12.00"},
    {"at": datetime(2026, 4, 14, 23, 59, 59), "line_type": "Refund", "order_id": ORDERS[6],
     "sku": "CUP-3", "description": "Cup", "product_sales": "-25.00", "total": "-25.00"},
    {"at": datetime(2026, 4, 15, 4), "line_type": "Service Fee", "description": "Subscription",
     "other_fees": "-39.99", "total": "-39.99"},
    {"at": datetime(2026, 4, 15, 5), "line_type": "Transfer", "description": "To account",
     "other_amount": "-1234567.89", "total": "-1234567.89"},
]  # fmt: skip
"""Transactions with their time in UTC; amounts that are not named are zero."""

MEANINGS = [
    None, ("amazon_atoz", "grant"), ("amazon_chargeback", "grant"), ("amazon_safet", "grant"),
    ("amazon_fba_reimbursement", "grant"), ("amazon_fba_reimbursement", "grant"),
    ("amazon_atoz", "recovery"), None, None, None, None,
]  # fmt: skip
PRICES = ["1350.50", "-1350.50", "-25", *["0"] * 5, "-25", "0", "0"]
MONEY = {
    "product_sales", "product_sales_tax", "shipping", "shipping_tax", "gift_wrap", "gift_wrap_tax",
    "regulatory_fee", "regulatory_fee_tax", "promotions", "promotions_tax", "sales_tax", "points",
    "withheld_tax", "tcs_cgst", "tcs_sgst", "tcs_igst", "tds", "selling_fees", "fba_fees",
    "other_fees", "other_amount", "total",
}  # fmt: skip


def header_of(language: Language) -> list[list[str]]:
    """The header, and our name of each of its columns."""
    path = HEADERS / f"amazon_date_range.{language.header}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def cell(language: Language, names: Sequence[str], name: str, told: dict[str, Any]) -> str:
    if name == "occurred_at":
        half = "a.m." if (told["at"] + timedelta(hours=language.east)).hour < 12 else "p.m."
        return language.of_time(told["at"]).replace("x.m.", half)
    if name == "marketplace":
        return "" if told["line_type"] == "Transfer" else language.site
    if name == ("product_sales_tax" if "product_sales_tax" in names else "sales_tax"):
        return language.of_amount(told.get("tax", "0"))
    if name == "tcs_igst":  # India has no other column for what is withheld.
        return language.of_amount(told.get("withheld_tax", "0"))
    if name in MONEY:
        return language.of_amount(told.get(name, "0"))
    usual = {"settlement_id": "21000000001", "order_city": "Springfield", "order_postal": "12345"}
    value = told.get(name, usual.get(name, ""))
    return language.words.get(value, value)


def text_of(language: Language, transactions: Sequence[dict[str, Any]] = TRANSACTIONS) -> str:
    header, names = header_of(language)
    above = ["Includes Amazon Marketplace transactions", language.above, "Definitions:", "Sales"]
    rows = [[cell(language, names, name, told) for name in names] for told in transactions]
    records = [[line] for line in above if line] + [header, *rows]
    return "".join(",".join(f'"{v}"' for v in record) + "\r\n" for record in records)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A file in a language."""

    def of(language: Language, name: str = "dates.csv", **more: Any) -> Path:
        path = tmp_path / name
        path.write_bytes(text_of(language, **more).encode(language.encoding))
        return path

    return of


def lines(book: ClaimBook) -> list[tuple[Any, ...]]:
    """What is the same in every language."""
    found = book.columns(
        "SELECT settlement_id, posted_at, posted_precision, order_id, sku, quantity, amount, "
        "price_amount, program, kind FROM ledger_lines ORDER BY line_no"
    )
    return list(zip(*found.values(), strict=True))


EXPECTED = [
    ("21000000001", told["at"], "instant", told.get("order_id"), told.get("sku"),
     int(told["quantity"]) if "quantity" in told else None, Decimal(told["total"]),
     Decimal(price), *(meaning or (None, None)))
    for told, price, meaning in zip(TRANSACTIONS, PRICES, MEANINGS, strict=True)
]  # fmt: skip


@pytest.mark.parametrize("name", LANGUAGES)
def test_transactions_are_the_same_in_every_language(
    book: ClaimBook, written: Callable[..., Path], name: str
) -> None:
    language = LANGUAGES[name]
    (result,) = book.load(written(language))
    assert (result.read, result.inserted, result.rejected) == (11, 11, 0)
    assert result.encoding == language.encoding
    assert lines(book) == EXPECTED
    assert set(book.columns("SELECT currency FROM ledger_lines")["currency"]) == {language.currency}
    assert not [note for note in result.notes if "add up" in note or "no rule" in note]


@pytest.mark.parametrize("name", LANGUAGES)
def test_sum_is_that_of_a_reader_that_knows_one_language(
    book: ClaimBook, written: Callable[..., Path], name: str
) -> None:
    """The independent reader: the total's column by its place, thousands and decimals replaced."""
    language = LANGUAGES[name]
    path = written(language)
    place = header_of(language)[1].index("total")
    with path.open(encoding=language.encoding, newline="") as text:
        rows = [row for row in csv.reader(text) if len(row) > 1][1:]
    amounts = [
        Decimal(
            row[place].replace(language.thousands, "").replace(language.decimal, ".")
            .replace(language.minus, "-")
        )
        for row in rows
    ]  # fmt: skip
    book.load(path)
    assert book.value("SELECT sum(amount) FROM ledger_lines") == sum(amounts)
    assert book.value("SELECT count(*) FROM ledger_lines") == len(rows)


def test_fixture_counts_and_sums_are_those_of_another_reader(book: ClaimBook) -> None:
    (result,) = book.load(FIXTURE)
    with FIXTURE.open(encoding="utf-8", newline="") as text:
        records = [row for row in csv.reader(text) if len(row) > 1]
    rows = [dict(zip(records[0], row, strict=True)) for row in records[1:]]
    deferred = [row for row in rows if row["Transaction Status"] == "Deferred"]
    kept = [row for row in rows if row["Transaction Status"] != "Deferred"]
    assert (result.read, result.inserted, result.ignored) == (len(rows), len(kept), len(deferred))
    assert len(deferred) == 2
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in kept:
        sums["USD"] += Decimal(row["total"].replace(",", ""))
    by_currency = "SELECT currency, sum(amount) FROM ledger_lines GROUP BY currency"
    assert dict(book.connection.execute(by_currency).fetchall()) == dict(sums)


def test_overlapping_files_do_not_double_whatever_their_order_and_language(
    book: ClaimBook,
    written: Callable[..., Path],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    english = Language("us_30", "All amounts in EUR, unless specified", EN_US.time, -7)
    files = [
        written(LANGUAGES["de"], "a.csv", transactions=TRANSACTIONS[:7]),
        written(LANGUAGES["de"], "b.csv", transactions=TRANSACTIONS[4:9]),
        written(english, "c.csv", transactions=TRANSACTIONS[5:]),
    ]
    texts = ("line_type", "description", "marketplace", "reason_raw")
    books = []
    for order in permutations(files):
        clear(book)
        book.load(order)
        books.append(content(book, without=texts))
        assert sorted(amount for *_, amount in _amounts(book)) == sorted(
            Decimal(told["total"]) for told in TRANSACTIONS
        )
    assert all(found == books[0] for found in books)


def _amounts(book: ClaimBook) -> list[tuple[Any, ...]]:
    return book.connection.execute("SELECT posted_at, amount FROM v_money").fetchall()


def test_deferred_rows_are_counted_when_they_are_released(
    book: ClaimBook, written: Callable[..., Path]
) -> None:
    told = TRANSACTIONS[0]
    for language, name in ((EN_US, "us"), (LANGUAGES["es_mx"], "mx")):
        deferred = told | {"transaction_status": "Deferred", "settlement_id": ""}
        path = written(language, f"{name}1.csv", transactions=[deferred, TRANSACTIONS[3]])
        (result,) = book.load(path)
        assert (result.inserted, result.ignored) == (1, 1)
        assert "ignored: 1 deferred: counted when they are released." in result.notes
        released = told | {"transaction_status": "Released"}
        (result,) = book.load(written(language, f"{name}2.csv", transactions=[released]))
        assert (result.inserted, result.ignored) == (1, 0)
    assert book.value("SELECT count(*) FROM v_money") == 4


def test_state_that_nobody_knows_is_listed_and_its_row_counted(
    book: ClaimBook, written: Callable[..., Path]
) -> None:
    told = TRANSACTIONS[0] | {"transaction_status": "Sleeping"}
    (result,) = book.load(written(EN_US, transactions=[told]))
    assert result.inserted == 1
    assert "transaction_status with values no rule knows, kept raw: Sleeping (1)." in result.notes


@pytest.mark.parametrize(
    "description",
    [
        "Erstattung für verlorenen Lagerbestand",
        "FBA-Erstattung (verloren)",
        "Remboursement du stock perdu",
        "Reembolso por inventario dañado",
        "Rimborso per inventario danneggiato",
    ],
)
def test_reimbursement_in_words_that_no_rule_knows_is_listed(
    book: ClaimBook, written: Callable[..., Path], description: str
) -> None:
    told = TRANSACTIONS[6] | {"description": description}
    (result,) = book.load(written(EN_US, transactions=[told]))
    (note,) = [note for note in result.notes if note.startswith("money with values no rule knows")]
    assert description in note


def test_parts_that_do_not_add_up_are_told_and_the_total_taken(
    book: ClaimBook, written: Callable[..., Path]
) -> None:
    told = [TRANSACTIONS[0], TRANSACTIONS[2] | {"total": "-21.26"}]
    (result,) = book.load(written(EN_US, transactions=told))
    (note,) = [note for note in result.notes if "add up" in note]
    assert (
        note == "parts do not add up to their total, which was taken: rows 1, the first in line 7."
    )
    assert book.value("SELECT min(amount) FROM ledger_lines") == Decimal("-21.26")


def test_currency_that_nothing_tells_is_asked_for(
    book: ClaimBook, written: Callable[..., Path], clear: Callable[[ClaimBook], None]
) -> None:
    silent = Language("us_30", "", EN_US.time, -7, site="")
    path = written(silent)
    (result,) = book.load(path)
    assert any("no currency is named" in note for note in result.notes)
    clear(book)
    (result,) = load(book, [path], reading=Reading(marketplace="Amazon.ca"))
    assert set(book.columns("SELECT currency FROM ledger_lines")["currency"]) == {"CAD"}


def test_addresses_are_not_kept_even_under_names_nobody_knows(
    book: ClaimBook, written: Callable[..., Path], tmp_path: Path
) -> None:
    book.load(written(EN_US))
    assert not any("Springfield" in str(row) for row in book.rows("FROM ledger_lines"))
    text = text_of(LANGUAGES["nl"]).replace('"totaal"', '"totaal","woonplaats"')
    path = tmp_path / "nl.csv"
    path.write_text(
        re.sub(r'(,"[-\d.,]+")\r\n', '\\1,"Springfield"\r\n', text), encoding="utf-8", newline=""
    )
    (result,) = book.load(path)
    assert result.inserted == 11
    assert any("woonplaats (perhaps a place)" in note for note in result.notes)
    assert not any("Springfield" in str(row) for row in book.rows("FROM ledger_lines"))


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("occurred_at", "03/04/2026", "no date or time"),
        ("occurred_at", "", "is missing"),
        ("total", "", "is missing"),
        ("total", "12,5", "no amount"),
        ("settlement_id", "2.1E+10", "spreadsheet shortened"),
        ("quantity", "one", "no whole number"),
    ],
)
def test_spoilt_row_is_rejected_and_the_next_one_loaded(
    book: ClaimBook, tmp_path: Path, name: str, value: str, reason: str
) -> None:
    above, header, first, second = (
        list(csv.reader(text_of(EN_US, TRANSACTIONS[:2]).splitlines()))[k] for k in (1, -3, -2, -1)
    )
    first[header_of(EN_US)[1].index(name)] = value
    path = tmp_path / "spoilt.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([above, header, first, second])
    (result,) = book.load(path)
    assert (result.inserted, result.rejected) == (1, 1)
    assert reason in book.value("SELECT reason FROM rejected_rows")
