"""Photos, PDFs and videos to scan, made here so that what they show and tell is known."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageDraw, ImageFilter

PLACE = "PLANTED-PLACE"
"""Stands in the EXIF notes on the place, and must stand nowhere else."""
PERSON = "PLANTED-PERSON"


@pytest.fixture(scope="session")
def photo() -> Callable[..., Image.Image]:
    """A picture full of edges; by its seed another one."""

    def make(seed: int = 0, size: tuple[int, int] = (1200, 900), blur: float = 0) -> Image.Image:
        chance = np.random.default_rng(seed)
        image = Image.new("RGB", size, "#808890")
        draw = ImageDraw.Draw(image)
        for _ in range(300):
            x, y = (int(chance.integers(0, side)) for side in size)
            w, h = chance.integers(5, max(size) // 6, 2)
            colour = "#{:02x}{:02x}{:02x}".format(*chance.integers(0, 255, 3))
            draw.rectangle([x, y, x + int(w), y + int(h)], fill=colour)
        return image.filter(ImageFilter.GaussianBlur(blur)) if blur else image

    return make


@pytest.fixture(scope="session")
def encoded() -> Callable[..., bytes]:
    """A picture's bytes in a format."""

    def encode(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
        stream = io.BytesIO()
        image.save(stream, kind, **options)
        return stream.getvalue()

    return encode


@pytest.fixture(scope="session")
def exif() -> Callable[..., Image.Exif]:
    """What a telephone notes in a picture, its place and its owner among it."""

    def note(
        taken: str | None = "2026:01:09 18:30:00", offset: str | None = "+01:00", turn: int = 1
    ) -> Image.Exif:
        notes = Image.Exif()
        notes[ExifTags.Base.Orientation] = turn
        notes[ExifTags.Base.Artist] = PERSON
        inner = notes.get_ifd(ExifTags.IFD.Exif)
        if taken:
            inner[ExifTags.Base.DateTimeOriginal] = taken
        if offset:
            inner[ExifTags.Base.OffsetTimeOriginal] = offset
        inner[ExifTags.Base.CameraOwnerName] = PERSON
        place = notes.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef] = "N"
        place[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 14.0)
        place[ExifTags.GPS.GPSMapDatum] = PLACE
        return notes

    return note


@pytest.fixture(scope="session")
def pdf() -> Callable[..., bytes]:
    """A PDF written by hand; of each page its text, or the size of a picture that fills it."""

    def make(*pages: str | tuple[int, int]) -> bytes:
        objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
        kids = []
        for page in pages:
            objects += _page_objects(page, len(objects) + 1)
            kids.append(len(objects) - 2)
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        objects[1] = f"<</Type/Pages/Kids[{listed}]/Count {len(kids)}>>".encode()
        return _written(objects)

    return make


def _page_objects(page: str | tuple[int, int], number: int) -> list[bytes]:
    """A page of A4, its content, and its font or picture."""
    if isinstance(page, str):
        content = f"BT /F1 12 Tf 72 700 Td ({page}) Tj ET".encode()
        part = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
        named = f"/Font<</F1 {number + 2} 0 R>>"
    else:
        content = b"q 595 0 0 842 0 0 cm /I1 Do Q"
        part = (
            (
                "<</Type/XObject/Subtype/Image/Width {}/Height {}/BitsPerComponent 8"
                "/ColorSpace/DeviceGray/Length 0>>stream\n\nendstream"
            )
            .format(*page)
            .encode()
        )
        named = f"/XObject<</I1 {number + 2} 0 R>>"
    return [
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number + 1} 0 R"
        f"/Resources<<{named}>>>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        part,
    ]


def _written(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    n = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (n, table, n, len(out))
    )


def box(kind: bytes, content: bytes = b"") -> bytes:
    """A box of a video's container."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


@pytest.fixture(scope="session")
def video() -> Callable[..., bytes]:
    """A video of two tracks, sound and picture, with frames of nothing."""

    def make(
        width: int = 1920,
        height: int = 1080,
        seconds: float = 12.5,
        made: int = 3_850_000_000,
        is_turned: bool = False,
        version: int = 0,
        brand: bytes = b"qt  ",
    ) -> bytes:
        wide = "Q" if version else "I"
        times = struct.pack(f">{wide}{wide}I{wide}", made, made, 600, round(600 * seconds))
        movie = box(b"mvhd", struct.pack(">I", version << 24) + times + bytes(80))
        turn = (0, 65536, 0, -65536, 0) if is_turned else (65536, 0, 0, 0, 65536)

        def track(w: int, h: int) -> bytes:
            head = struct.pack(f">I{wide}{wide}II{wide}", version << 24, made, made, 1, 0, 0)
            matrix = struct.pack(">9i", *turn, 0, 0, 0, 1 << 30)
            return box(
                b"trak",
                box(b"tkhd", head + bytes(16) + matrix + struct.pack(">II", w << 16, h << 16)),
            )

        return (
            box(b"ftyp", brand + bytes(4) + brand)
            + box(b"wide")
            + box(b"mdat", bytes(5000))
            + box(b"moov", movie + track(0, 0) + track(width, height))
        )

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to scan."""
    path = tmp_path / "evidence"
    path.mkdir()
    return path


@pytest.fixture
def put(folder: Path) -> Callable[[str, bytes], Path]:
    """Put a file into the folder."""

    def into(path: str, content: bytes) -> Path:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        return place

    return into
