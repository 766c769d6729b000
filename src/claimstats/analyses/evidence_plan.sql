-- Past claims counted by whether a kind of evidence went with the filing and who won: the cells of
-- evidence_cells. Grain: one row per program, reason and kind that some of these claims had.
CREATE OR REPLACE MACRO evidence_plan_counts(older_than_days := 60, cutoff := NULL) AS TABLE
SELECT program, reason, kind, won_with, n_with, won_without, n_without
FROM evidence_cells(older_than_days := older_than_days, cutoff := cutoff)
WHERE n_with > 0
ORDER BY program, reason, kind;

-- Open claims with the time by which evidence must be sent: one row per claim open at the cut-off. It is
-- the deadline that an export carries, unless the claim was asked for more after it (due_basis: export);
-- else that of the rule in deadline_rules for the last unanswered request, or for the buyer's claim itself,
-- counted from filing (due_basis: the rule's id). Business days are counted as calendar days, the earliest
-- that they can end. A rule that says to look up the deadline gives none. is_recorded: a piece is known to
-- have gone with the filing; elsewhere nobody knows what was sent.
CREATE OR REPLACE MACRO evidence_plan_deadlines(cutoff := NULL) AS TABLE
WITH still_open AS (
    SELECT
        c.program,
        c.claim_id,
        c.reason,
        c.known_at,
        v.marketplace,
        v.due_at AS told_at,
        CASE WHEN c.direction = 'buyer_claims' THEN c.filed_at END AS opened_at,
        coalesce(e.n_at_filing > 0, false) AS is_recorded
    FROM claims_as_of(cutoff := cutoff) AS c
    JOIN v_claims AS v USING (program, claim_id)
    LEFT JOIN v_claim_evidence AS e USING (program, claim_id)
    WHERE c.event = 'open' AND c.excluded_why IS NULL
),
asked AS (
    SELECT o.program, o.claim_id, max(r.occurred_at) AS asked_at
    FROM still_open AS o
    JOIN claim_events AS r USING (program, claim_id)
    WHERE r.type = 'info_requested' AND r.occurred_at <= o.known_at
        AND NOT EXISTS (
            SELECT 1 FROM claim_events AS a
            WHERE a.program = o.program AND a.claim_id = o.claim_id AND a.type = 'info_provided'
                AND a.occurred_at >= r.occurred_at AND a.occurred_at <= o.known_at
        )
    GROUP BY o.program, o.claim_id
),
clocks AS (
    SELECT program, claim_id, 'info_requested' AS clock_start, asked_at AS started_at, 1 AS priority
    FROM asked
    UNION ALL
    SELECT program, claim_id, 'opened', opened_at, 2 FROM still_open WHERE opened_at IS NOT NULL
    UNION ALL
    SELECT program, claim_id, 'notified', opened_at, 2 FROM still_open WHERE opened_at IS NOT NULL
),
by_rule AS (
    SELECT
        k.program,
        k.claim_id,
        d.rule_id,
        k.started_at + to_days(d.max_days) AS ends_at,
        row_number() OVER (
            PARTITION BY k.program, k.claim_id ORDER BY k.priority, d.max_days, d.rule_id
        ) AS place
    FROM clocks AS k
    JOIN still_open AS o USING (program, claim_id)
    JOIN deadline_rules AS d ON d.program = k.program AND d.clock_start = k.clock_start
    WHERE d.event = 'seller_reply'
        AND d.confidence <> 'use_due_by'
        AND (d.marketplace = '*' OR d.marketplace = o.marketplace)
        AND (d.effective_from IS NULL OR d.effective_from <= CAST(k.started_at AS DATE))
        AND (d.effective_to IS NULL OR d.effective_to >= CAST(k.started_at AS DATE))
)
SELECT
    o.program,
    o.claim_id,
    o.reason,
    o.known_at,
    o.is_recorded,
    CASE WHEN o.told_at >= coalesce(a.asked_at, o.told_at) THEN o.told_at ELSE r.ends_at END AS due_at,
    CASE WHEN o.told_at >= coalesce(a.asked_at, o.told_at) THEN 'export' ELSE r.rule_id END AS due_basis
FROM still_open AS o
LEFT JOIN asked AS a USING (program, claim_id)
LEFT JOIN by_rule AS r ON r.program = o.program AND r.claim_id = o.claim_id AND r.place = 1
ORDER BY o.program, o.claim_id;

-- What should still be sent for each open claim, and by when: one row per claim open at the cut-off, with
-- the one kind that it lacks whose presence at filing went with the largest gain in the share won, among
-- past claims of its program and reason. Kinds are compared where at least fewest past claims stand in each
-- of the four cells (won and lost, with and without). n_missing counts the kinds that the claim lacks and
-- that its reason demands or such past claims had; n_compared those of them that are compared. Where
-- refused_why says why, no kind is named. "Went with", never "caused". Deadlines ahead stand first, then
-- unknown ones, then those that have passed.
CREATE OR REPLACE MACRO evidence_plan(older_than_days := 60, fewest := 5, cutoff := NULL) AS TABLE
WITH deadlines AS (FROM evidence_plan_deadlines(cutoff := cutoff)),
past AS (
    SELECT
        *,
        least(won_with, n_with - won_with, won_without, n_without - won_without) >= fewest AS is_enough,
        won_with / nullif(n_with, 0) - won_without / nullif(n_without, 0) AS gain
    FROM evidence_plan_counts(older_than_days := older_than_days, cutoff := cutoff)
),
candidates AS (
    SELECT program, reason, kind FROM past
    UNION
    SELECT o.program, q.reason, q.kind FROM deadlines AS o JOIN evidence_requirements AS q USING (reason)
),
lacking AS (
    SELECT
        o.program,
        o.claim_id,
        k.kind,
        p.* EXCLUDE (program, reason, kind),
        row_number() OVER (
            PARTITION BY o.program, o.claim_id ORDER BY p.is_enough DESC NULLS LAST, p.gain DESC, k.kind
        ) AS place,
        count(*) OVER (PARTITION BY o.program, o.claim_id) AS n_missing,
        count(*) FILTER (p.is_enough) OVER (PARTITION BY o.program, o.claim_id) AS n_compared
    FROM deadlines AS o
    JOIN candidates AS k USING (program, reason)
    LEFT JOIN past AS p ON p.program = o.program AND p.reason = o.reason AND p.kind = k.kind
    WHERE o.is_recorded
        AND NOT EXISTS (
            SELECT 1 FROM v_evidence AS e
            WHERE e.program = o.program AND e.claim_id = o.claim_id AND e.kind = k.kind
                AND (
                    e.placement = 'at_filing' OR e.submitted_at IS NULL
                    OR e.submitted_at <= o.known_at
                )
        )
),
judged AS (
    SELECT
        o.*,
        l.* EXCLUDE (program, claim_id, place, is_enough, n_missing, n_compared),
        coalesce(l.n_missing, 0) AS n_missing,
        coalesce(l.n_compared, 0) AS n_compared,
        CASE
            WHEN NOT o.is_recorded THEN 'evidence unknown'
            WHEN l.kind IS NULL THEN 'nothing missing'
            WHEN l.n_compared = 0 THEN 'too few past claims'
            WHEN l.gain <= 0 THEN 'no gain seen'
        END AS refused_why
    FROM deadlines AS o
    LEFT JOIN lacking AS l ON l.program = o.program AND l.claim_id = o.claim_id AND l.place = 1
)
SELECT
    program,
    claim_id,
    reason,
    due_at,
    due_basis,
    elapsed_hours(known_at, 'instant', due_at, 'instant') / 24 AS days_left,
    CASE WHEN refused_why IS NULL THEN kind END AS kind,
    CASE WHEN refused_why IS NULL THEN gain END AS gain,
    CASE WHEN refused_why IS NULL THEN won_with END AS won_with,
    CASE WHEN refused_why IS NULL THEN n_with END AS n_with,
    CASE WHEN refused_why IS NULL THEN won_without END AS won_without,
    CASE WHEN refused_why IS NULL THEN n_without END AS n_without,
    n_missing,
    n_compared,
    refused_why
FROM judged
ORDER BY coalesce(days_left < 0, false), due_at NULLS LAST, gain DESC NULLS LAST, program, claim_id;
