"""Any bytes at all: a load ends with success or one clear sentence, and the book stays whole.

CLAIMSTATS_FUZZ=20000 mutates as XX
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimstats.loaders import EXPORTS, FileResult, load
from claimstats.loaders.spec import Export
from claimstats.session import ClaimBook

FIXTURES = sorted(
    path for path in (Path(__file__).parent / "fixtures").iterdir() if path.name != "README.md"
)
SEED = 3
N_MUTATIONS = int(os.environ.get("CLAIMSTATS_FUZZ", 110))
N_EXAMPLES = max(20, N_MUTATIONS // 6)
MOST_MEMORY = 700 << 20
"""Bytes that a process may take which loads a monster: an empty book takes about 150 MB."""

STATES = {"loaded", "already_loaded", "empty", "refused"}
SIGNS = (
    b"\t",
    b",",
    b";",
    b'"',
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"-",
    b"1",
)

search = settings(
    max_examples=N_EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

Mutation = Callable[[bytes, bytes, Random], bytes]


def flip(data: bytes, _: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def cut(data: bytes, _: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def drop(data: bytes, _: bytes, chance: Random) -> bytes:
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:start] + data[end:]


def double(data: bytes, _: bytes, chance: Random) -> bytes:
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:end] + data[start:]


def splice(data: bytes, other: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def put(data: bytes, _: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(SIGNS) * chance.choice((1, 1, 2, 300)) + data[at:]


def pack(data: bytes, other: bytes, chance: Random) -> bytes:
    return chance.choice((flip, cut, drop, double))(gzip.compress(data, mtime=0), other, chance)


MUTATIONS: tuple[Mutation, ...] = (flip, cut, drop, double, splice, put, pack)


def mutants(path: Path) -> Iterator[bytes]:
    """Mutants of one file without end, each of up to four mutations; the same in every run."""
    chance = Random(f"{SEED} {path.name}")
    others = [other.read_bytes() for other in FIXTURES]
    while True:
        data = path.read_bytes()
        for _ in range(chance.randint(1, 4)):
            data = chance.choice(MUTATIONS)(data or b"x", chance.choice(others), chance)
        yield data


def assert_sound(book: ClaimBook, path: Path) -> list[FileResult]:
    """Load a file and hold the book to the laws, whatever the file is."""
    results = list(load(book, [path]))
    assert results
    for result in results:
        assert result.status in STATES
        assert (result.error is not None) == (result.status == "refused")
        parts = (result.inserted, result.updated, result.unchanged, result.rejected, result.ignored)
        assert min(parts) >= 0
        assert result.read == sum(parts)
        assert "Traceback" not in (result.error or "")
    n_rejected = sum(result.rejected for result in results if result.status == "loaded")
    assert book.value("SELECT count(*) FROM rejected_rows") == n_rejected
    assert book.value("SELECT count(*) FROM claims") >= 0
    return results


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_well_formed_fixture_is_loaded_whole_as_what_its_name_says(
    book: ClaimBook, path: Path
) -> None:
    (result,) = assert_sound(book, path)
    assert (result.format, result.status, result.rejected) == (
        path.stem.removesuffix("-plain"),
        "loaded",
        0,
    )


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_mutants_are_loaded_or_refused_and_the_book_stays_whole(
    emptied: Callable[[], ClaimBook], path: Path, tmp_path: Path
) -> None:
    n = -(-N_MUTATIONS // len(FIXTURES))
    for number, data in enumerate(islice(mutants(path), n)):
        mutant = tmp_path / f"{number}{path.suffix}"
        mutant.write_bytes(data)
        assert_sound(emptied(), mutant)


@search
@given(data=st.binary(max_size=2_000))
def test_any_bytes_are_loaded_or_refused(
    emptied: Callable[[], ClaimBook], tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "bytes.csv"
    path.write_bytes(data)
    assert_sound(emptied(), path)


@search
@given(
    export=st.sampled_from(EXPORTS),
    delimiter=st.sampled_from("\t,;"),
    rows=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), max_size=6),
    end=st.sampled_from(["\n", "\r", "\r\n"]),
)
def test_any_text_under_a_known_header_is_loaded_or_refused(
    emptied: Callable[[], ClaimBook],
    tmp_path: Path,
    export: Export,
    delimiter: str,
    rows: list[str],
    end: str,
) -> None:
    names = [column.header for column in export.fields]
    path = tmp_path / "text.csv"
    path.write_bytes(end.join([delimiter.join(names), *rows, ""]).encode())
    (result,) = assert_sound(emptied(), path)
    assert result.status == "refused" or result.format is not None


cell = st.one_of(
    st.just(""),
    st.text(st.characters(exclude_characters="\t\r\n\0", exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ["113-1234567-1234567", "2026-05-08", "8-May-2026", "2026-13-45T99:99:99Z", "12.50", "1,5",
         "1e9", "-0", "999999999999999", "NaN", "inf", "true", "USD", "amazon_safet", "10000000001"]
    ),
)  # fmt: skip


@search
@given(data=st.data())
def test_any_cells_in_well_formed_rows_are_loaded_or_rejected_one_by_one(
    emptied: Callable[[], ClaimBook], tmp_path: Path, data: st.DataObject
) -> None:
    export = data.draw(st.sampled_from(EXPORTS))
    names = [column.header for column in export.fields]
    rows = data.draw(st.lists(st.lists(cell, min_size=len(names), max_size=len(names)), max_size=4))
    path = tmp_path / "cells.txt"
    path.write_text("".join("\t".join(row) + "\n" for row in [names, *rows]), newline="")
    (result,) = assert_sound(emptied(), path)
    if result.status == "loaded":
        assert result.read == len(rows)


N_BOMB = 80
"""Megabytes, above the size from which the loader looks at how much a file grows."""
HEADER = b"claim_id,program,outcome,filed_at,note\n"
ROW = b"C1,other,pending,2026-05-08,n\n"


def one_line(path: Path) -> None:
    """A line of a gigabyte, which packs to a hundredth; of 200 MB unless asked for more."""
    n_megabytes = 1024 if "CLAIMSTATS_FUZZ" in os.environ else 200
    part = os.urandom(1 << 12).hex().encode()
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(HEADER)
        for _ in range(n_megabytes):
            out.write(part * 128)


def zip_bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("claims.csv", "w") as out,
    ):
        for _ in range(N_BOMB):
            out.write(b"\n" * (1 << 20))


def gzip_bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as out:
        for _ in range(N_BOMB):
            out.write(b"\n" * (1 << 20))


def million_columns(path: Path) -> None:
    names = ",".join(f"column{number}" for number in range(1_000_000))
    path.write_bytes(HEADER.rstrip() + b"," + names.encode() + b"\n")


def million_nameless_columns(path: Path) -> None:
    marks = b"," * 1_000_000 + b"\n"
    path.write_bytes(HEADER.rstrip() + marks + ROW.rstrip() + marks)


MONSTERS: dict[Callable[[Path], None], str] = {
    one_line: "characters in one line",
    zip_bomb: "unpacks to more than",
    gzip_bomb: "unpacks to more than",
    million_columns: "characters in one line",
    million_nameless_columns: "columns",
}

# The peak of the resources' account would be that of the process which started this one, if higher.
LOAD_AND_MEASURE = """
import re, resource, sys
from pathlib import Path
import claimstats

def peak():
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) * 1024

with claimstats.connect() as book:
    (result,) = claimstats.loaders.load(book, sys.argv[1:])
    print(peak())
    print(result.error)
"""


@pytest.mark.parametrize("monster", MONSTERS, ids=lambda monster: monster.__name__)
def test_monster_is_refused_in_little_memory(
    monster: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "monster.csv"
    monster(path)
    done = subprocess.run(
        [sys.executable, "-c", LOAD_AND_MEASURE, path], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    peak, error = done.stdout.split("\n", 1)
    assert MONSTERS[monster] in error
    assert int(peak) < MOST_MEMORY
