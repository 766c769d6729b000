-- Claims whose amounts are told in several currencies.
--
-- A claim has one currency: amounts in another than that of its first source are left out, so that
-- what was asked for and what was granted may be missing.
--
-- See which source is right; correct the other, and load it with --replaces.

WITH told AS (
    SELECT program, claim_id, origin, currency, file_id, line_no FROM claim_records
    UNION ALL
    SELECT program, claim_id, origin, currency, file_id, line_no FROM derived_claims
    UNION ALL
    SELECT program, claim_id, origin, currency, file_id, line_no FROM claim_snapshots
    UNION ALL
    SELECT k.program, k.claim_id, l.origin, l.currency, l.file_id, l.line_no
    FROM money_links AS k
    JOIN ledger_lines AS l USING (file_id, line_no)
    WHERE k.claim_id IS NOT NULL
)
SELECT
    max(file_id) AS file_id,
    arg_max(line_no, row(file_id, line_no)) AS line_no,
    'claim ' || claim_id AS what,
    string_agg(DISTINCT currency || ' by ' || origin, ', ' ORDER BY currency || ' by ' || origin) AS detail
FROM told
WHERE currency IS NOT NULL
GROUP BY program, claim_id
HAVING count(DISTINCT currency) > 1;
