from __future__ import annotations

import base64
from pathlib import Path

import pytest

from claimstats.errors import ClaimstatsError
from claimstats.report.logo import MOST_BYTES, picture

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00/\x00\x00\x00"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n rest", "image/png"),
        (b"\xff\xd8\xff\xe0 rest", "image/jpeg"),
        (WEBP, "image/webp"),
        (SVG, "image/svg+xml"),
    ],
)
def test_content_tells_what_a_picture_is_and_travels_whole(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    path = tmp_path / "logo.txt"
    path.write_bytes(content)
    head, _, packed = picture(path).partition(",")
    assert head == f"data:{kind};base64"
    assert base64.b64decode(packed) == content


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_text("<p>not a picture</p>")
    with pytest.raises(ClaimstatsError, match="no PNG, JPEG, WebP or SVG"):
        picture(path)


def test_picture_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ClaimstatsError, match="cannot be read: No such file"):
        picture(tmp_path / "logo.png")


def test_picture_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(MOST_BYTES))
    with pytest.raises(ClaimstatsError, match=f"at most {MOST_BYTES:,}"):
        picture(path)
