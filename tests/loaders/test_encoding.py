from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimstats.errors import FileRefused, ParameterError
from claimstats.loaders import encoding as module
from claimstats.loaders.encoding import assumption, ends_openly, find_encoding, open_text
from claimstats.loaders.sources import Source

MakeSource = Callable[..., Source]

CHINESE = "订单号\t商品\n113-1\t不锈钢保温杯，蓝色\n"
JAPANESE = "注文番号\t商品名\n113-1\tステンレス製ボトル\n"
KOREAN = "주문번호\t상품\n113-1\t스테인리스 보온병\n"
RUSSIAN = "Номер заказа\tТовар\n113-1\tБутылка\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"claim_id,program\nA,b\n", "utf-8"),
        ("Größe, Café".encode(), "utf-8"),
        (CHINESE.encode(), "utf-8"),
        ("\ufeffGröße".encode(), "utf-8-sig"),
        ("Größe, Café – 5 €".encode("cp1252"), "cp1252"),
        ("GRÖSSE „ÄÖÜ“ ½ 2³".encode("cp1252"), "cp1252"),
        ("‚äußere‘ Größe, ‚ächt‘".encode("cp1252"), "cp1252"),
        ("ステンレス製ボトル".encode("cp932"), "cp932"),
        (JAPANESE.encode("cp932"), "cp932"),
        ("Amazon.co.jp\t鉄瓶".encode("cp932"), "cp932"),
        ("JPY\tｽﾃﾝﾚｽ".encode("cp932"), "cp932"),
        (CHINESE.encode("gbk"), "gb18030"),
        (("Amazon.co.jp,JPY\n" + CHINESE).encode("gbk"), "gb18030"),
        (JAPANESE.encode("gbk"), "gb18030"),
        ("Größe".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "Größe".encode("utf-16-be"), "utf-16"),
        ("claim_id\tprogram\nＡ\t商品\n".encode("utf-16-le"), "utf-16-le"),
        ("claim_id\tprogram\nＡ\t商品\n".encode("utf-16-be"), "utf-16-be"),
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
        (b"a,b\r\n1,2\r\n\x00", "line 3: holds a NUL byte"),
        ("a,b\n1,\0\n".encode("utf-16"), "line 2: holds a NUL byte"),
        (b"caf\xc3\x28 \x81\x8d", "line 1: its bytes fit no encoding tried"),
        (b"ok\n\xef\xbb\xbfcaf\xe9 ", "line 2: holds 1 characters of UTF-8 and 1 bytes"),
        (b"\xef\xbb\xbfcaf\xe9", "line 1: cannot be read as utf-8-sig: byte 7 of the line is 0xE9"),
        (b"\xff\xfea", "cannot be read as utf-16: byte 3 of the line is 0x61"),
        (KOREAN.encode("cp949"), "line 1: its bytes"),
        (RUSSIAN.encode("cp1251"), "line 1: its bytes"),
        ("Opis\nCałkiem miło\n".encode("cp1250"), "line 2: its bytes fit no encoding tried"),
        ("a\n矫葳".encode("gbk"), r"line 2: its bytes .* may be gb18030 .* by --encoding"),
        ("a\n商品".encode("gbk") + b"\x80", "line 2: its bytes fit no encoding tried"),
    ],
)
def test_bytes_that_are_no_text_are_refused(
    source: MakeSource, content: bytes, reason: str
) -> None:
    with pytest.raises(FileRefused, match=reason):
        find_encoding(source(content))


@pytest.mark.parametrize("lost", [1, 2])
def test_utf8_that_was_cut_inside_a_character_passes_for_no_other_encoding(
    source: MakeSource, lost: int
) -> None:
    whole = "Größe é\nÄrmel €\n".encode()
    content = whole[: whole.index("€".encode())] + "€".encode()[:-lost] + whole[-1:]
    with pytest.raises(FileRefused, match=r"line 2: holds 4 characters of UTF-8 and \d bytes"):
        find_encoding(source(content))


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("UTF8", "utf-8"), ("GBK", "gb18030"), ("Shift_JIS", "cp932"), ("latin-1", "iso8859-1"),
        ("windows-1252", "cp1252"), ("cp1250", "cp1250"),
    ],
)  # fmt: skip
def test_said_encoding_is_taken_by_any_of_its_names(
    source: MakeSource, said: str, encoding: str
) -> None:
    assert find_encoding(source(b"claim_id,program\n"), said) == encoding


def test_byte_order_mark_is_no_part_of_the_header_when_utf8_is_said(source: MakeSource) -> None:
    assert find_encoding(source("\ufeffclaim_id\n".encode()), "utf-8") == "utf-8-sig"


@pytest.mark.parametrize(
    ("content", "said", "reason"),
    [
        (
            "a\r\nGröße\r\n".encode("cp1252"), "utf-8",
            r"line 2: cannot be read as utf-8: byte 3 .* is 0xF6; it can be read as cp1252",
        ),
        (
            "a\nab\x81\n".encode("latin-1"), "cp1252",
            "line 2: cannot be read as cp1252: byte 3 of the line is 0x81",
        ),
        ("aé".encode(), "utf-16", "cannot be read as utf-16: byte 1 .* it can be read as utf-8"),
        (b"a\x81\n", "cp932", "line 1: cannot be read as cp932: byte 2 of the line is 0x81"),
    ],
)  # fmt: skip
def test_said_encoding_that_does_not_fit_is_refused_with_the_place_and_what_fits(
    source: MakeSource, content: bytes, said: str, reason: str
) -> None:
    with pytest.raises(FileRefused, match=reason):
        find_encoding(source(content), said)


def test_encoding_that_is_not_there_is_refused_with_those_that_are(source: MakeSource) -> None:
    with pytest.raises(ParameterError, match=r"'utf8x'.*Allowed: utf-8, utf-16, cp932, gb18030"):
        find_encoding(source(b"a"), "utf8x")


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_place_of_a_byte_does_not_hang_on_how_the_file_is_read(
    source: MakeSource, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(module, "CHUNK", size)
    made = source("äöü\r\näöü\r\nü".encode() + b"\xff")
    with pytest.raises(FileRefused, match=r"line 3: .* byte 3 of the line is 0xFF"):
        find_encoding(made, "utf-8")


def test_only_what_the_bytes_do_not_prove_is_said() -> None:
    assert [assumption(name) for name in ("utf-8", "utf-8-sig", "utf-16")] == ["", "", ""]
    assert assumption("gb18030") == "gb18030 (Chinese)"
    assert assumption("utf-16-le") == "utf-16-le (it has no byte order mark)"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["", "\n", "\r", "\r\n"])
def test_last_line_without_its_end_is_noticed(source: MakeSource, encoding: str, end: str) -> None:
    assert ends_openly(source(f"a,b\n1,2{end}".encode(encoding))) == (not end)


words = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]))


@given(text=words, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_in_an_encoding_that_proves_itself_comes_back(
    source: MakeSource, text: str, encoding: str
) -> None:
    written = "claim_id\n" + text
    made = source(written.encode(encoding))
    with open_text(made, find_encoding(made)) as stream:
        assert stream.read() == written


@given(
    text=st.text(st.sampled_from("aeiouäöüßéèñçÄÖÜ ,\n“”–€½0"), max_size=40),
    encoding=st.sampled_from(["cp1252", "gb18030", "cp932"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_of_an_unproved_encoding_are_read_right_or_refused(
    source: MakeSource, text: str, encoding: str
) -> None:
    """Words that tell the language stand before any text of it."""
    telling = {"cp1252": "Größe\n", "gb18030": CHINESE, "cp932": JAPANESE}[encoding]
    text = text.encode(encoding, "ignore").decode(encoding)
    made = source((telling + text).encode(encoding))
    try:
        found = find_encoding(made)
    except FileRefused:
        return
    with open_text(made, found) as stream:
        assert stream.read() == telling + text
