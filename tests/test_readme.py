"""What README and CONTRIBUTING say is so."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import claimstats
from claimstats.cli import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL_LINES = [
    line.split("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
QUERIES = [shlex.split(line)[-1] for line in SHELL_LINES if line.startswith("duckdb ")]
QUERIES += [shlex.split(line)[2] for line in SHELL_LINES if line.startswith("claimstats sql ")]


def test_readme_opens_with_one_sentence_a_picture_and_two_commands() -> None:
    _, sentence, picture, commands, *_ = README.split("\n\n")
    assert sentence.count(". ") == 0
    shown = re.fullmatch(r"!\[.+\]\((.+)\)", picture)
    assert shown
    assert (ROOT / shown[1]).is_file()
    assert "make demo" in commands
    assert "make test" in commands


def test_every_command_in_the_readme_is_one() -> None:
    named = {line.split()[1] for line in SHELL_LINES if line.startswith("claimstats ")}
    assert named - {"--help"} <= set(cli.commands)
    listed = re.search(r"lists them: (.+?)\. The book", README, re.DOTALL)
    assert listed
    assert re.findall(r"`(\w+)`", listed[1]) == list(cli.commands)


def test_every_make_target_in_the_docs_is_one() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in set(re.findall(r"^make (\w+)|`make (\w+)", text, re.MULTILINE)):
        name = "".join(target)
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


def test_links_lead_to_files() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("query", QUERIES)
def test_query_of_the_readme_gives_rows(sample_path: Path, query: str) -> None:
    with claimstats.connect(sample_path, read_only=True) as opened:
        assert opened.rows(query)


@pytest.mark.parametrize("query", QUERIES)
def test_query_of_the_readme_runs_in_duckdbs_own_command_line(
    sample_path: Path, query: str
) -> None:
    """The tool that analysts have is older than the library that wrote the file."""
    beside = Path(sys.executable).with_name("duckdb")
    tool = str(beside) if beside.exists() else shutil.which("duckdb")
    assert tool, "the test group installs duckdb-cli"
    done = subprocess.run(
        [tool, "-readonly", "-csv", str(sample_path), query],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 1


def test_relations_the_readme_names_are_there(sample_path: Path) -> None:
    named = re.findall(r"^\|[^|]*\|(.*)\|$", README, re.MULTILINE)
    words = {word for cell in named for word in re.findall(r"`([a-z_]+)`", cell)}
    with claimstats.connect(sample_path, read_only=True) as opened:
        there = opened.columns(
            "SELECT table_name AS name FROM duckdb_tables() UNION "
            "SELECT view_name FROM duckdb_views()"
        )["name"]
    assert words & set(there)
    assert words <= set(there)


def test_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exports").mkdir()
    for path in claimstats.sample_files():
        shutil.copy(path, tmp_path / "exports" / path.name)
    exec(compile(code[1], "README.md", "exec"), {})
    assert (tmp_path / "claims.duckdb").exists()
