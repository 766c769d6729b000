"""What stands among the rows of a file and is none: why a record is left out, and counted so."""

from __future__ import annotations

from collections.abc import Callable

from claimstats.loaders.detect import Detected
from claimstats.loaders.spec import normal_name
from claimstats.loaders.text import TOTAL, Record, is_other

BLANK = "blank lines"
OTHER_RECORDS = "records of another kind than the rows"
HEADER_AGAIN = "headers repeated"
TOTALS = "rows of totals"

JOINED_TWICE = "rows that an export joined to this one had told already"

ASIDES = (BLANK, OTHER_RECORDS, HEADER_AGAIN, TOTALS)


def asides_of(detected: Detected) -> Callable[[Record], str | None]:
    """The function that says why a record of this file is no row; None for a row, whole or broken.

    Whatever fills a key column is a row. A record without keys is none if it is empty, if it has
    the word for a total, or if it is the header or a line above it once more, as where exports were
    joined.
    """
    others, delimiter = detected.export.other_records, detected.dialect.delimiter
    header = list(map(normal_name, detected.dialect.header))
    above = detected.dialect.lines_above
    keys = detected.keys
    first = keys[0] if keys else 0

    def aside(record: Record) -> str | None:
        values = record.values
        if is_other(values[0] if values else record.raw, others):
            return OTHER_RECORDS
        if not values:
            is_above = record.raw.strip() in above
            return HEADER_AGAIN if is_above else _broken_aside(record, delimiter, keys)
        mark = values[first].strip()
        if mark[-1:].isdigit() or mark[:1].isdigit():  # An id or a day, as in nearly every row.
            return None
        if not mark or TOTAL.fullmatch(mark):
            return _keyless_aside(values, keys)
        is_header = normal_name(mark) == header[first] and list(map(normal_name, values)) == header
        return HEADER_AGAIN if is_header else None

    return aside


def _broken_aside(record: Record, delimiter: str, keys: tuple[int, ...]) -> str | None:
    if record.problem is None:
        return BLANK
    values = [value.strip().strip('"') for value in record.raw.split(delimiter or "\t")]
    return _keyless_aside(values, keys)


def _keyless_aside(values: list[str], keys: tuple[int, ...]) -> str | None:
    filled = [value for value in values if value.strip()]
    if not filled:
        return BLANK
    if keys and keys[0] < len(values) and TOTAL.fullmatch(values[keys[0]].strip()):
        return TOTALS
    named = (values[place] for place in keys if place < len(values) and values[place].strip())
    is_total = any(TOTAL.fullmatch(value) for value in filled)
    return TOTALS if keys and is_total and all(map(TOTAL.fullmatch, named)) else None
