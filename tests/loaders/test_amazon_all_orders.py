from __future__ import annotations

import csv
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

US = "amazon_all_orders.us_2026"

LACKING = {"amazon_all_orders.eu_2021_tail": ("is_business",)}
"""Columns of the book that a header variant does not fill."""


def test_header_variants_fill_equal_tables(
    book: ClaimBook,
    usual: Callable[..., Any],
    write_report: Callable[..., Path],
    content: Callable[..., Any],
    variant: str,
) -> None:
    aside = ("extra", *LACKING.get(variant, ()))
    book.load(write_report(variant))
    assert content(book, aside) == usual("amazon_all_orders", aside)


def test_unknown_columns_are_kept_and_personal_ones_are_not(
    book: ClaimBook,
    write_report: Callable[..., Path],
    header: Callable[[str], list[str]],
    report_rows: Callable[[str], list[dict[str, str]]],
    content: Callable[..., Any],
    variant: str,
) -> None:
    (result,) = book.load(write_report(variant))
    unknown = book.value("SELECT unknown_columns FROM source_files")
    first = report_rows("amazon_all_orders")[0]
    kept = {name: first[name] for name in unknown if first[name]}
    assert json.loads(book.value("SELECT extra FROM order_items WHERE line_no = 2") or "{}") == kept
    assert set(unknown) <= set(header(variant))
    assert all(any(name in note for note in result.notes) for name in unknown)
    assert "PERSON" in Path(result.path).read_text(encoding="utf-8")
    assert "PERSON" not in repr(content(book, whole=True))
    assert "person.example" not in repr(content(book, whole=True))


def test_personal_columns_of_a_rejected_row_are_masked_in_its_text(
    book: ClaimBook, write_report: Callable[..., Path], content: Callable[..., Any]
) -> None:
    book.load(write_report(US, rows=[NEW[0] | {"quantity": "one", "ship-city": "PERSON"}, NEW[1]]))
    (kept,) = book.columns("SELECT raw_text FROM rejected_rows")["raw_text"]
    assert kept.split("\t").count("***") == 1
    assert "one" in kept.split("\t")
    assert "PERSON" not in repr(content(book, whole=True))


def test_column_that_names_a_buyer_is_not_kept_even_if_no_variant_has_it(
    book: ClaimBook, write_report: Callable[..., Path], content: Callable[..., Any]
) -> None:
    path = write_report(US, rows=NEW)
    lines = path.read_text().splitlines()
    added = ["Buyer-Name\tship-address-1\tgift-wrap-type", *["PERSON\tPERSON\tred"] * 2]
    path.write_text("".join(f"{line}\t{more}\n" for line, more in zip(lines, added, strict=True)))
    assert book.load(path)[0].inserted == 2
    assert "PERSON" not in repr(content(book, whole=True))
    assert json.loads(book.value("SELECT extra FROM order_items")) == {"gift-wrap-type": "red"}


def test_shuffled_columns_in_other_spelling_fill_equal_tables(
    book: ClaimBook,
    usual: Callable[..., Any],
    header: Callable[[str], list[str]],
    report_rows: Callable[[str], list[dict[str, str]]],
    write: Callable[..., Path],
    content: Callable[..., Any],
) -> None:
    names = header(US)
    random.Random(7).shuffle(names)
    spelt = {name: f"  {name.replace('-', ' ').title()} " for name in names}
    rows = [{spelt[name]: row[name] for name in names} for row in report_rows("amazon_all_orders")]
    book.load(write("shuffled.txt", list(spelt.values()), rows, delimiter="\t"))
    assert content(book, ["extra"]) == usual("amazon_all_orders", ["extra"])


def test_counts_and_sums_per_currency_are_those_of_another_reader(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    path = write_report(US)
    (result,) = book.load(path)
    sums: dict[str | None, Decimal] = defaultdict(Decimal)
    units: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            sums[row["currency"] or None] += Decimal(row["item-price"] or 0)
            units[row["amazon-order-id"]] += int(row["quantity"])
    assert result.read == result.inserted == book.value("SELECT count(*) FROM order_items") == 8
    assert dict(
        book.connection.execute(
            "SELECT currency, coalesce(sum(item_price), 0) FROM order_items GROUP BY currency"
        ).fetchall()
    ) == dict(sums)
    assert dict(
        book.connection.execute(
            "SELECT order_id, sum(quantity) FROM order_items GROUP BY order_id"
        ).fetchall()
    ) == dict(units)


def test_identical_lines_of_an_order_stay_two(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    book.load(write_report(US))
    assert book.rows(
        "SELECT item_no, sku, item_price FROM order_items "
        "WHERE order_id = '111-0000002-0000002' ORDER BY item_no"
    ) == [{"item_no": n, "sku": "SKU-0003", "item_price": Decimal("12.5")} for n in (1, 2)]


def test_order_tells_who_ships_where_and_when(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    book.load(write_report(US))
    found = book.rows(
        "SELECT order_id, marketplace, fulfilment, purchased_at, is_business, currency "
        "FROM orders WHERE order_id IN ('111-0000002-0000002', 'S01-0000005-0000005') ORDER BY ALL"
    )
    assert [tuple(row.values()) for row in found] == [
        ("111-0000002-0000002", "DE", "platform", datetime(2026, 5, 2, 22, 15, 10), True, "EUR"),
        ("S01-0000005-0000005", "Non-Amazon", "platform", datetime(2026, 5, 5, 12), False, None),
    ]


def test_missing_amount_is_unknown_and_not_zero(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    book.load(write_report(US))
    cancelled = book.rows("SELECT item_price, quantity FROM order_items WHERE quantity = 0")
    assert cancelled == [{"item_price": None, "quantity": 0}]


def one_order(*lines: str, updated: str, status: str = "Shipped") -> list[dict[str, str]]:
    return [
        {
            "amazon-order-id": "111-0000001-0000001",
            "purchase-date": "2026-05-01T08:00:00Z",
            "last-updated-date": updated,
            "order-status": status,
            "sku": sku,
            "quantity": "1",
        }
        for sku in lines
    ]


OLD = one_order("A", "B", "C", updated="2026-05-02T00:00:00Z", status="Pending")
NEW = one_order("A", "B", updated="2026-05-03T00:00:00Z")


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_newest_state_of_an_order_holds_whatever_is_loaded_first(
    book: ClaimBook, write_report: Callable[..., Path], order: tuple[list[dict[str, str]], ...]
) -> None:
    """The newer state has fewer lines: the surplus of the older one goes."""
    results = [
        book.load(write_report(US, name=f"{k}.txt", rows=rows))[0] for k, rows in enumerate(order)
    ]
    assert book.columns("SELECT sku FROM order_items ORDER BY item_no")["sku"] == ["A", "B"]
    assert book.value("SELECT order_status FROM orders") == "Shipped"
    if order[0] is NEW:
        assert results[1].ignored == 3
        assert "3 older than the state the book holds" in results[1].notes[0]


def test_of_two_states_in_one_file_the_newer_holds(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    (result,) = book.load(write_report(US, rows=[*NEW, *OLD]))
    assert book.columns("SELECT sku FROM order_items ORDER BY item_no")["sku"] == ["A", "B"]
    assert (result.inserted, result.ignored) == (2, 3)


def test_order_whose_date_alone_is_newer_is_updated(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    older, newer = (one_order("A", updated=f"2026-05-0{day}T00:00:00Z") for day in (2, 3))
    book.load(write_report(US, name="1.txt", rows=older))
    (result,) = book.load(write_report(US, name="2.txt", rows=newer))
    assert result.updated == 1
    assert book.value("SELECT version_at FROM order_items") == datetime(2026, 5, 3)


@pytest.mark.parametrize(
    ("channel", "unmapped"),
    [("Amazon.com", []), ("Non-Amazon US", []), ("Amazon.mars", ["Amazon.mars"])],
)
def test_sales_channel_that_no_rule_knows_is_counted(
    book: ClaimBook, write_report: Callable[..., Path], channel: str, unmapped: list[str]
) -> None:
    rows = [row | {"sales-channel": channel} for row in NEW]
    book.load(write_report(US, rows=rows))
    assert book.columns("SELECT value FROM unmapped_values")["value"] == unmapped
