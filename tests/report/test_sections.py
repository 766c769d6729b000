"""Findings are cut to sections, tables and cells without losing a number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from claimstats.finding import Column, Finding, Table
from claimstats.report.sections import (
    Cell,
    grid,
    linked,
    sections,
    tied,
)


def test_sections_of_one_name_get_anchors_of_their_own(findings: list[Finding]) -> None:
    found = sections(findings)
    assert [section.id for section in found][:2] == ["approval_rate", "approval_rate-2"]
    assert len({section.id for section in found}) == len(found)


def test_a_section_is_labelled_by_what_it_splits(findings: list[Finding]) -> None:
    assert [section.label for section in sections(findings)][:2] == [
        "Approval rate by program",
        "Approval rate by reason",
    ]


def test_the_command_for_the_whole_table_survives_a_shell(findings: list[Finding]) -> None:
    asked = {"by": ("x; rm", "reason"), "program": "a b", "filed_from": "2026-03-01"}
    asked |= {"as_of": "2026-06-30T23:59:59"}
    [section] = sections([replace(findings[0], parameters=asked)])
    assert section.table.command == (
        "claimstats export approval_rate --by 'x; rm' --by reason --program 'a b' "
        "--from 2026-03-01 --as-of 2026-06-30T23:59:59 --csv"
    )


def column(kind: str, *values: object) -> Column:
    """Return a column of these values."""
    return Column("value", kind, "Value.", values, "not reached")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value", "shown", "bare"),
    [
        ("share", 0.4381, "43.8 %", "0.4381"),
        ("points", -1.84, "-1.8", "-1.84"),
        ("count", 1204, "1,204", "1204"),
        ("days", None, "not reached", ""),
        ("number", float("nan"), "not reached", ""),
        ("number", Decimal("12.50"), "12.50", "12.50"),
        ("text", "=1+1", "=1+1", None),
        ("text", "-5", "-5", None),
        ("number", "-5", "-5", None),
    ],
)
def test_a_cell_shows_one_form_and_keeps_the_bare_number(
    kind: str, value: object, shown: str, bare: str | None
) -> None:
    [[cell]] = grid(Table((column(kind, value),)), "t", "Table", 9).rows
    assert cell == Cell(shown, bare)


def test_a_spreadsheet_gets_the_code_behind_a_title_and_a_flag_as_data_have_it() -> None:
    titled = Column("program", "text", "P.", ("amazon_atoz", "own"), titles={"amazon_atoz": "A-z"})
    flag = Column("is_small", "flag", "F.", (True, None))
    first, second = grid(Table((titled, flag)), "t", "Table", 9).rows
    assert first == (Cell("A-z", None, "amazon_atoz"), Cell("yes", None, "true"))
    assert second == (Cell("own", None), Cell("–", ""))


@pytest.mark.parametrize(
    ("shown", "length"), [("f" * 64, "unbroken"), ("one two " * 9, "long"), ("short", "")]
)
def test_long_cells_are_set_to_fit(shown: str, length: str) -> None:
    assert Cell(shown, None).length == length


@pytest.mark.parametrize(("rows", "capped"), [(0, False), (9, False), (10, True)])
def test_a_table_is_cut_to_the_rows_allowed(rows: int, capped: bool) -> None:
    found = grid(Table((column("count", *range(rows)),)), "t", "Table", 9)
    assert (len(found.rows), found.total) == (min(rows, 9), rows)
    assert found.is_capped is capped


def test_a_number_has_the_digits_that_a_spreadsheet_needs() -> None:
    [[cell]] = grid(Table((column("share", 0.123456789),)), "t", "Table", 9).rows
    assert cell.value == "0.12346"


def test_a_table_without_columns_is_empty() -> None:
    assert grid(Table(()), "t", "Table", 9).rows == ()


@pytest.mark.parametrize("written", ["43.8 % of 512", "12.5 days", "+20.4 points"])
def test_a_number_stays_with_its_unit(written: str) -> None:
    assert tied(written).count("\N{NO-BREAK SPACE}") == 1
    assert "".join(tied(written).split()) == "".join(written.split())


def test_words_between_numbers_stay_apart() -> None:
    assert tied("40 claims in 3 daysheets, 2 % off") == "40 claims in 3 daysheets, 2\xa0% off"


def test_references_are_linked_by_doi_and_address() -> None:
    pieces = linked("Wilson (1927). doi:10.1080/0162. See https://example.org/a_(b), p. 3.")
    assert [address for _, address in pieces if address] == [
        "https://doi.org/10.1080/0162",
        "https://example.org/a_(b)",
    ]
    assert "".join(text for text, _ in pieces).endswith(", p. 3.")


def test_a_script_address_is_no_link() -> None:
    assert linked("javascript:alert(1) http://x") == [("javascript:alert(1) http://x", "")]
