"""Draws from one stream of random numbers.

Only ``random.Random(seed).random()`` is used, which yields the same numbers in every version of
Python, and only the four operations of arithmetic follow it, which yield the same on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from .plan import QUANTILES, Speed

T = TypeVar("T")

DAY_SECONDS = 86_400


def days(length: float) -> timedelta:
    """Give a length in days as whole seconds."""
    return timedelta(seconds=round(length * DAY_SECONDS))


class Chance:
    """The one source of everything that is drawn."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def flip(self, share: float) -> bool:
        """Say yes in this share of cases."""
        return self._random() < share

    def between(self, low: float, high: float) -> float:
        """Draw a number from an interval, all parts of it equally likely."""
        return low + (high - low) * self._random()

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number from ``low`` to ``high``, both included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """Draw one of several, all equally likely."""
        return choices[self.whole(0, len(choices) - 1)]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Draw one of several by weight."""
        mark = self._random() * sum(weights.values())
        for choice, weight in weights.items():
            mark -= weight
            if mark < 0:
                return choice
        return choice

    def digits(self, length: int) -> str:
        """Draw a number of so many digits, the first of which is not 0."""
        return str(self.whole(10 ** (length - 1), 10**length - 1))

    def letters(self, length: int) -> str:
        """Draw a word of capitals."""
        return "".join(self.pick("BCDFGHJKLMNPQRSTVWXZ") for _ in range(length))

    def moment(self, start: datetime, end: datetime) -> datetime:
        """Draw a full second from ``start`` up to, but not including, ``end``."""
        return start + timedelta(seconds=self.whole(0, int((end - start).total_seconds()) - 1))

    def later(self, start: datetime, low: float, high: float) -> datetime:
        """Draw a moment from ``low`` to ``high`` days after another."""
        return start + days(self.between(low, high))

    def duration(self, speed: Speed) -> timedelta:
        """Draw a duration whose quantiles are those of ``speed``."""
        share = self._random()
        i = 1
        while QUANTILES[i] < share:
            i += 1
        step = (share - QUANTILES[i - 1]) / (QUANTILES[i] - QUANTILES[i - 1])
        return days(speed[i - 1] + step * (speed[i] - speed[i - 1]))
