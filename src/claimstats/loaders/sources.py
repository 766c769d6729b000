"""From paths to private copies of their content: folders walked, archives opened, hashes taken.

A file is copied before it is read, so that what is parsed is what was hashed, and a truncated or
damaged archive, or a file that changes under the copy, is refused before any row of it is seen.
"""

from __future__ import annotations

import errno
import gzip
import lzma
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import BinaryIO, Protocol

from claimstats.errors import FileRefused
from claimstats.loaders.survey import PIECE, Survey, Surveyor

SUFFIXES = frozenset({".txt", ".tsv", ".csv", ".json", ".gz", ".zip", ".xlsx", ".xlsm"})
"""What is looked at inside a folder or a zip; a file that is named itself may have any suffix."""

NOT_FILES = (".", "~$")
"""Beginnings of names passed over in a folder: hidden files, and what Excel has open beside one."""

CHUNK = 1 << 20
MOST_UNPACKED = 64 << 30
MOST_INFLATION = 200
"""An archive that grows more is refused: exports shrink to a tenth, bombs to a thousandth."""
INFLATION_MATTERS_FROM = 64 << 20

GZIP_MAGIC, ZIP_MAGIC = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{2})([-_.]?)(\d{2})\2(\d{2})(?!\d)")

DAMAGED = (
    EOFError, IndexError, ValueError, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile,
    zlib.error,
)  # fmt: skip
"""What Python's unpackers raise for an archive that is damaged."""

OFFICE_PARTS = frozenset({"[Content_Types].xml", "mimetype"})
"""A zip with one of these members is an Office Open XML or an OpenDocument file."""
MOST_MEMBERS = 10_000
"""Files in a zip; a year of daily pulls of every export is about four thousand."""


class Readable(Protocol):
    """Bytes that are read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """The next `size` bytes at most; none at the end."""


@dataclass(frozen=True)
class Source:
    """One file's content, unpacked and copied.

    Parameters
    ----------
    path
        The path as the user named it; ``archive.zip!member`` for a member of a zip.
    names
        The file's name without its folder; for a member of a zip its own and the archive's.
    copy
        The private copy of the content.
    sha256
        The content's hash.
    n_bytes
        The content's size.
    survey
        What its bytes are, counted as they were copied.
    stamp
        What tells the file again without reading it; None for one of several in an archive.
    sheet
        The sheet of a workbook that is meant, where several hold an export.
    workbook
        The workbook, once it is opened.
    passed_over
        Members of a zip that are no exports by their names; told with its first.
    """

    path: str
    names: tuple[str, ...]
    copy: Path
    sha256: str
    n_bytes: int
    survey: Survey
    stamp: str | None = None
    sheet: str | None = None
    workbook: object = field(default=None, compare=False, repr=False)
    passed_over: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name without its folder; ``archive.zip!member`` for a member of a zip."""
        return "!".join(reversed(self.names))

    @property
    def pulled_at(self) -> datetime | None:
        """The end of the day that the file's name carries; None with no date, or with several.

        A member of a zip whose own name carries no date takes that of the archive.
        """
        return pull_day(self.names)


def pull_day(names: tuple[str, ...]) -> datetime | None:
    """The end of the day that the first name with a date carries; None where it has several."""
    found = ({*map(_day, DATE_IN_NAME.finditer(name))} - {None} for name in names)
    days = next(filter(None, found), set())
    return days.pop() if len(days) == 1 else None


def _day(found: re.Match[str]) -> datetime | None:
    try:
        day = datetime(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return datetime.combine(day, time(23, 59, 59))


def shown(path: str | Path) -> str:
    """A path as text that can be printed and stored, whatever bytes its name is made of."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def find_files(paths: Iterable[str | Path]) -> list[Path]:
    """The files that `paths` name, folders walked in the order of their names.

    Hidden files and folders inside a folder, whose names begin with a dot, are passed over, and
    so are the marks that Excel leaves beside a file while it is open.

    Raises
    ------
    FileRefused
        A path does not exist, or a folder cannot be read or holds nothing that could be an export.
        The refusal is for that path; use one path at a time to load the others.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        try:
            inside = _inside(path) if path.is_dir() else [path]
            path.stat()
        except FileNotFoundError as error:
            raise FileRefused("there is no such file or folder.", shown(path)) from error
        except (OSError, ValueError) as error:
            raise FileRefused(f"cannot be read: {_said(error)}.", shown(path)) from error
        if not inside:
            looked_for = ", ".join(sorted(SUFFIXES))
            raise FileRefused(f"the folder holds no export; looked for {looked_for}.", shown(path))
        found += inside
    return found


def _inside(folder: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        raise error

    found = []
    for place, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        kept = (name for name in names if not name.startswith(NOT_FILES))
        found += [Path(place, name) for name in kept if Path(name).suffix.lower() in SUFFIXES]
    return sorted(found)


def _said(error: Exception) -> str:
    """What went wrong, without the path, which the refusal names itself."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"no space is left in {gettempdir()} for a copy of it; TMPDIR names another folder"
    return (isinstance(error, OSError) and error.strerror) or str(error)


@contextmanager
def unpacked(path: Path) -> Iterator[list[Source]]:
    """Copies of the content of `path`: one, or one per member of a zip; gone afterwards.

    Raises
    ------
    FileRefused
        The file cannot be read, changes meanwhile, or is a damaged or oversized archive.
    """
    with TemporaryDirectory(prefix="claimstats-") as folder:
        try:
            sources = list(_copies(path, Path(folder)))
        except DAMAGED as error:
            found = str(error) or "it ends too early"
            raise FileRefused(
                f"the archive is damaged or cut short ({found}); download it again.", shown(path)
            ) from error
        except (OSError, RuntimeError) as error:
            raise FileRefused(f"cannot be read: {_said(error)}.", shown(path)) from error
        yield sources


def _copies(path: Path, folder: Path) -> Iterator[Source]:
    if not path.is_file():
        raise FileRefused("is no regular file.", shown(path))
    with path.open("rb") as raw:
        before = os.fstat(raw.fileno())
        copier = _Copier(shown(path), before.st_size, folder)
        yield from _contents(path, raw, copier)
        if _state(os.fstat(raw.fileno())) != _state(before):
            raise FileRefused(
                "changes while it is read; try again when it is complete.", shown(path)
            )


def _state(stat: os.stat_result) -> tuple[int, ...]:
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _contents(path: Path, raw: BinaryIO, copier: _Copier) -> Iterator[Source]:
    magic = raw.read(4)
    raw.seek(0)
    if magic.startswith(GZIP_MAGIC):
        with gzip.open(raw) as stream:
            yield copier.copy(stream)
    elif magic in ZIP_MAGIC:
        with zipfile.ZipFile(raw) as archive:
            members = archive.infolist()
            if not OFFICE_PARTS & {member.filename for member in members}:
                yield from _members(path, archive, members, copier)
                return
        raw.seek(0)
        yield copier.copy(raw)
    else:
        yield copier.copy(raw)


def _members(
    path: Path, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], copier: _Copier
) -> Iterator[Source]:
    members = [m for m in members if not m.is_dir() and Path(m.filename).parts[:1] != ("__MACOSX",)]
    exports = [m for m in members if Path(m.filename).suffix.lower() in SUFFIXES] or members
    passed_over = tuple(shown(m.filename) for m in members if m not in exports)
    members = exports
    if not members:
        raise FileRefused("the zip holds no file.", shown(path))
    if len(members) > MOST_MEMBERS:
        raise FileRefused(f"the zip holds more than {MOST_MEMBERS:,} files.", shown(path))
    for member in members:
        with archive.open(member) as stream:
            copy = copier.copy(stream, member.filename)
        yield replace(copy, passed_over=passed_over) if member is members[0] else copy


class _Copier:
    """Copies what a file holds, and refuses what unpacks to far more than its size."""

    def __init__(self, path: str, packed_size: int, folder: Path) -> None:
        self._path, self._packed_size, self._folder = path, packed_size, folder
        self._n_copies = self._n_bytes = 0

    def copy(self, stream: Readable, member: str = "") -> Source:
        """Copy a stream to its end; `member` is its name in a zip."""
        path = f"{self._path}!{shown(member)}" if member else self._path
        name = Path(self._path).name
        names = (Path(shown(member)).name, name) if member else (name,)
        copy = self._folder / str(self._n_copies)
        hashed, surveyor, size = sha256(), Surveyor(), 0
        with copy.open("wb") as out:
            while chunk := stream.read(PIECE):
                size += len(chunk)
                self._check_size(size, path)
                hashed.update(chunk)
                surveyor.take(chunk)
                out.write(chunk)
        self._n_copies += 1
        self._n_bytes += size
        return Source(path, names, copy, hashed.hexdigest(), size, surveyor.told())

    def _check_size(self, size: int, path: str) -> None:
        total = self._n_bytes + size
        inflated = total > INFLATION_MATTERS_FROM and total > MOST_INFLATION * self._packed_size
        if inflated or total > MOST_UNPACKED:
            raise FileRefused(
                f"unpacks to more than {total >> 20} MiB from {self._packed_size >> 10} KiB, which "
                "no export does; it was not read further.",
                path,
            )
