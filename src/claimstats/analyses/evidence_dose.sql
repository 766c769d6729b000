-- Does more evidence, or better, win more: the claims of evidence_compared, counted by how much of it went with
-- the filing. measure pieces: their number, five standing for more; measure score: its quarter, 1 for below
-- 0.25 to 4 for 0.75 and above. Claims without a piece known to have gone with the filing have no dose:
-- unknown is not none. Scores are rounded, so that equal ones computed in two ways stay equal.
-- Grain: one row per measure, dose, program and reason.
CREATE OR REPLACE MACRO evidence_dose_counts(older_than_days := 60, cutoff := NULL) AS TABLE
WITH compared AS (
    FROM evidence_compared(older_than_days := older_than_days, cutoff := cutoff)
),
doses AS (
    SELECT 'pieces' AS measure, least(n_at_filing, 5) AS dose, program, reason, seller_won FROM compared
    UNION ALL
    SELECT
        'score',
        CASE
            WHEN round(score, 9) < 0.25 THEN 1
            WHEN round(score, 9) < 0.5 THEN 2
            WHEN round(score, 9) < 0.75 THEN 3
            ELSE 4
        END,
        program,
        reason,
        seller_won
    FROM compared
    WHERE score IS NOT NULL
)
SELECT
    measure,
    dose,
    program,
    reason,
    count(*) AS n_claims,
    count(*) FILTER (seller_won) AS n_won
FROM doses
GROUP BY ALL
ORDER BY ALL;

-- Does more evidence, or better, win more: one row per measure and dose with the share of claims the seller
-- won, Wilson's limits, and usual_rate: what claims of the same programs and reasons win on average, whatever
-- their dose. A share above the usual one is not made by the mix of reasons.
CREATE OR REPLACE MACRO evidence_dose(older_than_days := 60, cutoff := NULL) AS TABLE
WITH cells AS (
    SELECT
        *,
        sum(n_won) OVER (PARTITION BY measure, program, reason)
        / sum(n_claims) OVER (PARTITION BY measure, program, reason) AS usual
    FROM evidence_dose_counts(older_than_days := older_than_days, cutoff := cutoff)
)
SELECT
    measure,
    dose,
    sum(n_claims) AS n_claims,
    sum(n_won) AS n_won,
    sum(n_won) / sum(n_claims) AS rate,
    wilson_low(sum(n_won), sum(n_claims)) AS lower,
    wilson_high(sum(n_won), sum(n_claims)) AS upper,
    sum(n_claims * usual) / sum(n_claims) AS usual_rate
FROM cells
GROUP BY measure, dose
ORDER BY measure, dose;
