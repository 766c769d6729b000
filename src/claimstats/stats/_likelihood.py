"""Peak and profiles of a logistic likelihood, plain or with Firth's penalty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from claimstats.stats._checks import Flags, Floats, Integers

MOST_STEPS = 100
"""Steps after which a search is given up; ten are usual."""

LONGEST_STEP = 4.0
"""Log odds by which a first step moves any pattern at most: the parabola says little beyond."""

PEAK_REACHED = 1e-18
"""Squared distance from the peak, in standard errors, from which one step more is enough."""

ROOT_FOUND = 1e-10
"""Distance of a profile's signed root from the one sought at which its limit is taken."""

WIDENING = 4.0
"""How many times farther from the peak a limit is looked for before one too far is known."""

LEVEL = 1e-9
"""Share of the height by which a step may lead down: near the peak rounding does."""

ROUNDING = 1e-15
"""Share of the height that a profile leaves to rounding."""


@dataclass(frozen=True, eq=False)
class Spot:
    """A point of the likelihood: its height, slope, curvature and Fisher's information there."""

    place: Floats
    height: float
    score: Floats
    curvature: Floats
    information: Floats

    def step(self, free: Flags) -> Floats:
        """The way to the peak along the free coordinates, were the likelihood a parabola."""
        step, chosen = np.zeros_like(self.place), np.ix_(free, free)
        bends_down = (np.linalg.eigvalsh(self.curvature[chosen]) > 0).all()
        parabola = self.curvature if bends_down else self.information
        step[free] = _inverse(parabola[chosen]) @ self.score[free]
        return step


@dataclass(frozen=True)
class Model:
    """Patterns with their successes and trials, and whether Firth's penalty is taken.

    Places are coefficients of `basis`, the columns made orthogonal one after the other, so that
    years or amounts beside an intercept cost no digits. The last column's coefficient is its
    place over a constant, with which a profile is taken.
    """

    x: Floats
    successes: Integers
    trials: Integers
    penalised: bool

    @cached_property
    def root(self) -> Floats:
        """The triangle that makes the columns of the basis: x = basis @ root."""
        triangle = np.linalg.qr(np.sqrt(self.trials)[:, None] * self.x, mode="r")
        found: Floats = np.sign(np.diag(triangle))[:, None] * triangle
        return found

    @cached_property
    def basis(self) -> Floats:
        """The columns orthogonal over the claims."""
        return np.linalg.solve(self.root.T, self.x.T).T.astype(np.float64)

    def with_last(self, column: int) -> Model:
        """The same patterns with a column moved behind the others."""
        others = np.delete(np.arange(self.x.shape[1]), column)
        order = np.append(others, column)
        return Model(self.x[:, order], self.successes, self.trials, self.penalised)

    def coefficients(self, spot: Spot) -> Floats:
        """The coefficients of the columns of x."""
        return np.linalg.solve(self.root, spot.place).astype(np.float64)

    def covariance(self, spot: Spot) -> Floats:
        """Inverse of the information of the columns of x."""
        half = np.linalg.solve(self.root, np.linalg.cholesky(_inverse(spot.information)))
        found: Floats = half @ half.T
        return found

    def log_likelihood(self, place: Floats) -> float:
        """Without the penalty and the constant of the binomial."""
        eta = self.basis @ place
        lost = self.trials - self.successes
        return -float(self.successes @ np.logaddexp(0, -eta) + lost @ np.logaddexp(0, eta))

    def at(self, place: Floats) -> Spot:
        """Look around at a place."""
        share = shares(self.basis @ place)
        weight = self.trials * share * (1 - share)
        information = (self.basis.T * weight) @ self.basis
        height = self.log_likelihood(place)
        score = self.basis.T @ (self.successes - self.trials * share)
        if not self.penalised:
            return Spot(place, height, score, information, information)
        try:
            root = np.linalg.cholesky(np.linalg.inv(information))
        except np.linalg.LinAlgError:  # far out, where every share is 0 or 1
            return Spot(place, -math.inf, score, information, information)
        spread = self.basis @ root
        leverage = weight * (spread**2).sum(axis=1)
        return Spot(
            place,
            height - float(np.log(np.diag(root)).sum()),
            score + self.basis.T @ (leverage * (0.5 - share)),
            information - self._bend(share, weight, leverage, spread),
            information,
        )

    def _bend(self, share: Floats, weight: Floats, leverage: Floats, spread: Floats) -> Floats:
        """Second derivatives of the penalty, half the logarithm of the information's determinant.

        With I the information, the logarithm's are tr(I^-1 I_jk) - tr(I^-1 I_j I^-1 I_k); the
        rows of `spread` are those of the basis times a root of I^-1.
        """
        slope = self.basis * (weight * (1 - 2 * share))[:, None]
        of_second = (self.basis.T * (leverage * (1 - 6 * share * (1 - share)))) @ self.basis
        of_first = np.stack([(slope * column[:, None]).T @ spread for column in spread.T])
        bend: Floats = (of_second - np.einsum("ajb,akb->jk", of_first, of_first)) / 2
        return bend

    def peak(self) -> Spot:
        """The highest spot."""
        nowhere = np.zeros(self.x.shape[1])
        return self.climb(nowhere, np.ones(nowhere.size, np.bool_))

    def climb(self, start: Floats, free: Flags) -> Spot:
        """Go to the peak along the free coordinates; a step that leads down is halved."""
        here, longest = self.at(start), LONGEST_STEP
        for _ in range(MOST_STEPS):
            step = self.shortened(here.step(free), longest)
            if float(here.score @ step) < PEAK_REACHED:
                return self.at(here.place + step)
            here, longest = self._upward(here, step), 2 * longest
        raise ArithmeticError(f"the logistic fit did not settle within {MOST_STEPS} steps")

    def _upward(self, here: Spot, step: Floats) -> Spot:
        lowest = here.height - LEVEL * abs(here.height)
        for _ in range(MOST_STEPS):
            there = self.at(here.place + step)
            if there.height >= lowest:
                return there
            step = step / 2
        raise ArithmeticError("the logistic fit found no way up")

    def shortened(self, step: Floats, longest: float) -> Floats:
        """The step, moving no pattern by more log odds than `longest`."""
        reach = float(np.abs(self.basis @ step).max())
        return step * (longest / reach) if reach > longest else step


def profile(model: Model, column: int, z: float) -> tuple[float, float, float]:
    """Limits of a coefficient where the signed root is -z and z, and the root at zero.

    The signed root of twice the height lost, with the other coefficients as good as they can be,
    is near the distance from the peak in standard errors, and standard normal under the truth.
    """
    ridge = _Ridge(model.with_last(column))
    scale = float(ridge.model.root[-1, -1])
    at_zero = ridge.root(ridge.follow(0.0, ridge.peak))
    return ridge.limit(-z) / scale, ridge.limit(z) / scale, -at_zero


@dataclass(frozen=True)
class _Ridge:
    """The highest spots for each place of the last coordinate."""

    model: Model

    @cached_property
    def peak(self) -> Spot:
        return self.model.peak()

    def limit(self, z: float) -> float:
        """Where the signed root is `z`: by Newton's method, since it is nearly a line.

        Where that gains too little, the stretch between a place too near and one too far is
        halved. NaN where the ridge rises again or is lost, so that the root has no course.
        """
        middle, spot = float(self.peak.place[-1]), self.peak
        value = middle + z * math.sqrt(_inverse(self.peak.information)[-1, -1])
        near, far, last_miss = middle, math.copysign(math.inf, z), math.inf
        enough = ROOT_FOUND + ROUNDING * abs(self.peak.height)
        for _ in range(MOST_STEPS):
            try:
                spot = self.follow(value, spot)
            except ArithmeticError:
                return math.nan
            root, falling = self.root(spot), -float(spot.score[-1])
            miss = abs(root - z)
            if miss < enough:
                return value
            if root * falling <= 0:
                return math.nan
            near, far = (value, far) if abs(root) < abs(z) else (near, value)
            newton = value + (z - root) * root / falling
            if math.isinf(far):
                farthest = abs(value - middle) * WIDENING
                value = middle + math.copysign(min(abs(newton - middle), farthest), z)
            elif miss < last_miss / 2 and min(near, far) < newton < max(near, far):
                value = newton
            else:
                value = (near + far) / 2
            last_miss = miss
        return math.nan

    def root(self, spot: Spot) -> float:
        """Signed root of twice the height lost."""
        lost = max(self.peak.height - spot.height, 0.0)
        return math.copysign(math.sqrt(2 * lost), spot.place[-1] - self.peak.place[-1])

    def follow(self, value: float, near: Spot) -> Spot:
        """The highest spot with the last coordinate at `value`, reached from one that is near."""
        free = np.arange(near.place.size) < near.place.size - 1
        while near.place[-1] != value:
            along = _inverse(near.information)[-1]
            way = (value - near.place[-1]) * along / along[-1]
            step = self.model.shortened(way, LONGEST_STEP)
            start = near.place + step
            if step is way:
                start[-1] = value
            near = self.model.climb(start, free)
        return near


def _inverse(matrix: Floats) -> Floats:
    try:
        return np.linalg.inv(matrix).astype(np.float64)
    except np.linalg.LinAlgError:
        raise ArithmeticError(
            "the coefficients of the logistic fit run off until nothing is left to tell them "
            "apart; take penalised=True"
        ) from None


def shares(log_odds: Floats) -> Floats:
    """Return the shares of the log odds; tanh overflows on neither side."""
    found: Floats = 0.5 * (1 + np.tanh(log_odds / 2))
    return found
