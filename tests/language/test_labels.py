"""Every column, table, analysis and parameter has a name for readers, in every language."""

from __future__ import annotations

import pytest

from claimstats.analyses import REGISTER
from claimstats.language import label, languages, speaking
from claimstats.language.labels import APPROVED_BY, LABELS, WHOSE
from claimstats.titles import UNKNOWN, english, title, titles


def test_own_column_keeps_its_name_without_underscores():
    assert label("case_owner") == "case owner"
    assert label("lower_bound") == "lower bound"


def test_limits_say_whose_they_are():
    assert label("lower") == "lower limit"
    assert label("equal_age_upper") == "rate at equal age, upper limit"


def test_share_approved_by_an_age_says_the_age():
    assert label("approved_45d") == "approved by day 45"
    assert label("approved_45d_lower") == "approved by day 45, lower limit"
    with speaking("zh"):
        assert "45" in label("approved_45d") != "approved by day 45"


def test_limit_of_nothing_known_keeps_its_name():
    assert label("my_lower") == "my lower"


@pytest.mark.parametrize("room", REGISTER, ids=lambda room: room.name)
def test_everything_in_a_finding_has_a_label(room, sample):
    found = room(sample)
    columns = [c.name for table in (found.summary, *found.details.values()) for c in table.columns]
    named = {found.name, *columns, *found.details, *found.parameters}
    known = LABELS.keys() | {f"{whose}_{end}" for whose in WHOSE for end in ("lower", "upper")}
    known |= {name for name in named if APPROVED_BY.match(name)}
    assert named - known == set()


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("room", REGISTER, ids=lambda room: room.name)
def test_columns_of_one_table_have_names_of_their_own(room, code, sample):
    with speaking(code):
        found = room(sample)
        for table in (found.summary, *found.details.values()):
            names = [column.label for column in table.columns]
            assert sorted(set(names)) == sorted(names)


def test_labels_are_not_codes():
    assert not [text for text in LABELS.values() if "_" in text]


def test_codes_have_titles_in_both_languages():
    assert title("program", "amazon_atoz") == "Amazon A-to-z Guarantee"
    with speaking("zh"):
        assert "A-to-z 索赔" in title("program", "amazon_atoz")
        assert "拒付" in title("program", "amazon_chargeback")


def test_what_is_no_code_is_its_own_title():
    assert title("program", "my own") == "my own"
    assert title("sku", "amazon_atoz") == "amazon_atoz"


def test_nothing_known_has_a_title_in_every_column():
    with speaking("zh"):
        assert titles("sku")[UNKNOWN] == titles("program")[UNKNOWN] != UNKNOWN


def test_titles_are_those_of_the_books_own_tables(empty):
    for column, table in (
        ("program", "programs"),
        ("reason", "reasons"),
        ("kind", "evidence_kinds"),
    ):
        rows = empty.rows(f"SELECT {column} AS code, title FROM {table}")
        assert {row["code"]: row["title"] for row in rows} == english()[column]
