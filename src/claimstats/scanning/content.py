"""What a file's content is, by its first bytes: names are changed, and telephones mislabel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from claimstats.scanning.measures import Medium, Unreadable

HEAD = 1024
"""Bytes that are looked at: the mark of a PDF may stand anywhere among them."""

PICTURES = frozenset(
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".heic",
        ".heif", ".hif", ".avif",
    }
)  # fmt: skip
VIDEOS = frozenset(
    {
        ".mp4", ".mov", ".m4v", ".3gp", ".3g2", ".avi", ".mkv", ".webm", ".wmv", ".flv", ".mts",
        ".m2ts", ".mpg", ".mpeg",
    }
)  # fmt: skip
RAW = frozenset({".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw"})
ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"})

SAVE_AS_MP4 = "a video in a container that is not read; save it as .mp4"
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
)
OTHER_VIDEOS = (b"\x1a\x45\xdf\xa3", b"FLV\x01", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"\0\0\1\xba")

HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})
QUICKTIME_BOXES = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})

ARCHIVE, OTHER = "archives (not unpacked)", "no picture, PDF or video"


@dataclass(frozen=True)
class Content:
    """What a file is.

    Parameters
    ----------
    medium
        ``photo``, ``document`` or ``video``; None for a file that is passed over.
    format
        The format, such as JPEG.
    ignored
        Why it is passed over.
    """

    medium: Medium | None
    format: str = ""
    ignored: str = ""


def content_of(head: bytes, name: str) -> Content:
    r"""What a file is by its first bytes, and by its name where these tell nothing.

    Raises
    ------
    Unreadable
        It ought to be evidence by its name or its bytes, and is none that can be measured.

    Examples
    --------
    >>> content_of(b"\xff\xd8\xff\xe0", "photo.png").format
    'JPEG'
    >>> content_of(b"hello", "notes.txt").ignored
    'no picture, PDF or video'
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in RAW:
        raise Unreadable(f"is a camera's raw picture ({suffix}); save it as JPEG")
    told = _by_bytes(head)
    if told is not None:
        return told
    if suffix in PICTURES | VIDEOS | {".pdf"}:
        if not head:
            raise Unreadable("is empty: it has 0 bytes; copy it again")
        raise Unreadable(f"is named {suffix}, and holds no picture, PDF or video; copy it again")
    return Content(None, ignored=ARCHIVE if suffix in ARCHIVES else OTHER)


def _by_bytes(head: bytes) -> Content | None:
    for magic, name in MAGIC:
        if head.startswith(magic):
            return Content("photo", name)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Content("photo", "WEBP")
    if head.startswith(OTHER_VIDEOS) or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        raise Unreadable(f"is {SAVE_AS_MP4}")
    if head[4:8] == b"ftyp":
        return _by_brands(head)
    if head[4:8] in QUICKTIME_BOXES:
        return Content("video", "MOV")
    return Content("document", "PDF") if b"%PDF-" in head else None


def _by_brands(head: bytes) -> Content:
    """What a file of boxes is, by the brands that it claims: picture or video."""
    end = min(int.from_bytes(head[:4]), len(head))
    brands = {head[8:12], *(head[k : k + 4] for k in range(16, end - 3, 4))}
    if brands & AVIF_BRANDS:
        return Content("photo", "AVIF")
    if head[8:12] in HEIF_BRANDS:
        return Content("photo", "HEIF")
    return Content("video", "MOV" if head[8:12] == b"qt  " else "MP4")
