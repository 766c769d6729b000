"""What the person who loads a file should know of it, a sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from claimstats.book import Book
from claimstats.finding import quantity
from claimstats.loaders.detect import Detected
from claimstats.loaders.encoding import ends_openly
from claimstats.loaders.mapped import MappedExport, lines_to_add
from claimstats.loaders.personal import what_it_tells
from claimstats.loaders.sources import Source
from claimstats.loaders.spec import Export
from claimstats.loaders.stage import Staged
from claimstats.loaders.upsert import TARGETS, contradicted, count_not_told_again

REASONS_SHOWN = 5
NAMES_SHOWN = 10

IGNORED_FATES = {
    "older": "older than the state the book holds",
    "superseded": "repeated by a later row of the same file",
}


PLURAL = re.compile(r"\b(row|line|record|header|total)s\b")


def notes(
    book: Book,
    source: Source,
    detected: Detected,
    file: dict[str, Any],
    staged: Staged,
    fates: dict[str, int],
) -> Iterator[str]:
    """What is to be told of a file just merged, whose temporary tables are still there."""
    if detected.export.mapping:
        yield f"its columns were read by {detected.export.mapping}."
    if source.passed_over:
        yield "of the zip, not read: " + _listed(source.passed_over) + "."
    yield from staged.assumed
    if detected.export.container == "json":
        yield "a JSON document: a line is the place of a row among those made of it, from 1."
    if detected.dialect.header_line > 1:
        yield f"the header is line {detected.dialect.header_line}; what stands above it is no row."
    if n_kept := detected.dialect.n_kept_quotes:
        rows = quantity(n_kept, "row has")
        yield f"{rows} fields in quotes, read with them: others show them to be signs."
    if because := because_of(staged.ignored, fates):
        yield f"ignored: {because}."
    if fates.get("superseded"):
        yield from _notes_on_contradicted(book, detected.export)
    yield from _notes_on_rejected(book)
    if detected.dialect.sheet is None and ends_openly(source):
        yield "the last line has no end: if the file was cut short, its row lacks something."
    if told_again := staged.equal_rows:
        n_rows, line_no = told_again
        yield (
            f"{quantity(n_rows, 'row equals')} an earlier row, the first in line {line_no}; "
            "each counts, as such rows may be two. If they are not, take them out of the file."
        )
    if tied := fates.get("tied", 0):
        yield (
            f"{quantity(tied, 'row differs')} from a state of the same time that the book held; "
            "what this file says was taken. If it is the older one, give each file its day, by "
            "--pulled-at or in its name."
        )
    if fates.get("older") and file["pulled_at"] is None:
        yield "if this file is newer than what the book holds, load it again with --pulled-at."
    for table in filter(TARGETS.__contains__, detected.export.targets):
        if n_kept := count_not_told_again(book, table):
            rows = quantity(n_kept, "row")
            verb = "is" if n_kept == 1 else "are"
            yield f"{rows} of earlier files on the same claims {verb} not in this one; kept."
    if kept := [name for name in detected.unknown if name not in staged.withheld]:
        yield "unknown columns kept in extra: " + ", ".join(kept) + "."
    if staged.withheld:
        told = ", ".join(
            f"{name} ({what_it_tells(name) or 'perhaps a place'})" for name in staged.withheld
        )
        yield f"not stored, as they may name a person: {told}; --keep-pii keeps them in extra."
    yield from _notes_on_unmapped(book, detected)
    yield from book.columns("SELECT sentence FROM remarks")["sentence"]
    yield from _notes_on_date(source, detected.export, file)
    yield from _notes_on_replacement(book, file)


def _listed(names: Sequence[str]) -> str:
    n_more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {n_more} more" if n_more > 0 else "")


def _notes_on_unmapped(book: Book, detected: Detected) -> Iterator[str]:
    """The values that no rule knows; where a mapping reads the file, the lines to add to it."""
    if isinstance(detected.export, MappedExport):
        yield from lines_to_add(book, detected.export)
        return
    for row in book.rows(
        "SELECT column_name, "
        "string_agg(value || ' (' || n_rows || ')', ', ' ORDER BY n_rows DESC, value) AS shown "
        "FROM unmapped GROUP BY column_name ORDER BY column_name"
    ):
        yield f"{row['column_name']} with values no rule knows, kept raw: {row['shown']}."


def because_of(ignored: dict[str, int], fates: dict[str, int]) -> str:
    """Why records were ignored, with counts; empty where none was."""
    merged = {why: fates.get(fate, 0) for fate, why in IGNORED_FATES.items()}
    told = "; ".join(f"{n} {_for(n, why)}" for why, n in (ignored | merged).items() if n)
    first = fates.get("superseded_line")
    return told + (f" (the first in line {first})" if first else "")


def _for(n: int, why: str) -> str:
    """The reason that begins with what is counted, in the singular where that is one."""
    return PLURAL.sub(r"\1", why, count=1) if n == 1 else why


def _notes_on_contradicted(book: Book, export: Export) -> Iterator[str]:
    """In which columns rows on the same thing differ, named as the file names them."""
    found = contradicted(book, export.targets[0])
    if found is None:
        return
    n_rows, line_no, names = found
    headers = {column.name: column.header for column in export.fields} | {"extra": "own columns"}
    # What is made of a column differs with it, and has no name in the file.
    told = [headers[name] for name in names if name in headers] or names
    yield (
        f"{n_rows} of the repeated rows {'differs' if n_rows == 1 else 'differ'} from the last "
        f"one, the first in line {line_no}, in {_listed(told)}; the last one counts."
    )


def _notes_on_rejected(book: Book) -> Iterator[str]:
    """The commonest reasons for which rows were rejected, each with the first line it stands in."""
    found = book.rows(
        "SELECT reason, count(*) AS n, min(line_no) AS line_no FROM rejected GROUP BY reason "
        f"ORDER BY n DESC, line_no LIMIT {REASONS_SHOWN}"
    )
    for row in found:
        times = f"{row['n']} times, first in line" if row["n"] > 1 else "line"
        yield f"rejected: {row['reason']} ({times} {row['line_no']})."


def _notes_on_date(source: Source, export: Export, file: dict[str, Any]) -> Iterator[str]:
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
    if pulled_at is None and export.tells_states:
        yield (
            "no pull date: decisions first seen in this file have no latest time, and are left out "
            "of durations; load it again with --pulled-at, and next time put the day into its name."
        )


def _notes_on_replacement(book: Book, file: dict[str, Any]) -> Iterator[str]:
    """Which file this one replaced, and which it may be meant to: another pull is none of them."""
    for row in book.rows(
        "SELECT file_id, file_name FROM unloaded_files WHERE replaced_by = $1", [file["file_id"]]
    ):
        yield f"takes the place of file {row['file_id']}, {row['file_name']}, which left the book."
    found = book.rows(
        "SELECT file_id FROM source_files WHERE file_name = $1 AND format = $2 AND sha256 <> $3 "
        "AND (pulled_at = $4 OR pulled_at IS NULL OR $4 IS NULL) ORDER BY file_id",
        [file["file_name"], file["format"], file["sha256"], file["pulled_at"]],
    )
    for row in found:
        yield (
            f"the book holds another content under this name, as file {row['file_id']}; if this "
            f"one corrects it, `--replaces {row['file_id']}` takes the older one out."
        )
