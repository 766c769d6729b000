"""What a folder holds: each file once, in the order of its path, and no link followed.

A link may lead out of the folder, or back into it for ever; a named pipe waits for ever.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claimstats.errors import FileRefused
from claimstats.loaders.sources import shown

MOST_FILES = 200_000
"""More are no folder of evidence, but a whole disk that was named by mistake."""

BY_THE_SYSTEM = frozenset(
    {"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin"}
)
"""Names, in small letters, of what systems leave in folders."""

HIDDEN = "hidden, or left by the system"
LINK = "links (not followed)"
NO_FILE = "no regular files"


@dataclass(frozen=True)
class Found:
    """One entry of a folder.

    Parameters
    ----------
    path
        Its path below the folder that is scanned, with ``/`` between the names.
    place
        Where it lies.
    ignored
        Why it is passed over; None where it is looked at.
    fault
        Why it cannot be looked at, though it ought to be.
    """

    path: str
    place: Path
    ignored: str | None = None
    fault: str | None = None


def walk(folder: Path) -> list[Found]:
    """Every file below a folder, and whatever else stands in its place.

    Raises
    ------
    FileRefused
        There is no such folder, it cannot be read, or it holds too much.
    """
    try:
        with os.scandir(folder):
            pass
    except FileNotFoundError as error:
        raise FileRefused("there is no such folder.", shown(folder)) from error
    except NotADirectoryError as error:
        raise FileRefused(
            "is a file; name the folder that holds the evidence.", shown(folder)
        ) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise FileRefused(f"cannot be read: {why}.", shown(folder)) from error
    found = []
    for each in _below(folder):
        found.append(each)
        if len(found) > MOST_FILES:
            raise FileRefused(
                f"holds more than {MOST_FILES:,} files; name the folder that holds the evidence.",
                shown(folder),
            )
    return sorted(found, key=lambda each: each.path)


def _below(folder: Path) -> Iterator[Found]:
    todo = [(folder, "")]
    while todo:
        place, above = todo.pop()
        try:
            with os.scandir(place) as entries:
                listed = list(entries)
        except OSError as error:
            yield Found(above, place, fault=f"the folder cannot be read: {error.strerror}")
            continue
        for entry in listed:
            path = above + text_of(entry.name)
            found = _fate(entry, path)
            if found is None:
                todo.append((Path(entry.path), f"{path}/"))
            else:
                yield found


def _fate(entry: os.DirEntry[str], path: str) -> Found | None:
    """What becomes of an entry; None for a folder to be entered."""
    place = Path(entry.path)
    name = entry.name.lower()
    if name.startswith((".", "~$")) or name in BY_THE_SYSTEM:
        return Found(path, place, ignored=HIDDEN)
    try:
        if entry.is_symlink() or _is_junction(entry):
            return Found(path, place, ignored=LINK)
        if entry.is_dir(follow_symlinks=False):
            return None
        if not entry.is_file(follow_symlinks=False):
            return Found(path, place, ignored=NO_FILE)
    except OSError as error:
        return Found(path, place, fault=f"cannot be looked at: {error.strerror}")
    return Found(path, place)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether it is Windows' other kind of link to a folder; Python tells it from 3.12 on."""
    asked = getattr(entry, "is_junction", None)
    return bool(asked and asked())


def text_of(name: str) -> str:
    """A name as text that a table can hold; bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
