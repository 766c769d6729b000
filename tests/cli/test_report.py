from __future__ import annotations

import html
import json
import re
import shlex
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


def test_report_of_a_selection_names_it_and_the_command_writes_it_again(
    run: Run, sample_path: Path
) -> None:
    asked = (
        "--only", "approval_rate", "--only", "open_claims", "--skip", "open_claims",
        "--by", "reason", "--program", "amazon_safet", "--marketplace", "DE",
        "--from", "2026-03-01", "--to", "2026-06-30", "--as-of", "2026-07-31",
        "--title", "Claims & <returns>", "--theme", "dark", "--no-switch",
    )  # fmt: skip
    ran = run("report", "--book", sample_path, "-o", "a.html", *asked)
    assert (ran.code, ran.err) == (0, "")
    page = Path("a.html").read_text(encoding="utf-8")
    assert "<h1>Claims &amp; &lt;returns&gt;</h1>" in page
    assert 'data-own-theme="dark"' in page
    (command,) = re.findall(r'<code id="command">(.*?)</code>', page)
    words = shlex.split(html.unescape(command))
    assert words[0] == "claimstats"
    Path("a.html").unlink()
    run(*words[1:])
    assert Path("a.html").read_text(encoding="utf-8") == page


def test_report_prints_its_findings_as_json(run: Run, sample_path: Path) -> None:
    ran = run("report", "--book", sample_path, "--only", "approval_rate", "--json")
    told = json.loads(ran.out)
    assert told["path"] == "report.html"
    assert [finding["name"] for finding in told["findings"]] == ["approval_rate"]
    assert told["findings"][0]["headline"] in html.unescape(
        Path("report.html").read_text(encoding="utf-8")
    )


def test_logo_stands_in_the_page_itself(run: Run, sample_path: Path) -> None:
    Path("logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    run("report", "--book", sample_path, "--only", "open_claims", "--logo", "logo.png")
    page = Path("report.html").read_text(encoding="utf-8")
    assert '<img class="logo" src="data:image/png;base64,iVBORw0KGgo=" alt="">' in page
    ran = run("report", "--book", sample_path, "--logo", "none.png")
    assert ran.code == 1
    assert "none.png: the logo cannot be read" in ran.err


def test_marketplace_without_claims_is_refused_before_anything_is_written(
    run: Run, sample_path: Path
) -> None:
    ran = run("report", "--book", sample_path, "--marketplace", "UK")
    assert ran.code == 2
    assert "DE, JP, US" in ran.err
    assert not Path("report.html").exists()
