"""Where a book's numbers come from: its files, its counts, its doubts, the versions at work."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from platform import python_version
from typing import Any

from claimstats import __version__, checks, report
from claimstats.book import Book
from claimstats.finding import Column, Table, quantity, show_value
from claimstats.publish.choice import EVERYTHING_THERE_IS, PLAIN, Choice, Look
from claimstats.selection import Selection

TITLE = "Claims report"
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


def provenance(
    book: Book,
    choice: Choice = EVERYTHING_THERE_IS,
    look: Look = PLAIN,
) -> report.Provenance:
    """Where a book's numbers come from: its files, counts and doubts, and the versions at work."""
    counts = ((label, book.value(f"SELECT count(*) FROM {table}")) for label, table in COUNTED)
    return report.Provenance(
        title=look.title or TITLE,
        logo=report.picture(look.logo) if look.logo else "",
        theme=look.theme,
        as_of=choice.as_of or book.as_of,
        sources=_sources(book),
        notes=(*chosen(book, choice.selection), *doubts(book)),
        book_counts=tuple((label, show_value(n, "count")) for label, n in counts if n),
        versions={
            "claimstats": __version__,
            "python": python_version(),
            **{name: version(name) for name in VERSIONS_OF},
        },
        command=look.command,
    )


def chosen(book: Book, selection: Selection) -> Iterator[str]:
    """Which of the book's claims the numbers are about, where not about all."""
    if not selection:
        return
    total = book.value("SELECT count(*) FROM v_claims")
    n = book.value(f"SELECT count(*) FROM v_claims{selection.where}")
    asked = ", ".join(f"{name.replace('_', ' ')} {v}" for name, v in selection.named.items())
    yield f"These numbers are about {n:,} of the book's {total:,} claims: {asked}."
    undated = book.value("SELECT count(*) FROM v_claims WHERE filed_at IS NULL")
    if undated and (selection.filed_from or selection.filed_to):
        yield f"{quantity(undated, 'claim has')} no filing date: in no period, left out."


def _sources(book: Book) -> Table:
    names = ", ".join(name for name, _, _ in SOURCE_COLUMNS)
    found = book.columns(f"SELECT {names} FROM source_files ORDER BY file_id")
    return Table(
        tuple(Column(name, kind, text, tuple(found[name])) for name, kind, text in SOURCE_COLUMNS)
    )


def doubts(book: Book) -> tuple[str, ...]:
    """What is doubtful about the data, each with its count; nothing where nothing is."""
    return tuple(_doubts(book))


def _doubts(book: Book) -> Iterator[str]:
    for check in checks.REGISTER:
        if check.severity == "error" and (found := check.run(book, examples=0)).count:
            yield f"{check.title} Found {found.count:,}: {check.meaning} See claimstats check."
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
