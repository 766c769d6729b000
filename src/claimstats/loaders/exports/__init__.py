"""The exports that claimstats reads: a module and an SQL mapping each, and a line here."""

from __future__ import annotations

from claimstats.loaders.exports import (
    amazon_all_orders,
    amazon_date_range,
    amazon_fba_reimbursements,
    amazon_mfn_returns,
    amazon_settlement_v2,
    claim_events,
    claims,
    evidence,
)
from claimstats.loaders.spec import Export

EXPORTS: tuple[Export, ...] = (
    amazon_all_orders.EXPORT,
    amazon_mfn_returns.EXPORT,
    amazon_fba_reimbursements.EXPORT,
    amazon_settlement_v2.EXPORT,
    amazon_date_range.EXPORT,
    claims.EXPORT,
    claim_events.EXPORT,
    evidence.EXPORT,
)
