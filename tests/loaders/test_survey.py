from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimstats.loaders import survey as module
from claimstats.loaders.survey import Survey, Surveyor, count_separators


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def of(content: bytes) -> Path:
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return of


def survey(content: bytes, n: int = 1 << 10) -> Survey:
    """What is told of a content taken in pieces of `n` bytes."""
    surveyor = Surveyor()
    for at in range(0, len(content), n):
        surveyor.take(content[at : at + n])
    return surveyor.told()


def test_plain_file_is_told_as_it_is(file: Callable[[bytes], Path]) -> None:
    assert survey(b"a\tb\n1\t2\n") == Survey(2, "\n", 0, 0, True, False)
    assert count_separators(file(b"a\tb\n1\t2\n"), "\t") == (2, False)


@pytest.mark.parametrize(
    ("content", "line_end", "n_lines"),
    [
        (b"", "", 0),
        (b"a", "", 1),
        (b"a\nb", "\n", 2),
        (b"a\r\nb\r\n", "\r\n", 2),
        (b"a\rb\r", "\r", 2),
        (b"a\r\nb\n", "", 2),
        (b"a\n\rb", "", 2),
    ],
)
def test_line_end_is_told_only_where_there_is_one_kind(
    file: Callable[[bytes], Path], content: bytes, line_end: str, n_lines: int
) -> None:
    found = survey(content)
    assert (found.line_end, found.n_lines) == (line_end, n_lines)


@pytest.mark.parametrize(
    ("content", "is_utf8"),
    [("größe".encode(), True), ("größe".encode("cp1252"), False), ("größe".encode()[:3], False)],
)
def test_utf8_is_strict_to_the_last_byte(
    file: Callable[[bytes], Path], content: bytes, is_utf8: bool
) -> None:
    assert survey(content).is_utf8 == is_utf8


@pytest.mark.parametrize(
    "text", ["a\u00a0b", "\u200ba", "a\u202eb", "\ufeffa", "a\u3000", "a\x0bb", "a\u2060"]
)
def test_unseen_characters_are_seen(file: Callable[[bytes], Path], text: str) -> None:
    assert survey(text.encode()).has_unseen


@pytest.mark.parametrize("text", ["größe", "日本語", "emoji 😀", "a b"])
def test_seen_characters_are_no_unseen_ones(file: Callable[[bytes], Path], text: str) -> None:
    assert not survey(text.encode()).has_unseen


@pytest.mark.parametrize(
    ("content", "is_padded"), [(b"a\t b", True), (b"a \tb", True), (b"a\tb c", False)]
)
def test_space_beside_a_separator_is_padding(
    file: Callable[[bytes], Path], content: bytes, is_padded: bool
) -> None:
    assert count_separators(file(content), "\t") == (1, is_padded)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=60) | st.text('a\t \n\r"é\u200b', max_size=60).map(str.encode))
def test_pieces_of_any_size_give_the_same_counts(
    file: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    path = file(content)
    whole = survey(content), count_separators(path, "\t")
    with monkeypatch.context() as patched:
        patched.setattr(module, "PIECE", 3)
        assert (survey(content, 3), count_separators(path, "\t")) == whole
    assert whole[0].n_quotes == content.count(b'"')
    assert whole[1] == (content.count(b"\t"), b"\t " in content or b" \t" in content)


@given(text=st.text(st.sampled_from("aéßñ中文ー☃\u00a0\u00ad\u1680\u1681\u200b\u2060\u3000\ufeff")))
def test_beginnings_of_unseen_characters_miss_none_of_them(text: str) -> None:
    piece = text.encode()
    assert module._holds_unseen(piece) == (module.UNSEEN.search(piece) is not None)
