"""What ``truth.json`` says: the planted truth, what the files hold, and the dirty rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from .claims import Claim
from .dirt import DirtyRow
from .files import SampleFile
from .markets import MARKETS, Market
from .orders import Order
from .plan import (
    APPEALED_SHARE,
    ATTACHED,
    CELLS,
    CLARITY_EFFECT,
    CLARITY_LEVELS,
    CLARITY_MIDDLE,
    EFFECTS,
    ENDED_SHARE,
    ENDED_SPEED,
    EQUAL_AGE_DAYS,
    EXPIRED_SHARE,
    FIRST_PULL,
    LAST_PULL,
    OVERTURNED_SHARE,
    PARTIAL_SHARE,
    QUANTILES,
    RECENT_DAYS,
    REPLACED_SHARE,
    REQUIRED,
    SEED,
    SIMPSON_KIND,
    SPEED,
    Cell,
    share_over,
)
from .reimbursements import Reimbursement
from .returns import Return

Json = dict[str, Any]
STEPS_PER_DAY = 10


def tell_truth(
    orders: list[Order],
    claims: list[Claim],
    returns: list[Return],
    reimbursements: list[Reimbursement],
    files: list[SampleFile],
    dirty: list[DirtyRow],
) -> Json:
    """Put everything that is known of the sample into one object."""
    return {
        "seed": SEED,
        "as_of": str(LAST_PULL.on),
        "planted": {
            "approval": [_cell_truth(cell) for cell in CELLS],
            "endings": _endings_truth(),
            "speed_days": _speed_truth(),
            "evidence": _evidence_truth(),
            "simpson": _simpson_truth(),
            "recent_cohort": _recent_truth(),
        },
        "counts": {
            "files": {file.name: len(file.rows) for file in files},
            "orders": _order_counts(orders),
            "claims": _claim_counts(claims),
            "evidence": _evidence_counts(claims),
            "returns": _return_counts(returns),
            "reimbursements": _reimbursement_counts(reimbursements),
        },
        "dirty_rows": [asdict(row) for row in dirty],
    }


def _cell_truth(cell: Cell) -> Json:
    return {
        "program": cell.program,
        "reason": cell.reason,
        "direction": "seller_claims" if cell.seller_claims else "buyer_claims",
        "n_claims": cell.claims,
        "approval_of_decided": cell.approval,
        "approval_of_all": round(cell.approval * (1 - ENDED_SHARE), 4),
        "seller_wins_of_decided": round(cell.seller_wins, 4),
    }


def _endings_truth() -> Json:
    return {
        "ended_share": ENDED_SHARE,
        "expired_share_of_denials": EXPIRED_SHARE,
        "partial_share_of_approvals": PARTIAL_SHARE,
        "replaced_share_of_approvals": REPLACED_SHARE,
        "appealed_share_of_lost": APPEALED_SHARE,
        "overturned_share_of_appeals": OVERTURNED_SHARE,
    }


def _speed_truth() -> Json:
    by_program = {program: dict(endings) for program, endings in SPEED.items()}
    return {"quantiles": QUANTILES, "ended": ENDED_SPEED, "by_program": by_program}


def _evidence_truth() -> Json:
    return {
        "effect_on_seller_wins_points": {
            kind: round(100 * effect, 1) for kind, effect in EFFECTS.items()
        },
        "attached_share": ATTACHED,
        "required": REQUIRED,
        "clarity_levels": CLARITY_LEVELS,
        "clarity_middle": CLARITY_MIDDLE,
        "clarity_points_per_star": round(100 * CLARITY_EFFECT, 1),
    }


def _simpson_truth() -> Json:
    """Weigh the cells as the kind is spread over them; within a cell its effect is the same."""
    rates = {}
    for present in (True, False):
        weighted = total = 0.0
        for cell in CELLS:
            share = ATTACHED[cell.reason].get(SIMPSON_KIND, 0.0)
            weight = cell.claims * (share if present else 1 - share)
            weighted += weight * (cell.seller_wins + EFFECTS[SIMPSON_KIND] * (present - share))
            total += weight
        rates[present] = weighted / total
    return {
        "kind": SIMPSON_KIND,
        "within_reason_points": round(100 * EFFECTS[SIMPSON_KIND], 1),
        "raw_points": round(100 * (rates[True] - rates[False]), 1),
    }


def _recent_truth() -> Json:
    n_claims = sum(cell.claims for cell in CELLS)
    approved = sum(cell.claims * cell.approval for cell in CELLS) / n_claims
    seen = {ending: _seen_while_recent(ending) for ending in ("approved", "denied")}
    return {
        "days": RECENT_DAYS,
        "approval_of_decided": round(approved, 4),
        "approval_of_all": round(approved * (1 - ENDED_SHARE), 4),
        "equal_age_days": EQUAL_AGE_DAYS,
        "closed_only": round(seen["approved"] / (seen["approved"] + seen["denied"]), 4),
    }


def _seen_while_recent(ending: str) -> float:
    """Count the recent claims expected to be over in this way, filed evenly over the days."""
    ages = [(step + 0.5) / STEPS_PER_DAY for step in range(RECENT_DAYS * STEPS_PER_DAY)]
    seen = 0.0
    for cell in CELLS:
        share = cell.approval if ending == "approved" else 1 - cell.approval
        speed = SPEED[cell.program][ending]
        seen += cell.claims * share * sum(share_over(speed, age) for age in ages) / len(ages)
    return seen


def _order_counts(orders: list[Order]) -> Json:
    newest = [(order, line) for order in orders for line in order.lines]
    return {
        "orders": _count(order.market.code for order in orders),
        "lines": _count(order.market.code for order, _ in newest),
        "item_price": _sums(
            (order.market, line.price) for order, line in newest if _is_priced(order)
        ),
    }


def _is_priced(order: Order) -> bool:
    """Whether the newest pull that holds the order shows its prices."""
    held_by_last = order.purchased_at >= LAST_PULL.covers_from
    end = LAST_PULL.end if held_by_last else FIRST_PULL.end
    return order.status_at(end) not in {"Pending", "Cancelled"} and not order.elsewhere


def _claim_counts(claims: list[Claim]) -> Json:
    end = LAST_PULL.end
    recent = [claim for claim in claims if claim.filed_at >= end - timedelta(days=RECENT_DAYS)]
    over = [claim for claim in recent if claim.decided_at < end and claim.outcome_known]
    appeals = [claim for claim in claims if claim.appeal_outcome_at(end)]
    return {
        "claims": _count(claim.program for claim in claims),
        "open": _count(claim.program for claim in claims if claim.outcome_at(end) == "pending"),
        "outcomes": _count(claim.outcome_at(end) or "blank" for claim in claims),
        "marketplaces": _count(claim.market.code for claim in claims),
        "in_first_pull": sum(claim.filed_at < FIRST_PULL.end for claim in claims),
        "appealed": len(appeals),
        "appeal_outcomes": _count(claim.appeal_outcome_at(end) for claim in appeals),
        "without_evidence": sum(not claim.pieces for claim in claims),
        "recent": {
            "claims": len(recent),
            "decided": sum(claim.ending != "ended" for claim in over),
            "approved": sum(claim.ending == "approved" for claim in over),
        },
        "claimed_amount": _sums((claim.market, claim.claimed) for claim in claims),
        "granted_amount": _sums((claim.market, claim.granted_at(end) or 0) for claim in claims),
    }


def _evidence_counts(claims: list[Claim]) -> Json:
    held = [(claim, piece) for claim in claims for piece in claim.pieces]
    return {
        "rows": len(held),
        "with_filing": sum(piece.with_filing for _, piece in held),
        "rated_after_decision": sum(
            piece.with_filing
            and piece.rated_at is not None
            and claim.decided_at < LAST_PULL.end
            and claim.outcome_known
            and piece.rated_at > claim.decided_at
            for claim, piece in held
        ),
        "kinds": _count(piece.kind for _, piece in held),
    }


def _return_counts(returns: list[Return]) -> Json:
    end = LAST_PULL.end
    return {
        "returns": _count(returned.order.market.code for returned in returns),
        "with_safet_claim": sum(returned.safet is not None for returned in returns),
        "with_atoz_flag": sum(
            returned.flagged_at is not None and returned.flagged_at < end for returned in returns
        ),
    }


def _reimbursement_counts(lines: list[Reimbursement]) -> Json:
    return {
        "lines": len(lines),
        "with_case": sum(bool(line.case_id) for line in lines),
        "reversals": sum(line.cash_units < 0 for line in lines),
        "net_amount": _sums((MARKETS["US"], line.amount) for line in lines),
    }


def _count(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _sums(amounts: Iterable[tuple[Market, int]]) -> dict[str, str]:
    """Sum per currency, and never across."""
    sums: dict[str, int] = {}
    markets = {market.currency: market for market in MARKETS.values()}
    for market, amount in amounts:
        sums[market.currency] = sums.get(market.currency, 0) + amount
    return {currency: markets[currency].money(sums[currency]) for currency in sorted(sums)}
