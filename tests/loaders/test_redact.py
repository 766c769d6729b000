from __future__ import annotations

import pytest

from claimstats.loaders.redact import MASK, Redaction
from claimstats.loaders.text import Record


def masked(raw: str, values: list[str], *places: int, delimiter: str = ",") -> str:
    return Redaction(delimiter, frozenset(places)).text_of(Record(2, values, None, raw))


def broken(raw: str, delimiter: str = "\t") -> str:
    return Redaction(delimiter, frozenset({1})).text_of(Record(2, [], "a reason", raw))


def test_whole_record_keeps_all_but_the_masked_places() -> None:
    assert (
        masked("111,Ann Lee,,12,50", ["111", "Ann Lee", "", "12", "50"], 1, 2) == "111,***,,12,50"
    )


def test_quotes_of_the_other_fields_stay_as_they_are() -> None:
    raw = '"111","Lee, Ann","a ""b""",x'
    assert masked(raw, ["111", "Lee, Ann", 'a "b"', "x"], 1) == '"111",***,"a ""b""",x'


def test_masked_field_may_span_lines_and_stand_last() -> None:
    assert masked('1,"Main St\n12"', ["1", "Main St\n12"], 1) == "1,***"
    assert masked('"Main St\r\n12",1', ["Main St\r\n12", "1"], 0) == "***,1"


def test_inch_marks_where_quotes_enclose_nothing_are_no_trouble() -> None:
    raw = '27" flat\tAnn\t"x'
    assert masked(raw, raw.split("\t"), 1, delimiter="\t") == '27" flat\t***\t"x'
    raw = '"Ann\tLee"\tx'
    assert masked(raw, raw.split("\t"), 0, 1, delimiter="\t") == "***\t***\tx"


def test_text_that_does_not_show_its_fields_is_written_anew_from_the_values() -> None:
    assert masked('{"a": 1}', ["1", "Ann", 'x, "y"'], 1) == '1,***,"x, ""y"""'


def test_nothing_is_masked_where_no_column_is_personal() -> None:
    assert masked("1,Ann", ["1", "Ann"]) == "1,Ann"
    assert Redaction(",", frozenset()).text_of(Record(2, [], "why", "1,Ann,2")) == "1,Ann,2"


@pytest.mark.parametrize(
    "harmless",
    [
        "113-1234567-1234567", "12345-67890-1234567", "2026-05-08", "2026-05-08T23:36:26+00:00",
        "2026-05-08 23:36", "8-May-2026", "10-Jul-2025 10:30:00", "12.50", "-1,482.49", "1.234,56",
        "EUR", "true", "No", "", "  ", '"12.50"', "dp_1NqXY2eZvKYlo2C1",
    ],
)  # fmt: skip
def test_broken_record_keeps_what_is_unmistakable(harmless: str) -> None:
    assert broken(f"x\t{harmless}\tx") == f"***\t{harmless}\t***"


@pytest.mark.parametrize(
    "doubtful",
    [
        "Ann Lee", "LEE", "KIM", "12", "7712", "77123", "77123-4455", "+49 170 1234567",
        "555-123-4567", "91-98765-43210", "ann@planted.example", "12 Main St", "1985-05-08",
        "May", "Shipped", "true story", "1", "12.5", "4111 1111 1111 1111", "'2026-05-08",
    ],
)  # fmt: skip
def test_broken_record_masks_what_could_be_personal(doubtful: str) -> None:
    assert broken(f"12.50\t{doubtful}") == f"12.50\t{MASK}"


def test_broken_record_keeps_its_shape() -> None:
    assert broken('1;"Lee, Ann;\n;EUR', ";") == "***;***;\n;EUR"
