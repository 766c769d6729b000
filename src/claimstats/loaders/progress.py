"""How far a load is: what a listener is told of the file in hand, batch by batch."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from claimstats.loaders.sources import Source
from claimstats.loaders.text import Record

Step = Literal["reading", "checking", "merging"]


@dataclass(frozen=True)
class Progress:
    """How far the file in hand is.

    Parameters
    ----------
    path
        The file, as the user named it.
    step
        ``reading`` its records, ``checking`` their values, or ``merging`` them into the book.
    n_rows
        Records read so far.
    n_bytes
        Bytes read so far, nearly: line ends are taken to be one sign.
    of_bytes
        Bytes of the file.
    """

    path: str
    step: Step
    n_rows: int
    n_bytes: int
    of_bytes: int


Listener = Callable[[Progress], None]


def _is_encoding(name: str) -> bool:
    """Whether it is one of text; a workbook's content is told by its container's name."""
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


class Teller:
    """Tells a listener how far one file is; tells nobody where there is no listener."""

    def __init__(self, source: Source, encoding: str, listener: Listener | None) -> None:
        self._source, self._listener = source, listener
        self._encoding = encoding if _is_encoding(encoding) else "utf-8"
        self._n_rows = self._n_bytes = 0

    def read(self, batch: Iterable[Record]) -> None:
        """Tell that a batch of records was read."""
        if self._listener:
            texts = [record.raw for record in batch]
            size = len("".join(texts).encode(self._encoding, "replace")) + len(texts)
            self._n_rows += len(texts)
            self._n_bytes = min(self._n_bytes + size, self._source.n_bytes)
            self._tell("reading", self._n_bytes)

    def reached(self, step: Step) -> None:
        """Tell that all records are read, and what is done with them now."""
        self._tell(step, self._source.n_bytes)

    def _tell(self, step: Step, n_bytes: int) -> None:
        if self._listener:
            told = Progress(self._source.path, step, self._n_rows, n_bytes, self._source.n_bytes)
            self._listener(told)
