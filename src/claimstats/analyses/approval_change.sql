-- Claims beside the dates that may have changed their approval: one row per claim and date, as the claim
-- stood at one age. change_day is a date of the user's own, for every claim; without one they are those that
-- v_policy_changes knows, each for its program and marketplace. period_number counts periods of period_days
-- from the date on: 0 is the first after it, -1 the last before. Claims without a filing date have none.
CREATE OR REPLACE MACRO approval_change_claims(change_day := NULL, age_days := 60, period_days := 14, cutoff := NULL, decision := 'first') AS TABLE
WITH changes AS (
    SELECT CAST(change_day AS DATE) AS changed_on, 'given' AS rules, NULL AS program, '*' AS marketplace
    WHERE change_day IS NOT NULL
    UNION ALL
    SELECT changed_on, rules, program, marketplace FROM v_policy_changes WHERE change_day IS NULL
)
SELECT
    ch.changed_on,
    ch.rules,
    ch.marketplace AS rule_marketplace,
    c.program,
    c.direction,
    c.reason,
    c.state_at_age,
    c.untimed_why,
    c.is_interval,
    CAST(floor((CAST(c.filed_at AS DATE) - ch.changed_on) / period_days) AS INTEGER) AS period_number
FROM claims_at_age(age_days := age_days, cutoff := cutoff, decision := decision) AS c
JOIN changes AS ch
    ON (ch.program IS NULL OR ch.program = c.program)
    AND (ch.marketplace = '*' OR ch.marketplace = c.marketplace);

-- Did approval change after a date: claims filed before and from the date on, as they stood at one age, with
-- the shares approved by then. Younger claims are in no share: of them only the fast decisions are known.
-- Grain: one row per date, program and direction; the two directions are never pooled, since "approved" is
-- good for the seller in one and bad in the other. n_claims = n_before + n_after + n_younger + n_excluded.
-- Level and slope are estimates: the analysis of this name makes them of approval_change_periods.
CREATE OR REPLACE MACRO approval_change(change_day := NULL, age_days := 60, period_days := 14, cutoff := NULL, decision := 'first') AS TABLE
SELECT
    *,
    n_approved_before / nullif(n_before, 0) AS approved_before,
    n_approved_after / nullif(n_after, 0) AS approved_after
FROM (
    SELECT
        changed_on,
        rules,
        rule_marketplace,
        program,
        direction,
        count(*) AS n_claims,
        count(*) FILTER (state_at_age NOT IN ('younger', 'excluded') AND period_number < 0) AS n_before,
        count(*) FILTER (state_at_age = 'approved' AND period_number < 0) AS n_approved_before,
        count(*) FILTER (state_at_age NOT IN ('younger', 'excluded') AND period_number >= 0) AS n_after,
        count(*) FILTER (state_at_age = 'approved' AND period_number >= 0) AS n_approved_after,
        count(*) FILTER (state_at_age = 'younger') AS n_younger,
        count(*) FILTER (state_at_age = 'excluded') AS n_excluded,
        count(*) FILTER (untimed_why = 'approvals_only') AS n_approvals_only,
        count(*) FILTER (untimed_why = 'outcome_unknown') AS n_outcome_unknown,
        count(*) FILTER (untimed_why = 'no_filing_date') AS n_no_filing_date,
        count(*) FILTER (untimed_why = 'no_decision_date') AS n_no_decision_date,
        count(*) FILTER (untimed_why = 'decided_before_filing') AS n_decided_before_filing,
        count(*) FILTER (state_at_age NOT IN ('younger', 'excluded') AND is_interval) AS n_interval
    FROM approval_change_claims(
        change_day := change_day, age_days := age_days, period_days := period_days, cutoff := cutoff,
        decision := decision
    )
    GROUP BY changed_on, rules, rule_marketplace, program, direction
)
ORDER BY changed_on, rules, rule_marketplace, n_claims DESC, program, direction;

-- Those claims that are old enough, counted by period and reason: one row per date, program, direction,
-- period and reason, with the claims approved by the age.
CREATE OR REPLACE MACRO approval_change_periods(change_day := NULL, age_days := 60, period_days := 14, cutoff := NULL, decision := 'first') AS TABLE
SELECT
    changed_on,
    rules,
    rule_marketplace,
    program,
    direction,
    reason,
    period_number,
    count(*) AS n_followed,
    count(*) FILTER (state_at_age = 'approved') AS n_approved
FROM approval_change_claims(
    change_day := change_day, age_days := age_days, period_days := period_days, cutoff := cutoff,
    decision := decision
)
WHERE state_at_age NOT IN ('younger', 'excluded')
GROUP BY ALL
ORDER BY ALL;
