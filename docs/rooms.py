"""A section for each analysis, made from its docstring, its method and its macro's comment."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module

from claimstats import sql
from claimstats.analyses import REGISTER, Analysis

HEADED = re.compile(r"^(\w+)\n-+\n", re.MULTILINE)
"""The head of a section of a numpydoc docstring."""

METHOD_PARTS = ("definition", "denominator", "exclusions", "interval")


def sections(docstring: str) -> dict[str, str]:
    """The sections of a numpydoc docstring by their heads, what stands before them as ''."""
    before, *headed = HEADED.split(docstring)
    return {"": before.strip()} | {
        head: text.strip() for head, text in zip(headed[::2], headed[1::2], strict=True)
    }


def plain(text: str) -> str:
    """A text of a docstring as one line of a page."""
    return re.sub(r"(?::\w+:)?``?([^`]+)``?", r"`\1`", " ".join(text.split()))


def parameters(text: str) -> Iterator[str]:
    """A line for each parameter: its name, and what it is."""
    for found in re.finditer(r"^(\w+)\n((?:    .*\n?)+)", text, re.MULTILINE):
        if found[1] != "book":
            yield f"- `{found[1]}`: {plain(found[2])}"


def room_section(room: Analysis) -> Iterator[str]:
    """All that is to be known of one analysis."""
    module = import_module(f"claimstats.analyses.{room.name}")
    told = sections(inspect.getdoc(getattr(module, room.name)) or "")
    first, _, answers = told[""].partition("\n\n")
    yield f"## {room.name}"
    yield ""
    yield f"**{room.question}** {plain(first)} {plain(answers)}"
    yield ""
    yield f"- Command: `claimstats show {room.name}`; in the report: `--only {room.name}`"
    macro = re.search(
        rf"^CREATE OR REPLACE MACRO ({room.name}\(.*?\)) AS TABLE",
        sql.read(room.name, "claimstats.analyses"),
        re.MULTILINE,
    )
    assert macro, room.name
    yield f"- In SQL: `FROM {macro[1]}`"
    yield ""
    yield from parameters(told["Parameters"])
    yield ""
    yield plain(told["Returns"].partition("\n")[2])
    yield ""
    for part in METHOD_PARTS:
        yield f"- {part.capitalize()}: {plain(getattr(module.METHOD, part))}"
    yield ""
    if "Notes" in told:
        yield f"Mind: {plain(told['Notes'])}"
        yield ""
    yield f"Literature: {'; '.join(module.METHOD.literature)}."
    yield ""


def analyses() -> Iterator[str]:
    """A section for each analysis, in the order of the report."""
    for room in REGISTER:
        yield from room_section(room)
