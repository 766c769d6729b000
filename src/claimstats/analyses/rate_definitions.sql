-- What the usual definitions of a win rate make of the same claims: the counts that each divides, from the
-- seller's side. closed are the claims decided by the cut-off, all also those open or ended undecided;
-- lost to fraud are those lost for a reason that says fraud, which some vendors leave out of the closed.
-- Grain: one row per group and direction. Claims of unknown outcome are excluded, and those known only
-- from a list of approvals. oldest_hours is the age at the cut-off of the oldest claim with usable dates.
CREATE OR REPLACE MACRO rate_definitions(by_column := 'claim', cutoff := NULL, decision := 'first') AS TABLE
SELECT
    coalesce(group_value, '(unknown)') AS group_value,
    direction,
    count(*) AS n_claims,
    count(*) FILTER (excluded_why IS NULL AND seller_won) AS n_won,
    count(*) FILTER (excluded_why IS NULL AND event IN ('approved', 'denied')) AS n_closed,
    count(*) FILTER (excluded_why IS NULL AND event = 'open') AS n_open,
    count(*) FILTER (event = 'ended') AS n_ended,
    count(*) FILTER (event = 'unknown') AS n_excluded,
    n_claims - n_excluded AS n_all,
    count(*) FILTER (event <> 'unknown' AND reason = 'fraud_unauthorised') AS n_fraud,
    count(*) FILTER (
        excluded_why IS NULL AND event IN ('approved', 'denied')
        AND NOT seller_won AND reason = 'fraud_unauthorised'
    ) AS n_lost_to_fraud,
    n_won / nullif(n_closed, 0) AS closed_only,
    n_won / nullif(n_all, 0) AS of_all,
    n_won / nullif(n_closed - n_lost_to_fraud, 0) AS without_lost_fraud,
    max(followed_hours) FILTER (untimed_why IS NULL) AS oldest_hours
FROM claims_as_of(by_column := by_column, cutoff := cutoff, decision := decision)
GROUP BY ALL
ORDER BY n_claims DESC, group_value, direction;
