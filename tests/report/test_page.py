"""The page holds every number once, escapes every text, and is the same bytes each time."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from claimstats.charts import theme
from claimstats.errors import ClaimstatsError
from claimstats.finding import Finding, Table
from claimstats.report import Provenance, Variant, plotlyjs, render, write

MOST_BYTES = 2_500_000
TEXT_CONTRAST = 4.5

VOID = {"meta", "img", "br", "link", "input", "hr"}
Build = Callable[[], tuple[list[Finding], Provenance]]


class Outline(HTMLParser):
    """Elements, attributes and text of a page, with a check that elements are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, list[str]] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.text.setdefault(self.open[-1], []).append(data)

    def attributes(self, name: str) -> list[str]:
        """Return every value of one attribute."""
        return [attrs[name] or "" for _, attrs in self.elements if name in attrs]


@pytest.fixture(scope="module")
def page(findings: list[Finding], provenance: Provenance, variants: list[Variant]) -> str:
    """Return the page of the made-up findings."""
    return render(findings, provenance, variants)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    """Return its elements."""
    return Outline(page)


@pytest.fixture(scope="module")
def hostile_page(hostile: Build) -> str:
    """Return the page with hostile texts in every field."""
    return render(*hostile())


def test_elements_are_nested_well_and_ids_are_unique(outline: Outline) -> None:
    ids = outline.attributes("id")
    assert outline.open == []
    assert len(ids) == len(set(ids))


def test_every_reference_inside_the_page_has_its_target(outline: Outline) -> None:
    ids = set(outline.attributes("id"))
    named = [href[1:] for href in outline.attributes("href") if href.startswith("#")]
    for attribute in ("aria-labelledby", "data-spec", "data-csv", "data-copy", "data-png"):
        named += outline.attributes(attribute)
    assert named
    assert set(named) <= ids


def test_the_page_has_one_title_and_its_landmarks(outline: Outline) -> None:
    tags = [tag for tag, _ in outline.elements]
    for single in ("h1", "main", "nav", "footer", "title"):
        assert tags.count(single) == 1
    assert outline.text["h1"] == ["Claims of the northern shops"]


def test_every_finding_is_a_section_with_question_headline_and_chart(
    page: str, outline: Outline, findings: list[Finding]
) -> None:
    for finding in findings:
        assert html.escape(finding.question) in page
        assert html.escape(finding.headline) in page
    charts = [attrs for _, attrs in outline.elements if attrs.get("role") == "img"]
    assert len(charts) == len(findings)
    assert all("Its numbers are in the table below." in (c["aria-label"] or "") for c in charts)


def test_every_number_of_a_table_is_on_the_page(page: str, findings: list[Finding]) -> None:
    for column in findings[0].summary.columns:
        for shown in column.shown():
            assert f">{html.escape(shown)}<" in page


def test_method_literature_query_and_parameters_are_on_the_page(
    page: str, findings: list[Finding]
) -> None:
    for _, text in findings[0].method.parts():
        assert html.escape(text) in page
    assert 'href="https://doi.org/10.1080/01621459.1927.10502953"' in page
    assert html.escape(findings[0].sql, quote=True).replace("&#x27;", "&#39;") in page
    assert "programs = safet, fba; marketplace = not set" in page


def unpacked(page: str, name: str) -> Any:
    """Return what a page carries packed under a name."""
    (packed,) = re.findall(rf'<script type="text/plain" id="{name}">(.*?)</script>', page, re.S)
    return json.loads(gzip.decompress(base64.b85decode(packed.replace(",", "<"))))


def charts(page: str) -> dict[str, Any]:
    """Return the charts of a page by their section."""
    return dict(unpacked(page, "charts"))


def test_every_section_has_its_chart(page: str, findings: list[Finding]) -> None:
    assert [chart["layout"] for chart in charts(page).values()] == [
        json.loads(json.dumps(finding.chart["layout"])) for finding in findings
    ]


def test_key_numbers_stand_first_with_their_intervals(page: str) -> None:
    glance = page[page.index('id="glance"') : page.index('<section class="finding"')]
    assert "<strong>43.8\N{NO-BREAK SPACE}%</strong>" in glance
    assert (
        '<span class="interval">39.5\N{NO-BREAK SPACE}% to 48.1\N{NO-BREAK SPACE}%</span>' in glance
    )
    assert "of decided claims were approved" in glance


def test_what_to_do_leads_to_its_section(page: str) -> None:
    assert re.search(
        r"What to do this week</h3>.*3 claims wait for an answer. "
        r'<a href="#approval_rate">Approval rate by program</a>', page, re.S,
    )  # fmt: skip


def test_variants_are_offered_by_what_their_claims_share(
    page: str, variants: list[Variant]
) -> None:
    options = re.findall(r"<(?:option|optgroup) (?:value|label)=\"([^\"]*)\"( disabled)?>", page)
    assert options == [
        ("", ""), ("Marketplace", ""), ("marketplace=DE", ""),
        ("Program", ""), ("program=SAFE-T", ""),
    ]  # fmt: skip
    carried = unpacked(page, "variants")
    assert carried["keys"] == ["program=SAFE-T", "marketplace=DE"]
    body = carried["sections"]["approval_rate"]["body"][1]
    assert str(escape(variants[0].findings[0].headline)) in body.replace("\N{NO-BREAK SPACE}", " ")


def test_variants_beyond_the_weight_of_a_page_are_named_and_left_out(
    monkeypatch: pytest.MonkeyPatch,
    findings: list[Finding],
    provenance: Provenance,
    variants: list[Variant],
) -> None:
    alone = len(render(findings, provenance).encode())
    monkeypatch.setattr("claimstats.report.page.MOST_BYTES", alone + 2000)
    page = render(findings, provenance, variants)
    assert page.count(" disabled>") == 2
    assert "DE (199): --marketplace" in page
    assert unpacked(page, "variants") == {"keys": []}


def test_origin_is_on_the_page(page: str, provenance: Provenance) -> None:
    for note in provenance.notes:
        assert note in page
    for label, number in provenance.book_counts:
        assert f"<dt>{label}</dt><dd>{number}</dd>" in page
    assert "Data up to" in page
    assert "2025-08-31 23:12 UTC" in page
    assert "d" * 64 in page
    assert "duckdb 2.0.0" in page
    assert provenance.command in page


def test_a_long_table_is_cut_and_says_how_to_get_the_rest(page: str) -> None:
    assert "The first 25 of 340 rows." in page
    assert "claimstats export approval_rate --by sku --csv" in page
    assert "SKU-0024" in page
    assert ">SKU-0025" not in page


def test_a_long_detail_is_cut_shorter_and_has_a_command_of_its_own(page: str) -> None:
    assert re.search(
        r"The first 10 of \d+ rows. All of them: <code>claimstats export "
        r"time_to_resolution --by program --csv --detail curves</code>",
        page,
    )


def test_a_missing_value_shows_its_own_words(page: str) -> None:
    assert '<td data-v="">not reached</td>' in page


def test_an_empty_finding_says_so(page: str) -> None:
    assert ">No rows<" in page
    assert "No data to draw" in json.dumps(charts(page))


def test_a_report_without_findings_files_and_events_is_a_page() -> None:
    page = render([], Provenance(title="Nothing yet", as_of=None))
    Outline(page)
    assert "There is no finding to show." in page
    assert "No source file is recorded." in page
    assert "No dated events in these data" in page


def test_the_same_findings_give_the_same_bytes(
    page: str, findings: list[Finding], provenance: Provenance, variants: list[Variant]
) -> None:
    plotlyjs.load.cache_clear()
    assert render(findings, provenance, variants) == page


def test_the_page_stays_below_its_size(page: str) -> None:
    assert len(page.encode("utf-8")) < MOST_BYTES


def test_the_script_of_plotly_is_there_once(page: str) -> None:
    assert page.count(plotlyjs.load().packed[:200]) == 1


def test_the_policy_allows_the_one_script_and_the_one_style_by_hash(page: str) -> None:
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]+)"', page)[0])
    for tag in ("script", "style"):
        [inline] = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script>")


def test_nothing_on_the_page_is_fetched_or_run_inline(outline: Outline, hostile_page: str) -> None:
    for parsed in (outline, Outline(hostile_page)):
        assert not parsed.attributes("src")
        assert not parsed.attributes("style")
        names = {name for _, attrs in parsed.elements for name in attrs}
        assert not {name for name in names if name.startswith("on")}
        tags = {tag for tag, _ in parsed.elements}
        assert not tags & {"link", "iframe", "object", "embed", "img", "base", "form"}


def test_style_sheets_load_nothing(page: str) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert not re.search(r"url\(|@import|http", style)


def test_hostile_texts_end_as_text(hostile_page: str, outline: Outline) -> None:
    parsed = Outline(hostile_page)
    assert parsed.open == []
    assert {tag for tag, _ in parsed.elements} <= {tag for tag, _ in outline.elements}
    assert "<img" not in hostile_page
    assert "</script><img src=x onerror=alert(1)><!--" in parsed.text["h1"][0]
    assert '=HYPERLINK("http://evil.example","claim")' in parsed.text["th"]


def test_hostile_specifications_stay_in_their_element(hostile_page: str) -> None:
    drawn = charts(hostile_page)
    assert len(drawn) == 3
    assert "onerror" in json.dumps(drawn)
    packed = re.findall(r'<script type="text/plain"[^>]*>(.*?)</script>', hostile_page, re.S)
    assert len(packed) == 2
    assert not any(re.search(r"[</\s]", block) for block in packed)


def test_no_template_expression_of_a_buyer_is_evaluated(hostile_page: str) -> None:
    assert "{{ 7*7 }}" in hostile_page


def palette(style: str, selector: str) -> dict[str, str]:
    """Return the colours that a rule of the style sheet sets."""
    rule = style[style.index(selector) :]
    found = re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", rule[: rule.index("}")])
    return dict(found)


@pytest.fixture(scope="module")
def surfaces(page: str) -> dict[str, dict[str, str]]:
    """Return the page's colours by the rule that sets them."""
    [style] = re.findall(r"<style>(.*?)</style>", page, re.S)
    return {
        "light": palette(style, ":root {"),
        "dark": palette(style, ':root[data-theme="dark"] {'),
        "system": palette(style, ":root:not([data-theme]) {"),
    }


def test_the_system_and_the_switch_give_the_same_dark_page(
    surfaces: dict[str, dict[str, str]],
) -> None:
    assert surfaces["dark"] == surfaces["system"]
    assert surfaces["dark"].keys() == surfaces["light"].keys()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_is_readable_on_every_background(
    surfaces: dict[str, dict[str, str]], name: str
) -> None:
    colours = surfaces[name]
    for text in ("ink", "quiet", "link"):
        for background in ("paper", "tint", "signal-tint"):
            assert contrast(colours[text], colours[background]) >= TEXT_CONTRAST, (text, background)


def test_charts_and_page_share_their_surfaces(surfaces: dict[str, dict[str, str]]) -> None:
    for name, colours in (("light", theme.LIGHT), ("dark", theme.DARK)):
        assert {role: surfaces[name][role] for role in colours} == colours


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        shares = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        parts = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


ORIGIN = Provenance(title="Claims", as_of=None, sources=Table(()))


def test_a_written_file_is_the_rendered_page(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("an older report")
    write(target, [], ORIGIN)
    assert target.read_bytes() == render([], ORIGIN).encode("utf-8")
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClaimstatsError, match=r"the folder .*missing does not exist"):
        write(tmp_path / "missing" / "report.html", [], ORIGIN)


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClaimstatsError, match="cannot write"):
        write(tmp_path, [], ORIGIN)


def test_a_failed_write_leaves_the_older_report_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.html"
    target.write_text("an older report")

    def full(self: Path, content: bytes) -> int:
        self.write_text("half a page")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ClaimstatsError, match="No space left on device"):
        write(target, [], ORIGIN)
    assert target.read_text() == "an older report"
    assert list(tmp_path.iterdir()) == [target]
