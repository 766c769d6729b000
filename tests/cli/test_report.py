from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import claimstats

Run = Callable[..., Any]


def test_report_of_a_book_prints_the_path_it_wrote(run: Run, sample_path: Path) -> None:
    ran = run("report", "--book", sample_path, "-o", "out.html")
    assert (ran.code, ran.out) == (0, "out.html\n")
    page = Path("out.html").read_text(encoding="utf-8")
    with claimstats.connect(sample_path, read_only=True) as book:
        assert claimstats.time_to_resolution(book).headline in page


def test_report_of_a_book_named_as_a_path_is_the_books(run: Run, sample_path: Path) -> None:
    run("report", "--book", sample_path, "-o", "a.html")
    run("report", sample_path, "-o", "a2.html")
    first, second = (Path(name).read_text(encoding="utf-8") for name in ("a.html", "a2.html"))
    assert first.replace("a.html", "") == second.replace("a2.html", "")


def test_report_is_the_same_bytes_when_written_again(run: Run, sample_path: Path) -> None:
    run("report", "--book", sample_path)
    first = Path("report.html").read_bytes()
    run("report", "--book", sample_path)
    assert Path("report.html").read_bytes() == first


def test_report_of_export_files_leaves_no_book_behind(run: Run) -> None:
    files = [path for path in claimstats.sample_files() if path.name.startswith("claims_")]
    ran = run("report", *files)
    assert (ran.code, ran.out) == (0, "report.html\n")
    assert [path.name for path in Path().iterdir()] == ["report.html"]


def test_report_with_one_bad_file_is_written_of_the_good_ones_and_ends_with_1(run: Run) -> None:
    Path("odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    good = next(path for path in claimstats.sample_files() if path.name.startswith("claims_"))
    ran = run("report", good, "odd.csv")
    assert ran.code == 1
    assert "odd.csv" in ran.err
    assert Path("report.html").exists()


def test_report_of_nothing_usable_writes_nothing(run: Run) -> None:
    Path("odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    ran = run("report", "odd.csv")
    assert ran.code == 1
    assert "nothing to report" in ran.err
    assert not Path("report.html").exists()


def test_report_into_a_folder_that_is_not_there_is_said(run: Run, sample_path: Path) -> None:
    ran = run("report", "--book", sample_path, "-o", "nowhere/report.html")
    assert ran.code == 1
    assert "nowhere" in ran.err


def test_report_of_one_finding_holds_only_that(run: Run, sample_path: Path) -> None:
    run("report", "--book", sample_path, "--only", "approval_rate")
    page = Path("report.html").read_text(encoding="utf-8")
    assert 'id="approval_rate"' in page
    assert 'id="time_to_resolution"' not in page


def test_report_before_the_first_claim_is_refused(run: Run, sample_path: Path) -> None:
    ran = run("report", "--book", sample_path, "--as-of", "1999-01-01")
    assert ran.code == 2
    assert "before the first claim" in ran.err


def test_book_and_files_together_are_refused(run: Run, sample_path: Path) -> None:
    ran = run("report", claimstats.sample_files()[0], "--book", sample_path)
    assert ran.code == 2
    assert "not both" in ran.err


def test_report_never_replaces_a_book_or_an_export(run: Run, sample_path: Path) -> None:
    Path("mine.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    ran = run("report", "--book", sample_path, "-o", "mine.csv")
    assert ran.code == 1
    assert "is no report" in ran.err
    assert Path("mine.csv").read_text(encoding="utf-8") == "a,b\n1,2\n"
