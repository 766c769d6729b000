"""Dirty rows: each is added to the clean ones, so a loader that rejects it loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .files import SampleFile

NEW_KEY: Mapping[str, str] = {
    "amazon-order-id": "999-0000001-0000001",
    "reimbursement-id": "99999999999",
    "case-id": "",
    "Amazon RMA ID": "ZZZZZZZZRRMA",
    "claim_id": "DIRTY-1",
    "file_name": "poster_1.jpg",
}
"""What a dirty row is called, so that it is no second version of the good row it is made from."""


@dataclass(frozen=True)
class Dirt:
    """One kind of damage to a copied row: a cell with a bad value, or a wrong number of fields."""

    file: str
    depth: float
    wrong: str
    column: str = ""
    value: str = ""
    fields: int = 0
    besides: Mapping[str, str] = field(default_factory=dict)

    def spoil(self, header: list[str], good: list[str]) -> list[str]:
        """Make the dirty row from a good one."""
        cells = dict(zip(header, good, strict=True))
        cells |= {name: value for name, value in NEW_KEY.items() if name in cells}
        cells |= self.besides
        if self.column:
            cells[self.column] = self.value
        row = [*cells.values(), ""]
        return row[: self.fields or len(header)]


@dataclass(frozen=True)
class DirtyRow:
    """Where a dirty row stands (the header is line 1) and what is wrong with it."""

    file: str
    line: int
    column: str
    value: str
    wrong: str


DIRT = (
    Dirt("amazon_all_orders_us_2026-06-30.txt", 0.30, "20 fields instead of 33", fields=20),
    Dirt(
        "amazon_all_orders_us_2026-08-31.txt.gz",
        0.45,
        "a decimal comma in a file with decimal points",
        column="item-price",
        value="12,50",
        besides={"order-status": "Shipped", "currency": "USD"},
    ),
    Dirt(
        "amazon_all_orders_de_2026-08-31.txt",
        0.60,
        "35 fields instead of 34, the last one empty",
        fields=35,
    ),
    Dirt(
        "amazon_all_orders_jp_2026-06-30.zip",
        0.20,
        "no order id",
        column="amazon-order-id",
        value="TEST-ORDER-1",
    ),
    Dirt(
        "amazon_seller_returns_us_2026-08-31.txt",
        0.50,
        "no such day",
        column="Return request date",
        value="31-Jun-2026",
    ),
    Dirt("amazon_fba_reimbursements_us_2026-08-31.txt", 0.70, "11 fields instead of 18", fields=11),
    Dirt(
        "claims_2026-06-30.csv",
        0.40,
        "an amount that is text",
        column="granted_amount",
        value="full refund",
        besides={"outcome": "granted_full"},
    ),
    Dirt("claims_2026-08-31.csv", 0.55, "no such day", column="filed_at", value="2026-02-30"),
    Dirt(
        "claim_events_2026-08-31.csv",
        0.35,
        "an unknown program",
        column="program",
        value="amazon_saft",
    ),
    Dirt(
        "evidence_2026-08-31.csv",
        0.65,
        "a rating above 5",
        column="quality_rating",
        value="7",
    ),
)


def add_dirt(files: list[SampleFile]) -> list[DirtyRow]:
    """Add the dirty rows, each after the good row that it is made from."""
    by_name = {file.name: file for file in files}
    return [_add(by_name[dirt.file], dirt) for dirt in DIRT]


def _add(file: SampleFile, dirt: Dirt) -> DirtyRow:
    place = int(len(file.rows) * dirt.depth)
    file.rows.insert(place + 1, dirt.spoil(file.header, file.rows[place]))
    return DirtyRow(file.name, file.line_of(place + 1), dirt.column, dirt.value, dirt.wrong)
