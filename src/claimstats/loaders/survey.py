"""What the bytes of a file are, counted: line ends and quotes, separators and padding.

The counts prove a clean file clean. Then a faster reader may serve it, and its rows are held
against lines that were counted here, by other code than the reader's.
"""

from __future__ import annotations

import re
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PIECE = 1 << 18
"""Larger pieces are no quicker, for the system takes their memory back and gives it anew."""

LONGEST_UNSEEN = 3
"""Bytes of an unseen character at most, which two pieces of a file may share."""

BLANK = 0x20

UNSEEN = re.compile(
    rb"\xc2[\x80-\xa0\xad]|\xe1\x9a\x80|\xe2\x80[\x80-\x8f\xa8-\xaf]|\xe2\x81[\x9f-\xaf]"
    rb"|\xe3\x80\x80|\xef\xbb\xbf"
)
"""Characters that are blank or cannot be seen; the careful reader takes them off values."""
UNSEEN_STARTS = (
    b"\xc2", b"\xe1\x9a\x80", b"\xe2\x80", b"\xe2\x81", b"\xe3\x80\x80", b"\xef\xbb\xbf",
)  # fmt: skip
"""How they begin, which is found much quicker than they are."""


@dataclass(frozen=True)
class Survey:
    """Counts of a file's bytes.

    Parameters
    ----------
    n_lines
        Lines; a last line without its end counts too.
    line_end
        The line end; empty where there are several kinds or none.
    n_quotes, n_nul
        Quotes and NUL bytes.
    is_utf8
        Whether the bytes are UTF-8.
    has_unseen
        Whether a character is blank without being a space, or cannot be seen.
    """

    n_lines: int
    line_end: str
    n_quotes: int
    n_nul: int
    is_utf8: bool
    has_unseen: bool


class Surveyor:
    """Takes a file's bytes piece by piece, as they are copied, and tells what they are."""

    def __init__(self) -> None:
        self._counted = dict.fromkeys([b"\n", b"\r", b"\r\n", b'"', b"\0"], 0)
        self._decoder = getincrementaldecoder("utf-8")()
        self._is_utf8, self._has_unseen, self._tail = True, False, b""

    def take(self, piece: bytes) -> None:
        """Look at the next piece."""
        joined = self._tail[-1:] + piece
        # To look whether a sign is there takes a tenth of counting it, and most are in no file.
        for sign in (sign for sign in self._counted if sign[:1] in joined):
            is_pair = sign == b"\r\n"
            self._counted[sign] += joined.count(sign) if is_pair else _count(piece, sign)
        self._has_unseen = self._has_unseen or b"\v" in piece or b"\f" in piece
        if not (piece.isascii() and self._tail.isascii()):
            self._is_utf8 = self._is_utf8 and _decodes(self._decoder, piece)
            self._has_unseen = self._has_unseen or _holds_unseen(self._tail + piece)
        self._tail = (self._tail + piece[-LONGEST_UNSEEN:])[-LONGEST_UNSEEN:]

    def told(self) -> Survey:
        """What the bytes are, all of them taken."""
        counted, is_cut = self._counted, bool(self._decoder.getstate()[0])
        has_open_line = self._tail[-1:] not in (b"", b"\n", b"\r")
        return Survey(
            n_lines=max(counted[b"\n"], counted[b"\r"]) + has_open_line,
            line_end=_line_end(counted),
            n_quotes=counted[b'"'],
            n_nul=counted[b"\0"],
            is_utf8=self._is_utf8 and not is_cut,
            has_unseen=self._has_unseen,
        )


def _count(piece: bytes, sign: bytes) -> int:
    """How often a byte stands in a piece; in a whole one numpy counts it, twice as quickly."""
    if len(piece) < PIECE:
        return piece.count(sign)
    import numpy as np  # here, for most loads find a file that is loaded already

    return int(np.count_nonzero(np.frombuffer(piece, np.uint8) == sign[0]))


def _holds_unseen(piece: bytes) -> bool:
    begun = any(start[:1] in piece and start in piece for start in UNSEEN_STARTS)
    return begun and UNSEEN.search(piece) is not None


def count_separators(path: Path, delimiter: str) -> tuple[int, bool]:
    """How often a separator stands in a file, and whether a blank may stand beside one."""
    sign, sign_bytes = ord(delimiter), delimiter.encode()
    pairs = (BLANK << 8 | sign, sign << 8 | BLANK)
    count, is_padded = 0, False
    for joined, chunk in _chunks(path):
        is_padded = is_padded or (delimiter != "\t" and b"\t" in chunk)
        count += _count(chunk, sign_bytes)
        is_padded = is_padded or _holds_pair(joined, pairs)
    return count, is_padded


def _chunks(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Each piece of a file, with the byte before it and without."""
    last = b""
    with path.open("rb") as stream:
        while chunk := stream.read(PIECE):
            yield last + chunk, chunk
            last = chunk[-1:]


def _holds_pair(chunk: bytes, pairs: tuple[int, ...]) -> bool:
    """Whether two bytes in a row, read as one number, are among `pairs`."""
    import numpy as np

    for start in (0, 1):
        read = np.frombuffer(chunk, "<u2", (len(chunk) - start) // 2, start)
        if any((read == pair).any() for pair in pairs):
            return True
    return False


def _decodes(decoder: IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _line_end(counted: dict[bytes, int]) -> str:
    if not counted[b"\r"]:
        return "\n" if counted[b"\n"] else ""
    if counted[b"\r"] == counted[b"\n"] == counted[b"\r\n"]:
        return "\r\n"
    return "" if counted[b"\n"] else "\r"
