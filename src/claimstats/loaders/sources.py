"""From paths to private copies of their content: folders walked, archives opened, hashes taken.

A file is copied before it is read, so that what is parsed is what was hashed even if the file changes
meanwhile, and a truncated or damaged archive is refused before any row of it is seen.
"""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from claimstats.errors import FileRefused

SUFFIXES = frozenset({".txt", ".tsv", ".csv", ".gz", ".zip"})
"""What is looked at inside a folder; a file that is named itself may have any suffix."""

CHUNK = 1 << 20
MOST_UNPACKED = 64 << 30
MOST_INFLATION = 200
"""An archive that grows more than this is refused: exports shrink to a tenth, bombs to a thousandth."""
INFLATION_MATTERS_FROM = 64 << 20

GZIP_MAGIC, ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"
DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{2})([-_.]?)(\d{2})\2(\d{2})(?!\d)")


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
    copy
        The private copy of the content.
    sha256
        The content's hash.
    n_bytes
        The content's size.
    """

    path: str
    copy: Path
    sha256: str
    n_bytes: int

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return Path(self.path).name

    @property
    def pulled_at(self) -> datetime | None:
        """The end of the day that the file's name carries; None with no date, or with several."""
        days = {found for found in map(_day, DATE_IN_NAME.finditer(self.name)) if found}
        return days.pop() if len(days) == 1 else None


def _day(found: re.Match[str]) -> datetime | None:
    try:
        day = datetime(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return datetime.combine(day, time(23, 59, 59))


def find_files(paths: Iterable[str | Path]) -> list[Path]:
    """The files that `paths` name, folders walked in the order of their names.

    Raises
    ------
    FileRefused
        A path does not exist, or a folder holds nothing that could be an export. The refusal is for
        that path; use one path at a time to load the others.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.exists():
            raise FileRefused("there is no such file or folder.", str(path))
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
        if not inside:
            raise FileRefused(
                "the folder holds no export; looked for " + ", ".join(sorted(SUFFIXES)) + ".",
                str(path),
            )
        found += inside
    return found


@contextmanager
def unpacked(path: Path) -> Iterator[list[Source]]:
    """Copies of the content of `path`: one, or one per member of a zip; gone afterwards.

    Raises
    ------
    FileRefused
        The file cannot be read, is empty, is a workbook, or is a damaged or oversized archive.
    """
    with TemporaryDirectory(prefix="claimstats-") as folder:
        try:
            sources = list(_copies(path, Path(folder)))
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise FileRefused(
                f"the archive is damaged or cut short ({error}); download it again.", str(path)
            ) from error
        except (OSError, RuntimeError) as error:
            raise FileRefused(f"cannot be read: {error}.", str(path)) from error
        yield sources


def _copies(path: Path, folder: Path) -> Iterator[Source]:
    if not path.is_file():
        raise FileRefused("is no regular file.", str(path))
    packed_size = path.stat().st_size
    with path.open("rb") as raw:
        magic = raw.read(4)
    if magic.startswith(GZIP_MAGIC):
        with gzip.open(path) as stream:
            yield _copy(stream, str(path), folder / "0", packed_size)
    elif magic == ZIP_MAGIC:
        yield from _members(path, folder)
    else:
        with path.open("rb") as stream:
            yield _copy(stream, str(path), folder / "0", packed_size)


def _members(path: Path, folder: Path) -> Iterator[Source]:
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
        if any(member.filename.startswith("xl/") for member in members):
            raise FileRefused(
                "is an Excel workbook, whatever its name; save the sheet as CSV UTF-8 and load that.",
                str(path),
            )
        members = [m for m in members if Path(m.filename).suffix.lower() in SUFFIXES] or members
        if not members:
            raise FileRefused("the zip holds no file.", str(path))
        for number, member in enumerate(members):
            with archive.open(member) as stream:
                name = f"{path}!{member.filename}"
                yield _copy(stream, name, folder / str(number), member.compress_size)


def _copy(stream: Readable, path: str, copy: Path, packed_size: int) -> Source:
    hashed, size = sha256(), 0
    with copy.open("wb") as out:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            _check_size(size, packed_size, path)
            hashed.update(chunk)
            out.write(chunk)
    if size == 0:
        raise FileRefused("the file is empty (0 bytes).", path)
    return Source(path, copy, hashed.hexdigest(), size)


def _check_size(size: int, packed_size: int, path: str) -> None:
    inflated = size > INFLATION_MATTERS_FROM and size > MOST_INFLATION * packed_size
    if inflated or size > MOST_UNPACKED:
        raise FileRefused(
            f"unpacks to more than {size >> 20} MiB from {packed_size >> 10} KiB, which no export "
            "does; it was not read further.",
            path,
        )
