"""Telling on stderr how far a load is: a bar on a terminal, a line per file elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from claimstats.loaders import FileResult, Progress

LABEL_WIDTH = 32


class Talk:
    """Says nothing: the base of those that say something."""

    def __call__(self, progress: Progress) -> None:
        """Hear how far the file in hand is."""

    def finished(self, result: FileResult) -> None:
        """Hear what became of a file."""

    def close(self) -> None:
        """Leave the terminal as it was found."""


class Lines(Talk):
    """A line per file that was taken; one that was refused is told with its reason at the end."""

    def finished(self, result: FileResult) -> None:
        """Say what became of a file."""
        if not result.error:
            status = result.status.replace("_", " ")
            click.echo(f"{result.path}: {result.read:,} rows, {status}", err=True)


class Bars(Talk):
    """A bar per file, with the rows read, their rate and the time left."""

    def __init__(self) -> None:
        self._bar: ProgressBar[str] | None = None
        self._path = ""
        self._began = 0.0

    def __call__(self, progress: Progress) -> None:
        """Draw how far the file in hand is."""
        if self._bar is None or progress.path != self._path:
            self._open(progress)
        assert self._bar is not None
        taken = max(time.monotonic() - self._began, 1e-3)
        rate = f", {progress.n_rows / taken:,.0f}/s" if progress.step == "reading" else ""
        item = f"{progress.step}: {progress.n_rows:,} rows{rate}"
        self._bar.update(progress.n_bytes - self._bar.pos, item)
        self._bar.render_progress()

    def finished(self, result: FileResult) -> None:
        """End the bar of a file."""
        self.close()

    def close(self) -> None:
        """End the bar's line."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None

    def _open(self, progress: Progress) -> None:
        self.close()
        self._path, self._began = progress.path, time.monotonic()
        name = PurePath(progress.path).name
        label = name if len(name) <= LABEL_WIDTH else f"{name[: LABEL_WIDTH - 3]}..."
        self._bar = click.progressbar(
            length=progress.of_bytes,
            label=label.ljust(LABEL_WIDTH),
            file=sys.stderr,
            item_show_func=lambda item: item,
            width=0,
        )


@contextmanager
def telling(is_quiet: bool) -> Iterator[Talk]:
    """Who tells how far a load is: nobody where JSON was asked for."""
    talk = Talk() if is_quiet else Bars() if sys.stderr.isatty() else Lines()
    try:
        yield talk
    finally:
        talk.close()
