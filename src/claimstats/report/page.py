"""The page: findings and their origin in, one HTML file out, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from claimstats.finding import Finding
from claimstats.language import label, say, say_n, tag
from claimstats.report import plotlyjs
from claimstats.report.packing import packed_json
from claimstats.report.policy import content_policy
from claimstats.report.provenance import Provenance
from claimstats.report.sections import Section, capital, grid, is_numeric, linked, sections, tied
from claimstats.report.variant import Variant
from claimstats.writing import replace_file

MOST_BYTES = 2_500_000
"""What a page may weigh with its variants: small enough for a mail; two megabytes are plotly.js."""

AROUND_A_VARIANT = 300
"""Bytes of the elements that name a variant; a long name costs more, and is rare."""

MOST_SOURCES = 1000
"""Source files that the footer lists; a book of daily exports holds some hundreds a year."""


def render(
    findings: Iterable[Finding], provenance: Provenance, variants: Sequence[Variant] = ()
) -> str:
    """Write findings as one HTML page that needs nothing but itself.

    Parameters
    ----------
    findings
        What to show, in this order; a section each.
    provenance
        Title, cut-off, source files, data quality, versions, and the command that writes the
        page again.
    variants
        The same findings about some of the claims; the page can switch to each.

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
    Every text is escaped. A table shows its first rows and says how many there are, and which
    command writes them all. Variants beyond `MOST_BYTES` are named, and left out.

    Examples
    --------
    >>> from claimstats.report import Provenance, render
    >>> page = render([], Provenance(title="Claims & returns", as_of=None))
    >>> "<h1>Claims &amp; returns</h1>" in page
    True
    """
    style, script, plotly = _asset("page.css"), _asset("page.js"), plotlyjs.load()
    shown = sections(findings)
    content = {
        "policy": content_policy([script], [style]),
        "style": Markup(style),
        "script": Markup(script),
        "plotly": plotly,
        "sections": shown,
        "charts": packed_json(_charts(shown)),
        "provenance": provenance,
        "sources": grid(provenance.sources, "sources-table", say("Source files"), MOST_SOURCES),
    }
    template = _environment().get_template("page.html.j2")
    alone = template.render(content, variants=[], fitting=(), packed="")
    if not variants:
        return alone
    fitting, packed = _fitting(variants, MOST_BYTES - len(alone.encode("utf-8")))
    return template.render(
        content, variants=variants, fitting=[v.key for v in fitting], packed=packed
    )


def _charts(shown: Iterable[Section]) -> dict[str, Any]:
    return {section.id: section.finding.chart for section in shown}


def _fitting(variants: Sequence[Variant], room: int) -> tuple[Sequence[Variant], str]:
    """The variants for which a page has room, those of most claims first, and their content."""
    fitting = sorted(variants, key=lambda variant: -variant.n_claims)
    parts = [_parts(variant) for variant in fitting]
    while fitting:
        packed = packed_json(_exchanged([variant.key for variant in fitting], parts))
        if len(packed) + AROUND_A_VARIANT * len(variants) <= room:
            return fitting, packed
        fitting, parts = fitting[:-1], parts[:-1]
    return [], packed_json({"keys": []})


def _parts(variant: Variant) -> dict[str, Any]:
    """What the page exchanges when it switches to a variant: its first screen, and per section."""
    macros: Any = _environment().get_template("parts.html.j2").module
    shown = sections(variant.findings)
    return {
        "glance": str(macros.glance(shown, variant.notes)),
        "sections": {
            section.id: {
                "body": str(macros.finding_body(section, is_variant=True)),
                "chart": section.finding.chart,
                "asked": str(macros.asked_for(section)),
                "sql": section.finding.sql,
            }
            for section in shown
        },
    }


def _exchanged(keys: list[str], parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The parts of all variants, a list over the variants for each thing.

    The same thing of all variants stands together, since gzip finds again what is near: this order
    halves what a variant adds to the page.
    """
    return {
        "keys": keys,
        "glance": [part["glance"] for part in parts],
        "sections": {
            name: {
                thing: [part["sections"][name][thing] for part in parts]
                for thing in parts[0]["sections"][name]
            }
            for name in parts[0]["sections"]
        },
    }


def write(
    path: str | Path,
    findings: Iterable[Finding],
    provenance: Provenance,
    variants: Sequence[Variant] = (),
) -> None:
    """Render a page into a file, which is replaced whole or not at all.

    Parameters
    ----------
    path
        Where to write; the folder must exist.
    findings, provenance, variants
        As for :func:`render`.

    Raises
    ------
    ClaimstatsError
        Where the folder does not exist or cannot be written to.
    """
    page = render(findings, provenance, variants)
    # A command line may hold bytes that are no text: they are shown, not refused.
    replace_file(path, page.encode("utf-8", "replace"))


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
    environment.globals |= {"say": say, "say_n": say_n, "label": label, "language": tag}
    environment.filters["capital"] = capital
    environment.filters["linked"] = linked
    environment.filters["tied"] = tied
    environment.tests["numeric"] = is_numeric
    return environment
