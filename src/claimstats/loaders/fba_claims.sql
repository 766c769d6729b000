-- FBA claims are made of the reimbursements with a case id: one claim per case. What was taken back is
-- set off against the case of the reimbursement it names, or against its own where it names none. A
-- case paid in several currencies has no amount: they are never added.
DELETE FROM derived_claims WHERE origin = 'amazon_fba_reimbursements';

INSERT INTO derived_claims BY NAME
WITH granted AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY case_id
            ORDER BY approved_at, reimbursement_id, reason_raw, fnsku, sku, occurrence
        ) AS place
    FROM reimbursements
    WHERE case_id IS NOT NULL AND NOT is_reversal
),
reversed AS (
    SELECT coalesce(g.case_id, r.case_id) AS case_id, r.currency, r.amount
    FROM reimbursements AS r
    LEFT JOIN (SELECT DISTINCT reimbursement_id, case_id FROM granted) AS g
        ON g.reimbursement_id = r.original_id
    WHERE r.is_reversal
),
net AS (
    SELECT case_id, currency, sum(amount) AS amount, sum(granted) AS granted, bool_or(taken) AS taken
    FROM (
        SELECT case_id, currency, amount, amount AS granted, false AS taken FROM granted
        UNION ALL
        SELECT case_id, currency, amount, 0, true FROM reversed
    )
    GROUP BY case_id, currency
),
paid AS (
    SELECT
        case_id,
        CASE WHEN count(*) = 1 THEN min(amount) END AS amount,
        CASE WHEN count(*) = 1 THEN min(currency) END AS currency,
        bool_and(amount <= 0) AND bool_or(taken) AS is_reversed,
        bool_and(granted = 0) AS is_unpaid
    FROM net
    GROUP BY case_id
),
told AS (
    SELECT
        case_id,
        any_value(order_id ORDER BY place) AS order_id,
        any_value(sku ORDER BY place) AS sku,
        any_value(reason_raw ORDER BY place) AS reason_raw,
        any_value(reason ORDER BY place) AS reason,
        sum(n_units_inventory) AS n_units_inventory,
        min(approved_at) AS decided_at,
        max(version_at) AS version_at,
        first(file_id ORDER BY place) AS file_id,
        first(line_no ORDER BY place) AS line_no
    FROM granted
    GROUP BY case_id
)
SELECT
    'amazon_fba_reimbursement' AS program,
    case_id AS claim_id,
    'amazon_fba_reimbursements' AS origin,
    false AS id_is_derived,
    told.order_id,
    told.sku,
    told.reason_raw,
    coalesce(told.reason, 'unknown') AS reason,
    paid.amount AS granted_amount,
    paid.currency,
    CASE
        WHEN paid.is_reversed THEN 'reversed'
        WHEN paid.is_unpaid AND told.n_units_inventory > 0 THEN 'replaced'
        ELSE 'granted_full'
    END AS outcome,
    told.decided_at,
    'instant' AS decided_precision,
    told.version_at,
    told.file_id,
    told.line_no
FROM told
JOIN paid USING (case_id);
