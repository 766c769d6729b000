"""One file looked at: opened without following a link, hashed, recognised and measured."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from claimstats.scanning.content import HEAD, Content, content_of
from claimstats.scanning.documents import measure_document
from claimstats.scanning.measures import MEASURED_BY, Measures, Unreadable
from claimstats.scanning.pictures import measure_picture
from claimstats.scanning.videos import measure_video
from claimstats.scanning.walk import Found

LARGEST = 256 << 20
"""Bytes of a picture or a document, which are read whole."""
LARGEST_VIDEO = 64 << 30
PIECE = 1 << 20

CHANGES = "changes while it is read; scan again when it is complete"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Looked:
    """What became of one entry of the folder.

    Parameters
    ----------
    path
        Its path below the folder.
    row
        Its measures by the names of the columns of evidence_files; None where it has none.
    ignored
        Why it was passed over.
    fault
        Why it could not be measured.
    """

    path: str
    row: dict[str, Any] | None = None
    ignored: str | None = None
    fault: str | None = None


def look(found: Found, known: Mapping[str, Row]) -> Looked:
    """Measure a file, or say why not.

    Parameters
    ----------
    found
        The file.
    known
        Rows of evidence_files by the hash of the content: what they tell is not measured again.
    """
    if found.ignored or found.fault:
        return Looked(found.path, ignored=found.ignored, fault=found.fault)
    try:
        with _open(found.place) as stream:
            before = os.fstat(stream.fileno())
            head = stream.read(HEAD)
            content = content_of(head, found.path)
            if content.medium is None:
                return Looked(found.path, ignored=content.ignored)
            row = _measured(stream, head, before.st_size, content, known)
            if _state(os.fstat(stream.fileno())) != _state(before):
                raise Unreadable(CHANGES)
    except Unreadable as fault:
        return Looked(found.path, fault=str(fault))
    except OSError as error:
        return Looked(found.path, fault=f"cannot be read: {error.strerror or error}")
    changed_at = datetime.fromtimestamp(before.st_mtime_ns // 10**9, UTC).replace(tzinfo=None)
    return Looked(
        found.path,
        {**row, "path": found.path, "n_bytes": before.st_size, "changed_at": changed_at},
    )


@contextmanager
def _open(place: Path) -> Iterator[BinaryIO]:
    """Open a regular file; one that became a link or a pipe since it was listed is refused."""
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    number = os.open(place, os.O_RDONLY | careful | getattr(os, "O_BINARY", 0))
    with os.fdopen(number, "rb") as stream:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise Unreadable("is no regular file")
        yield stream


def _state(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _measured(
    stream: BinaryIO, head: bytes, size: int, content: Content, known: Mapping[str, Row]
) -> dict[str, Any]:
    most = LARGEST_VIDEO if content.medium == "video" else LARGEST
    if size > most:
        raise Unreadable(f"has {size >> 20:,} MiB, more than {most >> 20:,}; save it smaller")
    data = b"" if content.medium == "video" else head + stream.read(most)
    digest = sha256(data).hexdigest() if data else _hash(stream, head)
    told = known.get(digest)
    if told is None:
        told = asdict(_measures(stream, data, size, content))
    return {**told, "sha256": digest, "measured_by": MEASURED_BY}


def _hash(stream: BinaryIO, head: bytes) -> str:
    digest = sha256(head)
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _measures(stream: BinaryIO, data: bytes, size: int, content: Content) -> Measures:
    if content.medium == "video":
        return measure_video(stream, size, content.format)
    if content.medium == "document":
        return measure_document(data)
    return measure_picture(data, content.format)
