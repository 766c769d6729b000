"""The words that each column of a tracker allows, from the tables of reference and venues."""

from __future__ import annotations

import re
from functools import cache

from claimstats import sql
from claimstats.book import Book
from claimstats.loaders.spec import Field

SELLER_WORDS = ("won", "lost")
"""Outcomes from the seller's side, whoever claims; the claim's direction tells which they are."""

DIRECTIONS = ("seller_claims", "buyer_claims")
ACTORS = ("seller", "buyer", "platform", "bank", "carrier", "system")
YES_NO = ("true", "false")

CURRENCY = re.compile(r"[A-Z]{3}")
RATING = re.compile(r"[0-4](\.\d)?|5(\.0)?")

_TABLES = {
    "program": "SELECT program FROM programs",
    "outcome": "SELECT outcome FROM outcome_rules WHERE direction = 'seller_claims'",
    "reason": "SELECT reason FROM reasons",
    "marketplace": "SELECT DISTINCT marketplace FROM marketplaces ORDER BY 1",
    "kind": "SELECT kind FROM evidence_kinds",
    "type": "SELECT type FROM event_types",
}


def rules() -> Book:
    """A book in memory with the rules and vocabularies, and the macros that read texts by them."""
    book = Book()
    book.execute(sql.read("reference"))
    book.execute(sql.read("venues"))
    book.execute(sql.read("parsing", "claimstats.loaders"))
    book.execute(sql.read("mapped", "claimstats.loaders"))
    return book


@cache
def _words() -> dict[str, tuple[str, ...]]:
    with rules() as book:
        found = {
            column: tuple(next(iter(book.columns(query).values())))
            for column, query in _TABLES.items()
        }
    found["outcome"] += SELLER_WORDS
    found["appeal_outcome"] = found["outcome"]
    return found | {"direction": DIRECTIONS, "actor": ACTORS}


def words_of(column: Field) -> tuple[str, ...]:
    """The words a tracker's column allows; none for a column that is no vocabulary.

    Examples
    --------
    >>> from claimstats.loaders.exports import claims
    >>> direction = next(f for f in claims.EXPORT.fields if f.name == "direction")
    >>> words_of(direction)
    ('seller_claims', 'buyer_claims')
    """
    return YES_NO if column.type == "boolean" else _words().get(column.header, ())


def has_words(column: Field) -> bool:
    """Whether a mapping may say what the words of the column mean."""
    return bool(words_of(column)) or column.type in ("currency", "rating")


def allowed(column: Field) -> str:
    """What the column takes, for a message."""
    if column.type == "currency":
        return "a currency code like USD"
    if column.type == "rating":
        return "a rating from 0 to 5"
    return ", ".join(words_of(column))
