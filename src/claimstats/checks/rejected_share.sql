-- Files of which many rows were rejected.
--
-- What was rejected is in no number. A few mistyped rows hardly matter; many mean that the file is
-- damaged or was read in the wrong way, and that rates are of a part only. Photos that could not be measured
-- are not meant: without them clarity is unknown, and no rate is of a part.
--
-- `claimstats rejects FILE-ID` tells each row with its reason. Correct a copy and load it with
-- --replaces, or say how it is to be read, such as --decimal comma.

WITH rule AS (
    SELECT 0.05 AS most_rejected -- Of a file's rows; an interval from 300 claims is wider than that.
)
SELECT
    file_id,
    NULL AS line_no,
    format AS what,
    n_rejected || ' of ' || n_read || ' rows rejected' AS detail
FROM source_files
CROSS JOIN rule
WHERE n_rejected > rule.most_rejected * n_read AND format <> 'evidence_scan';
