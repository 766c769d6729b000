-- Evidence: where each piece stood in its claim's life, and what a claim had at first filing.
-- The comment above a view and the one beside a column become their COMMENTs.

-- Evidence: one row per piece of a claim in the book, with its place in the claim's life. A time known to
-- the day is any moment of that day: what may be on either side of the decision is set on neither.
-- Its clarity is the rating, which judges what a picture shows; where there is none, or one in hindsight, it is
-- measured from the file. A measure knows no outcome, so it is hindsight only of a picture taken after the decision.
CREATE OR REPLACE VIEW v_evidence AS
WITH measured AS (
    SELECT
        program,
        claim_id,
        piece_file_id AS file_id,
        piece_line_no AS line_no,
        CASE WHEN count(DISTINCT sha256) = 1 THEN any_value(clarity) END AS measured_clarity,
        min(coalesce(captured_at, captured_local - INTERVAL '14 hours')) AS captured_from,
        min(changed_at) AS changed_at
    FROM v_evidence_files
    WHERE piece IN ('listed', 'new')
    GROUP BY program, claim_id, piece_file_id, piece_line_no
),
dated AS (
    SELECT
        e.*,
        m.measured_clarity,
        m.captured_from,
        m.changed_at,
        c.filed_at,
        c.decided_lo,
        c.event = 'open' AS is_open,
        CASE
            WHEN e.submitted_precision = 'day'
            THEN e.submitted_at + INTERVAL '1 day' - INTERVAL '1 microsecond' ELSE e.submitted_at
        END AS submitted_to,
        CASE
            WHEN e.rated_precision = 'day'
            THEN e.rated_at + INTERVAL '1 day' - INTERVAL '1 microsecond' ELSE e.rated_at
        END AS rated_to,
        CASE
            WHEN c.filed_precision = 'day'
            THEN c.filed_at + INTERVAL '1 day' - INTERVAL '1 microsecond' ELSE c.filed_at
        END AS filed_to,
        CASE
            WHEN c.decided_precision = 'day'
            THEN c.decided_hi + INTERVAL '1 day' - INTERVAL '1 microsecond' ELSE c.decided_hi
        END AS decided_to
    FROM evidence AS e
    JOIN v_claims AS c USING (program, claim_id)
    LEFT JOIN measured AS m USING (program, claim_id, file_id, line_no)
),
based AS (
    SELECT
        *,
        CASE
            WHEN quality_rating IS NULL THEN NULL
            WHEN rated_at IS NULL THEN 'undated'
            WHEN is_open OR rated_to <= decided_lo THEN 'before_decision'
            ELSE 'hindsight'
        END AS rating_basis,
        CASE
            WHEN measured_clarity IS NULL THEN NULL
            WHEN captured_from > decided_to THEN 'hindsight'
            WHEN is_open OR changed_at <= decided_lo THEN 'before_decision'
            ELSE 'undated'
        END AS measure_basis
    FROM dated
)
SELECT
    program, -- The claim program.
    claim_id, -- The claim's id.
    kind, -- The kind, as in evidence_kinds; null where a file's name tells none.
    kind_raw, -- The kind as the tracker writes it.
    file_name, -- The piece's file.
    is_file_alone, -- Whether it is known from a file alone, and no list names it.
    submitted_at, -- When it was sent (UTC).
    CASE
        WHEN submitted_at > decided_to THEN 'after_decision'
        WHEN with_filing THEN 'at_filing'
        WHEN with_filing IS NULL AND (submitted_at IS NULL OR filed_at IS NULL) THEN 'unknown'
        WHEN with_filing IS NULL AND submitted_at <= filed_to THEN 'at_filing'
        WHEN is_open OR submitted_to <= decided_lo THEN 'before_decision'
        ELSE 'after_filing'
    END AS placement, -- at_filing, before_decision, after_decision, after_filing (either of the two) or unknown.
    quality_rating, -- Quality from 0 to 5 in the rater's judgement.
    rating_basis, -- before_decision, hindsight (not surely made before it: left out) or undated.
    legible, -- Whether it can be read.
    shows_item, -- Whether it shows the item.
    shows_defect, -- Whether it shows the defect.
    shows_packaging, -- Whether it shows the packaging.
    shows_label, -- Whether it shows the shipping label.
    shows_serial, -- Whether it shows the serial number.
    shows_order_id, -- Whether it shows the order id.
    measured_clarity, -- Clarity of its file by v_evidence_files, 0 to 1; null without a file, or with several that differ.
    measure_basis, -- before_decision (the file was not written since), hindsight (the picture was taken after it: left out) or undated (written or copied since).
    CASE
        WHEN rating_basis <> 'hindsight' THEN quality_rating / 5
        WHEN measure_basis <> 'hindsight' THEN measured_clarity
    END AS clarity, -- The rating / 5, else the measured clarity; 0 to 1.
    CASE
        WHEN rating_basis <> 'hindsight' THEN 'rated'
        WHEN measure_basis <> 'hindsight' THEN 'measured'
    END AS clarity_basis -- Where clarity is from: rated or measured.
FROM based;

-- Evidence of each claim at first filing: one row per claim with at least one piece recorded. Each
-- component is 0 to 1, null when unknown; the score is the mean of the known ones. A request counts as
-- answered in time by the rule of deadline_rules for its program, marketplace and day; where there is
-- none it is unknown. Business days are given the longest span of calendar days that they can take. A piece at
-- filing of which nobody knows the kind may be of any kind that is not there otherwise; of a claim known by
-- files alone, of which nothing says that they were sent, completeness is unknown.
CREATE OR REPLACE VIEW v_claim_evidence AS
WITH pieces AS (
    SELECT
        program,
        claim_id,
        count(*) AS n_items,
        count(*) FILTER (placement = 'at_filing') AS n_at_filing,
        count(*) FILTER (placement = 'before_decision') AS n_before_decision,
        count(*) FILTER (placement = 'after_decision') AS n_after_decision,
        count(*) FILTER (placement = 'after_filing') AS n_after_filing,
        count(*) FILTER (placement = 'unknown') AS n_unplaced,
        count(*) FILTER (
            placement = 'at_filing' AND rating_basis = 'hindsight'
        ) AS n_hindsight_ratings,
        count(*) FILTER (placement = 'at_filing' AND rating_basis = 'undated') AS n_undated_ratings,
        count(*) FILTER (placement = 'at_filing' AND clarity_basis = 'measured') AS n_measured,
        count(*) FILTER (
            placement = 'at_filing' AND clarity_basis = 'measured' AND measure_basis = 'undated'
        ) AS n_undated_measures,
        avg(clarity) FILTER (placement = 'at_filing') AS clarity,
        bool_and(is_file_alone AND placement = 'unknown') AS is_unsaid,
        bool_or(shows_item) FILTER (placement = 'at_filing') AS item_shown,
        bool_or(shows_packaging) FILTER (placement = 'at_filing') AS packaging_shown,
        bool_or(shows_label) FILTER (placement = 'at_filing') AS label_shown,
        bool_or(shows_serial) FILTER (placement = 'at_filing') AS serial_shown,
        bool_or(shows_order_id) FILTER (placement = 'at_filing') AS order_id_shown,
        coalesce(
            list_sort(list(DISTINCT kind) FILTER (placement = 'at_filing' AND kind IS NOT NULL)), []
        ) AS kinds,
        CASE
            WHEN bool_or(placement = 'at_filing' AND kind IS NULL)
            THEN list_filter(
                (SELECT list_sort(list(k.kind)) FROM evidence_kinds AS k),
                lambda k: NOT list_contains(kinds, k)
            )
            ELSE coalesce(
                list_sort(list(DISTINCT kind) FILTER (placement = 'unknown' AND kind IS NOT NULL)), []
            )
        END AS unplaced_kinds
    FROM v_evidence
    GROUP BY program, claim_id
),
demanded AS (
    SELECT
        p.program,
        p.claim_id,
        CASE
            WHEN bool_or(p.is_unsaid) THEN NULL
            WHEN bool_or(
                NOT list_contains(p.kinds, q.kind) AND list_contains(p.unplaced_kinds, q.kind)
            ) THEN NULL
            ELSE avg(CASE WHEN list_contains(p.kinds, q.kind) THEN 1.0 ELSE 0.0 END)
        END AS completeness
    FROM pieces AS p
    JOIN v_claims AS c USING (program, claim_id)
    JOIN evidence_requirements AS q USING (reason)
    GROUP BY p.program, p.claim_id
),
requests AS (
    SELECT
        e.program,
        e.claim_id,
        e.occurred_at,
        max(
            CASE
                WHEN e.occurred_precision = 'day' THEN e.occurred_at + INTERVAL '1 day'
                ELSE e.occurred_at
            END
        ) AS asked_to,
        min(a.occurred_at) AS answered_at
    FROM claim_events AS e
    LEFT JOIN claim_events AS a
        ON a.program = e.program AND a.claim_id = e.claim_id
        AND a.type = 'info_provided' AND a.occurred_at >= e.occurred_at
    WHERE e.type = 'info_requested' AND e.occurred_at IS NOT NULL
    GROUP BY e.program, e.claim_id, e.occurred_at
),
deadlines AS (
    SELECT
        q.program,
        q.claim_id,
        q.answered_at,
        c.decided_lo,
        q.asked_to + INTERVAL '1 day' * (
            SELECT
                min(
                    d.max_days
                    + CASE WHEN d.day_type = 'business' THEN 2 * ceil(d.max_days / 5) ELSE 0 END
                )
            FROM deadline_rules AS d
            WHERE d.clock_start = 'info_requested' AND d.program = q.program
                AND (d.marketplace = '*' OR d.marketplace = c.marketplace)
                AND (d.effective_from IS NULL OR d.effective_from <= CAST(q.occurred_at AS DATE))
                AND (d.effective_to IS NULL OR d.effective_to >= CAST(q.occurred_at AS DATE))
        ) AS due_at
    FROM requests AS q
    JOIN v_claims AS c USING (program, claim_id)
),
answers AS (
    SELECT
        program,
        claim_id,
        avg(
            CASE
                WHEN answered_at <= due_at THEN 1.0
                WHEN answered_at > due_at THEN 0.0
                WHEN coalesce(decided_lo, (SELECT as_of FROM v_cutoff)) > due_at THEN 0.0
            END
        ) AS answered_in_time
    FROM deadlines
    GROUP BY program, claim_id
),
components AS (
    SELECT
        p.*,
        d.completeness,
        list_avg(
            list_filter(
                [
                    CASE
                        WHEN p.n_at_filing + p.n_before_decision > 0
                        THEN p.n_at_filing / (p.n_at_filing + p.n_before_decision)
                    END,
                    a.answered_in_time
                ],
                lambda part: part IS NOT NULL
            )
        ) AS timeliness,
        list_avg(
            list_transform(
                list_filter(
                    [p.item_shown, p.packaging_shown, p.label_shown, p.serial_shown, p.order_id_shown],
                    lambda shown: shown IS NOT NULL
                ),
                lambda shown: CAST(shown AS DOUBLE)
            )
        ) AS detail
    FROM pieces AS p
    LEFT JOIN demanded AS d USING (program, claim_id)
    LEFT JOIN answers AS a USING (program, claim_id)
)
SELECT
    program, -- The claim program.
    claim_id, -- The claim's id.
    n_items, -- Pieces recorded, whenever they were sent.
    n_at_filing, -- Pieces that went with the first filing.
    n_before_decision, -- Pieces sent later, before the decision; set aside.
    n_after_decision, -- Pieces sent after the decision, mostly on appeal; set aside.
    n_after_filing, -- Pieces sent after filing, on which side of the decision is not known; set aside.
    n_unplaced, -- Pieces whose time is not known; set aside.
    n_hindsight_ratings, -- Ratings at filing not surely made before the decision; left out.
    n_undated_ratings, -- Ratings at filing without a date; used.
    kinds, -- Kinds present at filing.
    unplaced_kinds, -- Kinds recorded of which it is not known whether they were there at filing.
    completeness, -- Share of the kinds that the reason demands, present at filing; 0 to 1.
    clarity, -- Mean clarity of the pieces at filing: rating / 5, else measured from the file; 0 to 1.
    n_measured, -- Pieces at filing whose clarity was measured.
    n_undated_measures, -- Of these the ones whose file was written or copied after the decision; used.
    timeliness, -- Mean of: share sent at filing, share of requests answered in time; 0 to 1.
    detail, -- Share of item, packaging, label, serial, order id that is shown; 0 to 1.
    list_avg(
        list_filter([completeness, clarity, timeliness, detail], lambda part: part IS NOT NULL)
    ) AS score -- Mean of the known components; 0 to 1.
FROM components;
