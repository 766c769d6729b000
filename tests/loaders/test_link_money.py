"""Which claim money belongs to, and what it tells of that claim: cases worked by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from claimstats.loaders.unload import unload
from claimstats.session import ClaimBook

SETTLEMENT = "amazon_settlement_v2.files_24"
FBA = "amazon_fba_reimbursements.us_2026"
MFN = "amazon_mfn_returns.us_2026_33"
ORDER, OTHER = "113-0000001-0000001", "113-0000002-0000002"
TRACKER = ["claim_id", "program", "order_id", "sku", "outcome", "filed_at", "decided_at",
           "granted_amount", "currency"]  # fmt: skip
POSTED = datetime(2026, 4, 9, 3, 15)

Row = dict[str, str]


def line(kind: str, amount: str, order: str = ORDER, sku: str = "", **more: str) -> Row:
    types = {
        "safet": ("SAFE-T Reimbursement", "Other transactions", "SAFE-T reimbursement"),
        "atoz": ("A-to-z Guarantee Refund", "ItemPrice", "Principal"),
        "atoz_fee": ("A-to-z Guarantee Refund", "ItemFees", "Commission"),
        "chargeback": ("Chargeback Refund", "ItemPrice", "Principal"),
        "fba": ("other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_LOST"),
        "fba_back": ("other-transaction", "FBA Inventory Reimbursement", "REVERSAL_REIMBURSEMENT"),
    }
    transaction, amount_type, description = types[kind]
    row = {
        "settlement-id": "1", "currency": "USD", "transaction-type": transaction,
        "order-id": order, "amount-type": amount_type, "amount-description": description,
        "amount": amount, "posted-date": "04/09/26",
        "posted-date-time": "2026-04-09 03:15:00 UTC", "sku": sku,
    }  # fmt: skip
    return row | {name.replace("_", "-"): value for name, value in more.items()}


def claim(claim_id: str, program: str = "safe-t", **more: str) -> Row:
    usual = {"order_id": ORDER, "outcome": "pending", "filed_at": "2026-04-01"}
    return {"claim_id": claim_id, "program": program} | usual | more


def paid(rid: str, **more: str) -> Row:
    row = {
        "approval-date": "2026-04-09T01:00:00Z", "reimbursement-id": rid,
        "reason": "Lost_Warehouse", "sku": "A", "currency-unit": "USD", "amount-total": "20.00",
    }  # fmt: skip
    return row | {name.replace("_", "-"): value for name, value in more.items()}


@pytest.fixture
def files(write_report: Callable[..., Path], write: Callable[..., Path]) -> Callable[..., Any]:
    """A file for each kind of rows that is given."""

    def of(
        money: Sequence[Row] = (),
        claims: Sequence[Row] = (),
        fba: Sequence[Row] = (),
        returns: Sequence[Row] = (),
    ) -> list[Path]:
        found = []
        if claims:
            found.append(write("claims.csv", TRACKER, claims))
        if fba:
            found.append(write_report(FBA, name="fba.txt", rows=fba))
        if returns:
            found.append(write_report(MFN, name="returns.txt", rows=returns))
        if money:
            found.append(write_report(SETTLEMENT, name="settlement.txt", rows=money))
        return found

    return of


def links(book: ClaimBook) -> list[tuple[Any, ...]]:
    return book.connection.execute(
        "SELECT program, claim_id, link_method FROM money_links ORDER BY line_no"
    ).fetchall()


def the_claim(book: ClaimBook, claim_id: str) -> dict[str, Any]:
    (row,) = book.rows("SELECT * FROM v_claims WHERE claim_id = $1", [claim_id])
    return row


@pytest.mark.parametrize(
    ("money", "claims", "expected"),
    [
        # The reference names the claim, whatever its order.
        (line("safet", "5", OTHER, adjustment_id="S1"), [claim("S1"), claim("S2", order_id=OTHER)],
         ("amazon_safet", "S1", "id")),
        # Order and article name one of two claims.
        (line("safet", "5", sku="B"), [claim("S1", sku="A"), claim("S2", sku="B")],
         ("amazon_safet", "S2", "order_sku")),
        # The order names the only claim; the line tells no article, or another one.
        (line("safet", "5"), [claim("S1", sku="A")], ("amazon_safet", "S1", "order")),
        (line("safet", "5", sku="B"), [claim("S1", sku="A")], ("amazon_safet", "S1", "order")),
        # Two claims fit.
        (line("safet", "5"), [claim("S1", sku="A"), claim("S2", sku="B")],
         ("amazon_safet", None, "ambiguous")),
        (line("safet", "5", sku="A"), [claim("S1", sku="A"), claim("S2", sku="A")],
         ("amazon_safet", None, "ambiguous")),
        # None fits: another order, another program, the same amount alone.
        (line("safet", "5", OTHER), [claim("S1", granted_amount="5", currency="USD")],
         ("amazon_safet", None, "none")),
        (line("safet", "5"), [claim("Z1", "a-to-z")], ("amazon_safet", None, "none")),
        # An order's own claim takes the debit; where there is none, the debit makes one.
        (line("atoz", "-5"), [claim("Z1", "a-to-z")], ("amazon_atoz", "Z1", "order")),
        (line("atoz", "-5"), [claim("S1")], ("amazon_atoz", f"{ORDER}/", "derived")),
        (line("chargeback", "-5"), [], ("amazon_chargeback", f"{ORDER}/", "derived")),
        # What comes back alone makes none, nor does a debit without an order.
        (line("atoz", "5"), [], ("amazon_atoz", None, "none")),
        (line("atoz", "-5", ""), [], ("amazon_atoz", None, "none")),
    ],
)  # fmt: skip
def test_line_is_linked_by_id_then_order_and_article_then_order(
    book: ClaimBook,
    files: Callable[..., Any],
    money: Row,
    claims: list[Row],
    expected: tuple[Any, ...],
) -> None:
    book.load(files([money], claims))
    assert links(book) == [expected]
    unlinked = book.value("SELECT count(*) FROM v_money_unlinked")
    assert unlinked == (expected[1] is None)


@pytest.mark.parametrize(
    ("money", "fba", "expected"),
    [
        (line("fba", "20", "", "A"), [paid("1", case_id="9")], ("9", "sku_date")),
        (line("fba", "20", "", "A", adjustment_id="1"), [paid("1", case_id="9"), paid("2")],
         ("9", "id")),
        (line("fba", "20", ORDER, "A"), [paid("1", case_id="9", amazon_order_id=ORDER)],
         ("9", "order_sku")),
        # A case of several reimbursements is one claim.
        (line("fba", "20", "", "A"), [paid("1", case_id="9"), paid("2", case_id="9")],
         ("9", "sku_date")),
        # Two reimbursements fit, and only one of them was asked for.
        (line("fba", "20", "", "A"), [paid("1", case_id="9"), paid("2")], (None, "ambiguous")),
        # Nobody asked for it.
        (line("fba", "20", "", "A"), [paid("1")], (None, "automatic")),
        # Too long ago, another article, another article of the order.
        (line("fba", "20", "", "A"), [paid("1", case_id="9", approval_date="2026-03-01")],
         (None, "none")),
        (line("fba", "20", "", "B"), [paid("1", case_id="9")], (None, "none")),
        (line("fba", "20", ORDER, "B"), [paid("1", case_id="9", amazon_order_id=ORDER)],
         (None, "none")),
    ],
)  # fmt: skip
def test_fba_money_is_linked_through_the_only_reimbursement_that_fits(
    book: ClaimBook,
    files: Callable[..., Any],
    money: Row,
    fba: list[Row],
    expected: tuple[str | None, str],
) -> None:
    book.load(files([money], fba=fba))
    assert links(book) == [("amazon_fba_reimbursement", *expected)]


def test_debit_without_a_known_claim_makes_one_that_no_rate_counts(
    book: ClaimBook, files: Callable[..., Any]
) -> None:
    book.load(files([line("atoz", "-40"), line("atoz", "-3.30"), line("atoz_fee", "6")]))
    row = the_claim(book, f"{ORDER}/")
    assert (row["outcome"], row["granted_amount"], row["posted_amount"], row["currency"]) == (
        "granted_full", Decimal("43.30"), Decimal("-37.30"), "USD",
    )  # fmt: skip
    assert row["id_is_derived"] and row["is_approvals_only"] and row["is_approval_listed"]
    assert (row["decided_at"], row["decided_hi"], row["decided_basis"]) == (
        None, POSTED, "settlement",
    )  # fmt: skip
    (why,) = book.columns("SELECT excluded_why FROM claims_as_of()")["excluded_why"]
    assert why == "approvals_only"


def test_flag_of_the_returns_and_the_debit_are_one_claim_that_no_rate_counts(
    book: ClaimBook, files: Callable[..., Any]
) -> None:
    """The flag never says that a claim was denied, so approvals alone would be counted."""
    returned = {"order id": ORDER, "amazon rma id": "R1", "a-to-z claim": "Y"}
    book.load(files([line("atoz", "-40")], returns=[returned]))
    (row,) = book.rows("SELECT * FROM v_claims")
    assert (row["claim_id"], row["outcome"]) == (f"{ORDER}/R1", "granted_full")
    assert row["is_approvals_only"]


@pytest.mark.parametrize(
    ("money", "outcome", "granted"),
    [
        ([("safet", "31.50")], "granted_full", "31.50"),
        ([("safet", "31.50"), ("safet", "-31.50")], "reversed", "0"),
        ([("safet", "31.50"), ("safet", "-11.50")], "granted_full", "20.00"),
        ([("safet", "31.50"), ("safet", "2.00")], "granted_full", "33.50"),
    ],
)
def test_reversals_are_set_off(
    book: ClaimBook,
    files: Callable[..., Any],
    money: list[tuple[str, str]],
    outcome: str,
    granted: str,
) -> None:
    book.load(files([line(*parts) for parts in money], [claim("S1")]))
    row = the_claim(book, "S1")
    assert (row["outcome"], row["granted_amount"]) == (outcome, Decimal(granted))
    assert row["is_approval_listed"] and not row["is_approvals_only"]


def test_debit_that_came_back_is_reversed_fees_and_all(
    book: ClaimBook, files: Callable[..., Any]
) -> None:
    money = [line("atoz", "-40"), line("atoz_fee", "6"), line("atoz", "40"), line("atoz_fee", "-6")]
    book.load(files(money))
    row = the_claim(book, f"{ORDER}/")
    assert (row["outcome"], row["granted_amount"], row["posted_amount"]) == ("reversed", 0, 0)


def test_two_currencies_are_never_added(book: ClaimBook, files: Callable[..., Any]) -> None:
    money = [line("safet", "31.50"), line("safet", "-31.50", currency="EUR")]
    book.load(files(money, [claim("S1", currency="USD")]))
    row = the_claim(book, "S1")
    assert (row["outcome"], row["granted_amount"]) == ("granted_full", None)
    assert (row["posted_amount"], row["currency"]) == (Decimal("31.50"), "USD")
    assert "money in another currency" in _contradictions(book)


def _contradictions(book: ClaimBook) -> list[str]:
    found = book.columns("SELECT contradiction FROM v_money_contradictions ORDER BY 1")
    return list(found["contradiction"])


@pytest.mark.parametrize(
    ("told", "money", "outcome", "contradictions"),
    [
        ({"outcome": "pending"}, [("safet", "5")], "granted_full", []),
        ({"outcome": "unknown"}, [("safet", "5")], "granted_full", []),
        ({"outcome": "granted_partial"}, [("safet", "5")], "granted_partial", []),
        ({"outcome": "denied"}, [("safet", "5")], "denied",
         ["money posted for a claim told to have none"]),
        ({"outcome": "granted_full"}, [("safet", "5"), ("safet", "-5")], "granted_full",
         ["granted, and the money taken back"]),
        ({"filed_at": "2026-04-20"}, [("safet", "5")], "granted_full",
         ["money posted before filing"]),
        ({"filed_at": "2026-04-09"}, [("safet", "5")], "granted_full", []),
        ({"outcome": "denied"}, [("safet", "5"), ("safet", "-5")], "denied", []),
    ],
)  # fmt: skip
def test_money_decides_what_is_open_and_contradicts_what_is_decided(
    book: ClaimBook,
    files: Callable[..., Any],
    told: Row,
    money: list[tuple[str, str]],
    outcome: str,
    contradictions: list[str],
) -> None:
    book.load(files([line(*parts) for parts in money], [claim("S1", **told)]))
    assert the_claim(book, "S1")["outcome"] == outcome
    assert _contradictions(book) == contradictions


def test_money_bounds_the_decision_and_is_no_decision_time(
    book: ClaimBook, files: Callable[..., Any]
) -> None:
    (path, money) = files([line("safet", "5")], [claim("S1")])
    book.load(path, datetime(2026, 4, 5))
    book.load(money)
    row = the_claim(book, "S1")
    assert (row["decided_at"], row["decided_lo"], row["decided_hi"], row["decided_basis"]) == (
        None, datetime(2026, 4, 5), POSTED, "settlement",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "decided_hi", "basis"),
    [
        ({"outcome": "granted_full", "decided_at": "2026-04-03"}, datetime(2026, 4, 3), "tracker"),
        ({"outcome": "denied"}, datetime(2026, 5, 1), "snapshot"),
        ({"outcome": "granted_full"}, POSTED, "settlement"),
        ({"outcome": "granted_full", "filed_at": "2026-04-20"}, datetime(2026, 5, 1), "snapshot"),
    ],
)
def test_money_bounds_only_what_it_tells_more_closely(
    book: ClaimBook,
    files: Callable[..., Any],
    told: Row,
    decided_hi: datetime,
    basis: str,
) -> None:
    (path, money) = files([line("safet", "5")], [claim("S1", **told)])
    book.load(path, datetime(2026, 5, 1))
    book.load(money)
    row = the_claim(book, "S1")
    assert (row["decided_hi"], row["decided_basis"]) == (decided_hi, basis)


def test_state_that_lags_behind_the_money_bounds_nothing(
    book: ClaimBook, files: Callable[..., Any]
) -> None:
    (path, money) = files([line("safet", "5")], [claim("S1")])
    book.load(path, datetime(2026, 4, 25))
    book.load(money)
    row = the_claim(book, "S1")
    assert (row["decided_lo"], row["decided_hi"]) == (datetime(2026, 4, 1), POSTED)


def test_day_of_a_posting_ends_with_it(book: ClaimBook, files: Callable[..., Any]) -> None:
    book.load(files([line("safet", "5", posted_date_time="")], [claim("S1")]))
    assert the_claim(book, "S1")["decided_hi"] == datetime(2026, 4, 9, 23, 59, 59, 999999)


def test_timeline_tells_what_was_posted_and_what_came_back(
    book: ClaimBook, files: Callable[..., Any]
) -> None:
    back = line("safet", "-5", posted_date_time="2026-04-20 00:00:00 UTC")
    book.load(files([line("safet", "5"), line("safet", "1"), back], [claim("S1")]))
    rows = book.rows("SELECT type, occurred_at FROM v_claim_timeline WHERE source = 'money'")
    assert sorted((row["occurred_at"], row["type"]) for row in rows) == [
        (POSTED, "money_posted"), (datetime(2026, 4, 20), "reversed"),
    ]  # fmt: skip


def test_order_of_loading_changes_nothing_and_unloading_restores_exactly(
    book: ClaimBook,
    files: Callable[..., Any],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    paths = files(
        [line("atoz", "-40"), line("safet", "5", OTHER), line("fba", "20", "", "A")],
        [claim("Z1", "a-to-z"), claim("S1", order_id=OTHER)],
        [paid("1", case_id="9")],
    )
    books = []
    for order in permutations(paths):
        clear(book)
        book.load(order)
        books.append(content(book))
    assert all(found == books[0] for found in books)
    assert book.value("SELECT count(*) FROM money_links WHERE claim_id IS NOT NULL") == 3
    clear(book)
    book.load(paths[:-1])
    before = content(book)
    (result,) = book.load(paths[-1])
    assert content(book) != before
    assert result.file_id
    unload(book, result.file_id)
    assert content(book) == before


def test_settlement_told_by_two_exports_counts_once(
    book: ClaimBook, files: Callable[..., Any], tmp_path: Path
) -> None:
    dates = tmp_path / "dates.csv"
    header = "date/time,settlement id,type,order id,sku,product sales,selling fees,total"
    rows = [
        f'"Apr 8, 2026 8:15:00 PM PDT",1,A-to-z Guarantee Claim,{ORDER},,-40.00,6.00,-34.00',
        f'"Apr 8, 2026 8:15:00 PM PDT",2,SAFE-T reimbursement,{OTHER},,0.00,0.00,5.00',
    ]
    dates.write_text("\n".join(['"All amounts in USD"', header, *rows, ""]))
    book.load(dates)
    alone = the_claim(book, f"{ORDER}/")
    book.load(files([line("atoz", "-40"), line("atoz_fee", "6")]))
    both = the_claim(book, f"{ORDER}/")
    for name in ("granted_amount", "posted_amount", "currency", "decided_hi", "outcome"):
        assert both[name] == alone[name]
    assert both["posted_amount"] == Decimal("-34.00")
    counted = book.connection.execute(
        "SELECT origin, settlement_id, count(*) FROM v_money GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert counted == [("amazon_date_range", "2", 1), ("amazon_settlement_v2", "1", 2)]
    assert book.value("SELECT count(*) FROM ledger_lines") == 4
