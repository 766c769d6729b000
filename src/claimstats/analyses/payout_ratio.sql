-- What is paid when approved: approved claims with the share of the claimed amount that was granted, as
-- they stood at the cut-off after appeals, since sources tell the amount as it stands last. fate says
-- whether a claim is compared: it has both amounts, or why it has no share: granted in goods, a later
-- appeal may have changed its amount, an amount is missing, nothing was claimed, less than nothing granted.
-- Grain: one row per approved claim. Amounts stay beside their currency.
CREATE OR REPLACE MACRO payout_claims(by_column := 'program', cutoff := NULL) AS TABLE
SELECT
    coalesce(c.group_value, '(unknown)') AS group_value,
    c.direction,
    coalesce(v.currency, '(unknown)') AS currency,
    v.claimed_amount,
    v.granted_amount,
    CASE
        WHEN CASE
            WHEN v.appeal_outcome IN ('granted_full', 'granted_partial', 'replaced') THEN v.appeal_outcome
            ELSE v.outcome
        END = 'replaced' THEN 'in_goods'
        WHEN v.appeal_decided_at > c.known_at THEN 'changed_later'
        WHEN v.claimed_amount IS NULL OR v.granted_amount IS NULL THEN 'without_amount'
        WHEN v.claimed_amount <= 0 OR v.granted_amount < 0 THEN 'odd_amount'
        ELSE 'compared'
    END AS fate
FROM claims_as_of(by_column := by_column, cutoff := cutoff, decision := 'final') AS c
JOIN v_claims AS v USING (program, claim_id)
WHERE c.event = 'approved' AND c.excluded_why IS NULL;

-- The shares that were paid, counted: one row per group, direction, currency and share of the claimed
-- amount. Shares are rounded so that equal ones computed from different amounts stay equal.
CREATE OR REPLACE MACRO payout_shares(by_column := 'program', cutoff := NULL) AS TABLE
SELECT
    group_value,
    direction,
    currency,
    round(CAST(granted_amount AS DOUBLE) / CAST(claimed_amount AS DOUBLE), 9) AS paid,
    count(*) AS n_claims
FROM payout_claims(by_column := by_column, cutoff := cutoff)
WHERE fate = 'compared'
GROUP BY ALL
ORDER BY ALL;

-- What share of the amount is paid when approved: counts, sums and the median by one property.
-- Grain: one row per group, direction and currency; currencies are never added, so claims whose currency
-- nobody knows have no sums. n_approved = n_compared + n_in_goods + n_without_amount + n_odd_amount +
-- n_changed_later. The sums are of the compared claims.
CREATE OR REPLACE MACRO payout_ratio(by_column := 'program', cutoff := NULL) AS TABLE
SELECT
    group_value,
    direction,
    currency,
    count(*) AS n_approved,
    count(*) FILTER (fate = 'compared') AS n_compared,
    count(*) FILTER (fate = 'in_goods') AS n_in_goods,
    count(*) FILTER (fate = 'without_amount') AS n_without_amount,
    count(*) FILTER (fate = 'odd_amount') AS n_odd_amount,
    count(*) FILTER (fate = 'changed_later') AS n_changed_later,
    count(*) FILTER (fate = 'compared' AND granted_amount >= claimed_amount) AS n_in_full,
    count(*) FILTER (fate = 'compared' AND granted_amount > claimed_amount) AS n_above,
    count(*) FILTER (fate = 'compared' AND granted_amount = 0) AS n_nothing,
    n_in_full / nullif(n_compared, 0) AS in_full,
    n_nothing / nullif(n_compared, 0) AS nothing,
    median(CAST(granted_amount AS DOUBLE) / CAST(claimed_amount AS DOUBLE)) FILTER (fate = 'compared') AS median_paid,
    sum(claimed_amount) FILTER (fate = 'compared' AND currency <> '(unknown)') AS claimed_amount,
    sum(granted_amount) FILTER (fate = 'compared' AND currency <> '(unknown)') AS granted_amount
FROM payout_claims(by_column := by_column, cutoff := cutoff)
GROUP BY group_value, direction, currency
ORDER BY n_approved DESC, group_value, direction, currency;
