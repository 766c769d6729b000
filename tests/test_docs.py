"""The tables in docs/ are what the register, the mappings and the tests say."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from claimstats.analyses import REGISTER, Analysis
from claimstats.loaders import EXPORTS
from claimstats.loaders.personal import RULES
from claimstats.loaders.spec import Export

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
TESTS = ROOT / "tests" / "loaders"

every_export = pytest.mark.parametrize("export", EXPORTS, ids=lambda e: e.name)


@pytest.fixture(scope="module")
def lineage() -> ModuleType:
    return _module("lineage")


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    return _module("tables")


def _module(name: str) -> ModuleType:
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(DOCS)
        return importlib.import_module(name)


def test_committed_pages_are_what_make_docs_writes() -> None:
    checked = subprocess.run(
        [sys.executable, DOCS / "tables.py", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_page_that_is_stale_is_named_with_what_to_do(
    tables: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "privacy.md"
    page.write_text("# Title\n<!-- table: personal_words -->\nstale words\n<!-- end -->\nprose\n")
    monkeypatch.setattr(tables, "DOCS", tmp_path)
    assert tables.main(["--check"]) == 1
    assert "privacy.md; run `make docs`" in capsys.readouterr().err
    assert tables.main([]) == 0
    assert tables.main(["--check"]) == 0
    text = page.read_text()
    assert text.startswith("# Title\n")
    assert text.endswith("<!-- end -->\nprose\n")
    assert "stale words" not in text


@pytest.mark.parametrize("room", REGISTER, ids=lambda room: room.name)
def test_analysis_has_its_section_with_question_macro_and_parameters(room: Analysis) -> None:
    text = (DOCS / "analyses.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {room.name}\n")[2].partition("\n## ")[0]
    assert f"**{room.question}**" in section
    assert f"FROM {room.name}(" in section
    named = set(re.findall(r"^- `(\w+)`:", section, re.MULTILINE))
    assert named == room.parameters - {"book"}
    assert not re.search(r":\w+:`|``", section)


@every_export
def test_export_has_its_section_and_a_test_about_its_header(
    tables: ModuleType, export: Export
) -> None:
    assert f"### {export.name}\n" in (DOCS / "exports.md").read_text(encoding="utf-8")
    text = (TESTS / f"test_{export.name}.py").read_text(encoding="utf-8")
    names = {n.name for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)}
    assert set(tables.proofs(export)) <= names
    if tables.header_variants(export):
        assert re.search(r"\bvariant\b", text), "its header variants are loaded by no test"


@every_export
def test_every_column_stands_in_the_table_with_its_fate(
    tables: ModuleType, lineage: ModuleType, export: Export
) -> None:
    section = "\n".join(tables.export_section(export))
    for column in export.fields:
        (line,) = re.findall(rf"^\| `{re.escape(column.header)}`.*$", section, re.MULTILINE)
        is_dropped = column.privacy in ("personal", "free_text")
        assert ("not stored" in line) == (is_dropped or "no analysis" in line)
        assert ("as a keyed hash" in line) == (
            column.privacy == "buyer_id" and "no analysis" not in line
        )


def test_every_rule_and_every_personal_column_is_on_the_page() -> None:
    text = (DOCS / "privacy.md").read_text(encoding="utf-8")
    assert all(f"| {rule.what} |" in text for rule in RULES)
    for export in EXPORTS:
        for column in export.fields:
            is_named = f"| `{export.name}` | `{column.header}`" in text
            assert is_named == (column.privacy != "open")


MAPPING = """
-- A comment; with a semicolon.
CREATE TEMP TABLE told AS
SELECT * REPLACE (upper(b) AS b), (SELECT w.x FROM words AS w WHERE w.y = c) AS looked_up
FROM typed;

CREATE TEMP TABLE incoming_things AS
WITH shown AS (SELECT b, looked_up, d AS e FROM told)
SELECT
    'fixed' AS fixed,
    s.b AS from_b,
    s.looked_up,
    CASE WHEN s.e > 0 THEN r_d END AS amount,
    amount * 2 AS twice,
    row_number() OVER (PARTITION BY a ORDER BY c) AS occurrence,
    sum(d) OVER (PARTITION BY a) AS total
FROM shown AS s CROSS JOIN typed
WHERE a IS NOT NULL
UNION ALL
SELECT a, NULL, NULL, NULL, NULL, 1, 2 FROM typed;

INSERT INTO incoming_things BY NAME SELECT c AS from_b FROM typed;
"""


def test_value_is_traced_through_the_tables_of_a_mapping(
    lineage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = tuple(replace(EXPORTS[0].fields[1], name=name, header=name) for name in "abcd")
    export = replace(EXPORTS[0], fields=fields, targets=("things",))
    monkeypatch.setattr(lineage.sql, "read", lambda name, package: MAPPING)
    assert lineage.destinations(export) == {
        "a": ["things.fixed"],
        "b": ["things.from_b"],
        "c": ["things.from_b", "things.looked_up"],
        "d": ["things.amount", "things.twice", "things.total"],
    }
