-- Files of which nobody knows the day they were pulled.
--
-- Which of two states is newer is then told by the latest event in the file, and decisions first seen
-- in such a file have no latest time: they are left out of durations.
--
-- Load the file again with --pulled-at DAY, and next time put the day into its name.

SELECT
    file_id,
    NULL AS line_no,
    format AS what,
    CASE WHEN pulled_basis = 'rows_later'
        THEN 'the day in its name was set aside, as many rows are later, up to '
            || strftime(period_to, '%Y-%m-%d')
        ELSE 'no day in its name, and none was said'
    END AS detail
FROM source_files
WHERE pulled_at IS NULL AND format <> 'evidence_scan';
