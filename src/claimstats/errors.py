"""The tree of errors; each carries the exit code that the command line ends with.

ClaimstatsError            1  anything this package refuses, said in one sentence
├── ParameterError         2  a parameter or an option asks for what is not there
├── FileRefused            1  a file that is not taken; nothing of it was loaded
├── BookError              1  a book that cannot be opened or is not ours
│   └── BookLocked         4  another process holds the book
└── MissingExtra           1  an optional package is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

CHOICES_SHOWN = 30


class ClaimstatsError(Exception):
    """Anything claimstats refuses; its text is one sentence for the person who asked."""

    exit_code = 1


class ParameterError(ClaimstatsError, ValueError):
    """A parameter or an option asks for something that is not there."""

    exit_code = 2


class FileRefused(ClaimstatsError):
    """A file is not taken, and nothing of it was loaded.

    Parameters
    ----------
    reason
        What was found, what is allowed and what to do.
    path
        The file, as the user named it.
    line
        The line in the file, counted from 1, where there is one.
    """

    def __init__(self, reason: str, path: str | None = None, line: int | None = None) -> None:
        self.reason, self.path, self.line = reason, path, line
        place = "" if path is None else f"{path}: " if line is None else f"{path}, line {line}: "
        super().__init__(f"{place}{reason}")


class BookError(ClaimstatsError):
    """A book cannot be opened, or is no claimstats book."""


class BookLocked(BookError):
    """Another process holds the book."""

    exit_code = 4


class MissingExtra(ClaimstatsError):
    """An optional package is missing; the text says which install mends it."""

    def __init__(self, needed_for: str, package: str, extra: str) -> None:
        super().__init__(
            f"{needed_for} needs {package}, which is not installed; "
            f"install it with: pip install 'claimstats[{extra}]'"
        )


def check_choice(asked: str, value: str, allowed: Iterable[str]) -> str:
    """Return `value` if it is among `allowed`, else say what there is.

    Parameters
    ----------
    asked
        The beginning of the sentence, such as ``approval_rate cannot split by``.
    value
        What was asked for.
    allowed
        What there is, in the order to show it.

    Raises
    ------
    ParameterError
        With the nearest spelling, or the allowed values where none is near.

    Examples
    --------
    >>> check_choice("approval_rate cannot split by", "reason", ["reason", "sku"])
    'reason'
    """
    choices = list(allowed)
    if value in choices:
        return value
    near = get_close_matches(value, choices, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(choices[:CHOICES_SHOWN]) + (" ..." if len(choices) > CHOICES_SHOWN else "")
    raise ParameterError(f"{asked} {value!r}.{hint} Allowed: {listed}.")
