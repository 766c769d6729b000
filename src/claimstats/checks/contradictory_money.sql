-- Money that contradicts the claim it belongs to.
--
-- The claim is counted as its sources tell it, and the money says otherwise: one of them is wrong, or
-- the claim went on after its last export.
--
-- Look the claim up at the venue; correct the tracker, or load a newer export of the claims.

SELECT
    file_id,
    line_no,
    program || coalesce(', order ' || order_id, '') AS what,
    concat_ws(' ', CAST(amount AS VARCHAR), currency) || ': ' || why AS detail
FROM v_money_contradictions;
