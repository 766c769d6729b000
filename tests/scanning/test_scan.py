"""A scan: every file accounted for, linked, taken out again exactly, and nothing else kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import claimstats
from claimstats import scanning
from claimstats.errors import BookError, FileRefused, MissingExtra, ParameterError
from claimstats.loaders import unload
from claimstats.scanning import ScanResult
from claimstats.scanning import folder as module
from claimstats.scanning import look as looking
from claimstats.session import ClaimBook

Put = Callable[[str, bytes], Path]
Encoded = Callable[..., bytes]

ORDER = "111-0000001-0000001"
TEXT = "Delivered on 2026-02-08 at the front door"
CLAIMS = (
    "claim_id,program,order_id,reason,outcome,filed_at,decided_at\n"
    f"S-01,amazon_safet,{ORDER},wrong_item,denied,2026-01-10T00:00:00Z,2026-01-20T00:00:00Z\n"
    "S-02,amazon_safet,111-0000001-0000002,wrong_item,pending,2026-01-12T00:00:00Z,\n"
)
EVIDENCE = (
    "program,claim_id,kind,with_filing,file_name,quality_rating,rated_at\n"
    "amazon_safet,S-01,photo_item,yes,item.jpg,,\n"
    "amazon_safet,S-02,invoice,yes,invoice.pdf,2,2026-01-11\n"
)
ORDERS = list(permutations(["claims", "evidence", "files", "scan"]))[1::5]
FILES = (
    "file,claim_id,program,kind,submitted_at,with_filing\n"
    "mail.png,S-02,,correspondence,2026-01-12T00:00:00Z,yes\n"
)


@pytest.fixture(scope="module")
def pictures(photo: Callable[..., Image.Image], encoded: Encoded) -> Mapping[str, bytes]:
    """Four small pictures."""
    return {
        "sharp": encoded(photo(1, (400, 300))),
        "blurred": encoded(photo(2, (400, 300), blur=6)),
        "other": encoded(photo(3, (400, 300))),
        "mail": encoded(photo(4, (300, 400)), "PNG"),
    }


@pytest.fixture
def messy(
    folder: Path, put: Put, pictures: Mapping[str, bytes], pdf: Any, video: Any, tmp_path: Path
) -> Path:
    """A seller's folder: 8 files that are measured, 3 that cannot be, 4 that are passed over."""
    put(f"{ORDER}/item.jpg", pictures["sharp"])
    put(f"{ORDER}/item (1).jpg", pictures["sharp"])
    put(f"{ORDER}/packaging.jpg", pictures["blurred"])
    put("S-02/invoice.pdf", pdf(TEXT, (827, 1169)))
    put("S-02 unboxing.mov", video())
    put("S-01 and S-02.jpg", pictures["other"])
    put("mail.png", pictures["mail"])
    put("DCIM/IMG_0001.jpg", pictures["other"])
    put("S-01_broken.jpg", pictures["sharp"][:2000])
    put("empty.jpg", b"")
    put("S-02 scan.pdf", b"%PDF-1.4 cut short")
    put(".DS_Store", b"x")
    put("pack.zip", b"PK\3\4")
    put("notes.txt", b"call her")
    (folder / "link.jpg").symlink_to(tmp_path)
    return folder


@pytest.fixture
def lists(tmp_path: Path) -> dict[str, Path]:
    """Claims, pieces of evidence and a list of files."""
    paths = {}
    for name, text in (("claims", CLAIMS), ("evidence", EVIDENCE), ("files", FILES)):
        paths[name] = tmp_path / f"{name}.csv"
        paths[name].write_text(text)
    return paths


@pytest.fixture
def book(empty: ClaimBook, lists: dict[str, Path]) -> ClaimBook:
    """A book with two claims."""
    empty.load(lists["claims"])
    return empty


def held(book: ClaimBook, whole: bool = True) -> Any:
    """What the book holds of files and evidence; the numbers of loads aside unless `whole`."""
    tables = (
        "history.evidence_files",
        "evidence_links",
        "evidence",
        "v_evidence",
        "v_evidence_files",
    )
    without = set() if whole else {"file_id", "line_no", "piece_file_id", "piece_line_no"}
    found = {}
    for table in tables:
        names = ", ".join(name for name in book.column_names(table) if name not in without)
        found[table] = sorted(map(repr, book.grid(f"SELECT {names} FROM {table}")[1]))
    return found


def counts(result: ScanResult) -> tuple[int, ...]:
    load = result.load
    return result.linked, result.ambiguous, result.unlinked, load.rejected, load.ignored


def test_every_file_is_accounted_for(book: ClaimBook, messy: Path, lists: dict[str, Path]) -> None:
    result = book.scan_evidence(messy, mapping=lists["files"])
    assert result.load.read == 15
    assert counts(result) == (6, 1, 1, 3, 4)
    assert sum(counts(result)) == result.load.read
    assert (result.pieces, result.copies, result.unnamed_kinds) == (5, 1, 0)
    (row,) = book.rows("FROM source_files WHERE format = 'evidence_scan'")
    assert (row["n_read"], row["n_inserted"], row["n_rejected"], row["n_ignored"]) == (15, 8, 3, 4)
    assert row["ignored_why"] == (
        "archives (not unpacked): 1; hidden, or left by the system: 1; links (not followed): 1; "
        "no picture, PDF or video: 1"
    )
    rejected = book.rows("SELECT raw_text, reason FROM rejected_rows ORDER BY line_no")
    assert [row["raw_text"] for row in rejected] == [
        "S-01_broken.jpg", "S-02 scan.pdf", "empty.jpg",
    ]  # fmt: skip
    assert result.unlinked_files == ("DCIM/IMG_0001.jpg",)
    assert result.ambiguous_files == (
        ("S-01 and S-02.jpg", "amazon_safet S-01, amazon_safet S-02"),
    )


def test_measured_clarity_reaches_the_claim(
    book: ClaimBook, messy: Path, lists: dict[str, Path]
) -> None:
    """S-01: the item's photo, 400 pixels wide. S-02: rated 2 of 5; and mail.png, 400 high."""
    book.load(lists["evidence"])
    before = book.rows("SELECT claim_id, clarity FROM v_claim_evidence ORDER BY claim_id")
    assert [row["clarity"] for row in before] == [None, 0.4]
    book.scan_evidence(messy, mapping=lists["files"])
    after = book.rows(
        "SELECT claim_id, clarity, n_measured FROM v_claim_evidence ORDER BY claim_id"
    )
    assert [row["clarity"] for row in after] == [pytest.approx(0.4), pytest.approx(0.4)]
    assert [row["n_measured"] for row in after] == [1, 1]
    (invoice,) = book.rows("FROM v_evidence WHERE kind = 'invoice'")
    assert (invoice["clarity_basis"], invoice["measured_clarity"]) == ("rated", 0.75)


def test_same_folder_again_is_nothing_new(book: ClaimBook, messy: Path) -> None:
    first = book.scan_evidence(messy)
    before = held(book)
    again = book.scan_evidence(messy)
    assert again.load.status == "already_loaded"
    assert again.load.file_id == first.load.file_id
    assert counts(again) == counts(first)
    assert held(book) == before


def test_what_was_measured_once_is_not_measured_again(
    book: ClaimBook, messy: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = book.scan_evidence(messy)
    put("notes 2.txt", b"x")
    (messy / "S-01_broken.jpg").unlink()
    for name in ("measure_picture", "measure_video"):
        monkeypatch.setattr(looking, name, None)
    again = book.scan_evidence(messy)
    assert again.load.unchanged == first.load.inserted == 8


def test_touching_and_copying_are_no_change(book: ClaimBook, messy: Path, tmp_path: Path) -> None:
    book.scan_evidence(messy)
    (messy / "mail.png").touch()
    assert book.scan_evidence(messy).load.status == "already_loaded"


def test_change_is_told_as_one(
    book: ClaimBook, messy: Path, put: Put, pictures: Mapping[str, bytes]
) -> None:
    book.scan_evidence(messy)
    put(f"{ORDER}/packaging.jpg", pictures["other"])
    put(f"{ORDER}/label.jpg", pictures["blurred"])
    result = book.scan_evidence(messy).load
    assert (result.inserted, result.updated, result.unchanged) == (1, 1, 7)
    assert book.value("SELECT count(*) FROM evidence_files") == 9


def test_file_that_is_gone_stays_measured_and_is_told(book: ClaimBook, messy: Path) -> None:
    """What was sent was sent, whether or not the seller keeps a copy."""
    book.scan_evidence(messy)
    (messy / "mail.png").unlink()
    result = book.scan_evidence(messy)
    assert any("1 file that an earlier scan found is not there now" in n for n in result.load.notes)
    rows = book.rows("SELECT path FROM v_evidence_files WHERE NOT is_in_latest_scan")
    assert rows == [{"path": "mail.png"}]
    unload(book, 2)
    assert book.value("SELECT count(*) FROM evidence_files WHERE path = 'mail.png'") == 0
    assert book.value("SELECT count(*) FROM evidence_files") == 7


def test_folder_that_becomes_again_as_it_was_is_scanned_anew(
    book: ClaimBook, messy: Path, put: Put, pictures: Mapping[str, bytes]
) -> None:
    first = book.scan_evidence(messy)
    put("mail.png", pictures["other"])
    book.scan_evidence(messy)
    put("mail.png", pictures["mail"])
    third = book.scan_evidence(messy)
    assert third.load.status == "loaded"
    assert third.load.file_id != first.load.file_id
    hashes = book.columns("SELECT sha256 FROM evidence_files WHERE path = 'mail.png'")["sha256"]
    assert hashes == book.columns(
        "SELECT sha256 FROM history.evidence_files WHERE file_id = 2 AND path = 'mail.png'"
    )["sha256"]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
def test_order_of_loading_changes_nothing(
    empty: ClaimBook, lists: dict[str, Path], folder: Path, put: Put, order: tuple[str, ...],
    pictures: Mapping[str, bytes], expected: Any,
) -> None:  # fmt: skip
    _fill(put, pictures)
    _load(empty, lists, folder, order)
    assert _names(empty, folder) == expected


@pytest.fixture(scope="module")
def expected(
    new_book: Callable[[], ClaimBook], tmp_path_factory: pytest.TempPathFactory,
    pictures: Mapping[str, bytes],
) -> Any:  # fmt: skip
    """What the book holds when the files are scanned last."""
    place = tmp_path_factory.mktemp("expected")
    folder = place / "evidence"

    def put(path: str, content: bytes) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)

    _fill(put, pictures)
    lists = {}
    for name, text in (("claims", CLAIMS), ("evidence", EVIDENCE), ("files", FILES)):
        lists[name] = place / f"{name}.csv"
        lists[name].write_text(text)
    with new_book() as book:
        _load(book, lists, folder, ("claims", "evidence", "files", "scan"))
        return _names(book, folder)


def _fill(put: Callable[[str, bytes], Any], pictures: Mapping[str, bytes]) -> None:
    put(f"{ORDER}/item.jpg", pictures["sharp"])
    put("S-02/box.jpg", pictures["blurred"])
    put("mail.png", pictures["mail"])


def _load(book: ClaimBook, lists: dict[str, Path], folder: Path, order: tuple[str, ...]) -> None:
    for step in order:
        if step == "scan":
            book.scan_evidence(folder)
        else:
            book.load(lists[step])


def _names(book: ClaimBook, folder: Path) -> Any:
    """What is held, without the numbers of loads, the place of the folder and the clock."""
    moving = "folder, file_id, line_no, piece_file_id, piece_line_no, changed_at"
    files = book.grid(
        f"SELECT * EXCLUDE ({moving}, is_in_latest_scan) FROM v_evidence_files ORDER BY path"
    )
    pieces = book.grid("SELECT * FROM v_evidence ORDER BY ALL")
    claims = book.grid("SELECT * FROM v_claim_evidence ORDER BY ALL")
    return files, pieces, claims


def test_taking_a_scan_out_leaves_the_book_as_it_was(
    book: ClaimBook, messy: Path, lists: dict[str, Path]
) -> None:
    book.load([lists["evidence"], lists["files"]])
    before = held(book)
    result = book.scan_evidence(messy)
    assert held(book) != before
    unload(book, result.load.file_id)
    assert held(book) == before
    assert book.value("SELECT count(*) FROM rejected_rows") == 0
    assert book.value("SELECT format FROM unloaded_files") == "evidence_scan"


def test_taking_the_list_out_takes_its_pieces_out(
    book: ClaimBook, messy: Path, lists: dict[str, Path]
) -> None:
    book.scan_evidence(messy)
    before = held(book)
    (result,) = book.load(lists["files"])
    assert held(book) != before
    unload(book, result.file_id)
    assert held(book) == before


def test_interrupted_scan_stores_nothing(
    book: ClaimBook, messy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = held(book)
    for step in ("look", "upsert", "conclude"):
        with monkeypatch.context() as patched:
            patched.setattr(module, step, stop)
            with pytest.raises(KeyboardInterrupt):
                book.scan_evidence(messy)
        assert held(book) == before
    assert book.value("SELECT count(*) FROM source_files") == 1
    assert book.scan_evidence(messy).load.status == "loaded"


def test_progress_is_told_of_each_file(book: ClaimBook, messy: Path) -> None:
    heard: list[scanning.Progress] = []
    scanning.scan(book, messy, progress=heard.append)
    assert [each.n_done for each in heard] == list(range(15))
    assert {each.n_files for each in heard} == {15}


def test_place_person_and_picture_are_nowhere_in_the_book(
    tmp_path: Path, folder: Path, put: Put, encoded: Encoded, exif: Any, photo: Any
) -> None:
    """Every byte of the book is read for what the telephone noted beside the picture."""
    data = encoded(photo(1, (400, 300)), exif=exif())
    planted = (b"PLANTED-PLACE", b"PLANTED-PERSON")
    assert all(text in data for text in planted)
    put("S-01_item.jpg", data)
    put("S-01_item.png", encoded(photo(2, (400, 300)), "PNG", exif=exif()))
    path = tmp_path / "book.duckdb"
    with claimstats.connect(path) as book:
        book.scan_evidence(folder)
        assert book.value("SELECT count(captured_at) FROM evidence_files") == 2
        book.execute("CHECKPOINT")
    stored = path.read_bytes()
    assert b"S-01_item.jpg" in stored
    assert not any(text in stored for text in planted)
    assert data[2000:2040] not in stored


def test_program_decides_between_claims_of_one_id(book: ClaimBook, folder: Path, put: Put,
    pictures: Mapping[str, bytes], tmp_path: Path,
) -> None:  # fmt: skip
    path = tmp_path / "more.csv"
    path.write_text("claim_id,program,outcome\nS-01,amazon_atoz,pending\n")
    book.load(path)
    put("S-01_item.jpg", pictures["sharp"])
    assert book.scan_evidence(folder).ambiguous == 1
    result = book.scan_evidence(folder, program="amazon_atoz")
    assert (result.linked, result.load.status) == (1, "loaded")
    assert book.value("SELECT program FROM v_evidence_files") == "amazon_atoz"


def test_copy_of_the_folder_elsewhere_makes_no_further_pieces(
    book: ClaimBook, messy: Path, tmp_path: Path
) -> None:
    book.scan_evidence(messy)
    before = book.value("SELECT count(*) FROM evidence")
    shutil.copytree(messy, tmp_path / "moved", symlinks=True)
    book.scan_evidence(tmp_path / "moved")
    assert book.value("SELECT count(*) FROM evidence") == before
    assert book.value("SELECT count(*) FROM evidence_files") == 16


def test_book_without_scans_has_no_other_numbers(book: ClaimBook, lists: dict[str, Path]) -> None:
    book.load(lists["evidence"])
    rows = book.rows("SELECT clarity, quality_rating FROM v_evidence ORDER BY claim_id")
    assert [tuple(row.values()) for row in rows] == [(None, None), (0.4, 2)]
    assert book.value("SELECT count(*) FROM evidence_links") == 0


def test_file_that_changes_while_it_is_read_is_not_measured(
    book: ClaimBook, folder: Path, put: Put, pictures: Mapping[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    place = put("S-01_item.jpg", pictures["sharp"])
    measure = looking.measure_picture

    def grow(data: bytes, kind: str) -> Any:
        place.write_bytes(pictures["sharp"] + b"x")
        return measure(data, kind)

    monkeypatch.setattr(looking, "measure_picture", grow)
    assert book.scan_evidence(folder).load.rejected == 1
    assert "changes while it is read" in book.value("SELECT reason FROM rejected_rows")


@pytest.mark.parametrize("name", ["notes.txt", ".hidden.jpg", None])
def test_folder_without_evidence_is_refused(
    book: ClaimBook, folder: Path, put: Put, name: str | None
) -> None:
    if name:
        put(name, b"x")
    with pytest.raises(FileRefused, match="holds no photo, PDF or video"):
        book.scan_evidence(folder)
    assert book.value("SELECT count(*) FROM source_files") == 1


def test_what_cannot_be_is_refused(
    book: ClaimBook, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ParameterError, match="cannot be of program 'amazon_safe'"):
        book.scan_evidence(folder, program="amazon_safe")
    with pytest.raises(FileRefused, match="no such folder"):
        book.scan_evidence(tmp_path / "nowhere")
    path = tmp_path / "read.duckdb"
    claimstats.connect(path).close()
    with claimstats.connect(path, read_only=True) as read, pytest.raises(BookError, match="only"):
        read.scan_evidence(folder)
    monkeypatch.setattr("claimstats.scanning.pictures.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="images"):
        book.scan_evidence(folder)
