-- FBA reimbursements -> reimbursements (one per row). Claims are made of those with a case id, once the
-- rows are in the book: one case may hold several rows, and a reversal may stand in another file.
CREATE TEMP TABLE incoming_reimbursements AS
SELECT
    'amazon' AS channel,
    reimbursement_id,
    reason_raw,
    fnsku,
    sku,
    row_number() OVER (
        PARTITION BY reimbursement_id, reason_raw, fnsku, sku ORDER BY line_no
    ) AS occurrence,
    case_id, order_id, approved_at, reason_of(reason_raw) AS reason,
    asin, product_name, condition, currency, amount_per_unit, amount,
    n_units_cash, n_units_inventory, n_units, original_id, original_type,
    plain_word(reason_raw) LIKE '%reversal%' OR original_id IS NOT NULL AS is_reversal,
    CASE WHEN case_id IS NULL THEN 'none' ELSE 'id' END AS link_method,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE unmapped AS
SELECT 'reimbursement_reason' AS column_name, reason_raw AS value, count(*) AS n_rows
FROM incoming_reimbursements
WHERE reason IS NULL
GROUP BY reason_raw;
