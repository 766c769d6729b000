"""From a book to its report: every finding of the register, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

from claimstats import __version__, analyses, report
from claimstats.book import Book
from claimstats.errors import ClaimstatsError, ParameterError
from claimstats.finding import Column, Finding, Table, quantity, show_value
from claimstats.selection import Selection, held

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


@dataclass(frozen=True)
class Choice:
    """What a report is asked to show; everything unless something is named.

    Parameters
    ----------
    only, skip
        Names of the analyses to run, and of those to leave out.
    by
        The property to split by, for the analyses that split by one; two, where they may.
    as_of
        The cut-off (UTC); the book's own unless given.
    program, marketplace
        Only claims of this one.
    filed_from, filed_to
        Only claims filed on these days (UTC) or between them.

    Examples
    --------
    >>> from claimstats import Choice
    >>> [room.name for room in Choice(only=("open_claims",), program="amazon_safet").rooms]
    ['open_claims']
    """

    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    by: str | Sequence[str] | None = None
    as_of: datetime | None = None
    program: str | None = None
    marketplace: str | None = None
    filed_from: date | None = None
    filed_to: date | None = None

    @property
    def selection(self) -> Selection:
        """Which claims."""
        return Selection(self.program, self.marketplace, self.filed_from, self.filed_to)

    @property
    def rooms(self) -> list[analyses.Analysis]:
        """The analyses to run, in the order asked for, else in the register's.

        Raises
        ------
        ParameterError
            There is no analysis of a name, or none is left.
        """
        skipped = {analyses.analysis(name).name for name in self.skip}
        asked = [analyses.analysis(name) for name in self.only] or analyses.REGISTER
        rooms = [room for room in asked if room.name not in skipped]
        if not rooms:
            raise ParameterError("every analysis asked for is skipped too; there is none to show.")
        return rooms


EVERYTHING_THERE_IS = Choice()


def findings(book: Book, choice: Choice = EVERYTHING_THERE_IS) -> list[Finding]:
    """Run the analyses of the register, in the report's order.

    Parameters
    ----------
    book
        An open book.
    choice
        Which analyses, of which claims, up to when.

    Raises
    ------
    ParameterError
        Something asked for is not there, or the cut-off lies before every event.
    """
    rooms = choice.rooms
    choice.selection.check(book)
    first = book.value("SELECT min(filed_at) FROM v_claims")
    if choice.as_of and first and choice.as_of < first:
        raise ParameterError(
            f"the cut-off {choice.as_of:%Y-%m-%d} lies before the first claim, {first:%Y-%m-%d}."
        )
    with held(book, choice.selection) as few:
        return [_found(few, room, choice) for room in rooms]


def _found(book: Book, room: analyses.Analysis, choice: Choice) -> Finding:
    by = {"by": choice.by} if choice.by and "by" in room.parameters else {}
    found = room(book, as_of=choice.as_of, **by)
    return replace(
        found,
        sql=choice.selection.sql(book) + found.sql,
        parameters={**found.parameters, **choice.selection.named},
    )


@dataclass(frozen=True)
class Look:
    """How a report looks, and how it says that it was made.

    Parameters
    ----------
    title
        The page's title.
    logo
        A picture for the top: a PNG, JPEG, WebP or SVG file.
    theme
        ``light`` or ``dark`` before the reader chooses; ``system`` follows the reader's system.
    command
        The command that reproduces the file, for its footer.
    """

    title: str | None = None
    logo: str | Path | None = None
    theme: str = "system"
    command: str = ""


PLAIN = Look()


def write_report(
    book: Book,
    path: str | Path,
    choice: Choice = EVERYTHING_THERE_IS,
    look: Look = PLAIN,
    *,
    found: Sequence[Finding] | None = None,
) -> Path:
    """Write the report of a book as one self-contained HTML file.

    Parameters
    ----------
    book
        An open book.
    path
        The file to write; its folder must exist.
    choice
        Which analyses, of which claims, up to when.
    look
        Title, logo, theme, and the command for the footer.
    found
        The findings of this choice, where they are at hand already.

    Returns
    -------
    Path
        The file written. The same book gives the same bytes.

    Raises
    ------
    ParameterError
        Something asked for is not there.
    ClaimstatsError
        The file cannot be written, or the logo is no picture.

    Examples
    --------
    >>> import claimstats
    >>> from tempfile import TemporaryDirectory
    >>> with claimstats.open_book() as book, TemporaryDirectory() as folder:
    ...     claimstats.write_report(book, f"{folder}/report.html").name
    'report.html'
    """
    _refuse_to_overwrite(Path(path))
    shown = findings(book, choice) if found is None else found
    report.write(path, shown, provenance(book, choice, look))
    return Path(path)


def _refuse_to_overwrite(path: Path) -> None:
    """Keep a mistyped path from destroying a book or an export: only a page may be replaced."""
    if path.is_file() and path.stat().st_size:
        with path.open("rb") as stream:
            start = stream.read(len(PAGE_START))
        if start.lower() != PAGE_START:
            raise ClaimstatsError(f"{path}: exists and is no report; name another file to write.")


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
        notes=(*_chosen(book, choice.selection), *_notes(book)),
        book_counts=tuple((label, show_value(n, "count")) for label, n in counts if n),
        versions={
            "claimstats": __version__,
            "python": python_version(),
            **{name: version(name) for name in VERSIONS_OF},
        },
        command=look.command,
    )


def _chosen(book: Book, selection: Selection) -> Iterator[str]:
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
