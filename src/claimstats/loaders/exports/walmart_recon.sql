-- Walmart's reconciliation -> ledger_lines, one per row. The rows of a payment name neither its period nor
-- its currency: the row with the payment's total does, which is no line itself. A won dispute is paid as a
-- Dispute Settlement; of lost ones the report says nothing.
CREATE TEMP TABLE payment AS
SELECT
    CASE WHEN count(DISTINCT r_currency) = 1 THEN upper(min(r_currency)) END AS currency,
    CASE WHEN count(DISTINCT r_period_from) = 1 THEN min(parse_time(r_period_from)) END AS period_from
FROM not_rows
WHERE r_currency IS NOT NULL;

CREATE TEMP TABLE told AS
SELECT
    typed.* REPLACE (
        coalesce(
            typed.currency,
            payment.currency,
            (SELECT m.currency FROM marketplace_currencies AS m WHERE m.marketplace = said_marketplace)
        ) AS currency
    ),
    strftime(coalesce(typed.period_from, payment.period_from), '%Y-%m-%d') AS period,
    concat_ws(
        '|', transaction_key, posted_at, lower(line_type), description, order_id, order_line,
        customer_order_id, customer_order_line, lower(amount_type), sku
    ) AS line_key,
    CASE WHEN plain_word(line_type) = 'dispute_settlement' THEN 'walmart_dispute' END AS program
FROM typed CROSS JOIN payment CROSS JOIN this_file;

CREATE TEMP TABLE incoming_ledger_lines AS
SELECT
    'walmart' AS channel,
    'walmart_recon' AS origin,
    line_key AS unit_key,
    line_key,
    row_number() OVER (PARTITION BY line_key ORDER BY line_no) AS occurrence,
    said_marketplace AS marketplace,
    period AS settlement_id,
    posted_at,
    precision_of(r_posted_at) AS posted_precision,
    order_id,
    sku,
    quantity,
    transaction_key AS reference_id,
    line_type,
    amount_type,
    concat_ws(': ', description, reason_raw) AS description,
    amount,
    CASE WHEN plain_word(amount_type) = 'product_price' THEN amount END AS price_amount,
    currency,
    program,
    CASE
        WHEN program IS NULL THEN NULL
        WHEN amount > 0 THEN 'grant'
        WHEN amount < 0 THEN 'reversal'
    END AS kind,
    with_more(
        extra,
        json_object('Customer Order #', customer_order_id, 'Fulfillment Type', fulfilment)
    ) AS extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM told CROSS JOIN this_file;

CREATE TEMP TABLE unmapped AS
SELECT 'transaction_type' AS column_name, line_type AS value, count(*) AS n_rows
FROM told
WHERE plain_word(line_type) NOT IN ('sale', 'refund', 'adjustment', 'dispute_settlement')
GROUP BY line_type
UNION ALL
SELECT 'currency', '(no row names one: say --marketplace)', count(*)
FROM told
WHERE currency IS NULL
HAVING count(*) > 0;
