from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stderr
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click import _termui_impl

from claimstats.cli.progress import Bars, Lines, Talk, telling
from claimstats.loaders import Progress

HEADER = "claim_id,program,outcome,filed_at\n"
ROWS = "".join(f"C{k},amazon_safet,denied,2026-05-08\n" for k in range(25))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_shows_rows_rate_and_time_left_of_each_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two seconds pass between looks at the clock; the bar reckons from the second on."""
    seconds = count(1000, 2)
    monkeypatch.setattr(_termui_impl, "time", SimpleNamespace(time=lambda: next(seconds)))
    terminal = Terminal()
    with redirect_stderr(terminal), telling(is_quiet=False) as talk:
        assert isinstance(talk, Bars)
        talk(Progress("in/orders.txt", "reading", 20_000, 50, 200))
        begun = terminal.getvalue()
        talk(Progress("in/orders.txt", "reading", 40_000, 100, 200))
        talk(Progress("in/orders.txt", "merging", 80_000, 200, 200))
        talk(Progress("in/returns.txt", "reading", 5, 10, 10))
    drawn = terminal.getvalue()
    assert re.search(r"orders.txt.+25%.+reading: 20,000 rows, [\d,]+/s", begun)
    assert re.search(r"50%  \d\d:\d\d:\d\d  reading: 40,000 rows", drawn)
    assert "100%" in drawn
    assert "merging: 80,000 rows" in drawn
    assert drawn.index("orders.txt") < drawn.index("returns.txt")
    assert drawn.count("\n") == 2


def test_terminal_is_left_as_it_was_after_an_interruption() -> None:
    """The bar hides the cursor while it is drawn."""
    terminal = Terminal()
    with (
        redirect_stderr(terminal),
        pytest.raises(KeyboardInterrupt),
        telling(is_quiet=False) as talk,
    ):
        talk(Progress("in/orders.txt", "reading", 20_000, 50, 200))
        raise KeyboardInterrupt
    assert terminal.getvalue().endswith("\033[?25h\n")


def test_elsewhere_it_is_a_line_a_file_and_with_json_none() -> None:
    with telling(is_quiet=False) as talk:
        assert isinstance(talk, Lines)
    with telling(is_quiet=True) as talk:
        assert type(talk) is Talk


def test_lines_tell_each_file_that_was_taken(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text(HEADER + ROWS)
    ran = run("load", "claims.csv", "missing.csv", "claims.csv")
    assert ran.err.splitlines()[:2] == [
        "claims.csv: 25 rows, loaded", "claims.csv: 25 rows, already loaded",
    ]  # fmt: skip


def test_with_json_nothing_is_told_but_what_needs_an_eye(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "claims.csv").write_text(HEADER + ROWS)
    ran = run("load", "--json", "claims.csv")
    assert ran.err == ""
    assert json.loads(ran.out)["files"][0]["read"] == 25
