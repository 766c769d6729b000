"""One-character edits of structure: a delimiter, quote or line end put in or taken out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from benchmarks.robustness.case import Case, make
from benchmarks.robustness.table import Piece, Table

ANY = "x"
"""A letter that takes the place of a sign of structure."""
HEADER_SHARE = 0.1
"""Edits in the header; its share of a small file's text would be a third."""


def edits(table: Table, chance: Random, n: int) -> Iterator[Case]:
    """`n` edits, in turn of each sign and each way."""
    signs = {"delimiter": table.delimiter, "quote": '"', "line end": "\n"}
    ways = [(name, way) for name in signs for way in ("insert", "delete", "replace", "become")]
    for number in range(n):
        name, way = ways[number % len(ways)]
        yield _edit(table, chance, name, signs, way)


def _edit(table: Table, chance: Random, name: str, signs: dict[str, str], way: str) -> Case:
    sign = signs[name]
    pieces = table.pieces(line_end=chance.choice(["\n", "\n", "\r\n"]))
    here = _places(pieces, sign if way in ("delete", "replace") else None, chance)
    if not here:  # A file without quotes has none to take out.
        way, here = "insert", _places(pieces, None, chance)
    number, place = chance.choice(here)
    piece = pieces[number]
    others = [other for other in (*signs.values(), ANY) if other != sign]
    put = {"insert": sign, "delete": "", "replace": chance.choice(others), "become": sign}[way]
    after = place if way == "insert" else place + 1
    text = piece.text[:place] + put + piece.text[after:]
    pieces[number] = replace(piece, text=text)
    where = "header" if piece.row is None else f"row {piece.row + 1}"
    detail = f"{way} {name}, character {place + 1} of {where}: {put!r}"
    return make(table, f"edit: {name}", detail, pieces)


def _places(pieces: list[Piece], sign: str | None, chance: Random) -> list[tuple[int, int]]:
    """The places of a sign, or all, in one piece or of all rows."""
    in_header = chance.random() < HEADER_SHARE
    return [
        (number, place)
        for number, piece in enumerate(pieces)
        if (number == 1 if in_header else piece.row is not None)
        for place, found in enumerate(piece.text)
        if sign is None or found == sign
    ]
