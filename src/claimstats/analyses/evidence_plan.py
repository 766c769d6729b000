"""What to send for each open claim: the missing kind of evidence with the largest gain in wins."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from claimstats.analyses._columns import column, interval_columns
from claimstats.analyses._deadlines import (
    EXPORT,
    deadline_caveats,
    due_soon,
    next_deadline,
    overdue,
)
from claimstats.analyses._evidence import OLD_ENOUGH_DAYS, SIGNIFICANT
from claimstats.analyses._grouping import (
    call,
    check_cutoff,
    check_days,
    check_level,
    check_positive,
    source_caveats,
)
from claimstats.book import Book
from claimstats.charts import forest_plot
from claimstats.finding import NOTHING, Column, Finding, Method, Table
from claimstats.language import later, listed, say, say_n, sentence
from claimstats.stats.multiplicity import benjamini_hochberg
from claimstats.stats.proportions import newcombe_difference
from claimstats.stats.stratified import mantel_haenszel
from claimstats.titles import title, titles

FEWEST_PER_CELL = 5
"""Past claims in each of the four cells below which a kind is not compared."""

CELLS = {
    "won_with": later("Past claims with the kind at filing that the seller won."),
    "n_with": later("Past claims of the program and reason with the kind at filing."),
    "won_without": later("Past claims without the kind that the seller won."),
    "n_without": later("Past claims of the program and reason without the kind."),
}

REFUSALS = {
    later("evidence unknown"): later(
        "no piece is on record that went with the filing, so what is missing is unknown"
    ),
    later("nothing missing"): later(
        "each kind that the reason demands or that past claims had is there"
    ),
    later("too few past claims"): later(
        "no missing kind has {fewest} past claims in each of the four cells, won and lost, with "
        "and without it, in {strata}"
    ),
    later("no gain seen"): later("no missing kind went with more wins among past claims"),
}
"""Why a claim has no plan: the word of the column, and the caveat's reason."""

METHOD = Method(
    definition=later(
        "For each open claim, the one kind of evidence that it lacks whose presence at filing went "
        "with the largest gain in the share won by the seller, among past claims of the same "
        "program and reason. gain_points is the share won with the kind minus the share won "
        "without. It went with winning; that it caused it does not follow, and past claims had it "
        "with the filing: whether sending it later does as well is not known. due_at is the "
        "deadline that an export carries (due_basis: export), else that of the named rule of "
        "deadline_rules for the last unanswered request or for the buyer's claim itself."
    ),
    denominator=later(
        "Past claims: decided, filed long enough before the cut-off, with a piece known to have "
        "gone with the filing. Open claims: all that are open at the cut-off, by the date of "
        "filing; those without a plan say why."
    ),
    exclusions=later(
        "A kind is compared only where at least the stated number of past claims stands in each of "
        "the four cells. A kind recorded at an unknown time is not missing; of a claim without any "
        "piece known to have gone with the filing nobody knows what is. Claims whose first "
        "decision is made are not planned for, appealed or not."
    ),
    interval=later(
        "Newcombe's hybrid score interval for the difference; q values by Benjamini and Hochberg "
        "over all kinds compared in any program and reason, from the Cochran-Mantel-Haenszel test "
        "of each. The largest of several differences is too large on average: where q is not "
        "small it may be chance. Business days of a rule are counted as calendar days, the "
        "earliest end."
    ),
    literature=(
        "Newcombe RG (1998), Stat Med 17:873-890, method 10, "
        "https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I",
        "Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300, "
        "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
        "Mantel N, Haenszel W (1959), J Natl Cancer Inst 22:719-748, "
        "https://doi.org/10.1093/jnci/22.4.719",
    ),
)


@dataclass(frozen=True)
class Gain:
    """A kind compared in one program and reason, in percentage points; NaN where it is not."""

    value: float
    lower: float
    upper: float
    p_value: float
    q_value: float = math.nan


NO_GAIN = Gain(math.nan, math.nan, math.nan, math.nan)

Key = tuple[Any, ...]


def evidence_plan(
    book: Book,
    *,
    as_of: datetime | None = None,
    older_than_days: int = OLD_ENOUGH_DAYS,
    fewest: int = FEWEST_PER_CELL,
    level: float = 0.95,
) -> Finding:
    """Name for each open claim the missing kind of evidence that went with the largest gain.

    Answers: what should we still send for each open claim, and by when?

    Parameters
    ----------
    book
        An open book.
    as_of
        The cut-off (UTC) at which claims are open and past decisions known: the book's own, the
        time of its latest event, unless given.
    older_than_days
        Learn only from claims filed at least so long before the cut-off; of younger ones the fast
        decisions alone are known.
    fewest
        Past claims in each of the four cells (won and lost, with and without) that a kind must
        have to be compared.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per open claim: ``program``, ``claim_id``, ``reason``; ``due_at`` (UTC),
        ``due_basis`` (export, or the rule's id), ``days_left`` (negative once it has passed);
        ``kind``, ``gain_points`` with its limits (percentage points), ``gain_q_value``,
        ``is_clear``, the cells ``won_with``, ``n_with``, ``won_without``, ``n_without``;
        ``n_missing``, ``n_compared``; ``refused_why`` where no kind is named. Deadlines ahead
        stand first, the next one on top, then unknown ones, then those that have passed; within a
        deadline the largest gain. The detail ``comparisons`` has every kind by program and reason,
        thin ones without a number.

    Raises
    ------
    ParameterError
        A parameter is out of its range.

    Notes
    -----
    Better evidence may have been attached to better cases, so sending it need not win what it went
    with. The choice is made among kinds that the seller has attached before: a kind that nobody
    ever sent cannot be recommended. The deadline of a rule is a default as found in public
    material; what the venue's page says of the claim comes first.

    References
    ----------
    Newcombe RG (1998), Stat Med 17:873-890, method 10,
    https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.evidence_plan(book)
    >>> finding.table.select("claim_id", "due_basis", "kind").row(1)
    ('AZ90461136', 'export', 'correspondence')
    """
    check_days("evidence_plan", "older_than_days", older_than_days)
    check_positive("evidence_plan", "fewest", fewest)
    check_level("evidence_plan", level)
    as_of = check_cutoff("evidence_plan", as_of)
    asked = {"older_than_days": older_than_days, "cutoff": as_of}
    sql = call("evidence_plan", **asked, fewest=fewest)
    rows = book.rows(sql)
    past = book.rows(call("evidence_plan_counts", **asked))
    gains = _gains(past, fewest, level)
    comparisons = _comparisons(past, gains, rows)
    cutoff = as_of or book.as_of
    return Finding(
        name="evidence_plan",
        question=say("What should we still send for each open claim, and by when?"),
        headline=_headline(rows, gains),
        summary=_table(rows, gains),
        chart=_chart(comparisons),
        sql=sql,
        method=METHOD.said(),
        caveats=(*_caveats(book, rows, gains, fewest), *source_caveats(book, cutoff)),
        parameters={"older_than_days": older_than_days, "fewest": fewest, "level": level},
        as_of=cutoff,
        details={"comparisons": comparisons},
        to_do=tuple(_to_do(rows, gains)),
    )


def _key(row: Mapping[str, Any]) -> Key:
    return row["program"], row["reason"], row["kind"]


def _gains(past: Sequence[Mapping[str, Any]], fewest: int, level: float) -> dict[Key, Gain]:
    """The comparisons that the data allow, with their q values over all of them."""
    enough = [row for row in past if _smallest_cell(row) >= fewest]
    found = [_gain(row, level) for row in enough]
    q_values = benjamini_hochberg([gain.p_value for gain in found])
    return {
        _key(row): Gain(gain.value, gain.lower, gain.upper, gain.p_value, float(q_value))
        for row, gain, q_value in zip(enough, found, q_values, strict=True)
    }


def _smallest_cell(row: Mapping[str, Any]) -> int:
    won, n, won_without, n_without = _cells(row)
    return min(won, n - won, won_without, n_without - won_without)


def _cells(row: Mapping[str, Any]) -> tuple[int, int, int, int]:
    return row["won_with"], row["n_with"], row["won_without"], row["n_without"]


def _gain(row: Mapping[str, Any], level: float) -> Gain:
    won, n, won_without, n_without = _cells(row)
    difference = newcombe_difference(won, n, won_without, n_without, level)
    within = mantel_haenszel([won], [n], [won_without], [n_without], level)
    value, lower, upper = (
        100 * float(part) for part in (difference.value, difference.lower, difference.upper)
    )
    return Gain(value, lower, upper, within.p_value)


def _table(rows: Sequence[Mapping[str, Any]], gains: Mapping[Key, Gain]) -> Table:
    def text(
        name: str, meaning: str, missing: str = NOTHING, words: Mapping[str, str] | None = None
    ) -> Column:
        return column(name, "text", meaning, (row[name] for row in rows), missing, words)

    def count(name: str, meaning: str) -> Column:
        return column(name, "count", meaning, (row[name] for row in rows))

    found = [gains.get(_key(row), NO_GAIN) for row in rows]
    return Table(
        (
            text("program", say("The claim program."), words=titles("program")),
            text("claim_id", say("The claim.")),
            text("reason", say("Its reason."), words=titles("reason")),
            column(
                "due_at", "time", say("When it must be sent (UTC)."),
                (row["due_at"] for row in rows), say("unknown"),
            ),
            text(
                "due_basis", say("export, or the rule of deadline_rules that tells it."),
                say("unknown"), words={EXPORT: say(EXPORT)},
            ),
            column(
                "days_left", "days", say("Days from the cut-off to due_at; negative: passed."),
                (row["days_left"] for row in rows), say("unknown"),
            ),
            text(
                "kind", say("The missing kind that went with the largest gain."),
                words=titles("kind"),
            ),
            *_gain_columns(found),
            column(
                "is_clear", "flag", say("gain beyond chance, q below {q}", q=SIGNIFICANT),
                (None if math.isnan(gain.value) else _is_clear(gain) for gain in found),
            ),
            *(count(name, say(meaning)) for name, meaning in CELLS.items()),
            count("n_missing", say("Kinds that the claim lacks.")),
            count("n_compared", say("Of these, compared among past claims.")),
            text(
                "refused_why", say("Why no kind is named."),
                words={why: say(why) for why in REFUSALS},
            ),
        )
    )  # fmt: skip


def _gain_columns(gains: Sequence[Gain]) -> list[Column]:
    return [
        *interval_columns(
            ("gain_points", "gain_lower", "gain_upper"),
            "points",
            say("Share won with the kind minus without, within program and reason, in points."),
            gains,
        ),
        column(
            "gain_q_value",
            "p_value",
            say("False discovery rate over all kinds compared."),
            (gain.q_value for gain in gains),
        ),
    ]


def _comparisons(
    past: Sequence[Mapping[str, Any]],
    gains: Mapping[Key, Gain],
    rows: Sequence[Mapping[str, Any]],
) -> Table:
    """Every kind by program and reason, those named for most open claims first."""
    named = Counter(_key(row) for row in rows if row["kind"])
    order = sorted(past, key=lambda row: (-named[_key(row)], _key(row)))
    strata = {
        f"{row['program']}, {row['reason']}": listed(
            (title("program", row["program"]), title("reason", row["reason"]))
        )
        for row in order
    }
    return Table(
        (
            column(
                "kind", "text", say("The kind of evidence."), (row["kind"] for row in order),
                titles=titles("kind"),
            ),
            column(
                "stratum", "text", say("Program and reason."),
                (f"{row['program']}, {row['reason']}" for row in order), titles=strata,
            ),
            column(
                "n_named", "count", say("Open claims that it is named for."),
                (named[_key(row)] for row in order),
            ),
            *(
                column(name, "count", say(meaning), (row[name] for row in order))
                for name, meaning in CELLS.items()
            ),
            *_gain_columns([gains.get(_key(row), NO_GAIN) for row in order]),
            column(
                "is_thin", "flag", say("too few past claims in one of the four cells"),
                (_key(row) not in gains for row in order),
            ),
        )
    )  # fmt: skip


def _headline(rows: Sequence[Mapping[str, Any]], gains: Mapping[Key, Gain]) -> str:
    """How many open claims lack a kind that clearly went with wins; and the next that is due."""
    if not rows:
        return say("0 claims are open.")
    planned = [row for row in rows if row["kind"]]
    clear = [row for row in planned if _is_clear(gains[_key(row)])]
    clauses = [
        say(
            "{clear} of {total} open claims lack a kind of evidence that clearly went with more "
            "wins within their program and reason (q < {q})",
            clear=len(clear), total=len(rows), q=SIGNIFICANT,
        ),
        say(
            "for {chance} others the gain seen may be chance, and {none} have no plan",
            chance=len(planned) - len(clear), none=len(rows) - len(planned),
        ),
    ]  # fmt: skip
    return sentence([*clauses, *next_deadline(rows)])


def _to_do(rows: Sequence[Mapping[str, Any]], gains: Mapping[Key, Gain]) -> Iterator[str]:
    """What is due within a week, and the claims that lack what clearly went with wins."""
    yield from due_soon(rows)
    yield from overdue(rows)
    if clear := sum(bool(row["kind"]) and _is_clear(gains[_key(row)]) for row in rows):
        yield say_n(
            "{n} open claim lacks a kind of evidence that clearly went with more wins: the table "
            "names it.",
            "{n} open claims lack a kind of evidence that clearly went with more wins: the table "
            "names it.",
            clear,
        )


def _is_clear(gain: Gain) -> bool:
    return gain.q_value < SIGNIFICANT and gain.lower > 0


def _chart(comparisons: Table) -> dict[str, Any]:
    """The comparisons behind the plan, those named for no open claim left out."""
    n_named = sum(n > 0 for n in comparisons["n_named"])
    shown = Table(tuple(replace(c, values=c.values[:n_named]) for c in comparisons.columns))
    return forest_plot(
        shown.column("kind"),
        shown.column("gain_points"),
        shown.column("gain_lower"),
        shown.column("gain_upper"),
        size=shown.column("n_named"),
        beneath=shown.column("stratum"),
        x_title=say("Share won with minus without (points); n: open claims that it is named for"),
    )


def _caveats(
    book: Book,
    rows: Sequence[Mapping[str, Any]],
    gains: Mapping[Key, Gain],
    fewest: int,
) -> Iterator[str]:
    for why, reason in REFUSALS.items():
        if refused := [row for row in rows if row["refused_why"] == why]:
            yield say_n(
                "{n} claim has no plan ({why}): {reason}.",
                "{n} claims have no plan ({why}): {reason}.",
                len(refused),
                why=say(why),
                reason=say(reason, fewest=fewest, strata=_strata(refused)),
            )
    if rows and gains:
        yield say_n(
            "{n} comparison was made among past claims, {clear} with a clear gain (q < {q}); the "
            "largest of several gains is too large on average.",
            "{n} comparisons were made among past claims, {clear} with a clear gain (q < {q}); the "
            "largest of several gains is too large on average.",
            len(gains),
            clear=sum(_is_clear(gain) for gain in gains.values()),
            q=SIGNIFICANT,
        )
    yield from deadline_caveats(book, rows)


def _strata(rows: Sequence[Mapping[str, Any]]) -> str:
    """The programs and reasons of claims, one after another."""
    return listed(
        say("{reason} ({program})", reason=title("reason", reason), program=title("program", own))
        for own, reason in sorted({(row["program"], row["reason"]) for row in rows})
    )
