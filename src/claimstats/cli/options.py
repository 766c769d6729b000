"""Options that several commands share, and the book they name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from claimstats.language import languages, speaking

if TYPE_CHECKING:
    from claimstats.session import ClaimBook

BOOK_IN_THIS_FOLDER = "claims.duckdb"

book_option = click.option(
    "--book",
    metavar="FILE",
    help="The book; else CLAIMSTATS_BOOK, else claims.duckdb in this folder.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")


def _speak(context: click.Context, _: click.Parameter, code: str | None) -> str | None:
    """Speak the language asked for until the command is done."""
    if code is not None:
        context.with_resource(speaking(code))
    return code


def language_option(**more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option that says in which language the command answers."""
    return click.option(
        "--lang",
        metavar="|".join(languages()),
        callback=_speak,
        help="The language of texts and charts; tables of data keep their codes.",
        **more,
    )


class Day(click.ParamType[date]):
    """A day (UTC) such as 2026-08-31."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read an ISO day."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day like 2026-08-31.", param, ctx)


class Moment(click.ParamType[datetime]):
    """A day or a time (UTC) such as 2026-08-31 or 2026-08-31T12:00."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read ISO text; a day alone means its last second."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is no day or time like 2026-08-31 or 2026-08-31T12:00.", param, ctx
            )
        if moment.tzinfo is not None:
            self.fail(
                f"{value!r} carries a zone; times are UTC here: leave the zone out.", param, ctx
            )
        return moment.replace(hour=23, minute=59, second=59) if len(value) <= 10 else moment


def choosing_claims(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say which claims are asked about, and up to when."""
    options = [
        click.option("--program", metavar="NAME", help="Only claims of this program."),
        click.option("--marketplace", metavar="CODE", help="Only claims of this marketplace."),
        click.option(
            "--from", "filed_from", type=Day(), metavar="DAY", help="Only claims filed from here."
        ),
        click.option(
            "--to", "filed_to", type=Day(), metavar="DAY", help="Only claims filed up to this day."
        ),
        click.option(
            "--as-of", type=Moment(), metavar="DAY", help="The cut-off (UTC); else the data's own."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def book_path(named: str | None) -> str:
    """The book's path: as named, else from the environment, else in this folder."""
    return named or os.environ.get("CLAIMSTATS_BOOK") or BOOK_IN_THIS_FOLDER


@contextmanager
def opened(named: str | None, read_only: bool = True) -> Iterator[ClaimBook]:
    """The book that the options name."""
    from claimstats.session import connect

    with connect(book_path(named), read_only=read_only) as book:
        yield book


def refuse_both(as_json: bool, as_csv: bool) -> None:
    """Refuse two forms at once."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms; choose one.")
