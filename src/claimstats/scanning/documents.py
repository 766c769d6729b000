"""Measures of a PDF: its pages, those with text, and how finely the others were scanned.

The text is looked at to see that it is there, and kept nowhere. Pictures in it are not decoded.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from claimstats.errors import MissingExtra
from claimstats.scanning.measures import Measures, Unreadable

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MOST_PAGES_READ = 200
"""Pages that are looked at; of a longer document the first ones speak for it."""

TEXT_FROM = 20
"""Signs other than blanks; a page with fewer has a stamp or a page number, and no text."""

DEEPEST_FORM = 3
"""Pictures are looked for in forms within forms to this depth."""

LARGEST_CONTENT = 4 << 20
"""Bytes of a page's drawing; a larger one is a map or a plan, whose text would take minutes."""

POINTS_PER_INCH = 72
FINEST = 10_000
"""Dots per inch; what claims more is damaged, or far smaller than its page."""
LOCKED = "is protected by a password; save a copy without one"


def check_installed() -> None:
    """Say which package lacks before thousands of files are looked at.

    Raises
    ------
    MissingExtra
        pypdf is not installed.
    """
    if find_spec("pypdf") is None:
        raise MissingExtra("measuring PDFs", "pypdf", "images")


def measure_document(data: bytes) -> Measures:
    """Measure a PDF.

    Raises
    ------
    Unreadable
        It is damaged, cut short or protected by a password.
    """
    try:
        with _silent():
            return _measured(_reader(data))
    except Unreadable:
        raise
    except Exception as error:  # whatever a reader makes of damaged bytes
        said = " ".join(str(error).split())[:80] or type(error).__name__
        raise Unreadable(f"is damaged or cut short ({said}); copy it again") from error


@contextmanager
def _silent() -> Iterator[None]:
    """Without what pypdf tells of each fault that it gets over."""
    logger = logging.getLogger("pypdf")
    before, logger.disabled = logger.disabled, True
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.disabled = before
        logger.setLevel(level)


def _reader(data: bytes) -> PdfReader:
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        try:  # many are locked against printing only, and open without a password
            opened = reader.decrypt("")
        except (DependencyError, NotImplementedError) as error:
            raise Unreadable(LOCKED) from error
        if opened is PasswordType.NOT_DECRYPTED:
            raise Unreadable(LOCKED)
    return reader


def _measured(reader: PdfReader) -> Measures:
    n_pages = len(reader.pages)
    if not n_pages:
        raise Unreadable("has no page")
    n_text, scanned = 0, []
    for k in range(min(n_pages, MOST_PAGES_READ)):
        page = reader.pages[k]
        if _has_text(page):
            n_text += 1
        elif dpi := _dpi_of(page):
            scanned.append(dpi)
    return Measures(
        "document", "PDF", n_pages=n_pages, n_text_pages=n_text, scan_dpi=tuple(scanned)
    )


def _has_text(page: PageObject) -> bool:
    drawing = page.get_contents()
    if drawing is None or len(drawing.get_data()) > LARGEST_CONTENT:
        return False
    return len("".join(page.extract_text().split())) >= TEXT_FROM


def _dpi_of(page: PageObject) -> int | None:
    """Dots per inch of a page's largest picture, taken to fill it; None for a page without one."""
    longest = max((max(size) for size in _pictures(page.get("/Resources"), 0)), default=0)
    inches = max(float(page.mediabox.width), float(page.mediabox.height)) / POINTS_PER_INCH
    return min(round(longest / inches), FINEST) if longest > 0 and inches > 0 else None


def _pictures(resources: Any, depth: int) -> Iterator[tuple[int, int]]:
    """Width and height of each picture, as the document states them."""
    held = resources.get_object() if resources is not None else {}
    objects = held["/XObject"].get_object() if "/XObject" in held else {}
    for named in objects.values():
        found = named.get_object()
        if found.get("/Subtype") == "/Image":
            yield int(found["/Width"]), int(found["/Height"])
        elif found.get("/Subtype") == "/Form" and depth < DEEPEST_FORM:
            yield from _pictures(found.get("/Resources"), depth + 1)
