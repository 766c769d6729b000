-- Which evidence goes with winning: the claims of evidence_compared, counted by what they had at first
-- filing and who won. Later pieces do not count; ratings not surely made before the decision are left out.
-- Grain: one row per item, program, reason, level and winner. A component's level is its value, 0 to 1;
-- a kind's level is 1 when it was there and 0 when it was not. Unknown levels are left out. Levels are
-- rounded so that equal ones computed in two ways stay equal.
CREATE OR REPLACE MACRO evidence_quality_counts(older_than_days := 60, cutoff := NULL) AS TABLE
WITH compared AS (
    FROM evidence_compared(older_than_days := older_than_days, cutoff := cutoff)
),
levels AS (
    SELECT 'score' AS item_type, 'score' AS item, program, reason, score AS level, seller_won FROM compared
    UNION ALL
    SELECT 'component', 'completeness', program, reason, completeness, seller_won FROM compared
    UNION ALL
    SELECT 'component', 'clarity', program, reason, clarity, seller_won FROM compared
    UNION ALL
    SELECT 'component', 'timeliness', program, reason, timeliness, seller_won FROM compared
    UNION ALL
    SELECT 'component', 'detail', program, reason, detail, seller_won FROM compared
    UNION ALL
    SELECT
        'kind', k.kind, program, reason,
        CASE
            WHEN list_contains(kinds, k.kind) THEN 1.0
            WHEN NOT list_contains(unplaced_kinds, k.kind) THEN 0.0
        END,
        seller_won
    FROM compared
    CROSS JOIN evidence_kinds AS k
    WHERE k.kind IN (SELECT kind FROM evidence)
)
SELECT item_type, item, program, reason, round(level, 9) AS level, seller_won, count(*) AS n_claims
FROM levels
WHERE level IS NOT NULL
GROUP BY ALL
ORDER BY ALL;

-- Which evidence goes with speed: claims filed at least older_than_days before the cut-off, counted by
-- what they had at first filing and their age in whole days at the end; those that took longer, or are
-- still open, stand at older_than_days, so that no duration is cut short. Timeliness is left out: the longer
-- a claim runs, the more pieces and requests there are to be late.
CREATE OR REPLACE MACRO evidence_speed_counts(older_than_days := 60, cutoff := NULL) AS TABLE
WITH compared AS (
    SELECT
        e.*,
        CASE
            WHEN c.event = 'open' OR c.exit_hours >= 24 * older_than_days THEN older_than_days
            ELSE c.exit_hours // 24
        END AS age_days
    FROM claims_as_of(cutoff := cutoff) AS c
    JOIN v_claim_evidence AS e USING (program, claim_id)
    WHERE c.untimed_why IS NULL
        AND c.filed_at <= c.known_at - to_days(older_than_days)
        AND e.n_at_filing > 0
),
levels AS (
    SELECT 'score' AS item_type, 'score' AS item, score AS level, age_days FROM compared
    UNION ALL SELECT 'component', 'completeness', completeness, age_days FROM compared
    UNION ALL SELECT 'component', 'clarity', clarity, age_days FROM compared
    UNION ALL SELECT 'component', 'detail', detail, age_days FROM compared
    UNION ALL
    SELECT
        'kind', k.kind,
        CASE
            WHEN list_contains(kinds, k.kind) THEN 1.0
            WHEN NOT list_contains(unplaced_kinds, k.kind) THEN 0.0
        END,
        age_days
    FROM compared
    CROSS JOIN evidence_kinds AS k
    WHERE k.kind IN (SELECT kind FROM evidence)
)
SELECT item_type, item, round(level, 9) AS level, age_days, count(*) AS n_claims
FROM levels
WHERE level IS NOT NULL
GROUP BY ALL
ORDER BY ALL;

-- What was set aside before evidence was compared: one row of counts. Of the claims,
-- n_claims = n_compared + n_without_evidence + n_decided_before_filing + n_none_at_filing + n_excluded
-- + n_too_young. A claim that by its dates was decided before it was filed has its pieces after the
-- decision: they are not counted among those of appeals.
CREATE OR REPLACE MACRO evidence_set_aside(older_than_days := 60, cutoff := NULL) AS TABLE
WITH sorted AS (
    SELECT
        e.*,
        CASE
            WHEN e.n_items IS NULL THEN 'without_evidence'
            WHEN e.n_at_filing = 0 AND untimed_why = 'decided_before_filing'
            THEN 'decided_before_filing'
            WHEN e.n_at_filing = 0 THEN 'none_at_filing'
            WHEN excluded_why IS NOT NULL THEN 'excluded'
            WHEN event IN ('approved', 'denied')
                AND filed_at <= known_at - to_days(older_than_days) THEN 'compared'
            ELSE 'too_young'
        END AS fate
    FROM claims_as_of(cutoff := cutoff)
    LEFT JOIN v_claim_evidence AS e USING (program, claim_id)
)
SELECT
    count(*) AS n_claims,
    count(*) FILTER (fate = 'compared') AS n_compared,
    count(*) FILTER (fate = 'without_evidence') AS n_without_evidence,
    count(*) FILTER (fate = 'decided_before_filing') AS n_decided_before_filing,
    count(*) FILTER (fate = 'none_at_filing') AS n_none_at_filing,
    count(*) FILTER (fate = 'excluded') AS n_excluded,
    count(*) FILTER (fate = 'too_young') AS n_too_young,
    coalesce(sum(n_before_decision + n_after_filing), 0) AS n_items_later,
    coalesce(
        sum(n_after_decision) FILTER (fate <> 'decided_before_filing'), 0
    ) AS n_items_after_decision,
    coalesce(sum(n_unplaced), 0) AS n_items_unplaced,
    coalesce(sum(n_hindsight_ratings), 0) AS n_hindsight_ratings,
    coalesce(sum(n_undated_ratings), 0) AS n_undated_ratings,
    (
        SELECT count(*) FROM evidence AS x
        WHERE NOT EXISTS (
            SELECT 1 FROM claims AS y WHERE y.program = x.program AND y.claim_id = x.claim_id
        )
    ) AS n_items_without_claim
FROM sorted;

-- Which evidence goes with winning: one row per item with the share of claims the seller won with it
-- (a component: at least high_from) and without it, the raw difference, and the difference within
-- program and reason (Mantel-Haenszel). "Went with", never "caused".
CREATE OR REPLACE MACRO evidence_quality(older_than_days := 60, high_from := 0.5, cutoff := NULL) AS TABLE
WITH strata AS (
    SELECT
        item_type,
        item,
        program,
        reason,
        coalesce(sum(n_claims) FILTER (level >= high_from), 0) AS n_with,
        coalesce(sum(n_claims) FILTER (level >= high_from AND seller_won), 0) AS won_with,
        coalesce(sum(n_claims) FILTER (level < high_from), 0) AS n_without,
        coalesce(sum(n_claims) FILTER (level < high_from AND seller_won), 0) AS won_without
    FROM evidence_quality_counts(older_than_days := older_than_days, cutoff := cutoff)
    GROUP BY item_type, item, program, reason
)
SELECT
    item_type,
    item,
    sum(n_with + n_without) AS n,
    sum(won_with) / nullif(sum(n_with), 0) AS share_won_with,
    sum(won_without) / nullif(sum(n_without), 0) AS share_won_without,
    share_won_with - share_won_without AS raw_difference,
    sum((won_with * n_without - won_without * n_with) / (n_with + n_without))
    / nullif(sum(n_with * n_without / (n_with + n_without)), 0) AS difference
FROM strata
GROUP BY item_type, item
ORDER BY item_type DESC, item;
