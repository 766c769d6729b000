"""Claims with their whole life: filed, asked about, decided, appealed, as the plan demands."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime, time

from .chance import Chance, days
from .evidence import (
    Piece,
    draw_filing_pieces,
    draw_kinds,
    draw_later_pieces,
    name_files,
    rate_in_hindsight,
)
from .markets import MARKETS, Market
from .orders import Line, Order
from .plan import (
    APPEALED_SHARE,
    CELLS,
    CLAIMS_FROM,
    CLARITY_LEVELS,
    ENDED_AS,
    ENDED_SHARE,
    ENDED_SPEED,
    EXPIRED_SHARE,
    LAST_PULL,
    OVERTURNED_SHARE,
    PARTIAL_SHARE,
    REPLACED_SHARE,
    SPEED,
    UNKNOWN_OUTCOMES,
    UNRECORDED_SHARE,
    Cell,
    seller_chance,
)

WHERE = {
    "amazon_safet": {"US": 0.65, "DE": 0.35},
    "amazon_atoz": {"US": 0.50, "DE": 0.30, "JP": 0.20},
    "amazon_chargeback": {"US": 0.60, "DE": 0.20, "JP": 0.20},
    "amazon_fba_reimbursement": {"US": 0.55, "DE": 0.25, "JP": 0.20},
}
"""Where a program's claims arise. SAFE-T has none in Japan, as no returns file comes from there."""

ORDER_AGE_DAYS = {
    "amazon_safet": (22, 60),
    "amazon_atoz": (12, 45),
    "amazon_chargeback": (20, 75),
    "amazon_fba_reimbursement": (15, 60),
}
"""How long before the filing the order was bought."""

DAY_ONLY = 0.05
"""Claims whose dates the tracker holds without a time."""

INFORMATION_REQUESTED = 0.20
CHARGEBACKS_AFTER_DENIAL = 6
"""Chargebacks on orders whose A-to-z claim had been denied: such an order has two claims."""

NOTES = (
    "seal cut, box reused",
    'box is 14" wide, tape intact',
    "buyer's photo shows another colour",
    "label scanned at hub",
    "asked carrier for a trace",
)


@dataclass
class Appeal:
    """The loser's appeal against the first decision."""

    filed_at: datetime
    decided_at: datetime
    overturned: bool


@dataclass
class Claim:
    """A claim as it will have been, seen from the end; amounts in the smallest unit."""

    cell: Cell
    market: Market
    claim_id: str
    order: Order
    line: Line
    filed_at: datetime
    contacted_at: datetime | None
    due_at: datetime | None
    ending: str
    outcome: str
    decided_at: datetime
    claimed: int
    granted: int | None
    carrier: str
    note: str
    day_only: bool
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    appeal: Appeal | None = None
    outcome_known: bool = True
    pieces: list[Piece] = field(default_factory=list)

    @property
    def program(self) -> str:
        """The claim program."""
        return self.cell.program

    @property
    def seller_won(self) -> bool:
        """Whether the first decision went the seller's way."""
        return self.ending == ("approved" if self.cell.seller_claims else "denied")

    def outcome_at(self, end: datetime) -> str:
        """Give the first decision as known just before ``end``."""
        if self.decided_at >= end:
            return "pending"
        return self.outcome if self.outcome_known else ""

    def appeal_outcome_at(self, end: datetime) -> str:
        """Give what the appeal made of the claim, from the claimant's side."""
        if not self.appeal or self.appeal.filed_at >= end:
            return ""
        if self.appeal.decided_at >= end:
            return "pending"
        if not self.appeal.overturned:
            return self.outcome
        return "granted_full" if self.cell.seller_claims else "reversed"

    def granted_at(self, end: datetime) -> int | None:
        """Give the amount granted as known just before ``end``, appeal included."""
        if self.outcome_at(end) in {"pending", ""}:
            return None
        if self.appeal and self.appeal.overturned and self.appeal.decided_at < end:
            return self.claimed if self.cell.seller_claims else 0
        return self.granted


class OrderPool:
    """The orders that claims can still be made on."""

    def __init__(self, orders: list[Order]) -> None:
        self._pools: dict[tuple[str, bool], list[Order]] = {}
        for order in orders:
            if order.can_be_claimed:
                self._pools.setdefault((order.market.code, order.by_amazon), []).append(order)

    def take(self, chance: Chance, program: str, market: Market, filed_at: datetime) -> Order:
        """Take an order that is as old as the program's claims use to find it."""
        youngest, oldest = ORDER_AGE_DAYS[program]
        pool = self._pools[market.code, program == "amazon_fba_reimbursement"]
        first = bisect_left(pool, filed_at - days(oldest), key=lambda order: order.purchased_at)
        last = bisect_left(pool, filed_at - days(youngest), key=lambda order: order.purchased_at)
        return pool.pop(chance.whole(first, last - 1))


def draw_claims(chance: Chance, orders: list[Order]) -> list[Claim]:
    """Draw all claims of the plan, in the order of filing."""
    pool = OrderPool(orders)
    claims: list[Claim] = []
    for cell in CELLS:
        for _ in range(cell.claims):
            claims.append(_draw_claim(chance, cell, pool, claims))
    claims.sort(key=lambda claim: (claim.filed_at, claim.claim_id))
    _forget_outcomes(chance, claims)
    return claims


def _draw_claim(chance: Chance, cell: Cell, pool: OrderPool, earlier: list[Claim]) -> Claim:
    market = MARKETS[chance.weighted(WHERE[cell.program])]
    filed_at = chance.moment(CLAIMS_FROM, LAST_PULL.end)
    order = _order_after_denial(cell.program, market, filed_at, earlier) or pool.take(
        chance, cell.program, market, filed_at
    )
    kinds = draw_kinds(chance, cell.reason)
    clarity = chance.pick(CLARITY_LEVELS)
    recorded = not chance.flip(UNRECORDED_SHARE)
    ending = _draw_ending(
        chance, seller_chance(cell, kinds, clarity) if recorded else cell.seller_wins, cell
    )
    claim = _draw_course(chance, cell, market, order, filed_at, ending)
    sent_at = _sent_at(chance, claim)
    if recorded and sent_at < LAST_PULL.end:
        claim.pieces = draw_filing_pieces(chance, cell.reason, kinds, clarity, sent_at)
        if ending != "ended":
            rate_in_hindsight(chance, claim.pieces, claim.decided_at, claim.seller_won)
    _draw_information_request(chance, claim)
    _draw_appeal(chance, claim)
    name_files(claim.pieces)
    return claim


def _order_after_denial(
    program: str, market: Market, filed_at: datetime, earlier: list[Claim]
) -> Order | None:
    """Find an order whose A-to-z claim was denied a while before, for the first chargebacks."""
    if program != "amazon_chargeback":
        return None
    charged = {claim.order.order_id for claim in earlier if claim.program == program}
    contested = [claim for claim in earlier if claim.program == "amazon_atoz"]
    if sum(claim.order.order_id in charged for claim in contested) == CHARGEBACKS_AFTER_DENIAL:
        return None
    denied = (
        claim.order
        for claim in contested
        if claim.outcome == "denied" and claim.market is market
        if claim.order.order_id not in charged
        if days(3) < filed_at - claim.decided_at < days(40)
    )
    return next(denied, None)


def _draw_ending(chance: Chance, seller_wins: float, cell: Cell) -> str:
    if chance.flip(ENDED_SHARE):
        return "ended"
    seller_won = chance.flip(seller_wins)
    return "approved" if seller_won == cell.seller_claims else "denied"


def _draw_course(
    chance: Chance, cell: Cell, market: Market, order: Order, filed_at: datetime, ending: str
) -> Claim:
    speed = ENDED_SPEED if ending == "ended" else SPEED[cell.program][ending]
    decided_at = filed_at + chance.duration(speed)
    day_only = chance.flip(DAY_ONLY) and decided_at - filed_at > days(2)
    if day_only:
        filed_at, decided_at = _midnight(filed_at), _midnight(decided_at)
    line = chance.pick(order.lines)
    outcome = _draw_outcome(chance, cell.program, ending)
    claimed = _claimed(cell.program, order, line)
    return Claim(
        cell=cell,
        market=market,
        claim_id=_draw_claim_id(chance, cell.program),
        order=order,
        line=line,
        filed_at=filed_at,
        contacted_at=_draw_contact(chance, cell.program, filed_at),
        due_at=_due_at(cell.program, filed_at),
        ending=ending,
        outcome=outcome,
        decided_at=decided_at,
        claimed=claimed,
        granted=_draw_granted(chance, outcome, claimed),
        carrier="" if chance.flip(0.03) else chance.pick(market.carriers),
        note=chance.pick(NOTES) if chance.flip(0.08) else "",
        day_only=day_only,
    )


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), time())


def _draw_outcome(chance: Chance, program: str, ending: str) -> str:
    if ending == "ended":
        return chance.pick(ENDED_AS[program])
    if ending == "denied":
        return "expired" if chance.flip(EXPIRED_SHARE) else "denied"
    partial, replaced = PARTIAL_SHARE[program], REPLACED_SHARE[program]
    full = 1 - partial - replaced
    return chance.weighted({"granted_full": full, "granted_partial": partial, "replaced": replaced})


def _claimed(program: str, order: Order, line: Line) -> int:
    """Claim the whole payment, as a bank does, or else one line."""
    if program == "amazon_chargeback":
        return sum(line.price + line.shipping - line.discount for line in order.lines)
    return line.price


def _draw_granted(chance: Chance, outcome: str, claimed: int) -> int | None:
    if outcome == "granted_full":
        return claimed
    if outcome == "granted_partial":
        return claimed * chance.whole(30, 80) // 100
    return 0 if outcome in {"denied", "expired", "replaced"} else None


def _draw_claim_id(chance: Chance, program: str) -> str:
    if program == "amazon_safet":
        return f"{chance.digits(5)}-{chance.digits(5)}-{chance.digits(7)}"
    if program == "amazon_atoz":
        return f"AZ{chance.digits(8)}"
    if program == "amazon_chargeback":
        return f"CB{chance.digits(9)}"
    return chance.digits(11)


def _draw_contact(chance: Chance, program: str, filed_at: datetime) -> datetime | None:
    """Let the buyer write first before any A-to-z claim, the seller before many SAFE-T claims."""
    if program == "amazon_atoz":
        return chance.later(filed_at, -6, -2)
    if program == "amazon_safet" and chance.flip(0.6):
        return chance.later(filed_at, -8, -1)
    return None


def _due_at(program: str, filed_at: datetime) -> datetime | None:
    """Give the seller 48 hours to answer an A-to-z claim, 7 days for a chargeback."""
    answer_days = {"amazon_atoz": 2, "amazon_chargeback": 7}.get(program)
    return filed_at + days(answer_days) if answer_days else None


def _sent_at(chance: Chance, claim: Claim) -> datetime:
    """Send the seller's files with the seller's own claim, or with the answer to the buyer's."""
    if claim.due_at is None:
        return claim.filed_at
    return chance.moment(claim.filed_at, min(claim.due_at, claim.decided_at))


def _draw_information_request(chance: Chance, claim: Claim) -> None:
    """Ask for more in some of the longer reviews; the answer comes before the decision."""
    length = claim.decided_at - claim.filed_at
    if length < days(5) or not chance.flip(INFORMATION_REQUESTED):
        return
    claim.asked_at = claim.filed_at + length * chance.whole(25, 45) / 100
    claim.asked_at = claim.asked_at.replace(microsecond=0)
    claim.answered_at = chance.later(claim.asked_at, 0.2, 2.6)
    if claim.pieces and claim.answered_at < LAST_PULL.end:
        claim.pieces += draw_later_pieces(chance, claim.cell.reason, 1, claim.answered_at)


def _draw_appeal(chance: Chance, claim: Claim) -> None:
    """Let the seller appeal some lost claims, with more files than the filing had.

    A bank's decision is final, and claims that expired or ended are not appealed.
    """
    lost = claim.ending in {"approved", "denied"} and not claim.seller_won
    final = claim.program == "amazon_chargeback" or claim.outcome == "expired"
    if not lost or final or not chance.flip(APPEALED_SHARE):
        return
    appealed_at = chance.later(claim.decided_at, 1, 7)
    decided_at = chance.later(appealed_at, 5, 40)
    claim.appeal = Appeal(appealed_at, decided_at, chance.flip(OVERTURNED_SHARE))
    if claim.pieces and appealed_at < LAST_PULL.end:
        number = chance.whole(3, 4)
        claim.pieces += draw_later_pieces(chance, claim.cell.reason, number, appealed_at)


def _forget_outcomes(chance: Chance, claims: list[Claim]) -> None:
    """Leave some long decided A-to-z claims without a known outcome."""
    old = [
        claim
        for claim in claims
        if claim.program == "amazon_atoz" and claim.filed_at < datetime(2026, 6, 1)
        if claim.appeal is None
    ]
    for _ in range(UNKNOWN_OUTCOMES):
        old.pop(chance.whole(0, len(old) - 1)).outcome_known = False
