-- Values that no rule knows, kept as they are.
--
-- A state that no rule knows counts as unknown and is in no rate; a reason that none knows is not
-- compared with others of its kind.
--
-- In a tracker, write a word that the README of `claimstats template DIR` lists, or map yours:
-- `claimstats map FILE` writes a mapping to edit, and `claimstats load FILE --map map.toml` uses it.
-- Where it is the venue's word, note the claim's outcome in your tracker, which is believed first.

SELECT
    file_id,
    NULL AS line_no,
    column_name || ' "' || value || '"' AS what,
    n_rows || CASE WHEN n_rows = 1 THEN ' row' ELSE ' rows' END AS detail
FROM unmapped_values;
