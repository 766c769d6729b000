"""From text to records: the header and its dialect, and each record with its line.

Nothing is repaired here. A record that does not have the header's number of columns, or whose
quotes do not close, is handed on as broken with its text, and reading goes on at the next line.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import islice
from typing import NamedTuple, TextIO

from claimstats.errors import FileRefused, check_choice
from claimstats.loaders.encoding import LINE_END, open_text
from claimstats.loaders.sources import Source

DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe"}

HEADER_WITHIN_LINES = 50
LONGEST_PREAMBLE = 8 << 10
"""Characters kept of the text above the header; the longest known has about two thousand."""
LONGEST_LINE = 4 << 20
"""Characters; a longer line is no row of an export."""
LONGEST_HEADER = 1 << 16
"""Characters of a header with line ends inside its names."""
LONGEST_QUOTED_LINES = 200
"""A quoted field that spans more lines is an open quote, not a field."""
MOST_COLUMNS = 16_384
"""As many as a spreadsheet has; the widest export known has 51."""

STRAY_QUOTE = "a quote is not closed, or stands inside a field"
FIRST_VALUE = re.compile(r'\s*"?([^"\t,;|]*)')
FIELD_IN_QUOTES = re.compile(r'(?:^|\t)"')
NEEDED_QUOTES = re.compile(r'(?:^|\t)"(?:[^"]|"")*(?:""|[\t\r\n,])(?:[^"]|"")*"(?:\t|$)')
"""A field in quotes with a sign inside that spreadsheets and writers of CSV quote fields for."""

TOTAL = re.compile(
    r"\W*(?:(?:grand|sub|report|overall)[ -]?)?"
    r"(?:totals?|totales|totale|totaux|sums?|summen?|gesamt(?:summe)?|suma|somme|razem|合计|总计|"
    r"合計|総計|小計|小计)\W*|number of lines in file:? *\d+",
    re.IGNORECASE,
)
"""What a row of totals is called by people and programs that add one below the rows, or a line that
counts them above."""

BYTE_ORDER_MARK = "\ufeff"
"""It stands inside a file where two were joined."""


class Record(NamedTuple):
    """One record of a file.

    Parameters
    ----------
    line_no
        The line where it begins, counted from 1; in a workbook the row of the sheet.
    values
        Its columns; empty for a broken record.
    problem
        Why it is broken; None for a whole one.
    raw
        Its text as it stands in the file.
    """

    line_no: int
    values: list[str]
    problem: str | None
    raw: str

    @property
    def n_lines(self) -> int:
        """Lines of the file that the record takes up."""
        return 1 + len(LINE_END.findall(self.raw))


@dataclass(frozen=True)
class Dialect:
    """How a file's records are written, decided once for the whole file.

    Parameters
    ----------
    encoding
        The encoding of its bytes; ``xlsx`` for a workbook.
    delimiter
        The column separator; empty for a workbook, whose columns need none.
    quoted
        Whether quotes enclose fields. In tab-separated files they do where the header has them, or
        where as many records have a field that needs them as come out broken that way; in others
        a quote is an inch mark.
    header
        The header's names as written.
    header_line
        The header's line, counted from 1; in a workbook its row.
    n_kept_quotes
        Records with a field that looks enclosed by quotes, in a file where quotes enclose none.
    preamble
        The text above the header, without what is longer than any known.
    sheet
        The name of the workbook's sheet; None for text.
    assumed
        What was concluded from the content and could be said otherwise, a sentence each.
    others
        First values of records of another kind than the rows.
    """

    encoding: str
    delimiter: str
    quoted: bool
    header: tuple[str, ...]
    header_line: int
    n_kept_quotes: int = 0
    preamble: str = ""
    sheet: str | None = None
    assumed: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()

    @cached_property
    def lines_above(self) -> frozenset[str]:
        """The lines above the header, by which they are known again where exports are joined."""
        return frozenset(map(str.strip, self.preamble.splitlines())) - {""}

    @property
    def delimiter_name(self) -> str:
        """What the column separator is called."""
        return "json" if self.is_document else DELIMITERS.get(self.delimiter, "cells")

    @property
    def is_document(self) -> bool:
        """Whether the file is a document of values with names, and has no header."""
        return self.header_line == 0


def delimiter_said(said: str | None) -> str | None:
    """The column separator that the user names, by its sign or its name; None for none.

    Raises
    ------
    ParameterError
        It is none of those that claimstats reads.
    """
    if said is None:
        return None
    by_name = {name: sign for sign, name in DELIMITERS.items()} | {"\\t": "\t"}
    sign = by_name.get(said.casefold(), said)
    if sign not in DELIMITERS:
        check_choice("the delimiter cannot be", said, [*DELIMITERS.values(), ",", ";", "|"])
    return sign


def count_lines(source: Source, encoding: str) -> int:
    """Count the file's lines; a last line without its end counts too."""
    with open_text(source, encoding) as stream:
        return sum(1 for _ in stream)


def find_header(
    source: Source,
    encoding: str,
    is_header: Callable[[list[str]], bool],
    delimiter: str | None = None,
) -> Dialect | None:
    """The dialect whose first lines hold a header that `is_header` knows; None where none does.

    Parameters
    ----------
    source
        The file.
    encoding
        Its encoding.
    is_header
        Whether names are those of a header.
    delimiter
        The column separator, where the user says it.
    """
    above: list[str] = []
    begun = dict.fromkeys(DELIMITERS, "")
    for number, line in enumerate(first_lines(source, encoding), 1):
        for sign in [delimiter] if delimiter else DELIMITERS:
            text, names = header_names(begun[sign], line, sign)
            if names is not None and is_header(names):
                preamble = "".join(above)[:LONGEST_PREAMBLE]
                dialect = Dialect(encoding, sign, True, tuple(names), number, preamble=preamble)
                is_told = sign != "\t" or '"' in text
                return dialect if is_told else _with_quotes_read(source, dialect)
            is_begun = names is None and len(text) < LONGEST_HEADER
            begun[sign] = text if is_begun and _opens_a_quote(text, sign) else ""
        above.append(line)
    return None


def first_lines(source: Source, encoding: str) -> Iterator[str]:
    """The lines among which the header is.

    Raises
    ------
    FileRefused
        One of them is longer, or has more columns, than any export has.
    """
    with open_text(source, encoding) as stream:
        for number, line in enumerate(islice(_lines(stream, source), HEADER_WITHIN_LINES), 1):
            n_columns = 1 + max(map(line.count, DELIMITERS))
            if n_columns > MOST_COLUMNS:
                raise FileRefused(
                    f"has {n_columns:,} columns; no export has more than {MOST_COLUMNS:,}, which "
                    "is what a spreadsheet holds.",
                    source.path,
                    number,
                )
            yield line


def _with_quotes_read(source: Source, dialect: Dialect) -> Dialect:
    """The dialect of a file whose header does not tell whether quotes enclose fields."""
    if not source.survey.n_quotes:
        return replace(dialect, quoted=False)
    with open_text(source, dialect.encoding) as stream:
        if not any('"' in line and FIELD_IN_QUOTES.search(line) for line in _lines(stream, source)):
            return replace(dialect, quoted=False)
    needed = broken = 0
    for record in records(source, dialect):
        broken += record.problem == STRAY_QUOTE
        needed += record.problem != STRAY_QUOTE and bool(NEEDED_QUOTES.search(record.raw))
    if needed and needed >= broken:
        return dialect
    return replace(dialect, quoted=False, n_kept_quotes=needed)


def rows_above(source: Source, dialect: Dialect) -> Iterator[list[str]]:
    """The fields of each line above the header; none of a line whose quotes do not match up."""
    for line in islice(first_lines(source, dialect.encoding), dialect.header_line - 1):
        yield _split_quoted(line, dialect.delimiter) or []


def header_names(begun: str, line: str, delimiter: str) -> tuple[str, list[str] | None]:
    """A line, or one that goes on with a name begun in lines above, and the names it holds."""
    for text in dict.fromkeys((begun + line, line)):
        values = _split_quoted(text, delimiter)
        if values is not None:
            return text, [value.strip() for value in values]
    return begun + line, None


def records(source: Source, dialect: Dialect, keys: Sequence[int] = ()) -> Iterator[Record]:
    """Every record below the header, whole or broken; a blank line is one without values.

    Parameters
    ----------
    source
        The file.
    dialect
        How it is written.
    keys
        Places of the columns that every record fills with a word or two. A line inside a quoted
        field that does so as well is a record, which an open quote must not swallow.
    """
    with open_text(source, dialect.encoding) as stream:
        lines = islice(enumerate(_lines(stream, source), 1), dialect.header_line, None)
        found = _quoted(lines, dialect, keys) if dialect.quoted else _plain(lines, dialect)
        yield from _apart_from_pieces(found, dialect)


def _lines(stream: TextIO, source: Source) -> Iterator[str]:
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise FileRefused(
                f"has more than {LONGEST_LINE:,} characters in one line, which no export has.",
                source.path,
                number,
            )
        yield line[1:] if line[0] == BYTE_ORDER_MARK else line


def _apart_from_pieces(found: Iterable[Record], dialect: Dialect) -> Iterator[Record]:
    """The records, the whole ones broken where a piece of a field stands beside them.

    A line break inside a row's last field leaves a row that looks whole, and the field's end on a
    line of its own; one inside its first field likewise the other way round.
    """
    before: Record | None = None
    was_piece = False
    for record in found:
        is_piece = record.problem is not None and _is_piece(record.raw, dialect)
        if before is not None:
            yield _doubted(before, record.line_no) if is_piece else before
        before = _doubted(record, record.line_no - 1) if was_piece else record
        was_piece = is_piece
    if before is not None:
        yield before


def _is_piece(raw: str, dialect: Dialect) -> bool:
    """Whether a broken record may be a field's piece: it has one field, or one half of a quote."""
    n_fields = raw.count(dialect.delimiter) + 1
    is_half_quoted = dialect.quoted and raw.count('"') % 2 == 1 and n_fields < len(dialect.header)
    is_known = (
        TOTAL.fullmatch(raw) or is_other(raw, dialect.others) or raw.strip() in dialect.lines_above
    )
    return (n_fields == 1 or is_half_quoted) and not is_known


def is_other(first: str, others: frozenset[str]) -> bool:
    """Whether a record begins with one of `others`; such a record may have its own separator."""
    if not others:
        return False
    word = FIRST_VALUE.match(first)[1]  # type: ignore[index]  # it matches any text
    return any(word == other or word.startswith(f"{other} ") for other in others)


def _doubted(record: Record, line_no: int) -> Record:
    if not record.values:
        return record
    problem = f"line {line_no} beside it may be a piece of this row, cut off by a line break"
    return record._replace(values=[], problem=problem)


def _plain(lines: Iterable[tuple[int, str]], dialect: Dialect) -> Iterator[Record]:
    delimiter, expected = dialect.delimiter, len(dialect.header)
    for number, line in lines:
        text = line.rstrip("\r\n")
        values = text.split(delimiter)
        if len(values) == expected and text[:1].strip():
            yield Record(number, values, None, text)
        else:
            yield _checked(number, values, text, dialect)


class _Lines:
    """Numbered lines, some of which may be given back to be read again."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._given_back: deque[tuple[int, str]] = deque()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> tuple[int, str]:
        return self._given_back.popleft() if self._given_back else next(self._lines)

    def give_back(self, lines: Sequence[tuple[int, str]]) -> None:
        self._given_back.extendleft(reversed(lines))


def _quoted(
    numbered: Iterator[tuple[int, str]], dialect: Dialect, keys: Sequence[int]
) -> Iterator[Record]:
    lines, delimiter = _Lines(numbered), dialect.delimiter
    for number, line in lines:
        values = _split_quoted(line, delimiter)
        if values is not None:
            yield _checked(number, values, line.rstrip("\r\n"), dialect)
            continue
        taken, values = _gather((number, line), lines, delimiter)
        if len(taken) > 1 and not _is_one_record(taken, values, dialect, keys):
            lines.give_back(taken[1:])
            taken, values = taken[:1], None
        text = "".join(part for _, part in taken).rstrip("\r\n")
        if values is None:
            yield Record(number, [], STRAY_QUOTE, text)
        else:
            yield _checked(number, values, text, dialect)


def _is_one_record(
    taken: list[tuple[int, str]], values: list[str] | None, dialect: Dialect, keys: Sequence[int]
) -> bool:
    """Whether several lines are one record with a quoted field, not records after an open quote."""
    if values is None or len(values) != len(dialect.header):
        return False
    if not keys:
        return True
    splits = (line.rstrip("\r\n").split(dialect.delimiter) for _, line in taken[1:])
    return not any(is_row(split, dialect, keys) for split in splits)


def is_row(values: list[str], dialect: Dialect, keys: Sequence[int]) -> bool:
    """Whether values are as many as the header's names, and fill the `keys` with a word or two."""
    return len(values) == len(dialect.header) and all(
        1 <= len(values[place].split()) <= 2 for place in keys
    )


def _gather(
    first: tuple[int, str], lines: Iterator[tuple[int, str]], delimiter: str
) -> tuple[list[tuple[int, str]], list[str] | None]:
    """The lines of a record whose first has an odd quote, and its fields where they close."""
    taken, text, values = [first], first[1], None
    is_open = _opens_a_quote(text, delimiter)
    while (
        is_open
        and len(taken) < LONGEST_QUOTED_LINES
        and len(text) < LONGEST_LINE
        and (following := next(lines, None))
    ):
        taken.append(following)
        text += following[1]
        if '"' in following[1]:
            values = _split_quoted(text, delimiter)
            is_open = values is None and _opens_a_quote(text, delimiter)
    return taken, values


def _split_quoted(text: str, delimiter: str) -> list[str] | None:
    """The fields of one record; None when its quotes do not match up."""
    text = text.rstrip("\r\n")
    if '"' not in text:
        return text.split(delimiter)
    # Most writers put every field in quotes, and few fields hold one: then no parser is needed.
    values = text[1:-1].split(f'"{delimiter}"')
    if text[0] == text[-1] == '"' and text.count('"') == 2 * len(values) and len(text) > 1:
        return values
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    is_whole = len(rows) == 1 and _whole_record(delimiter).fullmatch(text)
    return rows[0] if is_whole else None


@cache
def _whole_record(delimiter: str) -> re.Pattern[str]:
    """Text in which every quote encloses a whole field or is doubled inside one."""
    field = _field_pattern(delimiter)
    return re.compile(f"{field}(?:{re.escape(delimiter)}{field})*")


@cache
def _open_record(delimiter: str) -> re.Pattern[str]:
    """Text that ends inside a quoted field that began as one should."""
    return re.compile(f'(?:{_field_pattern(delimiter)}{re.escape(delimiter)})*"(?:[^"]|"")*')


def _opens_a_quote(text: str, delimiter: str) -> bool:
    return _open_record(delimiter).fullmatch(text) is not None


def _field_pattern(delimiter: str) -> str:
    return f'(?:"(?:[^"]|"")*"|[^"{delimiter}]*)'


def _checked(number: int, values: list[str], text: str, dialect: Dialect) -> Record:
    expected = len(dialect.header)
    if len(values) == expected or not text.strip():
        return Record(number, values if text.strip() else [], None, text)
    kind = "an extra field" if len(values) > expected else "too few fields"
    problem = f"{kind}: {len(values)} found, the header has {expected}"
    return Record(number, [], problem, text)
