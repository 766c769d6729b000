"""What a folder holds: each entry once, none followed out of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimstats.errors import FileRefused
from claimstats.scanning import walk as walking
from claimstats.scanning.look import look
from claimstats.scanning.walk import Found, walk

Put = Callable[[str, bytes], Path]

NAMES = (
    "emoji 😀.jpg",
    "עברית.jpg",
    "‮gpj.exe.jpg",
    "line\nbreak.jpg",
    " blank .jpg",
    "ä.jpg",
    "a.jpg",
)


def paths(found: list[Found]) -> dict[str, str | None]:
    return {each.path: each.ignored or each.fault for each in found}


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_found(folder: Path, put: Put, name: str) -> None:
    put(f"111/{name}", b"x")
    assert paths(walk(folder)) == {f"111/{name}": None}


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_name_that_is_no_text_is_written_with_escapes(folder: Path) -> None:
    try:
        (folder / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes text alone")
    assert paths(walk(folder)) == {"caf\\xe9.jpg": None}


def test_order_is_that_of_the_paths(folder: Path, put: Put) -> None:
    for name in ("b/2.jpg", "a.jpg", "b/1.jpg", "B.jpg"):
        put(name, b"x")
    assert list(paths(walk(folder))) == ["B.jpg", "a.jpg", "b/1.jpg", "b/2.jpg"]


def test_links_are_told_and_not_followed(folder: Path, put: Put, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(b"x")
    put("a.jpg", b"x")
    (folder / "out").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "file.jpg").symlink_to(outside / "secret.jpg")
    (folder / "broken.jpg").symlink_to(tmp_path / "nowhere")
    found = paths(walk(folder))
    assert found.pop("a.jpg") is None
    assert set(found) == {"out", "loop", "file.jpg", "broken.jpg"}
    assert set(found.values()) == {walking.LINK}


def test_file_that_became_a_link_since_it_was_listed_is_not_followed(
    folder: Path, put: Put, tmp_path: Path
) -> None:
    place = put("a.jpg", b"x")
    (found,) = walk(folder)
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"\xff\xd8\xff")
    place.unlink()
    place.symlink_to(secret)
    assert "cannot be read" in (look(found, {}).fault or "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_pipe_is_told_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jpg")
    assert paths(walk(folder)) == {"pipe.jpg": walking.NO_FILE}
    assert look(Found("pipe.jpg", folder / "pipe.jpg"), {}).fault == "is no regular file"


def test_what_systems_leave_is_told(folder: Path, put: Put) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._a.jpg", "~$a.docx", ".git/a.jpg"):
        put(name, b"x")
    found = paths(walk(folder))
    assert set(found.values()) == {walking.HIDDEN}
    assert len(found) == 6


def test_folder_that_cannot_be_read_is_told_and_the_others_are_read(
    folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("locked/a.jpg", b"x")
    put("open/b.jpg", b"x")
    scandir = os.scandir

    def refuse(place: Any) -> Any:
        if Path(place).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    monkeypatch.setattr(walking.os, "scandir", refuse)
    assert paths(walk(folder)) == {
        "locked/": "the folder cannot be read: Permission denied", "open/b.jpg": None,
    }  # fmt: skip


def test_file_that_cannot_be_read_is_told(
    folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.jpg", b"x")
    (found,) = walk(folder)

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("claimstats.scanning.look.os.open", refuse)
    assert look(found, {}).fault == "cannot be read: Permission denied"


def test_file_that_vanished_is_told(folder: Path, put: Put) -> None:
    place = put("a.jpg", b"x")
    (found,) = walk(folder)
    place.unlink()
    assert look(found, {}).fault == "cannot be read: No such file or directory"


def test_giant_is_not_read(folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("a.jpg", b"\xff\xd8\xff" + bytes(3000))
    monkeypatch.setattr("claimstats.scanning.look.LARGEST", 2000)
    (found,) = walk(folder)
    assert "save it smaller" in (look(found, {}).fault or "")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("nowhere", "no such folder"), ("a.jpg", "is a file"), ("nul\0", "cannot be read")],
)
def test_what_is_no_folder_is_refused(folder: Path, put: Put, name: str, sentence: str) -> None:
    put("a.jpg", b"x")
    with pytest.raises(FileRefused, match=sentence):
        walk(folder / name)


def test_whole_disk_named_by_mistake_is_refused(
    folder: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "MOST_FILES", 2)
    for k in range(3):
        put(f"{k}.jpg", b"x")
    with pytest.raises(FileRefused, match="holds more than 2 files"):
        walk(folder)
