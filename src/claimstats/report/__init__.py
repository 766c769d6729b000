"""Findings in, one self-contained HTML file out; no statistics, no request to anywhere."""

from __future__ import annotations

from claimstats.report.logo import picture
from claimstats.report.page import render, write
from claimstats.report.provenance import Provenance

__all__ = ["Provenance", "picture", "render", "write"]
