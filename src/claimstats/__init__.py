"""Claim analytics on your own machine: exports in, one DuckDB file, findings with intervals out.

Names are resolved when first used, so that ``import claimstats`` loads no library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimstats.analyses.approval_change import approval_change
    from claimstats.analyses.approval_curve import approval_curve
    from claimstats.analyses.approval_ranking import approval_ranking
    from claimstats.analyses.approval_rate import approval_rate
    from claimstats.analyses.approval_trend import approval_trend
    from claimstats.analyses.evidence_dose import evidence_dose
    from claimstats.analyses.evidence_effects import evidence_effects
    from claimstats.analyses.evidence_gaps import evidence_gaps
    from claimstats.analyses.evidence_plan import evidence_plan
    from claimstats.analyses.evidence_quality import evidence_quality
    from claimstats.analyses.open_claims import open_claims
    from claimstats.analyses.payout_ratio import payout_ratio
    from claimstats.analyses.rate_definitions import rate_definitions
    from claimstats.analyses.service_level import service_level
    from claimstats.analyses.stage_times import stage_times
    from claimstats.analyses.time_to_resolution import time_to_resolution
    from claimstats.bundled import sample_files
    from claimstats.errors import ClaimstatsError
    from claimstats.finding import Finding
    from claimstats.forms import export
    from claimstats.language import set_language
    from claimstats.loaders.propose import propose_mapping
    from claimstats.loaders.reading import Reading
    from claimstats.publish import Choice, Look, write_report
    from claimstats.session import ClaimBook, connect, open_book, sample_book

__version__ = "0.1.0"

_HOMES = {
    "Choice": "publish",
    "ClaimBook": "session",
    "ClaimstatsError": "errors",
    "Finding": "finding",
    "Look": "publish",
    "Reading": "loaders.reading",
    "approval_change": "analyses.approval_change",
    "approval_curve": "analyses.approval_curve",
    "approval_ranking": "analyses.approval_ranking",
    "approval_rate": "analyses.approval_rate",
    "approval_trend": "analyses.approval_trend",
    "connect": "session",
    "evidence_dose": "analyses.evidence_dose",
    "evidence_effects": "analyses.evidence_effects",
    "evidence_gaps": "analyses.evidence_gaps",
    "evidence_plan": "analyses.evidence_plan",
    "evidence_quality": "analyses.evidence_quality",
    "export": "forms",
    "open_book": "session",
    "open_claims": "analyses.open_claims",
    "payout_ratio": "analyses.payout_ratio",
    "propose_mapping": "loaders.propose",
    "rate_definitions": "analyses.rate_definitions",
    "sample_book": "session",
    "sample_files": "bundled",
    "service_level": "analyses.service_level",
    "set_language": "language",
    "stage_times": "analyses.stage_times",
    "time_to_resolution": "analyses.time_to_resolution",
    "write_report": "publish",
}

__all__ = [  # noqa: RUF022  # in the order of use
    "connect", "open_book", "sample_book", "sample_files", "ClaimBook", "Reading",
    "propose_mapping",
    "approval_rate", "approval_curve", "approval_trend", "approval_change", "approval_ranking",
    "payout_ratio", "rate_definitions",
    "time_to_resolution", "stage_times", "open_claims", "service_level",
    "evidence_quality", "evidence_effects", "evidence_dose", "evidence_gaps", "evidence_plan",
    "Finding", "Choice", "Look", "export", "write_report", "set_language",
    "ClaimstatsError",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'claimstats' has no attribute {name!r}")
    return getattr(import_module(f"claimstats.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
