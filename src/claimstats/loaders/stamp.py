"""The stamp by which a file is known again without reading it: its place, size and times.

The time of change is among them, which the system sets at every write and no program can set back.
A file changed a moment ago gets no stamp: a second change might bear the same times.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

SETTLED_AFTER = 2.0
"""Seconds; coarser than the clock of any file system in use."""


def stamp_of(path: Path) -> str | None:
    """A regular file's stamp; None where the system keeps no time of change, or it is fresh."""
    if os.name == "nt":  # there st_ctime is the time of creation
        return None
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    if not path.is_file() or time.time() - max(found.st_ctime, found.st_mtime) < SETTLED_AFTER:
        return None
    place = os.fsencode(path.resolve()).decode("utf-8", "replace")
    return f"{place} {found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"
