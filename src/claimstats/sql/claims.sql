-- Claims: directions, outcomes and decision times are settled, times are UTC.
-- The comment above a view and the one beside a column become their COMMENTs.

-- Claims: one row per claim with direction, first decision as a point or an interval, and the order's
-- facts. outcome is relative to the claimant, seller_outcome to the seller. A tracker tells the first
-- decision and the appeal apart. Exports tell only a state: there the first decision is the first
-- decided state in any pull, and a different later state is what an appeal made of it. Events date a
-- decision where no column does; a refund, a replacement or a denial counts from the day of filing on.
-- Money that moved bounds the time of the decision that granted it, unless it moved before the filing.
CREATE OR REPLACE VIEW v_claims AS
WITH told AS (
    SELECT
        program,
        claim_id,
        min(occurred_at) FILTER (type = 'filed') AS filed_at,
        arg_min(occurred_precision, occurred_at) FILTER (type = 'filed') AS filed_precision,
        min(occurred_at) FILTER (type = 'appeal_filed') AS appealed_at,
        min(occurred_at) FILTER (type = 'appeal_decided') AS appeal_decided_at,
        arg_min(occurred_precision, occurred_at) FILTER (
            type = 'appeal_decided'
        ) AS appeal_decided_precision,
        count(*) FILTER (type = 'info_requested') AS n_info_requests
    FROM claim_events
    GROUP BY program, claim_id
),
decisions AS (
    SELECT e.program, e.claim_id, e.occurred_at, e.occurred_precision, e.type = 'decided' AS is_said
    FROM claim_events AS e
    JOIN claims AS c USING (program, claim_id)
    LEFT JOIN told AS t USING (program, claim_id)
    WHERE e.occurred_at IS NOT NULL
        AND (
            e.type = 'decided'
            OR (
                CAST(e.occurred_at AS DATE) >= CAST(coalesce(c.filed_at, t.filed_at) AS DATE)
                AND (
                    e.type IN ('denial', 'refund', 'partial_refund', 'replacement')
                    OR (e.type = 'closed' AND c.outcome IN ('withdrawn', 'settled_by_seller'))
                )
            )
        )
),
decision_told AS (
    SELECT
        program,
        claim_id,
        coalesce(min(occurred_at) FILTER (is_said), min(occurred_at)) AS decided_at,
        CASE
            WHEN bool_or(is_said) THEN arg_min(occurred_precision, occurred_at) FILTER (is_said)
            ELSE arg_min(occurred_precision, occurred_at)
        END AS decided_precision
    FROM decisions
    GROUP BY program, claim_id
),
tracked AS (
    SELECT
        program,
        claim_id,
        outcome NOT IN ('pending', 'unknown') AS is_decided,
        decided_at IS NOT NULL AS is_dated
    FROM claim_records
    WHERE origin = 'tracker'
),
stated AS (
    SELECT
        program,
        claim_id,
        bool_or(outcome <> 'unknown') AS has_state,
        bool_or(outcome NOT IN ('pending', 'unknown')) AS is_decided
    FROM claim_records
    GROUP BY program, claim_id
),
posted AS (
    SELECT program, claim_id, currency, sum(amount) AS amount
    FROM v_money
    WHERE claim_id IS NOT NULL
    GROUP BY program, claim_id, currency
),
states AS (
    SELECT
        s.program,
        s.claim_id,
        s.origin,
        s.file_id,
        s.pulled_at,
        s.outcome,
        r.event <> 'open' AS is_over
    FROM claim_snapshots AS s
    JOIN programs AS p USING (program)
    JOIN outcome_rules AS r ON r.direction = p.direction AND r.outcome = s.outcome
    WHERE s.pulled_at IS NOT NULL AND r.event <> 'unknown'
),
first_over AS (
    SELECT
        program,
        claim_id,
        min(pulled_at) AS over_at,
        arg_min(outcome, row(pulled_at, file_id)) FILTER (origin <> 'tracker') AS exported_outcome
    FROM states
    WHERE is_over
    GROUP BY program, claim_id
),
seen AS (
    SELECT
        f.program,
        f.claim_id,
        f.over_at,
        f.exported_outcome,
        max(s.pulled_at) FILTER (NOT s.is_over AND s.pulled_at < f.over_at) AS open_at
    FROM first_over AS f
    JOIN states AS s USING (program, claim_id)
    GROUP BY f.program, f.claim_id, f.over_at, f.exported_outcome
),
claimed_orders AS (
    SELECT
        l.channel,
        l.order_id,
        any_value(l.marketplace ORDER BY l.line_no) AS marketplace,
        first(l.fulfilment ORDER BY l.line_no) AS fulfilment,
        first(l.ship_country ORDER BY l.line_no) AS ship_country,
        bool_or(l.is_business) AS is_business,
        min(l.purchased_at) AS purchased_at,
        CASE WHEN min(l.sku) = max(l.sku) THEN min(l.sku) END AS only_sku
    FROM history.order_lines AS l
    SEMI JOIN claims USING (order_id) -- the claims' orders alone: they are few among all
    WHERE l.is_current
    GROUP BY l.channel, l.order_id
),
seen_unpaid AS (
    SELECT program, claim_id, max(pulled_at) AS unpaid_at
    FROM states
    JOIN claims USING (program, claim_id)
    WHERE NOT is_over AND pulled_at < money_at
    GROUP BY program, claim_id
),
return_of AS (
    SELECT
        order_id,
        arg_max(carrier, coalesce(requested_at, delivered_at)) AS carrier,
        arg_max(reason, coalesce(requested_at, delivered_at)) AS reason
    FROM returns GROUP BY order_id
),
joined AS (
    SELECT
        claims.* REPLACE (
            coalesce(claims.direction, programs.direction) AS direction,
            coalesce(claims.filed_at, told.filed_at) AS filed_at,
            CASE
                WHEN claims.filed_at IS NULL THEN told.filed_precision ELSE claims.filed_precision
            END AS filed_precision,
            coalesce(claims.decided_at, decision_told.decided_at) AS decided_at,
            CASE
                WHEN claims.decided_at IS NULL THEN decision_told.decided_precision
                ELSE claims.decided_precision
            END AS decided_precision,
            coalesce(claims.appealed_at, told.appealed_at) AS appealed_at,
            coalesce(claims.appeal_decided_at, told.appeal_decided_at) AS appeal_decided_at,
            CASE
                WHEN claims.appeal_decided_at IS NULL THEN told.appeal_decided_precision
                ELSE claims.appeal_decided_precision
            END AS appeal_decided_precision
        ),
        programs.channel,
        coalesce(told.n_info_requests, 0) AS n_info_requests,
        coalesce(tracked.is_decided, false) AS is_tracked,
        coalesce(stated.has_state, false) AS has_state,
        coalesce(stated.is_decided, false) AS is_stated,
        list_has_any(claims.origins, ['amazon_fba_reimbursements', 'ledger_lines']) AS is_listed,
        posted.amount AS posted_amount,
        seen.exported_outcome,
        seen.open_at,
        seen.over_at,
        seen_unpaid.unpaid_at,
        CASE
            WHEN tracked.is_dated THEN 'tracker'
            WHEN claims.decided_at IS NOT NULL THEN 'reported'
            WHEN decision_told.decided_at IS NOT NULL THEN 'tracker'
            WHEN seen.over_at IS NOT NULL THEN 'snapshot'
        END AS decided_basis
    FROM claims
    JOIN programs USING (program)
    LEFT JOIN told USING (program, claim_id)
    LEFT JOIN decision_told USING (program, claim_id)
    LEFT JOIN tracked USING (program, claim_id)
    LEFT JOIN stated USING (program, claim_id)
    LEFT JOIN seen USING (program, claim_id)
    LEFT JOIN seen_unpaid USING (program, claim_id)
    LEFT JOIN posted
        ON posted.program = claims.program AND posted.claim_id = claims.claim_id
        AND posted.currency = claims.currency
),
known AS (
    SELECT
        j.* REPLACE (
            CASE WHEN j.is_tracked OR was.event = latest.event THEN j.outcome
                ELSE coalesce(j.exported_outcome, j.outcome)
            END AS outcome,
            CASE
                WHEN j.is_tracked OR was.event = latest.event OR latest.event = 'unknown'
                THEN j.appeal_outcome
                WHEN j.exported_outcome IS NOT NULL THEN coalesce(j.appeal_outcome, j.outcome)
                ELSE j.appeal_outcome
            END AS appeal_outcome
        )
    FROM joined AS j
    LEFT JOIN outcome_rules AS was
        ON was.direction = j.direction AND was.outcome = j.exported_outcome
    LEFT JOIN outcome_rules AS latest ON latest.direction = j.direction AND latest.outcome = j.outcome
),
bounded AS (
    SELECT
        k.*,
        CASE
            WHEN k.decided_at IS NULL AND (r.event = 'approved' OR k.outcome = 'reversed')
                AND coalesce(k.money_at >= k.filed_at, true)
            THEN k.money_at
        END AS money_hi
    FROM known AS k
    LEFT JOIN outcome_rules AS r ON r.direction = k.direction AND r.outcome = k.outcome
)
SELECT
    k.program, -- The claim program, as in programs.
    k.claim_id, -- The claim's id, or one derived from order and return.
    k.id_is_derived, -- True when no source has a claim id.
    k.origins, -- The kinds of source that tell of it.
    k.is_listed AND NOT k.has_state AS is_approvals_only, -- Its state is known only from a list of approvals or from money that moved.
    k.is_listed AND NOT k.is_tracked AND NOT k.is_stated AS is_approval_listed, -- Its approval is known only from such a list; a denial would not be known.
    k.channel, -- The venue.
    k.direction, -- Who claims: seller_claims or buyer_claims.
    coalesce(k.marketplace, o.marketplace) AS marketplace, -- Country code, from the claim or its order.
    k.order_id, -- The order.
    o.order_id IS NOT NULL AS has_order, -- Whether the book holds the order.
    o.fulfilment, -- Who ships: seller or platform; null when the order is not in the book.
    o.ship_country, -- Destination country of the order.
    o.is_business, -- Whether a business bought.
    o.purchased_at AS ordered_at, -- When the buyer ordered (UTC).
    strftime(o.purchased_at, '%Y-%m') AS ordered_month, -- Month of the order.
    coalesce(k.sku, o.only_sku) AS sku, -- The claim's SKU, or the order's only one.
    k.rma_id, -- The return authorisation.
    returns.carrier AS return_carrier, -- Carrier of the order's latest return.
    returns.reason AS return_reason, -- Reason of the order's latest return.
    coalesce(k.reason, 'unknown') AS reason, -- Reason as one of reasons.
    k.reason_raw, -- Reason as the source writes it.
    k.contacted_at, -- When the other side was contacted (UTC).
    k.filed_at, -- When the claim was filed (UTC).
    k.filed_precision, -- day or instant.
    strftime(k.filed_at, '%Y-%m') AS filed_month, -- Month of filing.
    k.claimed_amount, -- What was asked for, in currency.
    k.granted_amount, -- What was granted, in currency.
    k.currency, -- Currency of all three; never add across currencies.
    k.posted_amount, -- What moved for it in all, in currency; negative when it left the seller, null: nothing is linked to it.
    k.state_raw, -- Outcome or state as the source writes it.
    k.outcome, -- First decision, relative to the claimant.
    r.event, -- What it counts as: open, approved, denied, ended or unknown.
    r.seller_outcome, -- won, partial, lost, neutral or pending for the seller; null: unknown.
    CASE WHEN r.event IN ('approved', 'denied', 'ended') THEN k.decided_at END AS decided_at, -- When it was first decided or ended (UTC), where known exactly.
    k.decided_precision, -- day or instant.
    CASE
        WHEN r.event NOT IN ('approved', 'denied', 'ended') THEN NULL
        WHEN k.decided_at IS NOT NULL THEN k.decided_at
        WHEN k.money_hi < coalesce(k.over_at, TIMESTAMP 'infinity')
        THEN greatest(k.unpaid_at, k.filed_at)
        ELSE greatest(k.open_at, k.filed_at)
    END AS decided_lo, -- Earliest time the decision can have fallen (UTC); null: not known.
    CASE
        WHEN r.event NOT IN ('approved', 'denied', 'ended') THEN NULL
        ELSE coalesce(k.decided_at, least(k.over_at, k.money_hi))
    END AS decided_hi, -- Latest time the decision can have fallen (UTC); null: not known.
    CASE
        WHEN r.event NOT IN ('approved', 'denied', 'ended') THEN NULL
        WHEN k.money_hi < coalesce(k.over_at, TIMESTAMP 'infinity') THEN 'settlement'
        ELSE k.decided_basis
    END AS decided_basis, -- Where the time is from: tracker, reported, snapshot, settlement (it was decided before the money moved); null: not known.
    CASE
        WHEN r.event IN ('approved', 'denied', 'ended') THEN strftime(k.decided_at, '%Y-%m')
    END AS decided_month, -- Month of the decision.
    k.resolution, -- How it was settled, as written.
    k.appealed_at, -- When it was appealed (UTC).
    k.appeal_outcome, -- Decision on appeal, relative to the claimant.
    k.appeal_decided_at, -- When the appeal was decided (UTC).
    k.appeal_decided_precision, -- day or instant.
    CASE
        WHEN a.event IN ('approved', 'denied', 'unknown') THEN a.event
        WHEN a.event = 'ended' THEN r.event
        WHEN a.event = 'open' OR k.appealed_at IS NOT NULL THEN 'open'
        ELSE r.event
    END AS final_event, -- What the claim counts as after appeals; open while one is undecided, the first decision when it was withdrawn.
    CASE
        WHEN a.event IN ('approved', 'denied') THEN 'appeal_decided'
        WHEN a.event IN ('open', 'unknown') THEN 'appealed'
        WHEN a.event IS NULL AND k.appealed_at IS NOT NULL THEN 'appealed'
        WHEN r.event IN ('approved', 'denied') THEN 'decided'
        WHEN r.event = 'ended' THEN 'closed'
        WHEN k.n_info_requests > 0 THEN 'info_requested'
        WHEN k.filed_at IS NOT NULL THEN 'filed'
    END AS stage, -- How far the claim has come; null: not known.
    k.n_info_requests, -- Requests for more information.
    k.due_at, -- When an answer is due (UTC).
    k.buyer_hash, -- Keyed hash of the buyer's id; null where no source has one.
    k.extra -- Columns the formats do not know, by their header name.
FROM bounded AS k
LEFT JOIN outcome_rules AS r ON r.direction = k.direction AND r.outcome = k.outcome
LEFT JOIN outcome_rules AS a ON a.direction = k.direction AND a.outcome = k.appeal_outcome
LEFT JOIN claimed_orders AS o ON o.channel = k.channel AND o.order_id = k.order_id
LEFT JOIN return_of AS returns ON returns.order_id = k.order_id;

-- What happened to each claim: one row per event, from dates of the claim and its recorded events. What
-- both tell of the same moment stands once.
CREATE OR REPLACE VIEW v_claim_timeline AS
SELECT
    program, -- The claim program.
    claim_id, -- The claim's id.
    occurred_at, -- When it happened (UTC).
    type, -- The event, as in event_types or as written.
    max(actor) AS actor, -- Who did it; null: not known.
    max(source) AS source -- event for a recorded event, money for a posting, claim for what only a date of the claim tells.
FROM (
    SELECT program, claim_id, occurred_at, coalesce(type, type_raw) AS type, actor, 'event' AS source
    FROM claim_events
    UNION ALL
    SELECT
        program,
        claim_id,
        posted_at,
        CASE WHEN kind = 'grant' THEN 'money_posted' ELSE 'reversed' END,
        NULL,
        'money'
    FROM v_money
    WHERE claim_id IS NOT NULL AND amount <> 0
    UNION ALL
    SELECT program, claim_id, happened_at, event_type, NULL, 'claim'
    FROM (
        SELECT
            program,
            claim_id,
            unnest([contacted_at, filed_at, decided_at, appealed_at, appeal_decided_at]) AS happened_at,
            unnest(
                ['counterparty_contacted', 'filed', 'decided', 'appeal_filed', 'appeal_decided']
            ) AS event_type
        FROM claims
    )
)
WHERE occurred_at IS NOT NULL
GROUP BY program, claim_id, occurred_at, type;

-- Where a claim stands: one row per claim with a file and line that tell of it, the tracker's first.
CREATE OR REPLACE VIEW v_claim_places AS
SELECT DISTINCT ON (program, claim_id)
    program, -- The claim program.
    claim_id, -- The claim's id.
    file_id, -- The file.
    line_no -- The line in that file.
FROM (FROM claim_records UNION ALL BY NAME FROM derived_claims)
ORDER BY program, claim_id, origin <> 'tracker', file_id, line_no;
