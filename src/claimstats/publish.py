"""From a book to its report: every finding of the register, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

from claimstats import __version__, analyses, report
from claimstats.book import Book
from claimstats.errors import ClaimstatsError, ParameterError
from claimstats.finding import Column, Finding, Table, quantity, show_value

TITLE = "Claims report"
PAGE_START = b"<!doctype html"
VERSIONS_OF = ("duckdb", "numpy", "scipy", "plotly")

COUNTED = (
    ("claims", "v_claims"),
    ("pieces of evidence", "evidence"),
    ("orders", "orders"),
    ("returns", "returns"),
    ("reimbursements", "reimbursements"),
)

SOURCE_COLUMNS: tuple[tuple[str, Any, str], ...] = (
    ("file_name", "text", "The file's name."),
    ("format", "text", "What it was taken for."),
    ("pulled_at", "time", "When the export was made, as far as known."),
    ("n_read", "count", "Records found."),
    ("n_inserted", "count", "Records new to the book."),
    ("n_updated", "count", "Records that replaced an older state."),
    ("n_unchanged", "count", "Records the book held already."),
    ("n_rejected", "count", "Records refused."),
    ("n_ignored", "count", "Records left out, with a reason."),
    ("sha256", "text", "Hash of the content."),
)


def findings(
    book: Book, *, only: Iterable[str] = (), as_of: datetime | None = None
) -> list[Finding]:
    """Run the analyses of the register, in the report's order.

    Parameters
    ----------
    book
        An open book.
    only
        Names of the analyses to run; all of them unless given.
    as_of
        The cut-off; the book's own unless given.

    Raises
    ------
    ParameterError
        There is no analysis of a name, or the cut-off lies before every event.
    """
    first = book.value("SELECT min(filed_at) FROM v_claims")
    if as_of and first and as_of < first:
        raise ParameterError(
            f"the cut-off {as_of:%Y-%m-%d} lies before the first claim, {first:%Y-%m-%d}."
        )
    chosen = [analyses.analysis(name) for name in only] or analyses.REGISTER
    return [room(book, as_of=as_of) for room in chosen]


def write_report(
    book: Book,
    path: str | Path,
    *,
    only: Iterable[str] = (),
    as_of: datetime | None = None,
    command: str = "",
) -> Path:
    """Write the report of a book as one self-contained HTML file.

    Parameters
    ----------
    book
        An open book.
    path
        The file to write; its folder must exist.
    only
        Names of the analyses to show; all of them unless given.
    as_of
        The cut-off (UTC); the book's own unless given.
    command
        The command that reproduces the file, for its footer.

    Returns
    -------
    Path
        The file written. The same book gives the same bytes.

    Raises
    ------
    ParameterError
        There is no analysis of a name.
    ClaimstatsError
        The file cannot be written.

    Examples
    --------
    >>> import claimstats
    >>> from tempfile import TemporaryDirectory
    >>> with claimstats.open_book() as book, TemporaryDirectory() as folder:
    ...     claimstats.write_report(book, f"{folder}/report.html").name
    'report.html'
    """
    _refuse_to_overwrite(Path(path))
    found = findings(book, only=only, as_of=as_of)
    report.write(path, found, provenance(book, as_of=as_of, command=command))
    return Path(path)


def _refuse_to_overwrite(path: Path) -> None:
    """Keep a mistyped path from destroying a book or an export: only a page may be replaced."""
    if path.is_file() and path.stat().st_size:
        with path.open("rb") as stream:
            start = stream.read(len(PAGE_START))
        if start.lower() != PAGE_START:
            raise ClaimstatsError(f"{path}: exists and is no report; name another file to write.")


def provenance(
    book: Book, *, as_of: datetime | None = None, command: str = ""
) -> report.Provenance:
    """Where a book's numbers come from: its files, counts and doubts, and the versions at work."""
    counts = ((label, book.value(f"SELECT count(*) FROM {table}")) for label, table in COUNTED)
    return report.Provenance(
        title=TITLE,
        as_of=as_of or book.as_of,
        sources=_sources(book),
        notes=tuple(_notes(book)),
        book_counts=tuple((label, show_value(n, "count")) for label, n in counts if n),
        versions={
            "claimstats": __version__,
            "python": python_version(),
            **{name: version(name) for name in VERSIONS_OF},
        },
        command=command,
    )


def _sources(book: Book) -> Table:
    names = ", ".join(name for name, _, _ in SOURCE_COLUMNS)
    found = book.columns(f"SELECT {names} FROM source_files ORDER BY file_id")
    return Table(
        tuple(Column(name, kind, text, tuple(found[name])) for name, kind, text in SOURCE_COLUMNS)
    )


def _notes(book: Book) -> Iterator[str]:
    """What is doubtful about the data, each with its count; nothing where nothing is."""
    rejected = book.rows(
        "SELECT count(*) AS n, count(DISTINCT file_id) AS n_files FROM rejected_rows"
    )[0]
    if rejected["n"]:
        rows, files = quantity(rejected["n"], "row was"), quantity(rejected["n_files"], "file")
        yield (
            f"{rows} rejected in {files}; "
            "the table rejected_rows has each with its line, its reason and its text."
        )
    for row in book.rows(
        "SELECT column_name, string_agg(DISTINCT value, ', ' ORDER BY value) AS shown, "
        "sum(n_rows) AS n FROM unmapped_values GROUP BY column_name ORDER BY column_name"
    ):
        rows = quantity(row["n"], "row has")
        yield f"{rows} a value of {row['column_name']} that no rule knows: {row['shown']}."
    orphans = book.value(
        "SELECT count(*) FROM evidence AS e ANTI JOIN claims AS c USING (program, claim_id)"
    )
    if orphans:
        yield f"{quantity(orphans, 'piece')} of evidence for claims that the book does not hold."
    if without := book.value(
        "SELECT count(*) FROM v_claims WHERE order_id IS NOT NULL AND NOT has_order"
    ):
        yield f"{quantity(without, 'claim names')} an order that the book does not hold."
