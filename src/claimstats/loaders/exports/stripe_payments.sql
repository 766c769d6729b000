-- Stripe payments -> order_lines, one line per charge, and the claims that they tell of.
-- A dispute told here has no id of its own: it is derived from the charge, which is the order's id, and
-- gives way to the dispute with its id as soon as the export of disputes tells it.
CREATE TEMP TABLE incoming_order_lines AS
SELECT
    'stripe' AS channel,
    charge_id AS order_id,
    said_marketplace AS marketplace,
    purchased_at,
    order_status,
    ship_country,
    buyer_hash,
    currency,
    amount AS item_price,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE disputed AS
SELECT *, coalesce(outcome_of(state_raw, 'buyer_claims'), 'unknown') AS outcome
FROM typed
WHERE state_raw IS NOT NULL OR filed_at IS NOT NULL;

CREATE TEMP TABLE incoming_claim_records AS
SELECT
    'stripe_dispute' AS program,
    charge_id AS claim_id,
    'stripe_payments' AS origin,
    true AS id_is_derived,
    said_marketplace AS marketplace,
    charge_id AS order_id,
    reason_raw,
    coalesce(reason_of(reason_raw), 'unknown') AS reason,
    filed_at,
    precision_of(r_filed_at) AS filed_precision,
    claimed_amount,
    outcome,
    CASE WHEN outcome = 'granted_full' THEN claimed_amount END AS granted_amount,
    CASE WHEN claimed_amount IS NOT NULL THEN currency END AS currency,
    state_raw,
    due_at,
    buyer_hash,
    json_object('Charge ID', charge_id) AS extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM disputed CROSS JOIN this_file;

CREATE TEMP TABLE incoming_claim_snapshots AS
SELECT
    program, claim_id, origin, r.file_id, line_no, this_file.pulled_at, state_raw, outcome,
    granted_amount, currency
FROM incoming_claim_records AS r CROSS JOIN this_file
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY line_no DESC) = 1;

CREATE TEMP TABLE unmapped AS
SELECT 'dispute_status' AS column_name, coalesce(state_raw, '(blank)') AS value, count(*) AS n_rows
FROM incoming_claim_records
WHERE outcome_of(state_raw, 'buyer_claims') IS NULL
GROUP BY state_raw
UNION ALL
SELECT 'dispute_reason', reason_raw, count(*)
FROM incoming_claim_records
WHERE reason_raw IS NOT NULL AND reason_of(reason_raw) IS NULL
GROUP BY reason_raw;
