from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

import claimstats
from claimstats.errors import FileRefused
from claimstats.loaders import Progress

TEXT = b"claim_id,program,outcome,filed_at\n" + b"".join(
    b"C%d,amazon_safet,denied,2026-05-08\n" % k for k in range(9)
)


def gzipped() -> bytes:
    return gzip.compress(TEXT, mtime=0)


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("claims.csv"), TEXT)
    return packed.getvalue()


@pytest.mark.parametrize("pack", [gzipped, zipped])
def test_archive_cut_short_anywhere_is_refused(pack: Callable[[], bytes], tmp_path: Path) -> None:
    packed = pack()
    path = tmp_path / "claims.csv.gz"
    with claimstats.connect() as book:
        for length in range(len(packed)):
            path.write_bytes(packed[:length])
            with pytest.raises(FileRefused):
                book.load(path)
        assert book.value("SELECT count(*) FROM source_files") == 0
        path.write_bytes(packed)
        assert book.load(path)[0].inserted == 9


def test_what_is_hashed_is_what_is_loaded_where_a_file_changes_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(TEXT)

    def overwrite(progress: Progress) -> None:
        path.write_bytes(TEXT.replace(b"denied", b"granted"))

    with claimstats.connect() as book:
        (result,) = book.load(path, progress=overwrite)
        assert result.read == result.inserted == 9
        assert book.value("SELECT sha256 FROM source_files") == sha256(TEXT).hexdigest()
        assert book.columns("SELECT DISTINCT outcome FROM claims") == {"outcome": ["denied"]}
        book.load(path)
        assert book.columns("SELECT DISTINCT outcome FROM claims") == {"outcome": ["granted_full"]}
