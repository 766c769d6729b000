from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from claimstats.errors import FileRefused
from claimstats.loaders import FileResult, load, sheet, sheet_xml
from claimstats.loaders.containers import Tally
from claimstats.loaders.sheet import find_header, is_workbook, records, written
from claimstats.loaders.sources import Source
from claimstats.loaders.text import Dialect, Record
from claimstats.session import ClaimBook

HEADER = ["claim_id", "program", "outcome", "filed_at", "claimed_amount", "currency"]
ROW = ["C1", "amazon_safet", "pending", date(2026, 5, 8), 12.5, "USD"]

Rows = Sequence[Sequence[Any]]
MakeSource = Callable[..., Source]


def packed(change: Callable[[Workbook], None] | None = None, **sheets: Rows) -> bytes:
    """A workbook with these rows on its sheets, changed before it is saved."""
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        made = book.create_sheet(name)
        for row in rows:
            made.append(list(row))
    if change:
        change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def edited(content: bytes, part: str, *edits: tuple[str, str]) -> bytes:
    """A workbook with edits in the XML of one part."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as read, zipfile.ZipFile(out, "w") as write:
        for name in read.namelist():
            text = read.read(name)
            for old, new in edits if name == part else ():
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            write.writestr(name, text)
    return out.getvalue()


def is_header(names: list[str]) -> bool:
    return {"claim_id", "program"} <= set(names)


def header_of(source: Source) -> Dialect:
    found = find_header(source, is_header)
    assert found is not None
    return found


def read(source: Source) -> list[Record]:
    return list(records(source, header_of(source)))


@pytest.fixture
def loaded(book: ClaimBook, tmp_path: Path) -> Callable[..., list[FileResult]]:
    """What becomes of a file of these bytes."""

    def of(content: bytes, name: str = "claims.xlsx") -> list[FileResult]:
        (tmp_path / name).write_bytes(content)
        return list(load(book, [tmp_path / name]))

    return of


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("C1", "C1"), (" a\nb ", " a\nb "), (1.0, "1"), (-0.0, "-0"), (7, "7"), (12.5, "12.5"),
        (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (1.234, "1.2340"), (999999999999999.0,) * 2,
        (1e15, "1.00000000000000E+15"), (12345678901234567.0, "1.23456789012346E+16"),
        (True, "true"), (False, "false"), (date(2026, 5, 8), "2026-05-08"),
        (datetime(2026, 5, 8, 23, 36, 26), "2026-05-08 23:36:26"), (time(1, 2, 3), "01:02:03"),
        (timedelta(hours=30, seconds=61), "30:01:01"),
    ],
)  # fmt: skip
def test_cell_is_written_as_a_person_types_it(cell: Any, text: Any) -> None:
    assert written(cell) == (text if isinstance(text, str) else "999999999999999")


def test_rows_come_with_their_number_in_the_sheet(source: MakeSource) -> None:
    content = packed(S=[["Our claims"], [], HEADER, ROW, [], [None, None, "x"]])
    found = header_of(source(content))
    assert (found.header, found.header_line) == (tuple(HEADER), 3)
    assert (found.preamble, found.sheet) == ("Our claims\n", "S")
    one, blank, other = read(source(content))
    values = ["C1", "amazon_safet", "pending", "2026-05-08", "12.5", "USD"]
    assert one == Record(4, values, None, "\t".join(values))
    assert blank == Record(5, [], None, "")
    assert other == Record(6, ["", "", "x", "", "", ""], None, "\t\tx")


def test_table_may_stand_anywhere_on_the_sheet(source: MakeSource) -> None:
    shift: list[Any] = [None, None]
    made = source(packed(S=[[], [], [*shift, *HEADER], [*shift, *ROW]]))
    assert header_of(made).header == ("", "", *HEADER)
    assert [record.values[2] for record in read(made)] == ["C1"]


def test_value_beyond_the_header_is_kept_in_a_column_without_a_name(
    loaded: Callable[..., list[FileResult]], book: ClaimBook
) -> None:
    (result,) = loaded(packed(S=[HEADER, [*ROW, None, "call the carrier"]]))
    assert result.inserted == 1
    assert "unknown columns kept in extra: (column 7), (column 8)." in result.notes
    extra = book.value("SELECT CAST(extra AS VARCHAR) FROM history.claim_records")
    assert "call the carrier" in extra


def test_workbook_gives_the_same_claims_as_text(
    book: ClaimBook,
    loaded: Callable[..., list[FileResult]],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    text = ",".join(HEADER) + "\nC1,amazon_safet,pending,2026-05-08,12.5,USD\n"
    loaded(text.encode(), "claims.csv")
    from_text = content(book)
    clear(book)
    (result,) = loaded(packed(S=[HEADER, ROW]))
    assert content(book) == from_text
    assert (result.encoding, result.delimiter, result.notes) == ("xlsx", "cells", ())
    assert result.inserted == result.read == 1


@pytest.mark.parametrize("name", ["claims.csv", "claims.txt", "claims"])
def test_workbook_is_told_by_its_content(
    loaded: Callable[..., list[FileResult]], name: str
) -> None:
    (result,) = loaded(packed(S=[HEADER, ROW]), name)
    assert (result.inserted, result.encoding) == (1, "xlsx")


def test_text_that_is_called_a_workbook_is_read_as_text(
    loaded: Callable[..., list[FileResult]],
) -> None:
    (result,) = loaded(b"claim_id,program,outcome\nC1,other,denied\n", "claims.xlsx")
    assert (result.inserted, result.encoding) == (1, "utf-8")


def test_long_number_is_no_id(loaded: Callable[..., list[FileResult]]) -> None:
    (result,) = loaded(packed(S=[HEADER, [12345678901234567, *ROW[1:]], [123, *ROW[1:]]]))
    assert (result.inserted, result.rejected) == (1, 1)
    assert any("a number that a spreadsheet shortened" in note for note in result.notes)


def test_error_and_formula_without_a_result_are_read_as_they_are_shown(
    loaded: Callable[..., list[FileResult]], book: ClaimBook
) -> None:
    rows = [HEADER, ["C1", *ROW[1:4], "#N/A", "USD"], ["C2", *ROW[1:4], "=2*E5", "USD"]]
    (result,) = loaded(packed(S=[*rows, ["C3", *ROW[1:]], ["=1+1"]]))
    assert (result.read, result.inserted, result.rejected) == (4, 1, 3)
    raw = book.columns("SELECT raw_text FROM rejected_rows ORDER BY line_no")["raw_text"]
    assert [text.split("\t")[-2:] for text in raw] == [["#N/A", "USD"], ["=2*E5", "USD"], ["=1+1"]]
    assert any(
        note.startswith("2 cells hold a formula whose result was not saved, the first in line 3;")
        for note in result.notes
    )


def test_formula_with_an_empty_result_is_empty(source: MakeSource) -> None:
    content = edited(
        packed(S=[HEADER, ["C1", '=""']]),
        "xl/worksheets/sheet1.xml",
        ('<c r="B2"><f>""</f><v /></c>', '<c r="B2" t="str"><f>""</f><v></v></c>'),
    )
    (record,) = read(source(content))
    assert record.values == ["C1", "", "", "", "", ""]


def test_each_sheet_with_an_export_is_loaded_by_itself(
    loaded: Callable[..., list[FileResult]], book: ClaimBook
) -> None:
    other = ["C2", *ROW[1:]]
    content = packed(Notes=[["to do"]], Old=[HEADER, ROW], New=[HEADER, other])
    results = loaded(content)
    assert [Path(result.path).name for result in results] == ["claims.xlsx!Old", "claims.xlsx!New"]
    assert [result.inserted for result in results] == [1, 1]
    assert results[0].notes == ("the sheet 'Old' was read; not 'Notes', 'New'.",)
    assert [result.status for result in loaded(content)] == ["already_loaded"] * 2


def test_sheets_without_an_export_are_named(loaded: Callable[..., list[FileResult]]) -> None:
    (result,) = loaded(packed(Notes=[["to do"]], Claims=[HEADER, ROW]))
    assert Path(result.path).name == "claims.xlsx"
    assert result.notes == ("the sheet 'Claims' was read; not 'Notes'.",)


def test_hidden_sheet_is_read_only_where_no_other_holds_an_export(
    loaded: Callable[..., list[FileResult]],
) -> None:
    def hide(book: Workbook) -> None:
        book["Old"].sheet_state = "hidden"

    (result,) = loaded(packed(hide, Old=[HEADER, ROW], New=[HEADER, ["C2", *ROW[1:]]]))
    assert result.notes == ("the sheet 'New' was read; not 'Old'.",)
    (result,) = loaded(packed(hide, Old=[HEADER, ROW], Notes=[["to do"]]), "other.xlsx")
    assert result.notes[0] == "the hidden sheet 'Old' was read; not 'Notes'."


def test_several_sheets_are_refused_where_one_file_is_asked_for(source: MakeSource) -> None:
    with pytest.raises(FileRefused, match=r"several sheets with an export \(A, B\); save each"):
        find_header(source(packed(A=[HEADER, ROW], B=[HEADER, ROW])), is_header)


def test_merged_cells_are_said_where_they_reach_over_rows(source: MakeSource) -> None:
    def merge(book: Workbook) -> None:
        book["S"].merge_cells("A1:F1")
        book["S"].merge_cells("F3:F4")

    made = source(packed(merge, S=[["Our claims"], HEADER, ROW, ROW]))
    assert header_of(made).assumed == (
        "1 merged cells reach over several rows; only the first row has the value.",
    )
    assert [record.values[5] for record in read(made)] == ["USD", ""]


def test_repeated_header_totals_and_blank_rows_are_ignored_as_in_text(
    loaded: Callable[..., list[FileResult]],
) -> None:
    rows = [HEADER, ROW, [], HEADER, ["C2", *ROW[1:]], ["Total", None, None, None, 25]]
    (result,) = loaded(packed(S=rows))
    assert (result.read, result.inserted, result.ignored) == (5, 2, 3)
    assert (
        "ignored: 1 blank line; 1 header repeated; 1 row of totals." in result.notes
    )  # fmt: skip


def test_unknown_sheet_is_refused_with_what_the_nearest_format_lacks(
    loaded: Callable[..., list[FileResult]],
) -> None:
    (result,) = loaded(packed(S=[["Our claims"], ["claim_id", "program", "result"], ROW[:3]]))
    assert "line 2: looks like claims, but its header lacks outcome" in (result.error or "")


def damaged() -> Iterator[tuple[bytes, str]]:
    whole = packed(S=[HEADER, ROW] * 40)
    yield whole[:-40], "damaged or cut short|is damaged"
    middle = whole.index(b"xl/worksheets/sheet1.xml") + 60
    yield whole[:middle] + b"\xff\xff\xff" + whole[middle + 3 :], "damaged"
    part = "xl/worksheets/sheet1.xml"
    yield edited(whole, part, ("</sheetData>", "")), "damaged"
    yield edited(whole, part, ('<row r="3">', '<row r="2">')), "rows are out of order"
    yield edited(whole, "xl/workbook.xml", ("<workbook ", "<!DOCTYPE a><workbook ")), "no list of"
    yield b"\xd0\xcf\x11\xe0" + bytes(600), r"old workbook \(.xls\); save it as .xlsx"
    locked = b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    yield locked, "protected by a password; save it as .xlsx without one"
    for member in ("mimetype", "[Content_Types].xml"):
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(member, "")
        yield stream.getvalue(), "office document, but no .xlsx workbook; save the sheet"


@pytest.mark.parametrize("which", range(9))
def test_workbook_that_cannot_be_read_is_refused(
    loaded: Callable[..., list[FileResult]], which: int
) -> None:
    content, reason = list(damaged())[which]
    (result,) = loaded(content)
    assert result.status == "refused"
    assert re.search(reason, result.error or "")


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("LARGEST_XML", 1000, "unpacks to 0 MiB, more than a full sheet has; save the sheet"),
        ("LONGEST_ROW", 10, "a row of the sheet has more than"),
        ("MOST_CELLS", 11, "spans more than 11 cells; save it as CSV UTF-8"),
        ("MOST_MARKED", 0, "more than 0 rows hold errors or formulas"),
    ],
)
def test_workbook_too_large_to_hold_is_refused_before_it_is_read(
    source: MakeSource, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, reason: str
) -> None:
    monkeypatch.setattr(sheet_xml, limit, value)
    monkeypatch.setattr(sheet.python_calamine, "load_workbook", Unread)
    with pytest.raises(FileRefused, match=reason):
        find_header(source(packed(S=[HEADER, [*ROW[:5], "#N/A"]])), is_header)


class Unread:
    """A workbook whose sheets must not be read."""

    def __init__(self, path: Path) -> None:
        import python_calamine

        book = python_calamine.CalamineWorkbook.from_path(path)
        self.sheets_metadata = book.sheets_metadata

    def get_sheet_by_name(self, name: str) -> None:
        raise AssertionError(name)


def test_far_cell_without_a_value_takes_no_memory(source: MakeSource) -> None:
    def style(book: Workbook) -> None:
        book["S"]["XFD1048576"].number_format = "0.00"

    (record,) = read(source(packed(style, S=[HEADER, ROW])))
    assert record.values[0] == "C1"


def test_lost_row_is_noticed(source: MakeSource) -> None:
    made = source(packed(S=[HEADER, ROW, ROW, []]))
    tally = Tally(made, header_of(made))
    tally.add(read(made))
    tally.check()
    fewer = Tally(made, header_of(made))
    fewer.add(read(made)[1:])
    with pytest.raises(FileRefused, match="has 2 rows, of which 1 were read: a fault in claimst"):
        fewer.check()


def test_other_writers_prefix_tags_and_leave_out_references(source: MakeSource) -> None:
    content = packed(S=[HEADER, ["C1", "=1", "#N/A"], [], ["C2"]])
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read(part).decode()
    bare = re.sub(r' r="[A-Z]+\d+"', "", xml)
    prefixed = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")
    for text in (bare, prefixed):
        made = source(edited(content, part, (xml, text)))
        assert [r.values[:3] for r in read(made)] == [["C1", "=1", "#N/A"], [], ["C2", "", ""]]
        assert sheet.count_filled(made, header_of(made)) == 2


def test_texts_that_cells_share_may_be_empty(source: MakeSource) -> None:
    content = packed(S=[HEADER, ["C1"], ["", "x"]])
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read(part).decode()
    texts = re.findall(r"<is><t>(.*?)</t></is>", xml)
    shared = re.sub(
        r't="inlineStr"><is><t>(.*?)</t></is>',
        lambda found: f't="s"><v>{texts.index(found[1])}</v>',
        xml,
    )
    strings = "".join(f"<si><t>{'' if text == 'x' else text}</t></si>" for text in texts)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    out = BytesIO(edited(content, part, (xml, shared)))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{namespace}">{strings}</sst>')
    relations = "xl/_rels/workbook.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Type="{kind}" Target="sharedStrings.xml" Id="rId9"/></Relationships>'
    made = source(edited(out.getvalue(), relations, ("</Relationships>", link)))
    assert [(r.line_no, r.values[:1]) for r in read(made)] == [(2, ["C1"]), (3, [])]
    assert sheet.count_filled(made, header_of(made)) == 1


cells = st.one_of(
    st.none(),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"]), max_size=12)
    .filter(lambda text: not text.startswith(("=", "#")) and "_x" not in text),
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.dates(date(1995, 1, 1), date(2099, 1, 1)),
)  # fmt: skip


@given(rows=st.lists(st.lists(cells, min_size=6, max_size=6), max_size=6))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_rows_of_any_cells_come_back(source: MakeSource, rows: list[list[Any]]) -> None:
    made = source(packed(S=[HEADER, *rows]))
    found = read(made)
    expected = [["" if cell is None else written(cell) for cell in row] for row in rows]
    while expected and not any(expected[-1]):
        expected.pop()
    assert [record.values or [""] * 6 for record in found] == expected
    assert sheet.count_filled(made, header_of(made)) == sum(any(row) for row in expected)


def test_sheet_of_a_workbook_is_a_source_of_its_own(source: MakeSource) -> None:
    made = source(packed(A=[HEADER, ROW], B=[HEADER, [], ROW]))
    part = sheet.as_source(made, "B")
    assert part.sha256 != made.sha256
    assert [record.line_no for record in read(part)] == [2, 3]
    assert not is_workbook(replace(made, copy=Path(__file__)))
