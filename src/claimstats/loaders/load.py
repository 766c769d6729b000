"""The loading protocol: each file whole or not at all, every record accounted for in the ledger.

In order: a private copy and its hash; skipped if the book holds that content; the header; the text
stage; checked casts; newest wins; the ledger; commit. One transaction a file, on a connection of
its own, so that temporary tables meet no others and go with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from claimstats import sql
from claimstats.book import Book
from claimstats.errors import BookError, FileRefused
from claimstats.loaders.detect import Detected, detect
from claimstats.loaders.ledger import describe, next_file_id, write_ledger
from claimstats.loaders.notes import because_of, notes
from claimstats.loaders.reading import Reading
from claimstats.loaders.results import ALREADY_LOADED, EMPTY, LOADED, REFUSED, FileResult
from claimstats.loaders.sources import Source, find_files, shown, unpacked
from claimstats.loaders.stage import Staged, stage
from claimstats.loaders.unload import conclude, forget
from claimstats.loaders.upsert import TARGETS, upsert

MERGED_FROM = frozenset({"claim_records", "reimbursements", "ledger_lines"})
"""Tables that claims are made of."""


def load(
    book: Book,
    paths: Iterable[str | Path],
    pulled_at: datetime | None = None,
    reading: Reading | None = None,
) -> Iterator[FileResult]:
    """Load files and folders one after the other, each file whole or not at all.

    Parameters
    ----------
    book
        An open book with its tables.
    paths
        Files and folders.
    pulled_at
        When the exports were made (UTC), for files whose name does not carry the day.
    reading
        What else the user says of the files; by default each file tells it itself.

    Yields
    ------
    FileResult
        One per file; a file that is refused is among them, with its error.

    Raises
    ------
    BookError
        The book is open for reading only.
    """
    if book.read_only:
        raise BookError(f"{book.path}: is open for reading only; open it for writing to load.")
    said = reading or Reading()
    if pulled_at is not None:
        said = replace(said, pulled_at=_in_utc(pulled_at))
    for path in paths:
        try:
            for found in find_files([path]):
                yield from _load_path(book, found, said)
        except FileRefused as refusal:
            yield _refused(refusal, path)


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _refused(refusal: FileRefused, path: str | Path) -> FileResult:
    return FileResult(refusal.path or shown(path), None, REFUSED, error=str(refusal))


def _load_path(book: Book, path: Path, reading: Reading) -> Iterator[FileResult]:
    try:
        with unpacked(path) as sources:
            for source in sources:
                yield _load_source(book, source, reading)
    except FileRefused as refusal:
        yield _refused(refusal, path)


def _load_source(book: Book, source: Source, reading: Reading) -> FileResult:
    try:
        with _own_connection(book) as session:
            known = _known(session, source, reading)
            if known and _is_read_alike(known[0], reading):
                return _already_loaded(source, known[0])
            detected = detect(source, reading)
            with session.transaction():
                if known:  # its day is known now, or another mapping reads it: it is loaded anew
                    forget(session, known[0]["file_id"])
                file_id = known[0]["file_id"] if known else next_file_id(session)
                return _load_detected(session, source, detected, file_id, reading)
    except FileRefused as refusal:
        return _refused(refusal, source.path)


def _known(book: Book, source: Source, reading: Reading) -> list[dict[str, Any]]:
    """The file's row of the ledger; a sheet may be mapped to several trackers, each with a row."""
    mapped = reading.mapped
    return book.rows(
        "SELECT * FROM source_files WHERE sha256 = $1 AND format = coalesce($2, format)",
        [source.sha256, mapped.name if mapped else None],
    )


def _is_read_alike(known: dict[str, Any], reading: Reading) -> bool:
    """Whether loading a file again would find what the book holds of it."""
    mapped = reading.mapped
    is_mapped_alike = mapped is None or (
        known["mapping"] is not None
        and known["mapping"].rpartition(" ")[2] == mapped.mapping.rpartition(" ")[2]
    )
    return is_mapped_alike and bool(known["pulled_at"] or not reading.pulled_at)


@contextmanager
def _own_connection(book: Book) -> Iterator[Book]:
    """The same book on a second connection, whose temporary tables and macros are its own."""
    session = copy(book)
    session.connection = book.connection.cursor()
    try:
        session.execute("SET TimeZone = 'UTC'")
        yield session
    finally:
        session.close()


def _already_loaded(source: Source, known: dict[str, Any]) -> FileResult:
    held = known["n_inserted"] + known["n_updated"] + known["n_unchanged"]
    note = f"the same content was loaded as file {known['file_id']}; nothing was done."
    if source.pulled_at and not known["pulled_at"]:
        note += " Its day was not known then: --pulled-at tells it."
    return FileResult(
        source.path,
        known["format"],
        ALREADY_LOADED,
        read=known["n_read"],
        unchanged=held,
        rejected=known["n_rejected"],
        ignored=known["n_ignored"],
        encoding=known["encoding"],
        delimiter=known["delimiter"],
        notes=(note,),
        file_id=known["file_id"],
    )


def _load_detected(
    book: Book, source: Source, detected: Detected, file_id: int, reading: Reading
) -> FileResult:
    export = detected.export
    staged = stage(book, source, detected, reading)
    if staged.is_empty:
        return FileResult(
            source.path, export.name, EMPTY, staged.read, ignored=staged.read,
            notes=("has a header and no rows; nothing was loaded.",),
        )  # fmt: skip
    file = describe(book, source, detected, file_id, reading)
    book.execute(sql.read(export.name, "claimstats.loaders.exports"))
    fates = _merge(book, export.targets)
    counts = _counts(book, staged, fates)
    write_ledger(book, file, counts, because_of(staged.ignored, fates))
    return FileResult(
        source.path, export.name, LOADED, **counts,
        encoding=file["encoding"], delimiter=file["delimiter"],
        notes=tuple(notes(book, source, detected, file, staged, fates)), file_id=file_id,
    )  # fmt: skip


def _counts(book: Book, staged: Staged, fates: dict[str, int]) -> dict[str, Any]:
    left_out = sum(staged.ignored.values()) + sum(fates.get(f, 0) for f in ("older", "superseded"))
    return {
        "read": staged.read,
        **{fate: fates.get(fate, 0) for fate in ("inserted", "updated", "unchanged")},
        "rejected": book.value("SELECT count(*) FROM rejected"),
        "ignored": left_out,
    }


def _merge(book: Book, targets: tuple[str, ...]) -> dict[str, int]:
    """Merge every table the file fills; the fates of its records are those in the first."""
    fates: dict[str, int] = {}
    for target in targets:
        if target in TARGETS:
            merged = upsert(book, target)
            fates = fates or merged
        else:
            book.execute(f"INSERT INTO {target} BY NAME FROM incoming_{target}")
    if MERGED_FROM & set(targets):
        conclude(book)
    return fates
