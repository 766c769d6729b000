-- Stripe disputes -> claim_records, a snapshot of each dispute's state, and evidence.
-- The charge is the order: Stripe's payments export has the same id, and the claim it tells of a charge
-- gives way to the dispute told here. A description is free text that may name a person: of it only the
-- number of an order is kept, and only where it says that it is one. Stripe tells no decision time: each pull bounds it.
-- Evidence is known to have been sent, but not what it is, nor whether with the first answer.
CREATE TEMP TABLE told AS
SELECT
    *,
    nullif(
        regexp_extract(description, '(?i)\border (?:no\.? ?|number |id )?(#?[0-9][0-9A-Z-]{3,})\b', 1), ''
    ) AS shop_order,
    coalesce(outcome_of(state_raw, 'buyer_claims'), 'unknown') AS outcome
FROM typed;

CREATE TEMP TABLE incoming_claim_records AS
SELECT
    'stripe_dispute' AS program,
    dispute_id AS claim_id,
    'stripe_disputes' AS origin,
    false AS id_is_derived,
    said_marketplace AS marketplace,
    charge_id AS order_id,
    reason_raw,
    coalesce(reason_of(reason_raw), 'unknown') AS reason,
    filed_at,
    precision_of(r_filed_at) AS filed_precision,
    claimed_amount,
    CASE WHEN outcome = 'granted_full' THEN claimed_amount END AS granted_amount,
    currency,
    state_raw,
    outcome,
    due_at,
    buyer_hash,
    with_more(
        extra,
        json_object(
            'Charge ID', charge_id,
            'Order', shop_order,
            'Card Brand', card_brand,
            'Card Funding', card_funding,
            'Payment Method Type', payment_method,
            'Win Likelihood', win_likelihood,
            'Visa Compelling Evidence 3 Status', compelling_evidence,
            'Visa Compliance Status', visa_compliance,
            'Is Visa Rapid Dispute Resolution', is_rapid_resolution,
            'Account ID', account_id
        )
    ) AS extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM told CROSS JOIN this_file;

CREATE TEMP TABLE incoming_claim_snapshots AS
SELECT
    program, claim_id, origin, r.file_id, line_no, this_file.pulled_at, state_raw, outcome,
    granted_amount, currency
FROM incoming_claim_records AS r CROSS JOIN this_file
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY line_no DESC) = 1;

CREATE TEMP TABLE incoming_evidence AS
SELECT
    'stripe_dispute' AS program,
    dispute_id AS claim_id,
    'Submission Count' AS kind_raw,
    'stripe_disputes' AS item_key,
    1 AS occurrence,
    'other' AS kind,
    NULL AS with_filing,
    CASE WHEN n_submissions IS NOT NULL THEN json_object('Submission Count', n_submissions) END AS extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM told CROSS JOIN this_file
-- Evidence that was saved and not sent is none: the count tells, where the file has it.
WHERE coalesce(n_submissions > 0, has_evidence, false);

CREATE TEMP TABLE unmapped AS
SELECT 'status' AS column_name, state_raw AS value, count(*) AS n_rows
FROM told
WHERE outcome_of(state_raw, 'buyer_claims') IS NULL
GROUP BY state_raw
UNION ALL
SELECT 'reason', reason_raw, count(*)
FROM told
WHERE reason_raw IS NOT NULL AND reason_of(reason_raw) IS NULL
GROUP BY reason_raw;
