"""Which export a file is, told by its header alone, never by its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NoReturn

from claimstats.errors import FileRefused, check_choice
from claimstats.loaders import containers
from claimstats.loaders.containers import find_header, first_names, rows_above
from claimstats.loaders.documents import (
    Row,
    document_of,
    encoding_of,
    header_of_rows,
    is_document,
    records_of_rows,
    what_it_is,
)
from claimstats.loaders.exports import EXPORTS
from claimstats.loaders.mapped import MappedExport
from claimstats.loaders.mapping import FORMATS
from claimstats.loaders.personal import what_it_tells
from claimstats.loaders.reading import Reading
from claimstats.loaders.retired import Retired, retired_of
from claimstats.loaders.sources import Source
from claimstats.loaders.spec import Export, Field, normal_name
from claimstats.loaders.text import Dialect, Record, is_row

SHOWN_OF_UNKNOWN = 120
A_VALUE = re.compile(r"[+-]?\d+([.,]\d+)*|\d{4}-\d{2}-\d{2}.*|\d{3}-\d{7}-\d{7}")
"""A number, a day or an order id, none of which is the name of a column."""


@dataclass(frozen=True)
class Detected:
    """A file recognised.

    Parameters
    ----------
    export
        What the file is.
    dialect
        How it is written.
    columns
        For each header name the field it means; None for a name the format does not know.
    """

    export: Export
    dialect: Dialect
    columns: tuple[Field | None, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The header names that the format does not know, each made different from the others."""
        names: list[str] = []
        for place, (name, column) in enumerate(zip(self.dialect.header, self.columns, strict=True)):
            if column is None:
                own = name
                while not own or own in names:
                    own = f"{own} (column {place + 1})".strip()
                names.append(own)
        return tuple(names)

    def kept(self, with_personal: bool) -> list[tuple[int, str]]:
        """Place and name of the columns that go into extra: unknown ones, and those not stored.

        Columns that name or place a person, and what people wrote, only on request.
        """
        unknown = iter(self.unknown)
        found = []
        for place, column in enumerate(self.columns):
            name = next(unknown) if column is None else column.header
            is_kept = with_personal if place in self.personal_places else column is None
            if is_kept:
                found.append((place, name))
        return found

    @cached_property
    def personal_places(self) -> frozenset[int]:
        """The places of the columns that may tell of a person, known ones and unknown ones."""
        names = enumerate(zip(self.dialect.header, self.columns, strict=True))
        return frozenset(
            place
            for place, (name, column) in names
            if (self._may_tell(name) if column is None else column.privacy != "open")
        )

    def _may_tell(self, name: str) -> bool:
        """Whether an unknown column may tell of a person, by its name or by where it stands."""
        return not self.export.keeps_unknown or what_it_tells(name) is not None

    @property
    def has_buyers(self) -> bool:
        """Whether a column holds ids of buyers, which are to be hashed."""
        return any(column and column.privacy == "buyer_id" for column in self.columns)

    @property
    def withheld(self) -> tuple[str, ...]:
        """The unknown columns that may tell of a person by their names."""
        places = (place for place, column in enumerate(self.columns) if column is None)
        named = zip(places, self.unknown, strict=True)
        return tuple(name for place, name in named if place in self.personal_places)

    @property
    def keys(self) -> tuple[int, ...]:
        """The places of the columns that a record must have."""
        return tuple(k for k, column in enumerate(self.columns) if column and column.required)

    @property
    def marks(self) -> tuple[int, ...]:
        """The places of the columns that tell a row from a line above the header."""
        is_mark = self.export.is_mark
        return tuple(k for k, column in enumerate(self.columns) if column and is_mark(column))


def detect(source: Source, reading: Reading | None = None) -> Detected:
    """Recognise a file by its header.

    Raises
    ------
    FileRefused
        The bytes are no text, no header is known, the header names a column twice, or rows stand
        above it; or the document is none that is known; or it is not what the user says.
    ParameterError
        What the user says is no format, encoding or delimiter that there is.
    """
    said = reading or Reading()
    exports = _wanted(said)
    if is_document(source):
        return _detect_document(source, exports)
    if isinstance(said.mapped, MappedExport):
        dialect: Dialect | None = _mapped_dialect(source, said, said.mapped)
        export: Export | None = said.mapped
    else:
        dialect = find_header(source, said, header_of(said))
        export = _export_of(dialect.header, exports) if dialect else None
    if dialect is None or export is None:
        _refuse_unknown(source, said, exports)
    columns = export.columns_of(dialect.header)
    _refuse_doubles(source, dialect, columns)
    _refuse_values(source, dialect, columns)
    detected = Detected(export, replace(dialect, others=export.other_records), columns)
    _refuse_rows_above(source, detected)
    return detected


def _mapped_dialect(source: Source, reading: Reading, mapped: MappedExport) -> Dialect:
    """The dialect of a file that has the columns which a mapping names."""
    seen: list[list[str]] = []

    def is_header(names: list[str]) -> bool:
        seen.append(names)
        return not mapped.lacking(names)

    dialect = find_header(source, reading, is_header)
    if dialect is None:
        raise FileRefused(mapped.why_not(seen), source.path)
    return dialect


def records_of(source: Source, detected: Detected) -> Iterator[Record]:
    """Every record of a file, whole or broken, whatever the file is written in."""
    if detected.dialect.is_document:
        rows = _rows_of(detected.export, document_of(source))
        return records_of_rows(rows or [], detected.dialect.header)
    return containers.records_of(source, detected.dialect, detected.keys)


def _detect_document(source: Source, exports: Sequence[Export]) -> Detected:
    document = document_of(source)
    for export in exports:
        rows = _rows_of(export, document)
        if rows is not None:
            header = header_of_rows(rows, [column.header for column in export.fields])
            dialect = Dialect(encoding_of(source), "", False, header, 0)
            columns = tuple(export.by_header.get(normal_name(name)) for name in header)
            _refuse_doubles(source, dialect, columns)
            return Detected(export, dialect, columns)
    wanted = exports[0].name if len(exports) == 1 else "export that claimstats knows"
    raise FileRefused(f"{what_it_is(document)} no {wanted}. See `claimstats formats`.", source.path)


def _rows_of(export: Export, document: object) -> list[Row] | None:
    rows = export.flatten(document) if export.flatten else None
    return None if rows is None else list(rows)


def header_of(reading: Reading) -> Callable[[list[str]], bool]:
    """The function that tells whether names are a header of what the user lets a file be."""
    mapped = reading.mapped
    if isinstance(mapped, MappedExport):
        return lambda names: not mapped.lacking(names)
    exports = _wanted(reading)
    return lambda names: _export_of(names, exports) is not None


def _wanted(reading: Reading) -> Sequence[Export]:
    """The exports that a file may be: the one that the user says, else all."""
    if reading.mapped is not None:
        return [reading.mapped]
    if reading.format is None:
        return EXPORTS
    by_name = {export.name: export for export in EXPORTS}
    return [by_name[check_choice("the format cannot be", reading.format, by_name)]]


def _export_of(names: Iterable[str], exports: Iterable[Export]) -> Export | None:
    """The export whose signature the header holds; of several, the one that knows most columns."""
    present = {normal_name(name) for name in names}
    tables = (export for export in exports if export.container == "table")
    fitting = [export for export in tables if not export.missing_from(present)]
    return max(fitting, key=lambda export: len(present & set(export.by_header)), default=None)


def _refuse_doubles(source: Source, dialect: Dialect, columns: tuple[Field | None, ...]) -> None:
    counted = Counter(column.header for column in columns if column)
    doubled = [name for name, n in counted.items() if n > 1]
    if doubled:
        raise FileRefused(
            f"the header names {', '.join(doubled)} more than once; which one counts? Rename the "
            "others.",
            source.path,
            dialect.header_line,
        )


def _refuse_values(source: Source, dialect: Dialect, columns: tuple[Field | None, ...]) -> None:
    """Refuse a header that goes on into the first row: that row would be lost among its names."""
    names = zip(dialect.header, columns, strict=True)
    value = next((n for n, column in names if column is None and A_VALUE.fullmatch(n)), None)
    if value is not None:
        raise FileRefused(
            f"the header has {value!r} among its names, which is a value: a row was joined to it; "
            "put each on a line of its own.",
            source.path,
            dialect.header_line,
        )


def _refuse_rows_above(source: Source, detected: Detected) -> None:
    """Refuse a sheet whose header was sorted into its rows: those above it would be passed over."""
    dialect = detected.dialect
    for line, values in enumerate(rows_above(source, dialect), 1):
        if is_row(values, dialect, detected.marks):
            raise FileRefused(
                f"looks like a row, but stands above the header, which is line "
                f"{dialect.header_line}; put the header first.",
                source.path,
                line,
            )


def _refuse_delimiter(source: Source, reading: Reading) -> None:
    """Refuse a file that would be known but for the delimiter that the user says."""
    if reading.delimiter is None:
        return
    told = find_header(source, replace(reading, delimiter=None), header_of(reading))
    if told is not None:
        raise FileRefused(
            f"no header is known with the delimiter {reading.delimiter!r}; with a "
            f"{told.delimiter_name} line {told.header_line} is one.",
            source.path,
            told.header_line,
        )


def _refuse_unknown(source: Source, reading: Reading, exports: Sequence[Export]) -> NoReturn:
    """Refuse a file by its nearest line to a header: what it begins with, and what it lacks."""
    begins, at, nearest, best = "", 1, exports[0], set[str]()
    for line, names in first_names(source, reading):
        present = {normal_name(name) for name in names}
        if retired := retired_of(present):
            raise FileRefused(_retired(retired), source.path, line if line > 1 else None)
        begins = begins or ",".join(names).strip(",")
        for export in exports:
            if len(present & set(export.by_header)) > len(best & set(nearest.by_header)):
                at, nearest, best = line, export, present
    _refuse_delimiter(source, reading)
    known = best & set(nearest.by_header)
    missing = ", ".join(nearest.missing_from(best)) or "a quote that belongs to another"
    if reading.format or reading.mapped:
        raise FileRefused(
            f"is no {nearest.name}, as was said: no header among its first lines has {missing}.",
            source.path,
            at if known else None,
        )
    shown = begins[:SHOWN_OF_UNKNOWN] + ("..." if len(begins) > SHOWN_OF_UNKNOWN else "")
    if len(known) < 2:
        raise FileRefused(
            f"is no export that claimstats knows; it begins {shown!r}. See `claimstats formats`, "
            "or `claimstats map` for a sheet of your own.",
            source.path,
        )
    own = ", or `claimstats map` if it is a sheet of your own" if _may_be_own(nearest, best) else ""
    raise FileRefused(
        f"looks like {nearest.name}, but its header lacks {missing}. "
        f"See `claimstats formats`{own}.",
        source.path,
        at if at > 1 else None,
    )


def _may_be_own(nearest: Export, names: set[str]) -> bool:
    """Whether a sheet with these columns may be a tracker, though an export has some of them.

    Amount and Type are columns of many sheets, and no sign of a venue's statement.
    """
    is_mostly_lacking = 2 * len(nearest.missing_from(names)) >= len(nearest.signature)
    return nearest.name in FORMATS or is_mostly_lacking


def _retired(retired: Retired) -> str:
    """What a file is that is known and not read, and what to download in its place."""
    instead = next((e for e in EXPORTS if e.name == retired.instead), None)
    named = f"{instead.title}, from {instead.source}" if instead else retired.instead
    return f"is {retired.title}, which {retired.why}; download {named}, instead."
