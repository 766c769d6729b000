from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import claimstats
from claimstats.bundled import notebooks, templates
from claimstats.cli import setting_up
from claimstats.loaders import EXPORTS

Run = Callable[..., Any]

CLAIMS = (
    "claim_id, program, marketplace, order_id, sku, reason, contacted_at, filed_at, "
    "claimed_amount, granted_amount, currency, outcome, decided_at, resolution, appealed_at, "
    "appeal_outcome, appeal_decided_at, due_at, note"
)
EVENTS = "program, claim_id, type, occurred_at, actor, note"
EVIDENCE = (
    "program, claim_id, kind, submitted_at, with_filing, quality_rating, rated_at, legible, "
    "shows_item, shows_defect, shows_packaging, shows_label, shows_serial, shows_order_id, "
    "file_name, note"
)


def test_demo_loads_the_sample_and_prints_the_reports_path(run: Run) -> None:
    ran = run("demo")
    assert ran.code == 0
    assert ran.out == "claimstats-demo/report.html\n"
    assert Path(ran.out.strip()).stat().st_size > 1_000_000
    with claimstats.connect("claimstats-demo/claims.duckdb", read_only=True) as book:
        assert book.value("SELECT count(*) FROM source_files") >= len(claimstats.sample_files())


def test_demo_twice_writes_the_same_report(run: Run) -> None:
    run("demo")
    first = Path("claimstats-demo/report.html").read_bytes()
    assert run("demo").code == 0
    assert Path("claimstats-demo/report.html").read_bytes() == first


@pytest.mark.parametrize(
    ("name", "columns"),
    [("claims.csv", CLAIMS), ("claim_events.csv", EVENTS), ("evidence.csv", EVIDENCE)],
)
def test_template_has_the_promised_columns(run: Run, name: str, columns: str) -> None:
    run("template", "mine")
    header = next(csv.reader([Path("mine", name).read_text(encoding="utf-8")]))
    assert header == columns.split(", ")


def test_empty_templates_load_as_nothing(run: Run) -> None:
    run("template", "mine")
    loaded = json.loads(run("load", "mine", "--json").out)["files"]
    assert {file["status"] for file in loaded} == {"empty"}
    assert {file["format"] for file in loaded} == {"claims", "claim_events", "evidence"}


def test_template_overwrites_nothing(run: Run) -> None:
    run("template", "mine")
    Path("mine/claims.csv").write_text("mine", encoding="utf-8")
    ran = run("template", "mine")
    assert ran.code == 1
    assert "claims.csv" in ran.err
    assert Path("mine/claims.csv").read_text(encoding="utf-8") == "mine"


def test_template_readme_explains_every_column_and_word() -> None:
    readme = next(path for path in templates() if path.suffix == ".md").read_text(encoding="utf-8")
    columns = set(", ".join((CLAIMS, EVENTS, EVIDENCE)).split(", "))
    with claimstats.connect() as book:
        words = {
            row["word"]
            for row in book.rows(
                "SELECT program AS word FROM programs UNION SELECT kind FROM evidence_kinds "
                "UNION SELECT type FROM event_types UNION SELECT outcome FROM outcome_rules "
                "UNION SELECT reason FROM reasons"
            )
        }
    assert not {word for word in columns | words - {"unknown"} if word not in readme}


def test_formats_lists_every_export_with_its_source(run: Run) -> None:
    printed = run("formats").out
    assert all(export.name in printed and export.source in printed for export in EXPORTS)


def test_lab_copies_the_notebooks_and_keeps_those_that_are_there(run: Run) -> None:
    first = notebooks()[0].name
    Path("work").mkdir()
    Path("work", first).write_text("mine", encoding="utf-8")
    assert run("lab", "work", "--no-open").code == 0
    assert Path("work", first).read_text(encoding="utf-8") == "mine"
    assert {path.name for path in Path("work").iterdir()} == {path.name for path in notebooks()}


def test_lab_opens_jupyterlab_on_the_users_book(
    run: Run, sample_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: dict[str, Any] = {}

    def start(command: list[str], env: dict[str, str], check: bool) -> Any:
        started.update(command=command, book=env.get("CLAIMSTATS_BOOK"))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(setting_up.subprocess, "run", start)
    assert run("lab", "work", "--book", sample_path).code == 0
    assert started["book"] == str(sample_path.resolve())
    assert started["command"][1:4] == ["-m", "jupyterlab", "work"]
    settings = json.loads(Path("work/.lab-settings/overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_lab_without_jupyterlab_says_which_install_mends_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        setting_up, "find_spec", lambda name: None if name == "jupyterlab" else find_spec(name)
    )
    ran = run("lab", "work")
    assert ran.code == 1
    assert "pip install 'claimstats[lab]'" in ran.err


def test_lab_on_a_book_that_is_not_there_starts_nothing(run: Run) -> None:
    ran = run("lab", "work", "--book", "nowhere.duckdb")
    assert ran.code == 1
    assert "nowhere.duckdb" in ran.err
    assert not Path("work").exists()


def test_doctor_finds_no_fault_in_the_sample(run: Run, sample_path: Path) -> None:
    ran = run("doctor", "--book", sample_path)
    assert ran.code == 0
    assert ran.out.endswith("0 faults\n")


def test_doctor_finds_rejected_rows_that_are_gone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "book.duckdb"
    with claimstats.connect(path) as book:
        book.load(claimstats.sample_files())
        book.execute("DELETE FROM rejected_rows")
    ran = run("doctor", "--book", path)
    assert ran.code == 1
    assert "rows rejected, 0 kept" in ran.out


def test_doctor_finds_an_event_in_the_future(run: Run, tmp_path: Path) -> None:
    tracker = tmp_path / "claims.csv"
    header = CLAIMS.replace(", ", ",")
    row = ["C1", "amazon_safet", *[""] * 5, "2026-01-01", *[""] * 3, "pending", *[""] * 7]
    row[6] = "2099-01-01"
    tracker.write_text(header + "\n" + ",".join(row) + "\n", encoding="utf-8")
    assert run("load", tracker, "--book", "b.duckdb").code == 0
    ran = run("doctor", "--book", "b.duckdb")
    assert ran.code == 1
    assert "future" in ran.out


def test_version_is_the_packages(run: Run) -> None:
    assert run("--version").out.split()[-1] == claimstats.__version__
