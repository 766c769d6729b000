"""Saying something in the language that is spoken now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from numbers import Integral, Real

from claimstats.language.catalogue import Language, read

_SPOKEN: ContextVar[Language | None] = ContextVar("claimstats_language", default=None)

_usual = read("en")


def set_language(code: str) -> None:
    """Speak a language from now on, wherever no other is asked for.

    Parameters
    ----------
    code
        ``en`` or ``zh``; what findings, charts and reports made from now on say.

    Raises
    ------
    ParameterError
        There is no such language.

    Examples
    --------
    >>> import claimstats
    >>> claimstats.set_language("zh")
    >>> with claimstats.open_book() as book:
    ...     claimstats.approval_rate(book).question
    '有多少索赔获得批准？'
    >>> claimstats.set_language("en")
    """  # noqa: RUF002  # Chinese
    global _usual
    _usual = read(code)


@contextmanager
def speaking(language: str | Language) -> Iterator[None]:
    """Speak a language inside the ``with`` block; a thread started there must take the context.

    Raises
    ------
    ParameterError
        There is no such language.
    """
    token = _SPOKEN.set(read(language) if isinstance(language, str) else language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def _spoken() -> Language:
    return _SPOKEN.get() or _usual


def code() -> str:
    """The code of the language spoken now."""
    return _spoken().code


def tag() -> str:
    """The tag of the language spoken now, for an HTML page."""
    return _spoken().tag


def later(text: str) -> str:
    """A text that is said where it is used, marked here so that catalogues hold it."""
    return text


def say(text: str, /, **values: object) -> str:
    """`text` in the language spoken now, its places filled.

    Parameters
    ----------
    text
        The English text, written out where it is said, with places such as ``{n}``.
    values
        What fills the places: whole numbers get their thousands parted, days stand as ISO dates.

    Examples
    --------
    >>> from claimstats.language import say
    >>> say("{n} of {total} claims", n=1200, total=3400)
    '1,200 of 3,400 claims'
    """
    return _filled(_spoken().texts.gettext(text) if text else text, values)


def say_n(one: str, many: str, n: int, /, **values: object) -> str:
    """`one` or `many`, as the language spoken now has it for `n`, which fills ``{n}``.

    Examples
    --------
    >>> from claimstats.language import say_n
    >>> say_n("{n} claim is open", "{n} claims are open", 1)
    '1 claim is open'
    """
    return _filled(_spoken().texts.ngettext(one, many, n), {"n": n, **values})


def _filled(template: str, values: dict[str, object]) -> str:
    if not values:
        return template
    return template.format_map({name: _value(value) for name, value in values.items()})


def _value(value: object) -> str:
    match value:
        case str():
            return value
        case Integral():
            return amount(f"{int(value):,}")
        case Real():
            return amount(f"{float(value):.12g}")
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def amount(written: str) -> str:
    """A number written with point and comma, with the signs of the language spoken now."""
    spoken = _spoken()
    if (spoken.decimal, spoken.group) == (".", ","):
        return written
    return written.translate({ord("."): spoken.decimal, ord(","): spoken.group})


def listed(parts: Iterable[str]) -> str:
    """Words one after another, with the sign that the language spoken now puts between them."""
    return say(", ").join(parts)


def sentence(clauses: Iterable[str]) -> str:
    """Clauses as one sentence, with the signs that the language spoken now sets."""
    return say("; ").join(clauses) + say(".")
