"""Loaders: from export files to the book's tables, with every record accounted for."""

from __future__ import annotations

from claimstats.loaders.exports import EXPORTS
from claimstats.loaders.load import load
from claimstats.loaders.mapped import mapped_by
from claimstats.loaders.progress import Progress
from claimstats.loaders.reading import Reading
from claimstats.loaders.results import FileResult
from claimstats.loaders.unload import holds_of, unload

__all__ = [
    "EXPORTS", "FileResult", "Progress", "Reading", "holds_of", "load", "mapped_by", "unload",
]  # fmt: skip
