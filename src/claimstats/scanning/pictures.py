"""Measures of a picture: its size, sharpness, tones, fingerprint and time, and never its place.

The picture is made grey and shrunk to one size before it is measured, so that the numbers of an old
telephone and a new one can be compared. It is never enlarged: that would feign blur.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from claimstats.errors import MissingExtra
from claimstats.scanning.measures import Measures, Unreadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Exif, Image

    Grey = NDArray[np.float64]

MOST_PIXELS = 120_000_000
"""A telephone's largest ordinary picture has 108 million; a bomb of a few bytes has billions."""

LONGEST_SIDE = 1024
"""Pixels of the shrunk picture's longest side."""

DARK_TO, BRIGHT_FROM = 5, 250
"""Grey values taken for the ends of the scale."""
EXTREME_SHARE = 0.001
"""The darkest and the brightest share of the pixels, outside the range of tones."""

PLAIN_BELOW = 16
"""Grey values between the lightest and the darkest cell; a plainer picture has no fingerprint."""

PLUGINS = {
    "JPEG": "Jpeg", "PNG": "Png", "GIF": "Gif", "WEBP": "WebP", "TIFF": "Tiff", "BMP": "Bmp",
    "AVIF": "Avif",
}  # fmt: skip
"""Pillow's reader of each format. A file meets the one of its own bytes alone: others start
programs, or were written for formats that nobody sends."""

DEEP_GREY = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I"})
TOO_LARGE = f"has more than {MOST_PIXELS:,} pixels; save it smaller"
NEEDS_HEIF = "HEIC needs pillow-heif; install it with: pip install 'claimstats[images]'"

ORIENTATION, EXIF_IFD, TAKEN, TAKEN_OFFSET = 0x0112, 0x8769, 0x9003, 0x9011
"""The tags that are read; that of the place (0x8825) is not among them."""


def check_installed() -> None:
    """Say which package lacks before thousands of files are looked at.

    Raises
    ------
    MissingExtra
        Pillow is not installed.
    """
    if find_spec("PIL") is None:
        raise MissingExtra("measuring pictures", "Pillow", "images")


def measure_picture(data: bytes, kind: str) -> Measures:
    """Measure a picture.

    Parameters
    ----------
    data
        The file's bytes.
    kind
        What they are, such as JPEG or HEIF.

    Raises
    ------
    Unreadable
        The picture is damaged, cut short, too large, or of a kind that nothing installed reads.
    """
    try:
        with _opened(data, kind) as (image, exif, is_upright):
            return _measured(image, exif, is_upright, kind)
    except Unreadable:
        raise
    except MemoryError as error:
        raise Unreadable("needs more memory than there is; save it smaller") from error
    except Exception as error:  # whatever a decoder makes of damaged bytes
        if "decompression bomb" in str(error):
            raise Unreadable(TOO_LARGE) from error
        raise Unreadable(f"is damaged or cut short ({_said(error)}); copy it again") from error


def _said(error: Exception) -> str:
    """What a decoder said, in one line and without the object that it names."""
    lines = str(error).splitlines()
    return "no picture was found in it" if not lines or "0x" in lines[0] else lines[0].rstrip(".")


@contextmanager
def _opened(data: bytes, kind: str) -> Iterator[tuple[Image, Exif | None, bool]]:
    """The picture, what EXIF says of it, and whether it stands upright already."""
    import PIL.Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sizes, which are checked here, and of odd tags
        if kind == "HEIF":
            yield *_heif(data), True
        else:
            import_module(f"PIL.{PLUGINS[kind]}ImagePlugin")
            with PIL.Image.open(io.BytesIO(data), formats=[kind]) as image:
                _check_size(image.size)
                yield image, _exif_of(image), False


def _heif(data: bytes) -> tuple[Image, Exif | None]:
    """A picture of an iPhone; its turns are made as it is decoded."""
    import PIL.Image

    try:
        import pillow_heif
    except ImportError as error:
        raise Unreadable(NEEDS_HEIF) from error
    found = pillow_heif.open_heif(io.BytesIO(data))
    _check_size(found.size)
    exif = None
    if found.info.get("exif"):
        exif = PIL.Image.Exif()
        exif.load(found.info["exif"])
    return found.to_pillow(), exif


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise Unreadable(TOO_LARGE)
    if not size[0] * size[1]:
        raise Unreadable("has no pixels")


def _exif_of(image: Image) -> Exif | None:
    try:
        return image.getexif()
    except Exception:  # damaged notes beside a sound picture
        return None


def _measured(image: Image, exif: Exif | None, is_upright: bool, kind: str) -> Measures:
    width, height = image.size
    turn = 1 if is_upright or exif is None else exif.get(ORIENTATION, 1)
    if turn in (5, 6, 7, 8):
        width, height = height, width
    grey = _turned(_shrunk(image), turn)
    local, at = _taken(exif)
    return Measures(
        "photo",
        kind,
        width,
        height,
        **_tones(grey),
        perceptual_hash=_fingerprint(grey),
        captured_local=local,
        captured_at=at,
        captured_basis="exif" if local else None,
    )


def _shrunk(image: Image) -> Image:
    """The picture in grey, its longest side at most LONGEST_SIDE, each pixel a mean of an area."""
    import PIL.Image

    image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))  # of a JPEG no more is decoded than is needed
    grey = _grey(image)
    share = LONGEST_SIDE / max(grey.size)
    if share < 1:
        size = [max(1, round(side * share)) for side in grey.size]
        grey = grey.resize((size[0], size[1]), PIL.Image.Resampling.BOX)
    return grey


def _grey(image: Image) -> Image:
    import numpy as np
    import PIL.Image

    image.load()
    if image.mode in DEEP_GREY:
        return PIL.Image.fromarray((np.asarray(image) / 257).clip(0, 255).astype(np.uint8))
    if image.mode == "F":
        raise Unreadable("has pixels that are no grey values or colours; save it as JPEG")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        whole = image.convert("RGBA")
        paper = PIL.Image.new("RGBA", whole.size, "white")
        return PIL.Image.alpha_composite(paper, whole).convert("L")
    return image.convert("L")


def _turned(grey: Image, turn: int) -> Image:
    """The picture as it is shown, by the orientation that EXIF tells."""
    from PIL.Image import Transpose

    ways = {
        2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE, 6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }  # fmt: skip
    return grey.transpose(ways[turn]) if turn in ways else grey


def _tones(grey: Image) -> dict[str, Any]:
    import numpy as np

    values = np.asarray(grey, dtype=np.float64)
    counts = np.asarray(grey.histogram(), dtype=np.int64)
    n, below = counts.sum(), counts.cumsum()
    darkest = int(np.searchsorted(below, EXTREME_SHARE * n, side="right"))
    brightest = int(np.searchsorted(below, (1 - EXTREME_SHARE) * n, side="left"))
    return {
        "laplacian_variance": laplacian_variance(values),
        "mean_luminance": round(float(values.mean()), 1),
        "tonal_range": max(0, brightest - darkest),
        "dark_share": round(float(below[DARK_TO] / n), 4),
        "bright_share": round(float(counts[BRIGHT_FROM:].sum() / n), 4),
    }


def laplacian_variance(grey: Grey) -> float | None:
    """The variance of the Laplacian, by which a sharp picture is told from a blurred one.

    None for a picture of fewer than three rows or columns.

    References
    ----------
    Pech-Pacheco, Cristobal, Chamorro-Martinez, Fernandez-Valdivia (2000), Diatom autofocusing in
    brightfield microscopy: a comparative study, ICPR 3, 314-317.

    Examples
    --------
    >>> import numpy as np
    >>> laplacian_variance(np.tile([0.0, 1.0], (4, 2)))
    4.0
    """
    if min(grey.shape) < 3:
        return None
    middle = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return round(float((around - 4 * middle).var()), 1)


def _fingerprint(grey: Image) -> str | None:
    """64 bits: whether each of 8 by 8 cells is lighter than the cell to its left (dHash)."""
    import numpy as np
    from PIL.Image import Resampling

    cells = np.asarray(grey.resize((9, 8), Resampling.BOX), dtype=np.int16)
    if cells.max() - cells.min() < PLAIN_BELOW:
        return None
    return np.packbits(cells[:, 1:] > cells[:, :-1]).tobytes().hex()


def _taken(exif: Exif | None) -> tuple[datetime | None, datetime | None]:
    """When a picture was taken: by the camera's clock, and in UTC where it told its zone."""
    try:
        told = exif.get_ifd(EXIF_IFD) if exif is not None else {}
        local = datetime.strptime(str(told.get(TAKEN, "")).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except Exception:  # damaged notes, or a clock that was never set
        return None, None
    return local, _utc(local, str(told.get(TAKEN_OFFSET, "")).strip("\0 "))


def _utc(local: datetime, offset: str) -> datetime | None:
    try:
        zoned = datetime.strptime(offset, "%z").tzinfo
        return local.replace(tzinfo=zoned).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
