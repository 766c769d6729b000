-- Settlement flat file V2 -> ledger_lines (one per amount). The first row is a summary: its currency
-- holds for rows that name none, its total is held against the sum of the rows. A settlement that is
-- downloaded again replaces its lines as a whole. Identical rows are legitimate and stay: what tells them
-- apart is their place among their like, so that rows in another order are the same settlement.
CREATE TEMP TABLE summaries AS
SELECT
    r_settlement_id AS settlement_id,
    any_value(upper(r_currency)) AS currency,
    any_value(parse_amount(r_total_amount)) AS total_amount
FROM not_rows
WHERE r_settlement_id IS NOT NULL
GROUP BY r_settlement_id;

CREATE TEMP TABLE lines AS
SELECT
    t.*,
    coalesce(posted_at, posted_on) AS moved_at,
    precision_of(coalesce(r_posted_at, r_posted_on)) AS moved_precision,
    coalesce(t.currency, s.currency, c.currency) AS money_currency,
    marketplace_of(coalesce(t.marketplace, f.said_marketplace)) AS country,
    CASE
        WHEN plain_word(amount_type) IN ('itemprice', 'item_price', 'promotion') THEN amount
        WHEN amount_type IS NOT NULL THEN 0
    END AS price_amount
FROM typed AS t
CROSS JOIN this_file AS f
LEFT JOIN summaries AS s USING (settlement_id)
LEFT JOIN marketplace_currencies AS c
    ON c.marketplace = marketplace_of(coalesce(t.marketplace, f.said_marketplace));

CREATE TEMP TABLE meanings AS
WITH texts AS (
    SELECT DISTINCT
        transaction_type,
        amount_type,
        amount_description,
        money_text(transaction_type, amount_type, amount_description, NULL) AS text
    FROM lines
)
SELECT t.*, r.program, r.kind, p.direction
FROM texts AS t
JOIN money_rules AS r ON regexp_matches(t.text, r.pattern)
LEFT JOIN programs AS p USING (program)
QUALIFY row_number() OVER (PARTITION BY t.text ORDER BY r.priority) = 1;

CREATE TEMP TABLE incoming_ledger_lines AS
WITH keyed AS (
    SELECT
        l.*,
        md5(concat_ws(
            chr(31),
            moved_at, r_transaction_type, r_amount_type, r_amount_description, amount,
            coalesce(r_order_id, ''), coalesce(r_merchant_order_id, ''), coalesce(r_sku, ''),
            coalesce(r_adjustment_id, ''), coalesce(r_shipment_id, ''), coalesce(r_quantity, ''),
            coalesce(r_fulfilment_id, ''), coalesce(r_order_item_code, ''),
            coalesce(r_merchant_order_item_id, ''), coalesce(r_merchant_adjustment_item_id, ''),
            coalesce(r_promotion_id, '')
        )) AS line_key
    FROM lines AS l
)
SELECT
    'amazon' AS channel,
    'amazon_settlement_v2' AS origin,
    k.settlement_id AS unit_key,
    k.line_key,
    row_number() OVER (PARTITION BY k.settlement_id, k.line_key ORDER BY k.line_no) AS occurrence,
    k.country AS marketplace,
    k.settlement_id,
    k.moved_at AS posted_at,
    k.moved_precision AS posted_precision,
    k.order_id,
    k.sku,
    k.quantity,
    k.adjustment_id AS reference_id,
    k.transaction_type AS line_type,
    k.amount_type,
    k.amount_description AS description,
    k.amount,
    k.price_amount,
    k.money_currency AS currency,
    m.program,
    money_kind(m.kind, m.direction, k.amount, k.price_amount) AS kind,
    k.extra,
    f.version_at,
    f.file_id,
    k.line_no
FROM keyed AS k
CROSS JOIN this_file AS f
LEFT JOIN meanings AS m
    ON m.transaction_type IS NOT DISTINCT FROM k.transaction_type
    AND m.amount_type IS NOT DISTINCT FROM k.amount_type
    AND m.amount_description IS NOT DISTINCT FROM k.amount_description;

INSERT INTO remarks
WITH sums AS (
    SELECT settlement_id, sum(amount) AS amount, any_value(currency) AS currency
    FROM incoming_ledger_lines GROUP BY settlement_id
)
SELECT
    'the rows of settlement ' || settlement_id || ' add up to ' || coalesce(n.amount, 0)
    || ' and its summary says ' || s.total_amount || coalesce(' ' || s.currency, '')
    || ': rows are missing, rejected or doubled.'
FROM summaries AS s
LEFT JOIN sums AS n USING (settlement_id)
WHERE coalesce(n.amount, 0) <> s.total_amount
UNION ALL
SELECT 'settlement ' || settlement_id || ' has no summary row: its total was not checked.'
FROM sums ANTI JOIN summaries USING (settlement_id)
UNION ALL
SELECT 'the summary of settlement ' || settlement_id || ' has no total that can be read: it was not checked.'
FROM summaries WHERE total_amount IS NULL
UNION ALL
SELECT
    'rows of settlement ' || settlement_id || ' name no currency, nor does anything else in the file; '
    || 'load it with --marketplace.'
FROM sums WHERE currency IS NULL;

CREATE TEMP TABLE unmapped AS
SELECT
    'money' AS column_name,
    concat_ws(' / ', line_type, amount_type, description) AS value,
    count(*) AS n_rows
FROM incoming_ledger_lines
WHERE kind = 'unknown'
GROUP BY ALL;
