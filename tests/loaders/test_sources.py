from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimstats.errors import FileRefused
from claimstats.loaders import sources
from claimstats.loaders.sources import Source, find_files, shown, unpacked
from claimstats.loaders.survey import Surveyor

CONTENT = b"claim_id,program,outcome\nA,other,pending\n"


def opened(path: Path) -> list[tuple[str, str, bytes]]:
    with unpacked(path) as found:
        return [(source.path, source.name, source.copy.read_bytes()) for source in found]


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_plain_file_is_copied_and_hashed(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(CONTENT)
    with unpacked(path) as (source,):
        path.write_bytes(b"changed meanwhile")
        assert source.copy.read_bytes() == CONTENT
        assert source.sha256 == sha256(CONTENT).hexdigest()
        assert source.n_bytes == len(CONTENT)
    assert not source.copy.exists()


@pytest.mark.parametrize("name", ["claims.csv.gz", "claims.csv"])
def test_gzip_is_told_by_its_content_and_hashed_unpacked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(CONTENT[:20]) + gzip.compress(CONTENT[20:]))
    assert opened(path) == [(str(path), name, CONTENT)]


def test_zip_gives_its_members_but_not_its_readme(tmp_path: Path) -> None:
    members = {
        "README.md": b"read me",
        "__MACOSX/._a.txt": b"\0",
        "deep/b.tsv": b"two",
        "a.txt": b"one",
        "empty.csv": b"",
    }
    path = zipped(tmp_path / "pull.zip", members)
    assert opened(path) == [
        (f"{path}!deep/b.tsv", "pull.zip!b.tsv", b"two"),
        (f"{path}!a.txt", "pull.zip!a.txt", b"one"),
        (f"{path}!empty.csv", "pull.zip!empty.csv", b""),
    ]


def test_first_member_of_a_zip_tells_which_are_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "p.zip", {"a.txt": b"1", "photo.jpg": b"", "b.txt": b"2"})
    with unpacked(path) as sources:
        assert [source.passed_over for source in sources] == [("photo.jpg",), ()]


def test_name_with_signs_that_steer_a_terminal_is_shown_without(tmp_path: Path) -> None:
    path = zipped(tmp_path / "p.zip", {"a\x1b[31m.txt": b"1"})
    assert opened(path) == [(f"{path}!a\ufffd[31m.txt", "p.zip!a\ufffd[31m.txt", b"1")]


def test_zip_whose_members_have_no_suffix_gives_them_all(tmp_path: Path) -> None:
    assert len(opened(zipped(tmp_path / "pull.zip", {"one": b"1", "two": b"2"}))) == 2


def damaged(tmp_path: Path) -> Iterable[tuple[str, bytes, str]]:
    packed = gzip.compress(CONTENT * 50)
    yield "cut.gz", packed[: len(packed) // 2], "damaged or cut short"
    yield "crc.gz", packed[:-8] + b"\0\0\0\0" + packed[-4:], "damaged or cut short.*CRC"
    whole = zipped(tmp_path / "whole.zip", {"a.csv": CONTENT * 50}).read_bytes()
    yield "cut.zip", whole[:-30], "damaged or cut short"
    middle = whole.index(b"a.csv") + 20
    yield "flipped.zip", whole[:middle] + b"\xff\xff" + whole[middle + 2 :], "damaged or cut short"
    yield "empty.zip", zipped(tmp_path / "e", {}).read_bytes(), "holds no file"
    yield "folders.zip", zipped(tmp_path / "f", {"a/": b""}).read_bytes(), "holds no file"


@pytest.mark.parametrize("which", range(6))
def test_damaged_archives_are_refused(tmp_path: Path, which: int) -> None:
    name, content, reason = list(damaged(tmp_path))[which]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=reason) as refused:
        opened(path)
    assert refused.value.path == str(path)


@pytest.mark.parametrize("n_members", [1, 4])
def test_bomb_is_refused_however_its_content_is_spread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_members: int
) -> None:
    monkeypatch.setattr(sources, "INFLATION_MATTERS_FROM", 1 << 20)
    share = bytes((4 << 20) // n_members)
    path = zipped(tmp_path / "bomb.zip", {f"{k}.csv": share for k in range(n_members)})
    with pytest.raises(FileRefused, match="unpacks to more than"):
        opened(path)


def test_export_that_shrinks_to_a_tenth_is_no_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "INFLATION_MATTERS_FROM", 1 << 10)
    path = tmp_path / "claims.csv.gz"
    hashes = (sha256(b"%d" % k).hexdigest() for k in range(999))
    path.write_bytes(gzip.compress("".join(hashes).encode()))
    assert len(opened(path)[0][2]) == 999 * 64


def test_workbook_is_one_file_and_no_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "claims.csv", {"[Content_Types].xml": b"", "xl/workbook.xml": b""})
    assert opened(path) == [(str(path), "claims.csv", path.read_bytes())]


def test_zip_of_more_files_than_a_year_of_pulls_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_MEMBERS", 3)
    assert len(opened(zipped(tmp_path / "a.zip", {f"{k}.csv": b"1" for k in range(3)}))) == 3
    with pytest.raises(FileRefused, match="holds more than 3 files"):
        opened(zipped(tmp_path / "b.zip", {f"{k}.csv": b"1" for k in range(4)}))


@pytest.mark.parametrize("packed", [False, True])
def test_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(gzip.compress(CONTENT) if packed else CONTENT)
    real_copy = sources._Copier.copy

    def copy_while_another_writes(*arguments: object) -> Source:
        copied = real_copy(*arguments)  # type: ignore[arg-type]
        with path.open("ab") as stream:
            stream.write(b"B,other,pending\n")
        return copied

    monkeypatch.setattr(sources._Copier, "copy", copy_while_another_writes)
    with pytest.raises(FileRefused, match="changes while it is read; try again when it is comp"):
        opened(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(FileRefused, match="is no regular file"):
        opened(tmp_path / "pipe.csv")


def test_folder_gives_its_exports_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in (
        "b.csv",
        "sub/a.TXT",
        "notes.md",
        "book.duckdb",
        ".hidden.csv",
        ".git/x.csv",
        "~$b.xlsx",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(CONTENT)
    assert find_files([tmp_path]) == [tmp_path / "b.csv", tmp_path / "sub" / "a.TXT"]


def test_file_that_is_named_is_taken_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "export.dat").write_bytes(CONTENT)
    assert find_files([tmp_path / "export.dat"]) == [tmp_path / "export.dat"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.csv", "no such file or folder"),
        ("x" * 5000, "cannot be read: File name too long"),
        ("nul\0.csv", "cannot be read"),
        ("", "holds no export; looked for .csv, .gz, .json, .tsv, .txt, .xlsm, .xlsx, .zip"),
    ],
)
def test_path_without_an_export_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        find_files([tmp_path / name])


def test_path_of_any_bytes_can_be_shown() -> None:
    assert shown(os.fsdecode(b"caf\xe9.csv")) == "caf\ufffd.csv"


def named(*names: str) -> Source:
    return Source(names[0], names, Path(), "", 0, Surveyor().told())


@pytest.mark.parametrize(
    ("names", "day"),
    [
        (("claims_2026-08-31.csv",), (2026, 8, 31)),
        (("returns 20260831.txt",), (2026, 8, 31)),
        (("2026.08.31_2026-08-31.csv",), (2026, 8, 31)),
        (("claims.csv",), None),
        (("2026-08-01_to_2026-08-31.csv",), None),
        (("claims_2026-02-30.csv",), None),
        (("claims_2026-0831.csv",), None),
        (("1120260831999.txt",), None),
        (("claims.csv", "pull_2026-08-31.zip"), (2026, 8, 31)),
        (("claims_2026-08-30.csv", "pull_2026-08-31.zip"), (2026, 8, 30)),
        (("2026-08-01_2026-08-30.csv", "pull_2026-08-31.zip"), None),
    ],
)
def test_day_of_the_pull_is_the_one_day_in_the_name(
    names: tuple[str, ...], day: tuple[int, int, int] | None
) -> None:
    expected = datetime(*day, 23, 59, 59) if day else None
    assert named(*names).pulled_at == expected


changes = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), max_size=4)


@given(edits=changes, packed=st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_archive_is_refused_or_gives_its_bytes(
    tmp_path: Path, edits: list[tuple[float, bytes]], packed: bool
) -> None:
    """Whatever is wrong inside, unpacking ends in content or in a refusal."""
    path = tmp_path / "archive"
    if packed:
        path.write_bytes(gzip.compress(CONTENT))
    else:
        zipped(path, {"a.csv": CONTENT, "b.csv": CONTENT})
    content = bytearray(path.read_bytes())
    for place, new in edits:
        at = int(place * len(content))
        content[at : at + len(new)] = new
    path.write_bytes(content)
    try:
        opened(path)
    except FileRefused as refused:
        assert refused.path
