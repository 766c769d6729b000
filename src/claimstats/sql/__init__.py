"""The book's SQL as text: tables, rules, views and macros, their comments made part of the book.

In these files the comment block above a statement documents the table, view or macro, and the
comment beside a column documents the column. `with_comments` turns both into COMMENT ON statements,
so that a description stands once, where it is read, and travels inside the database.
"""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.resources import files

TABLES_AND_VIEWS = (
    "schema", "reference", "venues", "clarity", "files", "orders", "money", "claims", "evidence",
    "totals",
)  # fmt: skip
MACROS = ("macros", "steps")
"""The files here, each after those that it reads from."""

OBJECT = re.compile(
    r"((?:^--[^\n]*\n)+)"
    r"^CREATE (?:OR REPLACE )?(TABLE|VIEW|MACRO) (?:IF NOT EXISTS )?([\w.]+)(.*?);\n",
    re.MULTILINE | re.DOTALL,
)
HISTORY = "history."
WRITTEN_BY_HAND = frozenset({"order_lines", "evidence"})
COMMENTED_LINE = re.compile(r"^(.*?)\s*-- (.+)$")


def read(name: str, package: str = __name__) -> str:
    """The text of the SQL file `name` of a package."""
    return (files(package) / f"{name}.sql").read_text(encoding="utf-8")


def with_comments(text: str) -> str:
    r"""The statements of an SQL file, followed by a COMMENT for each object it documents.

    Examples
    --------
    >>> text = "-- Colours.\nCREATE TABLE t (\n    a INT -- Red.\n);\n"
    >>> print(with_comments(text).split(");")[1])
    <BLANKLINE>
    <BLANKLINE>
    COMMENT ON TABLE t IS 'Colours.';
    COMMENT ON COLUMN t.a IS 'Red.';
    """
    comments = [line for found in OBJECT.finditer(text) for line in _comments_of(found)]
    return "\n".join([text, *comments])


def current_views(text: str) -> str:
    r"""For each table of the schema history a view of the rows that hold now, with its comments.

    A table of which a view is written out by hand is passed over.

    Examples
    --------
    >>> text = "-- Colours.\nCREATE TABLE history.t (\n    a INT, -- Red.\n    is_current INT\n);\n"
    >>> print(current_views(text))
    CREATE OR REPLACE VIEW t AS
    SELECT * EXCLUDE (is_current) FROM history.t WHERE is_current;
    COMMENT ON VIEW t IS 'Colours.';
    COMMENT ON COLUMN t.a IS 'Red.';
    """
    made = []
    for found in OBJECT.finditer(text):
        table = found[3]
        name = table.removeprefix(HISTORY)
        if name == table or name in WRITTEN_BY_HAND:
            continue
        made += [
            f"CREATE OR REPLACE VIEW {name} AS",
            f"SELECT * EXCLUDE (is_current) FROM {table} WHERE is_current;",
        ]
        made += [
            line.replace(f" {table}", f" {name}", 1).replace("ON TABLE", "ON VIEW", 1)
            for line in _comments_of(found)
            if not line.startswith(f"COMMENT ON COLUMN {table}.is_current ")
        ]
    return "\n".join(made)


def digest(*texts: str) -> str:
    """A fingerprint of SQL texts, by which a book knows whether its views are current."""
    return sha256("\n".join(texts).encode()).hexdigest()


def _comments_of(found: re.Match[str]) -> list[str]:
    above, kind, name, body = found.groups()
    kind_named = "MACRO TABLE" if kind == "MACRO" and re.search(r"\bAS TABLE\b", body) else kind
    meaning = " ".join(line.removeprefix("--").strip() for line in above.strip().splitlines())
    comments = [f"COMMENT ON {kind_named} {name} IS {_quoted(meaning)};"]
    if kind != "MACRO":
        comments += [
            f"COMMENT ON COLUMN {name}.{column} IS {_quoted(text)};"
            for column, text in _column_comments(body, last_word=kind == "VIEW")
        ]
    return comments


def _column_comments(body: str, last_word: bool) -> list[tuple[str, str]]:
    """Column and comment of each commented line: a table names the column first, a view last."""
    found = []
    for line in body.splitlines():
        if match := COMMENTED_LINE.match(line):
            words = re.findall(r"\w+", match[1])
            found.append((words[-1] if last_word else words[0], match[2]))
    return found


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
