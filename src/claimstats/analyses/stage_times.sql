-- How long each step takes: counts by one property, as the claims stood at the cut-off.
-- Grain: one row per step and group. A step is one claim's, or one request for information; steps without
-- a usable duration are counted under the reason, as claim_steps gives it.
CREATE OR REPLACE MACRO stage_times(by_column := 'direction', cutoff := NULL) AS TABLE
SELECT
    step,
    group_value,
    count(*) AS n_steps,
    count(*) FILTER (state = 'done') AS n_done,
    count(*) FILTER (state = 'open') AS n_open,
    count(*) FILTER (state = 'stopped') AS n_stopped,
    count(*) FILTER (state = 'excluded') AS n_excluded,
    count(*) FILTER (excluded_why = 'negative') AS n_negative,
    count(*) FILTER (excluded_why = 'undated') AS n_undated,
    count(*) FILTER (excluded_why = 'interval') AS n_interval,
    count(*) FILTER (excluded_why = 'unknown') AS n_unknown,
    count(*) FILTER (excluded_why = 'untold') AS n_untold
FROM claim_steps(by_column := by_column, cutoff := cutoff)
JOIN step_types USING (step)
WHERE step <> 'contact_to_answer'
GROUP BY step, place, group_value
ORDER BY place, n_steps DESC, group_value;

-- Steps counted by the hours they took, for survival estimates: one row per step, group, state and hours.
-- Steps without a usable duration are left out; claim_steps names why.
CREATE OR REPLACE MACRO stage_hours(by_column := 'direction', cutoff := NULL) AS TABLE
SELECT step, group_value, state, hours, count(*) AS n_steps
FROM claim_steps(by_column := by_column, cutoff := cutoff)
WHERE state <> 'excluded' AND step <> 'contact_to_answer'
GROUP BY ALL
ORDER BY ALL;

-- Steps counted by the days (UTC) on which they began and were over, for counts of business days: one row
-- per step, group, state, marketplace and pair of days. A step still open is over on the cut-off's day.
CREATE OR REPLACE MACRO stage_days(by_column := 'direction', cutoff := NULL) AS TABLE
SELECT
    step,
    group_value,
    state,
    marketplace,
    CAST(began_at AS DATE) AS began_on,
    CAST(over_at AS DATE) AS over_on,
    count(*) AS n_steps
FROM claim_steps(by_column := by_column, cutoff := cutoff)
WHERE state <> 'excluded' AND step <> 'contact_to_answer'
GROUP BY ALL
ORDER BY ALL;
