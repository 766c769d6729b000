"""What the day in a file's name decides, and what belies it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from claimstats.session import ClaimBook

HEADER = ("claim_id", "program", "filed_at", "outcome", "decided_at")


def claim(number: int, outcome: str = "pending", **dates: str) -> dict[str, str]:
    return {
        "claim_id": f"C{number}",
        "program": "amazon_safet",
        "filed_at": "2026-05-01",
        "outcome": outcome,
        **dates,
    }


def test_day_is_local_so_an_evening_claim_does_not_belie_it(
    empty: ClaimBook, write: Callable[..., Path]
) -> None:
    """20:00 in California on the day of the pull is the next day in UTC."""
    rows = [claim(1), claim(2, filed_at="2026-08-31T20:00:00-07:00")]
    empty.load(write("claims_2026-08-31.csv", HEADER, rows))
    found = empty.rows("SELECT pulled_basis, pulled_at::VARCHAR AS at FROM source_files")
    assert found == [{"pulled_basis": "name", "at": "2026-09-01 03:00:00"}]


def test_one_mistyped_year_does_not_make_a_file_newer_than_its_correction(
    empty: ClaimBook, write: Callable[..., Path]
) -> None:
    rows = [claim(number) for number in range(1, 31)]
    mistyped = claim(31, "denied", decided_at="2062-02-26")
    empty.load(write("claims_2026-08-31.csv", HEADER, [*rows, mistyped]))
    corrected = claim(31, "denied", decided_at="2026-08-26")
    decided = claim(1, "denied", decided_at="2026-09-10")
    later = write("claims_2026-09-30.csv", HEADER, [decided, *rows[1:], corrected])
    [result] = empty.load(later)
    assert (result.updated, result.ignored) == (2, 0)
    assert empty.value("SELECT max(decided_at)::VARCHAR FROM claims") == "2026-09-10 00:00:00"


def test_file_without_a_day_is_never_newer_than_today(
    empty: ClaimBook, write: Callable[..., Path]
) -> None:
    empty.load(write("mistyped.csv", HEADER, [claim(1, "denied", decided_at="2062-02-26")]))
    assert empty.value(
        "SELECT max(version_at) < now()::TIMESTAMP + INTERVAL 1 DAY FROM claim_records"
    )


def test_states_of_the_same_day_that_differ_are_told(
    empty: ClaimBook, write: Callable[..., Path]
) -> None:
    empty.load(write("a_2026-06-30.csv", HEADER, [claim(1), claim(2)]))
    [result] = empty.load(write("b_2026-06-30.csv", HEADER, [claim(1, "denied"), claim(2)]))
    assert result.updated == 1
    assert any("1 row differs from a state of the same time" in note for note in result.notes)


def test_reasons_for_rejected_rows_are_told_with_counts_and_lines(
    empty: ClaimBook, write: Callable[..., Path]
) -> None:
    rows = [claim(1), *(claim(k, filed_at="12/03/2026") for k in (2, 3))]
    [result] = empty.load(write("claims.csv", HEADER, rows))
    assert result.rejected == 2
    assert any("12/03/2026" in note and "2 times, first in line 3" in note for note in result.notes)


def test_programs_are_understood_in_sellers_words(
    empty: ClaimBook, write: Callable[..., Path]
) -> None:
    words = ["SAFE-T", "A-to-z", "Chargeback", "amazon_safet"]
    rows = [claim(k) | {"program": word} for k, word in enumerate(words)]
    empty.load(write("claims.csv", HEADER, rows))
    programs = empty.columns("SELECT program FROM claims ORDER BY claim_id")["program"]
    assert programs == ["amazon_safet", "amazon_atoz", "amazon_chargeback", "amazon_safet"]


def test_blank_outcomes_are_counted_and_told(empty: ClaimBook, write: Callable[..., Path]) -> None:
    [result] = empty.load(write("claims.csv", HEADER, [claim(1), claim(2, outcome="")]))
    assert any("write pending where a claim is open) (1)" in note for note in result.notes)
