"""From records to checked, typed rows: a text stage, casts with a reason for each refusal.

The text of a file goes into a temporary table as it is. SQL then cleans, checks and casts every
column; a row with a fault is set aside whole, with the first offending column and every reason.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from claimstats import sql
from claimstats.book import Book
from claimstats.errors import FileRefused
from claimstats.loaders.asides import ASIDES, HEADER_AGAIN, JOINED_TWICE, asides_of
from claimstats.loaders.buyer_key import key_of, use_key
from claimstats.loaders.containers import Tally
from claimstats.loaders.conventions import settle
from claimstats.loaders.detect import Detected, records_of
from claimstats.loaders.joined import count_equal, drop_told_twice
from claimstats.loaders.progress import Teller
from claimstats.loaders.reading import Reading
from claimstats.loaders.redact import Redaction
from claimstats.loaders.sources import Source
from claimstats.loaders.spec import Export, Field, normal_name
from claimstats.loaders.text import Record
from claimstats.loaders.upsert import TARGETS

ROWS_A_BATCH = 20_000

LONGEST_KEPT = 100_000
"""Characters of a rejected record that are kept; the longest row of a real export has thousands."""

LONG_NUMBER = re.compile(r"\d{3}")

CHARACTERS_A_BATCH = 64 << 20
"""So that few long records take no more memory than many short ones."""


@dataclass(frozen=True)
class Staged:
    """What staging made of a file.

    Parameters
    ----------
    read
        Records found.
    ignored
        Records that are no rows, by the reason for which they were left out.
    assumed
        What was decided on the evidence of the file alone, a sentence each.
    withheld
        Unknown columns that are not stored, for by their names they may tell of a person.
    """

    read: int
    ignored: dict[str, int]
    assumed: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    equal_rows: tuple[int, int] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no record is a row."""
        return self.read == sum(self.ignored.values())


def stage(
    book: Book, source: Source, detected: Detected, reading: Reading, teller: Teller
) -> Staged:
    """Fill the temporary tables ``typed`` and ``rejected`` from a file."""
    export = detected.export
    _create_text_stage(book, [column.name for column in export.stored])
    book.execute(sql.read("parsing", "claimstats.loaders"))
    warned = _use_buyer_key(book, detected, reading)
    read, ignored, headers_again = _fill_texts(book, source, detected, reading, teller)
    book.execute(export.rewrite)
    teller.reached("checking")
    ignored[JOINED_TWICE] = drop_told_twice(book, headers_again)
    equal_rows = count_equal(book) if _tells_equal_rows(export) else None
    conventions = settle(book, source, detected, reading)
    book.execute(conventions.sql)
    book.execute(_typing_sql(export))
    counted = book.columns("SELECT why, count(*) AS n FROM not_rows GROUP BY why ORDER BY why")
    ignored |= dict(zip(counted["why"], counted["n"], strict=True))
    _recover_raw_text(book, source, detected, reading)
    withheld = () if reading.keep_pii else detected.withheld
    assumed = (*detected.dialect.assumed, *conventions.assumed, *warned)
    return Staged(read, ignored, assumed, withheld, equal_rows)


def _tells_equal_rows(export: Export) -> bool:
    """Whether equal rows count as two and are rare: lines of an order have no id, and are not."""
    target = TARGETS.get(export.targets[0])
    return target is not None and target.counts_equal_rows and not export.streams_unless


def _use_buyer_key(book: Book, detected: Detected, reading: Reading) -> tuple[str, ...]:
    """Have ids of buyers hashed, where the file has any; what is to be told of the key."""
    if not detected.has_buyers:
        return ()
    warning = use_key(book, reading.buyer_key or key_of(book))
    return (warning,) if warning else ()


def _fill_texts(
    book: Book, source: Source, detected: Detected, reading: Reading, teller: Teller
) -> tuple[int, dict[str, int], list[int]]:
    read, ignored, headers_again = 0, dict.fromkeys(ASIDES, 0), list[int]()
    redaction = Redaction.of(detected, reading.keep_pii)
    aside = asides_of(detected)
    tally = Tally(source, detected.dialect)
    for batch in _batches(records_of(source, detected)):
        read += len(batch)
        tally.add(batch)
        whys = list(map(aside, batch))
        for why in filter(None, whys):
            ignored[why] += 1
        pairs = list(zip(batch, whys, strict=True))
        rows = [record for record, why in pairs if why is None]
        headers_again += [record.line_no for record, why in pairs if why == HEADER_AGAIN]
        _refuse_second_header((r for r in rows if r.problem is not None), source, detected)
        _append(book, "rejected", _broken(rows, redaction))
        _append(book, "texts", _whole(rows, detected, reading))
        teller.read(batch)
    tally.check()
    return read, ignored, headers_again


def _batches(found: Iterable[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    size = 0
    for record in found:
        batch.append(record)
        size += len(record.raw)
        if len(batch) >= ROWS_A_BATCH or size > CHARACTERS_A_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _create_text_stage(book: Book, names: list[str]) -> None:
    texts = ", ".join(f"{name} VARCHAR" for name in names)
    book.execute(
        f"CREATE OR REPLACE TEMP TABLE texts (line_no BIGINT, extra VARCHAR, {texts});"
        "CREATE OR REPLACE TEMP TABLE rejected "
        "(line_no BIGINT, column_name VARCHAR, reason VARCHAR, raw_text VARCHAR);"
    )


def _append(book: Book, table: str, columns: dict[str, list[Any]]) -> None:
    import pyarrow as pa  # here, for most loads find a file that needs no staging

    types = {"line_no": pa.int64()}
    fields = {
        name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()
    }
    arrow_batch = pa.table(fields)
    if arrow_batch.num_rows:
        book.connection.register("arrow_batch", arrow_batch)
        book.execute(f"INSERT INTO {table} BY NAME SELECT * FROM arrow_batch")
        book.connection.unregister("arrow_batch")


def _broken(batch: Iterable[Record], redaction: Redaction) -> dict[str, list[Any]]:
    broken = [record for record in batch if record.problem is not None]
    return {
        "line_no": [record.line_no for record in broken],
        "reason": [record.problem for record in broken],
        "raw_text": [redaction.text_of(record)[:LONGEST_KEPT] for record in broken],
    }


def _whole(batch: Iterable[Record], detected: Detected, reading: Reading) -> dict[str, list[Any]]:
    """The columns of the whole records: the stored ones by our names, the kept ones as JSON."""
    whole = [record for record in batch if record.values]
    columns: dict[str, list[Any]] = {"line_no": [record.line_no for record in whole]}
    stored = set(detected.export.stored)
    for place, column in enumerate(detected.columns):
        if column in stored:
            columns[column.name] = [record.values[place] for record in whole]
    kept = detected.kept(reading.keep_pii)
    if kept:
        columns["extra"] = [_extra(record.values, kept) for record in whole]
    return columns


def _extra(values: list[str], named: list[tuple[int, str]]) -> str | None:
    kept = {name: values[place].strip() for place, name in named if values[place].strip()}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None


def _typing_sql(export: Export) -> str:
    """The statements that cast ``texts`` into ``typed`` and move faulty rows to ``rejected``."""
    fields = export.stored
    cleaned = ", ".join(f"{_cleaned_sql(export, c.name)} AS r_{c.name}" for c in fields)
    whens = " ".join(f"WHEN {condition} THEN '{why}'" for why, condition in export.not_rows)
    why = f"CASE {whens} END" if whens else "CAST(NULL AS VARCHAR)"
    lists, casts = _casts(fields)
    # The mapping sees the hash of a buyer's id alone, so that no id can slip into a table.
    ids = [f"r_{c.name}" for c in fields if c.privacy == "buyer_id"]
    without_ids = f"EXCLUDE ({', '.join(ids)})" if ids else ""
    faults = ", ".join(
        f"CASE WHEN {fault} THEN {{'header': '{header}', 'reason': {reason}}} END"
        for fault, header, reason in _faults(export)
    )
    return f"""
        CREATE OR REPLACE TEMP TABLE cleaned AS
        WITH bared AS (SELECT line_no, CAST(extra AS JSON) AS extra, {cleaned} FROM texts)
        SELECT *, {why} AS why FROM bared;

        CREATE OR REPLACE TEMP TABLE not_rows AS
        SELECT * {without_ids} FROM cleaned WHERE why IS NOT NULL;

        CREATE OR REPLACE TEMP TABLE checked AS
        WITH together AS (
            SELECT {", ".join(["*", *lists.values()])} FROM cleaned WHERE why IS NULL
        ),
        cast_rows AS (SELECT * EXCLUDE ({", ".join(["why", *lists])}), {casts} FROM together)
        SELECT *, list_filter([{faults}], lambda f: f IS NOT NULL) AS faults FROM cast_rows;

        INSERT INTO rejected BY NAME
        SELECT line_no, faults[1].header AS column_name,
            list_aggregate(list_transform(faults, lambda f: f.reason), 'string_agg', '; ') AS reason
        FROM checked WHERE len(faults) > 0;

        CREATE OR REPLACE TEMP TABLE typed AS
        SELECT * EXCLUDE ({", ".join(["faults", *ids])}) FROM checked WHERE len(faults) = 0;
        DROP TABLE checked; DROP TABLE cleaned; DROP TABLE texts;
    """


def _casts(fields: Sequence[Field]) -> tuple[dict[str, str], str]:
    """Lists of the columns that are cast alike, each by its name, and the casts of all columns.

    A cast is long, and DuckDB plans it anew wherever it stands: in most files that takes longer
    than the rows. So it stands once for each type, applied to a list.
    """
    lists: dict[str, str] = {}
    casts: dict[str, str] = {}
    by_type = itertools.groupby(sorted(fields, key=lambda c: c.type), key=lambda c: c.type)
    for kind, found in by_type:
        alike = [column for column in found if column.is_cast_by_type]
        if len(alike) > 1:
            raws = ", ".join(f"r_{column.name}" for column in alike)
            cast = alike[0].typed_sql("raw")
            lists[f"all_{kind}"] = f"list_transform([{raws}], lambda raw: {cast}) AS all_{kind}"
            casts |= {column.name: f"all_{kind}[{k}]" for k, column in enumerate(alike, 1)}
    return lists, ", ".join(f"{casts.get(c.name, c.typed_sql())} AS {c.name}" for c in fields)


def _cleaned_sql(export: Export, name: str) -> str:
    """The text of a column without what surrounds it; null where it says that there is none."""
    if not export.blanks:
        return f"bare({name})"
    blanks = ", ".join(f"'{blank}'" for blank in export.blanks)
    return f"CASE WHEN bare({name}) NOT IN ({blanks}) THEN bare({name}) END"


def _faults(export: Export) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a row: a condition, the header to blame, and the reason as SQL text."""
    for column in export.stored:
        if column.required or column.type != "text":
            yield column.fault_sql(), column.header_sql, column.reason_sql()
    for header, fault, reason in export.checks:
        quoted = header.replace("'", "''")
        yield fault, quoted, f"'{quoted}: {reason}'"


def _recover_raw_text(book: Book, source: Source, detected: Detected, reading: Reading) -> None:
    """Fetch the text of the rows that SQL refused: they are few, so the file is read once more."""
    lines = set(book.columns("SELECT line_no FROM rejected WHERE raw_text IS NULL")["line_no"])
    if not lines:
        return
    found = records_of(source, detected)
    texts = [record for record in found if record.line_no in lines]
    _refuse_second_header(texts, source, detected)
    redaction = Redaction.of(detected, reading.keep_pii)
    book.execute("CREATE OR REPLACE TEMP TABLE raw_texts (line_no BIGINT, raw_text VARCHAR)")
    raw: dict[str, list[Any]] = {
        "line_no": [record.line_no for record in texts],
        "raw_text": [redaction.text_of(record)[:LONGEST_KEPT] for record in texts],
    }
    _append(book, "raw_texts", raw)
    book.execute(
        "UPDATE rejected SET raw_text = raw_texts.raw_text FROM raw_texts "
        "WHERE raw_texts.line_no = rejected.line_no AND rejected.raw_text IS NULL"
    )


def _refuse_second_header(refused: Iterable[Record], source: Source, detected: Detected) -> None:
    """Refuse two files in one: below another header the columns mean something else."""
    delimiter = detected.dialect.delimiter or "\t"
    # Rows hold ids and days, and names of columns no long number: most are passed over at a glance.
    for record in (r for r in refused if not LONG_NUMBER.search(r.raw)):
        values = record.values or [value.strip(' "') for value in record.raw.split(delimiter)]
        if not detected.export.missing_from(set(map(normal_name, values))):
            raise FileRefused(
                "is a second header, with other columns or in another order; split the file there.",
                source.path,
                record.line_no,
            )
