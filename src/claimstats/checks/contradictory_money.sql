-- Money that contradicts the claim it belongs to.
--
-- The claim is counted as its sources tell it, and the money says otherwise: one of them is wrong, or
-- the claim went on after its last export.
--
-- Look the claim up at the venue; correct the tracker, or load a newer export of the claims.

SELECT
    p.file_id,
    p.line_no,
    m.program || ' ' || m.claim_id AS what,
    m.contradiction || ': ' || m.origin || ' says ' || m.outcome || ', posted '
    || concat_ws(' ', CAST(m.posted_amount AS VARCHAR), m.posted_currency) AS detail
FROM v_money_contradictions AS m
LEFT JOIN v_claim_places AS p USING (program, claim_id);
