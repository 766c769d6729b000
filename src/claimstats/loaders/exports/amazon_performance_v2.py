"""The seller performance report: how many orders Amazon counts as defective, and by what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claimstats.loaders.documents import Row, at, text_of
from claimstats.loaders.spec import Export, Field

FULFILMENTS = ("afn", "mfn")

COUNTED = {
    "orderWithDefects": "orders_with_defects",
    "claims": "claims",
    "chargebacks": "chargebacks",
    "negativeFeedback": "negative_feedback",
}
"""The parts of an order defect rate that are counts, and our names for them."""


def flatten(document: Any) -> Iterator[Row] | None:
    """A row per count of an order defect rate, with the rate beside the orders with defects."""
    metrics = at(document, "performanceMetrics")
    return _rows(metrics) if isinstance(metrics, list) else None


def _rows(metrics: list[Any]) -> Iterator[Row]:
    for metric in metrics:
        for fulfilment in FULFILMENTS:
            rate = at(metric, "orderDefectRate", fulfilment)
            if rate is None:
                continue
            # The key says who ships: fulfillmentType says mfn for both, in the venue's own example.
            common = {
                "marketplaceId": text_of(at(metric, "marketplaceId")),
                "fulfillment": fulfilment,
                "reportingDateFrom": text_of(at(rate, "reportingDateRange", "reportingDateFrom")),
                "reportingDateTo": text_of(at(rate, "reportingDateRange", "reportingDateTo")),
            }
            yield common | {"metric": "orders", "count": text_of(at(rate, "orderCount"))}
            yield from (common | row for row in _counts(rate))


def _counts(rate: Any) -> Iterator[Row]:
    for key, metric in COUNTED.items():
        counted = at(rate, key)
        if counted is None:
            continue
        members = counted if isinstance(counted, dict) else {"count": counted}
        row = {name: text_of(value) for name, value in members.items()} | {"metric": metric}
        if key == "orderWithDefects":
            row |= {
                name: text_of(at(rate, name)) for name in ("rate", "targetValue", "targetCondition")
            }
        yield row


EXPORT = Export(
    name="amazon_performance_v2",
    title="Seller performance, order defect rates (GET_V2_SELLER_PERFORMANCE_REPORT)",
    source="Selling Partner API > Reports; the same counts stand in Seller Central > Performance > "
    "Account Health",
    grain="one count of one marketplace, fulfilment and period",
    container="json",
    flatten=flatten,
    signature=("marketplace", "fulfilment", "period_from", "period_to", "metric", "n_reported"),
    targets=("control_totals",),
    fields=(
        Field("marketplace", "marketplaceId"),
        Field("fulfilment", "fulfillment", "key", required=True, pattern="afn|mfn", example="afn"),
        Field("period_from", "reportingDateFrom", "time", required=True),
        Field("period_to", "reportingDateTo", "time", required=True),
        Field("metric", "metric", required=True),
        Field("n_reported", "count", "integer", required=True),
        Field("status", "status"),
        Field("rate", "rate", "ratio"),
        Field("target_rate", "targetValue", "ratio"),
        Field("target_condition", "targetCondition"),
    ),
)  # fmt: skip
