from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimstats.errors import FileRefused, ParameterError
from claimstats.loaders import Reading, load, mapped_by
from claimstats.loaders.propose import propose_mapping
from claimstats.session import ClaimBook

SHEETS = Path(__file__).parent / "data" / "sheets"

APRIL_3, APRIL_15 = datetime(2026, 4, 3), datetime(2026, 4, 15)

FIRST_CLAIMS = {
    "agency.csv": ("SC-001", "amazon_safet", "damaged_by_customer", "1250.0000", "USD"),
    "german.csv": ("F-1", "amazon_safet", "empty_box", "1234.5000", "EUR"),
    "chinese.csv": ("C1", "amazon_safet", "empty_box", "120.0000", "USD"),
    "spanish.tsv": ("R1", "amazon_safet", "empty_box", "120.0000", "EUR"),
    "french.csv": ("D1", "amazon_safet", "empty_box", "1234.5000", "EUR"),
    "japanese.csv": ("J1", "amazon_safet", "empty_box", "12300.0000", "JPY"),
}
OUTCOMES = {
    "agency.csv": ["granted_full", "granted_full", "pending", "pending"],
    "german.csv": ["granted_full", "denied", "pending"],
    "chinese.csv": ["granted_full", "denied", "pending"],
    "spanish.tsv": ["granted_full", "denied", "pending"],
    "french.csv": ["granted_full", "denied", "pending"],
    "japanese.csv": ["granted_full", "denied", "pending"],
}
"""The agency's second claim is an A-to-z claim that the seller lost: granted to the buyer."""

PEOPLE = {
    "agency.csv": "Example", "german.csv": "Müller", "chinese.csv": "张三", "french.csv": "Durand",
    "japanese.csv": "佐藤",
}  # fmt: skip


@pytest.fixture
def proposed(tmp_path: Path) -> Callable[..., dict[str, object]]:
    """What is proposed for lines of a sheet, as the table that the TOML holds."""

    def call(*lines: str, name: str = "sheet.csv", said: str | None = None) -> dict[str, object]:
        path = tmp_path / name
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return tomllib.loads(propose_mapping(path, said).text)

    return call


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    """What a proposal for lines of a sheet leaves to decide."""

    def call(*lines: str) -> tuple[str, ...]:
        path = tmp_path / "sheet.csv"
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return propose_mapping(path).open_points

    return call


def save(folder: Path, text: str) -> Path:
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FIRST_CLAIMS)
def test_proposal_runs_as_it_stands(book: ClaimBook, tmp_path: Path, name: str) -> None:
    proposal = propose_mapping(SHEETS / name)
    assert proposal.open_points == ()
    (result,) = book.load(SHEETS / name, mapping=save(tmp_path, proposal.text))
    assert result.rejected == 0
    assert not [note for note in result.notes if "no rule knows" in note]
    rows = book.rows("FROM claim_records ORDER BY claim_id")
    assert [row["outcome"] for row in rows] == OUTCOMES[name]
    first = rows[0]
    assert FIRST_CLAIMS[name] == (
        first["claim_id"], first["program"], first["reason"], str(first["claimed_amount"]),
        first["currency"],
    )  # fmt: skip
    assert first["granted_amount"] == first["claimed_amount"]
    assert first["order_id"] == "302-1234567-1234567"
    assert (first["filed_at"], first["decided_at"]) == (APRIL_3, APRIL_15)


@pytest.mark.parametrize("name", PEOPLE)
def test_people_are_neither_proposed_nor_shown_nor_loaded(
    book: ClaimBook, tmp_path: Path, name: str
) -> None:
    proposal = propose_mapping(SHEETS / name)
    assert PEOPLE[name] not in proposal.text
    book.load(SHEETS / name, mapping=save(tmp_path, proposal.text))
    assert PEOPLE[name] not in repr(book.rows("FROM claim_records"))


def test_sheet_of_evidence_is_told(book: ClaimBook, tmp_path: Path) -> None:
    proposal = propose_mapping(SHEETS / "evidence.csv")
    book.load(SHEETS / "evidence.csv", mapping=save(tmp_path, proposal.text))
    rows = book.rows(
        "SELECT kind, with_filing, legible, quality_rating FROM evidence ORDER BY kind"
    )
    assert [tuple(row.values())[:3] for row in rows] == [
        ("photo_item", True, True), ("proof_of_delivery", True, None),
        ("tracking_record", False, False),
    ]  # fmt: skip


def test_sheet_of_events_is_told(book: ClaimBook, tmp_path: Path) -> None:
    proposal = propose_mapping(SHEETS / "events.csv")
    assert proposal.open_points == ()
    book.load(SHEETS / "events.csv", mapping=save(tmp_path, proposal.text))
    rows = book.rows("SELECT type, occurred_at FROM claim_events ORDER BY occurred_at")
    assert [row["type"] for row in rows] == ["filed", "info_requested", "decided"]
    assert rows[0]["occurred_at"] == datetime(2026, 4, 3, 10)


def test_format_may_be_said(proposed: Callable[..., dict[str, object]]) -> None:
    found = proposed("Claim id,Status", "C1,denied", said="evidence")
    assert found["format"] == "evidence"


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ParameterError, match=r"cannot be mapped to 'claim'\. Did you mean 'claims'"
    ):
        propose_mapping(tmp_path / "sheet.csv", "claim")


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (("03/04/2026", "13/04/2026"), "dmy"),
        (("03/04/2026", "04/13/2026"), "mdy"),
        (("03/04/2026", "04/05/2026"), None),
        (("13/04/2026", "04/13/2026"), None),
        (("2026-04-13", "2026-04-14"), None),
    ],
)
def test_order_of_days_is_taken_from_days_above_12_only(
    proposed: Callable[..., dict[str, object]], days: Sequence[str], order: str | None
) -> None:
    rows = [f"C{k},denied,{day}" for k, day in enumerate(days)]
    assert proposed("Claim id,Status,Filed on", *rows).get("dates") == order


def test_days_that_could_be_either_are_left_to_decide(opened: Callable[..., Sequence[str]]) -> None:
    points = opened("Claim id,Status,Filed on", "C1,denied,03/04/2026")
    assert 'the order of day and month: dates = "dmy" or "mdy"' in points
    assert not any("order of day" in p for p in opened("Claim id,Filed on", "C1,2026-04-03"))


@pytest.mark.parametrize(
    ("amounts", "decimal"),
    [
        (("5,00", "1.250,00"), ","), (("5.00", "1,250.00"), "."), (("5", "7"), None),
        (("5,00", "5.00"), None), (("1,250", "3,000"), None),
    ],
)  # fmt: skip
def test_decimal_sign_is_taken_from_amounts_that_show_it(
    proposed: Callable[..., dict[str, object]], amounts: Sequence[str], decimal: str | None
) -> None:
    rows = [f"C{k};denied;{amount}" for k, amount in enumerate(amounts)]
    assert proposed("Claim id;Status;Claimed", *rows).get("decimal") == decimal


def test_one_amount_that_may_be_two_is_left_to_decide(
    proposed: Callable[..., dict[str, object]], opened: Callable[..., Sequence[str]]
) -> None:
    lines = ["Claim id,Status,Amount", "C1,denied,5.00"]
    columns = proposed(*lines)["columns"]
    assert columns == {"claim_id": "Claim id", "outcome": "Status"}
    assert 'whether claimed_amount is "Amount"' in opened(*lines)
    assert 'whether granted_amount is "Amount"' in opened(*lines)


def test_two_columns_that_may_be_one_are_left_to_decide(
    opened: Callable[..., Sequence[str]], proposed: Callable[..., dict[str, object]]
) -> None:
    lines = ["Claim id,Status,Result", "C1,denied,denied"]
    assert proposed(*lines)["columns"] == {"claim_id": "Claim id"}
    assert 'which of "Status" or "Result" is outcome' in opened(*lines)


def test_name_belied_by_its_values_is_not_taken(
    proposed: Callable[..., dict[str, object]],
) -> None:
    lines = ["Claim id,Status,Decided", "C1,denied,by phone", "C2,denied,by mail"]
    assert "decided_at" not in str(proposed(*lines)["columns"])


def test_values_tell_columns_whose_names_do_not(
    proposed: Callable[..., dict[str, object]],
) -> None:
    columns = proposed(
        "Claim id,A,B,C,D",
        "1,302-1234567-1234567,EUR,Approved,amazon.de",
        "2,302-1234567-1234568,USD,Denied,amazon.com",
    )["columns"]
    assert columns == {
        "claim_id": "Claim id", "order_id": "A", "currency": "B", "outcome": "C",
        "marketplace": "D",
    }  # fmt: skip


def test_words_of_which_most_are_known_are_left_to_decide(
    opened: Callable[..., Sequence[str]],
) -> None:
    points = opened("Claim id,How far", "1,Approved", "2,Denied", "3,Parked")
    assert 'whether outcome is "How far"' in points


def test_days_without_a_name_are_left_to_decide(opened: Callable[..., Sequence[str]]) -> None:
    points = opened("Claim id,Status,Went out", "1,denied,2026-04-03")
    assert 'whether filed_at is "Went out"' in points


def test_program_is_told_by_the_name_of_the_file_or_left_to_say(
    proposed: Callable[..., dict[str, object]],
) -> None:
    lines = ("Claim id,Status", "C1,denied")
    assert proposed(*lines, name="A-to-z 2026.csv")["constants"] == {"program": "amazon_atoz"}
    assert proposed(*lines, name="chargebacks, fba.csv")["constants"] == {
        "program": "amazon_fba_reimbursement"
    }
    assert proposed(*lines, name="sheet.csv")["constants"] == {"program": ""}
    assert proposed(*lines, name="fba safe-t.csv")["constants"] == {"program": ""}


def test_currency_is_told_by_a_sign_of_one_currency_only(
    proposed: Callable[..., dict[str, object]],
) -> None:
    lines = ("Claim id,Status,Claimed", "C1,denied,")
    assert proposed(lines[0], lines[1] + "€5.00", name="fba.csv")["constants"] == {
        "program": "amazon_fba_reimbursement", "currency": "EUR",
    }  # fmt: skip
    assert proposed(lines[0], lines[1] + "$5.00", name="fba.csv")["constants"] == {
        "program": "amazon_fba_reimbursement", "currency": "",
    }  # fmt: skip


def test_currency_in_the_name_of_the_amounts_is_taken_and_its_lack_is_told(
    proposed: Callable[..., dict[str, object]], opened: Callable[..., tuple[str, ...]]
) -> None:
    row = "C1,denied,5.00"
    found = proposed("Claim id,Status,Betrag EUR", row, name="fba.csv")
    assert found["constants"] == {"program": "amazon_fba_reimbursement", "currency": "EUR"}
    assert "the currency of the amounts" in opened("Claim id,Status,Claimed", row)


def test_each_word_of_a_vocabulary_is_listed_with_its_meaning(
    proposed: Callable[..., dict[str, object]],
) -> None:
    lines = ["Approved", "approved", "abgelehnt", "Won", "Parked", "partially granted"]
    found = proposed("Claim id,Status", *(f"C{k},{word}" for k, word in enumerate(lines)))
    assert found["values"] == {
        "outcome": {
            "Approved": "granted_full", "Parked": "", "Won": "won", "abgelehnt": "denied",
            "partially granted": "granted_partial",
        }
    }  # fmt: skip


def test_claims_order_is_offered_where_no_column_is_its_id(
    tmp_path: Path, opened: Callable[..., Sequence[str]]
) -> None:
    lines = ("Order,Status", "302-1234567-1234567,denied")
    assert "the column of claim_id" in opened(*lines)
    assert '# claim_id = "Order" ' in propose_mapping(tmp_path / "sheet.csv").text


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b"\n\n", "has no line that could be a header"),
        ("page.csv", b"<html>", "is a web page"),
        ("wide.csv", b",".join(b"a%d" % k for k in range(1200)), "has 1,200 columns"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileRefused, match=told):
        propose_mapping(tmp_path / name)


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is a folder"):
        propose_mapping(tmp_path)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)
HEADERS = st.sampled_from(
    [
        "Claim id", "Order", "Status", "Filed on", "Amount", "Paid", "Currency", "Program", "Name",
        "Ergebnis", "日期", "", "Status", "claim_id", "Evidence", "Event", "Reason",
    ]
)  # fmt: skip
VALUES = st.sampled_from(
    [
        "", "-", "n/a", "03/04/2026", "13.04.2026", "2026-04-03", "$5.00", "5,00 €", "1.234", "Won",
        "denied", "Approved", "USD", "€", "302-1234567-1234567", "x@example.com", "Total", "SAFE-T",
    ]
)  # fmt: skip


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_sheet_gets_a_mapping_that_loads_or_is_refused_in_one_sentence(
    book: ClaimBook, tmp_path: Path, clear: Callable[[ClaimBook], None], data: st.DataObject
) -> None:
    clear(book)
    header = data.draw(st.lists(HEADERS | TEXT, min_size=1, max_size=6))
    row = st.lists(VALUES | TEXT, min_size=len(header), max_size=len(header))
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(
        [header, *data.draw(st.lists(row, max_size=5))]
    )
    path = tmp_path / "sheet.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    try:
        proposal = propose_mapping(path)
    except FileRefused as refusal:
        assert "\n" not in str(refusal)
        return
    assert tomllib.loads(proposal.text)["format"] in ("claims", "claim_events", "evidence")
    try:
        mapped = mapped_by(save(tmp_path, proposal.text))
    except ParameterError as refusal:
        assert "\n" not in str(refusal)
        assert proposal.open_points
        return
    (result,) = load(book, [path], reading=Reading(mapped=mapped))
    kept = result.inserted + result.updated + result.unchanged
    assert result.read == kept + result.rejected + result.ignored
