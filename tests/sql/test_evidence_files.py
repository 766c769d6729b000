"""v_evidence_files: components of clarity by the published rules; v_evidence: rated or measured."""

from __future__ import annotations

from datetime import datetime

import pytest

FILED, DECIDED = datetime(2026, 1, 10, 12), datetime(2026, 1, 20, 12)
BEFORE, AFTER = datetime(2026, 1, 8), datetime(2026, 1, 25)
EXACT = {"outcome": "denied", "filed_at": FILED, "decided_at": DECIDED}
CLEAR = {
    "width": 4000, "height": 3000, "laplacian_variance": 800.0, "mean_luminance": 120.0,
    "tonal_range": 230,
}  # fmt: skip


def file_of(book):
    (row,) = book.rows("FROM v_evidence_files")
    return row


@pytest.mark.parametrize(
    ("measures", "components"),
    [
        ({}, (1, 1, 1, 1)),
        ({"width": 500, "height": 300}, (0.5, 1, 1, 0.5)),
        ({"width": 300, "height": 500}, (0.5, 1, 1, 0.5)),
        ({"laplacian_variance": 25.0}, (1, 0.25, 1, 0.25)),
        ({"tonal_range": 64}, (1, 1, 0.5, 0.5)),
        ({"mean_luminance": 12.0}, (1, 1, 0.25, 0.25)),
        ({"laplacian_variance": 50.0, "tonal_range": 32}, (1, 0.5, 0.25, 0.25)),
        ({"laplacian_variance": None}, (1, None, 1, 1)),
    ],
)
def test_photo_is_as_clear_as_its_weakest_component(book, put, measures, components):
    put("history.evidence_files", **CLEAR | measures)
    row = file_of(book)
    found = tuple(row[name] for name in ("resolution", "sharpness", "exposure", "clarity"))
    assert found == components
    assert row["legibility"] is None


@pytest.mark.parametrize(
    ("n_text", "dpi", "legibility"),
    [
        (2, [], 1), (0, [200], 1), (0, [100], 0.5), (1, [100], 0.75), (3, [50], 0.8125),
        (0, [], None), (0, [600, 100], 0.75),
    ],
)  # fmt: skip
def test_document_is_as_clear_as_its_mean_page(book, put, n_text, dpi, legibility):
    put(
        "history.evidence_files",
        medium="document", n_pages=9, n_text_pages=n_text, scan_dpi=dpi,
    )  # fmt: skip
    row = file_of(book)
    assert row["legibility"] == row["clarity"] == legibility
    assert (row["resolution"], row["sharpness"], row["exposure"]) == (None, None, None)
    assert (row["n_scan_pages"], row["least_scan_dpi"]) == (len(dpi), min(dpi, default=None))


def test_clarity_of_a_video_is_unknown(book, put):
    put("history.evidence_files", medium="video", width=1920, height=1080, duration_seconds=9.5)
    row = file_of(book)
    assert [row[n] for n in ("clarity", "resolution", "sharpness", "exposure")] == [None] * 4
    assert (row["megapixels"], row["duration_seconds"]) == (2.0736, 9.5)


def test_rules_have_a_source_each_and_are_what_the_comments_say(book):
    rules = book.rows("SELECT component, full_at, source FROM clarity_rules ORDER BY component")
    assert {row["component"]: row["full_at"] for row in rules} == {
        "resolution": 1000, "sharpness": 100, "tones": 128, "brightness": 48, "legibility": 200,
    }  # fmt: skip
    assert all(row["source"] for row in rules)


def test_file_that_the_latest_scan_did_not_find_is_told(book, put):
    put("history.evidence_files", path="gone.jpg", file_id=1)
    put("history.evidence_files", path="there.jpg", file_id=2)
    put("history.evidence_files", path="elsewhere.jpg", folder="/other", file_id=1)
    rows = book.rows("SELECT path, is_in_latest_scan FROM v_evidence_files ORDER BY path")
    assert [tuple(row.values()) for row in rows] == [
        ("elsewhere.jpg", True), ("gone.jpg", False), ("there.jpg", True),
    ]  # fmt: skip


# Clarity of a piece


@pytest.fixture
def measured(put):
    """Put a piece at filing whose file was measured at a clarity."""

    def piece(clarity, number=1, kind="photo_item", file=(), **piece):
        put(
            "history.evidence",
            **{"kind": kind, "item_key": str(number), "with_filing": True, "line_no": number}
            | piece,
        )
        put(
            "history.evidence_files",
            **{"file_id": 9, "line_no": number, "path": f"{number}.jpg", "sha256": str(number)}
            | CLEAR
            | {"laplacian_variance": clarity * 100}
            | dict(file),
        )
        put(
            "evidence_links",
            file_id=9, line_no=number, program="amazon_safet", claim_id="1", link_method="list",
            piece="listed", piece_file_id=1, piece_line_no=number,
        )  # fmt: skip

    return piece


def piece_of(book):
    (row,) = book.rows("FROM v_evidence")
    return row


def test_piece_without_a_rating_is_as_clear_as_its_file(book, put, measured):
    put("claims", **EXACT)
    measured(0.25)
    row = piece_of(book)
    assert (row["clarity"], row["clarity_basis"], row["measured_clarity"]) == (
        0.25,
        "measured",
        0.25,
    )


def test_rating_comes_before_the_measure(book, put, measured):
    put("claims", **EXACT)
    measured(0.25, quality_rating=4, rated_at=BEFORE)
    row = piece_of(book)
    assert (row["clarity"], row["clarity_basis"], row["measured_clarity"]) == (0.8, "rated", 0.25)


def test_measure_stands_in_for_a_rating_in_hindsight(book, put, measured):
    put("claims", **EXACT)
    measured(0.25, quality_rating=5, rated_at=AFTER)
    row = piece_of(book)
    assert (row["clarity"], row["clarity_basis"], row["rating_basis"]) == (
        0.25, "measured", "hindsight",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "basis", "clarity"),
    [
        ({"changed_at": BEFORE}, "before_decision", 0.5),
        ({"changed_at": AFTER}, "undated", 0.5),  # written, or copied alone, since
        ({}, "undated", 0.5),
        ({"captured_at": BEFORE, "changed_at": AFTER}, "undated", 0.5),
        ({"captured_at": AFTER, "changed_at": AFTER}, "hindsight", None),
        ({"captured_local": AFTER}, "hindsight", None),
        # The camera's zone is not known: ten hours after the decision may be before it.
        ({"captured_local": datetime(2026, 1, 20, 22)}, "undated", 0.5),
    ],
)
def test_picture_taken_after_the_decision_is_not_what_was_decided_on(
    book, put, measured, file, basis, clarity
):
    put("claims", **EXACT)
    measured(0.5, file=file)
    row = piece_of(book)
    assert (row["measure_basis"], row["clarity"]) == (basis, clarity)


def test_while_a_claim_is_open_no_measure_is_late(book, put, measured):
    put("claims", filed_at=FILED)
    measured(0.5, file={"captured_at": AFTER})
    assert piece_of(book)["measure_basis"] == "before_decision"


def test_piece_of_two_files_that_differ_has_no_measure(book, put, measured):
    put("claims", **EXACT)
    measured(0.5)
    put("history.evidence_files", file_id=9, line_no=2, path="x/1.jpg", sha256="2", **CLEAR)
    put(
        "evidence_links",
        file_id=9, line_no=2, program="amazon_safet", claim_id="1", piece="listed",
        piece_file_id=1, piece_line_no=1,
    )  # fmt: skip
    row = piece_of(book)
    assert (row["measured_clarity"], row["clarity"], row["measure_basis"]) == (None, None, None)


def test_clarity_of_a_claim_is_the_mean_of_ratings_and_measures(book, put, measured):
    put("claims", **EXACT)
    measured(0.25, 1)
    measured(0.5, 2, file={"changed_at": BEFORE})
    measured(0.1, 3, quality_rating=4, rated_at=BEFORE)
    measured(0.1, 4, with_filing=False)
    measured(0.1, 5, file={"captured_at": AFTER})
    (row,) = book.rows("FROM v_claim_evidence")
    assert row["clarity"] == pytest.approx((0.25 + 0.5 + 0.8) / 3)
    assert (row["n_measured"], row["n_undated_measures"], row["n_at_filing"]) == (2, 1, 4)


# Kinds that nothing tells


def put_file(put, kind, **sending):
    put("history.evidence_files", file_id=9)
    put(
        "evidence_links",
        file_id=9, program="amazon_safet", claim_id="1", link_method="name", piece="new",
        piece_file_id=9, piece_line_no=1, kind=kind, kind_raw="IMG_1.jpg", **sending,
    )  # fmt: skip


def test_file_at_filing_of_an_unknown_kind_may_be_any_that_is_not_there(book, put):
    put("claims", reason="wrong_item", **EXACT)
    put("history.evidence", kind="photo_item", with_filing=True)
    (row,) = book.rows("FROM v_claim_evidence")
    assert (row["completeness"], row["unplaced_kinds"]) == (0.5, [])
    put_file(put, None, with_filing=True)
    (row,) = book.rows("FROM v_claim_evidence")
    assert (row["completeness"], row["kinds"]) == (None, ["photo_item"])
    assert "photo_label" in row["unplaced_kinds"]
    assert "photo_item" not in row["unplaced_kinds"]


def test_file_of_an_unknown_kind_that_nobody_says_was_sent_changes_no_component(book, put):
    put("claims", reason="wrong_item", **EXACT)
    put("history.evidence", kind="photo_item", with_filing=True)
    put_file(put, None)
    (row,) = book.rows("FROM v_claim_evidence")
    assert (row["completeness"], row["unplaced_kinds"]) == (0.5, [])
    assert (row["n_items"], row["n_unplaced"], row["n_at_filing"]) == (2, 1, 1)


def test_claim_known_by_files_alone_is_not_called_incomplete(book, put):
    """Nothing says what was sent with it: unknown is not no."""
    put("claims", reason="wrong_item", **EXACT)
    put_file(put, "photo_item")
    (row,) = book.rows("FROM v_claim_evidence")
    assert (row["completeness"], row["score"], row["n_unplaced"]) == (None, None, 1)


def test_file_of_a_known_kind_may_have_been_sent(book, put):
    put("claims", reason="wrong_item", **EXACT)
    put("history.evidence", kind="photo_item", with_filing=True)
    put_file(put, "photo_label")
    (row,) = book.rows("FROM v_claim_evidence")
    assert (row["completeness"], row["unplaced_kinds"]) == (None, ["photo_label"])
