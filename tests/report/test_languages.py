"""Everything a reader sees is said through the catalogue: a made-up language shows what is not."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from claimstats.language import Language, speaking
from claimstats.publish import Choice, Look, findings, write_report
from claimstats.publish.provenance import provenance
from claimstats.report import render

OPEN = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}"
CLOSE = "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"

AS_IT_IS = 'translate="no"'
UNSAID = {"code", "pre", "script", "style", "template", "title", AS_IT_IS}
"""Elements whose text is for machines, and the title, which is given by hand."""

READ = {"aria-label", "title", "alt", "placeholder", "label"}
"""Attributes that are read to somebody."""

CITED = re.compile(r"https?://\S+|\b10\.\d{4,}/\S+|[A-Z][\w'-]+ [A-Z]{1,3}\b.*\(\d{4}\).*")
DATA = re.compile(
    r"[\w.-]+\.(?:csv|tsv|txt|json|xlsx)|[0-9a-f]{64}|[A-Z]{2,}[A-Z0-9-]*|\b\w*_\w*\b|\bClosed\b"
)
"""What comes from the data, whatever the language: files, hashes, codes, names with underscores,
and a state in the sample that no rule knows."""

PLACE = re.compile(r"(\{\w+\})")

DRAWN = {"text", "name", "hovertext", "hovertemplate", "ticktext"}


class Bracketed(gettext.NullTranslations):
    """Says everything in brackets that stay visible; what fills a place stands outside of them."""

    def gettext(self, message: str) -> str:
        if not re.search(r"[A-Za-z]", PLACE.sub("", message)):
            return message
        return OPEN + PLACE.sub(rf"{CLOSE}\1{OPEN}", message) + CLOSE

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


BRACKETS = Language("xx", "xx", Bracketed())


class Seen(HTMLParser):
    """The texts of a page that a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "img", "br", "input", "link"}:
            is_data = dict(attrs).get("translate") == "no"
            self.inside.append(AS_IT_IS if is_data else tag)
        self.texts += [text for name, text in attrs if name in READ and text]

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() not in {tag, AS_IT_IS}:
            pass

    def handle_data(self, data: str) -> None:
        is_source = {"footer", "td"} <= set(self.inside) or {"footer", "th"} <= set(self.inside)
        if not (UNSAID & set(self.inside) or is_source):
            self.texts.append(data)


def outside(text: str) -> str:
    """What of a text stands in no bracket."""
    found, depth = [], 0
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        if depth == 0:
            found.append(" " if letter == CLOSE else letter)
    return "".join(found)


def unsaid(texts: Iterator[str] | list[str]) -> set[str]:
    """The texts in which words stand that were not said."""
    return {
        text.strip()
        for text in texts
        if re.search(r"[A-Za-z]{2,}", DATA.sub("", CITED.sub("", outside(text))))
    }


def drawn(part: Any, key: str = "") -> Iterator[str]:
    """The texts of a chart, without plotly's own marks."""
    if isinstance(part, str) and key in DRAWN:
        yield re.sub(r"<[^>]*>|%\{[^}]*\}", " ", part)
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield from drawn(inner, name)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from drawn(inner, key)


@pytest.fixture(scope="module")
def bracketed(sample):
    """The findings and the page of the sample in the made-up language."""
    with speaking(BRACKETS):
        found = findings(sample)
        return found, render(found, provenance(sample))


def test_every_text_of_the_page_is_said(bracketed):
    page = Seen()
    page.feed(bracketed[1])
    assert unsaid(page.texts) == set()


def test_every_text_of_the_charts_is_said(bracketed):
    told = {name: unsaid(list(drawn(f.chart))) for f in bracketed[0] if (name := f.name)}
    assert {name: texts for name, texts in told.items() if texts} == {}


def test_every_method_caveat_and_meaning_is_said(bracketed):
    for found in bracketed[0]:
        texts = [text for _, text in found.method.parts()]
        texts += [*found.caveats, *found.to_do, found.headline, found.question]
        columns = [c for table in (found.summary, *found.details.values()) for c in table.columns]
        with speaking(BRACKETS):
            texts += [text for c in columns for text in (c.meaning, c.missing, *c.shown())]
        assert unsaid(texts) == set(), found.name


def test_books_without_claims_and_with_few_say_everything_too(empty, tiny):
    for book in (empty, tiny):
        with speaking(BRACKETS):
            found = findings(book)
            page = Seen()
            page.feed(render(found, provenance(book)))
        assert unsaid(page.texts) == set()
        assert unsaid([text for f in found for text in drawn(f.chart)]) == set()


def test_page_in_chinese_names_its_language_and_keeps_its_codes(sample, tmp_path):
    asked = Choice(only=["approval_rate"])
    page = write_report(sample, tmp_path / "zh.html", asked, Look(language="zh"))
    text = page.read_text(encoding="utf-8")
    assert '<html lang="zh-Hans"' in text
    assert "A-to-z 索赔" in text
    assert 'data-name="seller_win_rate"' in text
    assert "<code>seller_win_rate</code>" in text


def test_language_of_a_page_is_gone_when_it_is_written(sample, tmp_path):
    asked = Choice(only=["approval_rate"])
    write_report(sample, tmp_path / "zh.html", asked, Look(language="zh", switch=False))
    (found,) = findings(sample, asked)
    assert found.question == "How many claims are approved?"


def test_variants_speak_the_language_of_the_page(sample):
    from claimstats.publish.variants import variants

    with speaking(BRACKETS):
        found = variants(sample, Choice(only=["approval_rate"]))
    assert found
    assert all(OPEN in v.findings[0].question and OPEN in v.notes[0] for v in found)


def test_page_speaks_what_is_spoken_where_it_asks_for_no_language(tiny, tmp_path):
    asked, plain = Choice(only=["approval_rate"]), Look(switch=False)
    with speaking(BRACKETS):
        page = write_report(tiny, tmp_path / "own.html", asked, plain)
    assert f"{OPEN}Contents{CLOSE}" in page.read_text(encoding="utf-8")
