"""The verdict on a reading: right, flagged, refused, silently wrong, or another well-formed file.

right
    Every row that the file holds came out, equal cell for cell, and nothing else.
flagged
    No wrong row came out, and each row that is lacking was reported, or what is in doubt was said.
refused
    An error, and nothing came out.
silently wrong
    A row came out that the file does not have (shifted, merged, split, changed, or one of no row),
    or a row is lacking of which nothing was said.
other
    An edit left a file that the strict grammar takes, with other cells, and the reading is just
    that file: no reader can know that it was damaged.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Sequence
from enum import StrEnum
from typing import Any

from benchmarks.robustness.books import EXTRA, Edited, Held, Loading, Truth
from benchmarks.robustness.case import Case
from benchmarks.robustness.grammar import LINE_END, Cells, rows_if_well_formed
from benchmarks.robustness.readings import Reading
from claimstats.loaders.asides import JOINED_TWICE


class Verdict(StrEnum):
    """How a reading is judged."""

    RIGHT = "right"
    FLAGGED = "flagged"
    REFUSED = "refused clearly"
    SILENT = "silently wrong"
    OTHER = "another well-formed file"


TOLD_TWICE = re.compile(r"(\d+) " + re.escape(JOINED_TWICE).replace("rows", "rows?", 1))
CUT_SHORT = ("truncated file", "UTF-8 cut in a character")
NO_VALUE = (None, "unknown", "other")
"""What a mapping makes of a word that it does not know."""


def judge_plain(case: Case, reading: Reading) -> Verdict:
    """Judge the table of a plain reader, by the names of its columns."""
    if reading.error is not None:
        return Verdict.REFUSED
    expected = Counter(case.table.rows[row] for row in case.present)
    found = Counter(_by_name(reading, case.table.header))
    if case.must_be_refused or found - expected:
        return Verdict.OTHER if _is_other_file(case, reading) else Verdict.SILENT
    if found == expected:
        return Verdict.RIGHT
    return Verdict.FLAGGED if reading.warned else Verdict.SILENT


def _by_name(reading: Reading, names: Cells) -> list[Cells]:
    """The rows with their cells in the order of `names`; as they came where a name is lacking."""
    if not set(names) <= set(reading.header):
        return list(reading.rows)
    places = [reading.header.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in reading.rows]


def _is_other_file(case: Case, reading: Reading) -> bool:
    told = _told_by_edit(case)
    return told is not None and [reading.header, *reading.rows] == told


def _told_by_edit(case: Case) -> list[Cells] | None:
    """The header and rows of an edited file that the grammar takes; None for any other case."""
    if not case.kind.startswith("edit"):
        return None
    return rows_if_well_formed(case.body, case.table.delimiter)


def judge_book(case: Case, loading: Loading, truth: Truth) -> Verdict:
    """Judge what claimstats loaded, by the rows of the book and the ledger of what it rejected."""
    result = loading.result
    parts = (result.inserted, result.updated, result.unchanged, result.rejected, result.ignored)
    if result.read != sum(parts):
        raise AssertionError(f"{case.kind}, {case.detail}: the counts do not add up: {result}")
    if result.error is not None:
        return Verdict.REFUSED
    left_out = _columns_left_out(case, loading, truth)
    expected = {row: held for row in case.present if (held := truth.rows[row]) is not None}
    found = [_hashable(held, left_out) for _, held in loading.rows]
    due = {row: _hashable(held, left_out) for row, held in expected.items()}
    lacking, extra = _differences(due, found)
    if case.must_be_refused and not loading.rejected:
        return Verdict.FLAGGED if result.status == "empty" and not expected else Verdict.SILENT
    if extra:
        wrong = [held for _, held in loading.rows if _hashable(held, left_out) in extra]
        rows = [held for row, held in expected.items() if due[row] in lacking]
        is_said = _is_said_of_last_row(case, loading, wrong) or _lacks_what_another_row_tells(
            wrong, rows, loading
        )
        is_other = _is_other_book(case, wrong, rows)
        return Verdict.FLAGGED if is_said else Verdict.OTHER if is_other else Verdict.SILENT
    reported = Counter(due[row] for row in due if _is_reported(case, row, loading))
    silent = lacking - reported  # Of rows alike, those reported are the lacking ones.
    if silent.total() > _n_ignored_by_edit(case, loading, truth) + _n_told_twice(loading):
        return Verdict.SILENT
    return Verdict.FLAGGED if lacking or left_out else Verdict.RIGHT


def _columns_left_out(case: Case, loading: Loading, truth: Truth) -> frozenset[str]:
    """Columns that no row fills any more, when the notes say so.

    A changed header takes a column from the file, or the row that told a value of them all is gone.
    """
    notes = loading.result.notes
    renamed = not case.same_header and any("unknown columns" in note for note in notes)
    filled = {n for held in truth.rows if held for n, value in held.items() if value is not None}
    names = {n for n in filled if not n.startswith(EXTRA)}
    empty = {n for n in names if all(held[n] in NO_VALUE for _, held in loading.rows)}
    said = {n for n in empty if renamed or any(note.startswith(f"{n} with") for note in notes)}
    return frozenset(said | {EXTRA} if renamed else said)


def _hashable(held: Held, left_out: frozenset[str]) -> tuple[Hashable, ...]:
    """A row to be counted, without the columns left out; all of extra is one of them."""
    without_extra = EXTRA in left_out
    return tuple(
        f"{name}={value!r}"
        for name, value in sorted(held.items())
        if name not in left_out and not (without_extra and name.startswith(EXTRA))
    )


def _differences(
    expected: dict[int, Any], found: Sequence[Any]
) -> tuple[Counter[Any], Counter[Any]]:
    """What is lacking, and what came out beside the expected."""
    there, due = Counter(found), Counter(expected.values())
    return due - there, there - due


def _is_reported(case: Case, row: int, loading: Loading) -> bool:
    """Whether the record that the row's first line belongs to is among the rejected ones."""
    line = case.lines[row]
    assert line is not None
    starts = sorted({*(at for at, _ in loading.rows), *loading.rejected})
    place = bisect_right(starts, line) - 1
    return place >= 0 and starts[place] in set(loading.rejected)


def _n_ignored_by_edit(case: Case, loading: Loading, truth: Truth) -> int:
    """Records of an edited file that the ledger counts as ignored, blank lines aside.

    A row may come out of an edit as a record of another kind, which is not loaded but counted.
    """
    if not case.kind.startswith("edit"):
        return 0
    n_blank = sum(not line.strip() for line in LINE_END.split(case.text)[:-1])
    return max(0, loading.result.ignored - truth.n_ignored - n_blank)


def _n_told_twice(loading: Loading) -> int:
    """Rows that the notes say were told before by an export joined to the one of the row.

    Equal rows on both sides of a header in the middle are one row of two exports, or two of one:
    nobody can know, and it is said.
    """
    told = (TOLD_TWICE.search(note) for note in loading.result.notes)
    return sum(int(found[1]) for found in told if found)


def _is_said_of_last_row(case: Case, loading: Loading, wrong: list[Held]) -> bool:
    """Whether the one wrong row is the last, and the notes say that it may be cut short."""
    return (
        case.kind in CUT_SHORT
        and len(wrong) == 1
        and wrong[0] == loading.rows[-1][1]
        and any("cut short" in note for note in loading.result.notes)
    )


def _is_other_book(case: Case, wrong: list[Held], rows: list[Held]) -> bool:
    """Whether the wrong rows are what the edited file says: each cell that differs is its own."""
    told = _told_by_edit(case)
    if told is None or len(told) != len(case.table.rows) + 1:
        return False
    edited = [Edited(*pair) for pair in zip(case.table.rows, told[1:], strict=True)]
    changed = [pair for pair in edited if pair.before != pair.after]
    return len(wrong) <= len(changed) and all(
        any(_says(pair, held, row) for pair in changed for row in rows) for held in wrong
    )


def _says(edited: Edited, held: Held, row: Held) -> bool:
    return all(
        held.get(name) in NO_VALUE or edited.tells(row.get(name), held.get(name))
        for name in {*held, *row}
        if held.get(name) != row.get(name)
    )


def _lacks_what_another_row_tells(wrong: list[Held], rows: list[Held], loading: Loading) -> bool:
    """Whether wrong rows differ in unknown values only, and one that could tell is rejected."""
    return bool(loading.rejected) and all(
        any(
            all(value is None or value == row.get(name) for name, value in held.items())
            for row in rows
        )
        for held in wrong
    )
