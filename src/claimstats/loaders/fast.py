"""The fast path: a file that its bytes prove clean, streamed by DuckDB's own reader into its table.

The proof: UTF-8 without characters that cannot be seen, one kind of line end, no quote, no NUL, no
space beside a separator, and exactly as many separators as lines of the header's width have.
The same checks and the same mapping as on the careful path are evaluated row by row while
streaming; the first doubtful row ends it, and the careful path takes the whole file.
"""

from __future__ import annotations

import re

import duckdb

from claimstats import sql
from claimstats.book import Book
from claimstats.loaders.detect import Detected
from claimstats.loaders.ledger import tell_mapping
from claimstats.loaders.reading import Reading
from claimstats.loaders.sources import Source
from claimstats.loaders.spec import Export, Field
from claimstats.loaders.survey import count_separators
from claimstats.loaders.upsert import upsert

NEVER = '"never"'
"""A null sentinel with a quote, which no clean file holds: an empty field stays empty."""

DOUBT = "a doubtful row"
DOUBTED = (duckdb.InvalidInputException, duckdb.ConversionException)
"""What DuckDB raises for a row that its reader, a cast or a check refuses."""


class Doubtful(Exception):
    """The file is not as clean as its bytes; the careful path must read it."""


def is_clean(source: Source, detected: Detected, reading: Reading) -> bool:
    """Whether the file's bytes prove that any reader splits it into the same fields."""
    dialect, export = detected.dialect, detected.export
    if (
        dialect.encoding != "utf-8"
        or export.container != "table"
        or export.other_records
        or not export.streams_unless
        or detected.kept(reading.keep_pii)
        or detected.has_buyers
        or reading.decimal
    ):
        return False
    if export.blanks or export.not_rows or export.checks or export.rewrite or export.slashes:
        return False
    found = source.survey
    if not found.is_utf8 or found.has_unseen or found.n_nul or found.n_quotes or not found.line_end:
        return False
    if found.line_end == "\r" or dialect.header_line != 1:
        return False
    count, is_padded = count_separators(source.copy, dialect.delimiter)
    return not is_padded and count == found.n_lines * (len(dialect.header) - 1)


def stream(
    book: Book, source: Source, detected: Detected, file_id: int, reading: Reading
) -> dict[str, int]:
    """Stream the file into its table, and give the fates of its rows.

    Raises
    ------
    Doubtful
        A row is not what the format says, or says what no rule maps; the transaction must end.
    """
    (target,) = detected.export.targets
    table = f"history.{target}"
    book.execute(sql.read("parsing", "claimstats.loaders"))
    tell_mapping(book, detected, reading, None, None, file_id)
    _no_rejects(book)
    try:
        book.execute(_typed_view_sql(source, detected))
        book.execute(_streamed_mapping(detected.export))
        names = ", ".join(_common_columns(book, target))
        book.execute(
            f"INSERT INTO {table} BY NAME SELECT {names}, true AS is_current FROM incoming_{target}"
        )
    except duckdb.Error as error:
        if isinstance(error, DOUBTED):
            raise Doubtful(str(error)) from error
        raise
    found = _check(book, source, detected, table, file_id)
    if not _replaces_something(book, table, file_id, bool(found["n_without_key"])):
        return {"inserted": found["n"]}
    return _merge(book, target, file_id)


def _typed_view_sql(source: Source, detected: Detected) -> str:
    """A view of the file's rows, checked and cast as the careful path does it."""
    stored = set(detected.export.stored)
    names = [
        column.name if column in stored else f"unread_{place}"
        for place, column in enumerate(detected.columns)
    ]
    present = set(names)
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    raw = ", ".join(
        (f"nullif({c.name}, '')" if c.name in present else "CAST(NULL AS VARCHAR)")
        + f" AS r_{c.name}"
        for c in detected.export.stored
    )
    casts = ", ".join(f"{c.typed_sql()} AS {c.name}" for c in detected.export.stored)
    faults = " OR ".join(
        c.fault_sql() for c in detected.export.stored if c.required or c.type != "text"
    )
    path = str(source.copy).replace("'", "''")
    return f"""
        CREATE OR REPLACE TEMP VIEW typed AS
        WITH texts AS (
            SELECT row_number() OVER () + {detected.dialect.header_line} AS line_no,
                CAST(NULL AS JSON) AS extra, {raw}
            FROM read_csv(
                '{path}', columns = {{{types}}}, delim = '{detected.dialect.delimiter}',
                header = false, skip = {detected.dialect.header_line}, quote = '', escape = '',
                comment = '', nullstr = '{NEVER}', strict_mode = true, null_padding = false,
                ignore_errors = false, auto_detect = false, max_line_size = {1 << 22}
            )
        ),
        cast_rows AS (SELECT *, {casts} FROM texts)
        SELECT * REPLACE (CASE WHEN {faults} THEN error('{DOUBT}') ELSE line_no END AS line_no)
        FROM cast_rows
    """


def _streamed_mapping(export: Export) -> str:
    """The export's own mapping as a view, so that the two paths cannot disagree."""
    text = sql.read(export.name, "claimstats.loaders.exports")
    mapping = text[: text.index("CREATE TEMP TABLE unmapped")]
    return re.sub(r"CREATE TEMP TABLE", "CREATE OR REPLACE TEMP VIEW", mapping)


def _common_columns(book: Book, target: str) -> list[str]:
    incoming = set(book.column_names(f"incoming_{target}"))
    return [name for name in book.column_names(f"history.{target}") if name in incoming]


def _check(
    book: Book, source: Source, detected: Detected, table: str, file_id: int
) -> dict[str, int]:
    """Hold the rows against the lines counted apart, and look for what streaming cannot settle."""
    edges = {"starts_with": detected.columns[0], "ends_with": detected.columns[-1]}
    is_padded = " OR ".join(
        f"{function}({column.name}, ' ')"
        for function, column in edges.items()
        if column and _is_kept_text(book, table, column)
    )
    found = book.rows(
        "SELECT count(*) AS n, count(*) FILTER (order_key IS NULL) AS n_without_key, "
        f"count(*) FILTER ({is_padded or 'false'} OR {detected.export.streams_unless}) AS n_unfit "
        f"FROM {table} WHERE file_id = $1",
        [file_id],
    )[0]
    n_lines = source.survey.n_lines
    if found["n_unfit"] or found["n"] != n_lines - detected.dialect.header_line:
        raise Doubtful(f"{found['n']} rows in {n_lines} lines, {found['n_unfit']} unfit")
    return found


def _is_kept_text(book: Book, table: str, column: Field) -> bool:
    return column.type in ("text", "id") and column.name in book.column_names(table)


def _replaces_something(book: Book, table: str, file_id: int, has_other_ids: bool) -> bool:
    """Whether an order of the file stands in another file too, or in it in two states."""
    return any(
        _is_told_twice(book, table, file_id, unit)
        for unit in ("order_key", "order_id")
        if unit == "order_key" or has_other_ids
    )


def _is_told_twice(book: Book, table: str, file_id: int, unit: str) -> bool:
    """The same for orders known by `unit`: by their number, else by the id that is none."""
    of_unit = "order_key IS NOT NULL" if unit == "order_key" else "order_key IS NULL"
    twice = book.value(
        f"SELECT 1 FROM {table} WHERE file_id = $1 AND {of_unit} GROUP BY {unit} "
        "HAVING min(version_at) <> max(version_at) LIMIT 1",
        [file_id],
    )
    has_others = book.value(f"SELECT 1 FROM {table} WHERE file_id <> $1 LIMIT 1", [file_id])
    known = has_others and book.value(
        f"SELECT 1 FROM {table} AS t SEMI JOIN (FROM {table} WHERE file_id = $1) AS f "
        f"ON t.{unit} = f.{unit} WHERE t.file_id <> $1 AND t.{of_unit} LIMIT 1",
        [file_id],
    )
    return bool(twice or known)


def _merge(book: Book, target: str, file_id: int) -> dict[str, int]:
    """Let newest win between the file's rows and those the book holds."""
    book.execute(f"DROP VIEW incoming_{target}")
    book.execute(
        f"CREATE TEMP TABLE incoming_{target} AS "
        f"SELECT * EXCLUDE (is_current) FROM history.{target} WHERE file_id = $1",
        [file_id],
    )
    book.execute(f"DELETE FROM history.{target} WHERE file_id = $1", [file_id])
    return upsert(book, target)


def _no_rejects(book: Book) -> None:
    """Make the tables of what a clean file does not have."""
    book.execute(
        "CREATE OR REPLACE TEMP TABLE rejected "
        "(line_no BIGINT, column_name VARCHAR, reason VARCHAR, raw_text VARCHAR);"
        "CREATE OR REPLACE TEMP TABLE unmapped "
        "(column_name VARCHAR, value VARCHAR, n_rows BIGINT);"
    )
