-- Which groups win less than the others: the counts of approval_rate from the seller's side, by which groups are
-- ranked. Raw rates of small groups are at both ends of every list: rank by shrunken ones.
-- Grain: one row per group and direction; the two directions are never pooled. Open and excluded claims are
-- counted beside.
CREATE OR REPLACE MACRO approval_ranking(by_column := 'sku', cutoff := NULL, decision := 'first') AS TABLE
SELECT group_value, direction, n_claims, n_decided, n_open, n_excluded, n_seller_won AS n_won
FROM approval_rate_counts(by_column := by_column, cutoff := cutoff, decision := decision)
ORDER BY n_claims DESC, group_value, direction;
