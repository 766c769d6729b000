-- Seller-fulfilled returns -> returns (one per row), and the claims they tell of.
-- A SAFE-T claim has an id, a state and a filing time, but no decision time: each pull of the export is
-- kept as a snapshot, and the decision fell between the last pull that shows it open and the first
-- that shows it decided. An A-to-z claim is only a flag: its id is derived from order and return.
-- Refunded Amount is kept but never used as money that moved.
CREATE TEMP TABLE incoming_returns AS
SELECT
    'amazon' AS channel,
    'amazon_mfn_returns' AS origin,
    order_id,
    rma_id,
    sku,
    CAST(NULL AS VARCHAR) AS return_key,
    row_number() OVER (PARTITION BY order_id, rma_id, sku ORDER BY line_no) AS occurrence,
    merchant_rma_id, order_item_id, asin, item_name,
    ordered_at, requested_at, delivered_at,
    return_status, return_type, resolution,
    reason_raw, reason_of(reason_raw) AS reason,
    in_policy, is_prime, quantity, order_quantity,
    carrier, tracking_id, label_type, label_payer, label_cost,
    currency, order_amount, refunded_amount, atoz_flag,
    safet_claim_id,
    safet_reason AS safet_reason_raw,
    safet_state AS safet_state_raw,
    safet_created_at,
    precision_of(r_safet_created_at) AS safet_created_precision,
    safet_amount,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE safet AS
SELECT
    *,
    -- An amount alone is no decision: granted claims have one where refused ones have none, so that
    -- counting claims of an unknown state by their amount would count the granted ones only.
    coalesce(outcome_of(safet_state_raw, 'seller_claims'), 'unknown') AS outcome
FROM incoming_returns
WHERE safet_claim_id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY safet_claim_id ORDER BY line_no DESC) = 1;

CREATE TEMP TABLE incoming_claim_records AS
SELECT
    'amazon_safet' AS program,
    safet_claim_id AS claim_id,
    'amazon_mfn_returns' AS origin,
    false AS id_is_derived,
    NULL AS direction,
    (SELECT said_marketplace FROM this_file) AS marketplace,
    order_id, rma_id, sku,
    coalesce(safet_reason_raw, reason_raw) AS reason_raw,
    coalesce(reason_of(safet_reason_raw), reason, 'unknown') AS reason,
    NULL AS contacted_at,
    safet_created_at AS filed_at,
    safet_created_precision AS filed_precision,
    NULL AS claimed_amount,
    CASE WHEN outcome LIKE 'granted%' THEN safet_amount END AS granted_amount,
    currency,
    safet_state_raw AS state_raw,
    outcome,
    NULL AS decided_at,
    NULL AS decided_precision,
    resolution,
    NULL AS appealed_at,
    NULL AS appeal_outcome,
    NULL AS appeal_decided_at,
    NULL AS appeal_decided_precision,
    NULL AS due_at,
    NULL AS extra,
    version_at, file_id, line_no
FROM safet
UNION ALL
SELECT
    'amazon_atoz', order_id || '/' || coalesce(rma_id, ''), 'amazon_mfn_returns', true, NULL, NULL,
    order_id, rma_id, sku, reason_raw, coalesce(reason, 'unknown'), NULL, NULL, NULL, NULL, NULL,
    currency, 'A-to-Z Claim: Y', 'unknown', NULL, NULL, resolution, NULL, NULL, NULL, NULL, NULL,
    NULL, version_at, file_id, line_no
FROM incoming_returns
WHERE atoz_flag
QUALIFY row_number() OVER (PARTITION BY order_id, rma_id ORDER BY line_no DESC) = 1;

CREATE TEMP TABLE incoming_claim_snapshots AS
SELECT
    'amazon_safet' AS program,
    safet_claim_id AS claim_id,
    'amazon_mfn_returns' AS origin,
    safet.file_id,
    line_no,
    this_file.pulled_at,
    safet_state_raw AS state_raw,
    outcome,
    safet_amount AS granted_amount,
    currency
FROM safet CROSS JOIN this_file;

CREATE TEMP TABLE unmapped AS
SELECT 'safet_state' AS column_name, safet_state_raw AS value, count(*) AS n_rows
FROM safet
WHERE safet_state_raw IS NOT NULL AND outcome_of(safet_state_raw, 'seller_claims') IS NULL
GROUP BY safet_state_raw
UNION ALL
SELECT 'return_reason', reason_raw, count(*)
FROM incoming_returns
WHERE reason_raw IS NOT NULL AND reason IS NULL
GROUP BY reason_raw;
