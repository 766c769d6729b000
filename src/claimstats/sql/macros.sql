-- Building blocks that the analyses' own macros and people's queries share.
-- Arguments are named when called: claims_as_of(by_column := 'reason').

-- Lower limit of Wilson's score interval for k of n; 95 % unless another normal quantile z is given.
CREATE OR REPLACE MACRO wilson_low(k, n, z := 1.959963984540054) AS
    CASE
        WHEN n = 0 THEN NULL
        WHEN k = 0 THEN 0.0
        ELSE (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)
    END;

-- Upper limit of Wilson's score interval for k of n; 95 % unless another normal quantile z is given.
CREATE OR REPLACE MACRO wilson_high(k, n, z := 1.959963984540054) AS
    CASE
        WHEN n = 0 THEN NULL
        WHEN k = n THEN 1.0
        ELSE (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)
    END;

-- Whole hours between two times, rounded down; whole days where either is known to the day only.
CREATE OR REPLACE MACRO elapsed_hours(from_time, from_precision, to_time, to_precision) AS
    CASE
        WHEN from_precision = 'day' OR to_precision = 'day'
        THEN 24 * (CAST(to_time AS DATE) - CAST(from_time AS DATE))
        ELSE CAST(floor((epoch_us(to_time) - epoch_us(from_time)) / 3600000000) AS BIGINT)
    END;

-- The property of a claim that its name asks for: a column of v_claims, "claim" for all claims as one, or
-- a column of the tracker's own. What is known only once a claim has ended is null while it is open.
CREATE OR REPLACE MACRO claim_property(of_claim, asked) AS
    CASE asked
        WHEN 'program' THEN of_claim.program
        WHEN 'direction' THEN of_claim.direction
        WHEN 'channel' THEN of_claim.channel
        WHEN 'marketplace' THEN of_claim.marketplace
        WHEN 'fulfilment' THEN of_claim.fulfilment
        WHEN 'reason' THEN of_claim.reason
        WHEN 'reason_raw' THEN of_claim.reason_raw
        WHEN 'sku' THEN of_claim.sku
        WHEN 'currency' THEN of_claim.currency
        WHEN 'ship_country' THEN of_claim.ship_country
        WHEN 'is_business' THEN CAST(of_claim.is_business AS VARCHAR)
        WHEN 'return_carrier' THEN of_claim.return_carrier
        WHEN 'return_reason' THEN of_claim.return_reason
        WHEN 'month' THEN of_claim.filed_month
        WHEN 'filed_month' THEN of_claim.filed_month
        WHEN 'ordered_month' THEN of_claim.ordered_month
        WHEN 'has_order' THEN CAST(of_claim.has_order AS VARCHAR)
        WHEN 'resolution' THEN CASE WHEN of_claim.event_then <> 'open' THEN of_claim.resolution END
        WHEN 'decided_month'
        THEN CASE WHEN of_claim.event_then <> 'open' THEN of_claim.decided_month END
        WHEN 'decided_basis'
        THEN CASE WHEN of_claim.event_then <> 'open' THEN of_claim.decided_basis END
        WHEN 'claim' THEN 'all claims'
        ELSE json_extract_string(
            of_claim.extra, '/' || replace(replace(asked, '~', '~0'), '/', '~1')
        )
    END;

-- Claims as they stood at a cut-off (the book's own unless given): one row per claim filed by then, and
-- per claim without a filing date. group_value is the property by_column names: a column of v_claims, or
-- of the tracker's own columns; and_value that of and_column. decision is first (before appeals) or final (after those made by then).
-- event is approved, denied, ended, open or unknown; at a cut-off before the book's own it is unknown
-- also where nobody knows whether the claim was filed or decided by then. excluded_why says why a claim
-- is in no rate; untimed_why says why it is in no duration; exit_hours is the age at decision, or at the
-- cut-off while open; known only as an interval, it is the latest possible and earliest_hours the
-- earliest. followed_hours is the age at the cut-off, ended or not. is_approval_listed marks approvals known only from a list that has no denials.
-- end_hi, told_outcome and the appeal are what the book tells of them, whether or not they fell by then.
CREATE OR REPLACE MACRO claims_as_of(by_column := 'program', cutoff := NULL, decision := 'first', and_column := NULL) AS TABLE
WITH dated AS (
    SELECT
        c.*,
        coalesce(CAST(cutoff AS TIMESTAMP), v_cutoff.as_of) AS known_at,
        coalesce(CAST(cutoff AS TIMESTAMP) < v_cutoff.as_of, false) AS is_past,
        CASE decision
            WHEN 'final' THEN true WHEN 'first' THEN false
            ELSE error('decision is first or final')
        END AND c.stage IN ('appealed', 'appeal_decided') AND coalesce(
            coalesce(c.appealed_at, c.appeal_decided_at)
            <= coalesce(CAST(cutoff AS TIMESTAMP), v_cutoff.as_of),
            true
        ) AS is_appealed
    FROM v_claims AS c
    CROSS JOIN v_cutoff
),
ended AS (
    SELECT
        *,
        CASE WHEN is_appealed THEN final_event ELSE event END AS told_event,
        CASE WHEN is_appealed THEN appeal_outcome ELSE outcome END AS told_outcome,
        CASE WHEN is_appealed THEN appeal_decided_at ELSE decided_lo END AS end_lo,
        CASE WHEN is_appealed THEN appeal_decided_at ELSE decided_hi END AS end_hi,
        CASE WHEN is_appealed THEN appeal_decided_precision ELSE decided_precision END AS end_precision
    FROM dated
    WHERE filed_at IS NULL OR known_at IS NULL OR filed_at <= known_at
),
stated AS (
    SELECT
        *,
        CASE
            WHEN is_approvals_only THEN 'unknown'
            WHEN is_past AND filed_at IS NULL AND coalesce(end_hi > known_at, true) THEN 'unknown'
            WHEN told_event NOT IN ('approved', 'denied', 'ended') THEN told_event
            WHEN end_hi > known_at THEN 'open'
            WHEN is_past AND end_hi IS NULL THEN 'unknown'
            ELSE coalesce(told_event, 'unknown')
        END AS event_then
    FROM ended
),
timed AS (
    SELECT
        *,
        event_then IN ('approved', 'denied', 'ended') AS is_over,
        CASE
            WHEN event_then = 'open' THEN elapsed_hours(filed_at, filed_precision, known_at, 'instant')
            ELSE elapsed_hours(filed_at, filed_precision, end_hi, end_precision)
        END AS hours_then,
        elapsed_hours(filed_at, filed_precision, known_at, 'instant') AS followed_hours
    FROM stated
)
SELECT
    program,
    claim_id,
    direction,
    reason,
    claim_property(timed, by_column) AS group_value,
    claim_property(timed, and_column) AS and_value,
    known_at,
    marketplace,
    currency,
    claimed_amount,
    contacted_at,
    filed_at,
    filed_precision,
    end_hi,
    end_precision,
    appealed_at,
    appeal_outcome,
    appeal_decided_at,
    appeal_decided_precision,
    told_outcome,
    event_then AS event,
    CASE
        WHEN is_approvals_only THEN 'approvals_only'
        WHEN event_then = 'unknown' THEN 'outcome_unknown'
        WHEN event_then = 'ended' THEN told_outcome
    END AS excluded_why,
    event_then = 'approved' AND told_outcome = 'granted_partial' AS is_partial,
    (direction = 'seller_claims' AND event_then = 'approved')
    OR (direction = 'buyer_claims' AND event_then = 'denied') AS seller_won,
    event_then = 'approved' AND is_approval_listed AND NOT is_approvals_only AS is_approval_listed,
    CASE
        WHEN is_approvals_only THEN 'approvals_only'
        WHEN event_then = 'unknown' THEN 'outcome_unknown'
        WHEN filed_at IS NULL THEN 'no_filing_date'
        WHEN is_over AND end_hi IS NULL THEN 'no_decision_date'
        WHEN hours_then < 0 THEN 'decided_before_filing'
    END AS untimed_why,
    hours_then AS exit_hours,
    followed_hours,
    is_over AND end_lo IS DISTINCT FROM end_hi AS is_interval,
    CASE
        WHEN is_over THEN greatest(0, coalesce(elapsed_hours(filed_at, filed_precision, end_lo, end_precision), 0))
        ELSE hours_then
    END AS earliest_hours
FROM timed;

-- Claims counted by the age at which they ended, for survival estimates: one row per group (and value of
-- and_column, null unless asked for), direction, event and age. Ages are whole steps of step_hours: 1 for hours, 24 for days. Claims without a usable
-- duration are left out; claims_as_of names why.
CREATE OR REPLACE MACRO claim_ages(by_column := 'program', cutoff := NULL, decision := 'first', step_hours := 1, and_column := NULL) AS TABLE
SELECT
    coalesce(group_value, '(unknown)') AS group_value,
    CASE WHEN and_column IS NOT NULL THEN coalesce(and_value, '(unknown)') END AS and_value,
    direction,
    event,
    exit_hours // step_hours * step_hours AS exit_hours,
    least(earliest_hours, exit_hours) // step_hours * step_hours AS earliest_hours,
    count(*) AS n_claims
FROM claims_as_of(
    by_column := by_column, cutoff := cutoff, decision := decision, and_column := and_column
)
WHERE untimed_why IS NULL
GROUP BY ALL
ORDER BY ALL;

-- Claims as they stood at one age: one row per claim of claims_as_of, with the state it had when it was
-- age_days old, whatever became of it later. state_at_age is approved, denied or ended by that age, or open
-- at it; younger: the cut-off came first, so of these claims the fast decisions alone are known and none may
-- be counted; excluded: untimed_why says why. period_name is the month, quarter or ISO week of filing;
-- is_period_over says that all that was filed in it has reached the age.
CREATE OR REPLACE MACRO claims_at_age(age_days := 60, period := 'month', cutoff := NULL, decision := 'first') AS TABLE
SELECT
    *,
    CASE
        WHEN untimed_why IS NOT NULL THEN 'excluded'
        WHEN followed_hours < 24 * age_days THEN 'younger'
        WHEN exit_hours > 24 * age_days THEN 'open'
        ELSE event
    END AS state_at_age,
    CASE period
        WHEN 'month' THEN strftime(filed_at, '%Y-%m')
        WHEN 'quarter' THEN year(filed_at) || '-Q' || quarter(filed_at)
        WHEN 'week' THEN strftime(filed_at, '%G-W%V')
        ELSE error('period is month, quarter or week')
    END AS period_name,
    date_trunc(period, filed_at)
    + CASE period
        WHEN 'week' THEN INTERVAL '7 days' WHEN 'quarter' THEN INTERVAL '3 months' ELSE INTERVAL '1 month'
    END
    + INTERVAL '1 day' * age_days <= known_at AS is_period_over
FROM claims_as_of(cutoff := cutoff, decision := decision);

-- Claims whose evidence at first filing can be compared with who won: one row per claim decided by the
-- cut-off, filed at least older_than_days before it, with a piece known to have gone with the filing. Of
-- younger claims the fast decisions alone are known; who has records from later alone, or none, is chosen
-- by how the claim went, since lost claims collect more on appeal.
CREATE OR REPLACE MACRO evidence_compared(older_than_days := 60, cutoff := NULL) AS TABLE
SELECT
    c.program,
    c.reason,
    c.marketplace,
    c.currency,
    c.claimed_amount,
    c.seller_won,
    e.* EXCLUDE (program, claim_id)
FROM claims_as_of(cutoff := cutoff) AS c
JOIN v_claim_evidence AS e USING (program, claim_id)
WHERE c.excluded_why IS NULL
    AND c.event IN ('approved', 'denied')
    AND c.filed_at <= c.known_at - to_days(older_than_days)
    AND e.n_at_filing > 0;

-- The claims of evidence_compared counted by whether a kind of evidence went with the filing and who won:
-- one row per program, reason and kind that the book knows of. A kind recorded at an unknown time may have
-- been there or not: n_unknown.
CREATE OR REPLACE MACRO evidence_cells(older_than_days := 60, cutoff := NULL) AS TABLE
WITH compared AS (
    SELECT
        c.program,
        c.reason,
        k.kind,
        c.seller_won,
        list_contains(c.kinds, k.kind) AS is_there,
        NOT list_contains(c.kinds, k.kind) AND NOT list_contains(c.unplaced_kinds, k.kind) AS is_lacking
    FROM evidence_compared(older_than_days := older_than_days, cutoff := cutoff) AS c
    CROSS JOIN evidence_kinds AS k
    WHERE k.kind IN (SELECT kind FROM evidence)
)
SELECT
    program,
    reason,
    kind,
    count(*) FILTER (is_there AND seller_won) AS won_with,
    count(*) FILTER (is_there) AS n_with,
    count(*) FILTER (is_lacking AND seller_won) AS won_without,
    count(*) FILTER (is_lacking) AS n_without,
    count(*) FILTER (NOT is_there AND NOT is_lacking) AS n_unknown
FROM compared
GROUP BY program, reason, kind
ORDER BY program, reason, kind;
