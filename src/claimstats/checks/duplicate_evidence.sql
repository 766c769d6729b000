-- The same picture or document sent for claims of different orders.
--
-- A venue that notices takes it for fraud, though it mostly is a file put into the wrong folder; and the
-- claim lacks the evidence that it seems to have. Pictures alike in all but 3 of the 64 bits of their
-- fingerprint count as the same: a picture sent on through a messenger keeps it.
--
-- Look at both files and put the right one in its place; then scan the folder again, and take the earlier
-- scan out with `claimstats unload FILE-ID`.

WITH rule AS (
    SELECT 3 AS most_bits, ['policy_text', 'ledger_record', 'access_log'] AS shared_kinds
),
files AS (
    SELECT DISTINCT
        f.file_id, f.line_no, f.path, f.program, f.claim_id, f.sha256, c.order_id,
        CASE
            WHEN f.kind LIKE 'photo_%' OR (f.kind IS NULL AND f.format IN ('JPEG', 'HEIF'))
            THEN f.perceptual_hash
        END AS fingerprint
    FROM v_evidence_files AS f
    JOIN claims AS c USING (program, claim_id)
    WHERE coalesce(f.kind, '') NOT IN (SELECT unnest(shared_kinds) FROM rule)
),
-- Of two fingerprints that differ in 3 bits one quarter at least is equal: pairs are found by it.
quarters AS (
    SELECT *, place, fingerprint[4 * place - 3:4 * place] AS quarter
    FROM files CROSS JOIN range(1, 5) AS r(place)
    WHERE fingerprint IS NOT NULL
),
pairs AS (
    SELECT
        a.file_id, a.line_no, a.path, a.program, a.claim_id, a.order_id,
        b.path AS other_path, b.program AS other_program, b.claim_id AS other_claim_id,
        b.order_id AS other_order_id, 'is' AS likeness
    FROM files AS a
    JOIN files AS b USING (sha256)
    UNION
    SELECT
        a.file_id, a.line_no, a.path, a.program, a.claim_id, a.order_id,
        b.path, b.program, b.claim_id, b.order_id, 'looks like'
    FROM quarters AS a
    JOIN quarters AS b USING (place, quarter)
    CROSS JOIN rule
    WHERE a.sha256 <> b.sha256
        AND bit_count(
            xor(CAST('0x' || a.fingerprint AS UBIGINT), CAST('0x' || b.fingerprint AS UBIGINT))
        ) <= most_bits
)
SELECT DISTINCT
    file_id,
    line_no,
    path || ' of claim ' || claim_id AS what,
    likeness || ' ' || other_path || ' of claim ' || other_claim_id AS detail
FROM pairs
WHERE (program, claim_id) > (other_program, other_claim_id)
    AND (order_id IS NULL OR other_order_id IS NULL OR order_id <> other_order_id);
