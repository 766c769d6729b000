from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimstats.errors import FileRefused, ParameterError
from claimstats.loaders import FileResult, Reading, load, mapped_by
from claimstats.loaders.detect import A_VALUE
from claimstats.loaders.mapped import mapped_export
from claimstats.loaders.mapping import named_apart, read_mapping, toml_text
from claimstats.session import ClaimBook

ROWS = [
    "Ref,Order,Status,Sent,Wanted,Paid,Cur",
    "R1,302-1234567-1234567,Won,2026-04-03,10.00,10.00,USD",
    "R2,302-1234567-1234568,Lost,2026-04-16,20.50,,USD",
]
MAP = """\
[columns]
claim_id = "Ref"
order_id = "Order"
outcome = "Status"
filed_at = "Sent"
claimed_amount = "Wanted"
granted_amount = "Paid"
currency = "Cur"
[constants]
program = "amazon_safet"
"""

Loads = Callable[..., FileResult]
Row = Mapping[str, Any]


@pytest.fixture
def map_of(tmp_path: Path) -> Callable[[str], Path]:
    """Write a mapping."""

    def write_map(text: str) -> Path:
        path = tmp_path / "map.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_map


@pytest.fixture
def loads(book: ClaimBook, tmp_path: Path, map_of: Callable[[str], Path]) -> Loads:
    """Load lines as a sheet by a mapping, and give what became of the sheet."""

    def call(text: str = MAP, lines: Sequence[str] = ROWS, name: str = "sheet.csv") -> FileResult:
        path = tmp_path / name
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        reading = Reading(mapped=mapped_by(map_of(text)))
        (result,) = load(book, [path], reading=reading)
        return result

    return call


def claims_of(book: ClaimBook) -> dict[str, Row]:
    return {row["claim_id"]: row for row in book.rows("FROM claim_records ORDER BY claim_id")}


def test_sheet_loads_by_its_mapping(book: ClaimBook, loads: Loads) -> None:
    result = loads()
    assert (result.status, result.format, result.inserted) == ("loaded", "claims", 2)
    first = claims_of(book)["R1"]
    assert (first["program"], first["outcome"]) == ("amazon_safet", "granted_full")
    assert first["order_id"] == "302-1234567-1234567"
    assert (str(first["claimed_amount"]), first["currency"]) == ("10.0000", "USD")


def test_ledger_and_notes_name_the_mapping(book: ClaimBook, loads: Loads) -> None:
    result = loads()
    (held,) = book.columns("SELECT mapping FROM source_files")["mapping"]
    assert held.startswith("map.toml ")
    assert f"its columns were read by {held}." in result.notes


def test_file_loaded_without_a_mapping_names_none(book: ClaimBook, claims: Any) -> None:
    book.load(claims("C1,amazon_safet,denied,2026-05-08,"))
    assert book.columns("SELECT mapping FROM source_files")["mapping"] == [None]


def test_comments_and_order_do_not_make_another_mapping(map_of: Callable[[str], Path]) -> None:
    first = read_mapping(map_of(MAP)).digest
    head, _, tail = MAP.partition("[constants]\n")
    assert read_mapping(map_of(f"# a word\n[constants]\n{tail}{head}")).digest == first
    assert read_mapping(map_of(MAP.replace("safet", "atoz"))).digest != first


def test_same_mapping_changes_nothing_and_a_changed_one_replaces(
    book: ClaimBook, loads: Loads
) -> None:
    words = MAP + '[values.outcome]\n"Won" = "{}"\n'
    loads(words.format("granted_partial"))
    assert loads(words.format("granted_partial")).status == "already_loaded"
    assert loads(words.format("denied")).status == "loaded"
    assert claims_of(book)["R1"]["outcome"] == "denied"
    assert book.value("SELECT count(*) FROM source_files") == 1
    assert book.value("SELECT count(*) FROM history.claim_records") == 2


def test_one_sheet_serves_two_trackers(book: ClaimBook, loads: Loads) -> None:
    evidence = 'format = "evidence"\n[columns]\nclaim_id = "Ref"\n[constants]\n'
    loads()
    assert loads(evidence + 'program = "amazon_safet"\nkind = "invoice"\n').inserted == 2
    assert book.columns("SELECT format FROM source_files ORDER BY 1")["format"] == [
        "claims", "evidence",
    ]  # fmt: skip


def test_one_header_serves_two_columns(book: ClaimBook, loads: Loads) -> None:
    loads(MAP.replace('"Ref"', '"Order"'))
    assert all(claim == row["order_id"] for claim, row in claims_of(book).items())


def test_headers_are_found_without_case_and_signs(book: ClaimBook, loads: Loads) -> None:
    assert loads(MAP.replace('"Ref"', '"REF"').replace('"Sent"', '"sent:"')).inserted == 2


def test_header_as_written_comes_before_one_that_is_like_it(book: ClaimBook, loads: Loads) -> None:
    lines = ["status,Ref,Status", "denied,R1,approved"]
    loads(
        '[columns]\nclaim_id = "Ref"\noutcome = "Status"\n[constants]\nprogram = "other"\n', lines
    )
    assert claims_of(book)["R1"]["outcome"] == "granted_full"


def test_header_that_stands_twice_is_named_by_its_place(book: ClaimBook, loads: Loads) -> None:
    text = '[columns]\nclaim_id = "Ref"\noutcome = "Status (column 3)"\n'
    lines = ["Ref,Status,Status", "R1,denied,approved"]
    loads(text + '[constants]\nprogram = "other"\n', lines)
    assert claims_of(book)["R1"]["outcome"] == "granted_full"


def test_columns_not_named_are_kept_under_their_headers(book: ClaimBook, loads: Loads) -> None:
    lines = [ROWS[0] + ",Carrier", ROWS[1] + ",DHL"]
    loads(lines=lines)
    assert json.loads(claims_of(book)["R1"]["extra"]) == {"Carrier": "DHL"}


def test_columns_of_ours_that_the_mapping_does_not_name_are_not_read(
    book: ClaimBook, loads: Loads
) -> None:
    loads(lines=[ROWS[0] + ",sku", ROWS[1] + ",A-1"])
    row = claims_of(book)["R1"]
    assert row["sku"] is None
    assert "A-1" in row["extra"]


def test_ignored_columns_are_nowhere_in_the_book(book: ClaimBook, loads: Loads) -> None:
    result = loads('ignored = ["Buyer"]\n' + MAP, [ROWS[0] + ",Buyer", ROWS[1] + ",Ann Example"])
    assert result.inserted == 1
    assert "Ann" not in repr(book.rows("FROM claim_records"))


def test_words_replaced_by_ours_are_kept_beside_the_claim(book: ClaimBook, loads: Loads) -> None:
    loads(MAP + '[values.outcome]\n"Won" = "granted_partial"\n')
    found = claims_of(book)
    assert found["R1"]["outcome"] == "granted_partial"
    assert "Won" in found["R1"]["extra"]
    assert found["R2"]["extra"] is None


def test_words_are_compared_without_capitals_and_blanks(book: ClaimBook, loads: Loads) -> None:
    lines = [ROWS[0], *(f"R{k},,{word},,,," for k, word in enumerate(["hmm", "HMM", " Hmm "]))]
    loads(MAP + '[values.outcome]\n"Hmm" = "denied"\n', lines)
    assert {row["outcome"] for row in claims_of(book).values()} == {"denied"}


def test_won_and_lost_are_meant_from_the_sellers_side(book: ClaimBook, loads: Loads) -> None:
    text = MAP.replace('[constants]\nprogram = "amazon_safet"\n', 'program = "Order"\n')
    text = text.replace('order_id = "Order"\n', "")
    lines = [ROWS[0], "R1,amazon_safet,Gagné,,,,", "R2,amazon_atoz,Gagné,,,,"]
    loads(text + '[values.outcome]\n"Gagné" = "won"\n', lines)
    outcomes = {claim: row["outcome"] for claim, row in claims_of(book).items()}
    assert outcomes == {"R1": "granted_full", "R2": "denied"}


def test_blank_cells_may_have_a_meaning(book: ClaimBook, loads: Loads) -> None:
    lines = [ROWS[0], "R1,,,,,,", "R2,,-,,,,", "R3,,denied,,,,"]
    loads('blank = ["-"]\n' + MAP + '[values.outcome]\n"" = "pending"\n', lines)
    outcomes = [row["outcome"] for row in claims_of(book).values()]
    assert outcomes == ["pending", "pending", "denied"]


def test_blank_words_mean_that_nothing_is_known(book: ClaimBook, loads: Loads) -> None:
    lines = [ROWS[0], "R1,n/a,denied,-,N/A,n/a,-"]
    assert loads('blank = ["-", "n/a"]\n' + MAP, lines).rejected == 0
    row = claims_of(book)["R1"]
    assert (row["order_id"], row["filed_at"], row["claimed_amount"]) == (None, None, None)


def test_words_of_flags_ratings_and_currencies_may_be_mapped(book: ClaimBook, loads: Loads) -> None:
    text = """format = "evidence"
[columns]
claim_id = "Ref"
legible = "Clear"
quality_rating = "Stars"
[constants]
program = "other"
kind = "invoice"
[values.legible]
"ja" = true
"nein" = "false"
[values.quality_rating]
"good" = 4
"""
    loads(text, ["Ref,Clear,Stars", "R1,ja,good", "R2,NEIN,1.5", "R3,,"])
    rows = book.rows("SELECT legible, quality_rating FROM evidence ORDER BY claim_id")
    assert [(r["legible"], r["quality_rating"] and float(r["quality_rating"])) for r in rows] == [
        (True, 4.0), (False, 1.5), (None, None),
    ]  # fmt: skip


DAYS = {
    "03/04/2026": ("2026-04-03 00:00:00", "2026-03-04 00:00:00"),
    "3.4.26": ("2026-04-03 00:00:00", "2026-03-04 00:00:00"),
    "03-04-2026 14:30": ("2026-04-03 14:30:00", "2026-03-04 14:30:00"),
    "3/4/2026 2:30 PM": ("2026-04-03 14:30:00", "2026-03-04 14:30:00"),
    "13/04/2026": ("2026-04-13 00:00:00", None),
    "04/13/2026": (None, "2026-04-13 00:00:00"),
    "31/02/2026": (None, None),
    "03/04/2026 25:00": (None, None),
    "2026/4/3": ("2026-04-03 00:00:00",) * 2,
    "2026年4月3日": ("2026-04-03 00:00:00",) * 2,
    "3 April 2026": ("2026-04-03 00:00:00",) * 2,
    "Apr 3, 2026": ("2026-04-03 00:00:00",) * 2,
    "2026-04-03T23:30:00Z": ("2026-04-03 23:30:00",) * 2,
    "soon": (None, None),
}


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_days_are_read_in_the_order_that_the_mapping_says(
    book: ClaimBook, loads: Loads, order: str
) -> None:
    expected = {day: both[order == "mdy"] for day, both in DAYS.items()}
    lines = [f'{k},,denied,"{day}",,,' for k, day in enumerate(DAYS)]
    result = loads(f'dates = "{order}"\n' + MAP, [ROWS[0], *lines])
    found = {claim: str(row["filed_at"]) for claim, row in claims_of(book).items()}
    assert found == {str(k): day for k, day in enumerate(expected.values()) if day}
    assert result.rejected == list(expected.values()).count(None)


def test_days_in_figures_without_an_order_are_refused_with_the_line_to_add(
    book: ClaimBook, loads: Loads
) -> None:
    assert loads(lines=[ROWS[0], "R1,,denied,03/04/2026,,,"]).rejected == 1
    (reason,) = book.columns("SELECT reason FROM rejected_rows")["reason"]
    assert reason.startswith('Sent: "03/04/2026" may mean two days; add dates = "dmy"')


AMOUNTS = {
    ("$5.00", "USD"): "5.0000", ("-$5.00", "USD"): "-5.0000", ("$ 1,250.50", "USD"): "1250.5000",
    ("5.00 USD", "USD"): "5.0000", ("US$5.00", "USD"): "5.0000", ("$5.00", "CAD"): "5.0000",
    ("C$5.00", "USD"): None, ("€5.00", "USD"): None, ("$5.00", ""): None,
    ("¥12", "JPY"): "12.0000", ("12円", "JPY"): "12.0000", ("¥12", "USD"): None,
    ("1'234.50", "CHF"): "1234.5000", ("CHF 1'234.50", "CHF"): "1234.5000",
    ("about 5.00", "USD"): None, ("5.00 5.00", "USD"): None, ("($5.00)", "USD"): None,
    ("R$ 7.25", "BRL"): "7.2500", ("£3.10", "GBP"): "3.1000", ("7.25", ""): "7.2500",
}  # fmt: skip


def test_sign_is_stripped_where_it_agrees_with_the_currency(book: ClaimBook, loads: Loads) -> None:
    lines = [f'{k},,denied,,"{amount}",,{code}' for k, (amount, code) in enumerate(AMOUNTS)]
    result = loads('decimal = "."\n' + MAP, [ROWS[0], *lines])
    found = {claim: str(row["claimed_amount"]) for claim, row in claims_of(book).items()}
    assert found == {str(k): read for k, read in enumerate(AMOUNTS.values()) if read}
    assert result.rejected == list(AMOUNTS.values()).count(None)


def test_sign_of_another_currency_is_told(book: ClaimBook, loads: Loads) -> None:
    loads('decimal = "."\n' + MAP, [ROWS[0], "R1,,denied,,€5.00,,USD"])
    (reason,) = book.columns("SELECT reason FROM rejected_rows")["reason"]
    assert reason == 'Wanted: "€5.00" carries a sign that is none of the currency of its row'


def test_decimal_comma_is_read_with_signs_and_thin_blanks(book: ClaimBook, loads: Loads) -> None:
    amounts = ["5,00 €", "1.234,50 €", "1\u202f234,50\u00a0€", "EUR 7,25"]
    lines = [ROWS[0], *(f'R{k},,denied,,"{a}",,EUR' for k, a in enumerate(amounts))]
    loads('decimal = ","\n' + MAP, lines)
    found = [str(row["claimed_amount"]) for row in claims_of(book).values()]
    assert found == ["5.0000", "1234.5000", "1234.5000", "7.2500"]


def test_rows_that_are_none_are_ignored_and_named(book: ClaimBook, loads: Loads) -> None:
    lines = [*ROWS, "Total,,,,$30.50,,", ROWS[0], ",,,,,,"]
    result = loads(lines=lines)
    assert (result.read, result.inserted, result.ignored, result.rejected) == (5, 2, 3, 0)
    (told,) = [note for note in result.notes if note.startswith("ignored")]
    assert all(word in told for word in ("row of totals", "header repeated", "blank line"))


def test_title_above_the_header_is_no_row(loads: Loads) -> None:
    result = loads(lines=["Claims 2026,,,,,,", "", *ROWS])
    assert (result.status, result.inserted) == ("loaded", 2)


def test_row_sorted_above_the_header_is_refused(loads: Loads) -> None:
    result = loads(lines=[ROWS[1], ROWS[0], ROWS[2]])
    assert "stands above the header" in str(result.error)


def test_words_no_rule_knows_are_told_with_the_line_that_mends_them(
    book: ClaimBook, loads: Loads
) -> None:
    result = loads(lines=[ROWS[0], 'R1,,"5"" \\ 👍 Hmm",,,,', "R2,,denied,,,,"])
    (told,) = [note for note in result.notes if note.startswith("outcome")]
    head, line = (part.strip() for part in told.splitlines()[1:])
    assert line.endswith("# 1 row")
    assert claims_of(book)["R1"]["outcome"] == "unknown"
    assert book.columns("SELECT value FROM unmapped_values")["value"] == ['5" \\ 👍 Hmm']
    meant = line.replace(' = ""  #', ' = "withdrawn"  #')
    result = loads(
        f"{MAP}{head}\n{meant}\n", [ROWS[0], 'R1,,"5"" \\ 👍 Hmm",,,,', "R2,,denied,,,,"]
    )
    assert not [note for note in result.notes if note.startswith("outcome")]
    assert claims_of(book)["R1"]["outcome"] == "withdrawn"


def test_blank_outcomes_are_told_with_the_line_that_mends_them(
    book: ClaimBook, loads: Loads
) -> None:
    lines = [ROWS[0], "R1,,,,,,", "R2,,(pending),,,,"]
    (told,) = [note for note in loads(lines=lines).notes if note.startswith("outcome")]
    assert told.splitlines()[1:] == ["    [values.outcome]", '    "" = ""  # 1 row']
    loads(MAP + '[values.outcome]\n"" = "pending"\n', lines)
    assert claims_of(book)["R1"]["outcome"] == "pending"


def test_missing_currency_is_told_with_the_constant_that_mends_it(
    book: ClaimBook, loads: Loads
) -> None:
    text = MAP.replace('currency = "Cur"\n', "")
    (told,) = [note for note in loads(text).notes if note.startswith("currency")]
    assert told.splitlines()[1:] == ["    [constants]", '    currency = ""  # 2 rows']
    result = loads(text + 'currency = "EUR"\n')
    assert not [note for note in result.notes if note.startswith("currency")]
    assert {row["currency"] for row in claims_of(book).values()} == {"EUR"}


def test_book_loads_by_a_mapping(book: ClaimBook, tmp_path: Path, map_of: Any) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("\n".join(ROWS), encoding="utf-8")
    (result,) = book.load(path, mapping=map_of(MAP))
    assert result.inserted == 2


REFUSED = {
    "[columns\n": "line 1: is no TOML",
    '[columns]\nclaim_id = Ref\n': "line 2: is no TOML",
    "a = " + "[" * 5000: "is no",
    'colums = "x"\n' + MAP: "line 1: a mapping has no key 'colums'. Did you mean 'columns'?",
    'format = "claim"\n' + MAP: "line 1: format cannot be 'claim'. Did you mean 'claims'?",
    'dates = "ymd"\n' + MAP: "line 1: dates cannot be 'ymd'.",
    'decimal = ";"\n' + MAP: "line 1: decimal cannot be ';'. Allowed: ., ,.",
    'blank = "-"\n' + MAP: "line 1: blank is a list",
    "ignored = [1]\n" + MAP: "line 1: ignored is a list",
    'columns = "Ref"\n': "line 1: columns is a table",
    MAP.replace("filed_at", "filled_at"): (
        "line 5: [columns] names a column that claims do not have: 'filled_at'. "
        "Did you mean 'filed_at'? Allowed: claim_id,"
    ),
    MAP.replace('"Status"', "3"): "line 4: [columns] outcome names a header of your file",
    MAP.replace('"Status"', '" "'): "line 4: [columns] outcome names a header of your file",
    MAP.replace("amazon_safet", "amazon_saft"): (
        "line 10: [constants] 'program' has no meaning 'amazon_saft'. Did you mean 'amazon_safet'?"
    ),
    MAP + 'currency = "USD"\n': "line 11: currency stands in [columns] and in [constants]",
    MAP + 'claim_id = "1"\n': "line 11: [constants] claim_id would make all rows one claim",
    MAP + 'due_at = "2026-01-01"\n': "line 11: [constants] due_at is not the same for all rows",
    MAP + 'marketplace = ""\n': "line 11: [constants] marketplace has no value",
    MAP + "marketplace = [1]\n": "line 11: [constants] 'marketplace' is one word in quotes",
    MAP.replace('currency = "Cur"\n', "") + 'currency = "Euro"\n': (
        "line 10: [constants] 'currency' is a currency code like USD; found 'Euro'."
    ),
    MAP + '[values.outcome]\n"Won" = "granted"\n': (
        "line 12: [values.outcome] 'Won' has no meaning 'granted'. Did you mean 'granted_full'?"
    ),
    MAP + '[values.outcome]\n"Won" = "denied"\n"WON" = "won"\n': "line 13: [values.outcome] gives",
    MAP + '[values.outcom]\n"Won" = "denied"\n': "line 11: [values] names a column that claims",
    MAP + '[values.reason]\n"x" = "other"\n': "line 11: [values.reason] tells words of a column",
    MAP + '[values.sku]\n"x" = "y"\n': "line 11: [values.sku] is no column with words",
    MAP + '[values]\noutcome = "x"\n': "line 12: [values.outcome] lists words",
    MAP + "[values.outcome]\n[values.outcome]\n": "put all its lines below the first",
    'ignored = ["Sent"]\n' + MAP: "line 6: [columns] filed_at reads 'Sent', which is ignored",
    MAP.replace('outcome = "Status"\n', ""): "does not say which columns are outcome; add them",
    "": "does not say which columns are claim_id and program and outcome; add them to [columns] "
    "(program also in [constants]).",
    'format = "evidence"\n[columns]\nclaim_id = "Ref"\n': "program and kind; add them to [columns]",
    "#" * (2 << 20): "has more than 1,048,576 bytes",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_what_means_nothing_is_refused_with_its_place(
    map_of: Callable[[str], Path], text: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        read_mapping(map_of(text))
    said = str(refused.value)
    assert "map.toml" in said
    assert REFUSED[text] in said
    assert "\n" not in said


@pytest.mark.parametrize("make", [Path.mkdir, lambda p: p.write_bytes(b"\xff\xfe\x00"), id])
def test_unreadable_mapping_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "map.toml"
    make(path)
    with pytest.raises(ParameterError, match=r"map\.toml: cannot be read as a mapping"):
        read_mapping(path)


def test_header_that_the_sheet_lacks_is_refused_with_the_nearest(loads: Loads) -> None:
    result = loads(MAP.replace('"Status"', '"Statuss"').replace('"Sent"', '"Gone"'))
    assert result.error is not None
    assert "has no column 'Gone' and 'Statuss' (did you mean 'Status'?)" in result.error
    assert "map.toml" in result.error
    assert "its columns are Ref, Order, Status, Sent, Wanted, Paid, Cur." in result.error


def test_header_that_means_two_columns_is_refused(loads: Loads) -> None:
    lines = ["Ref,status,STATUS", "R1,denied,approved"]
    text = '[columns]\nclaim_id = "Ref"\noutcome = "Status"\n[constants]\nprogram = "other"\n'
    assert "names Status more than once" in str(loads(text, lines).error)


def test_refusals_of_a_sheet_raise_in_python(
    book: ClaimBook, tmp_path: Path, map_of: Callable[[str], Path]
) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="has no column"):
        book.load(path, mapping=map_of(MAP))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NAMES = st.lists(TEXT, min_size=2, max_size=6)


def written(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    return out.getvalue()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=NAMES, words=st.lists(TEXT, min_size=1, max_size=5))
def test_any_header_and_word_survives_its_way_through_a_mapping(
    book: ClaimBook,
    tmp_path: Path,
    map_of: Callable[[str], Path],
    clear: Callable[[ClaimBook], None],
    names: list[str],
    words: list[str],
) -> None:
    clear(book)
    # A header with a number among its names is refused: a row was joined to it.
    others = [name for name in names[2:] if not A_VALUE.fullmatch(name.strip())]
    header = ["id " + names[0], "state " + names[1], *others]
    told = named_apart(header)
    meant = {f"w{word}x": "expired" for word in words}
    lines = [f"{toml_text(word)} = {toml_text(ours)}" for word, ours in meant.items()]
    text = (
        f"[columns]\nclaim_id = {toml_text(told[0])}\noutcome = {toml_text(told[1])}\n"
        '[constants]\nprogram = "other"\n[values.outcome]\n' + "\n".join(lines)
    )
    rows = [[f"C{k}", word, *([""] * (len(header) - 2))] for k, word in enumerate(meant)]
    path = tmp_path / "sheet.csv"
    path.write_text(written(header, rows), encoding="utf-8", newline="")
    mapping = read_mapping(map_of(text))
    (result,) = load(book, [path], reading=Reading(mapped=mapped_export(mapping)))
    assert (result.error, result.rejected) == (None, 0)
    assert [row["outcome"] for row in claims_of(book).values()] == ["expired"] * len(rows)
