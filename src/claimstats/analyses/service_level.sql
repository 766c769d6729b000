-- How often we answer in time: the steps that answer somebody, each timed against within_hours, as the
-- claims stood at the cut-off: requests for information, buyers' contacts, and claims decided. Grain: one
-- row per step, as claim_steps gives it. is_due: within_hours have passed since it began. is_in_time is
-- exact to the second; curve_hours are whole hours, one more for what came within the hour too late.
CREATE OR REPLACE MACRO service_steps(by_column := 'direction', cutoff := NULL, within_hours := 48) AS TABLE
SELECT
    step,
    group_value,
    state,
    excluded_why,
    hours,
    followed_hours,
    CASE
        WHEN hours_precision = 'day' THEN followed_hours >= within_hours
        ELSE epoch_us(known_at) - epoch_us(began_at) >= within_hours * 3600000000
    END AS is_due,
    is_within,
    state = 'done' AND is_within AS is_in_time,
    hours + CASE WHEN state = 'done' AND hours = within_hours AND NOT is_within THEN 1 ELSE 0 END AS curve_hours
FROM (
    SELECT
        *,
        elapsed_hours(began_at, hours_precision, known_at, 'instant') AS followed_hours,
        CASE
            WHEN hours_precision = 'day' THEN hours <= within_hours
            ELSE epoch_us(over_at) - epoch_us(began_at) <= within_hours * 3600000000
        END AS is_within
    FROM claim_steps(by_column := by_column, cutoff := cutoff)
    WHERE step IN ('request_to_answer', 'contact_to_answer', 'filing_to_decision')
);

-- How often we answer in time: counts by one property with the share in time of those old enough and its
-- Wilson interval (95 %). Grain: one row per step and group. n_due steps began within_hours before the
-- cut-off or earlier and were not made void sooner; n_in_time of them were answered in time.
CREATE OR REPLACE MACRO service_level(by_column := 'direction', cutoff := NULL, within_hours := 48) AS TABLE
SELECT
    *,
    n_in_time / nullif(n_due, 0) AS in_time_rate,
    wilson_low(n_in_time, n_due) AS lower,
    wilson_high(n_in_time, n_due) AS upper
FROM (
    SELECT
        step,
        group_value,
        count(*) AS n_steps,
        count(*) FILTER (state = 'done') AS n_done,
        count(*) FILTER (state = 'open') AS n_open,
        count(*) FILTER (state = 'stopped') AS n_stopped,
        count(*) FILTER (state = 'excluded') AS n_excluded,
        count(*) FILTER (state <> 'excluded' AND is_due AND NOT (state = 'stopped' AND is_within)) AS n_due,
        count(*) FILTER (is_due AND is_in_time) AS n_in_time,
        count(*) FILTER (state <> 'excluded' AND NOT is_due) AS n_not_due,
        count(*) FILTER (is_due AND state = 'stopped' AND is_within) AS n_stopped_early,
        count(*) FILTER (excluded_why = 'negative') AS n_negative,
        count(*) FILTER (excluded_why = 'undated') AS n_undated,
        count(*) FILTER (excluded_why = 'interval') AS n_interval,
        count(*) FILTER (excluded_why = 'unknown') AS n_unknown,
        count(*) FILTER (excluded_why = 'untold') AS n_untold,
        max(followed_hours) FILTER (state <> 'excluded') AS oldest_hours
    FROM service_steps(by_column := by_column, cutoff := cutoff, within_hours := within_hours)
    GROUP BY step, group_value
)
JOIN step_types USING (step)
ORDER BY place, n_steps DESC, group_value;

-- Those steps counted by the hours they took, for survival estimates: one row per step, group, state and
-- hours. Steps without a usable duration are left out.
CREATE OR REPLACE MACRO service_hours(by_column := 'direction', cutoff := NULL, within_hours := 48) AS TABLE
SELECT step, group_value, state, curve_hours AS hours, count(*) AS n_steps
FROM service_steps(by_column := by_column, cutoff := cutoff, within_hours := within_hours)
WHERE state <> 'excluded'
GROUP BY ALL
ORDER BY ALL;
