-- FBA replacements -> replacements (one per row). Reason codes stay as the venue writes them: what they
-- mean is published nowhere.
CREATE TEMP TABLE incoming_replacements AS
SELECT
    'amazon' AS channel,
    replacement_order_id,
    sku,
    shipped_at,
    fulfilment_centre,
    row_number() OVER (
        PARTITION BY replacement_order_id, sku, shipped_at, fulfilment_centre
        ORDER BY quantity, reason_code, line_no
    ) AS occurrence,
    original_order_id, asin, original_fulfilment_centre, quantity, reason_code,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE unmapped (column_name VARCHAR, value VARCHAR, n_rows BIGINT);
