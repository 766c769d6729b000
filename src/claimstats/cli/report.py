"""``claimstats report``: one HTML file from a book, or from export files without one."""

from __future__ import annotations

import shlex
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimstats.cli.load import say_results
from claimstats.cli.options import (
    book_option,
    book_path,
    choosing_claims,
    json_option,
    language_option,
    opened,
)
from claimstats.cli.printing import print_json
from claimstats.cli.progress import telling
from claimstats.errors import ClaimstatsError

if TYPE_CHECKING:
    from claimstats.session import ClaimBook

CHOICE = (
    "only", "skip", "by", "as_of", "program", "marketplace", "filed_from", "filed_to",
)  # fmt: skip
"""The options that say what is asked, by their names in a Choice."""

UNSAID = {"book", "open_it", "as_json"}
"""Options that the command in the footer leaves out; the book stands before them."""

DUCKDB_MAGIC = b"DUCK"
DUCKDB_MAGIC_AT = 8


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@book_option
@click.option("--output", "-o", default="report.html", show_default=True, metavar="FILE")
@click.option("--only", multiple=True, metavar="NAME", help="Only this finding; may be repeated.")
@click.option("--skip", multiple=True, metavar="NAME", help="Not this finding; may be repeated.")
@click.option("--by", metavar="COLUMN", help="Split by this property what splits by one.")
@choosing_claims
@click.option("--title", metavar="TEXT", help="The page's title.")
@language_option()
@click.option("--logo", metavar="FILE", help="A picture (PNG, JPEG, WebP or SVG) at the top.")
@click.option(
    "--theme",
    metavar="system|light|dark",
    default="system",
    show_default=True,
    help="Colours before the reader chooses.",
)
@click.option(
    "--switch/--no-switch",
    default=True,
    show_default=True,
    help="Whether the page can switch to one program or marketplace.",
)
@click.option("--open", "open_it", is_flag=True, help="Open the report in the browser.")
@json_option
@click.pass_context
def report(context: click.Context, /, paths: tuple[str, ...], **asked: Any) -> int:
    """Write the report as one self-contained HTML file, and print its path.

    Of the book, or of the export files and folders named, which are then loaded into a book in
    memory and leave no other trace.
    """
    from claimstats.publish import Choice, Look, findings, write_report

    if len(paths) == 1 and _is_duckdb(paths[0]):
        asked["book"], paths = paths[0], ()
    choice = Choice(**{name: asked[name] for name in CHOICE})
    look = Look(
        title=asked["title"], logo=asked["logo"], theme=asked["theme"], switch=asked["switch"],
        command=_command(context, paths, asked["book"]),
    )  # fmt: skip
    with _chosen(paths, asked["book"]) as (source, code):
        found = findings(source, choice)
        written = write_report(source, asked["output"], choice, look, found=found)
    if asked["as_json"]:
        print_json({"path": str(written), "findings": [finding.to_dict() for finding in found]})
    else:
        click.echo(str(written))
    if asked["open_it"]:
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


def _command(context: click.Context, paths: tuple[str, ...], book: str | None) -> str:
    """The command as it was given, written out so that it can be given again."""
    words = ["claimstats", "report", *(paths or ("--book", book_path(book)))]
    for option in context.command.params:
        if option.name in UNSAID or not isinstance(option, click.Option):
            continue
        value = context.params[option.name]
        if value is None or (value == option.default and option.name != "output"):
            continue
        if option.is_flag:
            words.append((option.opts if value else option.secondary_opts)[0])
            continue
        for one in value if option.multiple else (value,):
            words += [option.opts[0], _written(one)]
    return shlex.join(words)


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def open_in_browser(path: Path) -> None:
    """Open a file in the user's browser, or say that there is none."""
    if not webbrowser.open(path.resolve().as_uri()):
        click.echo("no browser was found; open the file yourself.", err=True)
