from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from claimstats.loaders.asides import (
    BLANK,
    HEADER_AGAIN,
    OTHER_RECORDS,
    TOTALS,
    asides_of,
)
from claimstats.loaders.detect import Detected, detect
from claimstats.loaders.sources import Source
from claimstats.loaders.text import Record, records


@pytest.fixture
def whys(source: Callable[..., Source]) -> Callable[..., list[str | None]]:
    """Why each line below the header of a tracker is no row."""

    def of(*lines: str, others: frozenset[str] = frozenset()) -> list[str | None]:
        made = source("\n".join(["kind,claim_id,program,outcome", *lines, ""]).encode())
        detected = detect(made)
        export = replace(detected.export, other_records=others)
        aside = asides_of(Detected(export, detected.dialect, detected.columns))
        return [aside(record) for record in records(made, detected.dialect)]

    return of


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("x,C1,other,denied", None),
        ("Total,C1,other,denied", None),
        ("Total,,other,denied", None),
        ("Total,,,denied", TOTALS),
        (",Grand total:,,", TOTALS),
        (",C1,other", None),
        ("Summe;", TOTALS),
        ("totally,,,", None),
        ("", BLANK),
        (" , ,, ", BLANK),
        (",,,,,,", BLANK),
        ("kind,claim_id,program,outcome", HEADER_AGAIN),
        ("Kind,Claim ID,Program,Outcome", HEADER_AGAIN),
        ("kind,claim_id,program,other", None),
    ],
)
def test_record_is_a_row_unless_it_says_otherwise(
    whys: Callable[..., list[str | None]], line: str, why: str | None
) -> None:
    assert whys("x,C0,other,denied", line)[1:] == [why]


def test_records_of_another_kind_may_have_any_number_of_columns(
    whys: Callable[..., list[str | None]],
) -> None:
    found = whys("RH,a,b,c", '"RH",a', "SB,C1,other,denied", "RH", others=frozenset({"RH"}))
    assert found == [OTHER_RECORDS, OTHER_RECORDS, None, OTHER_RECORDS]


def test_rows_of_a_workbook_are_told_apart_by_their_cells(
    whys: Callable[..., list[str | None]], source: Callable[..., Source]
) -> None:
    detected = detect(source(b"claim_id,program,outcome\n"))
    in_sheet = replace(detected.dialect, delimiter="", sheet="S")
    aside = asides_of(replace(detected, dialect=in_sheet))
    assert aside(Record(2, ["", "", "Total"], None, "\t\tTotal")) == TOTALS
    assert aside(Record(3, [], None, "")) == BLANK
