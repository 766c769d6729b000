"""The seller's own trackers as a pull shows them: claims, their events, their evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .chance import Chance
from .claims import Claim
from .evidence import SIGHTS, Piece
from .files import SampleFile
from .headers import CLAIM_COLUMNS, EVENT_COLUMNS, EVIDENCE_COLUMNS
from .plan import LAST_PULL, PULLS, Pull

RESOLUTION = {
    "granted_full": "refund",
    "granted_partial": "partial_refund",
    "replaced": "replacement",
    "denied": "denial",
    "expired": "denial",
}
POLICY_CHECKED, CONDITION_CHECKED = 0.6, 0.5

Event = tuple[str, datetime, str]
"""Type, time and actor."""


def write_trackers(chance: Chance, claims: list[Claim]) -> list[SampleFile]:
    """Write the claims of both pulls, and the events and evidence of the last."""
    files = [_claims_file(pull, claims) for pull in PULLS]
    return [*files, _events_file(chance, claims), _evidence_file(claims)]


def _claims_file(pull: Pull, claims: list[Claim]) -> SampleFile:
    cells = (_claim_cells(claim, pull.end) for claim in claims if claim.filed_at < pull.end)
    return SampleFile(
        name=f"claims_{pull.on}.csv",
        encoding="utf-8",
        header=CLAIM_COLUMNS,
        rows=[[row[column] for column in CLAIM_COLUMNS] for row in cells],
    )


def _claim_cells(claim: Claim, end: datetime) -> dict[str, str]:
    outcome = claim.outcome_at(end)
    decided = outcome not in {"pending", ""}
    granted = claim.granted_at(end)
    appeal = claim.appeal
    return {
        "claim_id": claim.claim_id,
        "program": claim.program,
        "marketplace": claim.market.code,
        "order_id": claim.order.order_id,
        "sku": claim.line.product.sku,
        "reason": claim.cell.reason,
        "contacted_at": _instant(claim.contacted_at),
        "filed_at": _moment(claim, claim.filed_at),
        "claimed_amount": claim.market.money(claim.claimed),
        "granted_amount": "" if granted is None else claim.market.money(granted),
        "currency": claim.market.currency,
        "outcome": outcome,
        "decided_at": _moment(claim, claim.decided_at) if decided else "",
        "resolution": RESOLUTION.get(outcome, ""),
        "appealed_at": _instant(appeal.filed_at) if appeal and appeal.filed_at < end else "",
        "appeal_outcome": claim.appeal_outcome_at(end),
        "appeal_decided_at": (
            _instant(appeal.decided_at) if appeal and appeal.decided_at < end else ""
        ),
        "due_at": _instant(claim.due_at),
        "note": claim.note,
        "carrier": claim.carrier,
    }


def _events_file(chance: Chance, claims: list[Claim]) -> SampleFile:
    rows = [
        [claim.program, claim.claim_id, kind, _event_time(claim, kind, at), actor, ""]
        for claim in claims
        for kind, at, actor in sorted(_events(chance, claim), key=lambda event: event[1])
        if at < LAST_PULL.end
    ]
    return SampleFile(f"claim_events_{LAST_PULL.on}.csv", "utf-8", EVENT_COLUMNS, rows)


def _events(chance: Chance, claim: Claim) -> Iterator[Event]:
    claimant = "seller" if claim.cell.seller_claims else "buyer"
    if chance.flip(POLICY_CHECKED):
        yield "policy_checked", chance.later(claim.filed_at, -0.9, -0.5), "seller"
    if chance.flip(CONDITION_CHECKED):
        yield "condition_checked", chance.later(claim.filed_at, -0.5, -0.1), "seller"
    if claim.contacted_at:
        yield "counterparty_contacted", claim.contacted_at, claimant
    yield "filed", claim.filed_at, claimant
    if claim.asked_at and claim.answered_at:
        yield "info_requested", claim.asked_at, _judge(claim)
        yield "info_provided", claim.answered_at, "seller"
    if claim.outcome_known:
        yield from _final_events(chance, claim, claimant)


def _final_events(chance: Chance, claim: Claim, claimant: str) -> Iterator[Event]:
    if claim.ending == "ended":
        yield "closed", claim.decided_at, claimant if claim.outcome == "withdrawn" else "seller"
        return
    yield "decided", claim.decided_at, _judge(claim)
    if claim.granted:
        yield "money_posted", chance.later(claim.decided_at, 1, 6), _judge(claim)
    if claim.appeal:
        yield "appeal_filed", claim.appeal.filed_at, "seller"
        yield "appeal_decided", claim.appeal.decided_at, _judge(claim)
        if claim.appeal.overturned and not claim.cell.seller_claims:
            yield "reversed", claim.appeal.decided_at, _judge(claim)


def _judge(claim: Claim) -> str:
    return "bank" if claim.program == "amazon_chargeback" else "platform"


def _event_time(claim: Claim, kind: str, at: datetime) -> str:
    return _moment(claim, at) if kind in {"filed", "decided", "closed"} else _instant(at)


def _evidence_file(claims: list[Claim]) -> SampleFile:
    rows = [_evidence_row(claim, piece) for claim in claims for piece in claim.pieces]
    return SampleFile(f"evidence_{LAST_PULL.on}.csv", "utf-8", EVIDENCE_COLUMNS, rows)


def _evidence_row(claim: Claim, piece: Piece) -> list[str]:
    submitted_at = (
        _moment(claim, piece.submitted_at) if piece.with_filing else _instant(piece.submitted_at)
    )
    return [
        claim.program,
        claim.claim_id,
        piece.kind,
        submitted_at,
        _flag(piece.with_filing),
        "" if piece.rating is None else f"{piece.rating:g}",
        _instant(piece.rated_at),
        _flag(piece.legible),
        *(_flag(piece.shows[sight]) for sight in SIGHTS),
        piece.file_name,
        "",
    ]


def _instant(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z" if at else ""


def _moment(claim: Claim, at: datetime) -> str:
    """Write a moment with its time, unless the claim is one of those held by day."""
    return f"{at:%Y-%m-%d}" if claim.day_only else _instant(at)


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value).lower()
