from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

US = "amazon_mfn_returns.us_2026_33"
REPORT = "amazon_mfn_returns"

LACKING = {"amazon_mfn_returns.docs_32": ("order_item_id",)}
"""Columns of the book that a header variant does not fill."""

PULLED_AT = datetime(2026, 5, 31, 23, 59, 59)


def test_header_variants_fill_equal_tables(
    book: ClaimBook,
    usual: Callable[..., Any],
    write_report: Callable[..., Path],
    content: Callable[..., Any],
    variant: str,
) -> None:
    aside = ("extra", *LACKING.get(variant, ()))
    book.load(write_report(variant), PULLED_AT)
    assert content(book, aside) == usual(REPORT, aside)


def test_columns_between_the_last_two_known_ones_shift_nothing(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    """Amazon inserts columns before the last one, so that a reader by position reads wrong."""
    book.load(write_report("amazon_mfn_returns.uk_de_2026_35"))
    found = book.rows("SELECT refunded_amount, order_item_id, extra FROM returns LIMIT 1")[0]
    assert found["refunded_amount"] == Decimal(25)
    assert found["order_item_id"] == "12345678901234"
    assert json.loads(found["extra"]) == {"Category": "Kitchen", "VAT": "4.2"}


def test_counts_and_sums_per_currency_are_those_of_another_reader(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    path = write_report(US)
    (result,) = book.load(path)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    orders: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            sums[row["Currency code"]] += Decimal(row["Order Amount"]) + Decimal(row["Label cost"])
            orders[row["Order ID"]] += 1
    assert result.read == result.inserted == sum(orders.values()) == 6
    by_currency = "SELECT currency, sum(order_amount + label_cost) FROM returns GROUP BY currency"
    by_order = "SELECT order_id, count(*) FROM returns GROUP BY order_id"
    assert dict(book.connection.execute(by_currency).fetchall()) == dict(sums)
    assert dict(book.connection.execute(by_order).fetchall()) == dict(orders)


def test_return_row_keeps_its_raw_words_beside_the_mapped_ones(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    book.load(write_report(US))
    assert book.rows(
        "SELECT reason_raw, reason, in_policy, atoz_flag, carrier, requested_at, "
        "safet_created_at, safet_created_precision FROM returns WHERE line_no = 2"
    ) == [
        {
            "reason_raw": "CR-DEFECTIVE",
            "reason": "not_as_described",
            "in_policy": True,
            "atoz_flag": False,
            "carrier": "UPS",
            "requested_at": datetime(2026, 5, 10),
            "safet_created_at": datetime(2026, 5, 18, 10, 30),
            "safet_created_precision": "instant",
        }
    ]


def test_identical_return_rows_stay_two(book: ClaimBook, write_report: Callable[..., Path]) -> None:
    book.load(write_report(US))
    found = book.columns("SELECT occurrence FROM returns WHERE order_id = '111-0000009-0000009'")
    assert sorted(found["occurrence"]) == [1, 2]


def test_claims_are_made_of_safet_ids_and_of_the_atoz_flag(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    book.load(write_report(US))
    found = book.rows(
        "SELECT claim_id, id_is_derived, outcome, granted_amount, currency, filed_precision "
        "FROM claims ORDER BY program, claim_id"
    )
    assert [tuple(row.values()) for row in found] == [
        ("111-0000007-0000007/DbbbbbbRMA", True, "unknown", None, "USD", None),
        ("10001-20001-3000001", False, "pending", None, "USD", "instant"),
        ("10001-20001-3000002", False, "granted_full", Decimal("9.75"), "EUR", "day"),
    ]


def one_claim(state: str, amount: str = "", **more: str) -> dict[str, str]:
    return {
        "order id": "111-0000001-0000001",
        "return request date": "2-May-2026",
        "amazon rma id": "DaaaaaaRMA",
        "currency code": "USD",
        "a-to-z claim": "N",
        "safet claim id": "10001-20001-3000001",
        "safet claim state": state,
        "safet claim creation time": "10-May-2026",
        "safet claim reimbursement amount": amount,
    } | more


STATES = {"2026-05-15": "Under Investigation", "2026-05-20": "Under Investigation",
          "2026-05-25": "Granted", "2026-05-30": "Granted"}  # fmt: skip


@pytest.mark.parametrize("is_reversed", [False, True])
def test_claim_in_several_pulls_keeps_each_state_and_is_decided_between_two(
    book: ClaimBook, write_report: Callable[..., Path], is_reversed: bool
) -> None:
    paths = [
        write_report(US, name=f"returns_{day}.txt", rows=[one_claim(state), *filler(k)])
        for k, (day, state) in enumerate(STATES.items())
    ]
    book.load(reversed(paths) if is_reversed else paths)
    states = book.columns("SELECT state_raw FROM claim_snapshots ORDER BY pulled_at")["state_raw"]
    assert states == list(STATES.values())
    (claim,) = book.rows("SELECT outcome, decided_lo, decided_hi, decided_basis FROM v_claims")
    assert claim == {
        "outcome": "granted_full",
        "decided_lo": datetime(2026, 5, 20, 23, 59, 59),
        "decided_hi": datetime(2026, 5, 25, 23, 59, 59),
        "decided_basis": "snapshot",
    }


def filler(day: int) -> list[dict[str, str]]:
    """A return that makes each pull another file."""
    return [
        {
            "order id": "111-0000002-0000002",
            "return request date": f"{day + 1}-May-2026",
            "amazon rma id": f"Dfffff{day}RMA",
        }
    ]


def test_decision_seen_in_the_first_pull_has_no_earliest_time_but_filing(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    book.load(write_report(US, name="returns_2026-05-25.txt", rows=[one_claim("Granted", "9.75")]))
    (claim,) = book.rows("SELECT decided_lo, decided_hi FROM v_claims")
    assert claim["decided_lo"] == datetime(2026, 5, 10)
    assert claim["decided_hi"] == datetime(2026, 5, 25, 23, 59, 59)


def test_pull_without_a_day_bounds_no_decision_and_says_so(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    (result,) = book.load(write_report(US, rows=[one_claim("Granted")]))
    assert book.value("SELECT decided_hi FROM v_claims") is None
    assert any("no pull date" in note for note in result.notes)


def test_older_pull_never_replaces_a_newer_state(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    newer = write_report(US, name="returns_2026-05-25.txt", rows=[one_claim("Granted", "9.75")])
    older = write_report(US, name="returns_2026-05-15.txt", rows=[one_claim("Submitted")])
    _, result = book.load([newer, older])
    assert (result.read, result.ignored) == (1, 1)
    assert book.value("SELECT safet_state_raw FROM returns") == "Granted"
    assert book.value("SELECT outcome FROM claims") == "granted_full"


def test_claim_on_several_rows_of_a_file_is_one_with_the_state_of_the_last(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    rows = [
        one_claim("Under Investigation", **{"merchant sku": "A"}),
        one_claim("Granted", "9.75", **{"merchant sku": "B"}),
    ]
    book.load(write_report(US, rows=rows))
    assert book.columns("SELECT outcome, granted_amount FROM claims") == {
        "outcome": ["granted_full"], "granted_amount": [Decimal("9.75")],
    }  # fmt: skip
    assert book.value("SELECT count(*) FROM claim_snapshots") == 1


def test_state_is_mapped_or_kept_raw_and_counted(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    states = {
        "1": ("No-Grant", "", "denied"),
        "2": ("APPROVED", "5.00", "granted_full"),
        "3": ("Sunspots", "5.00", "unknown"),
        "4": ("Sunspots", "", "unknown"),
        "5": ("", "", "unknown"),
    }
    rows = [
        one_claim(state, amount, **{"safet claim id": number})
        for number, (state, amount, _) in states.items()
    ]
    (result,) = book.load(write_report(US, rows=rows))
    found = book.columns("SELECT outcome FROM claims ORDER BY claim_id")["outcome"]
    assert found == [outcome for *_, outcome in states.values()]
    assert "safet_state with values no rule knows, kept raw: Sunspots (2)." in result.notes
    assert book.value("SELECT n_rows FROM unmapped_values WHERE value = 'Sunspots'") == 2
