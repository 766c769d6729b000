"""A finding's chart as a picture that stands alone: headline and cut-off above it, and inside."""

from __future__ import annotations

import html
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from claimstats import __version__
from claimstats.charts.surface import framed
from claimstats.errors import ParameterError
from claimstats.finding import Finding, Table
from claimstats.forms.browser import draw
from claimstats.forms.look import Look
from claimstats.forms.text import legible
from claimstats.language import say
from claimstats.report.sections import tied
from claimstats.selection import said

MOST_PIXELS = 16_000
"""Pixels along a side that a browser can draw (Chrome: 16,384)."""

PNG = b"\x89PNG\r\n\x1a\n"
AFTER_HEADER = len(PNG) + 25
"""Where the first chunk of a PNG ends, which must be its header."""

SOFTWARE = f"claimstats {__version__}"
MARKS = (b"iTXtSoftware\0\0\0\0\0claimstats ", b"<metadata>claimstats ")
MARK_WITHIN = 4096


def render(finding: Finding, forms: Sequence[str], look: Look) -> dict[str, bytes]:
    """A finding's chart in each of some forms, ``png`` or ``svg``."""
    headline = tied(finding.headline)
    framed_chart = framed(finding.chart, headline, _note(finding), look.theme, look.width)
    spec = _legibly(framed_chart)
    layout = spec["layout"]
    longest = max(layout["width"], layout["height"]) * look.scale
    if "png" in forms and longest > MOST_PIXELS:
        raise ParameterError(
            f"a chart of {longest:,.0f} pixels along a side is more than a browser can draw "
            f"({MOST_PIXELS:,}); ask for a smaller scale."
        )
    drawn = draw(spec, forms, look.scale)
    told = {"png": _told_in_png, "svg": _told_in_svg}
    return {form: told[form](content, finding) for form, content in drawn.items()}


def is_ours(path: Path, _: Finding, __: Table) -> bool:
    """Whether a file is an earlier export: a picture can be drawn again from any book."""
    with path.open("rb") as stream:
        start = stream.read(MARK_WITHIN)
    return start.startswith((PNG, b"<svg")) and any(mark in start for mark in MARKS)


def _legibly(part: Any) -> Any:
    """A part of a specification with every text legible, or an SVG would be no XML."""
    if isinstance(part, str):
        return legible(part)
    if isinstance(part, Mapping):
        return {key: _legibly(inner) for key, inner in part.items()}
    return [_legibly(inner) for inner in part] if isinstance(part, (list, tuple)) else part


def _note(finding: Finding) -> str:
    """Up to when the data go, and which claims were chosen, which the headline does not say."""
    only, cutoff = said(finding.parameters), finding.as_of
    told = say("Data up to {time} UTC", time=cutoff) if cutoff else say("No data")
    return legible(say("{data}; only claims with {asked}", data=told, asked=only) if only else told)


def _description(finding: Finding) -> str:
    return " ".join(
        [legible(finding.question), _note(finding) + say("."), *map(legible, finding.caveats)]
    )


def _told_in_png(content: bytes, finding: Finding) -> bytes:
    """A PNG with its origin, headline and caveats in text chunks (PNG, 11.3.3.4)."""
    texts = {
        "Software": SOFTWARE,
        "Title": legible(finding.headline),
        "Description": _description(finding),
    }
    chunks = b"".join(_text_chunk(key, text) for key, text in texts.items())
    return content[:AFTER_HEADER] + chunks + content[AFTER_HEADER:]


def _text_chunk(key: str, text: str) -> bytes:
    body = b"iTXt" + key.encode("ascii") + b"\0\0\0\0\0" + text.encode("utf-8")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body))


def _told_in_svg(content: bytes, finding: Finding) -> bytes:
    """An SVG with its origin, and a title and a description that readers of screens say."""
    head, rest = content.decode("utf-8").split(">", 1)
    told = f"<metadata>{SOFTWARE}</metadata>"
    for tag, text in (("title", legible(finding.headline)), ("desc", _description(finding))):
        told += f"<{tag}>{html.escape(text, quote=False)}</{tag}>"
    return f'{head} role="img">{told}{rest}'.encode()
