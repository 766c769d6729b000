"""``claimstats evidence scan``: clarity measured from the files themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from claimstats.cli.load import REFUSED_EXIT, REJECTED_EXIT, say_results
from claimstats.cli.options import book_option, csv_option, json_option, opened, refuse_both
from claimstats.cli.printing import print_csv, print_json, print_table
from claimstats.finding import quantity

if TYPE_CHECKING:
    from claimstats.scanning import Progress, ScanResult
    from claimstats.session import ClaimBook

EVERY_FILE = "SELECT * FROM v_evidence_files WHERE file_id = $1 ORDER BY line_no, program, claim_id"
PATH_WIDTH = 40
EXAMPLES = 5


@click.group()
def evidence() -> None:
    """Measure files of evidence: photos, PDFs and videos in a folder."""


@evidence.command()
@click.argument("folder", metavar="FOLDER")
@book_option
@click.option(
    "--mapping",
    metavar="FILE",
    help="A list with the columns file and claim_id, and program, kind, submitted_at, with_filing.",
)
@click.option("--program", metavar="NAME", help="The program of the folder's claims.")
@click.option("--strict", is_flag=True, help="Exit with 3 when a file could not be read.")
@json_option
@csv_option
def scan(
    folder: str,
    book: str | None,
    mapping: str | None,
    program: str | None,
    strict: bool,
    as_json: bool,
    as_csv: bool,
) -> int:
    """Measure the files of FOLDER and link them to claims by name.

    Size, sharpness and exposure of photos, pages with text of PDFs, length of videos, time taken,
    and duplicates. A file belongs to the claim whose id, order or return stands in its path, or to
    that which a list tells; what could be two claims' is linked to none, and told. Nothing of what
    the files show is stored, nor where they were taken, and nothing leaves the machine.
    """
    refuse_both(as_json, as_csv)
    with opened(book, read_only=False) as into:
        code = _load_mapping(into, mapping, is_quiet=as_json or as_csv) if mapping else 0
        if code:
            return code
        result = _scanned(into, folder, program, is_quiet=as_json or as_csv)
        names, rows = into.grid(EVERY_FILE, [result.load.file_id])
    if as_json:
        files = [dict(zip(names, row, strict=True)) for row in rows]
        print_json({"scan": result.to_dict(), "files": files})
    elif as_csv:
        print_csv(names, rows)
    else:
        _print(result)
    _say(result)
    return REJECTED_EXIT if strict and result.load.rejected else 0


def _load_mapping(book: ClaimBook, path: str, is_quiet: bool) -> int:
    """Load the list first, so that the scan finds what it tells; the exit code where it fails."""
    from claimstats.loaders import Reading, load

    results = list(load(book, [path], reading=Reading(format="file_claims")))
    if not is_quiet:
        for result in results:
            click.echo(f"{result.path}: {quantity(result.read, 'row')}, {result.status}", err=True)
    return REFUSED_EXIT if say_results(results) else 0


def _scanned(book: ClaimBook, folder: str, program: str | None, is_quiet: bool) -> ScanResult:
    from claimstats import scanning

    with _telling(is_quiet) as talk:
        try:
            return scanning.scan(book, folder, program, talk)
        except KeyboardInterrupt:
            click.echo("the scan was stopped; nothing of it was stored.", err=True)
            raise


@contextmanager
def _telling(is_quiet: bool) -> Iterator[Any]:
    """A bar on a terminal; elsewhere nobody is told of each file."""
    if is_quiet or not sys.stderr.isatty():
        yield None
        return
    bar = click.progressbar(
        length=1, label="measuring", file=sys.stderr, item_show_func=lambda item: item, width=0
    )

    def tell(progress: Progress) -> None:
        bar.length = progress.n_files
        bar.update(progress.n_done - bar.pos, progress.path[-PATH_WIDTH:])
        bar.render_progress()

    try:
        yield tell
    finally:
        bar.render_finish()


def _print(result: ScanResult) -> None:
    load = result.load
    counted = {
        "linked": result.linked,
        "ambiguous": result.ambiguous,
        "unlinked": result.unlinked,
        "not read": load.rejected,
        "ignored": load.ignored,
    }
    columns = {"folder": [load.path], "files": [f"{load.read:,}"]}
    columns |= {name: [f"{n:,}"] for name, n in counted.items()}
    columns["status"] = [load.status.replace("_", " ")]
    print_table(columns, numeric=("files", *counted))


def _say(result: ScanResult) -> None:
    """Say on stderr what needs a reader's eye."""
    load = result.load
    for note in load.notes:
        click.echo(f"{load.path}: {note}", err=True)
    if load.rejected:
        click.echo(
            f"{quantity(load.rejected, 'file')} could not be read; see them with: "
            f"claimstats rejects {load.file_id}",
            err=True,
        )
    for path, candidates in result.ambiguous_files:
        click.echo(f"{path}: linked to none, for several fit: {candidates}.", err=True)
    if result.unlinked:
        shown = ", ".join(result.unlinked_files)
        more = " ..." if result.unlinked > len(result.unlinked_files) else ""
        click.echo(
            f"{quantity(result.unlinked, 'file names')} no claim of this book: "
            f"{shown}{more}; --mapping FILE tells.",
            err=True,
        )
    if result.without_claim:
        click.echo(
            f"{quantity(result.without_claim, 'file')} of claims that the book does not hold: the "
            "list names them; `claimstats check` tells which.",
            err=True,
        )
    if result.not_found:
        first = ", ".join(result.not_found[:EXAMPLES])
        more = " ..." if len(result.not_found) > EXAMPLES else ""
        click.echo(f"the list names files that no scan found: {first}{more}.", err=True)
    if result.pieces:
        click.echo(
            f"{quantity(result.pieces, 'piece')} of evidence known from files alone, of which "
            f"{result.unnamed_kinds:,} have a name that tells no kind. That they were sent, and "
            "when, a list must say: --mapping FILE.",
            err=True,
        )
    if result.copies:
        click.echo(
            f"{quantity(result.copies, 'file')} with the content of another of the same claim; "
            "each counts once.",
            err=True,
        )
