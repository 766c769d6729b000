-- Claims whose order the book lacks, though it holds the orders of that venue and time.
--
-- The order id is mistyped, or an export of orders is missing in between: country, fulfilment and
-- month of the order are unknown for the claim, and orders per claim come out wrong.
--
-- Correct the id in the tracker, or load the export of orders of that time.

WITH rule AS (
    -- A buyer may claim until 90 days after the latest delivery date: where no return tells the day of
    -- the order, it is looked for from then on.
    SELECT INTERVAL 90 DAY AS before_filing
),
held AS (
    SELECT channel, marketplace, min(purchased_at) AS first_at, max(purchased_at) AS last_at
    FROM orders
    GROUP BY channel, marketplace
),
returned AS (
    SELECT channel, order_id, min(ordered_at) AS ordered_at FROM returns GROUP BY channel, order_id
)
SELECT
    place.file_id,
    place.line_no,
    'claim ' || c.claim_id AS what,
    'order ' || c.order_id || ' is not in the book'
    || coalesce('; filed ' || strftime(c.filed_at, '%Y-%m-%d'), '') AS detail
FROM v_claims AS c
LEFT JOIN returned AS r USING (channel, order_id)
LEFT JOIN v_claim_places AS place USING (program, claim_id)
WHERE c.order_id IS NOT NULL AND NOT c.has_order
    AND EXISTS (
        SELECT 1 FROM held, rule
        WHERE held.channel = c.channel
            AND (c.marketplace IS NULL OR held.marketplace = c.marketplace)
            AND held.first_at <= coalesce(r.ordered_at, c.filed_at - rule.before_filing)
            AND held.last_at >= coalesce(r.ordered_at, c.filed_at)
    );
