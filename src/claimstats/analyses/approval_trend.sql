-- Is this month's approval unusual: claims by month (quarter, week) of filing as they stood at one age, with
-- the share approved by then and its Wilson interval (95 %). Younger claims are in no share: of them only the
-- fast decisions are known. Control limits are estimates: the analysis of this name sets them.
-- Grain: one row per period and direction; the two directions are never pooled, since "approved" is good for
-- the seller in one and bad in the other. n_claims = n_followed + n_younger + n_excluded, and n_followed =
-- n_approved + n_denied + n_ended + n_open, the last being open at that age. is_mature: the period is over,
-- and all that was filed in it has reached the age.
CREATE OR REPLACE MACRO approval_trend(period := 'month', cutoff := NULL, decision := 'first', age_days := 60) AS TABLE
SELECT
    *,
    n_approved / nullif(n_followed, 0) AS approved_by_age,
    wilson_low(n_approved, n_followed) AS lower,
    wilson_high(n_approved, n_followed) AS upper
FROM (
    SELECT
        coalesce(period_name, '(unknown)') AS period_name,
        direction,
        count(*) AS n_claims,
        count(*) FILTER (state_at_age IN ('approved', 'denied', 'ended', 'open')) AS n_followed,
        count(*) FILTER (state_at_age = 'approved') AS n_approved,
        count(*) FILTER (state_at_age = 'denied') AS n_denied,
        count(*) FILTER (state_at_age = 'ended') AS n_ended,
        count(*) FILTER (state_at_age = 'open') AS n_open,
        count(*) FILTER (state_at_age = 'younger') AS n_younger,
        count(*) FILTER (state_at_age = 'excluded') AS n_excluded,
        coalesce(bool_and(is_period_over), false) AS is_mature,
        count(*) FILTER (untimed_why = 'approvals_only') AS n_approvals_only,
        count(*) FILTER (untimed_why = 'outcome_unknown') AS n_outcome_unknown,
        count(*) FILTER (untimed_why = 'no_filing_date') AS n_no_filing_date,
        count(*) FILTER (untimed_why = 'no_decision_date') AS n_no_decision_date,
        count(*) FILTER (untimed_why = 'decided_before_filing') AS n_decided_before_filing,
        count(*) FILTER (state_at_age NOT IN ('younger', 'excluded') AND is_interval) AS n_interval
    FROM claims_at_age(period := period, cutoff := cutoff, decision := decision, age_days := age_days)
    GROUP BY ALL
)
ORDER BY period_name, direction;
