-- evidence.csv -> evidence. Pieces of one kind are told apart by their file name, else by the time they
-- were sent; the same piece twice in one file stays two.
CREATE TEMP TABLE incoming_evidence AS
SELECT
    program,
    claim_id,
    kind_raw,
    coalesce(file_name, CAST(submitted_at AS VARCHAR), '') AS item_key,
    row_number() OVER (
        PARTITION BY program, claim_id, kind_raw, coalesce(file_name, CAST(submitted_at AS VARCHAR), '')
        ORDER BY line_no
    ) AS occurrence,
    coalesce((SELECT k.kind FROM evidence_kinds AS k WHERE k.kind = plain_word(kind_raw)), 'other') AS kind,
    submitted_at,
    precision_of(r_submitted_at) AS submitted_precision,
    with_filing,
    quality_rating,
    rated_at,
    precision_of(r_rated_at) AS rated_precision,
    legible, shows_item, shows_defect, shows_packaging, shows_label, shows_serial, shows_order_id,
    file_name,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE unmapped AS
SELECT 'kind' AS column_name, kind_raw AS value, count(*) AS n_rows
FROM incoming_evidence
WHERE plain_word(kind_raw) NOT IN (SELECT k.kind FROM evidence_kinds AS k)
GROUP BY kind_raw;
