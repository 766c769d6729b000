"""Each language says every text of the code, keeps its places, and holds nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from claimstats import language
from claimstats.language import say, say_n, speaking

ROOT = Path(__file__).parents[2]
TERMS = {
    "A-to-z": "A-to-z", "SAFE-T": "SAFE-T", "chargeback": "拒付", "appeal": "申诉",
    "reimbursement": "赔偿", "p value": "p 值", "median": "中位数",
}  # fmt: skip
"""What Chinese sellers call it, wherever the English text has the term."""

translated = pytest.mark.parametrize("code", language.languages()[1:])


def messages(code: str):
    with files("claimstats.language").joinpath(f"{code}.po").open("rb") as stream:
        return [message for message in read_po(stream) if message.id]


def pairs(code: str):
    """Each English form with what the language says for it."""
    for message in messages(code):
        forms = (message.id,) if isinstance(message.id, str) else message.id
        said = (message.string,) if isinstance(message.string, str) else message.string
        yield forms[-1], tuple(filter(None, said))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_catalogues_hold_what_the_code_says_and_nothing_else():
    """`make words` brings them up to it; what is new then waits to be said."""
    run = subprocess.run(
        [sys.executable, "docs/catalogue.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert run.stderr == ""
    assert run.returncode == 0


@translated
def test_places_are_kept(code):
    """The number may be left out: some languages say "a claim" for one."""
    wrong = [
        (text, s)
        for text, said in pairs(code)
        for s in said
        if places(text) - {"n"} != places(s) - {"n"} or not places(s) <= places(text)
    ]
    assert wrong == []


def test_places_are_names_alone():
    """What fills them is written by `say`, which knows the language's signs."""
    found = [
        (text, part)
        for text, _ in pairs("zh")
        for part in Formatter().parse(text)
        if part[1] is not None and (not part[1].isidentifier() or part[2] or part[3])
    ]
    assert found == []


@translated
def test_no_text_is_marked_as_doubtful(code):
    assert [message.id for message in messages(code) if message.fuzzy] == []


def test_chinese_has_the_words_of_chinese_sellers():
    wrong = [
        (text, said[0])
        for text, said in pairs("zh")
        for term, chinese in TERMS.items()
        if re.search(rf"(?<![\w-]){term}s?(?!\w)", text, re.IGNORECASE) and chinese not in said[0]
    ]
    assert wrong == []


def test_chinese_texts_have_chinese_marks():
    """A comma or a full stop of Latin script after a Chinese letter is a slip of the keyboard."""
    slips = [s for _, said in pairs("zh") for s in said if re.search("[\u4e00-\u9fff][,;:?!.]", s)]
    assert slips == []


def test_chinese_is_said():
    with speaking("zh"):
        assert say("How many claims are approved?") == "有多少索赔获得批准？"
        assert say_n("{n} file", "{n} files", 1200) == "1,200 个文件"


def test_text_that_no_catalogue_has_stays_english():
    with speaking("zh"):
        text = "a text that nobody says"
        assert say(text) == text


def test_page_names_the_language_by_its_tag():
    with speaking("zh"):
        assert language.tag() == "zh-Hans"


GERMAN = """
msgid ""
msgstr ""
"Language: de\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Dark"
msgstr "Dunkel"

msgid "{n} file"
msgid_plural "{n} files"
msgstr[0] "{n} Datei"
msgstr[1] "{n} Dateien"
"""


@pytest.fixture
def german(tmp_path, monkeypatch):
    (tmp_path / "de.po").write_text(GERMAN, encoding="utf-8")
    monkeypatch.setattr("claimstats.language.catalogue.files", lambda package: tmp_path)
    language.read.cache_clear()
    yield
    language.read.cache_clear()


@pytest.mark.usefixtures("german")
def test_language_more_is_one_file():
    assert language.languages() == ("en", "de")
    with speaking("de"):
        assert language.tag() == "de"
        assert say("Dark") == "Dunkel"
        assert say_n("{n} file", "{n} files", 1) == "1 Datei"
        assert say_n("{n} file", "{n} files", 1200) == "1.200 Dateien"


@pytest.mark.parametrize("header", ["", 'msgid ""\nmsgstr "Language: zh_Hans\\n"\n\n'])
def test_catalogue_that_does_not_name_its_language_is_said(tmp_path, monkeypatch, header):
    (tmp_path / "de.po").write_text(header + 'msgid "Dark"\nmsgstr "Dunkel"\n', encoding="utf-8")
    monkeypatch.setattr("claimstats.language.catalogue.files", lambda package: tmp_path)
    language.read.cache_clear()
    with pytest.raises(ValueError, match=r"de\.po does not name its language"):
        language.read("de")
    language.read.cache_clear()
