"""What a reader sees for the codes of the vocabularies: their titles, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from claimstats import sql
from claimstats.language import later, say

VOCABULARIES = {
    "program": "programs",
    "reason": "reasons",
    "kind": "evidence_kinds",
}
"""Vocabularies, by the column that holds their codes, and the tables of ``reference.sql``."""

SIDES = {"seller_claims": later("seller's claims"), "buyer_claims": later("buyers' claims")}

EVERYTHING = {"all claims": later("all claims")}
"""What the macros call the one group of all claims."""

UNKNOWN = "(unknown)"
"""What the macros call claims without the property, and amounts without a currency."""

_UNKNOWN_TITLE = later("(unknown)")


@cache
def english() -> Mapping[str, Mapping[str, str]]:
    """Each vocabulary's codes and English titles, from the tables that every book holds too."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(sql.read("reference"))
        found = {
            column: dict(connection.execute(f"SELECT {column}, title FROM {table}").fetchall())
            for column, table in VOCABULARIES.items()
        }
    return {**found, "direction": SIDES, "claim": EVERYTHING}


def titles(column: str) -> dict[str, str]:
    """The titles of a column's codes, by code; of a column without codes, that of nothing known.

    Examples
    --------
    >>> titles("program")["amazon_safet"], titles("sku")
    ('Amazon SAFE-T', {'(unknown)': '(unknown)'})
    """
    own = english().get(column, {})
    return {UNKNOWN: say(_UNKNOWN_TITLE), **{code: say(text) for code, text in own.items()}}


def title(column: str, code: str) -> str:
    """The title of one code; what is no code is its own title.

    Examples
    --------
    >>> title("kind", "photo_packaging"), title("program", "my_own")
    ('Photo of the packaging', 'my_own')
    """
    if code == UNKNOWN:
        return say(_UNKNOWN_TITLE)
    own = english().get(column, {})
    return say(own[code]) if code in own else code
