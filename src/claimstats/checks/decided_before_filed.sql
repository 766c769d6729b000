-- Claims decided before they were filed, and appeals decided before they were made.
--
-- Such a claim has no duration: it is left out of every time to resolution, and one of its two
-- dates is wrong.
--
-- Correct the date in the tracker and load it with --replaces. Where the export tells the filing and
-- the tracker the decision, see which of the two is right.

SELECT
    place.file_id,
    place.line_no,
    'claim ' || c.claim_id AS what,
    'filed ' || strftime(c.filed_at, '%Y-%m-%d') || ', decided '
    || strftime(c.decided_hi, '%Y-%m-%d') || coalesce(' (' || c.decided_basis || ')', '') AS detail
FROM v_claims AS c
LEFT JOIN v_claim_places AS place USING (program, claim_id)
WHERE elapsed_hours(c.filed_at, c.filed_precision, c.decided_hi, c.decided_precision) < 0
UNION ALL
SELECT
    place.file_id,
    place.line_no,
    'claim ' || c.claim_id,
    'appealed ' || strftime(c.appealed_at, '%Y-%m-%d') || ', appeal decided '
    || strftime(c.appeal_decided_at, '%Y-%m-%d')
FROM v_claims AS c
LEFT JOIN v_claim_places AS place USING (program, claim_id)
WHERE CAST(c.appeal_decided_at AS DATE) < CAST(c.appealed_at AS DATE);
