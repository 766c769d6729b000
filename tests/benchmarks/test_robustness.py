"""The judge tells right from wrong, and claimstats takes no damaged file silently wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from benchmarks.robustness.__main__ import N_CASES, PAGE, SEED
from benchmarks.robustness.books import Loader, Loading, Truth
from benchmarks.robustness.case import Case, make
from benchmarks.robustness.damage import damages
from benchmarks.robustness.edits import edits
from benchmarks.robustness.grammar import rows_if_well_formed
from benchmarks.robustness.judge import Verdict, judge_book, judge_plain
from benchmarks.robustness.readings import READERS, Reading, read_plainly
from benchmarks.robustness.run import CLAIMSTATS, cases, judged
from benchmarks.robustness.table import Piece, Table, tables

from claimstats.loaders import FileResult
from claimstats.loaders.asides import JOINED_TWICE

TABLES = tables()
CLAIMS = next(table for table in TABLES if table.format == "claims")
CHECKED_PER_FILE = 3


@pytest.fixture(scope="module")
def loader() -> Iterator[Loader]:
    made = Loader()
    yield made
    made.book.close()


@pytest.fixture
def truth(loader: Loader, tmp_path: Path) -> Truth:
    return Truth(loader, CLAIMS, tmp_path)


def whole(table: Table = CLAIMS) -> Case:
    return make(table, "none", "", table.pieces())


def lacking(row: int) -> Case:
    """A file in which one row has lost a field."""
    pieces = CLAIMS.pieces()
    text = CLAIMS.line(CLAIMS.rows[row][:-1])
    pieces[row + 2] = replace(pieces[row + 2], text=text)
    return make(CLAIMS, "missing field", "", pieces)


def taken(truth: Truth, lines: list[int | None], without: int | None = None) -> Loading:
    """What is loaded when one row is left out and nothing is said of it."""
    rows = [
        (line, held)
        for number, (line, held) in enumerate(zip(lines, truth.rows, strict=True))
        if number != without and line is not None and held is not None
    ]
    n = len(rows)
    return Loading(FileResult("f", "claims", "loaded", read=n, inserted=n), rows)


def test_whole_file_is_right(truth: Truth) -> None:
    case = whole()
    assert judge_book(case, taken(truth, list(case.lines)), truth) == Verdict.RIGHT


def test_row_that_is_lacking_is_flagged_if_reported_and_silent_if_not(truth: Truth) -> None:
    case = lacking(4)
    loading = taken(truth, list(case.lines), without=4)
    assert judge_book(case, loading, truth) == Verdict.SILENT
    line = case.lines[4]
    assert line is not None
    assert judge_book(case, replace(loading, rejected=[line]), truth) == Verdict.FLAGGED


def test_row_said_to_be_told_twice_is_flagged(truth: Truth) -> None:
    case = lacking(4)
    loading = taken(truth, list(case.lines), without=4)
    told = JOINED_TWICE.replace("rows", "row", 1)
    notes = (f"ignored: 1 header repeated; 1 {told}.",)
    said = replace(loading, result=replace(loading.result, notes=notes))
    assert judge_book(case, said, truth) == Verdict.FLAGGED


def test_cell_that_differs_or_row_that_comes_twice_is_silently_wrong(truth: Truth) -> None:
    case = whole()
    loading = taken(truth, list(case.lines))
    line, held = loading.rows[0]
    changed = [(line, {**held, "currency": "EUR"}), *loading.rows[1:]]
    assert judge_book(case, replace(loading, rows=changed), truth) == Verdict.SILENT
    twice = [*loading.rows, loading.rows[0]]
    assert judge_book(case, replace(loading, rows=twice), truth) == Verdict.SILENT


def test_counts_that_do_not_add_up_are_no_verdict(truth: Truth) -> None:
    broken = Loading(FileResult("f", "claims", "loaded", read=2, inserted=1))
    with pytest.raises(AssertionError, match="do not add up"):
        judge_book(whole(), broken, truth)


def test_plain_reading_is_judged_by_its_cells() -> None:
    case = whole()
    reading = Reading(CLAIMS.header, CLAIMS.rows)
    assert judge_plain(case, reading) == Verdict.RIGHT
    assert judge_plain(case, replace(reading, rows=CLAIMS.rows[1:])) == Verdict.SILENT
    shifted = ((*CLAIMS.rows[0][1:], ""), *CLAIMS.rows[1:])
    assert judge_plain(case, replace(reading, rows=shifted)) == Verdict.SILENT
    assert judge_plain(case, Reading(error="ParserError")) == Verdict.REFUSED
    warned = replace(reading, rows=CLAIMS.rows[1:], warned=("skipped a line",))
    assert judge_plain(case, warned) == Verdict.FLAGGED


def test_edit_that_leaves_a_well_formed_file_is_told_apart() -> None:
    pieces = [Piece(piece.text.replace("seal broken", "seal, broken"), piece.row)
              for piece in CLAIMS.pieces()]  # fmt: skip
    case = make(CLAIMS, "edit: delimiter", "", pieces)
    rows = rows_if_well_formed(case.text, ",")
    assert rows is not None
    reading = Reading(rows[0], tuple(rows[1:]))
    assert judge_plain(case, reading) == Verdict.OTHER
    assert judge_plain(replace(case, kind="extra field"), reading) == Verdict.SILENT


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a,"b, ""c""\nd"\n1,2', [("a", 'b, "c"\nd'), ("1", "2")]),
        ('a,b\n\n"",2\n', [("a", "b"), ("", "2")]),
        ('a,b"c\n', None),
        ('a,"b"c\n', None),
        ('a,"b\n', None),
        ("a,b\n1,2,3\n", None),
    ],
)
def test_grammar_takes_well_formed_text_only(text: str, rows: list[tuple[str, ...]] | None) -> None:
    assert rows_if_well_formed(text, ",") == rows


@pytest.mark.parametrize(
    "table",
    # Reports of PayPal hold records of other kinds, which no plain reader tells from rows.
    [table for table in TABLES if table.name != "paypal_disputes"],
    ids=lambda table: table.name,
)
def test_pandas_takes_the_well_formed_files_right(table: Table, tmp_path: Path) -> None:
    path = tmp_path / "whole.csv"
    path.write_bytes(whole(table).data)
    assert judge_plain(whole(table), read_plainly("pandas", path, table)) == Verdict.RIGHT


def test_same_seed_gives_the_same_files() -> None:
    first, again = (cases(CLAIMS, 5, 120) for _ in range(2))
    assert [case.data for case in first] == [case.data for case in again]
    assert [c.data for c in cases(CLAIMS, 6, 120)] != [c.data for c in first]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_damaged_file_is_taken_silently_wrong(table: Table) -> None:
    chance = Random(f"test {table.name}")
    found = chance.sample(list(damages(table, chance)), CHECKED_PER_FILE)
    found += edits(table, chance, CHECKED_PER_FILE)
    wrong = [
        (case.kind, case.detail, case.said)
        for case in judged(found)
        if case.verdicts[CLAIMSTATS] == Verdict.SILENT
    ]
    assert not wrong


def test_page_tells_of_every_format_reader_and_case() -> None:
    text = PAGE.read_text(encoding="utf-8")
    n = int(text.split("## All ")[1].split(" ")[0].replace(",", ""))
    assert n >= N_CASES
    assert f"seed {SEED}," in text
    for name in (*(table.name for table in TABLES), *READERS):
        assert f"| {name} |" in text
    totals = [row.split("|") for row in text.splitlines() if f"| {CLAIMSTATS} | " in row]
    own = [cells for cells in totals if cells[2].strip() == CLAIMSTATS]
    assert own
    assert all(cells[6].strip() == "0" for cells in own)
