-- evidence_files -> evidence_links: the claim that each file belongs to, and the piece of evidence it is.
-- A file belongs to the claim that files.csv tells; else to the only one that all the ids in its path fit
-- (claim, order or return; a list of pieces that names the file decides between claims of one order);
-- without an id to the only claim of which a piece has that file name. Where several fit it is linked to
-- none, and they are told.

DELETE FROM evidence_links;

-- The words of a name. Chinese and Japanese stand without spaces: each letter counts as a word, and words of
-- several letters are runs of them.
CREATE OR REPLACE TEMP MACRO words_of(x) AS
    trim(regexp_replace(
        regexp_replace(x, '([\p{Han}\p{Hiragana}\p{Katakana}])', ' \1 ', 'g'), '[^\pL\pN]+', ' ', 'g'
    ));

CREATE OR REPLACE TEMP TABLE scanned AS
SELECT
    file_id, line_no, sha256, path, medium, said_program,
    lower(nfc_normalize(path)) AS path_key,
    list_last(string_split(lower(nfc_normalize(path)), '/')) AS name_key
FROM evidence_files;

-- The words of each folder's name, and of the file's without its suffix.
CREATE OR REPLACE TEMP TABLE path_words AS
WITH parts AS (
    SELECT
        file_id, line_no, medium, said_program,
        unnest(string_split(path_key, '/')) AS part,
        generate_subscripts(string_split(path_key, '/'), 1) AS part_no,
        len(string_split(path_key, '/')) AS n_parts
    FROM scanned
)
SELECT
    file_id, line_no, medium, said_program, part_no,
    part_no = n_parts AS is_name,
    string_split(
        words_of(CASE WHEN part_no = n_parts THEN regexp_replace(part, '(.)\.[^.]*$', '\1') ELSE part END),
        ' '
    ) AS words
FROM parts;

-- Up to seven words in a row, as one word: ids are compared without their hyphens. Several words are an id
-- only where it is split alike: 10.15.00 is no claim 101500.
CREATE OR REPLACE TEMP TABLE path_runs AS
SELECT
    w.* EXCLUDE (words),
    first_word,
    last_word,
    len(words) AS n_words,
    array_to_string(words[first_word:last_word], '') AS run,
    array_to_string(list_transform(words[first_word:last_word], lambda x: length(x)), '-') AS shape
FROM path_words AS w,
    LATERAL (SELECT unnest(range(1, len(words) + 1)) AS first_word),
    LATERAL (SELECT unnest(range(first_word, least(first_word + 6, len(words)) + 1)) AS last_word)
WHERE run <> '';

-- Where an id stands in a path. One of ten figures and more, or of six letters and figures, may stand
-- anywhere; another begins the file's name or is a folder's; one of one or two signs is a folder's. Cameras
-- number and date their pictures: IMG_7001 and 20260514_101500 are no photos for claims 7001 and 101500. A short id of letters and figures elsewhere links nothing, but casts doubt:
-- "S-05 and S-06" is neither's. Of ids within one another the longest counts, and an order that is not
-- in the book keeps its middle from being taken for another id.
CREATE OR REPLACE TEMP TABLE path_ids AS
WITH named AS (
    SELECT program, claim_id, claim_id AS id FROM claims WHERE NOT id_is_derived
    UNION ALL SELECT program, claim_id, order_id FROM claims WHERE order_id IS NOT NULL
    UNION ALL SELECT program, claim_id, rma_id FROM claims WHERE rma_id IS NOT NULL
),
ids AS (
    SELECT DISTINCT
        program,
        claim_id,
        regexp_replace(lower(nfc_normalize(id)), '[^\pL\pN]+', '', 'g') AS id_key,
        array_to_string(
            list_transform(
                string_split(words_of(nfc_normalize(id)), ' '),
                lambda x: length(x)
            ),
            '-'
        ) AS id_shape
    FROM named
),
placed AS (
    SELECT
        r.*,
        i.program,
        i.claim_id,
        CASE
            WHEN
                regexp_full_match(run, '\d{10,}')
                AND NOT regexp_full_match(run, '(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])\d{6}')
            THEN true
            WHEN length(run) >= 6 AND regexp_matches(run, '\d') AND regexp_matches(run, '\pL') THEN true
            WHEN NOT is_name THEN n_words = last_word - first_word + 1
            ELSE
                length(run) >= 3 AND first_word = 1
                AND (last_word < n_words OR regexp_matches(run, '\pL'))
        END AS is_sure
    FROM path_runs AS r
    JOIN ids AS i
        ON i.id_key = r.run AND (r.first_word = r.last_word OR r.shape = i.id_shape)
        AND (r.said_program IS NULL OR r.said_program = i.program)
),
found AS (
    FROM placed
    WHERE is_sure OR (length(run) >= 3 AND regexp_matches(run, '\pL') AND regexp_matches(run, '\d'))
    UNION ALL
    SELECT *, NULL, NULL, false FROM path_runs WHERE shape = '3-7-7' AND regexp_full_match(run, '\d+')
)
SELECT f.*
FROM found AS f
WHERE NOT EXISTS (
    SELECT 1 FROM found AS o
    WHERE o.file_id = f.file_id AND o.line_no = f.line_no AND o.part_no = f.part_no
        AND o.first_word <= f.first_word AND o.last_word >= f.last_word
        AND o.last_word - o.first_word > f.last_word - f.first_word
);

-- The claims that all ids of a path fit; of a path whose ids fit none together a row without a claim.
CREATE OR REPLACE TEMP TABLE named_claims AS
WITH counted AS (
    SELECT file_id, line_no, count(DISTINCT (part_no, first_word, last_word)) AS n_ids
    FROM path_ids
    WHERE claim_id IS NOT NULL
    GROUP BY file_id, line_no
    HAVING bool_or(is_sure)
),
fitting AS (
    SELECT
        file_id, line_no, program, claim_id,
        count(DISTINCT (part_no, first_word, last_word)) AS n_fitting
    FROM path_ids
    WHERE claim_id IS NOT NULL
    GROUP BY file_id, line_no, program, claim_id
)
SELECT
    file_id, line_no, program, claim_id, n_fitting = n_ids AS fits_all,
    max(n_fitting) OVER (PARTITION BY file_id, line_no) = n_ids AS has_fitting
FROM fitting
JOIN counted USING (file_id, line_no);

-- The told pieces that may be a file by its name: a whole path before an end of one.
CREATE OR REPLACE TEMP TABLE told_files AS
WITH told AS (
    SELECT
        program, claim_id, file_id AS piece_file_id, line_no AS piece_line_no,
        lower(nfc_normalize(ltrim(replace(file_name, '\', '/'), './'))) AS told_key
    FROM history.evidence
    WHERE is_current AND file_name IS NOT NULL
)
SELECT s.file_id, s.line_no, s.sha256, t.*, s.path_key = t.told_key AS is_exact
FROM scanned AS s
JOIN told AS t ON list_last(string_split(t.told_key, '/')) = s.name_key
WHERE (s.said_program IS NULL OR s.said_program = t.program)
    AND (
        s.path_key = t.told_key
        OR ends_with(s.path_key, '/' || t.told_key) OR ends_with(t.told_key, '/' || s.path_key)
    );

-- The rows of files.csv that name each file, with the program of the only claim of that id where none is
-- said. A row whose name several files of different content bear says of none which it means.
CREATE OR REPLACE TEMP TABLE mapped_files AS
WITH named AS (
    SELECT
        s.file_id, s.line_no, s.sha256, m.file_id AS list_file_id, m.line_no AS list_line_no, m.claim_id,
        coalesce(m.program, s.said_program) AS program, m.kind, m.kind_raw, m.submitted_at,
        m.submitted_precision, m.with_filing, s.path_key = m.file_key AS is_exact
    FROM scanned AS s
    JOIN file_claims AS m ON list_last(string_split(m.file_key, '/')) = s.name_key
    WHERE s.path_key = m.file_key
        OR ends_with(s.path_key, '/' || m.file_key) OR ends_with(m.file_key, '/' || s.path_key)
),
nearest AS (
    FROM named
    QUALIFY is_exact OR NOT bool_or(is_exact) OVER (PARTITION BY list_file_id, list_line_no)
),
programs_of AS (
    SELECT claim_id, min(program) AS program, count(*) AS n_programs FROM claims GROUP BY claim_id
)
SELECT
    n.* EXCLUDE (program),
    coalesce(n.program, CASE WHEN p.n_programs = 1 THEN p.program END) AS program,
    count(DISTINCT sha256) OVER (PARTITION BY list_file_id, list_line_no) AS n_contents
FROM nearest AS n
LEFT JOIN programs_of AS p USING (claim_id);

-- One row per file and claim: how it was linked, or why it was not.
CREATE OR REPLACE TEMP TABLE linked AS
WITH by_mapping AS (
    SELECT
        file_id, line_no, program, claim_id, kind, kind_raw, submitted_at, submitted_precision, with_filing,
        CASE WHEN n_contents > 1 OR program IS NULL THEN 'ambiguous' ELSE 'mapping' END AS link_method,
        CASE
            WHEN n_contents > 1 THEN 'files.csv names several files by this name'
            WHEN program IS NULL THEN 'files.csv says claim ' || claim_id || ', of no one program'
        END AS candidates
    FROM mapped_files
    QUALIFY row_number() OVER (
        PARTITION BY file_id, line_no, program, claim_id ORDER BY is_exact DESC, list_file_id, list_line_no
    ) = 1
),
-- Named by ids; between claims of one order the list of pieces decides.
by_name AS (
    SELECT
        n.file_id, n.line_no, n.program, n.claim_id, n.fits_all, n.has_fitting,
        t.claim_id IS NOT NULL AS is_told,
        count(*) FILTER (n.fits_all) OVER files AS n_fitting,
        count(*) FILTER (n.fits_all AND t.claim_id IS NOT NULL) OVER files AS n_told
    FROM named_claims AS n
    LEFT JOIN (SELECT DISTINCT file_id, line_no, program, claim_id FROM told_files) AS t
        USING (file_id, line_no, program, claim_id)
    WINDOW files AS (PARTITION BY n.file_id, n.line_no)
),
-- Without an id: by the list alone, where each name is one file's.
unnamed AS (
    SELECT t.*
    FROM told_files AS t
    ANTI JOIN named_claims AS n ON n.file_id = t.file_id AND n.line_no = t.line_no
    ANTI JOIN mapped_files AS m ON m.file_id = t.file_id AND m.line_no = t.line_no
    QUALIFY t.is_exact OR NOT bool_or(t.is_exact) OVER (PARTITION BY t.piece_file_id, t.piece_line_no)
),
by_list AS (
    SELECT
        file_id, line_no, program, claim_id, max(n_contents) AS n_contents,
        count(*) OVER (PARTITION BY file_id, line_no) AS n_fitting
    FROM (
        SELECT
            *, count(DISTINCT sha256) OVER (PARTITION BY piece_file_id, piece_line_no) AS n_contents
        FROM unnamed
    )
    GROUP BY file_id, line_no, program, claim_id
),
fates AS (
    SELECT
        file_id, line_no, program, claim_id, 'name' AS link_method,
        (n_fitting = 1 AND fits_all) OR (n_fitting > 1 AND n_told = 1 AND fits_all AND is_told) AS is_it,
        (NOT has_fitting OR fits_all) AS is_candidate
    FROM by_name
    UNION ALL
    SELECT file_id, line_no, program, claim_id, 'list', n_fitting = 1 AND n_contents = 1, true
    FROM by_list
),
decided AS (
    SELECT
        file_id, line_no,
        any_value(program) FILTER (is_it) AS program,
        any_value(claim_id) FILTER (is_it) AS claim_id,
        CASE WHEN bool_or(is_it) THEN any_value(link_method) ELSE 'ambiguous' END AS link_method,
        CASE
            WHEN NOT bool_or(is_it)
            THEN string_agg(program || ' ' || claim_id, ', ' ORDER BY program, claim_id) FILTER (is_candidate)
        END AS candidates
    FROM fates AS f
    ANTI JOIN by_mapping AS m ON m.file_id = f.file_id AND m.line_no = f.line_no
    GROUP BY file_id, line_no
)
SELECT
    file_id, line_no,
    CASE WHEN link_method = 'mapping' THEN program END AS program,
    CASE WHEN link_method = 'mapping' THEN claim_id END AS claim_id,
    link_method, candidates, kind, kind_raw, submitted_at, submitted_precision, with_filing
FROM by_mapping
UNION ALL BY NAME
FROM decided
UNION ALL BY NAME
SELECT s.file_id, s.line_no, 'none' AS link_method
FROM scanned AS s
ANTI JOIN by_mapping AS m ON m.file_id = s.file_id AND m.line_no = s.line_no
ANTI JOIN decided AS d ON d.file_id = s.file_id AND d.line_no = s.line_no;

-- The kind that a name tells: the words of the file's own name, else of the folder nearest to it, without the
-- ids in them; null where they tell none or two.
CREATE OR REPLACE TEMP TABLE named_kinds AS
WITH letters AS (
    SELECT
        w.file_id, w.line_no, w.medium, w.part_no,
        string_split(
            trim(
                regexp_replace(
                    array_to_string(
                        list_filter(
                            list_transform(
                                w.words,
                                lambda word, place: CASE
                                    WHEN list_contains(coalesce(i.covered, []), place) THEN ' ' ELSE word
                                END
                            ),
                            lambda word: word IS NOT NULL
                        ),
                        ' '
                    ),
                    '[^\pL]+', ' ', 'g'
                )
            ),
            ' '
        ) AS words
    FROM path_words AS w
    LEFT JOIN (
        SELECT file_id, line_no, part_no, list_distinct(flatten(list(range(first_word, last_word + 1)))) AS covered
        FROM path_ids GROUP BY file_id, line_no, part_no
    ) AS i USING (file_id, line_no, part_no)
),
runs AS (
    SELECT
        l.* EXCLUDE (words), first_word, last_word,
        array_to_string(words[first_word:last_word], '') AS run
    FROM letters AS l,
        LATERAL (SELECT unnest(range(1, len(words) + 1)) AS first_word),
        LATERAL (SELECT unnest(range(first_word, least(first_word + 5, len(words)) + 1)) AS last_word)
),
found AS (
    SELECT r.*, k.kind
    FROM runs AS r
    JOIN evidence_kind_words AS k
        ON replace(k.word, '_', '') = r.run AND (k.medium = 'any' OR k.medium = r.medium)
),
longest AS (
    SELECT f.*
    FROM found AS f
    WHERE NOT EXISTS (
        SELECT 1 FROM found AS o
        WHERE o.file_id = f.file_id AND o.line_no = f.line_no AND o.part_no = f.part_no
            AND o.first_word <= f.first_word AND o.last_word >= f.last_word
            AND o.last_word - o.first_word > f.last_word - f.first_word
    )
    QUALIFY part_no = max(part_no) OVER (PARTITION BY file_id, line_no)
)
SELECT file_id, line_no, CASE WHEN count(DISTINCT kind) = 1 THEN min(kind) END AS kind
FROM longest
GROUP BY file_id, line_no;

-- The pieces: told ones that name the file, else the file itself; of several with one content the one that
-- files.csv names, else the newest. Its kind is that which their names tell, if they tell one.
INSERT INTO evidence_links BY NAME
WITH own AS (
    SELECT
        l.* EXCLUDE (kind, kind_raw), s.sha256, s.path_key,
        coalesce(l.kind, k.kind) AS kind,
        coalesce(l.kind_raw, s.path) AS kind_raw
    FROM linked AS l
    JOIN scanned AS s USING (file_id, line_no)
    LEFT JOIN named_kinds AS k USING (file_id, line_no)
),
told AS (
    SELECT o.*, t.piece_file_id, t.piece_line_no
    FROM own AS o
    LEFT JOIN told_files AS t
        ON t.file_id = o.file_id AND t.line_no = o.line_no
        AND t.program = o.program AND t.claim_id = o.claim_id
    QUALIFY t.piece_line_no IS NULL OR t.is_exact
        OR NOT bool_or(coalesce(t.is_exact, false)) OVER (
            PARTITION BY o.program, o.claim_id, t.piece_file_id, t.piece_line_no
        )
),
pieces AS (
    SELECT
        *,
        CASE
            WHEN claim_id IS NULL THEN NULL
            WHEN piece_line_no IS NOT NULL THEN 'listed'
            WHEN bool_or(piece_line_no IS NOT NULL) OVER (PARTITION BY program, claim_id, sha256) THEN 'copy'
            WHEN row_number() OVER (
                PARTITION BY program, claim_id, sha256
                ORDER BY link_method = 'mapping' DESC, file_id DESC, length(path_key), path_key, line_no
            ) = 1 THEN 'new'
            ELSE 'copy'
        END AS piece,
        min(kind) OVER (PARTITION BY program, claim_id, sha256) AS one_kind,
        max(kind) OVER (PARTITION BY program, claim_id, sha256) AS other_kind
    FROM told
)
SELECT
    file_id, line_no, program, claim_id, link_method, candidates, piece,
    CASE piece WHEN 'listed' THEN piece_file_id WHEN 'new' THEN file_id END AS piece_file_id,
    CASE piece WHEN 'listed' THEN piece_line_no WHEN 'new' THEN line_no END AS piece_line_no,
    CASE
        WHEN piece IS DISTINCT FROM 'new' OR link_method = 'mapping' THEN kind
        WHEN one_kind = other_kind THEN one_kind
    END AS kind,
    kind_raw, submitted_at, submitted_precision, with_filing
FROM pieces
ORDER BY ALL;
