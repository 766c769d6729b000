"""Findings in, one self-contained HTML file out; no statistics, no request to anywhere."""

from __future__ import annotations

from claimstats.report.logo import picture
from claimstats.report.page import render, write
from claimstats.report.provenance import Provenance
from claimstats.report.variant import Variant

__all__ = ["Provenance", "Variant", "picture", "render", "write"]
