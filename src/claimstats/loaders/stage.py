"""From records to checked, typed rows: a text stage, casts with a reason for each refusal.

The text of a file goes into a temporary table as it is. SQL then cleans, checks and casts every
column; a row with a fault is set aside whole, with the first offending column and every reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa

from claimstats import sql
from claimstats.book import Book
from claimstats.errors import FileRefused
from claimstats.loaders.conventions import settle
from claimstats.loaders.detect import Detected
from claimstats.loaders.reading import Reading
from claimstats.loaders.sources import Source
from claimstats.loaders.spec import Export, normal_name
from claimstats.loaders.text import Record, count_lines, records

ROWS_A_BATCH = 20_000

BLANK, OTHER_RECORDS = "blank lines", "records of another kind than the rows"


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
    """

    read: int
    ignored: dict[str, int]
    assumed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no record is a row."""
        return self.read == sum(self.ignored.values())


def stage(book: Book, source: Source, detected: Detected, reading: Reading) -> Staged:
    """Fill the temporary tables ``typed`` and ``rejected`` from a file."""
    export = detected.export
    _create_text_stage(book, [column.name for column in export.stored])
    book.execute(sql.read("parsing", "claimstats.loaders"))
    book.execute("SET VARIABLE buyer_key = $1", [reading.buyer_key])
    read, ignored = _fill_texts(book, source, detected, reading)
    book.execute(export.rewrite)
    conventions = settle(book, source, detected, reading)
    book.execute(conventions.sql)
    book.execute(_typing_sql(export))
    counted = book.columns("SELECT why, count(*) AS n FROM not_rows GROUP BY why ORDER BY why")
    ignored |= dict(zip(counted["why"], counted["n"], strict=True))
    _recover_raw_text(book, source, detected)
    return Staged(read, ignored, conventions.assumed)


def _fill_texts(
    book: Book, source: Source, detected: Detected, reading: Reading
) -> tuple[int, dict[str, int]]:
    read, ignored = 0, {BLANK: 0, OTHER_RECORDS: 0}
    lines = detected.dialect.header_line
    for batch in _batches(records(source, detected.dialect, detected.keys)):
        read += len(batch)
        lines += sum(record.n_lines for record in batch)
        rows = [record for record in batch if not _is_other(record, detected)]
        ignored[OTHER_RECORDS] += len(batch) - len(rows)
        ignored[BLANK] += sum(not record.values and record.problem is None for record in rows)
        _append(book, "rejected", _broken(rows))
        _append(book, "texts", _whole(rows, detected, reading))
    _check_lines(source, detected, lines)
    return read, ignored


def _is_other(record: Record, detected: Detected) -> bool:
    others = detected.export.other_records
    if not others:
        return False
    first = record.values[0] if record.values else record.raw.split(detected.dialect.delimiter)[0]
    return first.strip().strip('"') in others


def _batches(found: Iterable[Record]) -> Iterator[tuple[Record, ...]]:
    iterator = iter(found)
    while batch := tuple(islice(iterator, ROWS_A_BATCH)):
        yield batch


def _check_lines(source: Source, detected: Detected, lines: int) -> None:
    """Hold the lines that went into records against a count of the file's lines made apart."""
    counted = count_lines(source, detected.dialect.encoding)
    if lines != counted:
        raise FileRefused(
            f"has {counted} lines, of which {lines} were read: a fault in claimstats, which must "
            "not lose any; nothing of the file was loaded.",
            source.path,
        )


def _create_text_stage(book: Book, names: list[str]) -> None:
    texts = ", ".join(f"{name} VARCHAR" for name in names)
    book.execute(
        f"CREATE OR REPLACE TEMP TABLE texts (line_no BIGINT, extra VARCHAR, {texts});"
        "CREATE OR REPLACE TEMP TABLE rejected "
        "(line_no BIGINT, column_name VARCHAR, reason VARCHAR, raw_text VARCHAR);"
    )


def _append(book: Book, table: str, columns: dict[str, list[Any]]) -> None:
    types = {"line_no": pa.int64()}
    fields = {
        name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()
    }
    arrow_batch = pa.table(fields)
    if arrow_batch.num_rows:
        book.connection.register("arrow_batch", arrow_batch)
        book.execute(f"INSERT INTO {table} BY NAME SELECT * FROM arrow_batch")
        book.connection.unregister("arrow_batch")


def _broken(batch: Iterable[Record]) -> dict[str, list[Any]]:
    broken = [record for record in batch if record.problem is not None]
    return {
        "line_no": [record.line_no for record in broken],
        "reason": [record.problem for record in broken],
        "raw_text": [record.raw for record in broken],
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
    cleaned = ", ".join(f"bare({c.name}) AS r_{c.name}" for c in fields)
    whens = " ".join(f"WHEN {condition} THEN '{why}'" for why, condition in export.not_rows)
    why = f"CASE {whens} END" if whens else "CAST(NULL AS VARCHAR)"
    casts = ", ".join(f"{c.typed_sql()} AS {c.name}" for c in fields)
    faults = ", ".join(
        f"CASE WHEN {c.fault_sql()} "
        f"THEN {{'header': '{c.header_sql}', 'reason': {c.reason_sql()}}} END"
        for c in fields
        if c.required or c.type != "text"
    )
    return f"""
        CREATE OR REPLACE TEMP TABLE cleaned AS
        WITH bared AS (SELECT line_no, CAST(extra AS JSON) AS extra, {cleaned} FROM texts)
        SELECT *, {why} AS why FROM bared;

        CREATE OR REPLACE TEMP TABLE not_rows AS
        SELECT line_no, why FROM cleaned WHERE why IS NOT NULL;

        CREATE OR REPLACE TEMP TABLE checked AS
        WITH cast_rows AS (SELECT * EXCLUDE (why), {casts} FROM cleaned WHERE why IS NULL)
        SELECT *, list_filter([{faults}], lambda f: f IS NOT NULL) AS faults FROM cast_rows;

        INSERT INTO rejected BY NAME
        SELECT line_no, faults[1].header AS column_name,
            list_aggregate(list_transform(faults, lambda f: f.reason), 'string_agg', '; ') AS reason
        FROM checked WHERE len(faults) > 0;

        CREATE OR REPLACE TEMP TABLE typed AS
        SELECT * EXCLUDE (faults) FROM checked WHERE len(faults) = 0;
        DROP TABLE checked; DROP TABLE cleaned; DROP TABLE texts;
    """


def _recover_raw_text(book: Book, source: Source, detected: Detected) -> None:
    """Fetch the text of the rows that SQL refused: they are few, so the file is read once more."""
    lines = set(book.columns("SELECT line_no FROM rejected WHERE raw_text IS NULL")["line_no"])
    if not lines:
        return
    found = records(source, detected.dialect, detected.keys)
    texts = [record for record in found if record.line_no in lines]
    _refuse_second_header(texts, source, detected)
    book.execute("CREATE OR REPLACE TEMP TABLE raw_texts (line_no BIGINT, raw_text VARCHAR)")
    raw: dict[str, list[Any]] = {
        "line_no": [record.line_no for record in texts],
        "raw_text": [record.raw for record in texts],
    }
    _append(book, "raw_texts", raw)
    book.execute(
        "UPDATE rejected SET raw_text = raw_texts.raw_text FROM raw_texts "
        "WHERE raw_texts.line_no = rejected.line_no AND rejected.raw_text IS NULL"
    )


def _refuse_second_header(refused: Iterable[Record], source: Source, detected: Detected) -> None:
    """Refuse two files in one: below another header the columns mean something else."""
    header = [normal_name(name) for name in detected.dialect.header]
    first = detected.keys[0]
    # Ids and days hold digits and names of columns none: most rows are passed over at a glance.
    for record in (r for r in refused if not re.search(r"\d", r.values[first])):
        names = [normal_name(value) for value in record.values]
        if names != header and not detected.export.missing_from(set(names)):
            raise FileRefused(
                "is a second header, with its columns in another order; split the file there.",
                source.path,
                record.line_no,
            )
