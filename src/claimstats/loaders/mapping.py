"""A mapping of the user's own columns: map.toml read and held against what claimstats knows.

A mapping says which column of a sheet is which of a tracker's, what stands for all rows, and what
the sheet's own words mean. Whatever in it means nothing is refused with its line.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from claimstats.errors import ParameterError, check_choice
from claimstats.loaders.exports import claim_events, claims, evidence
from claimstats.loaders.spec import Export, Field, normal_name
from claimstats.loaders.vocabulary import CURRENCY, RATING, allowed, has_words, words_of

FORMATS: dict[str, Export] = {e.EXPORT.name: e.EXPORT for e in (claims, claim_events, evidence)}
"""The trackers that a sheet can be mapped to."""

KEYS = ("format", "dates", "decimal", "blank", "ignored", "columns", "constants", "values")
DAY_ORDERS, DECIMALS = ("dmy", "mdy"), (".", ",")
DIGEST_LENGTH = 12
LARGEST = 1 << 20
"""Bytes; a larger file is no mapping."""

TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


T = TypeVar("T")


@dataclass(frozen=True)
class Mapping:
    """What a map.toml says.

    Parameters
    ----------
    name
        The file's name.
    format
        The tracker whose rows the sheet's rows are: claims, claim_events or evidence.
    columns
        For each column of the tracker that the sheet has the sheet's header.
    constants
        Columns that the sheet does not have, with the value of all its rows.
    words
        Per column what the sheet's own words mean; an empty word is a blank cell.
    blank
        Cells that mean nothing is known.
    ignored
        Headers of columns that are not kept.
    decimal
        The sign before the cents; None where the amounts tell it.
    dates
        The order of day and month in days written in figures; None where such days are refused.
    """

    name: str
    format: str
    columns: dict[str, str]
    constants: dict[str, str]
    words: dict[str, dict[str, str]]
    blank: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    decimal: str | None = None
    dates: str | None = None

    @cached_property
    def digest(self) -> str:
        """A hash of what the mapping means; comments and the file's name do not change it."""
        told = (
            self.format, sorted(self.columns.items()), sorted(self.constants.items()),
            sorted((column, sorted(words.items())) for column, words in self.words.items()),
            sorted(self.blank), sorted(self.ignored), self.decimal, self.dates,
        )  # fmt: skip
        return sha256(repr(told).encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def label(self) -> str:
        """The file's name and the digest, for the ledger."""
        return f"{self.name} {self.digest}"


def folded(word: str) -> str:
    """A sheet's word as it is compared: without the blanks around it, in small letters."""
    return word.strip().lower()


def read_mapping(path: str | Path) -> Mapping:
    r"""Read a map.toml.

    Raises
    ------
    ParameterError
        The file cannot be read, is no TOML, or says what means nothing.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> text = '[columns]\nclaim_id = "Ref"\noutcome = "Status"\n'
    >>> text += '[constants]\nprogram = "amazon_safet"\n'
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "map.toml")
    ...     _ = path.write_text(text)
    ...     read_mapping(path).columns
    {'claim_id': 'Ref', 'outcome': 'Status'}
    """
    return _Checker(str(path), _text_of(Path(path))).mapping()


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            found = stream.read(LARGEST + 1)
        if len(found) > LARGEST:
            raise ParameterError(f"{path}: has more than {LARGEST:,} bytes; it is no mapping.")
        return found.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        if isinstance(error, ParameterError):
            raise
        said = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise ParameterError(f"{path}: cannot be read as a mapping: {said}.") from error


class _Checker:
    """Holds a mapping's text against the columns and words that claimstats knows."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text
        self._table = self._parsed()
        self._export = FORMATS["claims"]

    def mapping(self) -> Mapping:
        for key in self._table:
            self._choose("", key, "a mapping has no key", KEYS)
        name = self._choice("format", tuple(FORMATS)) or "claims"
        self._export = FORMATS[name]
        mapping = Mapping(
            name=Path(self._path).name,
            format=name,
            columns=self._part("columns", self._header),
            constants=self._part("constants", self._constant),
            words=self._part("values", self._words),
            blank=self._list("blank"),
            ignored=self._list("ignored"),
            decimal=self._choice("decimal", DECIMALS),
            dates=self._choice("dates", DAY_ORDERS),
        )
        self._refuse_what_contradicts(mapping)
        self._refuse_what_is_missing(mapping)
        return mapping

    def _parsed(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            said = str(error)
            place = TOML_PLACE.search(said)
            line = int(place[1]) if place and place[1] else None
            told = TOML_PLACE.sub("", said)
            hint = (
                "; put all its lines below the first" if "twice" in told
                else '; texts stand in quotes, as in outcome = "Status"'
            )  # fmt: skip
            self._refuse(f"is no TOML: {told[:1].lower()}{told[1:]}{hint}.", line)
        except RecursionError:
            self._refuse("is no mapping: its values are nested too deep.", None)

    def _columns(self) -> dict[str, Field]:
        return {column.header: column for column in self._export.fields}

    def _part(self, name: str, check: Callable[[str, object], T]) -> dict[str, T]:
        """One of the tables; each of its keys names a column of the tracker."""
        part = self._table.get(name, {})
        if not isinstance(part, dict):
            line = self._line("", name)
            self._refuse(f"{name} is a table: write [{name}] and its lines below.", line)
        for ours in part:
            about = f"[{name}] names a column that {self._export.name} do not have:"
            self._choose(name, ours, about, tuple(self._columns()))
        return {ours: check(ours, value) for ours, value in part.items()}

    def _header(self, ours: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            self._refuse(
                f"[columns] {ours} names a header of your file, in quotes; found {value!r}.",
                self._line("columns", ours),
            )
        return value.strip()

    def _constant(self, ours: str, value: object) -> str:
        column, line = self._columns()[ours], self._line("constants", ours)
        if ours == "claim_id":
            self._refuse("[constants] claim_id would make all rows one claim; name a column.", line)
        if column.privacy != "open" or column.type in ("time", "money", "id"):
            self._refuse(f"[constants] {ours} is not the same for all rows; name a column.", line)
        meant = self._meaning("constants", ours, value)
        if not meant:
            self._refuse(f"[constants] {ours} has no value; remove the line or fill it in.", line)
        return meant

    def _words(self, ours: str, value: object) -> dict[str, str]:
        column, table = self._columns()[ours], f"values.{ours}"
        if not has_words(column):
            listed = ", ".join(name for name, c in self._columns().items() if has_words(c))
            self._refuse(
                f"[{table}] is no column with words of its own; those are {listed}.",
                self._line("values", ours),
            )
        if not isinstance(value, dict):
            self._refuse(
                f'[{table}] lists words, one a line: "your word" = "ours", ours being '
                f"{allowed(column)}.",
                self._line("values", ours),
            )
        meant = {word: self._meaning(table, word, m, column) for word, m in value.items()}
        found: dict[str, str] = {}
        for word, meaning in ((w, m) for w, m in meant.items() if m):
            if found.setdefault(folded(word), meaning) != meaning:
                self._refuse(
                    f"[{table}] gives {word!r} two meanings, {found[folded(word)]} and {meaning} "
                    "(capitals make no difference).",
                    self._line(table, word),
                )
        return found

    def _meaning(self, table: str, key: str, value: object, column: Field | None = None) -> str:
        """One of our words; empty where the user has not decided yet."""
        field = column or self._columns()[key]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if not isinstance(value, str | bool | int | float):
            self._refuse(f"[{table}] {key!r} is one word in quotes.", self._line(table, key))
        if not text:
            return ""
        if words := words_of(field):
            return self._choose(table, key, f"[{table}] {key!r} has no meaning", words, text)
        pattern = {"currency": CURRENCY, "rating": RATING}.get(field.type)
        if pattern and not pattern.fullmatch(text):
            self._refuse(
                f"[{table}] {key!r} is {allowed(field)}; found {text!r}.", self._line(table, key)
            )
        return text

    def _choice(self, key: str, choices: tuple[str, ...]) -> str | None:
        if key not in self._table:
            return None
        return self._choose("", key, f"{key} cannot be", choices, str(self._table[key]))

    def _list(self, key: str) -> tuple[str, ...]:
        found = self._table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self._refuse(f'{key} is a list: {key} = ["...", "..."].', self._line("", key))
        return tuple(dict.fromkeys(each.strip() for each in found))

    def _choose(
        self, table: str, key: str, about: str, choices: tuple[str, ...], value: str | None = None
    ) -> str:
        place = self._place(self._line(table, key))
        return check_choice(f"{place} {about}", key if value is None else value, choices)

    def _refuse_what_contradicts(self, mapping: Mapping) -> None:
        for ours in mapping.constants:
            if ours in mapping.columns:
                self._refuse(
                    f"{ours} stands in [columns] and in [constants]; keep one.",
                    self._line("constants", ours),
                )
        for ours, theirs in mapping.columns.items():
            if theirs in mapping.ignored:
                self._refuse(
                    f"[columns] {ours} reads {theirs!r}, which is ignored; keep one.",
                    self._line("columns", ours),
                )
        for ours in mapping.words:
            if ours not in mapping.columns:
                self._refuse(
                    f"[values.{ours}] tells words of a column that [columns] does not name.",
                    self._line("values", ours),
                )

    def _refuse_what_is_missing(self, mapping: Mapping) -> None:
        named = mapping.columns.keys() | mapping.constants.keys()
        needed = {c.name for c in self._export.fields if c.required} | set(self._export.signature)
        missing = [
            c.header for c in self._export.fields
            if c.name in needed and c.type != "time" and c.header not in named
        ]  # fmt: skip
        if missing:
            can_be_said = [name for name in missing if name not in ("claim_id", "outcome")]
            also = f" ({', '.join(can_be_said)} also in [constants])" if can_be_said else ""
            self._refuse(
                f"does not say which columns are {' and '.join(missing)}; add them to "
                f"[columns]{also}.",
                None,
            )

    def _refuse(self, reason: str, line: int | None) -> NoReturn:
        raise ParameterError(f"{self._place(line)} {reason}")

    def _place(self, line: int | None) -> str:
        return f"{self._path}:" if line is None else f"{self._path}, line {line}:"

    def _line(self, table: str, key: str) -> int | None:
        """The line of a key, or of the header of a table; None where it is written otherwise."""
        header = ""
        for number, line in enumerate(self._text.split("\n"), 1):
            if line.lstrip().startswith("["):
                header = _table_name(line)
                if header == f"{table}.{key}".lstrip("."):
                    return number
            elif header == table and key in _keys_of(line):
                return number
        return None


def _table_name(line: str) -> str:
    return ".".join(_path_of(_toml(line)))


def _path_of(table: dict[str, Any]) -> list[str]:
    return [key for name, inner in table.items() for key in [name, *_path_of(inner)]]


def _keys_of(line: str) -> Iterable[str]:
    return _toml(line).keys() if "=" in line else ()


def _toml(line: str) -> dict[str, Any]:
    try:
        return tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        key = re.match(r"\s*([\w-]+)\s*=\s*[\[{\"']", line)  # a value that goes on below
        return {key[1]: None} if key else {}
    except RecursionError:
        return {}


def named_apart(header: Iterable[str]) -> tuple[str, ...]:
    """The names of a header; nameless ones, and such as stand twice, with their place.

    Examples
    --------
    >>> named_apart(["Ref", "Status", "", "Status"])
    ('Ref', 'Status (column 2)', '(column 3)', 'Status (column 4)')
    """
    names = [name.strip() for name in header]
    return tuple(
        f"{name} (column {place})".strip() if not name or names.count(name) > 1 else name
        for place, name in enumerate(names, 1)
    )


def toml_text(value: str) -> str:
    r"""A text as TOML writes it.

    Examples
    --------
    >>> print(toml_text('5" \\ "box"'))
    "5\" \\ \"box\""
    """
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def same_name(theirs: str, name: str) -> bool:
    """Whether two header names differ by case and signs at most."""
    plain = normal_name(theirs)
    return bool(plain) and plain == normal_name(name)
