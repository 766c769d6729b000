"""Made-up findings of every shape that the page must carry."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from claimstats.charts import forest_plot, interval_plot, step_curves
from claimstats.finding import Column, Finding, KeyNumber, Method, Table
from claimstats.report import Provenance, Variant

CUTOFF = datetime(2025, 8, 31, 23, 12)

HOSTILE = (
    "</script><img src=x onerror=alert(1)><!--",
    '=HYPERLINK("http://evil.example","claim")',
    "\u202e\u05e8\u05d2\u05d9\u05dc\u202c \u200f(\u05d0)",
    "📦 <b>bold</b> %{y} {{ 7*7 }} $x$ \u2028 & &lt;",
    "'\"`> <script>alert(2)</script>",
    "@SUM(1+1)",
    "\t=1+1",
)
"""Texts that a buyer may write into any field of an export."""

METHOD = Method(
    definition="Claims that were granted, in full or in part, of the claims that were decided.",
    denominator="Claims decided on or before the cut-off, by the date of filing.",
    exclusions="Withdrawn claims, and claims whose outcome the export does not say.",
    interval="Wilson score interval, 95 %.",
    literature=(
        "Wilson (1927), Probable inference, the law of succession, and statistical inference. "
        "doi:10.1080/01621459.1927.10502953",
        "Aalen and Johansen (1978), An empirical transition matrix. https://www.jstor.org/stable/4615704",
    ),
)

SQL = """SELECT
    program,
    direction,
    count(*) AS n_claims,
    count(*) FILTER (WHERE outcome IN ('approved', 'partial')) AS n_approved
FROM v_claims
WHERE filed_at < $as_of AND 'a' <> '</script>'
GROUP BY program, direction
ORDER BY n_claims DESC"""


def wilson(k: int, n: int) -> tuple[float | None, float | None, float | None]:
    """Return rate, lower and upper end at 95 %."""
    if not n:
        return None, None, None
    z, p = 1.96, k / n
    middle, half = (
        (p + z * z / (2 * n)) / (1 + z * z / n),
        z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)),
    )
    return p, max(0.0, middle - half), min(1.0, middle + half)


def rates(groups: list[str], by: str, *, least: int = 10, seed: int = 7) -> Table:
    """Make a table of approval rates, one row per group."""
    dice = random.Random(seed)
    rows: list[tuple[Any, ...]] = []
    for number, group in enumerate(groups):
        claims = max(3, round(260 / (number + 1)))
        still_open = round(claims * dice.uniform(0.05, 0.3))
        excluded = dice.randrange(0, 3)
        decided = max(0, claims - still_open - excluded)
        approved = round(decided * dice.uniform(0.15, 0.8))
        rate, low, high = wilson(approved, decided)
        fair, fair_low, fair_high = wilson(min(approved + still_open // 2, claims), claims)
        rows.append((
            group, "seller to platform", claims, decided, still_open, excluded, approved,
            rate, low, high, fair, fair_low, fair_high, 90.0, decided < least,
        ))  # fmt: skip
    values = list(zip(*rows, strict=True)) or [()] * 15
    heads: list[tuple[str, Any, str]] = [
        (by, "text", f"The claim's {by}."),
        ("direction", "text", "Who claims against whom."),
        ("n_claims", "count", "Claims filed."),
        ("n_decided", "count", "Claims decided."),
        ("n_open", "count", "Claims still open at the cut-off."),
        ("n_excluded", "count", "Claims left out."),
        ("n_approved", "count", "Claims granted in full or in part."),
        ("rate", "share", "Approved of decided."),
        ("lower", "share", "Lower end of the 95 % interval."),
        ("upper", "share", "Upper end of the 95 % interval."),
        ("equal_age_rate", "share", "Approved by the age of 90 days, open claims counted."),
        ("equal_age_lower", "share", "Lower end of its 95 % interval."),
        ("equal_age_upper", "share", "Upper end of its 95 % interval."),
        ("equal_age_days", "days", "The age of comparison."),
        ("is_small", "flag", "Fewer than 10 decided claims."),
    ]
    return Table(
        tuple(Column(*head, tuple(found)) for head, found in zip(heads, values, strict=True))
    )


def approval(
    groups: list[str],
    by: str = "program",
    headline: str = "43.8 % of 512 decided claims were approved.",
) -> Finding:
    """Make a finding of approval rates."""
    table = rates(groups, by)
    column = table.column
    chart = interval_plot(
        column(by), column("rate"), column("lower"), column("upper"),
        size=column("n_decided"),
        beside=(column("equal_age_rate"), column("equal_age_lower"), column("equal_age_upper")),
        names=("Decided claims", "At equal age, 90 days"),
        muted=column("is_small"),
        x_title="Share of claims approved",
    )  # fmt: skip
    return Finding(
        name="approval_rate",
        question=f"Which share of claims is approved, by {by}?",
        headline=headline,
        summary=table,
        chart=chart,
        sql=SQL,
        method=METHOD,
        caveats=(
            "71 claims are still open; a rate of decided claims alone reads too low while "
            "approvals take longer than denials.",
            "3 groups have fewer than 10 decided claims and are drawn grey.",
        ),
        parameters={"by": by, "level": 0.95, "programs": ["safet", "fba"], "marketplace": None},
        as_of=CUTOFF,
    )


def curves(groups: list[str], seed: int = 11) -> Table:
    """Make curves of claims still open, in long form."""
    dice = random.Random(seed)
    rows: list[tuple[Any, ...]] = []
    for number, group in enumerate(groups):
        at_risk, share, speed = 180 - 15 * number, 1.0, 0.02 + 0.018 * number
        rows.append((group, 0.0, 1.0, 1.0, 1.0, at_risk))
        for step in range(1, 400):
            if at_risk < 5:
                break
            events = sum(dice.random() < speed / 4 for _ in range(at_risk))
            if events:
                share *= 1 - events / at_risk
                half = 1.96 * math.sqrt(share * (1 - share) / at_risk)
                rows.append((
                    group, step / 4, share, max(0.0, share - half), min(1.0, share + half), at_risk,
                ))  # fmt: skip
            at_risk -= events + (dice.random() < 0.12)
    values = list(zip(*rows, strict=True)) or [()] * 6
    heads: list[tuple[str, Any, str]] = [
        ("program", "text", "The claim's program."),
        ("days", "days", "Days since filing."),
        ("open_share", "share", "Share of claims without a decision."),
        ("lower", "share", "Lower end of the 95 % interval."),
        ("upper", "share", "Upper end of the 95 % interval."),
        ("n_at_risk", "count", "Claims observed up to this time and still open."),
    ]
    return Table(
        tuple(Column(*head, tuple(found)) for head, found in zip(heads, values, strict=True))
    )


def resolution(groups: list[str]) -> Finding:
    """Make a finding of times to resolution."""
    long = curves(groups)
    chart = step_curves(
        long, group="program", time="days", estimate="open_share", lower="lower", upper="upper",
        at_risk="n_at_risk", x_title="Days since filing", y_title="Share of claims still open",
    )  # fmt: skip
    number = range(len(groups))
    summary = Table((
        Column("program", "text", "The claim's program.", tuple(groups)),
        Column("n_claims", "count", "Claims filed.", tuple(180 - 15 * k for k in number)),
        Column("n_open", "count", "Claims still open.", tuple(22 + k for k in number)),
        Column(
            "median_days", "days", "Days until half of the claims are decided.",
            tuple(None if k == 2 else 31.5 / (k + 1) for k in number), "not reached",
        ),
        Column("lower", "days", "Lower end.", tuple(27.25 / (k + 1) for k in number)),
        Column(
            "upper", "days", "Upper end.",
            tuple(None if k == 2 else 38.0 / (k + 1) for k in number), "not reached",
        ),
    ))  # fmt: skip
    return Finding(
        name="time_to_resolution",
        question="How long does a claim take until it is decided?",
        headline="12.5 days is the median time to a decision (10.9 to 14.0), open claims included.",
        summary=summary,
        chart=chart,
        sql=SQL,
        method=METHOD,
        caveats=("88 open claims are censored at the cut-off; they count as waiting until then.",),
        parameters={"by": "program"},
        as_of=CUTOFF,
        details={"curves": long},
    )


def evidence() -> Finding:
    """Make a finding of evidence effects."""
    rows = [
        ("Evidence score, per 0.25", 2012, 14.2, 8.1, 20.3, 11.8, False),
        ("Completeness", 2012, 11.7, 5.2, 18.1, 9.4, False),
        ("Clarity", 1406, 6.3, -0.4, 13.0, 7.1, False),
        ("Timeliness", 2012, 3.1, -2.2, 8.4, 4.9, False),
        ("Detail", 1880, 8.8, 2.1, 15.5, -3.6, True),
        ("Tracking record", 644, 20.4, 12.0, 28.8, 23.1, False),
        ("Photo of packaging", 512, 5.2, -3.1, 13.5, -4.7, True),
        ("Correspondence", 322, -1.8, -11.0, 7.4, -0.9, False),
        ("Video", 9, None, None, None, 11.0, False),
    ]
    values = list(zip(*rows, strict=True))
    heads: list[tuple[str, Any, str]] = [
        ("evidence", "text", "Component of the score or kind of evidence."),
        ("n", "count", "Decided claims compared."),
        ("difference", "points", "Difference of approval rates within reason, in points."),
        ("lower", "points", "Lower end of the 95 % interval."),
        ("upper", "points", "Upper end of the 95 % interval."),
        ("raw_difference", "points", "Difference before reasons are told apart."),
        ("reverses", "flag", "Raw difference and difference within reason point opposite ways."),
    ]
    table = Table(tuple(Column(*h, tuple(v)) for h, v in zip(heads, values, strict=True)))
    column = table.column
    chart = forest_plot(
        column("evidence"), column("difference"), column("lower"), column("upper"),
        raw=column("raw_difference"), flagged=column("reverses"), size=column("n"),
        names=("Within reason", "Raw, all reasons together"),
        x_title="Approval went with it: difference in percentage points",
    )  # fmt: skip
    return Finding(
        name="evidence_quality",
        question="Which evidence goes with winning?",
        headline="+20.4 points: claims with a tracking record won more often, within reason.",
        summary=table,
        chart=chart,
        sql=SQL,
        method=METHOD,
        caveats=(
            "For 2 kinds the raw difference points the other way: they are attached where the "
            "case is weak.",
        ),
        parameters={"level": 0.95},
        as_of=CUTOFF,
    )


def empty() -> Finding:
    """Make a finding without a row."""
    return replace(
        approval([], headline="No claim is decided yet."),
        name="recovery",
        question="What came back?",
        details={"months": rates([], "month")},
    )


def sources() -> Table:
    """Make a ledger of source files."""
    names = ("orders-2025-07.txt", "orders-2025-08.txt", "claims.csv", "evidence.csv")
    exports = ("All Orders", "All Orders", "Claims tracker", "Evidence tracker")
    pulled = (datetime(2025, 8, 1), CUTOFF, CUTOFF, None)
    return Table((
        Column("file", "text", "The file's name.", names),
        Column("taken_for", "text", "The export it was taken for.", exports),
        Column("pulled", "time", "When it was exported (UTC).", pulled),
        Column("read", "count", "Rows read.", (4120, 3866, 702, 2003)),
        Column("inserted", "count", "Rows that were new.", (4118, 1882, 700, 2000)),
        Column("unchanged", "count", "Rows already there.", (0, 1980, 0, 0)),
        Column("rejected", "count", "Rows kept apart, with the reason.", (2, 4, 2, 3)),
        Column("sha256", "text", "Hash of the file.", tuple(f"{k:x}" * 64 for k in range(10, 14))),
    ))  # fmt: skip


PROGRAMS = ["SAFE-T", "A-to-z guarantee", "FBA reimbursement", "Chargeback"]


@pytest.fixture(scope="session")
def provenance() -> Provenance:
    """What the made-up report says of its origin."""
    return Provenance(
        title="Claims of the northern shops",
        as_of=CUTOFF,
        sources=sources(),
        notes=(
            "11 rows were rejected while loading; they are kept with file, line and reason.",
            "38 claims have no known outcome and are left out of every rate.",
            "Amounts come in 3 currencies, which are never added.",
        ),
        book_counts=(
            ("orders", "6,000"), ("claims", "700"), ("still open", "71"),
            ("pieces of evidence", "2,000"), ("source files", "4"),
        ),
        versions={"claimstats": "0.1.0", "duckdb": "2.0.0", "numpy": "2.4.6", "plotly": "7.1.0"},
        command="claimstats report --book claims.duckdb -o report.html",
    )  # fmt: skip


@pytest.fixture(scope="session")
def findings() -> list[Finding]:
    """Return the three first analyses, a long one by SKU, and an empty one."""
    reasons = [
        "Item not as described", "Never arrived", "Wrong item", "Damaged in transit",
        "Missing parts", "Used or altered", "Late return", "Empty box",
    ]  # fmt: skip
    skus = approval(
        [f"SKU-{k:04d}-{'ABCDEFGH'[k % 8]}" for k in range(340)], "sku", "340 SKUs had a claim."
    )
    first = replace(
        approval(PROGRAMS),
        key_numbers=(
            KeyNumber(
                "of decided claims were approved", 0.4381, "share", 0.3951, 0.4812, "512 decided"
            ),
        ),
        to_do=("3 claims wait for an answer.",),
    )
    return [
        first,
        approval(reasons, "reason", "61.2 % of claims for empty boxes were approved, the most."),
        resolution(PROGRAMS),
        evidence(),
        skus,
        empty(),
    ]


@pytest.fixture(scope="session")
def variants(findings: list[Finding]) -> list[Variant]:
    """Return the same report about two parts of its claims."""

    def part(value: str, rows: int) -> list[Finding]:
        first = approval(
            PROGRAMS[:rows], headline=f"12.5 % of the claims of {value} were approved."
        )
        return [replace(first, sql=f"SELECT '{value}'"), *findings[1:]]

    return [
        Variant("marketplace", "DE", 199, part("DE", 3), ("These numbers are about 199 claims.",)),
        Variant("program", "SAFE-T", 260, part("SAFE-T", 1)),
    ]


@pytest.fixture(scope="session")
def hostile() -> Callable[[], tuple[list[Finding], Provenance]]:
    """Return a report with a hostile text in every text field."""

    def build() -> tuple[list[Finding], Provenance]:
        texts = list(HOSTILE)
        everything = " ".join(HOSTILE)
        base = approval(texts, "reason", everything)
        finding = replace(
            base,
            question=everything,
            sql=everything,
            method=Method(everything, everything, everything, everything, (everything,)),
            caveats=HOSTILE,
            key_numbers=(KeyNumber(everything, 0.5, "share", None, None, everything, everything),),
            to_do=HOSTILE,
            parameters={everything: everything, "by": everything},
            details={everything: curves(texts)},
        )
        drawn = [finding, resolution(texts), replace(evidence(), summary=Table((
            Column("text", "text", everything, HOSTILE),
            Column("change", "points", everything, (-25.0,) * len(HOSTILE)),
            Column("missing", "number", everything, (None,) * len(HOSTILE), everything),
        )))]  # fmt: skip
        origin = Provenance(
            title=everything, as_of=CUTOFF, notes=HOSTILE, command=everything,
            sources=Table((Column("file", "text", everything, HOSTILE),)),
            book_counts=((everything, everything),), versions={everything: everything},
        )  # fmt: skip
        return drawn, origin

    return build
