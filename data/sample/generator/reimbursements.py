"""FBA reimbursements: approvals only, most of them automatic, two of them taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .chance import Chance, days
from .claims import Claim
from .markets import US, Product
from .orders import Order
from .plan import LAST_PULL

AUTOMATIC = 160
AUTOMATIC_FROM = datetime(2026, 1, 15)
AUTOMATIC_REASONS: Mapping[str, float] = {
    "CustomerReturn": 0.50,
    "Lost_Warehouse": 0.25,
    "Damaged_Warehouse": 0.15,
    "CustomerServiceIssue": 0.10,
}
ABOUT_AN_ORDER = frozenset({"CustomerReturn", "CustomerServiceIssue"})
CLAIM_REASON: Mapping[str, str] = {
    "lost_in_warehouse": "Lost_Warehouse",
    "damaged_in_warehouse": "Damaged_Warehouse",
    "lost_inbound": "Lost_Inbound",
}
REVERSED = 2


@dataclass(frozen=True)
class Reimbursement:
    """One line of the report; the amount is in cents, for all units of the line."""

    approved_at: datetime
    reimbursement_id: str
    case_id: str
    order_id: str
    reason: str
    sku: str
    product: Product
    amount: int
    cash_units: int
    stock_units: int
    original_id: str = ""
    original_type: str = ""


def draw_reimbursements(
    chance: Chance, orders: list[Order], claims: list[Claim]
) -> list[Reimbursement]:
    """Draw the lines of the US report, in the order of approval."""
    shipped = [
        order
        for order in orders
        if order.market is US and order.by_amazon and order.can_be_claimed
        if order.purchased_at < LAST_PULL.end - days(60)
    ]
    automatic = [_draw_automatic(chance, shipped) for _ in range(AUTOMATIC)]
    lines = [_of_claim(chance, claim) for claim in claims if _was_granted(claim)]
    lines += automatic + _second_line(chance, automatic[0]) + [automatic[1]]
    lost = [
        line
        for line in automatic[2:]
        if line.reason == "Lost_Warehouse" and line.approved_at < datetime(2026, 7, 1)
    ]
    lines += [_draw_reversal(chance, line) for line in lost[:REVERSED]]
    return sorted(lines, key=lambda line: (line.approved_at, line.reimbursement_id))


def _was_granted(claim: Claim) -> bool:
    return (
        claim.program == "amazon_fba_reimbursement"
        and claim.market is US
        and _granted_on(claim) is not None
    )


def _granted_on(claim: Claim) -> datetime | None:
    """Give the moment of the first grant, on appeal too, if there is one by the last pull."""
    granted_at: datetime | None = None
    if claim.ending == "approved":
        granted_at = claim.decided_at
    elif claim.appeal and claim.appeal.overturned:
        granted_at = claim.appeal.decided_at
    return granted_at if granted_at and granted_at < LAST_PULL.end else None


def _of_claim(chance: Chance, claim: Claim) -> Reimbursement:
    granted_at = _granted_on(claim)
    assert granted_at is not None
    units = claim.line.quantity
    in_goods = claim.outcome == "replaced"
    return Reimbursement(
        approved_at=granted_at,
        reimbursement_id=chance.digits(11),
        case_id=claim.claim_id,
        order_id=claim.order.order_id,
        reason=CLAIM_REASON[claim.cell.reason],
        sku=claim.line.product.sku,
        product=claim.line.product,
        amount=claim.granted_at(LAST_PULL.end) or 0,
        cash_units=0 if in_goods else units,
        stock_units=units if in_goods else 0,
    )


def _draw_automatic(chance: Chance, orders: list[Order]) -> Reimbursement:
    reason = chance.weighted(AUTOMATIC_REASONS)
    order = chance.pick(orders)
    product = order.lines[0].product
    by_order = reason in ABOUT_AN_ORDER
    earliest = order.purchased_at + days(10) if by_order else AUTOMATIC_FROM
    return Reimbursement(
        approved_at=chance.moment(earliest, LAST_PULL.end),
        reimbursement_id=chance.digits(11),
        case_id="",
        order_id=order.order_id if by_order else "",
        reason=reason,
        sku=product.sku,
        product=product,
        amount=product.price * chance.whole(40, 85) // 100,
        cash_units=1,
        stock_units=0,
    )


def _second_line(chance: Chance, line: Reimbursement) -> list[Reimbursement]:
    """Give a second article that was paid under the same reimbursement id."""
    other = chance.pick([product for product in US.products if product != line.product])
    return [replace(line, sku=other.sku, product=other, amount=other.price // 2)]


def _draw_reversal(chance: Chance, line: Reimbursement) -> Reimbursement:
    """Take the money back because the unit was found."""
    return replace(
        line,
        approved_at=chance.later(line.approved_at, 15, 45),
        reimbursement_id=chance.digits(11),
        reason="Reimbursement_Reversal",
        sku=f"Amazon.Found.{line.product.asin}",
        amount=-line.amount,
        cash_units=-1,
        stock_units=1,
        original_id=line.reimbursement_id,
        original_type=line.reason,
    )
