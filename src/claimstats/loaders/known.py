"""What the book holds of a file already, and what is to be done with the file then."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from claimstats.book import Book
from claimstats.loaders.reading import Reading
from claimstats.loaders.results import ALREADY_LOADED, FileResult


class Known(Enum):
    """What becomes of a file whose content the book holds."""

    HELD = "nothing is to be done"
    ANEW = "it is read anew, and takes its own place"
    LATER = "it was pulled again later, and is another file with the same content"


def known_by(book: Book, column: str, value: str, reading: Reading) -> dict[str, Any] | None:
    """The latest row of the ledger with a hash or a stamp; of several mappings that of the same."""
    mapped = reading.mapped.name if reading.mapped else None
    found = book.rows(
        f"SELECT * FROM source_files WHERE {column} = $1 AND format = coalesce($2, format) "
        "ORDER BY pulled_at DESC NULLS LAST, file_id DESC LIMIT 1",
        [value, mapped],
    )
    return found[0] if found else None


def what_to_do(known: dict[str, Any], reading: Reading, named_day: datetime | None) -> Known:
    """What is to be done with a file, by what the user says of it and the day in its name."""
    if reading.replaces == known["file_id"] or not _is_mapped_alike(known, reading):
        return Known.ANEW
    if known["pulled_at"] is None:
        return Known.ANEW if reading.pulled_at else Known.HELD
    day = named_day or reading.pulled_at
    return Known.LATER if day is not None and day > known["pulled_at"] else Known.HELD


def _is_mapped_alike(known: dict[str, Any], reading: Reading) -> bool:
    if reading.mapped is None:
        return True
    held = (known["mapping"] or "").rpartition(" ")[2]
    return bool(held == reading.mapped.mapping.rpartition(" ")[2])


def already_loaded(
    path: str,
    named_day: datetime | None,
    known: dict[str, Any],
    reading: Reading,
    taken_out: int | None = None,
) -> FileResult:
    """The result of a file with which nothing is to be done."""
    number = known["file_id"]
    done = f"file {taken_out} was taken out" if taken_out else "nothing was done"
    note = f"the same content was loaded as file {number}; {done}."
    if named_day and not known["pulled_at"]:
        note += " Its day was not known then: --pulled-at tells it."
    if _says_how_to_read(reading):
        note += f" It stays read as it was then; --replaces {number} reads it anew."
    return FileResult(
        path,
        known["format"],
        ALREADY_LOADED,
        read=known["n_read"],
        unchanged=known["n_inserted"] + known["n_updated"] + known["n_unchanged"],
        rejected=known["n_rejected"],
        ignored=known["n_ignored"],
        encoding=known["encoding"],
        delimiter=known["delimiter"],
        notes=(note,),
        file_id=number,
    )


def _says_how_to_read(reading: Reading) -> bool:
    said = (reading.encoding, reading.delimiter, reading.format, reading.marketplace)
    return any((*said, reading.decimal, reading.keep_pii))
