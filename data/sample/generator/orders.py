"""Orders with their whole life: bought, paid, shipped or cancelled, touched again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .chance import Chance
from .markets import MARKETS, Market, Place, Product
from .plan import LAST_PULL, ORDERS, ORDERS_FROM

SOLD_BY_AMAZON = 0.50
CANCELLED = 0.04
TOUCHED_LATER = 0.05
SOLD_ELSEWHERE = 0.04
"""Orders of another shop that Amazon only ships; their rows carry no money."""

SEVERAL_LINES = 0.12
TWIN_ORDERS = 9
"""Orders with two lines that are identical in every column, as happens in real files."""

BUSINESS = 0.07
PROMOTIONS = ("FREE-SHIP-26", "SPRING26-5", "FREE-SHIP-26,COUPON-10")


@dataclass
class Line:
    """One line of an order; amounts are for the whole line, in the smallest unit."""

    product: Product
    quantity: int
    price: int
    tax: int
    shipping: int
    discount: int
    promotions: str


@dataclass
class Order:
    """An order as it will have been, seen from the end; ``status_at`` shows an earlier state."""

    order_id: str
    market: Market
    by_amazon: bool
    elsewhere: str
    purchased_at: datetime
    paid_at: datetime
    shipped_at: datetime
    cancelled_at: datetime | None
    touched_at: datetime | None
    place: Place
    service: str
    business: bool
    lines: list[Line]

    def status_at(self, end: datetime) -> str:
        """Give Amazon's word for the order's state just before ``end``."""
        if self.cancelled_at and self.cancelled_at < end:
            return "Cancelled"
        if end <= self.paid_at:
            return "Pending"
        if end <= self.shipped_at:
            return "Shipping" if self.by_amazon else "Unshipped"
        return "Shipped"

    def updated_at(self, end: datetime) -> datetime:
        """Give the last change just before ``end``."""
        if self.cancelled_at and self.cancelled_at < end:
            return self.cancelled_at
        changes = (self.purchased_at, self.paid_at, self.shipped_at, self.touched_at)
        return max(at for at in changes if at and at < end)

    @property
    def can_be_claimed(self) -> bool:
        """Whether it was sold on Amazon and shipped."""
        return self.cancelled_at is None and not self.elsewhere


def draw_orders(chance: Chance) -> list[Order]:
    """Draw the orders of all marketplaces, each marketplace in the order of purchase."""
    orders: list[Order] = []
    for code, number in ORDERS.items():
        bought = sorted(chance.moment(ORDERS_FROM, LAST_PULL.end) for _ in range(number))
        orders += [_draw_order(chance, MARKETS[code], at) for at in bought]
    _plant_twins(chance, orders)
    return orders


def _draw_order(chance: Chance, market: Market, purchased_at: datetime) -> Order:
    by_amazon = chance.flip(SOLD_BY_AMAZON)
    elsewhere = by_amazon and chance.flip(SOLD_ELSEWHERE)
    paid_at = chance.later(purchased_at, 0.01, 1.2)
    shipped_at = chance.later(paid_at, 0.2, 2.5)
    return Order(
        order_id=f"{chance.digits(3)}-{chance.digits(7)}-{chance.digits(7)}",
        market=market,
        by_amazon=by_amazon,
        elsewhere=f"RE402-{chance.digits(5)}" if elsewhere else "",
        purchased_at=purchased_at,
        paid_at=paid_at,
        shipped_at=shipped_at,
        cancelled_at=chance.later(purchased_at, 0.02, 1.5) if chance.flip(CANCELLED) else None,
        touched_at=chance.later(shipped_at, 10, 40) if chance.flip(TOUCHED_LATER) else None,
        place=chance.pick(market.places),
        service="Expedited" if by_amazon else "Standard",
        business=chance.flip(BUSINESS),
        lines=_draw_lines(chance, market),
    )


def _draw_lines(chance: Chance, market: Market) -> list[Line]:
    wanted = chance.whole(2, 3) if chance.flip(SEVERAL_LINES) else 1
    lines: dict[str, Line] = {}
    while len(lines) < wanted:
        product = chance.pick(market.products)
        lines.setdefault(product.sku, _draw_line(chance, market, product))
    return list(lines.values())


def _draw_line(chance: Chance, market: Market, product: Product) -> Line:
    quantity = chance.whole(2, 3) if chance.flip(0.08) else 1
    price = product.price * quantity
    promotions = chance.pick(PROMOTIONS) if chance.flip(0.15) else ""
    base = 100 + market.tax_percent if market.tax_is_included else 100
    return Line(
        product=product,
        quantity=quantity,
        price=price,
        tax=price * market.tax_percent // base,
        shipping=0 if chance.flip(0.7) else product.price // 10,
        discount=price // 20 if promotions else 0,
        promotions=promotions,
    )


def _plant_twins(chance: Chance, orders: list[Order]) -> None:
    planted = 0
    while planted < TWIN_ORDERS:
        order = chance.pick(orders)
        if len(order.lines) == 1 and order.can_be_claimed:
            order.lines.append(order.lines[0])
            planted += 1
