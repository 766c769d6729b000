"""``claimstats demo``, ``template``, ``lab`` and ``doctor``: starting, and finding faults."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimstats import __version__
from claimstats.cli.options import book_option, book_path, opened
from claimstats.cli.report import open_in_browser
from claimstats.errors import ClaimstatsError, MissingExtra

if TYPE_CHECKING:
    from claimstats.session import ClaimBook

DEMO_FOLDER = "claimstats-demo"
LAB_FOLDER = "claimstats-notebooks"
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}
"""JupyterLab asks at its first start whether it may fetch news; nothing is fetched here unasked."""

CORE_PACKAGES = ("duckdb", "polars", "pandas", "plotly", "pyarrow", "numpy", "scipy")
OPTIONAL_PACKAGES = (
    ("jupyterlab", "jupyterlab", "lab"),
    ("pillow", "PIL", "images"),
    ("pillow-heif", "pillow_heif", "images"),
    ("pypdf", "pypdf", "images"),
)
"""Each by its name, the module that it installs and the extra that it belongs to."""


@click.command()
@click.argument("folder", default=DEMO_FOLDER, metavar="[DIR]")
@click.option("--open", "open_it", is_flag=True, help="Open the report in the browser.")
def demo(folder: str, open_it: bool) -> None:
    """Load the sample into DIR (claimstats-demo) and write its report; print the report's path."""
    from claimstats.bundled import sample_files
    from claimstats.loaders import load
    from claimstats.publish import Look, write_report
    from claimstats.session import connect

    into = _make_folder(folder)
    path = into / "claims.duckdb"
    with connect(path) as book:
        results = list(load(book, sample_files()))
        rows, rejected = (sum(getattr(r, name) for r in results) for name in ("read", "rejected"))
        click.echo(
            f"{len(results)} files, {rows:,} rows; {rejected} are dirty on purpose and rejected",
            err=True,
        )
        written = write_report(
            book,
            into / "report.html",
            look=Look(command=f"claimstats report --book {path} -o {into}/report.html"),
        )
    click.echo(str(written))
    if open_it:
        open_in_browser(written)


@click.command()
@click.argument("folder", metavar="DIR")
def template(folder: str) -> None:
    """Write empty claims.csv, claim_events.csv and evidence.csv, with a README, into DIR."""
    from claimstats.bundled import templates

    into = _make_folder(folder)
    there = [source.name for source in templates() if (into / source.name).exists()]
    if there:
        raise ClaimstatsError(f"{folder}: already holds {', '.join(there)}; nothing was written.")
    for source in templates():
        shutil.copyfile(source, into / source.name)
        click.echo(str(into / source.name))


def _make_folder(folder: str) -> Path:
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClaimstatsError(f"{folder}: cannot be made: {error.strerror}.") from error
    return path


@click.command()
@click.argument("folder", default=LAB_FOLDER, metavar="[DIR]")
@book_option
@click.option("--no-open", is_flag=True, help="Copy the notebooks and start nothing.")
def lab(folder: str, book: str | None, no_open: bool) -> int:
    """Copy the notebooks into DIR and open JupyterLab there, on your book.

    Without a book the notebooks open the sample. A notebook that is there already is kept.
    """
    from claimstats.bundled import notebooks

    path = book_path(book)
    if book and not Path(path).exists():
        raise ClaimstatsError(
            f"{path}: there is no such book; `claimstats load PATH...` creates one."
        )
    into = _make_folder(folder)
    for source in notebooks():
        if not (into / source.name).exists():
            shutil.copyfile(source, into / source.name)
        click.echo(str(into / source.name))
    if no_open:
        return 0
    if find_spec("jupyterlab") is None:
        raise MissingExtra("claimstats lab", "jupyterlab", "lab")
    return _start_lab(into, path)


def _start_lab(folder: Path, book: str) -> int:
    settings = folder / ".lab-settings"
    settings.mkdir(exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(LAB_SETTINGS), encoding="utf-8")
    environment = dict(os.environ)
    if Path(book).exists():
        environment["CLAIMSTATS_BOOK"] = str(Path(book).resolve())
    command = [
        sys.executable, "-m", "jupyterlab", str(folder),
        f"--LabApp.app_settings_dir={settings.resolve()}",
    ]  # fmt: skip
    return subprocess.run(command, env=environment, check=False).returncode


@click.command()
@book_option
def doctor(book: str | None) -> int:
    """Say what is installed and whether the book is sound; exit with 1 if it is not."""
    from importlib.metadata import version

    click.echo(f"python {sys.version.split()[0]}")
    click.echo(f"claimstats {__version__}")
    for name in CORE_PACKAGES:
        click.echo(f"{name} {version(name)}")
    for name, module, extra in OPTIONAL_PACKAGES:
        is_there = find_spec(module) is not None
        mend = f"missing: pip install 'claimstats[{extra}]'"
        click.echo(f"{name} {version(name) if is_there else mend}")
    path = book_path(book)
    if not Path(path).exists():
        click.echo(f"book {path}: not there yet; `claimstats load PATH...` creates it")
        return 1 if book else 0
    with opened(path) as examined:
        click.echo(f"book {path}: opens; data up to {examined.as_of} UTC")
        faults = list(_faults(examined))
    for fault in faults:
        click.echo(f"fault: {fault}")
    click.echo(f"{len(faults)} faults")
    return 1 if faults else 0


def _faults(book: ClaimBook) -> Iterator[str]:
    """What in a book contradicts itself: every check is a query that should find nothing."""
    for row in book.rows(
        "SELECT file_name FROM source_files WHERE n_read <> n_inserted + n_updated + n_unchanged "
        "+ n_rejected + n_ignored"
    ):
        yield f"{row['file_name']}: records read are not all accounted for"
    for row in book.rows(
        "SELECT f.file_name, f.n_rejected, count(r.file_id) AS n FROM source_files AS f "
        "LEFT JOIN rejected_rows AS r USING (file_id) GROUP BY ALL HAVING f.n_rejected <> n"
    ):
        yield f"{row['file_name']}: {row['n_rejected']} rows rejected, {row['n']} kept"
    future = book.value(
        "SELECT as_of FROM v_cutoff WHERE as_of > now()::TIMESTAMP + INTERVAL 1 DAY"
    )
    if future:
        yield (
            f"the latest event, {future}, lies in the future: a date is mistyped, and open claims "
            "look too old"
        )
