"""Nothing that names a person reaches a book, unless it is asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import claimstats
from claimstats.book import Book
from claimstats.errors import ParameterError
from claimstats.loaders import EXPORTS
from claimstats.loaders.detect import detect, records_of
from claimstats.loaders.load import load
from claimstats.loaders.own_columns import IN_DOUBT
from claimstats.loaders.personal import OF_PEOPLE, RULES, what_it_tells
from claimstats.loaders.propose import propose_mapping
from claimstats.loaders.reading import Reading
from claimstats.loaders.results import FileResult
from claimstats.loaders.sources import unpacked
from claimstats.loaders.spec import Export, Field
from claimstats.loaders.synonyms import synonyms
from claimstats.session import ClaimBook

FIXTURES = Path(__file__).parent / "fixtures"

WITH_PERSONAL = [e for e in EXPORTS if any(c.privacy != "open" for c in e.fields)]
every_export = pytest.mark.parametrize("export", WITH_PERSONAL, ids=lambda e: e.name)

PLANTED = (
    "Zq7Wilhelmina Vandersomething",
    "zq7.wilhelmina@planted.example",
    "+999-55501-77123",
    "7712 Zq7planted Avenue",
    "Zq7 77123-4455",
)
"""What is planted in personal columns: a name, an e-mail, a telephone, a street, a postal code."""

ADDED = ("Consignee Name", "Käufer-E-Mail", "受取人の電話番号", "Zustell-Straße", "zip")
"""Columns that no format knows, each for one of what is planted."""

VALUES = {
    "text": "text", "id": "ID-1", "currency": "EUR", "integer": "1", "minor": "100",
    "money": "12.50", "rating": "4", "boolean": "yes", "time": "2026-05-08", "word": "seller",
}  # fmt: skip

Table = tuple[list[str], list[list[str]], str]


def usual_value(column: Field) -> str:
    """A value that the column takes."""
    if column.type in ("key", "choice"):
        return column.example.rpartition(" like ")[2].partition(",")[0]
    return VALUES[column.type]


def usual_table(export: Export) -> Table:
    """Header, rows and separator of an export: of its fixture, else one row made from its spec."""
    for path in sorted(FIXTURES.glob(f"{export.name}.*")):
        with unpacked(path) as sources:
            for source in sources:
                detected = detect(source)
                found = records_of(source, detected)
                rows = [record.values for record in found if record.values]
                return list(detected.dialect.header), rows, detected.dialect.delimiter
    header = [column.header for column in export.fields]
    return header, [[usual_value(column) for column in export.fields]], ","


def as_text(header: list[str], rows: list[list[str]], delimiter: str) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=delimiter, lineterminator="\n")
    writer.writerows([header, *rows])
    return lines.getvalue()


def planted(export: Export, header: list[str], rows: list[list[str]]) -> list[list[str]]:
    """The rows with every personal column filled, and the added columns behind."""
    personal = [
        place
        for place, name in enumerate(header)
        if (column := export.by_header.get(claimstats.loaders.spec.normal_name(name)))
        and column.privacy != "open"
    ]
    full = []
    for row in rows:
        filled = row + list(PLANTED)
        for k, place in enumerate(personal):
            filled[place] = PLANTED[k % len(PLANTED)]
        full.append(filled)
    return full


def bad_rows(export: Export, header: list[str], row: list[str]) -> list[list[str]]:
    """The row with a value refused, with a field too many, and with some too few."""
    checked = next(c for c in export.fields if c.type not in ("text", "word", "id"))
    place = next(k for k, name in enumerate(header) if name == checked.header)
    refused = [*row[:place], "neither this nor that", *row[place + 1 :]]
    return [refused, [*row, PLANTED[0]], row[len(row) // 2 :]]


@pytest.fixture
def write_planted(tmp_path: Path) -> Callable[..., Path]:
    """Write an export full of personal data, whole rows and bad ones."""

    def to_file(export: Export) -> Path:
        header, rows, delimiter = usual_table(export)
        rows = planted(export, header, rows)
        header = [*header, *ADDED]
        path = tmp_path / f"{export.name}.txt"
        spoilt = bad_rows(export, header, rows[min(1, len(rows) - 1)])
        text = as_text(header, rows + spoilt, delimiter)
        path.write_text(text + f'{delimiter}"{PLANTED[0]}{delimiter}{PLANTED[3]}\n', "utf-8")
        return path

    return to_file


def all_texts(book: Book) -> Iterator[str]:
    """Every row of every table, as text."""
    for row in book.rows(
        "SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() WHERE NOT temporary"
    ):
        yield from book.columns(f"SELECT CAST(t AS VARCHAR) AS text FROM {row['name']} AS t")[
            "text"
        ]


def found_in(texts: Iterator[str]) -> set[str]:
    whole = "\n".join(texts).casefold()
    return {planted for planted in PLANTED if planted.casefold() in whole}


def loaded(book: ClaimBook, path: Path, **said: object) -> FileResult:
    (result,) = load(book, [path], reading=Reading(**said))  # type: ignore[arg-type]
    assert result.status == "loaded", result.error
    return result


@every_export
def test_no_byte_of_a_book_names_a_person(
    export: Export, write_planted: Callable[..., Path], tmp_path: Path
) -> None:
    """Neither its file nor its log; what is compressed in them is read with SQL."""
    path = tmp_path / "book" / "claims.duckdb"
    path.parent.mkdir()
    with claimstats.connect(path) as book:
        result = loaded(book, write_planted(export))
        assert result.inserted
        assert result.rejected >= 4
        assert found_in(all_texts(book)) == set()
        beside = [file for file in path.parent.rglob("*") if file.is_file()]
        assert {file.name for file in beside} >= {path.name, f"{path.name}.wal"}
        open_files = b"".join(file.read_bytes() for file in beside)
    for content in (open_files, path.read_bytes()):
        assert f"{export.name}.txt".encode() in content
        assert not [text for text in PLANTED if text.lower().encode() in content.lower()]


@every_export
def test_clean_file_keeps_no_more_than_a_dirty_one(
    export: Export, book: ClaimBook, tmp_path: Path
) -> None:
    """Files without a doubtful byte may be streamed past the checks of each field."""
    header, rows, delimiter = usual_table(export)
    path = tmp_path / f"{export.name}.txt"
    path.write_text(
        as_text([*header, *ADDED], planted(export, header, rows), delimiter), encoding="utf-8"
    )
    result = loaded(book, path)
    assert result.inserted
    assert found_in(all_texts(book)) == set()
    (note,) = [note for note in result.notes if note.startswith("not stored")]
    assert all(name in note for name in ADDED)
    assert not any("kept in extra: " in n and ADDED[0] in n for n in result.notes)


@every_export
def test_rejected_rows_keep_line_reason_and_harmless_text(
    export: Export, book: ClaimBook, write_planted: Callable[..., Path]
) -> None:
    result = loaded(book, write_planted(export))
    rows = book.rows("SELECT reason, raw_text FROM rejected_rows ORDER BY line_no")
    assert len(rows) == result.rejected
    assert all("***" in row["raw_text"] for row in rows)
    refused = next(row for row in rows if "neither this nor that" in row["raw_text"])
    assert "neither this nor that" in refused["reason"] or "is missing" in refused["reason"]


@every_export
def test_personal_data_is_kept_in_extra_and_in_rejected_text_where_it_is_asked_for(
    export: Export, book: ClaimBook, write_planted: Callable[..., Path]
) -> None:
    result = loaded(book, write_planted(export), keep_pii=True)
    kept = book.columns("SELECT raw_text FROM rejected_rows")["raw_text"]
    assert found_in(iter(kept)) == set(PLANTED)
    assert not any("***" in text for text in kept)
    book.execute("DELETE FROM rejected_rows")
    assert found_in(all_texts(book)) == set(PLANTED)
    assert not any("not stored" in note for note in result.notes)
    assert any("kept in extra" in note and ADDED[0] in note for note in result.notes)


@every_export
def test_unknown_columns_that_are_left_out_are_named_with_what_they_tell(
    export: Export, book: ClaimBook, write_planted: Callable[..., Path]
) -> None:
    result = loaded(book, write_planted(export))
    assert set(ADDED) <= set(book.value("SELECT unknown_columns FROM source_files"))
    (note,) = [note for note in result.notes if note.startswith("not stored")]
    assert "as they may name a person: " in note
    assert "Consignee Name (a name)" in note
    assert "Zustell-Straße (an address)" in note
    assert not [text for text in PLANTED if text in " ".join(result.notes)]


def test_format_without_personal_columns_keeps_the_text_of_its_rejected_rows(
    book: ClaimBook, claims: Callable[..., Path]
) -> None:
    lines = ("C1,amazon_safet,denied,03/04/2026,no", "C2,amazon_safet,denied,Mrs Nobody,a,b")
    book.load(claims(*lines))
    kept = book.columns("SELECT raw_text FROM rejected_rows ORDER BY line_no")["raw_text"]
    assert tuple(kept) == lines


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("buyer-email", "an e-mail address"), ("E-Mail", "an e-mail address"),
        ("Kunden-Telefonnummer", "a telephone number"), ("shipPhone", "a telephone number"),
        ("Lieferadresse", "an address"), ("ship-address-1", "an address"), ("Straße", "an address"),
        ("dirección de envío", "an address"), ("ship_postal_code", "a postal code"),
        ("PLZ", "a postal code"), ("CAP", "a postal code"), ("郵便番号", "a postal code"),
        ("Code Postal", "a postal code"), ("ship-city", "where a buyer lives"),
        ("Ort der Bestellung", "where a buyer lives"), ("市町村", "where a buyer lives"),
        ("Buyer", "a buyer"), ("customer_id", "a buyer"), ("Käufer", "a buyer"),
        ("recipient-name", "a name"), ("Vorname", "a name"), ("full name", "a name"),
        ("nom", "a name"), ("收件人", "a name"), ("Notes", "what people wrote"),
        ("gift-message", "what people wrote"), ("Bemerkungen", "what people wrote"),
        ("Card Last4", "an official number or an account"),
        ("Kundin", "a buyer"), ("nom de l'acheteur", "a buyer"), ("comprador", "a buyer"),
        ("acquirente", "a buyer"), ("买家", "a buyer"), ("購入者", "a buyer"),
        ("Absender", "a name"),
        ("Verkäufer und Käufer", "a buyer"), ("Amazon marketplace buyer", "a buyer"),
        ("Verkäufer-E-Mail", "an e-mail address"), ("Verkäuferadresse", "an address"),
        ("Seller contact name", "a name"), ("dirección", "an address"),
        ("Bearbeiter", "who works on it"), ("handled by", "who works on it"),
        # Sellers, and who carries their parcels
        ("Verkäufer", None), ("VERKAEUFER", None), ("Verkäufername", None), ("seller", None),
        ("Seller Name", None), ("vendor", None), ("vendeur", None), ("nom du vendeur", None),
        ("vendedor", None), ("venditore", None), ("卖家", None), ("出品者", None),
        ("Versender", None), ("Versandart", None), ("Name des Versenders", None),
        # Columns of a tracker that have a word of the rules
        ("Buyer contacted (UTC)", None), ("Kontaktdatum", None), ("nom du fichier", None),
        ("Antwortzeit in Sekunden", None),
        # Things, flags and facts of an order
        ("product-name", None), ("Partner Item Name", None), ("marketplace-name", None),
        ("file_name", None), ("capacity", None), ("claim state", None), ("carrier", None),
        ("address-type", None), ("is-buyer-requested-cancellation", None),
        ("Customer Order #", None),
        ("delivery note number", None), ("transport", None), ("Captured", None), ("", None),
    ],
)  # fmt: skip
def test_column_is_told_by_its_name(header: str, told: str | None) -> None:
    assert what_it_tells(header) == told


def test_known_names_of_people_are_told_and_names_of_tracker_columns_are_not() -> None:
    known = synonyms()
    assert {name for name in known.others if what_it_tells(name) is None} == IN_DOUBT
    for ours, names in known.headers.items():
        if ours not in OF_PEOPLE:
            assert not [name for name in names if what_it_tells(name)], ours


OWN_SHEET = (
    "Fall-Nr;Ergebnis;Eingereicht am;Verkäufer;Versender;Versandart;Käufer;Bearbeiter\n"
    "F1;bewilligt;03.05.2026;Lampen GmbH;DHL;Paket;Zq7Wilhelmina;Zq7Vandersomething\n"
    "F2;abgelehnt;14.05.2026;Lampen GmbH;Hermes;Paket;Zq7Wilhelmina;Zq7Vandersomething\n"
)


def test_load_keeps_the_columns_that_map_says_are_kept(book: ClaimBook, tmp_path: Path) -> None:
    sheet = tmp_path / "own.csv"
    sheet.write_text(OWN_SHEET, encoding="utf-8")
    proposed = propose_mapping(sheet).text
    kept = ("Verkäufer", "Versender", "Versandart")
    (ignored,) = [line for line in proposed.splitlines() if line.startswith("ignored")]
    assert '"Käufer", "Bearbeiter"' in ignored
    assert not [name for name in kept if f'"{name}"' in ignored]

    tracker = tmp_path / "claims.csv"
    of_ours = "claim_id;program;outcome;filed_at;Verkäufer;Versender;Versandart;Käufer;Bearbeiter"
    rows = OWN_SHEET.replace("bewilligt;03.05.2026", "amazon_safet;approved;2026-05-03")
    rows = rows.replace("abgelehnt;14.05.2026", "amazon_safet;denied;2026-05-14")
    tracker.write_text("\n".join([of_ours, *rows.splitlines()[1:], ""]), encoding="utf-8")
    result = loaded(book, tracker)
    assert f"unknown columns kept in extra: {', '.join(kept)}." in result.notes
    groups = claimstats.approval_rate(book, by="Versender").table["Versender"].to_list()
    assert set(groups) == {"DHL", "Hermes"}
    assert found_in(all_texts(book)) == set()
    with pytest.raises(ParameterError, match=r"claims\.csv.*--keep-pii"):
        claimstats.approval_rate(book, by="Käufer")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.what)
def test_words_that_tell_only_alone_are_not_found_inside_others(
    rule: claimstats.loaders.personal.Rule,
) -> None:
    for word in rule.words:
        if word.isalpha():
            assert rule.pattern.search(f"the {word} of it"), word
            assert rule.pattern.search(f"q{word}q") is None or any(
                part in word for part in rule.anywhere
            ), word


def test_report_and_its_notes_show_no_personal_data(tmp_path: Path) -> None:
    """Even where it is kept: no analysis, view or page reads extra unless it is asked to."""
    tracker = tmp_path / "claims.csv"
    header = "claim_id,program,outcome,filed_at,decided_at,note,Buyer name"
    rows = [
        f"C{k},amazon_safet,{'approved' if k % 2 else 'denied'},2026-05-0{1 + k % 8},2026-05-20,"
        f"{PLANTED[3]},{PLANTED[0]}"
        for k in range(40)
    ]
    tracker.write_text("\n".join([header, *rows, f"C99,nowhere,denied,,,{PLANTED[2]},x", ""]))
    with claimstats.connect() as book:
        loaded(book, tracker, keep_pii=True)
        assert found_in(all_texts(book)) == {PLANTED[0], PLANTED[2], PLANTED[3]}
        page = claimstats.write_report(book, tmp_path / "report.html").read_text("utf-8")
    assert "40" in page
    assert not [text for text in PLANTED if text.casefold() in page.casefold()]
