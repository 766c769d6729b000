"""The variants a page can switch to: the same findings of one program, or of one marketplace."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial

from claimstats.book import Book
from claimstats.publish.choice import Choice
from claimstats.publish.findings import findings_of_part
from claimstats.publish.provenance import chosen, doubts
from claimstats.report import Variant
from claimstats.selection import filed_by

PROPERTIES = ("program", "marketplace")

MOST = 12
"""Variants of a page, those with most claims; each adds some 35 kB to it."""


def variants(book: Book, choice: Choice) -> list[Variant]:
    """Compute what a page of this choice can switch to.

    Parameters
    ----------
    book
        An open book.
    choice
        What the page shows before it is switched; a program or marketplace that it names stays.

    Returns
    -------
    list of Variant
        Every program and every marketplace; none of a property of which there is one value.
    """
    whole_book = doubts(book)
    # The language spoken here is of this context, of which each thread gets a copy.
    asked = [
        (copy_context(), partial(_variant, book, choice, part, whole_book))
        for part in _parts(book, choice)
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda one: one[0].run(one[1]), asked))


@dataclass(frozen=True)
class _Part:
    shared: str
    value: str
    n_claims: int


def _parts(book: Book, choice: Choice) -> list[_Part]:
    """The values of each property that has several, by name; of many the largest."""
    found = []
    for name in PROPERTIES:
        rows = book.rows(
            f"SELECT {name} AS value, count(*) FILTER ({filed_by(choice.as_of)}) AS n "
            f"FROM v_claims{choice.selection.where} GROUP BY ALL ORDER BY ALL"
        )
        if len(rows) > 1:
            found += [_Part(name, row["value"], row["n"]) for row in rows if row["value"]]
    largest = sorted(found, key=lambda part: -part.n_claims)[:MOST]
    return [part for part in found if part in largest]


def _variant(book: Book, choice: Choice, part: _Part, whole_book: tuple[str, ...]) -> Variant:
    if part.shared == "program":
        asked = replace(choice, program=part.value)
    else:
        asked = replace(choice, marketplace=part.value)
    with book.own_connection() as own:
        return Variant(
            part.shared, part.value, part.n_claims,
            findings_of_part(own, asked), (*chosen(own, asked), *whole_book),
        )  # fmt: skip
