"""What is measured of a file; what cannot be measured stays None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Medium = Literal["photo", "document", "video"]

MEASURED_BY = "1"
"""Raised whenever a measure changes its meaning, so that files are measured anew."""


class Unreadable(Exception):
    """A file that cannot be measured; its text says what was found and what to do."""


@dataclass(frozen=True)
class Measures:
    """The measures of one file.

    Parameters
    ----------
    medium
        ``photo``, ``document`` or ``video``.
    format
        What its content is, such as JPEG, whatever its name says.
    width, height
        Pixels, as the picture is shown.
    laplacian_variance
        Variance of the Laplacian of the grey picture, shrunk so that its longest side is 1024.
    mean_luminance
        Mean of the grey picture, from 0 to 255.
    tonal_range
        Grey values between the darkest and the brightest thousandth of the picture.
    dark_share, bright_share
        Share of its pixels at the end of the scale.
    perceptual_hash
        64 bits as 16 hexadecimal digits; None for a picture too plain to be told by them.
    n_pages, n_text_pages
        Pages, and those with text.
    scan_dpi
        For each page that is a picture without text the dots per inch of that picture.
    duration_seconds
        How long a video is.
    captured_local
        When it was taken by the clock of the camera, in whatever zone that stood.
    captured_at
        When it was taken (UTC), where the file tells the zone.
    captured_basis
        ``exif`` or ``video_header``.
    """

    medium: Medium
    format: str
    width: int | None = None
    height: int | None = None
    laplacian_variance: float | None = None
    mean_luminance: float | None = None
    tonal_range: int | None = None
    dark_share: float | None = None
    bright_share: float | None = None
    perceptual_hash: str | None = None
    n_pages: int | None = None
    n_text_pages: int | None = None
    scan_dpi: tuple[int, ...] | None = None
    duration_seconds: float | None = None
    captured_local: datetime | None = None
    captured_at: datetime | None = None
    captured_basis: str | None = None
