"""Which claims are asked about, and a book whose claims stand still while many questions are asked.

The views of a book are joined anew for each query, which costs more than counting. On a connection
of its own a book holds them as temporary tables of the same names, which its macros then read; a
selection is a filter on one of these tables, so that no analysis needs to know of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TypeVar

from claimstats.book import Book
from claimstats.errors import ParameterError, check_choice
from claimstats.language import label, listed, say
from claimstats.titles import title

HELD = ("v_cutoff", "v_claims", "v_evidence", "v_claim_evidence")
"""The views that the analyses' macros read."""


@dataclass(frozen=True)
class Selection:
    """The claims that are asked about: all of them unless something is named.

    Parameters
    ----------
    program, marketplace
        Only claims of this one.
    filed_from, filed_to
        Only claims filed on these days (UTC) or between them; a claim without a filing date is
        then left out.

    Examples
    --------
    >>> Selection(program="amazon_atoz").where
    " WHERE program = 'amazon_atoz'"
    """

    program: str | None = None
    marketplace: str | None = None
    filed_from: date | None = None
    filed_to: date | None = None

    def __bool__(self) -> bool:
        return bool(self.conditions)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What a claim must meet, in SQL."""
        found = [
            f"{name} = {_quoted(value)}"
            for name, value in (("program", self.program), ("marketplace", self.marketplace))
            if value is not None
        ]
        if self.filed_from:
            found.append(f"filed_at >= DATE '{self.filed_from}'")
        if self.filed_to:
            found.append(f"CAST(filed_at AS DATE) <= DATE '{self.filed_to}'")
        return tuple(found)

    @property
    def where(self) -> str:
        """The filter, empty where all claims are asked about."""
        return _where(self.conditions)

    def sql(self, book: Book) -> str:
        """What makes the macros of a book see these claims only, until the connection is closed."""
        conditions = (*book.held_to, *self.conditions)
        return f"CREATE OR REPLACE {_table(book, 'v_claims', conditions)};\n" if conditions else ""

    @property
    def named(self) -> dict[str, str]:
        """What is asked for, by the name of the parameter."""
        return {name: str(value) for name, value in vars(self).items() if value is not None}

    def check(self, book: Book) -> None:
        """Refuse a program or a marketplace that no claim of a book has, and days in no order.

        Raises
        ------
        ParameterError
            The nearest name is said.
        """
        for name in ("program", "marketplace"):
            if (asked := getattr(self, name)) is not None:
                there = book.columns(
                    f"SELECT DISTINCT {name} AS value FROM v_claims "
                    f"WHERE {name} IS NOT NULL ORDER BY value"
                )["value"]
                check_choice(f"the book has no claim of {name}", asked, there)
        if self.filed_from and self.filed_to and self.filed_to < self.filed_from:
            raise ParameterError(
                f"the claims asked for were filed from {self.filed_from} to {self.filed_to}, which "
                "is before; exchange the two days."
            )


EVERYTHING = Selection()


def filed_by(as_of: datetime | None) -> str:
    """The condition of claims that a cut-off leaves in, in SQL: all where there is none."""
    return f"filed_at IS NULL OR filed_at <= TIMESTAMP '{as_of}'" if as_of else "true"


def said(parameters: Mapping[str, object]) -> str:
    """Which claims some parameters select, in a reader's words; nothing where all of them."""
    return listed(
        say("{property} {value}", property=label(name), value=title(name, str(parameters[name])))
        for name in (part.name for part in fields(Selection))
        if name in parameters
    )


AnyBook = TypeVar("AnyBook", bound=Book)


@contextmanager
def held(book: AnyBook, selection: Selection = EVERYTHING) -> Iterator[AnyBook]:
    """Hold a book's claims still on a connection of their own, those of a selection only.

    Parameters
    ----------
    book
        An open book; what is loaded into it meanwhile is not seen. One that is held to a selection
        already stays held to it too.
    selection
        Which claims; all unless given.

    Yields
    ------
    Book
        The same book, for any number of analyses.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book, held(book, Selection(program="amazon_atoz")) as few:
    ...     claimstats.approval_rate(few).table["program"].to_list()
    ['amazon_atoz']
    """
    with book.own_connection() as own:
        own.held_to = (*book.held_to, *selection.conditions)
        for view in HELD:
            own.execute(f"CREATE {_table(own, view, own.held_to if view == 'v_claims' else ())}")
        yield own


def _table(book: Book, view: str, conditions: tuple[str, ...]) -> str:
    """A temporary table in a view's place; the file's name tells the view from the table."""
    catalog = str(book.value("SELECT current_database()")).replace('"', '""')
    return f'TEMP TABLE {view} AS FROM "{catalog}".main.{view}{_where(conditions)}'


def _where(conditions: tuple[str, ...]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
