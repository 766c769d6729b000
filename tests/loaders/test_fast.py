"""The fast path gives what the careful path gives, or leaves the file to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimstats.loaders import FileResult
from claimstats.session import ClaimBook

MODULE = import_module("claimstats.loaders.load")

HEADER = (
    "amazon-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel",
    "sales-channel", "product-name", "sku", "quantity", "currency", "item-price", "ship-city",
)  # fmt: skip
LINE = dict(
    zip(
        HEADER,
        (
            "113-0000001-0000001", "2026-05-08T23:36:26+00:00", "2026-05-09T01:00:00+00:00",
            "Shipped", "Merchant", "Amazon.com", "A cup", "CUP-1", "1", "USD", "12.5", "SEATTLE",
        ),
        strict=True,
    )
)  # fmt: skip


def line(number: int = 1, **columns: str) -> dict[str, str]:
    changed = {name.replace("_", "-"): value for name, value in columns.items()}
    return LINE | {"amazon-order-id": f"113-0000001-{number:07d}"} | changed


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """For each file loaded, whether the fast path took it to its end."""
    taken: list[bool] = []
    real = MODULE.stream

    def counting(*arguments: Any) -> dict[str, int]:
        fates = real(*arguments)
        taken.append(True)
        return fates

    monkeypatch.setattr(MODULE, "stream", counting)
    yield taken


@pytest.fixture
def carefully(
    book: ClaimBook, content: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, clear: Any
) -> Callable[..., tuple[list[FileResult], Any]]:
    """What the careful path makes of files, in a book emptied before."""

    def load(*paths: Path) -> tuple[list[FileResult], Any]:
        clear(book)
        with monkeypatch.context() as patched:
            patched.setattr(MODULE, "is_clean", lambda *_: False)
            results = book.load(paths)
        return results, content(book, whole=True, without=("loaded_at", "stamp"))

    return load


@pytest.fixture
def equally(
    book: ClaimBook, content: Callable[..., Any], clear: Any, carefully: Callable[..., Any]
) -> Callable[..., None]:
    """Assert that both paths give the same results, tables and ledger."""

    def check(*paths: Path) -> None:
        clear(book)
        results = book.load(paths)
        found = content(book, whole=True, without=("loaded_at", "stamp"))
        assert carefully(*paths) == (results, found)

    return check


def test_clean_file_is_streamed_and_equals_the_careful_reading(
    write: Callable[..., Path], equally: Callable[..., None], streamed: list[bool]
) -> None:
    rows = [line(1), line(1, sku="MUG"), line(2, item_price="", quantity="0"), line(3)]
    equally(write("a.txt", HEADER, rows, delimiter="\t"))
    assert streamed == [True]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_numbers_are_those_of_the_file(
    book: ClaimBook, write: Callable[..., Path], streamed: list[bool], line_end: str
) -> None:
    rows = [line(k, sku=f"SKU-{k}") for k in range(3_000)]
    book.load(write("a.txt", HEADER, rows, delimiter="\t", line_end=line_end))
    wrong = "SELECT count(*) FROM order_items WHERE sku <> 'SKU-' || (line_no - 2)"
    assert (streamed, book.value(wrong)) == ([True], 0)


DOUBTFUL = [
    ("item-price", "12,50"),
    ("item-price", "1.234"),
    ("item-price", "1e3"),
    ("item-price", "1_000"),
    ("purchase-date", "2026-02-30T00:00:00+00:00"),
    ("purchase-date", "2026-05-08T23:36:2 +00:00"),
    ("purchase-date", ""),
    ("last-updated-date", ""),
    ("quantity", "1.0"),
    ("amazon-order-id", "113-1"),
    ("amazon-order-id", ""),
    ("sku", "4.00638E+12"),
    ("currency", "$"),
    ("sales-channel", "Amazon.xy"),
    ("fulfillment-channel", "Robot"),
    ("product-name", ' 27" wide'),
    ("product-name", "padded "),
    ("product-name", "\u200bunseen"),
    ("product-name", "two\tfields"),
    ("amazon-order-id", " 113-0000001-0000002"),
]


@pytest.mark.parametrize(("column", "value"), DOUBTFUL)
def test_one_doubtful_value_leaves_the_file_to_the_careful_path(
    write: Callable[..., Path],
    equally: Callable[..., None],
    streamed: list[bool],
    column: str,
    value: str,
) -> None:
    rows = [line(1), line(2) | {column: value}, line(3)]
    equally(write("a.txt", HEADER, rows, delimiter="\t"))
    assert streamed == []


def test_blank_line_leaves_the_file_to_the_careful_path(
    write: Callable[..., Path], equally: Callable[..., None], streamed: list[bool], tmp_path: Path
) -> None:
    whole = write("a.txt", HEADER, [line(1), line(2)], delimiter="\t").read_bytes()
    first, second, third = whole.splitlines(keepends=True)
    (tmp_path / "b.txt").write_bytes(first + second + b"\n" + third)
    equally(tmp_path / "b.txt")
    assert streamed == []


def test_fields_missing_here_and_left_over_there_are_no_clean_file(
    write: Callable[..., Path], equally: Callable[..., None], streamed: list[bool], tmp_path: Path
) -> None:
    """The separators are as many as they should be, in all."""
    whole = write("a.txt", HEADER, [line(1), line(2), line(3)], delimiter="\t").read_bytes()
    lines = whole.splitlines()
    lines[1] = lines[1] + b"\t"
    lines[2] = lines[2].replace(b"\tSEATTLE", b"")
    (tmp_path / "b.txt").write_bytes(b"\n".join(lines) + b"\n")
    equally(tmp_path / "b.txt")
    assert streamed == []


def test_unknown_column_is_kept_by_the_careful_path(
    book: ClaimBook, write: Callable[..., Path], streamed: list[bool]
) -> None:
    book.load(write("a.txt", (*HEADER, "colour"), [line(1, colour="blue")], delimiter="\t"))
    assert (streamed, book.value("SELECT extra->>'colour' FROM order_items")) == ([], "blue")


NEWER = "2026-06-01T00:00:00+00:00"


def test_newest_wins_across_streamed_files_in_either_order(
    write: Callable[..., Path], equally: Callable[..., None], streamed: list[bool]
) -> None:
    old = write("old.txt", HEADER, [line(1), line(1, sku="MUG"), line(2)], delimiter="\t")
    changed = [line(1, last_updated_date=NEWER), line(3), line(2)]
    new = write("new.txt", HEADER, changed, delimiter="\t")
    equally(old, new)
    equally(new, old)
    assert streamed == [True] * 4


def test_two_states_of_an_order_in_one_streamed_file_end_in_the_newer(
    write: Callable[..., Path], equally: Callable[..., None], streamed: list[bool]
) -> None:
    rows = [line(1, order_status="Pending"), line(2), line(1, last_updated_date=NEWER)]
    equally(write("a.txt", HEADER, rows, delimiter="\t"))
    assert streamed == [True]


def test_ids_that_are_no_numbers_are_told_apart_too(
    write: Callable[..., Path], equally: Callable[..., None], streamed: list[bool]
) -> None:
    ids = ("S01-1234567-1234567", "RE402-AB-1")
    first = [line(1) | {"amazon-order-id": name} for name in ids]
    second = [line(1, last_updated_date=NEWER) | {"amazon-order-id": ids[0]}]
    paths = [
        write(f"{k}.txt", HEADER, rows, delimiter="\t") for k, rows in enumerate((first, second))
    ]
    equally(*paths)
    assert streamed == [True] * 2


TEXTS = st.text("aé \"',;.\u00a0\u200b-", max_size=4)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "amazon-order-id": st.sampled_from(["113-0000001-0000001", "113-0000001-0000002", "x"]),
            "last-updated-date": st.sampled_from(
                ["2026-05-09T01:00:00+00:00", NEWER, "2026-05-09T01:00:00+01:00", "2026-05-09"]
            ),
            "item-price": st.sampled_from(["0.0", "12.5", "12.345", "-3", "1,234.50", "1,5", ""]),
            "quantity": st.sampled_from(["1", "02", "", "1.0"]),
            "product-name": TEXTS,
            "sku": TEXTS,
        }
    ),
    min_size=1,
    max_size=5,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15
)
@given(rows=ROWS)
def test_any_rows_end_as_the_careful_path_reads_them(
    write: Callable[..., Path], equally: Callable[..., None], rows: list[dict[str, str]]
) -> None:
    equally(write("a.txt", HEADER, [LINE | row for row in rows], delimiter="\t"))


def test_tab_in_a_comma_file_is_no_clean_value(
    write: Callable[..., Path], equally: Callable[..., None], streamed: list[bool]
) -> None:
    equally(write("a.csv", HEADER, [line(1, sku="\tCUP")]))
    assert streamed == []


def test_text_that_looks_like_an_escape_is_kept(
    book: ClaimBook, write: Callable[..., Path], streamed: list[bool]
) -> None:
    book.load(write("a.txt", HEADER, [line(1, sku=r"\x01\x02")], delimiter="\t"))
    assert (streamed, book.value("SELECT sku FROM order_items")) == ([True], r"\x01\x02")
