-- Seller performance -> control_totals (one per row). Nothing is counted from them.
CREATE TEMP TABLE incoming_control_totals AS
SELECT
    'amazon' AS channel,
    'amazon_performance_v2' AS origin,
    coalesce(marketplace_of(marketplace), this_file.said_marketplace) AS marketplace,
    metric,
    CASE fulfilment WHEN 'afn' THEN 'platform' ELSE 'seller' END AS fulfilment,
    CAST(period_from AS DATE) AS period_from,
    CAST(period_to AS DATE) AS period_to,
    n_reported,
    CAST(NULL AS DECIMAL(18, 4)) AS amount,
    CAST(NULL AS VARCHAR) AS currency,
    rate, target_rate, target_condition, status,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE unmapped AS
SELECT 'marketplace' AS column_name, marketplace AS value, count(*) AS n_rows
FROM typed
WHERE marketplace IS NOT NULL AND lower(marketplace) NOT IN (SELECT name FROM marketplaces)
GROUP BY marketplace;
