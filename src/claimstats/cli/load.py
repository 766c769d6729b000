"""``claimstats load`` and ``claimstats formats``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from claimstats.cli.options import Moment, book_option, json_option, opened
from claimstats.cli.printing import print_json, print_table
from claimstats.cli.progress import telling
from claimstats.errors import ParameterError

if TYPE_CHECKING:
    from claimstats.loaders import FileResult
    from claimstats.loaders.spec import Export

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
@click.option("--encoding", metavar="NAME", help="The encoding of the bytes, such as cp1252.")
@click.option("--delimiter", metavar="SIGN", help="Between columns: tab, comma or semicolon.")
@click.option("--format", metavar="NAME", help="What the files are, as `claimstats formats` says.")
@click.option("--marketplace", metavar="CODE", help="Of rows that name none, such as DE.")
@click.option("--decimal", metavar="SIGN", help="What sets off the cents: point or comma.")
@click.option("--keep-pii", is_flag=True, help="Keep columns that name or place a person.")
@click.option(
    "--replaces", type=int, metavar="FILE-ID", help="Take this file out, and load one in its place."
)
@click.option(
    "--map",
    "map_path",
    metavar="FILE",
    help="The mapping of your own columns; `claimstats map` proposes one.",
)
@click.option("--memory-limit", metavar="SIZE", help="Most memory for the database, such as 1GB.")
@click.option("--strict", is_flag=True, help="Exit with 3 when a row was rejected.")
@json_option
def load(
    paths: tuple[str, ...],
    book: str | None,
    map_path: str | None,
    memory_limit: str | None,
    strict: bool,
    as_json: bool,
    **said: Any,
) -> int:
    """Load export files and folders into the book.

    Each file is recognised by its header and loaded whole or not at all. Loading it again changes
    nothing; of overlapping exports the newest state of each row holds. How a file is read is told
    by itself, and said where it was assumed; an option overrules. Rejected rows are kept with file,
    line, reason and text: `claimstats rejects` lists them.
    """
    from claimstats.loaders import Reading, mapped_by
    from claimstats.loaders import load as load_files

    reading = Reading(**said, mapped=mapped_by(map_path) if map_path else None)
    results: list[FileResult] = []
    try:
        with opened(book, read_only=False) as into, telling(is_quiet=as_json) as talk:
            if memory_limit:
                into.limit_memory(memory_limit)
            for result in load_files(into, paths, reading=reading, progress=talk):
                results.append(result)
                talk.finished(result)
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
                f"claimstats rejects {result.file_id}",
                err=True,
            )
        if result.error:
            click.echo(f"claimstats: {result.error}", err=True)
    if any(result.error for result in results):
        return REFUSED_EXIT
    return REJECTED_EXIT if strict and any(result.rejected for result in results) else 0


@click.command()
@click.argument("name", required=False)
@json_option
def formats(name: str | None, as_json: bool) -> None:
    """List the files that claimstats reads, and where to download each.

    With the name of one, list its columns, their types and which are personal.
    """
    from claimstats.loaders import EXPORTS

    if name is not None:
        _print_columns(_named(name), as_json)
        return
    listed = [
        {"format": e.name, "title": e.title, "source": e.source, "grain": e.grain} for e in EXPORTS
    ]
    if as_json:
        print_json({"formats": listed})
        return
    for each in listed:
        click.echo(f"{each['format']}: {each['title']}")
        click.echo(f"    one row: {each['grain']}; from: {each['source']}")


PRIVACY_TOLD = {
    "open": "",
    "personal": "personal: not stored unless --keep-pii",
    "free_text": "free text: not stored unless --keep-pii",
    "buyer_id": "buyer's id: stored as a keyed hash",
}


def _named(name: str) -> Export:
    from claimstats.loaders import EXPORTS

    found = next((export for export in EXPORTS if export.name == name), None)
    if found is None:
        known = ", ".join(export.name for export in EXPORTS)
        raise ParameterError(f"there is no format {name!r}; there are: {known}.")
    return found


def _print_columns(export: Export, as_json: bool) -> None:
    """Print the columns of a format as the files name them."""
    if as_json:
        told = ("name", "header", "aliases", "type", "required", "privacy")
        columns = [{key: getattr(column, key) for key in told} for column in export.fields]
        print_json({"format": export.name, "columns": columns})
        return
    print_table(
        {
            "column": [column.header for column in export.fields],
            "type": [column.type for column in export.fields],
            "required": ["yes" if column.required else "" for column in export.fields],
            "privacy": [PRIVACY_TOLD[column.privacy] for column in export.fields],
        }
    )
