"""``claimstats report``: one HTML file from a book, or from export files without one."""

from __future__ import annotations

import shlex
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimstats.cli.load import say_results
from claimstats.cli.options import Moment, book_option, book_path, opened
from claimstats.cli.progress import telling
from claimstats.errors import ClaimstatsError

if TYPE_CHECKING:
    from claimstats.session import ClaimBook

DUCKDB_MAGIC = b"DUCK"
DUCKDB_MAGIC_AT = 8


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@book_option
@click.option("-o", "--output", default="report.html", show_default=True, metavar="FILE")
@click.option("--only", multiple=True, metavar="NAME", help="Only this finding; may be repeated.")
@click.option(
    "--as-of", type=Moment(), metavar="DAY", help="The cut-off (UTC); else the data's own."
)
@click.option("--open", "open_it", is_flag=True, help="Open the report in the browser.")
def report(
    paths: tuple[str, ...],
    book: str | None,
    output: str,
    only: tuple[str, ...],
    as_of: datetime | None,
    open_it: bool,
) -> int:
    """Write the report as one self-contained HTML file, and print its path.

    Of the book, or of the export files and folders named, which are then loaded into a book in
    memory and leave no other trace.
    """
    from claimstats.publish import write_report

    code = 0
    if len(paths) == 1 and _is_duckdb(paths[0]):
        book, paths = paths[0], ()
    with _chosen(paths, book) as (source, refused):
        code = refused
        written = write_report(
            source,
            output,
            only=only,
            as_of=as_of,
            command=_command(paths, book, output, only, as_of),
        )
    click.echo(str(written))
    if open_it:
        open_in_browser(written)
    return code


@contextmanager
def _chosen(paths: tuple[str, ...], book: str | None) -> Iterator[tuple[ClaimBook, int]]:
    """The book to report, and the exit code that its loading asks for."""
    if not paths:
        with opened(book) as source:
            yield source, 0
        return
    if book:
        raise click.UsageError(
            "name a book or export files, not both; `claimstats load` adds to a book."
        )
    from claimstats.loaders import load
    from claimstats.session import connect

    with connect() as source:
        with telling(is_quiet=False) as talk:
            results = list(load(source, paths, progress=talk))
        code = say_results(results)
        if all(result.error for result in results):
            raise ClaimstatsError("none of the files was taken; there is nothing to report.")
        yield source, code


def _is_duckdb(path: str) -> bool:
    file = Path(path)
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        start = stream.read(DUCKDB_MAGIC_AT + len(DUCKDB_MAGIC))
    return start[DUCKDB_MAGIC_AT:] == DUCKDB_MAGIC


def _command(
    paths: tuple[str, ...],
    book: str | None,
    output: str,
    only: tuple[str, ...],
    as_of: datetime | None,
) -> str:
    source = list(paths) or ["--book", book_path(book)]
    chosen = [word for name in only for word in ("--only", name)]
    cutoff = ["--as-of", as_of.isoformat()] if as_of else []
    return shlex.join(["claimstats", "report", *source, *chosen, *cutoff, "-o", output])


def open_in_browser(path: Path) -> None:
    """Open a file in the user's browser, or say that there is none."""
    if not webbrowser.open(path.resolve().as_uri()):
        click.echo("no browser was found; open the file yourself.", err=True)
