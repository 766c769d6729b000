-- How long a claim takes: counts by one property, as the claims stood at the cut-off.
-- Grain: one row per group. A claim without a usable duration is counted under the reason; one whose
-- decision is known only as an interval is counted at its latest possible time. oldest_hours is the age
-- at the cut-off of the oldest claim with usable dates.
CREATE OR REPLACE MACRO time_to_resolution_counts(by_column := 'program', cutoff := NULL, decision := 'first') AS TABLE
SELECT
    coalesce(group_value, '(unknown)') AS group_value,
    count(*) AS n_claims,
    count(*) FILTER (untimed_why IS NULL AND event = 'open') AS n_open,
    count(*) FILTER (untimed_why IS NULL AND event <> 'open') AS n_resolved,
    count(*) FILTER (untimed_why IS NOT NULL) AS n_excluded,
    count(*) FILTER (untimed_why IS NULL AND is_interval) AS n_interval,
    count(*) FILTER (untimed_why = 'approvals_only') AS n_approvals_only,
    count(*) FILTER (untimed_why = 'outcome_unknown') AS n_outcome_unknown,
    count(*) FILTER (untimed_why = 'no_filing_date') AS n_no_filing_date,
    count(*) FILTER (untimed_why = 'no_decision_date') AS n_no_decision_date,
    count(*) FILTER (untimed_why = 'decided_before_filing') AS n_decided_before_filing,
    max(followed_hours) FILTER (untimed_why IS NULL) AS oldest_hours
FROM claims_as_of(by_column := by_column, cutoff := cutoff, decision := decision)
GROUP BY ALL;

-- The Kaplan-Meier curve of each group: one row per group and age at which a claim ended or was left
-- open; share_open is the share not resolved by then. Ages are whole steps of step_hours.
CREATE OR REPLACE MACRO resolution_curve(by_column := 'program', cutoff := NULL, decision := 'first', step_hours := 1) AS TABLE
WITH ages AS (
    SELECT
        group_value,
        exit_hours,
        sum(n_claims) AS n_leaving,
        sum(n_claims) FILTER (event <> 'open') AS n_resolved
    FROM claim_ages(by_column := by_column, cutoff := cutoff, decision := decision, step_hours := step_hours)
    GROUP BY group_value, exit_hours
),
at_risk AS (
    SELECT
        group_value,
        exit_hours,
        coalesce(n_resolved, 0) AS n_resolved,
        sum(n_leaving) OVER (PARTITION BY group_value ORDER BY exit_hours DESC) AS n_at_risk
    FROM ages
)
SELECT
    group_value,
    exit_hours / 24 AS age_days,
    n_at_risk,
    n_resolved,
    product(1 - n_resolved / n_at_risk) OVER (PARTITION BY group_value ORDER BY exit_hours) AS share_open
FROM at_risk
ORDER BY group_value, exit_hours;

-- How long a claim takes: time_to_resolution_counts with the Kaplan-Meier median in days; null: not
-- reached. Where exactly half are resolved for a while, it is the middle of that while, which ends with
-- the next claim resolved, or with the last age seen. Shares within 1.5e-8 of a half are a half.
CREATE OR REPLACE MACRO time_to_resolution(by_column := 'program', cutoff := NULL, decision := 'first', step_hours := 1) AS TABLE
SELECT
    c.*,
    (m.half + coalesce(m.below_half, m.last_age)) / 2 AS median_days
FROM time_to_resolution_counts(by_column := by_column, cutoff := cutoff, decision := decision) AS c
LEFT JOIN (
    SELECT
        group_value,
        min(age_days) FILTER (n_resolved > 0 AND share_open <= 0.5 + 1.5e-8) AS half,
        min(age_days) FILTER (n_resolved > 0 AND share_open < 0.5 - 1.5e-8) AS below_half,
        max(age_days) AS last_age
    FROM resolution_curve(
        by_column := by_column, cutoff := cutoff, decision := decision, step_hours := step_hours
    )
    GROUP BY group_value
) AS m USING (group_value)
ORDER BY c.n_claims DESC, c.group_value;
