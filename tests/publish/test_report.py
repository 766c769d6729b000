from __future__ import annotations

from pathlib import Path

from markupsafe import escape

import claimstats
from claimstats import publish
from claimstats.publish import Look


def test_report_of_an_empty_book_says_that_there_is_nothing(
    empty: claimstats.ClaimBook, tmp_path: Path
) -> None:
    page = claimstats.write_report(empty, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "0 claims are in the book" in page


def test_report_holds_every_headline(sample: claimstats.ClaimBook, tmp_path: Path) -> None:
    path = claimstats.write_report(sample, tmp_path / "report.html", look=Look(switch=False))
    page = path.read_text(encoding="utf-8")
    assert all(str(escape(found.headline)) in page for found in publish.findings(sample))
