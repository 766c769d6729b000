"""The notebooks run from top to bottom in a real kernel, on the sample and on a user's book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import claimstats

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SECONDS_A_CELL = 300

pytestmark = pytest.mark.filterwarnings("default")


def run(path: Path) -> list[Any]:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=SECONDS_A_CELL, kernel_name="python3").execute()
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs_on_the_sample(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAIMSTATS_BOOK", raising=False)
    outputs = run(path)
    assert not [output for output in outputs if output.output_type == "error"]
    figures = [
        output.data["application/vnd.plotly.v1+json"]
        for output in outputs
        if "application/vnd.plotly.v1+json" in output.get("data", {})
    ]
    assert figures
    assert all(figure["data"] for figure in figures)
    assert all(figure["config"]["showSendToCloud"] is False for figure in figures)


def test_notebook_opens_the_book_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty book gives findings that say so, instead of the sample's."""
    book = tmp_path / "own.duckdb"
    claimstats.connect(book).close()
    monkeypatch.setenv("CLAIMSTATS_BOOK", str(book))
    outputs = run(NOTEBOOKS[0])
    shown = [output.data.get("text/html", "") for output in outputs if "data" in output]
    assert any("0 claims are in the book" in text for text in shown)
