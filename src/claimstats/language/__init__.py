"""What a reader sees, in the reader's language: texts, plurals and numbers.

Texts are written in English where they are made; a catalogue, one .po file of this folder, holds
them in another language. English needs no catalogue, and asks nothing of Babel.
"""

from __future__ import annotations

from claimstats.language.catalogue import Language, languages, read
from claimstats.language.labels import choice_label, label, property_label
from claimstats.language.saying import (
    amount,
    code,
    later,
    listed,
    say,
    say_n,
    sentence,
    set_language,
    speaking,
    tag,
)

__all__ = [
    "Language",
    "amount",
    "choice_label",
    "code",
    "label",
    "languages",
    "later",
    "listed",
    "property_label",
    "read",
    "say",
    "say_n",
    "sentence",
    "set_language",
    "speaking",
    "tag",
]
