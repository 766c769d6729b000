"""v_evidence and v_claim_evidence: where a piece falls in a claim's life, and the rubric."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import claimstats
from claimstats.analyses import REGISTER

FILED = datetime(2026, 1, 10, 12)
DECIDED = datetime(2026, 1, 20, 12)
BEFORE, BETWEEN, AFTER = datetime(2026, 1, 8), datetime(2026, 1, 15), datetime(2026, 1, 25)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = timedelta(hours=12)

EXACT = {"outcome": "denied", "filed_at": FILED, "decided_at": DECIDED}
BY_DAY = {
    "outcome": "denied", "filed_precision": "day", "filed_at": FILED - MIDNIGHT,
    "decided_precision": "day", "decided_at": DECIDED - MIDNIGHT,
}  # fmt: skip
OPEN = {"outcome": "pending", "filed_at": FILED}
UNDATED = {"outcome": "denied", "filed_at": FILED}
NOT_FILED = {"outcome": "denied", "decided_at": DECIDED}


def piece_of(book):
    (row,) = book.rows("FROM v_evidence")
    return row


@pytest.mark.parametrize(
    ("claim", "with_filing", "submitted_at", "precision", "placement"),
    [
        # What the tracker says of the filing holds, unless it is dated after the decision.
        (EXACT, True, None, None, "at_filing"),
        (EXACT, True, BETWEEN, "instant", "at_filing"),
        (EXACT, True, AFTER, "instant", "after_decision"),
        (EXACT, False, BEFORE, "instant", "before_decision"),
        (EXACT, False, BETWEEN, "instant", "before_decision"),
        (EXACT, False, AFTER, "instant", "after_decision"),
        # Where it says nothing, what was sent by the time of filing went with it.
        (EXACT, None, BEFORE, "instant", "at_filing"),
        (EXACT, None, FILED, "instant", "at_filing"),
        (EXACT, None, FILED + HOUR, "instant", "before_decision"),
        (EXACT, None, DECIDED, "instant", "before_decision"),
        (EXACT, None, DECIDED + HOUR, "instant", "after_decision"),
        (EXACT, None, None, None, "unknown"),
        (NOT_FILED, None, BETWEEN, "instant", "unknown"),
        (NOT_FILED, None, AFTER, "instant", "after_decision"),
        (NOT_FILED, True, None, None, "at_filing"),
        # A day is any moment of it: on the day of filing it counts as there, on the day of the
        # decision it may have come before or after.
        (EXACT, None, FILED - MIDNIGHT, "day", "at_filing"),
        (BY_DAY, None, FILED + 6 * HOUR, "instant", "at_filing"),
        (BY_DAY, None, FILED - MIDNIGHT + DAY, "instant", "before_decision"),
        (EXACT, False, DECIDED - MIDNIGHT, "day", "after_filing"),
        (BY_DAY, False, DECIDED, "instant", "after_filing"),
        (BY_DAY, False, DECIDED - MIDNIGHT + DAY, "instant", "after_decision"),
        (EXACT, False, DECIDED - MIDNIGHT - DAY, "day", "before_decision"),
        # Without a time, or of a decision nobody can date, it came after filing, more is not known.
        (EXACT, False, None, None, "after_filing"),
        (UNDATED, False, BETWEEN, "instant", "after_filing"),
        (UNDATED, None, BETWEEN, "instant", "after_filing"),
        (UNDATED, None, FILED, "instant", "at_filing"),
        # While the claim is open no decision has been made.
        (OPEN, False, None, None, "before_decision"),
        (OPEN, None, AFTER, "instant", "before_decision"),
    ],
)
def test_placement(book, put, claim, with_filing, submitted_at, precision, placement):
    put("claims", **claim)
    put(
        "history.evidence",
        with_filing=with_filing, submitted_at=submitted_at, submitted_precision=precision,
    )  # fmt: skip
    assert piece_of(book)["placement"] == placement


@pytest.mark.parametrize(
    ("submitted_at", "placement"),
    [
        (FILED, "at_filing"),
        (datetime(2026, 1, 13), "before_decision"),
        (datetime(2026, 1, 16), "after_filing"),
        (datetime(2026, 1, 19), "after_decision"),
    ],
)
def test_placement_beside_a_decision_between_two_pulls(book, put, submitted_at, placement):
    """The claim was seen open on the 14th and denied on the 18th."""
    put("claims", outcome="denied", filed_at=FILED, origins=["amazon_mfn_returns"])
    for day, outcome in ((14, "pending"), (18, "denied")):
        put("claim_snapshots", pulled_at=datetime(2026, 1, day), outcome=outcome, file_id=day)
    put("history.evidence", submitted_at=submitted_at)
    assert piece_of(book)["placement"] == placement


@pytest.mark.parametrize(
    ("claim", "rated_at", "precision", "basis"),
    [
        (EXACT, None, None, "undated"),
        (EXACT, BETWEEN, "instant", "before_decision"),
        (EXACT, DECIDED, "instant", "before_decision"),
        (EXACT, DECIDED + HOUR, "instant", "hindsight"),
        (EXACT, DECIDED - MIDNIGHT, "day", "hindsight"),
        (EXACT, DECIDED - MIDNIGHT - DAY, "day", "before_decision"),
        (BY_DAY, DECIDED, "instant", "hindsight"),
        (UNDATED, BETWEEN, "instant", "hindsight"),
        (OPEN, AFTER, "instant", "before_decision"),
    ],
)
def test_rating_counts_only_if_surely_made_before_the_decision(
    book, put, claim, rated_at, precision, basis
):
    put("claims", **claim)
    put("history.evidence", quality_rating=4, rated_at=rated_at, rated_precision=precision)
    assert piece_of(book)["rating_basis"] == basis


def test_piece_without_a_rating_has_no_basis(book, put):
    put("claims", **EXACT)
    put("history.evidence", rated_at=BETWEEN)
    assert piece_of(book)["rating_basis"] is None


# The rubric


@pytest.fixture
def attach(put):
    """Put pieces that went with the filing of claim 1, told apart by their kind."""

    def pieces(*kinds, **more):
        for place, kind in enumerate(kinds):
            put(
                "history.evidence",
                **{"kind": kind, "item_key": str(place), "with_filing": True} | more,
            )

    return pieces


def rubric(book):
    (row,) = book.rows("FROM v_claim_evidence")
    return row


def test_completeness_is_the_share_of_kinds_demanded(book, put, attach):
    put("claims", reason="wrong_item", **EXACT)
    attach("photo_item", "photo_item", "invoice")
    row = rubric(book)
    assert row["completeness"] == 0.5
    assert row["kinds"] == ["invoice", "photo_item"]
    assert row["n_at_filing"] == row["n_items"] == 3


def test_completeness_of_a_reason_that_demands_nothing_is_unknown(book, put, attach):
    put("claims", reason="other", **EXACT)
    attach("photo_item")
    assert rubric(book)["completeness"] is None


@pytest.mark.parametrize(("kind", "completeness"), [("photo_label", None), ("invoice", 0.5)])
def test_demanded_kind_of_unknown_time_makes_completeness_unknown(
    book, put, attach, kind, completeness
):
    put("claims", reason="wrong_item", **EXACT)
    attach("photo_item")
    attach(kind, with_filing=None)
    row = rubric(book)
    assert row["completeness"] == completeness
    assert row["unplaced_kinds"] == [kind]


def test_kind_known_to_have_come_later_is_missing_and_not_unknown(book, put, attach):
    put("claims", reason="wrong_item", **EXACT)
    attach("photo_item")
    attach("photo_label", with_filing=False)
    row = rubric(book)
    assert (row["completeness"], row["unplaced_kinds"]) == (0.5, [])


def test_clarity_is_the_mean_rating_without_hindsight(book, put, attach):
    put("claims", **EXACT)
    attach("photo_item", quality_rating=4, rated_at=BEFORE)
    attach("photo_label", quality_rating=2)
    attach("photo_serial", quality_rating=5, rated_at=AFTER)
    attach("invoice")
    attach("correspondence", quality_rating=0, with_filing=False, submitted_at=AFTER)
    row = rubric(book)
    assert row["clarity"] == pytest.approx(0.6)
    assert (row["n_hindsight_ratings"], row["n_undated_ratings"]) == (1, 1)


def test_detail_is_what_any_piece_shows_of_what_is_known(book, put, attach):
    """Item yes (one of two), packaging no, label unknown, serial no, order id yes: 2 of 4."""
    put("claims", **EXACT)
    attach("photo_item", shows_item=True, shows_packaging=False, shows_serial=False)
    attach("photo_label", shows_item=False, shows_order_id=True, shows_defect=True)
    attach("photo_serial", shows_label=True, with_filing=False)
    assert rubric(book)["detail"] == 0.5


def test_timeliness_is_the_share_sent_at_filing(book, put, attach):
    put("claims", **EXACT)
    attach("photo_item", "photo_label", "invoice")
    attach("correspondence", with_filing=False, submitted_at=BETWEEN)
    attach("photo_serial", with_filing=False, submitted_at=AFTER)
    assert rubric(book)["timeliness"] == 0.75


def test_score_is_the_mean_of_the_known_components(book, put, attach):
    put("claims", reason="wrong_item", **EXACT)
    attach("photo_item", quality_rating=5)
    row = rubric(book)
    assert (row["completeness"], row["clarity"], row["timeliness"]) == (0.5, 1, 1)
    assert row["detail"] is None
    assert row["score"] == pytest.approx(2.5 / 3)


def test_unknown_stays_unknown(book, put):
    put("claims", **UNDATED)
    put("history.evidence")
    row = rubric(book)
    parts = ("completeness", "clarity", "timeliness", "detail", "score")
    assert {row[part] for part in parts} == {None}
    assert row["n_unplaced"] == 1


@pytest.mark.parametrize(
    ("claim", "asked", "answered", "timeliness"),
    [
        # A-to-z: 48 hours. Sent at filing: 1; half of timeliness is the answer.
        ({"program": "amazon_atoz"}, "2026-01-12 08:00", "2026-01-14 08:00", 1),
        ({"program": "amazon_atoz"}, "2026-01-12 08:00", "2026-01-14 08:01", 0.5),
        ({"program": "amazon_atoz"}, "2026-01-12 08:00", None, 0.5),
        # Decided before the time was up: whether an answer would have come in time is unknown.
        ({"program": "amazon_atoz"}, "2026-01-19 08:00", None, 1),
        # SAFE-T in the Emirates: three business days, which a weekend makes five days at most.
        ({"marketplace": "AE"}, "2026-01-12 08:00", "2026-01-17 08:00", 1),
        ({"marketplace": "AE"}, "2026-01-12 08:00", "2026-01-17 08:01", 0.5),
        # No rule in the US: unknown.
        ({"marketplace": "US"}, "2026-01-12 08:00", "2026-01-19 08:00", 1),
    ],
)
def test_answers_are_measured_by_the_rule(book, put, attach, claim, asked, answered, timeliness):
    put("claims", **EXACT | claim)
    program = {"program": claim.get("program", "amazon_safet")}
    attach("photo_item", **program)
    put("history.claim_events", type="info_requested", occurred_at=asked, **program)
    if answered:
        put("history.claim_events", type="info_provided", occurred_at=answered, **program)
    assert rubric(book)["timeliness"] == timeliness


def test_request_known_to_the_day_is_given_the_whole_day(book, put, attach):
    program = {"program": "amazon_atoz"}
    put("claims", **EXACT | program)
    attach("photo_item", **program)
    put(
        "history.claim_events",
        type="info_requested", occurred_at="2026-01-12", occurred_precision="day", **program,
    )  # fmt: skip
    put("history.claim_events", type="info_provided", occurred_at="2026-01-14 20:00", **program)
    assert rubric(book)["timeliness"] == 1


def test_open_claim_answers_late_once_the_cut_off_is_past_the_deadline(book, put, attach):
    program = {"program": "amazon_atoz"}
    put("claims", **OPEN | program)
    attach("photo_item", **program)
    put("history.claim_events", type="info_requested", occurred_at="2026-01-12", **program)
    assert rubric(book)["timeliness"] == 1
    put("claims", claim_id="2", filed_at="2026-02-01")
    assert rubric(book)["timeliness"] == 0.5


def test_evidence_of_no_claim_in_the_book_is_counted(book, put):
    put("claims", **EXACT)
    put("history.evidence", claim_id="2")
    (aside,) = book.rows("FROM evidence_set_aside()")
    assert (aside["n_claims"], aside["n_items_without_claim"]) == (1, 1)


def test_kind_of_unknown_time_is_neither_with_nor_without(book, put, attach):
    put("claims", **EXACT)
    put("claims", claim_id="2", filed_at=FILED + 120 * DAY)
    attach("photo_item")
    attach("invoice", with_filing=None)
    counted = book.rows("FROM evidence_quality_counts() WHERE item_type = 'kind'")
    assert {(row["item"], row["level"]) for row in counted} == {("photo_item", 1)}


def test_levels_equal_but_for_the_last_bit_are_one_level(book, put, attach):
    """0.1 + 0.2 and 0.3 as ratings: the clarity of both claims is the same."""
    for number, ratings in (("1", (0.3, 0.3)), ("2", (0.1, 0.5)), ("3", (0.2, 0.4))):
        put("claims", claim_id=number, **EXACT)
        for rating in ratings:
            attach("photo_item", claim_id=number, quality_rating=rating, item_key=str(rating))
    put("claims", claim_id="4", filed_at=FILED + 120 * DAY)
    levels = book.columns("FROM evidence_quality_counts() WHERE item = 'clarity'")
    assert levels["n_claims"] == [3]


# The definitions


def test_every_metric_of_the_findings_is_defined(empty):
    defined = set(empty.columns("SELECT metric FROM metric_definitions")["metric"])
    limits = {"lower", "upper"}
    for room in REGISTER:
        for column in getattr(claimstats, room.name)(empty).summary.columns:
            is_metric = column.kind in ("share", "days", "points", "number", "p_value")
            if is_metric and not limits & set(column.name.split("_")):
                assert column.name in defined


def test_metrics_are_defined_once_with_a_date_basis(book):
    rows = book.rows("FROM metric_definitions")
    assert len({row["metric"] for row in rows}) == len(rows)
    assert {row["date_basis"] for row in rows} == {"filed"}
