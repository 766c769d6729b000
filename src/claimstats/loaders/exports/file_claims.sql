-- files.csv -> file_claims. A newer list replaces what an older one told of the same file.
CREATE TEMP TABLE incoming_file_claims AS
SELECT
    lower(nfc_normalize(ltrim(replace(file_name, '\', '/'), './'))) AS file_key,
    program,
    claim_id,
    file_name,
    kind_raw,
    CASE
        WHEN kind_raw IS NOT NULL
        THEN coalesce((SELECT k.kind FROM evidence_kinds AS k WHERE k.kind = plain_word(kind_raw)), 'other')
    END AS kind,
    submitted_at,
    precision_of(r_submitted_at) AS submitted_precision,
    with_filing,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE unmapped AS
SELECT 'kind' AS column_name, kind_raw AS value, count(*) AS n_rows
FROM incoming_file_claims
WHERE plain_word(kind_raw) NOT IN (SELECT k.kind FROM evidence_kinds AS k)
GROUP BY kind_raw;
