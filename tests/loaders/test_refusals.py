"""Files that are not taken, and files of any bytes: a sentence each, and nothing half loaded."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimstats
from claimstats.errors import BookError, FileRefused
from claimstats.loaders import FileResult, load
from claimstats.session import ClaimBook

HEADER = "claim_id,program,outcome,filed_at,resolution"
ROW = "C1,amazon_safet,pending,2026-05-08,n"


def one(book: ClaimBook, path: Path) -> FileResult:
    (result,) = load(book, [path])
    return result


def assert_conserved(result: FileResult) -> None:
    parts = (result.inserted, result.updated, result.unchanged, result.rejected, result.ignored)
    assert result.read == sum(parts)


def test_header_without_rows_is_empty_and_leaves_no_trace(
    book: ClaimBook, claims: Callable[..., Path], content: Callable[..., Any]
) -> None:
    before = content(book, whole=True)
    for path in (claims(name="a.csv"), claims("", "  ", name="b.csv")):
        result = one(book, path)
        assert (result.status, result.inserted, result.error) == ("empty", 0, None)
        assert_conserved(result)
    assert content(book, whole=True) == before


BAD = {
    "unknown.csv": (b"order,price\n1,2\n", "no export that claimstats knows"),
    "page.csv": (b"<!doctype html><html><body>Sign in</body></html>", "web page"),
    "empty.csv": (b"", "empty"),
    "cut.csv.gz": (gzip.compress(b"x" * 999)[:-9], "damaged or cut short"),
    "book.csv": (b"PK\x05\x06" + bytes(18), "holds no file"),
    "nul.csv": (HEADER.encode() + b"\nC1,amazon_safet,\0\n", "line 2: holds a NUL byte"),
    "double.csv": (HEADER.encode() + b",Claim-ID\n" + ROW.encode() + b",C1\n", "more than once"),
    "long.csv": (f"{HEADER}\n{ROW}\n".encode() + b"x" * (5 << 20), "line 3: has more than"),
    "two.csv": (
        f"{HEADER}\n{ROW}\nprogram,claim_id,filed_at,outcome,resolution\nother,C2,,,\n".encode(),
        "line 3: is a second header",
    ),
    "sorted.csv": (f"{ROW}\n{HEADER}\n".encode(), "line 1: looks like a row"),
    "error.csv": (b'{"errors":[{"code":"Unauthorized"}]}', "no export that claimstats knows"),
    "bytes.csv": (HEADER.encode() + b"\nC1,other,\x81\x8d\n", "fit no encoding"),
}


@pytest.fixture
def bad_files(tmp_path: Path) -> list[Path]:
    """Files that are not taken, each for a reason of its own."""
    for name, (content, _) in BAD.items():
        (tmp_path / name).write_bytes(content)
    return [*(tmp_path / name for name in BAD), tmp_path / "missing.csv"]


def test_bad_files_are_named_with_their_reason_while_the_good_one_loads(
    book: ClaimBook, bad_files: list[Path], claims: Callable[..., Path]
) -> None:
    good = claims(ROW)
    results = list(load(book, [*bad_files, good]))
    assert [r.path for r in results] == [str(path) for path in [*bad_files, good]]
    assert [r.status for r in results] == ["refused"] * len(bad_files) + ["loaded"]
    reasons = [*(reason for _, reason in BAD.values()), "no such file or folder"]
    for result, reason in zip(results, reasons, strict=False):
        assert reason in (result.error or "")
        assert (result.error or "").startswith(result.path)
        assert "\n" not in (result.error or "")
    assert book.columns("SELECT file_name FROM source_files")["file_name"] == ["claims.csv"]
    assert book.value("SELECT count(*) FROM claims") == 1


def test_book_load_raises_what_was_refused_and_keeps_the_rest(
    book: ClaimBook, bad_files: list[Path], claims: Callable[..., Path]
) -> None:
    with pytest.raises(FileRefused, match=r"web page.*no such file"):
        book.load([bad_files[1], claims(ROW), bad_files[-1]])
    assert book.value("SELECT count(*) FROM claims") == 1


def test_file_with_a_name_of_any_bytes_is_loaded(book: ClaimBook, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    try:
        path.write_text(f"{HEADER}\n{ROW}\n")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes only names that are text")
    assert one(book, path).path.endswith("caf\ufffd.csv")


def test_book_open_for_reading_is_not_loaded_into(
    tmp_path: Path, claims: Callable[..., Path]
) -> None:
    claimstats.connect(tmp_path / "b.duckdb").close()
    with (
        claimstats.connect(tmp_path / "b.duckdb", read_only=True) as book,
        pytest.raises(BookError, match="open for reading only"),
    ):
        book.load(claims(ROW))


LINES = [
    ROW,
    "C2,amazon_safet,pending,2026-02-30,n",
    "C3,amazon_safet,pending",
    'C5,amazon_safet,pending,2026-05-08,"open',
    'C7,amazon_safet,pending,2026-05-08,"two\nlines"',
    'C8,amazon_safet,pending,2026-05-08,27" wide',
    "",
]

signs = st.sampled_from([b'"', b",", b"\n", b"\r", b"\t", b"\xff"])
edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 6), st.binary(max_size=6) | signs), max_size=5
)


@given(edits=edits)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damaged_file_is_loaded_or_refused_and_conserved(
    book: ClaimBook, tmp_path: Path, edits: list[tuple[float, int, bytes]]
) -> None:
    content = bytearray("\n".join([HEADER, *LINES]).encode())
    for place, width, new in edits:
        at = int(place * len(content))
        content[at : at + width] = new
    path = tmp_path / "damaged.csv"
    path.write_bytes(content)
    result = one(book, path)
    assert_conserved(result)
    assert (result.error is not None) == (result.status == "refused")
    if result.status == "loaded":
        lines = content.decode(result.encoding or "").replace("\r\n", "\n").replace("\r", "\n")
        assert result.read <= len(lines.split("\n"))


@given(content=st.binary(max_size=200))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes_are_refused(book: ClaimBook, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "random.csv"
    path.write_bytes(content)
    assert one(book, path).status == "refused"
