-- All Orders -> order_lines, one per line of an order. The export has no line id, so a line is known by its
-- place within its order; identical lines stay two. The newest last-updated-date wins, for the order as
-- a whole.
CREATE TEMP TABLE incoming_order_lines AS
SELECT
    'amazon' AS channel,
    order_id,
    order_key_of(order_id) AS order_key,
    coalesce(marketplaces.marketplace, sales_channel, said_marketplace) AS marketplace,
    purchased_at,
    updated_at,
    order_status,
    CASE lower(fulfilment) WHEN 'amazon' THEN 'platform' WHEN 'merchant' THEN 'seller' END AS fulfilment,
    sales_channel, ship_service, ship_country, is_business,
    sku, asin, product_name, item_status, quantity, currency,
    item_price, item_tax, shipping_price, shipping_tax, gift_wrap_price, gift_wrap_tax,
    item_promotion_discount, ship_promotion_discount,
    extra,
    coalesce(updated_at, this_file.version_at) AS version_at,
    this_file.file_id,
    line_no
FROM typed
LEFT JOIN marketplaces ON marketplaces.name = lower(sales_channel)
CROSS JOIN this_file;

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
