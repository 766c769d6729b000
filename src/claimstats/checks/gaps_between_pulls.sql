-- Days between two exports of one kind of which the book holds nothing.
--
-- Orders or payments of those days are missing: counts per month drop there, and claims miss their
-- orders.
--
-- Download the export for these days and load it. If nothing was sold then, all is well.

WITH rule AS (
    SELECT 3 AS most_days -- A long weekend without an order is nothing strange.
),
currencies AS (
    SELECT file_id, mode(currency) AS currency
    FROM (
        SELECT file_id, currency FROM history.order_lines
        UNION ALL SELECT file_id, currency FROM history.reimbursements
        UNION ALL SELECT file_id, currency FROM history.ledger_lines
    )
    GROUP BY file_id
),
periods AS (
    SELECT
        f.file_id,
        c.currency,
        f.period_from,
        max(f.period_to) OVER (
            PARTITION BY f.format, c.currency ORDER BY f.period_from, f.file_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS seen_to
    FROM source_files AS f
    JOIN currencies AS c USING (file_id)
    WHERE f.period_from IS NOT NULL
)
SELECT
    file_id,
    NULL AS line_no,
    'the file' AS what,
    'begins ' || strftime(period_from, '%Y-%m-%d') || '; the one before it'
    || coalesce(' in ' || currency, '') || ' ended ' || strftime(seen_to, '%Y-%m-%d') AS detail
FROM periods
CROSS JOIN rule
WHERE CAST(period_from AS DATE) - CAST(seen_to AS DATE) > rule.most_days;
