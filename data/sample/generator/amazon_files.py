"""Amazon's reports as a pull shows them: all orders, seller-fulfilled returns, reimbursements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from .claims import Claim
from .files import SampleFile
from .headers import (
    ORDER_COLUMNS,
    ORDER_TAIL,
    REIMBURSEMENT_COLUMNS,
    RETURN_COLUMNS,
    RETURN_TAIL,
)
from .markets import DE, JP, US, Market
from .orders import Line, Order
from .plan import LAST_PULL, PULLS, Pull
from .reimbursements import Reimbursement
from .returns import Return

ENCODING = {"US": "utf-8", "DE": "cp1252", "JP": "cp932"}

ITEM_STATUS = {
    "Pending": "Unshipped",
    "Unshipped": "Unshipped",
    "Shipping": "Unshipped",
    "Shipped": "Shipped",
    "Cancelled": "Cancelled",
}
SAFET_ACTION: Mapping[str, str] = {
    "damaged_by_customer": "Customer damaged",
    "wrong_item": "Different item returned",
    "missing_parts": "Missing parts",
    "empty_box": "Empty box",
    "not_returned": "Item not returned",
    "item_not_received": "Lost in transit",
}
SAFET_STATE: Mapping[str, str] = {
    "pending": "Under Investigation",
    "granted_full": "Approved",
    "granted_partial": "Partially Approved",
    "denied": "Denied",
    "expired": "Expired",
    "withdrawn": "Closed",
}
"""Words of the report for a claim's state; ``Closed`` does not say how it ended."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_amazon_files(
    orders: list[Order], returns: list[Return], reimbursements: list[Reimbursement]
) -> list[SampleFile]:
    """Write every report of both pulls."""
    files = [_orders_file(market, pull, orders) for market in (US, DE, JP) for pull in PULLS]
    files += [_returns_file(market, pull, returns) for market in (US, DE) for pull in PULLS]
    files.append(_reimbursements_file(reimbursements))
    return files


def _orders_file(market: Market, pull: Pull, orders: list[Order]) -> SampleFile:
    header = ORDER_COLUMNS + ORDER_TAIL[market.code]
    cells = (
        _order_cells(order, line, pull.end)
        for order in orders
        if order.market is market and pull.covers_from <= order.purchased_at < pull.end
        for line in order.lines
    )
    return SampleFile(
        name=f"amazon_all_orders_{market.code.lower()}_{pull.on}{_packing(market, pull)}",
        encoding=ENCODING[market.code],
        header=header,
        rows=[[row.get(column, "") for column in header] for row in cells],
    )


def _packing(market: Market, pull: Pull) -> str:
    if market is JP:
        return ".zip"
    return ".txt.gz" if market is US and pull is LAST_PULL else ".txt"


def _order_cells(order: Order, line: Line, end: datetime) -> dict[str, str]:
    status = order.status_at(end)
    priced = status not in {"Pending", "Cancelled"} and not order.elsewhere
    return {
        "amazon-order-id": order.order_id,
        "merchant-order-id": order.elsewhere,
        "purchase-date": _instant(order.purchased_at),
        "last-updated-date": _instant(order.updated_at(end)),
        "order-status": status,
        "fulfillment-channel": "Amazon" if order.by_amazon else "Merchant",
        "sales-channel": "Non-Amazon" if order.elsewhere else order.market.site,
        "ship-service-level": order.service,
        "product-name": line.product.name,
        "sku": line.product.sku,
        "asin": line.product.asin,
        "item-status": ITEM_STATUS[status],
        "quantity": "0" if status == "Cancelled" else str(line.quantity),
        "ship-city": order.place.city,
        "ship-state": order.place.state,
        "ship-postal-code": order.place.postal_code,
        "ship-country": order.market.code,
        "promotion-ids": line.promotions,
        "is-business-order": _flag(order.business),
        "price-designation": "Business Price" if order.business else "",
        "is-amazon-invoiced": "false",
        "signature-confirmation-recommended": _flag(line.price > 15_000),
        **(_money_cells(order.market, line) if priced else {}),
    }


def _money_cells(market: Market, line: Line) -> dict[str, str]:
    """Write the amounts; ones that are zero stay empty, as in the real report."""
    amounts = {
        "item-price": line.price,
        "item-tax": line.tax,
        "shipping-price": line.shipping,
        "item-promotion-discount": line.discount,
        "vat-exclusive-item-price": line.price - line.tax,
    }
    written = {column: market.export_money(amount) for column, amount in amounts.items() if amount}
    return {"currency": market.currency, **written}


def _returns_file(market: Market, pull: Pull, returns: list[Return]) -> SampleFile:
    header = RETURN_COLUMNS + RETURN_TAIL[market.code]
    cells = (
        _return_cells(returned, pull.end)
        for returned in returns
        if returned.order.market is market and pull.covers_from <= returned.requested_at < pull.end
    )
    return SampleFile(
        name=f"amazon_seller_returns_{market.code.lower()}_{pull.on}.txt",
        encoding=ENCODING[market.code],
        header=header,
        rows=[[row.get(column, "") for column in header] for row in cells],
    )


def _return_cells(returned: Return, end: datetime) -> dict[str, str]:
    order, line, market = returned.order, returned.line, returned.order.market
    delivered_at, refunded = returned.delivered_at, returned.refunded
    flagged = returned.flagged_at is not None and returned.flagged_at < end
    prepaid = returned.resolution == "RefundAtFirstScan"
    return {
        "Order ID": order.order_id,
        "Order date": _day(order.purchased_at),
        "Return request date": _day(returned.requested_at),
        "Return request status": returned.status_at(end),
        "Amazon RMA ID": returned.rma_id,
        "Label type": "AmazonPrePaidLabel" if prepaid else "AmazonUnPaidLabel",
        "Label cost": market.export_money(returned.label_cost),
        "Currency code": market.currency,
        "Return carrier": returned.carrier,
        "Tracking ID": returned.tracking_id,
        "Label to be paid by": "Seller" if prepaid else "Customer",
        "A-to-Z Claim": "Y" if flagged else "N",
        "Is prime": "N",
        "ASIN": line.product.asin,
        "Merchant SKU": line.product.sku,
        "Item Name": line.product.name,
        "Return quantity": str(line.quantity),
        "Return Reason": returned.reason,
        "In policy": "Y",
        "Return type": "C-Returns",
        "Resolution": returned.resolution,
        "Return delivery date": _day(delivered_at) if delivered_at and delivered_at < end else "",
        "Order Amount": market.export_money(sum(each.price for each in order.lines)),
        "Order quantity": str(line.quantity),
        "Refunded Amount": (
            market.export_money(refunded) if refunded and returned.refunded_at < end else ""
        ),
        "Category": "Home",
        "VAT": f"{market.tax_percent}%",
        "Order Item ID": returned.item_id,
        **(_safet_cells(returned.safet, end) if returned.safet else {}),
    }


def _safet_cells(claim: Claim, end: datetime) -> dict[str, str]:
    if claim.filed_at >= end:
        return {}
    granted = claim.granted_at(end)
    return {
        "SafeT Action reason": SAFET_ACTION[claim.cell.reason],
        "SafeT claim id": claim.claim_id,
        "SafeT claim state": safet_state(claim, end),
        "SafeT claim creation time": _day(claim.filed_at),
        "SafeT claim reimbursement amount": (claim.market.export_money(granted) if granted else ""),
    }


def safet_state(claim: Claim, end: datetime) -> str:
    """Give the report's word for a claim's state just before ``end``."""
    asked = claim.asked_at is not None and claim.asked_at < end
    answered = claim.answered_at is not None and claim.answered_at < end
    if claim.outcome_at(end) == "pending" and asked and not answered:
        return "More information requested"
    appeal = claim.appeal_outcome_at(end)
    if appeal == "pending":
        return "Appealed"
    return SAFET_STATE[appeal or claim.outcome_at(end)]


def _reimbursements_file(lines: list[Reimbursement]) -> SampleFile:
    cells = (_reimbursement_cells(line) for line in lines)
    return SampleFile(
        name=f"amazon_fba_reimbursements_us_{LAST_PULL.on}.txt",
        encoding="cp1252",
        header=REIMBURSEMENT_COLUMNS,
        rows=[[row.get(column, "") for column in REIMBURSEMENT_COLUMNS] for row in cells],
    )


def _reimbursement_cells(line: Reimbursement) -> dict[str, str]:
    units = abs(line.cash_units) or 1
    return {
        "approval-date": _instant(line.approved_at),
        "reimbursement-id": line.reimbursement_id,
        "case-id": line.case_id,
        "amazon-order-id": line.order_id,
        "reason": line.reason,
        "sku": line.sku,
        "fnsku": line.product.fnsku,
        "asin": line.product.asin,
        "product-name": line.product.name,
        "condition": "NewItem",
        "currency-unit": US.currency,
        "amount-per-unit": US.export_money(round(line.amount / units)),
        "amount-total": US.export_money(line.amount),
        "quantity-reimbursed-cash": str(line.cash_units),
        "quantity-reimbursed-inventory": str(line.stock_units),
        "quantity-reimbursed-total": str(line.cash_units + line.stock_units),
        "original-reimbursement-id": line.original_id,
        "original-reimbursement-type": line.original_type,
    }


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}+00:00"


def _day(at: datetime) -> str:
    return f"{at.day:02}-{MONTHS[at.month - 1]}-{at.year}"


def _flag(value: bool) -> str:
    return "true" if value else "false"
