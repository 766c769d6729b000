"""What a user says of files to load, held against what there is before any file is opened."""

from __future__ import annotations

import codecs
from dataclasses import replace
from typing import Literal

from claimstats.book import Book
from claimstats.errors import check_choice
from claimstats.loaders.encoding import ENCODINGS, ONLY_IF_SAID, WIDER
from claimstats.loaders.exports import EXPORTS
from claimstats.loaders.reading import Reading
from claimstats.loaders.text import DELIMITERS
from claimstats.loaders.unload import check_file

DECIMALS: dict[str, Literal[".", ","]] = {"point": ".", ".": ".", "comma": ",", ",": ","}


def checked(book: Book, said: Reading) -> Reading:
    """What the user said, each value in the one spelling that loaders know.

    Raises
    ------
    ParameterError
        One of the values is not among those there are.
    """
    if said.replaces is not None:
        check_file(book, said.replaces)
    return replace(
        said,
        encoding=said.encoding and _encoding(said.encoding),
        delimiter=said.delimiter and _delimiter(said.delimiter),
        format=said.format and _format(said.format),
        marketplace=said.marketplace and _marketplace(book, said.marketplace),
        decimal=said.decimal and _decimal(said.decimal),
    )


def _encoding(name: str) -> str:
    try:
        pythons = codecs.lookup(name).name
    except LookupError:
        pythons = name
    known = WIDER.get(pythons, pythons).removesuffix("-sig")
    allowed = [*ENCODINGS, *ONLY_IF_SAID]
    return check_choice("no file is read with the encoding", known, allowed)


def _delimiter(sign: str) -> str:
    if sign in DELIMITERS:
        return sign
    signs = {word: sign for sign, word in DELIMITERS.items()}
    return signs[check_choice("columns are not separated by", sign.lower(), signs)]


def _format(name: str) -> str:
    return check_choice("there is no format", name, [export.name for export in EXPORTS])


def _marketplace(book: Book, name: str) -> str:
    codes = {
        row["name"]: row["marketplace"]
        for row in book.rows("SELECT name, marketplace FROM marketplaces ORDER BY name")
    }
    asked = name.lower()
    if asked not in codes:
        check_choice("there is no marketplace", name, sorted(set(codes.values())))
    return str(codes[asked])


def _decimal(sign: str) -> Literal[".", ","]:
    return DECIMALS[check_choice("cents are not set off by", sign.lower(), DECIMALS)]
