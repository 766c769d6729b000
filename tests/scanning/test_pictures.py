"""Measures of a picture: each moves as it should, and no damage gets through."""

from __future__ import annotations

import io
import struct
import sys
import warnings
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageDraw, ImageEnhance
from scipy.ndimage import laplace

from claimstats.errors import MissingExtra
from claimstats.scanning import pictures
from claimstats.scanning.measures import Measures, Unreadable
from claimstats.scanning.pictures import laplacian_variance, measure_picture

Photo = Callable[..., Image.Image]
Encoded = Callable[..., bytes]

N_MUTATIONS = 60


def distance(a: Measures, b: Measures) -> int:
    assert a.perceptual_hash
    assert b.perceptual_hash
    return (int(a.perceptual_hash, 16) ^ int(b.perceptual_hash, 16)).bit_count()


def test_laplacian_is_that_of_scipy() -> None:
    grey = np.random.default_rng(1).uniform(0, 255, (40, 30))
    expected = laplace(grey)[1:-1, 1:-1].var()
    assert laplacian_variance(grey) == pytest.approx(expected, abs=0.06)


def test_laplacian_of_a_checkerboard_is_worked_by_hand() -> None:
    """Each grey value lies 4 * 100 above or below its neighbours' sum: 400 and -400 alternate."""
    assert laplacian_variance(np.indices((6, 6)).sum(0) % 2 * 100.0) == 400**2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "AVIF", "GIF"])
def test_every_format_is_measured_alike(photo: Photo, encoded: Encoded, kind: str) -> None:
    found = measure_picture(encoded(photo(), kind), kind)
    plain = measure_picture(encoded(photo(), "BMP"), "BMP")
    assert (found.width, found.height, found.format) == (1200, 900, kind)
    assert found.mean_luminance == pytest.approx(plain.mean_luminance, abs=3)
    assert found.laplacian_variance == pytest.approx(plain.laplacian_variance, rel=0.35)
    assert distance(found, plain) <= 3


def test_picture_of_an_iphone_is_measured(photo: Photo, exif: Callable[..., Image.Exif]) -> None:
    stream = io.BytesIO()
    pillow_heif.from_pillow(photo(size=(800, 600))).save(stream, exif=exif().tobytes())
    found = measure_picture(stream.getvalue(), "HEIF")
    assert (found.width, found.height, found.format) == (800, 600, "HEIF")
    assert found.captured_at == datetime(2026, 1, 9, 17, 30)
    assert found.laplacian_variance
    assert found.laplacian_variance > 100


def test_blur_lowers_sharpness_step_by_step_and_nothing_else(
    photo: Photo, encoded: Encoded
) -> None:
    found = [measure_picture(encoded(photo(blur=blur)), "JPEG") for blur in (0, 1, 2, 4, 8)]
    sharp = [measures.laplacian_variance or 0 for measures in found]
    assert sharp == sorted(sharp, reverse=True)
    assert sharp[0] > 100
    assert sharp[-1] < 10
    assert found[-1].mean_luminance == pytest.approx(found[0].mean_luminance, abs=2)


def test_sharpness_hardly_depends_on_the_camera(photo: Photo, encoded: Encoded) -> None:
    large = photo(size=(2560, 1920))
    sizes = ((2560, 1920), (1536, 1152), (1024, 768))
    images = [large.resize(size, Image.Resampling.BOX) for size in sizes]
    found = [measure_picture(encoded(image, "BMP"), "BMP") for image in images]
    assert [(each.width, each.height) for each in found] == list(sizes)
    sharp = [each.laplacian_variance for each in found]
    assert sharp == pytest.approx([sharp[0]] * 3, rel=0.3)


def test_darkness_and_glare_show_in_the_tones(photo: Photo, encoded: Encoded) -> None:
    dark = ImageEnhance.Brightness(photo()).enhance(0.05)
    bright = Image.blend(photo(), Image.new("RGB", (1200, 900), "white"), 0.95)
    usual, low, high = (
        measure_picture(encoded(image, "PNG"), "PNG") for image in (photo(), dark, bright)
    )
    assert low.mean_luminance is not None
    assert high.mean_luminance is not None
    assert low.mean_luminance < 12 < 235 < high.mean_luminance
    assert (low.tonal_range or 0) < 20
    assert (high.tonal_range or 0) < 20
    assert (usual.tonal_range or 0) > 150
    assert (low.dark_share or 0) > 0.3 > (usual.dark_share or 0)
    assert (high.bright_share or 0) > 0.05 > (usual.bright_share or 0)


def test_tones_are_worked_by_hand(encoded: Encoded) -> None:
    """Three quarters at 0, a quarter at 255."""
    image = Image.new("L", (100, 100), 0)
    image.paste(255, (0, 0, 50, 50))
    found = measure_picture(encoded(image, "PNG"), "PNG")
    assert (found.mean_luminance, found.tonal_range) == (63.8, 255)
    assert (found.dark_share, found.bright_share) == (0.75, 0.25)


def test_page_with_a_few_words_has_the_whole_range_of_tones(encoded: Encoded) -> None:
    page = Image.new("L", (1000, 1400), "white")
    ImageDraw.Draw(page).text((100, 100), "Your parcel was delivered.", fill=0, font_size=40)
    found = measure_picture(encoded(page, "PNG"), "PNG")
    assert (found.tonal_range or 0) > 200


@pytest.mark.parametrize("quality", [30, 60, 90])
def test_picture_sent_on_keeps_its_fingerprint_and_another_has_its_own(
    photo: Photo, encoded: Encoded, quality: int
) -> None:
    for seed in range(3):
        own = measure_picture(encoded(photo(seed), "BMP"), "BMP")
        sent = photo(seed).resize((600, 450))
        assert distance(own, measure_picture(encoded(sent, quality=quality), "JPEG")) <= 3
        other = measure_picture(encoded(photo(seed + 100), "BMP"), "BMP")
        assert distance(own, other) > 12


def test_plain_sheet_has_no_fingerprint(encoded: Encoded) -> None:
    found = measure_picture(encoded(Image.new("L", (800, 800), "white")), "JPEG")
    assert found.perceptual_hash is None


@pytest.mark.parametrize("turn", range(1, 9))
def test_picture_is_measured_as_it_is_shown(
    photo: Photo, encoded: Encoded, exif: Callable[..., Image.Exif], turn: int
) -> None:
    upright = measure_picture(encoded(photo(), "PNG"), "PNG")
    back = {1: [], 2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}[turn]
    stored = photo()
    for way in back:
        stored = stored.transpose(Image.Transpose(way))
    found = measure_picture(encoded(stored, "PNG", exif=exif(turn=turn)), "PNG")
    assert (found.width, found.height) == (1200, 900)
    assert found.perceptual_hash == upright.perceptual_hash


@pytest.mark.parametrize(
    ("taken", "offset", "local", "at"),
    [
        (
            "2026:01:09 18:30:00", "+01:00",
            datetime(2026, 1, 9, 18, 30), datetime(2026, 1, 9, 17, 30),
        ),
        ("2026:01:09 18:30:00", None, datetime(2026, 1, 9, 18, 30), None),
        ("2026:01:09 18:30:00", "   :  ", datetime(2026, 1, 9, 18, 30), None),
        ("0000:00:00 00:00:00", None, None, None),
        (None, "+01:00", None, None),
    ],
)  # fmt: skip
def test_time_is_the_cameras_and_utc_where_it_tells_its_zone(
    encoded: Encoded,
    exif: Callable[..., Image.Exif],
    taken: str | None,
    offset: str | None,
    local: datetime | None,
    at: datetime | None,
) -> None:
    image = Image.new("L", (9, 9))
    found = measure_picture(encoded(image, exif=exif(taken, offset)), "JPEG")
    assert (found.captured_local, found.captured_at) == (local, at)
    assert found.captured_basis == ("exif" if local else None)


def test_damaged_notes_do_not_spoil_a_sound_picture(photo: Photo, encoded: Encoded) -> None:
    data = encoded(photo(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(20))
    found = measure_picture(data, "JPEG")
    assert found.laplacian_variance
    assert found.captured_local is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_every_way_to_store_colours_is_read(photo: Photo, encoded: Encoded, mode: str) -> None:
    grey = photo(size=(300, 200)).convert("L")
    image = grey.convert("RGB").convert(mode) if mode != "I;16" else None
    if image is None:
        deep = np.asarray(grey, dtype=np.uint16) * 257
        image = Image.fromarray(deep)
    kind = "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"
    found = measure_picture(encoded(image, kind), kind)
    expected = float(np.asarray(grey).mean())
    assert found.mean_luminance == pytest.approx(expected, abs=12)


def test_what_is_seen_through_is_paper(encoded: Encoded) -> None:
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    assert measure_picture(encoded(image, "PNG"), "PNG").mean_luminance == 255


@pytest.mark.parametrize("size", [(1, 1), (2, 3000), (3, 3), (5000, 1)])
def test_tiny_and_narrow_pictures_are_measured(encoded: Encoded, size: tuple[int, int]) -> None:
    found = measure_picture(encoded(Image.new("L", size, 128), "PNG"), "PNG")
    assert (found.width, found.height) == size
    assert (found.laplacian_variance is None) == (size != (3, 3))


def chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content)) + kind + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )  # fmt: skip


def png_of(width: int, height: int) -> bytes:
    """A picture of that many pixels in a few hundred bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (13_000, 10_000), (2**31 - 1, 2**31 - 1)])
def test_bomb_is_refused_before_it_unfolds(size: tuple[int, int]) -> None:
    with pytest.raises(Unreadable, match="has more than 120,000,000 pixels; save it smaller"):
        measure_picture(png_of(*size), "PNG")


def test_size_of_a_bomb_raises_no_warning_and_changes_no_limit() -> None:
    limit = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(Unreadable):
            measure_picture(png_of(12_000, 9_000), "PNG")  # cut short, and above Pillow's warning
    assert limit == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF"])
@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.9])
def test_picture_cut_short_is_refused(
    photo: Photo, encoded: Encoded, kind: str, share: float
) -> None:
    data = encoded(photo(size=(400, 300)), kind)
    with pytest.raises(Unreadable, match="damaged or cut short"):
        measure_picture(data[: int(len(data) * share)], kind)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF", "BMP", "HEIF"])
def test_any_damage_ends_in_measures_or_one_sentence(
    photo: Photo, encoded: Encoded, kind: str
) -> None:
    small = photo(size=(64, 48))
    if kind == "HEIF":
        stream = io.BytesIO()
        pillow_heif.from_pillow(small).save(stream)
        data = stream.getvalue()
    else:
        data = encoded(small, kind)
    chance = Random(kind)
    for _ in range(N_MUTATIONS):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            assert measure_picture(bytes(damaged), kind).medium == "photo"
        except Unreadable as refused:
            assert "\n" not in str(refused)
            assert "0x" not in str(refused)


def test_no_other_reader_of_pillow_is_tried(encoded: Encoded) -> None:
    """EPS starts Ghostscript: a file must not be taken for one by its bytes."""
    with pytest.raises(Unreadable):
        measure_picture(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "JPEG")


def test_lack_of_pillow_is_said_with_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"Pillow.*pip install 'claimstats\[images\]'"):
        pictures.check_installed()


def test_lack_of_the_reader_of_heic_is_said_of_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(Unreadable, match="HEIC needs pillow-heif; install it"):
        measure_picture(b"", "HEIF")


def test_same_bytes_give_the_same_measures(photo: Photo, encoded: Encoded) -> None:
    data = encoded(photo())
    first = measure_picture(data, "JPEG")
    assert replace(first) == measure_picture(data, "JPEG")
