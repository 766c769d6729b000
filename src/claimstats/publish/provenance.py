"""Where a book's numbers come from: its files, its counts, its doubts, the versions at work."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from platform import python_version
from typing import Any

from claimstats import __version__, checks, report
from claimstats.book import Book
from claimstats.charts.text import shorten
from claimstats.finding import Column, Table, show_value
from claimstats.language import label, later, listed, say, say_n
from claimstats.publish.choice import EVERYTHING_THERE_IS, PLAIN, Choice, Look
from claimstats.selection import filed_by, said

TITLE = later("Claims report")
VALUES_SHOWN, LETTERS_SHOWN = 5, 40
"""Values of a column that no rule knows, and letters of each, that the first screen names."""

BLANK_OUTCOME = later("(blank: write pending where a claim is open)")
"""What a load keeps of an outcome that is not there."""

VERSIONS_OF = ("duckdb", "numpy", "scipy", "plotly")

COUNTED = (
    (later("claims"), "v_claims"),
    (later("pieces of evidence"), "evidence"),
    (later("orders"), "orders"),
    (later("returns"), "returns"),
    (later("reimbursements"), "reimbursements"),
)

SOURCE_COLUMNS: tuple[tuple[str, Any, str], ...] = (
    ("file_name", "text", later("The file's name.")),
    ("format", "text", later("What it was taken for.")),
    ("pulled_at", "time", later("When the export was made, as far as known.")),
    ("n_read", "count", later("Records found.")),
    ("n_inserted", "count", later("Records new to the book.")),
    ("n_updated", "count", later("Records that replaced an older state.")),
    ("n_unchanged", "count", later("Records the book held already.")),
    ("n_rejected", "count", later("Records refused.")),
    ("n_ignored", "count", later("Records left out, with a reason.")),
    ("sha256", "text", later("Hash of the content.")),
)


def provenance(
    book: Book,
    choice: Choice = EVERYTHING_THERE_IS,
    look: Look = PLAIN,
) -> report.Provenance:
    """Where a book's numbers come from: its files, counts and doubts, and the versions at work."""
    counts = ((text, book.value(f"SELECT count(*) FROM {table}")) for text, table in COUNTED)
    return report.Provenance(
        title=look.title or say(TITLE),
        logo=report.picture(look.logo) if look.logo else "",
        theme=look.theme,
        as_of=choice.as_of or book.as_of,
        sources=_sources(book),
        notes=(*chosen(book, choice), *doubts(book)),
        book_counts=tuple((say(text), show_value(n, "count")) for text, n in counts if n),
        versions={
            "claimstats": __version__,
            "python": python_version(),
            **{name: version(name) for name in VERSIONS_OF},
        },
        command=look.command,
    )


def chosen(book: Book, choice: Choice) -> Iterator[str]:
    """Which of the book's claims the numbers are about, where not about all."""
    selection = choice.selection
    if not selection:
        return
    by_then = f"count(*) FILTER ({filed_by(choice.as_of)})"
    total = book.value(f"SELECT {by_then} FROM v_claims")
    n = book.value(f"SELECT {by_then} FROM v_claims{selection.where}")
    yield say(
        "These numbers are about {n} of the book's {total} claims: {asked}.",
        n=n, total=total, asked=said(selection.named),
    )  # fmt: skip
    undated = book.value("SELECT count(*) FROM v_claims WHERE filed_at IS NULL")
    if undated and (selection.filed_from or selection.filed_to):
        yield say_n(
            "{n} claim has no filing date: in no period, left out.",
            "{n} claims have no filing date: in no period, left out.",
            undated,
        )


def _value(value: str) -> str:
    """A value that no rule knows, as much of it as a sentence bears."""
    return say(value) if value == BLANK_OUTCOME else shorten(value, LETTERS_SHOWN)


def _sources(book: Book) -> Table:
    names = ", ".join(name for name, _, _ in SOURCE_COLUMNS)
    found = book.columns(f"SELECT {names} FROM source_files ORDER BY file_id")
    return Table(
        tuple(
            Column(name, kind, say(text), tuple(found[name])) for name, kind, text in SOURCE_COLUMNS
        )
    )


def doubts(book: Book) -> tuple[str, ...]:
    """What is doubtful about the data, each with its count; nothing where nothing is."""
    return tuple(_doubts(book))


def _doubts(book: Book) -> Iterator[str]:
    for check in checks.REGISTER:
        if check.severity == "error" and (found := check.run(book, examples=0)).count:
            yield say(
                "{title} Found {n}: {meaning} See claimstats check.",
                title=say(check.title), n=found.count, meaning=say(check.meaning),
            )  # fmt: skip
    rejected = book.rows(
        "SELECT count(*) AS n, count(DISTINCT file_id) AS n_files FROM rejected_rows"
    )[0]
    if rejected["n"]:
        yield say_n(
            "{n} row was rejected in {files}; the table rejected_rows has it with its line, its "
            "reason and its text.",
            "{n} rows were rejected in {files}; the table rejected_rows has each with its line, "
            "its reason and its text.",
            rejected["n"],
            files=say_n("{n} file", "{n} files", rejected["n_files"]),
        )
    for row in book.rows(
        "SELECT column_name, list_sort(list(DISTINCT value)) AS found, "
        "sum(n_rows) AS n FROM unmapped_values GROUP BY column_name ORDER BY column_name"
    ):
        values = [_value(value) for value in row["found"][:VALUES_SHOWN]]
        if (more := len(row["found"]) - len(values)) > 0:
            values.append(say("and {n} more", n=more))
        yield say_n(
            "{n} row has a value of {column} that no rule knows: {values}.",
            "{n} rows have a value of {column} that no rule knows: {values}.",
            row["n"],
            column=label(row["column_name"]),
            values=listed(values),
        )
    orphans = book.value(
        "SELECT count(*) FROM evidence AS e ANTI JOIN claims AS c USING (program, claim_id)"
    )
    if orphans:
        yield say_n(
            "{n} piece of evidence for claims that the book does not hold.",
            "{n} pieces of evidence for claims that the book does not hold.",
            orphans,
        )
    if without := book.value(
        "SELECT count(*) FROM v_claims WHERE order_id IS NOT NULL AND NOT has_order"
    ):
        yield say_n(
            "{n} claim names an order that the book does not hold.",
            "{n} claims name an order that the book does not hold.",
            without,
        )
