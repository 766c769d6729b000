from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "mapping.md"
SHEET = "Case no,Filed on,Status\nS-1,2026-05-08,Approved\nS-2,2026-05-09,Parked\n"

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "safe-t.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_proposal_goes_to_stdout_and_what_is_open_to_stderr(run: Run) -> None:
    ran = run("map", "safe-t.csv")
    assert ran.code == 0
    assert tomllib.loads(ran.out)["columns"]["claim_id"] == "Case no"
    assert ran.err == 'to decide: what "Parked" means in outcome\n'


def test_proposal_goes_to_a_file_that_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    printed = run("map", "safe-t.csv").out
    assert run("map", "safe-t.csv", "-o", "map.toml").out == "map.toml\n"
    assert (tmp_path / "map.toml").read_text(encoding="utf-8") == printed
    (tmp_path / "map.toml").write_text("mine")
    ran = run("map", "safe-t.csv", "-o", "map.toml")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "claimstats: map.toml: is there already; --force overwrites it, or name another file.\n"
    )
    assert (tmp_path / "map.toml").read_text() == "mine"
    assert run("map", "safe-t.csv", "-o", "map.toml", "--force").code == 0
    assert (tmp_path / "map.toml").read_text(encoding="utf-8") == printed


def test_output_that_cannot_be_written_is_told(run: Run) -> None:
    ran = run("map", "safe-t.csv", "-o", "nowhere/map.toml")
    assert (ran.code, ran.err) == (
        1, "claimstats: nowhere/map.toml: cannot be written: No such file or directory.\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("map", "gone.csv"), 1, "claimstats: gone.csv: there is no such file or folder."),
        (("map", "safe-t.csv", "--format", "orders"), 2, "cannot be mapped to 'orders'"),
        (("load", "safe-t.csv", "--map", "gone.toml"), 2, "gone.toml: cannot be read as a mapping"),
    ],
)
def test_wrong_use_is_told_in_one_sentence(
    run: Run, tmp_path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    ran = run(*words)
    assert ran.code == code
    (line,) = ran.err.splitlines()
    assert told in line
    assert not (tmp_path / "claims.duckdb").exists()


def test_sheet_loads_by_its_proposal(run: Run) -> None:
    run("map", "safe-t.csv", "-o", "map.toml")
    ran = run("load", "safe-t.csv", "--map", "map.toml", "--json")
    (file,) = json.loads(ran.out)["files"]
    assert (file["format"], file["status"], file["inserted"]) == ("claims", "loaded", 2)
    assert '    "Parked" = ""  # 1 row' in ran.err


def test_sheet_without_its_mapping_is_refused(run: Run) -> None:
    assert "is no export that claimstats knows" in run("load", "safe-t.csv").err


def blocks() -> list[tuple[str, str]]:
    """The guide's blocks in order: their language and text."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.M | re.S)


def edited(text: str, edit: str) -> str:
    """A text with each line that begins with a minus replaced by those with a plus below it."""
    lines = text.split("\n")
    place = 0
    for line in edit.splitlines():
        if line.startswith("-"):
            place = lines.index(line[1:])
            del lines[place]
        else:
            lines.insert(place, line[1:])
            place += 1
    return "\n".join(lines)


def test_guide_runs_as_written(run: Run, tmp_path: Path) -> None:
    sheet, mapping = tmp_path / "safe-t-2026.csv", tmp_path / "map.toml"
    told, n_run = "", 0
    for language, text in blocks():
        if language == "csv":
            sheet.write_text(text, encoding="utf-8")
        elif language == "sh":
            ran = [run(*shlex.split(line)[1:]) for line in text.splitlines()]
            assert all(each.code == 0 for each in ran)
            told, n_run = "".join(each.out + each.err for each in ran), n_run + len(ran)
        elif language == "text":
            assert text in told
        elif language == "toml" and text.startswith("#"):
            assert mapping.read_text(encoding="utf-8") == text
        elif language == "toml":
            mapping.write_text(f"{mapping.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")
        else:
            held = mapping.read_text(encoding="utf-8")
            mapping.write_text(edited(held, text), encoding="utf-8")
    assert n_run == 4
