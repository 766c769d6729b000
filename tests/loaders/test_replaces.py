from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

import claimstats
from claimstats.errors import FileRefused, ParameterError
from claimstats.loaders import Reading
from claimstats.session import ClaimBook

PLACE_OF_1 = Reading(replaces=1)


def test_corrected_file_leaves_the_book_as_if_it_alone_had_been_loaded(
    book: ClaimBook,
    claims: Callable[..., Path],
    make_book: Callable[..., ClaimBook],
    content: Callable[..., object],
) -> None:
    book.load(claims("C1,amazon_safet,denied,2026-05-08,", "C9,amazon_safet,denied,2026-05-08,"))
    mended = claims("C1,amazon_safet,granted,2026-05-08,", name="mended.csv")
    (result,) = book.load(mended, reading=PLACE_OF_1)
    assert (result.status, result.inserted) == ("loaded", 1)
    assert "takes the place of file 1, claims.csv" in result.notes[-1]
    assert content(book) == content(make_book(mended))


@pytest.mark.parametrize(
    "bad", ["a,b\n1,2\n", "", "claim_id,program,outcome,filed_at\n", "\0", "<html>"]
)
def test_old_file_stays_where_the_new_one_is_not_taken(
    book: ClaimBook, claims: Callable[..., Path], tmp_path: Path, bad: str
) -> None:
    book.load(claims("C1,amazon_safet,denied,2026-05-08,"))
    (tmp_path / "bad.csv").write_text(bad)
    before = book.rows("FROM source_files"), book.rows("FROM claims")
    try:
        (result,) = book.load(tmp_path / "bad.csv", reading=PLACE_OF_1)
        assert result.status == "empty"
    except FileRefused:
        pass
    assert (book.rows("FROM source_files"), book.rows("FROM claims")) == before
    assert not book.rows("FROM unloaded_files")


def test_file_of_another_kind_takes_no_place(
    book: ClaimBook, claims: Callable[..., Path], write_report: Callable[..., Path]
) -> None:
    book.load(claims("C1,amazon_safet,denied,2026-05-08,"))
    orders = write_report("amazon_all_orders.us_2026")
    with pytest.raises(FileRefused, match=r"file 1 \(claims.csv\), whose place it should take, is"):
        book.load(orders, reading=PLACE_OF_1)
    assert book.columns("SELECT format FROM source_files") == {"format": ["claims"]}


def test_one_file_takes_a_place_and_several_do_not(
    book: ClaimBook, claims: Callable[..., Path], tmp_path: Path
) -> None:
    first = claims("C1,amazon_safet,denied,2026-05-08,")
    book.load(first)
    for several in ([first, first], [tmp_path]):
        with pytest.raises(ParameterError, match="name one file, and no folder"):
            book.load(several, reading=PLACE_OF_1)
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(first, "a.csv")
        archive.write(first, "b.csv")
    with pytest.raises(FileRefused, match="holds 2 files"):
        book.load(tmp_path / "two.zip", reading=PLACE_OF_1)
    assert book.value("SELECT count(*) FROM source_files") == 1


def test_file_told_its_day_again_takes_its_own_place(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    path = claims("C1,amazon_safet,denied,2026-05-08,")
    book.load(path)
    book.load(path, datetime(2026, 6, 1), PLACE_OF_1)
    assert book.value("SELECT pulled_at FROM source_files") == datetime(2026, 6, 1)
    taken_out = book.rows("SELECT file_id, replaced_by FROM unloaded_files")
    assert taken_out == [{"file_id": 1, "replaced_by": 2}]


def test_another_pull_under_one_name_is_no_correction(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    book.load(claims("C1,amazon_safet,denied,2026-05-08,"), datetime(2026, 6, 1))
    path = claims("C1,amazon_safet,granted,2026-05-08,")
    (result,) = book.load(path, datetime(2026, 7, 1))
    assert not [note for note in result.notes if "--replaces" in note]


def test_ledger_line_of_a_file_taken_out_is_kept_whole(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    path = claims("C1,amazon_safet,denied,2026-05-08,", "C2,amazon_safet,denied,2026-02-30,")
    book.load(shutil.copy(path, path.with_name("claims_2026-06-30.csv")))
    kept = book.rows("FROM v_loads")[0]
    claimstats.loaders.unload(book, 1)
    after = book.rows("FROM v_loads")[0]
    changed = {name for name in kept if kept[name] != after[name]}
    assert changed == {"is_loaded", "unloaded_at"}
