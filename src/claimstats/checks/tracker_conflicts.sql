-- Claims of which your tracker and an export tell different outcomes, amounts or days of filing.
--
-- The tracker is believed, field by field. Where it is wrong, so are the rates.
--
-- Look the claim up at the venue; correct the tracker and load it with --replaces, or leave it if the
-- export tells a later state, such as one after an appeal.

WITH rule AS (
    SELECT 1 AS leeway_days -- Days are local, times are UTC.
),
exported AS (
    SELECT program, claim_id, origin, outcome, filed_at, granted_amount, currency, file_id, line_no
    FROM claim_records
    WHERE origin <> 'tracker'
    UNION ALL
    SELECT program, claim_id, origin, outcome, NULL, granted_amount, currency, file_id, line_no
    FROM derived_claims
),
both_tell AS (
    SELECT
        t.*,
        e.origin AS export, e.outcome AS e_outcome, e.filed_at AS e_filed_at,
        e.granted_amount AS e_amount, e.currency AS e_currency,
        e.file_id AS e_file_id, e.line_no AS e_line_no
    FROM claim_records AS t
    JOIN exported AS e USING (program, claim_id)
    WHERE t.origin = 'tracker'
),
events AS (
    SELECT b.*, mine.event, theirs.event AS e_event, final.event AS final_event
    FROM both_tell AS b
    JOIN programs AS p USING (program)
    JOIN outcome_rules AS mine
        ON mine.outcome = b.outcome AND mine.direction = coalesce(b.direction, p.direction)
    JOIN outcome_rules AS theirs
        ON theirs.outcome = b.e_outcome AND theirs.direction = coalesce(b.direction, p.direction)
    LEFT JOIN outcome_rules AS final
        ON final.outcome = b.appeal_outcome AND final.direction = coalesce(b.direction, p.direction)
),
conflicts AS (
    SELECT *, 'outcome ' || outcome || ', and ' || e_outcome AS conflict
    FROM events
    WHERE event NOT IN ('open', 'unknown') AND e_event NOT IN ('open', 'unknown')
        AND e_event <> event AND e_event IS DISTINCT FROM final_event
    UNION ALL
    SELECT
        *, 'granted ' || granted_amount || ' ' || coalesce(currency, '') || ', and ' || e_amount
    FROM events
    WHERE granted_amount <> e_amount AND coalesce(currency = e_currency, true)
        AND event = e_event
    UNION ALL
    SELECT
        events.*,
        'filed ' || strftime(filed_at, '%Y-%m-%d') || ', and ' || strftime(e_filed_at, '%Y-%m-%d')
    FROM events
    CROSS JOIN rule
    WHERE abs(CAST(filed_at AS DATE) - CAST(e_filed_at AS DATE)) > rule.leeway_days
)
SELECT
    file_id,
    line_no,
    'claim ' || claim_id AS what,
    conflict || ' by ' || export || ' (file ' || e_file_id || ', line ' || e_line_no || ')' AS detail
FROM conflicts;
