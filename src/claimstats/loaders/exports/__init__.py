"""The exports that claimstats reads: a module and an SQL mapping each, and a line here."""

from __future__ import annotations

from claimstats.loaders.exports import (
    amazon_all_orders,
    amazon_date_range,
    amazon_fba_reimbursements,
    amazon_fba_replacements,
    amazon_fba_returns,
    amazon_ledger_detail,
    amazon_mfn_returns,
    amazon_performance_v2,
    amazon_sales_and_traffic,
    amazon_settlement_v2,
    claim_events,
    claims,
    ebay_transactions,
    etsy_statement,
    evidence,
    file_claims,
    paypal_disputes,
    stripe_disputes,
    stripe_payments,
    tiktok_returns,
    walmart_recon,
)
from claimstats.loaders.spec import Export

EXPORTS: tuple[Export, ...] = (
    amazon_all_orders.EXPORT,
    amazon_mfn_returns.EXPORT,
    amazon_fba_reimbursements.EXPORT,
    amazon_fba_returns.EXPORT,
    amazon_fba_replacements.EXPORT,
    amazon_ledger_detail.EXPORT,
    amazon_performance_v2.EXPORT,
    amazon_sales_and_traffic.EXPORT,
    stripe_disputes.EXPORT,
    stripe_payments.EXPORT,
    paypal_disputes.EXPORT,
    ebay_transactions.EXPORT,
    tiktok_returns.EXPORT,
    walmart_recon.EXPORT,
    etsy_statement.EXPORT,
    amazon_settlement_v2.EXPORT,
    amazon_date_range.EXPORT,
    claims.EXPORT,
    claim_events.EXPORT,
    evidence.EXPORT,
    file_claims.EXPORT,
)
