"""Measures of a video, from the header of its container (ISO/IEC 14496-12, and QuickTime alike).

Size, length and time stand there, in a few hundred bytes. No frame is decoded: a decoder of videos
is 35 MB of machine code that strangers' files would be given to, for a picture out of thousands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from claimstats.scanning.measures import Measures, Unreadable

EPOCH = datetime(1904, 1, 1)
"""Times in the header are seconds from here, in UTC by the standard."""

MOST_BOXES = 10_000
LARGEST_BOX_READ = 1 << 16
"""Bytes; the boxes that are read have about a hundred."""

WITHIN = frozenset({b"moov", b"trak"})
READ = frozenset({b"mvhd", b"tkhd"})
QUARTER_TURN = 1 << 16
CUT_SHORT = "has no header (moov): it was cut short, or is still being written; copy it again"


@dataclass(frozen=True)
class Box:
    """A box of the container: its type, and where its content lies."""

    type: bytes
    begin: int
    end: int


def measure_video(stream: BinaryIO, size: int, kind: str) -> Measures:
    """Measure a video.

    Parameters
    ----------
    stream
        The file, open for reading.
    size
        Its size in bytes.
    kind
        MP4 or MOV.

    Raises
    ------
    Unreadable
        Its boxes are damaged, or the one that tells of it is lacking.
    """
    duration: float | None = None
    made: datetime | None = None
    sizes: list[tuple[int, int]] = []
    has_header = False
    for box in _boxes(stream, size):
        if box.type == b"mvhd":
            has_header = True
            made, duration = _movie(_content(stream, box))
        elif box.type == b"tkhd":
            sizes.append(_track(_content(stream, box)))
    if not has_header:
        raise Unreadable(CUT_SHORT)
    width, height = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    if not width * height:
        raise Unreadable("holds no picture: it is sound alone")
    return Measures(
        "video", kind, width, height, duration_seconds=duration,
        captured_at=made, captured_basis="video_header" if made else None,
    )  # fmt: skip


def _boxes(stream: BinaryIO, size: int) -> Iterator[Box]:
    """The boxes that tell of the video, found by their sizes: what lies between is not read."""
    todo, n_seen = [(0, size)], 0
    while todo:
        at, end = todo.pop()
        while at + 8 <= end:
            n_seen += 1
            if n_seen > MOST_BOXES:
                raise Unreadable("is damaged: its boxes do not end; copy it again")
            box = _box(stream, at, end)
            if box.type in READ:
                yield box
            elif box.type in WITHIN:
                todo.append((box.begin, min(box.end, end)))
            at = box.end


def _box(stream: BinaryIO, at: int, end: int) -> Box:
    stream.seek(at)
    head = stream.read(16)
    length, kind = int.from_bytes(head[:4]), head[4:8]
    begin = at + 8
    if length == 1:  # its size stands in the eight bytes after
        length, begin = int.from_bytes(head[8:16]), at + 16
    elif length == 0:  # it goes on to the end
        length = end - at
    if at + length < begin:
        raise Unreadable("is damaged: a box is smaller than its own head; copy it again")
    return Box(kind, begin, at + length)


def _content(stream: BinaryIO, box: Box) -> bytes:
    stream.seek(box.begin)
    return stream.read(min(box.end - box.begin, LARGEST_BOX_READ))


def _movie(content: bytes) -> tuple[datetime | None, float | None]:
    """When the movie was made, and how long it is in seconds."""
    wide = 8 if content[:1] == b"\x01" else 4
    if len(content) < 4 + 3 * wide + 4:
        raise Unreadable(CUT_SHORT)
    made = int.from_bytes(content[4 : 4 + wide])
    at = 4 + 2 * wide
    scale = int.from_bytes(content[at : at + 4])
    length = int.from_bytes(content[at + 4 : at + 4 + wide])
    is_known = scale and 0 < length < 2 ** (8 * wide) - 1
    return _moment(made), round(length / scale, 1) if is_known else None


def _moment(seconds: int) -> datetime | None:
    """The time; None where the camera wrote none."""
    try:
        return EPOCH + timedelta(seconds=seconds) if seconds else None
    except OverflowError:
        return None


def _track(content: bytes) -> tuple[int, int]:
    """Width and height of a track as it is shown; 0 for sound."""
    at = 52 if content[:1] == b"\x01" else 40
    matrix, size = content[at : at + 36], content[at + 36 : at + 44]
    if len(size) < 8:
        raise Unreadable(CUT_SHORT)
    width, height = int.from_bytes(size[:4]) >> 16, int.from_bytes(size[4:]) >> 16
    is_turned = abs(int.from_bytes(matrix[4:8], signed=True)) == QUARTER_TURN
    return (height, width) if is_turned else (width, height)
