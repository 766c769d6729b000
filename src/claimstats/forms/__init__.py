"""A finding in, a file out: each form is one that somebody else can open.

A module of this folder writes one form, or two that are drawn alike; ``is_ours`` there tells an
earlier export from a file that must not be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from claimstats.errors import ClaimstatsError, ParameterError, check_choice
from claimstats.finding import Finding, Table
from claimstats.forms.look import SCALE, WIDTH, Look, Theme
from claimstats.writing import replace_file

FORMS = {
    "csv": "text", "xlsx": "workbook", "parquet": "parquet", "png": "picture", "svg": "picture",
}  # fmt: skip
"""Each form, which is also the suffix of its files, and the module that writes it."""

ONE_TABLE = ("csv", "parquet")
"""Forms that hold one table."""

PICTURES = ("png", "svg")
"""Forms that hold the chart."""


def export(
    finding: Finding,
    paths: str | Path | Iterable[str | Path],
    *,
    detail: str | None = None,
    theme: Theme = "light",
    width: int = WIDTH,
    scale: float = SCALE,
) -> tuple[Path, ...]:
    """Write a finding to a file that others can open, or to several.

    Parameters
    ----------
    finding
        What an analysis returned.
    paths
        A file to write, or several; their folders must exist. The form is told by the suffix:
        ``.csv`` for any spreadsheet, ``.xlsx`` for a workbook with all tables, ``.parquet`` for
        programs, ``.png`` and ``.svg`` for the chart.
    detail
        The further table that CSV and Parquet hold, such as ``curves``; the main table unless
        given.
    theme
        ``light`` or ``dark``, for pictures.
    width
        Pixels across a picture; up to 600, the chart is as it is on a phone.
    scale
        Pixels of a PNG for each of these.

    Returns
    -------
    tuple of Path
        The files written, in the order they were named. The same finding gives the same bytes.

    Raises
    ------
    ParameterError
        A suffix names no form, the finding has no table of that name, or there is no picture of
        that theme or size.
    MissingExtra
        A picture is asked for, and kaleido is not installed.
    ClaimstatsError
        A file is there already that is no earlier export of the same finding (a picture: of any),
        or cannot be written; or there is no Chrome to draw a picture.

    Notes
    -----
    CSV is UTF-8 with a mark that spreadsheets need, numbers are bare and whole, and text that a
    spreadsheet would run as a formula has an apostrophe before it. A workbook has a sheet for each
    table and one that tells question, cut-off, caveats, method and query; its text is text, never a
    formula or a link. Parquet carries the question,
    the headline, the cut-off and the meaning of each column in its metadata under ``claimstats``.
    A picture has headline and cut-off above the chart; it is drawn by the Chrome or Chromium that
    is installed, with an empty profile and without the network.

    Examples
    --------
    >>> import claimstats
    >>> from tempfile import TemporaryDirectory
    >>> with claimstats.open_book() as book, TemporaryDirectory() as folder:
    ...     finding = claimstats.approval_rate(book, by="reason")
    ...     [path.name for path in claimstats.export(finding, f"{folder}/rates.csv")]
    ['rates.csv']
    """
    named = [paths] if isinstance(paths, str | Path) else list(paths)
    forms = {Path(path): form_of(path) for path in named}
    table = chosen_table(finding, detail)
    for path, form in forms.items():
        _refuse_to_overwrite(path, form, finding, table)
    made = _contents(finding, list(dict.fromkeys(forms.values())), table, Look(theme, width, scale))
    return tuple(replace_file(path, made[form]) for path, form in forms.items())


def form_of(path: str | Path) -> str:
    """The form that a file's suffix names.

    Examples
    --------
    >>> form_of("rates.CSV")
    'csv'
    """
    suffix = Path(path).suffix.lower()
    return check_choice(
        f"{path}: a finding is not written as", suffix, [f".{form}" for form in FORMS]
    )[1:]


def chosen_table(finding: Finding, detail: str | None) -> Table:
    """The main table, or a further one by its name."""
    if detail is None:
        return finding.summary
    if not finding.details:
        raise ParameterError(f"{finding.name} has one table only; leave the detail out.")
    return finding.details[check_choice(f"{finding.name} has no table", detail, finding.details)]


def _contents(finding: Finding, forms: Sequence[str], table: Table, look: Look) -> dict[str, bytes]:
    """A finding in each of some forms; a browser is started once for all pictures."""
    pictures = [form for form in forms if form in PICTURES]
    made = {form: _writer(form).render(finding, table) for form in forms if form not in pictures}
    return made | (_writer(pictures[0]).render(finding, pictures, look) if pictures else {})


def csv_of(finding: Finding, detail: str | None) -> bytes:
    """What a CSV file of a finding holds."""
    made: bytes = _writer("csv").render(finding, chosen_table(finding, detail))
    return made


def _writer(form: str) -> Any:
    return import_module(f"{__name__}.{FORMS[form]}")


def _refuse_to_overwrite(path: Path, form: str, finding: Finding, table: Table) -> None:
    """Keep a mistyped path from destroying a book, a tracker or a photo."""
    try:
        is_there = path.is_file() and path.stat().st_size
        if is_there and not _writer(form).is_ours(path, finding, table):
            raise ClaimstatsError(
                f"{path}: exists and is no earlier export of the same; name another file to write."
            )
    except OSError as error:
        raise ClaimstatsError(f"cannot write {path}: {error.strerror or error}") from error
