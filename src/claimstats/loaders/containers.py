"""What holds a file's records, text or a workbook: the one place where the two are told apart."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

from claimstats.errors import FileRefused
from claimstats.loaders import sheet, text
from claimstats.loaders.encoding import assumption, find_encoding
from claimstats.loaders.reading import Reading
from claimstats.loaders.sources import Source
from claimstats.loaders.text import DELIMITERS, Dialect, Record

USUAL_DELIMITERS = frozenset("\t,")

IsHeader = Callable[[list[str]], bool]


def parts_of(source: Source, is_header: IsHeader) -> Generator[Source, None, None]:
    """A source, or one for each sheet of a workbook where several hold an export."""
    if not sheet.is_workbook(source):
        yield source
        return
    workbook = sheet.Workbook(source)
    opened = replace(source, workbook=workbook)
    try:
        names = sheet.sheets_with_header(opened, is_header)
        if len(names) < 2:
            yield opened
        for name in names if len(names) > 1 else ():
            yield sheet.as_source(opened, name)
    finally:
        workbook.close()


def find_header(source: Source, reading: Reading, is_header: IsHeader) -> Dialect | None:
    """The dialect of a file whose header `is_header` knows; None where it knows none."""
    if source.sheet or sheet.is_workbook(source):
        return sheet.find_header(source, is_header)
    encoding = find_encoding(source, reading.encoding)
    said = text.delimiter_said(reading.delimiter)
    dialect = text.find_header(source, encoding, is_header, said)
    if dialect is None:
        return None
    return replace(dialect, assumed=tuple(_assumed(dialect, reading)))


def _assumed(dialect: Dialect, reading: Reading) -> Iterator[str]:
    """What the content told of encoding and delimiter, where that is not the usual."""
    said = []
    encoding = "" if reading.encoding else assumption(dialect.encoding)
    if encoding:
        said.append((f"the encoding is {encoding}", "--encoding"))
    if not reading.delimiter and dialect.delimiter not in USUAL_DELIMITERS:
        said.append((f"columns end at a {DELIMITERS[dialect.delimiter]}", "--delimiter"))
    if said:
        found = " and ".join(phrase for phrase, _ in said)
        options = " and ".join(option for _, option in said)
        verb = "overrule" if len(said) > 1 else "overrules"
        yield f"{found}, as the bytes show; {options} {verb}."


def rows_above(source: Source, dialect: Dialect) -> Iterator[list[str]]:
    """The fields of each line or row above the header; none of a line whose quotes do not match."""
    if dialect.sheet is not None:
        yield from sheet.rows_above(source, dialect)
    else:
        yield from text.rows_above(source, dialect)


def first_names(source: Source, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """Each line or row in which a header could be, split in every way it could be."""
    if source.sheet or sheet.is_workbook(source):
        yield from sheet.first_rows(source)
        return
    said = text.delimiter_said(reading.delimiter)
    encoding = find_encoding(source, reading.encoding)
    for number, line in enumerate(text.first_lines(source, encoding), 1):
        for delimiter in [said] if said else DELIMITERS:
            yield number, [name.strip(' "') for name in line.strip().split(delimiter)]


def records_of(source: Source, dialect: Dialect, keys: Sequence[int]) -> Iterator[Record]:
    """Every record below the header."""
    if dialect.sheet is not None:
        return sheet.records(source, dialect)
    return text.records(source, dialect, keys)


class Tally:
    """What was read of a file, to be held against a count of its content made apart."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self._source, self._dialect = source, dialect
        self._lines = dialect.header_line
        self._filled = 0

    def add(self, batch: Sequence[Record]) -> None:
        """Count records that were read."""
        if self._dialect.sheet is None:
            self._lines += sum(record.n_lines for record in batch)
        else:
            self._filled += sum(bool(record.values) for record in batch)

    def check(self) -> None:
        """Refuse the file if the reader lost any of it, or made any up."""
        if self._dialect.is_document:
            return  # the lines of a document are not those of its rows
        if self._dialect.sheet is None:
            unit, read = "lines", self._lines
            there = text.count_lines(self._source, self._dialect.encoding)
        else:
            unit, read = "rows", self._filled
            there = sheet.count_filled(self._source, self._dialect)
        if there != read:
            raise FileRefused(
                f"has {there} {unit}, of which {read} were read: a fault in claimstats, which must "
                "not lose any; nothing of the file was loaded.",
                self._source.path,
            )
