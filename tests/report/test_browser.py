"""The page in a real browser: it draws, it asks for nothing, it works on paper and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from claimstats.finding import Finding
from claimstats.report import Provenance, Variant, write

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
LONGEST = 60_000
"""Milliseconds that a busy machine may take for all charts."""

Build = Callable[[], tuple[list[Finding], Provenance]]


@dataclass
class Visit:
    """One open page, and what it said and asked for."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def ask(self, script: str) -> Any:
        """Return what a script says about the page."""
        return self.page.evaluate(script)

    def texts(self, selector: str) -> list[str]:
        """Return the text of each element of `selector`."""
        return [text.strip() for text in self.page.locator(selector).all_text_contents()]

    def click_first(self, selector: str) -> None:
        """Click the first element of `selector`."""
        self.page.locator(selector).first.click()


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    findings: list[Finding],
    provenance: Provenance,
    variants: list[Variant],
    hostile: Build,
) -> Path:
    """Write the reports that are visited."""
    written = tmp_path_factory.mktemp("reports")
    write(written / "report.html", findings, provenance, variants)
    write(written / "hostile.html", *hostile())
    write(written / "empty.html", [], Provenance(title="Nothing", as_of=None))
    return written


@dataclass
class Desk:
    """Opens reports in fresh contexts, and closes them all."""

    browser: Any
    folder: Path
    contexts: list[Any] = field(default_factory=list)

    def visit(
        self, name: str = "report.html", viewport: dict[str, int] = WIDE, **more: Any
    ) -> Visit:
        """Open a report and wait for its charts."""
        context = self.browser.new_context(viewport=viewport, **more)
        self.contexts.append(context)
        seen = Visit(context.new_page())
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        path, hash_mark, place = name.partition("#")
        seen.page.goto((self.folder / path).as_uri() + hash_mark + place)
        if more.get("java_script_enabled", True):
            seen.page.wait_for_selector("html[data-charts]", state="attached", timeout=LONGEST)
        return seen

    def close(self) -> None:
        """Close what was opened."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def visit(browser: Any, folder: Path) -> Iterator[Callable[..., Visit]]:
    """Return a way to open a report."""
    desk = Desk(browser, folder)
    yield desk.visit
    desk.close()


@pytest.fixture(scope="module")
def seen(browser: Any, folder: Path) -> Iterator[Visit]:
    """Return a visit for those who leave the page as they found it."""
    desk = Desk(browser, folder)
    yield desk.visit(permissions=["clipboard-read", "clipboard-write"])
    desk.close()


REPORTS = ("report.html", "hostile.html", "empty.html")


@pytest.mark.parametrize("name", REPORTS)
def test_every_chart_is_drawn_in_silence_and_without_the_network(
    visit: Callable[..., Visit], name: str
) -> None:
    seen = visit(name)
    first, *further = seen.requests
    assert seen.complaints == []
    assert seen.ask("document.documentElement.dataset.charts") == "drawn"
    assert seen.page.locator(".plot:has(.main-svg)").count() == seen.page.locator(".plot").count()
    assert first.startswith("file:")
    assert all(url.startswith(("blob:", "data:")) for url in further)


def test_marks_are_drawn_for_every_row(seen: Visit, findings: list[Finding]) -> None:
    for finding, plot in zip(findings[:2], seen.page.locator(".plot").all(), strict=False):
        assert plot.locator(".points path").count() == 2 * len(finding.summary)


def test_charts_fit_their_column(visit: Callable[..., Visit]) -> None:
    widths = "[...document.querySelectorAll('.plot')].map(p => [p.scrollWidth, p.clientWidth])"
    for viewport in (WIDE, NARROW):
        assert all(inner <= outer for inner, outer in visit(viewport=viewport).ask(widths))


def test_no_button_offers_to_send_a_chart_away(seen: Visit) -> None:
    seen.page.locator(".plot").first.hover()
    assert seen.page.locator(".modebar-btn, .plotlyjsicon").count() == 0
    buttons = {text.split(",")[0] for text in seen.texts("button")}
    assert not {text for text in buttons if re.search("share|cloud|edit", text, re.I)}
    assert seen.ask("document.querySelector('.plot')._context.showSendToCloud") is False


def theme(seen: Visit) -> tuple[str, str, str]:
    """Return the page's theme, its background and its first chart's."""
    background = "getComputedStyle({}).backgroundColor"
    return (
        seen.ask("document.documentElement.dataset.theme"),
        seen.ask(background.format("document.body")),
        seen.ask(background.format("document.querySelector('.plot .main-svg')")),
    )


LIGHT = ("light", "rgb(255, 255, 255)", "rgb(255, 255, 255)")
DARK = ("dark", "rgb(20, 23, 28)", "rgb(20, 23, 28)")


def test_the_page_and_its_charts_follow_the_system(visit: Callable[..., Visit]) -> None:
    assert theme(visit(color_scheme="light")) == LIGHT
    seen = visit(color_scheme="dark")
    assert theme(seen) == DARK
    seen.page.emulate_media(color_scheme="light")
    seen.page.wait_for_selector("html[data-theme=light]")
    assert theme(seen) == LIGHT


def test_the_switch_turns_the_page_and_its_charts(visit: Callable[..., Visit]) -> None:
    seen = visit(color_scheme="light")
    seen.click_first("#theme-switch")
    assert theme(seen) == DARK
    assert seen.ask("document.querySelector('#theme-switch').ariaPressed") == "true"
    seen.click_first("#theme-switch")
    assert theme(seen) == LIGHT
    assert seen.complaints == []


def test_the_chosen_theme_is_kept_when_the_page_is_opened_again(
    visit: Callable[..., Visit],
) -> None:
    seen = visit(color_scheme="light")
    seen.click_first("#theme-switch")
    seen.page.reload()
    seen.page.wait_for_selector("html[data-charts]", state="attached", timeout=LONGEST)
    assert theme(seen) == DARK


@contextmanager
def downloaded(seen: Visit) -> Iterator[list[Any]]:
    """Hold the download that the block starts."""
    found: list[Any] = []
    with seen.page.expect_download() as waiting:
        yield found
    found.append(waiting.value)


def test_a_table_is_saved_as_csv_with_bare_numbers(seen: Visit, findings: list[Finding]) -> None:
    with downloaded(seen) as files:
        seen.click_first("[data-csv=approval_rate-table]")
    content = Path(files[0].path()).read_bytes()
    head, first, *_ = content.decode("utf-8-sig").split("\r\n")
    table = findings[0].summary
    assert content.startswith(b"\xef\xbb\xbf")
    assert files[0].suggested_filename == "approval_rate-table.csv"
    assert head.split(",") == list(table.names)
    assert first.split(",")[:2] == ["SAFE-T", "seller to platform"]
    assert float(first.split(",")[7]) == pytest.approx(table["rate"][0], rel=1e-5)
    assert content.count(b"\r\n") == len(table) + 1


def test_negative_numbers_stay_numbers_in_csv(seen: Visit) -> None:
    with downloaded(seen) as files:
        seen.click_first("[data-csv=evidence_quality-table]")
    lines = Path(files[0].path()).read_text("utf-8-sig").splitlines()
    assert "Correspondence,322,-1.8,-11,7.4,-0.9,false" in lines


def test_cells_that_begin_like_formulas_are_harmless_in_csv(visit: Callable[..., Visit]) -> None:
    seen = visit("hostile.html")
    with downloaded(seen) as files:
        seen.click_first("[data-csv=evidence_quality-table]")
    content = Path(files[0].path()).read_bytes().decode("utf-8-sig")
    lines = content.split("\r\n")
    assert '"\'=HYPERLINK(""http://evil.example"",""claim"")",-25,' in lines
    assert "'@SUM(1+1),-25," in lines
    assert "'\t=1+1,-25," in lines
    assert not [line for line in lines if line.startswith(("=", "@", "+", "\t", "\r"))]


def test_a_chart_is_saved_as_a_picture(seen: Visit) -> None:
    with downloaded(seen) as files:
        seen.click_first("[data-png]")
    assert Path(files[0].path()).read_bytes().startswith(b"\x89PNG")
    assert files[0].suggested_filename == "approval_rate-plot.png"
    assert seen.complaints == []


def test_the_query_is_copied(seen: Visit, findings: list[Finding]) -> None:
    seen.click_first("details.method summary")
    seen.click_first("[data-copy=approval_rate-sql]")
    seen.page.wait_for_selector("#announcer:has-text('Copied')", state="attached")
    assert seen.ask("navigator.clipboard.readText()") == findings[0].sql


@pytest.mark.parametrize("name", REPORTS)
def test_a_phone_never_scrolls_sideways(visit: Callable[..., Visit], name: str) -> None:
    seen = visit(name, NARROW)
    seen.ask("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert seen.ask("document.documentElement.scrollWidth") == NARROW["width"]


def test_turning_a_phone_lays_the_charts_out_again(visit: Callable[..., Visit]) -> None:
    seen = visit(viewport=NARROW)
    labels = ".plot >> nth=0 >> .yaxislayer-above text"
    assert seen.page.locator(labels).count() == 0
    seen.page.set_viewport_size(WIDE)
    seen.page.wait_for_selector(".plot .yaxislayer-above text")
    assert seen.texts(labels) == ["SAFE-T", "A-to-z guarantee", "FBA reimbursement", "Chargeback"]


def unspaced(text: str) -> str:
    """Return a text without spaces, which a bookmark loses where its heading's line ends."""
    return "".join(text.split())


def bookmarks(pdf: bytes) -> set[str]:
    """Return the headings that a PDF lists, without spaces (PDF 32000-1, 7.3.4 and 7.9.2)."""
    literal = re.findall(r"/Title \((.*?)\)\n", pdf.decode("latin-1"))
    hexadecimal = re.findall(rb"/Title <(.*?)>", pdf)
    texts = [re.sub(r"\\(.)", r"\1", text) for text in literal]
    texts += [bytes.fromhex(text.decode()).decode("utf-16") for text in hexadecimal]
    return {unspaced(text) for text in texts}


@pytest.mark.parametrize("viewport", [WIDE, NARROW])
def test_the_printed_page_holds_every_headline(
    visit: Callable[..., Visit], findings: list[Finding], viewport: dict[str, int]
) -> None:
    seen = visit(viewport=viewport)
    titles = bookmarks(seen.page.pdf(format="A4", outline=True, tagged=True))
    assert {unspaced(finding.headline) for finding in findings} | {"Sources"} <= titles


def test_charts_on_paper_are_light_and_as_wide_as_the_paper(visit: Callable[..., Visit]) -> None:
    seen = visit(viewport=NARROW, color_scheme="dark")
    before = seen.ask("document.querySelector('.plot').clientWidth")
    width = "document.querySelector('.plot .main-svg').width.baseVal.value"
    is_open = "document.querySelector('details.method').open"
    seen.page.emulate_media(media="print", color_scheme="dark")
    seen.page.wait_for_function(f"() => {width} === 680")
    assert seen.ask(is_open)
    assert theme(seen)[1:] == LIGHT[1:]
    seen.page.emulate_media(media="screen", color_scheme="dark")
    seen.page.wait_for_function(f"() => {width} === {before}")
    assert not seen.ask(is_open)
    assert theme(seen) == DARK


def test_wide_tables_are_printed_in_pieces_that_hold_every_column(
    visit: Callable[..., Visit],
) -> None:
    seen = visit()
    heads = "(table) => [...table.tHead.rows[0].cells].map((cell) => cell.dataset.name)"
    (wide,) = seen.ask(f"[...document.querySelectorAll('#approval_rate table.wide')].map({heads})")
    seen.page.emulate_media(media="print")
    seen.page.wait_for_selector("#approval_rate .piece")
    pieces = seen.ask(f"[...document.querySelectorAll('#approval_rate .piece')].map({heads})")
    lead = wide[:2]  # the group and who claims, which say what a row is
    assert lead + [name for piece in pieces for name in piece[2:]] == wide
    assert all(len(piece) <= 9 and piece[:2] == lead for piece in pieces)
    rows = "(table) => table.tBodies[0].rows.length"
    assert (
        len(set(seen.ask(f"[...document.querySelectorAll('#approval_rate table')].map({rows})")))
        == 1
    )
    assert not seen.page.locator("#approval_rate table.wide").is_visible()
    seen.page.emulate_media(media="screen")
    seen.page.wait_for_function("() => !document.querySelector('.piece')")
    assert seen.page.locator("#approval_rate table.wide").is_visible()


def test_contents_of_a_narrow_page_follow_the_section_that_is_read(
    visit: Callable[..., Visit],
) -> None:
    seen = visit(viewport=NARROW)
    seen.ask("document.querySelector('.finding:last-of-type').scrollIntoView()")
    seen.page.wait_for_function("() => document.querySelector('.contents ul').scrollLeft > 0")


def test_hostile_texts_run_nothing_and_are_drawn_letter_for_letter(
    visit: Callable[..., Visit],
) -> None:
    seen = visit("hostile.html")
    assert seen.page.locator("img, b, .plot a").count() == 0
    labels = seen.texts(".plot >> nth=0 >> .yaxislayer-above text")
    assert "</script><img src=x onerror=alert(1…" in labels
    assert '=HYPERLINK("http://evil.example","c…' in labels
    assert "'\"`> <script>alert(2)</script>" in labels
    seen.page.locator(".plot >> nth=0 >> .points path >> nth=3").hover(force=True)
    hovered = seen.texts(".plot >> nth=0 >> .hoverlayer text")
    assert hovered[0].startswith("📦 <b>bold</b> %{y} {{ 7*7 }} $x$ & &lt;")


def test_without_script_headlines_and_tables_are_there(
    visit: Callable[..., Visit], findings: list[Finding]
) -> None:
    seen = visit(java_script_enabled=False)
    assert seen.page.get_by_text("The charts need JavaScript.").is_visible()
    for finding in findings:
        assert seen.page.get_by_role("heading", name=finding.headline).is_visible()
    assert seen.page.locator("table").first.is_visible()
    assert not [b for b in seen.page.locator("button").all() if b.is_visible()]


def test_a_browser_without_decompression_keeps_the_tables(
    browser: Any, folder: Path, findings: list[Finding]
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("delete globalThis.DecompressionStream")
    page.goto((folder / "report.html").as_uri())
    page.wait_for_selector("html[data-charts=failed]", state="attached")
    assert page.locator(".plot.failed").count() == len(findings)
    assert page.locator(".plot.failed").first.is_visible()
    context.close()


def test_the_first_stop_of_the_keyboard_leads_past_the_contents(
    visit: Callable[..., Visit],
) -> None:
    seen = visit()
    seen.page.keyboard.press("Tab")
    assert seen.ask("document.activeElement.textContent") == "Skip to the findings"
    seen.page.keyboard.press("Enter")
    assert seen.ask("document.activeElement.id") == "main"


def test_the_contents_stay_in_view_and_mark_what_is_read(visit: Callable[..., Visit]) -> None:
    seen = visit(reduced_motion="reduce")
    seen.click_first(".contents a[href='#evidence_quality']")
    seen.page.wait_for_selector(".contents a[href='#evidence_quality'][aria-current]")
    assert seen.ask("location.hash") == "#evidence_quality"
    assert seen.page.locator(".contents").is_visible()
    assert seen.ask("document.querySelector('.contents').getBoundingClientRect().top") == 0


def chosen(seen: Visit) -> tuple[str, str, str]:
    """Return what is chosen, the address's end, and the first headline without its link."""
    title = seen.page.locator("#approval_rate h2").text_content()
    return (
        seen.ask("document.querySelector('#switch select').value"),
        seen.ask("location.hash"),
        re.sub(r"\s+", " ", title.removesuffix("#")).strip(),
    )


def test_the_switch_shows_the_variant_and_the_address_keeps_it(
    visit: Callable[..., Visit], findings: list[Finding], variants: list[Variant]
) -> None:
    seen = visit()
    everything = ("", "", findings[0].headline)
    german = ("marketplace=DE", "#marketplace=DE", variants[0].findings[0].headline)
    assert chosen(seen) == everything
    seen.page.select_option("#switch select", "marketplace=DE")
    assert chosen(seen) == german
    assert seen.page.locator("#announcer").text_content() == "Showing: DE (199)"
    seen.page.wait_for_function("document.querySelectorAll('.plot .main-svg').length > 10")
    drawn = seen.page.locator("#approval_rate-plot .points path").count()
    assert drawn == 2 * len(variants[0].findings[0].summary)
    assert seen.page.locator("#approval_rate-sql").text_content() == variants[0].findings[0].sql
    seen.click_first(".contents a[href='#evidence_quality']")
    seen.page.wait_for_function("location.hash === '#marketplace=DE&at=evidence_quality'")
    seen.page.reload()
    seen.page.wait_for_selector("html[data-charts]", state="attached", timeout=LONGEST)
    assert chosen(seen) == ("marketplace=DE", "#marketplace=DE&at=evidence_quality", german[2])
    seen.page.select_option("#switch select", "")
    assert chosen(seen)[2] == findings[0].headline
    assert seen.complaints == []


@pytest.mark.parametrize("place", ["marketplace=<img src=x onerror=alert(1)>", "%", "100%&at=%"])
def test_an_address_that_names_no_variant_shows_everything(
    visit: Callable[..., Visit], findings: list[Finding], place: str
) -> None:
    seen = visit(f"report.html#{place}")
    assert seen.ask("document.documentElement.dataset.charts") == "drawn"
    assert chosen(seen)[::2] == ("", findings[0].headline)
    assert seen.page.locator("img").count() == 0


def test_buttons_of_a_variant_work(visit: Callable[..., Visit], variants: list[Variant]) -> None:
    seen = visit("report.html#program=SAFE-T")
    with downloaded(seen) as files:
        seen.click_first("[data-csv=approval_rate-table]")
    lines = Path(files[0].path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(variants[1].findings[0].summary)
    assert (
        seen.page.locator("th[data-name=n_claims]").first.get_attribute("title") == "Claims filed."
    )


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shown", ["", "#marketplace=DE"])
def test_axe_finds_no_barrier(visit: Callable[..., Visit], scheme: str, shown: str) -> None:
    seen = visit(f"report.html{shown}", color_scheme=scheme, bypass_csp=True)
    seen.ask("document.querySelectorAll('details').forEach(d => { d.open = true })")
    seen.ask(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    asked = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}

    def barriers() -> list[tuple[str, str]]:
        found = seen.page.evaluate("asked => axe.run(document, asked)", asked)["violations"]
        return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]

    assert barriers() == []
    if scheme == "light" and not shown:  # that it finds one where there is one
        seen.ask("document.documentElement.removeAttribute('lang')")
        assert [rule for rule, _ in barriers()] == ["html-has-lang"]


def test_an_address_of_nothing_says_what_is_shown_and_goes_where_it_says(
    visit: Callable[..., Visit], findings: list[Finding]
) -> None:
    seen = visit("report.html#program=nope&at=evidence_quality")
    assert chosen(seen) == ("", "#evidence_quality", findings[0].headline)


def test_an_address_typed_in_switches_and_goes_there_and_an_empty_one_shows_everything(
    visit: Callable[..., Visit], findings: list[Finding], variants: list[Variant]
) -> None:
    seen = visit()
    seen.ask("location.hash = '#marketplace=DE&at=evidence_quality'")
    seen.page.wait_for_function("() => document.querySelector('#switch select').value !== ''")
    assert chosen(seen)[2] == variants[0].findings[0].headline
    seen.page.wait_for_function(
        "() => document.getElementById('evidence_quality').getBoundingClientRect().top < 900"
    )
    seen.ask("location.hash = ''")
    seen.page.wait_for_function("() => document.querySelector('#switch select').value === ''")
    assert chosen(seen)[2] == findings[0].headline
    assert seen.complaints == []
