"""Dirty rows: each is added to the clean ones, so a loader that rejects it loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .files import SampleFile

Row = list[str]


@dataclass(frozen=True)
class Dirt:
    """A kind of damage: the file, how far down in it, what is wrong, and how a good row gets it."""

    file: str
    depth: float
    wrong: str
    spoil: Callable[[list[str], Row], Row]


@dataclass(frozen=True)
class DirtyRow:
    """Where a dirty row stands (the header is line 1) and what is wrong with it."""

    file: str
    line: int
    wrong: str


def _with(**cells: str) -> Callable[[list[str], Row], Row]:
    """Put values into the columns named, written with ``_`` for any sign that is no letter."""

    def spoil(header: list[str], row: Row) -> Row:
        names = [column.lower().replace("-", "_").replace(" ", "_") for column in header]
        return [cells.get(name, value) for name, value in zip(names, row, strict=True)]

    return spoil


def _cut(columns: int, **cells: str) -> Callable[[list[str], Row], Row]:
    return lambda header, row: _with(**cells)(header, row)[:columns]


def _lengthened(**cells: str) -> Callable[[list[str], Row], Row]:
    return lambda header, row: [*_with(**cells)(header, row), ""]


DIRT = (
    Dirt(
        "amazon_all_orders_us_2026-06-30.txt",
        0.30,
        "too few columns: 20 of 33",
        _cut(20, amazon_order_id="999-0000001-0000001"),
    ),
    Dirt(
        "amazon_all_orders_us_2026-08-31.txt.gz",
        0.45,
        "item-price 12,50 in a file with decimal points",
        _with(
            amazon_order_id="999-0000002-0000002",
            order_status="Shipped",
            currency="USD",
            item_price="12,50",
        ),
    ),
    Dirt(
        "amazon_all_orders_de_2026-08-31.txt",
        0.60,
        "one extra empty field: 35 of 34 columns",
        _lengthened(amazon_order_id="999-0000003-0000003"),
    ),
    Dirt(
        "amazon_all_orders_jp_2026-06-30.zip",
        0.20,
        "amazon-order-id TEST-ORDER-1 is no order id",
        _with(amazon_order_id="TEST-ORDER-1"),
    ),
    Dirt(
        "amazon_seller_returns_us_2026-08-31.txt",
        0.50,
        "Return request date 31-Jun-2026 does not exist",
        _with(return_request_date="31-Jun-2026", amazon_rma_id="ZZZZZZZZRRMA"),
    ),
    Dirt(
        "amazon_fba_reimbursements_us_2026-08-31.txt",
        0.70,
        "too few columns: 11 of 18",
        _cut(11, reimbursement_id="99999999999", case_id=""),
    ),
    Dirt(
        "claims_2026-06-30.csv",
        0.40,
        "granted_amount is the text 'full refund'",
        _with(claim_id="DIRTY-1", outcome="granted_full", granted_amount="full refund"),
    ),
    Dirt(
        "claims_2026-08-31.csv",
        0.55,
        "filed_at 2026-02-30 does not exist",
        _with(claim_id="DIRTY-2", filed_at="2026-02-30"),
    ),
    Dirt(
        "claim_events_2026-08-31.csv",
        0.35,
        "program amazon_saft is unknown",
        _with(program="amazon_saft", claim_id="DIRTY-3"),
    ),
    Dirt(
        "evidence_2026-08-31.csv",
        0.65,
        "quality_rating 7 is above 5",
        _with(quality_rating="7", file_name="poster_1.jpg"),
    ),
)


def add_dirt(files: list[SampleFile]) -> list[DirtyRow]:
    """Add the dirty rows, each after the good row that it is made from."""
    by_name = {file.name: file for file in files}
    return [_add(by_name[dirt.file], dirt) for dirt in DIRT]


def _add(file: SampleFile, dirt: Dirt) -> DirtyRow:
    place = int(len(file.rows) * dirt.depth)
    file.rows.insert(place + 1, dirt.spoil(file.header, file.rows[place]))
    return DirtyRow(file.name, file.line_of(place + 1), dirt.wrong)
