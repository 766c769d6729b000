"""Parameters of a finding as they are written on the command line: NAME=VALUE."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from claimstats.errors import ParameterError, check_choice

if TYPE_CHECKING:
    from claimstats.analyses import Analysis

GIVEN_OTHERWISE = frozenset({"book", "as_of"})
"""What has an option of its own, which alone is understood."""


def asked_for(room: Analysis, settings: Iterable[str]) -> dict[str, Any]:
    """The parameters that settings such as ``age_days=90`` ask for.

    Raises
    ------
    ParameterError
        A setting has no name, no parameter is called so, or its value is of another kind.
    """
    defaults = {k: v for k, v in room.defaults.items() if k not in GIVEN_OTHERWISE}
    asked: dict[str, Any] = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign:
            raise ParameterError(f"--set {setting} names no value; write --set NAME=VALUE.")
        check_choice(f"{room.name} has no parameter", name, defaults)
        asked[name] = _read(room.name, name, value, defaults[name])
    return asked


def _read(room: str, name: str, value: str, default: object) -> object:
    """A value of the kind that the parameter has by default; a day where it has none."""
    read, example = _reader(default)
    try:
        return read(value)
    except ValueError:
        raise ParameterError(
            f"{room}: {name} cannot be {value!r}; write it like {example}."
        ) from None


def _reader(default: object) -> tuple[Callable[[str], object], str]:
    match default:
        case bool():
            return _yes_or_no, "true or false"
        case int():
            return int, "90"
        case float():
            return float, "0.95"
        case tuple():
            return _numbers, "30,60,90"
        case None:
            return date.fromisoformat, "2026-02-16"
        case _:
            return str, "text"


def _yes_or_no(value: str) -> bool:
    found = {"true": True, "false": False}.get(value.lower())
    if found is None:
        raise ValueError(value)
    return found


def _numbers(value: str) -> tuple[float, ...]:
    return tuple(float(part) for part in value.split(","))
