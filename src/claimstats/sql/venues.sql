-- How the venues write: their marketplaces, months, zones and currencies, what their totals and lines of
-- money mean, and their deadlines.

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

-- The dates on which a deadline of a venue changed: one row per date, program and marketplace, with the
-- rules of deadline_rules that began then. A rule for a part of FBA's reimbursements is one of that program.
CREATE OR REPLACE VIEW v_policy_changes AS
SELECT
    effective_from AS changed_on, -- First day of the new rules.
    CASE
        WHEN program IN ('amazon_fba_warehouse', 'amazon_fba_return', 'amazon_fba_removal')
        THEN 'amazon_fba_reimbursement' ELSE program
    END AS program, -- The claims' program, as in programs.
    marketplace, -- Country code, or * for all.
    string_agg(rule_id, ', ' ORDER BY rule_id) AS rules -- The rules that began, as in deadline_rules.
FROM deadline_rules
WHERE effective_from IS NOT NULL
GROUP BY ALL;
