"""Pictures that stand alone, drawn by the installed Chrome without a word to anybody."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zlib import crc32

import pytest

import claimstats
from claimstats.charts.theme import DARK
from claimstats.errors import ClaimstatsError, MissingExtra, ParameterError
from claimstats.finding import Finding
from claimstats.forms import browser, picture
from claimstats.forms.look import Look
from claimstats.forms.text import legible
from claimstats.report.sections import tied

SVG = "{http://www.w3.org/2000/svg}"

LABELS = {
    "</script><img src=x onerror=alert(1…",
    '=HYPERLINK("http://evil.example","c…',
    "\u2068\u05e8\u05d2\u05d9\u05dc \u200f(\u05d0)\u2069",
    "📦 <b>bold</b> %{y} {{ 7*7 }} $x$ &…",
    "@SUM(1+1)|cmd",
    "control \ufffd and \ufffd[31m and NUL \ufffd.",
    "two lines and three",
    "'leading apostrophe",
    "_x0041_ ]]> &amp; http://evil.examp…",
    "lone \ufffd half",
}
"""The hostile texts as a chart shortens them, letter for letter; marks of direction are dropped."""

drawing = pytest.mark.usefixtures("with_chrome")


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk of a PNG, whose check sums are right."""
    place = 8
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", png, place + 8 + length)[0] == crc32(kind + body)
        yield kind, body
        place += 12 + length


def texts_of(svg: bytes) -> list[str]:
    """What a reader sees on an SVG, text by text."""
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@drawing
def test_a_chart_is_drawn_with_its_headline_and_cutoff(finding: Finding, tmp_path: Path) -> None:
    png, svg = claimstats.export(finding, [tmp_path / "rates.png", tmp_path / "rates.svg"])
    found = dict(chunks(png.read_bytes()))
    width, height = struct.unpack_from(">II", found[b"IHDR"])
    root = ElementTree.fromstring(svg.read_bytes())
    assert (width, height) == (2 * 860, 2 * int(root.attrib["height"]))
    seen = texts_of(svg.read_bytes())
    assert f"{tied(finding.headline)}Data up to 2026-08-31 23:12 UTC" in seen
    assert "Item not as described" in seen


def test_a_picture_says_which_claims_were_chosen(
    finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "draw", lambda spec, forms, scale: {"svg": b"<svg a='b'></svg>"})
    chosen = {"program": "safet", "filed_from": "2026-01-31"}
    some = replace(finding, parameters={**finding.parameters, **chosen})
    drawn = picture.render(some, ["svg"], Look())["svg"].decode()
    assert "UTC; only claims with program safet, filed from 2026-01-31. 71 claims" in drawn


@drawing
def test_the_same_chart_gives_the_same_bytes_also_in_a_notebook(
    finding: Finding, tmp_path: Path
) -> None:
    """A notebook runs an event loop; the first pictures are replaced by the second."""
    paths = [tmp_path / "rates.png", tmp_path / "rates.svg"]
    claimstats.export(finding, paths)
    before = [path.read_bytes() for path in paths]

    async def cell() -> None:
        claimstats.export(finding, paths)

    asyncio.run(cell())
    assert [path.read_bytes() for path in paths] == before


@drawing
def test_hostile_text_ends_as_text_in_a_dark_narrow_picture(
    hostile: Finding, tmp_path: Path
) -> None:
    paths = [tmp_path / "hostile.svg", tmp_path / "hostile.png"]
    svg, png = (
        path.read_bytes() for path in claimstats.export(hostile, paths, theme="dark", width=400)
    )
    root = ElementTree.fromstring(svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"script", "img", "image", "a", "b", "foreignObject", "iframe"}
    assert not re.search(
        r"\b(?:on\w+|href)=|url\((?!['\"]?#)", re.sub(rb">[^<]*<", b"><", svg).decode()
    )
    assert set(texts_of(svg)) >= LABELS
    assert not any("\u202e" in text for text in texts_of(svg))
    assert root.findtext(f"{SVG}title") == legible(hostile.headline).replace("\r\n", "\n")
    titles = [body for kind, body in chunks(png) if kind == b"iTXt" and body.startswith(b"Title")]
    assert titles == [b"Title\0\0\0\0\0" + legible(hostile.headline).encode()]
    assert root.attrib["width"] == "400"
    red, green, blue = (int(DARK["paper"][k : k + 2], 16) for k in (1, 3, 5))
    assert f"fill: rgb({red}, {green}, {blue})" in svg.decode().split("<defs")[0]


@drawing
def test_the_page_asks_for_nothing_from_anywhere(
    finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the browser would fetch comes by the proxy, which is a listener here."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=listen, args=(server, asked), daemon=True).start()
        port = server.getsockname()[1]
        monkeypatch.setattr(browser, "NOWHERE", f"http://127.0.0.1:{port}")
        assert picture.render(finding, ["svg"], Look())
    assert not [line for line in asked if re.search(rb"plot|mathjax|cdn|\.js", line)]


def listen(server: socket.socket, asked: list[bytes]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            asked.append(connection.recv(4096).split(b"\r\n")[0])


@drawing
def test_the_page_names_no_server(finding: Finding) -> None:
    page = browser._page(finding.chart).generate_index()
    scripts = re.findall(r'src="(.*?)"', page)
    assert len(scripts) == 2
    assert all(script.startswith("file:///") for script in scripts)
    assert "http" not in page.replace("http-equiv", "")


def test_without_kaleido_the_install_is_named(
    finding: Finding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'claimstats\[png\]'"):
        claimstats.export(finding, [tmp_path / "rates.png", tmp_path / "rates.csv"])
    assert not list(tmp_path.iterdir())


@drawing
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/nowhere/chrome", "apt-get install chromium"),
        ("/bin/false", "drew no chart: BrowserFailed"),
    ],
)
def test_without_a_browser_that_draws_the_remedy_is_said(
    finding: Finding, monkeypatch: pytest.MonkeyPatch, path: str, said: str
) -> None:
    monkeypatch.setenv("BROWSER_PATH", path)
    with pytest.raises(ClaimstatsError, match=said) as refused:
        picture.render(finding, ["png"], Look())
    assert "BROWSER_PATH=/path/to/chrome" in str(refused.value)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        ({"theme": "drak"}, "Did you mean 'dark'"),
        ({"width": 100}, "a width of 100 is out of bounds. Allowed: 320 to 4000."),
        ({"scale": 0.1}, "Allowed: 0.5 to 8."),
        ({"scale": float("nan")}, "Allowed: 0.5 to 8."),
    ],
)
def test_a_look_that_there_is_not_is_said(look: dict[str, Any], said: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(said)):
        Look(**look)


def test_more_pixels_than_a_browser_draws_are_refused(finding: Finding) -> None:
    with pytest.raises(ParameterError, match="ask for a smaller scale"):
        picture.render(finding, ["png"], Look(width=4000, scale=8))
