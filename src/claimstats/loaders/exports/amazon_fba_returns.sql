-- FBA customer returns -> returns (one per row). A unit is known by its license plate. Without one it is
-- known by order, SKU and when and where it came back; several such units are counted, in an order that
-- does not depend on the file's. So a later pull that overlaps an earlier one finds each unit again.
CREATE TEMP TABLE incoming_returns AS
WITH known AS (
    SELECT
        *,
        coalesce(
            lpn,
            CAST(to_json([CAST(returned_at AS VARCHAR), fnsku, fulfilment_centre]) AS VARCHAR)
        ) AS return_key
    FROM typed
)
SELECT
    'amazon' AS channel,
    'amazon_fba_returns' AS origin,
    order_id,
    CAST(NULL AS VARCHAR) AS rma_id,
    sku,
    return_key,
    CASE
        WHEN lpn IS NOT NULL THEN 1
        ELSE row_number() OVER (
            PARTITION BY order_id, sku, return_key
            ORDER BY disposition, reason_raw, return_status, line_no
        )
    END AS occurrence,
    lpn, fnsku, asin, item_name,
    returned_at AS delivered_at,
    return_status,
    reason_raw, reason_of(reason_raw) AS reason,
    quantity, fulfilment_centre, disposition,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM known CROSS JOIN this_file;

CREATE TEMP TABLE unmapped AS
SELECT 'return_reason' AS column_name, reason_raw AS value, count(*) AS n_rows
FROM incoming_returns
WHERE reason_raw IS NOT NULL AND reason IS NULL
GROUP BY reason_raw
UNION ALL
SELECT 'disposition', disposition, count(*)
FROM incoming_returns
WHERE disposition IS NOT NULL AND upper(disposition) NOT IN (SELECT disposition FROM dispositions)
GROUP BY disposition;
