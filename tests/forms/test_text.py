"""CSV that spreadsheets and programs read alike, and text that stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from claimstats.forms.text import csv_field, csv_text, harmless, legible

FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://evil.example")', "\t=1", "\r=1", "\n=1",
    " =1", "\u00a0=1", "\u200b=1", "\u202e=1", "\u2066\u2067=1", "\ufeff=1", "\u00ad=1", "\u2028=1",
    "\u3000=1", "\x00=1", "\x1f=1", "\x85=1", "\u180e=1", "\uff1d1+1", "\uff0b1", "\uff0d1",
    "\uff20SUM(1)", "\tplain", "\nplain", "\rplain", "-",
)  # fmt: skip
PLAIN = (
    "", "late delivery", "1=1", "a-b", " plain", "'=1", "\u202eplain", "📦 =1", "</script>",
    "\u2212 5", "\u05e8=1", "a\n=1", "\U0001f1e9\U0001f1ea-1",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_may_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_the_page_saves_the_same_text_as_the_command_line(page_script: Callable[..., Any]) -> None:
    """One rule in two languages, on the texts above and behind every letter below U+3100."""
    letters = [f"{chr(code)}=1" for code in (*range(0x3100), 0xFEFF, 0xFF1D)]
    for texts in ([*FORMULAS, *PLAIN], letters):
        assert page_script("(...all) => all.map(harmless)", *texts) == [
            harmless(text) for text in texts
        ]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (None, ""),
        (float("nan"), ""),
        (0.1 + 0.2, "0.30000000000000004"),
        (-1.5, "-1.5"),
        (Decimal("12.50"), "12.50"),
        (12345678, "12345678"),
        (True, "true"),
        (datetime(2026, 8, 31, 23, 59, 59), "2026-08-31 23:59:59"),
        (date(2026, 8, 31), "2026-08-31"),
        ("-1.5", "'-1.5"),
        ("a\x00b", "a\N{REPLACEMENT CHARACTER}b"),
    ],
)
def test_a_field_is_bare_and_whole(value: object, field: str) -> None:
    assert str(csv_field(value)) == field


@pytest.mark.parametrize("text", ["a,b", 'say "so"', "two\nlines", "two\r\nlines", "a\rb", "  x "])
def test_text_with_the_signs_of_csv_comes_back(text: str) -> None:
    written = csv_text(["reason", "n"], [[text, 1]])
    assert list(csv.reader(io.StringIO(written, newline=""))) == [["reason", "n"], [text, "1"]]
    assert written.endswith("1\r\n")


def test_a_header_is_made_harmless_too() -> None:
    assert csv_text(["=1"], []) == "'=1\r\n"


def test_letters_that_no_file_may_hold_are_replaced_and_seen() -> None:
    assert legible("\x00\x08\x0b\x1f\ud800\uffff") == "\N{REPLACEMENT CHARACTER}" * 6
    assert legible("tab\tline\r\n📦\u202e") == "tab\tline\r\n📦\u202e"
