"""What a number cannot be read without: question, cut-off, caveats, method, query, versions."""

from __future__ import annotations

from importlib.metadata import version
from platform import python_version

from claimstats import __version__
from claimstats.finding import Finding, show_value
from claimstats.language import say

VERSIONS_OF = ("duckdb", "numpy", "scipy")


def about(finding: Finding) -> list[tuple[str, str]]:
    """Each part's label and text, in reading order; a label may stand more than once."""
    method = finding.method
    return [
        (say("Question"), finding.question),
        (say("Answer"), finding.headline),
        (say("Data up to (UTC)"), show_value(finding.as_of, "time", say("no events"))),
        *((say("What may mislead"), caveat) for caveat in finding.caveats),
        *method.parts(),
        *((say("Literature"), reference) for reference in method.literature),
        *(
            (say("Asked for: {parameter}", parameter=label), text)
            for label, text in finding.shown_parameters()
        ),
        (say("Query"), finding.sql),
        (say("Versions"), ", ".join(f"{name} {number}" for name, number in versions().items())),
    ]


def versions() -> dict[str, str]:
    """Name and version of what counted and estimated."""
    return {
        "claimstats": __version__,
        "python": python_version(),
        **{name: version(name) for name in VERSIONS_OF},
    }
