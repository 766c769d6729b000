"""The shape of the house: every room complete, every door opening downward, nothing oversized."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import claimstats
from claimstats.analyses import REGISTER
from claimstats.loaders import EXPORTS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "claimstats"
MODULES = sorted(SOURCE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

LONGEST_MODULE = 500
LONGEST_FUNCTION = 60
HEAVY = {"duckdb", "polars", "pandas", "plotly", "rich", "pyarrow", "numpy", "scipy", "jinja2"}

rooms = pytest.mark.parametrize("room", [room.name for room in REGISTER])
modules = pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def cells(path: Path, kind: str) -> list[str]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == kind]


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@rooms
def test_room_has_its_query_its_function_and_its_test(room: str) -> None:
    assert (SOURCE / "analyses" / f"{room}.sql").is_file()
    assert room in {node.name for node in functions(SOURCE / "analyses" / f"{room}.py")}
    assert (ROOT / "tests" / "analyses" / f"test_{room}.py").is_file()


@rooms
def test_room_has_a_macro_of_its_name(room: str) -> None:
    text = (SOURCE / "analyses" / f"{room}.sql").read_text(encoding="utf-8")
    assert re.search(rf"CREATE OR REPLACE MACRO {room}\(", text)


@rooms
def test_room_has_a_notebook_cell_and_a_public_name(room: str) -> None:
    assert any(f"claimstats.{room}(" in cell for path in NOTEBOOKS for cell in cells(path, "code"))
    assert room in claimstats.__all__


def test_every_room_is_in_the_contract_that_keeps_rooms_apart() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    apart = next(
        c for c in contracts["tool"]["importlinter"]["contracts"] if c["type"] == "independence"
    )
    assert apart["modules"] == [f"claimstats.analyses.{room.name}" for room in REGISTER]


def test_every_room_is_in_the_register() -> None:
    rooms_there = {path.stem for path in (SOURCE / "analyses").glob("[!_]*.py")}
    assert rooms_there == {room.name for room in REGISTER}


def test_every_export_is_a_module_with_its_mapping() -> None:
    folder = SOURCE / "loaders" / "exports"
    assert {path.stem for path in folder.glob("[!_]*.py")} == {export.name for export in EXPORTS}
    assert {path.stem for path in folder.glob("*.sql")} == {export.name for export in EXPORTS}


@modules
def test_module_says_what_it_does_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= LONGEST_MODULE
    assert path.name != "utils.py"


@modules
def test_functions_are_short(path: Path) -> None:
    long = [
        f"{node.name}: {length} lines"
        for node in functions(path)
        if (length := _code_lines(node)) > LONGEST_FUNCTION
    ]
    assert not long


def _code_lines(node: ast.FunctionDef) -> int:
    """Lines of a function below its docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_doors_open_downward() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def loaded_by(code: str) -> set[str]:
    shown = f"{code}\nimport sys; print(' '.join({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_import_claimstats_loads_no_library() -> None:
    assert not loaded_by("import claimstats") & (HEAVY | {"click"})


def test_help_loads_no_heavy_library() -> None:
    code = "import sys\nfrom claimstats.cli import cli\ncli.main(['--help'], standalone_mode=False)"
    assert not loaded_by(code) & HEAVY


def test_opening_a_book_loads_neither_charts_nor_frames() -> None:
    code = "import claimstats\nclaimstats.connect().close()"
    assert not loaded_by(code) & {"polars", "pandas", "plotly", "scipy", "jinja2"}


def test_estimates_do_not_load_scipy_stats() -> None:
    code = "import claimstats.stats.survival, claimstats.stats.correlation, sys\n"
    code += "assert 'scipy.stats' not in sys.modules"
    assert "numpy" in loaded_by(code)


@pytest.mark.parametrize("name", claimstats.__all__)
def test_public_name_is_documented(name: str) -> None:
    assert (getattr(claimstats, name).__doc__ or "").strip()


@notebooks
def test_notebook_is_committed_without_outputs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert '"output_type"' not in text
    assert all(cell.get("execution_count") is None for cell in json.loads(text)["cells"])


@notebooks
def test_notebook_opens_the_named_book_and_defines_no_helper(path: Path) -> None:
    code = "\n".join(cells(path, "code"))
    assert "claimstats.open_book()" in code
    assert not re.search(r"^\s*(def|class) ", code, re.MULTILINE)
    assert ".duckdb" not in code
    assert "/" not in re.sub(r"//", "", code)
