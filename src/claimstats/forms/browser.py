"""Charts drawn by the user's own Chrome, which is told to ask for nothing from anywhere."""

from __future__ import annotations

import asyncio
import json
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zlib import crc32

from claimstats.errors import ClaimstatsError, MissingExtra
from claimstats.report import plotlyjs

NO_BROWSER = (
    "PNG and SVG are drawn by Chrome or Chromium, and there is none; install one (on Debian: "
    "apt-get install chromium), or say where it is: BROWSER_PATH=/path/to/chrome."
)
ANOTHER = "Another Chrome is taken by BROWSER_PATH=/path/to/chrome."
NOWHERE = "http://127.0.0.1:9"
"""A proxy that does not answer (RFC 863): at its start Chrome asks its makers for updates."""

POLICY = (
    "default-src 'none'; script-src file: 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:"
)
QUIET = ("choreographer", "kaleido")
"""Loggers that would tell on stderr of every line that a browser prints."""


def draw(spec: Mapping[str, Any], forms: Sequence[str], scale: float) -> dict[str, bytes]:
    """Draw a specification, which holds its width and height, in each of some forms.

    Parameters
    ----------
    spec
        The plotly specification.
    forms
        ``png``, ``svg`` or both; the browser is started once.
    scale
        Pixels of a PNG for each of the specification.

    Raises
    ------
    MissingExtra
        Kaleido is not installed.
    ClaimstatsError
        There is no browser, or it draws nothing.
    """
    if find_spec("kaleido") is None:
        raise MissingExtra("a chart as PNG or SVG", "kaleido", "png")
    with _quiet():
        browser = _find_browser()
        # A thread of its own: a notebook runs an event loop already.
        with ThreadPoolExecutor(1) as thread:
            work = thread.submit(asyncio.run, _drawn(browser, spec, forms, scale))
            try:
                return work.result()
            except Exception as error:
                raise ClaimstatsError(
                    f"{browser} drew no chart: {_reason(error)}. {ANOTHER}"
                ) from error


def _reason(error: Exception) -> str:
    """The first sentence where an error has several, which tell of other programs."""
    first = error.args[0] if error.args and all(isinstance(a, str) for a in error.args) else error
    return f"{type(error).__name__}: {first}".rstrip(". ")


async def _drawn(
    browser: str, spec: Mapping[str, Any], forms: Sequence[str], scale: float
) -> dict[str, bytes]:
    import kaleido

    drawn = {}
    async with kaleido.Kaleido(
        path=browser, page_generator=_page(spec), proxy_server=NOWHERE
    ) as tab:
        for form in forms:
            size = scale if form == "png" else 1
            drawn[form] = await tab.calc_fig(dict(spec), {"format": form, "scale": size})
    return drawn


def _page(spec: Mapping[str, Any]) -> Any:
    """The page to draw on, with plotly's script from its wheel and none from a server.

    Plotly draws ids by lot. They are drawn from the chart here, so that the same chart gives the
    same bytes, and two charts on one page do not share an id.
    """
    import kaleido

    seed = crc32(json.dumps(spec, sort_keys=True, default=str).encode()) % 2147483646 + 1
    lot = f"let lot = {seed}; Math.random = () => (lot = (lot * 48271) % 2147483647) / 2147483647;"

    class Page(kaleido.PageGenerator):  # type: ignore[misc]  # kaleido carries no types
        header = (
            '<!doctype html>\n<html><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f'<style id="head-style"></style><title>Chart</title><script>{lot}</script>'
        )

    return Page(plotly=plotlyjs.bundle().as_uri(), mathjax=False)


def _find_browser() -> str:
    from choreographer.browsers.chromium import Chromium

    found = Chromium.find_browser(skip_local=False)
    if not found or not Path(found).is_file():
        raise ClaimstatsError(NO_BROWSER)
    return str(found)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what libraries tell of the browser, whose failures are raised anyway."""
    loggers = [logging.getLogger(name) for name in QUIET]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
