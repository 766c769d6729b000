-- All Orders -> order_items (one per line) and orders (one per order).
-- The export has no line id, so a line is known by its place within its order; identical lines stay
-- two. The newest last-updated-date wins, for the order as a whole.
CREATE TEMP TABLE incoming_order_items AS
SELECT
    'amazon' AS channel,
    order_id,
    row_number() OVER (PARTITION BY order_id, updated_at ORDER BY line_no) AS item_no,
    sku, asin, product_name, item_status, quantity, currency,
    item_price, item_tax, shipping_price, shipping_tax, gift_wrap_price, gift_wrap_tax,
    item_promotion_discount, ship_promotion_discount,
    extra,
    coalesce(updated_at, this_file.version_at) AS version_at,
    this_file.file_id,
    line_no
FROM typed CROSS JOIN this_file;

CREATE TEMP TABLE incoming_orders AS
SELECT
    'amazon' AS channel,
    order_id,
    marketplace_of(first(sales_channel ORDER BY line_no)) AS marketplace,
    min(purchased_at) AS purchased_at,
    any_value(updated_at) AS updated_at,
    first(order_status ORDER BY line_no) AS order_status,
    CASE lower(first(fulfilment ORDER BY line_no))
        WHEN 'amazon' THEN 'platform' WHEN 'merchant' THEN 'seller'
    END AS fulfilment,
    first(sales_channel ORDER BY line_no) AS sales_channel,
    first(ship_service ORDER BY line_no) AS ship_service,
    first(ship_country ORDER BY line_no) AS ship_country,
    any_value(currency ORDER BY line_no) AS currency,
    bool_or(is_business) AS is_business,
    coalesce(updated_at, any_value(this_file.version_at)) AS version_at,
    any_value(this_file.file_id) AS file_id,
    min(line_no) AS line_no
FROM typed CROSS JOIN this_file
GROUP BY order_id, updated_at;

CREATE TEMP TABLE unmapped AS
SELECT 'fulfilment' AS column_name, fulfilment AS value, count(*) AS n_rows
FROM typed
WHERE fulfilment IS NOT NULL AND lower(fulfilment) NOT IN ('amazon', 'merchant')
GROUP BY fulfilment
UNION ALL
SELECT 'marketplace', sales_channel, count(*)
FROM typed
WHERE lower(sales_channel) NOT IN (SELECT name FROM marketplaces)
    AND lower(sales_channel) NOT LIKE 'non-amazon%'
GROUP BY sales_channel;
