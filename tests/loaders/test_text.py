from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from claimstats.errors import FileRefused
from claimstats.loaders import text
from claimstats.loaders.sources import Source
from claimstats.loaders.text import Dialect, Record, count_lines, find_header, records

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
    ("first_lines", "delimiter", "quoted", "line"),
    [
        ("claim_id,program,note\n", ",", True, 1),
        ("claim_id;program;note\r\n", ";", True, 1),
        ("claim_id|program|note\n", "|", True, 1),
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
    preamble = "".join(first_lines.splitlines(keepends=True)[: line - 1])
    assert found == Dialect("utf-8", delimiter, quoted, HEADER, line, preamble=preamble)


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


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_row_beside_a_piece_of_a_field_is_not_taken_for_whole(
    rows_of: Callable[..., list[Record]], delimiter: str
) -> None:
    rows = ["C1,other,one", "C2,other,tw", "o", "C3,other,three", "C4,other,four"]
    body = "\n".join(rows).replace(",", delimiter)
    found = rows_of(body, dialect(delimiter))
    assert [record.line_no for record in found if record.problem] == [3, 4, 5]
    assert [record.values[0] for record in found if record.values] == ["C1", "C4"]


def test_row_beside_half_a_quoted_field_is_not_taken_for_whole(
    rows_of: Callable[..., list[Record]],
) -> None:
    found = rows_of('C1,other,\nCafé, Größe"\nC2,other,two\nC3,other,three\n')
    assert [record.line_no for record in found if record.problem] == [2, 3, 4]


def test_blank_line_parts_a_closing_sentence_from_the_rows(
    rows_of: Callable[..., list[Record]],
) -> None:
    found = rows_of("C1,other,one\n\nEnd of report\n")
    assert [record.line_no for record in found if record.problem] == [4]


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


def test_preamble_is_kept_up_to_a_limit(source: MakeSource) -> None:
    made = source(b"a note\n" * 40 + b"x" * 20_000 + b"\nclaim_id,program,note\n")
    found = find_header(made, "utf-8", lambda names: tuple(names) == HEADER)
    assert found is not None
    assert found.preamble.startswith("a note\na note\n")
    assert len(found.preamble) == text.LONGEST_PREAMBLE


@pytest.mark.parametrize("quoted", [True, False])
def test_byte_order_mark_where_files_were_joined_is_no_part_of_a_value(
    rows_of: Callable[..., list[Record]], quoted: bool
) -> None:
    mark = "\ufeff"
    first = '"A"' if quoted else "A"
    (record,) = rows_of(f"{mark}{first},b,c\n".replace(",", "," if quoted else "\t"),
                        dialect("," if quoted else "\t", quoted))  # fmt: skip
    assert record.values == ["A", "b", "c"]


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        ("A,b,c\nrest\nD,e,f\n", []),
        ("A,b,c\n\nrest\n\nD,e,f\n", ["A", "D"]),
        ("A,b,c\nD,e,f\nTotal\n", ["A", "D"]),
        ("A,b,c\nD,e\nG,h,i\n", ["A", "G"]),
    ],
)
def test_line_of_one_field_casts_doubt_on_the_rows_beside_it(
    rows_of: Callable[..., list[Record]], body: str, whole: list[str]
) -> None:
    """A line break inside a row's last or first field leaves such a line."""
    assert [r.values[0] for r in rows_of(body) if r.values] == whole


field = st.text(st.sampled_from("aé ,;|\t\"'\n0日"), max_size=6).filter(
    lambda value: value == value.strip()
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"]


@given(
    rows=st.lists(st.lists(field, min_size=2, max_size=2), max_size=6),
    delimiter=st.sampled_from("\t,;|"),
    encoding=st.sampled_from(ENCODINGS),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_written_in_any_dialect_come_back(
    source: MakeSource, rows: list[list[str]], delimiter: str, encoding: str, end: str, quoting: int
) -> None:
    # Python's writer encloses a line break only if it is that of the file.
    numbered = [[f"C{k}", *(v.replace("\n", end) for v in row)] for k, row in enumerate(rows)]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([HEADER, *numbered])
    made = source(out.getvalue().encode(encoding))
    how = Dialect(encoding, delimiter, True, HEADER, 1)
    assert [record.values for record in read(made, how)] == numbered
    # A line inside a field that looks like a row is doubted, and never read as one.
    doubted = [record.values for record in read(made, how, (0,)) if record.values]
    assert [row for row in numbered if row in doubted] == doubted


def _bare(lines: str) -> str:
    return lines.replace("\r", "").replace("\n", "")
