"""Seller-fulfilled returns: those behind claims, and the many without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .chance import Chance, days
from .claims import Claim
from .orders import Line, Order
from .plan import FLAGGED_WITHOUT_CLAIM, LAST_PULL

RETURN_REASON: Mapping[str, str] = {
    "damaged_by_customer": "CR-QUALITY_UNACCEPTABLE",
    "wrong_item": "CR-SWITCHEROO",
    "missing_parts": "CR-MISSING_PARTS",
    "empty_box": "CR-DEFECTIVE",
    "not_returned": "CR-UNWANTED_ITEM",
    "item_not_received": "UND-UNKNOWN",
    "not_as_described": "AMZ-PG-BAD-DESC",
    "damaged_in_transit": "AMZ-PG-DAMAGED",
}
ORDINARY_REASONS = (
    "CR-UNWANTED_ITEM",
    "AMZ-PG-MISORDERED",
    "CR-DEFECTIVE",
    "AMZ-PG-BAD-ITEM",
    "CR-QUALITY_UNACCEPTABLE",
)
NEVER_SENT_BACK = frozenset({"not_returned", "item_not_received"})
"""Reasons of SAFE-T claims whose parcel never came back."""

ORDINARY_SHARE = 0.16
"""Seller-fulfilled orders without a claim that are returned."""

ATOZ_WITH_RETURN = 0.70
"""A-to-z claims about a received item for which a return was asked as well."""


@dataclass
class Return:
    """A return as it will have been, seen from the end; amounts in the smallest unit."""

    order: Order
    line: Line
    rma_id: str
    item_id: str
    carrier: str
    tracking_id: str
    reason: str
    resolution: str
    requested_at: datetime
    refunded_at: datetime
    delivered_at: datetime | None
    refunded: int | None
    label_cost: int
    safet: Claim | None
    flagged_at: datetime | None

    def status_at(self, end: datetime) -> str:
        """Give the request's status just before ``end``."""
        if self.refunded_at < end:
            return "Closed"
        return "Approved" if self.requested_at < end - days(1) else "PendingApproval"


def draw_returns(chance: Chance, orders: list[Order], claims: list[Claim]) -> list[Return]:
    """Draw the returns of the marketplaces that have a returns file, in the order of request."""
    claimed = {claim.order.order_id for claim in claims}
    returns = [_safet_return(chance, claim) for claim in claims if claim.program == "amazon_safet"]
    returns += [_atoz_return(chance, claim) for claim in claims if _has_return(chance, claim)]
    ordinary = [
        _ordinary_return(chance, order)
        for order in orders
        if _may_be_returned(order) and order.order_id not in claimed
        if chance.flip(ORDINARY_SHARE)
    ]
    for returned in ordinary[:: len(ordinary) // FLAGGED_WITHOUT_CLAIM][:FLAGGED_WITHOUT_CLAIM]:
        returned.flagged_at = returned.requested_at + days(4)
    return sorted(returns + ordinary, key=lambda returned: (returned.requested_at, returned.rma_id))


def _may_be_returned(order: Order) -> bool:
    young = order.purchased_at > LAST_PULL.end - days(45)
    has_file = order.market.code in {"US", "DE"}
    return has_file and order.can_be_claimed and not order.by_amazon and not young


def _has_return(chance: Chance, claim: Claim) -> bool:
    received = claim.cell.reason in {"not_as_described", "damaged_in_transit"}
    returnable = claim.program == "amazon_atoz" and claim.market.code != "JP" and received
    return returnable and chance.flip(ATOZ_WITH_RETURN)


def _safet_return(chance: Chance, claim: Claim) -> Return:
    requested_at = chance.moment(claim.order.purchased_at + days(8), claim.filed_at - days(7))
    came_back = claim.cell.reason not in NEVER_SENT_BACK
    return _draw_return(
        chance,
        claim.order,
        claim.line,
        requested_at,
        reason=RETURN_REASON[claim.cell.reason],
        resolution="RefundAtFirstScan",
        delivered_at=chance.moment(requested_at + days(3), claim.filed_at) if came_back else None,
        refunded_at=chance.moment(requested_at + days(1), claim.filed_at),
        safet=claim,
    )


def _atoz_return(chance: Chance, claim: Claim) -> Return:
    requested_at = chance.moment(claim.order.purchased_at + days(5), claim.filed_at - days(3))
    return _draw_return(
        chance,
        claim.order,
        claim.line,
        requested_at,
        reason=RETURN_REASON[claim.cell.reason],
        resolution="StandardRefund",
        delivered_at=chance.later(requested_at, 5, 14) if chance.flip(0.6) else None,
        refunded_at=claim.decided_at,
        flagged_at=claim.filed_at,
    )


def _ordinary_return(chance: Chance, order: Order) -> Return:
    requested_at = chance.later(order.purchased_at, 6, 30)
    delivered_at = chance.later(requested_at, 4, 12)
    return _draw_return(
        chance,
        order,
        chance.pick(order.lines),
        requested_at,
        reason=chance.pick(ORDINARY_REASONS),
        resolution=chance.weighted(
            {"StandardRefund": 0.6, "RefundAtFirstScan": 0.3, "Replacement": 0.1}
        ),
        delivered_at=delivered_at if chance.flip(0.9) else None,
        refunded_at=chance.later(delivered_at, 0.1, 3),
    )


def _draw_return(
    chance: Chance,
    order: Order,
    line: Line,
    requested_at: datetime,
    *,
    reason: str,
    resolution: str,
    delivered_at: datetime | None,
    refunded_at: datetime,
    safet: Claim | None = None,
    flagged_at: datetime | None = None,
) -> Return:
    return Return(
        order=order,
        line=line,
        rma_id=f"{chance.letters(8)}RRMA",
        item_id=chance.digits(14),
        carrier=chance.pick(order.market.carriers),
        tracking_id=f"1Z{chance.digits(10)}",
        reason=reason,
        resolution=resolution,
        requested_at=requested_at,
        refunded_at=refunded_at,
        delivered_at=delivered_at,
        refunded=None if chance.flip(0.35) else line.price,
        label_cost=chance.whole(399, 899),
        safet=safet,
        flagged_at=flagged_at,
    )
