"""Texts are said in the language spoken now: plurals, numbers and the words between them."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest

from claimstats import language
from claimstats.errors import ParameterError
from claimstats.finding import show_value
from claimstats.language import Language, amount, listed, say, say_n, sentence, speaking

GERMAN = Language("de", "de", decimal=",", group=".")


class Loud(gettext.NullTranslations):
    """A language whose texts are those of English in capitals, with three plurals."""

    def gettext(self, message: str) -> str:
        return message if "{" in message else message.upper()

    def ngettext(self, one: str, many: str, n: int) -> str:
        return {1: "one {n}", 2: "two {n}"}.get(n, "many {n}")


@pytest.fixture
def loud() -> Iterator[None]:
    with speaking(Language("xx", "xx", Loud())):
        yield


def test_english_is_what_the_code_says():
    assert say("open") == "open"
    assert language.code() == language.tag() == "en"


def test_places_are_filled_by_name():
    assert say("{b} before {a}", a="last", b="first") == "first before last"


def test_braces_in_what_fills_a_place_stay():
    assert say("{name}!", name="{0}{name}%s") == "{0}{name}%s!"


def test_text_without_places_may_hold_braces():
    assert say("{as it is}") == "{as it is}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1,234,567"), (np.int64(1200), "1,200"), (-1200, "-1,200"), (95.0, "95"),
        (97.5, "97.5"), (np.float64(0.25), "0.25"), (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5), "2026-01-02 03:04"), ("2026", "2026"),
        (Decimal("1.5"), "1.5"),
    ],
)  # fmt: skip
def test_values_are_written_for_a_reader(value, shown):
    assert say("{value}", value=value) == shown


def test_one_has_the_singular_and_all_else_the_plural():
    said = [say_n("{n} claim is open", "{n} claims are open", n) for n in (0, 1, 2, 1200)]
    assert said == [
        "0 claims are open", "1 claim is open", "2 claims are open", "1,200 claims are open",
    ]  # fmt: skip


@pytest.mark.usefixtures("loud")
def test_language_has_as_many_plurals_as_it_needs():
    assert [say_n("a", "b", n) for n in (1, 2, 3)] == ["one 1", "two 2", "many 3"]


@pytest.mark.usefixtures("loud")
def test_texts_are_those_of_the_language_spoken():
    assert say("open") == "OPEN"


def test_empty_text_is_no_catalogues_header():
    with speaking("zh"):
        assert say("") == ""


def test_language_is_spoken_until_the_end_of_the_block_whatever_happens():
    with pytest.raises(KeyError), speaking("zh"):
        raise KeyError
    assert language.code() == "en"


def test_languages_may_be_nested():
    with speaking("zh"):
        with speaking("en"):
            assert language.code() == "en"
        assert language.code() == "zh"


def test_language_set_is_spoken_until_another_is():
    language.set_language("zh")
    try:
        assert language.code() == "zh"
        with speaking("en"):
            assert language.code() == "en"
        assert language.code() == "zh"
    finally:
        language.set_language("en")
    assert language.code() == "en"


def test_thread_speaks_the_language_of_the_context_it_is_given():
    with speaking("zh"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(language.code).result() == "en"
        assert pool.submit(copy_context().run, language.code).result() == "zh"


def test_unknown_language_is_refused_with_those_there_are():
    with (
        pytest.raises(ParameterError, match=r"no language 'xx'\. Allowed: en, .*zh"),
        speaking("xx"),
    ):
        pass
    with pytest.raises(ParameterError):
        language.set_language("../zh")


def test_numbers_have_the_signs_of_the_language():
    assert amount("1,234.5") == "1,234.5"
    with speaking(GERMAN):
        assert amount("1,234.5") == "1.234,5"
        assert say("{n}", n=1234567) == "1.234.567"
        assert show_value(0.438, "share") == "43,8 %"
        assert show_value(1234.5, "amount") == "1.234,50"
        assert show_value(0.0002, "p_value") == "< 0,001"


def test_days_and_texts_keep_their_points():
    with speaking(GERMAN):
        assert say("{file} {at}", file="orders.csv", at=date(2026, 1, 2)) == "orders.csv 2026-01-02"


def test_words_are_listed_and_clauses_joined_with_the_signs_of_the_language():
    assert listed(["a", "b"]) == "a, b"
    assert listed([]) == ""
    assert sentence(["a", "b"]) == "a; b."
    with speaking("zh"):
        assert listed(["甲", "乙"]) == "甲、乙"
        assert sentence(["甲", "乙"]) == "甲；乙。"
