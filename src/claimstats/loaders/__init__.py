"""Loaders: from export files to the book's tables, with every record accounted for."""

from __future__ import annotations

from claimstats.loaders.exports import EXPORTS
from claimstats.loaders.load import FileResult, load

__all__ = ["EXPORTS", "FileResult", "load"]
