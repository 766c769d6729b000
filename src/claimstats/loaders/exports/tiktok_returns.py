"""TikTok Shop's returns: the one venue's file with dispute, appeal and compensation together."""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

DIGITS = r"\d{6,20}"
EXACT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number, and writes zeros for the others."""


def _has_lost_digits(name: str) -> str:
    """True for each row where every long id of the file ends in the zeros of a rounded number."""
    lost = f"regexp_full_match(r_{name}, '\\d{{{EXACT_DIGITS}}}0+')"
    return (
        f"length(r_{name}) > {EXACT_DIGITS} AND bool_and({lost}) OVER (PARTITION BY {_long(name)})"
    )


def _long(name: str) -> str:
    return f"length(r_{name}) > {EXACT_DIGITS}"


LOST_DIGITS = (
    "all ids of the file end in zeros, as a spreadsheet writes numbers of more than "
    f"{EXACT_DIGITS} digits; download the file again and do not save it from there"
)

EXPORT = Export(
    name="tiktok_returns",
    title="TikTok Shop returns",
    source="TikTok Shop Seller Center > Orders > Manage returns > Export",
    grain="one returned article of one return",
    signature=("return_id", "order_id", "requested_at", "return_status", "dispute_raw"),
    targets=("returns", "claim_records", "claim_snapshots", "ledger_lines"),
    tells_states=True,
    decimal="local",
    slashes="local",
    blanks=("--", "-", "/"),
    fields=(
        Field(
            "return_id", "Return Order ID", "key", required=True,
            pattern=DIGITS, example="return id of digits like 4035227007013131",
        ),
        Field(
            "order_id", "Order ID", "key", required=True,
            pattern=DIGITS, example="order id of digits like 577087614418520388",
        ),
        Field("order_amount", "Order Amount", "priced"),
        Field("order_status", "Order Status"),
        Field("order_substatus", "Order Substatus"),
        Field("payment_method", "Payment Method"),
        Field("sku_id", "SKU ID", "id"),
        Field("sku", "Seller SKU", "id"),
        Field("item_name", "Product Name"),
        Field("sku_name", "SKU Name"),
        Field("buyer_hash", "Buyer Username", privacy="buyer_id"),
        Field("return_type", "Return Type"),
        Field("requested_at", "Time Requested", "time", required=True),
        Field("reason_raw", "Return Reason"),
        Field("return_price", "Return unit price", "priced"),
        Field("quantity", "Return Quantity", "integer"),
        Field("tracking_id", "Return Logistics Tracking ID"),
        Field("return_status", "Return Status"),
        Field("return_substatus", "Return Sub Status"),
        Field("refunded_at", "Refund Time", "time"),
        Field("dispute_raw", "Dispute Status"),
        Field("appeal_raw", "Appeal Status"),
        Field("compensation_raw", "Compensation Status"),
        Field("compensation", "Compensation Amount", "priced"),
        Field("buyer_note", "Buyer Note", privacy="free_text"),
    ),
    checks=(
        ("Return Order ID", _has_lost_digits("return_id"), LOST_DIGITS),
        ("Order ID", _has_lost_digits("order_id"), LOST_DIGITS),
    ),
)  # fmt: skip
