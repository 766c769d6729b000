"""The same report about some of its claims, to which the page can switch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimstats.finding import Finding
from claimstats.titles import title


@dataclass(frozen=True)
class Variant:
    """The findings of the claims of one program, or of one marketplace.

    Parameters
    ----------
    shared
        What the claims share, such as ``program``.
    value
        Its value.
    n_claims
        How many claims share it.
    findings
        The same analyses as the page's, in its order.
    notes
        What is said before any number.
    """

    shared: str
    value: str
    n_claims: int
    findings: Sequence[Finding]
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What names the variant in the page and in its address."""
        return f"{self.shared}={self.value}"

    @property
    def title(self) -> str:
        """The value as a reader sees it."""
        return title(self.shared, self.value)
