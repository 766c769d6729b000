"""What became of each file that was to be loaded."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

LOADED, ALREADY_LOADED, EMPTY, REFUSED = "loaded", "already_loaded", "empty", "refused"

COUNTED = ("read", "inserted", "updated", "unchanged", "rejected", "ignored")


@dataclass(frozen=True)
class FileResult:
    """What became of one file.

    Parameters
    ----------
    path
        The path as it was named; ``archive.zip!member`` for a member of a zip.
    format
        What the file was taken for; None when it was refused.
    status
        ``loaded``, ``already_loaded`` (the same content is in the book), ``empty`` (a header
        without rows) or ``refused``.
    read, inserted, updated, unchanged, rejected, ignored
        Records; the first is the sum of the others.
    encoding, delimiter
        How the file was read.
    notes
        What the reader should know, a sentence each.
    error
        Why the file was refused.
    file_id
        The file's number in the book's ledger; None when nothing was loaded.
    """

    path: str
    format: str | None
    status: str
    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    ignored: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    notes: tuple[str, ...] = field(default=())
    error: str | None = None
    file_id: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The result as a dictionary, ready for JSON."""
        return {**asdict(self), "notes": list(self.notes)}
