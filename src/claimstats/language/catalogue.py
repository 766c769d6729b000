"""The languages there are: each a gettext catalogue in this folder, named by its code."""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from claimstats.errors import check_choice

ENGLISH = "en"
"""The language that texts are written in; it has no catalogue."""

SUFFIX = ".po"


@dataclass(frozen=True)
class Language:
    """What it takes to say something in a language.

    Parameters
    ----------
    code
        What the language is asked for by.
    tag
        Its name in an HTML page (BCP 47).
    texts
        The texts, by their English; one that is missing stays English.
    decimal, group
        The signs before decimals and between thousands.
    """

    code: str
    tag: str
    texts: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)
    decimal: str = "."
    group: str = ","


def languages() -> tuple[str, ...]:
    """The codes of the languages there are, English first.

    Examples
    --------
    >>> from claimstats.language import languages
    >>> languages()
    ('en', ...'zh'...)
    """
    found = (path.name for path in files("claimstats.language").iterdir())
    codes = sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX))
    return (ENGLISH, *codes)


@cache
def read(code: str) -> Language:
    """Read a language: its catalogue, and how it writes numbers.

    Raises
    ------
    ParameterError
        There is no such language.
    """
    if check_choice("there is no language", code, languages()) == ENGLISH:
        return Language(ENGLISH, ENGLISH)
    # Babel is slow to import, and English, which most ask for, does without.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with files("claimstats.language").joinpath(code + SUFFIX).open("rb") as stream:
        catalogue = read_po(stream)
    if catalogue.locale is None or catalogue.locale.language != code.partition("_")[0]:
        raise ValueError(f"{code}{SUFFIX} does not name its language in its header")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    signs = catalogue.locale.number_symbols["latn"]
    return Language(
        code=code,
        tag=str(catalogue.locale).replace("_", "-"),
        texts=gettext.GNUTranslations(compiled),
        decimal=signs["decimal"],
        group=signs["group"],
    )
