-- Files of the same time that tell different states of one order, return, claim or reimbursement.
--
-- Nothing says which is newer, so the file loaded later holds: loaded the other way round, the book
-- would say something else.
--
-- Give each file its day, in its name or with --pulled-at; of an export that was corrected take the
-- wrong one out with `claimstats unload FILE-ID`.

WITH claim_states AS (
    SELECT
        file_id, line_no, version_at, is_current,
        'claim ' || claim_id AS what,
        {'key': [program, claim_id, origin]} AS unit,
        concat_ws(
            ' ', state_raw, filed_at, decided_at, appealed_at, appeal_outcome, claimed_amount,
            granted_amount, currency, order_id, reason_raw
        ) AS state
    FROM history.claim_records
),
return_states AS (
    SELECT
        file_id, line_no, version_at, is_current,
        'return of ' || order_id AS what,
        {'key': [channel, origin, order_id, rma_id, sku, lpn, CAST(occurrence AS VARCHAR)]} AS unit,
        concat_ws(
            ' ', return_status, resolution, reason_raw, requested_at, delivered_at, refunded_amount,
            order_amount, currency, safet_claim_id, safet_state_raw, safet_amount
        ) AS state
    FROM history.returns
),
reimbursement_states AS (
    SELECT
        file_id, line_no, version_at, is_current,
        'reimbursement ' || reimbursement_id AS what,
        {'key': [channel, reimbursement_id, reason_raw, fnsku, sku, CAST(occurrence AS VARCHAR)]} AS unit,
        concat_ws(' ', case_id, order_id, approved_at, amount, currency, n_units) AS state
    FROM history.reimbursements
),
replaced_orders AS (
    SELECT DISTINCT channel, order_id FROM history.order_lines WHERE NOT is_current
),
order_states AS (
    SELECT
        file_id, min(line_no) AS line_no, version_at, is_current,
        'order ' || order_id AS what,
        {'key': [channel, order_id]} AS unit,
        string_agg(
            concat_ws(' ', sku, order_status, item_status, quantity, item_price, currency), ' | '
            ORDER BY line_no
        ) AS state
    FROM history.order_lines
    SEMI JOIN replaced_orders USING (channel, order_id)
    GROUP BY channel, order_id, file_id, version_at, is_current
),
states AS (
    FROM claim_states
    UNION ALL FROM return_states
    UNION ALL FROM reimbursement_states
    UNION ALL FROM order_states
)
SELECT DISTINCT
    held.file_id,
    held.line_no,
    held.what,
    'holds as "' || held.state || '"; file ' || other.file_id || ', line ' || other.line_no
    || ', says "' || other.state || '"' AS detail
FROM states AS held
JOIN states AS other
    ON other.what = held.what AND other.unit = held.unit AND other.file_id <> held.file_id
    AND other.version_at IS NOT DISTINCT FROM held.version_at
WHERE held.is_current AND NOT other.is_current AND other.state <> held.state;
