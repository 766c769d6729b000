-- claims from claim_records and derived_claims: one row per claim, each field from the tracker where it says something,
-- else from the exports. Runs after each file, for the whole table: it is small beside the orders.
-- A claim whose id is derived from order and return gives way to a claim of the same program and
-- order whose id is known: they are the same claim. A source that calls a claim pending gives way to
-- one that knows the decision. Amounts are taken only in the currency of the first source that has one;
-- an amount without a currency is taken to be in it.

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

DELETE FROM claims;

INSERT INTO claims BY NAME
WITH told AS (
    FROM claim_records UNION ALL BY NAME FROM derived_claims
),
known AS (
    SELECT
        r.*,
        CASE origin
            WHEN 'tracker' THEN 1
            WHEN 'amazon_fba_reimbursements' THEN 3
            WHEN 'ledger_lines' THEN 4
            ELSE 2
        END AS rank
    FROM told AS r
    WHERE NOT (
        r.id_is_derived AND EXISTS (
            SELECT 1 FROM told AS k
            WHERE k.program = r.program AND k.order_id = r.order_id AND NOT k.id_is_derived
        )
    )
),
in_currency AS (
    SELECT
        *,
        coalesce(
            currency = first_value(currency) OVER (
                PARTITION BY program, claim_id ORDER BY currency IS NULL, rank
            ),
            true
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
    first(state_raw ORDER BY outcome = 'unknown', outcome = 'pending', rank) AS state_raw,
    first(outcome ORDER BY outcome = 'unknown', outcome = 'pending', rank) AS outcome,
    any_value(decided_at ORDER BY rank) AS decided_at,
    any_value(
        CASE WHEN decided_at IS NOT NULL THEN decided_precision END ORDER BY rank
    ) AS decided_precision,
    min(money_at) AS money_at,
    any_value(buyer_hash ORDER BY rank) AS buyer_hash,
    any_value(resolution ORDER BY rank) AS resolution,
    any_value(appealed_at ORDER BY rank) AS appealed_at,
    any_value(appeal_outcome ORDER BY rank) AS appeal_outcome,
    any_value(appeal_decided_at ORDER BY rank) AS appeal_decided_at,
    any_value(
        CASE WHEN appeal_decided_at IS NOT NULL THEN appeal_decided_precision END ORDER BY rank
    ) AS appeal_decided_precision,
    any_value(due_at ORDER BY rank) AS due_at,
    any_value(extra ORDER BY rank) AS extra
FROM in_currency
GROUP BY program, claim_id;
