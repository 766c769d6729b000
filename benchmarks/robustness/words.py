"""Texts in the scripts that encodings are for, put into a file's column of free text."""

from __future__ import annotations

import unicodedata
from random import Random

from benchmarks.robustness.grammar import Cells
from benchmarks.robustness.table import Table
from claimstats.loaders import EXPORTS
from claimstats.loaders.spec import normal_name

WESTERN = ("Größe M", "Café au lait", "Señor Ñandú", "Œuvre à 5 €", "naïve – façade")
JAPANESE = ("ステンレスボトル", "保証書つき 予約", "申請 能力 表", "ソックス 十枚", "ｶﾞﾗｽの器")
CHINESE = ("不锈钢瓶", "损坏的包装", "两张照片", "没有收到", "尺寸 不对")


def with_words(table: Table, words: tuple[str, ...], chance: Random) -> Table:
    """The file with `words` in its column of free text, and plain letters in the others."""
    place = text_column(table)
    shift = chance.randrange(len(words))

    def change(number: int, cells: Cells) -> Cells:
        plain = [_plain(cell) for cell in cells]
        # A cell that is empty may tell what kind of row it is in.
        word = words[(number + shift) % len(words)] if cells[place].strip() else ""
        return (*plain[:place], word, *plain[place + 1 :])

    return table.with_cells(change)


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKD", cell).encode("ascii", "ignore").decode()


def text_column(table: Table) -> int:
    """The column that reads most like free text, of those that the format takes for text.

    It has most different cells of several words without digits, else most cells that are filled.
    """
    export = next(export for export in EXPORTS if export.name == table.format)
    fields = [export.by_header.get(normal_name(header)) for header in table.header]

    def likeness(place: int) -> tuple[bool, int, int, int]:
        cells = [row[place].strip() for row in table.rows]
        field = fields[place]
        is_text = field is None or (field.type == "text" and not field.required)
        texts = {cell for cell in cells if " " in cell and not any(s.isdigit() for s in cell)}
        return is_text, len(texts), sum(map(bool, cells)), -place

    return max(range(len(table.header)), key=likeness)
