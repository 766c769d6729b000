"""What a sheet of unknown columns holds: its header, and what each column's values look like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from claimstats.book import Book
from claimstats.errors import FileRefused
from claimstats.loaders.containers import find_header, parts_of, records_of
from claimstats.loaders.mapping import named_apart
from claimstats.loaders.personal import what_it_tells
from claimstats.loaders.reading import Reading
from claimstats.loaders.sources import Source, find_files, shown, unpacked
from claimstats.loaders.spec import normal_name
from claimstats.loaders.synonyms import is_known, synonyms
from claimstats.loaders.text import Dialect

ROWS_A_BATCH = 20_000
MOST_WORDS = 60
"""A column with more different values is no vocabulary that a person would go through."""
MOST_COLUMNS = 1_000
LONGEST_NAME = 120

IN_DOUBT = frozenset({"client"})
"""A buyer in French; in English whom an agency serves, by which its tracker is split.

A load keeps such a column. A proposal leaves it out, for there a person reads it and decides.
"""

FACTS = {
    "n_orders": "regexp_full_match(v, '\\d{3}-\\d{7}-\\d{7}')",
    "n_plain_days": "coalesce(parse_plain_time(v), parse_plain_time(plain_day(v))) IS NOT NULL",
    "n_in_figures": "is_in_figures(v)",
    "n_only_dmy": "day_in_order(v, 'dmy') IS NOT NULL AND day_in_order(v, 'mdy') IS NULL",
    "n_only_mdy": "day_in_order(v, 'mdy') IS NOT NULL AND day_in_order(v, 'dmy') IS NULL",
    "n_amounts": "regexp_full_match(amount, '[+-]?\\d[\\d.,]*')",
    "n_comma": "decimal_shown(amount) = ','",
    "n_point": "decimal_shown(amount) = '.'",
    "n_comma_or_thousands": "regexp_full_match(amount, '[+-]?[1-9]\\d{0,2},\\d{3}')",
    "n_point_or_thousands": "regexp_full_match(amount, '[+-]?[1-9]\\d{0,2}\\.\\d{3}')",
    "n_codes": "regexp_full_match(v, '[A-Z]{3}')",
    "n_mails": "v LIKE '%@%.%'",
}
"""What is counted among a column's values: `v` as it stands, `amount` without a currency's sign."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    name
        Its header, told apart from others.
    n_filled
        Its values, blank ones aside.
    n_distinct
        Its different values.
    facts
        How many values look like something, as counted by FACTS.
    words
        Its different values with their counts, the most frequent first; none where they are many.
    signs
        The signs of currency beside its values.
    blanks
        The values that say that nothing is known.
    """

    name: str
    n_filled: int
    n_distinct: int
    facts: dict[str, int]
    words: dict[str, int]
    signs: tuple[str, ...]
    blanks: tuple[str, ...]

    @property
    def is_personal(self) -> bool:
        """Whether its header or its values seem to name a person."""
        is_told = what_it_tells(self.name) is not None or normal_name(self.name) in IN_DOUBT
        return is_told or 2 * self.facts["n_mails"] > self.n_filled > 0

    def share(self, *facts: str) -> float:
        """The share of the filled values that look like one of `facts`."""
        return sum(self.facts[name] for name in facts) / self.n_filled if self.n_filled else 0.0


@dataclass(frozen=True)
class Sheet:
    """A sheet surveyed: its file's name, its columns, its rows whole and broken."""

    name: str
    columns: tuple[Column, ...]
    n_rows: int
    n_broken: int


def survey(book: Book, path: str | Path) -> Sheet:
    """Survey the sheet in a file, by the rules and macros of `book`.

    Raises
    ------
    FileRefused
        The file cannot be read, holds no header, or several files.
    """
    (found,) = find_files([path]) if not Path(path).is_dir() else (None,)
    if found is None:
        raise FileRefused("is a folder; a mapping is for one sheet.", shown(path))
    with unpacked(found) as sources:
        if len(sources) != 1:
            raise FileRefused("holds several files; a mapping is for one sheet.", shown(path))
        with closing(parts_of(sources[0], lambda _: False)) as parts:
            source = next(parts)
            dialect = _dialect(source)
            n_rows, n_broken = _fill(book, source, dialect)
        names = named_apart(dialect.header)
        columns = tuple(_column(book, place, name) for place, name in enumerate(names))
        return Sheet(source.name, columns, n_rows, n_broken)


def _dialect(source: Source) -> Dialect:
    best: list[str] = []
    score = (0, 0)

    def compare(names: list[str]) -> bool:
        nonlocal best, score
        if (of_these := _likeness(names)) > score:
            best, score = names, of_these
        return False

    find_header(source, Reading(), compare)
    dialect = find_header(source, Reading(), lambda names: names == best) if best else None
    if dialect is None:
        raise FileRefused("has no line that could be a header.", source.path)
    if len(dialect.header) > MOST_COLUMNS:
        raise FileRefused(
            f"has {len(dialect.header):,} columns; a sheet with more than {MOST_COLUMNS:,} is no "
            "tracker.",
            source.path,
            dialect.header_line,
        )
    return dialect


def _likeness(names: list[str]) -> tuple[int, int]:
    """How much a line looks like a header: names that are known, names at all."""
    short = {name for name in islice(names, MOST_COLUMNS) if 0 < len(name) <= LONGEST_NAME}
    return sum(map(is_known, short)), len(short)


def _fill(book: Book, source: Source, dialect: Dialect) -> tuple[int, int]:
    """Fill the temporary table ``sheet``; the numbers of whole and of broken records."""
    names = [f"c{place}" for place in range(len(dialect.header))]
    columns = ", ".join(f"{name} VARCHAR" for name in names)
    book.execute(f"CREATE OR REPLACE TEMP TABLE sheet ({columns})")
    n_rows = n_broken = 0
    for batch in _batches(source, dialect):
        whole = [values for values in batch if values]
        n_broken += len(batch) - len(whole)
        n_rows += len(whole)
        if whole:
            by_column = zip(*whole, strict=True)
            table = pa.table(
                {n: pa.array(v, pa.string()) for n, v in zip(names, by_column, strict=True)}
            )
            book.connection.register("arrow_batch", table)
            book.execute("INSERT INTO sheet SELECT * FROM arrow_batch")
            book.connection.unregister("arrow_batch")
    return n_rows, n_broken


def _batches(source: Source, dialect: Dialect) -> Iterator[list[list[str]]]:
    """The values of the records, none for a broken one; blank lines are passed over."""
    found = (r.values for r in records_of(source, dialect, ()) if r.values or r.problem)
    while batch := list(islice(found, ROWS_A_BATCH)):
        yield batch


def _column(book: Book, place: int, name: str) -> Column:
    book.execute(
        "CREATE OR REPLACE TEMP TABLE cells AS "
        "SELECT v, count(*) AS n, plain_number(CASE WHEN sign_in(v) IS NULL "
        "THEN without_apostrophes(v) ELSE without_sign(v) END) AS amount, "
        "lower(v) IN (SELECT unnest($1)) AS is_blank "
        f"FROM (SELECT bare(c{place}) AS v FROM sheet) WHERE v IS NOT NULL GROUP BY v",
        [sorted(synonyms().blank)],
    )
    counted = ", ".join(
        f"coalesce(sum(n) FILTER (WHERE {fact}), 0) AS {name}" for name, fact in FACTS.items()
    )
    row = book.rows(
        "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) AS n_filled, count(*) AS n_distinct, "
        f"{counted} FROM cells WHERE NOT is_blank"
    )[0]
    blanks = book.columns("SELECT v FROM cells WHERE is_blank ORDER BY v")["v"]
    signs = book.columns(
        "SELECT DISTINCT sign_in(v) AS sign FROM cells WHERE NOT is_blank "
        "AND sign_in(v) IS NOT NULL ORDER BY sign LIMIT 10"
    )["sign"]
    return Column(
        name, row["n_filled"], row["n_distinct"], {fact: int(row[fact]) for fact in FACTS},
        _words(book, row["n_distinct"]), tuple(signs), tuple(blanks),
    )  # fmt: skip


def _words(book: Book, n_distinct: int) -> dict[str, int]:
    if n_distinct > MOST_WORDS:
        return {}
    found: list[dict[str, Any]] = book.rows(
        "SELECT v, n FROM cells WHERE NOT is_blank ORDER BY n DESC, v"
    )
    return {row["v"]: row["n"] for row in found}
