"""``claimstats export``: one finding as files that others can open."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from claimstats import forms
from claimstats.cli.options import book_option
from claimstats.cli.printing import say_caveats
from claimstats.cli.question import asking, found

STDOUT = "-"


@click.command()
@click.argument("name")
@click.option("--csv", "asked", flag_value="csv", multiple=True, help="CSV, for any spreadsheet.")
@click.option(
    "--xlsx", "asked", flag_value="xlsx", multiple=True, help="A workbook with all tables."
)
@click.option(
    "--parquet", "asked", flag_value="parquet", multiple=True, help="Parquet, for programs."
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The file, whose suffix tells the form, or a folder; - prints CSV. "
    "Else NAME in this folder.",
)
@asking
@click.option(
    "--detail", metavar="TABLE", help="A further table, such as curves, in CSV and Parquet."
)
@book_option
def export(
    name: str,
    asked: tuple[str, ...],
    output: str | None,
    detail: str | None,
    book: str | None,
    **question: Any,
) -> None:
    """Write one finding to files that others can open, and print their paths.

    Several forms may be asked for at once. An earlier export of the same is replaced, any other
    file is not.
    """
    if output == STDOUT:
        if set(asked) - {"csv"}:
            raise click.UsageError("only CSV is printed; name a file for another form.")
        finding = found(name, book, **question)
        _print(forms.contents(finding, "csv", forms.chosen_table(finding, detail)))
    else:
        targets = _targets(output, asked, _stem(name, question["by"], detail))
        _check_detail(detail, [forms.form_of(path) for path in targets])
        finding = found(name, book, **question)
        for path in forms.export(finding, targets, detail=detail):
            click.echo(str(path))
    say_caveats(finding)


def _print(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _stem(name: str, by: Sequence[str], detail: str | None) -> str:
    """What a file is called where nobody says it: two that differ have two names."""
    words = [name, *(["by", *by] if by else []), *([detail] if detail else [])]
    return "-".join(re.sub(r"[^\w.]+", "-", word) for word in words)


def _targets(output: str | None, asked: Sequence[str], stem: str) -> list[Path]:
    """A path for each form: as named, else beside the one that was named, else in this folder."""
    path = Path(output or ".")
    is_folder = path.is_dir()
    suffix = path.suffix[1:].lower()
    own = suffix if not is_folder and suffix in forms.FORMS else None
    wanted = list(dict.fromkeys(asked)) or ([own] if own else [])
    if not wanted:
        told = "" if is_folder else f"{output} tells no form: "
        listed = ", ".join(f"--{form}" for form in forms.FORMS)
        raise click.UsageError(f"{told}say {listed}, or -o FILE.csv.")
    if own and own not in wanted:
        raise click.UsageError(f"{output} ends as {own}, and --{wanted[0]} was asked for; say one.")
    base = path / stem if is_folder else path.with_suffix("") if own else path
    return [path if form == own else Path(f"{base}.{form}") for form in wanted]


def _check_detail(detail: str | None, written: Sequence[str]) -> None:
    if detail and not set(written) & set(forms.ONE_TABLE):
        raise click.UsageError("--detail chooses the table of CSV and Parquet; leave it out.")
