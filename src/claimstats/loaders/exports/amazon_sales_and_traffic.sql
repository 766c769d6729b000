-- Sales and traffic -> control_totals (one per row). Nothing is counted from them. A row's date is the
-- first day of its day, week or month, in the marketplace's own time.
CREATE TEMP TABLE incoming_control_totals AS
SELECT
    'amazon' AS channel,
    'amazon_sales_and_traffic' AS origin,
    coalesce(marketplace_of(marketplace), this_file.said_marketplace) AS marketplace,
    metric,
    CAST(NULL AS VARCHAR) AS fulfilment,
    CAST(day AS DATE) AS period_from,
    CASE granularity
        WHEN 'WEEK' THEN CAST(day AS DATE) + 6
        WHEN 'MONTH' THEN last_day(CAST(day AS DATE))
        ELSE CAST(day AS DATE)
    END AS period_to,
    n_reported, amount, currency,
    CAST(NULL AS DOUBLE) AS rate,
    CAST(NULL AS DOUBLE) AS target_rate,
    CAST(NULL AS VARCHAR) AS target_condition,
    CAST(NULL AS VARCHAR) AS status,
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
