"""From bytes to records: the encoding, the header and its dialect, and each record with its line.

Nothing is repaired here. A record that does not have the header's number of columns, or whose
quotes do not close, is handed on as broken with its text, and reading goes on at the next line.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from claimstats.errors import FileRefused
from claimstats.loaders.sources import CHUNK, GZIP_MAGIC, ZIP_MAGIC, Source

ENCODINGS = ("utf-8", "cp932", "cp1252")
DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon"}

HEADER_WITHIN_LINES = 50
LONGEST_LINE = 4 << 20
"""Characters; a longer line is no row of an export."""
LONGEST_HEADER = 1 << 16
"""Characters of a header with line ends inside its names."""
LONGEST_QUOTED_LINES = 200
"""A quoted field that spans more lines is an open quote, not a field."""

STRAY_QUOTE = "a quote is not closed, or stands inside a field"
FIELD_IN_QUOTES = re.compile(r'(?:^|\t)"')
NEEDED_QUOTES = re.compile(r'(?:^|\t)"(?:[^"]|"")*(?:""|[\t\r\n,])(?:[^"]|"")*"(?:\t|$)')
"""A field in quotes with a sign inside that spreadsheets and writers of CSV quote fields for."""

JAPAN = re.compile(r"Amazon\.co\.jp|(?<![A-Z])JPY(?![A-Z])")
LINE_END = re.compile(r"\r\n|\r|\n")
KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
JAPANESE_RUN = re.compile("[\u4e00-\u9fff]{2}|[\uff66-\uff9f]{3}")
"""Kanji or half-width kana in a row. Western letters read as cp932 give them one by one."""
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
HTML_START = re.compile(rb"\s*<(!doctype html|html|head|body)", re.IGNORECASE)


@dataclass(frozen=True)
class Record:
    """One record of a file.

    Parameters
    ----------
    line_no
        The line where it begins, counted from 1.
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
        The encoding of its bytes.
    delimiter
        The column separator.
    quoted
        Whether quotes enclose fields. In tab-separated files they do where the header has them, or
        where as many records have a field that needs them as come out broken that way; in others
        a quote is an inch mark.
    header
        The header's names as written.
    header_line
        The header's line, counted from 1.
    n_kept_quotes
        Records with a field that looks enclosed by quotes, in a file where quotes enclose none.
    preamble
        The text above the header.
    """

    encoding: str
    delimiter: str
    quoted: bool
    header: tuple[str, ...]
    header_line: int
    n_kept_quotes: int = 0
    preamble: str = ""


def find_encoding(source: Source) -> str:
    """The encoding that reads the whole file: a byte order mark, else UTF-8, cp932, cp1252.

    Nearly any bytes pass for cp932 and for cp1252. cp932 is taken where it gives kana, or kanji in
    a row in a file that speaks of Japan; cp1252 otherwise.

    Raises
    ------
    FileRefused
        The file is empty, a web page or an archive, holds NUL bytes, or fits no encoding.
    """
    with source.copy.open("rb") as stream:
        start = stream.read(CHUNK)
    if not start:
        raise FileRefused("the file is empty (0 bytes).", source.path)
    if start.startswith((GZIP_MAGIC, *ZIP_MAGIC)):
        raise FileRefused("is an archive inside an archive; unpack it first.", source.path)
    if HTML_START.match(start.removeprefix(BOM_UTF8)):
        raise FileRefused(
            "is a web page, not an export (a log-in page saved by mistake?); download it again.",
            source.path,
        )
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encoding = _first_that_reads(source, ("utf-16",))
        _refuse_nul(source, encoding)
        return encoding
    _refuse_nul(source, "latin-1")
    return _first_that_reads(source, ("utf-8-sig",) if start.startswith(BOM_UTF8) else ENCODINGS)


def _refuse_nul(source: Source, encoding: str) -> None:
    before = 0  # Line ends so far.
    with open_text(source, encoding) as stream:
        while chunk := stream.read(CHUNK):
            head, nul, _ = chunk.partition("\0")
            before += max(head.count("\n"), head.count("\r"))
            if nul:
                raise FileRefused(
                    "holds a NUL byte: it is no text, or was damaged; download it again.",
                    source.path,
                    before + 1,
                )


def _first_that_reads(source: Source, encodings: Iterable[str]) -> str:
    for encoding in encodings:
        if _reads(source.copy, encoding):
            return encoding
    raise FileRefused(
        f"its bytes fit no encoding tried ({', '.join(encodings)}); save it as UTF-8.", source.path
    )


def _reads(copy: Path, encoding: str) -> bool:
    texts = _decoded(copy, encoding)
    try:
        if encoding == "cp932":
            return _is_japanese(texts)
        deque(texts, maxlen=0)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(copy: Path, encoding: str) -> Iterator[str]:
    decoder = getincrementaldecoder(encoding)()
    with copy.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _is_japanese(texts: Iterable[str]) -> bool:
    names_japan = has_kana = has_run = False
    for text in texts:
        if PRIVATE_USE.search(text):
            return False
        names_japan |= bool(JAPAN.search(text))
        has_kana |= bool(KANA.search(text))
        has_run |= bool(JAPANESE_RUN.search(text))
    return has_kana or (names_japan and has_run)


def open_text(source: Source, encoding: str) -> TextIO:
    """The file's text with its line ends as they are."""
    return source.copy.open(encoding=encoding, newline="")


def count_lines(source: Source, encoding: str) -> int:
    """Count the file's lines; a last line without its end counts too."""
    with open_text(source, encoding) as stream:
        return sum(1 for _ in stream)


def find_header(
    source: Source, encoding: str, is_header: Callable[[list[str]], bool]
) -> Dialect | None:
    """The dialect whose first lines hold a header that `is_header` knows; None where none does."""
    begun = dict.fromkeys(DELIMITERS, "")
    with open_text(source, encoding) as stream:
        for number, line in enumerate(_lines(stream, source), 1):
            for delimiter in DELIMITERS:
                text, names = _header_names(begun[delimiter], line, delimiter)
                if names is not None and is_header(names):
                    dialect = Dialect(encoding, delimiter, True, tuple(names), number)
                    is_told = delimiter != "\t" or '"' in text
                    return dialect if is_told else _with_quotes_read(source, dialect)
                is_begun = names is None and len(text) < LONGEST_HEADER
                begun[delimiter] = text if is_begun and _opens_a_quote(text, delimiter) else ""
            if number >= HEADER_WITHIN_LINES:
                break
    return None


def _with_quotes_read(source: Source, dialect: Dialect) -> Dialect:
    """The dialect of a file whose header does not tell whether quotes enclose fields."""
    with open_text(source, dialect.encoding) as stream:
        if not any(FIELD_IN_QUOTES.search(line) for line in _lines(stream, source)):
            return replace(dialect, quoted=False)
    needed = broken = 0
    for record in records(source, dialect):
        broken += record.problem == STRAY_QUOTE
        needed += record.problem != STRAY_QUOTE and bool(NEEDED_QUOTES.search(record.raw))
    if needed and needed >= broken:
        return dialect
    return replace(dialect, quoted=False, n_kept_quotes=needed)


def find_row_above(source: Source, dialect: Dialect, keys: Sequence[int]) -> int | None:
    """The line above the header that has its columns and fills the `keys`; None where none does."""
    with open_text(source, dialect.encoding) as stream:
        for number, line in enumerate(islice(_lines(stream, source), dialect.header_line - 1), 1):
            values = _split_quoted(line, dialect.delimiter)
            if values is not None and _is_row(values, dialect, keys):
                return number
    return None


def first_line(source: Source, encoding: str) -> str:
    """The first line that is not blank, for a message about an unknown file."""
    with open_text(source, encoding) as stream:
        return next((line.strip() for line in _lines(stream, source) if line.strip()), "")


def _header_names(begun: str, line: str, delimiter: str) -> tuple[str, list[str] | None]:
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
        lines = _numbered(stream, source, dialect.header_line)
        yield from _quoted(lines, dialect, keys) if dialect.quoted else _plain(lines, dialect)


def _numbered(stream: TextIO, source: Source, skip: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_lines(stream, source), 1):
        if number > skip:
            yield number, line


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
        yield line


def _plain(lines: Iterable[tuple[int, str]], dialect: Dialect) -> Iterator[Record]:
    for number, line in lines:
        text = line.rstrip("\r\n")
        yield _checked(number, text.split(dialect.delimiter), text, dialect)


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
    lines = _Lines(numbered)
    for number, line in lines:
        taken, values = _gather((number, line), lines, dialect.delimiter)
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
    return not any(_is_row(split, dialect, keys) for split in splits)


def _is_row(values: list[str], dialect: Dialect, keys: Sequence[int]) -> bool:
    """Whether values are as many as the header's names, and fill the `keys` with a word or two."""
    return len(values) == len(dialect.header) and all(
        1 <= len(values[place].split()) <= 2 for place in keys
    )


def _gather(
    first: tuple[int, str], lines: Iterator[tuple[int, str]], delimiter: str
) -> tuple[list[tuple[int, str]], list[str] | None]:
    """The lines of one record, more than one where a quoted field goes on, and its fields."""
    taken, text = [first], first[1]
    values = _split_quoted(text, delimiter)
    is_open = values is None and _opens_a_quote(text, delimiter)
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
    if '"' not in text:
        return text.rstrip("\r\n").split(delimiter)
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    has_stray = len(rows) == 1 and not _quotes_enclose(text.rstrip("\r\n"), delimiter)
    return rows[0] if len(rows) == 1 and not has_stray else None


def _quotes_enclose(text: str, delimiter: str) -> bool:
    """Whether every quote encloses a whole field or is doubled inside one."""
    field = _field_pattern(delimiter)
    return re.fullmatch(f"{field}(?:{delimiter}{field})*", text) is not None


def _opens_a_quote(text: str, delimiter: str) -> bool:
    """Whether the text ends inside a quoted field that began as one should."""
    pattern = f'(?:{_field_pattern(delimiter)}{delimiter})*"(?:[^"]|"")*'
    return re.fullmatch(pattern, text) is not None


def _field_pattern(delimiter: str) -> str:
    return f'(?:"(?:[^"]|"")*"|[^"{delimiter}]*)'


def _checked(number: int, values: list[str], text: str, dialect: Dialect) -> Record:
    expected = len(dialect.header)
    if len(values) == expected or not text.strip():
        return Record(number, values if text.strip() else [], None, text)
    kind = "an extra field" if len(values) > expected else "too few fields"
    problem = f"{kind}: {len(values)} found, the header has {expected}"
    return Record(number, [], problem, text)
