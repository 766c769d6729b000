"""Where a report's numbers come from: files, counts, versions and the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from claimstats.finding import Table

NO_SOURCES = Table(())


@dataclass(frozen=True)
class Provenance:
    """What a report says about its own origin.

    Parameters
    ----------
    title
        The report's title.
    as_of
        The data cut-off (UTC); None for a book without events.
    sources
        One row per source file: its name, what it was taken for, when it was pulled, its rows
        read, inserted and rejected, its hash.
    notes
        What is wrong with the data, each a sentence with its count; shown before any number.
    book_counts
        Label and number of what was loaded, the number as it is to be read.
    versions
        Name and version of each package that computed or drew something.
    command
        The command that writes the same file again.
    logo
        A picture for the top, as :func:`claimstats.report.picture` gives it; empty for none.
    theme
        ``light`` or ``dark`` before the reader chooses; ``system`` follows the reader's system.

    Examples
    --------
    >>> from claimstats.report import Provenance
    >>> Provenance(title="Claims", as_of=None, command="claimstats report").notes
    ()
    """

    title: str
    as_of: datetime | None
    sources: Table = NO_SOURCES
    notes: tuple[str, ...] = ()
    book_counts: tuple[tuple[str, str], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    logo: str = ""
    theme: str = "system"
