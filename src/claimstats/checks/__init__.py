"""The data doctor: one room per check, NAME.sql, which selects what in a book should not be there.

Each query gives ``file_id``, ``line_no``, ``what`` and ``detail``, a row per trouble. The comment
block above it says, in three paragraphs, what is found, what it means and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from claimstats import sql
from claimstats.book import Book

Severity = Literal["error", "warning", "note"]

EXAMPLES = 5


@dataclass(frozen=True)
class Check:
    """A question to a book whose answer should be empty.

    Parameters
    ----------
    name
        The name of its file, ``checks/NAME.sql``.
    severity
        ``error``: numbers are wrong; ``warning``: look; ``note``: it is well to know.
    """

    name: str
    severity: Severity

    @property
    def text(self) -> str:
        """Its file: the comment block and the query."""
        return sql.read(self.name, __name__)

    @property
    def title(self) -> str:
        """What is found."""
        return self._paragraphs[0]

    @property
    def meaning(self) -> str:
        """What it means for the numbers."""
        return self._paragraphs[1]

    @property
    def to_do(self) -> str:
        """What to do about it."""
        return self._paragraphs[2]

    @property
    def _paragraphs(self) -> list[str]:
        block = self.text.partition("\n\n")[0].splitlines()
        joined = "\n".join(line.removeprefix("--").strip() for line in block)
        return [" ".join(paragraph.split()) for paragraph in joined.split("\n\n")]

    def run(self, book: Book, examples: int | None = EXAMPLES) -> Trouble:
        """What it finds in a book, with the first few examples; with all where that is None."""
        limit = "" if examples is None else f"LIMIT {examples}"
        rows = book.rows(
            f"WITH found AS ({self.text.rstrip().rstrip(';')}) "
            "SELECT found.file_id, file_name, line_no, what, detail, count(*) OVER () AS n "
            "FROM found LEFT JOIN source_files ON source_files.file_id = found.file_id "
            f"ORDER BY found.file_id, line_no, what, detail {limit}"
        )
        n = rows[0]["n"] if rows else 0
        return Trouble(self, n, [{k: v for k, v in row.items() if k != "n"} for row in rows])


@dataclass(frozen=True)
class Trouble:
    """What a check found.

    Parameters
    ----------
    check
        The check.
    count
        How many there are.
    examples
        The first of them, each with ``file_id``, ``file_name``, ``line_no``, ``what``, ``detail``.
    """

    check: Check
    count: int
    examples: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """As a dictionary, ready for JSON."""
        return {
            "check": self.check.name,
            "severity": self.check.severity,
            "title": self.check.title,
            "meaning": self.check.meaning,
            "to_do": self.check.to_do,
            "count": self.count,
            "examples": self.examples,
        }


REGISTER = (
    Check("impossible_dates", "error"),
    Check("decided_before_filed", "error"),
    Check("currencies_of_claim", "error"),
    Check("contradictory_money", "error"),
    Check("rejected_share", "error"),
    Check("contradicting_files", "warning"),
    Check("tracker_conflicts", "warning"),
    Check("claims_under_two_ids", "warning"),
    Check("claims_without_order", "warning"),
    Check("currency_of_order", "warning"),
    Check("orphans", "warning"),
    Check("duplicate_evidence", "warning"),
    Check("unlinked_money", "warning"),
    Check("cut_windows", "warning"),
    Check("gaps_between_pulls", "warning"),
    Check("unmapped_values", "warning"),
    Check("undated_files", "note"),
)


def run(book: Book, examples: int | None = EXAMPLES) -> list[Trouble]:
    """Run every check, in the order of the register.

    Parameters
    ----------
    book
        An open book.
    examples
        How many of each kind to give; None gives all.
    """
    return [check.run(book, examples) for check in REGISTER]
