"""Which export a file is, told by its header alone, never by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from claimstats.errors import FileRefused
from claimstats.loaders.exports import EXPORTS
from claimstats.loaders.mapped import MappedExport
from claimstats.loaders.reading import Reading
from claimstats.loaders.sources import Source
from claimstats.loaders.spec import Export, Field, normal_name
from claimstats.loaders.text import (
    Dialect,
    find_encoding,
    find_header,
    find_row_above,
    first_line,
)

SHOWN_OF_UNKNOWN = 120


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
        above it.
    """
    encoding = find_encoding(source)
    mapped = reading.mapped if reading else None
    if isinstance(mapped, MappedExport):
        dialect: Dialect | None = _mapped_dialect(source, encoding, mapped)
        export: Export | None = mapped
    else:
        dialect = find_header(source, encoding, lambda names: _export_of(names) is not None)
        export = _export_of(dialect.header) if dialect else None
    if dialect is None or export is None:
        raise FileRefused(_unknown(first_line(source, encoding)), source.path)
    columns = export.columns_of(dialect.header)
    _refuse_doubles(source, dialect, columns)
    detected = Detected(export, dialect, columns)
    _refuse_rows_above(source, detected)
    return detected


def _mapped_dialect(source: Source, encoding: str, mapped: MappedExport) -> Dialect:
    """The dialect of a file that has the columns which a mapping names."""
    seen: list[list[str]] = []

    def is_header(names: list[str]) -> bool:
        seen.append(names)
        return not mapped.lacking(names)

    dialect = find_header(source, encoding, is_header)
    if dialect is None:
        raise FileRefused(mapped.why_not(seen), source.path)
    return dialect


def _export_of(names: Iterable[str]) -> Export | None:
    """The export whose signature the header holds; of several, the one that knows most columns."""
    present = {normal_name(name) for name in names}
    fitting = [export for export in EXPORTS if not export.missing_from(present)]
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
    line = find_row_above(source, detected.dialect, detected.marks)
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
    nearest = max(EXPORTS, key=lambda export: len(present & set(export.by_header)))
    known = len(present & set(nearest.by_header))
    shown = line[:SHOWN_OF_UNKNOWN] + ("..." if len(line) > SHOWN_OF_UNKNOWN else "")
    if known < 2:
        return f"is no export that claimstats knows; it begins {shown!r}. See `claimstats formats`."
    missing = ", ".join(nearest.missing_from(present)) or "a quote that belongs to another"
    return f"looks like {nearest.name}, but its header lacks {missing}. See `claimstats formats`."
