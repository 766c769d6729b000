-- PayPal cases -> claim_records, and a snapshot of each case's state.
-- Amounts come in minor units. Of forints and Taiwan dollars PayPal takes whole ones only, where ISO 4217
-- has hundredths, and no source tells which the report counts in: such an amount is kept raw, not guessed.
-- The report has no decision time: the first pull that shows the case decided bounds it.
CREATE TEMP TABLE told AS
WITH stated AS (
    SELECT
        *,
        currency IN ('HUF', 'TWD') AS is_unclear,
        CASE WHEN plain_word(outcome_raw) NOT IN ('none', 'n_a', 'null', '') THEN outcome_raw END AS result_raw
    FROM typed
)
SELECT
    *,
    CASE WHEN NOT is_unclear THEN in_major(minor_amount, currency) END AS claimed_amount,
    coalesce(result_raw, case_status) AS state_raw,
    coalesce(outcome_of(coalesce(result_raw, case_status), 'buyer_claims'), 'unknown') AS outcome
FROM stated;

CREATE TEMP TABLE incoming_claim_records AS
SELECT
    'paypal_case' AS program,
    case_id AS claim_id,
    'paypal_disputes' AS origin,
    false AS id_is_derived,
    said_marketplace AS marketplace,
    coalesce(invoice_id, transaction_id) AS order_id,
    reason_raw,
    coalesce(reason_of(reason_raw), 'unknown') AS reason,
    filed_at,
    precision_of(r_filed_at) AS filed_precision,
    claimed_amount,
    CASE WHEN outcome = 'granted_full' THEN claimed_amount END AS granted_amount,
    currency,
    state_raw,
    outcome,
    coalesce(money_movement, settlement_type) AS resolution,
    due_at,
    with_more(
        extra,
        json_object(
            'Case type', case_type,
            'Case status', CASE WHEN result_raw IS NOT NULL THEN case_status END,
            'Original transaction ID', transaction_id,
            'Disputed amount', CASE WHEN is_unclear THEN r_minor_amount END,
            'Settlement type', settlement_type,
            'Seller protection', protection,
            'Seller protection payout amount', r_minor_payout,
            'Seller protection currency', payout_currency,
            'Chargeback Reason Code', chargeback_code,
            'Store ID', store_id
        )
    ) AS extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM told CROSS JOIN this_file;

CREATE TEMP TABLE incoming_claim_snapshots AS
SELECT
    program, claim_id, origin, r.file_id, line_no, this_file.pulled_at, state_raw, outcome,
    granted_amount, currency
FROM incoming_claim_records AS r CROSS JOIN this_file
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY line_no DESC) = 1;

CREATE TEMP TABLE unmapped AS
SELECT
    CASE WHEN result_raw IS NULL THEN 'case_status' ELSE 'outcome' END AS column_name,
    state_raw AS value,
    count(*) AS n_rows
FROM told
WHERE outcome_of(state_raw, 'buyer_claims') IS NULL
GROUP BY ALL
UNION ALL
SELECT 'case_reason', reason_raw, count(*)
FROM told
WHERE reason_raw IS NOT NULL AND reason_of(reason_raw) IS NULL
GROUP BY reason_raw
UNION ALL
SELECT 'disputed_amount', currency || ' in unknown units', count(*)
FROM told
WHERE is_unclear
GROUP BY currency;
