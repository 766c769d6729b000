"""Which column of a sheet is which of a tracker's, by its name and its values.

A column that could be two things, and two columns that could be one thing, are left open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claimstats.book import Book
from claimstats.loaders.own_columns import Column, Sheet
from claimstats.loaders.spec import Export, Field, normal_name
from claimstats.loaders.synonyms import columns_named
from claimstats.loaders.understand import meanings
from claimstats.loaders.vocabulary import words_of

MOST = 0.5
"""The share of a column's values that must look like what its name says."""
NEARLY_ALL = 0.9

BY_VALUES = ("order_id", "currency", "program", "outcome", "marketplace", "kind", "type")
"""Columns that values can tell without a name; a vocabulary by more than one word of it."""
MAIN_DAYS = ("filed_at", "decided_at", "occurred_at", "submitted_at")
"""Days that the analyses need most: where no name tells them, columns of days are offered."""
FREE_WORDS = ("reason", "resolution", "actor")
"""Columns with words that may be many and other than ours."""


@dataclass(frozen=True)
class Match:
    """What may be a column of the tracker.

    Parameters
    ----------
    columns
        The sheet's columns; several where each may be it.
    why
        Why, per column.
    is_sure
        Whether there is one column, and it can be no other of the tracker's.
    """

    columns: tuple[Column, ...]
    why: tuple[str, ...]
    is_sure: bool


@dataclass(frozen=True)
class _Named:
    """A column and those of the tracker's that its name may mean, each with the part that tells."""

    column: Column
    ours: dict[str, str]
    is_whole: bool


def match(book: Book, sheet: Sheet, export: Export) -> dict[str, Match]:
    """For each column of the tracker what may be it in the sheet, where anything may."""
    fields = {field.header: field for field in export.fields}
    open_columns = [column for column in sheet.columns if not column.is_personal]
    named = [found for column in open_columns if (found := _named(book, column, fields))]
    matched = dict(_by_name(named, fields))
    while settled := dict(_by_name(_without_settled(named, matched), fields)):
        news = {ours: m for ours, m in settled.items() if m.is_sure and not _is_sure(matched, ours)}
        if not news:
            break
        matched |= news
    used = {column.name for m in matched.values() for column in m.columns}
    unused = [column for column in open_columns if column.name not in used and column.n_filled]
    for ours in (each for each in BY_VALUES if each in fields and each not in matched):
        if by_values := _by_values(book, fields[ours], unused):
            matched[ours] = by_values
            unused = [column for column in unused if column not in by_values.columns]
    days = [column for column in unused if column.share("n_plain_days", "n_in_figures") >= MOST]
    for ours in (each for each in MAIN_DAYS if days and each in fields and each not in matched):
        matched[ours] = Match(tuple(days), ("it holds days",) * len(days), False)
    return {ours: matched[ours] for ours in fields if ours in matched}


def _is_sure(matched: dict[str, Match], ours: str) -> bool:
    return ours in matched and matched[ours].is_sure


def _named(book: Book, column: Column, fields: dict[str, Field]) -> _Named | None:
    named = columns_named(column.name, fields)
    fitting = {ours: part for ours, part in named.items() if _fits(book, fields[ours], column)}
    if not fitting:
        return None
    is_whole = normal_name(column.name) in fitting.values()
    return _Named(column, fitting, is_whole)


def _fits(book: Book, field: Field, column: Column) -> bool:
    """Whether a column's values can be those of a field; a column without values may be any."""
    if not column.n_filled:
        return True
    days = column.share("n_plain_days", "n_in_figures")
    if field.type == "time":
        return days >= MOST
    if field.type in ("money", "rating"):
        return column.share("n_amounts") >= MOST
    if field.type == "boolean":
        return bool(column.words) and None not in meanings(book, field, column).values()
    if field.header in FREE_WORDS:
        return days < MOST
    if words_of(field) or field.type == "currency":
        return bool(column.words) and days < MOST
    return field.privacy != "open" or days < MOST


def _by_name(named: list[_Named], fields: dict[str, Field]) -> Iterator[tuple[str, Match]]:
    for ours in fields:
        claiming = [each for each in named if ours in each.ours]
        alone = [each for each in claiming if len(each.ours) == 1]
        best = [each for each in alone if each.is_whole] or alone
        is_sure = len(best) == 1
        chosen = best if is_sure else claiming
        if chosen:
            yield (
                ours,
                Match(
                    tuple(each.column for each in chosen),
                    tuple(_why_name(each, ours, fields[ours]) for each in chosen),
                    is_sure,
                ),
            )


def _why_name(named: _Named, ours: str, field: Field) -> str:
    others = [other for other in named.ours if other != ours]
    told = "its name" if named.is_whole else f'its name, which holds "{named.ours[ours]}"'
    if others:
        return f"{told}, which may be {' or '.join(others)} as well"
    return told + _misfits(field, named.column)


def _misfits(field: Field, column: Column) -> str:
    if not column.n_filled:
        return "; it is empty"
    looks = {"time": ("n_plain_days", "n_in_figures"), "money": ("n_amounts",)}.get(field.type)
    if looks is None:
        return ""
    n_other = column.n_filled - sum(column.facts[name] for name in looks)
    kind = "day" if field.type == "time" else "amount"
    return f"; {n_other} of {column.n_filled} values are no {kind}" if n_other else ""


def _without_settled(named: list[_Named], matched: dict[str, Match]) -> list[_Named]:
    """The columns without those meanings that another column has for sure."""
    left = []
    for each in named:
        ours = {
            name: part
            for name, part in each.ours.items()
            if not _is_sure(matched, name) or each.column in matched[name].columns
        }
        if ours:
            left.append(_Named(each.column, ours, each.is_whole))
    return left


def _by_values(book: Book, field: Field, unused: list[Column]) -> Match | None:
    """The columns whose values are all understood; else those of which most are, for a person."""
    understood = [(column, _understood(book, field, column)) for column in unused]
    told = [column for column, share in understood if share == 1]
    likely = told or [column for column, share in understood if share >= MOST]
    if not likely:
        return None
    why = "its values are Amazon order ids" if field.header == "order_id" else "its values"
    if not told:
        why += ", of which most are understood"
    return Match(tuple(likely), (why,) * len(likely), len(told) == 1)


def _understood(book: Book, field: Field, column: Column) -> float:
    """The share of a column's words or values that are a field's."""
    if field.header == "order_id":
        return float(column.share("n_orders") >= NEARLY_ALL)
    if field.header == "marketplace":
        known = [word for word in column.words if word.lower().startswith("amazon.")]
    elif field.type == "currency":
        codes = {row["currency"] for row in book.rows("FROM currency_signs")}
        known = [word for word in column.words if word.upper() in codes]
    else:
        known = [word for word, ours in meanings(book, field, column).items() if ours]
    is_vocabulary = len(column.words) > 1 or field.type == "currency"
    return len(known) / len(column.words) if known and is_vocabulary else 0.0
