"""``claimstats show``, ``claimstats list`` and ``claimstats sql``: questions to the book."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from claimstats.cli.options import (
    book_option,
    csv_option,
    json_option,
    language_option,
    opened,
    refuse_both,
)
from claimstats.cli.printing import print_csv, print_json, print_table, say_caveats
from claimstats.cli.question import asking, found
from claimstats.errors import ClaimstatsError
from claimstats.language import say

if TYPE_CHECKING:
    from claimstats.finding import Finding, Table

ROWS_ON_TERMINAL = 100


@click.command("list")
@language_option(expose_value=False)
@json_option
def list_findings(as_json: bool) -> None:
    """List the findings that `show` and `report` know."""
    from claimstats.analyses import REGISTER

    if as_json:
        print_json({"findings": [{"name": r.name, "question": say(r.question)} for r in REGISTER]})
        return
    for room in REGISTER:
        click.echo(f"{room.name}: {say(room.question)}")


@click.command()
@click.argument("name")
@asking
@language_option(expose_value=False)
@book_option
@json_option
@csv_option
def show(name: str, book: str | None, as_json: bool, as_csv: bool, **asked: Any) -> None:
    """Print one finding: its headline, its table and what may mislead."""
    refuse_both(as_json, as_csv)
    finding = found(name, book, **asked)
    _print_finding(finding, as_json, as_csv)


def _print_finding(finding: Finding, as_json: bool, as_csv: bool) -> None:
    if as_json:
        print_json(finding.to_dict())
        return
    if as_csv:
        rows = ([row[name] for name in finding.summary.names] for row in finding.summary.rows())
        print_csv(finding.summary.names, rows)
        return
    click.echo(finding.headline + "\n")
    _print_summary(finding.summary)
    say_caveats(finding)


def _print_summary(table: Table) -> None:
    numeric = [
        column.name for column in table.columns if column.kind not in ("text", "flag", "time")
    ]
    # Codes, not their titles: a code is what the options of commands take.
    shown = {column.name: replace(column, titles={}).shown() for column in table.columns}
    print_table(shown, numeric)


@click.command()
@click.argument("query")
@book_option
@json_option
@csv_option
def sql(query: str, book: str | None, as_json: bool, as_csv: bool) -> None:
    """Run a query on the book, which is opened for reading only; `-` reads it from stdin."""
    import duckdb

    refuse_both(as_json, as_csv)
    text = sys.stdin.read() if query == "-" else query
    if not text.strip():
        raise click.UsageError("the query is empty.")
    with opened(book) as asked_book:
        try:
            names, rows = asked_book.grid(text)
        except duckdb.Error as error:
            raise ClaimstatsError(f"the query failed: {error}") from error
    if as_json:
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    elif as_csv:
        print_csv(names, rows)
    else:
        shown = rows[:ROWS_ON_TERMINAL]
        texts = {
            name: ["" if row[k] is None else str(row[k]) for row in shown]
            for k, name in enumerate(names)
        }
        print_table(texts)
        if len(rows) > len(shown):
            click.echo(f"{len(shown)} of {len(rows)} rows; --csv prints all.", err=True)
