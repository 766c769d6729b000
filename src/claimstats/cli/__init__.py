"""The command line: parse, call, print. Data goes to stdout, talk to stderr, exit codes are fixed.

Exit codes: 0 done, 1 a file was refused or the command failed, 2 wrong usage, 3 rows were rejected
under ``--strict``, 4 the book is locked, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from claimstats import __version__
from claimstats.cli import (
    ask,
    check,
    evidence,
    export,
    ledger,
    load,
    mapping,
    report,
    setting_up,
)
from claimstats.errors import ClaimstatsError

INTERRUPTED = 130
WHEN_INTERRUPTED = "interrupted; a file in hand was not loaded"
DUCKDB_INTERRUPTED = "Query interrupted"
"""What DuckDB says when Ctrl-C reaches it inside a query, in errors of several types."""

DEBUG_FLAG = "--debug"


class InOrder(click.Group):
    """A group whose commands are listed in the order a user meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands as they were added."""
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="claimstats")
@click.option(DEBUG_FLAG, is_flag=True, expose_value=False, help="Show the traceback of an error.")
def cli() -> None:
    """Claim analytics on your own machine.

    Load export files into one DuckDB file, and ask how many claims are approved, how long they take
    and which evidence goes with winning. The book is --book, else CLAIMSTATS_BOOK, else
    claims.duckdb in this folder.
    """


for command in (
    setting_up.demo, setting_up.template, mapping.propose, load.load, evidence.evidence,
    ledger.loads, ledger.rejects, ledger.unload, check.check, report.report, ask.show,
    export.export, ask.list_findings, ask.sql, load.formats, setting_up.lab, setting_up.doctor,
):  # fmt: skip
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code; a traceback is shown only with ``--debug``."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    with_traceback = DEBUG_FLAG in given
    sys.exit(_run([word for word in given if word != DEBUG_FLAG], with_traceback))


def _run(arguments: list[str], with_traceback: bool) -> int:
    try:
        code: Any = cli.main(arguments, prog_name="claimstats", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _say(WHEN_INTERRUPTED, INTERRUPTED)
    except SystemExit:
        return 0  # click leaves so when a reader such as head has seen enough: no failure
    except ClaimstatsError as error:
        if with_traceback:
            raise
        return _say(str(error), error.exit_code)
    except Exception as error:
        if DUCKDB_INTERRUPTED in str(error):
            return _say(WHEN_INTERRUPTED, INTERRUPTED)
        if with_traceback:
            raise
        return _say(f"{type(error).__name__}: {error} (--debug shows where)", 1)
    return code if isinstance(code, int) else 0


def _say(text: str, code: int) -> int:
    click.echo(f"claimstats: {text}", err=True)
    return code
