-- Claims that only your tracker tells, of an order on which only an export tells a claim of that program.
--
-- They are likely one claim under two ids, which counts twice: in rates, in times and in what is open.
--
-- Write the id that the export has into the tracker and load it with --replaces, or leave them if the
-- order has two claims.

SELECT
    told.file_id,
    told.line_no,
    'claim ' || mine.claim_id AS what,
    'order ' || mine.order_id || ' has claim ' || theirs.claim_id || ' by '
    || theirs.origins[1] AS detail
FROM claims AS mine
JOIN claims AS theirs
    ON theirs.program = mine.program
    AND theirs.order_id = mine.order_id
    AND coalesce(theirs.sku = mine.sku, true)
JOIN claim_records AS told
    ON told.program = mine.program AND told.claim_id = mine.claim_id AND told.origin = 'tracker'
WHERE mine.origins = ['tracker'] AND NOT list_contains(theirs.origins, 'tracker');
