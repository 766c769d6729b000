"""``claimstats load`` and ``claimstats formats``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from claimstats.cli.options import Moment, book_option, json_option, opened
from claimstats.cli.printing import print_json, print_table

if TYPE_CHECKING:
    from claimstats.loaders import FileResult

COUNTS = ("read", "inserted", "updated", "unchanged", "rejected", "ignored")
REFUSED_EXIT, REJECTED_EXIT = 1, 3


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@book_option
@click.option(
    "--pulled-at",
    type=Moment(),
    metavar="DAY",
    help="When the exports were made (UTC), for files whose name does not say.",
)
@click.option(
    "--map",
    "map_path",
    metavar="FILE",
    help="The mapping of your own columns; `claimstats map` proposes one.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 when a row was rejected.")
@json_option
def load(
    paths: tuple[str, ...],
    book: str | None,
    pulled_at: datetime | None,
    map_path: str | None,
    strict: bool,
    as_json: bool,
) -> int:
    """Load export files and folders into the book.

    Each file is recognised by its header and loaded whole or not at all. Loading it again changes
    nothing; of overlapping exports the newest state of each row holds. Rejected rows are kept in
    the table rejected_rows with file, line, reason and text.
    """
    from claimstats.loaders import Reading, mapped_by
    from claimstats.loaders import load as load_files

    reading = Reading(mapped=mapped_by(map_path) if map_path else None)
    results: list[FileResult] = []
    try:
        with opened(book, read_only=False) as into:
            results.extend(load_files(into, paths, pulled_at, reading))
    finally:  # what was loaded before an interruption is in the book, and is told
        if as_json:
            print_json({"files": [result.to_dict() for result in results]})
        else:
            print_results(results)
        code = say_results(results, strict)
    return code


def print_results(results: Sequence[FileResult]) -> None:
    """Print what each file was taken for and what became of its records."""
    taken = [result for result in results if not result.error]
    if not taken:
        return
    columns = {
        "file": [result.path for result in taken],
        "taken for": [result.format or "" for result in taken],
        "read as": [", ".join(filter(None, (r.encoding, r.delimiter))) for r in taken],
        "status": [result.status.replace("_", " ") for result in taken],
        **{name: [f"{getattr(result, name):,}" for result in taken] for name in COUNTS},
    }
    print_table(columns, numeric=COUNTS)


def say_results(results: Sequence[FileResult], strict: bool = False) -> int:
    """Say on stderr what needs a reader's eye, and give the exit code."""
    for result in results:
        for note in result.notes:
            click.echo(f"{result.path}: {note}", err=True)
        if result.rejected and result.status == "loaded":
            click.echo(
                f"{result.path}: {result.rejected} of {result.read} rows rejected; see them with: "
                'claimstats sql "FROM rejected_rows"',
                err=True,
            )
        if result.error:
            click.echo(f"claimstats: {result.error}", err=True)
    if any(result.error for result in results):
        return REFUSED_EXIT
    return REJECTED_EXIT if strict and any(result.rejected for result in results) else 0


@click.command()
@json_option
def formats(as_json: bool) -> None:
    """List the files that claimstats reads, and where to download each."""
    from claimstats.loaders import EXPORTS

    listed = [
        {"format": e.name, "title": e.title, "source": e.source, "grain": e.grain} for e in EXPORTS
    ]
    if as_json:
        print_json({"formats": listed})
        return
    for each in listed:
        click.echo(f"{each['format']}: {each['title']}")
        click.echo(f"    one row: {each['grain']}; from: {each['source']}")
