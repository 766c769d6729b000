"""``claimstats export``: one finding as files that others can open."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from claimstats import forms
from claimstats.cli.options import book_option, language_option
from claimstats.cli.printing import say_caveats
from claimstats.cli.question import asking, found
from claimstats.forms.look import SCALE, WIDTH, Look

STDOUT = "-"
SEPARATORS = ("/", os.sep)

LOOK = ("theme", "width", "scale")
CHOSEN = ("on", "program", "marketplace", "filed_from", "filed_to", "as_of")
DAYS = {"filed_from": "from", "filed_to": "to", "as_of": "as-of"}
"""Options of pictures, those that a file's name tells, in its order, and what it calls days."""


@click.command()
@click.argument("name")
@click.option("--csv", "asked", flag_value="csv", multiple=True, help="CSV, for any spreadsheet.")
@click.option(
    "--xlsx", "asked", flag_value="xlsx", multiple=True, help="A workbook with all tables."
)
@click.option(
    "--parquet", "asked", flag_value="parquet", multiple=True, help="Parquet, for programs."
)
@click.option("--png", "asked", flag_value="png", multiple=True, help="The chart; Chrome draws it.")
@click.option(
    "--svg", "asked", flag_value="svg", multiple=True, help="The chart, sharp at every size."
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
@language_option(expose_value=False)
@click.option("--theme", metavar="light|dark", help="Colours of a picture; light unless given.")
@click.option("--width", type=int, metavar="PIXELS", help=f"Of a picture; {WIDTH} unless given.")
@click.option(
    "--scale", type=float, metavar="FACTOR", help=f"Of a PNG's pixels; {SCALE:g} unless given."
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
    look = {key: value for key in LOOK if (value := question.pop(key)) is not None}
    if output == STDOUT:
        if set(asked) - {"csv"}:
            raise click.UsageError("only CSV is printed; name a file for another form.")
        targets, written = [], {"csv"}
    else:
        targets = _targets(output, asked, _stem(name, question, detail))
        written = {forms.form_of(path) for path in targets}
    _check_options(detail, look, written)
    finding = found(name, book, **question)
    if targets:
        for path in forms.export(finding, targets, detail=detail, **look):
            click.echo(str(path))
    else:
        _print(forms.csv_of(finding, detail))
    say_caveats(finding)


def _print(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _stem(name: str, question: Mapping[str, Any], detail: str | None) -> str:
    """What a file is called where nobody says it: two questions have two names.

    What no file's name can hold is a dash, so that values which differ only there share one.
    """
    by = ["by", *question["by"]] if question["by"] else []
    chosen = [part for key in CHOSEN if question[key] for part in _named(key, question[key])]
    words = [name, *by, *question["settings"], *chosen, *([detail] if detail else [])]
    return "-".join(re.sub(r"[^\w.]+", "-", word) for word in words)


def _named(key: str, value: object) -> list[str]:
    """A choice as a file's name tells it; a cut-off at the end of a day is that day."""
    text = str(value).removesuffix(" 23:59:59")
    return [DAYS[key], text] if key in DAYS else [text]


def _targets(output: str | None, asked: Sequence[str], stem: str) -> list[Path]:
    """A path for each form: as named, else beside the one that was named, else in this folder."""
    path = Path(output or ".")
    is_folder = os.path.isdir(path)  # noqa: PTH112  # Path.is_dir raises where a name is too long
    if output and output.endswith(SEPARATORS) and not is_folder:
        raise click.UsageError(f"there is no folder {output}; create it first.")
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


def _check_options(detail: str | None, look: Mapping[str, Any], written: set[str]) -> None:
    """Refuse an option that would do nothing, and a look that there is not, before any work."""
    if detail and not written & set(forms.ONE_TABLE):
        raise click.UsageError("--detail chooses the table of CSV and Parquet; leave it out.")
    if look and not written & set(forms.PICTURES):
        raise click.UsageError(f"--{next(iter(look))} is of pictures; add --png or --svg.")
    Look(**look)
