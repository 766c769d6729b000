-- What sources and conclusions say of claims, but for claims whose id is derived from an order and of
-- which the same program and order has one whose id is known: they are the same claim.
CREATE OR REPLACE TEMP VIEW known_records AS
WITH told AS (
    FROM claim_records UNION ALL BY NAME FROM derived_claims
)
SELECT *
FROM told AS r
WHERE NOT (
    r.id_is_derived AND EXISTS (
        SELECT 1 FROM told AS k
        WHERE k.program = r.program AND k.order_id = r.order_id AND NOT k.id_is_derived
    )
);
