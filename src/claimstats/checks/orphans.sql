-- Evidence and events of claims that the book does not hold.
--
-- They count nowhere: the claim's id or program is mistyped, or the claim itself was never loaded.
--
-- Compare the ids with those of the claims; load the claims, or correct the id and load with --replaces.

SELECT
    file_id,
    line_no,
    'evidence for ' || claim_id AS what,
    kind_raw || ', program ' || program AS detail
FROM evidence
ANTI JOIN claims USING (program, claim_id)
UNION ALL
SELECT file_id, line_no, 'event of ' || claim_id, type_raw || ', program ' || program
FROM claim_events
ANTI JOIN claims USING (program, claim_id);
