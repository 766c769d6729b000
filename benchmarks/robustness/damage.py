"""Every kind of damage but one-character edits, each a few cases of one well-formed file."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from benchmarks.robustness.case import Case, make, text_of
from benchmarks.robustness.table import Piece, Table
from benchmarks.robustness.words import CHINESE, JAPANESE, WESTERN, with_words

Kind = Callable[[Table, Random], Iterator[Case]]

JSON_ERROR = b'{"errors":[{"code":"Unauthorized","message":"Access denied"}]}'
WEB_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body>, ; \t</body></html>\n"
)
MARK = "\ufeff"
CELLS = ("x", "12.50", "0", "")


def damages(table: Table, chance: Random) -> Iterator[Case]:
    """Cases of every kind."""
    for kind in KINDS:
        yield from kind(table, chance)


def marks(table: Table, chance: Random) -> Iterator[Case]:
    """Byte order marks: one before the file, two, one in the middle of files put together."""
    pieces = table.pieces()
    text = text_of(pieces)
    yield make(table, "byte order mark", "before UTF-8", pieces, (MARK + text).encode())
    yield make(table, "byte order mark", "twice", pieces, (MARK * 2 + text).encode())
    joined = _inserted(pieces, _row(table, chance), MARK + pieces[1].text)
    yield make(table, "byte order mark", "with a second header", joined)


def encodings(table: Table, chance: Random) -> Iterator[Case]:
    """Whole files in other encodings; a header in another script does not fit them all."""
    for words, name in ((WESTERN, "cp1252"), (JAPANESE, "cp932"), (CHINESE, "GBK")):
        written = with_words(table, words, chance)
        for end in ("\n", "\r\n") if _fits(written, name) else ():
            pieces = written.pieces(line_end=end)
            yield make(written, name, repr(end), pieces, text_of(pieces).encode(name))
    for words in (WESTERN, JAPANESE):
        written = with_words(table, words, chance)
        pieces = written.pieces()
        for name, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
            data = text_of(pieces).encode(name)
            yield make(written, "UTF-16 with mark", name, pieces, mark + data)
            yield make(written, "UTF-16 without mark", name, pieces, data)


def cut_characters(table: Table, chance: Random) -> Iterator[Case]:
    """UTF-8 that stops, or lacks a byte, inside a character; a byte of another encoding in it."""
    kind = "UTF-8 cut in a character"
    for words in (WESTERN, JAPANESE, CHINESE):
        written = with_words(table, words, chance)
        pieces = written.pieces()
        text = text_of(pieces)
        at = chance.choice([place for place, sign in enumerate(text) if ord(sign) > 127])
        head, sign, tail = text[:at].encode(), text[at].encode(), text[at + 1 :].encode()
        part, other = head + sign[:-1], head + chance.choice([b"\xe9", b"\x85", b"\xff"])
        yield make(written, kind, f"at its end, {sign!r}", _cut(pieces, at + 1), part)
        yield make(written, kind, f"inside, {sign!r}", pieces, part + tail)
        yield make(written, "a byte of another encoding", f"for {sign!r}", pieces, other + tail)


def line_ends(table: Table, chance: Random) -> Iterator[Case]:
    """Other line ends, the same everywhere or mixed; signs that only look like line ends."""
    for end in ("\r", "\r\n"):
        yield make(table, "line ends", repr(end), table.pieces(line_end=end))
    for _ in range(2):
        ends = [chance.choice(["\n", "\r\n", "\r"]) for _ in table.pieces()]
        mixed = [
            replace(piece, text=piece.text.removesuffix("\n") + end)
            for piece, end in zip(table.pieces(), ends, strict=True)
            if piece.text
        ]
        yield make(table, "line ends", "mixed", [Piece("")] * (not table.preamble) + mixed)
    unended = table.pieces()
    unended[-1] = replace(unended[-1], text=unended[-1].text.removesuffix("\n"))
    yield make(table, "line ends", "none after the last row", unended)
    for sign in ("\x0b", "\x0c", "\x85", "\u2028"):
        marked = with_words(table, (f"one{sign}two",), chance)
        yield make(marked, "line ends", f"{sign!r} in a text", marked.pieces())


def delimiters(table: Table, chance: Random) -> Iterator[Case]:
    """The same rows with another delimiter, quoted where they need it, and once without quotes."""
    for mark in "\t,;|":
        if mark != table.delimiter:
            pieces = table.pieces(delimiter=mark)
            yield make(table, "another delimiter", repr(mark), pieces)
    bare = table.pieces(delimiter="," if table.delimiter == "\t" else "\t", quotes=False)
    yield make(table, "another delimiter", "cells not quoted", bare)


def quoted_breaks(table: Table, chance: Random) -> Iterator[Case]:
    """Line breaks inside quoted fields."""
    for text in ("first\nsecond", "first\r\nsecond", "one\n\nthree", 'a "quoted"\nword'):
        broken = with_words(table, (text,), chance)
        yield make(broken, "quoted line break", repr(text), broken.pieces(quotes=True))


def nul_bytes(table: Table, chance: Random) -> Iterator[Case]:
    """NUL in a cell, between rows, in the header, and as padding."""
    for _ in range(3):
        yield _changed(table, chance, "NUL bytes", lambda t: _insert(t, "\0", chance))
    pieces = table.pieces()
    for detail, damaged in (
        ("in the header", [pieces[0], replace(pieces[1], text="\0" + pieces[1].text), *pieces[2:]]),
        ("after the end", [*pieces, Piece("\0" * 512)]),
        ("between rows", _inserted(pieces, _row(table, chance), "\0")),
    ):
        yield make(table, "NUL bytes", detail, damaged)


def ragged(table: Table, chance: Random) -> Iterator[Case]:
    """Rows with a field too many or too few."""
    for change in (
        *[_Refill("extra field", "inside", lambda c, k: [*c[:k], chance.choice(CELLS), *c[k:]])]
        * 3,
        *(_Refill("extra field", "at the end", lambda c, _: [*c, chance.choice(CELLS[:-1])]),) * 3,
        *(_Refill("missing field", "inside", lambda c, k: [*c[:k], *c[k + 1 :]]),) * 3,
        _Refill("missing field", "at the end", lambda c, _: c[:-1]),
        _Refill("missing field", "the first", lambda c, _: c[1:]),
        _Refill("missing field", "half of them", lambda c, _: c[: len(c) // 2]),
    ):
        yield change.of(table, chance)
    for cell in CELLS:
        yield _handed_on(table, chance, cell)


def _handed_on(table: Table, chance: Random, cell: str) -> Case:
    """A field too many in one row and one too few in another: their sum is as it should be."""
    more, less = chance.sample(range(len(table.rows)), 2)
    pieces = table.pieces()
    for row, cells in ((more, (*table.rows[more], cell)), (less, table.rows[less][:-1])):
        pieces[row + 2] = replace(pieces[row + 2], text=table.line(cells))
    detail = f"and one missing, {cell!r} from row {less + 1} to row {more + 1}"
    return make(table, "extra field", detail, pieces)


def trailing_fields(table: Table, chance: Random) -> Iterator[Case]:
    """An empty field more at the end: of one row, of all, of all and the header."""
    kind = "extra empty field at the end"
    for _ in range(2):
        yield _Refill(kind, "one row", lambda c, _: [*c, ""]).of(table, chance)
    yield _Refill(kind, "one row, two fields", lambda c, _: [*c, "", ""]).of(table, chance)
    pieces = table.pieces()
    longer = [p if p.row is None else _ended(p, table.delimiter) for p in pieces[2:]]
    yield make(table, kind, "all rows", [*pieces[:2], *longer])
    header = _ended(pieces[1], table.delimiter)
    yield make(table, kind, "all rows and the header", [pieces[0], header, *longer])


def repeated_headers(table: Table, chance: Random) -> Iterator[Case]:
    """The header again, as in exports put together; in capitals; in another order."""
    pieces, kind = table.pieces(), "header repeated in the middle"
    row = _row(table, chance)
    yield make(table, kind, "as it is", _inserted(pieces, row, pieces[1].text))
    yield make(table, kind, "after a blank line", _inserted(pieces, row, "\n" + pieces[1].text))
    yield make(table, kind, "in capitals", _inserted(pieces, row, pieces[1].text.upper()))
    yield make(table, kind, "at the end", [*pieces, Piece(pieces[1].text)])


def totals(table: Table, chance: Random) -> Iterator[Case]:
    """A line of totals below the rows: as wide as they, or a word and a sum, or a sentence."""
    width, pieces = len(table.header), table.pieces()
    sums = ("Total", *[""] * (width - 2), "1234.56")
    below = {
        "as wide": table.line(sums),
        "first cell empty": table.line(("", *sums[1:])),
        "two cells": f"Total{table.delimiter}1234.56\n",
        "a sentence": "\nEnd of the report. 12 records.\n",
    }
    for detail, text in below.items():
        yield make(table, "trailing totals", detail, [*pieces, Piece(text)])


def double_names(table: Table, chance: Random) -> Iterator[Case]:
    """A column's name twice, with other cells below the second, or the first."""
    kind = "duplicate column names"
    for name in chance.sample(table.header, 2):
        for detail, at in (("at the end", len(table.header)), ("in front", 0)):
            header = (*table.header[:at], name, *table.header[at:])
            rows = tuple((*row[:at], f"other {n}", *row[at:]) for n, row in enumerate(table.rows))
            wider = replace(table, header=header, rows=rows).pieces()
            yield make(table, kind, f"{name}, {detail}", wider, must_be_refused=True)


def reordered(table: Table, chance: Random) -> Iterator[Case]:
    """The columns in another order, header and rows alike."""
    for _ in range(3):
        places = chance.sample(range(len(table.header)), len(table.header))
        shuffled = table.with_columns(places).pieces()
        yield make(table, "reordered columns", "any order", shuffled)


def truncated(table: Table, chance: Random) -> Iterator[Case]:
    """A file that stops: inside a row, inside its last field, inside the header."""
    pieces = table.pieces()
    length = sum(len(piece.text) for piece in pieces)
    head = len(pieces[0].text) + len(pieces[1].text)
    for _ in range(5):
        at = chance.randrange(head + 1, length - 1)
        yield make(table, "truncated file", f"after {at} characters", _cut(pieces, at))
    row = pieces[2 + _row(table, chance)]
    end = sum(len(piece.text) for piece in pieces[: pieces.index(row) + 1])
    yield make(table, "truncated file", "inside the last field", _cut(pieces, end - 2))
    yield make(
        table, "truncated file", "inside the header", _cut(pieces, head // 2), must_be_refused=True
    )


def archives(table: Table, chance: Random) -> Iterator[Case]:
    """A sound .gz, and damaged ones."""
    pieces = table.pieces()

    text = text_of(pieces)
    half = len(text) // 2
    data = _packed(text)
    two = _packed(text[:half]) + _packed(text[half:])
    yield make(table, "sound .gz", "one member", pieces, data, packed=True)
    yield make(table, "sound .gz", "two members", pieces, two, packed=True)
    for detail, spoilt in {
        "cut in half": data[: len(data) // 2],
        "without its last byte": data[:-1],
        "without its check sum": data[:-8],
        "wrong check sum": data[:-8] + b"\0\1\2\3" + data[-4:],
        "wrong length": data[:-4] + b"\0\0\0\1",
        "a byte changed inside": _flipped(data, chance),
    }.items():
        yield make(table, "damaged .gz", detail, pieces, spoilt, packed=True, must_be_refused=True)


def no_exports(table: Table, chance: Random) -> Iterator[Case]:
    """Files that hold no table: nothing, an error of the venue's server, a web page."""
    for kind, data in (
        ("empty file", b""),
        ("one-line JSON error", JSON_ERROR),
        ("web page", WEB_PAGE),
    ):
        yield make(table, kind, "", [Piece("")], data, must_be_refused=True)


KINDS: tuple[Kind, ...] = (
    marks, encodings, cut_characters, line_ends, delimiters, quoted_breaks, nul_bytes, ragged,
    trailing_fields, repeated_headers, totals, double_names, reordered, truncated, archives,
    no_exports,
)  # fmt: skip


def _fits(table: Table, encoding: str) -> bool:
    try:
        "".join(piece.text for piece in table.pieces()).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _row(table: Table, chance: Random) -> int:
    """A row that is neither the first nor the last."""
    return chance.randrange(1, len(table.rows) - 1)


def _inserted(pieces: list[Piece], row: int, text: str) -> list[Piece]:
    return [*pieces[: row + 2], Piece(text), *pieces[row + 2 :]]


def _changed(
    table: Table, chance: Random, kind: str, change: Callable[[str], str], detail: str = "in a row"
) -> Case:
    pieces = table.pieces()
    at = 2 + chance.randrange(len(table.rows))
    pieces[at] = replace(pieces[at], text=change(pieces[at].text))
    return make(table, kind, f"{detail}, row {at - 1}", pieces)


@dataclass(frozen=True)
class _Refill:
    """A change of one row's cells, given a place among them."""

    kind: str
    detail: str
    change: Callable[[list[str], int], list[str]]

    def of(self, table: Table, chance: Random) -> Case:
        row = chance.randrange(len(table.rows))
        place = chance.randrange(1, len(table.header) - 1)
        pieces = table.pieces()
        text = table.line(self.change(list(table.rows[row]), place))
        pieces[row + 2] = replace(pieces[row + 2], text=text)
        detail = f"{self.detail}, row {row + 1}, field {place + 1}"
        return make(table, self.kind, detail, pieces)


def _ended(piece: Piece, delimiter: str) -> Piece:
    return replace(piece, text=piece.text.removesuffix("\n") + delimiter + "\n")


def _insert(text: str, sign: str, chance: Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + sign + text[at:]


def _cut(pieces: list[Piece], length: int) -> list[Piece]:
    """The pieces that the first `length` characters hold, the last perhaps in part."""
    kept: list[Piece] = []
    for piece in pieces:
        kept.append(replace(piece, text=piece.text[:length]))
        length = max(0, length - len(piece.text))
    return [piece for number, piece in enumerate(kept) if piece.text or number < 2]


def _packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def _flipped(data: bytes, chance: Random) -> bytes:
    """One byte of the packed text changed, behind the archive's own header."""
    at = chance.randrange(12, len(data) - 8)
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
