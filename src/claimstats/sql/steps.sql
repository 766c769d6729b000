-- The steps of a claim's life with the time each took, for every question about waiting.

-- Steps of a claim's life in their order.
CREATE OR REPLACE TABLE step_types (
    step VARCHAR PRIMARY KEY, -- The step's name in every table.
    place INTEGER NOT NULL, -- Its place in a claim's life.
    title VARCHAR NOT NULL -- The step for readers.
);
INSERT INTO step_types VALUES
    ('contact_to_answer', 1, 'Buyer''s contact to answer'),
    ('contact_to_filing', 2, 'Contacted to filed'),
    ('filing_to_decision', 3, 'Filed to first decision'),
    ('request_to_answer', 4, 'Information requested to answered'),
    ('decision_to_money', 5, 'Decision to money posted'),
    ('appeal_to_decision', 6, 'Appealed to appeal decided');

-- Steps that claims had begun by a cut-off (the book's own unless given): one row per claim and step, and
-- per request for information. state is done, open (at the cut-off), stopped (at over_at something else
-- made it void: the claim was decided before the request was answered, or an appeal took the grant back
-- before money was posted) or excluded, and excluded_why says why: undated, negative (over before it
-- began), interval (its time is known only as an interval), unknown (the outcome is) or untold (no source
-- of the program ever tells of the step's end). hours runs from began_at to over_at, which is the cut-off
-- while open. A claim contacted by a past cut-off and filed later is not filed yet; what comes of it later
-- places it in no group.
CREATE OR REPLACE MACRO claim_steps(by_column := 'program', cutoff := NULL) AS TABLE
WITH events AS (
    SELECT
        program,
        claim_id,
        type,
        actor,
        occurred_at,
        CASE WHEN occurred_precision = 'day' THEN 'day' ELSE 'instant' END AS occurred_precision
    FROM claim_events
),
told AS (
    SELECT
        program,
        claim_id,
        min(occurred_at) FILTER (
            type = 'counterparty_contacted' AND actor IS DISTINCT FROM 'buyer'
        ) AS seller_wrote_at,
        min(occurred_at) FILTER (
            type = 'counterparty_contacted' AND actor IS DISTINCT FROM 'seller'
        ) AS buyer_wrote_at,
        count(*) FILTER (type IN ('info_requested', 'info_provided')) AS n_of_review,
        count(*) FILTER (type = 'info_provided' AND occurred_at IS NULL) AS n_undated_answers
    FROM events
    GROUP BY program, claim_id
),
followed AS (
    SELECT * FROM claims_as_of(by_column := by_column, cutoff := cutoff)
    UNION ALL
    SELECT * REPLACE (
        CASE
            WHEN by_column NOT IN ('month', 'filed_month', 'decided_month', 'decided_basis', 'resolution')
            THEN group_value
        END AS group_value,
        CAST(cutoff AS TIMESTAMP) AS known_at,
        CAST(NULL AS TIMESTAMP) AS filed_at,
        'not_filed' AS event
    )
    FROM claims_as_of(by_column := by_column)
    WHERE filed_at > CAST(cutoff AS TIMESTAMP)
),
begun AS (
    SELECT
        f.*,
        coalesce(f.contacted_at, CASE
            WHEN f.direction = 'seller_claims' THEN t.seller_wrote_at ELSE t.buyer_wrote_at
        END) AS wrote_at,
        f.filed_at IS NULL AND (
            f.event = 'not_filed' OR (f.event = 'open' AND coalesce(t.n_of_review, 0) = 0)
        ) AS is_unfiled,
        coalesce(t.n_undated_answers, 0) AS n_undated_answers,
        f.event IN ('approved', 'denied', 'ended') AS is_over,
        a.event AS appeal_event
    FROM followed AS f
    LEFT JOIN told AS t USING (program, claim_id)
    LEFT JOIN outcome_rules AS a ON a.direction = f.direction AND a.outcome = f.appeal_outcome
),
-- A time of no known precision at midnight is taken for a day.
contacts AS (
    SELECT
        *,
        CASE WHEN wrote_at = CAST(wrote_at AS DATE) THEN 'day' ELSE 'instant' END AS wrote_precision
    FROM begun
    WHERE wrote_at <= known_at
),
replies AS (
    SELECT
        c.program,
        c.claim_id,
        min(e.occurred_at) AS answered_at,
        arg_min(e.occurred_precision, e.occurred_at) AS answered_precision
    FROM contacts AS c
    JOIN events AS e
        ON e.program = c.program AND e.claim_id = c.claim_id AND e.actor = 'seller'
        AND e.type IN ('counterparty_contacted', 'refund', 'partial_refund', 'replacement', 'denial')
        AND CASE
            WHEN e.occurred_precision = 'day' THEN e.occurred_at >= CAST(c.wrote_at AS DATE)
            ELSE e.occurred_at >= c.wrote_at
        END
    WHERE c.direction = 'buyer_claims'
    GROUP BY c.program, c.claim_id
),
requests AS (
    SELECT
        c.program,
        c.claim_id,
        e.occurred_at AS asked_at,
        e.occurred_precision AS asked_precision,
        min(a.occurred_at) AS answered_at,
        arg_min(a.occurred_precision, a.occurred_at) AS answered_precision
    FROM begun AS c
    JOIN events AS e
        ON e.program = c.program AND e.claim_id = c.claim_id AND e.type = 'info_requested'
    LEFT JOIN events AS a
        ON a.program = e.program AND a.claim_id = e.claim_id AND a.type = 'info_provided'
        AND CASE
            WHEN a.occurred_precision = 'day' THEN a.occurred_at >= CAST(e.occurred_at AS DATE)
            ELSE a.occurred_at >= e.occurred_at
        END
    WHERE e.occurred_at IS NULL OR e.occurred_at <= c.known_at
    GROUP BY c.program, c.claim_id, e.occurred_at, e.occurred_precision
),
postings AS (
    SELECT program, claim_id, posted_at, posted_precision
    FROM v_money
    WHERE claim_id IS NOT NULL AND kind = 'grant' AND amount <> 0
    UNION ALL
    SELECT program, claim_id, occurred_at, occurred_precision FROM events WHERE type = 'money_posted'
),
paid AS (
    SELECT
        program,
        claim_id,
        min(posted_at) AS posted_at,
        arg_min(posted_precision, posted_at) AS posted_precision,
        count(*) FILTER (posted_at IS NULL) AS n_undated
    FROM postings
    GROUP BY program, claim_id
),
tellers AS (
    SELECT
        program,
        'decision_to_money' AS step,
        min(posted_at) AS first_at
    FROM postings
    GROUP BY program
    UNION ALL
    SELECT program, 'request_to_answer', min(occurred_at)
    FROM events WHERE type = 'info_provided' GROUP BY program
    UNION ALL
    SELECT program, 'contact_to_answer', min(answered_at) FROM replies GROUP BY program
),
grants AS (
    SELECT
        *,
        CASE WHEN event = 'approved' THEN end_hi ELSE appeal_decided_at END AS granted_at,
        CASE
            WHEN event = 'approved' THEN end_precision ELSE appeal_decided_precision
        END AS granted_precision,
        event = 'approved' AND is_interval AS is_interval_grant,
        event = 'approved' AND coalesce(appeal_event = 'denied', false)
        AND coalesce(appeal_decided_at <= known_at, true) AS is_taken_back
    FROM begun
    WHERE excluded_why IS NULL
        AND (
            (event = 'approved' AND told_outcome <> 'replaced')
            OR (
                event = 'denied' AND appeal_event = 'approved' AND appeal_outcome <> 'replaced'
                AND coalesce(appeal_decided_at <= known_at, true)
            )
        )
),
steps AS (
    SELECT
        program, claim_id, group_value, direction, marketplace, known_at,
        'contact_to_answer' AS step,
        wrote_at AS began_at,
        wrote_precision AS began_precision,
        answered_at AS done_at,
        answered_precision AS done_precision,
        CASE WHEN is_over AND end_hi >= wrote_at THEN end_hi END AS stopped_at,
        NULL AS why
    FROM contacts
    LEFT JOIN replies USING (program, claim_id)
    WHERE direction = 'buyer_claims'
    UNION ALL
    SELECT
        program, claim_id, group_value, direction, marketplace, known_at,
        'contact_to_filing', wrote_at, wrote_precision, filed_at, filed_precision, NULL,
        CASE WHEN filed_at IS NULL AND NOT is_unfiled THEN 'undated' END
    FROM contacts
    UNION ALL
    SELECT
        program, claim_id, group_value, direction, marketplace, known_at,
        'filing_to_decision',
        filed_at,
        filed_precision,
        CASE WHEN is_over THEN end_hi END,
        end_precision,
        NULL,
        CASE
            WHEN untimed_why = 'outcome_unknown' THEN 'unknown'
            WHEN untimed_why = 'decided_before_filing' THEN 'negative'
            WHEN untimed_why IS NOT NULL THEN 'undated'
            WHEN is_interval THEN 'interval'
        END
    FROM begun
    WHERE event <> 'not_filed' AND NOT (is_unfiled AND coalesce(wrote_at <= known_at, false))
    UNION ALL
    SELECT
        q.program, q.claim_id, c.group_value, c.direction, c.marketplace, c.known_at,
        'request_to_answer',
        q.asked_at,
        q.asked_precision,
        q.answered_at,
        q.answered_precision,
        CASE
            WHEN c.is_over AND c.end_hi >= q.asked_at THEN c.end_hi
            WHEN c.appeal_decided_at >= q.asked_at THEN c.appeal_decided_at
        END,
        CASE
            WHEN q.asked_at IS NULL OR (q.answered_at IS NULL AND c.n_undated_answers > 0)
            THEN 'undated'
        END
    FROM requests AS q
    JOIN begun AS c USING (program, claim_id)
    UNION ALL
    SELECT
        program, claim_id, group_value, direction, marketplace, known_at,
        'decision_to_money',
        granted_at,
        granted_precision,
        posted_at,
        posted_precision,
        CASE WHEN is_taken_back THEN appeal_decided_at END,
        CASE
            WHEN granted_at IS NULL THEN 'undated'
            WHEN is_interval_grant THEN 'interval'
            WHEN posted_at IS NULL AND n_undated > 0 THEN 'undated'
            WHEN posted_at IS NULL AND is_taken_back AND appeal_decided_at IS NULL THEN 'undated'
        END
    FROM grants
    LEFT JOIN paid USING (program, claim_id)
    UNION ALL
    SELECT
        program, claim_id, group_value, direction, marketplace, known_at,
        'appeal_to_decision',
        appealed_at,
        CASE WHEN appealed_at = CAST(appealed_at AS DATE) THEN 'day' ELSE 'instant' END,
        CASE WHEN appeal_event IN ('approved', 'denied', 'ended') THEN appeal_decided_at END,
        appeal_decided_precision,
        NULL,
        CASE
            WHEN appealed_at IS NULL THEN 'undated'
            WHEN appeal_event = 'unknown' THEN 'unknown'
            WHEN appeal_event IN ('approved', 'denied', 'ended') AND appeal_decided_at IS NULL
            THEN 'undated'
        END
    FROM begun
    WHERE event <> 'not_filed'
        AND (
            appealed_at <= known_at
            OR (appealed_at IS NULL AND appeal_event <> 'open' AND coalesce(appeal_decided_at <= known_at, true))
        )
),
known AS (
    SELECT
        s.*,
        CASE
            WHEN s.why IS NOT NULL THEN 'excluded'
            WHEN s.done_at <= s.known_at THEN 'done'
            WHEN s.step IN ('decision_to_money', 'request_to_answer', 'contact_to_answer')
                AND coalesce(t.first_at > s.known_at, true) THEN 'excluded'
            WHEN s.stopped_at <= s.known_at THEN 'stopped'
            ELSE 'open'
        END AS state_then
    FROM steps AS s
    LEFT JOIN tellers AS t ON t.program = s.program AND t.step = s.step
),
timed AS (
    SELECT
        *,
        CASE state_then
            WHEN 'done' THEN done_at WHEN 'stopped' THEN stopped_at WHEN 'open' THEN known_at
        END AS over_at,
        CASE
            WHEN began_precision = 'day' OR (state_then = 'done' AND done_precision = 'day')
            THEN 'day' ELSE 'instant'
        END AS hours_precision
    FROM known
)
SELECT
    program,
    claim_id,
    coalesce(group_value, '(unknown)') AS group_value,
    direction,
    marketplace,
    step,
    known_at,
    began_at,
    over_at,
    hours_precision,
    elapsed_hours(began_at, hours_precision, over_at, hours_precision) AS hours,
    CASE
        WHEN elapsed_hours(began_at, hours_precision, over_at, hours_precision) < 0 THEN 'excluded'
        ELSE state_then
    END AS state,
    CASE
        WHEN why IS NOT NULL THEN why
        WHEN state_then = 'excluded' THEN 'untold'
        WHEN elapsed_hours(began_at, hours_precision, over_at, hours_precision) < 0 THEN 'negative'
    END AS excluded_why
FROM timed;
