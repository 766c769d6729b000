from __future__ import annotations

from typing import Any

import pytest

from claimstats.errors import ParameterError
from claimstats.loaders.asked import checked
from claimstats.loaders.reading import Reading
from claimstats.session import ClaimBook


@pytest.mark.parametrize(
    ("name", "said", "known"),
    [
        ("encoding", "UTF8", "utf-8"),
        ("encoding", "windows-1252", "cp1252"),
        ("encoding", "latin-1", "iso8859-1"),
        ("delimiter", "tab", "\t"),
        ("delimiter", "Semicolon", ";"),
        ("delimiter", ",", ","),
        ("marketplace", "amazon.co.uk", "GB"),
        ("marketplace", "de", "DE"),
        ("decimal", "comma", ","),
        ("decimal", ".", "."),
        ("format", "claims", "claims"),
        ("encoding", None, None),
    ],
)
def test_what_is_said_is_known_in_any_usual_spelling(
    book: ClaimBook, name: str, said: str | None, known: str | None
) -> None:
    values: dict[str, Any] = {name: said}
    assert getattr(checked(book, Reading(**values)), name) == known


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("encoding", "utf9", "'utf9'. Did you mean 'utf-8'?"),
        ("encoding", "rot13", "Allowed: utf-8, utf-16"),
        ("delimiter", "x", "Allowed: tab, comma, semicolon"),
        ("format", "clams", "Did you mean 'claims'?"),
        ("marketplace", "XX", "Allowed: AE, AU"),
        ("decimal", "dot", "Allowed: point"),
        ("replaces", 7, "the book holds no file 7"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(
    book: ClaimBook, name: str, said: Any, told: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        checked(book, Reading(**{name: said}))
    assert told in str(refused.value)


def test_nothing_is_read_where_something_said_is_not_there(book: ClaimBook) -> None:
    """The option is told of, not the path, which is missing as well."""
    with pytest.raises(ParameterError, match="there is no format"):
        book.load("missing.csv", reading=Reading(format="clams"))
