"""Exports pasted together in one file tell what they share once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from claimstats.session import ClaimBook

FIXTURES = Path(__file__).parent / "fixtures"
HEADER = "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tsku\tquantity"
FIRST = "113-0000001-0000001\t2026-05-08\t2026-05-09\tShipped\tCUP\t1"
OTHER = "113-0000001-0000002\t2026-05-08\t2026-05-09\tShipped\tMUG\t1"


@pytest.fixture
def loaded(book: ClaimBook, tmp_path: Path) -> Callable[..., tuple[int, ...]]:
    """Counts of a file of lines: read, inserted, ignored; and the units in the book."""

    def of(*lines: str) -> tuple[int, ...]:
        path = tmp_path / "orders.txt"
        path.write_text("\n".join([HEADER, *lines, ""]))
        (result,) = book.load(path)
        units = book.value("SELECT sum(quantity) FROM order_items")
        return result.read, result.inserted, result.ignored, int(units)

    return of


def test_export_joined_to_itself_counts_once(loaded: Callable[..., tuple[int, ...]]) -> None:
    assert loaded(FIRST, OTHER, HEADER, FIRST, OTHER) == (5, 2, 3, 2)


def test_lines_above_the_header_are_known_again_where_exports_are_joined(
    book: ClaimBook, tmp_path: Path
) -> None:
    path = tmp_path / "joined.csv"
    path.write_bytes((FIXTURES / "amazon_date_range.csv").read_bytes() * 2)
    (result,) = book.load(path)
    assert (result.read, result.inserted, result.rejected) == (36, 12, 0)
    assert any("8 headers repeated; 14 rows that an export joined" in n for n in result.notes)


def test_equal_rows_of_one_export_stay_two_and_are_told(
    book: ClaimBook, write_report: Callable[..., Path]
) -> None:
    (result,) = book.load(write_report("amazon_fba_reimbursements.us_2026"))
    assert any("1 row equals an earlier row, the first in line 3" in n for n in result.notes)
    same = "SELECT count(*) FROM reimbursements WHERE reimbursement_id = '10000000001'"
    assert book.value(same) == 2


def test_two_equal_rows_told_by_both_exports_stay_two(
    loaded: Callable[..., tuple[int, ...]],
) -> None:
    assert loaded(FIRST, FIRST, HEADER, FIRST, FIRST) == (5, 2, 3, 2)


def test_row_that_only_the_second_export_tells_is_kept(
    loaded: Callable[..., tuple[int, ...]],
) -> None:
    assert loaded(FIRST, HEADER, FIRST, OTHER) == (4, 2, 2, 2)


def test_second_of_two_equal_rows_that_only_one_export_tells_is_kept(
    loaded: Callable[..., tuple[int, ...]],
) -> None:
    assert loaded(FIRST, HEADER, FIRST, FIRST) == (4, 2, 2, 2)
