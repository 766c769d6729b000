"""What a report is asked for: which analyses, of which claims, up to when, and how it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from claimstats import analyses
from claimstats.errors import ParameterError, check_choice
from claimstats.language import languages
from claimstats.selection import Selection


@dataclass(frozen=True)
class Choice:
    """What a report is asked to show; everything unless something is named.

    Parameters
    ----------
    only, skip
        Names of the analyses to run, and of those to leave out.
    by
        The property to split by, for the analyses that split by one; two, where they may.
    as_of
        The cut-off (UTC); the book's own unless given.
    settings
        Further parameters, by name, for the analyses that have them.
    program, marketplace
        Only claims of this one.
    filed_from, filed_to
        Only claims filed on these days (UTC) or between them.

    Examples
    --------
    >>> from claimstats import Choice
    >>> [room.name for room in Choice(only=("open_claims",), program="amazon_safet").rooms]
    ['open_claims']
    """

    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    by: str | Sequence[str] | None = None
    as_of: datetime | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    program: str | None = None
    marketplace: str | None = None
    filed_from: date | None = None
    filed_to: date | None = None

    @property
    def selection(self) -> Selection:
        """Which claims."""
        return Selection(self.program, self.marketplace, self.filed_from, self.filed_to)

    @property
    def rooms(self) -> list[analyses.Analysis]:
        """The analyses to run, in the order asked for, else in the register's.

        Raises
        ------
        ParameterError
            There is no analysis of a name, or none is left.
        """
        skipped = {analyses.analysis(name).name for name in self.skip}
        only = dict.fromkeys(self.only)
        asked = [analyses.analysis(name) for name in only] or analyses.REGISTER
        rooms = [room for room in asked if room.name not in skipped]
        if not rooms:
            raise ParameterError("every analysis asked for is skipped too; there is none to show.")
        return rooms


EVERYTHING_THERE_IS = Choice()

THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class Look:
    """How a report looks, and how it says that it was made.

    Parameters
    ----------
    title
        The page's title.
    logo
        A picture for the top: a PNG, JPEG, WebP or SVG file.
    theme
        ``light`` or ``dark`` before the reader chooses; ``system`` follows the reader's system.
    switch
        Whether the page can switch to one program or marketplace; each is computed too.
    command
        The command that reproduces the file, for its footer.
    language
        ``en``, ``zh``; what is spoken anyway (:func:`claimstats.set_language`) unless given.

    Raises
    ------
    ParameterError
        There is no such theme or language.
    """

    title: str | None = None
    logo: str | Path | None = None
    theme: str = "system"
    switch: bool = True
    command: str = ""
    language: str | None = None

    def __post_init__(self) -> None:
        check_choice("a report has no theme", self.theme, THEMES)
        if self.language is not None:
            check_choice("there is no language", self.language, languages())


PLAIN = Look()
