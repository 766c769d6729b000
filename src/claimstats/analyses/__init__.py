"""The rooms: one question each, and the register that names them in the order of the report.

A room is NAME.sql (its counting query as a macro of the same name), NAME.py (a function of the same
name that estimates from the counts and returns a Finding) and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import Any

from claimstats.book import Book
from claimstats.errors import check_choice
from claimstats.finding import Finding


@dataclass(frozen=True)
class Analysis:
    """One room of the register.

    Parameters
    ----------
    name
        The analysis, its modules, its SQL macro and its report section.
    question
        The question it answers, in the analyst's words.
    """

    name: str
    question: str

    @property
    def parameters(self) -> frozenset[str]:
        """What its function can be asked for."""
        return frozenset(self.defaults)

    @property
    def defaults(self) -> dict[str, Any]:
        """What it is asked for unless something else is said; the book has no default."""
        return {p.name: p.default for p in signature(self._function()).parameters.values()}

    def _function(self) -> Callable[..., Any]:
        module = import_module(f"{__name__}.{self.name}")
        function: Callable[..., Any] = getattr(module, self.name)
        return function

    def __call__(self, book: Book, **parameters: Any) -> Finding:
        """Run the analysis on a book; its module is imported now, not before."""
        found = self._function()(book, **parameters)
        assert isinstance(found, Finding)
        return found


REGISTER: tuple[Analysis, ...] = (
    Analysis("approval_rate", "How many claims are approved?"),
    Analysis("approval_curve", "Is approval falling, or are recent claims undecided?"),
    Analysis("approval_trend", "Is this month's approval unusual?"),
    Analysis("approval_change", "Did approval change after a date?"),
    Analysis("approval_ranking", "Which groups win less than the others?"),
    Analysis("payout_ratio", "What share of the amount is paid when approved?"),
    Analysis("rate_definitions", "What do other definitions of the win rate make of these claims?"),
    Analysis("time_to_resolution", "How long does a claim take?"),
    Analysis("stage_times", "How long does each step take?"),
    Analysis("open_claims", "How old is what is still open?"),
    Analysis("service_level", "How often are answers and decisions given in time?"),
    Analysis("evidence_quality", "Which evidence goes with winning?"),
    Analysis(
        "evidence_effects",
        "What does each kind of evidence go with, other kinds and reason alike?",
    ),
    Analysis("evidence_dose", "Does more evidence, or better evidence, win more?"),
    Analysis(
        "evidence_gaps",
        "How complete is our evidence when we file, and what is missing most?",
    ),
    Analysis("evidence_plan", "What should we still send for each open claim, and by when?"),
)


def analysis(name: str) -> Analysis:
    """The analysis called `name`.

    Raises
    ------
    ParameterError
        There is none of that name; the nearest is said.
    """
    names = [room.name for room in REGISTER]
    return REGISTER[names.index(check_choice("there is no analysis", name, names))]
