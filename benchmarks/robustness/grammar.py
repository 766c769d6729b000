"""What a well-formed file is, by a small strict grammar that shares nothing with any reader.

Comma and semicolon: a field is bare (without quote, delimiter or line end) or wholly in quotes,
with quotes inside doubled. Tab: a line is a record and a quote is a sign like others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LINE_END = re.compile(r"\r\n|\r|\n")
BARE = {",": re.compile(r'[^",\r\n]*'), ";": re.compile(r'[^";\r\n]*')}
IN_QUOTES = re.compile(r'"((?:[^"]|"")*)"')

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Span:
    """One record: its cells and where its text begins and ends, line end included."""

    cells: Cells
    start: int
    end: int


def spans(text: str, delimiter: str) -> list[Span] | None:
    """The records of a text; None where it breaks the grammar."""
    return _lines(text) if delimiter == "\t" else _quoted(text, delimiter)


def _lines(text: str) -> list[Span]:
    found, start = [], 0
    while start < len(text):
        end = LINE_END.search(text, start)
        stop, after = (end.start(), end.end()) if end else (len(text), len(text))
        found.append(Span(tuple(text[start:stop].split("\t")), start, after))
        start = after
    return found


def _quoted(text: str, delimiter: str) -> list[Span] | None:
    found: list[Span] = []
    place = 0
    while place < len(text):
        start, cells = place, []
        while True:
            enclosed = IN_QUOTES.match(text, place)
            bare = BARE[delimiter].match(text, place)
            field = enclosed or bare
            assert field is not None  # A bare field may be empty.
            cells.append(field[1].replace('""', '"') if enclosed else field[0])
            place = field.end()
            if not text.startswith(delimiter, place):
                break
            place += 1
        end = LINE_END.match(text, place)
        if end is None and place < len(text):
            return None
        place = end.end() if end else place
        found.append(Span(tuple(cells), start, place))
    return found


def rows_if_well_formed(text: str, delimiter: str) -> list[Cells] | None:
    """The header and rows of a file whose records all have as many cells; None for another file.

    Blank lines are none of its records.
    """
    found = spans(text, delimiter)
    if found is None:
        return None
    rows = [span.cells for span in found if text[span.start : span.end].strip()]
    return rows if len({len(row) for row in rows}) == 1 else None
