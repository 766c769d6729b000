from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimstats.errors import FileRefused
from claimstats.session import ClaimBook

FIXTURES = Path(__file__).parent / "fixtures"
DISPUTES, PAYMENTS = FIXTURES / "stripe_disputes.csv", FIXTURES / "stripe_payments.csv"
PULLED_AT = datetime(2026, 6, 1)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def dispute(write: Callable[..., Path]) -> Callable[..., Path]:
    """A file with the first dispute of the fixture, changed."""
    first = rows_of(DISPUTES)[0]

    def of(name: str = "d.csv", **changed: str) -> Path:
        row = first | {key.replace("_", " "): value for key, value in changed.items()}
        return write(name, list(row), [row], delimiter="\t")

    return of


def test_counts_and_sums_per_currency_are_those_of_another_reader(book: ClaimBook) -> None:
    (result,) = book.load(DISPUTES, PULLED_AT)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows_of(DISPUTES):
        sums[row["Dispute Currency"].upper()] += Decimal(row["Dispute Amount"].replace(",", ""))
    assert result.read == result.inserted == len(rows_of(DISPUTES)) == 12
    by_currency = "SELECT currency, sum(claimed_amount) FROM v_claims GROUP BY currency"
    assert dict(book.connection.execute(by_currency).fetchall()) == dict(sums)


def test_state_is_told_from_the_buyers_and_from_the_sellers_side(book: ClaimBook) -> None:
    book.load(DISPUTES, PULLED_AT)
    found = book.rows("SELECT DISTINCT state_raw, outcome, seller_outcome FROM v_claims")
    assert {row["state_raw"]: (row["outcome"], row["seller_outcome"]) for row in found} == {
        "won": ("denied", "won"),
        "lost": ("granted_full", "lost"),
        "warning_closed": ("withdrawn", "neutral"),
        "prevented": ("settled_by_seller", "neutral"),
        "needs_response": ("pending", "pending"),
        "warning_needs_response": ("pending", "pending"),
        "under_review": ("pending", "pending"),
        "warning_under_review": ("pending", "pending"),
    }


def test_lost_dispute_granted_what_was_disputed_and_a_won_one_nothing(book: ClaimBook) -> None:
    book.load(DISPUTES, PULLED_AT)
    granted = book.rows("SELECT state_raw, granted_amount, claimed_amount FROM v_claims")
    assert all(
        row["granted_amount"] == (row["claimed_amount"] if row["state_raw"] == "lost" else None)
        for row in granted
    )


def test_decision_falls_between_the_pulls_that_show_the_dispute_open_and_decided(
    book: ClaimBook, dispute: Callable[..., Path]
) -> None:
    book.load(dispute("a.csv", Status="needs_response"), datetime(2026, 4, 1))
    book.load(dispute("b.csv", Status="won"), datetime(2026, 5, 1))
    (claim,) = book.rows("FROM v_claims")
    bounds = (claim["decided_lo"], claim["decided_hi"], claim["decided_basis"])
    assert bounds == (datetime(2026, 4, 1), datetime(2026, 5, 1), "snapshot")


@pytest.mark.parametrize(
    ("has_evidence", "count", "n"),
    [("true", "2", 1), ("true", "0", 0), ("true", "", 1), ("false", "0", 0), ("", "", 0)],
)
def test_evidence_is_what_was_sent_and_not_what_was_only_saved(
    book: ClaimBook, dispute: Callable[..., Path], has_evidence: str, count: str, n: int
) -> None:
    book.load(dispute(Has_Evidence=has_evidence, Submission_Count=count), PULLED_AT)
    assert book.value("SELECT count(*) FROM evidence") == n
    kinds = book.rows("SELECT kind, with_filing FROM evidence")
    assert kinds == [{"kind": "other", "with_filing": None}] * n


@pytest.mark.parametrize(
    ("description", "order"),
    [
        ("Order #1040", "#1040"),
        ("Payment for order 2026-0381", "2026-0381"),
        ("Payment for Mary Jones", None),
        ("Reorder 123456", None),
        ("Subscription creation", None),
        ("Invoice 77123", None),
    ],
)
def test_description_tells_an_order_only_where_it_says_so(
    book: ClaimBook, dispute: Callable[..., Path], description: str, order: str | None
) -> None:
    book.load(dispute(Description=description), PULLED_AT)
    assert book.value("SELECT extra ->> 'Order' FROM claims") == order


def test_decimal_commas_are_read_where_the_file_shows_them(
    book: ClaimBook, dispute: Callable[..., Path]
) -> None:
    path = dispute(Dispute_Amount="1.204,50", Charge_Amount="75,00", Amount_Refunded="0,00")
    (result,) = book.load(path, PULLED_AT)
    assert book.value("SELECT claimed_amount FROM claims") == Decimal("1204.50")
    assert any("decimal comma" in note for note in result.notes)


def test_file_with_both_decimal_signs_is_refused(
    book: ClaimBook, dispute: Callable[..., Path]
) -> None:
    with pytest.raises(FileRefused, match=r"decimal comma .* and a decimal point"):
        book.load(dispute(Dispute_Amount="64,00", Charge_Amount="64.00", Amount_Refunded="0,00"))


def test_metadata_columns_may_tell_of_a_person_and_are_dropped(
    book: ClaimBook, write: Callable[..., Path]
) -> None:
    row = rows_of(DISPUTES)[0] | {"Customer Name (metadata)": "Mary Jones", "Region": "North"}
    book.load(write("m.csv", list(row), [row], delimiter="\t"), PULLED_AT)
    extra = str(book.value("SELECT extra FROM claims"))
    assert "Mary" not in extra
    assert "North" in extra


@pytest.mark.parametrize("is_reversed", [False, True])
def test_dispute_that_both_exports_tell_counts_once(book: ClaimBook, is_reversed: bool) -> None:
    paths = [DISPUTES, PAYMENTS]
    for path in reversed(paths) if is_reversed else paths:
        book.load(path, PULLED_AT)
    found: dict[str, Any] = book.columns("SELECT claim_id, id_is_derived, has_order FROM v_claims")
    assert sorted(found["claim_id"]) == sorted(row["id"] for row in rows_of(DISPUTES))
    assert set(found["id_is_derived"]) == {False}
    assert set(found["has_order"]) == {True}
