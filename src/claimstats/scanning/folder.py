"""A scan: every file of a folder measured, linked to its claim, and accounted for in the ledger.

A scan is a load of one source, the folder: its files are the records, so that the laws of loading
hold for it. Whole or not at all; what it told can be taken out; the same folder again is not new.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from claimstats.book import Book
from claimstats.errors import BookError, FileRefused, check_choice
from claimstats.finding import quantity
from claimstats.loaders.ledger import next_file_id, write_ledger
from claimstats.loaders.results import ALREADY_LOADED, LOADED, FileResult
from claimstats.loaders.sources import shown
from claimstats.loaders.unload import conclude
from claimstats.loaders.upsert import upsert
from claimstats.scanning import documents, pictures
from claimstats.scanning.look import Looked, Row, look
from claimstats.scanning.measures import MEASURED_BY, Measures
from claimstats.scanning.walk import walk

FORMAT = "evidence_scan"
MEASURED = tuple(field.name for field in fields(Measures))
LINKED, UNLINKED = ("mapping", "name", "list"), ("ambiguous", "none")
EXAMPLES = 5

NOT_FOUND = """
    SELECT DISTINCT m.file_name FROM file_claims AS m
    WHERE NOT EXISTS (
        SELECT 1 FROM evidence_files AS f
        WHERE list_last(string_split(lower(nfc_normalize(f.path)), '/'))
            = list_last(string_split(m.file_key, '/'))
    )
    ORDER BY ALL
"""


@dataclass(frozen=True)
class Progress:
    """How far a scan is.

    Parameters
    ----------
    path
        The file in hand.
    n_done
        Files looked at before it.
    n_files
        Files in the folder.
    """

    path: str
    n_done: int
    n_files: int


@dataclass(frozen=True)
class ScanResult:
    """What became of a folder: its files = linked + ambiguous + unlinked + unread + ignored.

    Parameters
    ----------
    load
        The scan as the ledger has it: measured files were inserted, updated or unchanged; those
        that could not be read are its rejected records.
    linked, ambiguous, unlinked
        Measured files that belong to a claim, to several that fit, and to none.
    pieces
        Pieces of evidence known from these files alone.
    copies
        Files whose claim has the same content already.
    unnamed_kinds
        Of these pieces those whose kind nothing tells.
    without_claim
        Linked files whose claim, by files.csv, the book does not hold.
    not_found
        Files that files.csv names and no scan found.
    ambiguous_files
        The first ambiguous files, each with what fits.
    unlinked_files
        The first files of no claim.
    """

    load: FileResult
    linked: int
    ambiguous: int
    unlinked: int
    pieces: int
    copies: int
    unnamed_kinds: int
    without_claim: int
    not_found: tuple[str, ...]
    ambiguous_files: tuple[tuple[str, str], ...] = ()
    unlinked_files: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The result as a dictionary, ready for JSON."""
        return {**asdict(self), "load": self.load.to_dict()}


def scan(
    book: Book,
    folder: str | Path,
    program: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> ScanResult:
    """Measure the photos, PDFs and videos of a folder, and link them to claims.

    Parameters
    ----------
    book
        A book open for writing.
    folder
        The folder; links in it are not followed.
    program
        The program of its claims, where an id or an order alone could be several programs'.
    progress
        Is told of each file before it is looked at.

    Raises
    ------
    BookError
        The book is open for reading only.
    FileRefused
        There is no such folder, or it holds nothing that could be evidence.
    MissingExtra
        The packages that measure are not installed.
    ParameterError
        There is no such program.
    """
    if book.read_only:
        raise BookError(f"{book.path}: is open for reading only; open it for writing to scan.")
    pictures.check_installed()
    documents.check_installed()
    if program is not None:
        known = book.columns("SELECT program FROM programs ORDER BY 1")["program"]
        check_choice("the claims cannot be of program", program, known)
    root = Path(folder).resolve()
    looked = _look_at_all(root, _known(book), progress)
    digest = _digest(looked, program)
    latest = book.rows(
        "SELECT * FROM source_files WHERE format = $1 AND path = $2 ORDER BY file_id DESC LIMIT 1",
        [FORMAT, shown(root)],
    )
    if latest and latest[0]["sha256"] == digest:
        return _result(book, _already(latest[0]))
    with book.own_connection() as session, session.transaction():
        loaded = _load(session, root, looked, digest, program)
    return _result(book, loaded)


def _known(book: Book) -> dict[str, Row]:
    """Measures that the book holds, by the hash of what was measured."""
    rows = book.rows(
        f"SELECT sha256, {', '.join(MEASURED)} FROM history.evidence_files WHERE measured_by = $1",
        [MEASURED_BY],
    )
    return {row.pop("sha256"): row for row in rows}


def _look_at_all(
    root: Path, known: dict[str, Row], progress: Callable[[Progress], None] | None
) -> list[Looked]:
    found = walk(root)
    looked = []
    for n_done, each in enumerate(found):
        if progress:
            progress(Progress(shown(each.path), n_done, len(found)))
        looked.append(look(each, known))
    if all(each.ignored for each in looked):
        others = f": {_why_ignored(looked)}" if looked else ""
        raise FileRefused(f"the folder holds no photo, PDF or video{others}.", shown(root))
    return looked


def _digest(looked: Iterable[Looked], program: str | None) -> str:
    """What the folder holds: the same again needs no second load."""
    told = [
        (each.path, each.row["sha256"] if each.row else each.fault or each.ignored)
        for each in looked
    ]
    return sha256(json.dumps([MEASURED_BY, program, told]).encode()).hexdigest()


def _load(
    book: Book, root: Path, looked: Sequence[Looked], digest: str, program: str | None
) -> FileResult:
    file_id = next_file_id(book)
    _stage(book, root, looked, file_id, program)
    n_gone = book.value(
        "SELECT count(*) FROM evidence_files AS f "
        "ANTI JOIN incoming_evidence_files AS i USING (folder, path) WHERE f.folder = $1",
        [str(root)],
    )
    fates = upsert(book, "evidence_files")
    counts: dict[str, Any] = {
        "read": len(looked),
        **{fate: fates.get(fate, 0) for fate in ("inserted", "updated", "unchanged")},
        "rejected": sum(each.fault is not None for each in looked),
        "ignored": sum(each.ignored is not None for each in looked),
    }
    ignored_why = _why_ignored(looked)
    write_ledger(book, _ledger_row(root, looked, digest, file_id), counts, ignored_why)
    conclude(book, only=("link_files",))
    return FileResult(
        shown(root), FORMAT, LOADED, **counts, file_id=file_id,
        notes=tuple(_notes(ignored_why, n_gone)),
    )  # fmt: skip


def _ledger_row(root: Path, looked: Iterable[Looked], digest: str, file_id: int) -> dict[str, Any]:
    return {
        "file_id": file_id,
        "sha256": digest,
        "file_name": shown(root.name),
        "path": shown(root),
        "format": FORMAT,
        "encoding": "bytes",
        "delimiter": "files",
        "n_columns": len(MEASURED),
        "unknown_columns": [],
        "n_bytes": sum(each.row["n_bytes"] for each in looked if each.row),
    }


def _why_ignored(looked: Iterable[Looked]) -> str:
    counted = Counter(each.ignored for each in looked if each.ignored)
    return "; ".join(f"{why}: {n:,}" for why, n in sorted(counted.items()))


def _notes(ignored_why: str, n_gone: int) -> Iterable[str]:
    if ignored_why:
        yield f"ignored: {ignored_why}."
    if n_gone:
        are = "is" if n_gone == 1 else "are"
        yield (
            f"{quantity(n_gone, 'file')} that an earlier scan found {are} not there now; what was "
            "measured stays, as what was sent was sent: `claimstats unload` takes an earlier scan "
            "out."
        )


def _stage(
    book: Book, root: Path, looked: Sequence[Looked], file_id: int, program: str | None
) -> None:
    """Make the temporary tables that the ledger and the merge read."""
    import pyarrow as pa

    book.execute(
        "CREATE OR REPLACE TEMP TABLE incoming_evidence_files AS "
        "SELECT * EXCLUDE (is_current) FROM history.evidence_files LIMIT 0;"
        "CREATE OR REPLACE TEMP TABLE rejected "
        "(line_no BIGINT, column_name VARCHAR, reason VARCHAR, raw_text VARCHAR);"
        "CREATE OR REPLACE TEMP TABLE unmapped (column_name VARCHAR, value VARCHAR, n_rows BIGINT);"
        f"CREATE OR REPLACE TEMP TABLE this_file AS SELECT {int(file_id)} AS file_id"
    )
    same = {"folder": str(root), "file_id": file_id, "said_program": program}
    rows = [
        {**each.row, **same, "line_no": place} for place, each in enumerate(looked, 1) if each.row
    ]
    faults = [
        {"line_no": place, "reason": each.fault, "raw_text": shown(each.path)}
        for place, each in enumerate(looked, 1)
        if each.fault
    ]
    for table, listed in (("incoming_evidence_files", rows), ("rejected", faults)):
        if listed:
            book.connection.register("listed", pa.Table.from_pylist(listed))
            book.execute(f"INSERT INTO {table} BY NAME SELECT * FROM listed")
            book.connection.unregister("listed")


def _already(known: dict[str, Any]) -> FileResult:
    n_measured = known["n_inserted"] + known["n_updated"] + known["n_unchanged"]
    return FileResult(
        known["path"], FORMAT, ALREADY_LOADED, known["n_read"], unchanged=n_measured,
        rejected=known["n_rejected"], ignored=known["n_ignored"], file_id=known["file_id"],
        notes=(f"the folder is as scan {known['file_id']} found it; nothing was done.",),
    )  # fmt: skip


def _result(book: Book, load: FileResult) -> ScanResult:
    links = book.rows(
        "SELECT link_method, count(DISTINCT line_no) AS n, "
        "count(*) FILTER (piece = 'new') AS n_new, "
        "count(DISTINCT line_no) FILTER (piece = 'copy') AS n_copies, "
        "count(*) FILTER (piece = 'new' AND kind IS NULL) AS n_unnamed "
        "FROM evidence_links WHERE file_id = $1 GROUP BY link_method",
        [load.file_id],
    )
    n = {row["link_method"]: row["n"] for row in links}
    examples = {
        method: book.rows(
            "SELECT path, any_value(candidates) AS candidates FROM v_evidence_files "
            "WHERE file_id = $1 AND link_method = $2 GROUP BY path ORDER BY path LIMIT $3",
            [load.file_id, method, EXAMPLES],
        )
        for method in UNLINKED
    }
    return ScanResult(
        load,
        linked=sum(n.get(method, 0) for method in LINKED),
        ambiguous=n.get("ambiguous", 0),
        unlinked=n.get("none", 0),
        pieces=sum(row["n_new"] for row in links),
        copies=sum(row["n_copies"] for row in links),
        unnamed_kinds=sum(row["n_unnamed"] for row in links),
        without_claim=book.value(
            "SELECT count(DISTINCT l.line_no) FROM evidence_links AS l "
            "ANTI JOIN claims AS c USING (program, claim_id) "
            "WHERE l.file_id = $1 AND l.claim_id IS NOT NULL",
            [load.file_id],
        ),
        not_found=tuple(map(shown, book.columns(NOT_FOUND)["file_name"])),
        ambiguous_files=tuple(
            (shown(row["path"]), row["candidates"] or "ids of different claims")
            for row in examples["ambiguous"]
        ),
        unlinked_files=tuple(shown(row["path"]) for row in examples["none"]),
    )
