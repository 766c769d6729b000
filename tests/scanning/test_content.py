"""What a file is, by its first bytes."""

from __future__ import annotations

import pytest

from claimstats.scanning.content import content_of
from claimstats.scanning.measures import Unreadable


def box(kind: bytes, content: bytes = b"") -> bytes:
    """A box of a container; those that tell a file's brand stand first."""
    return (8 + len(content)).to_bytes(4) + kind + content


FTYP = b"ftyp"


@pytest.mark.parametrize(
    ("head", "name", "medium", "kind"),
    [
        (b"\xff\xd8\xff\xe1", "a.jpg", "photo", "JPEG"),
        (b"\xff\xd8\xff\xe1", "a.heic", "photo", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "a.jpg", "photo", "PNG"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.jpg", "photo", "WEBP"),
        (b"GIF89a", "a", "photo", "GIF"),
        (b"II*\0", "a.tif", "photo", "TIFF"),
        (box(FTYP, b"heic\0\0\0\0mif1heic"), "IMG.HEIC", "photo", "HEIF"),
        (box(FTYP, b"mif1\0\0\0\0mif1heic"), "IMG.jpg", "photo", "HEIF"),
        (box(FTYP, b"mif1\0\0\0\0mif1avif"), "a", "photo", "AVIF"),
        (box(FTYP, b"avif\0\0\0\0mif1"), "a", "photo", "AVIF"),
        (box(FTYP, b"qt  \0\0\0\0qt  "), "a.mov", "video", "MOV"),
        (box(FTYP, b"isom\0\0\2\0isommp41"), "a.mp4", "video", "MP4"),
        (box(b"wide") + box(b"mdat"), "old.mov", "video", "MOV"),
        (b"%PDF-1.7", "a", "document", "PDF"),
        (b"\xef\xbb\xbf\n%PDF-1.7", "a.pdf", "document", "PDF"),
    ],
)
def test_content_is_told_by_bytes_whatever_the_name(
    head: bytes, name: str, medium: str, kind: str
) -> None:
    found = content_of(head, name)
    assert (found.medium, found.format) == (medium, kind)


@pytest.mark.parametrize(
    ("head", "name", "sentence"),
    [
        (b"", "a.jpg", "is empty: it has 0 bytes"),
        (b"<html>", "a.jpg", "is named .jpg, and holds no picture"),
        (b"<html>", "A.PDF", "is named .pdf, and holds no picture"),
        (b"II*\0", "a.DNG", "raw picture"),
        (b"\x1a\x45\xdf\xa3", "a.mkv", "save it as .mp4"),
        (b"RIFF\0\0\0\0AVI LIST", "a.avi", "save it as .mp4"),
    ],
)
def test_evidence_that_cannot_be_measured_is_refused(head: bytes, name: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        content_of(head, name)


@pytest.mark.parametrize(
    ("name", "why"),
    [("pack.zip", "archives (not unpacked)"), ("notes.txt", "no picture, PDF or video"),
     ("claims.xlsx", "no picture, PDF or video"), ("empty", "no picture, PDF or video")],
)  # fmt: skip
def test_other_files_are_passed_over(name: str, why: str) -> None:
    assert content_of(b"", name).ignored == why
