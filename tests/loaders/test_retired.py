"""Exports that were ended or cannot be used are named, with what to download instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimstats.loaders import EXPORTS, load
from claimstats.loaders.retired import RETIRED, Retired
from claimstats.session import ClaimBook

HEADERS = Path(__file__).parent / "data" / "retired"

SAID = {
    "amazon_ledger_summary.us_2026": ("summary view", "GET_LEDGER_DETAIL_VIEW_DATA"),
    "amazon_settlement_v1.retired_2026_03": (
        "ended by Amazon on 2026-03-25",
        "Download Flat File V2",
    ),
    "amazon_fba_adjustments.retired": ("inventory adjustments", "GET_LEDGER_DETAIL_VIEW_DATA"),
}


@pytest.mark.parametrize("ended", SAID)
@pytest.mark.parametrize("delimiter", ["\t", ","])
def test_retired_export_is_named_with_what_to_download(
    book: ClaimBook, tmp_path: Path, content: Callable[..., Any], ended: str, delimiter: str
) -> None:
    names = (HEADERS / f"{ended}.tsv").read_text().split("\t")
    path = tmp_path / "report.txt"
    path.write_text(delimiter.join(names) + delimiter.join("1" for _ in names) + "\n")
    before = content(book, whole=True)
    (result,) = load(book, [path])
    assert result.status == "refused"
    for said in SAID[ended]:
        assert said in str(result.error)
    assert content(book, whole=True) == before


def test_every_header_of_a_retired_export_is_tried() -> None:
    assert {path.stem for path in HEADERS.glob("*.tsv")} == set(SAID)
    assert len(SAID) == len(RETIRED)


@pytest.mark.parametrize("retired", RETIRED, ids=lambda retired: retired.title)
def test_no_export_that_is_read_has_the_names_of_a_retired_one(retired: Retired) -> None:
    for export in EXPORTS:
        assert not retired.names <= set(export.by_header)
