"""``claimstats check``: the data doctor."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

import click

from claimstats.cli.options import book_option, csv_option, json_option, opened, refuse_both
from claimstats.cli.printing import print_csv, print_json
from claimstats.finding import quantity

if TYPE_CHECKING:
    from claimstats.checks import Trouble

WRONG_EXIT = 1
COLUMNS = ("file_id", "file_name", "line_no", "what", "detail")
WIDTH = 100


@click.command()
@book_option
@json_option
@csv_option
def check(book: str | None, as_json: bool, as_csv: bool) -> int:
    """Say what in the data is doubtful, with examples and what to do; --csv lists all of it.

    An error means that numbers are wrong, a warning that you should look, a note that it is well to
    know. Exits with 1 where there is an error, else with 0.
    """
    from claimstats import checks

    refuse_both(as_json, as_csv)
    with opened(book) as examined:
        found = checks.run(examined, examples=None if as_csv else checks.EXAMPLES)
    troubles = [trouble for trouble in found if trouble.count]
    if as_json:
        print_json({"checks": [trouble.to_dict() for trouble in found]})
    elif as_csv:
        print_csv(
            ("check", "severity", *COLUMNS),
            (
                (t.check.name, t.check.severity, *(row[name] for name in COLUMNS))
                for t in troubles
                for row in t.examples
            ),
        )
    else:
        _print(troubles)
    counts = Counter(trouble.check.severity for trouble in troubles)
    told = ", ".join(quantity(counts[s], s) for s in ("error", "warning", "note") if counts[s])
    click.echo(f"{told or 'nothing found'} in {len(found)} checks", err=True)
    return WRONG_EXIT if counts["error"] else 0


def _print(troubles: list[Trouble]) -> None:
    for trouble in troubles:
        click.echo(f"{trouble.check.severity}: {trouble.check.title} ({trouble.count:,})")
        click.echo(_wrapped(trouble.check.meaning))
        for row in trouble.examples:
            line = f", line {row['line_no']}" if row["line_no"] else ""
            place = f"{row['file_name']} (file {row['file_id']}{line})"
            click.echo(f"    - {place}: {row['what']}: {row['detail']}")
        if trouble.count > len(trouble.examples):
            click.echo(f"    - and {trouble.count - len(trouble.examples):,} more")
        click.echo(_wrapped(f"What to do: {trouble.check.to_do}") + "\n")


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
