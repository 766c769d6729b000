-- claims from claim_records and derived_claims: one row per claim, each field from the tracker where it says something,
-- else from the exports. Runs after each file, for the whole table: it is small beside the orders.
-- A source that calls a claim pending gives way to one that knows the decision; money that moved knows
-- it last of all. Amounts are taken only in the currency of the first source that has one;
-- an amount without a currency is taken to be in it.

DELETE FROM claims;

INSERT INTO claims BY NAME
WITH known AS (
    SELECT
        *,
        CASE origin
            WHEN 'tracker' THEN 1
            WHEN 'amazon_fba_reimbursements' THEN 3
            WHEN 'ledger_lines' THEN 4
            ELSE 2
        END AS rank
    FROM known_records
),
in_currency AS (
    SELECT
        *,
        coalesce(
            currency = first_value(currency) OVER (
                PARTITION BY program, claim_id ORDER BY currency IS NULL, rank
            ),
            true
        ) AS is_main_currency
    FROM known
)
SELECT
    program,
    claim_id,
    bool_and(id_is_derived) AS id_is_derived,
    list(origin ORDER BY rank) AS origins,
    any_value(direction ORDER BY rank) AS direction,
    any_value(marketplace ORDER BY rank) AS marketplace,
    any_value(order_id ORDER BY rank) AS order_id,
    any_value(rma_id ORDER BY rank) AS rma_id,
    any_value(sku ORDER BY rank) AS sku,
    any_value(reason_raw ORDER BY rank) AS reason_raw,
    coalesce(any_value(nullif(reason, 'unknown') ORDER BY rank), 'unknown') AS reason,
    any_value(contacted_at ORDER BY rank) AS contacted_at,
    any_value(filed_at ORDER BY rank) AS filed_at,
    any_value(CASE WHEN filed_at IS NOT NULL THEN filed_precision END ORDER BY rank) AS filed_precision,
    any_value(claimed_amount ORDER BY rank) FILTER (is_main_currency) AS claimed_amount,
    any_value(granted_amount ORDER BY rank) FILTER (is_main_currency) AS granted_amount,
    any_value(currency ORDER BY rank) AS currency,
    first(state_raw ORDER BY outcome = 'unknown', outcome = 'pending', rank) AS state_raw,
    first(outcome ORDER BY outcome = 'unknown', outcome = 'pending', rank) AS outcome,
    any_value(decided_at ORDER BY rank) AS decided_at,
    any_value(
        CASE WHEN decided_at IS NOT NULL THEN decided_precision END ORDER BY rank
    ) AS decided_precision,
    min(money_at) AS money_at,
    any_value(buyer_hash ORDER BY rank) AS buyer_hash,
    any_value(resolution ORDER BY rank) AS resolution,
    any_value(appealed_at ORDER BY rank) AS appealed_at,
    any_value(appeal_outcome ORDER BY rank) AS appeal_outcome,
    any_value(appeal_decided_at ORDER BY rank) AS appeal_decided_at,
    any_value(
        CASE WHEN appeal_decided_at IS NOT NULL THEN appeal_decided_precision END ORDER BY rank
    ) AS appeal_decided_precision,
    any_value(due_at ORDER BY rank) AS due_at,
    any_value(extra ORDER BY rank) AS extra
FROM in_currency
GROUP BY program, claim_id;
