"""The rules that come with claimstats: what words mean, and what outcomes count as."""

from __future__ import annotations

import pytest

from claimstats.sql import read

OUTCOMES = (
    "granted_full", "granted_partial", "replaced", "denied", "withdrawn", "settled_by_seller",
    "expired", "reversed", "pending", "unknown",
)  # fmt: skip
DIRECTIONS = ("seller_claims", "buyer_claims")


@pytest.fixture
def outcome_of(book):
    """What a text means, for either direction."""
    book.execute(read("parsing", "claimstats.loaders"))

    def meaning(text):
        return tuple(
            book.value("SELECT outcome_of($1, $2)", [text, direction]) for direction in DIRECTIONS
        )

    return meaning


# Texts of states, as screens, exports, people and payment processors write them, with what they
# mean where the seller claims and where the buyer does; None where no rule may guess.
SAME_FOR_BOTH = {
    # Seller Central's SAFE-T tabs.
    "Awaiting Seller Response": "pending",
    "Under Investigation": "pending",
    "Resolved with Grant": "granted_full",
    "No-Grant": "denied",
    "NoGrant": "denied",
    "Resolved with No-Grant": "denied",
    "Resolved without grant": "denied",
    # Substrings that a Brazilian reader of the returns export looks for.
    "APPROVED": "granted_full",
    "DENIED": "denied",
    "NEGADO": "denied",
    "Rejeitada": "denied",
    "MORE_INFO": "pending",
    "Aprovado": "granted_full",
    "Não aprovado": "denied",
    "RECURSO": "pending",
    # A refusal that holds a word of grant.
    "Not approved": "denied",
    "Has not been granted": "denied",
    "Disapproved": "denied",
    "Unapproved": "denied",
    "Ineligible": "denied",
    "Not eligible for reimbursement": "denied",
    "Closed - no reimbursement": "denied",
    "Reimbursement denied": "denied",
    "Partial refund denied": "denied",
    "Denied after review": "denied",
    "Denied, awaiting appeal decision": "denied",
    "Denied - insufficient information": "denied",
    "declined": "denied",
    "Rejected by carrier": "denied",
    # A grant that holds a word of waiting.
    "Approved after review": "granted_full",
    "Granted - investigation closed": "granted_full",
    "Approved, payment pending": "granted_full",
    "Reimbursed": "granted_full",
    "Granted/Amazon funded": "granted_full",
    "Granted/Seller funded": "granted_full",
    "Grant": "granted_full",
    # Waiting that holds a word of decision.
    "Pending approval": "pending",
    "PendingApproval": "pending",
    "Approval pending": "pending",
    "Awaiting approval": "pending",
    "Not yet approved": "pending",
    "To be approved": "pending",
    "Under review for approval": "pending",
    "Partial refund requested": "pending",
    "More information requested": "pending",
    "Open": "pending",
    "Reopened": "pending",
    "Filed with carrier": "pending",
    "In progress": "pending",
    "needs_response": "pending",
    "warning_under_review": "pending",
    "WAITING_FOR_SELLER_RESPONSE": "pending",
    "Appealed": "pending",
    "Appeal submitted": "pending",
    # In part, in goods, undecided, taken back.
    "Partially approved": "granted_partial",
    "Partially denied": "granted_partial",
    "Partial grant": "granted_partial",
    "Replacement sent": "replaced",
    "Withdrawn": "withdrawn",
    "Claim withdrawn by buyer": "withdrawn",
    "Canceled": "withdrawn",
    "CANCELED_BY_BUYER": "withdrawn",
    "warning_closed": "withdrawn",
    "Seller refunded": "settled_by_seller",
    "Refunded by seller": "settled_by_seller",
    "charge_refunded": "settled_by_seller",
    "Expired": "expired",
    "Claim expired - no response": "expired",
    "Reimbursement reversed": "reversed",
    "Approved, then reversed": "reversed",
    # What nobody can tell.
    "Closed": None,
    "Resolved": None,
    "Denial reversed": None,
    "Decision reversed": None,
    "Paid": None,
    "n/a": None,
    "???": None,
}

BY_DIRECTION = {
    # From the seller's side, as trackers and processors write it.
    "Won": ("granted_full", "denied"),
    "Lost": ("denied", "granted_full"),
    "Dispute won": ("granted_full", "denied"),
    "Lost in transit": (None, None),
    "RESOLVED_SELLER_FAVOUR": ("granted_full", "denied"),
    "Closed in buyer's favor": ("denied", "granted_full"),
    "Decided in favor of the seller": ("granted_full", "denied"),
    # The buyer's money: a refund is what the buyer claims, and says nothing of the seller's claim.
    "Closed/Refunded": (None, "granted_full"),
    "Closed/Seller funded": (None, "granted_full"),
    "Closed/Denied": ("denied", "denied"),
    # The seller may appeal what went against the seller.
    "Option to Appeal": ("denied", "granted_full"),
    "Denied - option to appeal": ("denied", "denied"),
    # Where the buyer claims, the text does not say whose appeal it was.
    "Appeal denied": ("denied", "unknown"),
    "Appeal was rejected": ("denied", "unknown"),
    "Appeal approved": ("granted_full", "unknown"),
    "Granted on appeal": ("granted_full", "unknown"),
    "Recurso negado": ("denied", "unknown"),
}


@pytest.mark.parametrize(
    ("text", "meanings"),
    [*((text, (meaning,) * 2) for text, meaning in SAME_FOR_BOTH.items()), *BY_DIRECTION.items()],
)
def test_state_means(outcome_of, text, meanings):
    assert outcome_of(text) == meanings


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_outcomes_own_name_means_it_in_any_spelling(outcome_of, outcome):
    for text in (outcome, outcome.upper(), outcome.replace("_", " "), f" {outcome.title()} "):
        assert outcome_of(text) == (outcome, outcome)


def test_rules_lead_to_outcomes_only(book):
    outcomes = set(book.columns("SELECT DISTINCT outcome FROM state_rules")["outcome"])
    assert outcomes == set(OUTCOMES)
    assert set(book.columns("SELECT DISTINCT direction FROM state_rules")["direction"]) == {
        None, *DIRECTIONS,
    }  # fmt: skip


def test_every_outcome_counts_as_something_in_both_directions(book):
    rows = book.rows("SELECT direction, outcome FROM outcome_rules")
    assert {(row["direction"], row["outcome"]) for row in rows} == {
        (direction, outcome) for direction in DIRECTIONS for outcome in OUTCOMES
    }


def test_outcomes_count_alike_in_both_directions_and_opposite_for_the_seller(book):
    """A partial grant is partial for either side; what ended undecided is nobody's win."""
    events = {
        "pending": "open", "granted_full": "approved", "granted_partial": "approved",
        "replaced": "approved", "denied": "denied", "expired": "denied", "reversed": "denied",
        "withdrawn": "ended", "settled_by_seller": "ended", "unknown": "unknown",
    }  # fmt: skip
    of_seller = {"approved": "won", "denied": "lost", "ended": "neutral", "open": "pending"}
    of_buyer = of_seller | {"approved": "lost", "denied": "won"}
    for row in book.rows("FROM outcome_rules"):
        event = events[row["outcome"]]
        expected = (of_seller if row["direction"] == "seller_claims" else of_buyer).get(event)
        if row["outcome"] == "granted_partial":
            expected = "partial"
        assert (row["event"], row["seller_outcome"]) == (event, expected), row


@pytest.mark.parametrize(
    ("table", "column", "vocabulary"),
    [
        ("reason_rules", "reason", "reasons"),
        ("evidence_requirements", "reason", "reasons"),
        ("evidence_requirements", "kind", "evidence_kinds"),
    ],
)
def test_rules_speak_the_vocabulary(book, table, column, vocabulary):
    unknown = book.columns(
        f"SELECT DISTINCT {column} FROM {table} WHERE {column} NOT IN "
        f"(SELECT {column} FROM {vocabulary})"
    )[column]
    assert unknown == []


def test_programs_claim_in_one_of_two_directions(book):
    assert set(book.columns("SELECT direction FROM programs")["direction"]) == set(DIRECTIONS)
    buyers = book.columns("SELECT program FROM programs WHERE direction = 'buyer_claims'")[
        "program"
    ]
    assert {"amazon_atoz", "amazon_chargeback", "stripe_dispute", "paypal_case"} <= set(buyers)


def test_every_reason_but_the_vague_ones_demands_evidence(book):
    rows = book.columns(
        "SELECT reason FROM reasons WHERE reason NOT IN (SELECT reason FROM evidence_requirements)"
    )
    assert set(rows["reason"]) == {"changed_mind", "fee_error", "other", "unknown"}


def test_marketplaces_are_country_codes_and_each_code_names_itself(book):
    rows = book.rows("FROM marketplaces")
    assert all(len(row["marketplace"]) == 2 and row["marketplace"].isupper() for row in rows)
    names = {row["name"] for row in rows}
    assert {row["marketplace"].lower() for row in rows} <= names


def test_deadlines_end_after_they_begin_and_say_how_sure_they_are(book):
    assert book.value(
        "SELECT bool_and(min_days <= max_days AND day_type IN ('calendar', 'business') "
        "AND confidence IN ('high', 'medium', 'low', 'conflict', 'use_due_by') "
        "AND (effective_to IS NULL OR effective_from < effective_to)) FROM deadline_rules"
    )


def test_rules_of_one_deadline_do_not_overlap(book):
    overlapping = book.rows(
        """
        WITH dated AS (
            SELECT
                * REPLACE (
                    coalesce(effective_from, DATE '1900-01-01') AS effective_from,
                    coalesce(effective_to, DATE '9999-12-31') AS effective_to
                )
            FROM deadline_rules
        )
        SELECT a.rule_id
        FROM dated AS a JOIN dated AS b USING (program, marketplace, event, clock_start)
        WHERE a.rule_id < b.rule_id
            AND a.effective_to >= b.effective_from AND b.effective_to >= a.effective_from
        """
    )
    assert overlapping == []


# Words and rules of money


def test_every_rule_of_money_names_a_program_and_what_it_is_for_the_claim(book):
    kinds = {
        (row["program"] is None, row["kind"])
        for row in book.rows("SELECT program, kind FROM money_rules")
    }
    assert kinds == {
        (True, None), (True, "unknown"), (False, "grant"), (False, "recovery"), (False, "reversal"),
    }  # fmt: skip
    unknown = "SELECT count(*) FROM money_rules ANTI JOIN programs USING (program)"
    assert book.value(unknown + " WHERE program IS NOT NULL") == 0


def test_every_month_is_a_word_and_every_word_one_month(book):
    assert book.value("SELECT count(DISTINCT month) FROM month_words") == 12
    odd = "SELECT count(*) FROM month_words WHERE word <> strip_accents(lower(word)) OR word = ''"
    assert book.value(odd) == 0


def test_every_marketplace_has_a_currency_that_a_sentence_can_name(book):
    without = "FROM marketplaces ANTI JOIN marketplace_currencies USING (marketplace)"
    assert book.value(f"SELECT count(*) {without}") == 0
    unnamed = (
        "SELECT count(*) FROM marketplace_currencies ANTI JOIN currency_words USING (currency)"
    )
    assert book.value(unnamed) == 0
