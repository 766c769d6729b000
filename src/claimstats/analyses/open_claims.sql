-- How old is what is still open: counts by one property and age band, as the claims stood at the cut-off.
-- Grain: one row per group and direction. A claim without a filing date has no age: it is open and undated.
-- Ages are whole days since filing; oldest_days is the oldest claim's, past_claims how many had ended by
-- then in the group, whose times the open ones are held against.
CREATE OR REPLACE MACRO open_claims(by_column := 'program', cutoff := NULL, decision := 'first') AS TABLE
SELECT
    coalesce(group_value, '(unknown)') AS group_value,
    direction,
    count(*) FILTER (event = 'open') AS n_open,
    count(*) FILTER (event = 'open' AND untimed_why IS NULL AND exit_hours < 8 * 24) AS n_0_to_7,
    count(*) FILTER (event = 'open' AND untimed_why IS NULL AND exit_hours >= 8 * 24 AND exit_hours < 15 * 24) AS n_8_to_14,
    count(*) FILTER (event = 'open' AND untimed_why IS NULL AND exit_hours >= 15 * 24 AND exit_hours < 31 * 24) AS n_15_to_30,
    count(*) FILTER (event = 'open' AND untimed_why IS NULL AND exit_hours >= 31 * 24 AND exit_hours < 61 * 24) AS n_31_to_60,
    count(*) FILTER (event = 'open' AND untimed_why IS NULL AND exit_hours >= 61 * 24 AND exit_hours < 91 * 24) AS n_61_to_90,
    count(*) FILTER (event = 'open' AND untimed_why IS NULL AND exit_hours >= 91 * 24) AS n_over_90,
    count(*) FILTER (event = 'open' AND untimed_why IS NOT NULL) AS n_undated,
    count(*) FILTER (event <> 'open' AND untimed_why IS NULL) AS n_ended,
    count(*) FILTER (event = 'unknown') AS n_unknown,
    max(exit_hours) FILTER (event = 'open' AND untimed_why IS NULL) / 24 AS oldest_days
FROM claims_as_of(by_column := by_column, cutoff := cutoff, decision := decision)
GROUP BY ALL
HAVING count(*) FILTER (event = 'open') > 0
ORDER BY n_open DESC, group_value, direction;

-- What is asked for in open claims: one row per group, direction, age band and currency; currencies are
-- never added. The bands are those of open_claims, and undated; n_without_amount claims tell no amount.
CREATE OR REPLACE MACRO open_amounts(by_column := 'program', cutoff := NULL, decision := 'first') AS TABLE
SELECT
    coalesce(group_value, '(unknown)') AS group_value,
    direction,
    CASE
        WHEN untimed_why IS NOT NULL THEN 'undated'
        WHEN exit_hours < 8 * 24 THEN '0 to 7'
        WHEN exit_hours < 15 * 24 THEN '8 to 14'
        WHEN exit_hours < 31 * 24 THEN '15 to 30'
        WHEN exit_hours < 61 * 24 THEN '31 to 60'
        WHEN exit_hours < 91 * 24 THEN '61 to 90'
        ELSE 'over 90'
    END AS age_band,
    currency,
    count(*) AS n_open,
    count(*) FILTER (claimed_amount IS NULL) AS n_without_amount,
    sum(claimed_amount) AS claimed_amount
FROM claims_as_of(by_column := by_column, cutoff := cutoff, decision := decision)
WHERE event = 'open'
GROUP BY ALL
ORDER BY group_value, direction, currency, min(exit_hours);
