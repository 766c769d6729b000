from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from claimstats.errors import FileRefused
from claimstats.loaders import text
from claimstats.loaders.sources import Source
from claimstats.loaders.text import (
    Dialect,
    Record,
    count_lines,
    find_encoding,
    find_header,
    records,
)

HEADER = ("claim_id", "program", "note")

MakeSource = Callable[..., Source]


def dialect(delimiter: str = ",", quoted: bool = True, encoding: str = "utf-8") -> Dialect:
    return Dialect(encoding, delimiter, quoted, HEADER, 1)


def read(source: Source, how: Dialect, keys: tuple[int, ...] = ()) -> list[Record]:
    return list(records(source, how, keys))


@pytest.fixture
def rows_of(source: MakeSource) -> Callable[..., list[Record]]:
    """The records below the header of a file."""

    def of(body: str, how: Dialect | None = None, keys: tuple[int, ...] = ()) -> list[Record]:
        how = how or dialect()
        content = how.delimiter.join(HEADER) + "\n" + body
        return read(source(content.encode(how.encoding)), how, keys)

    return of


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"claim_id,program\nA,b\n", "utf-8"),
        ("Größe, Café".encode(), "utf-8"),
        ("\ufeffGröße".encode(), "utf-8-sig"),
        ("Größe, Café – 5 €".encode("cp1252"), "cp1252"),
        ("ステンレス製ボトル".encode("cp932"), "cp932"),
        ("Amazon.co.jp\t鉄瓶".encode("cp932"), "cp932"),
        ("JPY\tｽﾃﾝﾚｽ".encode("cp932"), "cp932"),
        ("Größe".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "Größe".encode("utf-16-be"), "utf-16"),
    ],
)
def test_encoding_is_the_one_that_was_written(
    source: MakeSource, content: bytes, encoding: str
) -> None:
    assert find_encoding(source(content)) == encoding


@pytest.mark.parametrize(
    "words", ["Jäger, Amazon.co.jp", "JPY\tGröße M", "JPY\t27“ – don’t", "Amazon.co.jp ÖÄ ½"]
)
def test_western_text_that_names_japan_stays_western(source: MakeSource, words: str) -> None:
    content = words.encode("cp1252")
    assert content.decode(find_encoding(source(content))) == words


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n <!DOCTYPE html><html>", "web page"),
        (b"\xef\xbb\xbf<HTML>", "web page"),
        (b"\x1f\x8b\x08\x00", "archive inside an archive"),
        (b"PK\x03\x04", "archive inside an archive"),
        (b"a,b\n1,\x00\n", "line 2: holds a NUL byte"),
        (b"a,b\r1,2\r\x00", "line 3: holds a NUL byte"),
        ("a,b\n1,\0\n".encode("utf-16"), "line 2: holds a NUL byte"),
        ("a,b\n".encode("utf-16-le"), "NUL byte"),
        (b"caf\xc3\x28 \x81\x8d", "fit no encoding"),
        (b"\xef\xbb\xbfcaf\xe9", "fit no encoding"),
        (b"\xff\xfea", "fit no encoding"),
    ],
)
def test_bytes_that_are_no_text_are_refused(
    source: MakeSource, content: bytes, reason: str
) -> None:
    with pytest.raises(FileRefused, match=reason):
        find_encoding(source(content))


@pytest.mark.parametrize(
    ("first_lines", "delimiter", "quoted", "line"),
    [
        ("claim_id,program,note\n", ",", True, 1),
        ("claim_id;program;note\r\n", ";", True, 1),
        ("claim_id\tprogram\tnote\n", "\t", False, 1),
        ('"claim_id"\t"program"\t"note"\n', "\t", True, 1),
        ('"claim_id","program", note \n', ",", True, 1),
        ("sep=,\nclaim_id,program,note\n", ",", True, 2),
        ("My claims\n\n\nclaim_id,program,note\n", ",", True, 4),
        ("claim_id,program,note\rA,b,c\r", ",", True, 1),
        ('claim_id\tprogram\tnote\nA\tb\t27" wide\n', "\t", False, 1),
        ('claim_id\tprogram\tnote\nA\tb\t"27" wide, "new"\n', "\t", False, 1),
        ('claim_id\tprogram\tnote\nA\tb\t"Best"\n', "\t", False, 1),
        ('claim_id\tprogram\tnote\nA\tb\t"open, \nC\td\te\n', "\t", False, 1),
        ('claim_id\tprogram\tnote\nA\tb\t"Bottle, 1 l"\n', "\t", True, 1),
        ('claim_id\tprogram\tnote\nA\tb\t"27"" wide"\n', "\t", True, 1),
        ('claim_id\tprogram\tnote\nA\tb\t"two\nlines"\nC\td\te\n', "\t", True, 1),
        ('claim_id\tprogram\tnote\nA\tb\t"x, y"\nC\td\t27" wide\n', "\t", True, 1),
    ],
)
def test_header_tells_the_dialect(
    source: MakeSource, first_lines: str, delimiter: str, quoted: bool, line: int
) -> None:
    made = source(first_lines.encode())
    found = find_header(made, "utf-8", lambda names: tuple(names) == HEADER)
    above = "".join(first_lines.splitlines(keepends=True)[: line - 1])
    assert found == Dialect("utf-8", delimiter, quoted, HEADER, line, preamble=above)


def test_fields_in_quotes_among_many_inch_marks_are_counted(source: MakeSource) -> None:
    made = source(b'claim_id\tprogram\tnote\nA\tb\t"x, y"\n' + b'A\tb\t27" wide\n' * 2)
    found = find_header(made, "utf-8", lambda names: tuple(names) == HEADER)
    assert found == Dialect("utf-8", "\t", False, HEADER, 1, n_kept_quotes=1)


def test_header_is_looked_for_in_the_first_fifty_lines(source: MakeSource) -> None:
    def find(blank_lines: int) -> Dialect | None:
        made = source(b"\n" * blank_lines + b"claim_id,program,note\n")
        return find_header(made, "utf-8", lambda names: tuple(names) == HEADER)

    assert find(49) is not None
    assert find(50) is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last_end", [True, False])
def test_line_ends_of_every_system_give_the_same_records(
    source: MakeSource, end: str, last_end: bool
) -> None:
    lines = [",".join(HEADER), "A,b,c", "D,e,"]
    made = source((end.join(lines) + end * last_end).encode())
    assert [(r.line_no, r.values, r.raw) for r in read(made, dialect())] == [
        (2, ["A", "b", "c"], "A,b,c"),
        (3, ["D", "e", ""], "D,e,"),
    ]


def test_blank_lines_are_records_without_values(rows_of: Callable[..., list[Record]]) -> None:
    found = rows_of("A,b,c\n\n  \nD,e,f\n\n")
    assert [(r.line_no, bool(r.values)) for r in found] == [
        (2, True), (3, False), (4, False), (5, True), (6, False),
    ]  # fmt: skip
    assert {r.problem for r in found} == {None}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("A,b", "too few fields: 2 found, the header has 3"),
        ("A,b,c,", "an extra field: 4 found, the header has 3"),
        ("A,b,c,d", "an extra field: 4 found, the header has 3"),
        ("A,12,50,c", "an extra field"),
        ('A,"b,c', "a quote is not closed"),
        ('A,27" wide,c', "stands inside a field"),
        ('A,"b"x,c', "stands inside a field"),
        ('A, "b,c",d', "stands inside a field"),
    ],
)
def test_broken_record_is_handed_on_and_the_next_one_read(
    rows_of: Callable[..., list[Record]], line: str, problem: str
) -> None:
    broken, whole = rows_of(f"{line}\nD,e,f\n")
    assert broken.values == []
    assert problem in (broken.problem or "")
    assert (broken.raw, broken.line_no) == (line, 2)
    assert whole == Record(3, ["D", "e", "f"], None, "D,e,f")


def test_quoted_field_may_hold_line_ends_delimiters_and_doubled_quotes(
    rows_of: Callable[..., list[Record]],
) -> None:
    found = rows_of('A,b,"one, two\r\nthree ""four""\n"\nD,e,f\n')
    assert found[0].values == ["A", "b", 'one, two\r\nthree "four"\n']
    assert [r.line_no for r in found] == [2, 5]


def test_open_quote_swallows_no_record_after_it(rows_of: Callable[..., list[Record]]) -> None:
    found = rows_of('A,b,"open\n' + "D,e,f\n" * 300)
    assert found[0].problem is not None
    assert [r.values for r in found[1:]] == [["D", "e", "f"]] * 300


def test_two_stray_quotes_swallow_no_record_between_them(
    rows_of: Callable[..., list[Record]],
) -> None:
    """Taken as one field from quote to quote, the three lines would be one record."""
    found = rows_of('A,b,"open\nD,e,f\nG,h,27"\n', keys=(0, 1))
    assert [r.values for r in found] == [[], ["D", "e", "f"], []]


def test_line_of_prose_inside_a_quoted_field_is_no_record(
    rows_of: Callable[..., list[Record]],
) -> None:
    found = rows_of('A,b,"first line\nthen, as I said, a second\n"\n', keys=(0, 1))
    assert found[0].values == ["A", "b", "first line\nthen, as I said, a second\n"]


def test_quote_in_a_tab_file_is_an_inch_mark(rows_of: Callable[..., list[Record]]) -> None:
    found = rows_of('A\tb\t"27" wide\nD\te\tf\n', dialect("\t", quoted=False))
    assert [r.values for r in found] == [["A", "b", '"27" wide'], ["D", "e", "f"]]


def test_enormous_line_is_refused_with_its_number(source: MakeSource) -> None:
    made = source(b"claim_id,program,note\nA,b,c\nA,b," + b"x" * text.LONGEST_LINE)
    with pytest.raises(FileRefused, match=r"line 3: has more than 4,194,304 characters"):
        read(made, dialect())


pieces = st.text(alphabet='Ab "",\t;\n\r\n\r é', max_size=60)


@given(body=pieces, delimiter=st.sampled_from("\t,;"), quoted=st.booleans())
@example(body='"\n"",x\n"', delimiter=",", quoted=True)
@example(body='A,"\r\n\r\n",b', delimiter=",", quoted=True)
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_line_is_in_one_record(
    source: MakeSource, body: str, delimiter: str, quoted: bool
) -> None:
    how = dialect(delimiter, quoted)
    made = source(("header\n" + body).encode())
    found = read(made, how, (0,))
    assert 1 + sum(r.n_lines for r in found) == count_lines(made, "utf-8")
    at = 2
    for record in found:
        assert record.line_no == at
        at += record.n_lines
    assert _bare("".join(r.raw for r in found)) == _bare(body)
    assert all(len(r.values) in (0, len(HEADER)) for r in found)


def _bare(lines: str) -> str:
    return lines.replace("\r", "").replace("\n", "")
