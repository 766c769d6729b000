"""What holds for every channel beside Amazon, on a file with the venue's own header."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from claimstats.loaders import EXPORTS, load
from claimstats.loaders.reading import Reading
from claimstats.loaders.unload import unload
from claimstats.session import ClaimBook

FIXTURES = Path(__file__).parent / "fixtures"
FIRST, SECOND = datetime(2026, 6, 1), datetime(2026, 6, 8)


@dataclass(frozen=True)
class Channel:
    """An export's fixture.

    Parameters
    ----------
    name
        The format.
    never
        Texts of the fixture that are not even kept on request.
    header_line
        The line of the header, counted from 0.
    n_after
        Lines below the rows that are none.
    n_totals
        Rows below the header that hold totals, and stand in every file.
    personal
        Texts of the fixture that name or place a person, or that a person wrote.
    spoilt
        A column and a text that it must not hold.
    """

    name: str
    personal: tuple[str, ...]
    spoilt: tuple[str, str]
    never: tuple[str, ...] = ()
    header_line: int = 0
    n_after: int = 0
    n_totals: int = 0


CHANNELS = (
    Channel(
        "stripe_disputes", ("@example.com", "cus_"), ("Charge ID", "3.1E+14"), ("Mary Jones",),
    ),
    Channel(
        "stripe_payments", ("@example.com", "Mary Jones", "High Street", "LS1 4AP"),
        ("Created (UTC)", "03/04/2026"), ("do_not_honor",),
    ),
    Channel(
        "paypal_disputes", ("@example.com", "Claimant ", "It never came"),
        ("Disputed amount", "109.95"), header_line=3, n_after=5,
    ),
    Channel(
        "ebay_transactions", ("Alex Doe", "Portland", "97201", "buyer_"),
        ("Net amount", "1.234"), header_line=10,
    ),
    Channel(
        "tiktok_returns", ("comprador_", "liguem"), ("Return Order ID", "4.03523E+15"),
    ),
    Channel(
        "walmart_recon", ("Temple City", "91780"), ("Purchase Order #", "1.19111E+14"),
        n_totals=1,
    ),
    Channel("etsy_statement", (), ("Net", "€1.00 more")),
)  # fmt: skip

channels = pytest.mark.parametrize("channel", CHANNELS, ids=lambda c: c.name)


def text_of(channel: Channel) -> str:
    return (FIXTURES / f"{channel.name}.csv").read_text(encoding="utf-8-sig")


def parts_of(channel: Channel) -> tuple[list[str], list[list[str]], list[str]]:
    """The lines above the header; header and rows as fields; the lines below."""
    lines = text_of(channel).splitlines(keepends=True)
    end = len(lines) - channel.n_after
    table = list(csv.reader(lines[channel.header_line : end]))
    return lines[: channel.header_line], table, lines[end:]


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[..., Path]:
    """Write rows of a channel's fixture as a file, with the lines around them."""

    def write(
        channel: Channel, table: Sequence[Sequence[str]], name: str = "", delimiter: str = ","
    ) -> Path:
        above, _, below = parts_of(channel)
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(table)
        path = tmp_path / (name or f"{channel.name}.csv")
        around = ["".join(lines).replace('","', f'"{delimiter}"') for lines in (above, below)]
        path.write_text(around[0] + out.getvalue() + around[1], encoding="utf-8")
        return path

    return write


def everything(book: ClaimBook) -> dict[str, list[str]]:
    """All that the book holds, the ledger of files taken out aside; when a file was taken aside."""
    tables = book.columns(
        "SELECT DISTINCT schema_name || '.' || table_name AS name FROM duckdb_columns() "
        "JOIN duckdb_tables() USING (schema_name, table_name) WHERE NOT temporary "
        "AND column_name IN ('file_id', 'claim_id') AND table_name <> 'unloaded_files'"
    )["name"]
    found = {}
    for table in tables:
        kept = [name for name in book.column_names(table) if name != "loaded_at"]
        rows = book.columns(f"SELECT {', '.join(kept)} FROM {table}").values()
        found[table] = sorted(map(repr, zip(*rows, strict=True)))
    return found


def test_every_export_of_a_channel_is_here() -> None:
    amazons = {export.name for export in EXPORTS if export.name.startswith("amazon")}
    own = {"claims", "claim_events", "evidence", "file_claims"}
    assert {export.name for export in EXPORTS} - amazons - own == {c.name for c in CHANNELS}


@channels
def test_fixture_is_known_by_its_header_and_wholly_read(book: ClaimBook, channel: Channel) -> None:
    (result,) = book.load(FIXTURES / f"{channel.name}.csv", FIRST)
    _, table, below = parts_of(channel)
    assert (result.format, result.status, result.rejected) == (channel.name, "loaded", 0)
    assert result.read == len(table) - 1 + len(below)
    assert result.inserted + result.ignored == result.read
    assert not any("no rule knows" in note for note in result.notes)


@channels
@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_separator_changes_nothing(
    book: ClaimBook,
    channel: Channel,
    delimiter: str,
    file_of: Callable[..., Path],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    _, table, _ = parts_of(channel)
    book.load(FIXTURES / f"{channel.name}.csv", FIRST)
    expected = content(book)
    clear(book)
    book.load(file_of(channel, table, delimiter=delimiter), FIRST)
    assert content(book) == expected


@channels
def test_order_of_columns_changes_nothing_and_new_columns_are_kept(
    book: ClaimBook,
    channel: Channel,
    file_of: Callable[..., Path],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    _, table, _ = parts_of(channel)
    book.load(FIXTURES / f"{channel.name}.csv", FIRST)
    expected = content(book)
    clear(book)
    turned = [[row[0], *row[:0:-1]] for row in table]
    book.load(file_of(channel, turned), FIRST)
    assert content(book) == expected
    clear(book)
    wider = [[*table[0], "Shop Colour"], *([*row, "teal"] for row in table[1:])]
    (result,) = book.load(file_of(channel, wider, "wider.csv"), FIRST)
    assert result.rejected == 0
    assert "unknown columns kept in extra: Shop Colour." in result.notes


@channels
def test_overlapping_pulls_in_any_order_end_in_the_book_of_one_file(
    book: ClaimBook,
    channel: Channel,
    file_of: Callable[..., Path],
    content: Callable[..., Any],
    clear: Callable[[ClaimBook], None],
) -> None:
    _, table, _ = parts_of(channel)
    head, rows = table[: 1 + channel.n_totals], table[1 + channel.n_totals :]
    third = len(rows) // 3
    pulls = [
        (file_of(channel, [*head, *rows[: 2 * third]], "first.csv"), FIRST),
        (file_of(channel, [*head, *rows[third:]], "second.csv"), SECOND),
    ]
    found = []
    for order in (pulls, pulls[::-1]):
        clear(book)
        for path, pulled_at in order:
            book.load(path, pulled_at)
        found.append((content(book), content(book, without=("version_at",))))
    assert found[0] == found[1]
    clear(book)
    book.load(FIXTURES / f"{channel.name}.csv", SECOND)
    at_once = content(book, without=("version_at",))
    # Each pull keeps its own snapshot of a claim's state.
    assert {**found[0][1], "claim_snapshots": []} == {**at_once, "claim_snapshots": []}


@channels
def test_file_that_is_unloaded_leaves_the_book_as_it_was(
    book: ClaimBook, channel: Channel, file_of: Callable[..., Path]
) -> None:
    _, table, _ = parts_of(channel)
    half = len(table) // 2
    book.load(file_of(channel, table[: half + 3], "first.csv"), FIRST)
    before = everything(book)
    (result,) = book.load(file_of(channel, [table[0], *table[half:]], "second.csv"), SECOND)
    assert everything(book) != before
    assert result.file_id is not None
    unload(book, result.file_id)
    assert everything(book) == before


@channels
def test_what_tells_of_a_person_is_nowhere_in_the_book_unless_asked_for(
    book: ClaimBook, channel: Channel, clear: Callable[[ClaimBook], None]
) -> None:
    path = FIXTURES / f"{channel.name}.csv"
    assert all(text in text_of(channel) for text in (*channel.personal, *channel.never))
    book.load(path, FIRST)
    held = repr(everything(book))
    assert [text for text in (*channel.personal, *channel.never) if text in held] == []
    clear(book)
    list(load(book, [path], FIRST, Reading(keep_pii=True)))
    held = repr(everything(book))
    assert [text for text in channel.personal if text not in held] == []
    assert [text for text in channel.never if text in held] == []


@channels
def test_spoilt_row_is_rejected_with_its_text_and_the_others_are_loaded(
    book: ClaimBook, channel: Channel, file_of: Callable[..., Path]
) -> None:
    _, table, below = parts_of(channel)
    header, text = channel.spoilt
    place = table[0].index(header)
    k = next(k for k, row in enumerate(table) if k > 1 and row[place].strip("-"))
    spoilt = [list(row) for row in table]
    spoilt[k][place] = text
    (result,) = book.load(file_of(channel, spoilt), FIRST)
    (rejected,) = book.rows("FROM rejected_rows")
    assert (result.rejected, result.read) == (1, len(table) - 1 + len(below))
    assert (rejected["line_no"], rejected["column_name"]) == (channel.header_line + k + 1, header)
    assert text in rejected["reason"]
    assert text in rejected["raw_text"]
