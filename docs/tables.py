"""The tables in these pages, made from the registers of exports and analyses, and their tests.

``make docs`` writes them between the marks ``<!-- table: NAME -->`` and ``<!-- end -->`` of each
page; ``python docs/tables.py --check`` only says whether the pages are what it would write.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from lineage import destinations
from rooms import analyses

from claimstats import sql
from claimstats.book import Book
from claimstats.loaders import EXPORTS
from claimstats.loaders.encoding import ENCODINGS, ONLY_IF_SAID
from claimstats.loaders.personal import RULES
from claimstats.loaders.sources import SUFFIXES
from claimstats.loaders.spec import Export, Field
from claimstats.loaders.text import DELIMITERS

DOCS = Path(__file__).parent
TESTS = DOCS.parent / "tests" / "loaders"
HEADERS = TESTS / "data" / "headers"

BLOCK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

KINDS = {
    "text": "text", "key": "id of a known form", "id": "id", "currency": "currency code",
    "integer": "whole number", "minor": "amount in minor units", "money": "amount",
    "rating": "0 to 5", "boolean": "yes or no", "time": "time", "word": "word",
    "choice": "known word",
}  # fmt: skip
"""Types in a reader's words; one that is missing here is shown by its own name."""

FATES = {
    "personal": "names or places a person",
    "buyer_id": "is the buyer's id",
    "free_text": "is what people wrote",
}
KEPT_ON_REQUEST = "not stored; in `extra` with `--keep-pii`"
UNREAD = "not stored: no analysis, view or check reads it"

DECIMALS = {
    ".": "a decimal point",
    ",": "a decimal comma",
    "local": "the marketplace's decimal sign: as said, else as header or amounts show",
}
DAY_ORDERS = {
    "mdy": "as month/day/year",
    "dmy": "as day/month/year",
    "d-m-y": "as day-month-year",
    "local": "in the order that the file's own days show",
}

ABOUT_HEADERS = re.compile("variant|header|column|spelling")
"""Words in the name of a test that is about a header."""


def row(*cells: str) -> str:
    """A row of a table."""
    escaped = (re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells)
    return f"| {' | '.join(escaped)} |"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table with its head."""
    yield row(*head)
    yield "|" + "---|" * len(head)
    for cells in rows:
        yield row(*cells)


def code(names: Iterable[str]) -> str:
    """Names in the type of code, with commas between."""
    return ", ".join(f"`{name}`" for name in names)


def header_of(column: Field) -> str:
    """A column's header, and its other names."""
    others = f"; also {code(column.aliases)}" if column.aliases else ""
    return f"`{column.header}`{others}"


def goes_into(column: Field, places: list[str]) -> str:
    """Where a column is stored, a table at a time, or why it is not."""
    if column.privacy in ("personal", "free_text"):
        return f"{KEPT_ON_REQUEST}: {FATES[column.privacy]}"
    if not places:
        return UNREAD
    by_table: dict[str, list[str]] = defaultdict(list)
    for place in places:
        name, _, stored = place.partition(".")
        by_table[name].append(stored)
    told = "; ".join(f"{name}: {code(stored)}" for name, stored in by_table.items())
    return f"{told}, as a keyed hash" if column.privacy == "buyer_id" else told


def header_variants(export: Export) -> list[str]:
    """The header variants that a test reads, each with its number of columns."""
    found = []
    for path in sorted(HEADERS.glob(f"{export.name}.*")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        n_columns = len(first.split("\t" if "\t" in first else ","))
        found.append(f"`{path.stem.partition('.')[2]}` ({n_columns} columns)")
    return found


def proofs(export: Export) -> list[str]:
    """The tests of an export that are about its header, else all of them."""
    tree = ast.parse((TESTS / f"test_{export.name}.py").read_text(encoding="utf-8"))
    names = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    return [name for name in names if ABOUT_HEADERS.search(name)] or names


def how_read(export: Export) -> str:
    """The form of a file, its amounts and its days."""
    if export.container == "json":
        return "a JSON document"
    types = {column.type for column in export.fields}
    told = ["delimited text or a workbook"]
    if "money" in types:
        told.append(f"amounts with {DECIMALS[export.decimal]}")
    if "minor" in types:
        told.append("amounts in minor units")
    if export.slashes:
        told.append(f"days also {DAY_ORDERS.get(export.slashes, export.slashes)}")
    return "; ".join(told)


def export_section(export: Export) -> Iterator[str]:
    """All that is to be known of one export."""
    yield f"### {export.name}"
    yield ""
    yield f"{export.title}. One row is {export.grain}."
    yield ""
    yield f"- Download: {export.source}"
    yield f"- Read as: {how_read(export)}"
    signature = {column.name: column.header for column in export.fields}
    yield f"- Recognised by: {code(signature[name] for name in export.signature)}"
    variants = header_variants(export)
    yield f"- Header variants in the tests: {', '.join(variants) or 'one, as in the table below'}"
    for why, _ in export.not_rows:
        yield f"- Ignored, and counted: {why}"
    if export.other_records:
        begin = code(sorted(export.other_records))
        yield f"- Ignored, and counted: records that begin with {begin}"
    where = f"../tests/loaders/test_{export.name}.py"
    yield f"- Proved by: [test_{export.name}.py]({where}), {code(proofs(export))}"
    yield ""
    places = destinations(export)
    yield from table(
        ("column", "read as", "goes into"),
        (
            (
                header_of(column),
                KINDS.get(column.type, column.type) + (", required" if column.required else ""),
                goes_into(column, places[column.name]),
            )
            for column in export.fields
        ),
    )
    yield ""


def exports() -> Iterator[str]:
    """A section for each export."""
    for export in EXPORTS:
        yield from export_section(export)


def dialects() -> Iterator[str]:
    """The encodings, delimiters and containers that every export may come in."""
    told = [f"`{name}`" + (f" ({words})" if words else "") for name, words in ENCODINGS.items()]
    yield f"- Encodings told by the bytes: {', '.join(told)}."
    yield f"- Encodings read where `--encoding` says so: {code(ONLY_IF_SAID)}."
    yield f"- Between columns: {', '.join(DELIMITERS.values())}."
    yield f"- Looked at in folders and archives: {code(sorted(SUFFIXES))}."


def personal_columns() -> Iterator[str]:
    """Every column that may tell of a person, and what becomes of it."""
    rows = []
    for export in EXPORTS:
        places = destinations(export)
        for column in export.fields:
            if column.privacy != "open":
                fate = goes_into(column, places[column.name])
                rows.append(
                    (f"`{export.name}`", header_of(column), FATES[column.privacy],
                     fate.partition(": " + FATES[column.privacy])[0])
                )  # fmt: skip
    yield from table(("export", "column", "what it tells", "what becomes of it"), rows)
    without = [e.name for e in EXPORTS if all(c.privacy == "open" for c in e.fields)]
    if without:
        yield ""
        yield f"No personal column: {code(without)}."


def personal_words() -> Iterator[str]:
    """The words by which an unknown column is left out."""
    rows = []
    for rule in RULES:
        words = (*rule.anywhere, *rule.words)
        rows.append((rule.what, ", ".join(f"`{word}`" for word in words)))
    yield from table(("taken to hold", "words in the column's name"), rows)


def clarity_rules() -> Iterator[str]:
    """The rules by which measures of files become components of clarity."""
    with _rules() as book:
        found = book.grid("SELECT component, measure, full_at, unit, source FROM clarity_rules")[1]
    rows = ((f"`{c}`", f"`{m}`", f"{at:g} {unit}", source) for c, m, at, unit, source in found)
    yield from table(("component", "measure", "1 from", "source"), rows)


def kind_words() -> Iterator[str]:
    """The words in names of files that tell a kind of evidence."""
    with _rules() as book:
        found = book.grid(
            "SELECT kind, medium, list(replace(word, '_', ' ') ORDER BY word) "
            "FROM evidence_kind_words GROUP BY ALL ORDER BY kind, medium"
        )[1]
    rows = ((f"`{kind}`", medium, code(words)) for kind, medium, words in found)
    yield from table(("kind", "told of", "by the words"), rows)


def _rules() -> Book:
    book = Book()
    for name in ("reference", "clarity"):
        book.execute(sql.read(name))
    return book


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "analyses": analyses,
    "clarity_rules": clarity_rules,
    "dialects": dialects,
    "exports": exports,
    "kind_words": kind_words,
    "personal_columns": personal_columns,
    "personal_words": personal_words,
}


def made(page: str) -> str:
    """A page with its tables made anew."""
    return BLOCK.sub(lambda found: found[1] + "\n".join(TABLES[found[2]]()) + "\n" + found[3], page)


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or say which are not what would be written."""
    stale = []
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if (new := made(text)) != text:
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(new, encoding="utf-8")
    if stale and "--check" in arguments:
        print(f"not what the register says: {', '.join(stale)}; run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
