-- Date-range transactions -> ledger_lines (one per row). No column names the currency: the sentence
-- above the table says it, else the marketplace. Files overlap, so each line stands for itself: what
-- identifies it is its time, settlement, order, article and total, the same in every language, and its
-- place among its like. Of lines that are alike, as many hold as the file has that tells most of them.
CREATE TEMP TABLE lines AS
WITH placed AS (
    SELECT
        t.*,
        marketplace_of(coalesce(t.marketplace, f.said_marketplace)) AS country,
        currency_above(f.preamble) AS said_currency
    FROM typed AS t CROSS JOIN this_file AS f
)
SELECT
    p.*,
    coalesce(
        p.said_currency,
        c.currency,
        -- Transfers and fees name no marketplace: they are in the currency of the rows that do.
        CASE WHEN min(c.currency) OVER () = max(c.currency) OVER () THEN min(c.currency) OVER () END
    ) AS money_currency,
    coalesce(product_sales, 0) + coalesce(product_sales_tax, 0) + coalesce(shipping, 0)
    + coalesce(shipping_tax, 0) + coalesce(gift_wrap, 0) + coalesce(gift_wrap_tax, 0)
    + coalesce(promotions, 0) + coalesce(promotions_tax, 0) + coalesce(sales_tax, 0) AS price_amount,
    coalesce(regulatory_fee, 0) + coalesce(regulatory_fee_tax, 0) + coalesce(points, 0)
    + coalesce(withheld_tax, 0) + coalesce(tcs_cgst, 0) + coalesce(tcs_sgst, 0)
    + coalesce(tcs_igst, 0) + coalesce(tds, 0) + coalesce(selling_fees, 0) + coalesce(fba_fees, 0)
    + coalesce(other_fees, 0) + coalesce(other_amount, 0) AS charged_amount
FROM placed AS p
LEFT JOIN marketplace_currencies AS c ON c.marketplace = p.country;

CREATE TEMP TABLE meanings AS
WITH texts AS (
    SELECT DISTINCT money_text(line_type, NULL, description, price_amount) AS text FROM lines
)
SELECT t.text, r.program, r.kind, p.direction
FROM texts AS t
JOIN money_rules AS r ON regexp_matches(t.text, r.pattern)
LEFT JOIN programs AS p USING (program)
QUALIFY row_number() OVER (PARTITION BY t.text ORDER BY r.priority) = 1;

CREATE TEMP TABLE incoming_ledger_lines AS
WITH hashed AS (
    SELECT
        *,
        md5(concat_ws(
            chr(31),
            occurred_at, coalesce(settlement_id, ''), coalesce(order_id, ''), coalesce(sku, ''),
            coalesce(CAST(quantity AS VARCHAR), ''), coalesce(money_currency, ''), total
        )) AS line_key
    FROM lines
),
keyed AS (
    SELECT *, row_number() OVER (PARTITION BY line_key ORDER BY line_no) AS occurrence FROM hashed
)
SELECT
    'amazon' AS channel,
    'amazon_date_range' AS origin,
    k.line_key || '/' || k.occurrence AS unit_key,
    k.line_key,
    k.occurrence,
    k.country AS marketplace,
    k.settlement_id,
    k.occurred_at AS posted_at,
    precision_of(k.r_occurred_at) AS posted_precision,
    k.order_id,
    k.sku,
    k.quantity,
    CAST(NULL AS VARCHAR) AS reference_id,
    k.line_type,
    CAST(NULL AS VARCHAR) AS amount_type,
    k.description,
    k.total AS amount,
    k.price_amount,
    k.money_currency AS currency,
    m.program,
    money_kind(m.kind, m.direction, k.total, nullif(k.price_amount, 0)) AS kind,
    k.extra,
    f.version_at,
    f.file_id,
    k.line_no
FROM keyed AS k
CROSS JOIN this_file AS f
LEFT JOIN meanings AS m ON m.text = money_text(k.line_type, NULL, k.description, k.price_amount);

INSERT INTO remarks
SELECT
    'parts do not add up to their total, which was taken: rows ' || count(*) || ', the first in line '
    || min(line_no) || '.'
FROM lines
WHERE price_amount + charged_amount <> total
HAVING count(*) > 0
UNION ALL
SELECT
    'no currency is named, nor in the text above the header: rows ' || count(*) || ', the first in '
    || 'line ' || min(line_no) || '; load the file with --marketplace.'
FROM lines
WHERE money_currency IS NULL
HAVING count(*) > 0;

CREATE TEMP TABLE unmapped AS
SELECT
    'money' AS column_name,
    concat_ws(' / ', line_type, description) AS value,
    count(*) AS n_rows
FROM incoming_ledger_lines
WHERE kind = 'unknown'
GROUP BY ALL
UNION ALL
SELECT 'transaction_status', transaction_status, count(*)
FROM typed
WHERE transaction_status IS NOT NULL
    AND plain_word(transaction_status) NOT IN (SELECT word FROM transaction_states)
GROUP BY transaction_status;
