"""The well-formed files and the truth they hold: a header, rows, and the text of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.robustness.grammar import Cells, spans

FIXTURES = Path(__file__).parents[2] / "tests" / "loaders" / "fixtures"
PLAIN = "-plain"
DELIMITERS = {".tsv": "\t", ".txt": "\t", ".csv": ",", ".ssv": ";"}


@dataclass(frozen=True)
class Piece:
    """A stretch of a file's text; `row` is the row of the table that it is, if it is one."""

    text: str
    row: int | None = None


@dataclass(frozen=True)
class Table:
    """A well-formed file.

    Parameters
    ----------
    format
        What claimstats must take it for.
    delimiter
        Its column separator.
    preamble
        The text above its header.
    header, rows
        Its cells.
    is_plain
        Whether it is read without what nobody asks for by default, as the fast path demands.
    epilogue
        The text below its rows.
    quotes_all
        Whether it writes every cell in quotes.
    """

    format: str
    delimiter: str
    preamble: str
    header: Cells
    rows: tuple[Cells, ...]
    is_plain: bool = False
    epilogue: str = ""
    quotes_all: bool = False

    @property
    def name(self) -> str:
        """The format, and whether it is the plain file of it."""
        return self.format + " (plain)" * self.is_plain

    @property
    def n_lines_above(self) -> int:
        """Lines above the header."""
        return self.preamble.count("\n")

    def pieces(
        self, delimiter: str | None = None, line_end: str = "\n", quotes: bool | None = None
    ) -> list[Piece]:
        """The file's text in pieces: preamble, header, each row, and what is below if anything is.

        Fields are quoted where they need it, unless `quotes` forbids it; of itself a tab-separated
        file quotes none, as the venues write it.
        """
        mark = delimiter or self.delimiter
        above = self.preamble.replace("\n", line_end)
        header, *rows = (
            self.line(cells, mark, line_end, quotes) for cells in (self.header, *self.rows)
        )
        below = [Piece(self.epilogue.replace("\n", line_end))] if self.epilogue else []
        numbered = (Piece(text, number) for number, text in enumerate(rows))
        return [Piece(above), Piece(header), *numbered, *below]

    def line(
        self,
        cells: Sequence[str],
        delimiter: str | None = None,
        line_end: str = "\n",
        quotes: bool | None = None,
    ) -> str:
        """Cells as the text of a record of this file."""
        mark = delimiter or self.delimiter
        if quotes is None:
            quotes = mark != self.delimiter or mark != "\t"
        if not quotes:
            return mark.join(cells) + line_end
        return mark.join(_enclosed(cell, mark, self.quotes_all) for cell in cells) + line_end

    def with_cells(self, change: Callable[[int, Cells], Cells]) -> Table:
        """The same file with other cells in its rows."""
        rows = tuple(change(number, row) for number, row in enumerate(self.rows))
        return replace(self, rows=rows)

    def with_columns(self, places: Sequence[int]) -> Table:
        """The same file with its columns in another order."""
        return replace(
            self,
            header=tuple(self.header[place] for place in places),
            rows=tuple(tuple(row[place] for place in places) for row in self.rows),
        )


def _enclosed(cell: str, mark: str, always: bool) -> str:
    needs = always or any(sign in cell for sign in (mark, '"', "\r", "\n"))
    return '"' + cell.replace('"', '""') + '"' if needs else cell


def tables() -> list[Table]:
    """Every well-formed file of delimited text."""
    paths = sorted(path for path in FIXTURES.iterdir() if path.suffix in DELIMITERS)
    return [read_table(path) for path in paths]


def read_table(path: Path) -> Table:
    """Read a well-formed file: its header is the first record with as many cells as most have."""
    text = path.read_bytes().decode("utf-8-sig")
    delimiter = DELIMITERS[path.suffix]
    found = spans(text, delimiter)
    if not found:
        raise ValueError(f"{path}: is not well-formed, which every fixture must be.")
    [(width, n_wide)] = Counter(len(span.cells) for span in found).most_common(1)
    head = next(k for k, span in enumerate(found) if len(span.cells) == width)
    records, below = found[head : head + n_wide], found[head + n_wide :]
    if any(len(span.cells) != width for span in records):
        raise ValueError(f"{path}: its rows differ in the number of their cells.")
    first = records[0]
    return Table(
        format=path.stem.removesuffix(PLAIN),
        is_plain=path.stem.endswith(PLAIN),
        delimiter=delimiter,
        preamble=text[: first.start],
        header=first.cells,
        rows=tuple(span.cells for span in records[1:]),
        epilogue=text[below[0].start :] if below else "",
        quotes_all=text.startswith('"', first.start) and delimiter != "\t",
    )
