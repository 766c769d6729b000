"""How files are to be read where the user says so, instead of what their content tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from claimstats.loaders.spec import Export

if TYPE_CHECKING:
    from claimstats.loaders.progress import Listener


@dataclass(frozen=True)
class Reading:
    """What the user says of the files to load; whatever is None is told by each file itself.

    Parameters
    ----------
    pulled_at
        When the exports were made (UTC), for files whose name does not carry the day.
    encoding
        The encoding of the bytes, by Python's name for it.
    delimiter
        The column separator.
    format
        The name of the export that the files are.
    marketplace
        The marketplace of rows that do not name one.
    decimal
        The sign before the cents.
    mapped
        The export that a mapping of the user's own columns makes of the files.
    keep_pii
        Whether personal columns are kept, in extra.
    buyer_key
        The key under which ids of buyers are hashed.
    replaces
        The number of the file in the book whose place the one to load takes.
    progress
        Is told how far each file is.
    """

    pulled_at: datetime | None = None
    encoding: str | None = None
    delimiter: str | None = None
    format: str | None = None
    marketplace: str | None = None
    decimal: Literal[".", ","] | None = None
    mapped: Export | None = None
    keep_pii: bool = False
    buyer_key: str = field(default="", repr=False)
    replaces: int | None = None
    progress: Listener | None = field(default=None, repr=False, compare=False)
