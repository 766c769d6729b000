-- claims.csv -> claim_records, and a snapshot of each claim's state in this file. Blank means unknown.
CREATE TEMP TABLE told AS
SELECT
    typed.* REPLACE (
        CASE
            WHEN typed.direction IN ('seller_claims', 'buyer_claims') THEN typed.direction
        END AS direction
    ),
    CASE
        WHEN typed.direction IN ('seller_claims', 'buyer_claims') THEN typed.direction
        ELSE programs.direction
    END AS side
FROM typed
JOIN programs ON programs.program = typed.program;

CREATE TEMP TABLE incoming_claim_records AS
SELECT
    program,
    claim_id,
    'tracker' AS origin,
    false AS id_is_derived,
    direction,
    coalesce(marketplace_of(marketplace), said_marketplace) AS marketplace,
    order_id,
    NULL AS rma_id,
    sku,
    reason_raw,
    coalesce(reason_of(reason_raw), 'unknown') AS reason,
    contacted_at,
    filed_at,
    precision_of(r_filed_at) AS filed_precision,
    claimed_amount,
    granted_amount,
    currency,
    state_raw,
    coalesce(outcome_of(state_raw, side), 'unknown') AS outcome,
    decided_at,
    precision_of(r_decided_at) AS decided_precision,
    resolution,
    appealed_at,
    outcome_of(appeal_raw, side) AS appeal_outcome,
    appeal_decided_at,
    precision_of(r_appeal_decided_at) AS appeal_decided_precision,
    due_at,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM told CROSS JOIN this_file;

CREATE TEMP TABLE incoming_claim_snapshots AS
SELECT
    program, claim_id, origin, r.file_id, line_no, this_file.pulled_at, state_raw, outcome,
    granted_amount, currency
FROM incoming_claim_records AS r CROSS JOIN this_file
QUALIFY row_number() OVER (PARTITION BY program, claim_id ORDER BY line_no DESC) = 1;

CREATE TEMP TABLE unmapped AS
SELECT
    'outcome' AS column_name,
    coalesce(state_raw, '(blank: write pending where a claim is open)') AS value,
    count(*) AS n_rows
FROM told
WHERE outcome_of(state_raw, side) IS NULL
GROUP BY state_raw
UNION ALL
SELECT 'appeal_outcome', appeal_raw, count(*)
FROM told
WHERE appeal_raw IS NOT NULL AND outcome_of(appeal_raw, side) IS NULL
GROUP BY appeal_raw
UNION ALL
SELECT 'reason', reason_raw, count(*)
FROM told
WHERE reason_raw IS NOT NULL AND reason_of(reason_raw) IS NULL
GROUP BY reason_raw
UNION ALL
SELECT 'marketplace', marketplace, count(*)
FROM told
WHERE marketplace IS NOT NULL AND lower(marketplace) NOT IN (SELECT name FROM marketplaces)
GROUP BY marketplace
UNION ALL
SELECT 'direction', r_direction, count(*)
FROM told
WHERE r_direction IS NOT NULL AND direction IS NULL
GROUP BY r_direction
UNION ALL
SELECT 'currency', '(an amount without one)', count(*)
FROM told
WHERE currency IS NULL AND coalesce(claimed_amount, granted_amount) IS NOT NULL
HAVING count(*) > 0;
