"""From bytes to text: which encoding a file is written in, and whether all of it fits.

A byte order mark and strict UTF-8 prove themselves. Nearly any bytes pass for cp932, GB 18030 and
cp1252, so those are told by what they give: words of the language, or none. Where two give as much,
or none does, the file is refused, for text read in a wrong encoding looks like text.
"""

from __future__ import annotations

import codecs
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import TextIO

from claimstats.errors import FileRefused, check_choice
from claimstats.loaders.sources import CHUNK, GZIP_MAGIC, ZIP_MAGIC, Source

ENCODINGS = {
    "utf-8": "",
    "utf-16": "",
    "cp932": "Japanese",
    "gb18030": "Chinese",
    "cp1252": "Western European",
}
"""What a file can tell of itself, with the languages that its bytes speak for."""

ONLY_IF_SAID = (
    "utf-16-le", "utf-16-be", "big5", "cp949", "euc_jp", "cp1250", "cp1251", "cp1253", "cp1254",
    "iso8859-1", "iso8859-2", "iso8859-15", "mac-roman",
)  # fmt: skip
"""Encodings that the user may name; nothing in a file's bytes tells them from the others."""

WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "shift_jis": "cp932", "ascii": "utf-8"}
"""Encodings that are part of a wider one, which is what programs write under their name."""

STRAY_BYTE = re.compile("[\udc80-\udcff]")
"""A byte that is no UTF-8, as Python decodes it when told to keep it."""
WIDE = re.compile("[^\x00-\x7f\udc80-\udcff]")
ACCENTED = re.compile("[\x80-\xff]")
"""In UTF-8 two bytes, which cp1252 reads as a capital A and a sign; no language has such words."""

JAPAN = re.compile(r"Amazon\.co\.jp|(?<![A-Z])JPY(?![A-Z])")
KANA_RUN = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]{2}")
JAPANESE_RUN = re.compile("[\u4e00-\u9fff]{2}|[\uff66-\uff9f]{3}")
"""Kanji or half-width kana in a row. Western letters read as cp932 give them one by one."""
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")

HAN = re.compile("[\u4e00-\u9fff]")
HAN_RUN = re.compile("[\u4e00-\u9fff]{2}")
MOSTLY = 0.9
"""The share of GB 2312 in a Chinese file; Western and Japanese bytes give other signs."""
MANY = 0.25
"""The share of common signs in Chinese text, at least; other bytes give an eighth by chance."""
FEWEST_COMMON = 2
"""One common sign is among any few signs that other bytes make."""
COMMON_HAN = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用"
    "道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日者意"
    "无力它与长把机十第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体美相见被利二等产或"
    "新己制身果加西月话合回特代内信表化老给位次度门常先海通原声提及比员解水名真处走各入几口条平系气活更别打女"
    "变四总何电数安少报结反受目太量再建务做接必件计管期市直资金指许统区保至形便空展科五基书非则白却光放强即难"
    "完设式色路记品住告类求据程边该交万取格共确传清今让带运瓶杯盒包装套红黑蓝绿灰银寸厘米防钢铁木布棉货退款订"
    "单买卖客户损坏丢失收未误描述质损商换付"
)
"""The commonest signs of Chinese prose, and of goods, orders and returns."""

FOREIGN_TO_THE_WEST = re.compile(
    "[\xa1-\xaa\xac-\xba\xbc-\xff]{4}|[a-z][\xb9\xb3\xbf\xbc\xbe][a-z]"
)
"""What Western text does not hold: four signs beyond ASCII in a row, quotation marks aside (Asian
and Cyrillic words), or a superscript or fraction inside a word (Polish and Czech letters)."""

LINE_END = re.compile(r"\r\n|\r|\n")
BYTES_LINE_END = re.compile(rb"\r\n|\r|\n")
HTML_START = re.compile(rb"\s*<(!doctype html|html|head|body)", re.IGNORECASE)

NUL_FOUND = "holds a NUL byte: it is no text, or was damaged; download it again."

BARE_UTF16_WITHIN = 400
"""Bytes about the header, mostly ASCII: in UTF-16 nearly every second of them is a NUL."""


def find_encoding(source: Source, said: str | None = None) -> str:
    """The encoding that reads the whole file; the one `said` where the user names one.

    Raises
    ------
    FileRefused
        The file is empty, a web page or an archive, holds NUL bytes, is damaged UTF-8, fits no
        encoding, or fits two alike; or what is said does not fit.
    ParameterError
        What is said is no encoding that claimstats reads.
    """
    with source.copy.open("rb") as stream:
        start = stream.read(CHUNK)
    _refuse_what_is_no_text(source, start)
    if said is not None:
        encoding = _forced(source, start, said)
    elif start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = _bare_utf16(start) or ""
    if not encoding and source.survey.is_utf8 and not source.survey.n_nul:
        return "utf-8-sig" if start.startswith(BOM_UTF8) else "utf-8"
    if encoding.startswith("utf-16"):
        _refuse_misfit(source, encoding)
        _refuse_nul_sign(source, encoding)
        return encoding
    _refuse_nul_byte(source)
    if encoding:
        return encoding
    if start.startswith(BOM_UTF8):
        _refuse_misfit(source, "utf-8-sig")
        return "utf-8-sig"
    return _told_by_content(source)


def assumption(encoding: str) -> str:
    """What was assumed where the bytes do not prove the encoding; empty where they do."""
    if encoding in ("utf-16-le", "utf-16-be"):
        return f"{encoding} (it has no byte order mark)"
    language = ENCODINGS.get(encoding)
    return f"{encoding} ({language})" if language else ""


def _refuse_what_is_no_text(source: Source, start: bytes) -> None:
    if not start:
        raise FileRefused("the file is empty (0 bytes).", source.path)
    if start.startswith((GZIP_MAGIC, *ZIP_MAGIC)):
        raise FileRefused("is an archive inside an archive; unpack it first.", source.path)
    if HTML_START.match(start.removeprefix(BOM_UTF8)):
        raise FileRefused(
            "is a web page, not an export (a log-in page saved by mistake?); download it again.",
            source.path,
        )


def _bare_utf16(start: bytes) -> str | None:
    """UTF-16 without a byte order mark, by the NULs beside the header's letters."""
    header = start[:BARE_UTF16_WITHIN]
    first, second = header[::2].count(0), header[1::2].count(0)
    if second > len(header) // 4 and not first:
        return "utf-16-le"
    if first > len(header) // 4 and not second:
        return "utf-16-be"
    return None


def _forced(source: Source, start: bytes, said: str) -> str:
    try:
        name = codecs.lookup(said).name
    except LookupError:
        name = said
    name = check_choice(
        "the encoding cannot be", WIDER.get(name, name).removesuffix("-sig"),
        [*ENCODINGS, *ONLY_IF_SAID],
    )  # fmt: skip
    if name == "utf-8" and start.startswith(BOM_UTF8):
        name = "utf-8-sig"
    if name == "utf-16" and not start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        name = _bare_utf16(start) or name
    _refuse_misfit(source, name)
    return name


def _refuse_misfit(source: Source, encoding: str) -> None:
    """Refuse a file that an encoding does not read, with the place and the encodings that do."""
    at = _first_misfit(source.copy, encoding)
    if at is None:
        return
    line, column, value = _place(source.copy, at)
    try:
        instead = f"it can be read as {_told_by_content(source)}"
    except FileRefused:
        instead = "save it as UTF-8, or say another"
    raise FileRefused(
        f"cannot be read as {encoding}: byte {column} of the line is {value}; {instead}.",
        source.path,
        line,
    )


def _first_misfit(copy: Path, encoding: str) -> int | None:
    """The place of the first byte that an encoding does not read; None where it reads all."""
    decoder = getincrementaldecoder(encoding)()
    begin = 0
    try:
        for at, chunk in _chunks(copy):
            begin = at
            held = len(decoder.getstate()[0])
            decoder.decode(chunk)
        begin, held = copy.stat().st_size, len(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return begin - held + error.start
    except UnicodeError:  # UTF-16 said of a file whose byte order nothing tells
        return 0
    return None


def _chunks(copy: Path) -> Iterator[tuple[int, bytes]]:
    begin = 0
    with copy.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield begin, chunk
            begin += len(chunk)


def _place(copy: Path, at: int) -> tuple[int, int, str]:
    """Line and column, counted from 1, and the value of the byte at a place."""
    line, column, was_cr = 1, 1, False
    for begin, chunk in _chunks(copy):
        before = chunk[: max(0, at - begin)]
        ends = list(BYTES_LINE_END.finditer(before))
        line += len(ends) - bool(was_cr and before.startswith(b"\n"))
        column = len(before) - ends[-1].end() + 1 if ends else column + len(before)
        was_cr = before.endswith(b"\r")
        if at < begin + len(chunk):
            return line, column, f"0x{chunk[at - begin]:02X}"
    return line, column, "the end of the file"


def _refuse_nul_byte(source: Source) -> None:
    for begin, chunk in _chunks(source.copy):
        if (at := chunk.find(0)) >= 0:
            raise FileRefused(NUL_FOUND, source.path, _place(source.copy, begin + at)[0])


def _refuse_nul_sign(source: Source, encoding: str) -> None:
    with open_text(source, encoding) as stream:
        lines, was_cr = 1, False
        while chunk := stream.read(CHUNK):
            head, nul, _ = chunk.partition("\0")
            lines += len(LINE_END.findall(head)) - bool(was_cr and head.startswith("\n"))
            was_cr = head.endswith("\r")
            if nul:
                raise FileRefused(NUL_FOUND, source.path, lines)


@dataclass
class _Reading:
    """What the bytes give in one encoding; whether they fit it, and which words they make."""

    fits: bool = True
    names_japan: bool = False
    n_wide: int = 0
    n_han: int = 0
    n_common: int = 0
    n_gb2312: int = 0
    has_kana_run: bool = False
    has_japanese_run: bool = False
    has_han_run: bool = False
    has_private_use: bool = False

    @property
    def is_surely_japanese(self) -> bool:
        return self.fits and self.has_kana_run and not self.has_private_use

    @property
    def may_be_japanese(self) -> bool:
        has_run = self.names_japan and self.has_japanese_run
        return self.fits and has_run and not self.has_private_use

    @property
    def may_be_chinese(self) -> bool:
        return self.fits and self.has_han_run and self.n_gb2312 > MOSTLY * self.n_wide

    @property
    def is_surely_chinese(self) -> bool:
        is_common = self.n_common >= FEWEST_COMMON and self.n_common > MANY * self.n_han
        has_words = is_common or self.has_kana_run
        return self.may_be_chinese and has_words


def _read_as(copy: Path, encoding: str) -> _Reading:
    found = _Reading()
    try:
        for text in _decoded(copy, encoding):
            _take_in(found, text)
    except UnicodeDecodeError:
        found.fits = False
    return found


def _take_in(found: _Reading, text: str) -> None:
    wide = "".join(WIDE.findall(text))
    han = HAN.findall(wide)
    found.n_wide += len(wide)
    found.n_han += len(han)
    found.n_common += sum(sign in COMMON_HAN for sign in han)
    found.n_gb2312 += len(wide.encode("gb2312", "ignore")) // 2
    found.names_japan |= bool(JAPAN.search(text))
    found.has_kana_run |= bool(KANA_RUN.search(text))
    found.has_japanese_run |= bool(JAPANESE_RUN.search(text))
    found.has_han_run |= bool(HAN_RUN.search(text))
    found.has_private_use |= bool(PRIVATE_USE.search(text))


def _decoded(copy: Path, encoding: str, errors: str = "strict") -> Iterator[str]:
    decoder = getincrementaldecoder(encoding)(errors)
    for _, chunk in _chunks(copy):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _told_by_content(source: Source) -> str:
    """UTF-8 if all of it is; else the encoding whose reading makes words."""
    if _first_misfit(source.copy, "utf-8") is None:
        return "utf-8"
    stray = _Stray.of(source)
    stray.refuse_if(stray.n_wide >= stray.n_stray, source)
    japanese, chinese = _read_as(source.copy, "cp932"), _read_as(source.copy, "gb18030")
    if japanese.is_surely_japanese != chinese.is_surely_chinese:
        return "cp932" if japanese.is_surely_japanese else "gb18030"
    if chinese.may_be_chinese:
        raise FileRefused(
            "its bytes are no UTF-8; they may be gb18030 (Chinese), but make few of its common "
            "words; say which encoding it is by --encoding, or save it as UTF-8.",
            source.path,
            stray.line,
        )
    stray.refuse_if(stray.has_accent, source)
    if japanese.may_be_japanese:
        return "cp932"
    if _is_western(source.copy):
        return "cp1252"
    tried = ", ".join(ENCODINGS)
    raise FileRefused(
        f"its bytes fit no encoding tried ({tried}) in a way that makes words; save it as UTF-8, "
        "or say which it is by --encoding.",
        source.path,
        stray.line,
    )


def _is_western(copy: Path) -> bool:
    """Whether cp1252 reads it and gives nothing that no Western language has."""
    try:
        return not any(FOREIGN_TO_THE_WEST.search(text) for text in _decoded(copy, "cp1252"))
    except UnicodeDecodeError:
        return False


@dataclass
class _Stray:
    """The characters of UTF-8 beyond ASCII in a file, and the bytes in it that are none."""

    n_wide: int = 0
    n_stray: int = 0
    has_accent: bool = False
    line: int = 0
    _lines: int = 0

    @classmethod
    def of(cls, source: Source) -> _Stray:
        found = cls()
        for text in _decoded(source.copy, "utf-8", "surrogateescape"):
            found._count(text)
        return found

    def _count(self, text: str) -> None:
        first = STRAY_BYTE.search(text)
        if first and not self.line:
            self.line = self._lines + len(LINE_END.findall(text, 0, first.start())) + 1
        self._lines += len(LINE_END.findall(text))
        self.n_stray += len(STRAY_BYTE.findall(text))
        self.n_wide += len(WIDE.findall(text))
        self.has_accent |= bool(ACCENTED.search(text))

    def refuse_if(self, is_damaged: bool, source: Source) -> None:
        """Refuse a file that is UTF-8 in part: cut or joined, it would pass for another encoding.

        It is before an encoding of Asia is tried if its characters are as many as its stray bytes,
        and before cp1252 already if one of them is a letter of Western Europe.
        """
        if is_damaged and self.n_wide:
            raise FileRefused(
                f"holds {self.n_wide} characters of UTF-8 and {self.n_stray} bytes that are none: "
                "it was cut or joined inside a character, or holds two encodings; download it "
                "again.",
                source.path,
                self.line,
            )


def open_text(source: Source, encoding: str) -> TextIO:
    """The file's text with its line ends as they are."""
    return source.copy.open(encoding=encoding, newline="")


def ends_openly(source: Source) -> bool:
    """Whether the last line has no line end, as in a file that was cut short."""
    with source.copy.open("rb") as stream:
        stream.seek(-min(2, source.n_bytes), SEEK_END)
        return not stream.read().rstrip(b"\0").endswith((b"\n", b"\r"))
