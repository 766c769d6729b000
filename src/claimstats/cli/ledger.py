"""``claimstats loads``, ``rejects`` and ``unload``: which files a book is made of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import click

from claimstats.cli.options import book_option, csv_option, json_option, opened, refuse_both
from claimstats.cli.printing import print_csv, print_json, print_table
from claimstats.finding import quantity

HASH_SHOWN = 8
ROWS_ON_TERMINAL = 100
TEXT_SHOWN = 80

COUNTS = ("read", "inserted", "updated", "unchanged", "rejected", "ignored")

Row = Mapping[str, Any]


@click.command()
@book_option
@json_option
@csv_option
def loads(book: str | None, as_json: bool, as_csv: bool) -> None:
    """List every file ever loaded, with what it was, its period, its counts and its hash.

    Files that were taken out again are among them, with the file that replaced them.
    """
    refuse_both(as_json, as_csv)
    with opened(book) as asked:
        names, found = asked.grid("FROM v_loads ORDER BY file_id")
    rows = [dict(zip(names, row, strict=True)) for row in found]
    if as_json:
        print_json({"loads": rows})
    elif as_csv:
        print_csv(names, found)
    elif not rows:
        click.echo("no file was loaded yet; `claimstats load PATH...` loads some.", err=True)
    else:
        shown: dict[str, Callable[[Row], str]] = {
            "file": lambda row: str(row["file_id"]),
            "name": lambda row: row["file_name"],
            "taken for": lambda row: row["format"],
            "pulled": _pulled,
            "period": _period,
            **{name: _count(name) for name in COUNTS},
            "sha256": lambda row: row["sha256"][:HASH_SHOWN],
            "state": _state,
        }
        columns = {name: [text(row) for row in rows] for name, text in shown.items()}
        print_table(columns, numeric=("file", *COUNTS))


def _count(name: str) -> Callable[[Row], str]:
    return lambda row: f"{row[f'n_{name}']:,}"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _pulled(row: Row) -> str:
    return f"{_day(row['pulled_at'])} ({row['pulled_basis']})" if row["pulled_at"] else "unknown"


def _period(row: Row) -> str:
    return f"{_day(row['period_from'])} to {_day(row['period_to'])}" if row["period_from"] else ""


def _state(row: Row) -> str:
    if row["is_loaded"]:
        return "loaded"
    by = f", replaced by file {row['replaced_by']}" if row["replaced_by"] else ""
    return f"taken out {_day(row['unloaded_at'])}{by}"


@click.command()
@click.argument("file_id", type=int, required=False, metavar="[FILE-ID]")
@book_option
@json_option
@csv_option
def rejects(file_id: int | None, book: str | None, as_json: bool, as_csv: bool) -> None:
    """List the rows that were refused, of all files or of one, with line, reason and text.

    To mend them: correct the rows in a copy of the file, and load it with --replaces FILE-ID.
    """
    from claimstats.loaders.unload import check_file

    refuse_both(as_json, as_csv)
    with opened(book) as asked:
        if file_id is not None:
            check_file(asked, file_id)
        names, found = asked.grid(
            "SELECT file_id, file_name, line_no, column_name, reason, raw_text "
            "FROM rejected_rows JOIN source_files USING (file_id) "
            "WHERE $1 IS NULL OR file_id = $1 ORDER BY file_id, line_no",
            [file_id],
        )
    if as_json:
        print_json({"rejects": [dict(zip(names, row, strict=True)) for row in found]})
    elif as_csv:
        print_csv(names, found)
    else:
        _print_rejects(names, found)


def _print_rejects(names: list[str], found: list[tuple[Any, ...]]) -> None:
    if not found:
        click.echo("no row was refused.", err=True)
        return
    shown = found[:ROWS_ON_TERMINAL]
    titles = dict(zip(names, ("file", "name", "line", "column", "reason", "text"), strict=True))
    columns = {
        title: [_cut("" if row[k] is None else str(row[k])) for row in shown]
        for k, title in enumerate(titles.values())
    }
    print_table(columns, numeric=("file", "line"))
    if len(found) > len(shown):
        click.echo(f"{len(shown)} of {len(found)} rows; --csv prints all.", err=True)


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_SHOWN else f"{text[: TEXT_SHOWN - 3]}..."


@click.command()
@click.argument("file_id", type=int, metavar="FILE-ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@book_option
def unload(file_id: int, yes: bool, book: str | None) -> None:
    """Take a file out of the book again, as if it had never been loaded.

    `claimstats loads` gives the numbers. The rows that its own had displaced hold again; a file
    that it took the place of (load --replaces) was taken out, and must be loaded again. Its line of
    the ledger is kept.
    """
    from claimstats.loaders import holds_of
    from claimstats.loaders import unload as take_out
    from claimstats.loaders.unload import check_file

    with opened(book, read_only=False) as into:
        name = check_file(into, file_id)
        held = holds_of(into, file_id)
        told = ", ".join(f"{n:,} in {table}" for table, n in held.items()) or "none"
        click.echo(f"file {file_id}, {name}; rows that hold as it tells them: {told}.", err=True)
        if not yes and not _confirmed(file_id):
            click.echo("nothing was taken out.", err=True)
            return
        before = {table: _held(into, table) for table in held}
        take_out(into, file_id)
        again = sum(_held(into, table) - before[table] + n for table, n in held.items())
    earlier = f"; {quantity(again, 'row')} of other files hold again" if again else ""
    click.echo(f"took out file {file_id}, {name}: {quantity(sum(held.values()), 'row')}{earlier}.")


def _confirmed(file_id: int) -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError("there is nobody to ask here: say --yes.")
    return click.confirm(f"Take file {file_id} out?", err=True)


def _held(book: Any, table: str) -> int:
    return int(book.value(f"SELECT count(*) FROM history.{table} WHERE is_current"))
