"""A mapping made an export: the tracker it maps to, read from a sheet with headers of its own.

The words, days and amounts of the sheet are brought into the tracker's form while they are text, by
rules that leave alone what they do not know; then come the checks that every export goes through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from claimstats import sql
from claimstats.book import Book
from claimstats.loaders.mapping import (
    FORMATS,
    Mapping,
    named_apart,
    read_mapping,
    same_name,
    toml_text,
)
from claimstats.loaders.spec import Export, Field
from claimstats.loaders.text import TOTAL
from claimstats.loaders.vocabulary import allowed

COLUMNS_SHOWN = 30
WORDS_SHOWN = 30
PLAIN = frozenset({"money", "time"})
"""Types whose text is brought into the form that every export's casts read."""

NO_TEXT = ("(blank: ", "(an amount without one)")
"""How the trackers' SQL tells of cells without a text, among the values that no rule knows."""

CORE = ("claim_id", "program", "state_raw", "kind_raw", "type_raw")
"""Columns that a row fills and a title above the header does not."""


@dataclass(frozen=True)
class MappedExport(Export):
    """A tracker whose columns have the headers of a sheet."""

    def columns_of(self, header: Sequence[str]) -> tuple[Field | None, ...]:
        """The field of each column: first by the header as written, then without case and signs."""
        names = named_apart(header)
        found: list[Field | None] = [None] * len(names)
        by_name = {column.header: column for column in self.sought}
        for place, name in enumerate(names):
            found[place] = by_name.pop(name, None)
        for column in by_name.values():
            for place, name in enumerate(names):
                if found[place] is None and same_name(column.header, name):
                    found[place] = column
        return tuple(found)

    @property
    def sought(self) -> tuple[Field, ...]:
        """The fields that the sheet has a column for."""
        return tuple(column for column in self.fields if column.name in self.signature)

    def lacking(self, header: Sequence[str]) -> list[Field]:
        """The fields whose headers a sheet does not have."""
        found = self.columns_of(header)
        return [column for column in self.sought if column not in found]

    def is_mark(self, column: Field) -> bool:
        """Whether a row has the column filled, and a title above the header has not."""
        return column.required or column.name in CORE

    def why_not(self, headers: Sequence[Sequence[str]]) -> str:
        """Why none of the lines of a file is the mapped header, by the line that is nearest."""
        nearest = min(headers, key=lambda names: len(self.lacking(names)), default=[])
        names = [" ".join(name.split()) for name in named_apart(nearest)]
        lacking = self.lacking(nearest)
        told = " and ".join(f"{column.header!r}{_near(column.header, names)}" for column in lacking)
        rest = " ..." if len(names) > COLUMNS_SHOWN else ""
        map_name = self.mapping.rpartition(" ")[0]
        return (
            f"has no column {told}, which {map_name} names; its columns are "
            f"{', '.join(names[:COLUMNS_SHOWN])}{rest}."
        )


def _near(header: str, names: Sequence[str]) -> str:
    near = get_close_matches(header, names, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def mapped_export(mapping: Mapping) -> MappedExport:
    """The export that a mapping makes of the tracker it maps to."""
    base = FORMATS[mapping.format]
    columns, copies = _fields(base, mapping)
    ignored = [
        Field(f"ignored_{k}", header, privacy="personal")
        for k, header in enumerate(mapping.ignored, 1)
    ]
    theirs = set(mapping.columns.values())
    direct = [c.name for c in columns if c.header in theirs and c.name not in copies]
    made: dict[str, Any] = {f.name: getattr(base, f.name) for f in fields(Export)} | {
        "fields": (*columns, *ignored),
        "signature": tuple(direct + [c.name for c in ignored]),
        "decimal": "local",
        "decimal_of": lambda _: mapping.decimal,
        "not_rows": tuple(_not_rows(base, mapping, direct)),
        "mapping": mapping.label,
    }
    export = MappedExport(**made)
    return replace(export, rewrite=_rewrite_sql(export, mapping, copies))


def _fields(base: Export, mapping: Mapping) -> tuple[list[Field], dict[str, str]]:
    """The tracker's fields under the sheet's headers, and those that repeat another's column."""
    made, copies = [], {}
    first: dict[str, str] = {}
    for column in sorted(base.fields, key=lambda c: not c.required):
        theirs = mapping.columns.get(column.header)
        if theirs and theirs in first:
            copies[column.name] = first[theirs]
        elif theirs:
            first[theirs] = column.name
        made.append(replace(column, header=theirs or column.header, aliases=()))
    order = [column.name for column in base.fields]
    return sorted(made, key=lambda c: order.index(c.name)), copies


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _not_rows(base: Export, mapping: Mapping, direct: list[str]) -> Iterator[tuple[str, str]]:
    """Rows of a sheet that are none: totals, the header once more, and such without content."""
    stored = {c.name: mapping.columns.get(c.header, "") for c in base.stored if c.name in direct}
    again = [f"r_{name} = {_text(theirs)}" for name, theirs in stored.items()]
    yield "the header once more", " AND ".join(again)
    yield "rows of totals", _is_total("r_claim_id")
    # A blank cell that the mapping gives a word is no content, but does not look blank any more.
    given = {name for name, words in mapping.words.items() if "" in words}
    told = [f"r_{c.name}" for c in base.stored if c.name in direct and c.header not in given]
    yield "rows without content", f"coalesce({', '.join(told)}) IS NULL"


def _is_total(claim_id: str) -> str:
    return f"regexp_full_match({claim_id}, {_text(TOTAL.pattern)}, 'i')"


def _rewrite_sql(export: MappedExport, mapping: Mapping, copies: dict[str, str]) -> str:
    """The statements that bring the table ``texts`` into the tracker's form."""
    base = {column.name: column.header for column in FORMATS[mapping.format].fields}
    stored = [c for c in export.stored if base[c.name] in mapping.columns]
    copied = [f"{source} AS {name}" for name, source in copies.items()]
    constant = [
        f"{_text(mapping.constants[base[c.name]])} AS {c.name}"
        for c in export.stored if base[c.name] in mapping.constants
    ]  # fmt: skip
    words = {c: mapping.words.get(base[c.name], {}) for c in stored}
    told = [f"{_told_sql(c.name, words[c], mapping.blank)} AS {c.name}" for c in stored]
    plain = [f"{_plain_sql(c, mapping)} AS {c.name}" for c in stored if c.type in PLAIN]
    steps = ([*copied, *constant], [*told, *_kept_words(words)], plain)
    replaced = [_replacing(step) for step in steps if step]
    macros = sql.read("mapped", "claimstats.loaders")
    return "\n".join([macros, *replaced, *_refusals(stored, mapping)])


def _replacing(changed: Sequence[str]) -> str:
    return (
        f"CREATE OR REPLACE TEMP TABLE texts AS SELECT * REPLACE ({', '.join(changed)}) FROM texts;"
    )


def _told_sql(name: str, words: dict[str, str], blank: Sequence[str]) -> str:
    """A cell without blanks around it, its word in ours where the mapping knows it."""
    known = " ".join(
        f"WHEN lower(bare({name})) = lower(bare({_text(word)})) THEN {_text(ours)}"
        for word, ours in words.items() if word
    )  # fmt: skip
    listed = (f"lower(bare({name})) = lower(bare({_text(each)}))" for each in blank)
    empty = [f"bare({name}) IS NULL", *listed]
    nothing = _text(words[""]) if "" in words else "NULL"
    return f"CASE {known} WHEN {' OR '.join(empty)} THEN {nothing} ELSE bare({name}) END"


def _kept_words(words: dict[Field, dict[str, str]]) -> list[str]:
    """The sheet's own words, which ours replace, as they stand: in extra, under their header."""
    kept = [_kept_word(column, words_there) for column, words_there in words.items()]
    kept = [each for each in kept if each]
    if not kept:
        return []
    merged = "coalesce(CAST(extra AS JSON), '{}')"
    for each in kept:
        merged = f"json_merge_patch({merged}, {each})"
    return [f"nullif(CAST({merged} AS VARCHAR), '{{}}') AS extra"]


def _kept_word(column: Field, words: dict[str, str]) -> str:
    known = ", ".join(f"lower(bare({_text(word)}))" for word in words if word)
    if not known:
        return ""
    said = f"CASE WHEN lower(bare({column.name})) IN ({known}) THEN bare({column.name}) END"
    return f"json_object({_text(column.header)}, {said})"


def _plain_sql(column: Field, mapping: Mapping) -> str:
    """An amount without its sign, or a day in figures as an ISO day; others as they are."""
    name = column.name
    if column.type == "time":
        order = mapping.dates or ""
        return f"coalesce(plain_day({name}), day_in_order({name}, '{order}'), {name})"
    return (
        f"CASE WHEN sign_in({name}) IS NULL THEN without_apostrophes({name}) "
        f"WHEN sign_fits(sign_in({name}), currency) THEN without_sign({name}) ELSE {name} END"
    )


def _refusals(stored: Sequence[Field], mapping: Mapping) -> Iterator[str]:
    """Statements that set rows aside which the mapping could make readable, saying how."""
    for column in stored:
        name = column.name
        if column.type == "time" and not mapping.dates:
            told = 'may mean two days; add dates = "dmy" (day first) or "mdy" to the mapping'
            yield _refuse_sql(column, f"is_in_figures({name})", told)
        if column.type == "money":
            signed = f"sign_in({name}) IS NOT NULL AND currency IS"
            told = "carries a sign that is none of the currency of its row"
            yield _refuse_sql(column, f"{signed} NOT NULL", told)
            told = (
                'carries a sign, and its row no currency; [constants] currency = "..." in the '
                "mapping names the one of all rows"
            )
            yield _refuse_sql(column, f"{signed} NULL", told)


def _refuse_sql(column: Field, condition: str, why: str) -> str:
    header = column.header_sql
    return (
        "INSERT INTO rejected BY NAME "
        f"SELECT line_no, '{header}' AS column_name, "
        f"'{header}: ' || chr(34) || left({column.name}, 80) || chr(34) || ' {why}' AS reason "
        f"FROM texts WHERE {condition} AND NOT coalesce({_is_total('claim_id')}, false);"
        "DELETE FROM texts WHERE line_no IN (SELECT line_no FROM rejected);"
    )


def lines_to_add(book: Book, export: MappedExport) -> Iterator[str]:
    """For each column with values in ``unmapped`` the lines that tell a mapping what they mean."""
    found = book.rows(
        "SELECT column_name, value, n_rows FROM unmapped ORDER BY column_name, n_rows DESC, value"
    )
    base = {column.header: column for column in FORMATS[export.name].fields}
    for ours in dict.fromkeys(row["column_name"] for row in found):
        rows = [row for row in found if row["column_name"] == ours]
        is_mapped = base[ours].name in export.signature
        head = f"[values.{ours}]" if is_mapped else "[constants]"
        lines = [_line_to_add(ours, is_mapped, row) for row in rows[:WORDS_SHOWN]]
        more = f"\n    # and {len(rows) - WORDS_SHOWN} more" if len(rows) > WORDS_SHOWN else ""
        yield (
            f"{ours} with values no rule knows, kept raw. Tell what each means in the mapping "
            f"({allowed(base[ours])}):\n    " + "\n    ".join([head, *lines]) + more
        )


def _line_to_add(ours: str, is_mapped: bool, row: dict[str, Any]) -> str:
    is_blank = row["value"].startswith(NO_TEXT)
    key = toml_text("" if is_blank else row["value"]) if is_mapped else ours
    return f'{key} = ""  # {row["n_rows"]} {"row" if row["n_rows"] == 1 else "rows"}'


def mapped_by(path: str | Path) -> MappedExport:
    """The export that the mapping in a file makes of a sheet.

    Raises
    ------
    ParameterError
        The mapping cannot be read, or says what means nothing.
    """
    return mapped_export(read_mapping(path))
