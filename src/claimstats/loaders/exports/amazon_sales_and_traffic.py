"""The sales and traffic report by day: the only dated count of A-to-z claims granted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claimstats.loaders.documents import Row, at, text_of
from claimstats.loaders.spec import Export, Field

TOTALS = {
    "claims_granted": ("claimsGranted", "claimsAmount"),
    "order_lines": ("totalOrderItems", None),
    "units_ordered": ("unitsOrdered", "orderedProductSales"),
    "orders_shipped": ("ordersShipped", None),
    "units_refunded": ("unitsRefunded", None),
}
"""Our names for a day's totals, with the keys of count and amount."""

USUAL_GRANULARITY = "DAY"
"""What the venue takes where a request names no granularity."""


def flatten(document: Any) -> Iterator[Row] | None:
    """A row per day and total; the totals by article and the traffic are left."""
    days = at(document, "salesAndTrafficByDate")
    return _rows(document, days) if isinstance(days, list) else None


def _rows(document: Any, days: list[Any]) -> Iterator[Row]:
    asked = at(document, "reportSpecification")
    marketplaces = at(asked, "marketplaceIds")
    common = {
        "marketplaceId": text_of(marketplaces[0]) if _is_one(marketplaces) else "",
        "dateGranularity": text_of(at(asked, "reportOptions", "dateGranularity"))
        or USUAL_GRANULARITY,
    }
    for day in days:
        for metric, (count, amount) in TOTALS.items():
            sales = at(day, "salesByDate")
            counted, paid = at(sales, count), at(sales, amount) if amount else None
            if counted is None and paid is None:
                continue
            yield common | {
                "date": text_of(at(day, "date")),
                "metric": metric,
                "count": text_of(counted),
                "amount": text_of(at(paid, "amount") if isinstance(paid, dict) else paid),
                "currencyCode": text_of(at(paid, "currencyCode")),
            }


def _is_one(found: Any) -> bool:
    return isinstance(found, list) and len(found) == 1


EXPORT = Export(
    name="amazon_sales_and_traffic",
    title="Sales and traffic by day (GET_SALES_AND_TRAFFIC_REPORT)",
    source="Selling Partner API > Reports; the same counts stand in Seller Central > Reports > "
    "Business Reports > Sales and Traffic",
    grain="one total of one marketplace and day (or week, or month)",
    container="json",
    flatten=flatten,
    signature=("marketplace", "granularity", "day", "metric", "n_reported", "amount"),
    targets=("control_totals",),
    fields=(
        Field("marketplace", "marketplaceId"),
        Field(
            "granularity", "dateGranularity", "key", required=True,
            pattern="DAY|WEEK|MONTH", example="DAY, WEEK or MONTH",
        ),
        Field("day", "date", "time", required=True),
        Field("metric", "metric", required=True),
        Field("n_reported", "count", "integer"),
        Field("amount", "amount", "money"),
        Field("currency", "currencyCode", "currency"),
    ),
)  # fmt: skip
