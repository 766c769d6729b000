"""Workbooks that spreadsheets and programs read alike, in which no text is ever run."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from claimstats.finding import Column, Finding, Table
from claimstats.forms import workbook
from claimstats.forms.text import harmless, legible
from claimstats.forms.workbook import cut, is_ours, render

CUTOFF = datetime(2026, 8, 31, 23, 12)


def opened(finding: Finding) -> Any:
    return openpyxl.load_workbook(io.BytesIO(render(finding, finding.summary)))


def with_column(finding: Finding, kind: Any, *values: Any) -> Finding:
    return replace(finding, summary=Table((Column("column", kind, "Values.", values),)), details={})


def about(finding: Finding) -> list[tuple[str, str]]:
    return [(label, text) for label, text in opened(finding)["About"].iter_rows(values_only=True)]


def test_there_is_a_sheet_for_each_table_and_one_about_them(finding: Finding) -> None:
    assert opened(finding).sheetnames == ["approval rate", "curves", "About"]


def test_cells_are_typed_and_shown_as_the_report_shows_them(finding: Finding) -> None:
    sheet = opened(finding)["approval rate"]
    head, first, second, _ = sheet.iter_rows()
    cells = {name.value: cell for name, cell in zip(head, first, strict=True)}
    assert {name: (cell.value, cell.number_format) for name, cell in cells.items()} == {
        "reason": ("Item not as described", "General"),
        "n_claims": (1200, "#,##0"),
        "rate": (0.3, "0.0 %"),
        "lower": (0.2, "0.0 %"),
        "upper": (0.4, "0.0 %"),
        "median_days": (12.04, "0.0"),
        "difference_points": (-8.25, "+0.0;-0.0;0.0"),
        "paid_amount": (1234.5, "#,##0.00"),
        "statistic": (0.57936, "0.000"),
        "p_value": (0.0004, '[<0.001]"< 0.001";0.000'),
        "is_small": (False, "General"),
        "due_at": (CUTOFF, "yyyy-mm-dd hh:mm"),
    }
    assert [cell.value for cell in second[2:6]] == [None] * 4
    assert second[10].value is True


def test_the_header_is_frozen_and_tells_each_columns_meaning(finding: Finding) -> None:
    sheet = opened(finding)["approval rate"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:L4"
    assert sheet["A1"].font.bold
    assert sheet["C1"].comment.text == "Approved of decided."
    assert sheet["F1"].comment.text == "Median.\nAn empty cell: not reached."
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["B"].width


def test_about_tells_what_numbers_cannot_be_read_without(finding: Finding) -> None:
    told = about(finding)
    for label, text in [
        ("Question", "How many claims are approved?"),
        ("Answer", "43.8 % of 512 decided claims were approved."),
        ("Data up to (UTC)", "2026-08-31 23:12"),
        ("What may mislead", "71 claims are still open."),
        ("What may mislead", "3 groups are small."),
        ("Denominator", "Of what."),
        ("Literature", "Aalen"),
        ("Asked for: by", "reason"),
        ("Asked for: ages in days", "30, 60"),
        ("Asked for: calendar", "not set"),
        ("Query", "FROM approval_rate(by_column := 'reason')"),
        ("Sheet", "approval rate: 3 rows"),
        ("Sheet", "curves: 2 rows"),
    ]:
        assert (label, text) in told
    assert "claimstats 0." in dict(told)["Versions"]
    assert "Cut" not in dict(told)


def test_other_readers_find_the_same(finding: Finding, tmp_path: Path) -> None:
    path = tmp_path / "rates.xlsx"
    path.write_bytes(render(finding, finding.summary))
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("approval rate").to_python()
    frame = pd.read_excel(path, engine="calamine")
    assert rows[0] == list(finding.summary.names) == list(frame.columns)
    assert rows[1][1] == frame["n_claims"][0] == 1200
    assert rows[1][11] == frame["due_at"][0] == CUTOFF


def test_the_file_is_dated_by_the_data(finding: Finding) -> None:
    assert opened(finding).properties.created == CUTOFF
    undated = replace(finding, as_of=None)
    assert render(undated, undated.summary) == render(undated, undated.summary)


def test_hostile_text_ends_as_text(hostile: Finding, texts: tuple[str, ...]) -> None:
    content = render(hostile, hostile.summary)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["approval rate"]
    cells = [sheet.cell(row, 1) for row in range(2, 2 + len(texts))]
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("approval rate")
    kept = [legible(text).replace("\r\n", "\n") for text in texts]
    kept[10] = kept[10][:32_766] + "…"
    assert [row[0] for row in read.to_python()[1:]] == kept
    assert {cell.data_type for cell in cells} == {"s"}
    quoted = [k for k, cell in enumerate(cells) if cell.quotePrefix]
    assert [texts[k] for k in quoted] == [text for text in texts if harmless(text) != text]


def test_no_part_holds_a_formula_a_link_or_a_letter_that_xml_forbids(hostile: Finding) -> None:
    with ZipFile(io.BytesIO(render(hostile, hostile.summary))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, text in parts.items():
        tags = {element.tag.split("}")[-1] for element in ElementTree.fromstring(text).iter()}
        assert not tags & {"f", "hyperlink", "hyperlinks", "externalReference", "ddeLink"}, name
        assert 'TargetMode="External"' not in text
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text), name


def test_text_that_a_cell_cannot_hold_is_cut_and_said(hostile: Finding, finding: Finding) -> None:
    long = with_column(finding, "text", "x" * 32_767, "x" * 32_768, "📦" * 20_000)
    values = [row[0] for row in opened(long)["approval rate"].iter_rows(2, values_only=True)]
    assert values == ["x" * 32_767, "x" * 32_766 + "…", "📦" * 16_383 + "…"]
    assert dict(about(long))["Cut"] == "2 texts are cut: a cell holds 32,767 letters."
    assert "Cut" in dict(about(hostile))


def test_a_cut_never_splits_a_letter() -> None:
    assert cut("📦📦", 4) == "📦📦"
    assert cut("📦📦", 3) == "📦…"
    assert cut("a📦b", 3) == "a…"


def test_a_table_that_fills_a_sheet_goes_on_in_the_next(
    finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    long = with_column(finding, "count", 1, 2, 3, 4, 5)
    book = opened(long)
    assert book.sheetnames == ["approval rate", "approval rate (2)", "approval rate (3)", "About"]
    read = [
        [cell for (cell,) in book[name].iter_rows(values_only=True)] for name in book.sheetnames[:3]
    ]
    assert read == [["column", 1, 2], ["column", 3, 4], ["column", 5]]
    assert ("Sheet", "approval rate (3): 1 row, from row 5 of 5") in about(long)


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("by_age", "by age"),
        ("a/b:c[d]*?\\e", "a b c d e"),
        ("'quoted'", "quoted"),
        ("x" * 40, "x" * 30 + "…"),
        ("about", "about (2)"),
        ("History", "History (2)"),
        ("Approval_Rate", "Approval Rate (2)"),
        ("\x00", "\N{REPLACEMENT CHARACTER}"),
        ("'", "Table"),
    ],
)
def test_any_name_becomes_a_sheets_name(finding: Finding, name: str, sheet: str) -> None:
    named = replace(finding, details={name: finding.details["curves"]})
    assert opened(named).sheetnames == ["approval rate", sheet, "About"]


def test_numbers_that_a_cell_cannot_hold_are_text(finding: Finding) -> None:
    odd = with_column(
        finding, "number", float("inf"), float("nan"), 10**15, 10**15 - 1, Decimal("12.50"),
        datetime(1066, 10, 14), datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))),
    )  # fmt: skip
    values = [row[0] for row in opened(odd)["approval rate"].iter_rows(2, values_only=True)]
    assert values == [
        "inf", None, "1000000000000000", 999999999999999, 12.5, "1066-10-14 00:00:00",
        datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    ]  # fmt: skip


def test_a_workbook_that_somebody_saved_since_is_not_ours(finding: Finding, tmp_path: Path) -> None:
    path = tmp_path / "rates.xlsx"
    path.write_bytes(render(finding, finding.summary))
    assert is_ours(path, finding, finding.summary)
    saved = openpyxl.load_workbook(path)
    saved.properties.lastModifiedBy = "An analyst"
    saved.save(path)
    assert not is_ours(path, finding, finding.summary)
