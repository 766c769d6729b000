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

-- Names of marketplaces, compared in lower case, and their country code.
CREATE OR REPLACE TABLE marketplaces (
    name VARCHAR PRIMARY KEY, -- The name in lower case.
    marketplace VARCHAR NOT NULL -- Country code (ISO 3166).
);
INSERT INTO marketplaces VALUES
    ('amazon.com', 'US'), ('us', 'US'), ('usa', 'US'), ('amazon.ca', 'CA'), ('ca', 'CA'),
    ('amazon.com.mx', 'MX'), ('mx', 'MX'), ('amazon.com.br', 'BR'), ('br', 'BR'),
    ('amazon.co.uk', 'GB'), ('uk', 'GB'), ('gb', 'GB'), ('amazon.de', 'DE'), ('de', 'DE'),
    ('amazon.fr', 'FR'), ('fr', 'FR'), ('amazon.it', 'IT'), ('it', 'IT'),
    ('amazon.es', 'ES'), ('es', 'ES'), ('amazon.nl', 'NL'), ('nl', 'NL'),
    ('amazon.se', 'SE'), ('se', 'SE'), ('amazon.pl', 'PL'), ('pl', 'PL'),
    ('amazon.com.be', 'BE'), ('be', 'BE'), ('amazon.ie', 'IE'), ('ie', 'IE'),
    ('amazon.com.tr', 'TR'), ('tr', 'TR'), ('amazon.ae', 'AE'), ('ae', 'AE'),
    ('amazon.sa', 'SA'), ('sa', 'SA'), ('amazon.eg', 'EG'), ('eg', 'EG'),
    ('amazon.in', 'IN'), ('in', 'IN'), ('amazon.co.jp', 'JP'), ('amazon.jp', 'JP'), ('jp', 'JP'),
    ('amazon.com.au', 'AU'), ('au', 'AU'), ('amazon.sg', 'SG'), ('sg', 'SG'),
    ('amazon.co.za', 'ZA'), ('za', 'ZA');

-- Amazon's ids of its marketplaces, which its reports in JSON carry.
INSERT INTO marketplaces VALUES
    ('atvpdkikx0der', 'US'), ('a2euq1wtgctbg2', 'CA'), ('a1am78c64um0y8', 'MX'),
    ('a2q3y263d00kwc', 'BR'), ('a1f83g8c2aro7p', 'GB'), ('a1pa6795ukmfr9', 'DE'),
    ('a13v1ib3viyzzh', 'FR'), ('apj6jra9ng5v4', 'IT'), ('a1rkkupihcs9hs', 'ES'),
    ('a1805izsgtt6hs', 'NL'), ('a2nodrkzp88zb9', 'SE'), ('a1c3sozrarq6r3', 'PL'),
    ('amen7pms3edwl', 'BE'), ('a28r8c7nbkewea', 'IE'), ('a33avaj2pdy3ev', 'TR'),
    ('a2vigq35rcs4ug', 'AE'), ('a17e79c6d8dwnp', 'SA'), ('arbp9ooshtchu', 'EG'),
    ('a21tjruun4kgv', 'IN'), ('a1vc38t7yxb528', 'JP'), ('a39ibj37trp1c6', 'AU'),
    ('a19vau5u5o7rus', 'SG'), ('ae08wj6yknbmc', 'ZA');

-- What the venues' own totals count, and which rows of a book are the same: one row per metric.
CREATE OR REPLACE TABLE control_metrics (
    metric VARCHAR PRIMARY KEY, -- The metric's name in control_totals.
    title VARCHAR NOT NULL, -- The metric for readers.
    counted VARCHAR, -- What of a book is the same: claims, granted_claims, orders, lines or units; null: nothing is.
    program VARCHAR, -- The program of the claims.
    date_basis VARCHAR -- The date that places them in a period: ordered or decided.
);
INSERT INTO control_metrics VALUES
    ('claims_granted', 'A-to-z claims granted', 'granted_claims', 'amazon_atoz', 'decided'),
    ('claims', 'Orders with an A-to-z claim', 'claims', 'amazon_atoz', 'ordered'),
    ('chargebacks', 'Orders with a chargeback', 'claims', 'amazon_chargeback', 'ordered'),
    ('orders', 'Orders', 'orders', NULL, 'ordered'),
    ('order_lines', 'Order lines', 'lines', NULL, 'ordered'),
    ('units_ordered', 'Units ordered', 'units', NULL, 'ordered'),
    ('orders_with_defects', 'Orders with a defect', NULL, NULL, NULL),
    ('negative_feedback', 'Orders with negative feedback', NULL, NULL, NULL),
    ('orders_shipped', 'Orders shipped', NULL, NULL, NULL),
    ('units_refunded', 'Units refunded', NULL, NULL, NULL);

-- Months as transaction exports abbreviate or write them, in lower case and without accents and dots.
CREATE OR REPLACE TABLE month_words (
    word VARCHAR PRIMARY KEY, -- The word as normalised.
    month INTEGER NOT NULL -- The month, from 1.
);
INSERT INTO month_words
SELECT DISTINCT word, month
FROM (
    SELECT unnest(string_split(words, ' ')) AS word, month
    FROM (
        VALUES
        (1, 'jan january janv janvier ene enero gen gennaio januari sty'),
        (2, 'feb february fev fevr fevrier febrero febbraio februari lut'),
        (3, 'mar march mars marzo mrt maart mrz marz'),
        (4, 'apr april avr avril abr abril aprile kwi'),
        (5, 'may mai mayo mag maggio mei maj'),
        (6, 'jun june juin junio giu giugno juni cze'),
        (7, 'jul july juil juillet julio lug luglio juli lip'),
        (8, 'aug august aout ago agosto augustus augusti sie'),
        (9, 'sep sept september septembre septiembre set settembre wrz'),
        (10, 'oct october octobre octubre ott ottobre okt oktober paz'),
        (11, 'nov november novembre noviembre lis'),
        (12, 'dec december decembre dic diciembre dicembre dez gru')
    ) AS months (month, words)
);

-- Zones that exports name by a word. Words that mean several zones, such as BST or IST, are none of them.
CREATE OR REPLACE TABLE zone_words (
    word VARCHAR PRIMARY KEY, -- The word as exports write it.
    minutes_east INTEGER NOT NULL -- Minutes that its clocks are ahead of UTC.
);
INSERT INTO zone_words VALUES
    ('UTC', 0), ('GMT', 0), ('PST', -480), ('PDT', -420), ('JST', 540),
    ('CET', 60), ('CEST', 120), ('MEZ', 60), ('MESZ', 120);

-- The currency in which a marketplace's sellers are paid, where an export names none.
CREATE OR REPLACE TABLE marketplace_currencies (
    marketplace VARCHAR PRIMARY KEY, -- Country code (ISO 3166).
    currency VARCHAR NOT NULL -- Currency code (ISO 4217).
);
INSERT INTO marketplace_currencies VALUES
    ('US', 'USD'), ('CA', 'CAD'), ('MX', 'MXN'), ('BR', 'BRL'), ('CL', 'CLP'), ('GB', 'GBP'),
    ('DE', 'EUR'), ('FR', 'EUR'), ('IT', 'EUR'), ('ES', 'EUR'), ('NL', 'EUR'), ('BE', 'EUR'),
    ('IE', 'EUR'), ('AT', 'EUR'), ('SE', 'SEK'), ('PL', 'PLN'), ('TR', 'TRY'), ('AE', 'AED'),
    ('SA', 'SAR'), ('EG', 'EGP'), ('IN', 'INR'), ('JP', 'JPY'), ('AU', 'AUD'), ('NZ', 'NZD'),
    ('SG', 'SGD'), ('MY', 'MYR'), ('TH', 'THB'), ('VN', 'VND'), ('PH', 'PHP'), ('ID', 'IDR'),
    ('ZA', 'ZAR');

-- Signs that stand before or after amounts. Where several currencies share one, only another column or the
-- marketplace tells which is meant.
CREATE OR REPLACE TABLE currency_signs (
    sign VARCHAR NOT NULL, -- The sign as written.
    currency VARCHAR NOT NULL, -- Currency code (ISO 4217).
    PRIMARY KEY (sign, currency)
);
INSERT INTO currency_signs VALUES
    ('$', 'USD'), ('$', 'CAD'), ('$', 'AUD'), ('$', 'NZD'), ('$', 'MXN'), ('$', 'SGD'),
    ('$', 'HKD'), ('$', 'CLP'), ('US$', 'USD'), ('CA$', 'CAD'), ('C$', 'CAD'), ('AU$', 'AUD'),
    ('A$', 'AUD'), ('NZ$', 'NZD'), ('MX$', 'MXN'), ('S$', 'SGD'), ('HK$', 'HKD'), ('R$', 'BRL'),
    ('£', 'GBP'), ('€', 'EUR'), ('¥', 'JPY'), ('¥', 'CNY'), ('￥', 'JPY'), ('￥', 'CNY'),
    ('₹', 'INR'), ('₩', 'KRW'), ('₪', 'ILS'), ('₫', 'VND'), ('đ', 'VND'), ('฿', 'THB'),
    ('₱', 'PHP'), ('Rp', 'IDR'), ('RM', 'MYR'), ('kr', 'SEK'), ('kr', 'NOK'), ('kr', 'DKK'),
    ('zł', 'PLN'), ('Kč', 'CZK'), ('Ft', 'HUF'), ('₺', 'TRY'), ('TL', 'TRY'), ('R', 'ZAR'),
    ('Fr', 'CHF'), ('Rs', 'INR'), ('円', 'JPY'), ('元', 'CNY'), ('RMB', 'CNY');

-- Currencies whose minor unit is not a hundredth (ISO 4217): 0 where there is none, 3 for thousandths.
CREATE OR REPLACE TABLE currency_exponents (
    currency VARCHAR PRIMARY KEY, -- Currency code (ISO 4217).
    exponent INTEGER NOT NULL -- Decimals of the currency; 2 for every currency that is not listed.
);
INSERT INTO currency_exponents VALUES
    ('BIF', 0), ('CLP', 0), ('DJF', 0), ('GNF', 0), ('ISK', 0), ('JPY', 0), ('KMF', 0),
    ('KRW', 0), ('PYG', 0), ('RWF', 0), ('UGX', 0), ('UYI', 0), ('VND', 0), ('VUV', 0),
    ('XAF', 0), ('XOF', 0), ('XPF', 0),
    ('BHD', 3), ('IQD', 3), ('JOD', 3), ('KWD', 3), ('LYD', 3), ('OMR', 3), ('TND', 3),
    ('CLF', 4), ('UYW', 4);

-- How the text above a table says the currency of all its amounts.
CREATE OR REPLACE TABLE currency_words (
    pattern VARCHAR PRIMARY KEY, -- Regular expression on the text as written.
    currency VARCHAR NOT NULL -- Currency code (ISO 4217).
);
INSERT INTO currency_words
SELECT DISTINCT '\b' || currency || '\b' AS pattern, currency FROM marketplace_currencies
UNION ALL VALUES ('\bEuros?\b', 'EUR'), ('単位は円', 'JPY');

-- States of a transaction that is shown before its money is released, and again when it is. Seen in
-- files: Deferred, Released, Diferido, Lanzado, Liberado, Veröffentlicht; the others are their language's
-- words. A state that is not here is listed when a file is loaded, and its rows are counted.
CREATE OR REPLACE TABLE transaction_states (
    word VARCHAR PRIMARY KEY, -- The state in lower case, runs of other signs as one underscore.
    is_deferred BOOLEAN NOT NULL -- Whether its rows will be told again.
);
INSERT INTO transaction_states VALUES
    ('deferred', true), ('diferido', true), ('diferida', true), ('différé', true), ('différée', true),
    ('aufgeschoben', true), ('zurückgestellt', true), ('differito', true), ('differita', true),
    ('uitgesteld', true), ('uppskjuten', true), ('odroczona', true), ('odroczone', true),
    ('保留中', true), ('繰延', true), ('延期', true),
    ('released', false), ('lanzado', false), ('liberado', false), ('liberada', false),
    ('veröffentlicht', false), ('freigegeben', false), ('publié', false), ('libéré', false),
    ('libérée', false), ('rilasciato', false), ('rilasciata', false), ('vrijgegeven', false),
    ('uitgebracht', false), ('utgiven', false), ('zrealizowana', false), ('zwolniona', false),
    ('リリース済み', false), ('開始済み', false);

-- Which of two exports tells a settlement in more detail: its lines count, those of the other do not.
CREATE OR REPLACE TABLE money_origins (
    origin VARCHAR PRIMARY KEY, -- The kind of export.
    detail_rank INTEGER NOT NULL -- Lower is more detailed.
);
INSERT INTO money_origins VALUES ('amazon_settlement_v2', 1), ('amazon_date_range', 2);

-- What moved money is for a claim. A line is matched by its type, kind of amount and description, each
-- in lower case with runs of other signs as one blank, joined by | ; the description of a line that
-- sells something is left out, as it may be a product's title. The first pattern that the text contains
-- decides. Lines that no pattern fits are no claim's money. An A-to-z or chargeback line moves a
-- refund's price and fees, so its type tells; chargebacks of shipping and gift wrap are ordinary fees.
-- Money for lost packages stands among the SAFE-T lines of the older settlement file.
CREATE OR REPLACE TABLE money_rules (
    priority INTEGER PRIMARY KEY, -- Lower is tried first.
    pattern VARCHAR NOT NULL, -- Regular expression on the line's text.
    program VARCHAR, -- The claim program; null where it is no claim's money.
    kind VARCHAR -- grant or recovery (it comes back to the payer), reversal (a grant taken back), unknown (words of claims that no rule knows) or null.
);
INSERT INTO money_rules VALUES
    (1, '(shipping|gift ?wrap) ?chargeback', NULL, NULL),
    (2, '\|(buyer ?recharge|käufer wiedereinzug|facturation du client|riaddebito acquirente|recargo al comprador)', NULL, NULL),

    (10, '(^|\|)(a to z guarantee recovery|rückforderung der a bis z|recouvrement de la garantie a à z|recupero garanzia dalla a alla z|recuperación de garantía de la a a la z)', 'amazon_atoz', 'recovery'),
    (11, '^[^|]*(a to z guarantee|a bis z garantie|garantie a à z|garanzia dalla a alla z|garantía de la a a la z)', 'amazon_atoz', 'grant'),

    (20, '^(chargeback refund|erstattung durch rückbuchung|reembolso de reversión de cargo|remboursement de contestation de prélèvement)\|', 'amazon_chargeback', 'grant'),

    (30, '(^|\|)safe t (reimbursement|erstattung)', 'amazon_safet', 'grant'),
    (31, '\|reimbursement for lost packages', 'amazon_safet', 'grant'),

    (40, '(^|\|)(fba inventory reimbursement|versand durch amazon erstattung|erstattung lagerbestand|remboursement stock expédié par amazon)\b.*(reversal|clawback)', 'amazon_fba_reimbursement', 'reversal'),
    (41, '(^|\|)(fba inventory reimbursement|versand durch amazon erstattung|erstattung lagerbestand|remboursement stock expédié par amazon)\b', 'amazon_fba_reimbursement', 'grant'),

    (90, 'reimburse|guarantee|chargeback|clawback|safe t\b|a bis z|garantie a|dalla a alla z|de la a a la z|rückbuchung|rückforderung|contestation de|reversión de cargo|マーケットプレイス保証|補填|補てん', NULL, 'unknown'),
    (91, '(lagerbestand|versand durch amazon|fba)[^|]*erstattung|erstattung[^|]*(lagerbestand|versand durch amazon|fba)', NULL, 'unknown'),
    (92, '(rembours|reembols|rimbors)[^|]*(stock|inventario|fba|par amazon|de amazon|di amazon)', NULL, 'unknown');

-- Deadlines of the venues as found in public material; a deadline that an export carries comes first.
CREATE OR REPLACE TABLE deadline_rules (
    rule_id VARCHAR PRIMARY KEY, -- The rule's name, printed wherever it is used.
    program VARCHAR NOT NULL, -- The program, or a part of it.
    marketplace VARCHAR NOT NULL, -- Country code, EU, or * for all.
    event VARCHAR NOT NULL, -- What must be done.
    clock_start VARCHAR NOT NULL, -- The event that starts the clock.
    min_days INTEGER NOT NULL, -- Earliest day, counted from the clock's start.
    max_days INTEGER NOT NULL, -- Last day, counted from the clock's start.
    day_type VARCHAR NOT NULL, -- calendar or business.
    effective_from DATE, -- First day on which the rule held; null: not known.
    effective_to DATE, -- Last day on which the rule held; null: still holds.
    confidence VARCHAR NOT NULL -- high, medium, low, conflict (sources differ) or use_due_by.
);
INSERT INTO deadline_rules VALUES
    ('atoz_buyer_file', 'amazon_atoz', '*', 'buyer_may_file', 'max_estimated_delivery', 3, 90, 'calendar', NULL, NULL, 'medium'),
    ('atoz_contact_reply', 'amazon_atoz', '*', 'seller_reply', 'buyer_contact', 0, 2, 'calendar', '2020-07-27', NULL, 'high'),
    ('atoz_info_request', 'amazon_atoz', '*', 'seller_reply', 'info_requested', 0, 2, 'calendar', NULL, NULL, 'conflict'),
    ('atoz_appeal', 'amazon_atoz', '*', 'appeal', 'decided', 0, 30, 'calendar', NULL, NULL, 'high'),
    ('chargeback_reply', 'amazon_chargeback', '*', 'seller_reply', 'notified', 0, 7, 'calendar', NULL, NULL, 'high'),
    ('safet_file_us_old', 'amazon_safet', 'US', 'file', 'refunded', 0, 60, 'calendar', '2019-08-31', '2026-02-15', 'high'),
    ('safet_file_us', 'amazon_safet', 'US', 'file', 'later_of_return_delivered_and_refunded', 0, 30, 'calendar', '2026-02-16', NULL, 'high'),
    ('safet_file_lost_us', 'amazon_safet', 'US', 'file', 'last_carrier_scan', 0, 30, 'calendar', '2026-02-16', NULL, 'high'),
    ('safet_file_ae', 'amazon_safet', 'AE', 'file', 'return_delivered', 0, 7, 'calendar', NULL, NULL, 'medium'),
    ('safet_info_request_ae', 'amazon_safet', 'AE', 'seller_reply', 'info_requested', 0, 3, 'business', NULL, NULL, 'medium'),
    ('safet_appeal_us', 'amazon_safet', 'US', 'appeal', 'decided', 0, 7, 'calendar', NULL, NULL, 'low'),
    ('safet_appeal_ae', 'amazon_safet', 'AE', 'appeal', 'decided', 0, 5, 'business', NULL, NULL, 'medium'),
    ('fba_warehouse_us', 'amazon_fba_warehouse', 'US', 'file', 'reported_lost_or_damaged', 0, 60, 'calendar', '2024-10-23', NULL, 'high'),
    ('fba_warehouse_uk', 'amazon_fba_warehouse', 'GB', 'file', 'reported_lost_or_damaged', 0, 60, 'calendar', '2025-01-09', NULL, 'medium'),
    ('fba_return_us', 'amazon_fba_return', 'US', 'file', 'refunded_or_replaced', 60, 120, 'calendar', '2024-10-23', NULL, 'high'),
    ('fba_return_eu', 'amazon_fba_return', 'EU', 'file', 'refunded_or_replaced', 45, 105, 'calendar', NULL, NULL, 'medium'),
    ('fba_removal_lost', 'amazon_fba_removal', '*', 'file', 'shipment_created', 15, 75, 'calendar', '2024-10-23', NULL, 'medium'),
    ('fba_removal_other', 'amazon_fba_removal', '*', 'file', 'delivered_back', 0, 60, 'calendar', '2024-10-23', NULL, 'medium'),
    ('fba_inbound_us', 'amazon_fba_inbound', 'US', 'file', 'delivered_to_fulfillment_center', 0, 274, 'calendar', NULL, NULL, 'low'),
    ('ebay_case_reply', 'ebay_case', '*', 'seller_reply', 'opened', 0, 3, 'business', NULL, NULL, 'high'),
    ('ebay_case_appeal', 'ebay_case', '*', 'appeal', 'closed', 0, 30, 'calendar', NULL, NULL, 'high'),
    ('ebay_payment_dispute_reply', 'ebay_payment_dispute', '*', 'seller_reply', 'notified', 0, 5, 'calendar', NULL, NULL, 'high'),
    ('paypal_buyer_file', 'paypal_case', '*', 'buyer_may_file', 'paid', 0, 180, 'calendar', NULL, NULL, 'high'),
    ('paypal_claim_reply', 'paypal_case', '*', 'seller_reply', 'notified', 0, 10, 'calendar', NULL, NULL, 'medium'),
    ('stripe_reply', 'stripe_dispute', '*', 'seller_reply', 'opened', 7, 21, 'calendar', NULL, NULL, 'use_due_by'),
    ('walmart_dispute', 'walmart_dispute', 'US', 'file', 'refunded', 0, 45, 'calendar', NULL, NULL, 'medium');
