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
        new.add(text, said.string if said else "", locations=[(place, None)])
    return new


def written(catalogue: Catalog) -> bytes:
    """A catalogue as a file."""
    header = HEADER.format(language=catalogue.locale, plurals=catalogue.plural_forms)
    stream = BytesIO(header.encode())
    stream.seek(0, SEEK_END)
    write_po(stream, catalogue, width=WIDTH, omit_header=True)
    return stream.getvalue()


def lacking(catalogue: Catalog) -> list[Text]:
    """The texts that a catalogue does not say in its language."""
    return [m.id for m in catalogue if m.id and not all(_forms(m.string))]


def unused(old: Catalog) -> list[Text]:
    """The texts of a catalogue that no code says."""
    said = {text for text, _ in texts()}
    return [m.id for m in old if m.id and m.id not in said]


def _forms(string: Text) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def main() -> int:
    """Bring each catalogue up to the code, or say what that would change."""
    code = 0
    for name in language.languages()[1:]:
        path = LANGUAGES / f"{name}.po"
        with path.open("rb") as stream:
            old = read_po(stream)
        new, gone = renewed(old), unused(old)
        for text in lacking(new):
            print(f"{path.name}: not said: {text!r}", file=sys.stderr)
        for text in gone:
            print(f"{path.name}: said by no code: {text!r}", file=sys.stderr)
        code |= bool(lacking(new) or gone)
        if "--check" not in sys.argv:
            path.write_bytes(written(new))
    return code


if __name__ == "__main__":
    sys.exit(main())
