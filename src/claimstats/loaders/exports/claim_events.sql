-- claim_events.csv -> claim_events. The same event twice at the same time stays two. An actor is a side, never
-- a person's name: other words are counted and not kept.
CREATE TEMP TABLE incoming_claim_events AS
SELECT
    program,
    claim_id,
    type_raw,
    occurred_at,
    row_number() OVER (
        PARTITION BY program, claim_id, type_raw, occurred_at ORDER BY line_no
    ) AS occurrence,
    (SELECT t.type FROM event_types AS t WHERE t.type = plain_word(type_raw)) AS type,
    precision_of(r_occurred_at) AS occurred_precision,
    CASE WHEN actor IN ('seller', 'buyer', 'platform', 'bank', 'carrier', 'system') THEN actor END AS actor,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE unmapped AS
SELECT 'type' AS column_name, type_raw AS value, count(*) AS n_rows
FROM incoming_claim_events
WHERE type IS NULL
GROUP BY type_raw
UNION ALL
SELECT 'actor', '(neither seller, buyer, platform, bank, carrier nor system)', count(*)
FROM typed
WHERE actor NOT IN ('seller', 'buyer', 'platform', 'bank', 'carrier', 'system')
HAVING count(*) > 0;
