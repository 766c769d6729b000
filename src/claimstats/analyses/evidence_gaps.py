"""How complete evidence is when a claim is filed, and which demanded kind is missing most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from claimstats.analyses._columns import (
    column,
    interval_columns,
    key_number,
    limit_columns,
    plain,
)
from claimstats.analyses._grouping import call, check_cutoff, check_level, grouped, source_caveats
from claimstats.book import Book
from claimstats.charts import interval_plot
from claimstats.finding import Column, Finding, KeyNumber, Method, Table, show_value
from claimstats.language import later, say, say_n, sentence
from claimstats.stats.means import Mean, bounded_mean
from claimstats.stats.proportions import wilson
from claimstats.titles import title, titles

STATES = {"decided": later("decided"), "open": later("open")}

SMALL_BELOW = 10
"""Claims below which a share is marked as small, and is not drawn nor in the headline."""

COUNTS = {
    "n_claims": later(
        "Claims whose reason demands the kind: known, unknown, and the two without record."
    ),
    "n_known": later("Of these, known to have been filed with or without the kind."),
    "n_lacking": later("Of n_known, filed without the kind."),
    "n_unknown": later("Of n_claims, with the kind recorded, at an unknown time."),
    "n_none_at_filing": later(
        "Of n_claims, with evidence recorded, none of it known to be the filing's."
    ),
    "n_without_evidence": later("Of n_claims, without any evidence recorded."),
}

PLACES = {
    "program": later("The claim program."),
    "reason": later("The claims' reason."),
    "state": later("decided or open at the cut-off."),
    "kind": later("A kind of evidence that the reason demands."),
}

FATES = {
    "unknown": later("Of n_claims, with a demanded kind recorded at an unknown time."),
    "none_at_filing": COUNTS["n_none_at_filing"],
    "without_evidence": COUNTS["n_without_evidence"],
}

KINDS_KNOWN = {
    "": later("Decided claims with the kind known."),
    "open_": later("Open claims with the kind known."),
}
KINDS_LACKING = {
    "": later("Share of decided claims filed without the kind; none of fewer than {n}."),
    "open_": later("Share of open claims filed without the kind; none of fewer than {n}."),
}
"""Columns over all programs and reasons, by what the names of a state's columns begin with."""

METHOD = Method(
    definition=later(
        "lacking_rate is the share of claims filed without a kind of evidence that their reason "
        "demands. completeness_rate is the mean over claims of the share of the demanded kinds "
        "that went with the filing; complete_rate is the share of claims filed with all of them. "
        "What a reason demands stands in the table evidence_requirements; for a claim of the "
        "buyer, the seller's filing is the first answer."
    ),
    denominator=later(
        "Claims filed by the cut-off whose reason demands a kind, with at least one piece known to "
        "have gone with the filing, and the kind known to have been among them or not. Decided and "
        "open claims stand apart."
    ),
    exclusions=later(
        "Unknown is not absent: claims without any evidence recorded, claims of which only later "
        "pieces are recorded, and kinds recorded at an unknown time are counted apart. Evidence "
        "sent later does not make a filing complete. Claims withdrawn, settled, of unknown outcome "
        "or known from approvals only, and reasons that demand nothing, are in no row."
    ),
    interval=later(
        "Wilson's score interval for the shares of claims; for the mean of shares the same with "
        "their sum for the successes, which is wider than need be."
    ),
    literature=(
        "Wilson EB (1927), J Am Stat Assoc 22:209-212, "
        "https://doi.org/10.1080/01621459.1927.10502953",
        "Bhatia R, Davis C (2000), Am Math Monthly 107:353-357, "
        "https://doi.org/10.1080/00029890.2000.12005203",
    ),
)


def evidence_gaps(book: Book, *, as_of: datetime | None = None, level: float = 0.95) -> Finding:
    """Count how many claims are filed without a kind of evidence that their reason demands.

    Answers: how complete is our evidence when we file, and what is missing most?

    Parameters
    ----------
    book
        An open book.
    as_of
        The cut-off (UTC): claims filed later are left out, decisions made later count as open. The
        book's own, the time of its latest event, unless given.
    level
        Confidence level of the intervals.

    Returns
    -------
    Finding
        One row per ``program``, ``reason``, ``state`` (decided, open) and demanded ``kind``:
        ``n_claims`` = ``n_known`` + ``n_unknown`` + ``n_none_at_filing`` +
        ``n_without_evidence``; ``n_lacking``; ``lacking_rate``, ``lower``, ``upper`` (0 to 1, of
        ``n_known``); ``is_small``. The detail ``completeness`` has the mean share of the demanded
        kinds that were there, and the share of claims that had all, by program, reason and state;
        the detail ``kinds`` has each kind over all programs and reasons.

    Raises
    ------
    ParameterError
        The cut-off is no point in time.

    Notes
    -----
    A record is only as good as the tracker: a piece that was sent but not written down counts as
    lacking once any other piece of that filing is recorded. What lacks need not have cost the
    claim; that is another question (:func:`evidence_quality`). At a cut-off before the book's own,
    evidence counts as it is recorded today.

    References
    ----------
    Wilson EB (1927), https://doi.org/10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> import claimstats
    >>> with claimstats.open_book() as book:
    ...     finding = claimstats.evidence_gaps(book)
    >>> finding.detail("kinds").select("kind", "n_known", "n_lacking").row(0)
    ('photo_item', 258, 99)
    """
    check_level("evidence_gaps", level)
    as_of = check_cutoff("evidence_gaps", as_of)
    sql = call("evidence_gaps", cutoff=as_of)
    rows = book.rows(sql)
    filings = book.rows(call("evidence_completeness_counts", cutoff=as_of))
    kinds = _kinds(rows, level)
    cutoff = as_of or book.as_of
    return Finding(
        name="evidence_gaps",
        question=say("How complete is our evidence when we file, and what is missing most?"),
        headline=_headline(filings, kinds, level),
        summary=_table(rows, level),
        chart=_chart(kinds),
        sql=sql,
        method=METHOD.said(),
        caveats=(
            *_caveats(book.rows(call("evidence_gaps_set_aside", cutoff=as_of))[0], rows, filings),
            *source_caveats(book, cutoff),
        ),
        parameters={"level": level},
        as_of=cutoff,
        details={"completeness": _completeness(filings, level), "kinds": kinds},
        key_numbers=tuple(_key_numbers(filings, level)),
    )


def _table(rows: Sequence[Mapping[str, Any]], level: float) -> Table:
    known = [row["n_known"] for row in rows]
    return Table(
        (
            *(_place(name, _of(rows, name)) for name in PLACES),
            *(column(name, "count", say(text), _of(rows, name)) for name, text in COUNTS.items()),
            *_shares(
                ("lacking_rate", "lower", "upper"),
                say("Share of n_known filed without the kind."),
                list(_of(rows, "n_lacking")),
                known,
                level,
            ),
            _is_small(known),
        )
    )


def _of(rows: Iterable[Mapping[str, Any]], name: str) -> Iterator[Any]:
    return (row[name] for row in rows)


def _place(name: str, values: Iterable[str]) -> Column:
    """Where claims stand: their program, reason or state, or a kind of evidence."""
    shown = (
        {state: say(text) for state, text in STATES.items()} if name == "state" else titles(name)
    )
    return column(name, "text", say(PLACES[name]), values, titles=shown)


def _shares(
    names: tuple[str, str, str], meaning: str, part: list[int], whole: list[int], level: float
) -> list[Column]:
    limits = wilson(part, whole, level)
    shares = np.divide(part, whole, out=np.full(len(part), np.nan), where=np.array(whole) > 0)
    return limit_columns(names, "share", meaning, shares, limits.lower, limits.upper)


def _is_small(known: Iterable[int]) -> Column:
    few = say("fewer than {n} known", n=SMALL_BELOW)
    return column("is_small", "flag", few, (n < SMALL_BELOW for n in known))


def _kinds(rows: Sequence[Mapping[str, Any]], level: float) -> Table:
    """Each demanded kind over all programs and reasons, the one missing most often first."""
    total = {
        key: (sum(_of(own, "n_known")), sum(_of(own, "n_lacking")))
        for key, own in grouped(rows, "kind", "state").items()
    }
    decided, still_open = (
        {kind: total.get((kind, state), (0, 0)) for kind, _ in total} for state in STATES
    )
    order = sorted(decided, key=lambda kind: (-decided[kind][1], kind))
    return Table(
        (
            column(
                "kind",
                "text",
                say("A kind of evidence that a reason demands."),
                order,
                titles=titles("kind"),
            ),
            *_kind_columns("", [decided[kind] for kind in order], level),
            *_kind_columns("open_", [still_open[kind] for kind in order], level),
        )
    )


def _kind_columns(prefix: str, counts: Sequence[tuple[int, int]], level: float) -> Iterator[Column]:
    """Counts and share of one state; no share of few claims."""
    known, lacking = ([pair[place] for pair in counts] for place in (0, 1))
    yield column(f"{prefix}n_known", "count", say(KINDS_KNOWN[prefix]), known)
    yield column(f"{prefix}n_lacking", "count", say("Of these, filed without it."), lacking)
    shown = [(n, k) if n >= SMALL_BELOW else (0, 0) for n, k in counts]
    yield from _shares(
        (f"{prefix}lacking_rate", f"{prefix}lower", f"{prefix}upper"),
        say(KINDS_LACKING[prefix], n=SMALL_BELOW),
        [k for _, k in shown],
        [n for n, _ in shown],
        level,
    )


def _completeness(filings: Sequence[Mapping[str, Any]], level: float) -> Table:
    """How complete filings were: one row per program, reason and state."""
    groups = grouped(filings, "state", "program", "reason")
    order = sorted(groups, key=lambda key: (key[0], -_n(groups[key]), key))
    known = [_known(groups[key]) for key in order]
    n_known = [_n(rows) for rows in known]
    complete = [_n(row for row in rows if row["completeness"] == 1) for rows in known]
    keys = (("program", 1), ("reason", 2), ("state", 0))
    return Table(
        (
            *(_place(name, (key[k] for key in order)) for name, k in keys),
            column("n_claims", "count", say("Claims."), (_n(groups[key]) for key in order)),
            column("n_known", "count", say("Of these, with every demanded kind known."), n_known),
            *(
                column(f"n_{fate}", "count", say(text), (_n_of(groups[key], fate) for key in order))
                for fate, text in FATES.items()
            ),
            *interval_columns(
                ("completeness_rate", "completeness_lower", "completeness_upper"),
                "share",
                say("mean share of the demanded kinds that went with the filing."),
                (_mean(rows, level) for rows in known),
            ),
            column(
                "n_complete",
                "count",
                say("Of n_known, filed with every demanded kind."),
                complete,
            ),
            *_shares(
                ("complete_rate", "complete_lower", "complete_upper"),
                say("Share of n_known filed with every demanded kind."),
                complete,
                n_known,
                level,
            ),
            _is_small(n_known),
        )
    )


def _n_of(filings: Iterable[Mapping[str, Any]], fate: str) -> int:
    """Claims of one record; unknown are those recorded whose completeness nobody can tell."""
    if fate == "unknown":
        return _n(r for r in filings if r["record"] == "recorded" and r["completeness"] is None)
    return _n(row for row in filings if row["record"] == fate)


def _n(rows: Iterable[Mapping[str, Any]]) -> int:
    return sum(_of(rows, "n_claims"))


def _known(filings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The filings on record of which it is known whether each demanded kind was there."""
    return [r for r in filings if r["record"] == "recorded" and r["completeness"] is not None]


def _mean(known: Sequence[Mapping[str, Any]], level: float) -> Mean:
    return bounded_mean(list(_of(known, "completeness")), list(_of(known, "n_claims")), level)


def _headline(filings: Sequence[Mapping[str, Any]], kinds: Table, level: float) -> str:
    """The mean completeness of decided claims, and the demanded kind that most of them lacked."""
    known = _known(row for row in filings if row["state"] == "decided")
    mean = _mean(known, level)
    n_open = _n(row for row in filings if row["state"] == "open")
    if not mean.n:
        nothing = say(
            "0 decided claims have on record which of the demanded kinds of evidence they were "
            "filed with ({open} open, counted apart)",
            open=n_open,
        )
        return sentence([nothing])
    if mean.n < SMALL_BELOW:
        few = say_n(
            "{n} filing is on record of decided claims, too few for a share ({open} open, counted "
            "apart)",
            "{n} filings are on record of decided claims, too few for a share ({open} open, "
            "counted apart)",
            mean.n,
            open=n_open,
        )
        return sentence([few, _worst(kinds)])
    value, lower, upper = (show_value(x, "share") for x in (mean.value, mean.lower, mean.upper))
    complete = say(
        "{share} of the demanded kinds of evidence went with the filing, on average over {n} "
        "decided claims ({level} % interval {lower} to {upper}; {open} open, counted apart)",
        share=value, n=mean.n, level=100 * level, lower=lower, upper=upper, open=n_open,
    )  # fmt: skip
    return sentence([complete, _worst(kinds)])


def _key_numbers(filings: Sequence[Mapping[str, Any]], level: float) -> Iterator[KeyNumber]:
    """The mean completeness of decided claims, where enough are on record."""
    mean = _mean(_known(row for row in filings if row["state"] == "decided"), level)
    if mean.n >= SMALL_BELOW:
        yield key_number(
            say("of the demanded evidence went with the filing"),
            "share",
            mean,
            say("{n} decided claims", n=mean.n),
        )


def _worst(kinds: Table) -> str:
    worst = next(kinds.rows(), None)
    if worst is None or not worst["n_lacking"]:
        return say("no demanded kind was missing")
    told = {
        "kind": title("kind", worst["kind"]),
        "lacking": worst["n_lacking"],
        "known": worst["n_known"],
    }
    if worst["lacking_rate"] is None:
        return say("missing most: {kind}, in {lacking} of {known}", **told)
    rate, lower, upper = (
        show_value(plain(worst[name]), "share") for name in ("lacking_rate", "lower", "upper")
    )
    return say(
        "missing most: {kind}, in {lacking} of {known} ({rate}, {lower} to {upper})",
        **told, rate=rate, lower=lower, upper=upper,
    )  # fmt: skip


def _chart(kinds: Table) -> dict[str, Any]:
    return interval_plot(
        kinds.column("kind"),
        kinds.column("lacking_rate"),
        kinds.column("lower"),
        kinds.column("upper"),
        size=kinds.column("n_known"),
        beside=(
            kinds.column("open_lacking_rate"),
            kinds.column("open_lower"),
            kinds.column("open_upper"),
        ),
        names=(say("decided claims"), say("open claims")),
        x_title=say("Share filed without the kind, of claims whose reason demands it"),
    )


def _caveats(
    aside: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    filings: Sequence[Mapping[str, Any]],
) -> Iterator[str]:
    if n := _n_of(filings, "without_evidence"):
        yield say_n(
            "{n} claim has no evidence recorded: counted apart, since unknown is not absent.",
            "{n} claims have no evidence recorded: counted apart, since unknown is not absent.",
            n,
        )
    if n := _n_of(filings, "none_at_filing"):
        yield say_n(
            "{n} claim has evidence recorded, but none known to have gone with the filing: counted "
            "apart, since what was filed is not known.",
            "{n} claims have evidence recorded, but none known to have gone with the filing: "
            "counted apart, since what was filed is not known.",
            n,
        )
    if n := sum(_of(rows, "n_unknown")):
        yield say_n(
            "{n} kind is recorded at an unknown time: neither there nor lacking.",
            "{n} kinds are recorded at an unknown time: neither there nor lacking.",
            n,
        )
    yield from _in_no_row(aside)
    if n := sum(row["n_known"] < SMALL_BELOW for row in rows):
        yield say_n(
            "{n} row has fewer than {few} claims known: not to be compared.",
            "{n} rows have fewer than {few} claims known: not to be compared.",
            n,
            few=SMALL_BELOW,
        )


def _in_no_row(aside: Mapping[str, Any]) -> Iterator[str]:
    """Claims that no row counts."""
    if n := aside["n_nothing_demanded"]:
        yield say_n(
            "{n} claim has a reason that demands no kind of evidence: in no row.",
            "{n} claims have a reason that demands no kind of evidence: in no row.",
            n,
        )
    if n := aside["n_excluded"]:
        yield say_n(
            "{n} claim is withdrawn, settled, of unknown outcome or known from approvals only: in "
            "no row.",
            "{n} claims are withdrawn, settled, of unknown outcome or known from approvals only: "
            "in no row.",
            n,
        )
