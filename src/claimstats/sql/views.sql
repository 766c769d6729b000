-- The views people query: staging is done, times are UTC, directions and decisions are settled.
-- The comment above a view and the one beside a column become their COMMENTs.

-- The data cut-off: one row with the time of the latest event in the book. Deadlines do not count, nor do
-- ratings of evidence: both may lie after the last thing known of any claim.
CREATE OR REPLACE VIEW v_cutoff AS
SELECT
    max(latest) AS as_of -- Latest event in the book (UTC); null while it holds none.
FROM (
    SELECT max(greatest(purchased_at, updated_at)) AS latest FROM history.order_lines WHERE is_current
    UNION ALL SELECT max(greatest(ordered_at, requested_at, delivered_at, safet_created_at)) FROM returns
    UNION ALL SELECT max(shipped_at) FROM replacements
    UNION ALL SELECT max(approved_at) FROM reimbursements
    UNION ALL
    SELECT max(greatest(contacted_at, filed_at, decided_at, appealed_at, appeal_decided_at)) FROM claims
    UNION ALL SELECT max(occurred_at) FROM claim_events
    UNION ALL SELECT max(submitted_at) FROM evidence
    UNION ALL SELECT max(posted_at) FROM ledger_lines
    UNION ALL SELECT max(occurred_at) FROM inventory_events
    UNION ALL SELECT max(pulled_at) FROM source_files
);

-- Order lines that hold now: one row per line of an order, in their order of appearance.
CREATE OR REPLACE VIEW order_items AS
SELECT
    channel, -- Where it was sold.
    order_id, -- The venue's order id.
    row_number() OVER (PARTITION BY channel, order_id ORDER BY line_no) AS item_no, -- Place of the line within its order, from 1.
    sku, -- The seller's article number.
    asin, -- Amazon's article number.
    product_name, -- Title as the export writes it.
    item_status, -- Status as the export writes it.
    quantity, -- Units ordered; 0 on cancelled lines.
    currency, -- Currency of the amounts.
    item_price, -- Price of the line, all units.
    item_tax, -- Tax on the price.
    shipping_price, -- Shipping charged.
    shipping_tax, -- Tax on shipping.
    gift_wrap_price, -- Gift wrap charged.
    gift_wrap_tax, -- Tax on gift wrap.
    item_promotion_discount, -- Discount on the price.
    ship_promotion_discount, -- Discount on shipping.
    extra, -- Columns the format does not know, by their header name.
    version_at, -- The order's last update, by which a newer export wins.
    file_id, -- The file it came from.
    line_no -- The line in that file.
FROM history.order_lines
WHERE is_current;

-- Orders that hold now: one row per order, its newest state.
CREATE OR REPLACE VIEW orders AS
SELECT
    channel, -- Where it was sold: amazon, or another venue.
    order_id, -- The venue's order id.
    any_value(marketplace ORDER BY line_no) AS marketplace, -- Country code of the marketplace, such as US; raw text where unmapped.
    min(purchased_at) AS purchased_at, -- When the buyer ordered (UTC).
    max(updated_at) AS updated_at, -- When the venue last changed the order (UTC).
    first(order_status ORDER BY line_no) AS order_status, -- Status as the export writes it.
    first(fulfilment ORDER BY line_no) AS fulfilment, -- Who ships: seller or platform.
    first(sales_channel ORDER BY line_no) AS sales_channel, -- Sales channel as the export writes it, such as Amazon.com.
    first(ship_service ORDER BY line_no) AS ship_service, -- Service level as the export writes it.
    first(ship_country ORDER BY line_no) AS ship_country, -- Destination country as the export writes it.
    any_value(currency ORDER BY line_no) AS currency, -- Currency of the amounts; null where no line carries one.
    bool_or(is_business) AS is_business, -- Whether a business bought; null when unknown.
    any_value(buyer_hash) AS buyer_hash, -- Keyed hash of the buyer's id; null where the export has none.
    count(*) AS n_lines, -- Order lines.
    sum(quantity) AS n_units, -- Units ordered.
    sum(item_price) AS item_amount, -- Price of all lines, in currency; null when no line carries one.
    CASE WHEN min(sku) = max(sku) THEN min(sku) END AS only_sku, -- The order's SKU where all lines have the same one.
    max(version_at) AS version_at, -- The state's time, by which a newer export wins.
    any_value(file_id) AS file_id, -- The file this state came from.
    min(line_no) AS line_no -- The order's first line in that file.
FROM history.order_lines
WHERE is_current
GROUP BY channel, order_id;

-- Orders: one row per order with its lines summed. Amounts are in the order's own currency.
CREATE OR REPLACE VIEW v_orders AS
SELECT
    orders.channel, -- Where it was sold.
    orders.order_id, -- The venue's order id.
    orders.marketplace, -- Country code of the marketplace.
    orders.purchased_at, -- When the buyer ordered (UTC).
    strftime(orders.purchased_at, '%Y-%m') AS ordered_month, -- Month of the order.
    orders.updated_at, -- When the venue last changed the order (UTC).
    orders.order_status, -- Status as the export writes it.
    orders.fulfilment, -- Who ships: seller or platform.
    orders.ship_country, -- Destination country as the export writes it.
    orders.is_business, -- Whether a business bought.
    orders.currency, -- Currency of the amounts.
    orders.n_lines, -- Order lines.
    orders.n_units, -- Units ordered.
    orders.item_amount, -- Price of all lines; null when no line carries one.
    orders.only_sku -- The order's SKU where all lines have the same one.
FROM orders;

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

-- Evidence: one row per piece of a claim in the book, with its place in the claim's life. A time known to
-- the day is any moment of that day: what may be on either side of the decision is set on neither.
CREATE OR REPLACE VIEW v_evidence AS
WITH dated AS (
    SELECT
        e.*,
        c.filed_at,
        c.decided_lo,
        c.event = 'open' AS is_open,
        CASE
            WHEN e.submitted_precision = 'day'
            THEN e.submitted_at + INTERVAL '1 day' - INTERVAL '1 microsecond' ELSE e.submitted_at
        END AS submitted_to,
        CASE
            WHEN e.rated_precision = 'day'
            THEN e.rated_at + INTERVAL '1 day' - INTERVAL '1 microsecond' ELSE e.rated_at
        END AS rated_to,
        CASE
            WHEN c.filed_precision = 'day'
            THEN c.filed_at + INTERVAL '1 day' - INTERVAL '1 microsecond' ELSE c.filed_at
        END AS filed_to,
        CASE
            WHEN c.decided_precision = 'day'
            THEN c.decided_hi + INTERVAL '1 day' - INTERVAL '1 microsecond' ELSE c.decided_hi
        END AS decided_to
    FROM evidence AS e
    JOIN v_claims AS c USING (program, claim_id)
)
SELECT
    program, -- The claim program.
    claim_id, -- The claim's id.
    kind, -- The kind, as in evidence_kinds.
    kind_raw, -- The kind as the tracker writes it.
    file_name, -- The piece's file.
    submitted_at, -- When it was sent (UTC).
    CASE
        WHEN submitted_at > decided_to THEN 'after_decision'
        WHEN with_filing THEN 'at_filing'
        WHEN with_filing IS NULL AND (submitted_at IS NULL OR filed_at IS NULL) THEN 'unknown'
        WHEN with_filing IS NULL AND submitted_at <= filed_to THEN 'at_filing'
        WHEN is_open OR submitted_to <= decided_lo THEN 'before_decision'
        ELSE 'after_filing'
    END AS placement, -- at_filing, before_decision, after_decision, after_filing (either of the two) or unknown.
    quality_rating, -- Quality from 0 to 5 in the rater's judgement.
    CASE
        WHEN quality_rating IS NULL THEN NULL
        WHEN rated_at IS NULL THEN 'undated'
        WHEN is_open OR rated_to <= decided_lo THEN 'before_decision'
        ELSE 'hindsight'
    END AS rating_basis, -- before_decision, hindsight (not surely made before it: left out) or undated.
    legible, -- Whether it can be read.
    shows_item, -- Whether it shows the item.
    shows_defect, -- Whether it shows the defect.
    shows_packaging, -- Whether it shows the packaging.
    shows_label, -- Whether it shows the shipping label.
    shows_serial, -- Whether it shows the serial number.
    shows_order_id -- Whether it shows the order id.
FROM dated;

-- Evidence of each claim at first filing: one row per claim with at least one piece recorded. Each
-- component is 0 to 1, null when unknown; the score is the mean of the known ones. A request counts as
-- answered in time by the rule of deadline_rules for its program, marketplace and day; where there is
-- none it is unknown. Business days are given the longest span of calendar days that they can take.
CREATE OR REPLACE VIEW v_claim_evidence AS
WITH pieces AS (
    SELECT
        program,
        claim_id,
        count(*) AS n_items,
        count(*) FILTER (placement = 'at_filing') AS n_at_filing,
        count(*) FILTER (placement = 'before_decision') AS n_before_decision,
        count(*) FILTER (placement = 'after_decision') AS n_after_decision,
        count(*) FILTER (placement = 'after_filing') AS n_after_filing,
        count(*) FILTER (placement = 'unknown') AS n_unplaced,
        count(*) FILTER (
            placement = 'at_filing' AND rating_basis = 'hindsight'
        ) AS n_hindsight_ratings,
        count(*) FILTER (placement = 'at_filing' AND rating_basis = 'undated') AS n_undated_ratings,
        avg(quality_rating / 5) FILTER (
            placement = 'at_filing' AND rating_basis <> 'hindsight'
        ) AS clarity,
        bool_or(shows_item) FILTER (placement = 'at_filing') AS item_shown,
        bool_or(shows_packaging) FILTER (placement = 'at_filing') AS packaging_shown,
        bool_or(shows_label) FILTER (placement = 'at_filing') AS label_shown,
        bool_or(shows_serial) FILTER (placement = 'at_filing') AS serial_shown,
        bool_or(shows_order_id) FILTER (placement = 'at_filing') AS order_id_shown,
        coalesce(list_sort(list(DISTINCT kind) FILTER (placement = 'at_filing')), []) AS kinds,
        coalesce(
            list_sort(list(DISTINCT kind) FILTER (placement = 'unknown')), []
        ) AS unplaced_kinds
    FROM v_evidence
    GROUP BY program, claim_id
),
demanded AS (
    SELECT
        p.program,
        p.claim_id,
        CASE
            WHEN bool_or(
                NOT list_contains(p.kinds, q.kind) AND list_contains(p.unplaced_kinds, q.kind)
            ) THEN NULL
            ELSE avg(CASE WHEN list_contains(p.kinds, q.kind) THEN 1.0 ELSE 0.0 END)
        END AS completeness
    FROM pieces AS p
    JOIN v_claims AS c USING (program, claim_id)
    JOIN evidence_requirements AS q USING (reason)
    GROUP BY p.program, p.claim_id
),
requests AS (
    SELECT
        e.program,
        e.claim_id,
        e.occurred_at,
        max(
            CASE
                WHEN e.occurred_precision = 'day' THEN e.occurred_at + INTERVAL '1 day'
                ELSE e.occurred_at
            END
        ) AS asked_to,
        min(a.occurred_at) AS answered_at
    FROM claim_events AS e
    LEFT JOIN claim_events AS a
        ON a.program = e.program AND a.claim_id = e.claim_id
        AND a.type = 'info_provided' AND a.occurred_at >= e.occurred_at
    WHERE e.type = 'info_requested' AND e.occurred_at IS NOT NULL
    GROUP BY e.program, e.claim_id, e.occurred_at
),
deadlines AS (
    SELECT
        q.program,
        q.claim_id,
        q.answered_at,
        c.decided_lo,
        q.asked_to + INTERVAL '1 day' * (
            SELECT
                min(
                    d.max_days
                    + CASE WHEN d.day_type = 'business' THEN 2 * ceil(d.max_days / 5) ELSE 0 END
                )
            FROM deadline_rules AS d
            WHERE d.clock_start = 'info_requested' AND d.program = q.program
                AND (d.marketplace = '*' OR d.marketplace = c.marketplace)
                AND (d.effective_from IS NULL OR d.effective_from <= CAST(q.occurred_at AS DATE))
                AND (d.effective_to IS NULL OR d.effective_to >= CAST(q.occurred_at AS DATE))
        ) AS due_at
    FROM requests AS q
    JOIN v_claims AS c USING (program, claim_id)
),
answers AS (
    SELECT
        program,
        claim_id,
        avg(
            CASE
                WHEN answered_at <= due_at THEN 1.0
                WHEN answered_at > due_at THEN 0.0
                WHEN coalesce(decided_lo, (SELECT as_of FROM v_cutoff)) > due_at THEN 0.0
            END
        ) AS answered_in_time
    FROM deadlines
    GROUP BY program, claim_id
),
components AS (
    SELECT
        p.*,
        d.completeness,
        list_avg(
            list_filter(
                [
                    CASE
                        WHEN p.n_at_filing + p.n_before_decision > 0
                        THEN p.n_at_filing / (p.n_at_filing + p.n_before_decision)
                    END,
                    a.answered_in_time
                ],
                lambda part: part IS NOT NULL
            )
        ) AS timeliness,
        list_avg(
            list_transform(
                list_filter(
                    [p.item_shown, p.packaging_shown, p.label_shown, p.serial_shown, p.order_id_shown],
                    lambda shown: shown IS NOT NULL
                ),
                lambda shown: CAST(shown AS DOUBLE)
            )
        ) AS detail
    FROM pieces AS p
    LEFT JOIN demanded AS d USING (program, claim_id)
    LEFT JOIN answers AS a USING (program, claim_id)
)
SELECT
    program, -- The claim program.
    claim_id, -- The claim's id.
    n_items, -- Pieces recorded, whenever they were sent.
    n_at_filing, -- Pieces that went with the first filing.
    n_before_decision, -- Pieces sent later, before the decision; set aside.
    n_after_decision, -- Pieces sent after the decision, mostly on appeal; set aside.
    n_after_filing, -- Pieces sent after filing, on which side of the decision is not known; set aside.
    n_unplaced, -- Pieces whose time is not known; set aside.
    n_hindsight_ratings, -- Ratings at filing not surely made before the decision; left out.
    n_undated_ratings, -- Ratings at filing without a date; used.
    kinds, -- Kinds present at filing.
    unplaced_kinds, -- Kinds recorded of which it is not known whether they were there at filing.
    completeness, -- Share of the kinds that the reason demands, present at filing; 0 to 1.
    clarity, -- Mean quality rating at filing divided by 5; 0 to 1.
    timeliness, -- Mean of: share sent at filing, share of requests answered in time; 0 to 1.
    detail, -- Share of item, packaging, label, serial, order id that is shown; 0 to 1.
    list_avg(
        list_filter([completeness, clarity, timeliness, detail], lambda part: part IS NOT NULL)
    ) AS score -- Mean of the known components; 0 to 1.
FROM components;

-- Every metric with its formula, denominator and date basis: one row per metric.
CREATE OR REPLACE VIEW metric_definitions AS
SELECT
    metric, -- The metric's name in the findings' tables.
    formula, -- What is divided by what, or how it is computed.
    denominator, -- Which claims it is measured against.
    date_basis -- The date that places a claim: filed, ordered or decided.
FROM (
    VALUES
    ('rate', 'n_approved / n_decided, from the claimant''s side',
     'claims decided by the cut-off: approved, denied, expired or reversed', 'filed'),
    ('seller_win_rate', 'approved of the seller''s claims, not approved of the buyers'' / n_decided',
     'claims decided by the cut-off', 'filed'),
    ('equal_age_rate', 'Aalen-Johansen cumulative incidence of approval at age_days',
     'all claims with usable dates; open ones are censored at the cut-off', 'filed'),
    ('median_days', 'age at which half have ended, Kaplan-Meier; the middle where the curve is flat there',
     'all claims with usable dates; open ones are censored at the cut-off', 'filed'),
    ('q25_days', 'as median_days, for a quarter', 'as for median_days', 'filed'),
    ('q75_days', 'as median_days, for three quarters', 'as for median_days', 'filed'),
    ('median_days_earliest', 'median_days with decisions known as an interval at its beginning',
     'as for median_days', 'filed'),
    ('won_by_age', 'Aalen-Johansen cumulative incidence of ending the seller''s way at age_days',
     'as for median_days', 'filed'),
    ('lost_by_age', 'Aalen-Johansen cumulative incidence of ending against the seller at age_days',
     'as for median_days', 'filed'),
    ('ended_by_age', 'Aalen-Johansen cumulative incidence of ending undecided at age_days',
     'as for median_days', 'filed'),
    ('completeness', 'demanded kinds present at filing / kinds the reason demands',
     'claims with a piece at filing and a reason in evidence_requirements', 'filed'),
    ('clarity', 'mean quality_rating / 5 at filing, ratings not surely before the decision left out',
     'claims with a rated piece at filing', 'filed'),
    ('timeliness', 'mean of: pieces at filing / pieces before the decision; requests answered in time',
     'claims with a piece before the decision', 'filed'),
    ('detail', 'share of item, packaging, label, serial and order id that is shown at filing',
     'claims with at least one of these flags known at filing', 'filed'),
    ('score', 'mean of the known components', 'claims with at least one known component', 'filed'),
    ('value', 'Spearman''s rank correlation of the item with the seller''s win',
     'decided claims older than older_than_days with a piece at filing, the item known', 'filed'),
    ('raw_difference_points', '100 * (share won with the item - share won without)', 'as for value',
     'filed'),
    ('difference_points', 'Mantel-Haenszel difference of these shares within program and reason',
     'as for value, in programs and reasons that have claims both with and without', 'filed'),
    ('q_value', 'Benjamini-Hochberg over the Cochran-Mantel-Haenszel p values of its family: '
     || 'the kinds, or the score and its components', 'as for difference_points', 'filed'),
    ('speed_value', 'Spearman''s rank correlation of the item with days to the end, at most older_than_days',
     'claims older than older_than_days with a piece at filing, open ones at that age', 'filed')
) AS definitions (metric, formula, denominator, date_basis);

-- Stock that the inventory ledger says is lost or damaged and neither found nor paid: one row per event.
-- Candidates for a claim, not claims: what was paid since the ledger was pulled is still among them.
CREATE OR REPLACE VIEW v_inventory_claim_candidates AS
SELECT
    e.channel, -- Where the stock is sold.
    e.occurred_on, -- Day of the event, as the ledger writes it.
    e.fnsku, -- The fulfilment network's article number.
    e.sku, -- The seller's article number.
    e.item_name, -- Title as the export writes it.
    r.kind, -- lost or damaged.
    e.reason_code, -- The venue's reason code.
    r.title AS meaning, -- What the code means.
    r.reason, -- The reason of a claim for it.
    e.quantity, -- Units of the event; negative when they left the stock.
    e.n_reconciled, -- Units of it explained or paid by the time of the export.
    e.n_unreconciled, -- Units still to be explained or paid.
    e.fulfilment_centre, -- Where it happened.
    e.country, -- Country of the stock.
    e.disposition, -- Condition of the stock.
    e.reference_id, -- The venue's reference.
    e.version_at AS told_at, -- When the export was made, as far as known (UTC).
    e.file_id, -- The file it came from.
    e.line_no -- The line in that file.
FROM inventory_events AS e
JOIN ledger_reason_codes AS r ON r.code = upper(e.reason_code)
WHERE lower(e.event_type) = 'adjustments' AND r.kind IN ('lost', 'damaged') AND e.n_unreconciled > 0;

-- Returned units that the fulfilment network or its carrier damaged, of whose article and order the book
-- holds no reimbursement: one row per return line. Candidates for a claim, not claims: a reimbursement may
-- stand in an export that was not loaded, or name no order.
CREATE OR REPLACE VIEW v_return_claim_candidates AS
SELECT
    r.channel, -- Where it was sold.
    r.order_id, -- The venue's order id.
    r.sku, -- The seller's article number.
    r.fnsku, -- The fulfilment network's article number.
    r.item_name, -- Title as the export writes it.
    r.lpn, -- License plate number of the returned unit.
    r.quantity, -- Units returned.
    r.delivered_at, -- When the return reached the fulfilment network.
    r.fulfilment_centre, -- Where the unit came back to.
    r.disposition, -- Condition in which it came back, as the export writes it.
    d.title AS meaning, -- What the condition means.
    d.reason, -- The reason of a claim for it.
    r.return_status, -- Status as the export writes it.
    r.version_at AS told_at, -- When the export was made, as far as known (UTC).
    r.file_id, -- The file it came from.
    r.line_no -- The line in that file.
FROM returns AS r
JOIN dispositions AS d ON d.disposition = upper(r.disposition)
WHERE d.is_owed
    AND lower(coalesce(r.return_status, '')) <> 'reimbursed'
    AND NOT EXISTS (
        FROM reimbursements AS b
        WHERE b.channel = r.channel AND b.order_id = r.order_id AND NOT b.is_reversal
            AND (b.sku = r.sku OR b.fnsku = r.fnsku OR b.asin = r.asin)
    );

-- The venues' own totals beside what this book holds of the same: one row per total. A difference is no
-- judgement: the book may lack exports, and the venue's days are the marketplace's own, the book's UTC.
-- A claim or an order whose day, marketplace or shipper is not known well enough is counted apart.
CREATE OR REPLACE VIEW v_control_totals AS
WITH totals AS (
    SELECT t.*, m.title, m.counted, m.program, m.date_basis
    FROM control_totals AS t
    LEFT JOIN control_metrics AS m USING (metric)
),
claims_by_day AS (
    SELECT
        program,
        marketplace,
        fulfilment,
        event = 'approved' AS is_granted,
        CAST(ordered_at AS DATE) AS ordered_on,
        CAST(decided_lo AS DATE) AS decided_from,
        CAST(decided_hi AS DATE) AS decided_to,
        currency,
        count(*) AS n,
        sum(granted_amount) AS amount
    FROM v_claims
    WHERE program IN (SELECT program FROM control_metrics)
    GROUP BY ALL
),
orders_by_day AS (
    SELECT
        channel,
        marketplace,
        fulfilment,
        CAST(purchased_at AS DATE) AS ordered_on,
        currency,
        count(*) AS n_orders,
        sum(n_lines) AS n_lines,
        sum(n_units) AS n_units,
        sum(item_amount) AS amount
    FROM v_orders
    GROUP BY ALL
),
claims_fitting AS (
    SELECT
        t.file_id,
        t.line_no,
        (t.marketplace IS NULL OR c.marketplace = t.marketplace)
        AND (t.fulfilment IS NULL OR c.fulfilment = t.fulfilment)
        AND (t.counted = 'claims' OR c.is_granted)
        AND CASE
            WHEN t.date_basis = 'ordered' THEN c.ordered_on BETWEEN t.period_from AND t.period_to
            WHEN c.decided_from >= t.period_from AND c.decided_to <= t.period_to THEN true
            WHEN c.decided_from > t.period_to OR c.decided_to < t.period_from THEN false
        END AS fits,
        c.n,
        CASE WHEN c.currency = t.currency THEN c.amount END AS amount
    FROM totals AS t
    JOIN claims_by_day AS c ON c.program = t.program
),
orders_fitting AS (
    SELECT
        t.file_id,
        t.line_no,
        (t.marketplace IS NULL OR o.marketplace = t.marketplace)
        AND (t.fulfilment IS NULL OR o.fulfilment = t.fulfilment)
        AND o.ordered_on BETWEEN t.period_from AND t.period_to AS fits,
        CASE t.counted WHEN 'orders' THEN o.n_orders WHEN 'lines' THEN o.n_lines ELSE o.n_units END AS n,
        CASE WHEN o.currency = t.currency THEN o.amount END AS amount
    FROM totals AS t
    JOIN orders_by_day AS o ON o.channel = t.channel
    WHERE t.counted IN ('orders', 'lines', 'units')
),
held AS (
    SELECT
        file_id,
        line_no,
        CAST(coalesce(sum(n) FILTER (fits), 0) AS BIGINT) AS n_in_book,
        CAST(coalesce(sum(n) FILTER (fits IS NULL), 0) AS BIGINT) AS n_unsure,
        sum(amount) FILTER (fits) AS amount_in_book
    FROM (FROM claims_fitting UNION ALL FROM orders_fitting)
    GROUP BY file_id, line_no
)
SELECT
    t.channel, -- The venue.
    t.marketplace, -- Country code of the marketplace; raw text where unmapped.
    t.fulfilment, -- Who ships: seller or platform; null for both.
    t.metric, -- What is counted, as in control_metrics.
    t.title, -- The metric for readers.
    t.period_from, -- First day of the period.
    t.period_to, -- Last day of the period.
    t.date_basis, -- The date that places a claim or an order in it: ordered or decided; null: the book has no such thing.
    t.n_reported, -- How many the venue counts.
    CASE WHEN t.counted IS NOT NULL THEN coalesce(h.n_in_book, 0) END AS n_in_book, -- How many the book holds; null where it holds no such thing.
    CASE WHEN t.counted IS NOT NULL THEN coalesce(h.n_unsure, 0) END AS n_unsure, -- How many more may belong: their day, marketplace or shipper is not known well enough.
    t.amount AS amount_reported, -- What they come to by the venue.
    h.amount_in_book, -- What those in the book come to, of the same currency; null: not told.
    t.currency, -- Currency of both; never add across currencies.
    t.rate, -- The rate that the venue makes of it, from 0 to 1.
    t.target_rate, -- The rate that the venue demands.
    t.target_condition, -- How the rate must stand to it, as the export writes it.
    t.status, -- The venue's judgement, as the export writes it.
    t.origin, -- The kind of export.
    t.version_at AS told_at, -- When the export was made, as far as known (UTC).
    t.file_id, -- The file it came from.
    t.line_no -- The place of the total in that file.
FROM totals AS t
LEFT JOIN held AS h USING (file_id, line_no);
-- Every file that was ever loaded: one row per load, those taken out again among them.
CREATE OR REPLACE VIEW v_loads AS
SELECT
    file_id, -- Number of the load, counted from 1.
    unloaded_at IS NULL AS is_loaded, -- Whether the book holds it now.
    file_name, -- The file's name; archive.zip!member for a file inside a zip.
    format, -- What the file was taken for.
    pulled_at, -- When the export was made (UTC); null when neither its name nor the user says.
    pulled_basis, -- Where pulled_at is from: given or name; null when unknown.
    period_from, -- Earliest event in the file.
    period_to, -- Latest event in the file.
    n_read, -- Records found below the header.
    n_inserted, -- Records that were new to the book.
    n_updated, -- Records that replaced an older state.
    n_unchanged, -- Records that the book held already, word for word.
    n_rejected, -- Records refused.
    n_ignored, -- Records left out for a reason.
    sha256, -- Hash of the file's content after decompression.
    path, -- The path as it was named when loading.
    loaded_at, -- When this book took the file (UTC).
    unloaded_at, -- When it was taken out (UTC); null while the book holds it.
    replaced_by -- The file that was loaded in its place; null where none was.
FROM (FROM source_files UNION ALL BY NAME FROM unloaded_files);

-- Where a claim stands: one row per claim with a file and line that tell of it, the tracker's first.
CREATE OR REPLACE VIEW v_claim_places AS
SELECT DISTINCT ON (program, claim_id)
    program, -- The claim program.
    claim_id, -- The claim's id.
    file_id, -- The file.
    line_no -- The line in that file.
FROM (FROM claim_records UNION ALL BY NAME FROM derived_claims)
ORDER BY program, claim_id, origin <> 'tracker', file_id, line_no;
