-- How many claims are approved: counts by one or two properties, as the claims stood at the cut-off.
-- and_value is the second one's value: null unless and_column asks for one.
-- oldest_hours is the age at the cut-off of the oldest claim with usable dates.
-- Grain: one row per group (of both properties) and direction; the two directions are never pooled, since
-- "approved" is good for the seller in one and bad in the other. Open and excluded claims are counted beside.
CREATE OR REPLACE MACRO approval_rate_counts(by_column := 'program', cutoff := NULL, decision := 'first', and_column := NULL) AS TABLE
SELECT
    coalesce(group_value, '(unknown)') AS group_value,
    CASE WHEN and_column IS NOT NULL THEN coalesce(and_value, '(unknown)') END AS and_value,
    direction,
    count(*) AS n_claims,
    count(*) FILTER (excluded_why IS NULL AND event IN ('approved', 'denied')) AS n_decided,
    count(*) FILTER (excluded_why IS NULL AND event = 'open') AS n_open,
    count(*) FILTER (excluded_why IS NOT NULL) AS n_excluded,
    count(*) FILTER (excluded_why IS NULL AND event = 'approved') AS n_approved,
    count(*) FILTER (excluded_why IS NULL AND is_partial) AS n_partial,
    count(*) FILTER (excluded_why IS NULL AND seller_won) AS n_seller_won,
    count(*) FILTER (excluded_why IS NULL AND is_approval_listed) AS n_approval_listed,
    count(*) FILTER (excluded_why = 'approvals_only') AS n_approvals_only,
    count(*) FILTER (excluded_why = 'outcome_unknown') AS n_outcome_unknown,
    count(*) FILTER (excluded_why IN ('withdrawn', 'settled_by_seller')) AS n_ended,
    max(followed_hours) FILTER (untimed_why IS NULL) AS oldest_hours
FROM claims_as_of(
    by_column := by_column, cutoff := cutoff, decision := decision, and_column := and_column
)
GROUP BY ALL;

-- How many claims are approved: approval_rate_counts with the rates and their Wilson intervals (95 %).
-- rate is from the claimant's side, seller_win_rate from the seller's; of decided claims only.
CREATE OR REPLACE MACRO approval_rate(by_column := 'program', cutoff := NULL, decision := 'first', and_column := NULL) AS TABLE
SELECT
    *,
    n_approved / nullif(n_decided, 0) AS rate,
    wilson_low(n_approved, n_decided) AS lower,
    wilson_high(n_approved, n_decided) AS upper,
    n_seller_won / nullif(n_decided, 0) AS seller_win_rate,
    wilson_low(n_seller_won, n_decided) AS seller_lower,
    wilson_high(n_seller_won, n_decided) AS seller_upper
FROM approval_rate_counts(
    by_column := by_column, cutoff := cutoff, decision := decision, and_column := and_column
)
ORDER BY n_claims DESC, group_value, and_value, direction;
