"""The loading protocol: each file whole or not at all, every record accounted for in the ledger.

In order: a private copy and its hash; skipped if the book holds that content; the header; the text
stage; checked casts; newest wins; the ledger; commit. One transaction a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from claimstats import sql
from claimstats.book import Book
from claimstats.errors import FileRefused
from claimstats.loaders.detect import Detected, detect
from claimstats.loaders.sources import Source, find_files, unpacked
from claimstats.loaders.stage import stage
from claimstats.loaders.text import DELIMITERS
from claimstats.loaders.upsert import upsert

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
    """
    for path in paths:
        try:
            for found in find_files([path]):
                yield from _load_path(book, found, pulled_at)
        except FileRefused as refusal:
            yield _refused(refusal, str(path))


def _refused(refusal: FileRefused, path: str) -> FileResult:
    return FileResult(refusal.path or path, None, REFUSED, error=str(refusal))


def _load_path(book: Book, path: Path, pulled_at: datetime | None) -> Iterator[FileResult]:
    try:
        with unpacked(path) as sources:
            for source in sources:
                yield _load_source(book, source, pulled_at)
    except FileRefused as refusal:
        yield _refused(refusal, str(path))


def _load_source(book: Book, source: Source, pulled_at: datetime | None) -> FileResult:
    known = book.rows("SELECT * FROM source_files WHERE sha256 = $1", [source.sha256])
    if known:
        return _already_loaded(source, known[0])
    try:
        detected = detect(source)
        with _clean_temporaries(book), book.transaction():
            return _load_detected(book, source, detected, pulled_at)
    except FileRefused as refusal:
        return _refused(refusal, source.path)
    except _NothingToLoad as nothing:
        return nothing.result


class _NothingToLoad(Exception):
    """Leaves the transaction without a trace of the file."""

    def __init__(self, result: FileResult) -> None:
        self.result = result


def _already_loaded(source: Source, known: dict[str, Any]) -> FileResult:
    held = known["n_inserted"] + known["n_updated"] + known["n_unchanged"]
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
        notes=(f"the same content was loaded as file {known['file_id']}; nothing was done.",),
    )


def _load_detected(
    book: Book, source: Source, detected: Detected, pulled_at: datetime | None
) -> FileResult:
    export = detected.export
    staged = stage(book, source, detected)
    if staged["read"] == staged["blank"]:
        raise _NothingToLoad(
            FileResult(
                source.path, export.name, EMPTY, staged["read"], ignored=staged["blank"],
                notes=("has a header and no rows; nothing was loaded.",),
            )
        )  # fmt: skip
    file = _describe(book, source, detected, pulled_at)
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
    because = "; ".join(f"{n} {IGNORED_BECAUSE[why]}" for why, n in ignored.items() if n)
    _write_ledger(book, file, counts, because)
    return FileResult(
        source.path, export.name, LOADED, **counts,
        encoding=file["encoding"], delimiter=file["delimiter"],
        notes=tuple(_notes(book, file, because)),
    )  # fmt: skip


def _describe(
    book: Book, source: Source, detected: Detected, pulled_at: datetime | None
) -> dict[str, Any]:
    """The file's row of the ledger but for its counts, and ``this_file`` for the mapping to read."""
    earliest, latest = _period(book, detected)
    named = source.pulled_at if latest is None or (source.pulled_at or latest) >= latest else None
    file = {
        "file_id": book.value("SELECT coalesce(max(file_id), 0) + 1 FROM source_files"),
        "sha256": source.sha256,
        "file_name": source.name,
        "path": source.path,
        "format": detected.export.name,
        "encoding": detected.dialect.encoding,
        "delimiter": DELIMITERS[detected.dialect.delimiter],
        "n_columns": len(detected.dialect.header),
        "unknown_columns": list(detected.unknown),
        "pulled_at": pulled_at or named,
        "pulled_basis": "given" if pulled_at else "name" if named else None,
        "period_from": earliest,
        "period_to": latest,
        "n_bytes": source.n_bytes,
    }
    book.execute(
        "CREATE TEMP TABLE this_file AS SELECT CAST($1 AS INTEGER) AS file_id, "
        "CAST($2 AS TIMESTAMP) AS pulled_at, CAST($3 AS TIMESTAMP) AS version_at",
        [file["file_id"], file["pulled_at"], file["pulled_at"] or latest],
    )
    return file


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


def _notes(book: Book, file: dict[str, Any], because: str) -> Iterator[str]:
    if because:
        yield f"ignored: {because}."
    if file["unknown_columns"]:
        yield "unknown columns kept in extra: " + ", ".join(file["unknown_columns"]) + "."
    for row in book.rows(
        "SELECT column_name, string_agg(value || ' (' || n_rows || ')', ', ' ORDER BY n_rows DESC, value) "
        "AS shown FROM unmapped GROUP BY column_name ORDER BY column_name"
    ):
        yield f"{row['column_name']} with values no rule knows, kept raw: {row['shown']}."
    if file["pulled_at"] is None and file["format"] == "amazon_mfn_returns":
        yield (
            "no pull date: decisions first seen in this file have no latest time, and are left out of "
            "durations; put one date into the file's name, or give --pulled-at."
        )


@contextmanager
def _clean_temporaries(book: Book) -> Iterator[None]:
    """Drop the temporary tables that a load leaves, and no others."""
    before = _temporary_tables(book)
    try:
        yield
    finally:
        for name in _temporary_tables(book) - before:
            book.execute(f"DROP TABLE temp.{name}")


def _temporary_tables(book: Book) -> set[str]:
    return set(book.columns("SELECT table_name FROM duckdb_tables() WHERE temporary")["table_name"])
