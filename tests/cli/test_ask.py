from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import claimstats
from claimstats.analyses import REGISTER
from claimstats.cli import main
from claimstats.errors import BookError

Run = Callable[..., Any]


def test_show_prints_headline_and_table_on_stdout_and_notes_on_stderr(
    run: Run, sample_path: Path
) -> None:
    shown = run("show", "approval_rate", "--by", "reason", "--book", sample_path)
    with claimstats.connect(sample_path, read_only=True) as book:
        finding = claimstats.approval_rate(book, by="reason")
    assert shown.code == 0
    assert shown.out.startswith(finding.headline)
    assert "not_returned" in shown.out
    assert all(f"note: {caveat}" in shown.err for caveat in finding.caveats)


@pytest.mark.parametrize("room", [room.name for room in REGISTER])
def test_show_json_is_the_finding(run: Run, sample_path: Path, room: str) -> None:
    shown = json.loads(run("show", room, "--json", "--book", sample_path).out)
    with claimstats.connect(sample_path, read_only=True) as book:
        finding = getattr(claimstats, room)(book)
    assert shown["headline"] == finding.headline
    rows = json.dumps(list(finding.summary.rows()), default=lambda moment: moment.isoformat())
    assert shown["table"] == json.loads(rows)


def test_show_csv_has_the_tables_columns_and_empty_fields_for_null(
    run: Run, sample_path: Path
) -> None:
    text = run("show", "time_to_resolution", "--csv", "--book", sample_path).out
    rows = list(csv.DictReader(io.StringIO(text)))
    with claimstats.connect(sample_path, read_only=True) as book:
        table = claimstats.time_to_resolution(book).summary
    assert tuple(rows[0]) == table.names
    assert len(rows) == len(table)
    assert float(rows[0]["median_days"]) == table["median_days"][0]


def test_show_asks_for_a_day_and_for_any_other_parameter(run: Run, sample_path: Path) -> None:
    asked = ["--on", "2026-05-04", "--set", "age_days=30", "--set", "level=0.9"]
    shown = run("show", "approval_change", *asked, "--json", "--book", sample_path).out
    assert json.loads(shown)["parameters"] == {
        "on": "2026-05-04", "age_days": 30, "period_days": 14, "decision": "first", "level": 0.9,
    }  # fmt: skip
    ages = run("show", "approval_curve", "--set", "ages_days=10,45", "--csv", "--book", sample_path)
    assert "approved_10d,approved_10d_lower" in ages.out
    assert "approved_45d" in ages.out


def test_show_as_of_moves_the_cutoff(run: Run, sample_path: Path) -> None:
    early = json.loads(
        run("show", "approval_rate", "--json", "--as-of", "2026-03-31", "--book", sample_path).out
    )
    assert early["as_of"] == "2026-03-31T23:59:59"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "aproval_rate"], "Did you mean 'approval_rate'?"),
        (["show", "approval_rate", "--by", "reson"], "Did you mean 'reason'?"),
        (["show", "evidence_quality", "--by", "reason"], "leave --by out"),
        (["show", "approval_rate", "--json", "--csv"], "choose one"),
        (["show", "approval_rate", "--as-of", "31.3.2026"], "2026-08-31"),
        (["show", "approval_rate", "--as-of", "2026-03-31T00:00+02:00"], "carries a zone"),
        (["show", "approval_rate", "--on", "2026-02-16"], "leave --on out"),
        (["show", "approval_change", "--on", "16.2.2026"], "write it like 2026-02-16"),
        (["show", "approval_rate", "--set", "age_day=30"], "Did you mean 'age_days'?"),
        (["show", "approval_rate", "--set", "age_days"], "write --set NAME=VALUE"),
        (["show", "approval_rate", "--set", "age_days=old"], "write it like 90"),
        (["show", "approval_rate", "--set", "level=95"], "between 0 and 1"),
        (["show", "approval_rate", "--set", "as_of=2026-03-01"], "has no parameter 'as_of'"),
        (["show"], "Missing argument"),
        (["nonsense"], "No such command"),
    ],
)
def test_wrong_usage_is_said_in_a_sentence_and_ends_with_2(
    run: Run, sample_path: Path, words: list[str], said: str
) -> None:
    book = ["--book", sample_path] if words[0] == "show" and len(words) > 1 else []
    ran = run(*words, *book)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_missing_book_says_how_to_make_one(run: Run) -> None:
    ran = run("show", "approval_rate")
    assert ran.code == 1
    assert "claims.duckdb" in ran.err
    assert "claimstats load" in ran.err


def test_book_is_taken_from_the_environment(
    run: Run, sample_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMSTATS_BOOK", str(sample_path))
    assert run("sql", "SELECT 1 AS one", "--csv").out == "one\n1\n"


def test_show_splits_by_two_properties_where_the_finding_can(run: Run, sample_path: Path) -> None:
    asked = ("--by", "program", "--by", "reason", "--book", sample_path)
    shown = run("show", "approval_rate", *asked, "--csv")
    assert next(csv.reader(io.StringIO(shown.out)))[:3] == ["program", "reason", "direction"]
    refused = run("show", "stage_times", *asked)
    assert refused.code == 2
    assert "splits by one property" in refused.err


def test_list_names_every_analysis(run: Run) -> None:
    assert run("list").out.splitlines() == [f"{room.name}: {room.question}" for room in REGISTER]


def test_sql_prints_a_table_csv_or_json(run: Run, sample_path: Path) -> None:
    query = "SELECT DATE '2026-01-02' AS day, 12.50::DECIMAL(9, 2) AS amount, NULL AS nothing"
    assert run("sql", query, "--book", sample_path).out.split() == [
        "day", "amount", "nothing", "2026-01-02", "12.50",
    ]  # fmt: skip
    assert run("sql", query, "--csv", "--book", sample_path).out == (
        "day,amount,nothing\n2026-01-02,12.50,\n"
    )
    assert json.loads(run("sql", query, "--json", "--book", sample_path).out) == [
        {"day": "2026-01-02", "amount": 12.5, "nothing": None}
    ]


def test_sql_cannot_change_the_book(run: Run, sample_path: Path) -> None:
    ran = run("sql", "DELETE FROM claims", "--book", sample_path)
    assert ran.code == 1
    assert "read-only" in ran.err


def test_sql_that_fails_is_said_without_a_traceback(run: Run, sample_path: Path) -> None:
    ran = run("sql", "SELECT nowhere FROM claims", "--book", sample_path)
    assert ran.code == 1
    assert "nowhere" in ran.err
    assert "Traceback" not in ran.err


def test_text_that_a_spreadsheet_would_run_is_made_harmless_in_csv(
    run: Run, sample_path: Path
) -> None:
    query = "SELECT '=HYPERLINK(1)' AS a, -1.5 AS b, '@x' AS c"
    printed = run("sql", query, "--csv", "--book", sample_path).out
    assert printed == "a,b,c\n'=HYPERLINK(1),-1.5,'@x\n"


def test_debug_shows_the_traceback(run: Run) -> None:
    """The error itself comes through instead of a sentence and an exit code."""
    with pytest.raises(BookError):
        main(["show", "approval_rate", "--book", "nowhere.duckdb", "--debug"])


def test_long_result_is_cut_and_says_so(run: Run, sample_path: Path) -> None:
    ran = run("sql", "SELECT range AS n FROM range(250)", "--book", sample_path)
    assert len(ran.out.splitlines()) == 101
    assert "100 of 250 rows" in ran.err


def test_two_readers_do_not_lock_each_other_out(run: Run, sample_path: Path) -> None:
    with claimstats.connect(sample_path, read_only=True):
        assert run("sql", "SELECT 1 AS one", "--book", sample_path).code == 0


def test_columns_of_one_name_are_all_kept(run: Run, sample_path: Path) -> None:
    printed = run("sql", "SELECT 1 AS a, 2 AS a", "--json", "--book", sample_path).out
    assert json.loads(printed) == [{"a": 1, "a_2": 2}]


def test_json_has_null_for_what_is_no_number(run: Run, sample_path: Path) -> None:
    query = "SELECT 'nan'::DOUBLE AS n, 'inf'::DOUBLE AS i"
    printed = run("sql", query, "--json", "--book", sample_path).out
    assert json.loads(printed) == [{"n": None, "i": None}]


def test_times_with_a_zone_are_printed(run: Run, sample_path: Path) -> None:
    ran = run("sql", "SELECT now() AS at", "--csv", "--book", sample_path)
    assert ran.code == 0
    assert ran.out.startswith("at\n20")


def test_empty_query_is_refused(run: Run, sample_path: Path) -> None:
    assert run("sql", " ", "--book", sample_path).code == 2


def test_reader_that_has_seen_enough_is_no_failure(sample_path: Path) -> None:
    """The pipe is closed after one line of a long result."""
    command = [sys.executable, "-m", "claimstats", "sql", "FROM order_items", "--csv"]
    with subprocess.Popen(
        [*command, "--book", str(sample_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as ran:
        assert ran.stdout
        assert ran.stderr
        ran.stdout.readline()
        ran.stdout.close()
        said = ran.stderr.read()
        assert ran.wait() == 0
    assert b"Traceback" not in said


def test_macro_refuses_a_decision_that_there_is_not(run: Run, sample_path: Path) -> None:
    ran = run("sql", "FROM approval_rate(decision := 'Final')", "--book", sample_path)
    assert ran.code == 1
    assert "first or final" in ran.err
