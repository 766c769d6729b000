"""The findings of a book: the analyses of the register, run on the claims that are asked about."""

from __future__ import annotations

from dataclasses import replace

from claimstats import analyses
from claimstats.book import Book
from claimstats.errors import ParameterError
from claimstats.finding import Finding
from claimstats.publish.choice import EVERYTHING_THERE_IS, Choice
from claimstats.selection import held


def findings(book: Book, choice: Choice = EVERYTHING_THERE_IS) -> list[Finding]:
    """Run the analyses of the register, in the report's order.

    Parameters
    ----------
    book
        An open book.
    choice
        Which analyses, of which claims, up to when.

    Raises
    ------
    ParameterError
        Something asked for is not there, or the cut-off lies before every claim.
    """
    choice.selection.check(book)
    _check_cutoff(book, choice)
    return findings_of_part(book, choice)


def findings_of_part(book: Book, choice: Choice) -> list[Finding]:
    """The same without a check: a part of what was asked for may have no claim by the cut-off."""
    rooms = choice.rooms
    with held(book, choice.selection) as few:
        chosen = choice.selection.sql(book)
        return [_found(few, room, choice, chosen) for room in rooms]


def _check_cutoff(book: Book, choice: Choice) -> None:
    first = book.value(f"SELECT min(filed_at) FROM v_claims{choice.selection.where}")
    if choice.as_of and first and choice.as_of < first:
        of_these = " of those asked for" if choice.selection else ""
        raise ParameterError(
            f"the cut-off {choice.as_of:%Y-%m-%d} lies before the first claim{of_these}, "
            f"{first:%Y-%m-%d}."
        )


def _found(book: Book, room: analyses.Analysis, choice: Choice, chosen: str) -> Finding:
    asked = dict(choice.settings) | ({"by": choice.by} if choice.by else {})
    known = {name: value for name, value in asked.items() if name in room.parameters}
    found = room(book, as_of=choice.as_of, **known)
    cutoff = {"as_of": choice.as_of.isoformat()} if choice.as_of else {}
    return replace(
        found,
        sql=chosen + found.sql,
        parameters={**found.parameters, **choice.selection.named, **cutoff},
    )
