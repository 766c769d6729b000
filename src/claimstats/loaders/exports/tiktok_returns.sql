-- TikTok Shop returns -> returns (one per row); where a dispute is told, a claim and its state; and what the
-- seller was paid in compensation. The return's id is the claim's: a return has one dispute.
-- The buyer claims: the dispute's state is the first decision, and an appeal that the seller won takes
-- it back. Compensation goes to the seller, so it is a recovery in the ledger and never what the buyer was granted.
-- Times are the shop's own, in a zone that the file does not tell: they count as known to the day.
CREATE TEMP TABLE told AS
SELECT
    *,
    currency_told(coalesce(r_order_amount, r_return_price, r_compensation), said_marketplace) AS currency
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE incoming_returns AS
SELECT
    'tiktok' AS channel,
    'tiktok_returns' AS origin,
    order_id,
    return_id AS rma_id,
    coalesce(sku, sku_id) AS sku,
    CAST(NULL AS VARCHAR) AS return_key,
    row_number() OVER (PARTITION BY order_id, return_id, coalesce(sku, sku_id) ORDER BY line_no) AS occurrence,
    concat_ws(', ', item_name, sku_name) AS item_name,
    requested_at,
    concat_ws(': ', return_status, return_substatus) AS return_status,
    return_type,
    reason_raw,
    reason_of(reason_raw) AS reason,
    quantity,
    tracking_id,
    currency,
    order_amount,
    CASE WHEN refunded_at IS NOT NULL THEN return_price END AS refunded_amount,
    buyer_hash,
    with_more(
        extra,
        json_object('SKU ID', sku_id, 'Refund Time', r_refunded_at)
    ) AS extra,
    version_at,
    file_id,
    line_no
FROM told;

CREATE TEMP TABLE disputes AS
SELECT
    *,
    outcome_of(dispute_raw, 'buyer_claims') AS dispute_outcome,
    outcome_of(appeal_raw, 'seller_claims') AS appeal_of_seller,
    -- The price of one article or of all of them? Both are seen: with one article they agree.
    CASE
        WHEN bool_and(coalesce(quantity = 1 AND return_price IS NOT NULL, false)) OVER same_return
        THEN sum(return_price) OVER same_return
    END AS claimed_amount
FROM told
WHERE dispute_raw IS NOT NULL
WINDOW same_return AS (PARTITION BY return_id)
QUALIFY row_number() OVER (PARTITION BY return_id ORDER BY line_no DESC) = 1;

CREATE TEMP TABLE incoming_claim_records AS
SELECT
    'tiktok_return_dispute' AS program,
    return_id AS claim_id,
    'tiktok_returns' AS origin,
    false AS id_is_derived,
    said_marketplace AS marketplace,
    order_id,
    return_id AS rma_id,
    coalesce(sku, sku_id) AS sku,
    reason_raw,
    coalesce(reason_of(reason_raw), 'unknown') AS reason,
    requested_at AS filed_at,
    'day' AS filed_precision,
    claimed_amount,
    currency,
    dispute_raw AS state_raw,
    coalesce(dispute_outcome, 'unknown') AS outcome,
    CASE WHEN outcome LIKE 'granted%' THEN refunded_at END AS decided_at,
    'day' AS decided_precision,
    coalesce(compensation_raw, return_type) AS resolution,
    CASE
        WHEN appeal_of_seller IN ('granted_full', 'granted_partial') THEN 'reversed'
        WHEN appeal_of_seller IN ('denied', 'expired', 'withdrawn') THEN outcome
        WHEN appeal_of_seller = 'pending' THEN 'pending'
    END AS appeal_outcome,
    buyer_hash,
    with_more(
        extra,
        json_object(
            'Appeal Status', appeal_raw,
            'Compensation Status', compensation_raw,
            'Compensation Amount', r_compensation
        )
    ) AS extra,
    version_at,
    file_id,
    line_no
FROM disputes;

CREATE TEMP TABLE incoming_claim_snapshots AS
SELECT
    program, claim_id, origin, r.file_id, line_no, this_file.pulled_at, state_raw, outcome,
    CAST(NULL AS DECIMAL(18, 4)) AS granted_amount, currency
FROM incoming_claim_records AS r CROSS JOIN this_file;

CREATE TEMP TABLE incoming_ledger_lines AS
SELECT
    'tiktok' AS channel,
    'tiktok_returns' AS origin,
    return_id AS unit_key,
    concat_ws('|', return_id, coalesce(sku, sku_id)) AS line_key,
    row_number() OVER (PARTITION BY return_id, coalesce(sku, sku_id) ORDER BY line_no) AS occurrence,
    said_marketplace AS marketplace,
    order_id,
    coalesce(sku, sku_id) AS sku,
    quantity,
    return_id AS reference_id,
    'Compensation' AS line_type,
    compensation_raw AS description,
    compensation AS amount,
    currency_told(r_compensation, said_marketplace) AS currency,
    'tiktok_return_dispute' AS program,
    'recovery' AS kind,
    version_at,
    file_id,
    line_no
FROM told
WHERE compensation <> 0;

CREATE TEMP TABLE unmapped AS
SELECT 'dispute_status' AS column_name, dispute_raw AS value, count(*) AS n_rows
FROM told
WHERE dispute_raw IS NOT NULL AND outcome_of(dispute_raw, 'buyer_claims') IS NULL
GROUP BY dispute_raw
UNION ALL
SELECT 'appeal_status', appeal_raw, count(*)
FROM told
WHERE appeal_raw IS NOT NULL AND outcome_of(appeal_raw, 'seller_claims') IS NULL
GROUP BY appeal_raw
UNION ALL
SELECT 'return_reason', reason_raw, count(*)
FROM told
WHERE reason_raw IS NOT NULL AND reason_of(reason_raw) IS NULL
GROUP BY reason_raw
UNION ALL
SELECT
    'currency',
    coalesce(sign_of(r_order_amount), 'amounts without a sign') || ': say --marketplace to tell it',
    count(*)
FROM told
WHERE currency IS NULL AND coalesce(order_amount, return_price, compensation) IS NOT NULL
GROUP BY ALL;
