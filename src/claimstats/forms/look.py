"""How a picture looks, as far as one may choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from claimstats.errors import ParameterError, check_choice

Theme = Literal["light", "dark"]

WIDTH, SCALE = 860, 2.0
"""Pixels across a column of the report, and a scale that is sharp on every screen."""

WIDTHS, SCALES = (320, 4000), (0.5, 8.0)


@dataclass(frozen=True)
class Look:
    """How a chart is drawn.

    Parameters
    ----------
    theme
        ``light`` or ``dark``.
    width
        Pixels across; up to 600, the chart is as it is on a phone.
    scale
        Pixels of a PNG for each of these.

    Raises
    ------
    ParameterError
        One of them is out of bounds.
    """

    theme: Theme = "light"
    width: int = WIDTH
    scale: float = SCALE

    def __post_init__(self) -> None:
        check_choice("there is no theme", self.theme, get_args(Theme))
        for name, (least, most) in (("width", WIDTHS), ("scale", SCALES)):
            found = getattr(self, name)
            if not least <= found <= most:
                raise ParameterError(
                    f"a {name} of {found:g} is out of bounds. Allowed: {least:g} to {most:g}."
                )
