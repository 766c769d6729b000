-- Claims in another currency than their order.
--
-- A claim is paid in the currency of its marketplace: either the currency was mistyped, or the claim
-- names the wrong order. Sums per currency are then off by the claim's amount.
--
-- See what the venue shows for the claim; correct the tracker and load it with --replaces.

SELECT
    place.file_id,
    place.line_no,
    'claim ' || c.claim_id AS what,
    'in ' || c.currency || ', its order ' || c.order_id || ' in ' || o.currency AS detail
FROM v_claims AS c
JOIN v_orders AS o USING (channel, order_id)
LEFT JOIN v_claim_places AS place USING (program, claim_id)
WHERE c.currency <> o.currency;
