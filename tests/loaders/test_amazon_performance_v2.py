from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

REPORT = "amazon_performance_v2"


@pytest.fixture
def changed(fixture_path: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """The example with its metrics changed, as a file of the name given."""

    def of(change: Callable[[list[dict[str, Any]]], None], name: str = "report.json") -> Path:
        document = json.loads(fixture_path(REPORT).read_text())
        change(document["performanceMetrics"])
        path = tmp_path / name
        path.write_text(json.dumps(document))
        return path

    return of


def test_counts_are_those_of_another_reader(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    path = fixture_path(REPORT)
    (result,) = book.load(path)
    expected = {}
    for metric in json.loads(path.read_text())["performanceMetrics"]:
        for key, rate in metric["orderDefectRate"].items():
            of = (metric["marketplaceId"], {"afn": "platform", "mfn": "seller"}[key])
            expected[(*of, "orders")] = rate["orderCount"]
            expected[(*of, "claims")] = rate["claims"]["count"]
            expected[(*of, "chargebacks")] = rate["chargebacks"]["count"]
            expected[(*of, "orders_with_defects")] = rate["orderWithDefects"]["count"]
            expected[(*of, "negative_feedback")] = rate["negativeFeedback"]["count"]
    assert result.read == result.inserted == len(expected) == 20
    ids = {"US": "ATVPDKIKX0DER", "DE": "A1PA6795UKMFR9"}
    found = book.rows("SELECT marketplace, fulfilment, metric, n_reported FROM control_totals")
    assert {
        (ids[row["marketplace"]], row["fulfilment"], row["metric"]): row["n_reported"]
        for row in found
    } == expected


def test_rate_and_target_stand_beside_the_orders_with_defects(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    book.load(fixture_path(REPORT))
    assert book.rows(
        "SELECT period_from, period_to, n_reported, rate, target_rate, target_condition, status "
        "FROM control_totals WHERE rate > 0 ORDER BY rate DESC LIMIT 1"
    ) == [
        {
            "period_from": date(2026, 3, 7),
            "period_to": date(2026, 5, 5),
            "n_reported": 4,
            "rate": 0.007421150278293136,
            "target_rate": 0.01,
            "target_condition": "LESS_THAN",
            "status": "GOOD",
        }
    ]


def test_order_of_keys_changes_nothing(
    book: ClaimBook,
    fixture_path: Callable[[str], Path],
    tmp_path: Path,
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    book.load(fixture_path(REPORT))
    expected = content(book)
    clear(book)
    path = tmp_path / "report.json"
    path.write_text(json.dumps(json.loads(fixture_path(REPORT).read_text()), sort_keys=True))
    book.load(path)
    assert content(book) == expected


def test_missing_keys_are_no_fault(book: ClaimBook, changed: Callable[..., Path]) -> None:
    def change(metrics: list[dict[str, Any]]) -> None:
        del metrics[0]["marketplaceId"], metrics[0]["orderDefectRate"]["mfn"]
        del metrics[0]["orderDefectRate"]["afn"]["chargebacks"]
        del metrics[0]["orderDefectRate"]["afn"]["rate"]
        del metrics[1]["orderDefectRate"]

    (result,) = book.load(changed(change))
    assert (result.read, result.inserted) == (4, 4)
    assert book.value("SELECT count(*) FROM control_totals WHERE marketplace IS NULL") == 4


def test_key_tells_who_ships_whatever_the_fulfillment_type_says(
    book: ClaimBook, fixture_path: Callable[[str], Path]
) -> None:
    """The venue's own example says mfn for both."""
    path = fixture_path(REPORT)
    assert '"AFN"' not in path.read_text().upper().replace('"AFN": {', "")
    book.load(path)
    found = book.columns("SELECT DISTINCT fulfilment FROM control_totals ORDER BY 1")["fulfilment"]
    assert found == ["platform", "seller"]


def test_unknown_members_are_kept_and_unknown_marketplaces_named(
    book: ClaimBook, changed: Callable[..., Path]
) -> None:
    def change(metrics: list[dict[str, Any]]) -> None:
        del metrics[1]
        metrics[0]["marketplaceId"] = "A0NEWPLACE"
        metrics[0]["orderDefectRate"]["afn"]["claims"]["granted"] = 3

    (result,) = book.load(changed(change))
    assert "unknown columns kept in extra: granted." in result.notes
    assert "marketplace with values no rule knows, kept raw: A0NEWPLACE (10)." in result.notes
    kept = book.columns("SELECT extra FROM control_totals WHERE extra IS NOT NULL")["extra"]
    assert [json.loads(extra) for extra in kept] == [{"granted": "3"}]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_total_told_again_is_held_once_as_last_told(
    book: ClaimBook, changed: Callable[..., Path], is_reversed: bool
) -> None:
    def change(metrics: list[dict[str, Any]]) -> None:
        metrics[0]["orderDefectRate"]["mfn"]["claims"]["count"] = 3

    paths = [
        changed(lambda metrics: None, "performance_2026-05-06.json"),
        changed(change, "performance_2026-05-07.json"),
    ]
    book.load(paths[::-1] if is_reversed else paths)
    found = book.value(
        "SELECT n_reported FROM control_totals "
        "WHERE metric = 'claims' AND fulfilment = 'seller' AND marketplace = 'US'"
    )
    assert (book.value("SELECT count(*) FROM control_totals"), found) == (20, 3)
