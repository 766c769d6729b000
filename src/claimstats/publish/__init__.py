"""From a book to its report: every finding of the register, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from claimstats import report
from claimstats.book import Book
from claimstats.errors import ClaimstatsError
from claimstats.finding import Finding
from claimstats.language import speaking
from claimstats.publish.choice import EVERYTHING_THERE_IS, PLAIN, Choice, Look
from claimstats.publish.findings import findings
from claimstats.publish.provenance import provenance
from claimstats.publish.variants import variants

__all__ = ["Choice", "Look", "findings", "provenance", "write_report"]

PAGE_START = b"<!doctype html"


def write_report(
    book: Book,
    path: str | Path,
    choice: Choice = EVERYTHING_THERE_IS,
    look: Look = PLAIN,
    *,
    found: Sequence[Finding] | None = None,
) -> Path:
    """Write the report of a book as one self-contained HTML file.

    Parameters
    ----------
    book
        An open book.
    path
        The file to write; its folder must exist.
    choice
        Which analyses, of which claims, up to when.
    look
        Title, logo, theme, language, and the command for the footer.
    found
        The findings of this choice in this language, where they are at hand already.

    Returns
    -------
    Path
        The file written. The same book gives the same bytes.

    Raises
    ------
    ParameterError
        Something asked for is not there.
    ClaimstatsError
        The file cannot be written, or the logo is no picture.

    Examples
    --------
    >>> import claimstats
    >>> from tempfile import TemporaryDirectory
    >>> asked = claimstats.Choice(only=["open_claims"], program="amazon_safet")
    >>> with claimstats.open_book() as book, TemporaryDirectory() as folder:
    ...     claimstats.write_report(book, f"{folder}/report.html", asked).name
    'report.html'
    """
    _refuse_to_overwrite(Path(path))
    with speaking(look.language) if look.language else nullcontext():
        shown = findings(book, choice) if found is None else found
        others = variants(book, choice) if look.switch else []
        report.write(path, shown, provenance(book, choice, look), others)
    return Path(path)


def _refuse_to_overwrite(path: Path) -> None:
    """Keep a mistyped path from destroying a book or an export: only a page may be replaced."""
    if path.is_file() and path.stat().st_size:
        with path.open("rb") as stream:
            start = stream.read(len(PAGE_START))
        if start.lower() != PAGE_START:
            raise ClaimstatsError(f"{path}: exists and is no report; name another file to write.")
