"""A finding with a column of every kind, and one with a hostile text in every text field."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from claimstats.charts import interval_plot
from claimstats.finding import Column, Finding, Method, Table

CUTOFF = datetime(2026, 8, 31, 23, 12)

HOSTILE = (
    "</script><img src=x onerror=alert(1)><!--",
    '=HYPERLINK("http://evil.example","claim")',
    "\u202e\u05e8\u05d2\u05d9\u05dc\u202c \u200f(\u05d0)",
    "📦 <b>bold</b> %{y} {{ 7*7 }} $x$ \u2028 & &lt;",
    "@SUM(1+1)|cmd",
    "\t=1+1",
    "control \x07 and \x1b[31m and NUL \x00.",
    "two\nlines and\r\nthree",
    "'leading apostrophe",
    "_x0041_ ]]> &amp; http://evil.example",
    "long " + "0123456789" * 4000,
    "lone \ud83d half",
)
"""Texts that a buyer may write into any field of an export, or a broken file may hold."""


def _table(texts: tuple[str | None, ...]) -> Table:
    n = len(texts)

    def repeated(*values: object) -> tuple[object, ...]:
        return tuple(values[k % len(values)] for k in range(n))

    return Table((
        Column("reason", "text", "The claim's reason.", texts),
        Column("n_claims", "count", "Claims filed.", repeated(1200, 7, 0)),
        Column("rate", "share", "Approved of decided.", repeated(0.1 + 0.2, None, 1.0)),
        Column("lower", "share", "Lower end of the 95 % interval.", repeated(0.2, None, 0.9)),
        Column("upper", "share", "Upper end of the 95 % interval.", repeated(0.4, None, 1.0)),
        Column("median_days", "days", "Median.", repeated(12.04, None, 0.0), "not reached"),
        Column("difference_points", "points", "Difference.", repeated(-8.25, 0.0, None)),
        Column("paid_amount", "amount", "Paid.", repeated(1234.5, None, 0.01)),
        Column("statistic", "number", "A number.", repeated(0.57936, float("nan"), float("inf"))),
        Column("p_value", "p_value", "Chance alone.", repeated(0.0004, 0.04, None)),
        Column("is_small", "flag", "Fewer than 10 decided.", repeated(False, True, None)),
        Column("due_at", "time", "When it is due (UTC).", repeated(CUTOFF, None)),
    ))  # fmt: skip


def _chart(table: Table) -> object:
    column = table.column
    return interval_plot(
        column("reason"), column("rate"), column("lower"), column("upper"), size=column("n_claims"),
        beside=(column("rate"), column("lower"), column("upper")), names=("Decided", "By day 90"),
        muted=column("is_small"), x_title="Share of claims approved",
    )  # fmt: skip


@pytest.fixture(scope="session")
def finding() -> Finding:
    """A finding of three groups, with a column of every kind and a further table."""
    table = _table(("Item not as described", "Never arrived", "-5 wrong"))
    return Finding(
        name="approval_rate",
        question="How many claims are approved?",
        headline="43.8 % of 512 decided claims were approved.",
        summary=table,
        chart=_chart(table),  # type: ignore[arg-type]
        sql="FROM approval_rate(by_column := 'reason')",
        method=Method("What.", "Of what.", "What not.", "How sure.", ("Wilson (1927)", "Aalen")),
        caveats=("71 claims are still open.", "3 groups are small."),
        parameters={"by": "reason", "level": 0.95, "ages_days": (30, 60), "calendar": None},
        as_of=CUTOFF,
        details={"curves": _table(("a", "b"))},
    )


@pytest.fixture(scope="session")
def hostile(finding: Finding) -> Finding:
    """A finding with a hostile text in every text field."""
    everything = " ".join(HOSTILE)
    table = _table(HOSTILE)
    poisoned = Table(
        tuple(replace(column, meaning=everything, missing=everything) for column in table.columns)
    )
    return replace(
        finding,
        question=everything,
        headline=everything,
        summary=poisoned,
        chart=_chart(table),  # type: ignore[arg-type]
        sql=everything,
        method=Method(everything, everything, everything, everything, (everything,)),
        caveats=HOSTILE,
        parameters={everything: everything, "by": list(HOSTILE)},
        details={everything: table},
    )


@pytest.fixture(scope="session")
def texts() -> tuple[str, ...]:
    """The hostile texts."""
    return HOSTILE
