"""The page: findings and their origin in, one HTML file out, the same bytes each time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from claimstats.errors import ClaimstatsError
from claimstats.finding import Finding
from claimstats.report import plotlyjs
from claimstats.report.policy import content_policy
from claimstats.report.provenance import Provenance
from claimstats.report.sections import grid, is_numeric, linked, sections, tied


def render(findings: Iterable[Finding], provenance: Provenance) -> str:
    """Write findings as one HTML page that needs nothing but itself.

    Parameters
    ----------
    findings
        What to show, in this order; a section each.
    provenance
        Title, cut-off, source files, data quality, versions, and the command that writes the
        page again.

    Returns
    -------
    str
        The page. The same findings give the same text.

    Raises
    ------
    ClaimstatsError
        Where plotly's script is not installed.

    Notes
    -----
    Every text is escaped. A table shows its first 200 rows and says how many there are.

    Examples
    --------
    >>> from claimstats.report import Provenance, render
    >>> page = render([], Provenance(title="Claims & returns", as_of=None))
    >>> "<h1>Claims &amp; returns</h1>" in page
    True
    """
    style, script, plotly = _asset("page.css"), _asset("page.js"), plotlyjs.load()
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            policy=content_policy([script], [style]),
            style=Markup(style),
            script=Markup(script),
            plotly=plotly,
            sections=sections(findings),
            provenance=provenance,
            sources=grid(provenance.sources, "sources-table", "Source files"),
        )
    )


def write(path: str | Path, findings: Iterable[Finding], provenance: Provenance) -> None:
    """Render a page into a file, which is replaced whole or not at all.

    Parameters
    ----------
    path
        Where to write; the folder must exist.
    findings, provenance
        As for :func:`render`.

    Raises
    ------
    ClaimstatsError
        Where the folder does not exist or cannot be written to.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise ClaimstatsError(
            f"cannot write {target}: the folder {target.parent} does not exist; create it first"
        )
    page = render(findings, provenance).encode("utf-8")
    try:
        _replace(target.resolve(), page)
    except OSError as error:
        raise ClaimstatsError(f"cannot write {target}: {error.strerror or error}") from error


def _replace(target: Path, content: bytes) -> None:
    """Write beside `target`, then take its place, so that nobody ever reads half a page."""
    if target.exists() and not target.is_file():  # a pipe or a terminal is written to, not replaced
        target.write_bytes(content)
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        with suppress(OSError):
            beside.unlink()


@cache
def _asset(name: str) -> str:
    return files("claimstats.report").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("claimstats.report", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["linked"] = linked
    environment.filters["tied"] = tied
    environment.tests["numeric"] = is_numeric
    return environment
