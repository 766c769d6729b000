-- Orders and their lines as they hold now, and the cut-off of all data.
-- The comment above a view and the one beside a column become their COMMENTs.

-- The data cut-off: one row with the time of the latest event in the book. Deadlines do not count, nor do
-- ratings of evidence: both may lie after the last thing known of any claim.
CREATE OR REPLACE VIEW v_cutoff AS
SELECT
    max(latest) AS as_of -- Latest event in the book (UTC); null while it holds none.
FROM (
    SELECT max(greatest(purchased_at, updated_at)) AS latest FROM history.order_lines WHERE is_current
    UNION ALL SELECT max(greatest(ordered_at, requested_at, delivered_at, safet_created_at)) FROM returns
    UNION ALL SELECT max(shipped_at) FROM replacements
    UNION ALL SELECT max(approved_at) FROM reimbursements
    UNION ALL
    SELECT max(greatest(contacted_at, filed_at, decided_at, appealed_at, appeal_decided_at)) FROM claims
    UNION ALL SELECT max(occurred_at) FROM claim_events
    UNION ALL SELECT max(submitted_at) FROM evidence
    UNION ALL SELECT max(posted_at) FROM ledger_lines
    UNION ALL SELECT max(occurred_at) FROM inventory_events
    UNION ALL SELECT max(pulled_at) FROM source_files
);

-- Order lines that hold now: one row per line of an order, in their order of appearance.
CREATE OR REPLACE VIEW order_items AS
SELECT
    channel, -- Where it was sold.
    order_id, -- The venue's order id.
    row_number() OVER (PARTITION BY channel, order_id ORDER BY line_no) AS item_no, -- Place of the line within its order, from 1.
    sku, -- The seller's article number.
    asin, -- Amazon's article number.
    product_name, -- Title as the export writes it.
    item_status, -- Status as the export writes it.
    quantity, -- Units ordered; 0 on cancelled lines.
    currency, -- Currency of the amounts.
    item_price, -- Price of the line, all units.
    item_tax, -- Tax on the price.
    shipping_price, -- Shipping charged.
    shipping_tax, -- Tax on shipping.
    gift_wrap_price, -- Gift wrap charged.
    gift_wrap_tax, -- Tax on gift wrap.
    item_promotion_discount, -- Discount on the price.
    ship_promotion_discount, -- Discount on shipping.
    extra, -- Columns the format does not know, by their header name.
    version_at, -- The order's last update, by which a newer export wins.
    file_id, -- The file it came from.
    line_no -- The line in that file.
FROM history.order_lines
WHERE is_current;

-- Orders that hold now: one row per order, its newest state.
CREATE OR REPLACE VIEW orders AS
SELECT
    channel, -- Where it was sold: amazon, or another venue.
    order_id, -- The venue's order id.
    any_value(marketplace ORDER BY line_no) AS marketplace, -- Country code of the marketplace, such as US; raw text where unmapped.
    min(purchased_at) AS purchased_at, -- When the buyer ordered (UTC).
    max(updated_at) AS updated_at, -- When the venue last changed the order (UTC).
    first(order_status ORDER BY line_no) AS order_status, -- Status as the export writes it.
    first(fulfilment ORDER BY line_no) AS fulfilment, -- Who ships: seller or platform.
    first(sales_channel ORDER BY line_no) AS sales_channel, -- Sales channel as the export writes it, such as Amazon.com.
    first(ship_service ORDER BY line_no) AS ship_service, -- Service level as the export writes it.
    first(ship_country ORDER BY line_no) AS ship_country, -- Destination country as the export writes it.
    any_value(currency ORDER BY line_no) AS currency, -- Currency of the amounts; null where no line carries one.
    bool_or(is_business) AS is_business, -- Whether a business bought; null when unknown.
    any_value(buyer_hash) AS buyer_hash, -- Keyed hash of the buyer's id; null where the export has none.
    count(*) AS n_lines, -- Order lines.
    sum(quantity) AS n_units, -- Units ordered.
    sum(item_price) AS item_amount, -- Price of all lines, in currency; null when no line carries one.
    CASE WHEN min(sku) = max(sku) THEN min(sku) END AS only_sku, -- The order's SKU where all lines have the same one.
    max(version_at) AS version_at, -- The state's time, by which a newer export wins.
    any_value(file_id) AS file_id, -- The file this state came from.
    min(line_no) AS line_no -- The order's first line in that file.
FROM history.order_lines
WHERE is_current
GROUP BY channel, order_id;

-- Orders: one row per order with its lines summed. Amounts are in the order's own currency.
CREATE OR REPLACE VIEW v_orders AS
SELECT
    orders.channel, -- Where it was sold.
    orders.order_id, -- The venue's order id.
    orders.marketplace, -- Country code of the marketplace.
    orders.purchased_at, -- When the buyer ordered (UTC).
    strftime(orders.purchased_at, '%Y-%m') AS ordered_month, -- Month of the order.
    orders.updated_at, -- When the venue last changed the order (UTC).
    orders.order_status, -- Status as the export writes it.
    orders.fulfilment, -- Who ships: seller or platform.
    orders.ship_country, -- Destination country as the export writes it.
    orders.is_business, -- Whether a business bought.
    orders.currency, -- Currency of the amounts.
    orders.n_lines, -- Order lines.
    orders.n_units, -- Units ordered.
    orders.item_amount, -- Price of all lines; null when no line carries one.
    orders.only_sku -- The order's SKU where all lines have the same one.
FROM orders;
