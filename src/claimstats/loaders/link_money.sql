-- v_money -> money_links (one row per line of claim money) -> derived_claims of origin ledger_lines.
-- A line belongs to the claim of its program that its reference names, else to the only one of its
-- order and article, else to the only one of its order; FBA money without an order to the only
-- reimbursement of its article in the days before. An amount alone links nothing. Where several claims
-- fit, the line is linked to none.

DELETE FROM money_links;
DELETE FROM derived_claims WHERE origin = 'ledger_lines';

INSERT INTO money_links BY NAME
WITH lines AS (
    SELECT file_id, line_no, program, reference_id, order_id, sku, posted_at
    FROM v_money WHERE program IS NOT NULL
),
-- Under what a claim may be paid. Reimbursements that nobody asked for are no claims, but money that is
-- theirs must not be taken for a claim's.
payable AS (
    SELECT DISTINCT
        program,
        claim_id,
        CAST(NULL AS VARCHAR) AS paid_id,
        CAST(NULL AS TIMESTAMP) AS paid_at,
        claim_id AS reference_id,
        order_id,
        sku
    FROM known_records
    UNION ALL
    SELECT
        'amazon_fba_reimbursement', case_id, coalesce(case_id, reimbursement_id), approved_at,
        reimbursement_id, order_id, sku
    FROM reimbursements
    WHERE NOT is_reversal
),
fitting AS (
    SELECT l.file_id, l.line_no, 1 AS step, 'id' AS link_method, p.claim_id, p.paid_id
    FROM lines AS l
    JOIN payable AS p ON p.program = l.program AND p.reference_id = l.reference_id
    UNION ALL
    SELECT l.file_id, l.line_no, 2, 'order_sku', p.claim_id, p.paid_id
    FROM lines AS l
    JOIN payable AS p ON p.program = l.program AND p.order_id = l.order_id AND p.sku = l.sku
    UNION ALL
    SELECT l.file_id, l.line_no, 3, 'order', p.claim_id, p.paid_id
    FROM lines AS l
    JOIN payable AS p ON p.program = l.program AND p.order_id = l.order_id
    -- A claim of the other programs is one per order; a reimbursement is one article's.
    WHERE l.program <> 'amazon_fba_reimbursement' OR l.sku IS NULL OR p.sku IS NULL
    UNION ALL
    -- The report may tell a reimbursement up to five days late, and posts it in another zone.
    SELECT l.file_id, l.line_no, 4, 'sku_date', p.claim_id, p.paid_id
    FROM lines AS l
    JOIN payable AS p ON p.program = l.program AND p.sku = l.sku
    WHERE l.order_id IS NULL
        AND l.posted_at BETWEEN p.paid_at - INTERVAL 1 DAY AND p.paid_at + INTERVAL 5 DAY
),
counted AS (
    SELECT
        file_id,
        line_no,
        any_value(link_method) AS link_method,
        min(claim_id) AS claim_id,
        count(DISTINCT claim_id) AS n_claims,
        count(DISTINCT paid_id) AS n_paid
    FROM (
        SELECT *, min(step) OVER (PARTITION BY file_id, line_no) AS first_step FROM fitting
    )
    WHERE step = first_step
    GROUP BY file_id, line_no
),
decided AS (
    SELECT
        l.file_id,
        l.line_no,
        l.program,
        l.order_id,
        CASE
            WHEN c.n_claims IS NULL THEN 'none'
            WHEN c.n_claims = 0 THEN 'automatic'
            WHEN c.n_claims > 1 OR c.n_paid > 1 THEN 'ambiguous'
            ELSE c.link_method
        END AS link_method,
        c.claim_id
    FROM lines AS l
    LEFT JOIN counted AS c USING (file_id, line_no)
),
-- Orders debited for a claim that no source tells of: the claim is concluded from the debit.
debited AS (
    SELECT DISTINCT d.program, d.order_id
    FROM decided AS d
    JOIN v_money AS m USING (file_id, line_no)
    WHERE d.link_method = 'none' AND m.kind = 'grant' AND m.amount < 0 AND d.order_id IS NOT NULL
        AND d.program IN ('amazon_atoz', 'amazon_chargeback')
)
SELECT
    d.file_id,
    d.line_no,
    d.program,
    CASE
        WHEN d.link_method = 'none' AND b.order_id IS NOT NULL THEN d.order_id || '/'
        WHEN d.link_method NOT IN ('none', 'automatic', 'ambiguous') THEN d.claim_id
    END AS claim_id,
    CASE
        WHEN d.link_method = 'none' AND b.order_id IS NOT NULL THEN 'derived' ELSE d.link_method
    END AS link_method
FROM decided AS d
LEFT JOIN debited AS b ON b.program = d.program AND b.order_id = d.order_id;

-- What the money says of each claim it is linked to. Reversals and recoveries are set off, each
-- currency for itself; a claim whose money all came back is reversed. What a buyer was granted is the
-- refund's price; the seller's debit is that less the fees given back.
INSERT INTO derived_claims BY NAME
WITH paid AS (
    SELECT m.*, p.direction
    FROM v_money AS m
    JOIN programs AS p USING (program)
    WHERE m.claim_id IS NOT NULL AND m.amount <> 0
),
net AS (
    SELECT
        program,
        claim_id,
        currency,
        CASE
            WHEN any_value(direction) = 'seller_claims' THEN sum(amount)
            ELSE -sum(CASE WHEN kind = 'grant' THEN coalesce(price_amount, amount) ELSE amount END)
        END AS granted,
        CASE
            WHEN any_value(direction) = 'seller_claims' THEN sum(amount) <= 0 ELSE sum(amount) >= 0
        END AS is_reversed
    FROM paid
    GROUP BY program, claim_id, currency
),
granted AS (
    SELECT
        program,
        claim_id,
        bool_and(is_reversed) AS is_reversed,
        CASE WHEN count(*) = 1 THEN min(granted) END AS amount,
        CASE WHEN count(*) = 1 THEN min(currency) END AS currency
    FROM net
    GROUP BY program, claim_id
),
told AS (
    SELECT
        program,
        claim_id,
        bool_or(link_method = 'derived') AS is_new,
        bool_or(kind = 'grant') AS has_grant,
        min(marketplace) AS marketplace,
        min(order_id) AS order_id,
        CASE WHEN count(DISTINCT sku) = 1 THEN min(sku) END AS sku,
        min(
            CASE
                WHEN posted_precision = 'day'
                THEN posted_at + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND ELSE posted_at
            END
        ) FILTER (kind = 'grant') AS money_at,
        max(version_at) AS version_at,
        arg_min(file_id, row(posted_at, file_id, line_no)) AS file_id,
        arg_min(line_no, row(posted_at, file_id, line_no)) AS line_no
    FROM paid
    GROUP BY program, claim_id
),
-- Whether the claim's id is its own: as its sources say, derived where there is none.
ids AS (
    SELECT program, claim_id, bool_and(id_is_derived) AS id_is_derived
    FROM known_records GROUP BY program, claim_id
)
SELECT
    t.program,
    t.claim_id,
    'ledger_lines' AS origin,
    t.is_new OR coalesce(i.id_is_derived, false) AS id_is_derived,
    t.marketplace,
    t.order_id,
    t.sku,
    'unknown' AS reason,
    CASE WHEN g.is_reversed THEN 0 ELSE g.amount END AS granted_amount,
    g.currency,
    CASE WHEN g.is_reversed THEN 'reversed' ELSE 'granted_full' END AS outcome,
    t.money_at,
    t.version_at,
    t.file_id,
    t.line_no
FROM told AS t
JOIN granted AS g USING (program, claim_id)
LEFT JOIN ids AS i USING (program, claim_id)
WHERE t.has_grant;
