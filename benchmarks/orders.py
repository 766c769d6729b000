"""A seeded generator of All Orders exports of any size, for measurements."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

COLUMNS = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status",
    "fulfillment-channel", "sales-channel", "order-channel", "ship-service-level", "product-name",
    "sku", "asin", "item-status", "quantity", "currency", "item-price", "item-tax",
    "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
    "item-promotion-discount", "ship-promotion-discount", "ship-city", "ship-state",
    "ship-postal-code", "ship-country", "promotion-ids", "cpf", "is-business-order",
    "purchase-order-number", "price-designation", "signature-confirmation-recommended",
)  # fmt: skip

FIRST_DAY = datetime(2026, 1, 1)
LINES_AN_ORDER = (1, 1, 1, 1, 2)
SEED = 20260831


def write_orders(path: Path, n_lines: int, *, spoilt_every: int = 0, seed: int = SEED) -> None:
    """Write an export of `n_lines` order lines, of about 290 bytes each.

    Parameters
    ----------
    path
        Where to write.
    n_lines
        Order lines.
    spoilt_every
        Put a quote into the title of every so many lines; none by default.
    seed
        Another seed makes other orders.
    """
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write("\t".join(COLUMNS) + "\n")
        written = 0
        while written < n_lines:
            order = _order(chance)
            for _ in range(min(chance.choice(LINES_AN_ORDER), n_lines - written)):
                written += 1
                is_spoilt = bool(spoilt_every) and written % spoilt_every == 0
                out.write("\t".join(_line(chance, order, is_spoilt)) + "\n")


def _order(chance: random.Random) -> tuple[str, str, str, str]:
    digits = chance.randrange(10**14)
    bought = FIRST_DAY + timedelta(seconds=chance.randrange(200 * 86_400))
    changed = bought + timedelta(hours=chance.randrange(1, 200))
    order_id = f"{chance.randrange(100, 116)}-{digits // 10**7:07d}-{digits % 10**7:07d}"
    times = (f"{moment.isoformat()}+00:00" for moment in (bought, changed))
    return order_id, *times, chance.choice(("Amazon", "Merchant"))


def _line(chance: random.Random, order: tuple[str, str, str, str], is_spoilt: bool) -> list[str]:
    order_id, bought, changed, fulfilment = order
    article = chance.randrange(1, 3_000)
    size = '27" ' if is_spoilt else ""
    return [
        order_id, "", bought, changed, "Shipped", fulfilment, "Amazon.com", "", "Expedited",
        f"{size}Product title of a usual length, model {article}, with its details and colour Blue",
        f"SKU-{article:05d}", f"B0{article:08d}", "Shipped", "1", "USD",
        f"{chance.randrange(500, 20_000) / 100}", f"{chance.randrange(2_000) / 100}", "0.0", "0.0",
        "", "", chance.choice(("0.0", "1.5")), "", "SEATTLE", "WA", "98101", "US", "", "", "false",
        "", "", "",
    ]  # fmt: skip
