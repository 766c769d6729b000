-- Etsy's statement -> ledger_lines, one per row, and order_lines for sales. The order's number stands in the
-- title or the info of a line. Lines have no id: one is known by its day, type, title, info and currency.
CREATE TEMP TABLE told AS
SELECT
    *,
    regexp_extract(
        concat_ws(' ', title, info),
        '(?i)(?:order|bestellung|pedido|commande|ordine)[^0-9#]{0,6}#? ?(\d{6,})',
        1
    ) AS found_order,
    nullif(found_order, '') AS order_id,
    plain_word(line_type) IN ('sale', 'venta', 'verkauf', 'vente', 'vendita') AS is_sale,
    concat_ws('|', posted_at, lower(line_type), title, info, currency) AS line_key
FROM typed;

CREATE TEMP TABLE incoming_ledger_lines AS
SELECT
    'etsy' AS channel,
    'etsy_statement' AS origin,
    line_key AS unit_key,
    line_key,
    row_number() OVER (PARTITION BY line_key ORDER BY line_no) AS occurrence,
    said_marketplace AS marketplace,
    posted_at,
    precision_of(r_posted_at) AS posted_precision,
    order_id,
    order_id AS reference_id,
    line_type,
    concat_ws(': ', title, info) AS description,
    amount,
    price_amount,
    currency,
    with_more(extra, json_object('Status', status)) AS extra,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM told CROSS JOIN this_file;

CREATE TEMP TABLE incoming_order_lines AS
SELECT
    'etsy' AS channel,
    order_id,
    said_marketplace AS marketplace,
    posted_at AS purchased_at,
    currency,
    price_amount AS item_price,
    this_file.version_at,
    this_file.file_id,
    line_no
FROM told CROSS JOIN this_file
WHERE is_sale AND order_id IS NOT NULL;

CREATE TEMP TABLE unmapped AS
SELECT 'type' AS column_name, line_type AS value, count(*) AS n_rows
FROM told
WHERE NOT is_sale AND plain_word(line_type) NOT IN (
    'refund', 'fee', 'tax', 'vat', 'gst', 'marketing', 'deposit', 'buyer_fee', 'shipping',
    'transaction', 'payment', 'recoupment', 'reserve', 'adjustment', 'disbursement', 'credit',
    'gebühr', 'steuer', 'rückerstattung', 'überweisung',
    'tarifa', 'impuesto', 'reembolso', 'depósito', 'iva'
)
GROUP BY line_type
UNION ALL
SELECT 'order', '(a sale without the number of its order)', count(*)
FROM told
WHERE is_sale AND order_id IS NULL
HAVING count(*) > 0;
