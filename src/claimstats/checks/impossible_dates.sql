-- Dates that cannot be: in the future, before 1995, or a claim or return older than its order.
--
-- A mistyped year moves a claim into another month, makes it look old or young, and a date in the
-- future moves the cut-off of every open claim.
--
-- Correct the date in a copy of the file and load it with --replaces; the line is named.

WITH rule AS (
    SELECT
        DATE '1995-01-01' AS earliest, -- Amazon and eBay opened that year.
        INTERVAL 1 DAY AS leeway -- Days are local, times are UTC.
),
claim_times AS (
    UNPIVOT (
        SELECT
            file_id, line_no, 'claim ' || claim_id AS what,
            contacted_at, filed_at, decided_at, appealed_at, appeal_decided_at
        FROM claim_records
    ) ON contacted_at, filed_at, decided_at, appealed_at, appeal_decided_at INTO NAME name VALUE moment
),
return_times AS (
    UNPIVOT (
        SELECT
            file_id, line_no, 'return of ' || order_id AS what,
            ordered_at, requested_at, delivered_at, safet_created_at
        FROM returns
    ) ON ordered_at, requested_at, delivered_at, safet_created_at INTO NAME name VALUE moment
),
order_times AS (
    UNPIVOT (
        SELECT file_id, line_no, 'order ' || order_id AS what, purchased_at, updated_at
        FROM history.order_lines
        WHERE is_current
    ) ON purchased_at, updated_at INTO NAME name VALUE moment
),
evidence_times AS (
    UNPIVOT (
        SELECT file_id, line_no, 'evidence for ' || claim_id AS what, submitted_at, rated_at
        FROM evidence
    ) ON submitted_at, rated_at INTO NAME name VALUE moment
),
times AS (
    FROM claim_times
    UNION ALL FROM return_times
    UNION ALL FROM order_times
    UNION ALL FROM evidence_times
    UNION ALL
    SELECT file_id, line_no, 'event of ' || claim_id, 'occurred_at', occurred_at FROM claim_events
    UNION ALL
    SELECT file_id, line_no, 'reimbursement ' || reimbursement_id, 'approved_at', approved_at
    FROM reimbursements
    UNION ALL
    SELECT file_id, line_no, 'money of ' || coalesce(order_id, line_key), 'posted_at', posted_at
    FROM ledger_lines
    UNION ALL
    SELECT file_id, line_no, 'stock of ' || coalesce(fnsku, sku), 'occurred_at', occurred_at
    FROM inventory_events
    UNION ALL
    SELECT file_id, NULL, 'the file', 'pulled_at', pulled_at FROM source_files
)
SELECT
    times.file_id,
    times.line_no,
    times.what,
    times.name || ' is ' || strftime(times.moment, '%Y-%m-%d') || ', '
    || CASE WHEN times.moment < rule.earliest THEN 'before 1995' ELSE 'in the future' END AS detail
FROM times
JOIN source_files AS f USING (file_id)
CROSS JOIN rule
WHERE times.moment < rule.earliest OR times.moment > f.loaded_at + rule.leeway
UNION ALL
SELECT
    place.file_id,
    place.line_no,
    'claim ' || c.claim_id,
    'filed ' || strftime(c.filed_at, '%Y-%m-%d') || ', before its order of '
    || strftime(c.ordered_at, '%Y-%m-%d')
FROM v_claims AS c
LEFT JOIN v_claim_places AS place USING (program, claim_id)
CROSS JOIN rule
WHERE c.filed_at < c.ordered_at - rule.leeway
UNION ALL
SELECT
    returns.file_id,
    returns.line_no,
    'return of ' || order_id,
    'requested ' || strftime(requested_at, '%Y-%m-%d') || ', before its order of '
    || strftime(coalesce(o.purchased_at, ordered_at), '%Y-%m-%d')
FROM returns
LEFT JOIN orders AS o USING (channel, order_id)
CROSS JOIN rule
WHERE requested_at < coalesce(o.purchased_at, ordered_at) - rule.leeway;
