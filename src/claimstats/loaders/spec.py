"""What an export is: its columns, their types, and the SQL that checks and casts them.

An export is described once, as data. From the description follow the recognition of a file by its
header, the checked casts of its text, and the line that `claimstats formats` prints.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

FieldType = Literal[
    "text", "key", "id", "currency", "integer", "minor", "money", "priced", "rating", "ratio",
    "boolean", "time", "word", "choice",
]  # fmt: skip

Privacy = Literal["open", "personal", "buyer_id", "free_text"]
"""What becomes of a column: kept; dropped, for it names or places a person; kept as a keyed hash;
dropped, for no analysis reads what people wrote. Dropped columns are kept in extra on request."""

Decimal = Literal[".", ",", "local"]
"""The sign before the cents in an export's amounts; ``local`` where the marketplace decides."""

Slashes = Literal["", "mdy", "dmy", "d-m-y", "local"]
"""What 03/04/2026 means in an export; empty where such a day is refused, as it means two; ``local``
where other days of the file must show it. ``d-m-y`` refuses it too, and reads 14-05-2026."""

CAST_BY_TYPE: frozenset[FieldType] = frozenset(
    {"currency", "integer", "minor", "money", "priced", "rating", "ratio", "boolean", "time"}
)
"""Types that are cast alike in every column that has them."""

SHORTENED = r"\d([.,]\d+)?[eE]\+\d+"
"""What spreadsheets make of a long number, such as 1.13E+16."""
BY_A_SPREADSHEET = (
    "shortened by a spreadsheet; download the file again, or format the column as text there"
)

SIGNS = re.compile(r"[\s\-_/:.\ufeff\u200b]+")


def normal_name(name: str) -> str:
    """A header name without the differences that mean nothing: case, width, signs, apostrophes.

    Examples
    --------
    >>> normal_name("Order ID"), normal_name("order-id"), normal_name("  A-to-Z Claim ")
    ('order id', 'order id', 'a to z claim')
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("\u2019", "'")
    return SIGNS.sub(" ", folded).strip()


@dataclass(frozen=True)
class Field:
    """One column of an export.

    Parameters
    ----------
    name
        The name in our SQL.
    header
        The name in the file's header, as the venue writes it.
    type
        How its text is checked and cast.
    required
        Whether a row without it is rejected.
    pattern
        For keys: the regular expression a value must match whole.
    example
        For keys: what a value looks like.
    choices
        For choices: the table that tells what each ``word`` means, and the column with its meaning.
    aliases
        Further header names for the same column.
    privacy
        What becomes of it, as it may tell of a person.
    is_event
        Whether its time is something that happened by the time of the export.
    """

    name: str
    header: str
    type: FieldType = "text"
    required: bool = False
    pattern: str = r".+"
    example: str = ""
    choices: str = ""
    aliases: tuple[str, ...] = ()
    privacy: Privacy = "open"
    is_event: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The normalised header names that mean this column."""
        return frozenset(normal_name(name) for name in (self.header, *self.aliases))

    @property
    def header_sql(self) -> str:
        """The header as the inside of an SQL text."""
        return self.header.replace("'", "''")

    @property
    def is_cast_by_type(self) -> bool:
        """Whether its cast is that of all columns of its type."""
        return self.type in CAST_BY_TYPE and self.privacy != "buyer_id"

    def typed_sql(self, raw: str = "") -> str:
        """The column cast from `raw`, by default ``r_<name>``; null when the text is not fit."""
        raw = raw or f"r_{self.name}"
        if self.privacy == "buyer_id":
            return f"buyer_hash({raw})"
        return _TYPED[self.type].format(raw=raw, **self._arguments())

    def fault_sql(self) -> str:
        """True for a row whose text is missing or was refused by the cast."""
        wrong = f"(r_{self.name} IS NOT NULL AND {self.name} IS NULL)"
        return f"(r_{self.name} IS NULL OR {wrong})" if self.required else wrong

    def reason_sql(self) -> str:
        """Why the row is refused, as SQL text."""
        allowed = _ALLOWED[self.type].format(**self._arguments()).replace("'", "''")
        header, found = self.header_sql, f"chr(34) || left(r_{self.name}, 80) || chr(34)"
        if self.privacy != "open":  # nothing of it is told
            found = "'its value'"
        told = f"THEN '{header}: ' || {found}"
        is_shortened = f"WHEN regexp_full_match(r_{self.name}, '{SHORTENED}')"
        return (
            f"CASE WHEN r_{self.name} IS NULL THEN '{header}: is missing' "
            + (f"{is_shortened} {told} || ' was {BY_A_SPREADSHEET}' " if self.type == "key" else "")
            + f"WHEN true {told} || ' is {allowed}' END"
        )

    def _arguments(self) -> dict[str, str]:
        table, _, column = self.choices.partition(".")
        return {
            "pattern": self.pattern, "example": self.example, "table": table, "column": column,
        }  # fmt: skip


PROGRAM = Field(
    "program", "program", "choice", required=True, choices="program_words.program",
    example="amazon_safet, amazon_atoz, amazon_chargeback, amazon_fba_reimbursement, other or one "
    "more of the table programs",
)  # fmt: skip
"""The column by which every tracker names the claim's program."""


@dataclass(frozen=True)
class Export:
    """One kind of file.

    Parameters
    ----------
    name
        The format's name, in the ledger and in ``claimstats formats``.
    title
        What it is called where it is downloaded.
    source
        Where to download it.
    grain
        What one row is.
    fields
        Its columns.
    signature
        The fields whose headers, all present, tell this format.
    targets
        The tables it fills, the counted one first; each from ``incoming_<table>``.
    container
        ``table`` for delimited text and workbooks, ``json`` for a JSON document.
    flatten
        For JSON: the rows of a document, each by the names of the headers; None for another.
    decimal
        The sign before the cents.
    decimal_of
        For ``local`` decimals: the sign that the header's names tell, None where they do not.
    slashes
        The order of day and month in times written with slashes.
    not_rows
        Rows that are none, such as totals: why, and an SQL condition on ``r_<name>`` columns. They
        are counted as ignored for that reason.
    streams_unless
        For exports whose rows fill one table, each by itself: an SQL condition on that table that
        is true for a row which says what no rule maps, or needs more than itself. Files of which
        no row does may be streamed into the table.
    other_records
        First values of records of another kind than the rows, which may have other columns; they
        are counted as ignored.
    blanks
        Texts that stand for no value, such as ``--``.
    checks
        What the columns of a row must not say together: the header to blame, an SQL condition on
        the row that is a fault, and the reason for the refusal.
    keeps_unknown
        Whether columns that the format does not know are kept in extra; not where they may be an
        address under a name in another language.
    tells_states
        Whether it holds states of claims and no decision times: only pull dates bound a decision.
    mapping
        Where a mapping of the user's own columns made it: its file's name and a hash.
    rewrite
        SQL that runs on the text of the columns, table ``texts``, before anything is cast.
    """

    name: str
    title: str
    source: str
    grain: str
    fields: tuple[Field, ...]
    signature: tuple[str, ...]
    targets: tuple[str, ...] = field(default=())
    container: Literal["table", "json"] = "table"
    flatten: Callable[[Any], Iterator[dict[str, str]] | None] | None = None
    decimal: Decimal = "."
    decimal_of: Callable[[Sequence[str]], str | None] | None = None
    slashes: Slashes = ""
    not_rows: tuple[tuple[str, str], ...] = ()
    streams_unless: str = ""
    other_records: frozenset[str] = frozenset()
    blanks: tuple[str, ...] = ()
    checks: tuple[tuple[str, str, str], ...] = ()
    keeps_unknown: bool = True
    tells_states: bool = False
    mapping: str = ""
    rewrite: str = ""

    @cached_property
    def by_header(self) -> dict[str, Field]:
        """Each normalised header name with its field."""
        return {name: column for column in self.fields for name in column.names}

    @property
    def stored(self) -> tuple[Field, ...]:
        """The fields that are kept."""
        return tuple(c for c in self.fields if c.privacy in ("open", "buyer_id"))

    @property
    def events(self) -> tuple[str, ...]:
        """The names of the columns that hold times of what happened."""
        return tuple(c.name for c in self.stored if c.type == "time" and c.is_event)

    def columns_of(self, header: Sequence[str]) -> tuple[Field | None, ...]:
        """For each name of a header the field it means; None where the format knows none."""
        return tuple(self.by_header.get(normal_name(name)) for name in header)

    def is_mark(self, column: Field) -> bool:
        """Whether every row fills the column, by which rows above the header are told."""
        return column.required

    def missing_from(self, names: set[str]) -> list[str]:
        """The headers of the signature that are not among the normalised `names`."""
        columns = {column.name: column for column in self.fields}
        return [columns[name].header for name in self.signature if not columns[name].names & names]


# What most values are comes first, where it is told by less than a pattern.
_TYPED: dict[FieldType, str] = {
    "text": "{raw}",
    "key": "CASE WHEN regexp_full_match({raw}, '{pattern}') THEN {raw} END",
    "id": "CASE WHEN NOT contains({raw}, '+') AND NOT contains({raw}, chr(10)) "
    "AND NOT contains({raw}, chr(13)) THEN {raw} "
    f"WHEN NOT regexp_full_match({{raw}}, '{SHORTENED}|.*[\\r\\n].*', 's') THEN {{raw}} END",
    "currency": "CASE WHEN {raw} IN ('USD', 'EUR', 'GBP', 'CAD', 'JPY') THEN {raw} "
    "WHEN regexp_full_match({raw}, '[A-Za-z]{{3}}') THEN upper({raw}) END",
    "integer": "parse_integer({raw})",
    "minor": "parse_minor({raw})",
    "money": "parse_amount({raw})",
    "priced": "CASE WHEN NOT regexp_matches({raw}, '[\\r\\n]') "
    "THEN parse_amount(unsigned({raw})) END",
    "rating": "parse_rating({raw})",
    "ratio": "parse_ratio({raw})",
    "boolean": "parse_boolean({raw})",
    "time": "parse_time({raw})",
    "word": "plain_word({raw})",
    "choice": "(SELECT w.{column} FROM {table} AS w WHERE w.word = plain_word({raw}))",
}

_ALLOWED: dict[FieldType, str] = {
    "text": "no text",
    "key": "no {example}",
    "id": "no id: a number that a spreadsheet shortened (format the column as text), or two lines",
    "currency": "no currency code like USD",
    "integer": "no whole number",
    "minor": "no amount in minor units, which is a whole number",
    "money": "no amount like 1234.56 (a point before the cents; 12,50 and 1.234 mean two things)",
    "priced": "no amount like 1234.56 or $1,234.56 (12,50 and 1.234 mean two things)",
    "rating": "no rating from 0 to 5",
    "ratio": "no share like 0.0025",
    "boolean": "neither true nor false",
    "time": "no date or time like 2026-05-08, 2026-05-08T23:36:26Z or 8-May-2026",
    "word": "no word",
    "choice": "no {column} that is known; write {example}",
}
