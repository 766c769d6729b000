-- claims from claim_records: one row per claim, each field from the tracker where it says something,
-- else from the exports. Runs after each file, for the whole table: it is small beside the orders.
-- A claim whose id is derived from order and return gives way to a claim of the same program and
-- order whose id is known: they are the same claim. A source that calls a claim pending gives way to
-- one that knows the decision. Amounts are taken only in the currency of the first source that has one.

-- FBA claims are made of the reimbursements with a case id: one claim per case and currency.
DELETE FROM claim_records WHERE origin = 'amazon_fba_reimbursements';

INSERT INTO claim_records BY NAME
WITH reversed AS (
    SELECT original_id AS reimbursement_id, currency, sum(amount) AS amount
    FROM reimbursements
    WHERE is_reversal AND original_id IS NOT NULL
    GROUP BY original_id, currency
),
granted AS (
    SELECT
        case_id,
        currency,
        reimbursement_id,
        sum(amount) AS amount,
        sum(n_units_inventory) AS n_units_inventory,
        min(approved_at) AS approved_at,
        any_value(order_id ORDER BY line_no) AS order_id,
        any_value(sku ORDER BY line_no) AS sku,
        any_value(reason_raw ORDER BY line_no) AS reason_raw,
        any_value(reason ORDER BY line_no) AS reason,
        max(version_at) AS version_at,
        min(file_id) AS file_id,
        min(line_no) AS line_no
    FROM reimbursements
    WHERE case_id IS NOT NULL AND NOT is_reversal
    GROUP BY case_id, currency, reimbursement_id
),
net AS (
    SELECT
        granted.*,
        granted.amount + coalesce(reversed.amount, 0) AS net_amount,
        reversed.amount IS NOT NULL AS is_reversed
    FROM granted
    LEFT JOIN reversed USING (reimbursement_id, currency)
)
SELECT
    'amazon_fba_reimbursement' AS program,
    case_id AS claim_id,
    'amazon_fba_reimbursements' AS origin,
    false AS id_is_derived,
    any_value(order_id ORDER BY line_no) AS order_id,
    any_value(sku ORDER BY line_no) AS sku,
    any_value(reason_raw ORDER BY line_no) AS reason_raw,
    coalesce(any_value(reason ORDER BY line_no), 'unknown') AS reason,
    CASE WHEN count(DISTINCT currency) = 1 THEN sum(net_amount) END AS granted_amount,
    CASE WHEN count(DISTINCT currency) = 1 THEN min(currency) END AS currency,
    CASE
        WHEN sum(net_amount) <= 0 AND bool_or(is_reversed) THEN 'reversed'
        WHEN sum(amount) = 0 AND sum(n_units_inventory) > 0 THEN 'replaced'
        ELSE 'granted_full'
    END AS outcome,
    min(approved_at) AS decided_at,
    'instant' AS decided_precision,
    max(version_at) AS version_at,
    min(file_id) AS file_id,
    min(line_no) AS line_no
FROM net
GROUP BY case_id;

DELETE FROM claims;

INSERT INTO claims BY NAME
WITH known AS (
    SELECT r.*, CASE origin WHEN 'tracker' THEN 1 WHEN 'amazon_mfn_returns' THEN 2 ELSE 3 END AS rank
    FROM claim_records AS r
    WHERE NOT (
        r.id_is_derived AND EXISTS (
            SELECT 1 FROM claim_records AS k
            WHERE k.program = r.program AND k.order_id = r.order_id AND NOT k.id_is_derived
        )
    )
),
in_currency AS (
    SELECT
        *,
        currency IS NOT DISTINCT FROM first_value(currency) OVER (
            PARTITION BY program, claim_id ORDER BY currency IS NULL, rank
        ) AS is_main_currency
    FROM known
)
SELECT
    program,
    claim_id,
    bool_and(id_is_derived) AS id_is_derived,
    list(origin ORDER BY rank) AS origins,
    any_value(direction ORDER BY rank) AS direction,
    any_value(marketplace ORDER BY rank) AS marketplace,
    any_value(order_id ORDER BY rank) AS order_id,
    any_value(rma_id ORDER BY rank) AS rma_id,
    any_value(sku ORDER BY rank) AS sku,
    any_value(reason_raw ORDER BY rank) AS reason_raw,
    coalesce(any_value(nullif(reason, 'unknown') ORDER BY rank), 'unknown') AS reason,
    any_value(contacted_at ORDER BY rank) AS contacted_at,
    any_value(filed_at ORDER BY rank) AS filed_at,
    any_value(CASE WHEN filed_at IS NOT NULL THEN filed_precision END ORDER BY rank) AS filed_precision,
    any_value(claimed_amount ORDER BY rank) FILTER (is_main_currency) AS claimed_amount,
    any_value(granted_amount ORDER BY rank) FILTER (is_main_currency) AS granted_amount,
    any_value(currency ORDER BY rank) AS currency,
    any_value(state_raw ORDER BY outcome = 'unknown', outcome = 'pending', rank) AS state_raw,
    any_value(outcome ORDER BY outcome = 'unknown', outcome = 'pending', rank) AS outcome,
    any_value(decided_at ORDER BY rank) AS decided_at,
    any_value(
        CASE WHEN decided_at IS NOT NULL THEN decided_precision END ORDER BY rank
    ) AS decided_precision,
    any_value(resolution ORDER BY rank) AS resolution,
    any_value(appealed_at ORDER BY rank) AS appealed_at,
    any_value(appeal_outcome ORDER BY rank) AS appeal_outcome,
    any_value(appeal_decided_at ORDER BY rank) AS appeal_decided_at,
    any_value(
        CASE WHEN appeal_decided_at IS NOT NULL THEN appeal_decided_precision END ORDER BY rank
    ) AS appeal_decided_precision,
    any_value(due_at ORDER BY rank) AS due_at,
    any_value(note ORDER BY rank) AS note,
    any_value(extra ORDER BY rank) AS extra
FROM in_currency
GROUP BY program, claim_id;
