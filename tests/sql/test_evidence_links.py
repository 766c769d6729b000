"""Which claim a file belongs to: by its path, by files.csv and by the pieces of trackers."""

from __future__ import annotations

from datetime import datetime

import pytest

from claimstats.loaders.unload import conclude

ORDER = "111-0000001-0000001"
OTHER = "111-0000001-0000002"
LINKED = ("path", "claim_id", "link_method", "piece")


@pytest.fixture
def files(book, put):
    """Put files of these paths, each of its own content unless one is said."""

    def into(*paths, first=1, **more):
        for place, path in enumerate(paths, first):
            put("history.evidence_files", **{"path": path, "line_no": place, "sha256": path} | more)

    return into


@pytest.fixture
def claims(put):
    """Put claims by their ids, with order ids if any."""

    def into(**orders):
        for claim_id, order_id in orders.items():
            put("claims", claim_id=claim_id.replace("_", "-"), order_id=order_id)

    return into


@pytest.fixture
def links(book):
    """What each file is linked to."""

    def of(*columns):
        conclude(book, only=("link_files",))
        named = ", ".join(columns or ("claim_id", "link_method"))
        rows = book.rows(
            f"SELECT path, {named} FROM v_evidence_files ORDER BY line_no, program, claim_id"
        )
        return [tuple(row.values())[1:] for row in rows]

    return of


# Ids in paths


@pytest.mark.parametrize(
    "path",
    [
        f"{ORDER}/packaging.jpg",
        f"{ORDER}_packaging_1.jpg",
        f"photos {ORDER}.jpg",
        "11100000010000001/box.jpg",
        f"clients/East/{ORDER} (2)/IMG_1.heic",
        "S-01/IMG_1.jpg",
        "S-01_box_1.jpg",
        "s01 box.jpg",
        "S-01.pdf",
        f"{ORDER}/S-01_box.jpg",
        f"索赔{ORDER}物流.jpg",
        "S-01包装.jpg",
    ],
)
def test_path_with_an_id_belongs_to_its_claim(files, claims, links, path):
    claims(S_01=ORDER, S_02=OTHER)
    files(path)
    assert links() == [("S-01", "name")]


@pytest.mark.parametrize(
    "path",
    [
        "IMG_1.jpg",
        "box.jpg",
        f"9{ORDER}/box.jpg",
        f"{ORDER}9.jpg",
        "xS-01_box.jpg",
        "photo_S-01.jpg",  # a short id counts where it leads only
        "111-9999999-0000001/box.jpg",  # an order that is not in the book
    ],
)
def test_path_without_an_id_belongs_to_none(files, claims, links, path):
    claims(S_01=ORDER)
    files(path)
    assert links() == [(None, "none")]


@pytest.mark.parametrize(
    ("claim_id", "path", "is_linked"),
    [
        ("7001", "IMG_7001.jpg", False),  # a telephone's counter
        ("7001", "7001.jpg", False),
        ("7001", "7001_box.jpg", True),
        ("7001", "7001/IMG_1.jpg", True),
        ("1", "1/box.jpg", True),
        ("1", "1_box.jpg", False),
        ("1", "box (1).jpg", False),
        ("20260514", "IMG_20260514_101500.jpg", False),  # a day
        ("20260514", "20260514_box.jpg", True),
        ("101500", "20260514_101500.jpg", False),  # a time
        ("101500123", "PXL_20260514_101500123.jpg", False),
        ("101500", "WhatsApp Image 2026-05-14 at 10.15.00.jpeg", False),
        ("101500", "101500 box.jpg", True),
        ("20260514101500", "Screenshot_20260514101500.png", False),
        ("1234567890", "IMG 1234567890 box.jpg", True),
        ("1234567890", "IMG 12345 67890 box.jpg", False),
        ("dp_1A2B3C", "photo dp_1A2B3C.jpg", True),
        ("1234567", "111-1234567-7654321 box.jpg", False),  # the middle of another order's id
    ],
)
def test_numbers_that_cameras_write_are_no_ids(files, put, links, claim_id, path, is_linked):
    put("claims", claim_id=claim_id)
    files(path)
    assert links("claim_id") == [(claim_id if is_linked else None,)]


@pytest.mark.parametrize(
    "path",
    [
        "S-01 and S-02.jpg",
        f"{ORDER}/{OTHER}.jpg",
        f"{ORDER}/S-02_box.jpg",
        f"S-01/{OTHER}/box.jpg",
    ],
)
def test_path_with_ids_of_two_claims_belongs_to_neither(files, claims, links, path):
    claims(S_01=ORDER, S_02=OTHER)
    files(path)
    assert links("claim_id", "link_method", "candidates") == [
        (None, "ambiguous", "amazon_safet S-01, amazon_safet S-02")
    ]


def test_order_of_two_claims_is_ambiguous_until_something_decides(book, put, files, links):
    put("claims", claim_id="S-01", order_id=ORDER)
    put("claims", claim_id="A-01", order_id=ORDER, program="amazon_atoz")
    files(f"{ORDER}/box.jpg", f"{ORDER}/S-01_box.jpg", f"{ORDER}/item.jpg")
    assert links("claim_id", "candidates") == [
        (None, "amazon_atoz A-01, amazon_safet S-01"), ("S-01", None),
        (None, "amazon_atoz A-01, amazon_safet S-01"),
    ]  # fmt: skip
    put("history.evidence", claim_id="S-01", file_name="box.jpg")
    assert links("claim_id") == [("S-01",), ("S-01",), (None,)]
    book.execute("UPDATE history.evidence_files SET said_program = 'amazon_atoz'")
    assert links("claim_id") == [("A-01",), ("A-01",), ("A-01",)]


def test_claim_id_of_two_programs_is_ambiguous(put, files, links):
    put("claims", claim_id="S-01")
    put("claims", claim_id="S-01", program="amazon_atoz")
    files("S-01_box.jpg")
    assert links("claim_id", "candidates") == [(None, "amazon_atoz S-01, amazon_safet S-01")]


def test_return_names_its_claim(put, files, links):
    put("claims", claim_id="S-01", rma_id="DxKp29RRMA")
    files("DxKp29RRMA/box.jpg")
    assert links() == [("S-01", "name")]


def test_claim_that_is_loaded_later_is_linked_then(files, claims, links):
    files("S-01_box.jpg")
    assert links() == [(None, "none")]
    claims(S_01=None)
    assert links() == [("S-01", "name")]


# Lists of pieces


def test_piece_that_names_the_file_decides_where_no_id_stands(put, files, claims, links):
    claims(S_01=None, S_02=None)
    put("history.evidence", claim_id="S-01", file_name="Photos\\IMG_1.JPG", line_no=7)
    files("photos/IMG_1.jpg", "other/IMG_2.jpg")
    assert links("claim_id", "link_method", "piece", "piece_line_no") == [
        ("S-01", "list", "listed", 7), (None, "none", None, None),
    ]  # fmt: skip


def test_name_of_two_files_that_differ_names_neither(put, files, claims, links):
    claims(S_01=None)
    put("history.evidence", claim_id="S-01", file_name="IMG_1.jpg")
    files("a/IMG_1.jpg", "b/IMG_1.jpg")
    assert links() == [(None, "ambiguous")] * 2


def test_name_of_two_files_of_one_content_names_both(put, files, claims, links):
    claims(S_01=None)
    put("history.evidence", claim_id="S-01", file_name="IMG_1.jpg")
    files("a/IMG_1.jpg", "b/IMG_1.jpg", sha256="same")
    assert links() == [("S-01", "list")] * 2


def test_whole_path_comes_before_an_end_of_one(put, files, claims, links):
    claims(S_01=None)
    put("history.evidence", claim_id="S-01", file_name="IMG_1.jpg")
    files("IMG_1.jpg", "b/IMG_1.jpg")
    assert links() == [("S-01", "list"), (None, "none")]


def test_file_that_pieces_of_two_claims_name_is_ambiguous(put, files, claims, links):
    claims(S_01=None, S_02=None)
    put("history.evidence", claim_id="S-01", file_name="terms.pdf")
    put("history.evidence", claim_id="S-02", file_name="terms.pdf")
    files("terms.pdf")
    assert links("claim_id", "candidates") == [(None, "amazon_safet S-01, amazon_safet S-02")]


# files.csv


def test_list_of_files_comes_before_ids(put, files, claims, links):
    claims(S_01=None, S_02=None)
    put("history.file_claims", file_key="s-01_box.jpg", claim_id="S-02", kind="photo_label")
    files("S-01_box.jpg")
    assert links("claim_id", "link_method", "kind") == [("S-02", "mapping", "photo_label")]


def test_list_may_give_a_file_to_two_claims(put, files, claims, links):
    claims(S_01=None, S_02=None)
    for claim_id in ("S-01", "S-02"):
        put("history.file_claims", claim_id=claim_id)
    files("a.jpg")
    assert links("claim_id", "piece") == [("S-01", "new"), ("S-02", "new")]


def test_program_of_the_list_is_that_of_the_only_claim(put, files, links):
    put("claims", claim_id="1", program="amazon_atoz")
    put("history.file_claims")
    files("x/a.jpg")
    assert links("program", "claim_id") == [("amazon_atoz", "1")]


def test_program_that_nobody_says_is_not_guessed(put, files, links):
    put("claims", program="amazon_atoz")
    put("claims", program="amazon_safet")
    put("history.file_claims")
    files("a.jpg")
    assert links("claim_id", "link_method", "candidates") == [
        (None, "ambiguous", "files.csv says claim 1, of no one program")
    ]


def test_row_that_two_different_files_fit_is_ambiguous(put, files, claims, links):
    claims(S_01=None)
    put("history.file_claims", claim_id="S-01")
    files("x/a.jpg", "y/a.jpg")
    assert links() == [(None, "ambiguous")] * 2


def test_what_the_list_says_of_sending_reaches_the_piece(book, put, files, links):
    put("claims", filed_at="2026-01-10", outcome="denied", decided_at="2026-01-20")
    put(
        "history.file_claims",
        program="amazon_safet", with_filing=True, submitted_at="2026-01-09", kind="photo_item",
    )  # fmt: skip
    files("a.jpg")
    links()
    (row,) = book.rows("FROM v_evidence")
    assert (row["placement"], row["kind"], row["file_name"]) == ("at_filing", "photo_item", "a.jpg")
    assert book.as_of == datetime(2026, 1, 20)


# Pieces


def test_file_of_a_told_piece_is_no_further_piece(book, put, files, claims, links):
    claims(S_01=None)
    put("history.evidence", claim_id="S-01", file_name="S-01_box.jpg")
    files("S-01_box.jpg", "S-01_item.jpg")
    assert links("piece") == [("listed",), ("new",)]
    assert book.value("SELECT count(*) FROM evidence") == 2


def test_same_content_twice_in_a_claim_is_one_piece(book, files, claims, links):
    claims(S_01=None, S_02=None)
    files("S-01/item.jpg", "S-01/item (1).jpg", "S-02/item.jpg", sha256="same")
    assert links("piece") == [("new",), ("copy",), ("new",)]
    assert book.value("SELECT count(*) FROM evidence WHERE claim_id = 'S-01'") == 1


def test_copy_of_a_told_piece_is_no_further_piece(book, put, files, claims, links):
    claims(S_01=None)
    put("history.evidence", claim_id="S-01", file_name="item.jpg")
    files("S-01/item.jpg", "S-01/item copy.jpg", sha256="same")
    assert links("piece") == [("listed",), ("copy",)]
    assert book.value("SELECT count(*) FROM evidence") == 1


def test_file_renamed_since_the_last_scan_stays_one_piece(book, files, claims, links):
    """The earlier scan's row still holds: what was sent was sent."""
    claims(S_01=None)
    files("S-01/IMG_1.jpg", file_id=1, sha256="same")
    files("S-01/packaging.jpg", file_id=2, sha256="same")
    links()
    assert book.columns("SELECT file_name, kind FROM evidence") == {
        "file_name": ["S-01/packaging.jpg"], "kind": ["photo_packaging"],
    }  # fmt: skip


# Kinds


@pytest.mark.parametrize(
    ("path", "medium", "kind"),
    [
        ("S-01_packaging_1.jpg", "photo", "photo_packaging"),
        ("S-01 Verpackung.jpg", "photo", "photo_packaging"),
        ("S-01/包装照片.jpg", "photo", "photo_packaging"),
        ("S-01/聊天记录截图.png", "photo", "correspondence"),
        ("S-01/物流跟踪记录.pdf", "document", "tracking_record"),
        ("S-01序列号.jpg", "photo", "photo_serial"),
        ("S-01/シリアル.jpg", "photo", "photo_serial"),
        ("S-01/商品标签照片.jpg", "photo", None),  # the item or its label: not guessed at
        ("S-01/包装1.jpg", "photo", "photo_packaging"),
        ("S-01/label2.png", "photo", "photo_label"),
        ("S-01/étiquette.jpg", "photo", "photo_label"),
        ("S-01/proof of delivery.pdf", "document", "proof_of_delivery"),
        ("S-01/tracking.png", "photo", "tracking_record"),
        ("S-01/unboxing.mov", "video", "video_unboxing"),
        ("S-01/unboxing.jpg", "photo", None),
        ("S-01/label.pdf", "document", None),
        ("S-01/packaging/IMG_1.jpg", "photo", "photo_packaging"),
        ("packaging/S-01/IMG_1.jpg", "photo", "photo_packaging"),
        ("S-01/packaging/label.jpg", "photo", "photo_label"),
        ("S-01/label on box.jpg", "photo", None),
        ("S-01/IMG_1.jpg", "photo", None),
        ("S-01/damage.jpg", "photo", None),
        ("S-01/photo_item 3.jpg", "photo", "photo_item"),
    ],
)
def test_kind_is_told_by_words(files, claims, links, path, medium, kind):
    claims(S_01=None)
    files(path, medium=medium)
    assert links("claim_id", "kind") == [("S-01", kind)]


def test_words_of_an_id_tell_no_kind(put, files, links):
    put("claims", claim_id="BOX-17")
    files("BOX-17_IMG_1.jpg")
    assert links("claim_id", "kind") == [("BOX-17", None)]


def test_words_name_kinds_that_there_are_as_they_are_compared(book):
    words = book.rows("SELECT * FROM evidence_kind_words ANTI JOIN evidence_kinds USING (kind)")
    assert words == []
    words = book.rows("FROM evidence_kind_words WHERE word <> lower(nfc_normalize(word))")
    assert words == []


def test_without_files_nothing_is_linked(book, links):
    assert links() == []
    assert book.value("SELECT count(*) FROM evidence_links") == 0


def test_many_files_and_claims_are_linked_in_passable_time(book, files, links):
    """20,000 claims and 2,000 files: pairs are not gone through one by one."""
    book.execute(
        "INSERT INTO claims (program, claim_id, id_is_derived, origins, order_id, outcome) "
        "SELECT 'amazon_safet', 'SAFE-T-' || (1000000 + i), false, ['tracker'], "
        "'111-' || (1000000 + i) || '-' || (2000000 + i), 'pending' FROM range(20000) AS r(i)"
    )
    book.execute(
        "INSERT INTO history.evidence_files BY NAME "
        "SELECT '/e' AS folder, "
        "'111-' || (1000000 + i) || '-' || (2000000 + i) || '/item.jpg' AS path, path AS sha256, "
        "1 AS n_bytes, 'photo' AS medium, 'JPEG' AS format, '1' AS measured_by, "
        "1 AS file_id, i AS line_no, true AS is_current FROM range(2000) AS r(i)"
    )
    assert set(links("link_method", "kind")) == {("name", "photo_item")}
