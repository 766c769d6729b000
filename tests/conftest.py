"""Books to test with, files to load into them, and a browser."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import pytest

import claimstats
from claimstats.selection import held
from claimstats.session import ClaimBook

TINY = Path(__file__).parent / "data" / "tiny"

BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def empty(new_book: Callable[[], ClaimBook]) -> Iterator[ClaimBook]:
    """A fresh book in memory."""
    with new_book() as book:
        yield book


@pytest.fixture(scope="session")
def tiny(new_book: Callable[[], ClaimBook]) -> Iterator[ClaimBook]:
    """The trackers of tests/data/tiny, to be worked by hand, held still; for reading only."""
    with new_book() as book:
        book.load(sorted(TINY.glob("*.csv")))
        with held(book) as still:
            yield still


@pytest.fixture
def make_book(new_book: Callable[[], ClaimBook]) -> Iterator[Callable[..., ClaimBook]]:
    """Load files, one after the other, into a fresh book in memory."""
    with ExitStack() as opened:

        def make(*paths: Path, pulled_at: datetime | None = None) -> ClaimBook:
            book = opened.enter_context(new_book())
            book.load(paths, pulled_at)
            return book

        yield make


Rows = Sequence[Mapping[str, object]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write rows under a header, each row by the names of its columns; others are left blank."""

    def to_file(
        name: str,
        header: Sequence[str],
        rows: Rows,
        delimiter: str = ",",
        encoding: str = "utf-8",
        line_end: str = "\n",
    ) -> Path:
        lines = [header, *([row.get(column, "") for column in header] for row in rows)]
        text = "".join(delimiter.join(map(str, line)) + line_end for line in lines)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    return to_file


def _lack(what: str) -> NoReturn:
    """Skip where a browser may be missing; fail where everything must run."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"there is no {what}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or _lack("chromium")


@pytest.fixture
def with_chrome(chromium: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the same browser draw pictures."""
    if not find_spec("kaleido"):
        _lack("kaleido")
    monkeypatch.setenv("BROWSER_PATH", chromium)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A browser that is open for one module."""
    if not find_spec("playwright"):
        _lack("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def page_script(browser: Any) -> Iterator[Callable[..., Any]]:
    """Call a function of the report's script, by its name, with arguments."""
    source = (Path(claimstats.__file__).parent / "report/assets/page.js").read_text("utf-8")
    rule = re.search(r"^  const FORMULA =\s.*?;$", source, re.MULTILINE | re.DOTALL)
    functions = re.findall(r"^  function \w+\(.*?^  }$", source, re.MULTILINE | re.DOTALL)
    assert rule
    parts = "\n".join([rule[0], *functions])
    page = browser.new_page()
    yield lambda name, *given: page.evaluate(
        f"(given) => {{ {parts}\n return ({name})(...given) }}", given
    )
    page.close()
