"""The planted truth: every number that an analysis of the sample should find again.

Nothing here is drawn. ``approval`` is always from the claimant's side, evidence effects always
from the seller's: a packing photo helps to win a SAFE-T claim and to fend off an A-to-z claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

SEED = 310


@dataclass(frozen=True)
class Pull:
    """A day on which all reports were downloaded, and the first order day they cover."""

    on: date
    covers_from: datetime

    @property
    def end(self) -> datetime:
        """The first moment that the pull knows nothing of."""
        return datetime.combine(self.on, time()) + timedelta(days=1)


FIRST_PULL = Pull(date(2026, 6, 30), datetime(2026, 1, 1))
LAST_PULL = Pull(date(2026, 8, 31), datetime(2026, 4, 1))
PULLS = (FIRST_PULL, LAST_PULL)

ORDERS_FROM = datetime(2026, 1, 1)
CLAIMS_FROM = datetime(2026, 1, 28)
"""Claims follow orders by some weeks, so the first month has none."""

ORDERS = {"US": 2900, "DE": 1600, "JP": 1500}
BUYER_CLAIMS = frozenset({"amazon_atoz", "amazon_chargeback"})
"""Programs in which the buyer claims against the seller; in the others the seller claims."""


@dataclass(frozen=True)
class Cell:
    """A program's claims of one reason, and the share of the decided ones that is approved."""

    program: str
    reason: str
    claims: int
    approval: float

    @property
    def seller_claims(self) -> bool:
        """Whether the seller is the claimant."""
        return self.program not in BUYER_CLAIMS

    @property
    def seller_wins(self) -> float:
        """The share of the decided claims that goes the seller's way."""
        return self.approval if self.seller_claims else 1 - self.approval


CELLS = (
    Cell("amazon_safet", "damaged_by_customer", 70, 0.62),
    Cell("amazon_safet", "wrong_item", 66, 0.28),
    Cell("amazon_safet", "missing_parts", 36, 0.58),
    Cell("amazon_safet", "empty_box", 30, 0.36),
    Cell("amazon_safet", "not_returned", 34, 0.72),
    Cell("amazon_safet", "item_not_received", 24, 0.60),
    Cell("amazon_atoz", "item_not_received", 66, 0.40),
    Cell("amazon_atoz", "not_as_described", 66, 0.68),
    Cell("amazon_atoz", "damaged_in_transit", 48, 0.45),
    Cell("amazon_chargeback", "item_not_received", 38, 0.45),
    Cell("amazon_chargeback", "fraud_unauthorised", 38, 0.55),
    Cell("amazon_chargeback", "not_as_described", 34, 0.66),
    Cell("amazon_fba_reimbursement", "lost_in_warehouse", 64, 0.74),
    Cell("amazon_fba_reimbursement", "damaged_in_warehouse", 50, 0.62),
    Cell("amazon_fba_reimbursement", "lost_inbound", 36, 0.45),
)

ENDED_SHARE = 0.05
"""Claims that end without a decision (withdrawn, settled by the seller), whatever the reason."""

EXPIRED_SHARE = 0.06
"""Denials that come as ``expired``: an answer was missing, nothing was granted."""

PARTIAL_SHARE = {
    "amazon_safet": 0.25,
    "amazon_atoz": 0.08,
    "amazon_chargeback": 0.0,
    "amazon_fba_reimbursement": 0.10,
}
"""Approvals that grant a part only."""

REPLACED_SHARE = {
    "amazon_safet": 0.0,
    "amazon_atoz": 0.04,
    "amazon_chargeback": 0.0,
    "amazon_fba_reimbursement": 0.08,
}
"""Approvals that come in goods instead of money."""

ENDED_AS = {
    "amazon_safet": ("withdrawn",),
    "amazon_atoz": ("withdrawn", "settled_by_seller"),
    "amazon_chargeback": ("withdrawn",),
    "amazon_fba_reimbursement": ("withdrawn",),
}

UNKNOWN_OUTCOMES = 3
"""Claims of the last pull whose outcome the tracker leaves blank."""

QUANTILES = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
"""The shares of claims that are over after the days in ``SPEED``; straight lines lie between."""

Speed = tuple[float, ...]
SPEED: Mapping[str, Mapping[str, Speed]] = {
    "amazon_safet": {
        "approved": (8, 14, 22, 31, 41, 56, 80),
        "denied": (1, 2.5, 4.5, 7, 11, 16, 28),
    },
    "amazon_atoz": {
        "approved": (7, 13, 20, 28, 38, 52, 75),
        "denied": (0.5, 2, 3.5, 6, 9, 14, 25),
    },
    "amazon_chargeback": {
        "approved": (12, 20, 27, 34, 45, 60, 84),
        "denied": (2, 4, 6, 9, 13, 19, 32),
    },
    "amazon_fba_reimbursement": {
        "approved": (7, 13, 20, 29, 40, 55, 78),
        "denied": (1, 2, 4, 6.5, 10, 15, 27),
    },
}
"""Days from filing to the decision. Nothing else sets the pace, evidence included."""

ENDED_SPEED: Speed = (1, 3, 6, 10, 16, 24, 40)
"""Days from filing to the end of a claim that is never decided."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "item_not_received": ("tracking_record", "proof_of_delivery"),
    "not_as_described": ("photo_item", "correspondence"),
    "damaged_in_transit": ("photo_item", "photo_packaging"),
    "damaged_by_customer": ("photo_item", "photo_packaging", "invoice"),
    "wrong_item": ("photo_item", "photo_label"),
    "missing_parts": ("photo_item", "photo_packaging"),
    "empty_box": ("photo_packaging", "photo_label"),
    "not_returned": ("tracking_record", "return_record"),
    "fraud_unauthorised": ("order_record", "tracking_record"),
    "lost_in_warehouse": ("ledger_record", "invoice"),
    "damaged_in_warehouse": ("ledger_record", "invoice"),
    "lost_inbound": ("proof_of_delivery", "invoice"),
}
"""The kinds of evidence that a reason demands."""

ORDER_PRINT = 0.70

ATTACHED: Mapping[str, Mapping[str, float]] = {
    "item_not_received": {
        "tracking_record": 0.60,
        "proof_of_delivery": 0.50,
        "correspondence": 0.45,
        "order_record": ORDER_PRINT,
    },
    "not_as_described": {
        "photo_item": 0.60,
        "correspondence": 0.55,
        "photo_serial": 0.68,
        "order_record": ORDER_PRINT,
    },
    "damaged_in_transit": {
        "photo_item": 0.60,
        "photo_packaging": 0.50,
        "photo_serial": 0.12,
        "order_record": ORDER_PRINT,
    },
    "damaged_by_customer": {
        "photo_item": 0.60,
        "photo_packaging": 0.50,
        "photo_serial": 0.12,
        "invoice": 0.50,
        "correspondence": 0.40,
        "order_record": ORDER_PRINT,
    },
    "wrong_item": {
        "photo_item": 0.60,
        "photo_label": 0.55,
        "photo_serial": 0.68,
        "order_record": ORDER_PRINT,
    },
    "missing_parts": {
        "photo_item": 0.60,
        "photo_packaging": 0.50,
        "photo_serial": 0.12,
        "correspondence": 0.45,
        "order_record": ORDER_PRINT,
    },
    "empty_box": {
        "photo_packaging": 0.50,
        "photo_label": 0.55,
        "photo_serial": 0.68,
        "order_record": ORDER_PRINT,
    },
    "not_returned": {
        "tracking_record": 0.60,
        "return_record": 0.55,
        "correspondence": 0.45,
        "order_record": ORDER_PRINT,
    },
    "fraud_unauthorised": {
        "order_record": ORDER_PRINT,
        "tracking_record": 0.55,
        "invoice": 0.45,
        "correspondence": 0.35,
    },
    "lost_in_warehouse": {
        "ledger_record": 0.60,
        "invoice": 0.55,
        "order_record": ORDER_PRINT,
    },
    "damaged_in_warehouse": {
        "ledger_record": 0.60,
        "invoice": 0.55,
        "photo_item": 0.35,
        "order_record": ORDER_PRINT,
    },
    "lost_inbound": {
        "proof_of_delivery": 0.50,
        "invoice": 0.60,
        "photo_label": 0.45,
        "order_record": ORDER_PRINT,
    },
}
"""How often each kind goes with the filing, drawn without regard to outcome and to other kinds.

A print of the order goes along in any case where nothing else does.
"""

EFFECTS: Mapping[str, float] = {
    "photo_packaging": 0.22,
    "photo_serial": 0.18,
    "tracking_record": 0.15,
    "proof_of_delivery": 0.15,
    "ledger_record": 0.12,
    "return_record": 0.10,
    "photo_item": 0.06,
    "photo_label": 0.0,
    "order_record": 0.0,
    "correspondence": 0.0,
    "invoice": 0.0,
}
"""What a kind at filing adds to the seller's chance within the reason, as a share of one."""

SIMPSON_KIND = "photo_serial"
"""Goes mostly with reasons that are hard to win: harmful at first sight, helpful within reason."""

CLARITY_LEVELS = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5)
"""Stars that a claim's evidence centres on, all equally likely."""

CLARITY_MIDDLE = 3.0
CLARITY_EFFECT = 0.05
"""What one star more of that level adds to the seller's chance."""

UNRECORDED_SHARE = 25 / 700
"""Claims whose evidence nobody wrote down: unknown, so they win as often as their reason does."""

APPEALED_SHARE = 0.50
OVERTURNED_SHARE = 0.30
HINDSIGHT_SHARE = 0.05
"""Filing evidence that was rated after the decision, high after a win and low after a defeat."""

FLAGGED_WITHOUT_CLAIM = 5
"""Returns with an A-to-Z flag whose claim the tracker misses."""

RECENT_DAYS = 30
EQUAL_AGE_DAYS = 90
"""By this age every claim is over, so cumulative incidence has reached the planted approval."""


def seller_chance(cell: Cell, kinds: frozenset[str], clarity: float) -> float:
    """Give the seller's chance in a claim; its mean over a cell is the cell's ``seller_wins``."""
    gain = sum(
        EFFECTS[kind] * ((kind in kinds) - share) for kind, share in ATTACHED[cell.reason].items()
    )
    return cell.seller_wins + gain + CLARITY_EFFECT * (clarity - CLARITY_MIDDLE)


def share_over(speed: Speed, age_days: float) -> float:
    """Give the share of claims that are over at an age, of those that end this way."""
    if age_days <= speed[0]:
        return 0.0
    for i in range(1, len(speed)):
        if age_days <= speed[i]:
            step = (age_days - speed[i - 1]) / (speed[i] - speed[i - 1])
            return QUANTILES[i - 1] + step * (QUANTILES[i] - QUANTILES[i - 1])
    return 1.0
