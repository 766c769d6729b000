"""Ids of buyers become hashes under a key that lies beside the book and never in it."""

from __future__ import annotations

import hmac
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import claimstats
from claimstats import sql
from claimstats.book import Book
from claimstats.errors import BookError
from claimstats.loaders import detect as detection
from claimstats.loaders.buyer_key import KEY_VARIABLE, MARK, key_of, key_path, use_key
from claimstats.loaders.exports import evidence
from claimstats.loaders.load import load
from claimstats.loaders.progress import Teller
from claimstats.loaders.reading import Reading
from claimstats.loaders.results import FileResult
from claimstats.loaders.sources import unpacked
from claimstats.loaders.spec import Field
from claimstats.loaders.stage import stage

KEY, OTHER_KEY = "0f" * 32, "a1" * 32
BUYER = "Zq7Wilhelmina_1987"


@pytest.fixture
def disk_book(tmp_path: Path) -> Path:
    return tmp_path / "claims.duckdb"


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Path]:
    """Write evidence whose file names are the buyer's id, told to be one."""
    fields = tuple(
        Field("file_name", "file_name", privacy="buyer_id") if c.name == "file_name" else c
        for c in evidence.EXPORT.fields
    )
    with_buyers = replace(evidence.EXPORT, fields=fields)
    monkeypatch.setattr(detection, "EXPORTS", (with_buyers,))

    def of(*buyers: str, name: str = "evidence.csv") -> Path:
        path = tmp_path / name
        lines = [f"C{k},amazon_safet,photo_item,{buyer}" for k, buyer in enumerate(buyers)]
        path.write_text("\n".join(["claim_id,program,kind,file_name", *lines, ""]), "utf-8")
        return path

    return of


def loaded(book: Book, path: Path, key: str = "") -> FileResult:
    (result,) = load(book, [path], reading=Reading(buyer_key=key))
    assert result.status == "loaded", result.error
    return result


def hashes(book: Book) -> list[str]:
    return book.columns("SELECT file_name FROM evidence ORDER BY file_id, line_no")["file_name"]


@pytest.fixture(scope="module")
def hashed() -> Iterator[Callable[[str], str]]:
    """The hash that SQL makes of an id under KEY."""
    with claimstats.connect() as book:
        book.execute(sql.read("parsing", "claimstats.loaders"))
        use_key(book, KEY)
        yield lambda buyer: book.value("SELECT buyer_hash($1)", [buyer])


@pytest.mark.parametrize("buyer", ["ann", "ann@planted.example", "größe_ß", "買い手", "x" * 500])
def test_hash_is_the_hmac_that_python_makes(hashed: Callable[[str], str], buyer: str) -> None:
    expected = hmac.new(bytes.fromhex(KEY), buyer.encode(), "sha256").hexdigest()
    assert hashed(buyer) == expected[:32]


def test_hmac_of_a_published_vector(hashed: Callable[[str], str]) -> None:
    """RFC 4231, test case 2, whose text is its own lower case but for the blanks we leave out."""
    with claimstats.connect() as book:
        book.execute(sql.read("parsing", "claimstats.loaders"))
        use_key(book, b"Jefe".hex())
        text = "what do ya want for nothing?"
        outer, inner = "getvariable('buyer_key_outer')", "getvariable('buyer_key_inner')"
        found = book.value(
            f"SELECT sha256({outer} || unhex(sha256({inner} || encode($1))))", [text]
        )
    assert found == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@pytest.mark.parametrize("spelling", ["ANN@x.example", " ann@x.example ", "ann @x.exAmple\u00a0"])
def test_case_and_blanks_make_no_other_buyer(hashed: Callable[[str], str], spelling: str) -> None:
    assert hashed(spelling) == hashed("ann@x.example") != hashed("ann@y.example")


def test_no_buyer_has_no_hash(hashed: Callable[[str], str | None]) -> None:
    assert hashed(None) is None  # type: ignore[arg-type]


def test_first_load_that_needs_a_key_makes_one_for_its_owner_alone(
    disk_book: Path, tracker: Callable[..., Path]
) -> None:
    path = key_path(str(disk_book))
    with claimstats.connect(disk_book) as book:
        assert not path.exists()
        loaded(book, tracker(BUYER))
        assert [found.name for found in disk_book.parent.glob("*.key*")] == ["claims.duckdb.key"]
    assert re.fullmatch(r"[0-9a-f]{64}\n", path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_file_without_ids_of_buyers_needs_no_key(
    disk_book: Path, tracker: Callable[..., Path]
) -> None:
    path = tracker(BUYER)
    path.write_text(path.read_text().replace("file_name", "piece"))
    with claimstats.connect(disk_book) as book:
        loaded(book, path)
        assert not key_path(str(disk_book)).exists()
        assert book.value("SELECT count(*) FROM book_info WHERE key = $1", [MARK]) == 0


def test_same_buyer_has_the_same_hash_in_two_files_and_two_sessions(
    disk_book: Path, tracker: Callable[..., Path]
) -> None:
    with claimstats.connect(disk_book) as book:
        loaded(book, tracker(BUYER, "other"))
    with claimstats.connect(disk_book) as book:
        result = loaded(book, tracker("third", BUYER.upper(), name="2.csv"))
        first, other, third, again = hashes(book)
    assert first == again
    assert len({first, other, third}) == 3
    assert not any("key" in note for note in result.notes)


def test_neither_key_nor_id_is_in_any_byte_of_the_book(
    disk_book: Path, tracker: Callable[..., Path]
) -> None:
    bad = tracker(BUYER, f"{BUYER},one too many")
    bad.write_text(bad.read_text() + f"C9,nowhere,photo_item,{BUYER}\n")
    with claimstats.connect(disk_book) as book:
        assert loaded(book, bad).rejected == 2
        kept = book.columns("SELECT reason || raw_text AS text FROM rejected_rows")["text"]
        wal = Path(f"{disk_book}.wal").read_bytes()
        (made,) = hashes(book)
    key = bytes.fromhex(key_path(str(disk_book)).read_text())
    assert not any(BUYER in text for text in kept)
    for content in (wal, disk_book.read_bytes()):
        assert made.encode() in content
        for secret in (BUYER.encode(), key, key.hex().encode()):
            assert secret.lower() not in content.lower()


def test_mapping_sees_no_id_but_its_hash(tracker: Callable[..., Path]) -> None:
    """What a mapping cannot read cannot slip into a table."""
    with claimstats.connect() as book, unpacked(tracker(BUYER)) as sources:
        (source,) = sources
        reading = Reading(buyer_key=KEY)
        teller = Teller(source, "utf-8", None)
        stage(book, source, detection.detect(source, reading), reading, teller)
        seen = book.column_names("typed")
        assert book.value("SELECT file_name FROM typed") != BUYER
    assert {"file_name", "r_kind_raw"} <= set(seen)
    assert "r_file_name" not in seen


def test_lost_key_is_told_and_a_new_one_made(disk_book: Path, tracker: Callable[..., Path]) -> None:
    with claimstats.connect(disk_book) as book:
        loaded(book, tracker(BUYER))
        key_path(str(disk_book)).unlink()
        (note,) = loaded(book, tracker("new", BUYER, name="2.csv")).notes[:1]
        before, _, after = hashes(book)
        later = loaded(book, tracker("x", BUYER, name="3.csv")).notes
    assert before != after
    assert not any("key" in told for told in later)
    assert "is not that of earlier files" in note
    assert "claims.duckdb.key" in note


def test_key_of_the_environment_is_taken_and_no_file_made(
    disk_book: Path, tracker: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY.upper())
    with claimstats.connect(disk_book) as book:
        loaded(book, tracker(BUYER))
        expected = hmac.new(bytes.fromhex(KEY), BUYER.lower().encode(), "sha256").hexdigest()[:32]
        assert hashes(book) == [expected]
        assert not key_path(str(disk_book)).exists()
        monkeypatch.setenv(KEY_VARIABLE, OTHER_KEY)
        notes = loaded(book, tracker("new", name="2.csv")).notes
    assert KEY_VARIABLE in notes[0]


@pytest.mark.parametrize("wrong", ["", "short", "g" * 64, "0f" * 33])
def test_what_is_no_key_is_refused_before_anything_is_loaded(
    disk_book: Path, tracker: Callable[..., Path], wrong: str
) -> None:
    key_path(str(disk_book)).write_text(wrong)
    with claimstats.connect(disk_book) as book:
        with pytest.raises(BookError, match=r"claims\.duckdb\.key: holds no key .* 64 hexadecimal"):
            loaded(book, tracker(BUYER))
        assert book.value("SELECT count(*) FROM source_files") == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes where others may not")
def test_key_that_cannot_be_read_is_a_sentence(disk_book: Path) -> None:
    path = key_path(str(disk_book))
    path.write_text(KEY)
    path.chmod(0)
    with claimstats.connect(disk_book) as book, pytest.raises(BookError, match="cannot be kept"):
        key_of(book)


def test_key_path_that_is_a_folder_is_a_sentence(disk_book: Path) -> None:
    key_path(str(disk_book)).mkdir()
    with claimstats.connect(disk_book) as book, pytest.raises(BookError, match="cannot be kept"):
        key_of(book)


def test_books_in_memory_share_a_random_key(tracker: Callable[..., Path]) -> None:
    found = []
    for k in range(2):
        with claimstats.connect() as book:
            loaded(book, tracker(BUYER, name=f"{k}.csv"))
            found += hashes(book)
    assert found[0] == found[1]
    with claimstats.connect() as book:
        assert re.fullmatch(r"[0-9a-f]{64}", key_of(book))


def test_refused_file_leaves_no_trace_of_its_key_in_the_book(
    disk_book: Path, tracker: Callable[..., Path]
) -> None:
    """The mark of the key is part of the file's transaction."""
    path = tracker(BUYER)
    path.write_text(path.read_text() + "kind,program,claim_id,file_name\n")
    with claimstats.connect(disk_book) as book:
        (result,) = load(book, [path])
        assert result.status == "refused"
        assert book.value("SELECT count(*) FROM book_info WHERE key = $1", [MARK]) == 0
