-- Money of a claim program that belongs to no claim in the book.
--
-- The money was moved, so there was a claim: an export that tells of it is missing, or its order or
-- id differs.
--
-- Load the claims of that time, or note the claim in your tracker with its order id and SKU.

SELECT
    file_id,
    line_no,
    program || coalesce(', order ' || order_id, '') AS what,
    concat_ws(' ', CAST(amount AS VARCHAR), currency) || ': ' || why AS detail
FROM v_money_unlinked;
