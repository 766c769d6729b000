"""How the text of a field becomes a value: what is taken, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimstats import sql

Ask = Callable[..., Any]

EVERYTHING = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """The value that a macro makes of its arguments."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(sql.read("reference"))
    connection.execute(sql.read("venues"))
    connection.execute(sql.read("parsing", "claimstats.loaders"))

    def of(macro: str, *arguments: str) -> Any:
        marks = ", ".join("?" for _ in arguments)
        return connection.execute(f"SELECT {macro}({marks})", arguments).fetchall()[0][0]

    yield of
    connection.close()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-05-08", datetime(2026, 5, 8)),
        ("8-May-2026", datetime(2026, 5, 8)),
        ("10-JUL-2025", datetime(2025, 7, 10)),
        ("1-May-2026 1:02:03", datetime(2026, 5, 1, 1, 2, 3)),
        ("2026-05-08 23:36", datetime(2026, 5, 8, 23, 36)),
        ("2026-05-08T23:36:26", datetime(2026, 5, 8, 23, 36, 26)),
        ("2026-05-08T23:36:26Z", datetime(2026, 5, 8, 23, 36, 26)),
        ("2026-05-08T23:36:26.25+00:00", datetime(2026, 5, 8, 23, 36, 26, 250000)),
        ("2026-05-08T23:36:26-0700", datetime(2026, 5, 9, 6, 36, 26)),
        ("2026-05-09T01:06:26 +05:30", datetime(2026, 5, 8, 19, 36, 26)),
        ("2024-02-29", datetime(2024, 2, 29)),
    ],
)
def test_time_is_read_to_utc(ask: Ask, text: str, value: datetime) -> None:
    assert ask("parse_time", text) == value


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30", "2026-02-30T00:00:00Z", "30-Feb-2026", "2026-13-01", "2025-02-29",
        "03/04/2026", "3.4.2026", "03.04.2026", "20260508", "08-05-2026", "8-May-26",
        "10-Okt-2025", "2026-05-08T25:00:00Z", "2026-05-08T23:61:00", "2026-05-08T23:36:26 PST",
        "2026-05-08T23:36:26+25:00", "1994-12-31", "2100-01-01", "45000", "yesterday", "--",
    ],
)  # fmt: skip
def test_time_that_is_impossible_or_ambiguous_is_refused(ask: Ask, text: str) -> None:
    assert ask("parse_time", text) is None


ZONED = [
    # What each marketplace's files write: the month is a word.
    ("Sep 4, 2026 1:05:07 AM PDT", datetime(2026, 9, 4, 8, 5, 7)),
    ("Sep 4, 2026, 1:05:07\u202fAM PDT", datetime(2026, 9, 4, 8, 5, 7)),
    ("2026-09-04 01:05:07 UTC", datetime(2026, 9, 4, 1, 5, 7)),
    ("15 Mar 2026 3:22:08 PM UTC", datetime(2026, 3, 15, 15, 22, 8)),
    ("1 Jul 2026 4:24:44 am UTC", datetime(2026, 7, 1, 4, 24, 44)),
    ("31 jul 2026 11:03:59 p.m. GMT-7", datetime(2026, 8, 1, 6, 3, 59)),
    ("2 ago 2026 12:15:00 a. m. GMT-7", datetime(2026, 8, 2, 7, 15)),
    ("4 sept. 2026 09:00:00 UTC", datetime(2026, 9, 4, 9)),
    ("5 ao\u00fbt 2026 00:00:01 UTC", datetime(2026, 8, 5, 0, 0, 1)),
    ("1 gen 2026 12.34.56 GMT+01:00", datetime(2026, 1, 1, 11, 34, 56)),
    ("4 sep 2026 9:00:00 GMT", datetime(2026, 9, 4, 9)),
    ("4 Sep 2026 9:00:00 GMT+0530", datetime(2026, 9, 4, 3, 30)),
    ("4 Sep 2026 9:00:00 GMT+09:30", datetime(2026, 9, 3, 23, 30)),
    # Nobody writes year, day, month; Japan glues its zone to the time.
    ("2026/05/08", datetime(2026, 5, 8)),
    ("2026/05/08 1:00:00JST", datetime(2026, 5, 7, 16)),
    ("2099/01/05 01:00:00 UTC", datetime(2099, 1, 5, 1)),
    # Of the countries that write dots all put the day first, and people write no zone.
    ("02.06.2026 18:28:02 UTC", datetime(2026, 6, 2, 18, 28, 2)),
    ("02.06.2026 18:28:02 GMT+02:00", datetime(2026, 6, 2, 16, 28, 2)),
    # Clocks of twelve hours begin with 12.
    ("Jan 1, 2026 12:00:00 AM PST", datetime(2026, 1, 1, 8)),
    ("Jan 1, 2026 12:00:00 PM PST", datetime(2026, 1, 1, 20)),
]


@pytest.mark.parametrize(("text", "value"), ZONED)
def test_time_that_names_its_zone_or_month_is_read_to_utc(
    ask: Ask, text: str, value: datetime
) -> None:
    assert ask("parse_time", text) == value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Mar 8, 2026 1:59:59 AM PST", "Mar 8, 2026 3:00:00 AM PDT"),
        ("Nov 1, 2026 1:59:59 AM PDT", "Nov 1, 2026 1:00:00 AM PST"),
        ("29 Mar 2026 00:59:59 GMT+00:00", "29 Mar 2026 02:00:00 GMT+01:00"),
        ("25 ott 2026 2.59.59 GMT+02:00", "25 ott 2026 2.00.00 GMT+01:00"),
    ],
)
def test_a_second_passes_where_clocks_are_set(ask: Ask, before: str, after: str) -> None:
    assert ask("parse_time", after) - ask("parse_time", before) == timedelta(seconds=1)


@pytest.mark.parametrize(
    "text",
    [
        "Feb 30, 2026 1:00:00 AM PST", "4 foo 2026 09:00:00 UTC", "4 Sep 2026 13:00:00 PM UTC",
        "4 Sep 2026 0:10:00 AM UTC", "4 Sep 2026 24:00:00 UTC", "4 Sep 2026 10:60:00 UTC",
        "4 Sep 2026 10:00:60 UTC", "4 Sep 2026 10:00:00 IST", "4 Sep 2026 10:00:00 BST",
        "4 Sep 2026 10:00:00 GMT+99", "4 Sep 26 10:00:00 UTC", "2026/13/08", "2026/5/8",
        "02.06.2026 18:28:02", "32.06.2026 18:28:02 UTC", "4 Sep 2026 10:00:00 UTC and more",
    ],
)  # fmt: skip
def test_time_of_an_impossible_clock_or_unknown_word_is_refused(ask: Ask, text: str) -> None:
    assert ask("parse_time", text) is None


@given(
    moment=st.datetimes(datetime(1995, 1, 2), datetime(2099, 12, 30)),
    minutes=st.integers(-14 * 60, 14 * 60),
    separator=st.sampled_from("T "),
    colon=st.booleans(),
)
@EVERYTHING
def test_any_iso_time_is_read_with_its_offset(
    ask: Ask, moment: datetime, minutes: int, separator: str, colon: bool
) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    text = there.isoformat(separator)
    shown = text if colon else text[:-3] + text[-2:]
    assert ask("parse_time", shown) == there.astimezone(UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2026-05-08", "day"),
        ("8-May-2026", "day"),
        ("8-May-2026 00:00:00", "instant"),
        ("2026-05-08T00:00:00Z", "instant"),
        ("Sep 4, 2026 1:05:07 AM PDT", "instant"),
        ("1 gen 2026 12.34.56 GMT+01:00", "instant"),
        ("4 Sep 2026", "day"),
        ("02.06.2026", "day"),
    ],
)
def test_precision_is_that_of_the_text(ask: Ask, text: str, precision: str) -> None:
    assert ask("precision_of", text) == precision


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25.0", "25"), ("0", "0"), ("-10.00", "-10"), ("+3.5", "3.5"), ("1482.49", "1482.49"),
        ("1,482.49", "1482.49"), ("12,345,678", "12345678"), ("1234.567", "1234.567"),
        ("0.125", "0.125"), ("99999999999999.9999", "99999999999999.9999"),
    ],
)  # fmt: skip
def test_amount_is_read_to_the_last_digit(ask: Ask, text: str, value: str) -> None:
    assert ask("parse_amount", text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "12,50", "1.234", "-1.234", "1,234", "1.234,56", "12,34.5", "1 234.5", "1'234.50", "$5",
        "5 EUR", "(5.00)", "\u22125", "1e3", "1.23E+10", ".5", "5.", "1.23456", "--", "1,23,456.78",
        "999999999999999", "\u0663",
    ],
)  # fmt: skip
def test_amount_that_could_mean_two_things_is_refused(ask: Ask, text: str) -> None:
    assert ask("parse_amount", text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 150,90", "2150,90"), ("1\u00a0234\u00a0567,00", "1234567,00"),
        ("\u2212 5", "- 5"), ("\u22122\u202f150,90", "-2150,90"), ("12 34", "12 34"),
    ],
)  # fmt: skip
def test_blanks_between_thousands_and_the_long_minus_are_made_plain(
    ask: Ask, text: str, value: str
) -> None:
    assert ask("plain_number", text) == value


number_texts = st.one_of(
    st.text(alphabet="0123456789.,+-", max_size=12),
    st.from_regex(r"[+-]?\d{1,3}(,\d{3}){0,3}(\.\d{1,4})?", fullmatch=True),
)


@given(text=number_texts)
@EVERYTHING
def test_every_amount_taken_is_the_decimal_that_was_written(ask: Ask, text: str) -> None:
    value = ask("parse_amount", text)
    assert value is None or value == Decimal(text.replace(",", ""))


@given(text=st.text(alphabet="0123456789.,+-", max_size=12))
@EVERYTHING
def test_every_whole_number_and_rating_taken_is_what_was_written(ask: Ask, text: str) -> None:
    assert ask("parse_integer", text) in (None, _or_none(int, text))
    rating = ask("parse_rating", text)
    assert rating is None or (rating == Decimal(text) and 0 <= rating <= 5)


def _or_none(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("macro", "text", "value"),
    [
        ("parse_integer", "007", 7),
        ("parse_integer", "1.0", None),
        ("parse_integer", "1234567890", None),
        ("parse_rating", "4.5", Decimal("4.5")),
        ("parse_rating", "5.0", Decimal(5)),
        ("parse_rating", "5.1", None),
        ("parse_rating", "7", None),
        ("parse_rating", "4.55", None),
        ("parse_boolean", "Y", True),
        ("parse_boolean", "False", False),
        ("parse_boolean", "Ja", True),
        ("parse_boolean", "是", True),
        ("parse_boolean", "否", False),
        ("parse_boolean", "perhaps", None),
        ("plain_word", " Photo – Item ", "photo_item"),
        ("plain_state", "no_grant", "NO GRANT"),
        ("reason_of", "CR-SWITCHEROO", "wrong_item"),
        ("reason_of", "sunspots", None),
        ("marketplace_of", "Amazon.co.uk", "GB"),
        ("marketplace_of", "uk", "GB"),
        ("marketplace_of", "Mars", "Mars"),
    ],
)
def test_word_becomes_its_value(ask: Ask, macro: str, text: str, value: object) -> None:
    assert ask(macro, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("  A b\t", "A b"),
        ("\u00a0A\u3000", "A"),
        ("\ufeff\u202aA-1\u202c\u200e", "A-1"),
        ("\x0b\r\nA\n", "A"),
        (" \u200b ", None),
        ("", None),
    ],
)
def test_what_cannot_be_seen_around_a_text_is_no_part_of_it(
    ask: Ask, text: str, value: str | None
) -> None:
    assert ask("bare", text) == value


STATES = [
    ("Under Investigation", "seller_claims", "pending"),
    ("Awaiting Seller Response", "seller_claims", "pending"),
    ("Resolved with Grant", "seller_claims", "granted_full"),
    ("Resolved with No-Grant", "seller_claims", "denied"),
    ("granted_partial", "seller_claims", "granted_partial"),
    ("NEGADO", "seller_claims", "denied"),
    ("won", "seller_claims", "granted_full"),
    ("won", "buyer_claims", "denied"),
    ("lost", "buyer_claims", "granted_full"),
    ("settled_by_seller", "buyer_claims", "settled_by_seller"),
    ("sunspots", "seller_claims", None),
]


@pytest.mark.parametrize(("state", "direction", "outcome"), STATES)
def test_state_means_its_outcome_for_whoever_claims(
    ask: Ask, state: str, direction: str, outcome: str | None
) -> None:
    assert ask("outcome_of", state, direction) == outcome
