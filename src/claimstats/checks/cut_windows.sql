-- Claims that the edge of an export cuts off: their beginning or their end is seen in no pull.
--
-- Exports tell of the days that were asked for. A claim filed near the last day is open in that pull,
-- and unless a later pull holds it too, its decision is never seen; returns requested before the
-- first day are missing with their claims. Rates of the months at the edges are off.
--
-- Pull exports of returns so that each begins well before the last one ended, 90 days for claims that
-- take long, and load them all.

WITH rule AS (
    SELECT 7 AS edge_days -- A week: claims of the last one are rarely decided when it is pulled.
),
told AS (
    SELECT s.program, s.claim_id, s.origin, s.file_id, s.line_no, s.outcome, s.currency, c.filed_at, f.pulled_at
    FROM claim_snapshots AS s
    JOIN source_files AS f USING (file_id)
    JOIN claims AS c USING (program, claim_id)
    WHERE s.origin <> 'tracker'
),
latest AS (
    SELECT DISTINCT ON (program, claim_id, origin) *
    FROM told
    ORDER BY program, claim_id, origin, pulled_at DESC NULLS LAST, file_id DESC
),
pulls AS (
    SELECT f.file_id, f.format, f.pulled_at, f.period_from, f.period_to, mode(r.currency) AS currency
    FROM source_files AS f
    JOIN history.returns AS r USING (file_id)
    GROUP BY ALL
),
apart AS (
    SELECT
        *,
        max(period_to) OVER (
            PARTITION BY format, currency ORDER BY period_from, file_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS seen_to
    FROM pulls
),
at_edges AS (
    SELECT
        f.file_id,
        strftime(f.period_from, '%Y-%m-%d') AS first_day,
        strftime(f.period_to, '%Y-%m-%d') AS last_day,
        count(DISTINCT t.claim_id) FILTER (t.filed_at < f.period_from + to_days(rule.edge_days)) AS n_first,
        count(DISTINCT t.claim_id) FILTER (
            t.filed_at > f.period_to - to_days(rule.edge_days) AND t.outcome = 'pending'
        ) AS n_last,
        EXISTS (
            FROM pulls AS p
            WHERE p.format = f.format AND p.file_id <> f.file_id AND p.currency IS NOT DISTINCT FROM f.currency
                AND p.period_from < f.period_from AND p.period_to >= f.period_from
        ) AS is_before_seen,
        EXISTS (
            FROM pulls AS p
            WHERE p.format = f.format AND p.file_id <> f.file_id AND p.currency IS NOT DISTINCT FROM f.currency
                AND p.period_from <= f.period_to AND p.period_to > f.period_to
        ) AS is_after_seen
    FROM pulls AS f
    JOIN told AS t USING (file_id)
    CROSS JOIN rule
    GROUP BY ALL
)
SELECT
    t.file_id,
    t.line_no,
    'claim ' || t.claim_id AS what,
    'open when last seen, pulled ' || strftime(t.pulled_at, '%Y-%m-%d') || '; later pulls lack it' AS detail
FROM latest AS t
WHERE t.outcome = 'pending'
    AND EXISTS (
        FROM told AS later
        WHERE later.origin = t.origin AND later.currency IS NOT DISTINCT FROM t.currency
            AND later.pulled_at > t.pulled_at
    )
UNION ALL
SELECT
    file_id,
    NULL,
    'the file',
    'begins ' || strftime(period_from, '%Y-%m-%d') || ', after the pull before it ended, '
    || strftime(seen_to, '%Y-%m-%d') || ': they do not overlap'
FROM apart
WHERE period_from > seen_to
UNION ALL
SELECT
    file_id, NULL, 'the first day, ' || first_day,
    n_first || ' claims filed within ' || rule.edge_days || ' days of it; what was before is not in the book'
FROM at_edges
CROSS JOIN rule
WHERE n_first > 0 AND NOT is_before_seen
UNION ALL
SELECT
    file_id, NULL, 'the last day, ' || last_day,
    n_last || ' open claims filed within ' || rule.edge_days || ' days of it; what came after is not in the book'
FROM at_edges
CROSS JOIN rule
WHERE n_last > 0 AND NOT is_after_seen;
