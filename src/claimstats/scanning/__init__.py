"""Scanning: from a folder of photos, PDFs and videos to measures of each file, and nothing else.

What a file shows is looked at in memory and forgotten; numbers and hashes alone reach the book.
"""

from __future__ import annotations

from claimstats.scanning.folder import Progress, ScanResult, scan

__all__ = ["Progress", "ScanResult", "scan"]
