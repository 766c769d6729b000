-- Views of money that moved: which lines count, which claim they are linked to, and what does not fit.

-- Money that moved: one row per line that counts, with its claim. Where two kinds of export tell of the
-- same settlement, the lines of the more detailed one count (money_origins), so that nothing counts twice.
CREATE OR REPLACE VIEW v_money AS
WITH ranked AS (
    SELECT l.*, coalesce(o.detail_rank, 0) AS detail_rank
    FROM ledger_lines AS l
    LEFT JOIN money_origins AS o USING (origin)
),
best AS (
    SELECT channel, settlement_id, min(detail_rank) AS detail_rank
    FROM ranked WHERE settlement_id IS NOT NULL
    GROUP BY channel, settlement_id
)
SELECT
    m.channel, -- Where it was sold.
    m.origin, -- The kind of export.
    m.marketplace, -- Country code of the marketplace; raw text where unmapped.
    m.settlement_id, -- The venue's settlement or payout.
    m.posted_at, -- When it was posted (UTC).
    m.posted_precision, -- day or instant.
    m.order_id, -- The order, where there is one.
    m.sku, -- The seller's article number.
    m.quantity, -- Units, where the line tells them.
    m.reference_id, -- The venue's id of what moved the money.
    m.line_type, -- Transaction type as the export writes it.
    m.amount_type, -- Kind of amount as the export writes it.
    m.description, -- Description as the export writes it.
    m.amount, -- What moved; negative when it left the seller.
    m.price_amount, -- The part of it that is price, shipping and their taxes; null: not told.
    m.currency, -- Currency of the amounts; never add across currencies.
    m.program, -- The claim program it belongs to; null where it is no claim's money.
    m.kind, -- What it is for the claim: grant, recovery, reversal or unknown.
    k.claim_id, -- The claim it is linked to; null where it is linked to none.
    k.link_method, -- How it was linked, as in money_links; null where it is no claim's money.
    m.version_at, -- When the export was made, as far as known.
    m.file_id, -- The file it came from.
    m.line_no -- The line in that file.
FROM ranked AS m
LEFT JOIN best AS b ON b.channel = m.channel AND b.settlement_id = m.settlement_id
LEFT JOIN money_links AS k ON k.file_id = m.file_id AND k.line_no = m.line_no
WHERE b.detail_rank IS NULL OR b.detail_rank = m.detail_rank;

-- Money of claims that is linked to none: one row per line. Money paid without a claim is not among it.
CREATE OR REPLACE VIEW v_money_unlinked AS
SELECT
    CASE
        WHEN kind = 'unknown' THEN 'words of claims that no rule of money_rules knows'
        WHEN link_method = 'ambiguous' THEN 'several claims fit'
        WHEN order_id IS NULL AND reference_id IS NULL AND sku IS NULL
        THEN 'names no order, article or id'
        ELSE 'no claim of the program fits'
    END AS why, -- Why it is linked to no claim.
    program, -- The claim program; null where no rule knows it.
    kind, -- What it is for a claim: grant, recovery, reversal or unknown.
    posted_at, -- When it was posted (UTC).
    order_id, -- The order, where there is one.
    sku, -- The seller's article number.
    reference_id, -- The venue's id of what moved the money.
    line_type, -- Transaction type as the export writes it.
    amount_type, -- Kind of amount as the export writes it.
    description, -- Description as the export writes it.
    amount, -- What moved; negative when it left the seller.
    currency, -- Its currency.
    file_id, -- The file it came from.
    line_no -- The line in that file.
FROM v_money
WHERE kind = 'unknown' OR (program IS NOT NULL AND link_method IN ('none', 'ambiguous'));

-- Claims of which the money says something else than a source: one row per claim and contradiction. They
-- are not resolved: the sources' outcome stands. What was decided on appeal is compared where it is known.
CREATE OR REPLACE VIEW v_money_contradictions AS
WITH posted AS (
    SELECT
        m.program,
        m.claim_id,
        m.currency,
        CASE
            WHEN any_value(p.direction) = 'seller_claims' THEN sum(m.amount) <= 0
            ELSE sum(m.amount) >= 0
        END AS is_reversed,
        bool_or(m.kind IN ('recovery', 'reversal')) AS has_reversal,
        sum(m.amount) AS posted_amount,
        min(m.posted_at) FILTER (m.kind = 'grant') AS first_posted_at,
        max(m.posted_at) AS last_posted_at
    FROM v_money AS m
    JOIN programs AS p USING (program)
    WHERE m.claim_id IS NOT NULL AND m.amount <> 0
    GROUP BY m.program, m.claim_id, m.currency
),
told AS (
    SELECT program, claim_id, origin, filed_at, currency, state_raw,
        coalesce(appeal_outcome, outcome) AS outcome
    FROM claim_records
    UNION ALL
    SELECT program, claim_id, origin, NULL, currency, NULL, outcome
    FROM derived_claims WHERE origin <> 'ledger_lines'
),
compared AS (
    SELECT
        t.*,
        p.posted_amount,
        p.currency AS posted_currency,
        p.first_posted_at,
        p.last_posted_at,
        unnest([
            CASE
                WHEN t.outcome IN ('denied', 'expired', 'withdrawn') AND NOT p.is_reversed
                THEN 'money posted for a claim told to have none'
            END,
            CASE
                WHEN t.outcome IN ('granted_full', 'granted_partial')
                    AND p.is_reversed AND p.has_reversal
                THEN 'granted, and the money taken back'
            END,
            CASE
                WHEN p.first_posted_at < CAST(t.filed_at AS DATE) THEN 'money posted before filing'
            END,
            CASE WHEN t.currency <> p.currency THEN 'money in another currency' END
        ]) AS contradiction
    FROM told AS t
    JOIN posted AS p USING (program, claim_id)
)
SELECT
    program, -- The claim program.
    claim_id, -- The claim's id.
    contradiction, -- What does not fit.
    origin, -- The kind of source that says otherwise.
    outcome, -- Its last outcome, relative to the claimant.
    state_raw, -- Its state as written.
    filed_at, -- When it says the claim was filed (UTC).
    posted_amount, -- What was posted in all; negative when it left the seller.
    posted_currency, -- Its currency.
    first_posted_at, -- When the first grant was posted (UTC).
    last_posted_at -- When money last moved (UTC).
FROM compared
WHERE contradiction IS NOT NULL;
