-- Is approval falling, or are recent claims undecided: counts by cohort, with the bounds of the share
-- approved once all is decided: worst if every open claim ends without approval, best if each is approved.
-- Grain: one row per cohort and direction; the two directions are never pooled, since "approved" is good
-- for the seller in one and bad in the other. Claims without usable dates are counted as excluded.
-- oldest_hours is the age at the cut-off of the oldest claim with usable dates.
CREATE OR REPLACE MACRO approval_curve(by_column := 'month', cutoff := NULL, decision := 'first') AS TABLE
SELECT
    coalesce(group_value, '(unknown)') AS group_value,
    direction,
    count(*) AS n_claims,
    count(*) FILTER (untimed_why IS NULL) AS n_followed,
    count(*) FILTER (untimed_why IS NULL AND event = 'approved') AS n_approved,
    count(*) FILTER (untimed_why IS NULL AND event = 'denied') AS n_denied,
    count(*) FILTER (untimed_why IS NULL AND event = 'ended') AS n_ended,
    count(*) FILTER (untimed_why IS NULL AND event = 'open') AS n_open,
    count(*) FILTER (untimed_why IS NOT NULL) AS n_excluded,
    n_approved / nullif(n_followed, 0) AS worst,
    (n_approved + n_open) / nullif(n_followed, 0) AS best,
    max(followed_hours) FILTER (untimed_why IS NULL) AS oldest_hours,
    count(*) FILTER (untimed_why = 'approvals_only') AS n_approvals_only,
    count(*) FILTER (untimed_why = 'outcome_unknown') AS n_outcome_unknown,
    count(*) FILTER (untimed_why = 'no_filing_date') AS n_no_filing_date,
    count(*) FILTER (untimed_why = 'no_decision_date') AS n_no_decision_date,
    count(*) FILTER (untimed_why = 'decided_before_filing') AS n_decided_before_filing,
    count(*) FILTER (untimed_why IS NULL AND is_interval) AS n_interval
FROM claims_as_of(by_column := by_column, cutoff := cutoff, decision := decision)
GROUP BY ALL
ORDER BY n_claims DESC, group_value, direction;

-- The share approved by each age among all claims (Aalen-Johansen), denial and withdrawal being other ends:
-- one row per cohort, direction and age at which a claim ended or was left open; share_open is the share
-- that has not ended by then. Ages are whole steps of step_hours.
CREATE OR REPLACE MACRO approval_incidence(by_column := 'month', cutoff := NULL, decision := 'first', step_hours := 1) AS TABLE
WITH ages AS (
    SELECT
        group_value,
        direction,
        exit_hours,
        sum(n_claims) AS n_leaving,
        coalesce(sum(n_claims) FILTER (event <> 'open'), 0) AS n_over,
        coalesce(sum(n_claims) FILTER (event = 'approved'), 0) AS n_approved
    FROM claim_ages(by_column := by_column, cutoff := cutoff, decision := decision, step_hours := step_hours)
    GROUP BY group_value, direction, exit_hours
),
at_risk AS (
    SELECT
        *,
        sum(n_leaving) OVER (PARTITION BY group_value, direction ORDER BY exit_hours DESC) AS n_at_risk
    FROM ages
),
survived AS (
    SELECT
        *,
        product(1 - n_over / n_at_risk) OVER (PARTITION BY group_value, direction ORDER BY exit_hours) AS share_open
    FROM at_risk
),
stepped AS (
    SELECT
        *,
        coalesce(lag(share_open) OVER (PARTITION BY group_value, direction ORDER BY exit_hours), 1) AS share_before
    FROM survived
)
SELECT
    group_value,
    direction,
    exit_hours / 24 AS age_days,
    n_at_risk,
    n_approved,
    sum(share_before * n_approved / n_at_risk)
    OVER (PARTITION BY group_value, direction ORDER BY exit_hours) AS share_approved,
    share_open
FROM stepped
ORDER BY group_value, direction, exit_hours;

-- Claims counted by the age up to which they could have been approved, for a test of equal incidence: the
-- age at approval or, while open, at the cut-off. A claim that ended otherwise cannot be approved any more,
-- and counts up to the age it would have reached at the cut-off, which is known of every claim.
CREATE OR REPLACE MACRO approval_at_risk(by_column := 'month', cutoff := NULL, decision := 'first') AS TABLE
SELECT
    coalesce(group_value, '(unknown)') AS group_value,
    direction,
    event,
    CASE
        WHEN event IN ('denied', 'ended') THEN greatest(exit_hours, followed_hours) ELSE exit_hours
    END AS risk_hours,
    count(*) AS n_claims
FROM claims_as_of(by_column := by_column, cutoff := cutoff, decision := decision)
WHERE untimed_why IS NULL
GROUP BY ALL
ORDER BY ALL;
