"""The catalogues of the languages, brought up to the texts that the code says.

``make words`` writes new texts into each ``language/*.po`` with nothing beside them, and takes out
those that no code says any more; ``python docs/catalogue.py --check`` only says what it would do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import SEEK_END, BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from claimstats import checks, language
from claimstats.titles import VOCABULARIES, english

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "claimstats"
LANGUAGES = SOURCE / "language"

KEYWORDS = {"say": None, "later": None, "say_n": (1, 2)}
METHODS = {".py": "python", ".j2": "jinja2"}
WIDTH = 100

HEADER = """\
# What claimstats says, in another language. `make words` brings this file up to the code.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
"""Without dates and names: the same texts give the same file."""

Text = str | tuple[str, ...]


def texts(folder: Path = SOURCE) -> Iterator[tuple[Text, str]]:
    """Each text that is said somewhere, and where: of a plural both forms."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in METHODS:
            place = str(path.relative_to(SOURCE))
            with path.open("rb") as stream:
                for _, text, _, _ in extract(METHODS[path.suffix], stream, KEYWORDS):
                    yield text, place
    if folder == SOURCE:
        for name in VOCABULARIES:
            for title in english()[name].values():
                yield title, "sql/reference.sql"
        for check in checks.REGISTER:
            if check.severity == "error":  # the report's first screen tells of these
                yield check.title, f"checks/{check.name}.sql"
                yield check.meaning, f"checks/{check.name}.sql"


def renewed(old: Catalog) -> Catalog:
    """A catalogue with the texts said now, and what the old one says for them."""
    new = Catalog(locale=old.locale, fuzzy=False)
    for text, place in texts():
        said = old.get(text)
        if said is None or said.id != text:  # a plural is found by its singular too
            new.add(text, "", locations=[(place, None)])
        else:
            new.add(
                text, said.string, locations=[(place, None)], flags=said.flags,
                user_comments=said.user_comments,
            )  # fmt: skip
    return new


def written(catalogue: Catalog) -> bytes:
    """A catalogue as a file."""
    header = HEADER.format(language=catalogue.locale, plurals=catalogue.plural_forms)
    stream = BytesIO(header.encode())
    stream.seek(0, SEEK_END)
    write_po(stream, catalogue, width=WIDTH, omit_header=True)
    return stream.getvalue()


def lacking(catalogue: Catalog) -> list[tuple[Text, str]]:
    """The texts that a catalogue does not say in its language, and where they are used."""
    return [
        (m.id, ", ".join(dict.fromkeys(place for place, _ in m.locations)))
        for m in catalogue
        if m.id and (m.fuzzy or not all(_forms(m.string)))
    ]


def unused(old: Catalog) -> list[Text]:
    """The texts of a catalogue that no code says."""
    said = {text for text, _ in texts()}
    return [m.id for m in old if m.id and m.id not in said]


def _forms(string: Text) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def main() -> int:
    """Bring each catalogue up to the code, or say what that would change; 1 where texts lack."""
    code = 0
    for name in language.languages()[1:]:
        path = LANGUAGES / f"{name}.po"
        with path.open("rb") as stream:
            old = read_po(stream)
        new = renewed(old)
        for text, place in lacking(new):
            print(f"{path.name}: not said: {text!r}, from {place}", file=sys.stderr)
        for text in unused(old):
            print(f"{path.name}: said by no code: {text!r}", file=sys.stderr)
        code |= bool(lacking(new))
        if "--check" not in sys.argv:
            path.write_bytes(written(new))
        elif path.read_bytes() != written(new):
            print(f"{path.name}: differs from the code; make words renews it.", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
