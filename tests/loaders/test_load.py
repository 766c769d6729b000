"""The loading protocol, whatever the format: each file whole or not at all, each record told of."""

from __future__ import annotations

import csv
import gzip
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from claimstats.loaders import FileResult, load
from claimstats.loaders.results import COUNTED
from claimstats.loaders.text import DELIMITERS
from claimstats.session import ClaimBook

MODULE = sys.modules[load.__module__]  # The function has the name of its module, and hides it.

OF_ONE_FILE = ("path", "file_name", "loaded_at", "stamp")

HEADER = "claim_id,program,outcome,filed_at,resolution"
ROW = "C1,amazon_safet,pending,2026-05-08,n"

LATER = datetime(2026, 6, 1)
LATER_ELSEWHERE = datetime(2026, 6, 1, 2, tzinfo=timezone(timedelta(hours=2)))


def one(book: ClaimBook, path: Path, pulled_at: datetime | None = None) -> FileResult:
    (result,) = load(book, [path], pulled_at)
    return result


def assert_conserved(result: FileResult) -> None:
    parts = (result.inserted, result.updated, result.unchanged, result.rejected, result.ignored)
    assert result.read == sum(parts)


# Every form of one content


WORDS = {
    "utf-8": "Größe, 日本 “x”", "utf-8-sig": "Größe, 日本 “x”", "utf-16": "Größe, 日本 “x”",
    "cp1252": "Größe – “x” 5 €", "cp932": "ステンレス 鉄瓶 ｱﾏｿﾞﾝ",
    "gb18030": "不锈钢保温杯 蓝色", "utf-16-le": "Größe, 日本 “x”",
}  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", "\t"), ("utf-8-sig", ","), ("utf-8-sig", "\t"), ("utf-16", ";"), ("utf-16", "\t"),
        ("cp1252", ","), ("cp1252", "\t"), ("cp932", ";"), ("cp932", "\t"),
        ("gb18030", "|"), ("gb18030", "\t"), ("utf-16-le", ","),
    ],
)  # fmt: skip
def test_encoding_and_separator_change_nothing(
    book: ClaimBook, write: Callable[..., Path], encoding: str, delimiter: str
) -> None:
    note = WORDS[encoding].replace(",", "")
    row = dict(zip(HEADER.split(","), [*ROW.split(",")[:4], note], strict=True))
    path = write("claims.txt", HEADER.split(","), [row], delimiter=delimiter, encoding=encoding)
    result = one(book, path)
    assert result.encoding == encoding
    assert result.delimiter == DELIMITERS[delimiter]
    assert book.rows("SELECT claim_id, outcome, filed_at, resolution FROM claims") == [
        {
            "claim_id": "C1",
            "outcome": "pending",
            "filed_at": datetime(2026, 5, 8),
            "resolution": note,
        }
    ]


def test_packing_changes_nothing(
    book: ClaimBook,
    claims: Callable[..., Path],
    content: Callable[..., Any],
    tmp_path: Path,
    clear: Callable[[ClaimBook], None],
) -> None:
    first, second = claims(ROW, name="a.csv"), claims("C2,other,denied,,", name="b.csv")
    book.load([first, second])
    expected = content(book, whole=True, without=OF_ONE_FILE)
    packed = tmp_path / "all.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(first, "deep/a.csv")
        archive.writestr("README.md", "read me")
        archive.write(second, "b.csv")
    clear(book)
    results = book.load(packed)
    assert (
        content(book, whole=True, without=("path", "file_name", "loaded_at", "stamp")) == expected
    )
    assert [r.path for r in results] == [f"{packed}!deep/a.csv", f"{packed}!b.csv"]
    assert book.columns("SELECT file_name FROM source_files ORDER BY file_id")["file_name"] == [
        "all.zip!a.csv", "all.zip!b.csv",
    ]  # fmt: skip


def test_readme_in_a_zip_that_looks_like_an_export_is_named_and_the_rest_loads(
    book: ClaimBook, claims: Callable[..., Path], tmp_path: Path
) -> None:
    packed = tmp_path / "all.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("README.txt", "These are our claims.")
        archive.write(claims(ROW), "claims.csv")
    refused, loaded = load(book, [packed])
    assert (refused.status, refused.path) == ("refused", f"{packed}!README.txt")
    assert (loaded.status, loaded.inserted) == ("loaded", 1)


@pytest.mark.parametrize(
    ("end", "last_end"), [("\n", False), ("\r\n", True), ("\r", True), ("\r", False)]
)
def test_line_ends_change_nothing(
    book: ClaimBook, tmp_path: Path, end: str, last_end: bool
) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes((end.join([HEADER, ROW, "", "C2,other,denied,,"]) + end * last_end).encode())
    result = one(book, path)
    assert (result.inserted, result.ignored) == (2, 1)
    assert book.columns("SELECT line_no FROM claim_records ORDER BY 1")["line_no"] == [2, 4]
    assert book.value("SELECT ignored_why FROM source_files") == "1 blank line"


def test_header_below_a_preamble_is_found_and_said(book: ClaimBook, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(f"Our claims\n\n{HEADER}\n{ROW}\n")
    result = one(book, path)
    assert (result.read, result.inserted) == (1, 1)
    assert result.notes[0] == "the header is line 3; what stands above it is no row."


@pytest.mark.parametrize("again", [HEADER, "\ufeff" + HEADER, HEADER.title().replace("_", " ")])
def test_same_header_again_is_ignored(
    book: ClaimBook, claims: Callable[..., Path], again: str
) -> None:
    """Two exports joined end to end have the header of the second among their rows."""
    result = one(book, claims(ROW, again, ROW.replace("C1", "C2")))
    assert (result.inserted, result.rejected, result.ignored) == (2, 0, 1)
    assert "ignored: 1 header repeated." in result.notes


@pytest.mark.parametrize("header", [f"{HEADER},note", "program,claim_id,outcome"])
def test_second_header_with_other_columns_is_refused_with_its_line(
    book: ClaimBook, claims: Callable[..., Path], header: str
) -> None:
    result = one(book, claims(ROW, header, ROW.replace("C1", "C2")))
    assert result.status == "refused"
    assert "line 3: is a second header" in (result.error or "")
    assert "split the file there" in (result.error or "")


@pytest.mark.parametrize(
    "total",
    ["Total,,,,12.50", ",,Summe:,,", ",,合计,,", "Grand total", "GESAMT,,12,50,,,", ",,total,"],
)
def test_row_of_totals_is_ignored(book: ClaimBook, claims: Callable[..., Path], total: str) -> None:
    result = one(book, claims(ROW, total))
    assert (result.inserted, result.rejected, result.ignored) == (1, 0, 1)
    assert "ignored: 1 row of totals." in result.notes


def test_row_with_its_keys_is_no_row_of_totals(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    result = one(book, claims(ROW.replace(",n", ",Total"), "C2,total,pending,,", "Total,,other,,,"))
    assert (result.inserted, result.rejected, result.ignored) == (1, 1, 1)


def test_line_of_separators_alone_is_blank(book: ClaimBook, claims: Callable[..., Path]) -> None:
    result = one(book, claims(ROW, ",,,,", ", ,,,", ",,"))
    assert (result.inserted, result.rejected, result.ignored) == (1, 0, 3)
    assert "ignored: 3 blank lines." in result.notes


def test_quotes_of_a_tab_file_enclose_fields_only_if_the_file_as_a_whole_says_so(
    book: ClaimBook,
    write: Callable[..., Path],
    clear: Callable[[ClaimBook], None],
) -> None:
    def notes(*written: str) -> list[str]:
        rows = [[*f"C{k},other,denied,,".split(",")[:4], note] for k, note in enumerate(written)]
        names = HEADER.split(",")
        named = [dict(zip(names, row, strict=True)) for row in rows]
        clear(book)
        result = one(book, write(f"{len(written)}.txt", names, named, delimiter="\t"))
        assert any("read with them" in note for note in result.notes) == (len(written) == 3)
        return list(book.columns("SELECT resolution FROM claims ORDER BY claim_id")["resolution"])

    assert notes('"27"" wide"', '"a, b"') == ['27" wide', "a, b"]
    assert notes('27" wide', '"a, b"', '"19" flat') == ['27" wide', '"a, b"', '"19" flat']


# Conservation and the ledger


MESS = [
    ROW,
    ROW.replace("pending", "denied"),
    "",
    "C2,amazon_safet,pending,2026-02-30,n",
    "C3,amazon_safet,pending",
    "C4,amazon_safet,pending,2026-05-08,n,",
    'C5,amazon_safet,pending,2026-05-08,"open',
    "C6,amazon_safet,pending,2026-05-08,n",
    'C7,amazon_safet,pending,2026-05-08,"two\nlines"',
    'C8,amazon_safet,pending,2026-05-08,27" wide',
    "",
]


def test_every_record_is_accounted_for_in_the_result_and_in_the_ledger(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    result = one(book, claims(*MESS))
    assert (result.read, result.inserted, result.rejected, result.ignored) == (11, 3, 5, 3)
    assert_conserved(result)
    (ledger,) = book.rows("FROM source_files")
    assert {name: ledger[f"n_{name}"] for name in COUNTED} == {
        name: getattr(result, name) for name in COUNTED
    }
    repeated = "1 repeated by a later row of the same file (the first in line 2)"
    assert ledger["ignored_why"] == f"2 blank lines; {repeated}"


def test_rejected_rows_keep_line_column_reason_and_text(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    path = claims(*MESS)
    book.load(path)
    found = book.rows(
        "SELECT file_name, line_no, column_name, reason, raw_text FROM rejected_rows "
        "JOIN source_files USING (file_id) ORDER BY line_no"
    )
    lines = path.read_text().split("\n")
    assert {row["file_name"] for row in found} == {"claims.csv"}
    assert [(row["line_no"], row["column_name"]) for row in found] == [
        (5, "filed_at"), (6, None), (7, None), (8, None), (12, None),
    ]  # fmt: skip
    assert [row["raw_text"] for row in found] == [lines[k - 1] for k in (5, 6, 7, 8, 12)]
    expected = ["no date or time", "too few fields: 3", "extra field: 6", "a quote", "a quote"]
    assert all(word in row["reason"] for word, row in zip(expected, found, strict=True))


def test_stray_quotes_far_apart_swallow_no_row_between_them(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    """A quote that opens a note and an inch mark that ends one would make one field of them all."""
    rows = [f"C{k},amazon_safet,pending,2026-05-08,n" for k in range(5)]
    result = one(book, claims(ROW[:-1] + '"open', *rows, ROW[:-1] + '27"'))
    assert (result.read, result.inserted, result.rejected) == (7, 5, 2)


def test_extra_empty_field_shifts_nothing(book: ClaimBook, claims: Callable[..., Path]) -> None:
    result = one(book, claims("C1,amazon_safet,,pending,2026-05-08,n", ROW.replace("C1", "C2")))
    assert (result.inserted, result.rejected) == (1, 1)
    assert book.columns("SELECT claim_id FROM claims")["claim_id"] == ["C2"]


def test_count_is_that_of_another_reader_across_batches(
    book: ClaimBook, claims: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimstats.loaders.stage.ROWS_A_BATCH", 7)
    path = claims(*(f"C{k},amazon_safet,pending,,n" for k in range(50)))
    with path.open(newline="") as lines:
        expected = sorted(row["claim_id"] for row in csv.DictReader(lines))
    result = one(book, path)
    assert result.read == result.inserted == len(expected)
    assert sorted(book.columns("SELECT claim_id FROM claims")["claim_id"]) == expected


def test_record_lost_on_the_way_refuses_the_file(
    book: ClaimBook, claims: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimstats.loaders.stage._batches", lambda found: [])
    result = one(book, claims(ROW))
    assert result.status == "refused"
    assert "has 2 lines, of which 1 were read" in (result.error or "")


# The same content, and overlapping content


def test_same_content_twice_changes_nothing(
    book: ClaimBook, claims: Callable[..., Path], content: Callable[..., Any], tmp_path: Path
) -> None:
    path = claims(*MESS)
    first = one(book, path)
    before = content(book, whole=True)
    packed, renamed = tmp_path / "packed.csv.gz", tmp_path / "renamed.csv"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    renamed.write_bytes(path.read_bytes())
    for same in (path, packed, renamed):
        result = one(book, same)
        assert result.status == "already_loaded"
        assert (result.read, result.inserted, result.rejected) == (first.read, 0, first.rejected)
        assert_conserved(result)
        assert "loaded as file 1; nothing was done" in result.notes[0]
    assert content(book, whole=True) == before


def test_file_twice_in_one_load_is_loaded_once(
    book: ClaimBook, claims: Callable[..., Path], tmp_path: Path
) -> None:
    path = claims(ROW)
    assert [r.status for r in load(book, [path, tmp_path])] == ["loaded", "already_loaded"]


REPORTS = {
    "amazon_all_orders": ("amazon_all_orders.us_2026", "amazon_all_orders.mws_2020_url"),
    "amazon_mfn_returns": ("amazon_mfn_returns.us_2026_33", "amazon_mfn_returns.in_34"),
    "amazon_fba_reimbursements": ("amazon_fba_reimbursements.us_2026",) * 2,
}


@pytest.mark.parametrize("report", REPORTS)
def test_overlapping_pulls_in_either_order_end_in_the_same_book(
    book: ClaimBook,
    write_report: Callable[..., Path],
    report_rows: Callable[[str], list[dict[str, str]]],
    content: Callable[..., Any],
    report: str,
    clear: Callable[[ClaimBook], None],
) -> None:
    """Pulls of 21 and 31 May, under two headers; claims were decided between them."""
    rows = report_rows(report)
    later = [row | {"order-status": "Shipped", "safet claim state": "Granted"} for row in rows[2:]]
    later = [row | {"last-updated-date": "2026-05-25T00:00:00Z"} for row in later]
    middle, last = REPORTS[report]
    pulls = [
        write_report(middle, name="pull_2026-05-21.txt", rows=rows[:-1]),
        write_report(last, name="pull_2026-05-31.txt", rows=later),
    ]
    ends = []
    for order in (pulls, pulls[::-1]):
        clear(book)
        for result in book.load(order):
            assert_conserved(result)
        ends.append(content(book))
    assert ends[0] == ends[1]
    counted = {"amazon_all_orders": "order_items", "amazon_mfn_returns": "returns"}
    assert len(ends[0][counted.get(report, "reimbursements")]) == len(rows)


def test_file_loaded_inside_a_transaction_of_the_users_is_known_there(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    with book.transaction():
        book.value("SELECT count(*) FROM claims")
        assert one(book, claims(ROW)).status == "loaded"
        assert one(book, claims(ROW)).status == "already_loaded"
    assert book.value("SELECT count(*) FROM claim_snapshots") == 1


# The pull's day


@pytest.mark.parametrize(
    ("name", "given_day", "pulled_at", "basis"),
    [
        ("claims_2026-05-31.csv", None, datetime(2026, 5, 31, 23, 59, 59), "name"),
        ("claims_2026-05-31.csv", LATER, datetime(2026, 5, 31, 23, 59, 59), "name"),
        ("claims.csv", LATER, LATER, "given"),
        ("claims_2026-05-01.csv", None, None, "rows_later"),
        ("claims_2026-05-01.csv", LATER, LATER, "given"),
        ("claims_2026-05-01_2026-05-31.csv", None, None, None),
        ("claims.csv", None, None, None),
        ("claims.csv", LATER_ELSEWHERE, LATER, "given"),
    ],
)
def test_day_of_the_pull_is_the_names_unless_the_content_belies_it_else_the_given(
    book: ClaimBook,
    claims: Callable[..., Path],
    name: str,
    given_day: datetime | None,
    pulled_at: datetime | None,
    basis: str | None,
) -> None:
    result = one(book, claims(ROW, name=name), given_day)
    (ledger,) = book.rows("SELECT pulled_at, pulled_basis, period_to FROM source_files")
    assert ledger == {
        "pulled_at": pulled_at, "pulled_basis": basis, "period_to": datetime(2026, 5, 8),
    }  # fmt: skip
    is_belied = any("not taken for the pull date" in note for note in result.notes)
    assert is_belied == ("05-01.csv" in name)


def test_day_that_was_not_known_may_be_given_later(
    book: ClaimBook, claims: Callable[..., Path], content: Callable[..., Any]
) -> None:
    path = claims(*MESS)
    first = one(book, path)
    before = content(book, without=("version_at", "pulled_at"))
    result = one(book, path, LATER)
    assert (result.status, result.read, result.rejected) == ("loaded", first.read, first.rejected)
    assert result.inserted == first.inserted
    assert content(book, without=("version_at", "pulled_at")) == before
    assert book.rows("SELECT file_id, pulled_at FROM source_files") == [
        {"file_id": 2, "pulled_at": LATER}
    ]
    assert set(book.columns("SELECT pulled_at FROM claim_snapshots")["pulled_at"]) == {LATER}
    assert book.value("SELECT count(*) FROM rejected_rows") == first.rejected
    assert one(book, path, LATER).status == "already_loaded"


def test_newer_file_that_looks_older_is_taken_once_its_day_is_given(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    book.load(claims(ROW, name="1.csv"))
    corrected = claims("C1,amazon_safet,denied,2026-05-01,n", name="2.csv")
    assert one(book, corrected).ignored == 1
    assert one(book, corrected, LATER).updated == 1
    assert book.value("SELECT outcome FROM claims") == "denied"


def test_day_in_a_name_given_later_changes_nothing_but_is_said(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    book.load(claims(ROW))
    result = one(book, claims(ROW, name="claims_2026-05-31.csv"))
    assert result.status == "already_loaded"
    assert "--pulled-at tells it" in result.notes[0]
    assert book.value("SELECT pulled_at FROM source_files") is None


def test_given_day_before_the_content_is_taken_and_questioned(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    (note,) = one(book, claims(ROW), datetime(2026, 5, 1)).notes
    assert book.value("SELECT pulled_at FROM source_files") == datetime(2026, 5, 1)
    assert "the pull date is before the latest event, 2026-05-08 00:00 UTC" in note


def test_deadline_ahead_makes_no_export_later(book: ClaimBook, tmp_path: Path) -> None:
    path = tmp_path / "claims_2026-05-31.csv"
    path.write_text("claim_id,program,outcome,due_at\nC1,amazon_safet,pending,2026-07-01\n")
    one(book, path)
    assert book.value("SELECT pulled_basis FROM source_files") == "name"


# One transaction, on a connection of its own


@pytest.mark.parametrize("point", ["stage", "describe", "_merge", "write_ledger"])
def test_failure_in_the_middle_leaves_no_trace(
    book: ClaimBook,
    claims: Callable[..., Path],
    content: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    point: str,
) -> None:
    book.load(claims(ROW, name="before.csv"))
    before = content(book, whole=True)
    step = getattr(MODULE, point)

    def fail(*arguments: Any) -> None:
        step(*arguments)
        raise MemoryError

    monkeypatch.setattr(MODULE, point, fail)
    path = claims(ROW.replace("C1", "C2"))
    with pytest.raises(MemoryError):
        one(book, path)
    assert content(book, whole=True) == before
    assert book.rows("FROM duckdb_tables() WHERE temporary") == []
    monkeypatch.undo()
    assert one(book, path).inserted == 1


def test_users_own_temporary_tables_survive_a_load(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    """Even those that are named like the loader's own."""
    names = ("texts", "typed", "rejected", "this_file", "fates", "unmapped", "arrow_batch")
    for name in names:
        book.execute(f"CREATE TEMP TABLE {name} AS SELECT 42 AS mine")
    book.execute("CREATE TEMP MACRO bare(x) AS 'mine'")
    try:
        assert one(book, claims(ROW)).inserted == 1
        assert {book.value(f"SELECT mine FROM {name}") for name in names} == {42}
        assert book.value("SELECT bare(1)") == "mine"
        assert book.value("SELECT claim_id FROM claims") == "C1"
    finally:
        for name in names:
            book.execute(f"DROP TABLE temp.{name}")
        book.execute("DROP MACRO temp.bare")


def test_load_leaves_no_temporary_tables_and_no_macros(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    book.load(claims(*MESS))
    assert book.rows("FROM duckdb_tables() WHERE temporary") == []
    assert book.rows("FROM duckdb_functions() WHERE function_name = 'parse_amount'") == []


def test_load_reads_times_as_utc_whatever_zone_the_user_set(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    book.execute("SET TimeZone = 'America/New_York'")
    try:
        book.load(claims("C1,amazon_safet,pending,2026-05-08T23:36:26-07:00,n"), LATER)
    finally:
        book.execute("SET TimeZone = 'UTC'")
    assert book.value("SELECT filed_at FROM claims") == datetime(2026, 5, 9, 6, 36, 26)
    loaded_at = book.value("SELECT loaded_at FROM source_files")
    assert abs(datetime.now(UTC).replace(tzinfo=None) - loaded_at) < timedelta(hours=1)
