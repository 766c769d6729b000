-- What numbers mean, and what they can be held against: the venues' own totals, stock and returned units
-- that no claim tells of, the files that were loaded.
-- The comment above a view and the one beside a column become their COMMENTs.

-- Every metric with its formula, denominator and date basis: one row per metric.
CREATE OR REPLACE VIEW metric_definitions AS
SELECT
    metric, -- The metric's name in the findings' tables.
    formula, -- What is divided by what, or how it is computed.
    denominator, -- Which claims it is measured against.
    date_basis -- The date that places a claim: filed, ordered or decided.
FROM (
    VALUES
    ('rate', 'n_approved / n_decided, from the claimant''s side',
     'claims decided by the cut-off: approved, denied, expired or reversed', 'filed'),
    ('seller_win_rate', 'approved of the seller''s claims, not approved of the buyers'' / n_decided',
     'claims decided by the cut-off', 'filed'),
    ('equal_age_rate', 'Aalen-Johansen cumulative incidence of approval at age_days',
     'all claims with usable dates; open ones are censored at the cut-off', 'filed'),
    ('median_days', 'age at which half have ended, Kaplan-Meier; the middle where the curve is flat there',
     'all claims with usable dates; open ones are censored at the cut-off', 'filed'),
    ('q25_days', 'as median_days, for a quarter', 'as for median_days', 'filed'),
    ('q75_days', 'as median_days, for three quarters', 'as for median_days', 'filed'),
    ('median_days_earliest', 'median_days with decisions known as an interval at its beginning',
     'as for median_days', 'filed'),
    ('won_by_age', 'Aalen-Johansen cumulative incidence of ending the seller''s way at age_days',
     'as for median_days', 'filed'),
    ('lost_by_age', 'Aalen-Johansen cumulative incidence of ending against the seller at age_days',
     'as for median_days', 'filed'),
    ('ended_by_age', 'Aalen-Johansen cumulative incidence of ending undecided at age_days',
     'as for median_days', 'filed'),
    ('completeness', 'demanded kinds present at filing / kinds the reason demands',
     'claims with a piece at filing and a reason in evidence_requirements', 'filed'),
    ('clarity', 'mean over pieces at filing of quality_rating / 5, ratings not surely before the decision left '
     || 'out, else of the clarity measured from the file',
     'claims with a rated or measured piece at filing', 'filed'),
    ('timeliness', 'mean of: pieces at filing / pieces before the decision; requests answered in time',
     'claims with a piece before the decision', 'filed'),
    ('detail', 'share of item, packaging, label, serial and order id that is shown at filing',
     'claims with at least one of these flags known at filing', 'filed'),
    ('score', 'mean of the known components', 'claims with at least one known component', 'filed'),
    ('value', 'Spearman''s rank correlation of the item with the seller''s win',
     'decided claims older than older_than_days with a piece at filing, the item known', 'filed'),
    ('raw_difference_points', '100 * (share won with the item - share won without)', 'as for value',
     'filed'),
    ('difference_points', 'Mantel-Haenszel difference of these shares within program and reason',
     'as for value, in programs and reasons that have claims both with and without', 'filed'),
    ('q_value', 'Benjamini-Hochberg over the Cochran-Mantel-Haenszel p values of its family: '
     || 'the kinds, or the score and its components', 'as for difference_points', 'filed'),
    ('speed_value', 'Spearman''s rank correlation of the item with days to the end, at most older_than_days, '
     || 'reasons mixed',
     'claims older than older_than_days with a piece at filing, open ones at that age', 'filed'),
    ('effect_points', '100 * average over the claims of the share won with the kind - without it, by '
     || 'logistic regression on all compared kinds, program and reason, marketplace and amount band',
     'as for difference_points, each compared kind known, in programs and reasons won and lost', 'filed'),
    ('adjusted_odds_ratio', 'the kind''s odds ratio in the regression of effect_points',
     'as for effect_points', 'filed'),
    ('effect_q_value', 'Benjamini-Hochberg over the p values of the kinds in that regression',
     'as for effect_points', 'filed'),
    ('odds_ratio', 'Mantel-Haenszel odds ratio of winning within program and reason',
     'as for difference_points', 'filed'),
    ('homogeneity_p_value', 'Breslow-Day test with Tarone''s correction of one odds ratio everywhere',
     'as for difference_points, in programs and reasons won and lost', 'filed'),
    ('raw_odds_ratio', 'won_with / lost with the kind, over won_without / lost without it',
     'as for raw_difference_points', 'filed'),
    ('overlap_share', 'n_within / (n_with + n_without)', 'as for raw_difference_points', 'filed'),
    ('usual_rate', 'mean over the claims of the share that all of their program and reason win',
     'decided claims older than older_than_days with a piece at filing', 'filed'),
    ('slope_points', '100 * slope of parallel lines through the shares won, one a program and reason',
     'as for usual_rate, in programs and reasons with two doses or more', 'filed'),
    ('trend_p_value', 'Mantel''s test of no trend within program and reason', 'as for slope_points', 'filed'),
    ('trend_q_value', 'Benjamini-Hochberg over trend_p_value of both measures', 'as for slope_points',
     'filed'),
    ('raw_slope_points', '100 * slope of a straight line through the shares won', 'as for usual_rate', 'filed'),
    ('raw_trend_p_value', 'Cochran-Armitage test of no trend', 'as for usual_rate', 'filed'),
    ('departure_p_value', 'chi-squared test of a straight line through the shares won',
     'as for usual_rate', 'filed'),
    ('lacking_rate', 'n_lacking / n_known: filed without a kind that the reason demands',
     'claims with a piece at filing and the kind known to have been among them or not', 'filed'),
    ('completeness_rate', 'mean of completeness', 'claims with a piece at filing and each demanded kind known',
     'filed'),
    ('complete_rate', 'n_complete / n_known: filed with every demanded kind', 'as for completeness_rate',
     'filed'),
    ('gain_points', '100 * (share the seller won with the kind at filing - share won without)',
     'decided claims of the open claim''s program and reason, as for value', 'filed'),
    ('gain_q_value', 'Benjamini-Hochberg over the p values of all kinds that the plan compares',
     'as for gain_points', 'filed'),
    ('days_left', 'due_at - cut-off; negative once it has passed', 'open claims with a known deadline',
     'filed'),
    ('approved_30d', 'Aalen-Johansen cumulative incidence of approval at day 30', 'as for equal_age_rate',
     'filed'),
    ('approved_60d', 'as approved_30d, at day 60', 'as for equal_age_rate', 'filed'),
    ('approved_90d', 'as approved_30d, at day 90', 'as for equal_age_rate', 'filed'),
    ('worst', 'n_approved / n_followed: no open claim is approved', 'claims with usable dates', 'filed'),
    ('best', '(n_approved + n_open) / n_followed: every open claim is approved',
     'claims with usable dates', 'filed'),
    ('approved_by_age', 'n_approved / n_followed: approved by age_days', 'claims with usable dates that are '
     || 'at least age_days old at the cut-off', 'filed'),
    ('centre', 'approved_by_age of all periods judged together', 'as for approved_by_age, in periods all of '
     || 'whose claims are so old', 'filed'),
    ('scatter', 'mean distance of neighbouring periods'' standardised shares / 1.128 (Laney''s sigma z)',
     'as for centre', 'filed'),
    ('false_alarm', 'at most the chance that so many periods signal anywhere by chance alone', 'periods judged', 'filed'),
    ('approved_before', 'n_approved_before / n_before: approved by age_days', 'claims filed before the date, '
     || 'otherwise as for approved_by_age', 'filed'),
    ('approved_after', 'n_approved_after / n_after: approved by age_days', 'claims filed from the date on, '
     || 'otherwise as for approved_by_age', 'filed'),
    ('change_points', '100 * (approved_after - approved_before)', 'as for both', 'filed'),
    ('within_points', 'Mantel-Haenszel difference of these shares within program and reason',
     'as for both, in programs and reasons that have claims on both sides of the date', 'filed'),
    ('level_points', '100 * step at the date between two lines of the log odds, before and after',
     'as for both, by period', 'filed'),
    ('slope_ratio', 'odds ratio of 30 days after the date / odds ratio of 30 days before it', 'as for level_points',
     'filed'),
    ('change_p_value', 'Wald test of neither level nor slope having changed', 'as for level_points', 'filed'),
    ('change_q_value', 'Benjamini-Hochberg over the p values of all rows', 'as for level_points', 'filed'),
    ('dispersion', 'Pearson''s chi-squared of the two lines / degrees of freedom', 'as for level_points', 'filed'),
    ('shrunken_rate', 'share won drawn towards the average of the groups, beta-binomial',
     'claims decided by the cut-off', 'filed'),
    ('worse_than_average', 'probability that the group''s true rate is below average',
     'as for shrunken_rate', 'filed'),
    ('average', 'average of the groups'' true rates, each group once', 'as for shrunken_rate', 'filed'),
    ('median_paid', 'median of granted_amount / claimed_amount', 'approved claims with both amounts, '
     || 'per currency', 'filed'),
    ('q25_paid', 'as median_paid, the lower quartile', 'as for median_paid', 'filed'),
    ('q75_paid', 'as median_paid, the upper quartile', 'as for median_paid', 'filed'),
    ('in_full', 'share with granted_amount at least claimed_amount', 'as for median_paid', 'filed'),
    ('nothing', 'share approved with an amount of 0', 'as for median_paid', 'filed'),
    ('oldest_days', 'cut-off - filed_at of the oldest', 'open claims with a filing date', 'filed'),
    ('usual_days', 'age by which 90 % have ended, Kaplan-Meier', 'all claims with usable dates', 'filed'),
    ('older_share', 'share of open claims older than usual_days', 'open claims with a filing date',
     'filed'),
    ('in_time_rate', 'n_in_time / n_due: answered or decided within the hours asked for',
     'steps begun at least that long before the cut-off', 'filed'),
    ('curve_rate', 'Kaplan-Meier share over within the hours asked for',
     'all steps with usable dates; open ones are censored at the cut-off', 'filed')
) AS definitions (metric, formula, denominator, date_basis);

-- Stock that the inventory ledger says is lost or damaged and neither found nor paid: one row per event.
-- Candidates for a claim, not claims: what was paid since the ledger was pulled is still among them.
CREATE OR REPLACE VIEW v_inventory_claim_candidates AS
SELECT
    e.channel, -- Where the stock is sold.
    e.occurred_on, -- Day of the event, as the ledger writes it.
    e.fnsku, -- The fulfilment network's article number.
    e.sku, -- The seller's article number.
    e.item_name, -- Title as the export writes it.
    r.kind, -- lost or damaged.
    e.reason_code, -- The venue's reason code.
    r.title AS meaning, -- What the code means.
    r.reason, -- The reason of a claim for it.
    e.quantity, -- Units of the event; negative when they left the stock.
    e.n_reconciled, -- Units of it explained or paid by the time of the export.
    e.n_unreconciled, -- Units still to be explained or paid.
    e.fulfilment_centre, -- Where it happened.
    e.country, -- Country of the stock.
    e.disposition, -- Condition of the stock.
    e.reference_id, -- The venue's reference.
    e.version_at AS told_at, -- When the export was made, as far as known (UTC).
    e.file_id, -- The file it came from.
    e.line_no -- The line in that file.
FROM inventory_events AS e
JOIN ledger_reason_codes AS r ON r.code = upper(e.reason_code)
WHERE lower(e.event_type) = 'adjustments' AND r.kind IN ('lost', 'damaged') AND e.n_unreconciled > 0;

-- Returned units that the fulfilment network or its carrier damaged, of whose article and order the book
-- holds no reimbursement: one row per return line. Candidates for a claim, not claims: a reimbursement may
-- stand in an export that was not loaded, or name no order.
CREATE OR REPLACE VIEW v_return_claim_candidates AS
SELECT
    r.channel, -- Where it was sold.
    r.order_id, -- The venue's order id.
    r.sku, -- The seller's article number.
    r.fnsku, -- The fulfilment network's article number.
    r.item_name, -- Title as the export writes it.
    r.lpn, -- License plate number of the returned unit.
    r.quantity, -- Units returned.
    r.delivered_at, -- When the return reached the fulfilment network.
    r.fulfilment_centre, -- Where the unit came back to.
    r.disposition, -- Condition in which it came back, as the export writes it.
    d.title AS meaning, -- What the condition means.
    d.reason, -- The reason of a claim for it.
    r.return_status, -- Status as the export writes it.
    r.version_at AS told_at, -- When the export was made, as far as known (UTC).
    r.file_id, -- The file it came from.
    r.line_no -- The line in that file.
FROM returns AS r
JOIN dispositions AS d ON d.disposition = upper(r.disposition)
WHERE d.is_owed
    AND lower(coalesce(r.return_status, '')) <> 'reimbursed'
    AND NOT EXISTS (
        FROM reimbursements AS b
        WHERE b.channel = r.channel AND b.order_id = r.order_id AND NOT b.is_reversal
            AND (b.sku = r.sku OR b.fnsku = r.fnsku OR b.asin = r.asin)
    );

-- The venues' own totals beside what this book holds of the same: one row per total. A difference is no
-- judgement: the book may lack exports, and the venue's days are the marketplace's own, the book's UTC.
-- A claim or an order whose day, marketplace or shipper is not known well enough is counted apart.
CREATE OR REPLACE VIEW v_control_totals AS
WITH totals AS (
    SELECT t.*, m.title, m.counted, m.program, m.date_basis
    FROM control_totals AS t
    LEFT JOIN control_metrics AS m USING (metric)
),
claims_by_day AS (
    SELECT
        program,
        marketplace,
        fulfilment,
        event = 'approved' AS is_granted,
        CAST(ordered_at AS DATE) AS ordered_on,
        CAST(decided_lo AS DATE) AS decided_from,
        CAST(decided_hi AS DATE) AS decided_to,
        currency,
        count(*) AS n,
        sum(granted_amount) AS amount
    FROM v_claims
    WHERE program IN (SELECT program FROM control_metrics)
    GROUP BY ALL
),
orders_by_day AS (
    SELECT
        channel,
        marketplace,
        fulfilment,
        CAST(purchased_at AS DATE) AS ordered_on,
        currency,
        count(*) AS n_orders,
        sum(n_lines) AS n_lines,
        sum(n_units) AS n_units,
        sum(item_amount) AS amount
    FROM v_orders
    GROUP BY ALL
),
claims_fitting AS (
    SELECT
        t.file_id,
        t.line_no,
        (t.marketplace IS NULL OR c.marketplace = t.marketplace)
        AND (t.fulfilment IS NULL OR c.fulfilment = t.fulfilment)
        AND (t.counted = 'claims' OR c.is_granted)
        AND CASE
            WHEN t.date_basis = 'ordered' THEN c.ordered_on BETWEEN t.period_from AND t.period_to
            WHEN c.decided_from >= t.period_from AND c.decided_to <= t.period_to THEN true
            WHEN c.decided_from > t.period_to OR c.decided_to < t.period_from THEN false
        END AS fits,
        c.n,
        CASE WHEN c.currency = t.currency THEN c.amount END AS amount
    FROM totals AS t
    JOIN claims_by_day AS c ON c.program = t.program
),
orders_fitting AS (
    SELECT
        t.file_id,
        t.line_no,
        (t.marketplace IS NULL OR o.marketplace = t.marketplace)
        AND (t.fulfilment IS NULL OR o.fulfilment = t.fulfilment)
        AND o.ordered_on BETWEEN t.period_from AND t.period_to AS fits,
        CASE t.counted WHEN 'orders' THEN o.n_orders WHEN 'lines' THEN o.n_lines ELSE o.n_units END AS n,
        CASE WHEN o.currency = t.currency THEN o.amount END AS amount
    FROM totals AS t
    JOIN orders_by_day AS o ON o.channel = t.channel
    WHERE t.counted IN ('orders', 'lines', 'units')
),
held AS (
    SELECT
        file_id,
        line_no,
        CAST(coalesce(sum(n) FILTER (fits), 0) AS BIGINT) AS n_in_book,
        CAST(coalesce(sum(n) FILTER (fits IS NULL), 0) AS BIGINT) AS n_unsure,
        sum(amount) FILTER (fits) AS amount_in_book
    FROM (FROM claims_fitting UNION ALL FROM orders_fitting)
    GROUP BY file_id, line_no
)
SELECT
    t.channel, -- The venue.
    t.marketplace, -- Country code of the marketplace; raw text where unmapped.
    t.fulfilment, -- Who ships: seller or platform; null for both.
    t.metric, -- What is counted, as in control_metrics.
    t.title, -- The metric for readers.
    t.period_from, -- First day of the period.
    t.period_to, -- Last day of the period.
    t.date_basis, -- The date that places a claim or an order in it: ordered or decided; null: the book has no such thing.
    t.n_reported, -- How many the venue counts.
    CASE WHEN t.counted IS NOT NULL THEN coalesce(h.n_in_book, 0) END AS n_in_book, -- How many the book holds; null where it holds no such thing.
    CASE WHEN t.counted IS NOT NULL THEN coalesce(h.n_unsure, 0) END AS n_unsure, -- How many more may belong: their day, marketplace or shipper is not known well enough.
    t.amount AS amount_reported, -- What they come to by the venue.
    h.amount_in_book, -- What those in the book come to, of the same currency; null: not told.
    t.currency, -- Currency of both; never add across currencies.
    t.rate, -- The rate that the venue makes of it, from 0 to 1.
    t.target_rate, -- The rate that the venue demands.
    t.target_condition, -- How the rate must stand to it, as the export writes it.
    t.status, -- The venue's judgement, as the export writes it.
    t.origin, -- The kind of export.
    t.version_at AS told_at, -- When the export was made, as far as known (UTC).
    t.file_id, -- The file it came from.
    t.line_no -- The place of the total in that file.
FROM totals AS t
LEFT JOIN held AS h USING (file_id, line_no);

-- Every file that was ever loaded: one row per load, those taken out again among them.
CREATE OR REPLACE VIEW v_loads AS
SELECT
    file_id, -- Number of the load, counted from 1.
    unloaded_at IS NULL AS is_loaded, -- Whether the book holds it now.
    file_name, -- The file's name; archive.zip!member for a file inside a zip.
    format, -- What the file was taken for.
    pulled_at, -- When the export was made (UTC); null when neither its name nor the user says.
    pulled_basis, -- Where pulled_at is from: given or name; rows_later: the name's day was set aside; null: none told.
    period_from, -- Earliest event in the file.
    period_to, -- Latest event in the file.
    n_read, -- Records found below the header.
    n_inserted, -- Records that were new to the book.
    n_updated, -- Records that replaced an older state.
    n_unchanged, -- Records that the book held already, word for word.
    n_rejected, -- Records refused.
    n_ignored, -- Records left out for a reason.
    sha256, -- Hash of the file's content after decompression.
    path, -- The path as it was named when loading.
    loaded_at, -- When this book took the file (UTC).
    unloaded_at, -- When it was taken out (UTC); null while the book holds it.
    replaced_by -- The file that was loaded in its place; null where none was.
FROM (FROM source_files UNION ALL BY NAME FROM unloaded_files);
