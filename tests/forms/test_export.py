"""One function writes every form, and never the wrong file over the right one."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

import claimstats
from claimstats.errors import ClaimstatsError, ParameterError
from claimstats.finding import Column, Finding, Table
from claimstats.forms import FORMS
from claimstats.publish import findings
from claimstats.session import ClaimBook

TABLES = [form for form in FORMS if form not in ("png", "svg")]


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_csv_holds_the_table_whole(finding: Finding, tmp_path: Path) -> None:
    (path,) = claimstats.export(finding, tmp_path / "rates.csv")
    head, *rows = read(path)
    assert head == list(finding.summary.names)
    assert rows[0] == [
        "Item not as described", "1200", "0.30000000000000004", "0.2", "0.4", "12.04", "-8.25",
        "1234.5", "0.57936", "0.0004", "false", "2026-08-31 23:12:00",
    ]  # fmt: skip
    assert rows[1][2:] == ["", "", "", "", "0.0", "", "", "0.04", "true", ""]
    assert rows[2][0] == "'-5 wrong"
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 4


@pytest.mark.parametrize("form", TABLES)
def test_the_same_finding_gives_the_same_bytes(
    finding: Finding, hostile: Finding, tmp_path: Path, form: str
) -> None:
    for one in (finding, hostile):
        first, second = claimstats.export(one, [tmp_path / f"{k}.{form}" for k in "ab"])
        assert first.read_bytes() == second.read_bytes()
        once_more = claimstats.export(one, tmp_path / f"c.{form}")[0]
        assert once_more.read_bytes() == first.read_bytes()
        for path in (first, second, once_more):
            path.unlink()


def test_several_forms_are_written_in_the_order_of_their_paths(
    finding: Finding, tmp_path: Path
) -> None:
    paths = [tmp_path / f"rates.{form}" for form in reversed(TABLES)]
    assert claimstats.export(finding, paths) == tuple(paths)
    assert all(path.stat().st_size for path in paths)


def test_a_further_table_is_written_by_its_name(finding: Finding, tmp_path: Path) -> None:
    (path,) = claimstats.export(finding, tmp_path / "curves.csv", detail="curves")
    assert [row[0] for row in read(path)] == ["reason", "a", "b"]


def test_a_table_that_is_not_there_is_said(finding: Finding, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="Did you mean 'curves'"):
        claimstats.export(finding, tmp_path / "x.csv", detail="curve")
    with pytest.raises(ParameterError, match="one table only"):
        claimstats.export(replace(finding, details={}), tmp_path / "x.csv", detail="curves")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "said"), [("x.xls", r"not written as '\.xls'"), ("x", "''")])
def test_a_suffix_that_is_no_form_is_said(
    finding: Finding, tmp_path: Path, name: str, said: str
) -> None:
    with pytest.raises(ParameterError, match=said):
        claimstats.export(finding, tmp_path / name)


@pytest.mark.parametrize("form", TABLES)
def test_an_earlier_export_is_replaced_by_whatever_it_was_split(
    finding: Finding, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"rates.{form}"
    first = finding.summary.columns[0]
    split = (replace(first, name="program"), replace(first, name="reason"))
    other = replace(finding, summary=Table((*split, *finding.summary.columns[1:])))
    claimstats.export(other, path)
    claimstats.export(finding, path)
    fresh = claimstats.export(finding, tmp_path / f"fresh.{form}")[0]
    assert path.read_bytes() == fresh.read_bytes()


@pytest.mark.parametrize("form", list(FORMS))
@pytest.mark.parametrize(
    "content",
    [
        b"claim_id,program\r\n7,safet\r\n",
        b"\xef\xbb\xbfreason,n_claims\r\nlate,7\r\n",
        b"\x00\x00\x00\x00\x00\x00\x00\x00DUCK and so on",
        b"\x89PNG\r\n\x1a\n a photo of a parcel",
        b"<svg xmlns='http://www.w3.org/2000/svg'><title>claimstats</title></svg>",
        b"PK\x03\x04 a workbook",
        b"PAR1 a table PAR1",
        b"\xff",
    ],
)
def test_no_other_file_is_ever_replaced(
    finding: Finding, tmp_path: Path, form: str, content: bytes
) -> None:
    path = tmp_path / f"mine.{form}"
    path.write_bytes(content)
    with pytest.raises(ClaimstatsError, match=r"exists and is no earlier export"):
        claimstats.export(finding, [tmp_path / "new.csv", path])
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_the_export_of_another_finding_is_kept(finding: Finding, tmp_path: Path, form: str) -> None:
    (path,) = claimstats.export(finding, tmp_path / f"mine.{form}")
    before = path.read_bytes()
    with pytest.raises(ClaimstatsError, match="no earlier export of the same"):
        claimstats.export(replace(finding, name="another"), path)
    assert path.read_bytes() == before


def test_a_name_may_be_as_long_as_the_system_allows(finding: Finding, tmp_path: Path) -> None:
    claimstats.export(finding, tmp_path / f"{'a' * 251}.csv")
    with pytest.raises(ClaimstatsError, match=r"cannot write .*: File name too long"):
        claimstats.export(finding, tmp_path / f"{'a' * 252}.csv")


def test_a_table_with_notes_of_ones_own_is_kept(finding: Finding, tmp_path: Path) -> None:
    (path,) = claimstats.export(finding, tmp_path / "rates.csv")
    head, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{head},my notes", *rest]), encoding="utf-8")
    with pytest.raises(ClaimstatsError, match="no earlier export"):
        claimstats.export(finding, path)


def test_an_empty_file_is_nothing_to_lose(finding: Finding, tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.touch()
    claimstats.export(finding, path)
    assert path.stat().st_size


@pytest.mark.parametrize("form", TABLES)
def test_a_table_without_a_row_or_a_number_is_written(
    finding: Finding, tmp_path: Path, form: str
) -> None:
    for table in (
        Table((Column("reason", "text", "A reason.", ()),)),
        finding.summary.where("reason", ""),
    ):
        bare = replace(finding, summary=table, details={}, caveats=(), parameters={}, as_of=None)
        for _ in range(2):
            assert claimstats.export(bare, tmp_path / f"bare.{form}")
        (tmp_path / f"bare.{form}").unlink()


def test_every_finding_of_the_sample_comes_back_from_every_table_form(
    sample: ClaimBook, tmp_path: Path
) -> None:
    for finding in findings(sample):
        paths = [tmp_path / f"{finding.name}.{form}" for form in TABLES]
        claimstats.export(finding, paths)
        head, *rows = read(paths[0])
        sheet, *cells = CalamineWorkbook.from_path(paths[1]).get_sheet_by_index(0).to_python()
        assert head == sheet == list(finding.summary.names)
        assert len(rows) == len(cells) == len(finding.summary)
        assert pl.read_parquet(paths[2]).equals(finding.table)
        for place, column in enumerate(finding.summary.columns):
            for value, row, cell in zip(column.values, rows, cells, strict=True):
                if isinstance(value, float) and value == value:
                    assert float(row[place]) == value
                    assert cell[place] == pytest.approx(value, rel=1e-15)


def test_hostile_text_ends_as_text_in_csv(
    hostile: Finding, texts: tuple[str, ...], tmp_path: Path
) -> None:
    (path,) = claimstats.export(hostile, tmp_path / "hostile.csv")
    cells = [row[0] for row in read(path)[1:]]
    assert cells[0] == texts[0]
    assert cells[1] == f"'{texts[1]}"
    assert cells[5] == "'\t=1+1"
    assert cells[6] == "control \ufffd and \ufffd[31m and NUL \ufffd."
    assert cells[7:11] == list(texts[7:11])
    assert cells[11] == "lone \ufffd half"
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r\n"]
