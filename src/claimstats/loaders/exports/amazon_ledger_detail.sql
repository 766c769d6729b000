-- Inventory ledger, detail view -> inventory_events (one per row). The ledger has no event id. line_key is
-- all that does not change from one pull to the next, and nothing that only some header variants have:
-- reconciled and unreconciled units change, titles may, Date and Time and Store are not always there.
-- Date is the day where the stock lies; Date and Time is the beginning of that day, with its zone.
CREATE TEMP TABLE incoming_inventory_events AS
WITH keyed AS (
    SELECT
        *,
        CAST(
            to_json(
                [
                    CAST(CAST(day AS DATE) AS VARCHAR), fnsku, sku, event_type, reference_id,
                    CAST(quantity AS VARCHAR), fulfilment_centre, disposition, reason_code, country
                ]
            ) AS VARCHAR
        ) AS line_key
    FROM typed
)
SELECT
    'amazon' AS channel,
    line_key,
    row_number() OVER (
        PARTITION BY line_key ORDER BY occurred_at, n_reconciled, n_unreconciled, line_no
    ) AS occurrence,
    CAST(day AS DATE) AS occurred_on,
    coalesce(occurred_at, day) AS occurred_at,
    fnsku, sku, asin, item_name, event_type, reference_id, quantity, n_reconciled, n_unreconciled,
    fulfilment_centre, disposition, reason_code, country, store,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM keyed CROSS JOIN this_file;

CREATE TEMP TABLE unmapped AS
SELECT 'event_type' AS column_name, event_type AS value, count(*) AS n_rows
FROM incoming_inventory_events
WHERE lower(event_type) NOT IN (SELECT event_type FROM ledger_event_types)
GROUP BY event_type
UNION ALL
SELECT 'reason_code', reason_code, count(*)
FROM incoming_inventory_events
WHERE reason_code IS NOT NULL AND upper(reason_code) NOT IN (SELECT code FROM ledger_reason_codes)
GROUP BY reason_code;
