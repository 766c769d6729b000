-- Claims with what is on record of their first filing: one row per claim at the cut-off. state is decided
-- (approved or denied), open, or excluded. record is recorded where a piece is known to have gone with the
-- filing, none_at_filing where there are only pieces from later or of unknown time, and without_evidence
-- where there is none: of the last two nobody knows what was filed.
CREATE OR REPLACE MACRO evidence_on_record(cutoff := NULL) AS TABLE
SELECT
    c.program,
    c.claim_id,
    c.reason,
    CASE
        WHEN c.excluded_why IS NOT NULL THEN 'excluded'
        WHEN c.event = 'open' THEN 'open' ELSE 'decided'
    END AS state,
    CASE
        WHEN e.n_items IS NULL THEN 'without_evidence'
        WHEN e.n_at_filing = 0 THEN 'none_at_filing' ELSE 'recorded'
    END AS record,
    e.kinds,
    e.unplaced_kinds,
    e.completeness
FROM claims_as_of(cutoff := cutoff) AS c
LEFT JOIN v_claim_evidence AS e USING (program, claim_id);

-- What is missing most when we file: claims counted by each kind of evidence that their reason demands.
-- A kind lacks where the claim's filing is on record without it; a kind of which nobody knows whether it
-- was there is unknown, and so are claims without evidence on record: they are counted apart.
-- Grain: one row per program, reason, state (decided, open) and demanded kind.
-- n_claims = n_known + n_unknown + n_none_at_filing + n_without_evidence; n_lacking is of n_known.
CREATE OR REPLACE MACRO evidence_gaps_counts(cutoff := NULL) AS TABLE
WITH demanded AS (
    SELECT
        c.program,
        c.reason,
        c.state,
        q.kind,
        c.record,
        CASE
            WHEN list_contains(c.kinds, q.kind) THEN 'present'
            WHEN list_contains(c.unplaced_kinds, q.kind) THEN 'unknown' ELSE 'lacking'
        END AS presence
    FROM evidence_on_record(cutoff := cutoff) AS c
    JOIN evidence_requirements AS q USING (reason)
    WHERE c.state <> 'excluded'
)
SELECT
    program,
    reason,
    state,
    kind,
    count(*) AS n_claims,
    count(*) FILTER (record = 'recorded' AND presence <> 'unknown') AS n_known,
    count(*) FILTER (record = 'recorded' AND presence = 'lacking') AS n_lacking,
    count(*) FILTER (record = 'recorded' AND presence = 'unknown') AS n_unknown,
    count(*) FILTER (record = 'none_at_filing') AS n_none_at_filing,
    count(*) FILTER (record = 'without_evidence') AS n_without_evidence
FROM demanded
GROUP BY program, reason, state, kind
ORDER BY state, n_claims DESC, program, reason, kind;

-- What is missing most when we file: evidence_gaps_counts with the share lacking and its Wilson interval
-- (95 %), of claims of which it is known whether the kind went with the filing.
CREATE OR REPLACE MACRO evidence_gaps(cutoff := NULL) AS TABLE
SELECT
    *,
    n_lacking / nullif(n_known, 0) AS lacking_rate,
    wilson_low(n_lacking, n_known) AS lower,
    wilson_high(n_lacking, n_known) AS upper
FROM evidence_gaps_counts(cutoff := cutoff)
ORDER BY state, n_claims DESC, program, reason, kind;

-- How complete evidence is when we file: claims whose reason demands some, counted by the share of the
-- demanded kinds that went with the filing. Grain: one row per program, reason, state, record and share;
-- completeness is null where a demanded kind may have been there. Only of record recorded it counts.
CREATE OR REPLACE MACRO evidence_completeness_counts(cutoff := NULL) AS TABLE
SELECT program, reason, state, record, completeness, count(*) AS n_claims
FROM evidence_on_record(cutoff := cutoff)
WHERE state <> 'excluded' AND reason IN (SELECT reason FROM evidence_requirements)
GROUP BY ALL
ORDER BY ALL;

-- Claims in no row of evidence_gaps: one row of counts.
CREATE OR REPLACE MACRO evidence_gaps_set_aside(cutoff := NULL) AS TABLE
SELECT
    count(*) FILTER (state = 'excluded') AS n_excluded,
    count(*) FILTER (
        state <> 'excluded' AND reason NOT IN (SELECT reason FROM evidence_requirements)
    ) AS n_nothing_demanded
FROM evidence_on_record(cutoff := cutoff);
