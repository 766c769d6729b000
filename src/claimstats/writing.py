"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import get_ident

from claimstats.errors import ClaimstatsError


def replace_file(path: str | Path, content: bytes) -> Path:
    """Write `content` to `path`, so that nobody ever reads half of it.

    Parameters
    ----------
    path
        Where to write; the folder must exist. A link is followed, and a pipe or a terminal is
        written to.
    content
        The whole file.

    Returns
    -------
    Path
        The path as it was named.

    Raises
    ------
    ClaimstatsError
        The folder does not exist or cannot be written to.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise ClaimstatsError(
            f"cannot write {target}: the folder {target.parent} does not exist; create it first"
        )
    try:
        _replace(target.resolve(), content)
    except OSError as error:
        raise ClaimstatsError(f"cannot write {target}: {error.strerror or error}") from error
    return target


def _replace(target: Path, content: bytes) -> None:
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    beside = target.with_name(f".claimstats.{os.getpid()}.{get_ident()}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        with suppress(OSError):
            beside.unlink()
