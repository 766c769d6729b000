"""JSON documents: what is read strictly, what is refused, and that rows are records like others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimstats.errors import FileRefused
from claimstats.loaders import documents
from claimstats.loaders.documents import document_of
from claimstats.loaders.exports import amazon_performance_v2, amazon_sales_and_traffic
from claimstats.loaders.load import load
from claimstats.loaders.sources import Source
from claimstats.session import ClaimBook

REPORT = "amazon_sales_and_traffic"

Sourced = Callable[..., Source]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12.50", "12.50"), ("0", "0"), ("-7", "-7"), ("1.2E-4", "0.00012"), ("5e3", "5000"),
        ("1.234", "1.2340"), ("1.25e-1", "0.1250"),
        ("0.0011083743842364532", "0.0011083743842364532"),
    ],
)  # fmt: skip
def test_number_keeps_its_digits_as_text(source: Sourced, written: str, read: str) -> None:
    assert document_of(source(f'{{"n": {written}}}'.encode())) == {"n": read}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encoding_is_told_by_the_byte_order_mark(
    book: ClaimBook,
    fixture_path: Callable[[str], Path],
    content: Callable[..., Any],
    tmp_path: Path,
    clear: Callable[[ClaimBook], None],
    encoding: str,
) -> None:
    book.load(fixture_path(REPORT))
    expected = content(book)
    clear(book)
    path = tmp_path / "report"
    path.write_bytes(b"\n  ".decode().join(["", fixture_path(REPORT).read_text()]).encode(encoding))
    (result,) = book.load(path)
    assert (result.encoding, result.delimiter) == (encoding, "json")
    assert content(book) == expected


REFUSED = {
    "two keys": (b'{"a": {"n": 1, "n": 2}}', "names 'n' twice"),
    "not a number": (b'{"a": NaN}', "the number NaN"),
    "infinite": (b'{"a": -Infinity}', "the number -Infinity"),
    "huge": (b'{"a": 1e999}', "a number that no report has"),
    "long": (b'{"a": ' + b"9" * 5000 + b"}", "a number that no report has"),
    "cut": (b'{"a": [1,\n 2', "cut short"),
    "two documents": (b'{"a": 1}\n{"a": 2}', "line 2: begins like a JSON document"),
    "comma": (b'{"a": 1,}', "begins like a JSON document"),
    "not UTF-8": (b'{"a": "\xff"}', "byte 8"),
    "deep": (b"[" * 200_000, "nested deeper"),
    "error": (
        b'{"errors": [{"code": "QuotaExceeded", "message": "Too many."}]}',
        "tells of an error (QuotaExceeded: Too many.), and no export that claimstats knows",
    ),
    "denied": (
        b'{"error": "invalid_grant", "error_description": "Expired."}',
        "tells of an error (invalid_grant: Expired.)",
    ),
    "other report": (b'{"payload": {}, "pagination": {}}', "with the keys payload, pagination"),
    "list": (b"[1, 2]", "a JSON list of 2"),
    "wrong shape": (b'{"performanceMetrics": {}}', "with the keys performanceMetrics"),
}


@pytest.mark.parametrize("which", REFUSED)
def test_document_that_is_no_report_is_refused_with_what_it_is(
    book: ClaimBook, tmp_path: Path, content: Callable[..., Any], which: str
) -> None:
    given, reason = REFUSED[which]
    before = content(book, whole=True)
    path = tmp_path / "report.json"
    path.write_bytes(given)
    (result,) = load(book, [path])
    assert result.status == "refused"
    assert reason in str(result.error)
    assert content(book, whole=True) == before


def test_document_larger_than_the_limit_is_refused_unread(
    source: Sourced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_BYTES", 10)
    with pytest.raises(FileRefused, match="at most 0 MiB are read"):
        document_of(source(b'{"a": [1, 2, 3]}'))


def test_rejected_row_keeps_its_place_and_its_text(
    book: ClaimBook, fixture_path: Callable[[str], Path], tmp_path: Path
) -> None:
    document = json.loads(fixture_path(REPORT).read_text())
    document["salesAndTrafficByDate"][1]["salesByDate"]["claimsGranted"] = 1.5
    path = tmp_path / "report.json"
    path.write_text(json.dumps(document))
    (result,) = book.load(path)
    assert (result.read, result.rejected) == (24, 1)
    (row,) = book.rows("FROM rejected_rows")
    assert (row["line_no"], row["column_name"]) == (6, "count")
    assert json.loads(row["raw_text"])["date"] == "2026-05-05"
    assert any("place of a row" in note for note in result.notes)


def test_document_without_rows_is_empty(book: ClaimBook, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"salesAndTrafficByDate": []}')
    (result,) = book.load(path)
    assert (result.status, result.read) == ("empty", 0)


def test_folder_gives_its_documents(
    book: ClaimBook, fixture_path: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "report.json").write_bytes(fixture_path(REPORT).read_bytes())
    assert [result.format for result in book.load(tmp_path)] == [REPORT]


SHAPES = [None, "text", "1", True, [], {}, [[]], [{}], [None], {"a": []}]


@pytest.mark.parametrize("report", [amazon_sales_and_traffic, amazon_performance_v2])
@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_any_shape_of_any_member_gives_rows_of_text_or_no_report(
    fixture_path: Callable[[str], Path], report: Any, shape: Any
) -> None:
    """Each member in turn is another thing than it should be; the casts see it as it is."""
    text = fixture_path(report.EXPORT.name).read_text()
    for k in range(len(list(places(json.loads(text))))):
        document = json.loads(text, parse_int=str, parse_float=str)
        holder, key = list(places(document))[k]
        holder[key] = shape
        rows = report.flatten(document)
        values = [value for row in rows or () for value in row.values()]
        assert all(isinstance(value, str) for value in values)


def test_member_of_another_shape_is_rejected_with_its_text(
    book: ClaimBook, fixture_path: Callable[[str], Path], tmp_path: Path
) -> None:
    document = json.loads(fixture_path("amazon_performance_v2").read_text())
    rates = document["performanceMetrics"][0]["orderDefectRate"]["mfn"]
    rates |= {"claims": [{"count": 2}], "chargebacks": {"count": "many"}, "negativeFeedback": 4}
    path = tmp_path / "report.json"
    path.write_text(json.dumps(document))
    (result,) = book.load(path)
    assert (result.read, result.inserted, result.rejected) == (20, 18, 2)
    reasons = " ".join(book.columns("SELECT reason FROM rejected_rows")["reason"])
    assert '[{"count": "2"}]' in reasons and '"many" is no whole number' in reasons


def places(node: Any) -> Any:
    """Where a document's first members of each kind stand."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield node, key
            yield from places(value)
    elif isinstance(node, list) and node:
        yield node, 0
        yield from places(node[0])
