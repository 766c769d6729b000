from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import claimstats

Run = Callable[..., Any]


@pytest.fixture
def ask(run: Run, sample_path: Path) -> Run:
    """Export from the sample."""
    return lambda *words: run("export", *words, "--book", sample_path)


def written() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_export_prints_the_path_and_says_what_may_mislead(ask: Run, sample_path: Path) -> None:
    ran = ask("approval_rate", "--csv")
    with claimstats.connect(sample_path, read_only=True) as book:
        finding = claimstats.approval_rate(book)
    claimstats.export(finding, "beside.csv")
    assert (ran.code, ran.out) == (0, "approval_rate.csv\n")
    assert all(f"note: {caveat}" in ran.err for caveat in finding.caveats)
    assert Path("approval_rate.csv").read_bytes() == Path("beside.csv").read_bytes()


def test_several_forms_are_written_at_once(ask: Run) -> None:
    ran = ask("approval_rate", "--csv", "--parquet", "--by", "program", "--by", "reason")
    names = ["approval_rate-by-program-reason.csv", "approval_rate-by-program-reason.parquet"]
    assert ran.out.split() == names
    assert written() == names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["-o", "q3.csv"], ["q3.csv"]),
        (["-o", "q3.CSV"], ["q3.CSV"]),
        (["-o", "q3", "--csv"], ["q3.csv"]),
        (["-o", "q3.2026", "--csv", "--parquet"], ["q3.2026.csv", "q3.2026.parquet"]),
        (["-o", "q3.csv", "--csv", "--parquet"], ["q3.csv", "q3.parquet"]),
        (["--csv", "--csv"], ["open_claims.csv"]),
        (["--csv", "--detail", "bands"], ["open_claims-bands.csv"]),
        (
            ["--csv", "--program", "amazon_atoz", "--from", "2026-01-31", "--by", "reason"],
            ["open_claims-by-reason-amazon_atoz-from-2026-01-31.csv"],
        ),
        (["--csv", "--to", "2026-01-31"], ["open_claims-to-2026-01-31.csv"]),
        (["--csv", "--as-of", "2026-04-01"], ["open_claims-as-of-2026-04-01.csv"]),
        (["--csv", "--as-of", "2026-04-01T12:00"], ["open_claims-as-of-2026-04-01-12-00-00.csv"]),
        (["--csv", "--set", "level=0.9"], ["open_claims-level-0.9.csv"]),
    ],
)
def test_names_follow_from_output_and_forms(ask: Run, words: list[str], names: list[str]) -> None:
    assert ask("open_claims", *words).out.split() == names
    assert written() == sorted(names)


def test_into_a_folder_files_go_by_their_own_name(ask: Run) -> None:
    Path("q3.csv").mkdir()
    assert ask("open_claims", "--csv", "-o", "q3.csv").out == "q3.csv/open_claims.csv\n"


def test_cutoff_and_further_table_are_those_asked_for(ask: Run, sample_path: Path) -> None:
    asked = ("--as-of", "2026-03-31", "--detail", "bands", "-o", "bands.parquet")
    assert ask("open_claims", *asked).code == 0
    with duckdb.connect() as connection:
        told = connection.execute(
            "SELECT decode(value) FROM parquet_kv_metadata('bands.parquet') "
            "WHERE decode(key) = 'claimstats'"
        ).fetchone()
    assert told
    assert "2026-03-31 23:59" in told[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["aproval_rate", "--csv"], "Did you mean 'approval_rate'?"),
        (["approval_rate"], "say --csv, "),
        (["approval_rate", "-o", "rates.xls"], "rates.xls tells no form"),
        (["approval_rate", "--csv", "-o", "new/"], "there is no folder new/; create it"),
        (["approval_rate", "-o", "new.csv/"], "there is no folder new.csv/; create it"),
        (["approval_rate", "-o", "rates.csv", "--parquet"], "ends as csv, and --parquet"),
        (["approval_rate", "--csv", "--theme", "dark"], "--theme is of pictures"),
        (["approval_rate", "--png", "--theme", "drak"], "Did you mean 'dark'"),
        (["approval_rate", "--png", "--width", "9"], "Allowed: 320 to 4000"),
        (["approval_rate", "--xlsx", "--detail", "curves"], "leave it out"),
        (["approval_rate", "-o", "-", "--parquet"], "only CSV is printed"),
        (["approval_rate", "--csv", "--detail", "curves"], "has one table only"),
        (["open_claims", "--csv", "--detail", "band"], "Did you mean 'bands'?"),
        (["evidence_quality", "--csv", "--by", "reason"], "leave --by out"),
    ],
)
def test_wrong_usage_is_said_and_writes_nothing(ask: Run, words: list[str], said: str) -> None:
    ran = ask(*words)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert written() == []


def test_a_book_or_another_file_is_never_replaced(ask: Run) -> None:
    Path("claims.csv").write_text("claim_id\n7\n", encoding="utf-8")
    ran = ask("approval_rate", "-o", "claims.csv")
    assert ran.code == 1
    assert "claims.csv: exists and is no earlier export" in ran.err
    assert Path("claims.csv").read_text(encoding="utf-8") == "claim_id\n7\n"
    assert ask("approval_rate", "-o", "claims.csv/x.csv").code == 1


def test_a_name_that_is_too_long_is_said(ask: Run) -> None:
    ran = ask("approval_rate", "-o", f"{'a' * 260}.csv")
    assert (ran.code, written()) == (1, [])
    assert ran.err.startswith("claimstats: cannot write")
    assert "File name too long" in ran.err


def test_csv_on_stdout_is_the_file(ask: Run, sample_path: Path) -> None:
    ask("open_claims", "-o", "table.csv", "--by", "month")
    command = [sys.executable, "-m", "claimstats", "export", "open_claims", "--by", "month"]
    ran = subprocess.run(
        [*command, "-o", "-", "--book", str(sample_path)], capture_output=True, check=True
    )
    assert ran.stdout == Path("table.csv").read_bytes()


@pytest.mark.usefixtures("with_chrome")
def test_a_picture_is_drawn_beside_the_table(ask: Run) -> None:
    ran = ask("approval_rate", "--csv", "--png", "--theme", "dark", "--width", 500, "--scale", 1)
    assert ran.out.split() == ["approval_rate.csv", "approval_rate.png"]
    assert Path("approval_rate.png").read_bytes()[16:20] == (500).to_bytes(4, "big")
    assert not [line for line in ran.err.splitlines() if not line.startswith("note: ")]


def test_without_kaleido_the_install_is_named(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimstats.forms.browser.find_spec", lambda name: None)
    ran = ask("approval_rate", "--svg")
    assert ran.code == 1
    assert "pip install 'claimstats[png]'" in ran.err
    assert written() == []
