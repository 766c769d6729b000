-- eBay transactions -> ledger_lines, one per row, and order_lines for the rows of orders.
-- An order of several items has a row with the money and no item, and a row per item without money: the
-- first is the ledger's, the others are the order's lines, and money is counted once. Lines have no id: one is
-- known by its day, type and ids, not by its payout, which is filled in later.
CREATE TEMP TABLE told AS
SELECT
    * EXCLUDE (currency),
    coalesce(currency, any_value(currency) OVER same_order) AS currency,
    item_id IS NOT NULL OR item_title IS NOT NULL AS has_item,
    lower(line_type) = 'order' AND order_id IS NOT NULL AS is_order,
    is_order AND has_item AND bool_or(is_order AND NOT has_item) OVER same_order AS is_detail,
    is_order AND NOT has_item AND bool_or(is_order AND has_item) OVER same_order AS is_roll_up,
    nullif(
        regexp_extract(reference, '(?i)\b(?:case|dispute)\s*(?:id)?\s*[:#]?\s*(\d{5,})$', 1), ''
    ) AS case_id,
    CASE
        WHEN regexp_matches(line_type, '(?i)dispute|chargeback') THEN 'ebay_payment_dispute'
        WHEN regexp_matches(line_type, '(?i)^(claim|case)\b') THEN 'ebay_case'
        WHEN lower(line_type) = 'refund' AND case_id IS NOT NULL THEN 'ebay_case'
    END AS program,
    CASE WHEN NOT is_detail THEN net_amount END AS amount,
    concat_ws(
        '|', posted_at, lower(line_type), order_id, item_id, transaction_id, reference, description, sku
    ) AS line_key
FROM typed
WINDOW same_order AS (PARTITION BY order_id, lower(line_type) = 'order');

CREATE TEMP TABLE incoming_ledger_lines AS
SELECT
    'ebay' AS channel,
    'ebay_transactions' AS origin,
    line_key AS unit_key,
    line_key,
    row_number() OVER (PARTITION BY line_key ORDER BY line_no) AS occurrence,
    said_marketplace AS marketplace,
    payout_id AS settlement_id,
    posted_at,
    precision_of(r_posted_at) AS posted_precision,
    order_id,
    sku,
    quantity,
    coalesce(case_id, reference, transaction_id) AS reference_id,
    line_type,
    CASE WHEN is_detail THEN 'item of an order' END AS amount_type,
    description,
    amount,
    CASE WHEN NOT is_detail AND currency = payout_currency THEN gross_amount END AS price_amount,
    CASE WHEN amount IS NOT NULL THEN payout_currency END AS currency,
    program,
    -- Where the buyer claims, money that leaves the seller is what the buyer was granted; but for fees.
    CASE
        WHEN program IS NULL OR regexp_matches(description, '(?i)\bfee\b') THEN NULL
        WHEN amount < 0 THEN 'grant'
        WHEN amount > 0 THEN 'recovery'
    END AS kind,
    extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM told CROSS JOIN this_file;

CREATE TEMP TABLE incoming_order_lines AS
SELECT
    'ebay' AS channel,
    order_id,
    said_marketplace AS marketplace,
    posted_at AS purchased_at,
    ship_country,
    buyer_hash,
    sku,
    item_title AS product_name,
    quantity,
    currency,
    item_price,
    item_tax,
    shipping_price,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM told CROSS JOIN this_file
WHERE is_order AND NOT is_roll_up;

CREATE TEMP TABLE unmapped AS
SELECT 'type' AS column_name, line_type AS value, count(*) AS n_rows
FROM told
WHERE plain_word(line_type) NOT IN (
    'order', 'refund', 'hold', 'other_fee', 'payout', 'claim', 'case', 'payment_dispute',
    'shipping_label', 'adjustment', 'transfer', 'charge'
)
GROUP BY line_type;
