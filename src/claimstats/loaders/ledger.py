"""A file's row of the ledger: what it is, when it was made, its period and its counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from claimstats.book import Book
from claimstats.loaders.detect import Detected
from claimstats.loaders.reading import Reading
from claimstats.loaders.results import COUNTED
from claimstats.loaders.sources import Source

LOCAL_DAY_ENDS = timedelta(hours=14)
"""A day that has ended in UTC may go on elsewhere: at most 12 hours, and two for late answers."""

FEW_ROWS = 0.05
"""The share of rows later than the day in the name that are taken for mistyped dates."""


def next_file_id(book: Book) -> int:
    """The number of the next load; that of a file taken out is not given again."""
    found = book.value(
        "SELECT coalesce(max(file_id), 0) + 1 FROM "
        "(SELECT file_id FROM source_files UNION ALL SELECT file_id FROM unloaded_files)"
    )
    return int(found)


def describe(
    book: Book,
    source: Source,
    detected: Detected,
    file_id: int,
    reading: Reading,
    rows: str = "typed",
) -> dict[str, Any]:
    """The file's row of the ledger but for its counts; the mapping reads ``this_file``.

    `rows` are the file's typed rows: a table, or a query in parentheses.
    """
    earliest, latest = _period(book, detected, rows)
    named = _named_day(book, source, detected, latest, rows)
    file: dict[str, Any] = {
        "file_id": file_id,
        "sha256": source.sha256,
        "file_name": source.name,
        "path": source.path,
        "format": detected.export.name,
        "encoding": detected.dialect.encoding,
        "delimiter": detected.dialect.delimiter_name,
        "n_columns": len(detected.dialect.header),
        "unknown_columns": list(detected.unknown),
        "mapping": detected.export.mapping or None,
        "pulled_at": named or reading.pulled_at,
        "pulled_basis": _basis(source, named, reading.pulled_at),
        "period_from": earliest,
        "period_to": latest,
        "n_bytes": source.n_bytes,
        "stamp": source.stamp,
    }
    tell_mapping(book, detected, reading, file["pulled_at"], _not_in_the_future(latest), file_id)
    return file


def _basis(source: Source, named: datetime | None, given: datetime | None) -> str | None:
    """Where the pull date is from, or why the day in the name is none."""
    if named:
        return "name"
    if given:
        return "given"
    return "rows_later" if source.pulled_at else None


def tell_mapping(
    book: Book,
    detected: Detected,
    reading: Reading,
    pulled_at: datetime | None,
    latest: datetime | None,
    file_id: int,
) -> None:
    """Make the table ``this_file``, which the mappings read, and ``remarks``, which they fill."""
    book.execute("CREATE OR REPLACE TEMP TABLE remarks (sentence VARCHAR)")
    book.execute(
        "CREATE OR REPLACE TEMP TABLE this_file AS SELECT CAST($1 AS INTEGER) AS file_id, "
        "CAST($2 AS TIMESTAMP) AS pulled_at, CAST($3 AS TIMESTAMP) AS version_at, "
        "CAST($4 AS VARCHAR) AS said_marketplace, CAST($5 AS VARCHAR) AS preamble",
        [file_id, pulled_at, pulled_at or latest, reading.marketplace, detected.dialect.preamble],
    )


def _not_in_the_future(latest: datetime | None) -> datetime | None:
    """The file's latest event, by which its rows are older or newer than others.

    A mistyped year would make a file newer than every later one; no event lies beyond today.
    """
    return latest and min(latest, datetime.now(UTC).replace(tzinfo=None))


def _named_day(
    book: Book, source: Source, detected: Detected, latest: datetime | None, rows: str
) -> datetime | None:
    """When the export was made, by the day in its name; None where the rows belie that day.

    An export cannot tell of what happened after it was made. A day in a name is local, so rows may
    run into the next day; a few rows far beyond it are mistyped, many mean that it is another day.
    """
    day = source.pulled_at
    if day is None or latest is None or latest <= day:
        return day
    if latest <= day + LOCAL_DAY_ENDS:
        return latest
    ends = ", ".join(detected.export.events)
    later = book.value(
        f"SELECT avg(CASE WHEN greatest({ends}) > $1 THEN 1.0 ELSE 0.0 END) FROM {rows}",
        [day + LOCAL_DAY_ENDS],
    )
    return day if later <= FEW_ROWS else None


def _period(book: Book, detected: Detected, rows: str) -> tuple[datetime | None, datetime | None]:
    names = detected.export.events
    if not names:
        return None, None
    ends = ", ".join(names)
    row = book.rows(
        f"SELECT min(least({ends})) AS earliest, max(greatest({ends})) AS latest FROM {rows}"
    )[0]
    return row["earliest"], row["latest"]


def write_ledger(book: Book, file: dict[str, Any], counts: dict[str, int], because: str) -> None:
    """Write the file's row, its rejected records and its unmapped values."""
    row = {
        **file,
        **{f"n_{name}": counts[name] for name in COUNTED},
        "ignored_why": because,
        "loaded_at": datetime.now(UTC).replace(tzinfo=None),
    }
    names = ", ".join(row)
    marks = ", ".join(f"${name}" for name in row)
    # The table's CHECK refuses a file whose records are not all accounted for.
    book.execute(f"INSERT INTO source_files ({names}) VALUES ({marks})", row)
    book.execute(
        "INSERT INTO rejected_rows BY NAME SELECT file_id, rejected.* FROM rejected, this_file "
        "ORDER BY line_no"
    )
    book.execute(
        "INSERT INTO unmapped_values BY NAME SELECT file_id, unmapped.* FROM unmapped, this_file"
    )
