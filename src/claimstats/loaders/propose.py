"""A mapping proposed for a sheet, as a map.toml for a person to read, mend and load by.

What names and values tell plainly is written out with its reason beside it. What could be two
things is a comment to choose from, never a guess. Values are shown of columns with words of ours
only, and of no column that looks personal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from claimstats.book import Book
from claimstats.errors import check_choice
from claimstats.finding import quantity
from claimstats.loaders.mapping import FORMATS, folded, toml_text
from claimstats.loaders.match import Match, match
from claimstats.loaders.own_columns import Column, Sheet, survey
from claimstats.loaders.spec import Export, Field, normal_name
from claimstats.loaders.understand import meanings
from claimstats.loaders.vocabulary import allowed, has_words, rules

AS_COMMENT: dict[str, Any] = {
    "width": 110, "initial_indent": "# ", "subsequent_indent": "#    ",
    "break_long_words": False, "break_on_hyphens": False,
}  # fmt: skip
REASON_COLUMN = 44
"""Where the reasons begin beside the lines."""

WITHOUT_CENTS = frozenset({"JPY", "KRW"})

PROGRAM_NAMES = {
    "safe t": "amazon_safet", "safet": "amazon_safet", "a to z": "amazon_atoz",
    "atoz": "amazon_atoz", "chargeback": "amazon_chargeback", "fba": "amazon_fba_reimbursement",
}  # fmt: skip
"""Names of programs that a file's name or a header may tell."""


@dataclass(frozen=True)
class Proposal:
    """A mapping proposed.

    Parameters
    ----------
    text
        The map.toml.
    open_points
        What a person must decide before the sheet can be loaded whole, a phrase each.
    """

    text: str
    open_points: tuple[str, ...]


def propose_mapping(path: str | Path, format: str | None = None) -> Proposal:  # noqa: A002
    r"""Propose a mapping for a sheet with columns of your own.

    Parameters
    ----------
    path
        The sheet: CSV, tab-separated text or another table that `load` opens.
    format
        What its rows are: ``claims``, ``claim_events`` or ``evidence``; by default what fits best.

    Returns
    -------
    Proposal
        `text` is the map.toml; `open_points` tell what it leaves to you.

    Raises
    ------
    ParameterError
        The format is none of the three.
    FileRefused
        The file cannot be read, or holds no table.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import claimstats
    >>> with TemporaryDirectory() as folder:
    ...     sheet = Path(folder, "safe-t.csv")
    ...     _ = sheet.write_text("Case no,Filed on,Status\nS-1,2026-05-08,Approved\n")
    ...     proposal = claimstats.propose_mapping(sheet)
    >>> 'claim_id = "Case no"' in proposal.text, proposal.open_points
    (True, ())
    """
    if format is not None:
        check_choice("a sheet cannot be mapped to", format, FORMATS)
    with rules() as book:
        sheet = survey(book, path)
        exports = [FORMATS[format]] if format else list(FORMATS.values())
        found = [(export, match(book, sheet, export)) for export in exports]
        export, matched = max(found, key=lambda each: sum(m.is_sure for m in each[1].values()))
        return _Writer(book, sheet, export, matched).proposal()


class _Writer:
    """Writes what was matched as TOML, and notes what it leaves open."""

    def __init__(self, book: Book, sheet: Sheet, export: Export, matched: dict[str, Match]) -> None:
        self._book, self._sheet, self._export, self._matched = book, sheet, export, matched
        self._fields = {field.header: field for field in export.fields}
        self._open: list[str] = []

    def proposal(self) -> Proposal:
        constants = list(self._constants())
        lines = [
            *self._heading(), *self._conventions(), "", "[columns]", *self._columns(),
            *self._unmapped(), "",
            *(["[constants]", *constants, ""] if constants else []), *self._words(),
        ]  # fmt: skip
        return Proposal("\n".join(lines).rstrip("\n") + "\n", tuple(dict.fromkeys(self._open)))

    def _sure(self) -> dict[str, Column]:
        return {ours: m.columns[0] for ours, m in self._matched.items() if m.is_sure}

    def _of_type(self, kind: str) -> list[Column]:
        """The columns that are, or may be, of a type."""
        found = {
            column.name: column
            for ours, m in self._matched.items() if self._fields[ours].type == kind
            for column in m.columns
        }  # fmt: skip
        return list(found.values())

    def _heading(self) -> Iterator[str]:
        yield f"# How claimstats reads {toml_text(self._sheet.name)}: a proposal, for you to mend."
        yield "# Left: the column of claimstats; right: yours. What stands after a # does nothing."
        broken = f", and {self._sheet.n_broken} broken ones" if self._sheet.n_broken else ""
        yield f"# Read for it: {_n_rows(self._sheet.n_rows)}{broken}."
        yield _line(f"format = {toml_text(self._export.name)}", f"one row is {self._export.grain}")

    def _conventions(self) -> Iterator[str]:
        yield from self._dates(self._of_type("time"))
        yield from self._decimal(self._of_type("money"))
        told = [column for found in self._matched.values() for column in found.columns]
        blanks = sorted({each for column in told for each in column.blanks})
        if blanks:
            yield _line(f"blank = {_list(blanks)}", "cells that say nothing is known")
        personal = [column.name for column in self._sheet.columns if column.is_personal]
        if personal:
            yield _line(f"ignored = {_list(personal)}", "look personal: left out")

    def _dates(self, days: list[Column]) -> Iterator[str]:
        n_days = _sum(days, "n_in_figures")
        dmy, mdy = _sum(days, "n_only_dmy"), _sum(days, "n_only_mdy")
        if bool(dmy) != bool(mdy):
            order, told, place = ("dmy", dmy, "first") if dmy else ("mdy", mdy, "second")
            yield _line(
                f'dates = "{order}"',
                f"{told} of {n_days} days in figures have more than 12 in {place} place",
            )
        elif n_days:
            self._open.append('the order of day and month: dates = "dmy" or "mdy"')
            why = (
                f"{dmy} days can only be day first, and {mdy} only month first" if dmy
                else "no day in figures is above 12, so 03/04 may be March or April"
            )  # fmt: skip
            yield f"# {why}; choose:"
            yield _line('# dates = "dmy"', "day first")
            yield _line('# dates = "mdy"', "month first")

    def _decimal(self, amounts: list[Column]) -> Iterator[str]:
        comma, point = (_sum(amounts, fact) for fact in ("n_comma", "n_point"))
        before_three = _sum(amounts, "n_comma_or_thousands"), _sum(amounts, "n_point_or_thousands")
        if bool(comma) != bool(point):
            mark, name = (",", "comma") if comma else (".", "point")
            yield _line(f'decimal = "{mark}"', f"{comma or point} amounts show a decimal {name}")
        elif not comma and bool(before_three[0]) != bool(before_three[1]) and self._has_no_cents():
            mark, name = (".", "comma") if before_three[0] else (",", "point")
            yield _line(f'decimal = "{mark}"', f"a {name} divides thousands: there are no cents")
        elif comma or any(before_three):
            self._open.append('the sign before the cents: decimal = "," or "."')
            yield (
                f"# {comma} amounts show a decimal comma and {point} a decimal point; choose:"
                if comma else "# a sign before three figures may divide thousands or cents; choose:"
            )  # fmt: skip
            yield '# decimal = ","'
            yield '# decimal = "."'

    def _has_no_cents(self) -> bool:
        """Whether all amounts are of a currency without cents."""
        column = self._sure().get("currency")
        words = {word.upper() for word in column.words} if column else set()
        return bool(words) and words <= WITHOUT_CENTS

    def _columns(self) -> Iterator[str]:
        needed = self._needed()
        for ours, found in self._matched.items():
            mark = "" if found.is_sure else "# "
            if not found.is_sure:
                listed = " or ".join(toml_text(column.name) for column in found.columns)
                one = len(found.columns) == 1
                self._open.append(
                    f"whether {ours} is {listed}" if one else f"which of {listed} is {ours}"
                )
            for column, why in zip(found.columns, found.why, strict=True):
                told = why + self._repeats(ours, column)
                yield _line(f"{mark}{ours} = {toml_text(column.name)}", told)
        yield from self._claim_id_by_order(needed)

    def _needed(self) -> list[Field]:
        names = {f.name for f in self._export.fields if f.required} | set(self._export.signature)
        return [f for f in self._export.fields if f.name in names and f.type != "time"]

    def _repeats(self, ours: str, column: Column) -> str:
        n_more = column.n_filled - column.n_distinct
        if ours != "claim_id" or self._export.name != "claims" or not n_more:
            return ""
        return f"; {quantity(n_more, 'row repeats')} an id: the last row of each counts"

    def _claim_id_by_order(self, needed: list[Field]) -> Iterator[str]:
        missing = {field.header for field in needed} - set(self._matched)
        for ours in sorted(missing & {"claim_id", "outcome"}):
            self._open.append(f"the column of {ours}")
        if "claim_id" in missing:
            order = self._sure().get("order_id")
            theirs = toml_text(order.name) if order else '"..."'
            why = "no column is named for the claim's id"
            yield _line(
                f"# claim_id = {theirs}",
                why + ("; the order's will do if no order has two claims" if order else ""),
            )
        if "outcome" in missing:
            yield _line('# outcome = "..."', "no column is named for the claim's state")

    def _unmapped(self) -> Iterator[str]:
        shown = {column.name for m in self._matched.values() for column in m.columns}
        left = [c for c in self._sheet.columns if c.name not in shown and not c.is_personal]
        if left:
            yield "# Not mapped; kept beside the claim under their own names:"
        for column in left:
            yield f"#   {toml_text(column.name)}{_kind(column)}"

    def _constants(self) -> Iterator[str]:
        needed = [field.header for field in self._needed() if field.header not in self._matched]
        for ours in (each for each in needed if each not in ("claim_id", "outcome")):
            told = self._program_told() if ours == "program" else None
            if told:
                yield _line(
                    f"program = {toml_text(told[0])}", f"the name {toml_text(told[1])} says so"
                )
            else:
                self._open.append(f"the {ours} of all rows")
                yield _line(f'{ours} = ""', f"say which: {allowed(self._fields[ours])}")
        yield from self._currency()
        if "marketplace" in self._fields and "marketplace" not in self._matched:
            yield _line('# marketplace = "US"', "if all rows are of one marketplace")

    def _program_told(self) -> tuple[str, str] | None:
        names = [self._sheet.name, *(column.name for column in self._sheet.columns)]
        found = {
            program: name
            for name in reversed(names)
            for word, program in PROGRAM_NAMES.items()
            if f" {word} " in f" {normal_name(name)} "
        }
        return next(iter(found.items())) if len(found) == 1 else None

    def _currency(self) -> Iterator[str]:
        amounts = self._of_type("money")
        if not amounts or "currency" in self._matched:
            return
        signs = sorted({sign for column in amounts for sign in column.signs})
        if not signs:
            yield self._currency_named(amounts)
            return
        codes = set.intersection(*(self._codes(sign) for sign in signs))
        if len(codes) == 1:
            yield _line(f'currency = "{codes.pop()}"', f"amounts carry {' and '.join(signs)}")
            return
        self._open.append("the currency of the amounts")
        listed = ", ".join(sorted(codes)) or "several; rows of another currency are rejected"
        told = " and ".join(toml_text(sign) for sign in signs)
        yield _line('currency = ""', f"say which: amounts carry {told}, which may be {listed}")

    def _currency_named(self, amounts: list[Column]) -> str:
        """The currency that the names of the columns of amounts tell, as in ``Betrag EUR``."""
        known = {row["currency"] for row in self._book.rows("FROM currency_signs")}
        words = {word.upper() for c in amounts for word in normal_name(c.name).strip("()").split()}
        if len(told := words & known) == 1:
            return _line(f'currency = "{told.pop()}"', "the amounts' column is named so")
        self._open.append("the currency of the amounts")
        return _line('# currency = "USD"', "if all amounts are of one currency")

    def _codes(self, sign: str) -> set[str]:
        found = self._book.columns(
            "SELECT currency FROM currency_signs WHERE upper(sign) = $1 "
            "UNION SELECT $1 WHERE regexp_full_match($1, '[A-Z]{3}')", [sign],
        )  # fmt: skip
        return set(found["currency"])

    def _words(self) -> Iterator[str]:
        for ours, column in self._sure().items():
            if has_words(self._fields[ours]):
                yield from self._words_of(self._fields[ours], column)

    def _words_of(self, field: Field, column: Column) -> Iterator[str]:
        meant = meanings(self._book, field, column)
        if not meant or all(_needs_no_word(field, word, ours) for word, ours in meant.items()):
            if not column.words and column.n_filled:
                yield f"# {field.header}: too many words to list; a load tells the unknown."
            return
        yield f"[values.{field.header}]"
        yield from wrap(f"yours = ours; ours: {allowed(field)}", **AS_COMMENT)
        seen: set[str] = set()
        for word, ours in meant.items():
            if folded(word) in seen:
                continue
            seen.add(folded(word))
            told = _n_rows(column.words[word])
            if ours is None:
                self._open.append(f"what {toml_text(word)} means in {field.header}")
                told += "; not understood: write one of ours, or leave it raw"
            yield _line(f"{toml_text(word)} = {toml_text(ours or '')}", told)
        n_blank = self._sheet.n_rows - column.n_filled
        if n_blank and field.header == "outcome":
            yield _line('# "" = "pending"', f"blank: {_n_rows(n_blank)}; if a blank means open")
        yield ""


def _needs_no_word(field: Field, word: str, ours: str | None) -> bool:
    """Whether a load understands the word without a mapping."""
    return word == ours or (field.type in ("boolean", "currency") and word.lower() in (
        "yes", "no", "y", "n", "1", "0", "true", "false", (ours or "").lower()
    ))  # fmt: skip


def _n_rows(n: int) -> str:
    return f"{n} row" if n == 1 else f"{n} rows"


def _sum(columns: list[Column], fact: str) -> int:
    return sum(column.facts[fact] for column in columns)


def _kind(column: Column) -> str:
    if not column.n_filled:
        return " (empty)"
    if column.share("n_plain_days", "n_in_figures") >= 0.5:
        return " (days)"
    return " (numbers)" if column.share("n_amounts") >= 0.5 else ""


def _line(said: str, why: str) -> str:
    return f"{said:<{REASON_COLUMN}}  # {why}"


def _list(texts: list[str]) -> str:
    return "[" + ", ".join(map(toml_text, texts)) + "]"
