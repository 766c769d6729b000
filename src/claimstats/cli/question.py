"""One finding as it is asked for on the command line, to be shown or exported."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from claimstats.cli.options import choosing_claims, opened
from claimstats.cli.parameters import asked_for
from claimstats.errors import ParameterError

if TYPE_CHECKING:
    from claimstats.finding import Finding


def asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say what is asked of which claims."""
    options = [
        click.option(
            "--by",
            multiple=True,
            metavar="COLUMN",
            help="The property of claims to split by, such as reason; approval_rate takes two.",
        ),
        click.option("--on", metavar="DAY", help="The day of a change, such as 2026-02-16."),
        click.option(
            "--set",
            "settings",
            metavar="NAME=VALUE",
            multiple=True,
            help="Any other parameter of the finding, such as age_days=90; may be given again.",
        ),
    ]
    command = choosing_claims(command)
    for option in reversed(options):
        command = option(command)
    return command


def found(
    name: str,
    book: str | None,
    *,
    by: tuple[str, ...],
    on: str | None,
    settings: tuple[str, ...],
    **chosen: Any,
) -> Finding:
    """The finding that the options of :func:`asking` ask for."""
    from claimstats.analyses import analysis
    from claimstats.publish import Choice, findings

    room = analysis(name)
    for option, value, why in (
        ("by", by, "is not split by a property"),
        ("on", on, "asks for no day of a change"),
    ):
        if value and option not in room.parameters:
            raise ParameterError(f"{name} {why}; leave --{option} out.")
    split = by[0] if len(by) == 1 else by or None
    asked = asked_for(room, [*settings, *([f"on={on}"] if on else [])])
    choice = Choice(only=(name,), by=split, settings=asked, **chosen)
    with opened(book) as asked_book:
        return findings(asked_book, choice)[0]
