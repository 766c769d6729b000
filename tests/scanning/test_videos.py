"""Measures of a video, from the boxes at the head of its container."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from random import Random

import pytest

from claimstats.scanning import videos
from claimstats.scanning.measures import Measures, Unreadable
from claimstats.scanning.videos import measure_video

Video = Callable[..., bytes]


def box(kind: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4) + kind + content


def measured(data: bytes) -> Measures:
    return measure_video(io.BytesIO(data), len(data), "MOV")


@pytest.mark.parametrize("version", [0, 1])
def test_size_length_and_time_are_read(video: Video, version: int) -> None:
    """3,850,000,000 seconds after the beginning of 1904."""
    found = measured(video(version=version))
    assert (found.medium, found.width, found.height) == ("video", 1920, 1080)
    assert found.duration_seconds == 12.5
    assert (found.captured_at, found.captured_basis) == (
        datetime(2025, 12, 31, 4, 26, 40), "video_header",
    )  # fmt: skip
    assert found.captured_local is None
    assert found.laplacian_variance is None


def test_video_held_upright_is_told_as_it_is_shown(video: Video) -> None:
    found = measured(video(is_turned=True))
    assert (found.width, found.height) == (1080, 1920)


def test_camera_without_a_clock_tells_no_time(video: Video) -> None:
    found = measured(video(made=0))
    assert (found.captured_at, found.captured_basis) == (None, None)


def test_time_beyond_all_calendars_is_none(video: Video) -> None:
    assert measured(video(made=2**63, version=1)).captured_at is None


def test_length_that_is_not_told_stays_unknown(video: Video) -> None:
    assert measured(video(seconds=0)).duration_seconds is None


def test_frames_are_not_read(video: Video) -> None:
    class Counting(io.BytesIO):
        n_read = 0

        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            self.n_read += len(found)
            return found

    stream = Counting(video())
    measure_video(stream, len(stream.getvalue()), "MOV")
    assert stream.n_read < 1000


def test_box_of_64_bits_and_box_to_the_end_are_followed(video: Video) -> None:
    whole = video()
    at = whole.index(b"moov") - 4
    wide = (1).to_bytes(4) + b"mdat" + (24).to_bytes(8) + bytes(8)
    to_the_end = (0).to_bytes(4) + whole[at + 4 :]
    assert measured(whole[:at] + wide + to_the_end).width == 1920


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (box(b"ftyp", b"qt  ") + box(b"mdat", bytes(99)), "has no header"),
        (b"", "has no header"),
        (box(b"moov", box(b"mvhd", bytes(3))), "has no header"),
        (box(b"moov", box(b"mvhd", bytes(100))), "sound alone"),
        ((3).to_bytes(4) + b"mdat" + bytes(99), "smaller than its own head"),
        (box(b"free") * 10_001, "do not end"),
    ],
)
def test_damage_is_said(data: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        measured(data)


def test_box_that_claims_to_be_endless_is_not_read_whole(video: Video) -> None:
    data = video().replace(b"\0\0\0\x6cmvhd", b"\x7f\xff\xff\xffmvhd")
    with pytest.raises(Unreadable):
        measured(data)
    assert videos.LARGEST_BOX_READ < 1 << 20


def test_any_damage_ends_in_measures_or_one_sentence(video: Video) -> None:
    data, chance = video(), Random(1)
    head = [*range(60), *range(len(data) - 400, len(data))]
    for _ in range(400):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.choice(head)] = chance.randrange(256)
        try:
            assert measured(bytes(damaged)).medium == "video"
        except Unreadable as refused:
            assert "\n" not in str(refused)
