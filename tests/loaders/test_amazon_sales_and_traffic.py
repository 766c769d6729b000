from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

REPORT = "amazon_sales_and_traffic"


@pytest.fixture
def changed(fixture_path: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """The example changed, as a file of the name given."""

    def of(change: Callable[[dict[str, Any]], None], name: str = "report.json") -> Path:
        document = json.loads(fixture_path(REPORT).read_text())
        change(document)
        path = tmp_path / name
        path.write_text(json.dumps(document))
        return path

    return of


def test_counts_and_sums_per_currency_are_those_of_another_reader(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    path = fixture_path(REPORT)
    (result,) = book.load(path)
    counts: dict[str, int] = defaultdict(int)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for day in json.loads(path.read_text(), parse_float=Decimal)["salesAndTrafficByDate"]:
        sales = day["salesByDate"]
        counts["claims_granted"] += sales["claimsGranted"]
        counts["units_ordered"] += sales["unitsOrdered"]
        counts["order_lines"] += sales["totalOrderItems"]
        counts["orders_shipped"] += sales.get("ordersShipped", 0)
        counts["units_refunded"] += sales["unitsRefunded"]
        for metric, key in (
            ("claims_granted", "claimsAmount"),
            ("units_ordered", "orderedProductSales"),
        ):
            sums[metric, sales[key]["currencyCode"]] += sales[key]["amount"]
    assert result.read == result.inserted == 24
    by_metric = "SELECT metric, sum(n_reported) FROM control_totals GROUP BY metric"
    by_currency = (
        "SELECT metric, currency, sum(amount) FROM control_totals "
        "WHERE amount IS NOT NULL GROUP BY ALL"
    )
    assert dict(book.connection.execute(by_metric).fetchall()) == dict(counts)
    found = book.connection.execute(by_currency).fetchall()
    assert {(metric, currency): amount for metric, currency, amount in found} == dict(sums)


@pytest.mark.parametrize(
    ("granularity", "last"),
    [("DAY", date(2026, 5, 4)), ("WEEK", date(2026, 5, 10)), ("MONTH", date(2026, 5, 31))],
)
def test_period_ends_with_the_day_the_week_or_the_month(
    book: ClaimBook, changed: Callable[..., Path], granularity: str, last: date
) -> None:
    def change(document: dict[str, Any]) -> None:
        document["reportSpecification"]["reportOptions"]["dateGranularity"] = granularity
        del document["salesAndTrafficByDate"][1:]

    book.load(changed(change))
    found = book.rows("SELECT DISTINCT period_from, period_to FROM control_totals")
    assert found == [{"period_from": date(2026, 5, 4), "period_to": last}]


def test_missing_keys_are_no_fault(book: ClaimBook, changed: Callable[..., Path]) -> None:
    def change(document: dict[str, Any]) -> None:
        del document["reportSpecification"], document["salesAndTrafficByAsin"]
        del document["salesAndTrafficByDate"][0]["salesByDate"]
        del document["salesAndTrafficByDate"][1]["salesByDate"]["claimsAmount"]

    (result,) = book.load(changed(change))
    assert (result.read, result.inserted) == (19, 19)
    assert book.value("SELECT count(*) FROM control_totals WHERE marketplace IS NOT NULL") == 0


def test_marketplace_of_several_is_not_guessed(
    book: ClaimBook, changed: Callable[..., Path]
) -> None:
    def change(document: dict[str, Any]) -> None:
        document["reportSpecification"]["marketplaceIds"].append("A2EUQ1WTGCTBG2")

    book.load(changed(change))
    assert book.value("SELECT count(*) FROM control_totals WHERE marketplace IS NOT NULL") == 0


def test_overlapping_pulls_hold_each_day_once_as_last_told(
    book: ClaimBook,
    changed: Callable[..., Path],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    def first(document: dict[str, Any]) -> None:
        del document["salesAndTrafficByDate"][3:]

    def second(document: dict[str, Any]) -> None:
        del document["salesAndTrafficByDate"][:2]
        document["salesAndTrafficByDate"][0]["salesByDate"]["claimsGranted"] = 7

    paths = [changed(first, "a_2026-05-09.json"), changed(second, "b_2026-05-10.json")]
    book.load(paths)
    expected = content(book)
    clear(book)
    book.load(paths[::-1])
    assert content(book) == expected
    assert len(expected["control_totals"]) == 24
    assert (
        book.value(
            "SELECT n_reported FROM control_totals "
            "WHERE metric = 'claims_granted' AND period_from = DATE '2026-05-06'"
        )
        == 7
    )


def test_amount_that_is_none_is_rejected(book: ClaimBook, changed: Callable[..., Path]) -> None:
    def change(document: dict[str, Any]) -> None:
        document["salesAndTrafficByDate"][0]["salesByDate"]["claimsAmount"]["amount"] = "12,50"
        document["salesAndTrafficByDate"][1]["date"] = "05/05/2026"

    (result,) = book.load(changed(change))
    assert (result.inserted, result.rejected) == (18, 6)


def test_totals_do_not_move_the_cut_off(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    """They tell of no event; only the day of a pull does."""
    book.load(fixture_path(REPORT))
    assert book.value("SELECT as_of FROM v_cutoff") is None
