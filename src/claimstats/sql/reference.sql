-- Rules and vocabularies that come with claimstats: data, not code, so that a reader can see them.
-- They are written anew whenever a book is opened by another version.

-- Claim programs and who claims in them.
CREATE OR REPLACE TABLE programs (
    program VARCHAR PRIMARY KEY, -- The program's name in every table.
    channel VARCHAR NOT NULL, -- The venue.
    direction VARCHAR NOT NULL, -- seller_claims or buyer_claims.
    title VARCHAR NOT NULL -- The program's name for readers.
);
INSERT INTO programs VALUES
    ('amazon_safet', 'amazon', 'seller_claims', 'Amazon SAFE-T'),
    ('amazon_atoz', 'amazon', 'buyer_claims', 'Amazon A-to-z Guarantee'),
    ('amazon_chargeback', 'amazon', 'buyer_claims', 'Amazon chargeback'),
    ('amazon_fba_reimbursement', 'amazon', 'seller_claims', 'Amazon FBA reimbursement'),
    ('amazon_fba_inbound', 'amazon', 'seller_claims', 'Amazon FBA inbound shipment'),
    ('stripe_dispute', 'stripe', 'buyer_claims', 'Stripe dispute'),
    ('paypal_case', 'paypal', 'buyer_claims', 'PayPal case'),
    ('ebay_case', 'ebay', 'buyer_claims', 'eBay case'),
    ('ebay_payment_dispute', 'ebay', 'buyer_claims', 'eBay payment dispute'),
    ('walmart_dispute', 'walmart', 'seller_claims', 'Walmart dispute'),
    ('tiktok_return_dispute', 'tiktok', 'buyer_claims', 'TikTok Shop return dispute'),
    ('etsy_case', 'etsy', 'buyer_claims', 'Etsy case'),
    ('shopify_dispute', 'shopify', 'buyer_claims', 'Shopify dispute'),
    ('carrier_claim', 'carrier', 'seller_claims', 'Carrier claim'),
    ('other', 'other', 'seller_claims', 'Other claim');

-- Words for programs, compared in lower case with every run of other signs as one underscore.
CREATE OR REPLACE TABLE program_words (
    word VARCHAR PRIMARY KEY, -- The word as normalised.
    program VARCHAR NOT NULL -- The program it means.
);
INSERT INTO program_words
SELECT program AS word, program FROM programs
UNION ALL VALUES
    ('safe_t', 'amazon_safet'), ('safet', 'amazon_safet'), ('amazon_safe_t', 'amazon_safet'),
    ('a_to_z', 'amazon_atoz'), ('atoz', 'amazon_atoz'), ('amazon_a_to_z', 'amazon_atoz'),
    ('a_to_z_guarantee', 'amazon_atoz'), ('chargeback', 'amazon_chargeback'),
    ('fba', 'amazon_fba_reimbursement'), ('fba_reimbursement', 'amazon_fba_reimbursement'),
    ('fba_inbound', 'amazon_fba_inbound');

-- What each outcome counts as, from the claimant's side and from the seller's.
CREATE OR REPLACE TABLE outcome_rules (
    direction VARCHAR NOT NULL, -- Who claims.
    outcome VARCHAR NOT NULL, -- The outcome, relative to the claimant.
    event VARCHAR NOT NULL, -- open, approved, denied, ended (without a decision) or unknown.
    seller_outcome VARCHAR, -- won, partial, lost, neutral or pending for the seller; null: unknown.
    meaning VARCHAR NOT NULL, -- What the outcome means.
    PRIMARY KEY (direction, outcome)
);
INSERT INTO outcome_rules VALUES
    ('seller_claims', 'pending', 'open', 'pending', 'Not decided yet.'),
    ('seller_claims', 'granted_full', 'approved', 'won', 'All that was asked for was granted.'),
    ('seller_claims', 'granted_partial', 'approved', 'partial', 'A part was granted.'),
    ('seller_claims', 'replaced', 'approved', 'won', 'Granted in goods instead of money.'),
    ('seller_claims', 'denied', 'denied', 'lost', 'Refused.'),
    ('seller_claims', 'expired', 'denied', 'lost', 'Lapsed by a missed deadline: nothing was granted.'),
    ('seller_claims', 'reversed', 'denied', 'lost', 'Granted first, then taken back.'),
    ('seller_claims', 'withdrawn', 'ended', 'neutral', 'Withdrawn by the claimant before a decision.'),
    ('seller_claims', 'settled_by_seller', 'ended', 'neutral', 'Settled by the seller before a decision.'),
    ('seller_claims', 'unknown', 'unknown', NULL, 'The source does not say.'),
    ('buyer_claims', 'pending', 'open', 'pending', 'Not decided yet.'),
    ('buyer_claims', 'granted_full', 'approved', 'lost', 'All that was asked for was granted.'),
    ('buyer_claims', 'granted_partial', 'approved', 'partial', 'A part was granted.'),
    ('buyer_claims', 'replaced', 'approved', 'lost', 'Granted in goods instead of money.'),
    ('buyer_claims', 'denied', 'denied', 'won', 'Refused.'),
    ('buyer_claims', 'expired', 'denied', 'won', 'Lapsed by a missed deadline: nothing was granted.'),
    ('buyer_claims', 'reversed', 'denied', 'won', 'Granted first, then taken back.'),
    ('buyer_claims', 'withdrawn', 'ended', 'neutral', 'Withdrawn by the claimant before a decision.'),
    ('buyer_claims', 'settled_by_seller', 'ended', 'neutral', 'Settled by the seller before a decision.'),
    ('buyer_claims', 'unknown', 'unknown', NULL, 'The source does not say.');

-- Words for outcomes and states: the first pattern that a text contains decides, in order of priority.
-- A refusal comes before a grant (No-Grant, Not approved), a decision made (Approved after review)
-- before work under way (Pending approval), and that before the bare word (Grant). What an appeal came
-- to is the claim's outcome where the seller claims; where the buyer claims the text does not say whose
-- appeal it was. Texts that fit no pattern stay unknown and are listed when a file is loaded.
CREATE OR REPLACE TABLE state_rules (
    priority INTEGER PRIMARY KEY, -- Lower is tried first.
    pattern VARCHAR NOT NULL, -- Regular expression on the text in capitals, words joined by one space.
    direction VARCHAR, -- Only for claims of this direction; null for both.
    outcome VARCHAR NOT NULL -- The outcome it means, relative to the claimant.
);
INSERT INTO state_rules VALUES
    (1, '^GRANTED FULL$', NULL, 'granted_full'),
    (2, '^GRANTED PARTIAL$', NULL, 'granted_partial'),
    (3, '^REPLACED$', NULL, 'replaced'),
    (4, '^DENIED$', NULL, 'denied'),
    (5, '^WITHDRAWN$', NULL, 'withdrawn'),
    (6, '^SETTLED BY SELLER$', NULL, 'settled_by_seller'),
    (7, '^EXPIRED$', NULL, 'expired'),
    (8, '^REVERSED$', NULL, 'reversed'),
    (9, '^PENDING$', NULL, 'pending'),
    (10, '^UNKNOWN$', NULL, 'unknown'),

    (20, 'NOT YET|\bTO BE (GRANTED|APPROVED|DECIDED|REIMBURSED)', NULL, 'pending'),
    (21, 'WITHDR[AE]W|CANCELL?ED|WARNING CLOSED', NULL, 'withdrawn'),
    (22, 'SELLER REFUNDED|REFUNDED BY (THE )?SELLER|CHARGE REFUNDED', NULL, 'settled_by_seller'),
    (23, 'EXPIRED|LAPSED|TIMED OUT', NULL, 'expired'),
    (24, '(GRANT|APPROV|REIMBURSE|PAYMENT).*REVERS(ED|AL)|CLAWED BACK|TAKEN BACK', NULL, 'reversed'),
    (25, '^REPLACEMENT( (SENT|ISSUED|SHIPPED))?$', NULL, 'replaced'),

    (30, 'APPEAL( (WAS|IS|HAS BEEN))? (DENIED|REJECTED|DECLINED|UNSUCCESSFUL|LOST)|RECURSO (NEGAD|REJEIT)|(DENIED|REJECTED|DECLINED) (ON|AFTER) APPEAL', 'seller_claims', 'denied'),
    (31, 'APPEAL( (WAS|IS|HAS BEEN))? (GRANTED|APPROVED|ACCEPTED|SUCCESSFUL|WON)|RECURSO (APROVAD|ACEIT)|(GRANTED|APPROVED) (ON|AFTER) APPEAL', 'seller_claims', 'granted_full'),
    (32, 'APPEAL( (WAS|IS|HAS BEEN))? (DENIED|REJECTED|DECLINED|UNSUCCESSFUL|LOST|GRANTED|APPROVED|ACCEPTED|SUCCESSFUL|WON)|RECURSO (NEGAD|REJEIT|APROVAD|ACEIT)|(DENIED|REJECTED|DECLINED|GRANTED|APPROVED) (ON|AFTER) APPEAL', 'buyer_claims', 'unknown'),

    (40, 'PARTIAL \w+ (WAS )?(DENIED|REJECTED|DECLINED)', NULL, 'denied'),
    (41, 'PARTIAL.*(PENDING|REQUESTED)|(PENDING|AWAIT|REQUESTED).*PARTIAL', NULL, 'pending'),
    (42, 'PARTIAL', NULL, 'granted_partial'),
    (43, 'NO ?GRANT|NO REIMBURSEMENT|WITHOUT (GRANT|REIMBURSEMENT)|NOT( BEEN)? (GRANTED|APPROVED|ACCEPTED|REIMBURSED|ELIGIBLE)|INELIGIBLE|DISAPPROV|UNAPPROV|N[ÃA]O APROVAD|NON APPROV', NULL, 'denied'),
    (44, 'DENIED|DENY|NEGAD|REJEIT|REJECT|DECLIN|REFUSED', NULL, 'denied'),
    (45, '\b(GRANTED|APPROVED|APROVAD[OA]|REIMBURSED)\b|WITH GRANT', NULL, 'granted_full'),
    (46, '\bREFUNDED\b|^FULL REFUND$|\b(SELLER|AMAZON) FUNDED\b', 'buyer_claims', 'granted_full'),

    (50, '^((DISPUTE|CASE|CLAIM|CHARGEBACK) )?WON$|SELLER( S)? FAVOU?R|FAVOU?R OF (THE )?(SELLER|MERCHANT)', 'seller_claims', 'granted_full'),
    (51, '^((DISPUTE|CASE|CLAIM|CHARGEBACK) )?LOST$|(BUYER|CUSTOMER)( S)? FAVOU?R|FAVOU?R OF (THE )?(BUYER|CUSTOMER|CARDHOLDER)', 'seller_claims', 'denied'),
    (52, '^((DISPUTE|CASE|CLAIM|CHARGEBACK) )?WON$|SELLER( S)? FAVOU?R|FAVOU?R OF (THE )?(SELLER|MERCHANT)', 'buyer_claims', 'denied'),
    (53, '^((DISPUTE|CASE|CLAIM|CHARGEBACK) )?LOST$|(BUYER|CUSTOMER)( S)? FAVOU?R|FAVOU?R OF (THE )?(BUYER|CUSTOMER|CARDHOLDER)', 'buyer_claims', 'granted_full'),

    (54, '^(WIN|SELLER WON)$', 'seller_claims', 'granted_full'),
    (55, '^(LOSS|BUYER WON)$', 'seller_claims', 'denied'),
    (56, '^(WIN|SELLER WON)$', 'buyer_claims', 'denied'),
    (57, '^(LOSS|BUYER WON)$', 'buyer_claims', 'granted_full'),
    (58, '^PREVENTED$', 'buyer_claims', 'settled_by_seller'),
    (59, '^DISPUT(ING|ED) ON YOUR BEHALF$', NULL, 'pending'),

    (60, 'PENDING|AWAIT|WAITING|INVESTIGAT|REVIEW|INFO|REQUESTED|IN PROGRESS|IN PROCESS|PROCESSING|ONGOING|SUBMITTED|ESCALATED|NEEDS? RESPONSE|ACTION REQUIRED|\b(RE)?OPEN(ED)?\b|\bFILED\b|^NEW$', NULL, 'pending'),
    (70, 'APPROV|GRANT', NULL, 'granted_full'),
    (80, 'OPTION TO APPEAL|(CAN|MAY) (BE )?APPEAL|APPEAL (POSSIBLE|AVAILABLE)|ELIGIBLE (FOR|TO) APPEAL', 'seller_claims', 'denied'),
    (81, 'OPTION TO APPEAL|(CAN|MAY) (BE )?APPEAL|APPEAL (POSSIBLE|AVAILABLE)|ELIGIBLE (FOR|TO) APPEAL', 'buyer_claims', 'granted_full'),
    (90, 'APPEAL|RECURSO', NULL, 'pending');

-- Claim reasons.
CREATE OR REPLACE TABLE reasons (
    reason VARCHAR PRIMARY KEY, -- The reason's name in every table.
    title VARCHAR NOT NULL -- The reason for readers.
);
INSERT INTO reasons VALUES
    ('item_not_received', 'Item not received'), ('not_as_described', 'Not as described'),
    ('damaged_in_transit', 'Damaged in transit'), ('damaged_by_customer', 'Damaged by the customer'),
    ('wrong_item', 'Wrong item'), ('missing_parts', 'Missing parts'), ('empty_box', 'Empty box'),
    ('not_returned', 'Not returned'), ('returned_late', 'Returned late'),
    ('fraud_unauthorised', 'Fraud or not authorised'), ('duplicate', 'Charged twice'),
    ('credit_not_processed', 'Refund not received'), ('lost_in_warehouse', 'Lost in the warehouse'),
    ('damaged_in_warehouse', 'Damaged in the warehouse'), ('lost_inbound', 'Lost on the way in'),
    ('fee_error', 'Fee error'), ('changed_mind', 'Changed mind'), ('other', 'Other'),
    ('unknown', 'Unknown');

-- Words for reasons, compared in lower case with every run of other signs as one underscore.
CREATE OR REPLACE TABLE reason_rules (
    word VARCHAR PRIMARY KEY, -- The word as normalised.
    reason VARCHAR NOT NULL -- The reason it means.
);
INSERT INTO reason_rules
SELECT reason AS word, reason FROM reasons
UNION ALL VALUES
    ('inr', 'item_not_received'), ('not_received', 'item_not_received'),
    ('never_arrived', 'item_not_received'), ('lost_in_transit', 'item_not_received'),
    ('snad', 'not_as_described'), ('inad', 'not_as_described'),
    ('cr_defective', 'not_as_described'), ('defective', 'not_as_described'),
    ('cr_quality_unacceptable', 'not_as_described'), ('amz_pg_bad_desc', 'not_as_described'),
    ('amz_pg_bad_item', 'not_as_described'), ('amz_pg_damaged', 'damaged_in_transit'),
    ('damaged', 'damaged_in_transit'), ('customer_damaged', 'damaged_by_customer'),
    ('cr_switcheroo', 'wrong_item'), ('switcheroo', 'wrong_item'),
    ('cr_missing_parts', 'missing_parts'), ('cr_unwanted_item', 'changed_mind'),
    ('amz_pg_misordered', 'changed_mind'), ('amz_pg_app_too_small', 'changed_mind'),
    ('amz_pg_app_too_large', 'changed_mind'), ('amz_pg_app_style', 'changed_mind'),
    ('amz_pg_wj_too_small', 'changed_mind'), ('und_unknown', 'unknown'),
    ('fraud', 'fraud_unauthorised'), ('fraudulent', 'fraud_unauthorised'),
    ('unauthorized', 'fraud_unauthorised'), ('unauthorised', 'fraud_unauthorised'),
    ('refund_not_received', 'credit_not_processed'), ('return_not_received', 'not_returned'),
    ('lost_warehouse', 'lost_in_warehouse'), ('damaged_warehouse', 'damaged_in_warehouse'),
    ('damaged_inbound', 'lost_inbound'), ('lost_outbound', 'item_not_received'),
    ('damaged_outbound', 'damaged_in_transit'), ('customerreturn', 'not_returned'),
    ('customer_return', 'not_returned'), ('customerserviceissue', 'other'),
    ('customer_service_issue', 'other'), ('reimbursement_reversal', 'other'),
    ('free_replacement_refund_items', 'other'), ('general_adjustment', 'other'),
    -- Card networks' reasons, as Stripe names them.
    ('product_not_received', 'item_not_received'), ('product_unacceptable', 'not_as_described'),
    ('unrecognized', 'fraud_unauthorised'), ('debit_not_authorized', 'fraud_unauthorised'),
    ('subscription_canceled', 'other'), ('general', 'other'), ('noncompliant', 'other'),
    ('bank_cannot_process', 'other'), ('check_returned', 'other'),
    ('customer_initiated', 'other'), ('incorrect_account_details', 'other'),
    ('insufficient_funds', 'other'),
    -- Reasons as PayPal writes them.
    ('non_receipt', 'item_not_received'), ('nonreceipt', 'item_not_received'),
    ('merchandise_or_service_not_received', 'item_not_received'),
    ('merchandise_not_received', 'item_not_received'),
    ('significantly_not_as_described', 'not_as_described'),
    ('merchandise_or_service_not_as_described', 'not_as_described'),
    ('unauthorized_payment', 'fraud_unauthorised'),
    ('unauthorized_transaction', 'fraud_unauthorised'),
    ('unauthorized_claim', 'fraud_unauthorised'), ('duplicate_transaction', 'duplicate'),
    ('duplicate_payment', 'duplicate'), ('credit_not_issued', 'credit_not_processed'),
    ('wrong_amount_or_date', 'other'), ('incorrect_amount', 'other'),
    ('paid_with_other_method', 'duplicate'), ('payment_by_other_means', 'duplicate'),
    ('canceled_recurring_billing', 'other'), ('problem_with_remittance', 'other'),
    -- Reasons as TikTok Shop's buyers choose them.
    ('missing_package', 'item_not_received'), ('package_not_received', 'item_not_received'),
    ('package_didn_t_arrive', 'item_not_received'), ('item_doesn_t_match_description', 'not_as_described'),
    ('product_doesn_t_match_description', 'not_as_described'),
    ('damaged_product', 'damaged_in_transit'), ('item_damaged', 'damaged_in_transit'),
    ('package_or_product_is_damaged', 'damaged_in_transit'),
    ('defective_product', 'not_as_described'), ('product_is_defective', 'not_as_described'),
    ('wrong_product', 'wrong_item'), ('wrong_item_sent', 'wrong_item'),
    ('wrong_product_was_sent', 'wrong_item'), ('missing_items', 'missing_parts'),
    ('missing_item', 'missing_parts'), ('counterfeit', 'not_as_described'),
    ('no_longer_needed', 'changed_mind'), ('no_longer_wanted', 'changed_mind'),
    ('doesn_t_fit', 'changed_mind');

-- The reason codes of FBA customer returns, and a spelling of one that files have had.
INSERT INTO reason_rules VALUES
    ('apparel_style', 'changed_mind'), ('apparel_too_large', 'changed_mind'),
    ('apparel_too_small', 'changed_mind'), ('damaged_by_carrier', 'damaged_in_transit'),
    ('damaged_by_fc', 'damaged_in_warehouse'), ('did_not_like_color', 'changed_mind'),
    ('did_not_like_fabric', 'changed_mind'), ('different_product', 'wrong_item'),
    ('excessive_installation', 'other'), ('extra_item', 'other'),
    ('found_better_price', 'changed_mind'), ('jewelry_battery', 'not_as_described'),
    ('jewelry_loose_stone', 'not_as_described'), ('jewelry_too_large', 'changed_mind'),
    ('jewelry_too_small', 'changed_mind'), ('misordered', 'changed_mind'),
    ('missed_estimated_delivery', 'other'), ('no_reason_given', 'unknown'),
    ('not_compatible', 'other'), ('ordered_wrong_item', 'changed_mind'),
    ('part_not_compatible', 'other'), ('poor_fit', 'changed_mind'),
    ('product_not_italian', 'not_as_described'), ('quality_unacceptable', 'not_as_described'),
    ('unauthorized_purchase', 'fraud_unauthorised'),
    ('unauthorised_purchase', 'fraud_unauthorised'),
    ('undeliverable_carrier_miss_sorted', 'item_not_received'),
    ('undeliverable_failed_delivery_attempts', 'item_not_received'),
    ('undeliverable_insufficient_address', 'item_not_received'),
    ('undeliverable_missing_label', 'item_not_received'),
    ('undeliverable_refused', 'changed_mind'), ('undeliverable_unclaimed', 'item_not_received'),
    ('undeliverable_unknown', 'item_not_received'), ('unknown_other_reason', 'unknown'),
    ('unwanted_item', 'changed_mind'), ('warranty', 'not_as_described');

-- Conditions in which units come back to the fulfilment network. Units that the network or its carrier
-- damaged become its own, and it owes compensation for them.
CREATE OR REPLACE TABLE dispositions (
    disposition VARCHAR PRIMARY KEY, -- The code in capitals.
    title VARCHAR NOT NULL, -- The condition for readers.
    is_sellable BOOLEAN NOT NULL, -- Whether the unit goes back into stock.
    is_owed BOOLEAN NOT NULL, -- Whether the network owes compensation for it.
    reason VARCHAR -- The reason of a claim for it; null where the condition is none.
);
INSERT INTO dispositions VALUES
    ('SELLABLE', 'Sellable', true, false, NULL),
    ('DAMAGED', 'Damaged by the network', false, true, 'damaged_in_warehouse'),
    ('CARRIER_DAMAGED', 'Damaged by the carrier', false, true, 'damaged_in_transit'),
    ('CUSTOMER_DAMAGED', 'Damaged by the customer', false, false, 'damaged_by_customer'),
    ('DEFECTIVE', 'Defective', false, false, 'not_as_described'),
    ('EXPIRED', 'Expired', false, false, NULL);

-- Events of the inventory ledger.
CREATE OR REPLACE TABLE ledger_event_types (
    event_type VARCHAR PRIMARY KEY, -- The event as the ledger writes it, in lower case.
    title VARCHAR NOT NULL -- The event for readers.
);
INSERT INTO ledger_event_types VALUES
    ('receipts', 'Received'), ('shipments', 'Shipped to a customer'),
    ('customerreturns', 'Returned by a customer'), ('vendorreturns', 'Returned to the seller'),
    ('whsetransfers', 'Moved between centres'), ('adjustments', 'Adjusted');

-- Reason codes of the inventory ledger's adjustments.
CREATE OR REPLACE TABLE ledger_reason_codes (
    code VARCHAR PRIMARY KEY, -- The code in capitals.
    kind VARCHAR NOT NULL, -- lost, damaged, found, disposed, transfer, paired or correction.
    title VARCHAR NOT NULL, -- What it means, for readers.
    reason VARCHAR -- The reason of a claim for it; null where it gives none.
);
INSERT INTO ledger_reason_codes VALUES
    ('M', 'lost', 'Misplaced', 'lost_in_warehouse'),
    ('5', 'lost', 'Lost for good', 'lost_in_warehouse'),
    ('E', 'damaged', 'Damaged at the centre, was sellable', 'damaged_in_warehouse'),
    ('6', 'damaged', 'Damaged at the centre, was damaged by the carrier', 'damaged_in_warehouse'),
    ('7', 'damaged', 'Damaged at the centre, was expired', 'damaged_in_warehouse'),
    ('H', 'damaged', 'Damaged at the centre, was damaged by a customer', 'damaged_in_warehouse'),
    ('K', 'damaged', 'Damaged at the centre, was defective', 'damaged_in_warehouse'),
    ('U', 'damaged', 'Damaged at the centre, was damaged by the distributor', 'damaged_in_warehouse'),
    ('F', 'found', 'Found', NULL),
    ('N', 'found', 'Found or moved in', NULL),
    ('D', 'disposed', 'Disposed of', NULL),
    ('O', 'transfer', 'Change of owner, paired with N', NULL),
    ('P', 'paired', 'Damaged stock grown, paired with a damage', NULL),
    ('Q', 'paired', 'Condition changed, of two lines', NULL),
    ('1', 'correction', 'Corrected upward by software', NULL),
    ('J', 'correction', 'Corrected upward by software', NULL),
    ('2', 'correction', 'Corrected downward by software', NULL),
    ('3', 'correction', 'Article redefined, into this one', NULL),
    ('4', 'correction', 'Article redefined, out of this one', NULL);

-- Kinds of evidence.
CREATE OR REPLACE TABLE evidence_kinds (
    kind VARCHAR PRIMARY KEY, -- The kind's name in every table.
    title VARCHAR NOT NULL -- The kind for readers.
);
INSERT INTO evidence_kinds VALUES
    ('photo_item', 'Photo of the item'), ('photo_packaging', 'Photo of the packaging'),
    ('photo_label', 'Photo of the label'), ('photo_serial', 'Photo of the serial number'),
    ('video_packing', 'Video of packing'), ('video_unboxing', 'Video of unboxing'),
    ('tracking_record', 'Tracking record'), ('proof_of_delivery', 'Proof of delivery'),
    ('signature', 'Signature'), ('invoice', 'Invoice'), ('order_record', 'Order record'),
    ('return_record', 'Return record'), ('policy_text', 'Policy text'),
    ('correspondence', 'Correspondence'), ('customer_statement', 'Statement of the customer'),
    ('inspection_report', 'Inspection report'),
    ('police_or_carrier_report', 'Police or carrier report'),
    ('ledger_record', 'Inventory ledger record'), ('access_log', 'Access log'), ('other', 'Other');

-- Types of claim events.
CREATE OR REPLACE TABLE event_types (
    type VARCHAR PRIMARY KEY, -- The event's name in every table.
    title VARCHAR NOT NULL -- The event for readers.
);
INSERT INTO event_types VALUES
    ('policy_checked', 'Policy checked'), ('condition_checked', 'Condition checked'),
    ('counterparty_contacted', 'Other side contacted'), ('filed', 'Claim filed'),
    ('evidence_added', 'Evidence added'), ('info_requested', 'Information requested'),
    ('info_provided', 'Information provided'), ('decided', 'Decided'), ('refund', 'Refund'),
    ('partial_refund', 'Partial refund'), ('replacement', 'Replacement'), ('denial', 'Denial'),
    ('appeal_filed', 'Appeal filed'), ('appeal_decided', 'Appeal decided'),
    ('money_posted', 'Money posted'), ('reversed', 'Reversed'), ('closed', 'Closed');

-- The kinds of evidence that a reason demands; completeness is the share of them present at filing.
CREATE OR REPLACE TABLE evidence_requirements (
    reason VARCHAR NOT NULL, -- The claim's reason.
    kind VARCHAR NOT NULL, -- The kind it demands.
    PRIMARY KEY (reason, kind)
);
INSERT INTO evidence_requirements VALUES
    ('item_not_received', 'tracking_record'), ('item_not_received', 'proof_of_delivery'),
    ('not_as_described', 'photo_item'), ('not_as_described', 'correspondence'),
    ('damaged_in_transit', 'photo_item'), ('damaged_in_transit', 'photo_packaging'),
    ('damaged_by_customer', 'photo_item'), ('damaged_by_customer', 'photo_packaging'),
    ('damaged_by_customer', 'invoice'),
    ('wrong_item', 'photo_item'), ('wrong_item', 'photo_label'),
    ('missing_parts', 'photo_item'), ('missing_parts', 'photo_packaging'),
    ('empty_box', 'photo_packaging'), ('empty_box', 'photo_label'),
    ('not_returned', 'tracking_record'), ('not_returned', 'return_record'),
    ('returned_late', 'tracking_record'), ('returned_late', 'return_record'),
    ('fraud_unauthorised', 'order_record'), ('fraud_unauthorised', 'tracking_record'),
    ('credit_not_processed', 'order_record'), ('credit_not_processed', 'return_record'),
    ('duplicate', 'order_record'), ('duplicate', 'invoice'),
    ('lost_in_warehouse', 'ledger_record'), ('lost_in_warehouse', 'invoice'),
    ('damaged_in_warehouse', 'ledger_record'), ('damaged_in_warehouse', 'invoice'),
    ('lost_inbound', 'proof_of_delivery'), ('lost_inbound', 'invoice');
