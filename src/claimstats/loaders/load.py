"""The loading protocol: each file whole or not at all, every record accounted for in the ledger.

In order: a private copy and its hash; skipped if the book holds that content; the header; the text
stage; checked casts; newest wins; the ledger; commit. One transaction a file, on a connection of
its own, so that temporary tables meet no others and go with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeGuard

from claimstats import sql
from claimstats.book import Book
from claimstats.errors import BookError, FileRefused
from claimstats.loaders.detect import Detected, detect
from claimstats.loaders.sources import Source, find_files, shown, unpacked
from claimstats.loaders.stage import stage
from claimstats.loaders.text import DELIMITERS
from claimstats.loaders.upsert import TARGETS, count_not_told_again, upsert

REASONS_SHOWN = 5

LOCAL_DAY_ENDS = timedelta(hours=14)
"""A day that has ended in UTC may go on elsewhere: at most 12 hours, and two for late answers."""

FEW_ROWS = 0.05
"""The share of rows later than the day in the name that are taken for mistyped dates."""

LOADED, ALREADY_LOADED, EMPTY, REFUSED = "loaded", "already_loaded", "empty", "refused"

COUNTED = ("read", "inserted", "updated", "unchanged", "rejected", "ignored")

IGNORED_BECAUSE = {
    "blank": "blank lines",
    "older": "older than the state the book holds",
    "superseded": "repeated by a later row of the same file",
}


@dataclass(frozen=True)
class FileResult:
    """What became of one file.

    Parameters
    ----------
    path
        The path as it was named; ``archive.zip!member`` for a member of a zip.
    format
        What the file was taken for; None when it was refused.
    status
        ``loaded``, ``already_loaded`` (the same content is in the book), ``empty`` (a header
        without rows) or ``refused``.
    read, inserted, updated, unchanged, rejected, ignored
        Records; the first is the sum of the others.
    encoding, delimiter
        How the file was read.
    notes
        What the reader should know, a sentence each.
    error
        Why the file was refused.
    """

    path: str
    format: str | None
    status: str
    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    ignored: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    notes: tuple[str, ...] = field(default=())
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The result as a dictionary, ready for JSON."""
        return {**asdict(self), "notes": list(self.notes)}


def load(
    book: Book, paths: Iterable[str | Path], pulled_at: datetime | None = None
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
    given = pulled_at.astimezone(UTC).replace(tzinfo=None) if _has_zone(pulled_at) else pulled_at
    for path in paths:
        try:
            for found in find_files([path]):
                yield from _load_path(book, found, given)
        except FileRefused as refusal:
            yield _refused(refusal, path)


def _has_zone(moment: datetime | None) -> TypeGuard[datetime]:
    return moment is not None and moment.tzinfo is not None


def _refused(refusal: FileRefused, path: str | Path) -> FileResult:
    return FileResult(refusal.path or shown(path), None, REFUSED, error=str(refusal))


def _load_path(book: Book, path: Path, pulled_at: datetime | None) -> Iterator[FileResult]:
    try:
        with unpacked(path) as sources:
            for source in sources:
                yield _load_source(book, source, pulled_at)
    except FileRefused as refusal:
        yield _refused(refusal, path)


def _load_source(book: Book, source: Source, pulled_at: datetime | None) -> FileResult:
    try:
        with _own_connection(book) as session:
            known = session.rows("SELECT * FROM source_files WHERE sha256 = $1", [source.sha256])
            if known and (known[0]["pulled_at"] or not pulled_at):
                return _already_loaded(source, known[0])
            detected = detect(source)
            with session.transaction():
                file_id = _forget(session, known[0]) if known else _next_file_id(session)
                return _load_detected(session, source, detected, file_id, pulled_at)
    except FileRefused as refusal:
        return _refused(refusal, source.path)


def _next_file_id(book: Book) -> int:
    return int(book.value("SELECT coalesce(max(file_id), 0) + 1 FROM source_files"))


def _forget(book: Book, known: dict[str, Any]) -> int:
    """Take a file without a pull date out of the ledger, to be loaded anew now that it has one."""
    for table in ("source_files", "rejected_rows", "unmapped_values", "claim_snapshots"):
        book.execute(f"DELETE FROM {table} WHERE file_id = $1", [known["file_id"]])
    return int(known["file_id"])


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
    )


def _load_detected(
    book: Book, source: Source, detected: Detected, file_id: int, pulled_at: datetime | None
) -> FileResult:
    export = detected.export
    staged = stage(book, source, detected)
    if staged["read"] == staged["blank"]:
        return FileResult(
            source.path, export.name, EMPTY, staged["read"], ignored=staged["blank"],
            notes=("has a header and no rows; nothing was loaded.",),
        )  # fmt: skip
    file = _describe(book, source, detected, file_id, pulled_at)
    book.execute(sql.read(export.name, "claimstats.loaders.exports"))
    fates = _merge(book, export.targets)
    rejected = book.value("SELECT count(*) FROM rejected")
    ignored = {"blank": staged["blank"]} | {k: fates.get(k, 0) for k in ("older", "superseded")}
    counts = {
        "read": staged["read"],
        **{fate: fates.get(fate, 0) for fate in ("inserted", "updated", "unchanged")},
        "rejected": rejected,
        "ignored": sum(ignored.values()),
    }
    _write_ledger(book, file, counts, _because(ignored))
    return FileResult(
        source.path, export.name, LOADED, **counts,
        encoding=file["encoding"], delimiter=file["delimiter"],
        notes=tuple(_notes(book, source, detected, file, ignored, fates.get("tied", 0))),
    )  # fmt: skip


def _describe(
    book: Book, source: Source, detected: Detected, file_id: int, pulled_at: datetime | None
) -> dict[str, Any]:
    """The file's row of the ledger but for its counts; the mapping reads ``this_file``."""
    earliest, latest = _period(book, detected)
    named = _named_day(book, source, detected, latest)
    file = {
        "file_id": file_id,
        "sha256": source.sha256,
        "file_name": source.name,
        "path": source.path,
        "format": detected.export.name,
        "encoding": detected.dialect.encoding,
        "delimiter": DELIMITERS[detected.dialect.delimiter],
        "n_columns": len(detected.dialect.header),
        "unknown_columns": list(detected.unknown),
        "pulled_at": named or pulled_at,
        "pulled_basis": "name" if named else "given" if pulled_at else None,
        "period_from": earliest,
        "period_to": latest,
        "n_bytes": source.n_bytes,
    }
    book.execute(
        "CREATE TEMP TABLE this_file AS SELECT CAST($1 AS INTEGER) AS file_id, "
        "CAST($2 AS TIMESTAMP) AS pulled_at, CAST($3 AS TIMESTAMP) AS version_at",
        [file["file_id"], file["pulled_at"], file["pulled_at"] or _not_in_the_future(latest)],
    )
    return file


def _not_in_the_future(latest: datetime | None) -> datetime | None:
    """The file's latest event, by which its rows are older or newer than others.

    A mistyped year would make a file newer than every later one; no event lies beyond today.
    """
    return latest and min(latest, datetime.now(UTC).replace(tzinfo=None))


def _named_day(
    book: Book, source: Source, detected: Detected, latest: datetime | None
) -> datetime | None:
    """When the export was made, by the day in its name; None where the rows belie that day.

    An export cannot tell of what happened after it was made. A day in a name is local, so rows may
    run into the next day; a few rows far beyond it are mistyped, many mean that it is another day.
    """
    day = source.pulled_at
    if day is None or latest is None or latest <= day:
        return day
    if latest <= day + LOCAL_DAY_ENDS:
        return latest
    ends = ", ".join(detected.export.events)
    later = book.value(
        f"SELECT avg(CASE WHEN greatest({ends}) > $1 THEN 1.0 ELSE 0.0 END) FROM typed",
        [day + LOCAL_DAY_ENDS],
    )
    return day if later <= FEW_ROWS else None


def _period(book: Book, detected: Detected) -> tuple[datetime | None, datetime | None]:
    names = detected.export.events
    if not names:
        return None, None
    ends = ", ".join(names)
    row = book.rows(
        f"SELECT min(least({ends})) AS earliest, max(greatest({ends})) AS latest FROM typed"
    )[0]
    return row["earliest"], row["latest"]


def _merge(book: Book, targets: tuple[str, ...]) -> dict[str, int]:
    """Merge every table the file fills; the fates of its records are those in the first."""
    fates: dict[str, int] = {}
    for target in targets:
        if target == "claim_snapshots":
            book.execute("INSERT INTO claim_snapshots BY NAME FROM incoming_claim_snapshots")
        else:
            merged = upsert(book, target)
            fates = fates or merged
    if {"claim_records", "reimbursements"} & set(targets):
        book.execute(sql.read("merge_claims", "claimstats.loaders"))
    return fates


def _write_ledger(book: Book, file: dict[str, Any], counts: dict[str, int], because: str) -> None:
    row = {
        **file,
        **{f"n_{name}": counts[name] for name in COUNTED},
        "ignored_why": because,
        "loaded_at": datetime.now(UTC).replace(tzinfo=None),
    }
    names = ", ".join(row)
    marks = ", ".join(f"${name}" for name in row)
    # The table's CHECK refuses a file whose records are not all accounted for.
    book.execute(f"INSERT INTO source_files ({names}) VALUES ({marks})", row)
    book.execute(
        "INSERT INTO rejected_rows BY NAME SELECT file_id, rejected.* FROM rejected, this_file "
        "ORDER BY line_no"
    )
    book.execute(
        "INSERT INTO unmapped_values BY NAME SELECT file_id, unmapped.* FROM unmapped, this_file"
    )


def _because(ignored: dict[str, int]) -> str:
    return "; ".join(f"{n} {IGNORED_BECAUSE[why]}" for why, n in ignored.items() if n)


def _notes(
    book: Book,
    source: Source,
    detected: Detected,
    file: dict[str, Any],
    ignored: dict[str, int],
    tied: int,
) -> Iterator[str]:
    if detected.dialect.header_line > 1:
        yield f"the header is line {detected.dialect.header_line}; nothing above it was read."
    if n_kept := detected.dialect.n_kept_quotes:
        yield f"{n_kept} rows have fields in quotes, read with them: others show them to be signs."
    if because := _because(ignored):
        yield f"ignored: {because}."
    yield from _notes_on_rejected(book)
    if tied:
        yield (
            f"{tied} rows differ from a state of the same time that the book held; those of this "
            "file were taken. If it is the older one, give each file its day, by --pulled-at or in "
            "its name."
        )
    if ignored["older"] and file["pulled_at"] is None:
        yield "if this file is newer than what the book holds, load it again with --pulled-at."
    for table in filter(TARGETS.__contains__, detected.export.targets):
        if n_kept := count_not_told_again(book, table):
            yield f"{n_kept} rows of earlier files on the same claims are not in this one; kept."
    if detected.unknown:
        yield "unknown columns kept in extra: " + ", ".join(detected.unknown) + "."
    for row in book.rows(
        "SELECT column_name, "
        "string_agg(value || ' (' || n_rows || ')', ', ' ORDER BY n_rows DESC, value) AS shown "
        "FROM unmapped GROUP BY column_name ORDER BY column_name"
    ):
        yield f"{row['column_name']} with values no rule knows, kept raw: {row['shown']}."
    yield from _notes_on_date(source, file)


def _notes_on_rejected(book: Book) -> Iterator[str]:
    """The commonest reasons for which rows were rejected, each with the first line it stands in."""
    found = book.rows(
        "SELECT reason, count(*) AS n, min(line_no) AS line_no FROM rejected GROUP BY reason "
        f"ORDER BY n DESC, line_no LIMIT {REASONS_SHOWN}"
    )
    for row in found:
        times = f"{row['n']} times, first in line" if row["n"] > 1 else "line"
        yield f"rejected: {row['reason']} ({times} {row['line_no']})."


def _notes_on_date(source: Source, file: dict[str, Any]) -> Iterator[str]:
    """What is doubtful about the day the export was made."""
    latest, pulled_at = file["period_to"], file["pulled_at"]
    if source.pulled_at is not None and file["pulled_basis"] != "name":
        yield (
            f"the day in the name is not taken for the pull date: many rows are later, up to "
            f"{latest:%Y-%m-%d %H:%M} UTC; give it with --pulled-at."
        )
    if pulled_at is not None and latest is not None and pulled_at < latest:
        yield (
            f"the pull date is before the latest event, {latest:%Y-%m-%d %H:%M} UTC; is one of the "
            "dates mistyped?"
        )
    if pulled_at is None and file["format"] == "amazon_mfn_returns":
        yield (
            "no pull date: decisions first seen in this file have no latest time, and are left out "
            "of durations; load it again with --pulled-at, and next time put the day into its name."
        )
