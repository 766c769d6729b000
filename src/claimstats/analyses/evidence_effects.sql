-- What each kind of evidence goes with: the claims of evidence_compared, counted by their pattern. A pattern
-- is what may go with winning besides a kind: program, reason, marketplace, the amount against the average
-- of the compared claims in its currency (small: below half of it, large: above one and a half), and the
-- kinds that were there at filing, with those of which nobody knows (unplaced_kinds).
-- Grain: one row per pattern.
CREATE OR REPLACE MACRO evidence_effects_counts(older_than_days := 60, cutoff := NULL) AS TABLE
WITH compared AS (
    SELECT
        *,
        count(claimed_amount) OVER (PARTITION BY currency) AS n_amounts,
        sum(claimed_amount) OVER (PARTITION BY currency) AS all_amounts
    FROM evidence_compared(older_than_days := older_than_days, cutoff := cutoff)
)
SELECT
    program,
    reason,
    coalesce(marketplace, '(unknown)') AS marketplace,
    CASE
        WHEN currency IS NULL OR claimed_amount IS NULL THEN '(unknown)'
        WHEN 2 * n_amounts * claimed_amount < all_amounts THEN 'small'
        WHEN 2 * n_amounts * claimed_amount <= 3 * all_amounts THEN 'middle'
        ELSE 'large'
    END AS amount_band,
    kinds,
    unplaced_kinds,
    count(*) AS n_claims,
    count(*) FILTER (seller_won) AS n_won
FROM compared
GROUP BY ALL
ORDER BY ALL;

-- What each kind of evidence goes with, program and reason alike: one row per kind that some compared claim
-- had, or may have had, with its cells, the claims in programs and reasons that have both (n_within), the
-- raw difference of the shares won, and the difference and odds ratio within program and reason
-- (Mantel-Haenszel). Other kinds are not held alike here: the finding does that by regression. "Went with",
-- never "caused".
CREATE OR REPLACE MACRO evidence_effects(older_than_days := 60, cutoff := NULL) AS TABLE
WITH cells AS (
    SELECT
        *,
        n_with + n_without AS n,
        n_with > 0 AND n_without > 0 AS has_both
    FROM evidence_cells(older_than_days := older_than_days, cutoff := cutoff)
)
SELECT
    kind,
    sum(n_with) AS n_with,
    sum(won_with) AS won_with,
    sum(n_without) AS n_without,
    sum(won_without) AS won_without,
    sum(n_unknown) AS n_unknown,
    coalesce(sum(n) FILTER (has_both), 0) AS n_within,
    count(*) FILTER (has_both) AS n_strata,
    sum(won_with) / nullif(sum(n_with), 0) - sum(won_without) / nullif(sum(n_without), 0) AS raw_difference,
    sum((won_with * n_without - won_without * n_with) / n) FILTER (has_both)
    / nullif(sum(n_with * n_without / n) FILTER (has_both), 0) AS difference,
    sum(won_with * (n_without - won_without) / n) FILTER (has_both)
    / nullif(sum(won_without * (n_with - won_with) / n) FILTER (has_both), 0) AS odds_ratio
FROM cells
GROUP BY kind
HAVING sum(n_with) + sum(n_unknown) > 0
ORDER BY n_within DESC, kind;
