-- Which groups win less than the others: counts by one property, from the seller's side, of the claims decided
-- by the cut-off. Raw rates of small groups are at both ends of every list: rank by shrunken ones.
-- Grain: one row per group and direction; the two directions are never pooled. Open and excluded claims are
-- counted beside.
CREATE OR REPLACE MACRO approval_ranking(by_column := 'sku', cutoff := NULL, decision := 'first') AS TABLE
SELECT
    coalesce(group_value, '(unknown)') AS group_value,
    direction,
    count(*) AS n_claims,
    count(*) FILTER (excluded_why IS NULL AND event IN ('approved', 'denied')) AS n_decided,
    count(*) FILTER (excluded_why IS NULL AND event = 'open') AS n_open,
    count(*) FILTER (excluded_why IS NOT NULL) AS n_excluded,
    count(*) FILTER (excluded_why IS NULL AND seller_won) AS n_won
FROM claims_as_of(by_column := by_column, cutoff := cutoff, decision := decision)
GROUP BY ALL
ORDER BY n_claims DESC, group_value, direction;
