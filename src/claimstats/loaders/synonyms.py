"""Names of columns and words of values in several languages, from synonyms.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from claimstats.loaders.spec import normal_name

CJK_FROM = "\u3040"
"""Languages written in signs from here on put no blanks between words."""


@dataclass(frozen=True)
class Synonyms:
    """What is known of the names and words in people's sheets, as `normal_name` gives them.

    Parameters
    ----------
    headers
        Per column of the trackers its names.
    others
        Names of columns that no tracker has, by which a header is known all the same.
    words
        Per vocabulary the word of ours that each word means.
    blank
        Cells that say that nothing is known.
    """

    headers: dict[str, frozenset[str]]
    others: frozenset[str]
    words: dict[str, dict[str, str]]
    blank: frozenset[str]


@cache
def synonyms() -> Synonyms:
    """The synonyms, read once."""
    found = tomllib.loads((files(__package__) / "synonyms.toml").read_text(encoding="utf-8"))
    return Synonyms(
        {column: frozenset(map(normal_name, names)) for column, names in found["headers"].items()},
        frozenset(map(normal_name, found["others"])),
        {
            vocabulary: {normal_name(word): ours for ours, of in words.items() for word in of}
            for vocabulary, words in found["words"].items()
        },
        frozenset(map(str.lower, found["blank"])),
    )


def is_known(name: str) -> bool:
    """Whether a header is, whole, a name of some column."""
    plain = normal_name(name)
    return plain in synonyms().others or any(plain in n for n in synonyms().headers.values())


def columns_named(name: str, among: Iterable[str]) -> dict[str, str]:
    """The columns of ours that a header may name, each with the synonym found in it.

    The whole header counts more than a part of it, and a longer part more than a shorter one.

    Examples
    --------
    >>> columns_named("Claim filed on (UTC)", ["filed_at", "decided_at"])
    {'filed_at': 'claim filed'}
    >>> sorted(columns_named("Betrag", ["claimed_amount", "granted_amount"]))
    ['claimed_amount', 'granted_amount']
    """
    plain = normal_name(name)
    known = {column: synonyms().headers.get(column, frozenset()) for column in among}
    whole = {column: plain for column, names in known.items() if plain in names}
    if whole:
        return whole
    parts = {
        column: max(found, key=len)
        for column, names in known.items()
        if (found := [part for part in sorted(names) if _is_part(part, plain)])
    }
    longest = max(map(len, parts.values()), default=0)
    return {column: part for column, part in parts.items() if len(part) == longest}


def _is_part(part: str, name: str) -> bool:
    if part[0] >= CJK_FROM:
        return part in name
    return f" {part} " in f" {name} "


def meaning_of(vocabulary: str, word: str) -> str | None:
    """Our word for a word of a vocabulary; None where none is known."""
    return synonyms().words.get(vocabulary, {}).get(normal_name(word))
