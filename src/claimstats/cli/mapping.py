"""``claimstats map``: a proposal how a sheet with columns of one's own is to be read."""

from __future__ import annotations

from pathlib import Path

import click

from claimstats.errors import ClaimstatsError


@click.command("map")
@click.argument("path", metavar="FILE")
@click.option(
    "--format", "format_name", metavar="NAME", help="claims, claim_events or evidence; else told."
)
@click.option("-o", "--output", metavar="FILE", help="Write it there instead of printing it.")
@click.option("--force", is_flag=True, help="Overwrite the output file.")
def propose(path: str, format_name: str | None, output: str | None, force: bool) -> None:
    """Propose a mapping for a sheet with columns of your own, as TOML to read and mend.

    Save it as map.toml and load the sheet by it: claimstats load FILE --map map.toml
    """
    from claimstats.loaders.propose import propose_mapping

    proposal = propose_mapping(path, format_name)
    if output is None:
        click.echo(proposal.text, nl=False)
    else:
        _write(Path(output), proposal.text, force)
        click.echo(output)
    for point in proposal.open_points:
        click.echo(f"to decide: {point}", err=True)


def _write(path: Path, text: str, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise ClaimstatsError(
            f"{path}: is there already; --force overwrites it, or name another file."
        ) from error
    except OSError as error:
        raise ClaimstatsError(f"{path}: cannot be written: {error.strerror}.") from error
