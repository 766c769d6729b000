"""A reader's own picture for the top of the page, taken into the page itself."""

from __future__ import annotations

import base64
from pathlib import Path

from claimstats.errors import ClaimstatsError

MOST_BYTES = 200_000
"""A logo beyond this would make the page slow to send; pictures this large are photos."""

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def picture(path: str | Path) -> str:
    """Read a picture as an address that holds the picture itself.

    Parameters
    ----------
    path
        A PNG, JPEG, WebP or SVG file; the content tells which, not the name.

    Returns
    -------
    str
        A ``data:`` address for an ``<img>``, where the script of an SVG does not run.

    Raises
    ------
    ClaimstatsError
        The file cannot be read, is no such picture, or is too large.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise ClaimstatsError(f"{path}: the logo cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise ClaimstatsError(
            f"{path}: the logo has {len(content):,} bytes; at most {MOST_BYTES:,} are taken. "
            "Save it smaller."
        )
    kind = _kind(content)
    if not kind:
        raise ClaimstatsError(f"{path}: the logo is no PNG, JPEG, WebP or SVG picture.")
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _kind(content: bytes) -> str:
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    is_svg = b"<svg" in content[:1000] and content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return "image/svg+xml" if is_svg else ""
