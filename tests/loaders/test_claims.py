"""The claim tracker, and how claims are merged from it and from the exports."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimstats.session import ClaimBook

MFN = "amazon_mfn_returns.us_2026_33"
FBA = "amazon_fba_reimbursements.us_2026"

Tracker = Callable[..., Path]


@pytest.fixture
def tracker(write: Callable[..., Path]) -> Tracker:
    """Write a claim tracker with the columns that its rows have."""

    def of(*rows: dict[str, object], name: str = "claims.csv") -> Path:
        columns = ["claim_id", "program", "outcome", *(column for row in rows for column in row)]
        usual = {"claim_id": "C1", "program": "amazon_safet", "outcome": "pending"}
        return write(name, list(dict.fromkeys(columns)), [usual | row for row in rows])

    return of


def claim(book: ClaimBook, *columns: str, where: str = "true") -> tuple[Any, ...]:
    (row,) = book.rows(f"SELECT {', '.join(columns)} FROM claims WHERE {where}")
    return tuple(row.values())


def safet(**columns: str) -> dict[str, str]:
    """A return row with the SAFE-T claim C1."""
    return {
        "order id": "111-0000001-0000001",
        "return request date": "2-May-2026",
        "amazon rma id": "DaaaaaaRMA",
        "currency code": "USD",
        "a-to-z claim": "N",
        "safet claim id": "C1",
        "safet claim state": "Under Investigation",
        "safet claim creation time": "10-May-2026 12:00:00",
    } | {name.replace("_", " "): value for name, value in columns.items()}


def test_tracker_tells_a_whole_claim(book: ClaimBook, tracker: Tracker) -> None:
    row = {
        "claim_id": " A-1 ", "program": "Amazon Atoz", "outcome": "Won", "marketplace": "amazon.de",
        "order_id": "111-0000001-0000001", "sku": "S", "reason": "SNAD",
        "contacted_at": "2026-05-01", "filed_at": "2026-05-02T10:00:00+02:00",
        "claimed_amount": "1234.50", "granted_amount": "0", "currency": "eur",
        "decided_at": "9-May-2026",
        "resolution": "none", "appealed_at": "2026-05-10", "appeal_outcome": "lost",
        "appeal_decided_at": "2026-05-12", "due_at": "2026-06-30", "note": "hello",
    }  # fmt: skip
    (result,) = book.load(tracker(row))
    assert (result.format, result.inserted, result.notes) == ("claims", 1, ())
    (found,) = book.rows("SELECT * EXCLUDE (origins) FROM claims")
    assert {name: value for name, value in found.items() if value is not None} == {
        "claim_id": "A-1", "program": "amazon_atoz", "id_is_derived": False, "marketplace": "DE",
        "order_id": "111-0000001-0000001", "sku": "S", "reason_raw": "SNAD",
        "reason": "not_as_described", "contacted_at": datetime(2026, 5, 1),
        "filed_at": datetime(2026, 5, 2, 8), "filed_precision": "instant",
        "claimed_amount": Decimal("1234.5"), "granted_amount": Decimal(0), "currency": "EUR",
        "state_raw": "Won", "outcome": "denied", "decided_at": datetime(2026, 5, 9),
        "decided_precision": "day", "resolution": "none", "appealed_at": datetime(2026, 5, 10),
        "appeal_outcome": "granted_full", "appeal_decided_at": datetime(2026, 5, 12),
        "appeal_decided_precision": "day", "due_at": datetime(2026, 6, 30),
    }  # fmt: skip


def test_sums_per_currency_are_those_of_another_reader(book: ClaimBook, tracker: Tracker) -> None:
    amounts = [(f"{k}.05", "USD" if k % 3 else "JPY") for k in range(40)]
    path = tracker(
        *(
            {"claim_id": f"C{k}", "claimed_amount": amount, "currency": currency}
            for k, (amount, currency) in enumerate(amounts)
        )
    )
    (result,) = book.load(path)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            sums[row["currency"]] += Decimal(row["claimed_amount"])
    found = "SELECT currency, sum(claimed_amount) FROM claims GROUP BY currency"
    assert dict(book.connection.execute(found).fetchall()) == dict(sums)
    assert result.read == result.inserted == 40


def test_blank_is_unknown(book: ClaimBook, tracker: Tracker) -> None:
    book.load(tracker({"outcome": "", "filed_at": "", "claimed_amount": "  "}))
    assert claim(book, "outcome", "filed_at", "claimed_amount", "reason") == (
        "unknown", None, None, "unknown",
    )  # fmt: skip


def test_own_columns_are_kept_by_their_names(book: ClaimBook, tracker: Tracker) -> None:
    book.load(tracker({"Carrier": "UPS", "tag": "", "Größe": "M"}))
    assert json.loads(claim(book, "extra")[0]) == {"Carrier": "UPS", "Größe": "M"}


def test_words_that_no_rule_knows_are_kept_and_counted(book: ClaimBook, tracker: Tracker) -> None:
    words = {
        "outcome": "sunspots", "appeal_outcome": "eclipse", "reason": "gremlins",
        "marketplace": "Mars", "direction": "sideways",
    }  # fmt: skip
    book.load(tracker(words))
    assert book.rows("SELECT column_name, value FROM unmapped_values ORDER BY ALL") == [
        {"column_name": name, "value": value} for name, value in sorted(words.items())
    ]
    assert claim(book, "outcome", "state_raw", "reason", "reason_raw", "marketplace") == (
        "unknown", "sunspots", "unknown", "gremlins", "Mars",
    )  # fmt: skip


def test_claim_that_stands_twice_in_a_file_has_its_last_state(
    book: ClaimBook, tracker: Tracker
) -> None:
    (result,) = book.load(tracker({"outcome": "pending"}, {"outcome": "denied"}))
    assert (result.inserted, result.ignored) == (1, 1)
    assert claim(book, "outcome") == ("denied",)
    assert "1 repeated by a later row of the same file" in result.notes[0]
    assert book.columns("SELECT outcome FROM claim_snapshots")["outcome"] == ["denied"]


def test_rows_on_one_claim_that_disagree_are_told_with_what_they_disagree_in(
    book: ClaimBook, tracker: Tracker
) -> None:
    first = {"outcome": "approved", "claimed_amount": "20.00"}
    (result,) = book.load(tracker(first, first | {"claimed_amount": "30.00", "outcome": "denied"}))
    told = (
        "1 of the repeated rows differs from the last one, the first in line 2, in "
        "claimed_amount, outcome; the last one counts."
    )
    assert told in result.notes


def test_equal_rows_on_one_claim_are_one_and_not_said_to_be_two(
    book: ClaimBook, tracker: Tracker
) -> None:
    (result,) = book.load(tracker({}, {}, {}))
    assert (result.inserted, result.ignored) == (1, 2)
    assert "2 repeated by a later row of the same file (the first in line 2)" in result.notes[0]
    assert not [note for note in result.notes if "may be two" in note or "differ" in note]


def test_same_id_in_two_programs_is_two_claims(book: ClaimBook, tracker: Tracker) -> None:
    (result,) = book.load(tracker({}, {"program": "carrier_claim"}))
    assert result.inserted == book.value("SELECT count(*) FROM claims") == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_newer_tracker_replaces_the_older_whatever_is_loaded_first(
    book: ClaimBook, tracker: Tracker, order: tuple[int, int]
) -> None:
    paths = [
        tracker({"outcome": "pending", "resolution": "old"}, name="claims_2026-05-10.csv"),
        tracker({"outcome": "denied"}, name="claims_2026-05-20.csv"),
    ]
    book.load([paths[k] for k in order])
    assert claim(book, "outcome", "resolution") == ("denied", None)
    assert book.value("SELECT count(*) FROM claim_snapshots") == 2


def test_correction_without_a_later_event_is_taken(book: ClaimBook, tracker: Tracker) -> None:
    """Without a day in the name a tracker is as new as its latest event."""
    days = {"filed_at": "2026-05-01"}
    book.load(tracker({"outcome": "pending", **days}, name="1.csv"))
    (result,) = book.load(tracker({"outcome": "denied", **days}, name="2.csv"))
    assert result.updated == 1
    assert claim(book, "outcome") == ("denied",)


def test_file_that_looks_older_is_said_to_be_ignored_and_what_to_do(
    book: ClaimBook, tracker: Tracker
) -> None:
    book.load(tracker({"filed_at": "2026-05-09"}, name="1.csv"))
    corrected = tracker({"filed_at": "2026-05-01"}, name="2.csv")
    (result,) = book.load(corrected)
    assert result.ignored == 1
    assert any("--pulled-at" in note for note in result.notes)


@pytest.mark.parametrize("tracker_first", [True, False])
def test_tracker_beats_the_export_field_by_field(
    book: ClaimBook, tracker: Tracker, write_report: Callable[..., Path], tracker_first: bool
) -> None:
    told = {"filed_at": "2026-05-09", "outcome": "denied", "decided_at": "2026-05-20", "sku": "T"}
    exported = safet(safet_claim_state="Granted", merchant_sku="E", return_reason="CR-DEFECTIVE")
    paths = [tracker(told), write_report(MFN, rows=[exported])]
    book.load(paths if tracker_first else paths[::-1])
    assert claim(
        book, "origins", "outcome", "state_raw", "filed_at", "filed_precision", "sku", "reason"
    ) == (
        ["tracker", "amazon_mfn_returns"], "denied", "denied", datetime(2026, 5, 9), "day", "T",
        "not_as_described",
    )  # fmt: skip


@pytest.mark.parametrize("told", ["pending", ""])
def test_pending_and_unknown_give_way_to_a_decision(
    book: ClaimBook, tracker: Tracker, write_report: Callable[..., Path], told: str
) -> None:
    exported = safet(safet_claim_state="Granted", safet_claim_reimbursement_amount="5.00")
    book.load([tracker({"outcome": told}), write_report(MFN, rows=[exported])])
    assert claim(book, "outcome", "state_raw", "granted_amount") == (
        "granted_full", "Granted", Decimal(5),
    )  # fmt: skip


def test_state_is_that_of_the_source_that_knows_the_outcome(
    book: ClaimBook, tracker: Tracker, write_report: Callable[..., Path]
) -> None:
    """A reimbursement has no state: the tracker's pending must not stand beside a decision."""
    row = {
        "approval-date": "2026-05-20T00:00:00Z", "reimbursement-id": "1", "case-id": "77",
        "reason": "Lost_Warehouse", "currency-unit": "USD", "amount-total": "20.00",
    }  # fmt: skip
    pending = {"claim_id": "77", "program": "amazon_fba_reimbursement"}
    book.load([tracker(pending), write_report(FBA, rows=[row])])
    assert claim(book, "outcome", "state_raw") == ("granted_full", None)


def test_amount_without_a_currency_is_kept_and_said(book: ClaimBook, tracker: Tracker) -> None:
    (result,) = book.load(tracker({"claimed_amount": "30"}, {"claim_id": "C2"}))
    assert claim(book, "claimed_amount", "currency", where="claim_id = 'C1'") == (Decimal(30), None)
    assert (
        "currency with values no rule knows, kept raw: (an amount without one) (1)." in result.notes
    )


@pytest.mark.parametrize(
    ("currency", "claimed", "granted"),
    [("USD", Decimal(30), Decimal(5)), ("", Decimal(30), Decimal(5)), ("EUR", Decimal(30), None)],
)
def test_amounts_of_two_sources_meet_only_in_one_currency(
    book: ClaimBook,
    tracker: Tracker,
    write_report: Callable[..., Path],
    currency: str,
    claimed: Decimal,
    granted: Decimal | None,
) -> None:
    exported = safet(safet_claim_state="Granted", safet_claim_reimbursement_amount="5.00")
    told = {"claimed_amount": "30", "currency": currency, "outcome": "granted_partial"}
    book.load([tracker(told), write_report(MFN, rows=[exported])])
    assert claim(book, "currency", "claimed_amount", "granted_amount") == (
        currency or "USD", claimed, granted,
    )  # fmt: skip


@pytest.mark.parametrize("tracker_first", [True, False])
@pytest.mark.parametrize(
    ("order_id", "claims"),
    [("111-0000001-0000001", ["Z9"]), ("111-0000002-0000002", ["111-0000001-0000001/D1RMA", "Z9"])],
)
def test_derived_atoz_claim_gives_way_to_the_trackers_of_the_same_order(
    book: ClaimBook,
    tracker: Tracker,
    write_report: Callable[..., Path],
    tracker_first: bool,
    order_id: str,
    claims: list[str],
) -> None:
    flagged = safet(**{"a-to-z_claim": "Y", "safet_claim_id": "", "amazon_rma_id": "D1RMA"})
    told = {"claim_id": "Z9", "program": "amazon_atoz", "order_id": order_id}
    paths = [tracker(told), write_report(MFN, rows=[flagged])]
    book.load(paths if tracker_first else paths[::-1])
    assert book.columns("SELECT claim_id FROM claims ORDER BY 1")["claim_id"] == claims


def test_decision_is_bounded_by_the_trackers_own_pulls(book: ClaimBook, tracker: Tracker) -> None:
    filed = {"filed_at": "2026-05-01"}
    for day, outcome in (("10", "pending"), ("15", "pending"), ("20", "denied")):
        told = {"outcome": outcome, "resolution": f"seen on {day}", **filed}
        book.load(tracker(told, name=f"claims_2026-05-{day}.csv"))
    (found,) = book.rows("SELECT decided_lo, decided_hi, decided_basis FROM v_claims")
    assert found["decided_lo"] == datetime(2026, 5, 15, 23, 59, 59)
    assert found["decided_hi"] == datetime(2026, 5, 20, 23, 59, 59)


WRONG = [
    ("claim_id", "1.23E+10", "a number that a spreadsheet shortened"),
    ("claim_id", "", "claim_id: is missing"),
    ("program", "sunspots", "no program that is known; write amazon_safet,"),
    ("filed_at", "03/04/2026", "no date or time like 2026-05-08"),
    ("filed_at", "2026-02-30", "no date or time like 2026-05-08"),
    ("claimed_amount", "12.345.678", "no amount like 1234.56"),
    ("granted_amount", "1.234", "no amount like 1234.56"),
    ("currency", "Euro", "no currency code like USD"),
]


def test_row_with_a_value_that_is_none_is_rejected_with_it(
    book: ClaimBook, tracker: Tracker
) -> None:
    path = tracker(*({column: value, "resolution": "n"} for column, value, _ in WRONG), {})
    (result,) = book.load(path)
    assert (result.inserted, result.rejected) == (1, len(WRONG))
    rejected = book.rows("FROM rejected_rows ORDER BY line_no")
    lines = path.read_text().splitlines()
    for line, (column, value, reason), row in zip(lines[1:], WRONG, rejected, strict=False):
        assert (row["column_name"], row["raw_text"]) == (column, line)
        assert row["line_no"] == lines.index(line) + 1
        assert value in row["reason"]
        assert reason in row["reason"]


def test_decimal_comma_in_a_semicolon_file_is_rejected(
    book: ClaimBook, write: Callable[..., Path]
) -> None:
    row = {
        "claim_id": "1,23E+10",
        "program": "other",
        "outcome": "denied",
        "claimed_amount": "12,50",
    }
    (result,) = book.load(write("claims.csv", list(row), [row], delimiter=";"))
    assert result.rejected == 1
    reason = book.value("SELECT reason FROM rejected_rows")
    assert '"1,23E+10" is no id' in reason
    assert '"12,50" is no amount' in reason


def test_rejected_row_says_all_that_is_wrong_with_it(book: ClaimBook, tracker: Tracker) -> None:
    book.load(tracker({"filed_at": "soon", "claimed_amount": "much", "currency": "$"}))
    (rejected,) = book.rows("FROM rejected_rows")
    assert rejected["column_name"] == "filed_at"
    assert rejected["reason"].count("; ") >= 2
    assert all(word in rejected["reason"] for word in ('"soon"', '"much"', '"$"'))
