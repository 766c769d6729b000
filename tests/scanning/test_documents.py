"""Measures of a PDF: pages, those with text, and how finely the others were scanned."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from random import Random

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from claimstats.errors import MissingExtra
from claimstats.scanning import documents
from claimstats.scanning.documents import measure_document
from claimstats.scanning.measures import Unreadable

Pdf = Callable[..., bytes]

TEXT = "Delivered on 2026-02-08 at the front door"
N_MUTATIONS = 80


def locked(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, owner_password="other", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_pages_with_text_scans_and_blank_ones_are_told_apart(pdf: Pdf) -> None:
    """A4 is 11.69 inches high: 2339 dots are 200 to the inch, 1169 are 100."""
    found = measure_document(pdf(TEXT, (1654, 2339), (827, 1169), "7", ""))
    assert (found.medium, found.format) == ("document", "PDF")
    assert (found.n_pages, found.n_text_pages, found.scan_dpi) == (5, 1, (200, 100))


def test_scan_of_an_application_is_measured(photo: Callable[..., Image.Image]) -> None:
    stream = io.BytesIO()
    photo(size=(1240, 1754)).save(stream, "PDF", resolution=150)
    found = measure_document(stream.getvalue())
    assert (found.n_pages, found.n_text_pages, found.scan_dpi) == (1, 0, (150,))


def test_scan_turned_on_its_page_has_the_same_dots(pdf: Pdf) -> None:
    assert measure_document(pdf((2339, 1654))).scan_dpi == (200,)


@pytest.mark.parametrize(
    ("size", "dpi"), [((10**12, 10**12), (10_000,)), ((-5, -5), ()), ((0, 0), ())]
)
def test_picture_of_an_impossible_size_is_cut_to_what_a_table_holds(
    pdf: Pdf, size: tuple[int, int], dpi: tuple[int, ...]
) -> None:
    assert measure_document(pdf(size)).scan_dpi == dpi


def test_drawing_of_a_monstrous_size_is_not_searched_for_text(
    pdf: Pdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LARGEST_CONTENT", 50)
    assert measure_document(pdf(TEXT)).n_text_pages == 0


def test_password_is_said(pdf: Pdf) -> None:
    with pytest.raises(Unreadable, match="protected by a password; save a copy without one"):
        measure_document(locked(pdf(TEXT), "secret"))


def test_lock_against_printing_alone_is_none(pdf: Pdf) -> None:
    assert measure_document(locked(pdf(TEXT), "")).n_text_pages == 1


def test_of_a_long_document_the_first_pages_speak(
    pdf: Pdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_PAGES_READ", 2)
    found = measure_document(pdf(TEXT, TEXT, TEXT, (100, 100)))
    assert (found.n_pages, found.n_text_pages, found.scan_dpi) == (4, 2, ())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4\n", b"%PDF-1.4\n%%EOF"])
def test_document_cut_short_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"damaged or cut short|has no page"):
        measure_document(data)


def test_any_damage_ends_in_measures_or_one_sentence(
    pdf: Pdf, capfd: pytest.CaptureFixture[str]
) -> None:
    data, chance = pdf(TEXT, (1654, 2339)), Random(1)
    for _ in range(N_MUTATIONS):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            assert measure_document(bytes(damaged)).medium == "document"
        except Unreadable as refused:
            assert "\n" not in str(refused)
    assert capfd.readouterr() == ("", "")


def test_pypdf_speaks_again_afterwards(pdf: Pdf) -> None:
    logger = logging.getLogger("pypdf")
    before = (logger.level, logger.disabled)
    measure_document(pdf(TEXT))
    assert (logger.level, logger.disabled) == before


def test_form_that_holds_itself_ends(pdf: Pdf) -> None:
    data = pdf((10, 10))
    data = data.replace(b"/Subtype/Image/Width 10/Height 10", b"/Subtype/Form /Resources 3 0 R    ")
    assert measure_document(data).n_pages == 1


def test_lack_of_pypdf_is_said_with_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pypdf.*pip install 'claimstats\[images\]'"):
        documents.check_installed()
