"""The key under which ids of buyers are hashed: beside the book, never in it.

A hash without a key protects no id: whoever has a list of user names can hash them all and compare.
Under a key that stays behind, a book can be handed on without handing on who bought.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from functools import cache
from pathlib import Path

from claimstats.book import IN_MEMORY, Book
from claimstats.errors import BookError

KEY_VARIABLE = "CLAIMSTATS_BUYER_KEY"
"""The environment variable that holds the key in place of the file: for several books whose buyers
are to be compared, or a key that is kept in a vault."""

KEY_SUFFIX = ".key"
KEY_BYTES = 32
KEY = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}")

BLOCK_BYTES = 64
"""The block of SHA-256, to which HMAC pads its key (RFC 2104)."""
INNER, OUTER = 0x36, 0x5C

MARK = "buyer_key_mark"
"""The property in book_info by which another key is noticed: a hash under the key, not the key."""


def key_of(book: Book) -> str:
    """The key of a book, as hex: from the environment, else beside it, made when there is none.

    Books in memory share one that lives as long as the process.

    Raises
    ------
    BookError
        What stands in the place of the key is none, or it cannot be read or written.
    """
    said = os.environ.get(KEY_VARIABLE)
    if said is not None:
        return _checked(said, KEY_VARIABLE)
    if book.path == IN_MEMORY:
        return _key_in_memory()
    path = key_path(book.path)
    try:
        return _checked(path.read_text("ascii", "replace") if path.exists() else _make(path), path)
    except OSError as error:
        raise BookError(
            f"{path}: the key for ids of buyers cannot be kept there ({error.strerror}); make the "
            f"folder writable, or give a key of your own in {KEY_VARIABLE}."
        ) from error


def key_path(book_path: str) -> Path:
    """Where the key of a book lies."""
    return Path(book_path + KEY_SUFFIX)


def use_key(book: Book, key: str) -> str | None:
    """Let the macro ``buyer_hash`` hash under a key; say so where earlier files had another."""
    padded = bytes.fromhex(key).ljust(BLOCK_BYTES, b"\0")
    for name, pad in (("buyer_key_inner", INNER), ("buyer_key_outer", OUTER)):
        book.execute(f"SET VARIABLE {name} = $1", [bytes(byte ^ pad for byte in padded)])
    mark = hmac.digest(bytes.fromhex(key), MARK.encode(), "sha256").hex()[:16]
    held = book.value("SELECT value FROM book_info WHERE key = $1", [MARK])
    if held == mark:
        return None
    book.execute("INSERT OR REPLACE INTO book_info VALUES ($1, $2)", [MARK, mark])
    if held is None:
        return None
    where = KEY_VARIABLE if KEY_VARIABLE in os.environ else key_path(book.path)
    return (
        f"the key for ids of buyers ({where}) is not that of earlier files: their buyers and those "
        "of this file do not match. Put the old key back, `claimstats unload` this file and load "
        "it again."
    )


@cache
def _key_in_memory() -> str:
    return secrets.token_hex(KEY_BYTES)


def _checked(text: str, where: Path | str) -> str:
    key = text.strip().lower()
    if not KEY.fullmatch(key):
        raise BookError(
            f"{where}: holds no key for ids of buyers, which is {2 * KEY_BYTES} hexadecimal "
            "digits; put the right one back, or remove it and a new one is made, under which "
            "buyers of earlier files will not match."
        )
    return key


def _make(path: Path) -> str:
    """Write a new key, for its owner's eyes only; it is there whole or not at all."""
    key = secrets.token_hex(KEY_BYTES)
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(key + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(path)
    return key
