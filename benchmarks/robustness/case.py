"""One damaged file: its bytes, and the truth by which a reading of it is judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.robustness.grammar import LINE_END
from benchmarks.robustness.table import Piece, Table


@dataclass(frozen=True)
class Case:
    """A damaged file.

    Parameters
    ----------
    table
        The rows it was made of, damaged or not; they alone may come out.
    kind, detail
        The kind of damage, as in the page's table, and where it was done.
    text, body
        Its text, as far as it is text; and that from the header to the last row.
    lines
        For each row of the table the line where its first sign stands in the text; None where the
        file no longer holds it.
    data, suffix
        Its bytes, and how its name ends.
    must_be_refused
        Whether any reading of it without a word is wrong, whatever comes out.
    same_header
        Whether its header is the table's, in any order.
    """

    table: Table
    kind: str
    detail: str
    text: str
    body: str
    lines: tuple[int | None, ...]
    data: bytes
    suffix: str
    must_be_refused: bool = False
    same_header: bool = True

    @property
    def present(self) -> list[int]:
        """The rows of which the file holds something."""
        return [row for row, line in enumerate(self.lines) if line is not None]


def make(
    table: Table,
    kind: str,
    detail: str,
    pieces: Sequence[Piece],
    data: bytes | None = None,
    packed: bool = False,
    must_be_refused: bool = False,
) -> Case:
    """A case of pieces of text; `data` are its bytes where they are not the text in UTF-8."""
    text = text_of(pieces)
    starts: dict[int, int] = {}
    place = 0
    for piece in pieces:
        if piece.row is not None and piece.text.strip():
            blank = len(piece.text) - len(piece.text.lstrip("\r\n"))
            starts.setdefault(piece.row, place + blank)
        place += len(piece.text)
    lines = [
        1 + len(LINE_END.findall(text, 0, starts[row])) if row in starts else None
        for row in range(len(table.rows))
    ]
    suffix = (".txt" if table.delimiter == "\t" else ".csv") + (".gz" if packed else "")
    header = next((p.text for p in pieces[1:] if p.row is None), "")
    body = text_of(pieces[1:-1] if table.epilogue else pieces[1:])
    return Case(
        table, kind, detail, text, body, tuple(lines), text.encode() if data is None else data,
        suffix, must_be_refused,
        _same_header(header, table),
    )  # fmt: skip


def text_of(pieces: Iterable[Piece]) -> str:
    """The text that the pieces make together."""
    return "".join(piece.text for piece in pieces)


def _same_header(text: str, table: Table) -> bool:
    known = table.pieces()[1].text
    return sorted(text.strip()) == sorted(known.strip()) or text.strip() == known.strip()
