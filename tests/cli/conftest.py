from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from claimstats.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command printed, and the code it ended with."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _no_variants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write pages without their variants: tests/publish has these, and they cost 20 seconds."""
    monkeypatch.setattr(import_module("claimstats.publish"), "variants", lambda book, choice: [])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run a command as a user would, in an empty folder and without a book in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLAIMSTATS_BOOK", raising=False)
    monkeypatch.setenv("COLUMNS", "500")  # a table is not broken into blocks

    def call(*words: object) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        return Ran(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    return call
