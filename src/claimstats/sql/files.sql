-- Evidence as lists tell it and as files are there, and what the measures of files come to.
-- The comment above a view and the one beside a column become their COMMENTs.

-- Evidence: one row per piece, as trackers and exports tell it, and after these the pieces that are known from a
-- file alone: it belongs to the claim by its name or by files.csv, and no told piece names it. A file in a
-- folder was not surely sent, so only files.csv says when. A null flag is unknown, not no.
CREATE OR REPLACE VIEW evidence AS
SELECT
    program, -- The claim program.
    claim_id, -- The claim's id.
    kind_raw, -- The kind as the tracker or files.csv writes it; else the file's name.
    item_key, -- What tells pieces of one kind apart: file name, else time sent.
    occurrence, -- Counts rows of the same claim, kind and key in one file, from 1.
    kind, -- The kind as one of evidence_kinds; other where none fits, null where a file's name tells none.
    submitted_at, -- When it was sent.
    submitted_precision, -- day or instant.
    with_filing, -- Whether it went with the first filing.
    quality_rating, -- Quality from 0 to 5 in the rater's judgement.
    rated_at, -- When it was rated; a rating made after the decision is hindsight.
    rated_precision, -- day or instant.
    legible, -- Whether it can be read.
    shows_item, -- Whether it shows the item.
    shows_defect, -- Whether it shows the defect.
    shows_packaging, -- Whether it shows the packaging.
    shows_label, -- Whether it shows the shipping label.
    shows_serial, -- Whether it shows the serial number.
    shows_order_id, -- Whether it shows the order id.
    file_name, -- The piece's file.
    coalesce(is_file_alone, false) AS is_file_alone, -- Whether it is known from a file alone, and no list names it.
    extra, -- Columns the format does not know, by their header name.
    version_at, -- The file's time, by which a newer export wins.
    file_id, -- The file it came from.
    line_no -- The line in that file.
FROM (
    SELECT * EXCLUDE (is_current) FROM history.evidence WHERE is_current
    UNION ALL BY NAME
    SELECT
        l.program, l.claim_id, l.kind_raw, f.path AS item_key, 1 AS occurrence, l.kind, l.submitted_at,
        l.submitted_precision, l.with_filing, f.path AS file_name, true AS is_file_alone, l.file_id, l.line_no
    FROM evidence_links AS l
    JOIN evidence_files AS f USING (file_id, line_no)
    WHERE l.piece = 'new'
);

-- Files of evidence with their measures and the components of clarity, each 0 to 1 by clarity_rules and null
-- where it was not measured: one row per file and piece of evidence that it is. A picture is as clear as its
-- weakest component, for each alone can make it useless; a document as its mean page that has text or a
-- scan. Of videos the picture is not measured. The EXIF place is nowhere.
CREATE OR REPLACE VIEW v_evidence_files AS
WITH rules AS (
    SELECT
        max(full_at) FILTER (component = 'resolution') AS resolution_at,
        max(full_at) FILTER (component = 'sharpness') AS sharpness_at,
        max(full_at) FILTER (component = 'tones') AS tones_at,
        max(full_at) FILTER (component = 'brightness') AS brightness_at,
        max(full_at) FILTER (component = 'legibility') AS legibility_at
    FROM clarity_rules
),
components AS (
    SELECT
        f.*,
        file_id = max(file_id) OVER (PARTITION BY folder) AS is_in_latest_scan,
        CASE WHEN medium = 'photo' THEN round(least(greatest(width, height) / resolution_at, 1), 4) END
            AS resolution,
        CASE
            WHEN laplacian_variance IS NOT NULL THEN round(least(laplacian_variance / sharpness_at, 1), 4)
        END AS sharpness,
        CASE
            WHEN mean_luminance IS NOT NULL
            THEN round(least(tonal_range / tones_at, mean_luminance / brightness_at, 1), 4)
        END AS exposure,
        round((
            n_text_pages
            + coalesce(list_sum(list_transform(scan_dpi, lambda dpi: least(dpi / legibility_at, 1))), 0)
        ) / nullif(n_text_pages + len(scan_dpi), 0), 4) AS legibility
    FROM evidence_files AS f CROSS JOIN rules
)
SELECT
    c.folder, -- The folder that was scanned.
    c.path, -- The file's path below it.
    l.program, -- The claim program; null where the file belongs to no claim.
    l.claim_id, -- The claim; null where none was found, or several fit.
    l.link_method, -- How it was linked: mapping, name, list, ambiguous or none.
    l.candidates, -- What fits, where several do.
    l.piece, -- listed, new or copy, as in evidence_links.
    l.piece_file_id, -- The piece of evidence it is: the file that tells of it.
    l.piece_line_no, -- The piece of evidence it is: its line there.
    l.kind, -- The kind that files.csv or the file's name tells; null where neither does.
    c.medium, -- photo, document or video.
    c.format, -- What its content is, such as JPEG.
    CASE
        WHEN c.medium = 'photo' THEN least(c.resolution, c.sharpness, c.exposure) ELSE c.legibility
    END AS clarity, -- The least of resolution, sharpness and exposure, or legibility; 0 to 1.
    c.resolution, -- Longest side in pixels / 1000, at most 1.
    c.sharpness, -- Variance of the Laplacian / 100, at most 1.
    c.exposure, -- The lesser of tonal range / 128 and mean luminance / 48, at most 1.
    c.legibility, -- Of the pages with text (1) or a scan (dots per inch / 200, at most 1) the mean.
    c.width, -- Pixels from left to right.
    c.height, -- Pixels from top to bottom.
    c.width * c.height / 1e6 AS megapixels, -- Millions of pixels.
    c.laplacian_variance, -- Variance of the Laplacian.
    c.mean_luminance, -- Mean grey value, 0 to 255.
    c.tonal_range, -- Grey values between its darkest and its brightest thousandth.
    c.dark_share, -- Share of its pixels with a grey value of 5 or less.
    c.bright_share, -- Share of its pixels with a grey value of 250 or more.
    c.n_pages, -- Pages of a document.
    c.n_text_pages, -- Of its first 200 pages those with text.
    len(c.scan_dpi) AS n_scan_pages, -- Of these the pages that are a picture without text.
    list_min(c.scan_dpi) AS least_scan_dpi, -- Dots per inch of the coarsest of them.
    c.duration_seconds, -- Length of a video.
    c.captured_local, -- When it was taken by the clock of the camera.
    c.captured_at, -- When it was taken (UTC); null where the file does not tell the zone.
    c.captured_basis, -- Where that is from: exif or video_header.
    c.changed_at, -- When the file was last written or copied, by the file system (UTC).
    c.perceptual_hash, -- Fingerprint of the picture; null where it has none.
    c.sha256, -- Hash of the content.
    c.n_bytes, -- Size.
    c.is_in_latest_scan, -- Whether the latest scan of the folder found it there.
    c.file_id, -- The scan, as in source_files.
    c.line_no -- The file's place in its list.
FROM components AS c
LEFT JOIN evidence_links AS l USING (file_id, line_no);
