"""JSON documents as records: strictly read, within limits, and each value as text like a table's.

What a document's rows are, its export says (`Export.flatten`). From there on they are records like
those of a text file; the line of a record is its place, from 1, among the rows of the document.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from claimstats.errors import FileRefused
from claimstats.loaders.sources import Source
from claimstats.loaders.text import Record

MOST_BYTES = 32 << 20
"""A larger document is refused: it is held in memory, where it takes ten times its size."""

MOST_CHARACTERS = 40
"""No number of a report is written with more, nor has more zeros at an end."""

LOOKED_AT = 4096
SHOWN_KEYS = 8
SHOWN_OF_ERROR = 160

Row = dict[str, str]


def is_document(source: Source) -> bool:
    """Whether a file begins as a JSON object or list does."""
    with source.copy.open("rb") as stream:
        start = stream.read(LOOKED_AT)
    return start.decode(_encoding_of(start), "ignore").lstrip().startswith(("{", "["))


def encoding_of(source: Source) -> str:
    """The encoding of a document: by its byte order mark, else UTF-8, the only one JSON has."""
    with source.copy.open("rb") as stream:
        return _encoding_of(stream.read(len(BOM_UTF8)))


def _encoding_of(start: bytes) -> str:
    if start.startswith(BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"


def document_of(source: Source) -> Any:
    """The document that a file holds, its numbers as text.

    Raises
    ------
    FileRefused
        It is too large or too deep, is no text, breaks the rules of JSON, names a key twice in one
        object, or has a number that no report has, such as NaN.
    """
    if source.n_bytes > MOST_BYTES:
        raise FileRefused(
            f"is a JSON document of {source.n_bytes >> 20} MiB; at most {MOST_BYTES >> 20} MiB are "
            "read. Request the report for a shorter time.",
            source.path,
        )
    try:
        text = source.copy.read_bytes().decode(encoding_of(source))
        return json.loads(
            text,
            object_pairs_hook=_without_doubles,
            parse_float=_number_text,
            parse_int=_number_text,
            parse_constant=_refused_constant,
        )
    except UnicodeDecodeError as error:
        raise FileRefused(
            f"begins like a JSON document, which is UTF-8, but byte {error.start + 1} is none; "
            "download it again.",
            source.path,
        ) from error
    except json.JSONDecodeError as error:
        raise FileRefused(
            f"begins like a JSON document, but is none or is cut short ({error.msg}, column "
            f"{error.colno}); download it again.",
            source.path,
            error.lineno,
        ) from error
    except _NotStrict as error:
        raise FileRefused(f"is a JSON document {error}.", source.path) from error
    except RecursionError as error:
        raise FileRefused(
            "is a JSON document nested deeper than any report.", source.path
        ) from error


class _NotStrict(ValueError):
    """The document is none of those that mean one thing only; the text says what was found."""


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise _NotStrict(
            f"that names {doubled[:SHOWN_OF_ERROR]!r} twice in one place; which counts?"
        )
    return found


def _refused_constant(name: str) -> Any:
    raise _NotStrict(f"with the number {name}, which JSON does not have")


def _number_text(number: str) -> str:
    """A number without an exponent; with a fourth decimal where three could be taken for thousands.

    Examples
    --------
    >>> _number_text("12.50"), _number_text("1.2E-4"), _number_text("1.234")
    ('12.50', '0.00012', '1.2340')
    """
    exponent = number.lower().partition("e")[2]
    if len(number) > MOST_CHARACTERS or abs(int(exponent or "0")) > MOST_CHARACTERS:
        raise _NotStrict(f"with a number that no report has, {number[:MOST_CHARACTERS]}")
    plain = format(Decimal(number), "f") if exponent else number
    return plain + "0" if len(plain.partition(".")[2]) == 3 else plain


def at(node: Any, *names: str) -> Any:
    """What stands in a document at a path of names; None where there is nothing.

    Examples
    --------
    >>> at({"a": {"b": "1"}}, "a", "b"), at({"a": "1"}, "a", "b")
    ('1', None)
    """
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node


def text_of(value: Any) -> str:
    """A value as a table would hold it: empty where there is none, JSON where it is no single one.

    Examples
    --------
    >>> text_of(None), text_of(True), text_of("12.50"), text_of(["a"])
    ('', 'true', '12.50', '["a"]')
    """
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def header_of_rows(rows: Sequence[Row], known: Sequence[str]) -> tuple[str, ...]:
    """The names of all columns of a document's rows, those of the format first."""
    return tuple(dict.fromkeys([*known, *(name for row in rows for name in row)]))


def records_of_rows(rows: Sequence[Row], header: Sequence[str]) -> Iterator[Record]:
    """A record per row; its text is the row as JSON, its line the row's place."""
    for place, row in enumerate(rows, 1):
        raw = json.dumps(row, ensure_ascii=False)
        yield Record(place, [row.get(name, "") for name in header], None, raw)


def what_it_is(document: Any) -> str:
    """What a document is that no format knows: an answer that tells of an error, or its keys."""
    if error := _error_told(document):
        return f"is an answer that tells of an error ({error}), and"
    if isinstance(document, dict):
        more = " ..." if len(document) > SHOWN_KEYS else ""
        keys = ", ".join(list(document)[:SHOWN_KEYS])[:SHOWN_OF_ERROR]
        return f"is a JSON document with the keys {keys}{more}, and"
    return f"is a JSON list of {len(document)}, and"


def _error_told(document: Any) -> str:
    """The error that an interface answered with instead of a report; empty where it is none."""
    told = at(document, "errors") or at(document, "error")
    first = told[0] if isinstance(told, list) else told
    if isinstance(first, dict):
        parts = [text_of(first.get(name)) for name in ("code", "message")]
    else:
        parts = [text_of(first), text_of(at(document, "error_description"))]
    return ": ".join(filter(None, parts))[:SHOWN_OF_ERROR]
