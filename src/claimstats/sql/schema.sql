-- The tables of a book. The comment above a table and the one beside a column become their COMMENTs.
-- The schema history holds whatever any file told, so that a file can be taken out again: of each of its
-- tables a view of the same name shows the rows that hold now, which are the ones to ask.
-- Times are UTC without a zone; amounts are DECIMAL beside their currency and are never added across
-- currencies; every row names the file and the line it came from.

CREATE SCHEMA IF NOT EXISTS history;

-- What made this book: one row per property, such as the version of its schema.
CREATE TABLE IF NOT EXISTS book_info (
    key VARCHAR PRIMARY KEY, -- The property's name.
    value VARCHAR -- Its value as text.
);

-- The ledger of loads: one row per file whose content was taken. Of each file,
-- n_read = n_inserted + n_updated + n_unchanged + n_rejected + n_ignored.
CREATE TABLE IF NOT EXISTS source_files (
    file_id INTEGER PRIMARY KEY, -- Number of the load, counted from 1.
    sha256 VARCHAR NOT NULL, -- Hash of the file's content after decompression.
    file_name VARCHAR NOT NULL, -- The file's name; archive.zip!member for a file inside a zip.
    path VARCHAR NOT NULL, -- The path as it was named when loading.
    format VARCHAR NOT NULL, -- What the file was taken for, such as amazon_all_orders.
    encoding VARCHAR NOT NULL, -- How its bytes were read, such as utf-8 or cp1252; xlsx for a workbook.
    delimiter VARCHAR NOT NULL, -- tab, comma, semicolon or pipe; cells in a workbook, json in a JSON document.
    n_columns INTEGER NOT NULL, -- Columns in the header.
    unknown_columns VARCHAR[] NOT NULL, -- Header names the format does not know; kept in extra, but for personal ones.
    mapping VARCHAR, -- The mapping of own columns it was read by: file name and hash; null where none.
    pulled_at TIMESTAMP, -- When the export was made; null when neither its name nor the user says.
    pulled_basis VARCHAR, -- Where pulled_at is from: given or name; rows_later: the name's day was set aside; null: none told.
    period_from TIMESTAMP, -- Earliest event in the file.
    period_to TIMESTAMP, -- Latest event in the file.
    n_bytes BIGINT NOT NULL, -- Size of the content after decompression.
    stamp VARCHAR, -- Place, size and times of the file as it was read, by which it is known again unread.
    n_read BIGINT NOT NULL, -- Records found below the header.
    n_inserted BIGINT NOT NULL, -- Records that were new to the book.
    n_updated BIGINT NOT NULL, -- Records that replaced an older state.
    n_unchanged BIGINT NOT NULL, -- Records that the book held already, word for word.
    n_rejected BIGINT NOT NULL, -- Records refused; they are in rejected_rows.
    n_ignored BIGINT NOT NULL, -- Records left out for a reason named in ignored_why.
    ignored_why VARCHAR NOT NULL, -- Why records were ignored, with counts, as text.
    loaded_at TIMESTAMP NOT NULL, -- When this book took the file; the only column from the clock.
    CHECK (n_read = n_inserted + n_updated + n_unchanged + n_rejected + n_ignored)
);

-- Files that were taken out of the book again: one row per file, with its line of the ledger as it was.
CREATE TABLE IF NOT EXISTS unloaded_files (
    file_id INTEGER NOT NULL, -- Number of the load; it is not given again.
    sha256 VARCHAR NOT NULL, -- Hash of the file's content after decompression.
    file_name VARCHAR NOT NULL, -- The file's name.
    path VARCHAR NOT NULL, -- The path as it was named when loading.
    format VARCHAR NOT NULL, -- What the file was taken for.
    pulled_at TIMESTAMP, -- When the export was made; null when unknown.
    pulled_basis VARCHAR, -- Where pulled_at is from: given or name; rows_later: the name's day was set aside; null: none told.
    period_from TIMESTAMP, -- Earliest event in the file.
    period_to TIMESTAMP, -- Latest event in the file.
    n_read BIGINT NOT NULL, -- Records found below the header.
    n_inserted BIGINT NOT NULL, -- Records that were new to the book.
    n_updated BIGINT NOT NULL, -- Records that replaced an older state.
    n_unchanged BIGINT NOT NULL, -- Records that the book held already, word for word.
    n_rejected BIGINT NOT NULL, -- Records refused; they went with the file.
    n_ignored BIGINT NOT NULL, -- Records left out for a reason.
    loaded_at TIMESTAMP NOT NULL, -- When this book took the file.
    unloaded_at TIMESTAMP NOT NULL, -- When it was taken out.
    replaced_by INTEGER -- The file that was loaded in its place; null where none was.
);

-- Records that were refused while the rest of their file was loaded; nothing of them is in the book.
CREATE TABLE IF NOT EXISTS rejected_rows (
    file_id INTEGER NOT NULL, -- The file, as in source_files.
    line_no BIGINT NOT NULL, -- Line where the record begins, counted from 1 with the header; of a JSON document the row's place, from 1.
    column_name VARCHAR, -- The header name of the offending column; null for a broken record.
    reason VARCHAR NOT NULL, -- What was found and what is allowed.
    raw_text VARCHAR NOT NULL -- The record as it stands in the file; *** where a value may tell of a person.
);

-- Values that no rule maps: kept raw in their row, counted here per file.
CREATE TABLE IF NOT EXISTS unmapped_values (
    file_id INTEGER NOT NULL, -- The file, as in source_files.
    column_name VARCHAR NOT NULL, -- The column of the book that stays unmapped.
    value VARCHAR NOT NULL, -- The text found in the file.
    n_rows BIGINT NOT NULL -- Records with this text.
);

-- Order lines: one row per line of an order in a file. Identical lines are kept. Ask orders, order_items or
-- v_orders.
CREATE TABLE IF NOT EXISTS history.order_lines (
    channel VARCHAR NOT NULL, -- Where it was sold: amazon, or another venue.
    order_id VARCHAR NOT NULL, -- The venue's order id.
    order_key BIGINT, -- The digits of an Amazon order id, which join faster; null for other ids.
    marketplace VARCHAR, -- Country code of the marketplace, such as US; raw text where unmapped.
    purchased_at TIMESTAMP, -- When the buyer ordered (UTC).
    updated_at TIMESTAMP, -- When the venue last changed the order (UTC); the newest wins.
    order_status VARCHAR, -- Status as the export writes it.
    fulfilment VARCHAR, -- Who ships: seller or platform.
    sales_channel VARCHAR, -- Sales channel as the export writes it, such as Amazon.com.
    ship_service VARCHAR, -- Service level as the export writes it.
    ship_country VARCHAR, -- Destination country as the export writes it.
    is_business BOOLEAN, -- Whether a business bought; null when unknown.
    buyer_hash VARCHAR, -- Keyed hash of the buyer's id; null where the export has none.
    sku VARCHAR, -- The seller's article number.
    asin VARCHAR, -- Amazon's article number.
    product_name VARCHAR, -- Title as the export writes it.
    item_status VARCHAR, -- Status as the export writes it.
    quantity INTEGER, -- Units ordered; 0 on cancelled lines.
    currency VARCHAR, -- Currency of the amounts.
    item_price DECIMAL(18, 4), -- Price of the line, all units.
    item_tax DECIMAL(18, 4), -- Tax on the price.
    shipping_price DECIMAL(18, 4), -- Shipping charged.
    shipping_tax DECIMAL(18, 4), -- Tax on shipping.
    gift_wrap_price DECIMAL(18, 4), -- Gift wrap charged.
    gift_wrap_tax DECIMAL(18, 4), -- Tax on gift wrap.
    item_promotion_discount DECIMAL(18, 4), -- Discount on the price.
    ship_promotion_discount DECIMAL(18, 4), -- Discount on shipping.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- The order's last update, by which a newer export wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The line in that file.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- Returns, seller-fulfilled and by the fulfilment network: one row per return line, its newest state.
CREATE TABLE IF NOT EXISTS history.returns (
    channel VARCHAR NOT NULL, -- Where it was sold.
    origin VARCHAR NOT NULL, -- The kind of export.
    order_id VARCHAR NOT NULL, -- The venue's order id.
    rma_id VARCHAR, -- The venue's return authorisation.
    sku VARCHAR, -- The seller's article number.
    return_key VARCHAR, -- What tells units of one order and SKU apart where no RMA does: license plate, else when and where it came back.
    occurrence INTEGER NOT NULL, -- Counts rows of the same order, RMA, SKU and return_key in one file, from 1.
    merchant_rma_id VARCHAR, -- The seller's own return number.
    order_item_id VARCHAR, -- The order line's id, where the export carries it.
    asin VARCHAR, -- Amazon's article number.
    item_name VARCHAR, -- Title as the export writes it.
    ordered_at TIMESTAMP, -- Order date.
    requested_at TIMESTAMP, -- Return request date.
    delivered_at TIMESTAMP, -- When the return reached the seller, or the fulfilment network.
    return_status VARCHAR, -- Request status as the export writes it.
    return_type VARCHAR, -- Return type as the export writes it.
    resolution VARCHAR, -- Resolution as written; RefundAtFirstScan is refunded by the venue itself.
    reason_raw VARCHAR, -- Return reason as the export writes it.
    reason VARCHAR, -- Return reason as one of reason_rules.
    in_policy BOOLEAN, -- Whether the return met the venue's policy.
    is_prime BOOLEAN, -- Whether the order was Prime.
    quantity INTEGER, -- Units returned.
    order_quantity INTEGER, -- Units ordered.
    carrier VARCHAR, -- Return carrier.
    tracking_id VARCHAR, -- Return tracking number.
    label_type VARCHAR, -- Return label as the export writes it.
    label_payer VARCHAR, -- Who pays the label.
    label_cost DECIMAL(18, 4), -- What the label cost.
    currency VARCHAR, -- Currency of the amounts.
    order_amount DECIMAL(18, 4), -- Value of the order.
    refunded_amount DECIMAL(18, 4), -- As written; not the money that moved: use settlements for that.
    atoz_flag BOOLEAN, -- Whether the export marks an A-to-z claim.
    safet_claim_id VARCHAR, -- The SAFE-T claim filed for it.
    safet_reason_raw VARCHAR, -- SAFE-T action reason as the export writes it.
    safet_state_raw VARCHAR, -- SAFE-T claim state as the export writes it.
    safet_created_at TIMESTAMP, -- When the SAFE-T claim was filed.
    safet_created_precision VARCHAR, -- Precision of safet_created_at: day or instant.
    safet_amount DECIMAL(18, 4), -- SAFE-T reimbursement.
    lpn VARCHAR, -- License plate number of the returned unit, where the export carries it.
    fnsku VARCHAR, -- The fulfilment network's article number.
    fulfilment_centre VARCHAR, -- Where the unit came back to.
    disposition VARCHAR, -- Condition in which it came back, as the export writes it; see dispositions.
    buyer_hash VARCHAR, -- Keyed hash of the buyer's id; null where the export has none.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- When the export was made, as far as known; the newest wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The line in that file.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- Units that the fulfilment network sent in place of others: one row per article of a replacement shipment.
CREATE TABLE IF NOT EXISTS history.replacements (
    channel VARCHAR NOT NULL, -- Where it was sold.
    replacement_order_id VARCHAR NOT NULL, -- The order by which the replacement was sent.
    sku VARCHAR, -- The seller's article number.
    shipped_at TIMESTAMP NOT NULL, -- When it was shipped (UTC).
    fulfilment_centre VARCHAR, -- Where it was sent from.
    occurrence INTEGER NOT NULL, -- Counts rows of the same order, SKU, time and centre in one file, from 1.
    original_order_id VARCHAR, -- The order that it replaces.
    asin VARCHAR, -- Amazon's article number.
    original_fulfilment_centre VARCHAR, -- Where the replaced unit was sent from.
    quantity INTEGER NOT NULL, -- Units sent.
    reason_code VARCHAR, -- The venue's reason code, as written; what codes mean is not published.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- When the export was made, as far as known; the newest wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The line in that file.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- FBA reimbursements: one row per line. They hold approvals only: no approval rate can come of them.
CREATE TABLE IF NOT EXISTS history.reimbursements (
    channel VARCHAR NOT NULL, -- Where it was sold.
    reimbursement_id VARCHAR NOT NULL, -- The venue's id; it may hold several lines.
    reason_raw VARCHAR NOT NULL, -- Reason as the export writes it.
    fnsku VARCHAR, -- The fulfilment network's article number.
    sku VARCHAR, -- The seller's article number.
    occurrence INTEGER NOT NULL, -- Counts rows of the same id, reason and article in one file, from 1.
    case_id VARCHAR, -- The case that asked for it; null when it came unasked.
    order_id VARCHAR, -- The order, where there is one.
    approved_at TIMESTAMP, -- When it was approved.
    reason VARCHAR, -- Reason as one of reason_rules.
    asin VARCHAR, -- Amazon's article number.
    product_name VARCHAR, -- Title as the export writes it.
    condition VARCHAR, -- Condition as the export writes it.
    currency VARCHAR, -- Currency of the amounts.
    amount_per_unit DECIMAL(18, 4), -- Amount for one unit.
    amount DECIMAL(18, 4), -- Amount of the line; negative when taken back.
    n_units_cash INTEGER, -- Units paid in money.
    n_units_inventory INTEGER, -- Units given back as stock.
    n_units INTEGER, -- Units in all.
    original_id VARCHAR, -- The reimbursement that this line takes back.
    original_type VARCHAR, -- Its type as the export writes it.
    is_reversal BOOLEAN NOT NULL, -- Whether this line takes an earlier one back.
    link_method VARCHAR NOT NULL, -- How it belongs to a claim: id (its case) or none.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- When the export was made, as far as known; the newest wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The line in that file.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- What each kind of source says of a claim: one row per claim and origin. claims is merged from it.
CREATE TABLE IF NOT EXISTS history.claim_records (
    program VARCHAR NOT NULL, -- The claim program, as in programs.
    claim_id VARCHAR NOT NULL, -- The claim's id, or one derived from order and return.
    origin VARCHAR NOT NULL, -- tracker, amazon_mfn_returns or amazon_fba_reimbursements.
    id_is_derived BOOLEAN NOT NULL, -- True when the source has no claim id.
    direction VARCHAR, -- Who claims, where the source says so.
    marketplace VARCHAR, -- Country code of the marketplace; raw text where unmapped.
    order_id VARCHAR, -- The order.
    rma_id VARCHAR, -- The return authorisation.
    sku VARCHAR, -- The seller's article number.
    reason_raw VARCHAR, -- Reason as the source writes it.
    reason VARCHAR, -- Reason as one of reason_rules; unknown where none fits.
    contacted_at TIMESTAMP, -- When the other side was contacted.
    filed_at TIMESTAMP, -- When the claim was filed.
    filed_precision VARCHAR, -- day or instant.
    claimed_amount DECIMAL(18, 4), -- What was asked for.
    granted_amount DECIMAL(18, 4), -- What was granted.
    currency VARCHAR, -- Currency of both.
    state_raw VARCHAR, -- Outcome or state as the source writes it.
    outcome VARCHAR NOT NULL, -- First decision relative to the claimant, as in outcome_rules.
    decided_at TIMESTAMP, -- When it was first decided, if the source says so.
    decided_precision VARCHAR, -- day or instant.
    resolution VARCHAR, -- How it was settled, as written.
    appealed_at TIMESTAMP, -- When it was appealed.
    appeal_outcome VARCHAR, -- Decision on appeal relative to the claimant, as in outcome_rules.
    appeal_decided_at TIMESTAMP, -- When the appeal was decided.
    appeal_decided_precision VARCHAR, -- day or instant.
    due_at TIMESTAMP, -- When an answer is due.
    buyer_hash VARCHAR, -- Keyed hash of the buyer's id; null where the source has none.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- The source's time, by which a newer export wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The line in that file.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- Claims concluded from what other tables hold, such as money that moved: one row per claim and origin,
-- made anew after each load. Columns as in claim_records.
CREATE TABLE IF NOT EXISTS derived_claims (
    program VARCHAR NOT NULL, -- The claim program, as in programs.
    claim_id VARCHAR NOT NULL, -- The claim's id, or one derived from order and return.
    origin VARCHAR NOT NULL, -- amazon_fba_reimbursements or ledger_lines.
    id_is_derived BOOLEAN NOT NULL, -- True when the source has no claim id.
    marketplace VARCHAR, -- Country code of the marketplace.
    order_id VARCHAR, -- The order.
    sku VARCHAR, -- The seller's article number.
    reason_raw VARCHAR, -- Reason as the source writes it.
    reason VARCHAR, -- Reason as one of reason_rules; unknown where none fits.
    granted_amount DECIMAL(18, 4), -- What was granted.
    currency VARCHAR, -- Its currency.
    outcome VARCHAR NOT NULL, -- First decision relative to the claimant, as in outcome_rules.
    decided_at TIMESTAMP, -- When it was first decided, if the source says so.
    decided_precision VARCHAR, -- day or instant.
    money_at TIMESTAMP, -- When money first moved for it, by which it was decided.
    version_at TIMESTAMP, -- The source's time.
    file_id INTEGER NOT NULL, -- A file that tells of it.
    line_no BIGINT NOT NULL -- The line in that file.
);

-- Claims: one row per claim, field by field from the tracker where it says something, else from the
-- exports. Ask v_claims, which adds direction, decision interval and the order's facts.
CREATE TABLE IF NOT EXISTS claims (
    program VARCHAR NOT NULL, -- The claim program, as in programs.
    claim_id VARCHAR NOT NULL, -- The claim's id, or one derived from order and return.
    id_is_derived BOOLEAN NOT NULL, -- True when no source has a claim id.
    origins VARCHAR[] NOT NULL, -- The kinds of source that tell of it.
    direction VARCHAR, -- Who claims, where a source says so; else the program's.
    marketplace VARCHAR, -- Country code of the marketplace; raw text where unmapped.
    order_id VARCHAR, -- The order.
    rma_id VARCHAR, -- The return authorisation.
    sku VARCHAR, -- The seller's article number.
    reason_raw VARCHAR, -- Reason as the source writes it.
    reason VARCHAR, -- Reason as one of reason_rules; unknown where none fits.
    contacted_at TIMESTAMP, -- When the other side was contacted.
    filed_at TIMESTAMP, -- When the claim was filed.
    filed_precision VARCHAR, -- day or instant.
    claimed_amount DECIMAL(18, 4), -- What was asked for.
    granted_amount DECIMAL(18, 4), -- What was granted.
    currency VARCHAR, -- Currency of both.
    state_raw VARCHAR, -- Outcome or state as the source writes it.
    outcome VARCHAR NOT NULL, -- First decision relative to the claimant, as in outcome_rules.
    decided_at TIMESTAMP, -- When it was first decided, if a source says so.
    decided_precision VARCHAR, -- day or instant.
    money_at TIMESTAMP, -- When money first moved for it, by which it was decided.
    buyer_hash VARCHAR, -- Keyed hash of the buyer's id; null where no source has one.
    resolution VARCHAR, -- How it was settled, as written.
    appealed_at TIMESTAMP, -- When it was appealed.
    appeal_outcome VARCHAR, -- Decision on appeal relative to the claimant, as in outcome_rules.
    appeal_decided_at TIMESTAMP, -- When the appeal was decided.
    appeal_decided_precision VARCHAR, -- day or instant.
    due_at TIMESTAMP, -- When an answer is due.
    extra JSON -- Columns the formats do not know, by their header name.
);

-- The state of a claim in each file that tells of it: one row per claim, origin and file.
CREATE TABLE IF NOT EXISTS claim_snapshots (
    program VARCHAR NOT NULL, -- The claim program.
    claim_id VARCHAR NOT NULL, -- The claim's id.
    origin VARCHAR NOT NULL, -- The kind of source.
    file_id INTEGER NOT NULL, -- The file.
    line_no BIGINT NOT NULL, -- The line in that file.
    pulled_at TIMESTAMP, -- When the export was made; null when unknown.
    state_raw VARCHAR, -- State as the file writes it.
    outcome VARCHAR NOT NULL, -- State relative to the claimant, as in outcome_rules.
    granted_amount DECIMAL(18, 4), -- What was granted by then.
    currency VARCHAR -- Its currency.
);

-- What happened to a claim: one row per event.
CREATE TABLE IF NOT EXISTS history.claim_events (
    program VARCHAR NOT NULL, -- The claim program.
    claim_id VARCHAR NOT NULL, -- The claim's id.
    type_raw VARCHAR NOT NULL, -- The event as the tracker writes it.
    occurred_at TIMESTAMP, -- When it happened.
    occurrence INTEGER NOT NULL, -- Counts rows of the same claim, type and time in one file, from 1.
    type VARCHAR, -- The event as one of event_types; null where none fits.
    occurred_precision VARCHAR, -- day or instant.
    actor VARCHAR, -- seller, buyer, platform, bank, carrier or system.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- The file's time, by which a newer export wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The line in that file.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- Evidence: one row per piece. A null flag is unknown, not no.
CREATE TABLE IF NOT EXISTS history.evidence (
    program VARCHAR NOT NULL, -- The claim program.
    claim_id VARCHAR NOT NULL, -- The claim's id.
    kind_raw VARCHAR NOT NULL, -- The kind as the tracker writes it.
    item_key VARCHAR NOT NULL, -- What tells pieces of one kind apart: file name, else time sent.
    occurrence INTEGER NOT NULL, -- Counts rows of the same claim, kind and key in one file, from 1.
    kind VARCHAR NOT NULL, -- The kind as one of evidence_kinds; other where none fits.
    submitted_at TIMESTAMP, -- When it was sent.
    submitted_precision VARCHAR, -- day or instant.
    with_filing BOOLEAN, -- Whether it went with the first filing.
    quality_rating DECIMAL(3, 1), -- Quality from 0 to 5 in the rater's judgement.
    rated_at TIMESTAMP, -- When it was rated; a rating made after the decision is hindsight.
    rated_precision VARCHAR, -- day or instant.
    legible BOOLEAN, -- Whether it can be read.
    shows_item BOOLEAN, -- Whether it shows the item.
    shows_defect BOOLEAN, -- Whether it shows the defect.
    shows_packaging BOOLEAN, -- Whether it shows the packaging.
    shows_label BOOLEAN, -- Whether it shows the shipping label.
    shows_serial BOOLEAN, -- Whether it shows the serial number.
    shows_order_id BOOLEAN, -- Whether it shows the order id.
    file_name VARCHAR, -- The piece's file.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- The file's time, by which a newer export wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The line in that file.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- Files of evidence as they lie in a folder: one row per file that was measured. Nothing of what a file shows
-- is here, nor where it was taken. Ask v_evidence_files, which adds the components of clarity and the claim.
CREATE TABLE IF NOT EXISTS history.evidence_files (
    folder VARCHAR NOT NULL, -- The folder that was scanned.
    path VARCHAR NOT NULL, -- The file's path below it.
    sha256 VARCHAR NOT NULL, -- Hash of its content.
    n_bytes BIGINT NOT NULL, -- Its size.
    medium VARCHAR NOT NULL, -- photo, document or video.
    format VARCHAR NOT NULL, -- What its content is, such as JPEG, whatever its name says.
    width INTEGER, -- Pixels from left to right, as it is shown.
    height INTEGER, -- Pixels from top to bottom, as it is shown.
    laplacian_variance DOUBLE, -- Variance of the Laplacian of the grey picture at a longest side of 1024 pixels at most.
    mean_luminance DOUBLE, -- Mean of the grey picture, 0 to 255.
    tonal_range INTEGER, -- Grey values between its darkest and its brightest thousandth.
    dark_share DOUBLE, -- Share of its pixels with a grey value of 5 or less.
    bright_share DOUBLE, -- Share of its pixels with a grey value of 250 or more.
    perceptual_hash VARCHAR, -- Fingerprint of the picture, 64 bits in hexadecimal; null for one too plain to have any.
    n_pages INTEGER, -- Pages of a document.
    n_text_pages INTEGER, -- Of its first 200 pages those with text.
    scan_dpi INTEGER[], -- For each of these that is a picture without text its dots per inch.
    duration_seconds DOUBLE, -- Length of a video.
    captured_local TIMESTAMP, -- When it was taken by the clock of the camera; its zone may be any.
    captured_at TIMESTAMP, -- When it was taken (UTC); null where the file does not tell the zone.
    captured_basis VARCHAR, -- Where that is from: exif or video_header.
    changed_at TIMESTAMP, -- When the file was last written or copied, by the file system (UTC).
    said_program VARCHAR, -- The program that was said of the folder's claims; null where none was.
    measured_by VARCHAR NOT NULL, -- The version of the measures.
    version_at TIMESTAMP, -- Null: of two scans the later one holds.
    file_id INTEGER NOT NULL, -- The scan, as in source_files.
    line_no BIGINT NOT NULL, -- The file's place in its list, from 1.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a later scan of the folder replaced.
);

-- Which file belongs to which claim, as a list of yours (files.csv) tells it: one row per file and claim.
CREATE TABLE IF NOT EXISTS history.file_claims (
    file_key VARCHAR NOT NULL, -- The file's name or path in small letters, as it is compared.
    program VARCHAR, -- The claim program; null where the list does not say.
    claim_id VARCHAR NOT NULL, -- The claim's id.
    file_name VARCHAR NOT NULL, -- The file's name or path as the list writes it.
    kind_raw VARCHAR, -- The kind as the list writes it.
    kind VARCHAR, -- The kind as one of evidence_kinds; null where the list does not say, other where none fits.
    submitted_at TIMESTAMP, -- When it was sent.
    submitted_precision VARCHAR, -- day or instant.
    with_filing BOOLEAN, -- Whether it went with the first filing.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- The list's time, by which a newer one wins.
    file_id INTEGER NOT NULL, -- The list it came from.
    line_no BIGINT NOT NULL, -- The line in that list.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- Which claim and which piece of evidence each file in evidence_files is: one row per file and piece, made
-- anew after each load. A file that belongs to no claim has one row without.
CREATE TABLE IF NOT EXISTS evidence_links (
    file_id INTEGER NOT NULL, -- The scan of the file in evidence_files.
    line_no BIGINT NOT NULL, -- Its place in that scan.
    program VARCHAR, -- The claim program; null where no claim was found.
    claim_id VARCHAR, -- The claim; null where none was found.
    link_method VARCHAR NOT NULL, -- How it was linked: mapping, name (ids in its path) or list (a piece of that file name); ambiguous (several fit) or none.
    candidates VARCHAR, -- What fits, where several do.
    piece VARCHAR, -- listed (a known piece names the file), new (a piece known from the file alone) or copy (its claim has the same content already).
    piece_file_id INTEGER, -- The piece: the file that tells of it.
    piece_line_no BIGINT, -- The piece: its line there.
    kind VARCHAR, -- The kind that the mapping or the file's name tells, as in evidence_kinds; null where neither does.
    kind_raw VARCHAR, -- The kind as the mapping writes it, else the file's name.
    submitted_at TIMESTAMP, -- When it was sent, by the mapping.
    submitted_precision VARCHAR, -- day or instant.
    with_filing BOOLEAN -- Whether it went with the first filing, by the mapping.
);

-- Money that moved, as settlement and transaction exports tell it: one row per line. A settlement may
-- be told by two kinds of export: ask v_money, which takes one.
CREATE TABLE IF NOT EXISTS history.ledger_lines (
    channel VARCHAR NOT NULL, -- Where it was sold.
    origin VARCHAR NOT NULL, -- The kind of export.
    unit_key VARCHAR NOT NULL, -- What a newer file replaces as a whole: a settlement, or the line itself.
    line_key VARCHAR NOT NULL, -- What identifies the line within its unit.
    occurrence INTEGER NOT NULL, -- Counts lines of the same key in one file, from 1.
    marketplace VARCHAR, -- Country code of the marketplace; raw text where unmapped.
    settlement_id VARCHAR, -- The venue's settlement or payout.
    posted_at TIMESTAMP, -- When it was posted (UTC).
    posted_precision VARCHAR, -- day or instant.
    order_id VARCHAR, -- The order, where there is one.
    sku VARCHAR, -- The seller's article number.
    quantity INTEGER, -- Units, where the line tells them.
    reference_id VARCHAR, -- The venue's id of what moved the money, such as a case or an adjustment.
    line_type VARCHAR, -- Transaction type as the export writes it.
    amount_type VARCHAR, -- Kind of amount as the export writes it, where it tells amounts apart.
    description VARCHAR, -- Description as the export writes it.
    amount DECIMAL(18, 4), -- What moved; negative when it left the seller.
    price_amount DECIMAL(18, 4), -- The part of it that is price, shipping and their taxes; null: not told.
    currency VARCHAR, -- Currency of the amounts.
    program VARCHAR, -- The claim program it belongs to; null where it is no claim's money.
    kind VARCHAR, -- What it is for the claim: grant, recovery or reversal; unknown where it has words of claims that no rule knows, null where it has none.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- When the export was made, as far as known; the newest wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The line in that file.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- Which claim each line of claim money belongs to: one row per line, made anew after each load.
CREATE TABLE IF NOT EXISTS money_links (
    file_id INTEGER NOT NULL, -- The file of the line in ledger_lines.
    line_no BIGINT NOT NULL, -- Its line.
    program VARCHAR NOT NULL, -- The claim program.
    claim_id VARCHAR, -- The claim; null where none was found.
    link_method VARCHAR NOT NULL -- How it was linked: id, order_sku, order, sku_date, derived; automatic (paid without a claim), ambiguous (several fit) or none.
);

-- Stock movements of the fulfilment network, as the inventory ledger tells them: one row per event.
CREATE TABLE IF NOT EXISTS history.inventory_events (
    channel VARCHAR NOT NULL, -- Where the stock is sold.
    occurred_at TIMESTAMP, -- When it happened (UTC); the beginning of its day where the ledger tells no more.
    occurred_on DATE, -- Its day, as the ledger writes it.
    fnsku VARCHAR, -- The fulfilment network's article number.
    sku VARCHAR, -- The seller's article number.
    asin VARCHAR, -- Amazon's article number.
    item_name VARCHAR, -- Title as the export writes it.
    event_type VARCHAR, -- Event as the export writes it; see ledger_event_types.
    reference_id VARCHAR, -- The venue's reference.
    quantity INTEGER, -- Units; negative when they left the stock.
    n_reconciled INTEGER, -- Units of it explained or paid by the time of the export.
    n_unreconciled INTEGER, -- Units still to be explained or paid.
    fulfilment_centre VARCHAR, -- Where it happened.
    disposition VARCHAR, -- Condition of the stock.
    reason_code VARCHAR, -- The venue's reason code; see ledger_reason_codes.
    country VARCHAR, -- Country of the stock.
    store VARCHAR, -- Store as the export writes it; null where the header has none.
    line_key VARCHAR NOT NULL, -- What identifies the event: all that does not change with time.
    occurrence INTEGER NOT NULL, -- Counts events of the same key in one file, from 1.
    extra JSON, -- Columns the format does not know, by their header name.
    version_at TIMESTAMP, -- When the export was made, as far as known; the newest wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The line in that file.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);

-- What the venues themselves count, to be held against what this book holds: one row per total of a
-- marketplace and period. No analysis counts from them; ask v_control_totals.
CREATE TABLE IF NOT EXISTS history.control_totals (
    channel VARCHAR NOT NULL, -- The venue.
    origin VARCHAR NOT NULL, -- The kind of export.
    marketplace VARCHAR, -- Country code of the marketplace; raw text where unmapped.
    metric VARCHAR NOT NULL, -- What is counted, as in control_metrics.
    fulfilment VARCHAR, -- Who ships: seller or platform; null for both.
    period_from DATE NOT NULL, -- First day of the period, as the export writes it.
    period_to DATE NOT NULL, -- Last day of the period, as the export writes it.
    n_reported INTEGER, -- How many the venue counts.
    amount DECIMAL(18, 4), -- What they come to; null where the export tells no amount.
    currency VARCHAR, -- Currency of the amount.
    rate DOUBLE, -- The rate that the venue makes of it, from 0 to 1; null where it makes none.
    target_rate DOUBLE, -- The rate that the venue demands.
    target_condition VARCHAR, -- How the rate must stand to it, as the export writes it.
    status VARCHAR, -- The venue's judgement, as the export writes it.
    extra JSON, -- Columns the format does not know, by their name.
    version_at TIMESTAMP, -- When the export was made, as far as known; the newest wins.
    file_id INTEGER NOT NULL, -- The file it came from.
    line_no BIGINT NOT NULL, -- The place of the total in that file, from 1.
    is_current BOOLEAN NOT NULL -- Whether it holds now; false for what a newer state replaced.
);
