from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook

from claimstats.errors import FileRefused
from claimstats.loaders.containers import Tally, first_names, parts_of, records_of
from claimstats.loaders.detect import detect, header_of
from claimstats.loaders.reading import Reading
from claimstats.loaders.sources import Source

TABLE = [["Our claims", "", ""], ["claim_id", "program", "outcome"], ["C1", "other", "denied"]]


def as_text() -> bytes:
    return "".join(",".join(row) + "\n" for row in TABLE).encode()


def as_workbook() -> bytes:
    book = Workbook()
    for row in TABLE:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture(params=[as_text, as_workbook])
def table(request: pytest.FixtureRequest, source: Callable[..., Source]) -> Source:
    """One table, as text and as a workbook."""
    return source(request.param())


def test_same_table_gives_the_same_header_and_records(table: Source) -> None:
    (part,) = parts_of(table, header_of(Reading()))
    found = detect(part)
    assert (found.export.name, found.dialect.header_line) == ("claims", 2)
    assert found.dialect.preamble.startswith("Our claims")
    got = [(r.line_no, r.values) for r in records_of(part, found.dialect, found.keys)]
    assert got == [(3, ["C1", "other", "denied"])]
    assert (2, TABLE[1]) in list(first_names(part, Reading()))


def test_record_that_is_lost_is_noticed(table: Source) -> None:
    dialect = detect(table).dialect
    whole, lossy = Tally(table, dialect), Tally(table, dialect)
    whole.add(list(records_of(table, dialect, ())))
    whole.check()
    with pytest.raises(FileRefused, match="a fault in claimstats, which must not lose any"):
        lossy.check()
