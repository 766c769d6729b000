"""Which export a file is, told by its header alone, never by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claimstats.errors import FileRefused
from claimstats.loaders.documents import (
    Row,
    document_of,
    encoding_of,
    header_of,
    is_document,
    records_of_rows,
    what_it_is,
)
from claimstats.loaders.exports import EXPORTS
from claimstats.loaders.reading import Reading
from claimstats.loaders.retired import Retired, retired_of
from claimstats.loaders.sources import Source
from claimstats.loaders.spec import Export, Field, normal_name
from claimstats.loaders.text import (
    Dialect,
    Record,
    find_encoding,
    find_header,
    find_row_above,
    first_line,
    records,
)

SHOWN_OF_UNKNOWN = 120

TABLES = tuple(export for export in EXPORTS if export.container == "table")


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
                is_taken = not name or name in names
                names.append(f"{name} (column {place + 1})".strip() if is_taken else name)
        return tuple(names)

    def kept(self, with_personal: bool) -> list[tuple[int, str]]:
        """Place and name of the columns that go into extra: unknown ones, and those not stored.

        Columns that name or place a person, and what people wrote, only on request.
        """
        unknown = iter(self.unknown)
        found = []
        for place, column in enumerate(self.columns):
            if column is None:
                found.append((place, next(unknown)))
            elif with_personal and column.privacy != "open":
                found.append((place, column.header))
        return found

    @property
    def keys(self) -> tuple[int, ...]:
        """The places of the columns that a record must have."""
        return tuple(k for k, column in enumerate(self.columns) if column and column.required)


def detect(source: Source, reading: Reading | None = None) -> Detected:
    """Recognise a file by its header, and a JSON document by its shape.

    Raises
    ------
    FileRefused
        The bytes are no text, no header is known, the header names a column twice, or rows stand
        above it; or the document is none that is known.
    """
    if is_document(source):
        return _detect_document(source)
    encoding = find_encoding(source)
    dialect = find_header(source, encoding, lambda names: _export_of(names) is not None)
    export = _export_of(dialect.header) if dialect else None
    if dialect is None or export is None:
        raise FileRefused(_unknown(first_line(source, encoding)), source.path)
    columns = tuple(export.by_header.get(normal_name(name)) for name in dialect.header)
    _refuse_doubles(source, dialect, columns)
    detected = Detected(export, dialect, columns)
    _refuse_rows_above(source, detected)
    return detected


def records_of(source: Source, detected: Detected) -> Iterator[Record]:
    """Every record of a file, whole or broken, whatever the file is written in."""
    if detected.export.container == "json":
        rows = _rows_of(detected.export, document_of(source))
        return records_of_rows(rows or [], detected.dialect.header)
    return records(source, detected.dialect, detected.keys)


def _detect_document(source: Source) -> Detected:
    document = document_of(source)
    for export in EXPORTS:
        rows = _rows_of(export, document)
        if rows is not None:
            header = header_of(rows, [column.header for column in export.fields])
            dialect = Dialect(encoding_of(source), "", False, header, 0)
            columns = tuple(export.by_header.get(normal_name(name)) for name in header)
            _refuse_doubles(source, dialect, columns)
            return Detected(export, dialect, columns)
    raise FileRefused(
        f"{what_it_is(document)} no export that claimstats knows. See `claimstats formats`.",
        source.path,
    )


def _rows_of(export: Export, document: object) -> list[Row] | None:
    rows = export.flatten(document) if export.flatten else None
    return None if rows is None else list(rows)


def _export_of(names: Iterable[str]) -> Export | None:
    """The export whose signature the header holds; of several, the one that knows most columns."""
    present = {normal_name(name) for name in names}
    fitting = [export for export in TABLES if not export.missing_from(present)]
    return max(fitting, key=lambda export: len(present & set(export.by_header)), default=None)


def _refuse_doubles(source: Source, dialect: Dialect, columns: tuple[Field | None, ...]) -> None:
    counted = Counter(column.header for column in columns if column)
    doubled = [name for name, n in counted.items() if n > 1]
    if doubled:
        raise FileRefused(
            f"the header names {', '.join(doubled)} more than once; which one counts?",
            source.path,
            dialect.header_line,
        )


def _refuse_rows_above(source: Source, detected: Detected) -> None:
    """Refuse a sheet whose header was sorted into its rows: those above it would be passed over."""
    line = find_row_above(source, detected.dialect, detected.keys)
    if line is not None:
        raise FileRefused(
            f"looks like a row, but stands above the header, which is line "
            f"{detected.dialect.header_line}; put the header first.",
            source.path,
            line,
        )


def _unknown(line: str) -> str:
    """Why a file is unknown: its first line, and what the nearest format would still need."""
    splits = [line.split(mark) for mark in "\t,;"]
    present = {normal_name(name.strip('"')) for name in max(splits, key=len)}
    if retired := retired_of(present):
        return _retired(retired)
    nearest = max(TABLES, key=lambda export: len(present & set(export.by_header)))
    known = len(present & set(nearest.by_header))
    shown = line[:SHOWN_OF_UNKNOWN] + ("..." if len(line) > SHOWN_OF_UNKNOWN else "")
    if known < 2:
        return f"is no export that claimstats knows; it begins {shown!r}. See `claimstats formats`."
    missing = ", ".join(nearest.missing_from(present)) or "a quote that belongs to another"
    return f"looks like {nearest.name}, but its header lacks {missing}. See `claimstats formats`."


def _retired(retired: Retired) -> str:
    """What a file is that is known and not read, and what to download in its place."""
    instead = next((e for e in EXPORTS if e.name == retired.instead), None)
    named = f"{instead.title}, from {instead.source}" if instead else retired.instead
    return f"is {retired.title}, which {retired.why}; download {named}, instead."
