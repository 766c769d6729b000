"""The loading protocol: each file whole or not at all, every record accounted for in the ledger.

In order: a private copy and its hash; skipped if the book holds that content; the header; the text
stage; checked casts; newest wins; the ledger; commit. One transaction a file, on a connection of
its own, so that temporary tables meet no others and go with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from claimstats import sql
from claimstats.book import Book
from claimstats.errors import BookError, FileRefused, ParameterError
from claimstats.loaders.asked import checked
from claimstats.loaders.containers import parts_of
from claimstats.loaders.detect import Detected, detect, header_of
from claimstats.loaders.fast import Doubtful, is_clean, stream
from claimstats.loaders.known import Known, already_loaded, known_by, what_to_do
from claimstats.loaders.ledger import describe, next_file_id, write_ledger
from claimstats.loaders.notes import because_of, notes
from claimstats.loaders.progress import Listener, Teller
from claimstats.loaders.reading import Reading
from claimstats.loaders.results import EMPTY, LOADED, REFUSED, FileResult
from claimstats.loaders.sources import Source, find_files, pull_day, shown, unpacked
from claimstats.loaders.spec import Export
from claimstats.loaders.stage import Staged, stage
from claimstats.loaders.stamp import stamp_of
from claimstats.loaders.unload import conclude, put_aside
from claimstats.loaders.upsert import TARGETS, upsert

MERGED_FROM = frozenset({"claim_records", "reimbursements", "ledger_lines"})
"""Tables that claims are made of."""

NAMING_FILES = frozenset({"evidence", "file_claims"})
"""Tables that say of files which claim they belong to."""


def load(
    book: Book,
    paths: Iterable[str | Path],
    pulled_at: datetime | None = None,
    reading: Reading | None = None,
    progress: Listener | None = None,
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
    progress
        Is told how far the file in hand is, about every 20,000 rows.

    Yields
    ------
    FileResult
        One per file; a file that is refused is among them, with its error.

    Raises
    ------
    BookError
        The book is open for reading only.
    ParameterError
        What is said of the files is not among what there is.
    """
    if book.read_only:
        raise BookError(f"{book.path}: is open for reading only; open it for writing to load.")
    said = checked(book, reading or Reading())
    if progress is not None:
        said = replace(said, progress=progress)
    if moment := pulled_at or said.pulled_at:
        said = replace(said, pulled_at=_in_utc(moment))
    paths = list(paths)
    if said.replaces is not None:
        _check_only_one(paths)
    for path in paths:
        try:
            for found in find_files([path]):
                yield from _load_path(book, found, said)
        except FileRefused as refusal:
            yield _refused(refusal, path)


def _check_only_one(paths: list[str | Path]) -> None:
    if len(paths) != 1 or Path(paths[0]).is_dir():
        raise ParameterError("one file takes the place of another: name one file, and no folder.")


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _refused(refusal: FileRefused, path: str | Path) -> FileResult:
    return FileResult(refusal.path or shown(path), None, REFUSED, error=str(refusal))


def _load_path(book: Book, path: Path, reading: Reading) -> Iterator[FileResult]:
    stamp = stamp_of(path)
    day = pull_day((path.name,))
    known = known_by(book, "stamp", stamp, reading) if stamp else None
    if known and reading.replaces is None and what_to_do(known, reading, day) is Known.HELD:
        yield already_loaded(shown(path), day, known, reading)
        return
    try:
        with unpacked(path) as sources:
            only = stamp if len(sources) == 1 else None
            if reading.replaces is not None and len(sources) > 1:
                raise FileRefused(
                    f"holds {len(sources)} files, and one takes the place of another; unpack it.",
                    shown(path),
                )
            for source in sources:
                yield from _load_parts(book, replace(source, stamp=only), reading)
    except FileRefused as refusal:
        yield _refused(refusal, path)


def _load_parts(book: Book, source: Source, reading: Reading) -> Iterator[FileResult]:
    """Load a source; of a workbook with several exports each sheet by itself."""
    try:
        for part in parts_of(source, header_of(reading)):
            if part.sheet and reading.replaces is not None:
                raise FileRefused(
                    "has several sheets with an export, and one file takes the place of another; "
                    "save the sheet as a file of its own.",
                    source.path,
                )
            # One stamp cannot stand for the sheets that this load passes over.
            only = replace(part, stamp=None) if part.workbook else part
            yield _load_source(book, only, reading)
    except FileRefused as refusal:
        yield _refused(refusal, source.path)


def _load_source(book: Book, source: Source, reading: Reading) -> FileResult:
    try:
        with book.own_connection() as session:
            known = known_by(session, "sha256", source.sha256, reading)
            todo = what_to_do(known, reading, source.pulled_at) if known else None
            if known and todo is Known.HELD:
                held = known["file_id"]
                with session.transaction():
                    gone = _take_place(session, source, known["format"], held, reading)
                return already_loaded(source.path, source.pulled_at, known, reading, gone)
            old = known["file_id"] if known and todo is Known.ANEW else None
            detected = detect(source, reading)
            if is_clean(source, detected, reading):
                with suppress(Doubtful), session.transaction():
                    return _load_detected(session, source, detected, reading, old, is_streamed=True)
            with session.transaction():
                return _load_detected(session, source, detected, reading, old)
    except FileRefused as refusal:
        return _refused(refusal, source.path)


def _take_place(
    book: Book, source: Source, format_name: str, file_id: int, reading: Reading
) -> int | None:
    """Take out the file whose place this one takes, and give its number; None where it is none.

    Raises
    ------
    FileRefused
        That file is of another kind: its number is mistyped.
    """
    if reading.replaces in (None, file_id):
        return None
    old = book.rows("SELECT * FROM source_files WHERE file_id = $1", [reading.replaces])[0]
    if old["format"] != format_name:
        raise FileRefused(
            f"is {format_name}, and file {reading.replaces} ({old['file_name']}), whose place it "
            f"should take, is {old['format']}; `claimstats loads` lists the files.",
            source.path,
        )
    put_aside(book, old["file_id"], replaced_by=file_id)
    conclude(book)
    return reading.replaces


def _load_detected(
    book: Book,
    source: Source,
    detected: Detected,
    reading: Reading,
    old: int | None,
    is_streamed: bool = False,
) -> FileResult:
    """Load a file; `old` is the number under which the book holds it, where it is read anew."""
    export = detected.export
    file_id = next_file_id(book)
    if old is not None:
        put_aside(book, old, replaced_by=file_id)
        if reading.replaces == old:
            reading = replace(reading, replaces=None)
    teller = Teller(source, detected.dialect.encoding, reading.progress)
    if is_streamed:
        n_rows = source.survey.n_lines - detected.dialect.header_line
        staged = Staged(n_rows, {}, withheld=detected.withheld)
        _take_place(book, source, export.name, file_id, reading)
        teller.reached("checking")
        fates = stream(book, source, detected, file_id, reading)
        rows = f"(FROM history.{export.targets[0]} WHERE file_id = {file_id})"
        file = describe(book, source, detected, file_id, reading, rows)
    else:
        staged = stage(book, source, detected, reading, teller)
        if staged.is_empty and old is not None:
            raise FileRefused(
                f"has no rows as it is read now; file {old}, which is the same, stays as it was.",
                source.path,
            )
        if staged.is_empty:
            return _empty(source, export, staged)
        _take_place(book, source, export.name, file_id, reading)
        file = describe(book, source, detected, file_id, reading)
        teller.reached("merging")
        book.execute(sql.read(export.name, "claimstats.loaders.exports"))
        fates = _merge(book, export.targets)
    counts = _counts(book, staged, fates)
    write_ledger(book, file, counts, because_of(staged.ignored, fates))
    return FileResult(
        source.path, export.name, LOADED, **counts,
        encoding=file["encoding"], delimiter=file["delimiter"],
        notes=tuple(notes(book, source, detected, file, staged, fates)), file_id=file_id,
    )  # fmt: skip


def _empty(source: Source, export: Export, staged: Staged) -> FileResult:
    return FileResult(
        source.path,
        export.name,
        EMPTY,
        staged.read,
        ignored=staged.read,
        notes=("has a header and no rows; nothing was loaded.",),
    )


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
    elif NAMING_FILES & set(targets):
        conclude(book, only=("link_files",))
    return fates
